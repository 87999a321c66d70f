"""The stage that learns how far a generator may be wrong: its loss, its calibration, and that it resumes."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
import training_cases as cases
import training_folders as folders
import yaml
from scipy import ndimage

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.inference import EnhanceOptions
from GANEnhanceLib.inference import run as enhance
from GANEnhanceLib.models import load_model, verify_bundle
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.networks.doubt import DoubtEstimator, WithDoubt, generator_state
from GANEnhanceLib.training.calibration import calibrate, find_factor, is_clean
from GANEnhanceLib.training.card import make_card, super_resolution_of
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.export import ExportOptions, export_run
from GANEnhanceLib.training.finetune import load_finetune_config, read_start
from GANEnhanceLib.training.loop.checkpoints import write_state
from GANEnhanceLib.training.loop.folder import RunFolder
from GANEnhanceLib.training.loop.run import TrainingRun
from GANEnhanceLib.training.objectives.quantile import error_pinball, pinball
from GANEnhanceLib.training.start import start_run
from GANEnhanceLib.training.validation.cases import make_cases
from GANEnhanceLib.training.validation.judge import judge_of_volumes
from GANEnhanceLib.training.validation.module_model import ModuleModel
from GANEnhanceLib.training.validation.trials import make_trials
from GANEnhanceLib.volume import Volume

DOUBT = {"steps": 12, "channels": 8}


pytestmark = pytest.mark.usefixtures("one_thread")


def train(settings, folder, voxels=None):
    volumes = [cases.held_out(settings, voxels=voxels)]
    judge = judge_of_volumes(settings, volumes)
    run = TrainingRun(settings, cases.sampler(settings), folder, judge)
    assert run.train(resume=True)
    return run


def weights(run, stage):
    return torch.load(run.folder.stage_weights(stage), weights_only=True)


def test_the_pinball_loss_is_its_closed_form_and_least_at_the_quantile():
    value = torch.tensor([0.0, 1.0, 3.0])
    assert float(pinball(value, torch.ones(3), 0.9)) == pytest.approx((0.1 * 1 + 0 + 0.9 * 2) / 3)
    drawn = torch.from_numpy(np.abs(np.random.default_rng(0).normal(size=20_000))).float()
    guesses = torch.linspace(1.0, 2.5, 151)
    for loss in (pinball, error_pinball):
        losses = [float(loss(drawn, guess.expand_as(drawn), 0.9)) for guess in guesses]
        # The 90 % quantile of |N(0, 1)| is 1.645.
        assert float(guesses[int(np.argmin(losses))]) == pytest.approx(1.645, abs=0.03)


def test_the_factor_puts_nine_in_ten_errors_below_and_counts_each_case_alike():
    rng = np.random.default_rng(1)
    ratios = np.abs(rng.normal(size=50_000))
    assert find_factor([ratios]) == pytest.approx(1.645, abs=0.03)
    factor = find_factor([rng.uniform(0, 1, 1000), rng.uniform(0, 2, 100_000)])
    assert (np.mean([min(factor, 1.0), factor / 2])) == pytest.approx(0.9, abs=0.01)


def test_the_share_of_errors_below_the_doubt_of_an_unseen_volume_is_near_nine_in_ten(tmp_path):
    """The shipped generator, behind which some seconds of learning on a phantom must do."""
    model = load_model("mr-denoise")
    network = model.card.network.arguments
    settings = cases.config(
        precision="float32",
        degradations=[{"kind": "mr-noise", "correlated_share": 0, "varying_share": 0, "percent_low": 1}],
        validation={"levels": [2, 5, 9], "slices": 3, "metrics": ["psnr"], "classical": "none"},
        networks={
            "generator": {"architecture": network["architecture"], "arguments": network["arguments"]},
            "discriminator": {"architecture": "patch-discriminator"},
        },
        stages=cases.values()["stages"][:1],
        doubt={"steps": 120, "channels": 8, "optimizer": {"learning_rate": 5e-3, "plan": "cosine"}},
    )
    own = generator_state(model.weights("fidelity"))
    state = {key: torch.from_numpy(np.array(each)) for key, each in own.items()}
    write_state(state, RunFolder(tmp_path).stage_weights("fidelity"))
    unseen = ndimage.zoom(cases.phantom()[:, ::-1], (1, 0.9, 1.2), order=1)
    run = train(settings, tmp_path, unseen)
    figures = json.loads(run.folder.doubt_figures("doubt-fidelity").read_text())
    *levels, pooled = figures["rows"]
    assert pooled["share"] == pytest.approx(0.9, abs=0.01)
    # The same doubt at all levels would give shares from about 0.7 to 1.
    assert all(0.84 <= row["share"] <= 0.97 for row in levels), figures
    assert 0.75 < figures["factor"] < 1.33, "the loss alone does most of it"
    assert float(weights(run, "doubt-fidelity")["factor"]) == pytest.approx(figures["factor"])


def test_the_doubt_can_be_added_to_a_finished_run_and_leaves_its_generators_alone(tmp_path):
    run = train(cases.config(), tmp_path)
    before = {name: run.folder.stage_weights(name).read_bytes() for name in ("fidelity", "perceptual")}
    run = train(cases.config(doubt=DOUBT), tmp_path)
    assert {name: run.folder.stage_weights(name).read_bytes() for name in before} == before
    fidelity, perceptual = weights(run, "doubt-fidelity"), weights(run, "doubt-perceptual")
    assert any(not torch.equal(fidelity[key], perceptual[key]) for key in fidelity)


def test_a_run_stopped_within_the_doubt_goes_on_bit_for_bit(tmp_path):
    settings = cases.config(doubt=DOUBT)
    whole = train(settings, tmp_path / "whole")
    run = TrainingRun(settings, cases.sampler(settings), tmp_path / "cut")

    def stop(stage, step, _steps, _losses):
        run.stopping = run.stopping or (stage, step) == ("doubt-perceptual", 5)

    run.on_step = stop
    assert not run.train()
    resumed = train(settings, tmp_path / "cut")
    expected, found = (weights(each, "doubt-perceptual") for each in (whole, resumed))
    assert all(torch.equal(expected[key], found[key]) for key in expected if key != "factor")


def test_a_reference_that_is_noisier_than_it_should_be_does_not_calibrate():
    """Its own noise, which a denoiser takes away, would count as error."""
    settings = cases.config(validation={"levels": [1, 12], "slices": 3})
    noisy = cases.phantom() + np.random.default_rng(0).normal(0, 6, cases.phantom().shape)
    weak, strong = make_cases(settings, [cases.held_out(settings, voxels=noisy.clip(0, 255))])
    assert (is_clean(weak), is_clean(strong)) == (False, True)
    weak, strong = make_cases(settings, [cases.held_out(settings)])
    assert is_clean(strong)


SUPERRES = {
    "task": "super-resolution",
    "degradations": [{"kind": "resolution", "profile": "box", "in_plane_share": 0.3}],
    "validation": {"levels": [2, 3], "slices": 4},
}


def engine_shares(settings, volumes, network, sections):
    """What a user sees: of each trial the share of errors of the engine's result below its doubt map."""
    model = ModuleModel(network, make_card(settings, network.generator, 0, sections))
    shares = {}
    for trial in make_trials(settings, volumes):
        options = EnhanceOptions(device="cpu", output_type="float32", doubt=True, threads=1, **trial.options)
        result = enhance(trial.given, model, options, scaling=trial.scaling, crop=True)
        error = np.abs(result.volume.voxels - trial.wanted)[trial.inside]
        shares[trial.level] = float(np.mean(error <= result.doubt.voxels[trial.inside]))
    return shares


