"""`ganenhance simulate` with every kind: geometry, types, units, seeds, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest

from GANEnhanceLib.cli import main
from GANEnhanceLib.degrade.registry import KINDS, degrade_volume, read_options
from GANEnhanceLib.errors import GANEnhanceError, InputError, OptionError
from GANEnhanceLib.volume import Volume, read_volume, write_volume

LEVELS = {
    "mr-rician": {"percent": "5"},
    "mr-chi": {"percent": "5", "coils": "4"},
    "mr-gibbs": {"kept": "0.5"},
    "thick-slices": {"factor": "3"},
    "coarse-grid": {"factor": "2"},
    "mr-motion": {"degrees": "4", "ghosts": "3"},
    "ct-low-dose": {"dose": "0.2"},
    "us-speckle": {"looks": "2"},
}
MATRIX = np.array([[0, -1.5, 0, 20], [1.5, 0, 0, -30], [0, 0, 3.0, 5], [0, 0, 0, 1]])


def clean_volume(kind, dtype="int16", shape=(6, 48, 40)):
    """Return a volume that suits the kind: nested tissues, HU for CT, oblique axes."""
    j, i = np.meshgrid(*(np.linspace(-1, 1, n) for n in shape[1:]), indexing="ij")
    radius = np.hypot(j, i)
    plane = np.select([radius < 0.3, radius < 0.6, radius < 0.8], [120.0, 60.0, 200.0])
    voxels = plane[None] * (1 - 0.05 * np.arange(shape[0]))[:, None, None] + np.linspace(0, 30, shape[2])
    modality = (KINDS[kind].modalities or ("MR",))[0]
    if modality == "CT":
        voxels = np.where(plane[None] > 0, voxels - 60, -1000.0)
    return Volume(voxels.astype(dtype), MATRIX, modality, "clean")


def ready(kind):
    """Skip what needs TorchIO where it is missing."""
    if kind == "mr-motion":
        pytest.importorskip("torchio")


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("dtype", ["int16", "float32"])
def test_every_kind_keeps_place_and_type_and_follows_the_seed(kind, dtype):
    ready(kind)
    clean = clean_volume(kind, dtype)
    before = clean.voxels.copy()
    values = read_options(kind, LEVELS[kind])
    (one, said), (again, _), (other, _) = (degrade_volume(clean, kind, values, seed) for seed in (1, 1, 2))
    assert one.voxels.dtype == clean.voxels.dtype and one.modality == clean.modality
    if kind == "coarse-grid":
        middle = np.array([[19.5, 23.5, each, 1] for each in (2.5, 1.0)])
        assert one.shape == (3, 48, 40) and one.spacing == pytest.approx((1.5, 1.5, 6))
        assert one.ijk_to_ras @ middle[1] == pytest.approx(clean.ijk_to_ras @ middle[0])
    else:
        assert one.shape == clean.shape and np.array_equal(one.ijk_to_ras, clean.ijk_to_ras)
    assert np.array_equal(one.voxels, again.voxels) and not np.array_equal(one.voxels, clean.voxels)
    fixed = kind in ("mr-gibbs", "thick-slices", "coarse-grid")
    assert np.array_equal(one.voxels, other.voxels) == fixed
    assert np.array_equal(clean.voxels, before) and said.endswith(".")


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"thick-slices"}))
def test_slices_of_another_axis_are_found(kind):
    """The slices of a volume are the same, wherever its axes lie in the file."""
    ready(kind)
    clean = clean_volume(kind, "float32")
    turned = Volume(
        np.ascontiguousarray(clean.voxels.transpose(1, 2, 0)),
        MATRIX[:, [2, 0, 1, 3]],
        clean.modality,
        "turned",
    )
    values = read_options(kind, LEVELS[kind])
    one, _ = degrade_volume(clean, kind, values, 1)
    other, _ = degrade_volume(turned, kind, values, 1)
    assert other.voxels.transpose(2, 0, 1) == pytest.approx(one.voxels, abs=1e-3)


def test_ct_stays_in_hu():
    clean = clean_volume("ct-low-dose", "int16", (12, 96, 96))
    for method in ("sinogram", "image"):
        values = read_options("ct-low-dose", {"dose": "0.1", "method": method})
        noisy, said = degrade_volume(clean, "ct-low-dose", values, 1)
        difference = noisy.voxels.astype(float) - clean.voxels
        assert difference.std() > 1 and abs(difference.mean()) < 0.5 and "HU" in said
        assert noisy.voxels.min() < -1000


def test_a_thick_volume_says_its_millimeters():
    clean = clean_volume("thick-slices")
    thick, said = degrade_volume(
        clean, "thick-slices", read_options("thick-slices", LEVELS["thick-slices"]), 0
    )
    assert "3 slices of 3 mm to slices of 9 mm" in said
    means = clean.voxels.reshape(2, 3, 48, 40).mean(axis=1)
    assert np.abs(thick.voxels[1::3] - means).max() <= 0.5


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("modality", ["MR", "CT", "US"])
def test_a_kind_that_does_not_fit_the_modality_is_refused(kind, modality):
    allowed = KINDS[kind].modalities
    if not allowed or modality in allowed:
        return
    other = replace(clean_volume(kind), modality=modality)
    with pytest.raises(InputError, match=f"modality {modality}, but {kind} is for {allowed[0]}") as caught:
        degrade_volume(other, kind, read_options(kind, LEVELS[kind]), 0)
    assert f"--modality {allowed[0]}" in caught.value.hint


def test_values_that_are_no_hu_are_refused_unless_the_modality_is_said():
    positive = replace(clean_volume("mr-rician"), modality=None)
    values = read_options("ct-low-dose", {"dose": "0.5", "method": "image"})
    with pytest.raises(InputError, match="do not look like HU"):
        degrade_volume(positive, "ct-low-dose", values, 0)
    degrade_volume(replace(positive, modality="CT"), "ct-low-dose", values, 0)
    chest = replace(clean_volume("ct-low-dose"), modality=None)
    with pytest.raises(InputError, match="lowest value is -1000, but mr-rician is for magnitudes"):
        degrade_volume(chest, "mr-rician", {"percent": 3.0, "correlation": 0, "variation": 0}, 0)


@pytest.mark.parametrize(
    ("kind", "texts", "named"),
    [
        ("mr-rician", {}, "needs --percent"),
        ("mr-rician", {"percent": "101"}, "0 to 100"),
        ("mr-rician", {"percent": "4", "dose": "0.5"}, "--dose is not for mr-rician, but for ct-low-dose"),
        ("mr-chi", {"percent": "4", "coils": "2.5"}, "'2.5'.*a whole number from 1 to 128"),
        ("mr-chi", {"percent": "4"}, "needs --coils"),
        ("mr-gibbs", {"kept": "0"}, "0.02 to 1"),
        ("thick-slices", {"factor": "two"}, "'two'"),
        ("ct-low-dose", {"dose": "0"}, "above 0, up to 1"),
        ("ct-low-dose", {"dose": "0.5", "kernel": "hard"}, "one of: soft, sharp"),
        ("us-speckle", {"looks": "nan"}, "'nan'"),
        ("us-speckle", {"looks": "1", "dynamic_range": "inf"}, "dynamic range is 'inf'"),
        ("mr-motion", {"degrees": "4", "ghost_strength": "2"}, "0 to 1"),
    ],
)
def test_wrong_options_are_one_sentence(kind, texts, named):
    with pytest.raises(OptionError, match=named):
        read_options(kind, texts)


def test_more_slices_than_there_are_cannot_be_averaged():
    with pytest.raises(GANEnhanceError, match="factor is 7, but the volume has 6 slices"):
        degrade_volume(
            clean_volume("thick-slices"), "thick-slices", read_options("thick-slices", {"factor": "7"}), 0
        )


def test_the_command_writes_says_and_refuses(tmp_path, capsys):
    clean = tmp_path / "chest.nrrd"
    write_volume(clean_volume("ct-low-dose"), clean)
    words = ["simulate", str(clean), str(tmp_path / "low.nrrd"), "--kind", "ct-low-dose", "--dose", "0.1"]
    assert main([*words, "--modality", "CT", "--seed", "4"]) == 0
    assert "HU standard deviation" in capsys.readouterr().out
    assert read_volume(tmp_path / "low.nrrd").voxels.dtype == np.int16
    assert main([*words[:2], str(tmp_path / "no.nrrd"), "--kind", "mr-gibbs", "--dose", "0.1"]) == 2
    assert "--dose is not for mr-gibbs" in capsys.readouterr().err
    assert not (tmp_path / "no.nrrd").exists()


def test_the_command_asks_for_the_modality_of_another_file(tmp_path, capsys, monkeypatch):
    import GANEnhanceLib.volume as module

    monkeypatch.setattr(module, "read_volume", lambda path: clean_volume("ct-low-dose"))
    words = ["simulate", "chest.dcm", str(tmp_path / "o.nrrd"), "--kind", "us-speckle", "--looks", "1"]
    assert main(words) == 2
    assert "modality CT, but us-speckle is for US" in capsys.readouterr().err
    assert main([*words, "--modality", "US"]) == 0
    assert "says CT; it is taken as US, as asked" in capsys.readouterr().out
