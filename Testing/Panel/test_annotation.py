"""Each slice view that shows an enhanced volume says so, whoever shows it, and no other view does."""

import gc

import person
import person_comparing as look
import pytest
import slicer

TEXT = "GANEnhance median: not for diagnosis"


@pytest.fixture
def views(mainWindow):
    """The layout manager of a wide window, so that each text fits in one line."""
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutOneUpRedSliceView)
    slicer.app.processEvents()
    return slicer.app.layoutManager()


@pytest.fixture
def loaded(views, slicerApp, installTree):
    """The module, loaded at the start of the application; its panel was never opened."""
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    yield module
    module.unload()


@pytest.fixture
def volume(views):
    """An ordinary volume."""
    return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Ordinary")


@pytest.fixture
def enhanced(views):
    """A volume as it comes from a scene that somebody saved."""
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Enhanced")
    node.SetAttribute("GANEnhance.Model", "median")
    return node


def corners(name="Red"):
    """Return the texts that the application itself writes."""
    annotation = slicer.app.layoutManager().sliceWidget(name).sliceView().cornerAnnotation()
    return [annotation.GetText(number) or "" for number in range(4)]


def test_background_and_foreground_are_marked_and_nothing_else(loaded, volume, enhanced):
    red = look.shown("Red")
    red.SetBackgroundVolumeID(volume.GetID())
    assert look.mark("Red") == ""
    red.SetBackgroundVolumeID(enhanced.GetID())
    assert look.mark("Red") == TEXT
    assert look.mark("Green") == ""
    red.SetBackgroundVolumeID(volume.GetID())
    assert look.mark("Red") == ""
    red.SetForegroundVolumeID(enhanced.GetID())
    assert look.mark("Red") == TEXT
    red.SetForegroundVolumeID(None)
    assert look.mark("Red") == ""


def test_the_text_stands_beside_those_of_the_application(loaded, enhanced):
    """The data probe writes into all four corners whenever the slice moves."""
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    slicer.app.layoutManager().sliceWidget("Red").mrmlSliceNode().SetSliceOffset(4.0)
    slicer.app.processEvents()
    assert corners() == ["B: Enhanced", "", "", ""]
    assert look.mark("Red") == TEXT


def test_a_narrow_view_breaks_the_line(loaded, enhanced):
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    slicer.app.layoutManager().sliceWidget("Red").sliceLogic().ResizeSliceNode(200, 300)
    assert look.mark("Red") == TEXT.replace(": ", ":\n")
    enhanced.SetAttribute("GANEnhance.Caption", "Input minus output: no change")
    slicer.app.layoutManager().sliceWidget("Red").sliceLogic().ResizeSliceNode(100, 300)
    lines = look.mark("Red").splitlines()
    assert max(map(len, lines)) * 8 <= 100 and " ".join(lines) == f"{TEXT} Input minus output: no change"
    enhanced.RemoveAttribute("GANEnhance.Caption")
    slicer.app.layoutManager().sliceWidget("Red").sliceLogic().ResizeSliceNode(700, 300)
    assert look.mark("Red") == TEXT


def test_a_volume_that_becomes_enhanced_is_marked_where_it_is(loaded, volume):
    look.shown("Red").SetBackgroundVolumeID(volume.GetID())
    volume.SetAttribute("GANEnhance.Model", "mr-denoise")
    assert look.mark("Red") == "GANEnhance mr-denoise: not for diagnosis"
    volume.RemoveAttribute("GANEnhance.Model")
    assert look.mark("Red") == ""


def test_two_models_are_both_named_and_captions_stand_below(loaded, volume, enhanced):
    volume.SetAttribute("GANEnhance.Model", "mr-denoise")
    volume.SetAttribute("GANEnhance.Caption", "Preview of one slice")
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    look.shown("Red").SetForegroundVolumeID(volume.GetID())
    assert look.mark("Red").splitlines() == [
        TEXT,
        "GANEnhance mr-denoise: not for diagnosis",
        "Preview of one slice",
    ]


def test_a_deleted_volume_leaves_no_mark(loaded, enhanced):
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    slicer.mrmlScene.RemoveNode(enhanced)
    assert look.mark("Red") == ""


def test_a_view_that_is_made_later_is_marked(loaded, enhanced):
    slicer.app.layoutManager().setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutThreeOverThreeView)
    slicer.app.processEvents()
    name = "Slice4" if "Slice4" in slicer.app.layoutManager().sliceViewNames() else "Red+"
    look.shown(name).SetBackgroundVolumeID(enhanced.GetID())
    assert look.mark(name).replace("\n", " ") == TEXT


