"""The module `qt` of PythonQt: QtCore, QtGui and QtWidgets in one place, and the loader of `.ui` files."""

import functools
import operator
import types
import xml.etree.ElementTree as ElementTree

from PySide6 import QtCore, QtGui, QtUiTools, QtWidgets

from .qtobjects import PythonQtObject, pythonQtClass
from .qtsignals import asSlot

customWidgets = {}  # {class name: stand-in class}, filled by ctkwidgets and mrmlwidgets


class _FormBuilder(QtUiTools.QUiLoader):
    """Real QFormBuilder that makes our classes; a class that is neither Qt's nor a stand-in is refused."""

    def createWidget(self, className, parent=None, name=""):
        """Called by Qt for each widget of the file."""
        if className in customWidgets:
            widget = customWidgets[className](parent)
        elif hasattr(QtWidgets, className):
            widget = pythonQtClass(getattr(QtWidgets, className))(parent)
        else:
            raise RuntimeError(f"the .ui file has a widget of the unknown class {className}")
        QtCore.QObject.setObjectName(widget, name)
        return widget

    def createLayout(self, className, parent=None, name=""):
        """Called by Qt for each layout of the file."""
        layout = pythonQtClass(getattr(QtWidgets, className))()
        QtCore.QObject.setObjectName(layout, name)
        if isinstance(parent, QtWidgets.QWidget):
            parent.setLayout(layout)
        return layout


def _named(root, name):
    """The root widget or its descendant of this name, or None."""
    return root if root.objectName == name else root.findChild(QtCore.QObject, name)


def _takeEnumerated(root):
    """Take out what a stand-in has of its own enumerations; (widget name, property, number) of each."""
    for widget in root.iter("widget"):
        standin = customWidgets.get(widget.get("class"))
        for prop in widget.findall("property") if standin is not None else []:
            words = prop.findtext("set") or prop.findtext("enum") or ""
            names = [word.strip().rpartition("::")[2] for word in words.split("|")]
            values = [vars(standin).get(name) for name in names]
            if words and all(isinstance(value, int) for value in values):
                widget.remove(prop)
                yield widget.get("name"), prop.get("name"), functools.reduce(operator.or_, values)


class QUiLoader:
    """Loads a `.ui` file; its <connections> are made here, since the stand-ins' signals are Python's."""

    def __init__(self, parent=None):
        self._builder = _FormBuilder()

    def load(self, device, parent=None):
        """The root widget; RuntimeError or ValueError for a class or a connection that does not exist."""
        root = ElementTree.fromstring(bytes(device.readAll()))
        connections = root.find("connections")
        if connections is not None:
            root.remove(connections)
        enumerated = list(_takeEnumerated(root))
        buffer = QtCore.QBuffer()
        buffer.setData(ElementTree.tostring(root))
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        PythonQtObject.loading = True
        try:
            widget = self._builder.load(buffer, parent)
        finally:
            PythonQtObject.loading = False
        for name in [n for n in widget.__dict__ if not n.startswith("_")]:
            del widget.__dict__[name]  # PySide puts the children on the root widget, PythonQt does not
        for name, prop, value in enumerated:
            setattr(_named(widget, name), prop, value)
        for connection in connections if connections is not None else []:
            self._connect(widget, {part.tag: part.text for part in connection})
        return widget

    @staticmethod
    def _connect(widget, parts):
        sender, receiver = (_named(widget, parts[role]) for role in ("sender", "receiver"))
        if sender is None or receiver is None:
            raise RuntimeError(f"the .ui file connects a widget that is not there: {parts}")
        slot = getattr(receiver, parts["slot"].partition("(")[0], None)
        if not callable(slot):
            raise RuntimeError(f"the .ui file connects a slot that is not there: {parts}")
        sender.connect(parts["signal"], slot)


def _singleShot(milliseconds, function):
    QtCore.QTimer.singleShot(milliseconds, asSlot(function))


def _lookup(name):
    for library in (QtCore, QtGui, QtWidgets):
        if hasattr(library, name):
            value = getattr(library, name)
            if isinstance(value, type) and issubclass(value, QtCore.QObject):
                value = pythonQtClass(value)
            setattr(qt, name, value)
            return value
    raise AttributeError(f"qt has no {name}")


qt = types.ModuleType("qt", "Stand-in of PythonQt's module `qt`.")
qt.__getattr__ = _lookup
qt.QUiLoader = QUiLoader
pythonQtClass(QtCore.QTimer).singleShot = staticmethod(_singleShot)
