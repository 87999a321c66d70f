"""Reports as files: what is in them, that nothing foreign acts in them, complete or not there at all."""

import base64
import csv
import io
import json
import os
import re
import resource
from html.parser import HTMLParser

import numpy as np
import pytest
from measure_cases import make_case, make_report, run_to_end
from PIL import Image

from GANEnhanceLib.errors import OutputError
from GANEnhanceLib.report_document import make_document, report_of_provenance
from GANEnhanceLib.report_files import write_report_steps
from GANEnhanceLib.report_page import page_steps
from GANEnhanceLib.report_table import csv_bytes, figure_text, tab_text

VOID = {"meta", "img"}
EVIL = '<script>alert("1")</script> & \'"'


class Page(HTMLParser):
    """Tags, texts and attributes of a page; fails for a tag that is not closed."""

    def __init__(self, content):
        super().__init__()
        self.tags, self.texts, self.images, self._open = [], [], [], []
        self.feed(content)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            self.images.append(dict(attributes))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, text):
        if self._open[-1:] not in (["style"],) and text.strip():
            self.texts.append(text.strip())

    @property
    def text(self):
        return "\n".join(self.texts)


def page(document, stack=None):
    return Page(run_to_end(page_steps(document, stack)).decode("utf-8"))


# HTML


def test_the_page_says_everything():
    document, stack = make_case()
    shown = page(document, stack)
    for wanted in (
        "Enhanced by a neural network; not for diagnosis.",
        "Noise fell to",
        "No voxel was held back by the bound. The volume suits the model.",
        "Edge width (10 to 90 %)",
        "\N{CHECK MARK} better",
        "The modality is MR, which suits.",
        "ab" * 32,
        "strength",
        "bound hits",
        "GANEnhanceLib",
    ):
        assert wanted in shown.text, wanted


def test_the_page_has_nine_pictures_with_their_scales():
    document, stack = make_case()
    shown = page(document, stack)
    assert len(shown.images) == 9
    for number, image in enumerate(shown.images):
        content = base64.b64decode(image["src"].removeprefix("data:image/png;base64,"))
        pixels = np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
        assert pixels.shape[:2] == stack.shape[2:]
        kind, index = ("Before", "After", "Removed")[number % 3], document["measures"]["slices"]["indices"]
        assert image["alt"].startswith(kind) and image["alt"].endswith(f"slice {index[number // 3]}")
        assert image["style"] == "aspect-ratio: 100 / 96"
    limit = document["measures"]["slices"]["limit"]
    assert f"removed {limit:.3g} value units" in shown.text


def test_the_page_needs_nothing_and_runs_nothing():
    document, stack = make_case()
    content = run_to_end(page_steps(document, stack)).decode("utf-8")
    assert set(Page(content).tags) & {"script", "link", "iframe", "object", "form", "a", "base"} == set()
    assert "default-src 'none'" in content
    outside = re.sub(r'src="data:image/png;base64,[^"]*"', "", content)
    assert "http" not in outside.replace("http-equiv", "") and "url(" not in outside


def test_foreign_texts_do_not_act():
    finding = {"check": "x", "level": "warn", "sentence": EVIL, "hint": EVIL}
    document, stack = make_case(
        make_report(
            model={"name": EVIL, "title": EVIL, EVIL: EVIL},
            input={"name": EVIL},
            options={EVIL: [EVIL, {EVIL: EVIL}]},
            device=EVIL,
            notes=[EVIL],
            contract={"level": "warn", "findings": [finding]},
            provenance={EVIL: {EVIL: EVIL}},
            not_for_diagnosis=EVIL,
            files={"input": EVIL},
        )
    )
    document["measures"]["rows"][0].update(label=EVIL, note=EVIL, unit=EVIL)
    document["measures"]["slices"].update(unit=EVIL, axis=EVIL)
    document["measures"]["conclusions"] = [EVIL]
    content = run_to_end(page_steps(document, stack)).decode("utf-8")
    assert "<script" not in content
    assert Page(content).text.count(EVIL) > 10


def test_the_page_tells_its_progress():
    document, stack = make_case()
    fractions = list(page_steps(document, stack))
    assert fractions == sorted(fractions) and len(fractions) == 9 and fractions[-1] == 1


def test_a_page_without_pictures():
    document = make_document(make_report(), {"rows": []})
    assert page(document).images == []


# What is known of a result that was loaded


