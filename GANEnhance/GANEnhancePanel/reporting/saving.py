"""Saves a report in a file that the user names: HTML, CSV or JSON by its suffix."""

from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.report_files import write_report_steps
from GANEnhancePanel.stepper import Stepper

SUFFIX = ".html"


def askForFile():
    """Ask the user for a file; returns its path, with a suffix, or None."""
    kinds = [
        _("Page with pictures") + " (*.html)",
        _("Table of figures") + " (*.csv)",
        _("Everything but pictures") + " (*.json)",
    ]
    parent = slicer.util.mainWindow()
    name = qt.QFileDialog.getSaveFileName(parent, _("Save report"), "report" + SUFFIX, ";;".join(kinds))
    if not name:
        return None
    path = Path(str(name))
    return path if path.suffix else path.with_name(path.name + SUFFIX)


def save(measured, path, onEnd, onError):
    """Write a `Measured` to a file from the event loop; returns the Stepper that does it.

    `onEnd(path)` or `onError(error)` is called at the end.
    """
    steps = write_report_steps(measured.document, measured.pictures, path)
    return Stepper(steps, lambda fraction: None, lambda nothing: onEnd(path), onError)
