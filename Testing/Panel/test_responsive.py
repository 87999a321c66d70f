"""The application goes on living while volumes, networks, batches and cines run: our slots are short.

A 10 ms timer measures the computing time of this thread from one tick to the next, so that what else runs on
the computer does not count.
"""

import gc
import time

import cine
import harness
import numpy as np
import person
import person_batch
import pytest
import slicer

LONGEST_SECONDS = 0.05
WHOLE = (160, 256, 256)


class Pulse:
    """Ticks every 10 ms while it is used as a context; `longest` is the most work in one interval, in s."""

    def __enter__(self):
        import qt

        # Python's search for garbage goes through all that was imported before, also by other tests.
        gc.collect()
        gc.freeze()
        self.gaps = []
        self._last = time.thread_time()
        self._timer = qt.QTimer()
        self._timer.setInterval(10)
        self._timer.connect("timeout()", self._tick)
        self._timer.start()
        return self

    def __exit__(self, *_error):
        self._timer.stop()
        self._timer.disconnect("timeout()", self._tick)
        gc.unfreeze()

    def _tick(self):
        now = time.thread_time()
        self.gaps.append(now - self._last)
        self._last = now

    @property
    def longest(self):
        return max(self.gaps)

    def check(self, ticks=50):
        """Nothing took long, and there was something to measure."""
        print(f"longest {1000 * self.longest:.1f} ms of {len(self.gaps)} ticks")
        assert len(self.gaps) > ticks
        assert self.longest < LONGEST_SECONDS, f"{1000 * self.longest:.0f} ms of {len(self.gaps)} ticks"


def addVolume(shape, name="Whole"):
    """Add a noisy volume (float32) as the application would: with its range and its look known."""
    rng = np.random.default_rng(0)
    slab = rng.normal(300, 40, (16, *shape[1:])).astype("float32")
    node = slicer.util.addVolumeFromArray(np.tile(slab, (shape[0] // 16, 1, 1)), name=name)
    node.CreateDefaultDisplayNodes()
    node.GetImageData().GetScalarRange()
    return node


def enhanceWhole(panel, model):
    """Enhance a whole volume, watched; returns the pulse."""
    panel.ui.inputSelector.setCurrentNode(addVolume(WHOLE))
    person.choose(panel.ui.modelComboBox, model)
    person.waitSeconds(0.5)
    with Pulse() as pulse:
        person.press(panel)
        person.waitUntilReady(panel, seconds=300)
        person.waitSeconds(1)
    assert len(person.volumes()) == 2, person.status(panel)
    return pulse


def test_a_filter_on_a_whole_volume(panel):
    enhanceWhole(panel, "median").check()


def test_a_network_on_a_whole_volume(panel, network):
    panel.ui.modalityComboBox.setCurrentIndex(1)
    enhanceWhole(panel, network).check()


def test_several_volumes(panel):
    shape = (64, 256, 256)
    nodes = [addVolume(shape, name) for name in ("A", "B", "C")]
    panel.ui.inputSelector.setCurrentNode(nodes[0])
    person_batch.check(panel, *nodes)
    person.waitSeconds(0.5)
    with Pulse() as pulse:
        person_batch.start(panel)
        person.waitUntilReady(panel, seconds=300)
        person.waitSeconds(1)
    assert len(person_batch.results()) == 3, person.status(panel)
    pulse.check()


@pytest.mark.parametrize(("count", "shape"), [(8, (32, 256, 256)), (60, (1, 512, 512))])
def test_the_frames_of_a_cine(panel, count, shape):
    _sequence, _browser, proxy = cine.makeCine(count, shape)
    panel.ui.inputSelector.setCurrentNode(proxy)
    panel.ui.framesComboBox.setCurrentIndex(1)
    person.choose(panel.ui.modelComboBox, "median")
    person.waitSeconds(0.5)
    with Pulse() as pulse:
        person.press(panel)
        person.waitUntilReady(panel, seconds=300)
        person.waitSeconds(1)
    assert len(cine.sequences()) == 2, person.status(panel)
    pulse.check()


def test_a_script_that_does_not_wait(panel):
    node = addVolume(WHOLE)
    with Pulse() as pulse:
        handle = panel.logic.enhance(node, model="median", wait=False, session=panel.client)
        harness.processEventsUntil(lambda: not handle.isRunning, seconds=300)
    assert handle.node is not None, handle.error
    pulse.check()
