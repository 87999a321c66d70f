"""The stub Slicer package configures, builds, installs, packs, tests an extension, and refuses mistakes."""

import re
import shutil
import tarfile
from pathlib import Path

import pytest
from harness import installtree

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
ENTRY = "qt-scripted-modules/"


@pytest.fixture
def extension(tmp_path):
    """A copy of the demo extension, to be changed."""
    source = tmp_path / "source"
    shutil.copytree(HERE, source, ignore=shutil.ignore_patterns("__pycache__", "test_*.py", "conftest.py"))
    return source


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Folder with `build` and `install` of the demo extension."""
    folder = tmp_path_factory.mktemp("demo")
    installtree.makeInstallTree(folder, HERE)
    return folder


def files(folder):
    """Relative paths of all files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def change(extension, name, old, new):
    """Replace text in a file of the copy."""
    text = (extension / name).read_text()
    assert old in text
    (extension / name).write_text(text.replace(old, new))


def test_install_tree_has_the_layout_of_slicer(built):
    wanted = {"Demo.py", "Resources/UI/Demo.ui", "DemoLib/__init__.py", "DemoLib/part/__init__.py"}
    assert files(built / "install") == {f"lib/Slicer-5.13/{ENTRY}{name}" for name in wanted}


def test_ctest_has_slicers_names_and_runs_in_the_harness(built):
    output = installtree.run(installtree.tool("ctest"), cwd=built / "build")
    names = re.findall(r"Test +#\d+: (\S+) .*Passed", output)
    assert names == ["py_nomainwindow_qSlicerDemoModuleGenericTest", "py_Demo", "py_arguments"]


def test_package_holds_what_is_installed(built, tmp_path):
    installtree.run(installtree.tool("cpack"), "-B", tmp_path, cwd=built / "build")
    (archive,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(archive) as package:
        packed = {name.partition("/")[2] for name in package.getnames() if Path(name).suffix}
    assert {name for name in packed if ENTRY in name} == files(built / "install")


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (
            "Demo/CMakeLists.txt",
            "Resources/UI/Demo.ui",
            "Resources/UI/Other.ui",
            "no file 'Resources/UI/Other.ui'",
        ),
        ("Demo/CMakeLists.txt", "SCRIPTS Demo", "SCRIPTS Demo forgotten", "no file 'forgotten.py'"),
        ("Demo/CMakeLists.txt", "SCRIPTS Demo", "SCRIPTS Demo ../x.py", "leaves the folder"),
        ("Demo/CMakeLists.txt", "SCRIPTS Demo", "SCRIPTS Demo Demo.py", "listed twice"),
        ("Demo/CMakeLists.txt", "WITH_GENERIC_TESTS", "WITH_TESTS", "WITH_TESTS"),
        ("Demo/CMakeLists.txt", "NAME Demo", "", "NAME is missing"),
        ("Demo/CMakeLists.txt", "SCRIPT arguments.py", "SCRIPT other.py", "no test script 'other.py'"),
        ("CMakeLists.txt", 'set(EXTENSION_DEPENDS "NA")', "", "EXTENSION_DEPENDS is not set"),
        (
            "CMakeLists.txt",
            "set(EXTENSION_LICENSE_FILE",
            "set(EXTENSION_OTHER_FILE",
            "EXTENSION_LICENSE_FILE",
        ),
        (
            "CMakeLists.txt",
            "include(${Slicer_EXTENSION_GENERATE_CONFIG})",
            "",
            "EXTENSION_GENERATE_CONFIG",
        ),
        ("CMakeLists.txt", "include(${Slicer_USE_FILE})", "", "slicerMacroBuildScriptedModule"),
    ],
)
def test_mistakes_are_refused_with_their_name(extension, tmp_path, name, old, new, message):
    change(extension, name, old, new)
    with pytest.raises(RuntimeError) as error:
        installtree.configure(extension, tmp_path / "build")
    assert message in re.sub(r"\s+", " ", str(error.value))


def test_no_compiler_is_needed(built):
    cache = (built / "build" / "CMakeCache.txt").read_text()
    assert re.findall(r"CMAKE_C(?:XX)?_COMPILER(?:_FORCED)?:.*=(?!.*cmake).*", cache) == []


def test_a_syntax_error_stops_the_build(extension, tmp_path):
    (extension / "DemoLib" / "__init__.py").write_text("def broken(:\n")
    with pytest.raises(RuntimeError, match="SyntaxError"):
        installtree.makeInstallTree(tmp_path, extension)


def test_a_failing_self_test_fails_in_ctest(extension, tmp_path):
    change(extension, "Demo/Demo.py", ".sum(), 48)", ".sum(), 47)")
    change(extension, "Demo/Demo.py", 'parent.acknowledgementText = _("Made to test the harness.")', "pass")
    installtree.makeInstallTree(tmp_path, extension)
    with pytest.raises(RuntimeError) as error:
        installtree.run(installtree.tool("ctest"), "--output-on-failure", cwd=tmp_path / "build")
    output = str(error.value)
    assert "48.0) != 47" in output and "the module has no acknowledgementText" in output, output
    assert "33% tests passed, 2 tests failed out of 3" in output


def test_ganenhance_passes_its_own_ctest_entries(tmp_path):
    installtree.makeInstallTree(tmp_path)
    output = installtree.run(installtree.tool("ctest"), "--output-on-failure", cwd=tmp_path / "build")
    passed = set(re.findall(r"Test +#\d+: (\S+) .*Passed", output))
    generic = "py_nomainwindow_qSlicerGANEnhanceModuleGenericTest"
    assert {generic, "py_GANEnhance", "py_GANEnhanceInstalledTest"} <= passed
    assert "100% tests passed" in output


def test_ganenhance_is_installed_complete(installTree):
    sources = {"GANEnhance": REPOSITORY / "GANEnhance", "GANEnhanceLib": REPOSITORY / "GANEnhanceLib"}
    wanted = {
        name
        for name in files(sources["GANEnhance"])
        if not name.startswith("Testing/")
        and "__pycache__" not in name
        and not name.endswith("CMakeLists.txt")
    }
    wanted |= {
        f"GANEnhanceLib/{name}"
        for name in files(sources["GANEnhanceLib"])
        if "__pycache__" not in name and not name.endswith("CMakeLists.txt")
    }
    installed = {name for name in files(installTree) if "__pycache__" not in name}
    assert wanted - installed == set(), "not in a CMake list"
    assert installed - wanted == set(), "installed, but not in the tree"
    for name in wanted:
        folder = REPOSITORY if name.startswith("GANEnhanceLib/") else sources["GANEnhance"]
        assert (installTree / name).read_bytes() == (folder / name).read_bytes(), name


def test_the_installed_library_is_complete_without_the_repository(installTree, tmp_path):
    """What the panel and its worker import first comes from the install tree alone."""
    import subprocess
    import sys

    code = (
        f"import sys; sys.path.insert(0, {str(installTree)!r})\n"
        "import GANEnhanceLib, GANEnhanceLib.protocol, GANEnhanceLib.worker, GANEnhanceLib.models\n"
        f"assert GANEnhanceLib.__file__.startswith({str(installTree)!r})\n"
    )
    result = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, text=True, capture_output=True)
    assert result.returncode == 0, result.stderr
