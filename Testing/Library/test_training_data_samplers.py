"""What samplers draw: pairs at one place, turned alike; channels; blocks; transforms; resumed exactly."""

from types import SimpleNamespace

import numpy as np
import pytest
import training_folders as folders

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.config.degradation import MRNoise
from GANEnhanceLib.training.data.degraded import make_degradation
from GANEnhanceLib.training.data.imitated import RealSampler, UnpairedSampler
from GANEnhanceLib.training.data.paired import PairedSampler
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.data.transform import PatchTransform, load_transform
from GANEnhanceLib.training.data.volumes import TrainingPair, TrainingVolume, channel_order

SHAPE = (20, 32, 28)
UNIT = FittedScaling("unit", 0.0, 1.0)
DIMENSIONS = ["2d", "2.5d", "3d"]


def patches(**changes) -> PatchConfig:
    return PatchConfig(**{"size": 16, "depth": 8, "slices": 3, "batch": 6, **changes})


def voxels(seed=0) -> np.ndarray:
    """Values in 0..1, each voxel different."""
    return np.random.default_rng(seed).permutation(np.prod(SHAPE)).reshape(SHAPE).astype(np.float32) / 2**15


def pairs(channels=1, **changes) -> PairedSampler:
    """Channels 1 - v, 2 - v, ... of the target v, so that a patch shows where it comes from."""
    target = voxels()
    inputs = tuple(channel + 1 - target for channel in range(channels))
    pair = TrainingPair(inputs, (UNIT,) * channels, target, UNIT)
    transform = changes.pop("transform", None)
    return PairedSampler([pair], patches(**changes), 1, transform)


def clean(transform=None, degraded=True, **changes) -> CleanSampler:
    noise = [make_degradation(MRNoise(kind="mr-noise"))] if degraded else []
    return CleanSampler([TrainingVolume(voxels(), "MR", UNIT)], patches(**changes), noise, 1, transform)


def unpaired(**changes) -> UnpairedSampler:
    a, b = (TrainingVolume(voxels(seed), "MR", UNIT) for seed in (0, 1))
    return UnpairedSampler([a], [b], patches(**changes), 1)


def real(**changes) -> RealSampler:
    return RealSampler([TrainingVolume(voxels(), "MR", UNIT)], patches(**changes), 1)


@pytest.mark.parametrize("dimensions", DIMENSIONS)
@pytest.mark.parametrize("coarse", [0.0, 1.0])
def test_channels_and_target_are_cut_and_turned_alike(dimensions, coarse):
    batch = next(pairs(2, dimensions=dimensions, coarse_share=coarse, size=8))
    given, target = batch["input"], batch["target"]
    if dimensions == "2.5d":
        assert given.shape == (6, 6, 8, 8)
        given = given[:, 2:4]
    assert np.allclose(given[:, :1], 1 - target, atol=1e-6)
    assert np.allclose(given[:, 1:], 2 - target, atol=1e-6)


@pytest.mark.parametrize(
    ("draw", "shapes"),
    [
        (lambda: pairs(2, dimensions="3d"), {"input": (6, 2, 8, 16, 16), "target": (6, 1, 8, 16, 16)}),
        (lambda: pairs(2, dimensions="2.5d"), {"input": (6, 6, 16, 16), "target": (6, 1, 16, 16)}),
        (lambda: clean(dimensions="3d"), {"input": (6, 1, 8, 16, 16), "target": (6, 1, 8, 16, 16)}),
        (lambda: clean(dimensions="2d"), {"input": (6, 1, 16, 16), "target": (6, 1, 16, 16)}),
        (lambda: unpaired(dimensions="3d"), {"a": (6, 1, 8, 16, 16), "b": (6, 1, 8, 16, 16)}),
        (lambda: real(), {"real": (6, 1, 16, 16)}),
    ],
)
def test_batches_have_the_shapes_that_networks_take(draw, shapes):
    batch = next(draw())
    assert {name: each.shape for name, each in batch.items()} == shapes
    assert all(each.dtype == np.float32 and np.isfinite(each).all() for each in batch.values())


def test_blocks_are_cut_from_the_volume_as_they_are():
    """Without turns, a block is found again in one of the three directions of the volume."""
    sampler = clean(degraded=False, dimensions="3d", flips=False, turns=False, batch=1)
    block = next(sampler)["target"][0, 0]
    found = False
    for axis in range(3):
        source = np.moveaxis(voxels(), axis, 0)
        k, j, i = (int(place[0]) for place in np.where(source == block[0, 0, 0]))
        found |= np.array_equal(source[k : k + 8, j : j + 16, i : i + 16], block)
    assert found


