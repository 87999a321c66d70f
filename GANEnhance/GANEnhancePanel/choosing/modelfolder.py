"""The setting of where the user's models are, and how the worker hears of it."""

import os

import slicer

SETTING = "GANEnhance/ModelFolder"


def modelFolderVariables(environment):
    """Return the variables to add to a worker's `environment` (a mapping), so that it finds the models."""
    folder = str(slicer.util.settingsValue(SETTING, "") or "")
    if not folder:
        return {}
    from GANEnhanceLib.models.folders import FOLDERS_VARIABLE

    return {FOLDERS_VARIABLE: os.pathsep.join(filter(None, (folder, environment.get(FOLDERS_VARIABLE))))}
