"""How a person gets to each state of the panel that has a picture, in the order of a first session."""

import contextlib
import os
import tempfile
from pathlib import Path

import cine
import harness
import numpy as np
import person
import person_batch
import person_choosing
import person_comparing
import person_finer
import person_looking
import person_preview
import person_reporting
import slicer

MODEL = "mr-denoise"
ONCE = (1,)  # scale of pictures whose panel has its own ones


class Session:
    """One panel with a camera in front of it."""

    def __init__(self, module, camera):
        """Work with a loaded module (harness.LoadedModule) that was entered."""
        self.module, self.camera, self.panel = module, camera, module.widget
        self.ui = module.widget.ui

    def open(self, *names):
        """Open these sections and close the others."""
        person_looking.openOnly(self.panel, *names)

    def takePanel(self, state):
        """Take a picture of the panel."""
        self.camera.panel(self.module, state)

    def takeApplication(self, state, scales=(1, 2), seen=None):
        """Take a picture of the panel, scrolled to a widget, and the views."""
        self.camera.application(self.module, state, scales, seen)

    def loadSample(self):
        """Press Load sample; returns the volume."""
        before = person.volumes()
        self.ui.loadSampleButton.click()
        (node,) = [node for node in person.volumes() if node not in before]
        person.waitSeconds(0.2)
        person_choosing.waitForVerdicts(self.panel)
        return node

    def enhance(self, state=None):
        """Press Enhance and wait; returns the new volume. Takes a picture in the middle, as `state`."""
        before = person.volumes()
        person.press(self.panel)
        if state is not None:
            harness.processEventsUntil(lambda: self.ui.progressBar.value >= 20, seconds=60)
            self.takeApplication(state, ONCE, self.ui.noticeLabel)
        person.waitUntilReady(self.panel)
        person_reporting.waitForReport(self.panel)
        (node,) = [node for node in person.volumes() if node not in before]
        return node


def first(session):
    """The empty scene, and the first volume in it."""
    session.open("inputs")
    session.takePanel("empty")
    session.loadSample()
    session.takePanel("sample")
    session.takeApplication("step-1-sample", ONCE, session.ui.noticeLabel)


def choosing(session):
    """The list of models: searched, one that does not suit, and the card in full."""
    ui = session.ui
    ui.findModelButton.checked = True
    session.takePanel("models")
    ui.modelSearchEdit.text = "mr"
    # Said to be CT, the head is nothing for a model of MR.
    ui.modalityComboBox.setCurrentIndex(2)
    person_choosing.waitForVerdicts(session.panel)
    person.waitSeconds(0.5)
    session.takePanel("models-unsuitable")
    ui.modalityComboBox.setCurrentIndex(0)
    ui.findModelButton.checked = False
    person.chooseModel(session.panel, MODEL)
    person_choosing.waitForVerdicts(session.panel)
    ui.modelMoreButton.checked = True
    session.takePanel("card")
    session.takeApplication("step-2-model", ONCE)
    ui.modelMoreButton.checked = False


def region(session):
    """A box in the volume, and the preview of a slice."""
    ui = session.ui
    session.open("inputs", "region")
    ui.regionKindComboBox.setCurrentIndex(1)
    ui.newROIButton.click()
    ui.regionFeatherSlider.value = 4
    person.waitSeconds(0.2)
    session.takePanel("region")
    ui.regionKindComboBox.setCurrentIndex(0)
    session.open("inputs")


def preview(session):
    """A slice is enhanced in its view."""
    person_preview.preview(session.panel, "Red")
    session.takePanel("preview")
    session.takeApplication("step-3-preview", seen=session.ui.previewNoteLabel)
    session.ui.previewEndButton.click()


def running(session):
    """A run, and what is there after it; returns the result."""
    session.takePanel("ready")
    result = session.enhance("step-4-running")
    session.takePanel("done")
    session.takeApplication("step-5-done", ONCE, session.ui.measureButton)
    return result


def comparing(session):
    """All ways to compare."""
    session.open("compare")
    for mode in ("sideBySide", "fader", "checkerboard", "swipe", "difference"):
        person_comparing.compare(session.panel, mode)
        person.waitSeconds(0.2)
        names = {"sideBySide": "step-6-side-by-side", "difference": "step-7-difference"}
        session.takeApplication(names.get(mode, f"compare-{mode}"))
    session.takePanel("compare")
    session.ui.compareBackButton.click()


def report(session):
    """The table, without and with a reference and regions."""
    session.open("report")
    person_reporting.waitForReport(session.panel)
    session.takePanel("report")
    session.takeApplication("step-8-report", ONCE)
    before = person.volumes()
    session.ui.loadSampleButton.menu().actions()[1].trigger()
    (clean,) = [node for node in person.volumes() if node not in before]
    source = slicer.mrmlScene.GetFirstNodeByName("MR head, noise added")
    session.ui.inputSelector.setCurrentNode(source)
    session.ui.referenceSelector.setCurrentNode(clean)
    session.ui.newTissueButton.click()
    session.ui.newBackgroundButton.click()
    person_reporting.waitForReport(session.panel)
    session.takePanel("report-reference")


