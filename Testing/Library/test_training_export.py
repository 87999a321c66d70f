"""Export: real small runs become models with the voxels of their trainer, or are refused with figures."""

import json
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
import training_cases as cases
import training_folders as folders
import yaml

from GANEnhanceLib.cli import main
from GANEnhanceLib.errors import InputError, ModelError, OptionError, OutputError
from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.models import load_model, verify_bundle
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training import export as exporting
from GANEnhanceLib.training.chosen import choose_weights
from GANEnhanceLib.training.config import load_config, parse_config
from GANEnhanceLib.training.equality import check_same_voxels
from GANEnhanceLib.training.export import ExportOptions, export_run
from GANEnhanceLib.training.loop.checkpoints import read_state, write_state
from GANEnhanceLib.training.loop.folder import RunFolder
from GANEnhanceLib.training.provenance import contract_of
from GANEnhanceLib.training.start import start_run
from GANEnhanceLib.volume import Volume

STEPS = (80, 10)


pytestmark = pytest.mark.usefixtures("one_thread")


def values(folder, steps=STEPS, **changes):
    """A denoiser of two people's phantoms: one to learn from, one to be judged by."""
    data = {
        "kind": "clean",
        "clean": [{"folder": str(folder)}],
        "split": {"validation_patients": ["doe"]},
        "patches": {"dimensions": "2.5d", "slices": 5, "size": 16, "batch": 4},
    }
    noise = {"kind": "mr-noise", "percent_low": 4.0, "percent_high": 12.0, "correlated_share": 0}
    judged = {"every": 50, "levels": [8], "slices": 3, "classical": "median"}
    card = {"title": "Phantoms", "authors": "A. Nobody", "license": "CC0-1.0"}
    return {
        **cases.values(steps, data=data, degradations=[noise], validation=judged, card=card),
        **changes,
    }


def trained(folder, settings, **options):
    config = parse_config(yaml.safe_dump(settings))
    assert start_run(config, folder / config.name, folder / "data", **options)
    return folder / config.name


@pytest.fixture(scope="module")
def denoiser(tmp_path_factory):
    """A finished run whose model is better than its input."""
    folder = tmp_path_factory.mktemp("denoiser")
    data = folders.fill(folder / "own", ("doe/a.nii.gz", "roe/b.nii.gz"), (12, 48, 40))
    return trained(folder, values(data))


@pytest.fixture(scope="module")
def exported(denoiser):
    return export_run(denoiser, denoiser.parent / "models" / "phantoms", denoiser.parent / "data")


def copy_of(run, folder):
    return Path(shutil.copytree(run, folder / run.name))


# What is exported


def test_a_run_becomes_a_model_with_both_sets_of_weights(denoiser, exported):
    model = load_model(exported.folder)
    card = model.card
    assert verify_bundle(exported.folder).ok
    assert (card.name, card.title, card.modality, card.task) == ("tiny", "Phantoms", ("MR",), "denoise")
    assert card.weight_sets == ("fidelity", "perceptual") and model.formats == ("safetensors", "onnx")
    assert card.contract == {"modality": ["MR"], "spacing_mm": [1.0, 2.0]}
    assert card.scaling["name"] == "mr-percentile" and card.network.multiple == 2
    assert "CC0-1.0" in (exported.folder / "LICENSE").read_text()
    assert "A. Nobody" in (exported.folder / "LICENSE").read_text()
    assert not list(exported.folder.parent.glob(".*"))
    for name in card.weight_sets:
        kept = torch.load(RunFolder(denoiser).stage_weights(name), weights_only=True)
        assert all(np.array_equal(kept[key], each) for key, each in model.weights(name).items())


def test_the_card_quotes_input_filter_and_model_on_patients_held_out(exported):
    rows = load_model(exported.folder).card.results
    assert [row["method"] for row in rows] == ["input", "median", "tiny, fidelity 1", "tiny, fidelity 0"]
    figures = {row["method"]: row["psnr_db"] for row in rows}
    assert figures["tiny, fidelity 1"] > max(figures["input"], figures["median"])
    assert {row["case"] for row in rows} == {"1 validation patient"}
    assert {row["percent"] for row in rows} == {8.0}
    assert exported.shortfalls == [] and exported.apart < 1e-5