def test_blocks_are_degraded_and_their_targets_are_not():
    batch = next(clean(dimensions="3d"))
    assert np.abs(batch["input"] - batch["target"]).max() > 0.001
    assert set(np.unique(batch["target"])) <= set(np.unique(voxels()))


@pytest.mark.parametrize("percent", [1.0, 4.0, 12.0])
def test_pairs_in_units_of_noise_have_the_same_noise_at_all_levels(percent):
    flat = TrainingVolume(np.full((20, 64, 64), 0.6, np.float32), "MR", UNIT)
    level = {"percent_low": percent, "percent_high": percent, "varying_share": 0, "correlated_share": 0}
    noise = [make_degradation(MRNoise(kind="mr-noise", **level))]
    batch = next(CleanSampler([flat], patches(size=64, dimensions="2.5d"), noise, 1, noise=0.05))
    middle = batch["input"][:, 1] - batch["target"][:, 0]
    assert middle.std() == pytest.approx(0.05, rel=0.1)
    assert batch["target"].mean() == pytest.approx(0.6 * 0.05 / (percent / 100), rel=0.1)


def test_turns_and_flips_are_left_out_where_they_are_off():
    sampler = pairs(directions="acquisition", turns=False, flips=False)
    for target in next(sampler)["target"][:, 0]:
        k, j, i = (int(place[0]) for place in np.where(voxels() == target[0, 0]))
        assert np.array_equal(voxels()[k, j : j + 16, i : i + 16], target)


def test_all_turns_and_flips_are_drawn():
    sampler = pairs(directions="acquisition", batch=60)
    kinds = set()
    for target in next(sampler)["target"][:, 0]:
        places = [np.argwhere(voxels() == target[corner])[0][1:] for corner in ((0, 0), (0, -1), (-1, 0))]
        kinds.add((tuple(np.sign(places[1] - places[0])), tuple(np.sign(places[2] - places[0]))))
    assert len(kinds) == 8


