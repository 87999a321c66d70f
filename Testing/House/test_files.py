"""Sizes, names and contents that no file of the repository may have."""

import re
from collections import Counter

import pytest
from repositorytree import REPOSITORY, listedWords, repositoryFiles, text

TEXT = {
    ".py",
    ".md",
    ".txt",
    ".toml",
    ".cmake",
    ".ui",
    ".json",
    ".yaml",
    ".yml",
    ".cff",
    ".sh",
    ".cfg",
    ".svg",
    "",
}
# Places of one machine; written in two parts, so that this file does not hold them.
PLACES = re.compile("/" + r"(?:work|home|root|Users|mnt)/\w|[A-Z]:\\" + r"Users\\", re.ASCII)
LINES = 500
MEGABYTES = 60  # the extensions index allows 100, history included


def name(path):
    """Path in the repository."""
    return path.relative_to(REPOSITORY).as_posix()


def texts():
    """(name, text) of all text files."""
    return [(name(path), path.read_bytes().decode()) for path in repositoryFiles() if path.suffix in TEXT]


def test_there_are_files():
    assert len(texts()) > 50 and "README.md" in dict(texts())


def test_source_files_stay_short():
    sources = {".py", ".cmake", ".sh"}
    long = {n: len(t.splitlines()) for n, t in texts() if sources & {n[n.rfind(".") :]}}
    assert long and {n: count for n, count in long.items() if count > LINES} == {}


def test_no_machine_is_named():
    found = [f"{n}: {match[0]}" for n, text in texts() for match in PLACES.finditer(text)]
    assert found == []


@pytest.mark.parametrize(
    "path", ["/" + "home/ann/x", "/" + "root/x", "C:\\" + "Users\\ann", "/" + "Users/ann"]
)
def test_a_machine_path_would_be_found(path):
    assert PLACES.search(f'open("{path}")') and not PLACES.search("https://example.org/ann and /tmp/x")


def test_lines_end_with_a_line_feed():
    assert [n for n, text in texts() if "\r" in text] == []


def test_names_differ_in_more_than_capitals():
    """On Windows and macOS two names that differ only in capitals are one file, or one folder."""
    parents = {parent for path in repositoryFiles() for parent in (path, *path.parents)}
    count = Counter(str(path).lower() for path in parents)
    assert [key for key, number in count.items() if number > 1] == []


def test_the_root_has_no_python_file():
    """Slicer takes every .py file directly in a module path for a module."""
    assert [
        name(path) for path in repositoryFiles() if path.suffix == ".py" and path.parent == REPOSITORY
    ] == []


def test_no_pickles_and_no_other_code_in_disguise():
    forbidden = {".pth", ".pt", ".pkl", ".pickle", ".ckpt", ".npz", ".so", ".dll", ".exe", ".whl", ".pyc"}
    assert [name(path) for path in repositoryFiles() if path.suffix in forbidden] == []


def test_the_checkout_stays_small():
    sizes = {name(path): path.stat().st_size / 1e6 for path in repositoryFiles()}
    assert sum(sizes.values()) < MEGABYTES, sorted(sizes, key=sizes.get)[-5:]


@pytest.mark.parametrize("folder", ["GANEnhance", "GANEnhanceLib"])
def test_cmake_lists_are_complete_in_both_directions(folder):
    top = REPOSITORY / folder
    words = listedWords(text(top / "CMakeLists.txt"))
    below = [path.relative_to(top).as_posix() for path in repositoryFiles() if top in path.parents]
    there = {n for n in below if not n.startswith(("Testing/", "CMakeLists.txt"))}
    assert there and there - words == set(), "files that no list names"
    assert {word for word in words if "." in word or "/" in word} - there == set(), "listed, but not there"


def test_variables_of_a_cmake_list_are_filled_in():
    text = "set(NAME Demo)\nset(SCRIPTS\n  ${NAME}.py # comment.py\n  ${NAME}Part/__init__.py\n  )\n"
    assert {"Demo.py", "DemoPart/__init__.py"} <= listedWords(text) and "comment.py" not in listedWords(text)
