"""Reads what pip wrote: whether it has begun to change files, and why it failed, in one sentence."""

import re

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError

# pip downloads and checks everything first; from this line on it changes the Python.
_BEGIN = "Installing collected packages:"
_CONNECTION = ("NewConnectionError", "ConnectTimeout", "ReadTimeout", "Read timed out", "ProxyError")
_CONNECTION += ("Connection aborted", "Connection refused", "SSLError", "not a trusted or secure host")
_CONNECTION += ("ConnectionResetError", "IncompleteRead", "NameResolutionError", "HTTP error")
_CONNECTION += ("Client Error", "Server Error")
_DAMAGED = ("is invalid.", "THESE PACKAGES DO NOT MATCH THE HASHES", "BadZipFile", "has an invalid wheel")
_DENIED = ("Permission denied", "PermissionError", "Access is denied", "externally-managed-environment")
_DENIED += ("Read-only file system",)


def beginsToInstall(line):
    """Return whether pip says with this line that it begins to change files."""
    return line.startswith(_BEGIN)


def failureOf(text, title):
    """Return the GANEnhanceError that says why pip failed, and what to do about it.

    :param text: all that pip wrote.
    :param title: what the package is called in the panel.
    """
    for reasonOf in (_noPip, _conflict, _noSpace, _denied, _damaged, _noConnection, _nothingFound):
        found = reasonOf(text)
        if found is not None:
            reason, hint = found
            break
    else:
        reason, hint = _lastError(text).rstrip("."), ""
    return GANEnhanceError(_("{title} was not installed: {reason}.").format(title=title, reason=reason), hint)


# Each returns (reason, hint), or None if it was not that.


def _noPip(text):
    if "No module named pip" not in text:
        return None
    return _("this Python has no pip"), _("Use another Python.")


def _conflict(text):
    """A package that is installed would have to be replaced."""
    # A user's own constraints may stand beside ours: torch<3,==2.4.0
    kept = dict(re.findall(r"The user requested \(constraint\) ([\w.-]+?)([=<>!~]\S*)", text))
    asked = re.findall(r"depends on ([\w.-]+)(?:\[[^]]*\])?\s*([^;\s][^;\n]*)?", text)
    if not kept:
        return None
    names = [name.lower() for name in kept]
    wanted = [name + limits.strip() for name, limits in asked if name.lower() in names]
    there = [f"{name} {_pinned(limits)}".strip() for name, limits in kept.items()]
    reason = _("it needs {wanted}, but {there} is installed here and is never replaced").format(
        wanted=_list(wanted) or _list(names), there=_list(there)
    )
    return reason, _("Use another Python that has it.")


def _noSpace(text):
    if "No space left on device" not in text and "There is not enough space on the disk" not in text:
        return None
    return _("the disk is full"), _("Free some space and try again.")


def _denied(text):
    if not any(words in text for words in _DENIED):
        return None
    return _("you may not change this Python's folder"), _("Use another Python.")


def _damaged(text):
    if not any(words in text for words in _DAMAGED):
        return None
    return _("a file that was downloaded is damaged"), _("Try again.")


def _noConnection(text):
    if not any(words in text for words in _CONNECTION):
        return None
    return _("the package index does not answer"), _("Check the network connection and try again.")


def _nothingFound(text):
    missing = re.search(r"satisfies the requirement ([^\s(]+).*\(from versions: (.*)\)", text)
    if missing is None:
        return None
    hint = _("Check the network connection, or use another Python.")
    if missing[2] == "none":
        return _("no {name} was found").format(name=missing[1]), hint
    return _("there is no {name}, only {versions}").format(name=missing[1], versions=missing[2]), hint


def _pinned(limits):
    """Return the version in a constraint like "<3,==2.4.0", or "" if there is none."""
    found = re.search(r"==([^,]+)", limits)
    return found[1] if found is not None else ""


def _lastError(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or [_("pip said nothing")])[-1]


def _list(words):
    """Return words, each once, as one text."""
    return ", ".join(dict.fromkeys(words))
