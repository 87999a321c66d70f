"""PythonQt's rules: attributes, types, connections, slots, processes, `.ui` files."""

import sys

import harness
import pytest

harness.start()
import ctk  # noqa: E402
import qt  # noqa: E402
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


def test_properties_are_attributes_and_cannot_be_called():
    button = qt.QPushButton("Press")
    button.enabled = False
    assert button.text == "Press" and not button.isEnabled()
    with pytest.raises(TypeError, match="not callable"):
        button.text()


@pytest.mark.parametrize(
    ("make", "name", "value"),
    [
        (lambda: qt.QPushButton(), "text", 5),
        (lambda: qt.QPushButton(), "text", None),
        (lambda: qt.QSpinBox(), "value", "7"),
        (lambda: qt.QCheckBox(), "checked", "yes"),
        (lambda: ctk.ctkSliderWidget(), "value", "0.5"),
        (lambda: ctk.ctkSliderWidget(), "decimals", None),
        (lambda: slicer.qMRMLNodeComboBox(), "nodeTypes", "vtkMRMLScalarVolumeNode"),
        (lambda: slicer.qMRMLNodeComboBox(), "noneDisplay", 3),
    ],
)
def test_a_property_refuses_a_wrong_type(make, name, value):
    widget = make()
    before = getattr(widget, name)
    with pytest.raises(AttributeError, match=name):
        setattr(widget, name, value)
    assert getattr(widget, name) == before


def test_numpy_scalars_that_are_no_python_numbers_are_refused():
    import numpy as np

    with pytest.raises(AttributeError):
        qt.QSpinBox().value = np.int64(3)
    with pytest.raises(AttributeError):
        ctk.ctkSliderWidget().value = np.float32(0.5)


def test_own_attributes_only_on_python_subclasses():
    button = qt.QPushButton()
    with pytest.raises(AttributeError, match="ownData"):
        button.ownData = 3
    button.setProperty("dynamic", 1)
    button.dynamic = 2
    assert button.property("dynamic") == 2

    class Own(qt.QPushButton):
        pass

    own = Own()
    own.ownData = 3
    assert own.ownData == 3


def test_read_only_properties_are_refused():
    with pytest.raises(AttributeError, match="not writable"):
        slicer.app.majorVersion = 6
    with pytest.raises(AttributeError, match="not writable"):
        qt.QComboBox().count = 3


def test_an_unknown_name_raises():
    for owner in (qt, qt.QPushButton(), ctk, ctk.ctkSliderWidget(), slicer.app):
        with pytest.raises(AttributeError):
            owner.noSuchName  # noqa: B018


def test_class_identity_and_isinstance():
    button = qt.QPushButton()
    assert type(button) is qt.QPushButton and isinstance(button, qt.QWidget)
    assert not isinstance(button, qt.QComboBox) and issubclass(qt.QPushButton, qt.QObject)
    assert button.className() == "QPushButton" and button.inherits("QAbstractButton")


def test_a_list_of_strings_comes_back_as_tuple():
    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    assert selector.nodeTypes == ("vtkMRMLScalarVolumeNode",)


def test_name_is_the_object_name():
    label = qt.QLabel()
    label.name = "aLabel"
    assert label.objectName == "aLabel"


@pytest.mark.parametrize("signature", ["pressedd()", "clicked(int)", "clickd"])
def test_a_signal_that_is_not_there_raises(signature):
    with pytest.raises(ValueError, match="no signal"):
        qt.QPushButton().connect(signature, print)


def test_slots_get_as_many_arguments_as_they_declare():
    button, heard = qt.QPushButton(), []
    button.checkable = True
    button.connect("clicked(bool)", lambda: heard.append("none"))
    button.connect("clicked(bool)", lambda checked: heard.append(checked))
    button.connect("clicked(bool)", lambda *every: heard.append(every))
    button.clicked.connect(lambda checked, more=5: heard.append((checked, more)))
    button.connect("clicked()", lambda *every: heard.append(every))
    button.click()
    assert sorted(heard, key=str) == sorted(["none", True, (True,), (True, 5), ()], key=str)


def test_disconnect_ends_the_calls():
    button, heard = qt.QPushButton(), []

    def slot():
        heard.append(1)

    button.connect("clicked()", slot)
    button.connect("clicked(bool)", slot)
    assert button.disconnect("clicked(bool)", slot)
    button.click()
    assert heard == [] and not button.disconnect("clicked()", slot)


