"""The catalogue entry and the extension's metadata pass the checks of Slicer's extensions index."""

import json
import re
import urllib.parse

import jsonschema
import pytest
from repositorytree import REPOSITORY, text

# The rules of the catalogue entry, schema 1.0.2.
ENTRY = {
    "type": "object",
    "required": ["$schema", "category", "scm_url"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": r"slicer-extension-catalog-entry-schema-v1\.0\.2\.json#?$"},
        "category": {"enum": ["Filtering", "Image Synthesis"]},  # those of the index's list that fit
        "scm_url": {"type": "string", "pattern": r"^(https|git)://[^?&]+$"},
        "scm_revision": {"type": "string", "minLength": 1},
        "scm_type": {"enum": ["git", "local"]},
        "build_dependencies": {"type": "array", "items": {"type": "string"}},
        "build_subdirectory": {"const": "."},
        "dicom_support_rule": {"type": "string"},
        "enabled": {"type": "boolean"},
        "tier": {"type": "integer", "minimum": 1, "maximum": 5},
    },
}
CMAKE = text(REPOSITORY / "CMakeLists.txt")
JSON = json.loads(text(REPOSITORY / "GANEnhance.json"))
WANTED = ["HOMEPAGE", "CONTRIBUTORS", "DESCRIPTION", "ICONURL", "SCREENSHOTURLS", "DEPENDS"]


def literal(part, text=CMAKE):
    """Value of `set(EXTENSION_<part> "...")` on one line, as the index reads it; None if it cannot."""
    found = re.findall(rf'^set\(EXTENSION_{part} +"([^"\n]+)" *\)', text, re.MULTILINE)
    return found[0] if len(found) == 1 and "${" not in found[0] else None


def test_the_catalogue_entry_follows_the_schema():
    jsonschema.validate(JSON, ENTRY)


@pytest.mark.parametrize(
    "change",
    [{"tier": 6}, {"category": "Magic"}, {"scm_url": "git@x:y"}, {"homepage": "x"}, {"enabled": "yes"}],
    ids=str,
)
def test_a_wrong_entry_would_be_found(change):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(JSON | change, ENTRY)


@pytest.mark.parametrize("part", WANTED)
def test_metadata_can_be_read_without_cmake(part):
    assert literal(part)


@pytest.mark.parametrize(
    "text",
    ["", "set(EXTENSION_DEPENDS NA)", 'set(EXTENSION_DEPENDS\n  "NA")', 'set(EXTENSION_DEPENDS "${X}")'],
)
def test_metadata_that_needs_cmake_would_be_found(text):
    assert literal("DEPENDS", text) is None


def test_project_name_is_the_name_of_the_entry():
    (project,) = re.findall(r"project\s*\(\s*([^\s)]+)", CMAKE)
    assert project == "GANEnhance" and not project.startswith("Slicer")
    repository = urllib.parse.urlsplit(JSON["scm_url"]).path.rpartition("/")[2]
    assert "slicer" in repository.lower()
    assert literal("HOMEPAGE").rstrip("/").endswith(repository.removesuffix(".git"))


def test_dependencies_are_the_same_in_both_files():
    listed = literal("DEPENDS").replace(";", " ").split()
    assert [name for name in listed if name != "NA"] == JSON.get("build_dependencies", [])


def test_contributors_name_their_organization():
    assert re.fullmatch(r"(?:[^,()]+ \([^()]+\))(?:, [^,()]+ \([^()]+\))*", literal("CONTRIBUTORS"))


def test_pictures_are_files_of_the_repository():
    urls = [literal("ICONURL"), *literal("SCREENSHOTURLS").split()]
    revision = JSON["scm_revision"]
    for url in urls:
        assert url.startswith("https://raw.githubusercontent.com/") and f"/{revision}/" in url
        picture = REPOSITORY / url.partition(f"/{revision}/")[2]
        assert picture.read_bytes().startswith(b"\x89PNG"), f"{url} is no PNG file of the repository"


def test_icons_have_the_size_that_slicer_wants():
    for icon in ("Resources/GANEnhance.png", "GANEnhance/Resources/Icons/GANEnhance.png"):
        header = (REPOSITORY / icon).read_bytes()[16:24]
        assert (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big")) == (128, 128), icon


def test_include_order_is_that_of_slicer():
    order = ["project(", "set(EXTENSION_", "find_package(Slicer", "${Slicer_USE_FILE}", "add_subdirectory("]
    order += ["${Slicer_EXTENSION_GENERATE_CONFIG}", "${Slicer_EXTENSION_CPACK}"]
    places = [CMAKE.index(text) for text in order]
    assert places == sorted(places)


def test_licence_and_readme_are_in_the_root():
    assert "Apache License" in text(REPOSITORY / "LICENSE")
    assert (REPOSITORY / "README.md").stat().st_size > 500
