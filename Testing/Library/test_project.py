"""The project around the library: what is packed, what the two commands are, and what the README promises."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import GANEnhanceLib

EXTRAS = {"openvino", "torch", "command", "dicom", "train", "video", "bench", "slicer-test", "dev"}
EXTRAS |= {"notebook"}
TO_COMPARE_WITH = "bench-more"


@pytest.fixture(scope="module")
def settings(repository):
    tomllib = pytest.importorskip("tomllib", reason="Python 3.10 cannot read TOML by itself")
    return tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))


def _names(requirements):
    return {re.match(r"[A-Za-z0-9._-]+", text).group().lower() for text in requirements}


def test_the_library_needs_only_numpy_and_simpleitk(settings):
    assert _names(settings["project"]["dependencies"]) == {"numpy", "simpleitk"}


def test_the_promised_extras_are_there_and_dev_holds_them_all(settings):
    extras = settings["project"]["optional-dependencies"]
    assert set(extras) == EXTRAS | {TO_COMPARE_WITH}
    held = set(re.search(r"\[(.*)\]", extras["dev"][0]).group(1).split(","))
    # `train` and `bench` bring torch themselves; everything but `dev` itself must be in it.
    assert held == EXTRAS - {"dev"}


def test_nothing_but_the_comparison_names_the_filters_that_are_for_non_commercial_use_only(settings):
    for name, requirements in settings["project"]["optional-dependencies"].items():
        assert name == TO_COMPARE_WITH or not _names(requirements) & {"bm3d", "bm4d"}
        assert not any(TO_COMPARE_WITH in text for text in requirements)


def test_the_constraints_agree_with_the_extra_that_names_the_same_packages(repository, settings):
    lines = (repository / "Testing/constraints.txt").read_text(encoding="utf-8").splitlines()
    constraints = {line for line in lines if line and not line.startswith("#")}
    pinned = {text for text in settings["project"]["optional-dependencies"]["slicer-test"] if "==" in text}
    assert pinned <= constraints


def test_changelog_and_citation_know_the_version(repository):
    version = GANEnhanceLib.__version__
    assert f"## {version}" in (repository / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\nversion: {version}\n" in (repository / "CITATION.cff").read_text(encoding="utf-8")


def test_continuous_integration_runs_the_test_command_of_the_readme(repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"```[a-z]*\n(.*?)```", readme, re.S))
    commands = re.findall(r"^(make \w+)", blocks, re.M)
    assert "make enhance" in commands and "make test" in commands
    script = (repository / ".ci/run").read_text(encoding="utf-8")
    assert re.findall(r"\bmake \w+", script) == ["make test"]


def test_every_make_command_of_the_readme_exists(repository):
    readme = (repository / "README.md").read_text(encoding="utf-8")
    for target in set(re.findall(r"`make (\w+)", readme)) | set(re.findall(r"^make (\w+)", readme, re.M)):
        done = _make(repository, "-n", target)
        assert done.returncode == 0, f"make {target}: {done.stderr}"


def test_style_and_format_hold(repository):
    pytest.importorskip("ruff")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "."],
            cwd=repository,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout


def test_every_relative_link_of_the_pages_leads_somewhere(repository):
    pages = [repository / "README.md", *sorted((repository / "Docs").glob("*.md"))]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
        if not link.startswith(("http:", "https:")) and not (page.parent / link).exists()
    ]
    assert not broken


def test_a_second_make_enhance_installs_nothing(repository, tmp_path):
    for stamp in (".made", ".enhance"):
        (tmp_path / stamp).touch()
    again = _make(repository, "-n", "enhance", f"VENV={tmp_path}")
    assert "GANEnhanceLib.demo" in again.stdout
    assert "install" not in again.stdout.lower()


def test_make_enhance_installs_again_when_the_requirements_changed(repository, tmp_path):
    import os

    for stamp in (".made", ".enhance"):
        (tmp_path / stamp).touch()
    os.utime(tmp_path / ".enhance", (0, 0))
    assert (
        "pip --disable-pip-version-check install"
        in _make(repository, "-n", "enhance", f"VENV={tmp_path}").stdout
    )


def test_make_enhance_says_which_python_is_too_old(repository, tmp_path):
    old = tmp_path / "python2"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    done = _make(repository, "enhance", f"VENV={tmp_path / 'venv'}", f"PYTHON={old}")
    assert done.returncode != 0
    assert f"{old} is older than 3.10" in done.stderr


def _make(repository, *arguments):
    return subprocess.run(["make", *arguments], cwd=repository, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def wheel_folder(repository, tmp_path_factory):
    """The unpacked wheel of a copy of the sources."""
    import shutil
    import zipfile

    pytest.importorskip("setuptools", minversion="77")
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(repository / name, source)
    shutil.copytree(
        repository / "GANEnhanceLib", source / "GANEnhanceLib", ignore=shutil.ignore_patterns("__pycache__")
    )
    build = ["wheel", ".", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", str(target)]
    done = subprocess.run(
        [sys.executable, "-m", "pip", *build], cwd=source, capture_output=True, text=True, timeout=150
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = target.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(target / "unpacked")
    return target / "unpacked"


def test_the_wheel_holds_every_file_of_the_library(repository, wheel_folder):
    def files(folder):
        paths = (path for path in (folder / "GANEnhanceLib").rglob("*") if path.is_file())
        names = {path.relative_to(folder).as_posix() for path in paths if "__pycache__" not in path.parts}
        return {name for name in names if Path(name).name != "CMakeLists.txt"}

    assert files(wheel_folder) == files(repository)


def test_the_unpacked_wheel_lists_its_models_and_samples_from_its_own_files(wheel_folder, tmp_path):
    code = (
        "import GANEnhanceLib\n"
        "from GANEnhanceLib.models import list_models\n"
        "from GANEnhanceLib.samples import list_samples, sample_path\n"
        "print(GANEnhanceLib.__file__)\n"
        "[print(sample_path(sample.name)) for sample in list_samples()]\n"
        "print(*[model.name for model in list_models()])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**_environment(), "PYTHONPATH": str(wheel_folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    *paths, models = done.stdout.splitlines()
    assert all(Path(path).is_relative_to(wheel_folder) and Path(path).is_file() for path in paths)
    assert "median" in models.split()


def _environment():
    import os

    return dict(os.environ)
