"""The module finds its own copy of the library: installed, in a clone, and beside another installed
version.
"""

import os
import shutil
import subprocess
import sys

import pytest

ASK = "import GANEnhancePanel, GANEnhanceLib; print(GANEnhanceLib.__file__)"


def found(*path):
    """Return the folder of the library that a new process finds with these folders on its path, in this
    order.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path)), "PYTHONSAFEPATH": "1"}
    # -S: nothing but the standard library and these folders.
    command = [sys.executable, "-S", "-c", ASK]
    done = subprocess.run(command, text=True, capture_output=True, env=environment)
    if done.returncode:
        raise ModuleNotFoundError(done.stderr.strip().splitlines()[-1])
    return os.path.dirname(os.path.dirname(done.stdout.strip()))


@pytest.fixture
def other(tmp_path):
    """A folder with another version of the library."""
    folder = tmp_path / "site-packages"
    (folder / "GANEnhanceLib").mkdir(parents=True)
    (folder / "GANEnhanceLib" / "__init__.py").write_text("__version__ = '99'")
    return folder


@pytest.fixture
def clone(request):
    """The module's folder in this repository, which is what a developer gives to Slicer."""
    return request.config.rootpath / "GANEnhance"


def test_installed(installTree):
    assert found(installTree) == str(installTree)


def test_installed_beside_another_version(installTree, other):
    assert found(other, installTree) == str(installTree)


def test_in_a_clone(clone):
    assert found(clone) == str(clone.parent)


def test_in_a_clone_beside_another_version(clone, other):
    assert found(other, clone) == str(clone.parent)


def test_module_without_its_library(clone, tmp_path, other):
    shutil.copytree(clone / "GANEnhancePanel", tmp_path / "alone" / "GANEnhancePanel")
    assert found(tmp_path / "alone", other) == str(other)
    with pytest.raises(ModuleNotFoundError, match="Install the extension again"):
        found(tmp_path / "alone")
