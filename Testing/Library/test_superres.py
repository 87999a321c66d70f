"""Super-resolution by the engine: geometry, consistency with the input, options, refusals, cancel."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from inference_cases import WrappedModel, make_volume
from make_bundle import make_tiny_bundle
from volume_cases import GRIDS

from GANEnhanceLib.errors import DeviceError, InputError, OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.finer.lattice import Lattice
from GANEnhanceLib.finer.resample import covered
from GANEnhanceLib.inference import EnhanceOptions, Share, blend_change, enhance, run
from GANEnhanceLib.inference import finer as finer_way
from GANEnhanceLib.models import NetworkModel, classical_model, list_models
from GANEnhanceLib.regions import BoxRegion, MaskRegion
from GANEnhanceLib.volume import Volume

ABLE = {
    "through_plane": {"factors": [1.5, 4], "profile": "gaussian"},
    "in_plane": {"factors": [1.5, 2], "profile": "kspace"},
}


def able_bundle(folder, kind="random", **fields):
    """Write a tiny bundle that refines."""
    return make_tiny_bundle(folder, kind, task="super-resolution", super_resolution=ABLE, **fields)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A network of random weights, which invents."""
    return NetworkModel(able_bundle(tmp_path_factory.mktemp("models") / "tiny-superres"))


@pytest.fixture(scope="module")
def keeps(tmp_path_factory):
    """A network that changes nothing."""
    return NetworkModel(able_bundle(tmp_path_factory.mktemp("models") / "tiny-spline", "identity"))


def smooth(shape, matrix=None, dtype=np.float32) -> Volume:
    """A noise-free volume of broad waves on a pedestal."""
    k, j, i = np.meshgrid(*[np.arange(size) / max(size, 4) for size in shape], indexing="ij")
    waves = 500 + 200 * np.sin(5 * k + 1) * np.cos(4 * j) + 150 * np.sin(6 * i)
    matrix = np.diag([1.0, 1.0, 3.0, 1.0]) if matrix is None else matrix
    return Volume(waves.astype(dtype), matrix, "MR", "waves")


def ask(volume, model, **options):
    """Run on one thread in float32."""
    more = {name: options.pop(name) for name in ("region", "keep", "crop") if name in options}
    asked = EnhanceOptions(**{"threads": 1, "precision": "float32", "output_type": "float32", **options})
    return run(volume, model, asked, **more)


def misfit_of(volume, result) -> float:
    """Largest difference between the input and the result as measured again, value units."""
    lattice = Lattice(volume.shape, result.volume.shape, {0: "gaussian", 1: "kspace", 2: "kspace"})
    return float(np.abs(lattice.sample(result.volume.voxels) - volume.voxels).max())


def test_without_options_voxels_become_cubes(model):
    """As far as the factors go: slices of 3 mm become 1 mm, of 9 mm no thinner than a quarter."""
    volume = smooth((5, 12, 11))
    result = ask(volume, model)
    assert result.volume.shape == (15, 12, 11)
    np.testing.assert_allclose(result.volume.spacing, (1, 1, 1))
    thicker = Volume(volume.voxels, np.diag([1.0, 1.0, 9.0, 1.0]), "MR")
    assert ask(thicker, model).volume.shape == (20, 12, 11)
    uneven = Volume(smooth((20, 12, 11)).voxels, np.diag([1.0, 1.0, 4.05, 1.0]), "MR")
    np.testing.assert_allclose(ask(uneven, model).volume.spacing, (1, 1, 1))


