"""The card's parser names every wrong field, and agrees with the JSON Schema about what is wrong."""

from __future__ import annotations

import copy

import pytest
from make_bundle import tiny_metadata

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.intensity import SCALING_NAMES
from GANEnhanceLib.models.card import parse_card

DELETED = object()


@pytest.fixture(scope="module")
def metadata():
    from GANEnhanceLib.models.metadata import complete_metadata
    from GANEnhanceLib.networks import build_network

    arguments = {"channels_in": 5, "dimensions": 2}
    values = tiny_metadata("tiny", "plain-residual", arguments)
    return complete_metadata(values, ("fidelity", "perceptual"), build_network("plain-residual", **arguments))


def changed(metadata, path, value):
    values = copy.deepcopy(metadata)
    *parents, key = path.split(".")
    place = values
    for parent in parents:
        place = place[parent]
    if value is DELETED:
        del place[key]
    else:
        place[key] = value
    return values


def test_card_of_complete_metadata(metadata):
    from GANEnhanceLib.models.metadata import check_schema

    check_schema(metadata)
    card = parse_card(metadata)
    assert (card.name, card.kind, card.modality) == ("tiny", "network", ("MR",))
    assert (card.network.channels_in, card.network.dimensions, card.network.multiple) == (5, 2, 1)
    assert card.network.receptive_field == 4, "head, two of the block and tail reach one voxel each"
    # 3x3 convolutions of 5->8, 8->8, 8->8 and 8->1 channels, a multiplication and an addition each.
    assert card.network.flops_per_voxel == 2 * 9 * (5 * 8 + 8 * 8 + 8 * 8 + 8)
    assert card.plan.mode == "slices25d" and card.plan.axis == "acquisition" and card.plan.patch is None
    assert card.weight_sets == ("fidelity", "perceptual")
    assert card.raw == metadata


WRONG = [
    ("name", DELETED),
    ("name", "Tiny Model"),
    ("name", "../tiny"),
    ("version", ""),
    ("description", 3),
    ("enhancement", []),
    ("enhancement.schema_version", 2),
    ("enhancement.title", DELETED),
    ("enhancement.limits", ["one"]),
    ("enhancement.modality", "MR"),
    ("enhancement.modality", []),
    ("enhancement.modality", ["PET"]),
    ("enhancement.network.architecture", DELETED),
    ("enhancement.network.arguments", "none"),
    ("enhancement.network.channels_in", 4),
    ("enhancement.network.channels_in", True),
    ("enhancement.network.dimensions", 4),
    ("enhancement.network.multiple", 0),
    ("enhancement.network.receptive_field", -1),
    ("enhancement.network.flops_per_voxel", "many"),
    ("enhancement.contract.modality", ["PET"]),
    ("enhancement.contract.spacing_mm", [0.5]),
    ("enhancement.contract.value_range", ["low", "high"]),
    ("enhancement.contract.min_size", [1, 2]),
    ("enhancement.contract.min_size", [0, 1, 1]),
    ("enhancement.scaling", {}),
    ("enhancement.plan.mode", "cubes"),
    ("enhancement.plan.axis", "x"),
    ("enhancement.plan.patch", [64, 64]),
    ("enhancement.plan.overlap", -1),
    ("enhancement.plan.blend", "linear"),
    ("enhancement.plan.halo", 1.5),
    ("enhancement.residual_bound", 0),
    ("enhancement.residual_bound", DELETED),
    ("enhancement.fidelity_default", 1.5),
    ("enhancement.weight_sets", []),
    ("enhancement.weight_sets", ["best"]),
    ("enhancement.results", {"method": "input"}),
    ("enhancement.precision", []),
    ("enhancement.keep_outside", "skull"),
]


@pytest.mark.parametrize(
    ("path", "value"), WRONG, ids=[f"{path}-{number}" for number, (path, _) in enumerate(WRONG)]
)
def test_wrong_field_is_named(metadata, path, value):
    from GANEnhanceLib.models.metadata import check_schema

    values = changed(metadata, path, value)
    with pytest.raises(ModelError) as refused:
        parse_card(values)
    assert path in refused.value.sentence
    with pytest.raises(ModelError):
        check_schema(values)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_are_none(metadata, value):
    with pytest.raises(ModelError, match="residual_bound"):
        parse_card(changed(metadata, "enhancement.residual_bound", value))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"enhancement.plan.mode": "patches"}, "plan.mode"),
        ({"enhancement.plan.mode": "slices"}, "plan.mode"),
        ({"enhancement.network.dimensions": 3, "enhancement.plan.mode": "patches"}, "channels_in"),
        ({"enhancement.weight_sets": ["fidelity"], "enhancement.fidelity_default": 0.5}, "fidelity_default"),
        ({"enhancement.contract.spacing_mm": [2.0, 1.0]}, "spacing_mm"),
        (
            {
                "enhancement.keep_outside": "fan",
                "enhancement.super_resolution": {"in_plane": {"factors": [1, 2], "profile": "box"}},
            },
            "keep_outside",
        ),
    ],
)
def test_fields_that_contradict_each_other(metadata, changes, field):
    values = metadata
    for path, value in changes.items():
        values = changed(values, path, value)
    with pytest.raises(ModelError) as refused:
        parse_card(values)
    assert field in refused.value.sentence


@pytest.mark.parametrize("values", [None, [], "card", 3])
def test_metadata_that_is_no_object(values):
    with pytest.raises(ModelError, match="must be an object"):
        parse_card(values)


def test_what_is_kept_outside_is_read(metadata):
    from GANEnhanceLib.models.metadata import check_schema

    assert parse_card(metadata).keep_outside is None
    values = changed(metadata, "enhancement.keep_outside", "fan")
    check_schema(values)
    assert parse_card(values).keep_outside == "fan"


def test_schema_refuses_unknown_fields(metadata):
    from GANEnhanceLib.models.metadata import check_schema

    with pytest.raises(ModelError, match="residual_bund"):
        check_schema(changed(metadata, "enhancement.residual_bund", 0.1))


def test_schema_names_the_scalings_that_exist():
    import json

    from GANEnhanceLib.models.metadata import SCHEMA_FILE

    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    assert schema["$defs"]["scaling"]["properties"]["name"]["enum"] == list(SCALING_NAMES)


def test_author_is_told_what_is_missing():
    from GANEnhanceLib.models.metadata import complete_metadata
    from GANEnhanceLib.networks import build_network

    values = tiny_metadata("tiny", "identity", {"channels_in": 1, "dimensions": 2})
    del values["enhancement"]["limits"]
    with pytest.raises(ModelError, match="enhancement.limits"):
        complete_metadata(values, ("fidelity",), build_network("identity"))


def test_a_contract_of_a_single_spacing_is_no_range_in_the_readme(metadata):
    from GANEnhanceLib.models.readme import render_readme

    for spacing, words in (([2.0, 2.0], "2"), ([0.5, 2.0], "0.5 to 2")):
        card = parse_card(changed(metadata, "enhancement.contract.spacing_mm", spacing))
        assert f"| spacing mm | {words} |" in render_readme(card)
