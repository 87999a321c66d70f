"""Decides, from what is chosen and what runs, what the button and the status line say."""

from dataclasses import dataclass

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.choices import AUTO, entryNamed
from GANEnhancePanel.volumes import checkInputNode

# What the report says of a model that the user chose.
CHOSEN_BY_NAME = "by name"


@dataclass(frozen=True)
class ButtonState:
    """What the Enhance button looks like: its text, its tool tip, and whether it can be pressed."""

    text: str
    toolTip: str
    enabled: bool


def buttonState(parameterNode, models, jobIsRunning, verdicts=None, obstacle=""):
    """Return the ButtonState; where the button cannot be pressed the tool tip says what is missing.

    :param parameterNode: the module's parameter node, or None while the scene closes.
    :param models: the worker's models, empty as long as they are not known.
    :param verdicts: rows of `check` for the input by the model's name, as far as they are known.
    :param obstacle: why what is chosen beside volumes and model cannot be run, "" if nothing is known.
    """
    if jobIsRunning:
        return ButtonState(_("Cancel"), _("Stop the enhancement; no volume is made."), True)
    missing = _whatIsMissing(parameterNode, models, verdicts or {}) or obstacle
    return ButtonState(_("Enhance"), missing or _("Enhance the input volume."), not missing)


def _whatIsMissing(parameterNode, models, verdicts):
    if parameterNode is None:
        return _("The scene is closing.")
    try:
        checkInputNode(parameterNode.inputVolume)
    except GANEnhanceError as error:
        return str(error)
    if parameterNode.outputVolume is not None and parameterNode.outputVolume is parameterNode.inputVolume:
        return _("Choose an output volume that is not the input, or let a new one be made.")
    model = entryNamed(parameterNode.model, models)
    if model is not None and not model["available"]:
        return model["reason"]
    if model is None and models and parameterNode.model != AUTO:
        return _("Choose a model: {name} is not installed.").format(name=parameterNode.model)
    verdict = verdicts.get(parameterNode.model)
    if verdict is not None and verdict["level"] == "refuse":
        return " ".join(part for part in (verdict["sentence"], verdict["hint"]) if part)
    return ""


def doneText(node, report):
    """Return what the status line says of a finished run: what was made, in which time, what to know."""
    text = _("{name} is ready: {model}, {time}, {device}.").format(
        name=node.GetName(),
        model=report["model"]["title"],
        time=durationText(report["seconds"]),
        device=report["device"],
    )
    # The worker gives a reason where the model was chosen automatically.
    reason = report["model"]["chosen"]
    reasons = [reason] if reason and reason != CHOSEN_BY_NAME else []
    warnings = [found["sentence"] for found in report["contract"]["findings"] if found["level"] != "ok"]
    return " ".join([text, *reasons, *warnings, *report["notes"]])


def progressText(message):
    """Return what the status line says of a progress message of the worker."""
    names = {
        "checking": _("Checking the volume..."),
        "loading": _("Loading the model..."),
        "interpolating": _("Interpolating..."),
        "agreeing": _("Bringing the result back to the input..."),
        "enhancing": _("Enhancing..."),
        "reporting": _("Measuring what changed..."),
        "measuring": _("Measuring what changed..."),
        "copying": _("Copying the voxels..."),
    }
    text = names.get(message.get("stage"), _("Working..."))
    seconds = message.get("seconds_left")
    if seconds is None:
        return text
    return _("{stage} {time} left").format(stage=text, time=durationText(seconds))


def durationText(seconds):
    """Return a duration in plain words: seconds up to a minute and a half, then minutes."""
    if seconds < 90:
        return _("{count}\u00a0s").format(count=max(1, round(seconds)))
    return _("{count}\u00a0min").format(count=round(seconds / 60))
