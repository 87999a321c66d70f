"""The stand-ins offer nothing that the real widgets lack, and all that the panels of this repository use."""

import harness
import pytest
from harness import contract

harness.start()
# Meta-objects of Python know fewer types than C++: what a property of the first type may be called there.
SPELLING = {"QStringList": {"QStringList", "QVariantList"}, "Filters": {"int"}, "SizeAdjustPolicy": {"int"}}


def readOnlyNames(name):
    """Read-only properties of a class of the data file, with its bases."""
    if name not in contract.classes():
        return set()
    inherited = {n for base in contract.classes()[name]["bases"] for n in readOnlyNames(base)}
    return inherited - set(contract.classes()[name]["properties"]) | set(contract.classes()[name]["readOnly"])


@pytest.mark.parametrize("name", contract.standins())
def test_no_standin_offers_a_name_that_the_original_lacks(name):
    offered = contract.offeredNames(contract.standins()[name])
    assert offered, "the check sees nothing"
    assert offered - contract.publicNames(name) == set()


@pytest.mark.parametrize("name", contract.standins())
def test_properties_have_the_type_and_the_access_of_the_original(name):
    known, readOnly = contract.properties(name), readOnlyNames(name)
    described = contract.standins()[name].staticMetaObject
    for index in range(described.propertyOffset(), described.propertyCount()):
        mine = described.property(index)
        assert mine.typeName() in SPELLING.get(known[mine.name()], {known[mine.name()]}), mine.name()
        assert not (mine.isWritable() and mine.name() in readOnly), mine.name()


@pytest.mark.parametrize("name", contract.standins())
def test_signals_have_a_signature_of_the_original(name):
    from harness.qtsignals import nativeSignals

    standin = contract.standins()[name]
    native = next(base for base in standin.__mro__ if base.__module__.startswith("PySide6"))
    own = set(nativeSignals(standin.staticMetaObject)) - set(nativeSignals(native.staticMetaObject))
    assert (own | set(standin.standinSignals)) <= set(contract.signals(name))


@pytest.mark.parametrize("name", contract.standins())
def test_methods_ask_for_no_more_arguments_than_the_original(name):
    """A call that Slicer takes must not fail here for want of an argument, and the other way round."""
    import inspect

    standin, known = contract.standins()[name], contract.signatures(name)
    offered = contract.offeredNames(standin) & set(known) - set(contract.properties(name))
    for method in offered:
        parameters = list(inspect.signature(getattr(standin, method)).parameters.values())[1:]
        needed = sum(p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters)
        assert needed >= min(known[method]), (
            f"{name}.{method} can be called with fewer arguments than the original"
        )
        assert len(parameters) <= max(known[method]), (
            f"{name}.{method} takes more arguments than the original"
        )


def test_every_class_of_the_data_file_is_a_standin_or_the_base_of_one():
    wanted, todo = set(), list(contract.standins())
    while todo:
        name = todo.pop()
        wanted.add(name)
        todo += contract.classes().get(name, {"bases": []})["bases"]
    assert set(contract.classes()) <= wanted
    assert set(contract.standins()) <= set(contract.classes())


def test_decorated_names_are_used_by_slicers_own_code():
    import slicer

    source = open(slicer.util.__file__).read()
    for names in contract.DECORATED.values():
        for name in names - {"logic"}:
            assert f".{name}(" in source, name
    assert "module.logic()" in source


def test_a_generous_standin_would_be_found():
    from harness.ctkwidgets import ctkSliderWidget

    class Generous(ctkSliderWidget):
        """With the method that is missed most."""

        qtName = "ctkSliderWidget"

        def setRange(self, low, high):
            """Not in CTK's Python interface."""

    Generous.__module__ = "harness.generous"
    assert contract.offeredNames(Generous) - contract.publicNames("ctkSliderWidget") == {"setRange"}
