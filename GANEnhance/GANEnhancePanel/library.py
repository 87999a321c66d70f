"""Finds GANEnhanceLib, installed beside the module or, in the source tree, one folder higher.

Only the folder of a module is put on Python's path by Slicer. In the installed and in the built extension
GANEnhanceLib lies in that same folder; in a clone it is a sister of the module's folder. The worker process
needs the same folder on its own path.
"""

import importlib
import importlib.util
import os
import sys

LIBRARY_NAME = "GANEnhanceLib"


def makeLibraryImportable():
    """See to it that `import GANEnhanceLib` finds the copy that came with this module, wherever that lies.

    Another version of the library may be installed in the application's Python; the module and its worker
    must not be mixed with it.

    :raises ModuleNotFoundError: there is no copy, neither with the module nor installed.
    """
    moduleFolder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    places = (moduleFolder, os.path.dirname(moduleFolder))
    own = [place for place in places if os.path.isfile(os.path.join(place, LIBRARY_NAME, "__init__.py"))]
    found = importlib.util.find_spec(LIBRARY_NAME)
    if own and (found is None or not _isIn(found.origin, own[0])):
        sys.path.insert(0, own[0])
        importlib.invalidate_caches()
    elif found is None:
        raise ModuleNotFoundError(
            f"{LIBRARY_NAME} is neither in {' nor in '.join(places)}. Install the extension again.",
            name=LIBRARY_NAME,
        )


def _isIn(path, folder):
    return os.path.realpath(path or "").startswith(os.path.realpath(folder) + os.sep)


def libraryFolder():
    """Return the folder that has to be on Python's path for `import GANEnhanceLib` to work."""
    return os.path.dirname(os.path.dirname(importlib.import_module(LIBRARY_NAME).__file__))


def forgetLoadedCode(*packages):
    """Drop packages from `sys.modules`, so that a reload of the module also reads their files again."""
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]
