"""Links of the pages lead somewhere, and the pictures are small."""

import re

import pytest
from repositorytree import REPOSITORY, repositoryFiles

PICTURES = REPOSITORY / "Docs" / "screenshots"
MOST_BYTES = 3_300_000
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def pages():
    """All pages."""
    return [path for path in repositoryFiles() if path.suffix == ".md"]


def anchors(page):
    """Names of the headings of a page, as the web site of the repository makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def brokenLinks(page):
    """Links of a page to files and headings that are not there."""
    for link in LINK.findall(page.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            yield link


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_links_lead_somewhere(page):
    assert list(brokenLinks(page)) == []


def test_a_broken_link_would_be_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# One two, three!\n[a](#one-two-three) [b](#four) [c](page.md) [d](gone.md) [e](https://x.org)\n"
    )
    assert list(brokenLinks(page)) == ["#four", "gone.md"]


def test_the_tutorial_has_eight_pictured_steps():
    steps = re.split(r"^## \d+\. ", (REPOSITORY / "Docs" / "tutorial.md").read_text("utf-8"), flags=re.M)[1:]
    assert len(steps) == 8
    assert all(
        re.search(rf"!\[.+\]\(screenshots/step-{n}-.+\.png\)", step) for n, step in enumerate(steps, 1)
    )


def test_pictures_are_small_and_in_each_size():
    pictures = {path.name: path.stat().st_size for path in PICTURES.glob("*.png")}
    assert len(pictures) > 60 and sum(pictures.values()) < MOST_BYTES
    states = {name.removesuffix("-300px.png") for name in pictures if name.endswith("-300px.png")}
    assert len(states) >= 20
    assert {f"{state}-{scale}.png" for state in states for scale in (100, 200)} <= set(pictures)
