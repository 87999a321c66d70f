"""Fifty runs one after another, interrupted at random moments: nothing is left behind, memory stays flat."""

import contextlib
import os
import random
import signal
import time

import cine
import harness
import numpy as np
import person
import person_batch
import person_preview
import pytest
import slicer

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs POSIX signals")

SEED = 20261122
RUNS = 50
# So many runs show each kind once, and fill the caches that do not grow any more.
WARM_UP = 15
MEBIBYTES = 20
# Two megabytes each, input and result: a leak of one in three runs would be seen.
SHAPE = (32, 128, 128)


class Soak:
    """A person in a hurry."""

    def __init__(self, module):
        self.module = module
        self.random = random.Random(SEED)
        self.kinds = [
            self.run,
            self.cancel,
            self.closeScene,
            self.deleteInput,
            self.killWorker,
            self.batch,
            self.cancelBatch,
            self.frames,
            self.cancelFrames,
            self.preview,
            self.strength,
            self.compare,
            self.script,
            self.cancelScript,
            self.leave,
        ]
        self.done = []

    @property
    def panel(self):
        """The Python widget."""
        return self.module.widget

    def go(self, number):
        """Do the next thing: each kind once, then at random; then begin with an empty scene again."""
        kind = self.kinds[number] if number < len(self.kinds) else self.random.choice(self.kinds)
        self.done.append(kind.__name__)
        self.prepare()
        kind()
        person.waitUntilReady(self.panel)
        self.settle()
        harness.processEventsUntil(lambda: not person.leftFiles(self.panel), seconds=10)

    def prepare(self):
        """A volume in the views, chosen as input, and a filter."""
        rng = np.random.default_rng(len(self.done))
        voxels = rng.normal(300, 40, SHAPE).astype("float32")
        self.input = slicer.util.addVolumeFromArray(voxels, name="Head")
        self.input.CreateDefaultDisplayNodes()
        slicer.util.setSliceViewerLayers(background=self.input, fit=True)
        self.panel.ui.inputSelector.setCurrentNode(self.input)
        person.choose(self.panel.ui.modelComboBox, "median")

    def settle(self):
        """Close the scene, and let the worker answer what is under way."""
        slicer.mrmlScene.Clear(0)
        answers = []
        self.panel.client.whenReady(
            lambda: self.panel.client.request("hello", {}, answers.append, answers.append), answers.append
        )
        harness.processEventsUntil(lambda: answers, seconds=60)

    def pause(self, longest=0.5):
        """A random moment."""
        person.waitSeconds(self.random.uniform(0, longest))

    # What the person does

    def run(self):
        """Wait for the result."""
        assert len(person.enhance(self.panel)) == 1, person.status(self.panel)

    def cancel(self):
        """Give up at a random moment."""
        person.press(self.panel)
        self.pause()
        if self.panel.isRunning():
            person.press(self.panel)

    def closeScene(self):
        """Close the scene at a random moment."""
        person.press(self.panel)
        self.pause()
        slicer.mrmlScene.Clear(0)

    def deleteInput(self):
        """Delete the input at a random moment."""
        person.press(self.panel)
        self.pause()
        slicer.mrmlScene.RemoveNode(self.input)

    def killWorker(self):
        """The worker dies at a random moment, and the next run works."""
        person.press(self.panel)
        self.pause()
        worker = self.panel.client.processId()
        os.kill(worker, signal.SIGKILL)
        harness.processEventsUntil(lambda: self.panel.client.processId() != worker, seconds=10)
        person.waitUntilReady(self.panel)
        self.run()

    def startBatch(self):
        """Enhance three volumes."""
        rng = np.random.default_rng(0)
        more = [slicer.util.addVolumeFromArray(rng.normal(0, 9, (8, 64, 64)), name=name) for name in "AB"]
        person_batch.check(self.panel, self.input, *more)
        person_batch.start(self.panel)

    def batch(self):
        """Wait for all of them."""
        self.startBatch()
        person.waitUntilReady(self.panel)
        assert len(person_batch.results()) == 3, person_batch.table(self.panel)

    def cancelBatch(self):
        """Give up, or close the scene, at a random moment."""
        self.startBatch()
        self.pause(1.0)
        if self.random.random() < 0.5:
            slicer.mrmlScene.Clear(0)
        elif self.panel.isRunning():
            person.press(self.panel)

    def startFrames(self):
        """Enhance a cine."""
        _sequence, self.browser, proxy = cine.makeCine(count=5, shape=(4, 64, 64))
        self.panel.ui.inputSelector.setCurrentNode(proxy)
        self.panel.ui.framesComboBox.setCurrentIndex(1)
        person.press(self.panel)

    def frames(self):
        """Wait for it, and play it."""
        self.startFrames()
        person.waitUntilReady(self.panel)
        assert len(cine.sequences()) == 2, person.status(self.panel)
        for number in range(5):
            self.browser.SetSelectedItemNumber(number)

    def cancelFrames(self):
        """Give up, or close the scene, at a random moment."""
        self.startFrames()
        self.pause(1.0)
        if self.random.random() < 0.5:
            slicer.mrmlScene.Clear(0)
        elif self.panel.isRunning():
            person.press(self.panel)

    def preview(self):
        """Preview a slice; sometimes run while it is shown, sometimes close the scene."""
        name = self.random.choice(person_preview.VIEWS)
        person_preview.button(self.panel, name).click()
        if self.random.random() < 0.7:
            person_preview.wait(self.panel)
        if self.random.random() < 0.5:
            self.run()

    def strength(self):
        """Move the strength of the finished result, and do not wait for it."""
        self.run()
        for value in (0.3, 0.8, 0.5):
            self.panel.ui.strengthSlider.value = value
            self.pause(0.2)
        self.panel.ui.strengthSlider.value = 1.0

    def compare(self):
        """Compare in one way and another; closing the scene in the middle is what follows."""
        self.run()
        for mode in self.random.sample(range(1, 6), 2):
            self.panel.ui.compareModeComboBox.setCurrentIndex(mode)
            self.pause(0.3)

    def script(self):
        """A script runs beside the panel, with its worker or one of its own."""
        session = self.random.choice([self.panel.client, None])
        handle = self.panel.logic.enhance(self.input, model="median", wait=False, session=session)
        self.run()
        assert handle.wait(60) is not None

    def cancelScript(self):
        """A script gives up, or its scene is closed."""
        handle = self.panel.logic.enhance(self.input, model="median", wait=False)
        self.pause(1.0)
        if self.random.random() < 0.5:
            slicer.mrmlScene.Clear(0)
        else:
            handle.cancel()
        harness.processEventsUntil(lambda: not handle.isRunning, seconds=30)

    def leave(self):
        """Leave the module in the middle, and come back."""
        person.press(self.panel)
        self.pause()
        self.module.exit()
        self.pause()
        self.module.enter()


def test_fifty_runs_leave_nothing_behind(mainWindow, ganenhanceModule, panel):
    soak = Soak(ganenhanceModule)
    start = time.monotonic()
    for number in range(WARM_UP):
        soak.go(number)
    before = harness.resources()
    for number in range(WARM_UP, RUNS):
        soak.go(number)
    # Workers of scripts leave by themselves.
    with contextlib.suppress(AssertionError):
        harness.processEventsUntil(lambda: not harness.resources().since(before), seconds=10)
    after = harness.resources()
    growth = (after.memory - before.memory) / 2**20
    print(f"{RUNS} runs in {time.monotonic() - start:.0f} s, memory grew by {growth:.1f} MiB: {soak.done}")
    assert after.since(before, MEBIBYTES) == [], soak.done