def provenance(session):
    """Where the result comes from, and the log."""
    session.open("provenance")
    session.ui.provenanceShowButton.click()
    session.takePanel("provenance")
    session.ui.provenanceShowButton.click()
    session.open("advanced")
    session.takePanel("advanced")


def several(session):
    """Several volumes one after another, one of which cannot be enhanced."""
    good = [session.loadSample()]
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty volume")
    session.open("batch")
    person_batch.check(session.panel, *good, empty)
    person_batch.enhanceAll(session.panel, MODEL)
    session.open("batch")
    session.takePanel("several")
    person_batch.uncheck(session.panel, *good, empty)


def frames(session):
    """A cine, of which a range of frames is chosen."""
    _sequence, _browser, proxy = cine.makeCine(count=6)
    session.ui.inputSelector.setCurrentNode(proxy)
    session.ui.framesComboBox.setCurrentIndex(2)
    session.open("inputs")
    person.waitSeconds(0.5)
    session.takePanel("frames")


def finer(session):
    """Thick slices are to be refined: the panel says which grid the result will have."""
    source = slicer.mrmlScene.GetFirstNodeByName("MR head, noise added")
    thick = slicer.util.addVolumeFromArray(slicer.util.arrayFromVolume(source)[::3], name="MR head, thick")
    thick.CopyOrientation(source)
    thick.SetSpacing(*source.GetSpacing()[:2], 3 * source.GetSpacing()[2])
    thick.CreateDefaultDisplayNodes()
    slicer.util.setSliceViewerLayers(background=thick, foreground=None, fit=True)
    session.ui.inputSelector.setCurrentNode(thick)
    session.open("inputs")
    with modelForFinerGrids(session.panel) as name:
        person.chooseModel(session.panel, name)
        person_finer.choose(session.panel, "factors", through=3.0)
        person_choosing.waitForVerdicts(session.panel)
        session.takePanel("finer")
        person.chooseModel(session.panel, MODEL)
    slicer.mrmlScene.RemoveNode(thick)


@contextlib.contextmanager
def modelForFinerGrids(panel):
    """Name of a model for super-resolution: the shipped one, or else one without training, for the time."""
    shipped = [entry["name"] for entry in panel.models if entry["super_resolution"] and entry["available"]]
    if shipped:
        yield shipped[0]
        return
    from make_bundle import make_tiny_bundle

    fields = {
        "title": "Finer (example)",
        "task": "super-resolution",
        "super_resolution": {
            "through_plane": {"factors": [1.5, 4], "profile": "gaussian"},
            "in_plane": {"factors": [1.5, 2], "profile": "kspace"},
        },
    }
    with tempfile.TemporaryDirectory() as folder:
        make_tiny_bundle(Path(folder) / "example", **fields)
        os.environ["GANENHANCE_MODELS"] = folder
        restart(panel)
        yield "example"
        del os.environ["GANENHANCE_MODELS"]
        restart(panel)


def restart(panel):
    """Let another worker list its models."""
    panel.panel.restartWorker()
    harness.processEventsUntil(lambda: panel.models, seconds=120)


def busy(session):
    """A run that takes long enough for its pictures, and that is canceled."""
    from GANEnhancePanel.phantom import makePhantom

    node = makePhantom(shape=(96, 256, 256), name="Large head")
    session.ui.inputSelector.setCurrentNode(node)
    session.open()
    person.chooseModel(session.panel, "nlm")
    person_choosing.waitForVerdicts(session.panel)
    person.press(session.panel)
    person.waitUntilWorking(session.panel)
    session.takePanel("running")
    person.press(session.panel)
    person.waitUntilReady(session.panel)
    slicer.mrmlScene.RemoveNode(node)


def error(session):
    """A volume with a voxel that is no number."""
    source = slicer.mrmlScene.GetFirstNodeByName("MR head, noise added")
    voxels = slicer.util.arrayFromVolume(source).astype("float32")
    voxels[10, 20, 30] = np.nan
    node = slicer.util.addVolumeFromArray(voxels, name="MR head with a hole")
    node.CopyOrientation(source)
    session.ui.inputSelector.setCurrentNode(node)
    session.open("inputs")
    person.chooseModel(session.panel, "median")
    person_choosing.waitForVerdicts(session.panel)
    person.press(session.panel)
    person.waitUntilReady(session.panel)
    session.takePanel("error")


ALL = (
    first,
    choosing,
    region,
    preview,
    running,
    comparing,
    report,
    provenance,
    several,
    frames,
    finer,
    busy,
    error,
)
