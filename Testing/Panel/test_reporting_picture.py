"""Pictures of the report in its states, at the narrowest and at a usual width, for a person to look at."""

import harness
import numpy as np
import person_reporting as reader
import pytest

WIDTHS = (300, 480)


@pytest.fixture
def out(request):
    """The folder of pictures."""
    folder = request.config.rootpath / "out" / "panel"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take(section, out, name):
    """Take pictures of the section alone at 100 % and 200 %; no text of it may be cut."""
    for width in WIDTHS:
        for scale in (1, 2):
            path = out / f"report-{name}-{width}-{scale}00.png"
            harness.screenshot(section, path, scale=scale, width=width)
        assert section.width == width, "the report does not fit"
        assert harness.cutTexts(section) == []


def test_pictures_of_the_report(panel, out):
    reader.addNoisy(panel)
    section = panel.ui.GANEnhanceReporting
    section.setParent(None)  # alone, since other sections have widths of their own
    panel.ui.reportCollapsibleButton.collapsed = False
    take(section, out, "empty")
    reader.enhance(panel)
    take(section, out, "done")
    panel.ui.referenceSelector.setCurrentNode(reader.addVolume("Truth", reader.cleanImage()))
    panel.ui.newTissueButton.click()
    panel.ui.newBackgroundButton.click()
    reader.waitForReport(panel)
    take(section, out, "all")
    panel.ui.referenceSelector.setCurrentNode(reader.addVolume("Small", np.ones((3, 9, 9))))
    reader.waitForReport(panel)
    take(section, out, "note")
