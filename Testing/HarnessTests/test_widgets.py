"""The ctk and qMRML stand-ins behave as the real widgets do where the panel relies on it."""

import harness
import numpy as np
import pytest

harness.start()
import ctk  # noqa: E402
import qt  # noqa: E402
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


def names(selector):
    """What a person reads in the list of a node combo box."""
    return [selector._combo.itemText(i) for i in range(selector._combo.count())]


@pytest.fixture
def selector():
    """A selector of scalar volumes on the scene."""
    made = slicer.qMRMLNodeComboBox()
    made.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    made.addEnabled = made.removeEnabled = False
    made.setMRMLScene(slicer.mrmlScene)
    return made


def test_the_list_follows_the_scene(selector):
    volume = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "First")
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode", "Model")
    assert names(selector) == ["First"] and selector.currentNode() is None
    selector.setCurrentNode(volume)
    slicer.mrmlScene.RemoveNode(volume)
    assert names(selector) == [] and selector.currentNode() is None and selector.currentNodeID == ""


def test_child_types_and_hidden_nodes(selector):
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "Labels")
    hidden = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Hidden")
    assert names(selector) == ["Labels", "Hidden"]
    selector.showChildNodeTypes = False
    assert names(selector) == ["Hidden"]
    hidden.SetHideFromEditors(True)
    selector.showHidden = True
    assert names(selector) == ["Hidden"]
    selector.showHidden = False
    assert names(selector) == []


def test_nodes_of_another_kind_cannot_be_chosen(selector):
    model = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLModelNode")
    selector.setCurrentNode(model)
    assert selector.currentNode() is None


def test_signals_say_the_node_once(selector):
    volume, heard = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode"), []
    selector.connect("currentNodeChanged(vtkMRMLNode*)", heard.append)
    selector.connect("currentNodeChanged(bool)", heard.append)
    selector.connect("currentNodeIDChanged(QString)", heard.append)
    selector.setCurrentNode(volume)
    selector.setCurrentNode(volume)
    assert heard == [volume, True, volume.GetID()]
    selector.setCurrentNodeID("")
    assert heard[3:] == [None, False, ""]


def test_an_output_selector_makes_a_node_when_a_person_asks(selector):
    selector.noneEnabled, selector.addEnabled, selector.baseName = True, True, "Enhanced"
    selector.noneDisplay = "(Create new volume)"
    assert names(selector)[0] == "(Create new volume)" and selector._combo.currentIndex() == 0
    heard = []
    selector.connect("nodeAddedByUser(vtkMRMLNode*)", heard.append)
    selector._combo.activated.emit(names(selector).index("Create new Enhanced"))
    assert heard == [selector.currentNode()] and selector.currentNode().GetName() == "Enhanced"


def test_attributes_filter(selector):
    for name in ("A", "B"):
        slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name)
    slicer.util.getNode("B").SetAttribute("Kind", "yes")
    selector.addAttribute("vtkMRMLScalarVolumeNode", "Kind", "yes")
    assert names(selector) == ["B"]


def test_slider_cuts_rounds_and_tells_once():
    slider, heard = ctk.ctkSliderWidget(), []
    slider.connect("valueChanged(double)", heard.append)
    slider.minimum, slider.maximum, slider.decimals = 0.0, 1.0, 2
    slider.value = 0.126
    slider.value = 0.13
    slider.value = 7
    assert heard == [0.13, 1.0] and slider.value == 1.0
    slider.maximum = 0.5
    assert heard[2:] == [0.5]


def test_slider_and_spin_box_can_be_moved_by_a_person():
    slider = ctk.ctkSliderWidget()
    slider.minimum, slider.maximum = -1.0, 1.0
    slider._slider.setValue(7500)
    assert slider.value == 0.5 and slider._spinBox.value() == 0.5
    slider._spinBox.setValue(-0.25)
    assert slider.value == -0.25 and slider._slider.value() == 3750


def test_collapsible_button_hides_its_contents():
    outer = ctk.ctkCollapsibleButton("Advanced")
    layout, heard = qt.QVBoxLayout(outer), []
    inner = qt.QLabel("inside")
    layout.addWidget(inner)
    outer.connect("contentsCollapsed(bool)", heard.append)
    outer.show()
    full = outer.sizeHint().height()
    outer.collapsed = True
    assert not inner.visible and not outer.checked and outer.sizeHint().height() < full
    outer.click()
    assert inner.visible and not outer.collapsed and heard == [True, False]


@pytest.mark.parametrize("isClosedFirst", [True, False])
def test_what_the_program_hides_stays_hidden_in_a_collapsible_button(isClosedFirst):
    outer = ctk.ctkCollapsibleButton("Advanced")
    outer.collapsed = isClosedFirst
    layout = qt.QVBoxLayout(outer)
    shown, hidden, later, gone = (qt.QLabel(name) for name in ("shown", "hidden", "later", "gone"))
    for label in (shown, hidden, later, gone):
        layout.addWidget(label)
    hidden.visible = later.visible = False
    outer.show()
    outer.collapsed = True
    qt.QApplication.processEvents()
    assert not any(label.visible for label in (shown, hidden, later, gone))
    later.visible = True
    gone.visible = False
    assert not later.visible, "nothing is seen of a closed button"
    outer.collapsed = False
    assert [label.visible for label in (shown, hidden, later, gone)] == [True, False, True, False]
    shown.visible = False
    outer.collapsed = True
    outer.collapsed = False
    assert not shown.visible and later.visible


def test_path_line_edit_keeps_a_history():
    edit, heard = ctk.ctkPathLineEdit(), []
    edit.settingKey = "Harness/Paths"
    edit.connect("currentPathChanged(QString)", heard.append)
    for path in ("/a", "/b", "/a"):
        edit.currentPath = path
        edit.addCurrentPathToHistory()
    assert heard == ["/a", "/b", "/a"]
    assert qt.QSettings().value("ctkPathLineEdit/Harness/Paths") == ["/a", "/b"]
    again = ctk.ctkPathLineEdit()
    again.settingKey = "Harness/Paths"
    assert again.currentPath == "/a", "an empty line takes the newest path"


def test_the_screenshot_shows_the_panel(tmp_path, demo, volume):
    demo.widget.ui.inputSelector.setCurrentNode(volume)
    root = demo.widgetRepresentation()
    one = qt.QImage(str(harness.screenshot(root, tmp_path / "1.png")))
    two = qt.QImage(str(harness.screenshot(root, tmp_path / "2.png", scale=2)))
    assert two.width() == 2 * one.width() > 200 and two.height() == 2 * one.height()
    pixels = np.array(one.convertToFormat(qt.QImage.Format_Grayscale8).bits()).reshape(one.height(), -1)
    assert pixels.std() > 5, "the picture is empty"
    with pytest.raises(OSError):
        harness.screenshot(root, tmp_path / "no" / "such" / "folder.png")
