"""Signals and slots by PythonQt's rules, over PySide6.

PythonQt lets Python connect a function by the signal's C++ signature or by the signal's name, hands a
function only as many arguments as it declares, and prints an exception raised inside a slot without telling
the caller. Here an unknown signature raises (PythonQt only prints) and each exception of a slot is kept in
`recordedExceptions`, so that a test can fail because of it.
"""

import inspect
import sys
import traceback
import types
import weakref
from dataclasses import dataclass

from PySide6 import QtCore


@dataclass(frozen=True)
class RecordedException:
    """An exception that left a slot; in Slicer it would only have been printed."""

    error: BaseException
    text: str


recordedExceptions: list[RecordedException] = []
connectedObjects = weakref.WeakSet()  # all that ever had a connection made by Python

# Signals with several overloads in Qt 5.15: which of them a connection by name gets is left to chance there.
OVERLOADED_IN_QT5 = {
    "QComboBox": {"activated", "currentIndexChanged", "highlighted"},
    "QDoubleSpinBox": {"valueChanged"},
    "QProcess": {"finished"},
    "QSpinBox": {"valueChanged"},
}
# Spelling of C++ types in PySide's meta-objects where it differs from Qt's own.
_SPELLING = {"qint64": "qlonglong", "quint64": "qulonglong"}


def record(error):
    """Keep and print an exception that left a slot."""
    text = "".join(traceback.format_exception(error))
    recordedExceptions.append(RecordedException(error, text))
    print(text, file=sys.stderr, end="")


def declaredArguments(function):
    """Number of positional arguments that PythonQt hands to `function`; None: all of them."""
    bound = inspect.ismethod(function)
    plain = function.__func__ if bound else function
    if not isinstance(plain, types.FunctionType) or plain.__code__.co_flags & inspect.CO_VARARGS:
        return None
    return plain.__code__.co_argcount - (1 if bound else 0)


def asSlot(function):
    """Wrap `function`: cut its arguments to the declared ones, record what it raises."""
    limit = declaredArguments(function)

    def slot(*arguments):
        try:
            function(*arguments[:limit])
        except Exception as error:  # whatever it is: PythonQt prints it and goes on
            record(error)

    return slot


def normalized(signature):
    """Signature without blanks and with PySide's spelling of the types."""
    name, _, arguments = signature.replace(" ", "").rstrip(")").partition("(")
    return f"{name}({','.join(_SPELLING.get(kind, kind) for kind in arguments.split(',') if kind)})"


def nativeSignals(metaObject):
    """{public signature: native signature} of a meta-object; names with "_" in front are private."""
    methods = [metaObject.method(i) for i in range(metaObject.methodCount())]
    signals = [m for m in methods if m.methodType() == QtCore.QMetaMethod.MethodType.Signal]
    signatures = [bytes(m.methodSignature()).decode() for m in signals]
    return {signature: signature for signature in signatures if not signature.startswith("_")}


class Signal:
    """A signal of one object, as PythonQt hands it out: connect, disconnect, emit."""

    def __init__(self, owner, name, signature):
        self._owner, self._name, self._signature = owner, name, signature

    def connect(self, function):
        """Connect a Python callable; True as in PythonQt."""
        if isinstance(function, Signal):
            function = function.emit
        if not callable(function):
            raise TypeError(f"a slot must be callable, not {function!r}")
        native = self._owner._signals()[self._signature]
        slot = asSlot(function)
        connection = QtCore.QObject.connect(self._owner, QtCore.SIGNAL(native), slot)
        self._owner._connections().append((self._name, function, slot, connection))
        connectedObjects.add(self._owner)
        return True

    def disconnect(self, function=None):
        """Disconnect one callable, or all of them; False if there was nothing to disconnect."""
        connections = self._owner._connections()
        hit = [c for c in connections if c[0] == self._name and (function is None or c[1] == function)]
        for entry in hit:
            connections.remove(entry)
            QtCore.QObject.disconnect(entry[3])
        return bool(hit)

    def emit(self, *arguments):
        """Emit the signal."""
        native = self._owner._signals()[self._signature].partition("(")[0]
        object.__getattribute__(self._owner, native).emit(*arguments)

    __call__ = emit


class ConnectByName(Signal):
    """A signal reached by its name alone, where Qt 5.15 has several of that name."""

    def connect(self, function):
        """Connect a function that takes no argument; others need the full signature."""
        if declaredArguments(function) != 0:
            raise ValueError(
                f"{self._owner.className()}.{self._name} is overloaded: connect by full signature, "
                f'for example connect("{self._signature}", ...), or a function without arguments'
            )
        return super().connect(function)


def findSignal(owner, signature):
    """The signal of `owner` with this name or full signature; ValueError if there is none."""
    table = owner._signals()
    name, bracket, _ = signature.partition("(")
    if bracket:
        if normalized(signature) not in table:
            alike = [known for known in table if known.startswith(name + "(")]
            raise ValueError(f"{owner.className()} has no signal {signature}, but {alike}")
        return Signal(owner, name, normalized(signature))
    overloads = [known for known in table if known.startswith(name + "(")]
    if not overloads:
        raise ValueError(f"{owner.className()} has no signal {signature}")
    ambiguous = any(owner.inherits(base) and name in names for base, names in OVERLOADED_IN_QT5.items())
    kind = ConnectByName if ambiguous or name in owner.overloadedSignals else Signal
    return kind(owner, name, overloads[0])
