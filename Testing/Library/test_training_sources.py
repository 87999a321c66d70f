"""Public images of the training: fetched by name, compared by content, the reserved ones refused."""

import pytest

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.images import reserved
from GANEnhanceLib.training.images.reserved import refuse_reserved
from GANEnhanceLib.training.sources import SOURCES, fetch


@pytest.mark.parametrize("name", ["inia19-t1-brain.nii.gz", "brain_003.dcm", "t1_coronal_slice.npy"])
def test_a_reserved_image_is_refused_by_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"anything")
    with pytest.raises(InputError, match="reserved for independent evaluation"):
        refuse_reserved(tmp_path / name)


def test_a_reserved_image_is_refused_by_content_under_another_name(tmp_path, monkeypatch):
    import hashlib

    (tmp_path / "harmless.nii").write_bytes(b"reserved content")
    digest = hashlib.sha256(b"reserved content").hexdigest()
    known = {"files": frozenset({digest}), "volumes": frozenset(), "slices": frozenset()}
    monkeypatch.setattr(reserved, "reserved_hashes", lambda: known)
    with pytest.raises(InputError, match="reserved"):
        refuse_reserved(tmp_path / "harmless.nii")


def test_no_source_is_reserved():
    for source in SOURCES.values():
        refuse_reserved(source.item.member or source.path, source.item.sha256)


def test_a_users_own_file_of_a_similar_name_is_not_refused(tmp_path):
    (tmp_path / "brain_001.nii.gz").write_bytes(b"anything")
    refuse_reserved(tmp_path / "brain_001.nii.gz")


@pytest.mark.parametrize("name", ["sample-t1-head", "sample-b0"])
def test_a_shipped_sample_is_a_source_that_needs_no_fetch(tmp_path, name):
    from GANEnhanceLib.training.sources import load

    assert load(name, tmp_path / "nowhere").modality in (None, "MR")
    assert SOURCES[name].licence in ("Apache-2.0", "BSD-3-Clause")
    assert not (tmp_path / "nowhere").exists()


def test_images_of_one_person_have_one_patient():
    assert SOURCES["colin27"].patient == SOURCES["colin27-brain-05mm"].patient
    assert SOURCES["t1-head"].patient == SOURCES["sample-t1-head"].patient


def test_a_fetched_file_with_another_content_is_refused(tmp_path):
    (tmp_path / "colin27.nii.gz").write_bytes(b"half a file")
    with pytest.raises(InputError, match="has the sha256"):
        fetch("colin27", tmp_path)


def test_an_unknown_source_is_refused_with_the_known_ones(tmp_path):
    with pytest.raises(OptionError, match="'colin28' is unknown; known are .*colin27"):
        fetch("colin28", tmp_path)
