"""Public images of the training: fetched by name, compared by content, the reserved ones refused."""

import pytest

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.sources import SOURCES, fetch, refuse_reserved


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
