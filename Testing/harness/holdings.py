"""What this process holds: nodes, observers, connections, timers, child processes, folders, files, memory.

    before = harness.resources()
    ...                                        # fifty runs
    assert harness.resources().since(before) == []

`since` gives one readable sentence for each kind of thing that is more than before. Temporary folders are
those of `tempfile.gettempdir()`, which is a folder of its own in the tests of Testing/Panel.
"""

import gc
import os
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass

import psutil
import shiboken6
import slicer
from PySide6 import QtCore, QtWidgets

from . import qtsignals

_MIB = 1 << 20


@dataclass
class Resources:
    """A count of each kind of thing, by name; memory in bytes."""

    nodes: Counter  # class of the node
    observers: Counter  # of node or scene, set by Python
    connections: Counter  # "QPushButton.clicked" made by Python
    timers: Counter  # running QTimers by the function that they call
    windows: Counter  # top-level widgets by class
    processes: Counter  # command lines of children
    threads: Counter
    folders: Counter  # entries of the temporary folder
    files: Counter  # open files, and other open handles by kind
    memory: int  # bytes in use by this process

    def since(self, before, mebibytes=None):
        """Sentences about what is more than `before`; memory only if a limit of growth is given."""
        found = []
        for kind in ("nodes", "observers", "connections", "timers", "windows"):
            found += self._more(before, kind)
        for kind in ("processes", "threads", "folders", "files"):
            found += self._more(before, kind)
        growth = (self.memory - before.memory) / _MIB
        if mebibytes is not None and growth > mebibytes:
            found.append(f"memory: {growth:.1f} MiB more than before, {mebibytes} are allowed")
        return found

    def _more(self, before, kind):
        more = getattr(self, kind) - getattr(before, kind)
        return [f"{kind}: {count} more of {name}" for name, count in sorted(more.items())]


def resources():
    """Count now, after everything that waits to be deleted is gone."""
    for _ in range(2):
        QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
        QtWidgets.QApplication.processEvents()
        gc.collect()
    process = psutil.Process()
    return Resources(
        nodes=_nodes(),
        observers=_observers(),
        connections=_connections(),
        timers=_timers(),
        windows=Counter(_className(w) for w in QtWidgets.QApplication.topLevelWidgets()),
        processes=Counter(_commandLine(child) for child in process.children(recursive=True)),
        threads=Counter(thread.name.partition("-")[0] for thread in threading.enumerate()),
        folders=Counter(_folders()),
        files=_files(process),
        memory=process.memory_info().rss,
    )


def _sceneNodes():
    scene = slicer.mrmlScene
    return [scene.GetNthNode(number) for number in range(scene.GetNumberOfNodes())]


def _nodes():
    return Counter(node.GetClassName() for node in _sceneNodes())


def _observers():
    """Observers that Python has set, by what they observe; a node's name says more than its address."""
    logic = slicer.app.applicationLogic()
    observed = {"the scene": slicer.mrmlScene, "slicer.app.applicationLogic()": logic}
    for each in logic.GetSliceLogics() or []:
        observed[f"the slice logic {each.GetSliceNode().GetName()}"] = each
    for node in _sceneNodes():
        name = f"{node.GetClassName()} {node.GetName()}"
        observed[name] = node
        if node.IsA("vtkMRMLSegmentationNode"):
            observed[f"the segmentation of {name}"] = node.GetSegmentation()
    return Counter({name: _observersOf(each) for name, each in observed.items()})


def _observersOf(subject):
    end = subject.AddObserver("NoEvent", _nothing)
    subject.RemoveObserver(end)
    commands = [subject.GetCommand(tag) for tag in range(1, end)]
    return sum(command is not None and command.GetClassName() == "vtkPythonCommand" for command in commands)


def _nothing(caller, event):
    """Never called: its tag says how many observers there ever were."""


def _connections():
    owners = [owner for owner in list(qtsignals.connectedObjects) if shiboken6.isValid(owner)]
    return Counter(f"{owner.className()}.{entry[0]}" for owner in owners for entry in owner._connections())


def _className(thing):
    return QtCore.QObject.metaObject(thing).className()


def _timers():
    timers = [o for o in gc.get_objects() if isinstance(o, QtCore.QTimer) and shiboken6.isValid(o)]
    return Counter(_timerName(timer) for timer in timers if QtCore.QTimer.isActive(timer))


def _timerName(timer):
    functions = [entry[1] for entry in getattr(timer, "_connections", lambda: [])()]
    names = [getattr(function, "__qualname__", repr(function)) for function in functions]
    return ", ".join(names) or _className(timer)


def _commandLine(process):
    try:
        return " ".join(process.cmdline()[:4]) or process.name()
    except psutil.Error:
        return "a process that just ended"


def _folders():
    """Entries of the temporary folder but pytest's own."""
    return [name for name in os.listdir(tempfile.gettempdir()) if not name.startswith("pytest-")]


def _files(process):
    """Open files by path, and all other handles (pipes, sockets) by kind where the system tells it."""
    links = "/proc/self/fd"
    if not os.path.isdir(links):
        return Counter(opened.path for opened in process.open_files())
    found = Counter()
    for number in os.listdir(links):
        try:
            target = os.readlink(f"{links}/{number}")
        except OSError:  # the handle of the listing itself
            continue
        found[target if target.startswith("/") else target.partition(":")[0]] += 1
    return found
