"""The command line: what a person types, reads, and finds afterwards."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time

import numpy as np
import pytest
from command_line import (
    COMMAND,
    assert_refused,
    files_in,
    make_phantom,
    run_command,
    write_dicom_series,
    write_phantom,
)

from GANEnhanceLib import __version__
from GANEnhanceLib.cli import main
from GANEnhanceLib.intensity import reference_intensity
from GANEnhanceLib.volume import read_volume


@pytest.fixture
def phantom(tmp_path):
    return write_phantom(tmp_path / "in.nii.gz")


# Usage: run in this process, where the sentence is what matters.


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ([], ["enhance, evaluate, simulate, models"]),
        (["enhanse"], ["'enhanse'", "enhance, evaluate, simulate, models"]),
        (["enhance"], ["INPUT", "OUTPUT"]),
        (["enhance", "a.nii"], ["OUTPUT"]),
        (["enhance", "a.nii", "b.nii", "c.nii"], ["'c.nii'"]),
        (["enhance", "a.nii", "b.nii", "--fidelty", "1"], ["'--fidelty'", "--fidelity"]),
        (["enhance", "a.nii", "b.nii", "--strength"], ["--strength"]),
        (["enhance", "a.nii", "b.nii", "--strength", "much"], ["'much'", "0 to 1"]),
        (["enhance", "a.nii", "b.nii", "--strength", "1.5"], ["1.5", "0 to 1"]),
        (["enhance", "a.nii", "b.nii", "--fidelity", "nan"], ["'nan'", "0 to 1"]),
        (["enhance", "a.nii", "b.nii", "--bound", "-1"], ["-1", "above 0"]),
        (["enhance", "a.nii", "b.nii", "--modality", "PET"], ["'PET'", "MR, CT, US"]),
        (["enhance", "a.nii", "b.nii", "--mode", "cubes"], ["'cubes'", "slices, slices25d, patches"]),
        (["enhance", "a.nii", "b.nii", "--axis", "z"], ["'z'", "acquisition, k, j, i"]),
        (["enhance", "a.nii", "b.nii", "--device", "gpu"], ["'gpu'", "openvino"]),
        (["enhance", "a.nii", "b.nii", "--precision", "int8"], ["'int8'", "bfloat16"]),
        (["enhance", "a.nii", "b.nii", "--blend", "none"], ["'none'", "centre, smooth"]),
        (["enhance", "a.nii", "b.nii", "--threads", "two"], ["'two'"]),
        (["enhance", "a.nii", "b.nii", "--threads", "0"], ["0"]),
        (["enhance", "a.nii", "b.nii", "--patch", "64"], ["'64'", "k,j,i"]),
        (["enhance", "a.nii", "b.nii", "--roi", "0:5"], ["'0:5'", "i0:i1,j0:j1,k0:k1"]),
        (["enhance", "a.nii", "b.nii", "--roi", "0:5,0:5,a:b"], ["a:b"]),
        (["enhance", "a.nii", "b.nii", "--roi", "5:5,0:5,0:5"], ["5:5"]),
        (["enhance", "a.nii", "b.nii", "--reference", "c.nii"], ["--picture"]),
        (["evaluate", "a.nii", "b.nii"], ["--data-range"]),
        (["evaluate", "a.nii", "b.nii", "--data-range", "wide"], ["'wide'", "above 0"]),
        (["simulate", "a.nii", "b.nii", "--percent", "6"], ["--kind"]),
        (["simulate", "a.nii", "b.nii", "--kind", "ct", "--percent", "6"], ["'ct'", "mr-rician"]),
        (["simulate", "a.nii", "b.nii", "--kind", "mr-rician", "--percent", "101"], ["101", "0 to 100"]),
        (
            ["simulate", "a.nii", "b.nii", "--kind", "mr-rician", "--percent", "6", "--seed", "-1"],
            ["-1", "0 or more"],
        ),
        (["enhance", "", "b.nii"], ["INPUT", "empty"]),
        (["enhance", "a.nii", ""], ["OUTPUT", "empty"]),
        (["enhance", "a.nii", "b.nii", "--report", ""], ["--report", "empty"]),
        (["models", "delete"], ["'delete'", "list, show, verify"]),
        (["models", "show"], ["show"]),
        (["models", "list", "median"], ["'median'"]),
    ],
)
def test_wrong_usage_is_one_sentence_and_code_2(words, named, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = main(words)
    shown = capsys.readouterr()
    assert_refused(subprocess.CompletedProcess(words, code, shown.out, shown.err), *named)
    assert shown.out == "" and not files_in(tmp_path)


@pytest.mark.parametrize("words", [["--help"], ["enhance", "--help"], ["--version"]])
def test_help_and_version_succeed(words):
    done = run_command(*words)
    assert done.returncode == 0 and done.stderr == ""
    assert __version__ in done.stdout if words == ["--version"] else "usage: ganenhance" in done.stdout


# Enhancing


def test_everything_that_is_asked_for_is_written(phantom, tmp_path):
    made = [tmp_path / name for name in ("out.nrrd", "removed.mha", "report.json", "look.png")]
    out, residual, report_path, picture = made
    done = run_command(
        *("enhance", phantom, out, "--model", "median", "--residual", residual),
        *("--report", report_path, "--picture", picture, "--reference", phantom),
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert sorted(files_in(tmp_path)) == sorted(path.name for path in [phantom, *made])
    for path in made:
        assert str(path) in done.stdout

    before, after, removed = (read_volume(path) for path in (phantom, out, residual))
    assert after.voxels.dtype == before.voxels.dtype and removed.voxels.dtype == np.float32
    assert np.allclose(after.ijk_to_ras, before.ijk_to_ras, atol=1e-5)
    assert np.array_equal(removed.voxels, before.voxels.astype(np.float32) - after.voxels)
    assert np.abs(removed.voxels).max() > 0
    assert picture.read_bytes().startswith(b"\x89PNG")

    report = json.loads(report_path.read_text())
    assert report["model"]["name"] == "median" and len(report["model"]["sha256"]) == 64
    assert report["input"]["shape"] == list(before.shape)
    assert report["input"]["spacing_mm"] == pytest.approx([0.9, 1.1, 3.0], abs=1e-4)
    assert len(report["input"]["sha256"]) == 64 and report["output"]["sha256"] != report["input"]["sha256"]
    assert report["options"]["strength"] == 1.0 and report["seconds"] > 0
    assert report["noise"]["after"] < report["noise"]["before"]
    assert report["peak_memory_mib"] > 10
    assert report["contract"] and report["provenance"]
    assert report["not_for_diagnosis"] in done.stdout and "not for diagnosis" in done.stdout
    assert report["files"]["output"] == str(out)


def test_the_picture_shows_before_after_residual_and_reference(phantom, tmp_path):
    from PIL import Image

    picture, wider = tmp_path / "a.png", tmp_path / "b.png"
    assert (
        main(
            [
                "enhance",
                str(phantom),
                str(tmp_path / "o.nrrd"),
                "--model",
                "median",
                "--picture",
                str(picture),
            ]
        )
        == 0
    )
    words = ["enhance", str(phantom), str(tmp_path / "o.nrrd"), "--model", "median", "--picture", str(wider)]
    assert main([*words, "--reference", str(phantom)]) == 0
    one, other = Image.open(picture), Image.open(wider)
    assert other.width > one.width and other.height == one.height
    assert np.asarray(one).std() > 10


def test_floats_are_written_on_request_only(phantom, tmp_path):
    assert main(["enhance", str(phantom), str(tmp_path / "a.nrrd"), "--model", "median"]) == 0
    assert main(["enhance", str(phantom), str(tmp_path / "b.nrrd"), "--model", "median", "--float"]) == 0
    assert read_volume(tmp_path / "a.nrrd").voxels.dtype == np.int16
    assert read_volume(tmp_path / "b.nrrd").voxels.dtype == np.float32


def test_outside_of_the_roi_nothing_changes(phantom, tmp_path):
    words = ["--model", "median", "--roi", "4:12,3:15,1:4"]
    assert main(["enhance", str(phantom), str(tmp_path / "a.nrrd"), *words]) == 0
    before, after = read_volume(phantom).voxels, read_volume(tmp_path / "a.nrrd").voxels
    inside = np.zeros(before.shape, bool)
    inside[1:4, 3:15, 4:12] = True
    assert np.array_equal(before[~inside], after[~inside])
    assert not np.array_equal(before[inside], after[inside])


def test_strength_0_gives_the_input(phantom, tmp_path):
    assert (
        main(["enhance", str(phantom), str(tmp_path / "a.nrrd"), "--model", "median", "--strength", "0"]) == 0
    )
    assert np.array_equal(read_volume(phantom).voxels, read_volume(tmp_path / "a.nrrd").voxels)


def test_an_older_output_is_replaced(phantom, tmp_path):
    out = write_phantom(tmp_path / "out.nrrd", make_phantom((3, 4, 5)))
    assert main(["enhance", str(phantom), str(out), "--model", "median"]) == 0
    assert read_volume(out).shape == read_volume(phantom).shape


def test_auto_takes_the_modality_of_a_dicom_series_and_says_what_it_picked(tmp_path):
    folder = tmp_path / "series"
    folder.mkdir()
    write_dicom_series(folder, "1.2.826.0.1.3680043.2.1125.7", modality="US")
    report = tmp_path / "report.json"
    done = run_command("enhance", folder, tmp_path / "out.nrrd", "--report", report)
    assert done.returncode == 0, done.stderr
    values = json.loads(report.read_text())
    assert values["input"]["modality"] == "US"
    assert values["model"]["name"] in done.stdout and values["model"]["chosen"] in done.stdout
    assert "US" in values["model"]["chosen"]


def test_the_modality_that_a_person_gives_wins(tmp_path):
    folder = tmp_path / "series"
    folder.mkdir()
    write_dicom_series(folder, "1.2.826.0.1.3680043.2.1125.7", modality="CT")
    report = tmp_path / "report.json"
    words = ["--model", "median", "--modality", "mr", "--report", report]
    done = run_command("enhance", folder, tmp_path / "out.nrrd", *words)
    assert done.returncode == 0, done.stderr
    assert json.loads(report.read_text())["input"]["modality"] == "MR"
    assert "CT" in done.stdout


def test_json_progress_is_json_only(phantom, tmp_path):
    done = run_command("enhance", phantom, tmp_path / "a.nrrd", "--model", "median", "--json-progress")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0 and done.stderr == ""
    assert {event["event"] for event in events[:-1]} == {"progress"}
    fractions = [event["fraction"] for event in events[:-1]]
    assert fractions == sorted(fractions) and fractions[-1] == 1.0
    assert events[-1]["event"] == "result"
    assert events[-1]["files"]["output"] == str(tmp_path / "a.nrrd")
    assert events[-1]["report"]["model"]["name"] == "median"


def test_json_progress_tells_an_error_too(tmp_path):
    done = run_command("enhance", tmp_path / "no.nii", tmp_path / "a.nrrd", "--json-progress")
    assert_refused(done, "no.nii")
    (event,) = map(json.loads, done.stdout.splitlines())
    assert (event["event"], event["code"]) == ("error", "input") and "no.nii" in event["sentence"]


def _on_a_terminal(words, environment=None):
    """Run the command with a terminal for stderr and return (exit code, stdout, what the terminal got)."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {**os.environ, "TERM": "xterm", **(environment or {})}
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)], stdout=subprocess.PIPE, stderr=theirs, env=environment, text=True
    )
    os.close(theirs)
    stdout = process.stdout.read()
    shown = b""
    try:
        while part := os.read(ours, 4096):
            shown += part
    except OSError:
        pass  # the terminal's other end is closed
    os.close(ours)
    return process.wait(60), stdout, shown.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_a_terminal_gets_a_bar_that_is_gone_at_the_end(phantom, tmp_path):
    code, stdout, shown = _on_a_terminal(["enhance", phantom, tmp_path / "a.nrrd", "--model", "median"])
    assert code == 0
    assert "100 % |" in shown and "Wrote the enhanced volume" in stdout
    assert "10 %" not in stdout
    assert shown.rstrip("\r\n ").endswith("\r") or shown.split("\r")[-1].strip() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="terminals of POSIX")
