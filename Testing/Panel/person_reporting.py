"""The moves of a person at the report, and what that person reads there."""

import harness
import numpy as np
import person
import slicer

SHAPE = (6, 96, 100)


def cleanImage():
    """A bright disc with a brighter one inside, on a dark ground (k, j, i)."""
    _k, j, i = np.indices(SHAPE)
    radius = np.hypot(j - 47.3, i - 50.2)
    return 20.0 + 300.0 * (radius < 38) + 200.0 * (radius < 15)


def addVolume(name, voxels, spacing=(1.0, 1.0, 3.0)):
    """A volume node with display in the scene."""
    node = slicer.util.addVolumeFromArray(np.ascontiguousarray(voxels), name=name)
    node.SetSpacing(*spacing)
    node.CreateDefaultDisplayNodes()
    return node


def addNoisy(panel, sigma=20.0, dtype="int16"):
    """The disc with noise, chosen as input."""
    noise = np.random.default_rng(0).normal(0, sigma, SHAPE)
    node = addVolume("Disc", (cleanImage() + noise).astype(dtype))
    panel.ui.inputSelector.setCurrentNode(node)
    return node


def waitForReport(panel, seconds=60):
    """Wait until nothing is measured any more, also not after the pause that follows a choice."""
    person.waitSeconds(0.6)
    harness.processEventsUntil(lambda: panel.ui.reportNoteLabel.text != "Measuring...", seconds)


def enhance(panel, model="median"):
    """Enhance, and wait for the report; returns the result."""
    (result,) = person.enhance(panel, model)
    waitForReport(panel)
    return result


def rows(panel):
    """What the table says: {measure: (before, after)}."""
    table = panel.ui.reportTable
    cells = [[table.item(row, column).text() for column in range(3)] for row in range(table.rowCount)]
    return {measure: (before, after) for measure, before, after in cells}


def note(panel):
    """What the line below the table says."""
    return panel.ui.reportNoteLabel.text
