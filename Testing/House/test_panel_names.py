"""Every name that the panel asks of a widget is one that the real widget has; no styles, all connected."""

import xml.etree.ElementTree as ElementTree

import coderules
import panelrules
import pytest
from repositorytree import REPOSITORY, listedWords, pythonFiles, repositoryFiles, text

MODULE = REPOSITORY / "GANEnhance"
RESOURCES = MODULE / "Resources"
RULES = ["nameBreaches", "styleBreaches", "toolTipBreaches", "connectionBreaches", "keyboardBreaches"]

GOOD = """
<ui version="4.0"><class>Form</class><widget class="qMRMLWidget" name="Form">
 <layout class="QFormLayout" name="layout">
  <item row="0" column="0"><widget class="QLabel" name="label">
   <property name="text"><string>&amp;Volume:</string></property>
   <property name="buddy"><cstring>selector</cstring></property>
  </widget></item>
  <item row="0" column="1"><widget class="qMRMLNodeComboBox" name="selector">
   <property name="toolTip"><string>Choose.</string></property>
   <property name="noneEnabled"><bool>true</bool></property>
   <property name="SlicerParameterName" stdset="0"><string>volume</string></property>
  </widget></item>
  <item row="1" column="0" colspan="2"><widget class="QPushButton" name="button">
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


def moduleFiles():
    """The Python files of the module."""
    return [path for path in pythonFiles("GANEnhance") if "Testing" not in path.parts]


def uiFiles():
    """The .ui files of the module."""
    return [path for path in repositoryFiles() if path.suffix == ".ui" and MODULE in path.parents]


def roots():
    """All .ui files of the module, parsed."""
    return [panelrules.read(path) for path in uiFiles()]


def parameters():
    """Names of the module's parameter node, wherever its class is."""
    return set().union(*(coderules.parameterNames(text(path)) for path in moduleFiles()))


def test_the_ui_files_are_seen_and_lie_in_their_folder():
    assert RESOURCES / "UI" / "GANEnhance.ui" in uiFiles()
    assert {path.parent for path in uiFiles()} == {RESOURCES / "UI"}
    assert len(panelrules.widgets(*roots())) > 10


def test_every_resource_is_installed():
    """Slicer puts the resources of all modules into one folder: each is named after its module."""
    words = listedWords(text(MODULE / "CMakeLists.txt"))
    resources = [path for path in repositoryFiles() if RESOURCES in path.parents]
    assert [p.name for p in resources if p.relative_to(MODULE).as_posix() not in words] == []
    own = [path for path in resources if path.relative_to(RESOURCES).parts[1].startswith("GANEnhance")]
    assert set(resources) - set(own) == set()


@pytest.mark.parametrize("path", uiFiles(), ids=lambda path: path.stem)
@pytest.mark.parametrize("rule", RULES)
def test_each_ui_file_keeps_the_rules(path, rule):
    assert getattr(panelrules, rule)(panelrules.read(path)) == []


@pytest.mark.parametrize("path", uiFiles(), ids=lambda path: path.stem)
def test_each_ui_file_is_named_after_its_root(path):
    assert panelrules.rootBreaches(panelrules.read(path), path.stem) == []


def test_the_files_of_the_panel_go_together():
    assert panelrules.sharedBreaches(roots()) == []


def test_widgets_name_parameters_that_exist():
    assert parameters()
    assert panelrules.parameterBreaches(roots(), parameters()) == []


@pytest.mark.parametrize("path", moduleFiles(), ids=lambda path: path.relative_to(MODULE).as_posix())
def test_the_code_uses_names_that_exist(path):
    assert coderules.codeBreaches(text(path), panelrules.widgets(*roots())) == []


def test_the_harness_has_a_standin_for_every_class_that_is_allowed():
    from harness.contract import qtClass, standins

    foreign = {name for name in panelrules.ALLOWED if not name.startswith("Q")}
    assert foreign <= set(standins()) and all(qtClass(name) for name in panelrules.ALLOWED - foreign)


def test_a_good_file_has_no_breach():
    for rule in RULES:
        assert getattr(panelrules, rule)(good()) == []
    assert panelrules.rootBreaches(good(), "Form") == []
    assert panelrules.sharedBreaches([good()]) == []
    assert panelrules.parameterBreaches([good()], coderules.parameterNames(PARAMETERS)) == []


