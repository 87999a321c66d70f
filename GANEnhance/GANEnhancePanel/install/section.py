"""The top of the panel: which device runs, what to do where none can, another Python, and a sample to try."""

import qt
import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhancePanel import samples
from GANEnhancePanel.choosing.card import breakable
from GANEnhancePanel.install.deviceline import AUTO, deviceLine
from GANEnhancePanel.install.packages import OPENVINO, TORCH
from GANEnhancePanel.install.preparation import Preparation
from GANEnhancePanel.interpreter import chosenInterpreter
from GANEnhancePanel.section import Section


class InstallSection(Section):
    """Shows what `Preparation` is doing, and hands it what the user wants."""

    uiFile = "GANEnhanceInstall.ui"
    place = "installPlace"

    def __init__(self, panel):
        """Begin with nothing under way."""
        Section.__init__(self, panel)
        self.work = Preparation(panel, self.update, self._addToLog)
        self._workerError = None
        self._sampleMenu, self._sampleActions = None, []

    def setup(self):
        """Connect the buttons and fill the menu of samples."""
        ui = self.ui
        ui.setupButton.connect("toggled(bool)", self._onSetupToggled)
        ui.installOpenVinoButton.connect("clicked(bool)", self.onInstallOpenVino)
        ui.installTorchButton.connect("clicked(bool)", self.onInstallTorch)
        ui.usePythonButton.connect("clicked(bool)", self.onUsePython)
        ui.ownPythonButton.connect("clicked(bool)", self.onOwnPython)
        ui.cancelInstallButton.connect("clicked(bool)", self.onCancel)
        ui.copyInstallLogButton.connect("clicked(bool)", self.onCopyLog)
        ui.copyInstallCommandButton.connect("clicked(bool)", self.onCopyCommand)
        ui.loadSampleButton.connect("clicked(bool)", self.onLoadSample)
        ui.loadSampleButton.connect("customContextMenuRequested(QPoint)", self.onSampleMenu)
        self._fillSampleMenu()
        self.update()

    def _fillSampleMenu(self):
        """The button loads the first sample; its menu, also by the menu key, has all of them."""
        button = self.ui.loadSampleButton
        self._sampleMenu = qt.QMenu(button)
        for name, label in samples.sampleLabels():
            action = qt.QAction(label, self._sampleMenu)
            self._sampleActions.append(action)
            self._sampleMenu.addAction(action)
            action.connect("triggered(bool)", lambda checked=False, name=name: self.loadSample(name))
        button.setMenu(self._sampleMenu)

    def cleanup(self):
        """End what is under way."""
        self.work.stop()

    # The worker

    def enter(self):
        """Hear how the worker's start ends."""
        self.panel.client.whenReady(self.onHello, self._onWorkerError)

    def onHello(self):
        """The worker says what it has."""
        self._workerError = None
        self.update()

    def _onWorkerError(self, error):
        self._workerError = error
        self.update()

    # What is shown

    def update(self):
        """Show the device, what is missing, and what is under way."""
        ui, work = self.ui, self.work
        work.takeUp()
        line, warning = self._lineAndWarning()
        ui.deviceLineLabel.text = line
        ui.deviceWarningLabel.text = breakable(_("Warning: {text}").format(text=warning)) if warning else ""
        ui.deviceWarningLabel.visible = bool(warning)
        ui.setupButton.text = self._setupText()
        ui.setupBox.visible = ui.setupButton.checked
        self._updateChoices()
        ui.installStatusLabel.text = breakable(work.message)
        ui.installStatusLabel.visible = bool(work.message)
        ui.installProgressBar.visible = work.isBusy
        ui.cancelInstallButton.visible = work.isBusy
        ui.cancelInstallButton.enabled = work.canCancel
        hasLog = (work.isInstalling or (work.isFailed and work.hasLog)) and ui.installLogTextEdit.plainText
        ui.installLogTextEdit.visible = bool(hasLog)
        ui.copyInstallLogButton.visible = bool(hasLog)
        ui.copyInstallCommandButton.visible = work.isFailed and bool(work.command)

    def _lineAndWarning(self):
        hello = self.panel.client.hello
        if hello is None and self._workerError is not None:
            return _("The worker cannot start, so nothing can be enhanced."), self._workerAdvice()
        if hello is None:
            return _("Looking for devices..."), ""
        if not hello["network_ready"]:
            missing = _("Trained models need OpenVINO or PyTorch, which are missing; filters work without.")
            return missing, hello["device_choice"]["warning"]
        line = deviceLine(hello, self.panel.setting("Device", AUTO))
        return line.text, line.warning

    def _workerAdvice(self):
        if chosenInterpreter().isOwn:
            return str(self._workerError)
        advice = _("Press Repair to go back to Slicer's own Python, or to choose another one.")
        return f"{self._workerError.sentence} {advice}"

    def _setupText(self):
        hello = self.panel.client.hello
        if hello is None:
            return _("Repair...") if self._workerError is not None else _("Set up...")
        return _("Set up...") if hello["network_ready"] else _("Install...")

    def _updateChoices(self):
        ui, interpreter = self.ui, chosenInterpreter()
        isFree = not self.work.isBusy and not self.panel.isRunning()
        hello = self.panel.client.hello
        has = hello["backends"] if hello is not None else {}
        canInstall = isFree and hello is not None
        ui.installOpenVinoButton.enabled = canInstall and not has.get("openvino")
        ui.openVinoNoteLabel.text = (
            _("Version {version} is installed.").format(version=has["openvino"])
            if has.get("openvino")
            else _("For the CPU: about 60 MB to download, 200 MB on disk.")
        )
        ui.installTorchButton.enabled = canInstall and not has.get("torch") and interpreter.isOwn
        ui.torchNoteLabel.text = self._torchNote(hello, interpreter)
        python = hello["versions"]["python"] if hello is not None else ""
        where = _("Slicer's own Python") if interpreter.isOwn else interpreter.path
        inUse = _("In use: {where} {version}").format(where=where, version=python).strip()
        ui.pythonInUseLabel.text = breakable(inUse)
        ui.usePythonButton.enabled = isFree
        ui.pythonPathLineEdit.enabled = isFree
        ui.ownPythonButton.visible = not interpreter.isOwn
        ui.ownPythonButton.enabled = isFree

    @staticmethod
    def _torchNote(hello, interpreter):
        version = hello["backends"]["torch"] if hello is not None else None
        if version and hello["device_choice"]["warning"] and interpreter.isOwn:
            # Never replaced by us: that would change it for all other modules.
            return _("Version {version} is installed. The module PyTorch Utils can change it.").format(
                version=version
            )
        if version:
            return _("Version {version} is installed.").format(version=version)
        if not interpreter.isOwn:
            return _("For Slicer's own Python only; in another one, install it with that one's pip.")
        return _("For a GPU: up to 3 GB to download, by the extension PyTorch.")

    def _addToLog(self, line):
        self.ui.installLogTextEdit.appendPlainText(line)

    def _onSetupToggled(self, checked):
        self.ui.setupBox.visible = checked

    # What the user does

    def onInstallOpenVino(self, checked=False):
        """Ask, then install OpenVINO."""
        self._install(OPENVINO)

    def onInstallTorch(self, checked=False):
        """Ask, then let the PyTorch extension install PyTorch."""
        self._install(TORCH)

    def _install(self, package):
        self.ui.installLogTextEdit.clear()
        self.work.install(package, chosenInterpreter(), self._onInstalled)

    def _onInstalled(self):
        self.ui.setupButton.checked = False
        self.enter()

    def onUsePython(self, checked=False):
        """Try the Python whose path is there; use it if it has what is needed."""
        self.work.usePython(self.ui.pythonPathLineEdit.currentPath, self._onInstalled)

    def onOwnPython(self, checked=False):
        """Go back to the application's own Python."""
        self.work.useOwnPython(self._onInstalled)

    def onCancel(self, checked=False):
        """Give up what is under way."""
        self.work.cancel()

    def onCopyLog(self, checked=False):
        """Put what pip wrote on the clipboard."""
        slicer.app.clipboard().setText(self.ui.installLogTextEdit.plainText)
        self.panel.status(_("The log is on the clipboard."))

    def onCopyCommand(self, checked=False):
        """Put the command that installs by hand on the clipboard."""
        slicer.app.clipboard().setText(self.work.command)
        self.panel.status(_("The command is on the clipboard: paste it into a terminal."))

    def onSampleMenu(self, position):
        """Open the menu of samples for who pressed the menu key."""
        button = self.ui.loadSampleButton
        self._sampleMenu.popup(button.mapToGlobal(qt.QPoint(0, button.height)))

    def onLoadSample(self, checked=False):
        """Load the first sample."""
        self.loadSample(samples.sampleLabels()[0][0])

    def loadSample(self, name):
        """Load a sample, show it, and choose it as the input."""
        try:
            node = samples.loadSample(name)
        except GANEnhanceError as error:
            self.panel.error(error)
            return
        self.panel.parameterNode.inputVolume = node
        self.panel.status(_("{name} is loaded: press Enhance.").format(name=node.GetName()))
