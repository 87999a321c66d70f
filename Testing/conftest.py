"""Fixtures of the tests that need the Slicer stand-in, and a process of its own for each file of those."""

import os
from pathlib import Path

import ownprocess
import pytest


def pytest_pycollect_makemodule(module_path, parent):
    """Files of Testing/Panel and Testing/HarnessTests run in child processes."""
    return ownprocess.fileCollector(module_path, parent)


def pytest_collection_modifyitems(items):
    """Tests that wait for child processes come last, so that others run meanwhile."""
    items.sort(key=lambda item: isinstance(item, ownprocess.OwnProcessItem))


def pytest_collection_finish(session):
    """The child processes begin."""
    if not session.config.option.collectonly:
        ownprocess.startAll(session)


def pytest_unconfigure(config):
    """End the child processes and remove what they shared."""
    ownprocess.stopAll(config)


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_written_into_the_users_cache(tmp_path_factory):
    """Workers remember speeds in a folder of the tests' own."""
    os.environ["GANENHANCE_CACHE"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def installTree(tmp_path_factory):
    """Folder of the installed modules: what a user of the extension has on disk."""
    from harness.installtree import makeInstallTree

    made = os.environ.get(ownprocess.TREE)
    return Path(made) if made else makeInstallTree(tmp_path_factory.mktemp("extension"))


@pytest.fixture
def slicerApp():
    """The running harness with an empty scene; fails a test that left slot exceptions or VTK errors behind.

    A test that provokes them takes them away: `harness.recordedExceptions.clear()`, `slicerApp.vtkErrors()`.
    """
    import harness
    import slicer

    app = harness.start()
    slicer.mrmlScene.Clear(0)
    harness.recordedExceptions.clear()
    harness.answers.clear()
    app.vtkErrors()
    yield app
    slicer.mrmlScene.Clear(0)
    app.qtApplication.processEvents()
    slots = [recorded.text for recorded in harness.recordedExceptions]
    harness.recordedExceptions.clear()
    assert not slots, "exceptions left slots:\n" + "\n".join(slots)
    errors = app.vtkErrors()
    assert not errors, "VTK or MRML printed:\n" + "\n".join(errors)


@pytest.fixture
def mainWindow(slicerApp):
    """A main window with slice views; gives the layout manager. Ask for it before the module's fixture."""
    yield slicerApp.openMainWindow()
    slicerApp.closeMainWindow()


@pytest.fixture
def ganenhanceModule(slicerApp, installTree):
    """The module GANEnhance of the install tree, entered; unloading it may leave nothing running."""
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    yield module
    module.unload()
    assert not module.leftovers(), "\n".join(module.leftovers())