def test_data_and_code_are_named_but_no_person_and_no_place(denoiser, exported):
    text = (exported.folder / "configs" / "metadata.json").read_text()
    told = json.loads(text)["training"]
    assert told["weights"] == {"fidelity": "end of stage fidelity", "perceptual": "end of stage perceptual"}
    noted = json.loads((denoiser / "data.json").read_text())
    assert [each["sha256"] for each in told["data"]] == [each["sha256"] for each in noted]
    assert {each["part"] for each in told["data"]} == {"training", "validation"}
    assert told["code"]["torch"] and told["configuration"]["seed"] == 1
    for private in ('"doe', '"roe', "a.nii", str(denoiser.parent)):
        assert private not in text
    assert "1 volume of 1 patient of its author's own data." in load_model(exported.folder).card.data


@pytest.mark.parametrize(
    ("spacings", "allowed"),
    [
        ([[2.0, 2.0, 2.0]], [1.8, 2.2]),
        ([[1.0, 1.0, 3.0]], [1.0, 3.0]),
        ([[0.9, 0.9, 0.9], [1.2, 1.2, 1.2]], [0.9, 1.2]),
    ],
)
def test_the_contract_allows_spacings_around_that_of_a_single_volume(spacings, allowed):
    rows = [{"part": "training", "spacing_mm": each, "size": [9, 9, 9]} for each in spacings]
    config = parse_config(yaml.safe_dump(values("unread")))
    assert contract_of(config, rows)["spacing_mm"] == allowed


def test_public_images_are_named_with_their_licenses(tmp_path):
    settings = values(tmp_path, (2, 1))
    settings["data"] |= {
        "clean": [{"sources": ["sample-t1-head"]}, {"sources": ["sample-b0"]}],
        "split": {"validation_patients": ["t1-head"]},
    }
    settings["validation"] |= {"slices": 1}
    run = trained(tmp_path, settings)
    made = export_run(run, tmp_path / "model", tmp_path / "data", ExportOptions(even_if_worse=True))
    card = load_model(made.folder).card
    assert "Diffusion b=0 brain" in card.data and "BSD-3-Clause" in card.data and "T1" not in card.data
    assert {each["source"] for each in card.raw["training"]["data"]} == {"sample-t1-head", "sample-b0"}


def test_the_engine_gives_the_voxels_of_the_trainer(denoiser, exported):
    """By hand, far from the padded edge, on the volume that the engine reads from a file."""
    volume = Volume(cases.phantom((5, 33, 28)), np.diag([-1.0, -1.0, 1.0, 1.0]), modality="MR")
    options = EnhanceOptions(device="openvino", precision="float32", axis="k", output_type="float32")
    found = run(volume, load_model(exported.folder), options)
    generator = build_network("residual-unshuffle", **cases.TINY)
    weights = RunFolder(denoiser).stage_weights("fidelity")
    generator.load_state_dict(torch.load(weights, weights_only=True))
    scaled = found.scaling.forward(volume.voxels)
    stack = np.pad(scaled[np.clip(2 + np.arange(-2, 3), 0, 4)], ((0, 0), (0, 1), (0, 0)), mode="edge")
    with torch.inference_mode():
        expected = generator(torch.from_numpy(stack)[None]).numpy()[0, 0, :33]
    assert np.allclose(found.scaling.forward(found.volume.voxels)[2], expected, atol=1e-4)


def test_other_voxels_than_the_trainers_are_noticed(exported):
    model = load_model(exported.folder)
    other = build_network("residual-unshuffle", **cases.TINY)
    torch.nn.init.normal_(other.tail.weight, 0.0, 0.1)
    with pytest.raises(ModelError, match="gives other voxels than its trainer: on .* its fidelity weights"):
        check_same_voxels(model, {"fidelity": other})


def test_one_pass_is_compared_of_a_model_that_is_passed_along_three_axes(exported):
    model = load_model(exported.folder)
    weights = model.mixed_weights(1.0)
    generator = build_network("residual-unshuffle", **cases.TINY)
    generator.load_state_dict({key: torch.from_numpy(np.array(each)) for key, each in weights.items()})
    model.card = replace(model.card, plan=replace(model.card.plan, axis="all"))
    assert check_same_voxels(model, {"fidelity": generator}) < 1e-4