def test_provenance_alone_makes_a_document():
    provenance = {
        "software": "GANEnhanceLib 0.1.0",
        "model": {"name": "tiny", "version": "1.0", "sha256": "ab"},
        "input": {"shape": [6, 96, 100], "type": "int16", "modality": "MR", "sha256": "12" * 32},
        "options": {"strength": 0.5},
        "device": "CPU",
        "contract": {"level": "ok", "findings": []},
        "bound_hits": 3,
        "notice": "Enhanced by a filter; not for diagnosis.",
    }
    report = report_of_provenance(provenance)
    assert report["model"]["kind"] == "classical" and report["input"]["dtype"] == "int16"
    document = make_document(report, {"rows": [], "sha256": {"before": "99"}})
    assert document["measures"]["source_changed"] is True
    assert document["measures"]["conclusions"] == [
        "The volume suits the model.",
        "The source volume was changed after the run.",
    ]
    assert "tiny" in page(document).text
    assert make_document(report_of_provenance({}), {"rows": []})["measures"]["conclusions"] == []


# CSV and clipboard


def test_csv_is_read_as_it_was_written():
    document, _ = make_case()
    document["measures"]["rows"][0]["note"] = 'a "quoted", note\nof two lines \N{GREEK SMALL LETTER SIGMA}'
    content = csv_bytes(document)
    assert content.count(b"\r\n") == len(document["measures"]["rows"]) + 9
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
    first, figures = rows[0], document["measures"]["rows"]
    assert first["note"] == figures[0]["note"] and float(first["before"]) == figures[0]["before"]
    assert first["change"] == "better"
    facts = {row["name"]: row["after"] for row in rows[len(figures) :]}
    assert facts["bound_hits"] == "0" and facts["model"] == "tiny" and facts["contract"] == "ok"
    assert "not for diagnosis" in facts["notice"]
    assert {len(row) for row in csv.reader(io.StringIO(content.decode("utf-8"), newline=""))} == {7}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_texts_are_no_formulas(text):
    content = csv_bytes(make_document(make_report(model={"name": text}), {"rows": []})).decode("utf-8")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}
    assert rows["model"]["after"] == "'" + text


def test_negative_figures_stay_numbers():
    document, _ = make_case()
    document["measures"]["rows"][0]["before"] = -1024.5
    assert b",-1024.5," in csv_bytes(document)


def test_a_table_for_the_clipboard():
    assert tab_text([["Measure", "Before"], ["A\tb\nc", "1"]]) == "Measure\tBefore\nA b c\t1\n"
    row = {"before": 3.04, "after": None, "unit": "mm"}
    assert figure_text(row, "before") == "3.04 mm" and figure_text(row, "after") == "\N{EN DASH}"


# Files


@pytest.mark.parametrize("name", ["x.html", "x.csv", "x.json", "X.HTML"])
def test_a_file_is_written_alone(tmp_path, name):
    document, stack = make_case()
    (tmp_path / name).write_text("older")
    fractions = list(write_report_steps(document, stack, tmp_path / name))
    assert fractions and fractions == sorted(fractions)
    assert os.listdir(tmp_path) == [name]
    content = (tmp_path / name).read_text(encoding="utf-8")
    assert content != "older"
    if name.endswith("json"):
        assert json.loads(content) == document


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("x.pdf", "must end with .html, .csv or .json"),
        ("x", "must end with .html, .csv or .json"),
        ("none/x.csv", "does not exist"),
    ],
)
def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path, name, said):
    document, stack = make_case()
    with pytest.raises(OutputError, match=re.escape(said)):
        run_to_end(write_report_steps(document, stack, tmp_path / name))
    assert os.listdir(tmp_path) == []


def test_a_folder_in_the_place_of_the_file_is_one_sentence(tmp_path):
    document, stack = make_case()
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        run_to_end(write_report_steps(document, stack, tmp_path / "x.csv"))
    assert os.listdir(tmp_path) == ["x.csv"]


def test_a_full_disk_leaves_the_older_file(tmp_path):
    import signal

    document, stack = make_case()
    path = tmp_path / "x.html"
    path.write_text("older")
    limits, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.getsignal(signal.SIGXFSZ)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, limits[1]))
    try:
        with pytest.raises(OutputError, match="File too large"):
            run_to_end(write_report_steps(document, stack, path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert path.read_text() == "older" and os.listdir(tmp_path) == ["x.html"]


def test_giving_up_in_the_middle_leaves_nothing(tmp_path):
    document, stack = make_case()
    steps = write_report_steps(document, stack, tmp_path / "x.html")
    next(steps)
    next(steps)
    steps.close()
    assert os.listdir(tmp_path) == []
