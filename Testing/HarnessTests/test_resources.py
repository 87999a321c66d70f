"""What a process holds is counted, and said in sentences; a function runs in a new process with a scene."""

import subprocess
import sys
import tempfile
import threading

import harness
import numpy as np
import pytest

harness.start()
import qt  # noqa: E402
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


def test_nothing_more_is_nothing(volume):
    before = harness.resources()
    other = slicer.util.addVolumeFromArray(np.zeros((2, 2, 2)))
    slicer.mrmlScene.RemoveNode(other.GetDisplayNode())  # does not go with its volume
    slicer.mrmlScene.RemoveNode(other)
    timer = qt.QTimer()
    timer.connect("timeout()", lambda: None)
    timer.start(1000)
    timer.stop()
    timer.delete()
    del timer, other
    assert harness.resources().since(before, mebibytes=50) == []


def keepNode(held):
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode", "Kept")
    return "nodes: 1 more of vtkMRMLTextNode"


def keepObserver(held):
    node = slicer.mrmlScene.GetFirstNodeByName("Volume")
    held.callback(node.RemoveObserver, node.AddObserver("ModifiedEvent", lambda *a: None))
    return "observers: 1 more of vtkMRMLScalarVolumeNode Volume"


def keepSceneObserver(held):
    scene = slicer.mrmlScene
    held.callback(scene.RemoveObserver, scene.AddObserver("ModifiedEvent", lambda *a: None))
    return "observers: 1 more of the scene"


def keepConnection(held):
    slicer.app.connect("aboutToQuit()", keepNode)
    held.callback(slicer.app.disconnect, "aboutToQuit()", keepNode)
    return "connections: 1 more of qSlicerApplication.aboutToQuit"


def keepTimer(held):
    timer = qt.QTimer()
    timer.connect("timeout()", keepNode)
    timer.start(100000)
    held.callback(timer.stop)
    return "timers: 1 more of keepNode"


def keepWindow(held):
    label = qt.QLabel("x")
    held.callback(label.delete)
    return "windows: 1 more of QLabel"


def keepProcess(held):
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    held.callback(process.wait)
    held.callback(process.kill)
    return f"processes: 1 more of {sys.executable} -c import time; time.sleep(60)"


def keepThread(held):
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="Waiting")
    thread.start()
    held.callback(thread.join)
    held.callback(end.set)
    return "threads: 1 more of Waiting"


def keepFolder(held):
    folder = held.enter_context(tempfile.TemporaryDirectory(prefix="kept-"))
    return f"folders: 1 more of {folder.rpartition('/')[2]}"


def keepFile(held):
    file = held.enter_context(open(__file__))
    return f"files: 1 more of {file.name}"


KEEPERS = [keepNode, keepObserver, keepSceneObserver, keepConnection, keepTimer, keepWindow]
KEEPERS += [keepProcess, keepThread, keepFolder, keepFile]


@pytest.mark.parametrize("keep", KEEPERS, ids=lambda keep: keep.__name__)
def test_what_is_kept_is_found(keep, volume):
    import contextlib

    before = harness.resources()
    with contextlib.ExitStack() as held:
        sentence = keep(held)
        found = harness.resources().since(before)
    assert sentence in found, found


def test_memory_that_grows_is_found():
    before = harness.resources()
    kept = np.ones(60 << 17)  # 60 MiB
    (sentence,) = harness.resources().since(before, mebibytes=20)
    assert sentence.startswith("memory: ") and kept.all()


def look(app, module, name):
    """In the new process: what the person finds there."""
    import qt
    import slicer

    node = slicer.util.getNode(name)
    shown = module.widget.ui.factorSlider.value if module else None
    views = app.mainWindow is not None
    return [slicer.util.arrayFromVolume(node).tolist(), shown, qt.QSettings().value("Harness/Kept"), views]


def test_a_scene_lives_on_in_a_new_process(demo, volume, tmp_path):
    demo.widget.parameterNode.factor = 2.5
    qt.QSettings().setValue("Harness/Kept", "yes")
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    found = harness.inNewProcess(
        look,
        module=demo.path,
        scene=tmp_path / "scene.mrb",
        mainWindow=True,
        settings=True,
        name="Volume",
    )
    assert found == [slicer.util.arrayFromVolume(volume).tolist(), 2.5, "yes", True]
    assert harness.inNewProcess(look, scene=tmp_path / "scene.mrb", name="Volume")[1:] == [None, None, False]


def failInSlot(app, module):
    """In the new process: an exception that leaves a slot."""
    import qt

    button = qt.QPushButton()
    button.connect("clicked()", lambda: 1 / 0)
    button.click()


def failAtOnce(app, module):
    """In the new process: an exception."""
    raise ValueError("nothing is right")


@pytest.mark.parametrize(("function", "text"), [(failInSlot, "ZeroDivision"), (failAtOnce, "nothing is")])
def test_what_goes_wrong_there_fails_here(function, text):
    with pytest.raises(AssertionError, match=text):
        harness.inNewProcess(function)