@pytest.mark.parametrize(
    ("architecture", "arguments", "dimensions"),
    [
        ("unet", {"features": 4}, "2d"),
        ("rrdb", {"channels": 8, "blocks": 1, "growth": 4}, "2d"),
        ("nafnet", {"channels": 8, "blocks": 1}, "2d"),
        ("resnet", {"channels": 4, "blocks": 1}, "2d"),
        ("plain-residual", {"dimensions": 3}, "3d"),
    ],
)
def test_every_generator_can_be_exported(architecture, arguments, dimensions, tmp_path):
    settings = values(folders.fill(tmp_path / "own", ("doe/a.nrrd", "roe/b.nrrd"), (10, 24, 24)), (1, 1))
    settings["data"]["patches"] = {"dimensions": dimensions, "size": 16, "depth": 8, "batch": 2}
    settings["networks"] = {"generator": {"architecture": architecture, "arguments": arguments}}
    settings["stages"] = [{"name": "fidelity", "step": "paired", "steps": 1}]
    run = trained(tmp_path, settings)
    # Weights that change something: new generators return their input.
    path = RunFolder(run).stage_weights("fidelity")
    state = {
        key: each + 0.03 * torch.randn_like(each)
        if each.is_floating_point() and "running" not in key
        else each
        for key, each in read_state(path).items()
    }
    write_state(state, path)
    made = export_run(run, tmp_path / "model", tmp_path / "data", ExportOptions(even_if_worse=True))
    assert made.apart < 1e-4
    assert load_model(made.folder).card.plan.mode == {"2d": "slices", "3d": "patches"}[dimensions]


def test_pairs_are_exported_and_measured_on_test_patients(tmp_path):
    for name, offset in (("image", 4.0), ("target", 0.0)):
        for number, patient in enumerate(("a", "b", "c")):
            voxels = folders.image(number) + offset * np.random.default_rng(number).random(folders.SHAPE)
            folders.save(tmp_path / name / f"{patient}.nrrd", voxels.astype(np.float32))
    split = {"validation_patients": ["b"], "test_patients": ["c"]}
    settings = folders.values(folders.paired(tmp_path, split=split), validation={"classical": "none"})
    run = trained(tmp_path, settings)
    made = export_run(run, tmp_path / "model", tmp_path / "data", ExportOptions(even_if_worse=True))
    assert {row["case"] for row in made.results} == {"1 test patient"}


# What is refused


def test_a_model_below_its_input_is_refused_with_figures_unless_asked_for(denoiser, tmp_path):
    run = copy_of(denoiser, tmp_path)
    path = RunFolder(run).stage_weights("fidelity")
    worse = read_state(path)
    worse["tail.bias"] += 0.5
    write_state(worse, path)
    target, cache = tmp_path / "model", denoiser.parent / "data"
    with pytest.raises(ModelError, match=r"have a psnr of [\d.]+ dB, its own input has [\d.]+ dB") as told:
        export_run(run, target, cache)
    assert "the filter median has" in str(told.value) and "--even-if-worse" in str(told.value)
    assert not target.exists() and not list(tmp_path.glob(".model*"))
    made = export_run(run, target, cache, ExportOptions(even_if_worse=True))
    limits = load_model(made.folder).card.limits
    assert "Exported though: On 1 validation patient its fidelity weights have a psnr of" in limits
    assert "At mr-noise of 8 % its PSNR" in limits


def test_a_model_that_nobody_judged_is_refused(tmp_path):
    data = folders.fill(tmp_path / "own", ("doe/a.nrrd",))
    settings = values(data, (1, 1))
    settings["data"]["split"] = {"validation": 0.0}
    run = trained(tmp_path, settings)
    with pytest.raises(ModelError, match="nobody knows whether the model is better than its input"):
        export_run(run, tmp_path / "model", tmp_path / "data")


def test_images_from_noise_and_several_inputs_are_no_models_of_the_panel(tmp_path):
    data = folders.fill(tmp_path / "own", ("doe/a.nrrd",))
    settings = cases.gan("latent", 1).model_dump(mode="json")
    settings["data"] |= {"real": [{"folder": str(data)}], "split": {"validation": 0.0}}
    run = trained(tmp_path, settings)
    with pytest.raises(ModelError, match="makes images from noise and takes no volume"):
        export_run(run, tmp_path / "model", tmp_path / "data")