@pytest.mark.parametrize("kind", ["super-resolution", "along all axes"])
def test_the_factor_is_that_of_what_the_engine_gives(kind):
    """Interpolated, passed along several axes and brought back to the data."""
    arguments = {"channels_in": 1, "channels": 8, "blocks": 1}
    changes = SUPERRES if kind == "super-resolution" else {"axis": "all", "validation": {"slices": 4}}
    values = cases.values(**changes)
    values["networks"]["generator"]["arguments"] = arguments
    values["data"]["patches"] = {"dimensions": "2d", "size": 16, "batch": 4}
    settings = parse_config(yaml.safe_dump(values))
    volumes = [cases.held_out(settings)]
    torch.manual_seed(0)
    generator, estimator = build_network("residual-unshuffle", **arguments), DoubtEstimator(1, 2, 8)
    found = calibrate(generator, estimator, volumes, settings)
    estimator.factor.fill_(found.factor)
    network = WithDoubt.joining(generator, estimator).eval()
    sections = {"doubt": {"quantile": 0.9, "reach": estimator.reach}}
    if kind == "super-resolution":
        sections["super_resolution"] = super_resolution_of(settings)
    shares = engine_shares(settings, volumes, network, sections)
    assert np.mean(list(shares.values())) == pytest.approx(0.9, abs=0.01)
    *levels, pooled = found.rows
    assert {row["data"].partition(", ")[2]: row["share"] for row in levels} == pytest.approx(shares, abs=1e-3)
    assert len(shares) == 3
    assert pooled["share"] == pytest.approx(0.9, abs=0.01)


