"""Begins, when the application is up, what belongs to every session and not to the panel."""

import logging
import os

import slicer

from GANEnhancePanel.comparing import sidebyside
from GANEnhancePanel.provenance import annotation

PLUGIN_FILE = "GANEnhanceSubjectHierarchyPlugin.py"


def startup():
    """Mark slice views, know our layouts before a scene is loaded, and add entries to the menu of volumes."""
    sidebyside.registerLayouts()
    annotation.start()
    registerPlugin()


def registerPlugin():
    """Add our entries to the menu of the subject hierarchy; returns whether this application can do that."""
    make = getattr(slicer, "qSlicerSubjectHierarchyScriptedPlugin", None)
    if make is None:
        return False
    try:
        import SubjectHierarchyPlugins  # noqa: F401 (makes the base class of plugins known)
    except ImportError:
        logging.debug("GANEnhance: no scripted plugins of the subject hierarchy here.")
        return False
    plugin = make(None)
    return bool(plugin.setPythonSource(os.path.join(os.path.dirname(__file__), PLUGIN_FILE)))
