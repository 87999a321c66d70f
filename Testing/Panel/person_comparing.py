"""The moves of a person who compares a result with its source, and what that person sees in the views."""

import harness
import numpy as np
import person
import slicer

MODES = ("off", "sideBySide", "fader", "checkerboard", "swipe", "difference")
USER_VIEWS = ("Red", "Green", "Yellow")


def enhanced(panel, ijkToRAS=None, shape=(12, 24, 32), name="Head"):
    """Show a noisy phantom in the views, enhance it with a filter; returns (source, result)."""
    from GANEnhancePanel.phantom import makePhantom

    source = makePhantom(ijkToRAS, shape, name)
    source.CreateDefaultDisplayNodes()
    if slicer.app.layoutManager() is not None:
        slicer.util.setSliceViewerLayers(background=source, fit=True)
    panel.ui.inputSelector.setCurrentNode(source)
    (result,) = person.enhance(panel, "median")
    return source, result


def compare(panel, mode):
    """Choose a way of comparing in the combo box, and wait until the views show it."""
    panel.ui.compareModeComboBox.setCurrentIndex(MODES.index(mode))
    waitForPicture(panel)


def waitForPicture(panel, seconds=20):
    """Wait until no voxel of a comparison is being written."""
    from GANEnhancePanel.comparing.section import ComparingSection

    comparison = panel.panel.section(ComparingSection).comparison
    harness.processEventsUntil(lambda: not any(m.isBusy for m in comparison._mixtures.values()), seconds)


def shown(name):
    """Return the node that says what a view shows."""
    return slicer.app.layoutManager().sliceWidget(name).mrmlSliceCompositeNode()


def background(name):
    """Return the volume in the background of a view."""
    return slicer.mrmlScene.GetNodeByID(shown(name).GetBackgroundVolumeID() or "")


def layout():
    """Return the number of the layout."""
    return slicer.app.layoutManager().layout


def note(panel):
    """Return what the panel says of the comparison."""
    return panel.ui.compareNoteLabel.text


def mark(name):
    """Return what stands at the upper edge of a view."""
    return slicer.app.layoutManager().sliceWidget(name).sliceView().cornerAnnotation().GetText(7) or ""


def voxels(node):
    """Return the voxels of a volume (k, j, i)."""
    return slicer.util.arrayFromVolume(node)


def everythingOf(name):
    """Return all that a comparison may change in a view, to be compared with later."""
    composite = shown(name)
    node = slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode()
    return {
        "volumes": [composite.GetNthLayerVolumeID(layer) for layer in range(3)],
        "opacities": (composite.GetForegroundOpacity(), composite.GetLabelOpacity()),
        "compositing": composite.GetCompositing(),
        "links": (composite.GetLinkedControl(), composite.GetHotLinkedControl()),
        "fieldOfView": node.GetFieldOfView(),
        "origin": node.GetXYZOrigin(),
        "place": [node.GetSliceToRAS().GetElement(place // 4, place % 4) for place in range(16)],
        "group": node.GetViewGroup(),
    }


def everything():
    """Return the layout and all that the views show."""
    return {"layout": layout(), **{name: everythingOf(name) for name in USER_VIEWS}}


def peculiarViews(source):
    """Let the views show what no default would bring back; returns `everything`."""
    manager = slicer.app.layoutManager()
    manager.setLayout(slicer.vtkMRMLLayoutNode.SlicerLayoutConventionalView)
    slicer.app.processEvents()
    other = slicer.util.addVolumeFromArray(np.ones((3, 4, 5), "int16"), name="Other")
    labels = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLabelMapVolumeNode", "Labels")
    slicer.util.updateVolumeFromArray(labels, np.ones((3, 4, 5), "int16"))
    for number, name in enumerate(USER_VIEWS):
        composite = shown(name)
        composite.SetBackgroundVolumeID((source if number else other).GetID())
        composite.SetForegroundVolumeID(None if number == 2 else other.GetID())
        composite.SetForegroundOpacity(0.25 + 0.125 * number)
        composite.SetLabelVolumeID(labels.GetID() if number == 1 else None)
        composite.SetLabelOpacity(0.375)
        composite.SetLinkedControl(number == 0)
        composite.SetHotLinkedControl(number == 1)
        composite.SetCompositing(composite.Add if number == 2 else composite.Alpha)
        node = manager.sliceWidget(name).mrmlSliceNode()
        width, height, depth = node.GetFieldOfView()
        node.SetFieldOfView(width * 0.75, height * 0.75, depth)
        node.SetXYZOrigin(3.0 * number, -2.0, 0.0)
    manager.sliceWidget("Green").mrmlSliceNode().SetSliceOffset(5.5)
    return everything()
