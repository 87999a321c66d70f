"""The main window on request: layouts, slice views, what they show, and that nothing of it stays."""

import harness
import numpy as np
import pytest

harness.start()
import qt  # noqa: E402
import slicer  # noqa: E402
import vtk  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")
SIDE_BY_SIDE = """<layout type="horizontal" split="true">
 <item splitSize="1"><view class="vtkMRMLSliceNode" singletontag="Before">
  <property name="orientation" action="default">Axial</property>
  <property name="viewlabel" action="default">B</property></view></item>
 <item splitSize="1"><view class="vtkMRMLSliceNode" singletontag="After">
  <property name="orientation" action="default">Axial</property></view></item></layout>"""


@pytest.fixture
def volumes():
    """A dark and a bright volume of 8 x 8 x 8 voxels, with fixed display."""
    made = []
    for name, value in (("Dark", 0.0), ("Bright", 100.0)):
        node = slicer.util.addVolumeFromArray(np.full((8, 8, 8), value, np.float32), name=name)
        node.CreateDefaultDisplayNodes()
        node.GetDisplayNode().AutoWindowLevelOff()
        node.GetDisplayNode().SetWindowLevelMinMax(0, 100)
        made.append(node)
    return made


def center(picture):
    """Color in the middle of a picture."""
    rows, columns, _ = picture.shape
    return picture[rows // 2, columns // 2].tolist()


def test_there_is_none_unless_it_is_asked_for(slicerApp):
    slicer.mrmlScene.GetSubjectHierarchyNode()  # made at the first call
    before = slicer.mrmlScene.GetNumberOfNodes()
    assert slicer.app.layoutManager() is None and slicer.app.commandOptions().noMainWindow
    slicerApp.openMainWindow()
    assert slicer.util.mainWindow().objectName == "qSlicerMainWindow"
    slicerApp.closeMainWindow()
    assert slicer.app.layoutManager() is None and slicer.util.mainWindow() is None
    assert slicer.mrmlScene.GetNumberOfNodes() == before
    with pytest.raises(RuntimeError, match="mainWindow=True"):
        harness.slicePicture("Red")
    with pytest.raises(RuntimeError, match="mainWindow=True"):
        harness.applicationPicture(None, "nowhere.png")


def test_the_usual_views_are_there(mainWindow):
    assert mainWindow.sliceViewNames() == ("Red", "Green", "Yellow") and mainWindow.layout == 3
    red = mainWindow.sliceWidget("Red")
    assert red.mrmlSliceNode().GetOrientation() == "Axial" and mainWindow.sliceWidget("Blue") is None
    assert red.mrmlSliceCompositeNode().GetID() == "vtkMRMLSliceCompositeNodeRed"
    size = red.sliceView().size
    assert red.mrmlSliceNode().GetDimensions()[:2] == (size.width(), size.height())
    assert mainWindow.mrmlSliceLogics().GetNumberOfItems() == 3 and mainWindow.threeDViewCount == 1


def test_pictures_show_window_level_and_blending(mainWindow, volumes, tmp_path):
    dark, bright = volumes
    slicer.util.setSliceViewerLayers(background=dark, foreground=bright, foregroundOpacity=0.5, fit=True)
    picture = harness.slicePicture("Red", tmp_path / "red.png", size=(240, 160))
    assert picture.shape == (160, 240, 3) and qt.QImage(str(tmp_path / "red.png")).width() == 240
    assert all(abs(value - 127) <= 2 for value in center(picture)), center(picture)
    mainWindow.sliceWidget("Red").mrmlSliceCompositeNode().SetForegroundOpacity(1)
    assert center(harness.slicePicture("Red")) == [255, 255, 255]
    slicer.util.setSliceViewerLayers(background=None, foreground=None)
    assert harness.slicePicture("Red").max() == 0


def test_pictures_have_the_top_at_the_top(mainWindow):
    voxels = np.zeros((8, 8, 8), np.float32)
    voxels[:, :, 6:] = 100
    voxels[:, :3, :] = 50
    node = slicer.util.addVolumeFromArray(voxels)
    node.CreateDefaultDisplayNodes()
    slicer.util.setSliceViewerLayers(background=node, fit=True)
    picture = harness.slicePicture("Red", size=(80, 80)).astype(int)[..., 0]
    # j grows to A, which is the top of an axial view; i grows to R, which is its left.
    assert picture[65:75, 40:70].mean() > picture[5:30, 40:70].mean() + 50, "the bright rows are below"
    assert picture[5:30, 3:12].mean() > picture[5:30, 50:75].mean() + 50, "the bright columns are left"


def test_corner_texts_and_lines_are_drawn(mainWindow):
    view = mainWindow.sliceWidget("Red").sliceView()
    assert harness.slicePicture("Red", size=(200, 100)).max() == 0
    view.cornerAnnotation().SetText(view.cornerAnnotation().UpperEdge, "not for diagnosis")
    picture = harness.slicePicture("Red", size=(200, 100))
    assert picture[:25].max() > 200 and picture[50:].max() == 0
    view.cornerAnnotation().ClearAllTexts()

    points, lines = vtk.vtkPoints(), vtk.vtkCellArray()
    for x, y in ((0.25, 0), (0.25, 1)):
        points.InsertNextPoint(x, y, 0)
    lines.InsertNextCell(2, [0, 1])
    shape = vtk.vtkPolyData()
    shape.SetPoints(points)
    shape.SetLines(lines)
    mapper, actor, coordinate = vtk.vtkPolyDataMapper2D(), vtk.vtkActor2D(), vtk.vtkCoordinate()
    coordinate.SetCoordinateSystemToNormalizedViewport()
    mapper.SetTransformCoordinate(coordinate)
    mapper.SetInputData(shape)
    actor.SetMapper(mapper)
    actor.GetProperty().SetColor(1, 1, 0)
    view.renderWindow().GetRenderers().GetFirstRenderer().AddViewProp(actor)
    picture = harness.slicePicture("Red", size=(200, 100))
    rows, columns = np.nonzero(picture[..., 0] > 200)
    assert set(columns) <= {49, 50, 51} and len(set(rows)) > 90


def test_the_first_four_corners_belong_to_the_data_probe(mainWindow, volumes):
    view = mainWindow.sliceWidget("Red").sliceView()
    view.cornerAnnotation().SetText(0, "mine")
    view.cornerAnnotation().SetText(view.cornerAnnotation().LowerEdge, "mine")
    slicer.util.setSliceViewerLayers(background=volumes[0])
    assert view.cornerAnnotation().GetText(0) == "B: Dark"
    assert view.cornerAnnotation().GetText(view.cornerAnnotation().LowerEdge) == "mine"


def test_a_layout_of_ones_own_makes_its_views(mainWindow, volumes):
    heard = []
    mainWindow.connect("layoutChanged(int)", heard.append)
    node = mainWindow.layoutLogic().GetLayoutNode()
    node.AddLayoutDescription(700, SIDE_BY_SIDE)
    mainWindow.setLayout(700)
    assert heard == [700] and mainWindow.sliceViewNames()[3:] == ("Before", "After")
    before, after, red = (mainWindow.sliceWidget(name) for name in ("Before", "After", "Red"))
    assert before.visible and after.visible and not red.visible
    assert before.width == pytest.approx(after.width, abs=2) and before.width > 300
    mainWindow.layout = 3
    assert red.visible and not before.visible and heard == [700, 3]


@pytest.mark.parametrize("layout", [1, 2, 4, 6, 7, 8, 21, 30])
def test_layouts_of_slicer_show_their_views(mainWindow, layout):
    mainWindow.setLayout(layout)
    description = mainWindow.layoutLogic().GetLayoutNode().GetCurrentLayoutDescription()
    shown = [name for name in mainWindow.sliceViewNames() if mainWindow.sliceWidget(name).visible]
    assert shown == [name for name in mainWindow.sliceViewNames() if f'singletontag="{name}"' in description]


def test_linked_views_follow(mainWindow, volumes):
    slicer.util.setSliceViewerLayers(background=volumes[0], fit=True)
    mainWindow.sliceWidget("Green").setSliceOrientation("Axial")
    red, green = (mainWindow.sliceWidget(name).sliceController() for name in ("Red", "Green"))
    red.setSliceOffsetValue(2.0)
    assert green.sliceLogic().GetSliceOffset() != 2.0
    red.setSliceLink(True)
    red.setSliceOffsetValue(3.0)
    assert green.sliceLogic().GetSliceOffset() == 3.0


def test_views_live_on_when_the_scene_is_closed(mainWindow, volumes):
    widget = mainWindow.sliceWidget("Red")
    slicer.util.setSliceViewerLayers(background=volumes[1], fit=True)
    slicer.mrmlScene.Clear(0)
    assert mainWindow.sliceWidget("Red") is widget and mainWindow.layout == 3
    assert widget.mrmlSliceNode().GetDimensions()[0] == widget.sliceView().width > 100
    assert harness.slicePicture("Red").max() == 0
    node = slicer.util.addVolumeFromArray(np.arange(512.0).reshape(8, 8, 8))
    node.CreateDefaultDisplayNodes()
    slicer.util.setSliceViewerLayers(background=node, fit=True)
    assert harness.slicePicture("Red").max() > 100


def test_a_saved_scene_brings_its_layout_back(mainWindow, volumes, tmp_path):
    node = mainWindow.layoutLogic().GetLayoutNode()
    node.AddLayoutDescription(700, SIDE_BY_SIDE)
    mainWindow.setLayout(700)
    slicer.util.setSliceViewerLayers(background=volumes[1], fit=True)
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    mainWindow.setLayout(3)
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    assert mainWindow.layout == 700 and mainWindow.sliceWidget("Before").visible
    assert center(harness.slicePicture("After")) == [255, 255, 255]


def test_the_picture_of_the_application(mainWindow, demo, volumes, tmp_path):
    slicer.util.setSliceViewerLayers(background=volumes[1], fit=True)
    widget = demo.widgetRepresentation()
    path = harness.applicationPicture(demo, tmp_path / "app.png", size=(900, 600), panelWidth=350)
    picture = qt.QImage(str(path))
    assert (picture.width(), picture.height()) == (900, 600)
    assert picture.pixelColor(480, 200) == qt.QColor("white"), "the volume of the red view"
    assert widget.parentWidget() is None and widget.isEntered
    harness.screenshot(widget, tmp_path / "panel.png")


def test_a_person_chooses_a_module(mainWindow, demo):
    demo.exit()
    slicer.util.selectModule("Demo")
    assert demo.widgetRepresentation().isEntered and slicer.util.selectedModule() == "Demo"


def test_windows_opened_and_closed_leave_no_nodes(slicerApp):
    for _ in range(3):
        manager = slicerApp.openMainWindow()
        manager.layoutLogic().GetLayoutNode().AddLayoutDescription(700, SIDE_BY_SIDE)
        manager.setLayout(700)
        slicerApp.closeMainWindow()
    names = [slicer.mrmlScene.GetNthNode(i).GetName() for i in range(slicer.mrmlScene.GetNumberOfNodes())]
    assert not [name for name in names if name and "Slice" in name]
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLLinearTransformNode") == 0