def test_models_without_pairs_say_their_risk(tmp_path):
    data = folders.fill(tmp_path / "own", ("doe/a.nrrd", "roe/b.nrrd"))
    settings = cases.gan("cycle", 1).model_dump(mode="json")
    sets = [{"folder": str(data)}]
    settings["data"] |= {"a": sets, "b": sets, "split": {"validation_patients": ["doe"]}}
    settings["validation"] |= {"slices": 4}
    run = trained(tmp_path, settings)
    made = export_run(run, tmp_path / "model", tmp_path / "data", ExportOptions(even_if_worse=True))
    assert load_model(made.folder).card.risk == "unpaired: higher risk"
    assert "unpaired: higher risk" in (made.folder / "docs" / "README.md").read_text()
    assert load_model(made.folder).card.weight_sets == ("perceptual",)


def test_what_is_there_is_kept_unless_it_is_to_be_replaced(denoiser, tmp_path):
    target, cache = tmp_path / "model", denoiser.parent / "data"
    target.mkdir()
    (target / "mine.txt").write_text("kept")
    for options in (ExportOptions(), ExportOptions(replace=True)):
        with pytest.raises(OutputError, match="exists already|is no model"):
            export_run(denoiser, target, cache, options)
    assert (target / "mine.txt").read_text() == "kept"


@pytest.mark.parametrize("moment", range(4))
def test_an_interrupted_export_leaves_nothing_half_made(denoiser, exported, moment, tmp_path, monkeypatch):
    class Stopped(BaseException):
        pass

    left = iter(range(moment, -1, -1))

    def check():
        if next(left) == 0:
            raise Stopped

    before = load_model(exported.folder).sha256
    with pytest.raises(Stopped):
        export_run(
            denoiser, exported.folder, denoiser.parent / "data", ExportOptions(replace=True), check=check
        )
    assert load_model(exported.folder).sha256 == before
    assert [path.name for path in exported.folder.parent.iterdir()] == [exported.folder.name]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signal")
def test_a_killed_export_keeps_what_was_there_and_can_be_done_again(denoiser, exported, tmp_path):
    """Killed where the new bundle is written aside and not yet in its place."""
    target = shutil.copytree(exported.folder, tmp_path / "model")
    before = load_model(target).sha256
    code = (
        "import os, signal, sys\n"
        "from GANEnhanceLib.cli import main\n"
        "from GANEnhanceLib.training import export\n"
        "export.check_same_voxels = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "main(sys.argv[1:])"
    )
    words = ["export", str(denoiser), str(target), "--replace", "--stage", "fidelity"]
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert list(tmp_path.glob(".model-*")), "it was killed too early to prove anything"
    assert load_model(target).sha256 == before
    assert main(words) == 0
    assert load_model(target).card.weight_sets == ("fidelity",)
    assert [path.name for path in tmp_path.iterdir()] == ["model"], "what the killed one left is gone"


