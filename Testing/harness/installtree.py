"""Configures, builds and installs the extension with the stub Slicer package: what users get, for tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

TESTING = Path(__file__).resolve().parents[1]
MODULES = Path("lib/Slicer-5.13/qt-scripted-modules")  # in the build tree and in the install tree


def tool(name):
    """Path of cmake, ctest or cpack, of this environment if it has one."""
    beside = os.path.dirname(sys.executable)
    found = shutil.which(name, path=os.pathsep.join([beside, os.environ.get("PATH", "")]))
    if found is None:
        raise RuntimeError(f"{name} is missing: install it with pip install 'cmake<4'")
    return found


def run(*command, cwd=None):
    """Run a command; RuntimeError with its output if it fails."""
    result = subprocess.run([str(part) for part in command], cwd=cwd, text=True, capture_output=True)
    if result.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{result.stdout}\n{result.stderr}")
    return result.stdout


def configure(source, build):
    """Run CMake's configure step with the stub package; RuntimeError with CMake's message."""
    python = f"-DPython3_EXECUTABLE={sys.executable}"
    package = f"-DSlicer_DIR={TESTING / 'cmake'}"
    toolchain = f"-DCMAKE_TOOLCHAIN_FILE={TESTING / 'cmake' / 'NoCompiler.cmake'}"
    return run(tool("cmake"), "-S", source, "-B", build, package, toolchain, python)


def makeInstallTree(folder, source=TESTING.parent):
    """Configure, build and install below `folder`; returns the installed folder of the modules."""
    build, install = Path(folder) / "build", Path(folder) / "install"
    configure(source, build)
    run(tool("cmake"), "--build", build)
    run(tool("cmake"), "--install", build, "--prefix", install)
    return install / MODULES
