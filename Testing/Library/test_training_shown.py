"""What a person sees of a run: judgments in rows on the terminal and by `runs show`, curves, TensorBoard."""

import contextlib
import io
import json
import re

import numpy as np
import pytest
import torch
import training_cases as cases
import yaml

from GANEnhanceLib.cli import main
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.config.run import METRICS
from GANEnhanceLib.training.loop.difference import find_difference
from GANEnhanceLib.training.loop.folder import RunFolder
from GANEnhanceLib.training.loop.journal import read_log
from GANEnhanceLib.training.loop.plots import plot_runs
from GANEnhanceLib.training.loop.run import TrainingRun, dump_config
from GANEnhanceLib.training.validation.rows import judged_rows, judgment_in_words

OF_VOLUMES = METRICS[:9]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """The folder of a run of two stages on the shipped samples, judged by every metric; what was printed."""
    folder = tmp_path_factory.mktemp("seen")
    values = cases.values((4, 4))
    values["data"]["clean"] = [{"sources": ["sample-t1-head"]}, {"sources": ["sample-b0"]}]
    values["data"]["split"] = {"validation": 0.5}
    values["data"]["patches"]["size"] = 32
    values["validation"] = {
        "every": 2,
        "metrics": list(OF_VOLUMES),
        "best_by": ["psnr", "edge-width"],
        "levels": [5],
        "slices": 3,
    }
    values["logging"] = {"every": 2, "pictures_every": 4, "tensorboard": True}
    (folder / "tiny.yaml").write_text(yaml.safe_dump(values))
    before, printed = torch.get_num_threads(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        words = ["train", str(folder / "tiny.yaml"), "--runs", str(folder), "--set", "threads=1"]
        assert main(words) == 0, printed.getvalue()
    torch.set_num_threads(before)
    return folder / "tiny", printed.getvalue()


def shown(capsys, *words):
    assert main([str(word) for word in words]) == 0
    return capsys.readouterr().out


def test_the_terminal_tells_each_judgment_beside_input_and_filter(seen):
    run, printed = seen
    assert "Data: 1 patient to learn from, 1 to be judged by, 0 left out." in printed
    told = re.findall(r"^Judged at step \d+: (.*)\.$", printed, re.M)
    judged = [line for line in read_log(run / "log.jsonl") if line["kind"] == "validation"]
    assert len(told) == len(judged) == 4
    for words, line in zip(told, judged, strict=True):
        beside = [f"{line[key]:.4g}" for key in ("psnr", "input_psnr", "classical_psnr")]
        assert words.startswith("psnr {} dB (input {}, anisotropic-diffusion {})".format(*beside))
        assert all(f"{metric} " in words for metric in OF_VOLUMES)


def test_a_run_is_shown_with_unit_range_and_direction_of_each_metric(seen, capsys):
    run, _ = seen
    out = shown(capsys, "runs", "show", run)
    judged = [line for line in read_log(run / "log.jsonl") if line["kind"] == "validation"]
    head, *rows = out.split("\n\n")[1].splitlines()
    assert head.split() == [
        *("metric", "unit", "and", "range", "better"),
        *("input", "anisotropic-diffusion", "model", "best", "at", "step"),
    ]
    assert [row.split()[0] for row in rows] == list(OF_VOLUMES)
    for row in rows:
        name, *_, given, filtered, ours, best, _step = row.split()
        last = judged[-1]
        expected = [last[f"input_{name}"], last[f"classical_{name}"], last[name]]
        assert [float(given), float(filtered), float(ours)] == pytest.approx(expected, rel=1e-3)
        values = [line[name] for line in judged]
        assert float(best) == pytest.approx((max if " higher " in row else min)(values), rel=1e-3)
    assert "dB, at most 120" in rows[0] and "value units (HU for CT), at least 0" in rows[3]
    assert f"Full scale is {judged[-1]['data_range']:g} value units" in out
    assert all(f"\n{metric}: " in out for metric in OF_VOLUMES), "nobody says what it is"


def test_the_best_is_kept_by_any_metric_and_listed_beside_the_input(seen, capsys):
    run, _ = seen
    assert {path.name for path in run.glob("checkpoints/best-*")} == {"best-psnr.pt", "best-edge-width.pt"}
    best = json.loads((run / "state.json").read_text())["best"]
    judged = [line for line in read_log(run / "log.jsonl") if line["kind"] == "validation"]
    assert best["edge-width"] == min(line["edge-width"] for line in judged)
    out = shown(capsys, "runs", "--runs", run.parent)
    assert f"psnr {best['psnr']:.4g} (input {judged[-1]['input_psnr']:.4g})" in out


def test_curves_of_several_runs_are_drawn_into_one_picture(seen, capsys, tmp_path):
    from PIL import Image

    run, _ = seen
    other = tmp_path / "other"
    other.mkdir()
    (other / "log.jsonl").write_text((run / "log.jsonl").read_text())
    out = shown(capsys, "runs", "plot", run, other, "--out", tmp_path / "plots")
    assert out.split() == [str(tmp_path / "plots" / f"{kind}.png") for kind in ("train", "validation")]
    alone = plot_runs([run], tmp_path / "alone")[1]
    with Image.open(out.split()[1]) as both, Image.open(alone) as one:
        assert both.size == one.size, "a panel is a metric, not a run"
        assert np.asarray(both).tobytes() != np.asarray(one).tobytes()
    assert main(["runs", "plot", str(run), str(tmp_path / "none")]) == 2
    assert "none holds no run." in capsys.readouterr().err


def test_a_run_without_a_judgment_is_shown_too(capsys, tmp_path):
    (tmp_path / "state.json").write_text('{"status": "running"}')
    assert main(["runs", "show", str(tmp_path)]) == 2
    assert "has told nothing yet" in capsys.readouterr().err
    (tmp_path / "log.jsonl").write_text("")
    assert "It has not been judged yet." in shown(capsys, "runs", "show", tmp_path)
    assert "There is nothing to draw yet" in shown(capsys, "runs", "plot", tmp_path)
    line = {"kind": "warning", "stage": "gan", "step": 7, "total": 7, "text": "Step 7: it explodes."}
    (tmp_path / "log.jsonl").write_text(json.dumps(line) + "\n")
    assert "Warning of stage gan: Step 7: it explodes." in shown(capsys, "runs", "show", tmp_path)


def test_rows_are_those_that_were_measured():
    (row,) = judged_rows({"feature-distance": 0.5, "real_feature-distance": 0.1, "data_range": 1.0})
    assert (row.model, row.input, row.classical, row.real) == (0.5, None, None, 0.1)
    assert judgment_in_words({"feature-distance": 0.5, "real_feature-distance": 0.1}, "median") == (
        "feature-distance 0.5 (real images 0.1)"
    )


def test_tensorboard_has_strips_and_what_the_discriminator_says(seen):
    import PIL.Image
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    run, _ = seen
    board = EventAccumulator(str(run / "tensorboard"), size_guidance={"images": 0, "histograms": 0})
    board.Reload()
    strips = board.Images("strips")
    assert [strip.step for strip in strips] == [4, 8]
    with PIL.Image.open(io.BytesIO(strips[-1].encoded_image_string)) as strip:
        shown_there = np.asarray(strip.convert("L"))
    with PIL.Image.open(run / "pictures" / "perceptual-00000004.png") as strip:
        assert np.array_equal(shown_there, np.asarray(strip)), "the run's folder has the same"
    # A row for each image: input, output, target, residual; 32 voxels and a border each.
    assert shown_there.shape == (4 * 34, 4 * 34)
    given, output, target, removed = (
        shown_there[:, column * 34 + 1 : column * 34 + 33].astype(float) for column in range(4)
    )
    inner = np.concatenate([np.arange(row * 34 + 1, row * 34 + 33) for row in range(4)])
    given, output, target, removed = (each[inner] for each in (given, output, target, removed))
    assert np.std(target) > 5 and not np.array_equal(given, target)
    unclipped = (given < 255) & (output < 255) & (given > 0) & (output > 0) & (removed > 0) & (removed < 255)
    apart = removed - (127.5 + 8 * 0.5 * (given - output))
    assert unclipped.sum() > 100 and np.abs(apart[unclipped]).max() < 6, "residual is input minus output"
    for name in ("discriminator/on_real", "discriminator/on_fake"):
        found = board.Histograms(name)
        assert [each.step for each in found] == [6, 8], "only where there is a contest"
        assert found[0].histogram_value.num > 4
    scalars = board.Scalars("validation/input_psnr")
    assert [each.step for each in scalars] == [2, 4, 6, 8]


# Resuming what was begun with another configuration


def test_another_configuration_is_refused_with_the_first_value_that_differs(tmp_path):
    settings = cases.config((2, 2))
    text = dump_config(settings)
    assert find_difference(text, settings) is None
    values = settings.model_dump(mode="json")
    values["stages"][1]["generator"]["learning_rate"] = 0.5
    changed = type(settings).model_validate(values)
    assert find_difference(text, changed) == "stages.1.generator.learning_rate was 0.0001 and is 0.5"
    assert find_difference("nothing: [", settings) == "its config.yaml cannot be read"
    assert find_difference("a: 1", settings) is not None
    run = TrainingRun(settings, cases.sampler(settings), tmp_path)
    assert run.train()
    with pytest.raises(OptionError, match="stages.1.generator.learning_rate was 0.0001 and is 0.5. Resume"):
        TrainingRun(changed, run.sampler, tmp_path).train(resume=True)


def test_a_run_of_an_older_version_goes_on_though_it_lacks_newer_keys(tmp_path):
    settings = cases.config((2, 2))
    assert TrainingRun(settings, cases.sampler(settings), tmp_path).train()
    older = yaml.safe_load((tmp_path / "config.yaml").read_text())
    del older["data"]["patches"]["sharpened_share"], older["stages"][0]["clip_norm"]
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(older))
    again = parse_config((tmp_path / "config.yaml").read_text())
    assert TrainingRun(again, cases.sampler(again), tmp_path).train(resume=True)


def test_listing_runs_removes_what_a_kill_left_half_written_unless_a_run_writes_there(tmp_path, capsys):
    lefts = []
    for name in ("killed", "living"):
        folder = RunFolder(tmp_path / name)
        folder.write_state(status="running", total=5)
        lefts.append([folder.checkpoints / ".step-00000005.pt.part", folder.path / ".state.json.part"])
        for left in lefts[-1]:
            left.write_bytes(b"half")
    with RunFolder(tmp_path / "living").locked():
        assert main(["runs", "--runs", str(tmp_path)]) == 0
    assert {"killed", "living"} <= set(capsys.readouterr().out.split())
    assert [left.exists() for left in (*lefts[0], *lefts[1])] == [False, False, True, True]
