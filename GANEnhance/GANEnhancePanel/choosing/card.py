"""The card of a model in plain words: a short one that is always seen, and the rest of it."""

import re

from slicer.i18n import tr as _

from GANEnhancePanel.state import durationText

# Less than two lines of a panel that is 300 pixels wide.
SHORT = 72


def cardText(entry, verdict, device):
    """Return the short card of a model (row of `models`).

    :param verdict: the row of `check` for the model and the input volume, or None while it is not known.
    :param device: label of the device that networks run on, "" if it is not known.
    """
    if not entry["available"]:
        return breakable(entry["reason"])
    card = "\n".join(line for line in _lines(entry, verdict, device) if line)
    return breakable("\n\n".join(part for part in (warningText(verdict), card) if part))


def _lines(entry, verdict, device):
    yield shorten(entry["description"], 2 * SHORT)
    yield purposeText(entry)
    # Never shortened: what a model does badly is to be known before it is chosen.
    yield _labeled(_("Limits: {text}"), _withoutNotice(entry["limits"]))
    if entry["kind"] == "network":
        yield _labeled(_("Trained on: {text}"), shorten(_withoutBrackets(entry["data"])))
    yield _labeled(_("Measured: {text}"), entry["quality"])
    yield costText(entry, verdict, device)
    licence = _labeled(_("License: {text}."), entry["licence"])
    yield " ".join(part for part in (licence, noticeText(entry)) if part)


def warningText(verdict):
    """Return why a model does not suit the volume, or only nearly; "" if it does or nobody knows.

    Why a grid cannot be given is said where the grid is chosen.
    """
    if verdict is None or verdict["level"] == "ok" or isOnlyGrid(verdict):
        return ""
    reason = " ".join(part for part in (verdict["sentence"], verdict["hint"]) if part)
    if verdict["level"] == "refuse":
        return _("Not for this volume: {reason}").format(reason=reason)
    return _("With care: {reason}").format(reason=reason)


def isOnlyGrid(verdict):
    """Return whether a row of `check` refuses the grid that is asked for, not the volume."""
    return verdict["level"] == "refuse" and any(
        finding["check"] == "finer" and finding["level"] == "refuse" for finding in verdict["findings"]
    )


def purposeText(entry):
    """Return what a model is for in one line: task, modality, anatomy."""
    modality = ", ".join(modalityLabel(name) for name in entry["modality"]) or _("any modality")
    anatomy = entry["anatomy"].partition(";")[0]
    anatomy = _("any anatomy") if anatomy == "any" else anatomy
    return _("For: {text}").format(
        text="; ".join(part for part in (entry["task"], modality, anatomy) if part)
    )


def modalityLabel(name):
    """Return a modality as people say it."""
    return _("Ultrasound") if name == "US" else name


def costText(entry, verdict, device):
    """Return what a run over the volume will take, as far as it is known."""
    if verdict is None or verdict["level"] == "refuse" or verdict["seconds"] is None:
        return ""
    where = device if entry["kind"] == "network" and device else _("this computer")
    if entry["formats"] == ["torchscript"] and device.startswith("OpenVINO"):
        where = _("PyTorch on the CPU")  # OpenVINO does not run it, so the next device does
    time = durationText(verdict["seconds"])
    if verdict["memory_mib"] is None:
        return _("This volume: about {time} on {device}.").format(time=time, device=where)
    return _("This volume: about {time} and {size} of memory on {device}.").format(
        time=time, size=sizeText(verdict["memory_mib"] * 2**20), device=where
    )


def noticeText(entry):
    """Return what must never be forgotten about a result of the model."""
    risk = _labeled(_("Risk: {text}."), entry["risk"].rstrip("."))
    return " ".join(part for part in (_("Not for diagnosis."), risk) if part)


def detailsText(entry):
    """Return the whole card below the short one, for those who want to know."""
    flops = entry["flops_per_voxel"]
    network = [
        _labeled(_("Architecture: {text}"), entry["architecture"]),
        "" if flops is None else _("Cost: {count} kFLOP per voxel").format(count=f"{flops / 1000:.3g}"),
        ""
        if entry["receptive_field"] is None
        else _("Receptive field: {count} voxels around each").format(count=entry["receptive_field"]),
        ""
        if entry["residual_bound"] is None
        else _("Largest change of a voxel: {count} of the scaled range").format(
            count=f"{entry['residual_bound']:g}"
        ),
        _labeled(_("Size: {text}"), sizeText(entry["size_bytes"]) if entry["size_bytes"] else ""),
    ]
    facts = [
        _labeled(_("Version: {text}"), entry["version"]),
        _labeled(_("Hash: {text}"), _grouped(entry["sha256"])),
        *network,
    ]
    parts = [
        entry["description"],
        _labeled(_("Anatomy: {text}"), entry["anatomy"]),
        _labeled(_("Trained on: {text}"), entry["data"]),
        "\n".join(fact for fact in facts if fact),
    ]
    return breakable("\n\n".join(part for part in parts if part))


def sizeText(size):
    """Return a number of bytes in plain words."""
    mebibytes = size / 2**20
    if mebibytes >= 1024:
        return _("{count} GB").format(count=f"{mebibytes / 1024:.1f}")
    if mebibytes < 1:
        return _("{count} kB").format(count=round(size / 1024))
    return _("{count} MB").format(count=f"{mebibytes:.1f}" if mebibytes < 10 else round(mebibytes))


def shorten(text, limit=SHORT):
    """Return the first sentence of a text, or as many words as there is room for."""
    first = re.split(r"(?<=[.;])\s", text.strip(), maxsplit=1)[0].rstrip(";")
    if len(first) <= limit:
        return first
    return first[:limit].rsplit(" ", 1)[0].rstrip(",;:") + "\u2026"


def breakable(text):
    """Let long paths be wrapped: an invisible space after each separator."""
    return re.sub(r"([/\\])(?=\S)", "\\1\u200b", text)


def _labeled(form, text):
    return form.format(text=text) if text else ""


def _withoutNotice(limits):
    # It is said in a place of its own.
    return re.sub(r"^Not for diagnosis\.\s*", "", limits)


def _withoutBrackets(text):
    return re.sub(r"\s*\([^()]*(\([^()]*\)[^()]*)*\)", "", text)


def _grouped(digest):
    return " ".join(digest[first : first + 8] for first in range(0, len(digest), 8))