@pytest.mark.parametrize("name", ["oblique", "left-handed", "sagittal"])
@pytest.mark.parametrize(
    ("options", "shape"),
    [
        ({"scale": (1, 1, 2.5)}, (12, 7, 9)),
        ({"scale": (2, 2, 1)}, (5, 14, 18)),
        ({"scale": (2, 1, 3)}, (15, 7, 18)),
        ({"scale": (2, 2, 2)}, (10, 14, 18)),
    ],
    ids=["through", "in plane", "two axes", "all"],
)
def test_results_lie_where_their_input_lies(keeps, name, options, shape):
    """Corners are kept on any grid, and the network's turning of axes leaves each voxel at its place."""
    volume = smooth((5, 7, 9), GRIDS[name] if name != "sagittal" else GRIDS["oblique"][:, [2, 0, 1, 3]])
    if name == "sagittal":
        options = {"scale": tuple(reversed(options["scale"]))}
        volume = Volume(np.ascontiguousarray(volume.voxels.transpose(2, 1, 0)), GRIDS["sagittal"], "MR")
        volume = Volume(volume.voxels, volume.ijk_to_ras @ np.diag([3.0, 1.0, 1.0, 1.0]), "MR")
        shape = tuple(reversed(shape))
    result = ask(volume, keeps, **options)
    assert result.volume.shape == shape
    own = Grid.of(volume).refined(shape)
    np.testing.assert_allclose(result.volume.ijk_to_ras, own.matrix)
    # An identity network gives the spline, made to agree: never far from it, on smooth data.
    assert np.abs(result.volume.voxels - result.source.voxels).max() < 0.1 * np.ptp(volume.voxels)


@pytest.mark.parametrize("scale", [(1, 1, 3), (1, 1, 2.4), (2, 2, 1), (2, 2, 4)])
def test_what_was_invented_agrees_with_the_input(model, scale):
    """Measured again with the card's profiles, a random network's result is the input within its noise, and
    within slices, where detail reads as noise, within 0.4 of the estimate."""
    volume = smooth((6, 13, 11))
    result = ask(volume, model, scale=scale)
    told = result.finer["misfit"]
    share = 1.0 if scale[0] == 1 else 0.4
    assert misfit_of(volume, result) <= share * told["noise"] + 1e-2
    assert told["after"] <= told["before"] and told["after"] <= told["noise"] + 1e-3
    assert np.abs(result.volume.voxels - result.source.voxels).max() > 1  # it did invent


def test_noise_is_not_brought_back(keeps):
    """Misfit up to the noise of the input stays; a network that removes noise need not put it back."""
    rng = np.random.default_rng(0)
    clean = smooth((8, 40, 40))
    noisy = clean.with_voxels((clean.voxels + rng.normal(0, 20, clean.shape)).astype(np.float32))
    told = ask(noisy, keeps).finer["misfit"]
    assert 10 < told["noise"] < 30
    assert told["after"] <= told["noise"] + 1e-3


def test_a_constant_part_stays_constant(keeps):
    """Far from an edge a flat region is flat on the finer grid, at its own value."""
    voxels = np.full((12, 10, 10), 300.0, np.float32)
    voxels[10:] = 350.0
    result = ask(Volume(voxels, np.diag([1.0, 1.0, 3.0, 1.0]), "MR"), keeps)
    np.testing.assert_allclose(result.volume.voxels[:12], 300.0, atol=0.05)


def test_a_slope_stays_even_between_slices(keeps):
    """No stairs at the borders of thick slices: the steps of a slope are equal."""
    slope = np.broadcast_to(np.arange(16.0, dtype=np.float32)[:, None, None] * 30 + 10, (16, 9, 9))
    volume = Volume(np.ascontiguousarray(slope), np.diag([1.0, 1.0, 3.0, 1.0]), "MR")
    steps = np.diff(ask(volume, keeps).volume.voxels[15:-15, 4, 4])
    np.testing.assert_allclose(steps, 10, atol=0.2)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_network_sees_the_refined_axis_along_the_rows(tmp_path, dimensions, axis):
    """As in the training, whichever axis it is: there, interpolated noise is smoothest."""
    seen = []

    class Watching(torch.nn.Module):
        def __init__(self, network):
            super().__init__()
            self.network = network

        def forward(self, image):
            seen.append([float(image.diff(dim=dim).abs().mean()) for dim in (-2, -1)])
            return self.network(image)

    folder = make_tiny_bundle(
        tmp_path / "tiny", "identity", 1, dimensions, task="super-resolution", super_resolution=ABLE
    )
    spacing = [1.0, 1.0, 1.0]
    spacing[2 - axis] = 3.0
    noise = np.random.default_rng(0).uniform(100, 900, (16, 16, 16)).astype(np.float32)
    volume = Volume(noise, np.diag([*spacing, 1.0]), "MR")
    ask(volume, WrappedModel(folder, Watching), device="cpu")
    assert seen and all(rows < 0.7 * columns for rows, columns in seen)


