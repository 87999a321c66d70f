"""The stand-in of the parameter node wrapper: types, defaults, validators, storage, binding to widgets."""

import enum
import pathlib
from typing import Annotated

import harness
import pytest

harness.start()
import qt  # noqa: E402
import slicer  # noqa: E402
from slicer import vtkMRMLModelNode, vtkMRMLScalarVolumeNode  # noqa: E402
from slicer.parameterNodeWrapper import (  # noqa: E402
    Choice,
    Decimals,
    Default,
    Minimum,
    SingleStep,
    WithinRange,
    parameterNodeWrapper,
)


class Color(enum.Enum):
    """An enum without labels."""

    red = "r"
    blue = "b"


@parameterNodeWrapper
class Parameters:
    """One of each kind."""

    count: Annotated[int, WithinRange(0, 10)] = 3
    share: Annotated[float, WithinRange(0, 1), Decimals(3), SingleStep(0.125)] = 0.5
    least: Annotated[int, Minimum(2)] = 2
    text: str
    flag: bool = True
    color: Color = Color.blue
    path: pathlib.Path
    axis: Annotated[str, Choice(["k", "j"])] = "j"
    given: Annotated[int, Default(7)]
    volume: vtkMRMLScalarVolumeNode
    either: vtkMRMLScalarVolumeNode | vtkMRMLModelNode | None


@pytest.fixture
def node(slicerApp):
    """A fresh parameter node of the scene."""
    return slicer.mrmlScene.AddNode(slicer.vtkMRMLScriptedModuleNode())


@pytest.fixture
def parameters(node):
    """The wrapper over it."""
    return Parameters(node)


def test_defaults_are_written_into_the_node(node, parameters):
    assert (parameters.count, parameters.share, parameters.text, parameters.flag) == (3, 0.5, "", True)
    assert (parameters.color, parameters.path, parameters.axis) == (Color.blue, pathlib.Path(), "j")
    assert parameters.given == 7 and parameters.volume is None and parameters.default("count").value == 3
    assert (node.GetParameter("count"), node.GetParameter("flag")) == ("3", "True")
    assert node.GetParameter("color") == "blue"


def test_a_stored_value_wins_over_the_default(node, parameters):
    parameters.share, parameters.color, parameters.flag = 0.25, Color.red, False
    again = Parameters(node)
    assert (again.share, again.color, again.flag) == (0.25, Color.red, False)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("count", 11, ValueError),
        ("count", "3", TypeError),
        ("count", None, ValueError),
        ("share", -0.1, ValueError),
        ("least", 1, ValueError),
        ("text", 5, TypeError),
        ("color", "red", TypeError),
        ("path", "/tmp", TypeError),
        ("axis", "i", ValueError),
    ],
)
def test_a_wrong_value_is_refused_and_nothing_changes(parameters, name, value, error):
    before = getattr(parameters, name)
    with pytest.raises(error):
        setattr(parameters, name, value)
    assert getattr(parameters, name) == before


def test_nodes_are_references_with_the_role_of_the_name(node, parameters):
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
    model = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode")
    parameters.volume, parameters.either = volume, model
    assert node.GetNodeReference("volume") is volume and parameters.either is model
    with pytest.raises(TypeError):
        parameters.volume = model
    slicer.mrmlScene.RemoveNode(volume)
    assert parameters.volume is None
    parameters.either = None
    assert parameters.either is None and node.GetNodeReference("either") is None


def test_one_write_fires_one_event_and_no_change_fires_none(parameters):
    volume, events = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode"), []
    parameters.AddObserver("ModifiedEvent", lambda caller, event: events.append(event))
    changes = {"count": 4, "share": 0.75, "color": Color.red, "flag": False, "volume": volume, "axis": "k"}
    for number, (name, value) in enumerate(changes.items(), start=1):
        setattr(parameters, name, value)
        assert len(events) == number, name
    parameters.count = 4
    assert len(events) == len(changes)
    with slicer.util.NodeModify(parameters):
        parameters.count, parameters.share, parameters.volume = 5, 0.5, None
        assert len(events) == len(changes)
    assert len(events) == len(changes) + 1


