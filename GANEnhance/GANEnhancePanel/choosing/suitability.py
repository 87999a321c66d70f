"""Asks the worker which models suit the input volume, how long they would take and how much memory.

Asked when what the answer depends on has changed; until the answer is there nothing is known, and nothing is
gray. No voxel is read for it, but for models that say which values they are made for: then the lowest and
highest value are found, a few milliseconds at a time.
"""

import json
import logging

import numpy as np
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError, InputError
from GANEnhancePanel.stepper import Stepper
from GANEnhancePanel.volumes import checkInputNode, ijkToRASArray

MODALITIES = (None, "MR", "CT", "US")
_VALUES_IN_A_STEP = 2**20


class Suitability:
    """Keeps `panel.verdicts` ({name of a model: row of `check`}) and `device` (label) up to date."""

    def __init__(self, panel, onChange):
        """Ask nothing yet; `onChange()` is called when an answer has come."""
        self.device = ""
        self._panel, self._onChange = panel, onChange
        self._asked = None
        self._range = None  # (what it is of, [lowest, highest])
        self._stepper = None

    def update(self):
        """Ask if something has changed since the last time."""
        question = self._question()
        if question == self._asked:
            return
        self._asked = question
        self._panel.verdicts = {}
        self._stopStepper()
        if question is not None:
            self._ask(question)
            self._findRange(question)

    def askAgain(self):
        """Ask at the next update: a run has measured how fast models are."""
        self._asked = None

    def stop(self):
        """Answers are not wanted any more."""
        self._asked = None
        self._stopStepper()

    def _question(self):
        """Return what the answer depends on, or None while nothing can be asked."""
        panel = self._panel
        node = panel.parameterNode.inputVolume if panel.parameterNode is not None else None
        if node is None or panel.client.hello is None or not panel.models:
            return None
        try:
            checkInputNode(node)
        except GANEnhanceError:
            return None
        modality = panel.modality()
        if modality not in MODALITIES:
            return None  # no model is for it; a run says so
        image = node.GetImageData()
        return (
            node.GetID(),
            image.GetMTime(),
            tuple(reversed(image.GetDimensions())),
            tuple(float(value) for value in ijkToRASArray(node).ravel()),
            modality,
            panel.setting("Device", "auto"),
            tuple((entry["name"], entry["sha256"]) for entry in panel.models),
            panel.client.processId(),
            self._finer(node),
        )

    def _finer(self, node):
        """Return which grid is asked for, as JSON that can be compared; none where the choice is wrong."""
        try:
            return json.dumps(self._panel.finerOptions(node))
        except GANEnhanceError:
            return "{}"

    def _ask(self, question):
        _nodeID, time, shape, matrix, modality, device, _models, _worker, finer = question
        node = self._panel.parameterNode.inputVolume
        known = self._range is not None and self._range[0] == question[:2]
        params = {
            "volume": {
                "shape": list(shape),
                "dtype": slicer.util.arrayFromVolume(node).dtype.name,
                "ijk_to_ras": list(matrix),
                "modality": modality,
                "range": self._range[1] if known else None,
            },
            "device": device,
            "folders": self._panel.modelFolders(),
            **json.loads(finer),
        }

        def take(message):
            if self._asked == question:
                self._panel.verdicts, self.device = message["models"], message["device"]
                self._onChange()

        def fail(error):
            # The run itself will say what is wrong; until then nothing is gray.
            logging.debug("GANEnhance: models cannot be checked: %s", error)

        self._panel.client.request("check", params, take, fail)

    def _findRange(self, question):
        known = self._range is not None and self._range[0] == question[:2]
        if known or not any(entry["contract"].get("value_range") for entry in self._panel.models):
            return
        node = self._panel.parameterNode.inputVolume

        def take(found):
            self._stepper = None
            self._range = (question[:2], found)
            if self._asked == question:
                self._ask(question)

        def fail(error):
            self._stepper = None
            logging.debug("GANEnhance: %s", error)

        self._stepper = Stepper(_range(node, question[1]), _ignore, take, fail)

    def _stopStepper(self):
        if self._stepper is not None:
            self._stepper.stop()
            self._stepper = None


def _range(node, timeOfVoxels):
    """Find the lowest and highest voxel; a generator that yields the fraction done."""
    lowest, highest = np.inf, -np.inf
    first, count = 0, 1
    while first < count:
        image = node.GetImageData()
        if image is None or image.GetMTime() != timeOfVoxels:
            raise InputError(_("The input volume changed meanwhile."))
        voxels = slicer.util.arrayFromVolume(node)
        count = len(voxels)
        rows = max(1, _VALUES_IN_A_STEP // max(1, voxels[0].size))
        part = voxels[first : first + rows]
        # fmin and fmax pass over NaN.
        lowest = min(lowest, float(np.fmin.reduce(part, axis=None)))
        highest = max(highest, float(np.fmax.reduce(part, axis=None)))
        first += rows
        yield min(1.0, first / count)
    return [lowest, highest] if np.isfinite([lowest, highest]).all() else None


def _ignore(_fraction):
    """Nobody waits for it."""
