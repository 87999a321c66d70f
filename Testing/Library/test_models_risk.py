"""A model with a risk says so wherever a person meets it or its results."""

import json
import os

import pytest
from command_line import make_volume, run_command
from make_bundle import make_tiny_bundle

from GANEnhanceLib.volume import write_volume

RISK = "unpaired: higher risk"


@pytest.fixture(scope="module")
def risky(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("made") / "risky", "random", risk=RISK)


def test_the_list_the_card_and_the_readme_say_the_risk(risky):
    installed = {**os.environ, "GANENHANCE_MODELS": str(risky.parent)}
    lines = run_command("models", env=installed).stdout.splitlines()
    (row,) = [line for line in lines if line.startswith("risky")]
    assert row.endswith(f"({RISK})")
    assert not any(RISK in line for line in lines if line != row)
    assert RISK in run_command("models", "show", "risky", env=installed).stdout
    assert f"**Risk: {RISK}.**" in (risky / "docs" / "README.md").read_text()


def test_the_command_the_report_the_page_and_the_provenance_say_the_risk(risky, tmp_path):
    write_volume(make_volume(), tmp_path / "in.nrrd")
    document, page = tmp_path / "report.json", tmp_path / "report.html"
    for report in (document, page):
        out = report.with_name(f"{report.suffix[1:]}.nrrd")
        done = run_command("enhance", tmp_path / "in.nrrd", out, "--model", risky, "--report", report)
        assert done.returncode == 0, done.stderr
    notice = f"Enhanced by a neural network; not for diagnosis. Risk: {RISK}."
    assert notice in done.stdout
    report = json.loads(document.read_text())
    assert report["not_for_diagnosis"] == report["provenance"]["notice"] == notice
    assert f'<p class="notice">{notice}</p>' in page.read_text(encoding="utf-8")
