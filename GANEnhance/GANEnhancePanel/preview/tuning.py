"""Lets the strength and fidelity sliders change a finished result, as long as the worker keeps its run.

Strength: the visible slices follow at once, the whole volume when the slider rests; both are blended without
the network and equal a run with that strength. Fidelity: the visible slices are computed, the whole volume
only when asked.
"""

from dataclasses import dataclass
from typing import Any

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhancePanel.choices import entryNamed
from GANEnhancePanel.doubtmap import tellStrength
from GANEnhancePanel.finer.choice import NAMES as FINER_OPTIONS
from GANEnhancePanel.output import provenanceAttributes, setAttributes
from GANEnhancePanel.parameters import CompareMode
from GANEnhancePanel.preview.sliceview import SliceView, namesOfViewsThatShow
from GANEnhancePanel.preview.wholeblend import WholeBlend
from GANEnhancePanel.preview.wish import regionKey, withOptions

REST_MILLISECONDS = 300


@dataclass(frozen=True)
class _Seen:
    """Where the sliders were, and for which result."""

    node: Any
    strength: float
    fidelity: float | None


class Tuning:
    """The result that the sliders change, and how far that is.

    :param panel: the PanelContext.
    :param requests: `SliceRequests`.
    :param onChange: called when `note` or `canApply` may be others.
    """

    def __init__(self, panel, requests, onChange):
        """Change nothing yet."""
        self._panel, self._requests, self._onChange = panel, requests, onChange
        self._seen = _Seen(None, 1.0, None)
        self._views, self._blend = {}, None
        # When the voxels of each result were last set by us.
        self._imageTimes = {}
        self.isTelling = False
        self.busyViews = ()
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(REST_MILLISECONDS)
        self._timer.connect("timeout()", self._onRest)

    # What is so

    @property
    def canApply(self):
        """Whether the whole volume can be brought to what its visible slices show."""
        return self._obstacle() == "" and self._isOtherFidelity()

    @property
    def isBusy(self):
        """Whether the result is being changed."""
        return self._blend is not None or self._timer.active

    def note(self):
        """Return what the user has to know of sliders and result; "" if there is no result."""
        node = self._node()
        if node is None:
            return ""
        obstacle = self._obstacle()
        if obstacle:
            return _("The sliders set the next run: {reason}").format(reason=obstacle)
        if self._isOtherFidelity():
            text = (
                _("The views show fidelity {new}, but {name} has {old}.")
                if self.hasViews
                else _("The slider says fidelity {new}, but {name} has {old}.")
            )
            return text.format(
                new=_number(self._fidelity()), old=_number(self._fidelityOfResult()), name=node.GetName()
            )
        if self.isBusy:
            return _("{name} is being blended...").format(name=node.GetName())
        return _("The strength slider changes {name} at once.").format(name=node.GetName())

    def _node(self):
        parameters = self._panel.parameterNode
        return parameters.resultVolume if parameters is not None else None

    def _result(self):
        node = self._node()
        return self._panel.results.of(node) if node is not None else None

    def _obstacle(self):
        """Return why the sliders cannot change the result, as the end of a sentence; "" if they can."""
        node, result = self._node(), self._result()
        name = node.GetName() if node is not None else ""
        if result is None:
            return _("{name} was not made since the scene was loaded.").format(name=name)
        if self._panel.results.keptOf(node) is None:
            return _("the worker does not keep the run of {name} any more.").format(name=name)
        image = node.GetImageData()
        if image is None or image.GetMTime() != self._imageTimes.get(node.GetID(), image.GetMTime()):
            return _("the voxels of {name} were changed by something else.").format(name=name)
        if not self._isMadeAsChosen(result):
            return _("{name} was made from something else, or with other settings.").format(name=name)
        return ""

    def _isMadeAsChosen(self, result):
        """Whether a run would now do what made the result, but for strength and fidelity."""
        panel, task = self._panel, result.task
        parameters = panel.parameterNode
        source = parameters.inputVolume
        if source is None or source is not task.inputNode or source.GetImageData() is None:
            return False
        try:
            region = regionKey(panel.regionParams(source))
            wanted = EnhanceOptions.from_dict(panel.finerOptions(source))
        except GANEnhanceError:
            return False
        return (
            source.GetImageData().GetMTime() == task.voxelTime
            and parameters.model == task.model
            and parameters.voxelType.value == task.options.output_type
            and region == regionKey(task.region)
            and all(getattr(wanted, name) == getattr(task.options, name) for name in FINER_OPTIONS)
        )

    def _strength(self):
        return float(self._panel.parameterNode.strength)

    def _fidelity(self):
        parameters = self._panel.parameterNode
        chosen = None if parameters.useModelFidelity else float(parameters.fidelity)
        return self._effective(chosen)

    def _fidelityOfResult(self):
        return self._effective(self._result().task.options.fidelity)

    def _effective(self, fidelity):
        """Return a fidelity as the model has it: its own for None, None if it has only one set of weights."""
        result = self._result()
        name = result.report["model"]["name"] if result is not None else self._panel.parameterNode.model
        model = entryNamed(name, self._panel.models)
        advised = model["fidelity_default"] if model is not None else None
        return advised if fidelity is None or advised is None else fidelity

    def _isOtherFidelity(self):
        return self._fidelity() != self._fidelityOfResult()

    # What happens

    def update(self):
        """Look at the sliders: if the user has moved one, the result follows."""
        if self._panel.parameterNode is None:
            self.stop()
            return
        seen, self._seen = self._seen, _Seen(self._node(), self._strength(), self._fidelity())
        if self._panel.isRunning() or seen.node is not self._seen.node:
            self.stop()
        elif seen != self._seen:
            self._follow()

    def onResult(self, result):
        """A run is complete; the sliders may have been moved meanwhile."""
        self.stop()
        self._rememberImage(result.node)
        self._seen = _Seen(self._node(), self._strength(), self._fidelity())
        if self._panel.isRunning() or self._obstacle():
            return
        if self._strength() != float(result.task.options.strength):
            self._follow()

    def onInputOrResultChanged(self):
        """Voxels or nodes are others."""
        if self._views and self._obstacle():
            self.stop()

    def stop(self):
        """Give the views back and blend no more; the result stays as it is."""
        self._timer.stop()
        if self._blend is not None:
            self._blend.cancel()
            self._blend = None
        self.endViews()

    def endViews(self):
        """Give the views back; the whole volume still follows."""
        views, self._views = self._views, {}
        for view in views.values():
            view.end()

    def hold(self, node):
        """Show `node` in the views that show slices of the result; None lets go."""
        for view in self._views.values():
            view.hold(node)

    @property
    def hasViews(self):
        """Whether slices are shown that the result does not have yet."""
        return bool(self._views)

    def makeTask(self):
        """Return the task that brings the whole result to what the sliders say."""
        panel = self._panel
        return panel.makeTask(panel.parameterNode.inputVolume, self._node(), doubt=panel.wantsDoubt())

    def _follow(self):
        if self._obstacle():
            self.stop()
            return
        if self._blend is not None:
            self._blend.cancel()
            self._blend = None
        task = self._result().task
        isOther = self._isOtherFidelity()
        if not isOther and self._strength() == float(task.options.strength):
            self.stop()
            self._onChange()
            return
        if isOther and self._result().report.get("finer") is not None:
            # Slices that are computed are those of the input, which are not those of the result.
            self.stop()
            self._onChange()
            return
        changes = {"strength": self._strength(), "doubt": False}
        if isOther:
            changes["fidelity"] = self._fidelity()
        self._showSlices(withOptions(task, **changes))
        if isOther:
            self._timer.stop()
        else:
            self._timer.start()
        self._onChange()

    def _showSlices(self, task):
        """Let the views that show the result show slices of what it is going to be."""
        if self._panel.parameterNode.compareMode == CompareMode.off:
            node = self._node()
            for name, isFull in namesOfViewsThatShow(node).items():
                if name not in self._views and name not in self.busyViews:
                    self._views[name] = SliceView(
                        self._requests, name, node, isFull, self._onShown, self._onViewEnd
                    )
        for view in list(self._views.values()):
            try:
                view.want(task)
            except GANEnhanceError:
                # That view does not meet the volume where it is.
                view.end()
                del self._views[view.name]

    def _onShown(self, view, wish):
        self._onChange()

    def _onViewEnd(self, view, error):
        self._views.pop(view.name, None)
        if error is not None:
            self._panel.error(error)
        self._onChange()

    def _onRest(self):
        if self._panel.parameterNode is None or self._panel.isRunning() or self._obstacle():
            self.stop()
            return
        if any(view.isPending for view in self._views.values()):
            # What is looked at comes first.
            self._timer.start()
            return
        kept, strength = self._panel.results.keptOf(self._node()), self._strength()
        self._blend = WholeBlend(
            self._panel.client,
            kept,
            strength,
            lambda image, report: self._onBlended(image, report, strength),
            self._onBlendError,
        )
        self._onChange()

    def _onBlended(self, image, report, strength):
        self._blend = None
        result = self._result()
        if result is None or self._obstacle():
            self.stop()
            return
        node = result.node
        with slicer.util.NodeModify(node):
            node.SetAndObserveImageData(image)
            setAttributes(node, provenanceAttributes(report, result.task.modality))
        tellStrength(node, strength)
        result.task, result.report = withOptions(result.task, strength=strength), report
        self._rememberImage(node)
        self.endViews()
        self.isTelling = True
        try:
            self._panel.tell("onResult", result)
        finally:
            self.isTelling = False
        self._onChange()

    def _rememberImage(self, node):
        known = {each for each in self._imageTimes if slicer.mrmlScene.GetNodeByID(each) is not None}
        self._imageTimes = {each: self._imageTimes[each] for each in known}
        self._imageTimes[node.GetID()] = node.GetImageData().GetMTime()

    def _onBlendError(self, error):
        self._blend = None
        self.stop()
        self._panel.error(error)
        self._onChange()


def _number(fidelity):
    return "?" if fidelity is None else f"{fidelity:.2f}"
