"""The configuration: a wrong key or value is named with its line, the nearest name and what is allowed."""

import json
from pathlib import Path

import pytest
import training_cases
import yaml

import GANEnhanceLib.training
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config import RunConfig, load_config, parse_config
from GANEnhanceLib.training.config.schema import json_schema
from GANEnhanceLib.training.data.split import split_patients
from GANEnhanceLib.training.sources import SOURCES

RECIPE = Path(GANEnhanceLib.training.__file__).parent / "recipes" / "mr-denoise.yaml"
TEXT = RECIPE.read_text(encoding="utf-8")


def line_of(text, part):
    return next(number for number, line in enumerate(text.splitlines(), 1) if part in line)


def test_the_shipped_recipe_is_valid_and_trains_on_nothing_kept_for_validation():
    recipe = load_config(RECIPE)
    names = [stage.name for stage in recipe.stages]
    assert names == ["start", "fidelity", "perceptual"]
    used = {source for part in recipe.data.clean for source in part.sources}
    patients = {name: SOURCES[name].patient for name in used}
    judged = {patients[name] for name in used if SOURCES[name].part == "validation"}
    split = split_patients(patients.values(), recipe.data.split, judged)
    assert {SOURCES[name].part for name in used if split.part(patients[name]) == "training"} == {"training"}
    assert judged == {patient for patient in patients.values() if split.part(patient) == "validation"}
    assert recipe.stages[1].patches.coarse_share == 0.5
    assert recipe.stages[1].patches.size == recipe.data.patches.size


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("size: 64", "size: 63", ["'data.patches.size' is 63", "multiple of 2", "8 to 1024"]),
        ("batch: 8", "batsh: 8", ["'data.patches.batsh' is unknown", "Did you mean 'batch'?"]),
        ("kind: mr-noise", "kind: mr-nois", ["'degradations.0.kind' is 'mr-nois'", "'mr-noise'"]),
        ("modality: MR", "modality: XR", ["'modality' is 'XR'", "'MR', 'CT' or 'US'"]),
        ("steps: 8000", "steps: many", ["'stages.0.steps' is 'many'", "valid integer"]),
        ("warm_up: 200", "warm_up: -1", ["'stages.0.generator.warm_up' is -1", "greater than or equal to 0"]),
        ("percent_low: 0.2", "percent_low: 20", ["percent_low is 20", "above percent_high"]),
        ("precision: bfloat16", "precision: float8", ["'precision' is 'float8'", "'float32'"]),
        ("slices: 5", "slices: 4", ["slices is 4", "must be odd"]),
    ],
)
def test_a_fault_is_said_with_its_line_and_what_is_allowed(old, new, words):
    text = TEXT.replace(old, new, 1)
    with pytest.raises(OptionError) as caught:
        parse_config(text, name="mine.yaml")
    sentence = str(caught.value)
    for word in words:
        assert word in sentence
    # What holds for several values is said of the line in which their part begins.
    said = int(sentence.partition("line ")[2].partition(":")[0])
    assert 0 <= line_of(text, new) - said <= 5, sentence


def test_a_missing_kind_of_step_names_the_kinds():
    values = training_cases.values()
    del values["stages"][0]["step"]
    with pytest.raises(OptionError, match="'stages.0.step' is missing, but must be one of 'paired', 'cycle'"):
        parse_config(yaml.safe_dump(values))


def test_a_key_that_is_there_twice_is_refused():
    with pytest.raises(OptionError, match="line 6: 'seed' is there twice"):
        parse_config(TEXT.replace("seed: 1\n", "seed: 1\nseed: 2\n"))


def test_text_that_is_no_yaml_is_refused_with_its_line():
    with pytest.raises(OptionError, match=r"line \d+: "):
        parse_config(TEXT.replace("name: start", "name: [start"))
    with pytest.raises(OptionError, match="must hold keys and values"):
        parse_config("- a\n- b\n")


def test_a_file_that_is_not_there_is_refused_in_a_sentence(tmp_path):
    with pytest.raises(OptionError, match="cannot be read"):
        load_config(tmp_path / "nothing.yaml")


def test_values_can_be_changed_from_outside():
    changed = parse_config(TEXT, ["stages.0.steps=20", "data.patches.batch=4", "card.title=Mine"])
    assert (changed.stages[0].steps, changed.data.patches.batch, changed.card.title) == (20, 4, "Mine")


@pytest.mark.parametrize("change", ["stages.9.steps=1", "seed", "=1", "seed.deep.er=1x", "nme=x"])
def test_a_change_that_fits_nothing_is_refused(change):
    with pytest.raises(OptionError):
        parse_config(TEXT, [change])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"degradations": []}, "needs degradations"),
        (
            {"data": {"kind": "real", "real": [{"sources": ["colin27"]}]}, "degradations": []},
            "needs data of kind",
        ),
        ({"scaling": {"name": "ct-window", "noise": 0.05}}, "noise is for mr-percentile, not for ct-window"),
        ({"networks": {"generator": {"architecture": "identity"}}}, "has no discriminator"),
        (
            {"axis": "all", "data": {**training_cases.values()["data"], "patches": {"dimensions": "3d"}}},
            "axis is all",
        ),
    ],
)
def test_parts_that_do_not_fit_together_are_refused(changes, words):
    with pytest.raises(OptionError, match=words):
        training_cases.config(**changes)


@pytest.mark.parametrize("kind", ["cycle", "noise-transfer", "latent", "style"])
def test_a_balance_that_a_stage_does_not_have_is_refused(kind):
    with pytest.raises(OptionError, match=f"adaptive is true, but a stage {kind} gives its contest a fixed"):
        stage_of(kind, adaptive=True)


@pytest.mark.parametrize("kind", ["latent", "style"])
def test_a_stage_of_a_contest_alone_cannot_begin_it_later(kind):
    with pytest.raises(OptionError, match=f"from_step is 3, but a stage {kind} learns by its contest alone"):
        stage_of(kind, from_step=3)


def stage_of(kind, **contest):
    """Check a configuration of one stage with a contest."""
    stage = {"name": "gan", "step": kind, "steps": 4, "adversarial": contest}
    return training_cases.gan(kind, 4, stages=[stage])


def test_two_stages_of_one_name_are_refused():
    values = training_cases.values()
    values["stages"][1]["name"] = "fidelity"
    with pytest.raises(OptionError, match="two stages are named 'fidelity'"):
        parse_config(yaml.safe_dump(values))


def test_the_schema_describes_every_field_and_accepts_the_recipe():
    import jsonschema

    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(yaml.safe_load(TEXT))), schema)
    parts = {"RunConfig": schema, **schema["$defs"]}
    silent = [
        f"{part}.{name}"
        for part, described in parts.items()
        for name, field in described.get("properties", {}).items()
        if "description" not in field and "const" not in field
    ]
    assert silent == []


def test_a_configuration_comes_back_from_its_own_text():
    recipe = load_config(RECIPE)
    assert RunConfig.model_validate(recipe.model_dump(mode="json")) == recipe