def test_without_tqdm_a_terminal_gets_percentages(phantom, tmp_path):
    (tmp_path / "blocked").mkdir()
    (tmp_path / "blocked" / "tqdm.py").write_text("raise ImportError('not here')")
    path = os.pathsep.join([str(tmp_path / "blocked"), os.environ["PYTHONPATH"]])
    words = ["enhance", phantom, tmp_path / "a.nrrd", "--model", "median"]
    code, stdout, shown = _on_a_terminal(words, {"PYTHONPATH": path})
    assert code == 0 and shown == ""
    assert "100 %" in stdout


# Stopping


def _start_long_run(tmp_path):
    """Start a run that takes many seconds; returns the process once it is enhancing."""
    source = write_phantom(tmp_path / "in.nii.gz", make_phantom((40, 200, 200)))
    outputs = ["--residual", tmp_path / "r.nrrd", "--report", tmp_path / "r.json"]
    words = ["enhance", source, tmp_path / "out.nii.gz", "--model", "nlm", "--json-progress", *outputs]
    process = subprocess.Popen(
        [*COMMAND, *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=_hear_ctrl_c,
    )
    for line in process.stdout:
        if json.loads(line)["fraction"] > 0:
            return process
    raise AssertionError(process.communicate())


def _hear_ctrl_c():
    """Undo what a shell does to commands in the background: they, and all they start, ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_command_leaves_nothing(tmp_path, number, code):
    process = _start_long_run(tmp_path)
    process.send_signal(number)
    begin = time.monotonic()
    _, stderr = process.communicate(timeout=20)
    assert process.returncode == code
    assert time.monotonic() - begin < 10
    assert stderr.count("\n") == 1 and "Traceback" not in stderr
    assert list(files_in(tmp_path)) == ["in.nii.gz"]


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_second_ctrl_c_ends_at_once_what_the_first_cannot_and_leaves_nothing(phantom, tmp_path):
    """Writing hangs, as on a network disk that does not answer."""
    program = f"""
import sys, time
from pathlib import Path
import GANEnhanceLib.volume as volume
from GANEnhanceLib.cli import main
def hangs(written, path):
    Path(path).write_bytes(b"half of it")
    print("writing", flush=True)
    time.sleep(60)
volume.write_volume = hangs
sys.exit(main(["enhance", {str(phantom)!r}, {str(tmp_path / "out.nrrd")!r}, "--model", "median"]))
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, preexec_fn=_hear_ctrl_c
    )
    while process.stdout.readline() != "writing\n":
        pass
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    assert process.poll() is None and len(files_in(tmp_path)) > 1
    process.send_signal(signal.SIGINT)
    assert process.wait(2) == 130
    process.stdout.close()
    assert list(files_in(tmp_path)) == ["in.nii.gz"]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of POSIX")