@pytest.mark.parametrize(
    ("rule", "old", "new", "sentence"),
    [
        ("nameBreaches", "QPushButton", "QDial", "button: class QDial is not allowed"),
        (
            "nameBreaches",
            "noneEnabled",
            "noneAllowed",
            "selector: qMRMLNodeComboBox has no property noneAllowed",
        ),
        ("styleBreaches", "noneEnabled", "styleSheet", "selector: sets styleSheet"),
        ("styleBreaches", "noneEnabled", "minimumSize", "selector: sets minimumSize"),
        ("toolTipBreaches", "Press.", " ", "button has no tool tip"),
        ("connectionBreaches", "<receiver>selector", "<receiver>button", "selector gets no MRML scene"),
        ("connectionBreaches", "<receiver>selector", "<receiver>nobody", "nobody has no slot"),
        ("connectionBreaches", "<signal>mrmlScene", "<signal>scene", "Form has no signal sceneChanged"),
        ("connectionBreaches", "<slot>setMRMLScene", "<slot>setScene", "selector has no slot setScene"),
        ("keyboardBreaches", "<cstring>selector", "<cstring>nobody", "label: its buddy nobody"),
        ("keyboardBreaches", "<cstring>selector", "<cstring>", "label has no buddy, for example selector"),
        (
            "keyboardBreaches",
            '<property name="noneEnabled"><bool>true</bool>',
            '<property name="focusPolicy"><enum>Qt::NoFocus</enum>',
            "selector cannot be reached",
        ),
    ],
)
def test_a_breach_in_the_ui_file_would_be_found(rule, old, new, sentence):
    assert old in GOOD
    breaches = getattr(panelrules, rule)(ElementTree.fromstring(GOOD.replace(old, new)))
    assert any(breach.startswith(sentence) for breach in breaches), breaches


def test_a_label_may_say_why_it_leads_nowhere():
    reason = '<property name="reasonForNoBuddy" stdset="0"><string notr="true">It leads to all.</string>'
    source = GOOD.replace('<property name="buddy"><cstring>selector</cstring>', reason)
    assert source != GOOD and panelrules.keyboardBreaches(ElementTree.fromstring(source)) == []


def test_another_name_of_the_root_would_be_found():
    assert panelrules.rootBreaches(good(), "Other") == ["the outermost widget is named Form"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('name="button"', 'name="selector"', "selector is used twice"),
        ('name="layout"', 'name="label"', "label is used twice"),
    ],
)
def test_names_used_twice_would_be_found(old, new, sentence):
    assert panelrules.sharedBreaches([ElementTree.fromstring(GOOD.replace(old, new))]) == [sentence]


def test_what_two_files_share_would_be_found():
    breaches = panelrules.sharedBreaches([good(), good()])
    assert "selector is used twice" in breaches and "label and label share Alt+v" in breaches
    other = ElementTree.fromstring(GOOD.replace('name="', 'name="other').replace("&amp;V", "&amp;&amp; V"))
    assert panelrules.sharedBreaches([good(), other]) == []


def test_an_unknown_parameter_would_be_found():
    known = coderules.parameterNames(PARAMETERS.replace("volume", "input"))
    assert panelrules.parameterBreaches([good()], known) == ["selector: there is no parameter volume"]
    assert panelrules.parameterBreaches([good(), good()], {"volume"}) == ["volume belongs to two widgets"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("self.ui.button.text()", "line 1: QPushButton.text is a property and cannot be called"),
        ("self.ui.button.setTitle('x')", "line 1: QPushButton.setTitle does not exist"),
        ("self.ui.button.click = 1", "line 1: QPushButton.click cannot be set"),
        ("ui.selector.setNodeTypes([])", "line 1: qMRMLNodeComboBox.setNodeTypes does not exist"),
        ("panel.ui.other.text = 'x'", "line 1: there is no widget other"),
        ("self.panel.ui.other.text = 'x'", "line 1: there is no widget other"),
        (
            "def f(ui):\n b = ui.button\n b.text()",
            "line 3: QPushButton.text is a property and cannot be called",
        ),
        ("def f(ui):\n b = ui.button\n b = other\n b.text()", None),
        ("self.ui.button.setFixedWidth(10)", "line 1: setFixedWidth"),
        ("label.minimumWidth = 5", "line 1: minimumWidth"),
        ("x = label.minimumWidth", None),
        ("label.setStyleSheet('')", "line 1: setStyleSheet"),
        ("self.ui.button.text = 'x'; self.ui.selector.currentNode()", None),
        ("self.ui.button.connect('clicked()', f); self.ui.selector.currentNodeID", None),
    ],
)
def test_a_breach_in_the_code_would_be_found(code, sentence):
    known = panelrules.widgets(good())
    assert coderules.codeBreaches(code, known) == ([sentence] if sentence else [])
