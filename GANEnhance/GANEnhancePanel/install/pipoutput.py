"""Reads what pip wrote: whether it has begun to change files, and why it failed, in one sentence."""

import re

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError

# pip downloads and checks everything first; from this line on it changes the Python.
_BEGIN = "Installing collected packages:"
_CONNECTION = ("NewConnectionError", "ConnectTimeout", "ReadTimeout", "Read timed out", "ProxyError")
_CONNECTION += ("Connection aborted", "Connection refused", "SSLError", "not a trusted or secure host")
_CONNECTION += (
    "ConnectionResetError",
    "IncompleteRead",
    "NameResolutionError",
    "403 ",
    "407 ",
    "502 ",
    "503 ",
)
_DAMAGED = ("is invalid.", "THESE PACKAGES DO NOT MATCH THE HASHES", "BadZipFile", "has an invalid wheel")
_DENIED = ("Permission denied", "PermissionError", "Access is denied", "externally-managed-environment")
_DENIED += ("Read-only file system",)


def beginsToInstall(line):
    """Return whether pip says with this line that it begins to change files."""
    return line.startswith(_BEGIN)


def failureOf(text, title):
    """Return the GANEnhanceError that says why pip failed.

    :param text: all that pip wrote.
    :param title: what the package is called in the panel.
    """
    for look in (_noPip, _conflict, _noSpace, _denied, _damaged, _noConnection, _nothingFound):
        sentence = look(text, title)
        if sentence:
            return GANEnhanceError(sentence)
    return GANEnhanceError(
        _("{title} was not installed: {reason}.").format(title=title, reason=_lastError(text).rstrip("."))
    )


def _noPip(text, title):
    if "No module named pip" in text:
        return _("{title} was not installed: this Python has no pip.").format(title=title)
    return ""


def _conflict(text, title):
    """A package that is installed would have to be replaced."""
    # A user's own constraints may stand beside ours: torch<3,==2.4.0
    kept = dict(re.findall(r"The user requested \(constraint\) ([\w.-]+?)([=<>!~]\S*)", text))
    asked = re.findall(r"depends on ([\w.-]+)(?:\[[^]]*\])?\s*([^;\s][^;\n]*)?", text)
    if not kept:
        return ""
    names = [name.lower() for name in kept]
    wanted = [name + limits.strip() for name, limits in asked if name.lower() in names]
    there = [f"{name} {_pinned(limits)}".strip() for name, limits in kept.items()]
    return _(
        "{title} was not installed: it needs {wanted}, but {there} is installed here and is never replaced."
    ).format(title=title, wanted=_list(wanted) or _list(names), there=_list(there))


def _pinned(limits):
    """Return the version in a constraint like "<3,==2.4.0", or "" if there is none."""
    found = re.search(r"==([^,]+)", limits)
    return found[1] if found is not None else ""


def _noSpace(text, title):
    if "No space left on device" in text or "There is not enough space on the disk" in text:
        return _("{title} was not installed: the disk is full.").format(title=title)
    return ""


def _denied(text, title):
    if any(words in text for words in _DENIED):
        return _("{title} was not installed: you may not change the folder of this Python.").format(
            title=title
        )
    return ""


def _damaged(text, title):
    if any(words in text for words in _DAMAGED):
        return _("{title} was not installed: a file that was downloaded is damaged.").format(title=title)
    return ""


def _noConnection(text, title):
    if any(words in text for words in _CONNECTION):
        return _("{title} was not installed: the package index does not answer.").format(title=title)
    return ""


def _nothingFound(text, title):
    missing = re.search(r"satisfies the requirement ([^\s(]+).*\(from versions: (.*)\)", text)
    if missing is None:
        return ""
    if missing[2] == "none":
        return _(
            "{title} was not installed: no {name} was found; the package index cannot be reached,"
            " or has none for this Python."
        ).format(title=title, name=missing[1])
    return _("{title} was not installed: there is no {name}, only {versions}.").format(
        title=title, name=missing[1], versions=missing[2]
    )


def _lastError(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return (errors or lines or [_("pip said nothing")])[-1]


def _list(words):
    """Return words, each once, as one text."""
    return ", ".join(dict.fromkeys(words))
