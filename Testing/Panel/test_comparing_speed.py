"""Comparing large volumes never holds the application up, and moving the swipe line is quick."""

import time

import numpy as np
import person
import person_comparing as look
import pytest
import slicer

LONGEST_SECONDS = 0.05
SHAPE = (160, 256, 256)


@pytest.fixture
def large(mainWindow, panel):
    """A large volume and a copy of it that counts as a result."""
    slab = np.random.default_rng(0).normal(300, 40, (16, *SHAPE[1:])).astype("int16")
    source = slicer.util.addVolumeFromArray(np.tile(slab, (SHAPE[0] // 16, 1, 1)), name="Whole")
    source.CreateDefaultDisplayNodes()
    result = slicer.util.addVolumeFromArray(np.tile(slab // 2, (SHAPE[0] // 16, 1, 1)), name="Half")
    result.CreateDefaultDisplayNodes()
    result.SetNodeReferenceID("GANEnhance.sourceVolume", source.GetID())
    result.SetAttribute("GANEnhance.Model", "median")
    slicer.util.setSliceViewerLayers(background=result, fit=True)
    panel.panel.parameterNode.resultVolume = result
    for node in (source, result):
        node.GetImageData().GetScalarRange()
    person.waitSeconds(0.2)
    return source, result


@pytest.mark.parametrize("mode", look.MODES[1:])
def test_no_slot_of_ours_takes_long(large, panel, mode):
    if mode == "sideBySide":
        # The views of our layout are made by the application, once in a session.
        look.compare(panel, mode)
        look.compare(panel, "off")
        person.waitSeconds(0.2)
    gaps = Gaps()
    look.compare(panel, mode)
    if mode == "swipe":
        for share in np.linspace(0.3, 0.7, 15):
            panel.ui.compareSwipeSlider.value = float(share)
            look.waitForPicture(panel)
    if mode == "checkerboard":
        panel.ui.compareTilesSpinBox.value = 16
        look.waitForPicture(panel)
    look.compare(panel, "off")
    longest = gaps.stop()
    print(f"{mode}: longest {1000 * longest:.1f} ms of {gaps.count} ticks")
    assert longest < LONGEST_SECONDS


def test_moving_the_line_takes_a_small_part_of_the_first_picture(large, panel):
    begin = time.thread_time()
    look.compare(panel, "swipe")
    first = time.thread_time() - begin
    begin = time.thread_time()
    for step in range(10):
        panel.ui.compareSwipeSlider.value = 0.5 + 0.01 * step
        look.waitForPicture(panel)
    move = (time.thread_time() - begin) / 10
    print(f"first picture {1000 * first:.0f} ms, a move of the line {1000 * move:.1f} ms")
    assert move < first / 3


class Gaps:
    """Measures how long the application was held up, as computing time of this thread between two ticks."""

    def __init__(self):
        """Start."""
        import qt

        self.count, self._longest, self._last = 0, 0.0, time.thread_time()
        self._timer = qt.QTimer()
        self._timer.connect("timeout()", self._tick)
        self._timer.start(0)

    def _tick(self):
        now = time.thread_time()
        self._longest = max(self._longest, now - self._last)
        self._last, self.count = now, self.count + 1

    def stop(self):
        """Stop, and return the longest gap in seconds."""
        self._tick()
        self._timer.stop()
        return self._longest