def test_one_slice_is_refined_in_its_plane_only(model):
    """Through the plane there is nothing to learn from."""
    volume = smooth((1, 9, 11))
    assert ask(volume, model, scale=(2, 2, 1)).volume.shape == (1, 18, 22)
    with pytest.raises(OptionError, match="one slice along k"):
        ask(volume, model, scale=(1, 1, 3))


@pytest.mark.parametrize(
    ("options", "shape"),
    [({"spacing": 1.5}, (10, 8, 9)), ({"spacing": (1.0, 1.0, 1.2)}, (12, 8, 9))],
)
def test_a_spacing_is_reached_as_nearly_as_the_corners_allow(model, options, shape):
    """One number leaves axes that are as fine already; three are taken one by one."""
    assert ask(smooth((5, 8, 9)), model, **options).volume.shape == shape


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"scale": (1, 1, 6)}, "along k is 6, but .* 1 or 1.5 to 4"),
        ({"scale": (3, 3, 1)}, "along j is 3, but .* 1 or 1.5 to 2"),
        ({"scale": (1, 1, 0.5)}, "along k is 0.5"),
        ({"spacing": 0.25}, "along k is 12"),
        ({"spacing": (2, 2, 2)}, "along j is 0.5"),
        ({"scale": (1, 1, 1)}, "spacing is 1 x 1 x 3 mm, so nothing"),
        ({"axis": "k"}, "takes slices across the refined axes"),
        ({"scale": (1, 1, 2), "spacing": 1.0}, "only one"),
    ],
)
def test_requests_outside_are_refused_in_a_sentence(model, options, sentence):
    """With the allowed factors, before anything is computed."""
    with pytest.raises(OptionError, match=sentence):
        ask(smooth((5, 8, 9)), model, **options)


def test_models_that_keep_the_grid_refuse_a_finer_one(tmp_path):
    """A network and a filter alike."""
    plain = NetworkModel(make_tiny_bundle(tmp_path / "plain"))
    for model in (plain, classical_model("median")):
        with pytest.raises(OptionError, match="keeps the grid"):
            ask(make_volume((5, 8, 9)), model, scale=(1, 1, 2))


def test_like_gives_the_voxels_of_another_volume(model):
    """The own finer grid gives the same voxels as the factors do; a turned one that overlaps partly has the
    input's lowest value outside."""
    volume = smooth((8, 16, 15))
    direct = ask(volume, model)
    same = ask(volume, model, like=Grid.of(direct.volume))
    np.testing.assert_array_equal(same.volume.voxels, direct.volume.voxels)
    turn = np.array([[0.8, -0.6, 0, 4], [0.6, 0.8, 0, 3], [0, 0, 1, 10], [0, 0, 0, 1.0]])
    turned = ask(volume, model, like=Grid.make((20, 14, 13), turn))
    assert turned.volume.shape == (20, 14, 13)
    np.testing.assert_allclose(turned.volume.ijk_to_ras, turn)
    outside = turned.volume.voxels[-1]
    np.testing.assert_allclose(outside, volume.voxels.min())
    told = next(note for note in turned.notes if "outside of the input" in note)
    share = np.mean(~covered(Grid.of(volume), Grid.of(turned.volume)))
    assert told.startswith(f"{share:.1%} of the voxels") and 0 < share < 1
    place = np.linalg.solve(direct.volume.ijk_to_ras, turn @ [5, 6, 4, 1])[:3]
    near = direct.volume.voxels[tuple(np.rint(place[::-1]).astype(int))]
    assert abs(turned.volume.voxels[4, 6, 5] - near) < 0.1 * np.ptp(volume.voxels)


def test_like_far_away_is_refused(model):
    """No voxel in common."""
    far = np.eye(4)
    far[:3, 3] = 1000
    with pytest.raises(InputError, match="outside of the volume"):
        ask(smooth((5, 8, 9)), model, like=Grid.make((4, 4, 4), far))


def test_strength_fades_to_the_interpolated_input(model, tmp_path):
    """Strength 0 is the spline itself; a kept change gives any strength again, bit for bit."""
    volume = smooth((5, 9, 8))
    full = ask(volume, model, keep=tmp_path / "kept.f32")
    none = ask(volume, model, strength=0.0)
    np.testing.assert_array_equal(none.volume.voxels, none.source.voxels)
    half = ask(volume, model, strength=0.5)
    steps = blend_change(full.source.voxels, full.volume.voxels.dtype, full.change, Share(0.5))
    try:
        while True:
            next(steps)
    except StopIteration as stop:
        np.testing.assert_array_equal(stop.value, half.volume.voxels)


