"""From configuration to data: every kind, bad input in one sentence each, leaks, provenance."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
import training_folders as folders

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.metrics import fit_to_noise
from GANEnhanceLib.training.data.build import build_data

PATIENTS = ["p1/scan.nii", "p2/scan.nii", "p3/scan.nii"]
GAN = {
    "generator": {"architecture": "dcgan", "arguments": {"size": 16}},
    "discriminator": {"architecture": "dcgan-discriminator", "arguments": {"size": 16}},
}


def build(tmp_path, data, **changes):
    return build_data(folders.config(data, **changes), tmp_path / "cache")


def channels(count):
    return {"networks": {"generator": {"architecture": "unet", "arguments": {"channels_in": count}}}}


@pytest.fixture
def clean(tmp_path):
    return folders.fill(tmp_path / "clean", PATIENTS)


@pytest.fixture
def paired(tmp_path):
    """Two channels and a target for three patients; the target is half the first channel."""
    for number, name in enumerate(PATIENTS):
        target = folders.image(number)
        for channel, voxels in (("t1", 2 * target), ("t2", 300 - target), ("target", target)):
            folders.save(tmp_path / "pairs" / channel / name, voxels)
    return tmp_path / "pairs"


# Every kind of data


def test_clean_volumes_are_split_by_patient_and_drawn_from(tmp_path, clean):
    data = build(tmp_path, folders.clean(clean))
    assert next(data.sampler)["input"].shape == (4, 1, 16, 16)
    (held_out,) = data.validation_volumes
    drawn_from = {volume.patient for volume in data.sampler.volumes}
    assert {held_out.patient} | drawn_from == {"p1", "p2", "p3"} and len(drawn_from) == 2
    assert held_out.given is held_out.target and held_out.inputs == {}
    assert (held_out.modality, held_out.group, held_out.target.shape) == ("MR", "clean", folders.SHAPE)
    assert held_out.scaling.high == pytest.approx(np.percentile(held_out.target.voxels, 99.5))


def test_no_patient_is_in_two_parts_and_the_split_stays(tmp_path, clean):
    split = {"validation": 0.3, "test": 0.3}
    first, second = (build(tmp_path, folders.clean(clean, split=split)) for _ in range(2))
    parts = {row["patient"]: row["part"] for row in first.provenance}
    assert sorted(parts.values()) == ["test", "training", "validation"]
    assert parts == {row["patient"]: row["part"] for row in second.provenance}
    assert first.test_patients == tuple(name for name, part in parts.items() if part == "test")


def test_pairs_give_inputs_in_the_order_of_the_network(tmp_path, paired):
    data = build(tmp_path, folders.paired(paired, ("t1", "t2")), **channels(2))
    batch = next(data.sampler)
    assert batch["input"].shape == (4, 2, 16, 16) and batch["target"].shape == (4, 1, 16, 16)
    (held_out,) = data.validation_volumes
    assert (tuple(held_out.inputs), held_out.primary) == (("t2", "t1"), "t1")
    assert np.array_equal(held_out.given.voxels, 2 * held_out.target.voxels)


def test_an_enhanced_target_is_scaled_as_its_input_and_a_translated_one_by_itself(tmp_path, paired):
    for task, high in (("denoise", 2.0), ("translate", 1.0)):
        data = build(tmp_path, folders.paired(paired, ("t1",)), task=task)
        (held_out,) = data.validation_volumes
        reference = np.percentile(held_out.target.voxels, 99.5)
        assert held_out.scaling.high == pytest.approx(high * reference, rel=1e-4)
        batch = next(data.sampler)
        assert np.allclose(high * batch["target"], batch["input"], atol=1e-5)


def test_pairs_of_another_brightness_are_told(tmp_path, paired, caplog):
    build(tmp_path, folders.paired(paired, ("t1",)))
    assert "is 0.50 times as bright as" in caplog.text and "task: translate" in caplog.text
    caplog.clear()
    build(tmp_path, folders.paired(paired, ("t1",)), task="translate")
    assert "bright" not in caplog.text


def test_pairs_are_scaled_by_the_noise_of_what_comes_in(tmp_path, paired):
    scaling = {"name": "mr-percentile", "noise": 0.05}
    data = build(tmp_path, folders.paired(paired, ("t1",)), scaling=scaling)
    plain = build(tmp_path, folders.paired(paired, ("t1",)))
    pair, by_percentile = data.sampler.pairs[0], plain.sampler.pairs[0]
    assert pair.scalings[0] == fit_to_noise(scaling, pair.inputs[0]) == pair.target_scaling
    assert pair.scalings[0] != by_percentile.scalings[0]
    assert data.validation_volumes[0].scaling == plain.validation_volumes[0].scaling, (
        "judged by the same range"
    )


def test_images_without_a_wanted_output_are_not_scaled_by_their_noise(tmp_path, clean):
    latent = {"stages": [{"name": "train", "step": "latent", "steps": 2}], "networks": GAN}
    latent["scaling"] = {"name": "mr-percentile", "noise": 0.05}
    with pytest.raises(OptionError, match="scaling.noise is 0.05, but data.kind is real"):
        build(tmp_path, {"kind": "real", "real": [{"folder": str(clean)}]}, **latent)


def test_unpaired_sets_and_real_images_are_drawn_from(tmp_path, clean):
    folders.save(tmp_path / "b/p9.nii", folders.image(9))
    folders.save(tmp_path / "b/p8.nii", folders.image(8))
    sets = {"a": [{"folder": str(clean)}], "b": [{"folder": str(tmp_path / "b")}]}
    cycle = {"stages": [{"name": "train", "step": "cycle", "steps": 2}]}
    networks = {**folders.UNET, "discriminator": {"architecture": "multi-scale-discriminator"}}
    data = build(tmp_path, {"kind": "unpaired", **sets}, networks=networks, **cycle)
    assert set(next(data.sampler)) == {"a", "b"}
    assert {each.group for each in data.validation_volumes} <= {"a", "b"}
    latent = {"stages": [{"name": "train", "step": "latent", "steps": 2}], "networks": GAN}
    data = build(tmp_path, {"kind": "real", "real": sets["a"]}, **latent)
    assert next(data.sampler)["real"].shape == (4, 1, 16, 16)


def test_the_shipped_samples_need_no_fetch(tmp_path):
    data = build(tmp_path, {"kind": "clean", "clean": [{"sources": ["sample-t1-head", "sample-b0"]}]})
    rows = {row["source"]: row for row in data.provenance}
    assert rows["sample-b0"]["licence"] == "BSD-3-Clause" and rows["sample-b0"]["title"]
    assert sorted(row["part"] for row in rows.values()) == ["training", "validation"]


def test_an_image_for_validation_is_never_learned_from(tmp_path, monkeypatch):
    from GANEnhanceLib.training import sources

    marked = replace(sources.SOURCES["sample-t1-head"], part="validation")
    monkeypatch.setitem(sources.SOURCES, "sample-t1-head", marked)
    for seed in range(3):
        data = {"kind": "clean", "clean": [{"sources": ["sample-t1-head", "sample-b0"]}]}
        data = build(tmp_path, {**data, "split": {"validation": 0.0, "seed": seed}})
        assert [each.name for each in data.validation_volumes] == ["sample-t1-head"]


def test_memory_and_disk_draw_the_same_batches(tmp_path, clean):
    ram, disk = (build(tmp_path, folders.clean(clean, memory=memory)) for memory in ("ram", "disk"))
    assert np.array_equal(next(ram.sampler)["input"], next(disk.sampler)["input"])
    assert len(list((tmp_path / "cache/volumes").glob("*.npy"))) == 3


def test_sets_share_the_patches_by_weight_not_by_number_of_volumes(tmp_path, clean):
    one = folders.fill(tmp_path / "one", ["q.nii"])
    folders.save(one / "q.nii", folders.image(50))
    sets = [{"folder": str(clean), "weight": 3.0}, {"folder": str(one)}]
    data = build(tmp_path, {"kind": "clean", "clean": sets, "split": {"validation": 0.0}})
    assert sorted(data.sampler.weights) == pytest.approx([0.25] * 4)


def test_the_provenance_says_where_each_volume_is_from(tmp_path, paired):
    data = build(tmp_path, folders.paired(paired, ("t1",)))
    row = next(row for row in data.provenance if row["set"] == "inputs.t1" and row["patient"] == "p2")
    assert row["sha256"] == hashlib.sha256((paired / "t1/p2/scan.nii").read_bytes()).hexdigest()
    assert (row["name"], row["size"]) == ("p2/scan.nii", [18, 20, 10])
    assert row["spacing_mm"] == [1.0, 1.0, 2.0]


def test_a_users_transform_is_applied_and_noted(tmp_path, clean, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine_for_build.py").write_text(
        "def zero(pair):\n    return {k: 0 * v for k, v in pair.items()}\n"
    )
    data = build(tmp_path, folders.clean(clean, transform="mine_for_build:zero"))
    assert not next(data.sampler)["input"].any()
    assert data.provenance[-1]["name"] == "mine_for_build:zero" and len(data.provenance[-1]["sha256"]) == 64


# Bad input


def test_one_image_alone_is_refused(tmp_path):
    folder = folders.fill(tmp_path / "one", ["only.nii"])
    with pytest.raises(InputError, match="only one patient, 'only', so none is left to judge"):
        build(tmp_path, folders.clean(folder))
    alone = build(tmp_path, folders.clean(folder, split={"validation": 0.0}))
    assert alone.validation_volumes == []


def test_an_empty_folder_is_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no volume"):
        build(tmp_path, folders.clean(tmp_path / "empty"))


def test_an_unreadable_file_among_others_is_named(tmp_path, clean):
    (clean / "p2/scan.nii").write_bytes((clean / "p2/scan.nii").read_bytes()[:900])
    with pytest.raises(InputError, match="'.*p2/scan.nii' cannot be read as a volume"):
        build(tmp_path, folders.clean(clean))


def test_a_volume_with_nan_among_others_is_named(tmp_path, clean):
    voxels = folders.image(1)
    voxels[0, 0, 0] = np.nan
    folders.save(clean / "p3/scan.nii", voxels)
    with pytest.raises(
        InputError, match="'.*p3/scan.nii' cannot be learned from: 1 of the volume's voxels is"
    ):
        build(tmp_path, folders.clean(clean))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"voxels": folders.image(1)[1:]}, "they have 18 x 20 x 10 and 18 x 20 x 9 voxels"),
        ({"origin": (0.0, 0.002, 0.0)}, "a corner lies 0.002 mm apart"),
        ({"spacing": (1.0, 1.0, 2.1)}, "a corner lies 0.9 mm apart"),
    ],
)
def test_pairs_of_different_grids_are_refused_and_both_are_named(tmp_path, paired, changes, sentence):
    changes = {"voxels": folders.image(1), **changes}
    folders.save(paired / "target/p2/scan.nii", **changes)
    with pytest.raises(InputError, match=f"t1/p2/scan.nii' and '.*target/p2/scan.nii' .*: {sentence}"):
        build(tmp_path, folders.paired(paired, ("t1",)))


def test_grids_within_a_thousandth_of_a_millimeter_are_one(tmp_path, paired):
    folders.save(paired / "target/p2/scan.nii", folders.image(1), origin=(0.0, 0.0005, 0.0))
    build(tmp_path, folders.paired(paired, ("t1",)))


def test_a_pair_with_a_missing_member_is_refused(tmp_path, paired):
    (paired / "target/p2/scan.nii").unlink()
    with pytest.raises(InputError, match="Patient 'p2' .*t1/p2/scan.nii'.*: 1 in t1, 0 in target"):
        build(tmp_path, folders.paired(paired, ("t1",)))


def test_the_same_image_as_input_and_target_is_refused(tmp_path, paired):
    folders.save(paired / "target/p2/scan.nii", 2 * folders.image(1))
    with pytest.raises(InputError, match="hold the same voxels"):
        build(tmp_path, folders.paired(paired, ("t1",)))


def test_a_patch_larger_than_a_volume_is_refused(tmp_path, clean):
    patches = {"size": 64, "directions": "acquisition"}
    with pytest.raises(InputError, match="64 voxels wide, but the slices of .* are 20 x 18"):
        build(tmp_path, folders.clean(clean, patches=patches))


@pytest.mark.parametrize(
    ("data", "count", "sentence"),
    [
        ({"inputs": ("t1", "t2")}, 1, r"has channels_in 1, but needs 2: data.inputs names 2 \(t1, t2\)"),
        ({"inputs": ("t1",)}, 3, "has channels_in 3, but needs 1: data.inputs names 1"),
        (
            {"inputs": ("t1", "t2"), "patches": {"dimensions": "2.5d", "slices": 3}},
            2,
            "needs 6: .* and patches show 3 neighboring slices",
        ),
    ],
)
def test_a_wrong_number_of_channels_is_refused_before_anything_is_read(tmp_path, data, count, sentence):
    with pytest.raises(OptionError, match=sentence) as told:
        build(tmp_path, folders.paired(tmp_path / "nowhere", **data), **channels(count))
    assert "networks.generator.arguments.channels_in=" in told.value.hint


@pytest.mark.parametrize(
    ("patches", "sentence"),
    [
        ({"dimensions": "3d"}, "has dimensions 2, but needs 3: data.patches.dimensions is 3d"),
        ({"contrasts": 0.5}, "contrasts is 0.5, but pairs are shown as they are"),
        ({"channel_drop": 0.5}, "channel_drop is 0.5, but there is one input channel only"),
    ],
)
def test_patches_that_network_or_data_cannot_give_are_refused(tmp_path, patches, sentence):
    with pytest.raises(OptionError, match=sentence):
        build(tmp_path, folders.paired(tmp_path / "nowhere", ("t1",), patches=patches), **channels(1))


def test_a_conditional_discriminator_needs_a_channel_for_each_input(tmp_path):
    stage = {"name": "train", "step": "paired", "steps": 2, "conditional": True, "adversarial": {}}
    networks = {
        **channels(2)["networks"],
        "discriminator": {"architecture": "patch-discriminator", "arguments": {"channels_in": 1}},
    }
    with pytest.raises(
        OptionError, match="has channels_in 1, but needs 3: in stage 'train' it is shown input"
    ):
        data = folders.paired(tmp_path / "nowhere", ("t1", "t2"))
        build(tmp_path, data, networks=networks, stages=[stage])


def test_images_of_another_size_than_the_latent_generator_makes_are_refused(tmp_path):
    latent = {"stages": [{"name": "train", "step": "latent", "steps": 2}], "networks": GAN}
    data = {"kind": "real", "real": [{"folder": "nowhere"}], "patches": {"size": 32}}
    with pytest.raises(OptionError, match="has size 16, but needs 32: data.patches.size"):
        build(tmp_path, data, **latent)


# Leaks


def test_a_copy_of_an_image_in_another_part_is_refused_and_both_are_named(tmp_path, clean):
    for name in ("p2/scan.nii", "p3/scan.nii"):
        (clean / name).unlink()
    folders.save(clean / "p2/copy.nrrd", folders.image(0).astype(np.float64))
    with pytest.raises(
        InputError, match="p1/scan.nii' in .* and '.*p2/copy.nrrd' in .* hold the same voxels"
    ):
        build(tmp_path, folders.clean(clean))


def test_a_copy_among_the_test_patients_is_noticed_too(tmp_path, clean):
    folders.save(clean / "p3/scan.nii", folders.image(0))
    split = {"test_patients": ["p3"], "validation_patients": ["p2"]}
    with pytest.raises(InputError, match="in training and '.*p3/scan.nii' in test hold the same voxels"):
        build(tmp_path, folders.clean(clean, split=split))


def test_one_file_under_two_patients_is_refused(tmp_path, clean):
    sets = [{"folder": str(clean)}, {"folder": str(clean / "p1")}]
    split = {"validation_patients": ["p1"]}
    with pytest.raises(InputError, match=r"p1/scan.nii' is in validation \(patient 'p1'\) and in training"):
        build(tmp_path, {"kind": "clean", "clean": sets, "split": split})


def test_all_sets_of_a_run_have_one_split(tmp_path, clean):
    """A patient who judges set a is not learned from in set b."""
    other = folders.fill(tmp_path / "other", PATIENTS)
    for number, name in enumerate(PATIENTS):
        folders.save(other / name, folders.image(10 + number))
    networks = {**folders.UNET, "discriminator": {"architecture": "multi-scale-discriminator"}}
    data = build(
        tmp_path,
        {"kind": "unpaired", "a": [{"folder": str(clean)}], "b": [{"folder": str(other)}]},
        networks=networks,
        stages=[{"name": "train", "step": "cycle", "steps": 2}],
    )
    parts: dict[str, set[str]] = {}
    for row in data.provenance:
        parts.setdefault(row["patient"], set()).add(row["part"])
    assert all(len(part) == 1 for part in parts.values())
    assert sorted(each.group for each in data.validation_volumes) == ["a", "b"]
