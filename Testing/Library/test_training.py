"""The training: configuration, patches, objectives, steps that learn, exact resume, export, reserved data."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch

import GANEnhanceLib.training
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.models import load_model
from GANEnhanceLib.training.config import DataConfig, DegradationConfig, StageConfig, load_config
from GANEnhanceLib.training.export import export
from GANEnhanceLib.training.loop import TrainingRun
from GANEnhanceLib.training.objectives import (
    charbonnier,
    least_squares_discriminator,
    least_squares_generator,
    noise_weights,
)
from GANEnhanceLib.training.sampler import CleanVolume, PatchSampler
from GANEnhanceLib.training.sources import SOURCES, fetch, refuse_reserved
from GANEnhanceLib.training.validation import ValidationSet
from GANEnhanceLib.volume import Volume

RECIPE = Path(GANEnhanceLib.training.__file__).parent / "recipes" / "mr-denoise.yaml"
TINY = {"architecture": "residual-unshuffle", "channels_in": 5, "channels": 8, "blocks": 1}


@pytest.fixture(autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def phantom(shape=(24, 48, 40)) -> np.ndarray:
    """Return nested ellipsoids of four tissues under a shading, uint8."""
    k, j, i = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape), indexing="ij")
    radius = np.sqrt(k**2 + (1.1 * j) ** 2 + (1.3 * i) ** 2)
    tissue = np.select([radius < 0.3, radius < 0.55, radius < 0.8, radius < 0.95], [60, 200, 120, 230])
    return (tissue * (1.0 - 0.1 * i)).clip(0, 255).astype(np.uint8)


def config(steps=(20, 10), **changes):
    stages = (
        StageConfig("fidelity", steps[0], learning_rate=3e-3, warm_up=5, ema=0.9),
        StageConfig("perceptual", steps[1], learning_rate=1e-4, adversarial_weight=0.5, ema=0.9),
    )
    values = {
        "generator": TINY,
        "discriminator": {"architecture": "patch-discriminator", "channels": 8},
        "data": DataConfig(train=("phantom",), patch=16, batch=4),
        "stages": stages,
        "precision": "float32",
        "checkpoint_every": 5,
    }
    return dataclasses.replace(load_config(RECIPE), **{**values, **changes})


def sampler(settings, seed=1):
    volume = CleanVolume.from_volume(Volume(phantom(), np.eye(4)), "MR")
    return PatchSampler([volume], settings.data, settings.degradation, seed)


def test_the_shipped_recipe_is_valid_and_trains_on_nothing_kept_for_validation():
    recipe = load_config(RECIPE)
    stages = [stage.name for stage in recipe.stages]
    assert stages == ["start", "coarse", "balanced", "fidelity", "perceptual"]
    assert {SOURCES[name].use for name in recipe.data.train} == {"train"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("precison: float32", "unknown key 'precison'"),
        ("precision: float8", "precision is 'float8', allowed are"),
        ("seed: one", "seed is 'one', expected a value of type int"),
        ("stages: []", "stages is empty"),
        ("data: {train: [colin27], slices: 4}", "slices is 4, allowed are odd"),
        ("data: {slices: 5}", "lacks the key 'train'"),
    ],
)
def test_a_wrong_configuration_is_refused_before_anything_starts(tmp_path, change, sentence):
    key = change.split(":")[0]
    import yaml

    values = yaml.safe_load(RECIPE.read_text())
    values |= yaml.safe_load(change)
    path = tmp_path / f"{key}.yaml"
    path.write_text(yaml.safe_dump(values))
    with pytest.raises(OptionError, match=sentence):
        load_config(path)


@pytest.mark.parametrize("name", ["inia19-t1-brain.nii.gz", "brain_003.dcm", "t1_coronal_slice.npy"])
def test_a_reserved_image_is_refused_by_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(InputError, match="reserved for independent evaluation"):
        refuse_reserved(tmp_path / name)


def test_a_reserved_image_is_refused_by_content_under_another_name(tmp_path, monkeypatch):
    import hashlib

    from GANEnhanceLib.training import sources

    (tmp_path / "harmless.nii").write_bytes(b"reserved content")
    digest = hashlib.sha256(b"reserved content").hexdigest()
    monkeypatch.setattr(sources, "RESERVED_HASHES", sources.RESERVED_HASHES | {digest})
    with pytest.raises(InputError, match="reserved"):
        refuse_reserved(tmp_path / "harmless.nii")


def test_no_source_is_reserved():
    from GANEnhanceLib.training.sources import RESERVED_HASHES, RESERVED_NAMES

    for source in SOURCES.values():
        assert source.sha256 not in RESERVED_HASHES
        assert not any(part.lower() in source.member.lower() for part in RESERVED_NAMES)


def test_a_fetched_file_with_another_content_is_refused(tmp_path):
    (tmp_path / "colin27.nii.gz").write_bytes(b"half a file")
    with pytest.raises(InputError, match="has the sha256"):
        fetch("colin27", tmp_path)


def test_an_unknown_source_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(OptionError, match="'colin28' is unknown; known are colin27"):
        fetch("colin28", tmp_path)


def test_patches_have_the_shape_and_range_that_the_network_expects():
    settings = config()
    noisy, clean = next(sampler(settings))
    assert noisy.shape == (4, 5, 16, 16)
    assert clean.shape == (4, 1, 16, 16)
    assert noisy.dtype == clean.dtype == np.float32
    assert clean.min() >= 0 and clean.max() < 2.0


def test_the_noise_of_the_patches_spans_the_levels_of_the_recipe():
    quiet = DegradationConfig(percent_low=5, percent_high=5.001, correlated_share=0, varying_share=0)
    settings = config(degradation=quiet)
    differences = [np.median(np.abs(n[:, 2] - c[:, 0])[c[:, 0] > 0.3]) for n, c in _batches(settings, 30)]
    assert np.mean(differences) / 0.6745 == pytest.approx(0.05, rel=0.1)


def _batches(settings, count):
    draws = sampler(settings)
    return [next(draws) for _ in range(count)]


def test_a_restored_sampler_draws_the_same_patches():
    settings = config()
    first = sampler(settings)
    next(first)
    state = first.state()
    expected = next(first)
    second = sampler(settings, seed=99)
    second.restore(state)
    assert all(np.array_equal(a, b) for a, b in zip(expected, next(second), strict=True))


def test_charbonnier_is_the_closed_form():
    image, target = torch.tensor([[0.0], [0.3]]), torch.tensor([[0.0], [0.7]])
    expected = (0.01 + np.sqrt(0.16 + 1e-4)) / 2
    assert charbonnier(image, target, epsilon=0.01).item() == pytest.approx(expected, rel=1e-5)


def test_errors_count_relative_to_the_noise_of_their_image():
    clean = torch.zeros(2, 1, 4, 4)
    noisy = torch.tensor([0.03, 0.13]).reshape(2, 1, 1, 1).expand(2, 1, 4, 4)
    weights = noise_weights(noisy, clean, balance=0.02)
    assert weights.tolist() == pytest.approx([1.0, 0.05 / 0.15])
    losses = [charbonnier(noisy[i : i + 1], clean[i : i + 1]).item() for i in (0, 1)]
    expected = (losses[0] + losses[1] / 3) / 2
    assert charbonnier(noisy, clean, weights=weights).item() == pytest.approx(expected, rel=1e-5)


def test_least_squares_objectives_are_the_closed_form():
    real, fake = torch.tensor([0.5, 1.5]), torch.tensor([0.2])
    assert least_squares_discriminator(real, fake).item() == pytest.approx(0.5 * (0.25 + 0.04))
    assert least_squares_generator(fake).item() == pytest.approx(0.64)


def test_the_fidelity_stage_learns_to_denoise(tmp_path):
    settings = config(steps=(250, 1), degradation=DegradationConfig(correlated_share=0, varying_share=0))
    validation = ValidationSet({"phantom": Volume(phantom(), np.eye(4))}, percents=(8,), count=3)
    run = TrainingRun(settings, sampler(settings), tmp_path, validation)
    run.train()
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    gains = [line["phantom@8"] for line in log if "phantom@8" in line and line["stage"] == "fidelity"]
    assert gains[-1] > 1.0
    assert gains[-1] > gains[0]


def test_the_perceptual_stage_changes_the_generator_and_teaches_the_discriminator(tmp_path):
    settings = config(steps=(10, 200))
    fast = dataclasses.replace(settings.stages[1], discriminator_rate=2e-3)
    settings = dataclasses.replace(settings, stages=(settings.stages[0], fast))
    run = TrainingRun(settings, sampler(settings), tmp_path)
    weights = run.train()
    fidelity, perceptual = (torch.load(weights[name], weights_only=True) for name in weights)
    assert any(not torch.equal(fidelity[key], perceptual[key]) for key in fidelity)
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    judged = [line for line in log if line["stage"] == "perceptual" and "on_real" in line]
    assert judged[-1]["on_real"] > judged[-1]["on_fake"]


@pytest.mark.parametrize("stop", [7, 23])
def test_a_killed_run_goes_on_bit_for_bit(tmp_path, stop):
    settings = config()
    whole = TrainingRun(settings, sampler(settings), tmp_path / "whole").train()
    cut = sampler(settings)
    original, drawn = type(cut).__next__, 0

    class Stopping(PatchSampler):
        def __next__(self):
            nonlocal drawn
            drawn += 1
            if drawn > stop:
                raise KeyboardInterrupt
            return original(self)

    cut.__class__ = Stopping
    with pytest.raises(KeyboardInterrupt):
        TrainingRun(settings, cut, tmp_path / "cut").train()
    resumed = TrainingRun(settings, sampler(settings), tmp_path / "cut").train()
    for name, path in whole.items():
        expected, found = (torch.load(p, weights_only=True) for p in (path, resumed[name]))
        assert all(torch.equal(expected[key], found[key]) for key in expected), name


def test_a_loss_that_is_not_finite_stops_before_the_weights_are_touched():
    from GANEnhanceLib.networks import build_network
    from GANEnhanceLib.training.paired_step import PairedStep

    arguments = dict(TINY)
    generator = build_network(arguments.pop("architecture"), **arguments)
    step = PairedStep(generator, None, config().stages[0], "float32")
    before = {key: value.clone() for key, value in generator.state_dict().items()}
    with pytest.raises(FloatingPointError, match="not finite"):
        step.update(torch.full((1, 5, 8, 8), float("nan")), torch.zeros(1, 1, 8, 8))
    assert all(torch.equal(before[key], value) for key, value in generator.state_dict().items())


def test_an_exported_run_is_a_model_that_gives_the_voxels_of_its_trainer(tmp_path):
    from GANEnhanceLib.inference import EnhanceOptions, run

    weights = TrainingRun(config(), sampler(config()), tmp_path / "run").train()
    card = RECIPE.with_suffix(".card.json")
    model = load_model(export(config(), weights, card, tmp_path / "mr-denoise"))
    volume = Volume(phantom((5, 33, 28)), np.diag([-1.0, -1.0, 1.0, 1.0]), modality="MR")
    options = EnhanceOptions(device="openvino", precision="float32", axis="k", output_type="float32")
    found = run(volume, model, options)
    generator = TrainingRun(config(), sampler(config()), tmp_path / "other").generator
    generator.load_state_dict(torch.load(weights["fidelity"], weights_only=True))
    scaled = found.scaling.forward(volume.voxels)
    stack = np.pad(scaled[np.clip(2 + np.arange(-2, 3), 0, 4)], ((0, 0), (0, 1), (0, 0)), mode="edge")
    with torch.inference_mode():
        expected = generator(torch.from_numpy(stack)[None]).numpy()[0, 0, :33]
    # Far from the padded edge, where the engine may pad otherwise.
    inside = (2, slice(0, 16), slice(None))
    assert np.allclose(found.scaling.forward(found.volume.voxels)[inside], expected[:16], atol=1e-4)


def test_a_model_below_its_own_input_is_not_exported(tmp_path):
    weights = TrainingRun(config(steps=(1, 1)), sampler(config()), tmp_path / "run").train()
    bars = [{"bar": "never below its input, fidelity 1 (worst: x, 1 %)", "lead_db": -0.4, "held": False}]
    figures = tmp_path / "figures.json"
    figures.write_text(
        json.dumps({"bars": bars, "summary": [], "rows": [], "precision": {}, "fidelity_default": 1.0})
    )
    with pytest.raises(InputError, match="0.40 dB below its own input"):
        export(config(), weights, RECIPE.with_suffix(".card.json"), tmp_path / "bundle", figures)
    assert not (tmp_path / "bundle").exists()
