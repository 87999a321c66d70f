"""The shipped samples: complete, unchanged, readable, and named with their licences."""

from __future__ import annotations

import hashlib
import importlib.util

import numpy as np
import pytest

from GANEnhanceLib import samples
from GANEnhanceLib.degrade.mr import add_rician_noise
from GANEnhanceLib.errors import InputError
from GANEnhanceLib.intensity import reference_intensity, to_dtype
from GANEnhanceLib.samples import list_samples, sample_path
from GANEnhanceLib.volume import read_volume

SAMPLES = {sample.name: sample for sample in list_samples()}


def test_the_promised_samples_are_listed():
    assert list(SAMPLES) == ["t1-head", "b0", "t1-head-noise"]


def test_the_noisy_head_is_the_clean_one_with_the_noise_that_it_names():
    clean, noisy = (read_volume(sample_path(name)) for name in ("t1-head", "t1-head-noise"))
    expected = add_rician_noise(clean.voxels, 0.06 * reference_intensity(clean.voxels), 6)
    assert np.array_equal(noisy.voxels, to_dtype(expected, clean.voxels.dtype))
    assert np.allclose(noisy.ijk_to_ras, clean.ijk_to_ras)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_file_is_the_one_that_was_described(name):
    assert hashlib.sha256(sample_path(name).read_bytes()).hexdigest() == SAMPLES[name].sha256


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_names_its_licence_and_source_and_the_notice_repeats_them(name):
    sample = SAMPLES[name]
    notice = (samples.FOLDER / "NOTICE.md").read_text(encoding="utf-8")
    assert sample.licence and sample.source
    assert sample.file in notice and sample.licence in notice


def test_every_volume_in_the_folder_is_a_listed_sample():
    files = {path.name for path in samples.FOLDER.iterdir() if path.suffix not in (".py", ".md", ".txt", "")}
    assert files == {sample.file for sample in SAMPLES.values()}


def test_the_t1_head_has_the_geometry_it_is_described_with(t1_head):
    assert t1_head.shape == (62, 128, 128)
    assert np.allclose(t1_head.spacing, (2, 2, 3))
    assert (t1_head.voxels.min(), t1_head.voxels.max()) == (0, 255)
    # Columns i, j, k: to the patient's left, up, and to the front.
    assert np.allclose(t1_head.ijk_to_ras[:3, :3], [[-2, 0, 0], [0, 0, 3], [0, 2, 0]])


def test_the_b0_brain_has_the_repaired_geometry():
    volume = read_volume(sample_path("b0"))
    assert volume.shape == (10, 128, 128)
    assert np.allclose(volume.ijk_to_ras[:3, :3], np.diag([2, 2, 2]))


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_usable_and_not_taken_for_a_label_map(name):
    read_volume(sample_path(name)).check_usable()


@pytest.mark.skipif(importlib.util.find_spec("dipy") is None, reason="dipy is not installed")
def test_the_voxels_of_b0_are_those_of_dipy():
    nibabel = pytest.importorskip("nibabel")
    from dipy.data import DATA_DIR

    original = np.asarray(nibabel.load(f"{DATA_DIR}/S0_10slices.nii.gz").dataobj)[..., 0]
    assert np.array_equal(read_volume(sample_path("b0")).voxels, original.transpose(2, 1, 0))


def test_an_unknown_sample_is_named_with_the_ones_there_are():
    with pytest.raises(InputError, match=r"'t2-head'.*t1-head, b0"):
        sample_path("t2-head")


def test_a_missing_file_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(samples, "FOLDER", tmp_path)
    with pytest.raises(InputError, match="t1-head.nii.gz.*missing.*again"):
        sample_path("t1-head")
