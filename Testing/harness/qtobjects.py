"""Qt classes with PythonQt's attribute rules, made from PySide6's meta-objects.

For each QObject class of PySide6 a subclass is made on first use: properties are attributes, unknown
attributes and values of a wrong type are refused, a list of strings comes back as a tuple. `type(w) ==
qt.QPushButton` holds for a push button of a `.ui` file, which the parameter node wrapper relies on.
"""

import types

from PySide6 import QtCore

from . import qtsignals

_QtMeta = type(QtCore.QObject)
# Q_PROPERTY names whose getter is virtual: a Python attribute of that name would be called by C++.
_VIRTUAL = {"sizeHint", "minimumSizeHint"}
# Q_PROPERTY names behind which a static function hides.
_STATIC = {"singleShot"}
_CHECKED = {
    "QString": lambda v: isinstance(v, str),
    "bool": lambda v: isinstance(v, (bool, int)),
    "int": lambda v: isinstance(v, (int, float)),
    "double": lambda v: isinstance(v, (int, float)),
    "QStringList": lambda v: isinstance(v, (list, tuple)) and all(isinstance(s, str) for s in v),
}
_made = {}


class PythonQtMeta(_QtMeta):
    """`isinstance(button, qt.QWidget)` holds, although our QWidget is not a base of our QPushButton."""

    def __instancecheck__(cls, instance):
        base = cls.__dict__.get("nativeClass")
        return _QtMeta.__instancecheck__(cls, instance) or (base is not None and isinstance(instance, base))

    def __subclasscheck__(cls, subclass):
        base = cls.__dict__.get("nativeClass")
        return _QtMeta.__subclasscheck__(cls, subclass) or (base is not None and issubclass(subclass, base))


class PythonQtObject:
    """What PythonQt adds to every QObject; the mixin of all classes of `qt`, `ctk` and `slicer.qMRML*`."""

    standinSignals: dict[str, str] = {}  # of a stand-in: {public signature: native signature}
    overloadedSignals: frozenset[str] = frozenset()
    pythonQtProperties: frozenset[str] = frozenset()
    loading = False  # while a .ui file is loaded PySide sets the children as attributes of the root widget

    def _connections(self):
        return self.__dict__.setdefault("_connectionList", [])

    def _signals(self):
        return {**qtsignals.nativeSignals(self.metaObject()), **type(self).standinSignals}

    def __getattribute__(self, name):
        if name in ("connect", "disconnect"):  # Shiboken answers these two before any Python subclass
            return types.MethodType(PythonQtObject.__dict__[name], self)
        value = super().__getattribute__(name)
        if type(value) is QtCore.SignalInstance and not name.startswith("_"):
            return qtsignals.findSignal(self, name)
        if type(value) is list and name in type(self).pythonQtProperties:
            return tuple(value)
        return value

    def __getattr__(self, name):
        if any(signature.startswith(name + "(") for signature in type(self).standinSignals):
            return qtsignals.findSignal(self, name)
        raise AttributeError(f"{type(self).__name__} has no attribute {name}")

    def __setattr__(self, name, value):
        cls = type(self)
        if name in cls.pythonQtProperties:
            checkProperty(self, name, value)
            super().__setattr__(name, value)
        elif name.startswith("_") or PythonQtObject.loading or isPythonSubclass(cls):
            super().__setattr__(name, value)
        elif name.encode() in [bytes(known) for known in self.dynamicPropertyNames()]:
            self.setProperty(name, value)
        else:
            raise AttributeError(f"Attribute '{name}' can not be set on {cls.__name__} object")

    def connect(self, signal, function):
        """Connect the signal of this full signature (or name) to a Python callable."""
        return qtsignals.findSignal(self, signal).connect(function)

    def disconnect(self, signal, function=None):
        """Undo `connect`."""
        return qtsignals.findSignal(self, signal).disconnect(function)

    def className(self):
        """Name of the C++ class."""
        return next(c.__dict__["qtName"] for c in type(self).__mro__ if "qtName" in c.__dict__)

    def inherits(self, name):
        """Whether a class of this name is among the C++ bases."""
        return any(c.__dict__.get("qtName", c.__name__) == name for c in type(self).__mro__)

    def findChildren(self, kind=QtCore.QObject, name=""):
        """All descendants of a class, with an object name if one is given."""
        kind = kind.__dict__.get("nativeClass", kind)
        every = QtCore.QObject.findChildren(self, QtCore.QObject)
        found = [child for child in every if isinstance(child, kind)]
        return [child for child in found if not name or QtCore.QObject.objectName(child) == name]

    def findChild(self, kind=QtCore.QObject, name=""):
        """First of `findChildren`, or None."""
        return next(iter(self.findChildren(kind, name)), None)

    def exec_(self, *arguments):
        """Qt 5's name of exec."""
        return self.exec(*arguments)

    def delete(self):
        """Delete the C++ object at the next return to the event loop."""
        self.deleteLater()


def isPythonSubclass(cls):
    """Whether a module's own Python class is meant: PythonQt lets only those take new attributes."""
    return "nativeClass" not in cls.__dict__ and "qtName" not in cls.__dict__


def checkProperty(owner, name, value):
    """Raise AttributeError as PythonQt does if a property is read-only or does not take this type."""
    metaObject = owner.metaObject()
    described = metaObject.property(metaObject.indexOfProperty("objectName" if name == "name" else name))
    if not described.isWritable():
        raise AttributeError(f"Property '{name}' of {type(owner).__name__} object is not writable")
    kind = described.typeName()
    if not _CHECKED.get(kind, lambda v: True)(value):
        raise AttributeError(
            f"Property '{name}' of type '{kind}' does not accept {value!r} of type {type(value).__name__}"
        )


def nativeProperty(name):
    """Python property over one Q_PROPERTY."""

    def put(self, value):
        if not QtCore.QObject.setProperty(self, name, value):
            raise AttributeError(f"Property '{name}' of {type(self).__name__} does not accept {value!r}")

    return property(lambda self: QtCore.QObject.property(self, name), put)


def pythonQtClass(native):
    """The class of `qt` for one QObject class of PySide6 (made once)."""
    if native not in _made:
        metaObject = native.staticMetaObject
        names = {metaObject.property(i).name() for i in range(metaObject.propertyCount())}
        names -= _VIRTUAL | _STATIC
        namespace = {name: nativeProperty(name) for name in names}
        namespace["name"] = nativeProperty("objectName")
        namespace |= {"nativeClass": native, "qtName": native.__name__}
        namespace["pythonQtProperties"] = frozenset(names | {"name"})
        _made[native] = PythonQtMeta(native.__name__, (PythonQtObject, native), namespace)
    return _made[native]


def standin(cls):
    """Class decorator of a stand-in: its QtCore.Property members become attributes by the same rules."""
    own = {n for c in cls.__mro__ for n, v in c.__dict__.items() if isinstance(v, QtCore.Property)}
    cls.pythonQtProperties = frozenset(cls.pythonQtProperties | own)
    cls.qtName = cls.__name__
    return cls
