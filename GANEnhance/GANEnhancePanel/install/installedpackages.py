"""Prints, as one line of JSON, what is installed in the Python that runs this file.

It is started by its path in any Python, so it imports nothing but the standard library and keeps to old
syntax. "packages" are the distributions that pip knows, {normalized name: version}; "unlisted" are modules
that can be imported although pip does not know them: pip would lay another copy over them.
"""

import json
import platform
import re
import sys
from importlib import metadata, util

# Module: the name that pip knows it by. Applications ship some of these without telling pip.
GUARDED = {
    "numpy": "numpy",
    "SimpleITK": "simpleitk",
    "torch": "torch",
    "torchvision": "torchvision",
    "scipy": "scipy",
    "vtk": "vtk",
    "vtkmodules": "vtk",
    "itk": "itk",
    "pydicom": "pydicom",
    "requests": "requests",
    "packaging": "packaging",
}


def parse(text):
    """Return the dict that a run of this file wrote; ValueError if `text` does not have it."""
    found = json.loads(text.strip().rpartition("\n")[2])
    if not isinstance(found, dict) or "packages" not in found:
        raise ValueError("no list of packages")
    return found


def main():
    """Print what is there."""
    packages = {}
    for distribution in metadata.distributions():
        name, version = distribution.metadata["Name"], distribution.version
        if name and version:
            # The first on the path is the one that is imported.
            packages.setdefault(re.sub(r"[-_.]+", "-", name).lower(), version)
    unlisted = {name for module, name in GUARDED.items() if name not in packages and util.find_spec(module)}
    found = {
        "packages": packages,
        "unlisted": sorted(unlisted),
        "python": platform.python_version(),
        "platform": platform.system() + " " + platform.machine(),
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