def test_noisy_references_of_super_resolution_do_not_calibrate():
    """Nobody can foresee the noise of a reference, which would count as error."""
    values = cases.values(**SUPERRES)
    values["networks"]["generator"]["arguments"] = arguments = {"channels_in": 1, "channels": 8, "blocks": 1}
    values["data"]["patches"] = {"dimensions": "2d", "size": 16, "batch": 4}
    settings = parse_config(yaml.safe_dump(values))
    noisy = cases.phantom() + np.random.default_rng(0).normal(0, 8, cases.phantom().shape)
    generator, estimator = build_network("residual-unshuffle", **arguments), DoubtEstimator(1, 2, 8)
    clean = [cases.held_out(settings)]
    both = [*clean, cases.held_out(settings, "other", voxels=noisy.clip(0, 255))]
    assert calibrate(generator, estimator, both, settings) == calibrate(generator, estimator, clean, settings)


def test_super_resolution_is_tried_on_coarse_volumes_with_the_corners_of_the_truth():
    settings = cases.config(**SUPERRES)
    trials = make_trials(settings, [cases.held_out(settings)])
    assert [trial.level for trial in trials] == [
        "resolution 2",
        "resolution 3",
        "resolution 2 within slices",
    ]
    for trial in trials:
        scale = np.array(trial.options["scale"])[::-1]
        assert tuple(np.rint(scale * trial.given.shape).astype(int)) == trial.wanted.shape
        assert trial.given.acquisition_axis == 0
    through, _, within = trials
    means = through.wanted.reshape(-1, 2, *through.wanted.shape[1:]).mean(axis=1)
    assert np.abs(through.given.voxels - means).mean() < 0.02 * means.max(), "averages with 1 % of noise"
    assert not through.inside[:2].any() and through.inside[2:-2].any()
    assert within.given.shape == (4, 24, 20) and within.inside[0].any()


LOW_DOSE = {
    "modality": "CT",
    "scaling": {"name": "ct-window"},
    "degradations": [{"kind": "ct-low-dose", "dose_low": 0.1}],
    "validation": {"levels": [0.1], "slices": 4},
}


def test_low_dose_is_tried_with_the_noise_of_a_scan_of_the_body():
    """Strongest behind most of the body, finer with a sharp kernel: patches are shown the second alone."""
    rows, columns = np.mgrid[-36:36, -36:36]
    body = np.where(np.hypot(rows, columns) < 30, 0.0, -1000.0).astype(np.float32)
    settings = cases.config(**LOW_DOSE)
    volume = Volume(np.repeat(body[None], 4, 0), np.diag([5.0, 5.0, 6.0, 1.0]), "CT", "cylinder")
    held_out = replace(cases.held_out(settings, voxels=volume.voxels), target=volume)
    soft, sharp = make_trials(settings, [held_out])
    assert [each.level for each in (soft, sharp)] == ["ct-low-dose 0.1, soft", "ct-low-dose 0.1, sharp"]
    assert sharp.noise > 1.5 * soft.noise > 0
    radius = np.hypot(rows, columns)
    for trial in (soft, sharp):
        box = tuple(slice(*ends) for ends in reversed(trial.options["roi"]))
        noise = trial.given.voxels[box] - trial.wanted
        assert noise.shape == trial.wanted.shape and np.array_equal(trial.wanted[0], body)
        middle, rim = (noise[:, where].std() for where in (radius < 10, (radius > 22) & (radius < 28)))
        assert middle > 1.3 * rim
        assert noise[trial.inside].std() == pytest.approx(trial.noise, rel=0.05)