def test_regions_and_rois_become_finer_too(model):
    """Inside they hold the voxels of the whole run, outside those of the interpolation."""
    volume = smooth((6, 10, 12))
    whole = ask(volume, model)
    mask = np.zeros(volume.shape, np.uint8)
    mask[2:4, 3:7, 2:9] = 1
    box = BoxRegion(volume.shape, volume.ijk_to_ras, (5, 4.5, 7.5), np.eye(3), (7, 4, 6))
    wanted = np.zeros(whole.volume.shape, bool)
    wanted[6:12, 3:7, 2:9] = True
    for more in (
        {"roi": ((2, 9), (3, 7), (2, 4))},
        {"region": MaskRegion(mask, volume.ijk_to_ras)},
        {"region": box},
    ):
        part = ask(volume, model, **more)
        np.testing.assert_allclose(part.volume.voxels[wanted], whole.volume.voxels[wanted], rtol=1e-5)
        np.testing.assert_array_equal(part.volume.voxels[~wanted], part.source.voxels[~wanted])


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_slice_alone_is_that_of_the_whole(model, axis):
    """A preview: the fine slice nearest to the middle of the input's slice, at its place."""
    volume = smooth((6, 10, 12))
    whole = ask(volume, model)
    roi = [[0, size] for size in reversed(volume.shape)]
    roi[2 - axis] = [3, 4]
    part = ask(volume, model, roi=tuple(map(tuple, roi)), crop=True)
    index = 10 if axis == 0 else 3
    assert part.volume.shape[axis] == 1
    expected = np.take(whole.volume.voxels, [index], axis)
    np.testing.assert_allclose(part.volume.voxels, expected, rtol=1e-5)


def test_whole_numbers_are_rounded(model):
    """An integer input gives integers, half a unit from the floats; also outside of a region."""
    volume = smooth((5, 9, 8), dtype=np.int16)
    floats = ask(volume, model).volume.voxels
    for roi in (None, ((0, 4), (0, 4), (0, 5))):
        whole = ask(volume, model, output_type="input", roi=roi).volume.voxels
        assert whole.dtype == np.int16
        expected = floats if roi is None else ask(volume, model, roi=roi).volume.voxels
        assert np.abs(whole - expected).max() <= 0.5 + 1e-3


def test_what_was_asked_is_told(model):
    """Provenance holds the wish and what came of it."""
    result = ask(smooth((5, 8, 9)), model, spacing=1.0)
    record = result.provenance
    assert record["options"]["spacing"] == 1.0 and record["options"]["scale"] is None
    assert record["finer"]["factors"] == [1.0, 1.0, 3.0]
    assert record["finer"]["profiles"] == {"k": "gaussian"}
    assert record["input"]["shape"] == [5, 8, 9]


def test_too_little_memory_is_said_before(model, monkeypatch):
    """Nothing is interpolated where it cannot end well."""
    monkeypatch.setattr(finer_way, "available_memory_mib", lambda: 0.01)
    with pytest.raises(DeviceError, match="finer grid of 9 x 8 x 15 voxels needs about"):
        ask(smooth((5, 8, 9)), model)


def test_a_run_is_cancelled_between_and_within_passes(model, tmp_path):
    """Closing the generator at any step ends it and leaves no kept change behind."""
    volume, kept = smooth((6, 10, 12)), tmp_path / "kept.f32"
    count = sum(1 for _ in enhance(volume, model, EnhanceOptions(threads=1)))
    for stop in range(1, count, 5):
        steps = enhance(volume, model, EnhanceOptions(threads=1), keep=kept)
        for _ in range(stop):
            next(steps)
        steps.close()
        assert not kept.exists()


def test_the_list_says_which_grids_a_model_makes(model):
    """For a panel that offers them."""
    entries = {entry.name: entry for entry in list_models([model.folder])}
    told = entries["tiny-superres"].to_dict()["super_resolution"]
    assert list(told["through_plane"]["factors"]) == [1.5, 4.0]
    assert told["in_plane"]["profile"] == "kspace"
    assert entries["median"].super_resolution is None
