"""Who may import whom: arrows run one way, no Slicer in the library, slow packages only when needed."""

import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

try:
    import tomllib
except ModuleNotFoundError:  # Python 3.10, where pytest brings the same code as tomli
    import tomli as tomllib
from repositorytree import REPOSITORY, allImports, fileScopeImports, packages, pythonFiles, text

# Floors of the library; a file imports from its own floor and those below.
FLOORS = [
    {"__version__", "errors", "volume", "intensity", "_itk", "dicom", "metaimage", "nifti", "nrrd"}
    | {"axis_maps", "locks", "regions"},
    {"models", "trust", "degrade", "metrics", "networks", "samples", "finer"},
    {"inference", "training"},
    {"batch", "cli", "commands", "demo", "methods", "options", "picture", "pipeline", "protocol", "report"}
    | {"measures", "png", "report_document", "report_files", "report_page", "report_slices", "report_table"}
    | {"report_words", "views", "worker", "worker_folder", "worker_jobs", "worker_process"}
    | {"worker_python", "worker_session"},
]
SLICER = {"slicer", "qt", "ctk", "vtk", "mrml"}
# Slow to import, or not there on every machine.
HEAVY = {"torch", "monai", "ignite", "openvino", "onnx", "onnxscript", "safetensors", "SimpleITK", "skimage"}
HEAVY |= {"scipy", "PIL", "tqdm", "pydicom", "nibabel", "jsonschema", "yaml", "dipy", "matplotlib", "psutil"}
# Useless without a heavy package, and imported by their callers only when it is needed.
HEAVY_BY_NATURE = ("networks/", "training/", "inference/backends/", "models/monai_run.py")
# Package on PyPI of an imported name, where they differ.
DISTRIBUTIONS = {"PIL": "pillow", "skimage": "scikit-image", "yaml": "pyyaml", "ignite": "pytorch-ignite"}
LIBRARY = pythonFiles("GANEnhanceLib")
MODULE = pythonFiles("GANEnhance")


def name(path):
    """Path in the repository, as name of a test."""
    return path.relative_to(REPOSITORY).as_posix()


def part(path):
    """Part of the library that a file belongs to: its first folder, or its own name."""
    return path.relative_to(REPOSITORY / "GANEnhanceLib").parts[0].removesuffix(".py")


def importedParts(source):
    """Parts of the library that a source imports."""
    return {
        imported.split(".")[1] for imported in allImports(source) if imported.startswith("GANEnhanceLib.")
    }


def upwardImports(own, source):
    """Imports of a file of `own` that point to a higher floor, or from inference to training."""
    floor = {name: number for number, names in enumerate(FLOORS) for name in names}
    parts = importedParts(source)
    unknown = [f"{name} is on no floor" for name in parts | {own} if name not in floor]
    known = [name for name in parts if name in floor and own in floor]
    return unknown + [
        f"{own} imports {name}"
        for name in known
        if floor[name] > floor[own] or (own, name) == ("inference", "training")
    ]


def test_the_tree_is_seen():
    assert {"GANEnhanceLib/__init__.py", "GANEnhanceLib/volume.py"} <= {name(path) for path in LIBRARY}
    assert "GANEnhance/GANEnhance.py" in {name(path) for path in MODULE}


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_arrows_run_one_way(path):
    if part(path) != "__init__":
        assert upwardImports(part(path), text(path)) == []


@pytest.mark.parametrize(
    ("own", "source", "wrong"),
    [
        ("models", "from GANEnhanceLib import inference", ["models imports inference"]),
        ("volume", "def f():\n    import GANEnhanceLib.trust.bounds", ["volume imports trust"]),
        ("inference", "from GANEnhanceLib.training import export", ["inference imports training"]),
        ("cli", "from GANEnhanceLib.other import x", ["other is on no floor"]),
        ("training", "from GANEnhanceLib.inference import run", []),
    ],
)
def test_a_wrong_arrow_would_be_found(own, source, wrong):
    assert upwardImports(own, source) == wrong


def test_parts_do_not_import_in_circles():
    graph = {}
    for path in LIBRARY:
        graph.setdefault(part(path), set()).update(importedParts(text(path)) - {part(path)})
    assert list(TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_the_library_knows_no_slicer(path):
    assert packages(allImports(text(path))) & SLICER == set()


@pytest.mark.parametrize("path", LIBRARY, ids=name)
def test_slow_packages_wait(path):
    if not name(path).removeprefix("GANEnhanceLib/").startswith(HEAVY_BY_NATURE):
        assert packages(fileScopeImports(text(path))) & HEAVY == set()


@pytest.mark.parametrize("path", MODULE, ids=name)
def test_the_module_imports_only_what_every_slicer_has(path):
    allowed = SLICER | {"numpy", "GANEnhanceLib", "GANEnhance", "GANEnhancePanel", "SubjectHierarchyPlugins"}
    assert packages(fileScopeImports(text(path))) - allowed == set()


@pytest.mark.parametrize("path", MODULE, ids=name)
def test_networks_run_in_the_worker_only(path):
    """Neither at file scope nor later: torch, MONAI and OpenVINO never enter Slicer's own process."""
    assert packages(allImports(text(path))) & {"torch", "monai", "openvino", "onnx"} == set()


def test_file_scope_is_told_from_functions():
    source = "import a\nif True:\n    import b.c\nclass D:\n    import d\ndef f():\n    import e\n"
    source += "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import g\n"
    assert packages(fileScopeImports(source)) == {"a", "b", "d"}
    assert packages(allImports(source)) == {"a", "b", "d", "e", "g"}


def test_the_module_lets_go_of_what_it_observes():
    """slicer.util.VTKObservationMixin keeps each node that it ever observed, with its voxels."""
    users = [name(path) for path in MODULE if "import VTKObservationMixin" in text(path)]
    assert users == [], "use GANEnhancePanel.observing.ObserverMixin"


def test_the_module_never_asks_where_it_runs():
    for path in MODULE:
        assert "harness" not in "".join(allImports(text(path))), name(path)
        assert "PySide" not in text(path) and "GANENHANCE_OWN_PROCESS" not in text(path), name(path)


def test_every_imported_package_is_declared():
    project = tomllib.loads(text(REPOSITORY / "pyproject.toml"))["project"]
    declared = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    known = {
        d.replace("[", " ").replace(">", " ").replace("=", " ").replace("<", " ").split()[0] for d in declared
    }
    used = set().union(*(packages(allImports(text(path))) for path in LIBRARY)) - {"GANEnhanceLib"}
    assert "numpy" in used
    assert {DISTRIBUTIONS.get(package, package) for package in used} - known == set()


def test_importing_the_library_loads_nothing_else():
    code = "import sys; before = set(sys.modules); import GANEnhanceLib; print(*set(sys.modules) - before)"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, text=True, capture_output=True, check=True
    )
    assert run.stdout.split() == ["GANEnhanceLib"]
