"""The moves of a person who previews slices, and what that person sees in the views."""

import harness
import numpy as np
import person
import person_comparing as look
import slicer

VIEWS = ("Red", "Yellow", "Green")
STRAIGHT = np.diag([1.0, 1.0, 2.5, 1.0])


def showVolume(panel, ijkToRAS=STRAIGHT, shape=(12, 24, 32)):
    """Show a noisy phantom in all views, and choose it as input and a filter as model."""
    from GANEnhancePanel.phantom import makePhantom

    node = makePhantom(ijkToRAS, shape, "Head")
    node.CreateDefaultDisplayNodes()
    if slicer.app.layoutManager() is not None:
        slicer.util.setSliceViewerLayers(background=node, fit=True)
    panel.ui.inputSelector.setCurrentNode(node)
    person.choose(panel.ui.modelComboBox, "median")
    return node


def section(panel):
    """Return the section of the preview."""
    from GANEnhancePanel.preview.section import PreviewSection

    return panel.panel.section(PreviewSection)


def button(panel, name):
    """Return the button of a view."""
    ui = panel.ui
    return {"Red": ui.previewRedButton, "Yellow": ui.previewYellowButton, "Green": ui.previewGreenButton}[
        name
    ]


def wait(panel, seconds=60):
    """Wait until all that is wished is shown."""
    harness.processEventsUntil(lambda: not section(panel).requests.isBusy, seconds)


def preview(panel, name):
    """Press the button of a view and wait for the slice; returns the volume that is shown over the view."""
    assert button(panel, name).enabled, button(panel, name).toolTip
    button(panel, name).click()
    wait(panel)
    return foreground(name)


def foreground(name):
    """Return the volume in the foreground of a view, or None."""
    identifier = look.shown(name).GetForegroundVolumeID()
    return slicer.mrmlScene.GetNodeByID(identifier) if identifier else None


def pixels(node):
    """Return the voxels of a volume of one slice as a picture (2-D)."""
    return np.squeeze(slicer.util.arrayFromVolume(node)).copy()


def sliceNode(name):
    """Return the slice node of a view."""
    return slicer.app.layoutManager().sliceWidget(name).mrmlSliceNode()


def run(panel):
    """Press Enhance and return the voxels of the new volume."""
    (node,) = person.enhance(panel)
    return slicer.util.arrayFromVolume(node).copy()


def previewNodes():
    """Return the volumes in the scene that are there for previews only."""
    return [node for node in person.volumes() if node.GetAttribute("GANEnhance.Preview")]
