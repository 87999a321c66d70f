"""The constraint file that keeps pip from replacing anything that is installed.

Every package that pip knows is pinned to the version that is there. A package that pip does not know, but
that can be imported, gets a constraint that nothing meets, because pip would lay another copy over it. Only
the package that is asked for, and what belongs to it, is free.
"""

import re

# A version that pip can read (PEP 440); some old packages have others.
VERSION = re.compile(
    r"v?(\d+!)?\d+(\.\d+)*([-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?\d*)?"
    r"(-\d+|[-_.]?(post|rev|r)[-_.]?\d*)?([-_.]?dev[-_.]?\d*)?(\+[a-z0-9]+([-_.][a-z0-9]+)*)?",
    re.IGNORECASE,
)


def pinLines(installed, wanted):
    """Return the lines of a constraint file.

    :param installed: what `installedpackages` printed.
    :param wanted: normalized name of the package that is asked for.
    """
    lines = []
    for name, version in sorted(installed["packages"].items()):
        if name != wanted and not name.startswith(wanted + "-"):
            lines.append(f"{name}=={version}" if VERSION.fullmatch(version) else f"{name}<0")
    lines += [f"{name}<0" for name in installed["unlisted"] if name != wanted]
    return lines


def changedPackages(before, after, wanted):
    """Return [(name, version before, version after or "")] of packages that are not what they were."""
    return [
        (name, version, after["packages"].get(name, ""))
        for name, version in sorted(before["packages"].items())
        if name != wanted and not name.startswith(wanted + "-") and after["packages"].get(name, "") != version
    ]


def newPackages(before, after):
    """Return the sorted names of packages that were not there before."""
    return sorted(set(after["packages"]) - set(before["packages"]))
