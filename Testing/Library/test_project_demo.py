"""The sequence of `make enhance`, run for real with a filter that needs no network."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

from GANEnhanceLib import demo
from GANEnhanceLib.samples import sample_path
from GANEnhanceLib.volume import read_volume


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Folder and printed text of one run with the median filter."""
    from contextlib import redirect_stdout
    from io import StringIO

    folder, text = tmp_path_factory.mktemp("demo"), StringIO()
    with redirect_stdout(text):
        assert demo.main([str(folder), "--model", "median"]) == 0
    return folder, text.getvalue()


@pytest.mark.parametrize("sample", ["t1-head", "b0"])
def test_volume_residual_report_and_picture_are_made(shown, sample):
    folder = shown[0] / sample
    for name in ("original.nii.gz", "enhanced.nii.gz", "residual.nii.gz"):
        assert read_volume(folder / name).shape == read_volume(sample_path(sample)).shape
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert report["model"]["name"] == "median"
    assert (folder / "before-after.png").read_bytes().startswith(b"\x89PNG")


def test_the_original_is_kept_as_it_is_shipped(shown):
    for sample in ("t1-head", "b0"):
        assert (shown[0] / sample / "original.nii.gz").read_bytes() == sample_path(sample).read_bytes()


def test_the_printed_gain_is_the_one_of_the_written_volumes(shown):
    folder, text = shown
    original = read_volume(folder / "t1-head/original.nii.gz").voxels.astype(float)

    def squared_error(name):
        return np.mean((read_volume(folder / f"t1-head/{name}.nii.gz").voxels - original) ** 2)

    expected = 10 * math.log10(squared_error("noisy") / squared_error("enhanced"))
    printed = float(re.search(r"whole volume .* gain ([+-][\d.]+) dB", text).group(1))
    assert printed == pytest.approx(expected, abs=0.006)


def test_the_added_noise_has_the_strength_that_is_said(shown):
    from GANEnhanceLib.intensity import reference_intensity

    original = read_volume(shown[0] / "t1-head/original.nii.gz").voxels.astype(float)
    noisy = read_volume(shown[0] / "t1-head/noisy.nii.gz").voxels.astype(float)
    # Rician noise is Gaussian where the signal is many times the noise.
    bright = original > 0.6 * reference_intensity(original)
    percent = 100 * np.std((noisy - original)[bright]) / reference_intensity(original)
    assert percent == pytest.approx(demo.NOISE_PERCENT, rel=0.05)


def test_everything_that_was_made_is_named_and_there(shown):
    folder, text = shown
    named = {line.strip() for line in text.splitlines() if line.startswith(f"  {folder}")}
    assert named == {str(path) for path in folder.rglob("*") if path.is_file()}


def test_a_command_that_fails_ends_the_show_with_its_exit_code(tmp_path, capfd):
    assert demo.main([str(tmp_path), "--model", "no-such-model"]) == 2
    error = capfd.readouterr().err
    assert "no-such-model" in error and "This command failed: " in error
    assert not (tmp_path / "t1-head/enhanced.nii.gz").exists()


def test_an_earlier_run_leaves_nothing_behind_and_other_files_are_kept(tmp_path):
    folder = tmp_path / "t1-head"
    folder.mkdir()
    (folder / "report.json").write_text("{}")
    (folder / "mine.txt").write_text("kept")
    demo.main([str(tmp_path), "--model", "no-such-model"])
    assert not (folder / "report.json").exists()
    assert (folder / "mine.txt").read_text() == "kept"
