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
    """Append the parent of the module's folder to `sys.path` if the library can only be found there.

    :raises ModuleNotFoundError: the library is in neither place.
    """
    if importlib.util.find_spec(LIBRARY_NAME) is not None:
        return
    panelFolder = os.path.dirname(os.path.abspath(__file__))
    parent = os.path.dirname(os.path.dirname(panelFolder))
    if not os.path.isfile(os.path.join(parent, LIBRARY_NAME, "__init__.py")):
        raise ModuleNotFoundError(
            f"{LIBRARY_NAME} is neither installed nor in {parent}. Install the extension again.",
            name=LIBRARY_NAME,
        )
    sys.path.append(parent)
    importlib.invalidate_caches()


def libraryFolder():
    """Return the folder that has to be on Python's path for `import GANEnhanceLib` to work."""
    return os.path.dirname(os.path.dirname(importlib.import_module(LIBRARY_NAME).__file__))


def forgetLoadedCode(*packages):
    """Drop packages from `sys.modules`, so that a reload of the module also reads their files again."""
    for name in list(sys.modules):
        if name.partition(".")[0] in packages:
            del sys.modules[name]
