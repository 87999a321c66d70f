"""What stands in lists of models: texts, which ones are gray and why, and what "Automatic" means now."""

from dataclasses import dataclass

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel.choices import AUTO, entryNamed
from GANEnhancePanel.choosing.card import isOnlyGrid, purposeText, warningText


@dataclass(frozen=True)
class Choice:
    """One line of a list: `name` as the worker knows it, whether it is gray, and what its tool tip says."""

    name: str
    text: str
    toolTip: str = ""
    isGray: bool = False


def choices(models, verdicts, chosen):
    """Return "Automatic", all models, and `chosen` if it is not among them."""
    found = [Choice(AUTO, _("Automatic"), _("Takes the model made for the volume's modality."))]
    names = set()
    for entry in models:
        # Of several with one name the first keeps it; the others cannot be told apart by name.
        if entry["name"] not in names:
            found.append(_choice(entry, verdicts.get(entry["name"])))
            names.add(entry["name"])
    if chosen != AUTO and chosen not in names:
        found.append(Choice(chosen, _notAvailable(chosen), _("This model is not installed."), True))
    return found


def isRefused(verdict):
    """Return whether a model must not run on the volume, whatever grid is asked for."""
    return verdict is not None and verdict["level"] == "refuse" and not isOnlyGrid(verdict)


def automaticEntry(models, modality):
    """Return the row of the model that "auto" takes for a modality (or None), or None if there is none."""
    from GANEnhanceLib.models.registry import pick_row

    try:
        name, _reason = pick_row(modality, models)
    except GANEnhanceError:
        return None
    return entryNamed(name, models)


def automaticText(entry, hasInput, modality, models):
    """Return what the panel says of "Automatic": which model (row of `models`, or None) it takes, and why."""
    if modality is None:
        if not hasInput:
            return _("Takes the model for the volume's modality.")
        return _(
            "The modality is not known, so a classical filter is taken."
            " For a network, choose the modality under Advanced."
        )
    if entry is None:
        return _("Takes the model for {modality}.").format(modality=modality)
    if modality in entry["modality"]:
        return _("Takes {title}, which is made for {modality}.").format(
            title=entry["title"], modality=modality
        )
    suiting = (each for each in models if each["available"] and modality in each["modality"])
    risky = next((each for each in suiting if each["risk"]), None)
    if risky is not None:
        return _(
            "Takes {title}; {other} is made for {modality}, but is only taken when chosen: {risk}."
        ).format(title=entry["title"], other=risky["title"], modality=modality, risk=risky["risk"])
    return _("Takes {title}, because no trained model is made for {modality}.").format(
        title=entry["title"], modality=modality
    )


def _choice(entry, verdict):
    title = entry["title"] or entry["name"]
    if entry["risk"]:
        title = f"{title} ({entry['risk']})"
    if not entry["available"]:
        return Choice(entry["name"], _notAvailable(title), entry["reason"], True)
    if isRefused(verdict):
        return Choice(entry["name"], title, warningText(verdict), True)
    return Choice(entry["name"], title, warningText(verdict) or purposeText(entry))


def _notAvailable(text):
    return _("{name} (not available)").format(name=text)