def test_a_reader_that_leaves_early_gets_no_traceback():
    process = subprocess.Popen([*COMMAND, "models"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(30) != 0


def test_a_fault_of_the_program_is_one_sentence_and_code_1(phantom, tmp_path, capsys, monkeypatch):
    from GANEnhanceLib import pipeline

    def broken(*arguments, **named):
        raise ZeroDivisionError("division by zero\nsecond line")
        yield

    monkeypatch.setattr(pipeline, "enhance_with_report", broken)
    code = main(["enhance", str(phantom), str(tmp_path / "a.nrrd"), "--model", "median"])
    shown = capsys.readouterr()
    done = subprocess.CompletedProcess([], code, shown.out, shown.err)
    assert_refused(done, "ZeroDivisionError: division by zero", "GANENHANCE_DEBUG", code=1)
    assert list(files_in(tmp_path)) == ["in.nii.gz"]


# Evaluating and simulating


def test_evaluate_gives_the_figures_of_the_library(phantom, tmp_path):
    from GANEnhanceLib import metrics

    noisy = write_phantom(tmp_path / "noisy.nii.gz", make_phantom(seed=5))
    done = run_command("evaluate", noisy, phantom, "--data-range", "500", "--json")
    figures = json.loads(done.stdout)
    one, other = read_volume(noisy).voxels, read_volume(phantom).voxels
    assert figures["psnr"] == pytest.approx(metrics.psnr(one, other, 500))
    assert figures["ssim"] == pytest.approx(metrics.ssim(one, other, 500))
    assert figures["mae"] == pytest.approx(metrics.mae(one, other))
    assert figures["rmse"] == pytest.approx(metrics.rmse(one, other))
    assert figures["voxels"] == one.size and figures["data_range"] == 500
    text = run_command("evaluate", noisy, phantom, "--data-range", "500").stdout
    assert f"{figures['psnr']:.3f} dB" in text and "SSIM" in text


def test_evaluate_looks_inside_the_mask_only(phantom, tmp_path, capsys):
    voxels = read_volume(phantom).voxels.copy()
    voxels[0] += 50
    other = write_phantom(tmp_path / "other.nrrd", voxels)
    mask = np.ones(voxels.shape, np.uint8)
    mask[0] = 0
    mask_path = write_phantom(tmp_path / "mask.nrrd", mask)
    assert (
        main(
            ["evaluate", str(other), str(phantom), "--data-range", "500", "--mask", str(mask_path), "--json"]
        )
        == 0
    )
    figures = json.loads(capsys.readouterr().out)
    assert figures["identical"] and figures["psnr"] is None and figures["mae"] == 0
    assert figures["voxels"] == int(mask.sum())


def test_simulated_noise_has_the_sigma_that_is_said(phantom, tmp_path):
    voxels = make_phantom((12, 40, 40), "uint16")
    clean = write_phantom(tmp_path / "clean.nii.gz", voxels)
    words = ["--kind", "mr-rician", "--percent", "4"]
    done = run_command("simulate", clean, tmp_path / "a.nii.gz", *words, "--seed", "3")
    assert done.returncode == 0, done.stderr
    sigma = 0.04 * reference_intensity(voxels)
    assert f"{sigma:.6g}" in done.stdout
    noisy = read_volume(tmp_path / "a.nii.gz").voxels
    assert noisy.dtype == np.uint16
    bright = voxels > 300
    assert np.std(noisy[bright].astype(float) - voxels[bright]) == pytest.approx(sigma, rel=0.1)


def test_the_same_seed_gives_the_same_noise(phantom, tmp_path):
    words = ["--kind", "mr-rician", "--percent", "4", "--seed"]
    for name, seed in (("a.nrrd", "1"), ("b.nrrd", "1"), ("c.nrrd", "2")):
        assert main(["simulate", str(phantom), str(tmp_path / name), *words, seed]) == 0
    a, b, c = (read_volume(tmp_path / name).voxels for name in ("a.nrrd", "b.nrrd", "c.nrrd"))
    assert np.array_equal(a, b) and not np.array_equal(a, c)


# Models


def test_models_lists_what_is_installed(capsys):
    assert main(["models"]) == 0
    text = capsys.readouterr().out
    assert {"median", "anisotropic-diffusion", "nlm"} <= {line.split()[0] for line in text.splitlines()}
    assert main(["models", "--json"]) == 0
    models = json.loads(capsys.readouterr().out)["models"]
    assert [model["name"] for model in models] == [line.split()[0] for line in text.splitlines()[1:]]


def test_models_show_tells_what_a_model_is(capsys):
    assert main(["models", "show", "median"]) == 0
    text = capsys.readouterr().out
    assert "median" in text and "sha256" in text and max(map(len, text.splitlines())) <= 110
    assert main(["models", "show", "median", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "median"


def test_models_verify_tells_each_check(tmp_path):
    from make_bundle import make_tiny_bundle

    bundle = make_tiny_bundle(tmp_path / "tiny", kind="identity")
    done = run_command("models", "verify", bundle)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("ok") >= 3 and "FAILED" not in done.stdout
    weights = bundle / "models" / "fidelity.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\x7f")
    done = run_command("models", "verify", bundle)
    assert_refused(done, "fidelity.safetensors")
    assert "FAILED" in done.stdout