@pytest.mark.parametrize("draw", [pairs, clean])
def test_patches_of_air_are_drawn_again(draw):
    sampler = draw(foreground=0.2, size=8, batch=200, directions="acquisition")
    half = voxels() + 0.3
    half[:, :, : SHAPE[2] // 2] = 0.0
    if draw is pairs:
        sampler.pairs[0] = TrainingPair((half,), (UNIT,), half, UNIT)
    else:
        sampler.volumes[0] = TrainingVolume(half, "MR", UNIT)
        sampler._axes = {id(sampler.volumes[0]): [0]}
    full = (next(sampler)["target"].mean(axis=(1, 2, 3)) > 0.2).mean()
    assert full > 0.97


def test_channels_are_dropped_as_often_as_asked_but_never_the_one_that_is_enhanced():
    sampler = pairs(3, channel_drop=0.3, batch=600)
    present = next(sampler)["input"].any(axis=(2, 3))
    assert present[:, 1].all(), "the middle channel is corrected"
    assert present[:, [0, 2]].mean() == pytest.approx(0.7, abs=0.04)
    assert not present[:, [0, 2]].any(axis=1).all(), "all others may be missing at once"


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["t1"], ("t1",)),
        (["t1", "t2"], ("t2", "t1")),
        (["t1", "t2", "pd"], ("t2", "t1", "pd")),
        (["t1", "a", "b", "c"], ("a", "b", "t1", "c")),
    ],
)
def test_the_first_channel_is_in_the_middle_where_networks_correct_it(names, order):
    assert channel_order(names) == order
    assert order[len(order) // 2] == names[0]


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_with_neighboring_slices_too(channels):
    sampler = pairs(channels, dimensions="2.5d")
    batch = next(sampler)
    middle = batch["input"][:, batch["input"].shape[1] // 2]
    assert np.allclose(middle, channels // 2 + 1 - batch["target"][:, 0], atol=1e-6)


@pytest.mark.parametrize(
    ("size", "depth", "dimensions", "sentence"),
    [
        (32, 8, "2d", "patches are 32 voxels wide, but the slices of .* are 32 x 28"),
        (16, 24, "3d", "blocks are 24 x 16 x 16 voxels large, but .* is 20 x 32 x 28"),
    ],
)
@pytest.mark.parametrize("draw", [pairs, clean, unpaired])
def test_a_patch_larger_than_the_volume_is_refused(draw, size, depth, dimensions, sentence):
    with pytest.raises(InputError, match=sentence):
        draw(size=size, depth=depth, dimensions=dimensions, directions="acquisition")


# Resuming


def monai_transform():
    from monai.transforms import Compose, RandAdjustContrastd, RandFlipd, RandGaussianNoised

    keys = ["input", "target"]
    return Compose(
        [
            RandFlipd(keys, prob=0.5, spatial_axis=0),
            RandAdjustContrastd(keys, prob=0.5),
            RandGaussianNoised("input", prob=0.7, std=0.1),
        ]
    )


def numpy_transform(pair, rng):
    return {**pair, "input": pair["input"] + rng.normal(0, 0.1, pair["input"].shape)}


@pytest.mark.parametrize(
    "draw",
    [
        *(lambda dimensions=each: pairs(2, dimensions=dimensions, channel_drop=0.3) for each in DIMENSIONS),
        *(lambda dimensions=each: clean(dimensions=dimensions, contrasts=0.5) for each in DIMENSIONS),
        unpaired,
        real,
        lambda: pairs(transform=monai_transform()),
        lambda: clean(transform=monai_transform()),
        lambda: clean(transform=numpy_transform),
    ],
)
def test_a_restored_sampler_goes_on_bit_for_bit(draw):
    first, second = draw(), draw()
    next(first)
    state = first.state()
    expected = [next(first) for _ in range(2)]
    for _ in range(3):
        next(second)
    second.restore(state)
    for wanted in expected:
        found = next(second)
        assert all(np.array_equal(wanted[name], found[name]) for name in wanted)


def test_a_stage_draws_as_it_wants_and_keeps_size_and_dimensions():
    sampler = pairs(2, dimensions="3d")
    sampler.begin_stage(SimpleNamespace(patches=PatchConfig(channel_drop=1.0, flips=False)))
    batch = next(sampler)
    assert batch["target"].shape == (6, 1, 8, 16, 16)
    assert (batch["input"].any(axis=(2, 3, 4)).sum(axis=1) == 1).all()
    sampler.begin_stage(SimpleNamespace(patches=None))
    assert next(sampler)["input"].any(axis=(2, 3, 4)).all()


# Transforms


def test_monai_transforms_are_applied_with_the_samplers_randomness():
    plain, changed = next(pairs()), next(pairs(transform=monai_transform()))
    other = pairs(transform=monai_transform())
    np.random.seed(3)  # of no influence
    assert np.array_equal(changed["input"], next(other)["input"])
    assert changed["input"].shape == plain["input"].shape
    assert not np.array_equal(changed["input"], plain["input"])


def test_each_patch_gets_another_seed():
    transform = PatchTransform(numpy_transform)
    rng = np.random.default_rng(0)
    pair = {"input": np.zeros((1, 4, 4), np.float32), "target": np.zeros((1, 4, 4), np.float32)}
    one, other = (transform.apply(pair, rng)["input"] for _ in range(2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda pair: pair["input"], "returned no 'input'"),
        (lambda pair: {"input": pair["input"]}, "returned no 'target'"),
        (
            lambda pair: {**pair, "target": pair["target"][:, ::2]},
            "made 'target' 1 x 8 x 16, but it was 1 x 16",
        ),
        (lambda pair: {**pair, "input": pair["input"] * np.nan}, "put NaN or infinity into 'input'"),
    ],
)
def test_a_wrong_transform_is_told(call, sentence):
    with pytest.raises(InputError, match=sentence):
        next(pairs(transform=call))


def test_a_transform_of_the_current_folder_is_found(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = 'def double(pair):\n    return {**pair, "input": 2 * pair["input"]}\n\nnothing = 3\n'
    (tmp_path / "transforms_of_mine.py").write_text(code)
    call = load_transform("transforms_of_mine:double")
    plain, doubled = next(pairs(batch=1)), next(pairs(batch=1, transform=call))
    assert np.allclose(doubled["input"], 2 * plain["input"])
    with pytest.raises(OptionError, match="has no such name"):
        load_transform("transforms_of_mine:triple")
    with pytest.raises(OptionError, match="cannot be called"):
        load_transform("transforms_of_mine:nothing")
    with pytest.raises(OptionError, match="cannot be imported: ModuleNotFoundError"):
        load_transform("transforms_of_nobody:double")


def test_a_transform_that_is_not_named_as_module_and_name_is_refused(tmp_path):
    with pytest.raises(OptionError, match=r"data.*transform"):
        folders.config(folders.clean(tmp_path, transform="double"))


def test_drawing_costs_little_beside_a_step():
    """The bar is 1 % (Testing/bench/train_data.py); here, on a busy machine, a wider one."""
    import importlib.util
    from pathlib import Path

    path = Path(__file__).parents[1] / "bench/train_data.py"
    spec = importlib.util.spec_from_file_location("train_data", path)
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    figures = bench.measure(rounds=1, threads=1)
    assert max(figures["samplers"].values()) < 0.03 * figures["step"]
