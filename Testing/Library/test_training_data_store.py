"""Voxels of a training: read once, checked, in memory or mapped from disk."""

import numpy as np
import pytest
import training_folders as folders

from GANEnhanceLib.errors import InputError, OutputError
from GANEnhanceLib.training.config.data import VolumesConfig
from GANEnhanceLib.training.data import store as module
from GANEnhanceLib.training.data.folders import find_volumes
from GANEnhanceLib.training.data.store import VolumeStore, hash_voxels, is_mapped


@pytest.fixture
def volume(tmp_path):
    path = folders.save(tmp_path / "set/one.nii.gz", folders.image(1))
    return find_volumes(VolumesConfig(files=[path]), tmp_path)[0]


def test_disk_and_memory_hold_the_same_voxels(tmp_path, volume):
    kept, mapped = (VolumeStore(tmp_path / "cache", memory).load(volume) for memory in ("ram", "disk"))
    assert is_mapped(mapped.volume.voxels) and not is_mapped(kept.volume.voxels)
    assert np.array_equal(kept.volume.voxels, mapped.volume.voxels)
    assert np.array_equal(kept.volume.ijk_to_ras, mapped.volume.ijk_to_ras)
    assert (kept.sha256, kept.content) == (mapped.sha256, mapped.content)


def test_a_later_run_takes_the_files_over_without_decoding(tmp_path, volume, monkeypatch):
    first = VolumeStore(tmp_path / "cache", "disk").load(volume)
    monkeypatch.setattr(module, "_read", lambda found: pytest.fail("read again"))
    again = VolumeStore(tmp_path / "cache", "disk").load(volume)
    assert np.array_equal(first.volume.voxels, again.volume.voxels)
    assert not is_mapped(VolumeStore(tmp_path / "cache", "ram").load(volume).volume.voxels)


def test_a_changed_file_is_read_again(tmp_path, volume):
    VolumeStore(tmp_path / "cache", "disk").load(volume)
    folders.save(volume.path, folders.image(2))
    found = VolumeStore(tmp_path / "cache", "disk").load(volume)
    assert np.array_equal(found.volume.voxels, folders.image(2))


@pytest.mark.parametrize("suffix", ["npy", "json"])
def test_half_a_file_is_made_again(tmp_path, volume, suffix):
    VolumeStore(tmp_path / "cache", "disk").load(volume)
    (path,) = (tmp_path / "cache").glob(f"*.{suffix}")
    path.write_bytes(path.read_bytes()[:50])
    found = VolumeStore(tmp_path / "cache", "disk").load(volume)
    assert np.array_equal(found.volume.voxels, folders.image(1))
    assert not list((tmp_path / "cache").glob("*.part"))


def test_a_header_with_its_voxels_elsewhere_is_never_taken_for_the_same(tmp_path):
    header = tmp_path / "one.mhd"
    text = "ObjectType = Image\nNDims = 3\nDimSize = 18 20 10\nElementType = MET_FLOAT\n"
    header.write_text(text + "ElementByteOrderMSB = False\nElementDataFile = one.raw\n")
    found = []
    for seed in (1, 2):
        folders.image(seed).tofile(tmp_path / "one.raw")
        (volume,) = find_volumes(VolumesConfig(files=[header]), tmp_path)
        found.append(VolumeStore(tmp_path / "cache", "disk").load(volume).volume.voxels)
    assert np.array_equal(found[0], folders.image(1)) and np.array_equal(found[1], folders.image(2))


def test_auto_goes_to_disk_when_memory_is_short(tmp_path, volume, monkeypatch):
    size = folders.image(1).nbytes
    for free, mapped in ((4 * size, False), (size, True)):
        monkeypatch.setattr(module, "free_memory", lambda free=free: free)
        found = VolumeStore(tmp_path / f"cache{free}", "auto").load(volume)
        assert is_mapped(found.volume.voxels) is mapped


def test_free_memory_is_told_in_bytes():
    assert 2**24 < module.free_memory() < 2**50


def test_the_same_image_in_another_type_has_the_same_hash():
    voxels = np.arange(60, dtype=np.int16).reshape(3, 4, 5)
    assert hash_voxels(voxels) == hash_voxels(voxels.astype(np.float64))
    assert hash_voxels(voxels) != hash_voxels(voxels.reshape(4, 3, 5))


@pytest.mark.parametrize(("value", "fault"), [(np.nan, "NaN or infinite"), (np.inf, "NaN or infinite")])
def test_a_volume_with_nan_is_refused_with_its_name(tmp_path, value, fault):
    voxels = folders.image(1)
    voxels[2, 3, 4] = value
    path = folders.save(tmp_path / "bad.nrrd", voxels)
    (volume,) = find_volumes(VolumesConfig(files=[path]), tmp_path)
    with pytest.raises(InputError, match=rf"'.*bad.nrrd' cannot be learned from: 1 of .*{fault}"):
        VolumeStore(tmp_path, "ram").load(volume)


def test_a_constant_volume_is_refused_with_its_name(tmp_path):
    path = folders.save(tmp_path / "flat.mha", np.full(folders.SHAPE, 7, np.int16))
    (volume,) = find_volumes(VolumesConfig(files=[path]), tmp_path)
    with pytest.raises(InputError, match="'.*flat.mha' cannot be learned from: the volume is constant"):
        VolumeStore(tmp_path, "ram").load(volume)


def test_a_full_disk_is_told(tmp_path, volume, monkeypatch):
    def full(path, write):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "_write_aside", full)
    with pytest.raises(OutputError, match="'one.nii.gz' cannot be kept in .*: No space left on device"):
        VolumeStore(tmp_path / "cache", "disk").load(volume)