@pytest.mark.parametrize("hint", [list[int], dict[str, int], tuple[int, int], int | None, complex, int | str])
def test_types_that_the_panel_must_not_use_are_refused(hint):
    with pytest.raises(TypeError, match="value"):
        parameterNodeWrapper(type("Wrong", (), {"__annotations__": {"value": hint}}))


@pytest.mark.parametrize("name", ["default", "connectGui", "StartModify", "parameterNode", "allParameters"])
def test_reserved_names_are_refused(name):
    with pytest.raises(ValueError, match=name):
        parameterNodeWrapper(type("Wrong", (), {"__annotations__": {name: int}}))


def test_widgets_and_parameters_follow_each_other(demo, volume):
    ui, parameters = demo.widget.ui, demo.widget.parameterNode
    assert (ui.factorSlider.minimum, ui.factorSlider.maximum, ui.factorSlider.value) == (0, 4, 1.5)
    assert [ui.axisComboBox.itemText(i) for i in range(ui.axisComboBox.count)] == ["k", "j", "i"]
    assert [ui.roundingComboBox.itemText(i) for i in (0, 1)] == ["Nearest", "Down"]
    ui.inputSelector.setCurrentNode(volume)
    ui.factorSlider.value = 2.5
    ui.axisComboBox.currentText = "i"
    ui.roundingComboBox.setCurrentIndex(1)
    ui.displayCheckBox.click()
    assert parameters.inputVolume is volume and parameters.factor == 2.5 and parameters.axis == "i"
    assert parameters.rounding.name == "down" and parameters.copyDisplay is False
    parameters.factor, parameters.axis, parameters.inputVolume, parameters.copyDisplay = 0.5, "k", None, True
    assert ui.factorSlider.value == 0.5 and ui.axisComboBox.currentIndex == 0
    assert ui.inputSelector.currentNode() is None and ui.displayCheckBox.checked


def test_disconnected_widgets_stay_as_they_are(demo):
    ui, parameters = demo.widget.ui, demo.widget.parameterNode
    parameters.disconnectGui(demo.widget.guiTag)
    parameters.factor = 3
    ui.displayCheckBox.click()
    assert ui.factorSlider.value == 1.5 and parameters.copyDisplay is True


@pytest.mark.parametrize(
    ("name", "widget"),
    [("least", "ctkSliderWidget"), ("text", "QLineEdit"), ("text", "QComboBox"), ("volume", "QComboBox")],
)
def test_a_widget_that_slicer_would_not_connect_is_refused(parameters, name, widget):
    import ctk

    with pytest.raises(RuntimeError):
        parameters.connectParametersToGui({name: getattr(ctk, widget, None) or getattr(qt, widget)()})


def test_connectors_want_the_exact_class(parameters):
    class Special(qt.QCheckBox):
        pass

    assert parameters.connectParametersToGui({"flag": qt.QCheckBox()}) == 0
    with pytest.raises(RuntimeError):
        parameters.connectParametersToGui({"flag": Special()})
    with pytest.raises(ValueError, match="nobody"):
        parameters.connectParametersToGui({"nobody": qt.QCheckBox()})


def test_the_annotations_reach_the_slider(parameters):
    import ctk

    slider = ctk.ctkSliderWidget()
    parameters.connectParametersToGui({"share": slider})
    assert (slider.decimals, slider.singleStep) == (3, 0.125)
    slider.value = 0.12345
    assert parameters.share == 0.123


def test_values_survive_saving_and_loading(tmp_path, parameters, volume):
    parameters.count, parameters.volume = 9, volume
    parameters.parameterNode.SetName("Saved")
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    loaded = Parameters(slicer.util.getNode("Saved"))
    assert loaded.count == 9 and slicer.util.arrayFromVolume(loaded.volume).shape == (2, 3, 4)
