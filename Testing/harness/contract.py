"""The public names that the real widgets have (`widget-api.json`), and those that the stand-ins offer."""

import json
from functools import cache
from pathlib import Path

from PySide6 import QtCore, QtWidgets

# Added by C++ decorators, which the headers of these classes do not show; slicer.util uses them.
DECORATED = {
    "qSlicerScriptedLoadableModule": {"widgetRepresentation", "createNewWidgetRepresentation", "logic"},
    "qSlicerApplication": {"testingEnabled"},
}
# Members of a stand-in class that are the harness's own machinery.
_MACHINERY = {"nativeClass", "qtName", "pythonQtProperties", "standinSignals", "overloadedSignals"}


@cache
def classes():
    """{class name: {"bases", "properties", "readOnly", "signals", "slots", "invokable"}} of the data file."""
    return json.loads(Path(__file__).with_name("widget-api.json").read_text())["classes"]


def qtClass(name):
    """The class of PySide6 with this name, or None."""
    return getattr(QtWidgets, name, None) or getattr(QtCore, name, None)


def properties(name):
    """{property: type} of a class of Qt or of the data file, with its bases."""
    if name not in classes():
        described = qtClass(name).staticMetaObject if qtClass(name) else None
        known = [described.property(i) for i in range(described.propertyCount())] if described else []
        return {each.name(): each.typeName() for each in known}
    own = classes()[name]["properties"]
    return {p: kind for base in classes()[name]["bases"] for p, kind in properties(base).items()} | own


def signatures(name):
    """{method: possible numbers of arguments} of the slots and invokable methods, with those of the bases."""
    if name not in classes():
        return {}
    known = {}
    for base in classes()[name]["bases"]:
        known.update(signatures(base))
    for signature in classes()[name]["slots"] + classes()[name]["invokable"]:
        signature, _, optional = signature.partition("?")
        method, _, arguments = signature.rstrip(")").partition("(")
        most = len(arguments.split(",")) if arguments else 0
        known[method] = known.get(method, set()) | set(range(most - int(optional or 0), most + 1))
    return known


def signals(name):
    """Signatures of a class's signals, with those of its bases; of a Qt class by its meta-object."""
    if name not in classes():
        from .qtsignals import nativeSignals

        return list(nativeSignals(qtClass(name).staticMetaObject)) if qtClass(name) else []
    own = list(classes()[name]["signals"])
    return own + [signature for base in classes()[name]["bases"] for signature in signals(base)]


def methods(name):
    """Names that can be called: slots and invokable methods; of a Qt class everything that is no property."""
    if name not in classes():
        return set(dir(qtClass(name))) - set(properties(name)) if qtClass(name) else set()
    inherited = {method for base in classes()[name]["bases"] for method in methods(base)}
    return set(signatures(name)) | inherited | DECORATED.get(name, set())


def enumerators(name):
    """Names of the values of a class's enumerations, as `ctk.ctkPathLineEdit.Files`."""
    own = classes().get(name, {"bases": []})
    return set(own.get("enumerators", [])).union(*(enumerators(base) for base in own["bases"]))


def publicNames(name):
    """All names that PythonQt offers of a class."""
    called = {s.partition("(")[0] for s in signals(name)} | methods(name)
    return set(properties(name)) | called | enumerators(name) | {"name"}


def standins():
    """{class name: stand-in class} of all stand-ins."""
    from . import layoutmanager, mainwindow, modules, slicerapp, sliceviews, subjecthierarchy, widgets  # noqa: F401
    from .qtmodule import customWidgets

    made = [*customWidgets.values(), modules.qSlicerScriptedLoadableModule]
    made += [layoutmanager.qSlicerLayoutManager, mainwindow.qSlicerMainWindow]
    made += [mainwindow.qSlicerModuleSelectorToolBar, sliceviews.qMRMLSliceControllerWidget]
    made += [sliceviews.qMRMLSliceView, sliceviews.qMRMLSliceWidget]
    made += [subjecthierarchy.qSlicerSubjectHierarchyPluginHandler]
    made += [subjecthierarchy.qSlicerSubjectHierarchyScriptedPlugin]
    made += [slicerapp.qSlicerApplication, slicerapp.qSlicerIOManager, slicerapp.qSlicerModuleManager]
    return {each.__name__: each for each in made}


def offeredNames(cls):
    """Public names that a stand-in adds to its Qt base class."""
    own = [
        vars(base)
        for base in cls.__mro__
        if base.__module__.startswith("harness.") and "qtName" in vars(base)
    ]
    native = next(base for base in cls.__mro__ if base.__module__.startswith("PySide6"))
    names = {name for members in own for name in members if not name.startswith("_")}
    names |= {signature.partition("(")[0] for signature in cls.standinSignals}
    return names - set(dir(native)) - _MACHINERY