def test_a_loaded_scene_is_marked_though_the_panel_was_never_opened(loaded, enhanced, tmp_path):
    slicer.util.updateVolumeFromArray(enhanced, voxels())
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    slicer.mrmlScene.Clear(0)
    assert look.mark("Red") == ""
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    slicer.app.processEvents()
    assert look.background("Red").GetName() == "Enhanced"
    assert look.mark("Red").replace("\n", " ") == TEXT
    assert not hasattr(slicer.modules, "GANEnhanceWidget")


def test_the_check_box_switches_it_off_for_this_session_only(mainWindow, panel, ganenhanceModule):
    _source, result = look.enhanced(panel)
    # The result took the place of its source in the views.
    assert all(look.mark(name).replace("\n", " ") == TEXT for name in look.USER_VIEWS)
    panel.ui.annotationCheckBox.click()
    assert not panel.ui.annotationCheckBox.checked
    assert all(look.mark(name) == "" for name in look.USER_VIEWS)
    look.shown("Red").SetBackgroundVolumeID(None)
    look.shown("Red").SetBackgroundVolumeID(result.GetID())
    assert look.mark("Red") == ""
    ganenhanceModule.exit()
    ganenhanceModule.enter()
    assert look.mark("Red") == ""
    panel.ui.annotationCheckBox.click()
    assert all(look.mark(name).replace("\n", " ") == TEXT for name in look.USER_VIEWS)


def test_the_choice_is_not_kept(loaded, enhanced, slicerApp, installTree):
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    loaded.enter()
    loaded.widget.ui.annotationCheckBox.click()
    assert look.mark("Red") == ""
    loaded.unload()
    again = slicerApp.loadModule(installTree / "GANEnhance.py")
    assert look.mark("Red") == TEXT
    again.unload()


def test_a_reload_of_the_module_keeps_one_annotation(loaded, enhanced):
    look.shown("Red").SetBackgroundVolumeID(enhanced.GetID())
    loaded.enter()
    before = annotations()
    loaded.reload()
    slicer.app.processEvents()
    assert look.mark("Red") == TEXT
    assert len(before) == len(annotations()) == 1


def test_what_a_comparison_shows_is_marked(mainWindow, panel):
    look.enhanced(panel)
    for mode in look.MODES[1:]:
        look.compare(panel, mode)
        slicer.app.processEvents()
        names = ["GANEnhanceAfter1"] if mode == "sideBySide" else look.USER_VIEWS
        for name in names:
            assert look.mark(name).replace("\n", " ").startswith(TEXT), (mode, name)
    look.compare(panel, "sideBySide")
    assert look.mark("GANEnhanceBefore1") == ""


def test_nothing_is_left_of_it(loaded, volume, enhanced):
    """Unloading takes marks and observers away, of nodes that were shown and of nodes that are gone."""
    for _round in range(5):
        for node in (volume, enhanced):
            look.shown("Red").SetBackgroundVolumeID(node.GetID())
        other = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
        look.shown("Red").SetForegroundVolumeID(other.GetID())
        slicer.mrmlScene.RemoveNode(other)
    (annotation,) = annotations()
    # The scene's three events, what each view shows, the volume shown, and the width of the marked view.
    assert len(list(annotation.observations)) == 3 + len(look_at_views()) + 1 + 1
    loaded.unload()
    assert look.mark("Red") == ""
    assert not list(annotation.observations)
    assert not hasattr(slicer.modules, "GANEnhanceAnnotation")


def test_it_costs_nothing_while_nothing_enhanced_is_shown(loaded, volume):
    look.shown("Red").SetBackgroundVolumeID(volume.GetID())
    (annotation,) = annotations()
    events = [each for each in annotation.observations if each[0].IsA("vtkMRMLSliceNode")]
    assert events == []


def test_without_views_nothing_breaks(slicerApp, installTree):
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    assert module.widget.ui.annotationCheckBox.checked
    module.widget.ui.annotationCheckBox.click()
    module.unload()
    assert person.nodeCount() >= 0


def annotations():
    """Return the objects that keep marks, now: those that observe anything."""
    every = [each for each in gc.get_objects() if type(each).__name__ == "SliceAnnotation"]
    return [each for each in every if list(each.observations)]


def look_at_views():
    """Return the nodes that say what the views show."""
    return list(slicer.util.getNodesByClass("vtkMRMLSliceCompositeNode"))


def voxels():
    """Return a few voxels."""
    import numpy as np

    return np.arange(60, dtype="int16").reshape(3, 4, 5)
