"""The stand-ins that choose several nodes, segments, files and folders behave as the real widgets do."""

import harness
import pytest

harness.start()
import ctk  # noqa: E402
import qt  # noqa: E402
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


def volumes(*names):
    """New scalar volumes with these names."""
    return [slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", name) for name in names]


@pytest.fixture
def nodes():
    """A list of scalar volumes to tick."""
    made = slicer.qMRMLCheckableNodeComboBox()
    made.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    made.setMRMLScene(slicer.mrmlScene)
    return made


def test_ticks_follow_the_scene(nodes):
    first, second, third = volumes("A", "B", "C")
    heard = []
    nodes.connect("checkedNodesChanged()", lambda: heard.append(1))
    assert nodes.noneChecked() and nodes._combo.shownText() == "None"
    nodes.check(third)
    nodes.setCheckState(first, qt.Qt.Checked)
    assert nodes.checkedNodes() == [first, third] and nodes.uncheckedNodes() == [second]
    assert nodes._combo.shownText() == "A, C" and len(heard) == 2
    first.SetName("Renamed")
    volumes("D")
    assert nodes._combo.shownText() == "Renamed, C" and len(heard) == 2, "ticks stay"
    slicer.mrmlScene.RemoveNode(third)
    assert nodes.checkedNodes() == [first] and len(heard) == 3
    for node in nodes.uncheckedNodes():
        nodes.check(node)
    assert nodes.allChecked() and nodes._combo.shownText() == "All"
    nodes.uncheck(first)
    assert nodes.checkState(first) == qt.Qt.Unchecked


def test_a_person_ticks(nodes):
    (volume,) = volumes("A")
    nodes._combo.model().item(0).setCheckState(qt.Qt.Checked)
    assert nodes.checkedNodes() == [volume]


def test_a_selector_needs_a_scene_and_follows_names():
    selector, heard = slicer.qMRMLNodeComboBox(), []
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    assert not selector.enabled
    selector.setMRMLScene(slicer.mrmlScene)
    assert selector.enabled
    first, second = volumes("A", "B")
    selector.setCurrentNode(first)
    selector.connect("currentNodeChanged(vtkMRMLNode*)", heard.append)
    first.SetName("New name")
    second.SetName("Other")
    assert [selector._combo.itemText(i) for i in range(2)] == ["New name", "Other"]
    assert heard == [first], "as the real box says it when the shown text changes"


def test_a_selector_that_is_gone_observes_nothing():
    (volume,) = volumes("A")
    selector = slicer.qMRMLNodeComboBox()
    selector.nodeTypes = ["vtkMRMLScalarVolumeNode"]
    selector.setMRMLScene(slicer.mrmlScene)
    selector.delete()
    qt.QCoreApplication.sendPostedEvents(None, qt.QEvent.DeferredDelete)
    volume.SetName("B")
    volumes("C")


@pytest.fixture
def segmentation():
    """A segmentation with the segments One and Two."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Organs")
    for name in ("One", "Two"):
        node.GetSegmentation().AddEmptySegment(name, name)
    return node


@pytest.fixture
def segments():
    """A selector of one segment."""
    made = slicer.qMRMLSegmentSelectorWidget()
    made.setMRMLScene(slicer.mrmlScene)
    return made


def test_one_segment_is_chosen(segments, segmentation):
    heard = []
    segments.connect("currentSegmentChanged(QString)", heard.append)
    assert segments.currentNode() is None and segments.currentSegmentID() == ""
    segments.setCurrentNode(segmentation)
    assert (segments.currentNodeID(), segments.currentSegmentID()) == (segmentation.GetID(), "One")
    segments.setCurrentSegmentID("Two")
    segments.setCurrentSegmentID("Nobody")
    assert heard == ["One", "Two"] and segments.currentSegmentID() == "Two"
    segmentation.GetSegmentation().GetSegment("Two").SetName("Liver")
    assert segments._combo.currentText() == "Liver"
    segmentation.GetSegmentation().RemoveSegment("Two")
    assert segments.currentSegmentID() == "One"


def test_no_segment_may_be_chosen(segments, segmentation):
    segments.noneEnabled = True
    segments.setCurrentNode(segmentation)
    assert segments.currentSegmentID() == ""
    segments.setCurrentSegmentID("Two")
    segments.setCurrentSegmentID("")
    assert segments.currentSegmentID() == ""


def test_several_segments_are_ticked(segments, segmentation):
    heard = []
    segments.multiSelection = True
    segments.connect("segmentSelectionChanged(QStringList)", heard.append)
    segments.setCurrentNode(segmentation)
    segments.setSelectedSegmentIDs(["Two", "Nobody"])
    assert segments.segmentIDs() == ("One", "Two") and segments.selectedSegmentIDs() == ("Two",)
    assert [tuple(ids) for ids in heard] == [("Two",)] and segments.currentSegmentID() == ""


def test_a_removed_segmentation_is_let_go(segments, segmentation):
    segments.setCurrentNode(segmentation)
    slicer.mrmlScene.RemoveNode(segmentation)
    assert segments.currentNode() is None and not segments._message.isHidden()


def test_a_folder_is_chosen(tmp_path):
    button, heard = ctk.ctkDirectoryButton(), []
    button.caption = "Where?"
    button.connect("directoryChanged(QString)", heard.append)
    harness.answers.files += [str(tmp_path), "", str(tmp_path)]
    for _ in range(3):
        button._button.click()
    assert heard == [str(tmp_path)] and button.directory == str(tmp_path)
    assert harness.answers.asked == [("getExistingDirectory", "Where?")] * 3


@pytest.mark.parametrize(
    ("filters", "kind"),
    [
        (ctk.ctkPathLineEdit.Files | ctk.ctkPathLineEdit.Readable, "getOpenFileName"),
        (ctk.ctkPathLineEdit.Files | ctk.ctkPathLineEdit.Writable, "getSaveFileName"),
        (ctk.ctkPathLineEdit.Dirs, "getExistingDirectory"),
    ],
)
def test_the_filters_say_which_dialog_opens(filters, kind):
    edit = ctk.ctkPathLineEdit()
    edit.filters = filters
    harness.answers.files.append("/x")
    edit._button.click()
    assert edit.currentPath == "/x" and harness.answers.asked[0].kind == kind


def test_a_ui_file_may_name_values_of_a_standins_enumeration(tmp_path):
    source = """<ui version="4.0"><class>F</class><widget class="ctkPathLineEdit" name="F">
     <property name="filters"><set>ctkPathLineEdit::Dirs|ctkPathLineEdit::Readable</set></property>
     <property name="minimumContentsLength"><number>7</number></property></widget></ui>"""
    (tmp_path / "f.ui").write_text(source)
    edit = slicer.util.loadUI(str(tmp_path / "f.ui"))
    assert edit.filters == ctk.ctkPathLineEdit.Dirs | ctk.ctkPathLineEdit.Readable
    assert edit.minimumContentsLength == 7


def test_a_search_box_is_a_line_of_text():
    box, heard = ctk.ctkSearchBox(), []
    box.connect("textChanged(QString)", heard.append)
    box.text = "mr"
    assert heard == ["mr"] and box.placeholderText


def test_dialogs_take_the_answers_of_the_test(slicerApp):
    answers = harness.answers
    answers.files += ["/a.zip", ["/a", "/b"]]
    assert qt.QFileDialog.getOpenFileName(None, "Add", "", "*.zip") == "/a.zip"
    assert qt.QFileDialog.getOpenFileNames(None, "Add") == ("/a", "/b")
    with pytest.raises(AssertionError, match="a file dialog opens"):
        qt.QFileDialog.getSaveFileName(None, "Save")
    answers.questions += [True, False, False]
    assert slicer.util.confirmOkCancelDisplay("Really?") and not slicer.util.confirmYesNoDisplay("Sure?")
    no = qt.QMessageBox.question(None, "x", "Now?", qt.QMessageBox.Yes | qt.QMessageBox.No)
    assert no == qt.QMessageBox.No
    assert [asked.text for asked in answers.asked[3:]] == ["Really?", "Sure?", "Now?"]
    for open_ in (lambda: qt.QMessageBox.warning(None, "x", "y"), qt.QMessageBox().exec_, qt.QDialog().exec_):
        with pytest.raises(AssertionError, match="opens"):
            open_()
    qt.QDesktopServices.openUrl(qt.QUrl("https://example.org/help"))
    assert answers.opened == ["https://example.org/help"]


def test_the_clipboard_is_real():
    slicer.app.clipboard().setText("copied")
    assert qt.QApplication.clipboard().text() == "copied"
