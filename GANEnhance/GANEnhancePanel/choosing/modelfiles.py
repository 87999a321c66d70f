"""The user's own models: adds, replaces and removes them by the worker, and shows where they are.

The worker verifies and copies; here people are asked and told. One model is added at a time, while the panel
stays usable.
"""

import os
from pathlib import Path

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import ExistsError
from GANEnhanceLib.protocol import Cancelled
from GANEnhancePanel.choosing.card import breakable, sizeText

_SINGLE_FILES = (".onnx", ".ts", ".safetensors")
_FOLDER_SETTING = "ModelFolder"


class ModelFiles:
    """Does what the menu of models offers; `onAdded(name)` and `onRemoved(name)` tell that it is done."""

    def __init__(self, panel, onAdded, onRemoved):
        """Add nothing yet."""
        self._panel, self._onAdded, self._onRemoved = panel, onAdded, onRemoved
        self._request = None
        self._isWaiting = self._isClosed = False

    @property
    def isAdding(self):
        """Whether a model is being added."""
        return self._isWaiting or self._request is not None

    # What the user asks for

    def addFile(self):
        """Ask for a zip or a single file, and for its card if none is beside it; add it."""
        path = qt.QFileDialog.getOpenFileName(
            slicer.util.mainWindow(),
            _("Add a model"),
            "",
            _("Models (*.zip *.onnx *.ts *.safetensors);;All files (*)"),
        )
        if not path:
            return
        card = None
        if Path(path).suffix.lower() in _SINGLE_FILES and not Path(path).with_suffix(".json").is_file():
            card = qt.QFileDialog.getOpenFileName(
                slicer.util.mainWindow(),
                _("The card of {name}").format(name=Path(path).name),
                os.path.dirname(path),
                _("Cards (*.json)"),
            )
            if not card:
                return
        self.add(path, card)

    def addFolder(self):
        """Ask for a bundle's folder and add it."""
        path = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Add a model's folder"))
        if path:
            self.add(path)

    def add(self, path, card=None, replace=False):
        """Have the worker verify and copy a model; returns at once."""
        self._isWaiting = True
        self._tell(_("Adding {name}...").format(name=os.path.basename(path)))
        self._showProgress(0.0)
        self._panel.updateSections()
        params = {"path": path, "card": card, "replace": replace, "folders": self._panel.modelFolders()}
        self._panel.client.whenReady(lambda: self._send(params), self._onFailed)

    def _send(self, params):
        if not self._isWaiting:
            return  # given up before the worker was there
        self._isWaiting = False
        self._request = self._panel.client.request(
            "add_model",
            params,
            self._onAddedByWorker,
            lambda error: self._onRefused(error, params),
            self._onProgress,
        )

    def cancel(self):
        """Give up adding; True if something was under way."""
        if not self.isAdding:
            return False
        request, self._request, self._isWaiting = self._request, None, False
        if request is not None:
            self._panel.client.cancel(request)
        self._hideProgress()
        return True

    def close(self):
        """The panel goes for good."""
        self._isClosed = True
        self.cancel()

    def cancelByUser(self):
        """Give up adding, and say so."""
        if self.cancel():
            self._tell(_("Canceled. No model was added."))

    def remove(self, entry):
        """Ask, then remove a model of the user (row of `models`)."""
        question = _('Remove the model "{name}" from this computer? {size} will be free.').format(
            name=entry["title"] or entry["name"], size=sizeText(entry["size_bytes"])
        )
        if not slicer.util.confirmOkCancelDisplay(question, windowTitle=_("Remove model")):
            return
        params = {"name": entry["name"], "folders": self._panel.modelFolders()}
        self._panel.client.whenReady(lambda: self._sendRemove(params), self._onFailed)

    def _sendRemove(self, params):
        self._panel.client.request(
            "remove_model", params, lambda message: self._onGone(params["name"], message), self._onFailed
        )

    def openFolder(self):
        """Show the folder of the user's models in the file manager; it is made if need be."""
        from GANEnhanceLib.models.folders import user_folders

        folder = user_folders(self._panel.modelFolders())[0]
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            self._tell(
                _("The folder {folder} cannot be made ({reason}).").format(
                    folder=folder, reason=error.strerror
                )
            )
            return
        qt.QDesktopServices.openUrl(qt.QUrl.fromLocalFile(str(folder)))

    def chooseFolder(self):
        """Ask where the user's models are to be; the setting of this computer."""
        path = qt.QFileDialog.getExistingDirectory(slicer.util.mainWindow(), _("Folder of your models"))
        if not path:
            return
        self._panel.setSetting(_FOLDER_SETTING, path)
        self._tell(_("Your models are now in {folder}.").format(folder=path))
        # The worker looks where it was told to look when it was started.
        self._panel.restartWorker()

    # What the worker answers

    def _onProgress(self, message):
        self._showProgress(message["fraction"])
        if message["stage"] == "verifying":
            self._tell(_("Checking the model..."))

    def _onAddedByWorker(self, message):
        self._request = None
        self._hideProgress()
        self._tell(
            _('Added "{name}" ({size}).').format(name=message["title"], size=sizeText(message["size_bytes"]))
        )
        self._panel.log(_("Added the model {name}.").format(name=message["name"]))
        self._onAdded(message["name"])
        self._panel.askForModels()

    def _onRefused(self, error, params):
        self._request = None
        self._hideProgress()
        if isinstance(error, Cancelled):
            return
        if isinstance(error, ExistsError):
            # Later: while a slot of the worker's process waits for a person, no answer of it is read.
            qt.QTimer.singleShot(0, lambda: self._askToReplace(error, params))
            return
        self._onFailed(error)

    def _askToReplace(self, error, params):
        if self._isClosed or self.isAdding:
            return
        question = _("{text} Replace it?").format(text=error.sentence)
        if slicer.util.confirmOkCancelDisplay(question, windowTitle=_("Replace model")):
            self.add(params["path"], params["card"], replace=True)
        else:
            self._tell(_("No model was added."))

    def _onFailed(self, error):
        self._request, self._isWaiting = None, False
        self._hideProgress()
        text = _("Error: {text}").format(text=error)
        self._tell(text)
        self._panel.log(text)

    def _onGone(self, name, message):
        self._tell(
            _("Removed {name}; {size} are free.").format(name=name, size=sizeText(message["size_bytes"]))
        )
        self._panel.log(_("Removed the model {name}.").format(name=name))
        self._onRemoved(name)
        self._panel.askForModels()

    # Words and progress

    def clearMessage(self):
        """What was said has been read."""
        if not self.isAdding:
            self._tell("")

    def _tell(self, text):
        label = self._panel.ui.modelMessageLabel
        label.text = breakable(text)
        label.visible = bool(text)

    def _showProgress(self, fraction):
        self._panel.ui.modelWorkBox.visible = True
        self._panel.ui.modelProgressBar.value = int(100 * fraction)

    def _hideProgress(self):
        self._panel.ui.modelWorkBox.visible = False
        self._panel.updateSections()
