"""Answers of a test to the dialogs that would wait for a person.

    harness.answers.files.append("/tmp/model.zip")     # the next file dialog; "" gives up
    harness.answers.questions.append(False)            # the next question: True is Ok or Yes or Retry
    harness.answers.asked                              # what was asked so far: Asked(kind, text)
    harness.answers.opened                             # addresses that went to the desktop (openUrl)

A file dialog without an answer raises: nobody would ever press its buttons. A question of slicer.util without
an answer is answered as Slicer's testing mode does it (which is Cancel or No in present versions, because it
compares True with a button); a message box of Qt itself raises.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from PySide6 import QtCore, QtGui, QtWidgets

_YES = ("Ok", "Yes", "Retry")
_NO = ("Cancel", "No", "Close")


class Asked(NamedTuple):
    """A dialog that the program opened."""

    kind: str  # name of the function of Qt or slicer.util
    text: str


@dataclass
class Answers:
    """What the next dialogs get, in order, and what was asked."""

    files: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    opened: list = field(default_factory=list)

    def clear(self):
        """Forget all of it."""
        for part in (self.files, self.questions, self.asked, self.opened):
            part.clear()


answers = Answers()


def fileAnswer(kind, title):
    """What the test answers to a file dialog; AssertionError if it has no answer."""
    answers.asked.append(Asked(kind, title))
    if not answers.files:
        raise AssertionError(f"a file dialog opens ({kind}: {title!r}) and harness.answers.files is empty")
    return answers.files.pop(0)


def button(buttons, agrees):
    """The one of the offered buttons that agrees, or does not."""
    known = QtWidgets.QMessageBox.StandardButton
    for name in _YES if agrees else _NO:
        if known(buttons) & known[name]:
            return known[name]
    return known.Ok


def _fileFunction(kind):
    def ask(parent=None, caption="", *others, **more):
        path = fileAnswer(kind, caption)
        return tuple(path) if kind == "getOpenFileNames" else path

    return staticmethod(ask)


def _boxFunction(kind):
    def ask(parent, title, text, buttons=QtWidgets.QMessageBox.StandardButton.Ok, *others):
        answers.asked.append(Asked(kind, text))
        if not answers.questions:
            raise AssertionError(f"a message box opens ({text!r}) and harness.answers.questions is empty")
        return button(buttons, answers.questions.pop(0))

    return staticmethod(ask)


def _execute(self, *arguments):
    kind, text = self.className(), str(getattr(self, "text", "") or self.windowTitle)
    answers.asked.append(Asked(kind, text))
    if not answers.questions:
        raise AssertionError(f"a {kind} opens ({text!r}) and harness.answers.questions is empty")
    agrees = answers.questions.pop(0)
    if isinstance(self, QtWidgets.QMessageBox):
        return button(self.standardButtons, agrees)
    return int(agrees)


def _openUrl(url):
    answers.opened.append(QtCore.QUrl(url).toString())
    return True


def install(qt):
    """Put the answers in place of the dialogs of the module `qt`."""
    for kind in ("getOpenFileName", "getOpenFileNames", "getSaveFileName", "getExistingDirectory"):
        setattr(qt.QFileDialog, kind, _fileFunction(kind))
    for kind in ("question", "information", "warning", "critical"):
        setattr(qt.QMessageBox, kind, _boxFunction(kind))
    for dialog in (qt.QDialog, qt.QMessageBox, qt.QFileDialog, qt.QInputDialog):
        dialog.exec = dialog.exec_ = _execute
    qt.QDesktopServices = type(
        "QDesktopServices", (QtGui.QDesktopServices,), {"openUrl": staticmethod(_openUrl)}
    )


def answerQuestions(util):
    """Let slicer.util's questions take the test's answer, if there is one."""
    original = util._messageDisplay

    def display(logLevel, text, testingReturnValue, *others, standardButtons=None, **more):
        result = original(
            logLevel, text, testingReturnValue, *others, standardButtons=standardButtons, **more
        )
        isQuestion = isinstance(testingReturnValue, bool)
        answers.asked.append(Asked("confirm" if isQuestion else "display", text))
        if isQuestion and answers.questions:
            return button(standardButtons, answers.questions.pop(0))
        return result

    util._messageDisplay = display
