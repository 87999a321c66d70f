"""A first-time user comes from nothing to a judged result on the sample without choosing anything."""

import time

import harness
import person
import person_comparing
import slicer

SECONDS = 120  # and five clicks; below there are two


def test_two_clicks_lead_to_a_judged_result(mainWindow, panel):
    began = time.monotonic()
    panel.ui.loadSampleButton.click()
    panel.ui.enhanceButton.click()
    harness.processEventsUntil(lambda: panel.ui.verdictLabel.text, SECONDS)
    assert time.monotonic() - began < SECONDS
    _source, result = person.volumes()
    assert person_comparing.background("Red") is result
    assert result.GetAttribute("GANEnhance.Model") == "mr-denoise"
    assert not panel.ui.reportCollapsibleButton.collapsed
    assert panel.ui.verdictLabel.text.startswith("Noise fell to ")


def test_the_log_of_a_run_is_copied(panel):
    panel.ui.loadSampleButton.click()
    person.press(panel)
    person.waitUntilReady(panel)
    said = person.status(panel)
    panel.ui.copyLogButton.click()
    text = slicer.app.clipboard().text()
    assert text == panel.ui.logTextEdit.plainText
    # The box makes usual spaces of those that keep a number and its unit together.
    assert said.replace("\N{NO-BREAK SPACE}", " ") in text