def test_overloaded_signals_want_the_full_signature():
    selector = slicer.qMRMLNodeComboBox()
    with pytest.raises(ValueError, match="full signature"):
        selector.currentNodeChanged.connect(lambda node: None)
    with pytest.raises(ValueError, match="full signature"):
        qt.QProcess().finished.connect(lambda code, status: None)
    assert selector.connect("currentNodeChanged(vtkMRMLNode*)", lambda node: None)
    assert qt.QProcess().connect("finished(int,QProcess::ExitStatus)", lambda code, status: None)


def test_an_exception_in_a_slot_does_not_reach_the_caller_but_is_recorded(capsys):
    button = qt.QPushButton()
    button.connect("clicked()", lambda: 1 / 0)
    button.click()
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert [type(recorded.error) for recorded in harness.recordedExceptions] == [ZeroDivisionError]
    harness.recordedExceptions.clear()
    qt.QTimer.singleShot(0, lambda: [][0])
    harness.processEventsUntil(lambda: harness.recordedExceptions, 2)
    assert isinstance(harness.recordedExceptions[0].error, IndexError)
    harness.recordedExceptions.clear()


def test_a_process_talks_by_lines_while_the_event_loop_runs():
    process, lines, ended = qt.QProcess(), [], []
    environment = qt.QProcessEnvironment.systemEnvironment()
    environment.insert("GREETING", "hello")
    process.setProcessEnvironment(environment)

    def read():
        while process.canReadLine():
            lines.append(process.readLine().data())

    process.connect("readyReadStandardOutput()", read)
    process.connect("finished(int,QProcess::ExitStatus)", lambda code, status: ended.append((code, status)))
    echo = "import os, sys; print(os.environ['GREETING'], sys.stdin.readline().strip())"
    process.start(sys.executable, ["-c", echo])
    process.write(b"world\n")
    harness.processEventsUntil(lambda: ended, 10)
    assert lines == [b"hello world\n"] and ended == [(0, qt.QProcess.NormalExit)]


def test_a_process_that_cannot_start_says_so():
    process, errors = qt.QProcess(), []
    process.connect("errorOccurred(QProcess::ProcessError)", errors.append)
    process.start("/no/such/program", [])
    harness.processEventsUntil(lambda: errors, 5)
    assert errors == [qt.QProcess.FailedToStart]


def load(tmp_path, widgets, connections=""):
    """Load a `.ui` file with these widgets in a qMRMLWidget."""
    path = tmp_path / "x.ui"
    layout = f'<layout class="QVBoxLayout" name="layout">{widgets}</layout>'
    path.write_text(
        f'<ui version="4.0"><class>Form</class><widget class="qMRMLWidget" name="Form">{layout}</widget>'
        f"<connections>{connections}</connections></ui>"
    )
    return slicer.util.loadUI(str(path))


def connection(signal, receiver, slot):
    """One <connection> from the root widget."""
    return (
        f"<connection><sender>Form</sender><signal>{signal}</signal>"
        f"<receiver>{receiver}</receiver><slot>{slot}</slot></connection>"
    )


SELECTOR = '<item><widget class="qMRMLNodeComboBox" name="selector"/></item>'


def test_ui_children_are_no_attributes_of_the_root(tmp_path):
    root = load(tmp_path, SELECTOR)
    with pytest.raises(AttributeError):
        root.selector  # noqa: B018
    assert type(slicer.util.childWidgetVariables(root).selector) is slicer.qMRMLNodeComboBox


def test_ui_connections_hand_on_the_scene(tmp_path):
    made = connection("mrmlSceneChanged(vtkMRMLScene*)", "selector", "setMRMLScene(vtkMRMLScene*)")
    connected, forgotten = load(tmp_path, SELECTOR, made), load(tmp_path, SELECTOR)
    for root in (connected, forgotten):
        root.setMRMLScene(slicer.mrmlScene)
    assert slicer.util.childWidgetVariables(connected).selector.mrmlScene() is slicer.mrmlScene
    assert slicer.util.childWidgetVariables(forgotten).selector.mrmlScene() is None


@pytest.mark.parametrize(
    ("widgets", "made"),
    [
        ('<item><widget class="qMRMLTreeView" name="tree"/></item>', ""),
        (SELECTOR, connection("mrmlSceneChanged(vtkMRMLScene*)", "nobody", "setMRMLScene(vtkMRMLScene*)")),
        (SELECTOR, connection("mrmlSceneChanged(vtkMRMLScene*)", "selector", "noSlot(vtkMRMLScene*)")),
        (SELECTOR, connection("sceneChanged(vtkMRMLScene*)", "selector", "setMRMLScene(vtkMRMLScene*)")),
    ],
)
def test_ui_mistakes_raise(tmp_path, widgets, made):
    with pytest.raises((RuntimeError, ValueError)):
        load(tmp_path, widgets, made)