def test_no_room_for_the_bundle_is_said_and_nothing_is_left(denoiser, tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("GANEnhanceLib.models.write.put_in_place", full)
    sentence = f'The model "{tmp_path / "model"}" cannot be written: No space left on device.'
    with pytest.raises(OutputError, match=re.escape(sentence)):
        export_run(denoiser, tmp_path / "model", denoiser.parent / "data")
    assert list(tmp_path.iterdir()) == []


# Which weights


def test_a_stopped_run_gives_its_best(denoiser, tmp_path):
    run = copy_of(denoiser, tmp_path)
    config = load_config(run / "config.yaml")
    folder = RunFolder(run)
    assert set(choose_weights(folder, config)) == {"fidelity", "perceptual"}
    assert set(choose_weights(folder, config, ("perceptual",))) == {"perceptual"}
    folder.stage_weights("perceptual").unlink()
    best = choose_weights(folder, config)
    assert [each.origin.split(",")[0] for each in best.values()] == ["best by psnr"]
    (folder.checkpoints / "best-psnr.pt").unlink()
    assert choose_weights(folder, config)["fidelity"].origin == "end of stage fidelity"
    folder.stage_weights("fidelity").unlink()
    newest = choose_weights(folder, config)["perceptual"]
    assert newest.origin == f"step {sum(STEPS)}, stage perceptual"
    kept = torch.load(RunFolder(denoiser).stage_weights("perceptual"), weights_only=True)
    assert all(torch.equal(newest.state[key], each) for key, each in kept.items())
    for path in folder.checkpoints.glob("*.pt"):
        path.unlink()
    with pytest.raises(InputError, match="holds no weights yet"):
        choose_weights(folder, config)


def test_weights_that_are_not_there_are_said_with_those_that_are(denoiser):
    config, folder = load_config(denoiser / "config.yaml"), RunFolder(denoiser)
    with pytest.raises(OptionError, match="stage is 'smooth', but must be one of: fidelity, perceptual"):
        choose_weights(folder, config, ("smooth",))
    with pytest.raises(InputError, match="no best generator by cnr; it has those by psnr"):
        choose_weights(folder, config, (), "cnr")
    with pytest.raises(OptionError, match="Give one of them"):
        choose_weights(folder, config, ("fidelity",), "psnr")


# The command


def test_the_command_exports_and_the_model_enhances(denoiser, tmp_path, capsys):
    assert main(["export", str(denoiser), str(tmp_path / "model")]) == 0
    told = capsys.readouterr().out
    assert "1 validation patient, 8 % noise: input: psnr_db" in told and "Try it: ganenhance enhance" in told
    given = str(denoiser.parent / "own" / "doe" / "a.nii.gz")
    words = ["enhance", given, str(tmp_path / "out.nii.gz"), "--model", str(tmp_path / "model")]
    assert main([*words, "--modality", "MR"]) == 0
    assert (tmp_path / "out.nii.gz").exists()
    assert main(["export", str(denoiser), str(tmp_path / "model")]) == 2
    assert "exists already. Choose another folder, or add --replace." in capsys.readouterr().err
    assert main(["export", str(denoiser), str(tmp_path / "model"), "--replace", "--stage", "fidelity"]) == 0
    assert load_model(tmp_path / "model").card.weight_sets == ("fidelity",)


def test_what_is_no_run_is_said_in_a_sentence(tmp_path, capsys):
    assert main(["export", str(tmp_path / "none"), str(tmp_path / "model")]) == 2
    assert "holds no run" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


# The shipped recipe


def test_the_bench_of_the_shipped_model_decides_and_is_quoted(denoiser, tmp_path):
    rows = [{"case": "x", "percent": 3.0, "method": "input", "psnr_db": 30.0}]
    figures = {"bars": [], "results": rows, "precision": {"bfloat16_loss_db": 0.01}}
    figures["fidelity_default"] = 0.25
    path, card = tmp_path / "figures.json", tmp_path / "card.json"
    card.write_text(json.dumps({"version": "2.0.0", "enhancement": {"limits": "Little."}}))
    path.write_text(json.dumps(figures))
    options = ExportOptions(figures=path, card=card)
    made = load_model(export_run(denoiser, tmp_path / "model", tmp_path, options).folder).card
    assert made.results == rows and made.fidelity_default == 0.25
    assert (made.version, made.limits, made.title) == ("2.0.0", "Little.", "Phantoms")
    figures["bars"] = [{"bar": "never below its input (worst: x, 1 %)", "lead_db": -0.4, "held": False}]
    path.write_text(json.dumps(figures))
    with pytest.raises(ModelError, match="0.40 dB below its own input"):
        export_run(denoiser, tmp_path / "other", tmp_path, options)
    figures["bars"] = [{"bar": "never below its input, SSIM", "lead_ssim": -0.012, "held": False}]
    path.write_text(json.dumps(figures))
    with pytest.raises(ModelError, match="SSIM is 0.0120 below that of its own input"):
        export_run(denoiser, tmp_path / "other", tmp_path, options)


def test_the_shipped_recipe_is_judged_by_images_that_it_does_not_learn_from():
    recipes = Path(exporting.__file__).parent / "recipes"
    config = load_config(recipes / "mr-denoise.yaml")
    card = json.loads((recipes / "mr-denoise.card.json").read_text())
    assert config.validation.levels == (1, 3, 6, 10)
    assert {"icbm152", "t1-head"} <= {name for part in config.data.clean for name in part.sources}
    assert card["name"] == config.name
