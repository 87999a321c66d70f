"""Every name that the panel asks of a widget is one that the real widget has; no styles, all connected."""

import xml.etree.ElementTree as ElementTree

import panelrules
import pytest
from repositorytree import REPOSITORY, pythonFiles, repositoryFiles

UI = REPOSITORY / "GANEnhance" / "Resources" / "UI" / "GANEnhance.ui"
MODULE = REPOSITORY / "GANEnhance" / "GANEnhance.py"
RULES = ["nameBreaches", "styleBreaches", "toolTipBreaches", "connectionBreaches"]

GOOD = """
<ui version="4.0"><class>Form</class><widget class="qMRMLWidget" name="Form">
 <layout class="QVBoxLayout" name="layout">
  <item><widget class="qMRMLNodeComboBox" name="selector">
   <property name="toolTip"><string>Choose.</string></property>
   <property name="noneEnabled"><bool>true</bool></property>
   <property name="SlicerParameterName" stdset="0"><string>volume</string></property>
  </widget></item>
  <item><widget class="QPushButton" name="button">
   <property name="toolTip"><string>Press.</string></property>
  </widget></item>
 </layout></widget>
 <connections><connection><sender>Form</sender><signal>mrmlSceneChanged(vtkMRMLScene*)</signal>
  <receiver>selector</receiver><slot>setMRMLScene(vtkMRMLScene*)</slot></connection></connections>
</ui>
"""
PARAMETERS = "@parameterNodeWrapper\nclass P:\n    volume: object\n"


def good():
    """A parsed .ui file without a breach."""
    return ElementTree.fromstring(GOOD)


def panelFiles():
    """The Python files of the module."""
    return [path for path in pythonFiles("GANEnhance") if "Testing" not in path.parts]


def test_there_is_one_ui_file_and_it_is_this_one():
    assert [
        path for path in repositoryFiles() if path.suffix == ".ui" and "HarnessTests" not in path.parts
    ] == [UI]
    assert len(panelrules.widgets(panelrules.read(UI))) > 10


@pytest.mark.parametrize("rule", RULES)
def test_the_ui_file_keeps_the_rules(rule):
    assert getattr(panelrules, rule)(panelrules.read(UI)) == []


def test_widgets_name_parameters_that_exist():
    assert panelrules.parameterBreaches(panelrules.read(UI), MODULE.read_text()) == []
    assert panelrules.parameterNames(MODULE.read_text())


@pytest.mark.parametrize("path", panelFiles(), ids=lambda path: path.name)
def test_the_code_uses_names_that_exist(path):
    assert panelrules.codeBreaches(path.read_text(), panelrules.read(UI)) == []


def test_the_harness_has_a_standin_for_every_class_that_is_allowed():
    from harness.contract import qtClass, standins

    foreign = {name for name in panelrules.ALLOWED if not name.startswith("Q")}
    assert foreign <= set(standins()) and all(qtClass(name) for name in panelrules.ALLOWED - foreign)


def test_a_good_file_has_no_breach():
    for rule in RULES:
        assert getattr(panelrules, rule)(good()) == []
    assert panelrules.parameterBreaches(good(), PARAMETERS) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "sentence"),
    [
        ("nameBreaches", "QPushButton", "QTreeView", "button: class QTreeView is not allowed"),
        (
            "nameBreaches",
            "noneEnabled",
            "noneAllowed",
            "selector: qMRMLNodeComboBox has no property noneAllowed",
        ),
        ("nameBreaches", 'name="button"', 'name="selector"', "selector is used twice"),
        ("styleBreaches", "noneEnabled", "styleSheet", "selector: sets styleSheet"),
        ("toolTipBreaches", "Press.", " ", "button has no tool tip"),
        ("connectionBreaches", "<receiver>selector", "<receiver>button", "selector gets no MRML scene"),
        ("connectionBreaches", "<receiver>selector", "<receiver>nobody", "nobody has no slot"),
        ("connectionBreaches", "<signal>mrmlScene", "<signal>scene", "Form has no signal sceneChanged"),
        ("connectionBreaches", "<slot>setMRMLScene", "<slot>setScene", "selector has no slot setScene"),
    ],
)
def test_a_breach_in_the_ui_file_would_be_found(rule, old, new, sentence):
    assert old in GOOD
    breaches = getattr(panelrules, rule)(ElementTree.fromstring(GOOD.replace(old, new)))
    assert any(breach.startswith(sentence) for breach in breaches), breaches


def test_an_unknown_parameter_would_be_found():
    assert panelrules.parameterBreaches(good(), PARAMETERS.replace("volume", "input")) == [
        "selector: there is no parameter volume"
    ]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("self.ui.button.text()", "line 1: QPushButton.text is a property and cannot be called"),
        ("self.ui.button.setTitle('x')", "line 1: QPushButton.setTitle does not exist"),
        ("self.ui.button.click = 1", "line 1: QPushButton.click cannot be set"),
        ("self.ui.selector.setNodeTypes([])", "line 1: qMRMLNodeComboBox.setNodeTypes does not exist"),
        ("panel.ui.other.text = 'x'", "line 1: there is no widget other"),
        ("self.ui.button.setFixedWidth(10)", "line 1: setFixedWidth"),
        ("label.setStyleSheet('')", "line 1: setStyleSheet"),
        ("self.ui.button.text = 'x'; self.ui.selector.currentNode()", None),
        ("self.ui.button.connect('clicked()', f); self.ui.selector.currentNodeID", None),
    ],
)
def test_a_breach_in_the_code_would_be_found(code, sentence):
    assert panelrules.codeBreaches(code, good()) == ([sentence] if sentence else [])