def test_low_dose_passed_along_three_axes_is_tried_on_enough_slices():
    settings = cases.config(**LOW_DOSE, axis="all")
    voxels = np.zeros((60, 24, 20), dtype=np.float32)
    held_out = replace(
        cases.held_out(settings, voxels=voxels), target=Volume(voxels, np.diag([1.0, 1.0, 2.0, 1.0]), "CT")
    )
    trial = make_trials(settings, [held_out])[0]
    assert (trial.given.shape, trial.wanted.shape) == ((36, 24, 20), (4, 24, 20))


def test_a_doubt_without_true_errors_is_refused_in_one_sentence():
    with pytest.raises(OptionError, match="doubt is learned from true errors"):
        cases.gan("cycle", 4, doubt={})


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run on one person's phantom, judged by another's, to whose end the doubt was added."""
    folder = tmp_path_factory.mktemp("finished")
    data = folders.fill(folder / "own", ("doe/a.nii.gz", "roe/b.nii.gz"), (8, 32, 30))
    settings = cases.values((8, 4), doubt=DOUBT, validation={"levels": [3, 8], "slices": 2})
    settings["data"] = {
        **settings["data"],
        "clean": [{"folder": str(data)}],
        "split": {"validation_patients": ["doe"]},
    }
    config = parse_config(yaml.safe_dump(settings))
    assert start_run(config, folder / config.name, folder / "data")
    return folder / config.name


def test_the_exported_bundle_holds_the_generators_own_bits_and_a_calibrated_doubt(finished):
    bundle = export_run(
        finished, finished.parent / "doubted", finished.parent / "data", ExportOptions(even_if_worse=True)
    ).folder
    verify_bundle(bundle).raise_if_failed()
    model = load_model(bundle)
    assert (model.card.doubt.quantile, model.card.doubt.reach) == (0.9, 16)
    assert {row["weights"] for row in model.card.doubt.coverage} == {"fidelity", "perceptual"}
    image = torch.rand(1, 5, 18, 22)
    plain = build_network("residual-unshuffle", **cases.TINY)
    for name, fidelity in (("fidelity", 1.0), ("perceptual", 0.0)):
        plain.load_state_dict(torch.load(finished / "stages" / f"{name}.pt", weights_only=True))
        both = model.build_torch(fidelity)(image)
        assert torch.equal(both[:, :1], plain(image))
        assert both.shape[1] == 2
        assert both[:, 1].min() > 0


def test_an_export_can_calibrate_a_finished_run_anew(finished, tmp_path):
    """The factor of the run's file is wrong; the engine's takes its place, and the file stays."""
    path = finished / "stages" / "doubt-fidelity.pt"
    before = path.read_bytes()
    right = torch.load(path, weights_only=True)
    write_state({**right, "factor": 7 * right["factor"]}, path)
    wrong = path.read_bytes()
    try:
        factors = {}
        for calibrates in (False, True):
            options = ExportOptions(even_if_worse=True, calibrate=calibrates)
            bundle = export_run(
                finished, tmp_path / str(calibrates), finished.parent / "data", options
            ).folder
            factors[calibrates] = load_model(bundle).weights("fidelity")["doubt.factor"].item()
        assert path.read_bytes() == wrong
    finally:
        path.write_bytes(before)
    assert factors[False] == pytest.approx(7 * float(right["factor"]))
    assert factors[True] == pytest.approx(float(right["factor"]), rel=1e-3)


def test_a_model_with_doubt_can_be_trained_further_from_its_generator_alone(finished, tmp_path):
    bundle = export_run(
        finished, tmp_path / "doubted", finished.parent / "data", ExportOptions(even_if_worse=True)
    ).folder
    config, _conflicts = load_finetune_config(bundle, finished / "config.yaml")
    assert config.networks.generator.architecture == "residual-unshuffle"
    state = read_start(config.start, RunFolder(tmp_path / "further"))
    expected = torch.load(finished / "stages" / "fidelity.pt", weights_only=True)
    assert all(torch.equal(state[key], expected[key]) for key in expected)
