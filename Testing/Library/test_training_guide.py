"""The training guide tells of all that there is to choose, and what it says to type is understood."""

import re
import shlex

import pytest
import yaml

from GANEnhanceLib.cli import make_parser
from GANEnhanceLib.networks import NETWORKS
from GANEnhanceLib.training.config import parse_config
from GANEnhanceLib.training.config.run import METRICS
from GANEnhanceLib.training.config.stages import OBJECTIVES, TERMS
from GANEnhanceLib.training.config.template import read_template, template_names
from GANEnhanceLib.training.data.fitting import check_fitting

PICTURES_MOST_BYTES = 800_000


@pytest.fixture(scope="module")
def guide(repository):
    return (repository / "Docs" / "training.md").read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.M | re.S)


def test_it_tells_of_every_choice(guide):
    named = set(re.findall(r"`([\w-]+)`", guide))
    choices = {*OBJECTIVES, *TERMS, *METRICS, *(set(NETWORKS) - {"identity"})}
    assert choices <= named
    assert {name for name in template_names() if name not in guide} == set()


def test_its_commands_are_understood(guide):
    lines = [line for block in blocks(guide, "(?:sh|text)") for line in block.splitlines()]
    lines = [line.removeprefix("$ ") for line in lines if line.removeprefix("$ ").startswith("ganenhance ")]
    # A command of two words alone is a name.
    lines += re.findall(r"`(ganenhance [^`\s]+ [^`\n]+)`", guide)
    assert len(lines) > 12
    for line in lines:
        words = shlex.split(line.partition("#")[0].partition(">")[0])[1:]
        arguments, unknown = make_parser().parse_known_args(words)
        assert arguments.command == words[0] and not unknown, line


def test_its_configurations_are_valid(guide):
    fragments = [yaml.safe_load(block) for block in blocks(guide, "yaml")]
    assert len(fragments) == 2
    for fragment in fragments:
        kind = fragment["data"]["kind"]
        values = yaml.safe_load(read_template({"clean": "paired-mr-denoise", "paired": "pix2pix"}[kind]))
        values["data"] = {"patches": values["data"]["patches"], **fragment["data"]}
        values["networks"].update(fragment.get("networks", {}))
        if kind == "paired":
            values["stages"][0]["conditional"] = False
            values["networks"]["discriminator"]["arguments"] = {}
        check_fitting(parse_config(yaml.safe_dump(values)))


def test_its_pictures_are_small(repository):
    pictures = list((repository / "Docs" / "training").glob("guide-*.png"))
    assert len(pictures) == 4
    assert sum(path.stat().st_size for path in pictures) < PICTURES_MOST_BYTES
