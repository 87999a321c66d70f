"""The choice of the model: combo box, search, card, favorite, and the user's own models."""

import qt
from slicer.i18n import tr as _

from GANEnhancePanel.choices import AUTO, entryNamed
from GANEnhancePanel.choosing.card import cardText, detailsText
from GANEnhancePanel.choosing.modelcombobox import fillModels
from GANEnhancePanel.choosing.modelfiles import ModelFiles
from GANEnhancePanel.choosing.modelnames import automaticEntry, automaticText, choices
from GANEnhancePanel.choosing.modelsearch import ModelSearch
from GANEnhancePanel.choosing.suitability import Suitability
from GANEnhancePanel.section import Section

# Of the scene's parameter node: this scene has begun with the favorite or last model, and is not to again.
STARTED_ATTRIBUTE = "GANEnhance.ModelStarted"


class ChoosingSection(Section):
    """Shows and keeps the chosen model: the truth is `model` of the parameter node."""

    uiFile = "GANEnhanceChoosing.ui"
    place = "choosingPlace"

    def __init__(self, panel):
        """Know nothing of models yet."""
        Section.__init__(self, panel)
        self._suitability = Suitability(panel, panel.updateSections)
        self._files = ModelFiles(panel, self.choose, self._onRemoved)
        self._search = None
        self._menu = self._removeAction = None
        self._addActions = []
        self._begunWith = None

    def setup(self):
        """Connect the widgets and make the menu of models."""
        ui = self.ui
        ui.modelComboBox.connect("currentIndexChanged(int)", self._onComboBox)
        ui.findModelButton.connect("toggled(bool)", self._onFindToggled)
        ui.favoriteModelButton.connect("clicked(bool)", self._onFavorite)
        ui.modelMoreButton.connect("toggled(bool)", self._onMoreToggled)
        ui.cancelModelButton.connect("clicked(bool)", self._onCancel)
        self._search = ModelSearch(ui, self.choose, self._closeSearch)
        self._makeMenu()

    def _makeMenu(self):
        button, files = self.ui.modelFilesButton, self._files
        self._menu = qt.QMenu(button)
        self._addActions = [
            self._action(_("Add from a file..."), files.addFile),
            self._action(_("Add from a folder..."), files.addFolder),
        ]
        self._menu.addSeparator()
        self._removeAction = self._action(_("Remove the chosen model..."), self._remove)
        self._menu.addSeparator()
        self._action(_("Open the folder of my models"), files.openFolder)
        self._action(_("Keep my models in another folder..."), files.chooseFolder)
        button.setMenu(self._menu)

    def _action(self, text, function):
        action = qt.QAction(text, self._menu)
        self._menu.addAction(action)
        action.connect("triggered(bool)", lambda checked=False: function())
        return action

    # The scene

    def onParameterNode(self):
        """A new scene begins with the favorite model, else with the last one that was chosen."""
        node = self.panel.parameterNode
        if node is None or node.parameterNode.GetAttribute(STARTED_ATTRIBUTE):
            return
        node.parameterNode.SetAttribute(STARTED_ATTRIBUTE, "1")
        name = self.panel.setting("Favorite") or self.panel.setting("LastModel") or AUTO
        if node.model == AUTO and name != AUTO:
            self._begunWith = node.model = name
            self._leaveWhatIsGone()

    def _leaveWhatIsGone(self):
        """A favorite that is not installed any more is no way to begin; what a scene names stays."""
        node, name = self.panel.parameterNode, self._begunWith
        if name is None or node is None or not self.panel.models:
            return
        self._begunWith = None
        if node.model == name and entryNamed(name, self.panel.models) is None:
            node.model = AUTO

    def onModels(self):
        """The list is new."""
        self._leaveWhatIsGone()

    def onResult(self, result):
        """How fast a model is was just measured."""
        self._suitability.askAgain()
        self.update()

    def onInputChanged(self):
        """Another volume, or other voxels: other models may suit it."""
        self.update()

    def onSceneClosing(self):
        """The volume is about to go."""
        self._suitability.stop()

    def cleanup(self):
        """Give up what is under way."""
        self._suitability.stop()
        self._files.close()

    # What is shown

    def update(self):
        """Show the chosen model, and which ones suit the volume."""
        node = self.panel.parameterNode
        if node is None:
            return
        self._suitability.update()
        found = choices(self.panel.models, self.panel.verdicts, node.model)
        fillModels(self.ui.modelComboBox, found, node.model)
        if self.ui.findModelButton.checked:
            self._search.show(self.panel.models, found, node.model)
        self._showCard(node)
        self._showFavorite(node)
        entry = entryNamed(node.model, self.panel.models)
        for action in self._addActions:
            action.enabled = not self._files.isAdding
        self._removeAction.enabled = entry is not None and entry["source"] == "user"

    def _showCard(self, node):
        ui, entry, above = self.ui, entryNamed(node.model, self.panel.models), ""
        if node.model == AUTO:
            modality = self.panel.modality()
            hasInput = node.inputVolume is not None
            entry = automaticEntry(self.panel.models, modality) if hasInput else None
            above = automaticText(entry, hasInput, modality, self.panel.models)
        elif entry is None and self.panel.models:
            above = _("This model is not installed.")
        card = ""
        if entry is not None:
            card = cardText(entry, self.panel.verdicts.get(entry["name"]), self._suitability.device)
        ui.modelNoteLabel.text = "\n\n".join(part for part in (above, card) if part)
        hasDetails = entry is not None and entry["available"]
        showsDetails = hasDetails and ui.modelMoreButton.checked
        ui.modelMoreButton.visible = hasDetails
        ui.modelDetailsLabel.visible = showsDetails
        ui.modelDetailsLabel.text = detailsText(entry) if showsDetails else ""

    def _showFavorite(self, node):
        button = self.ui.favoriteModelButton
        button.checked = node.model == (self.panel.setting("Favorite") or None)
        # The star is seen also where a pressed button hardly is.
        button.text = _("\u2605 Favorite") if button.checked else _("\u2606 Favorite")

    # What the user does

    def choose(self, name):
        """Take the model of this name, and remember it as the last choice."""
        node = self.panel.parameterNode
        if node is not None and name:
            self.panel.setSetting("LastModel", name)
            node.model = name

    def _onComboBox(self, index):
        if index >= 0:
            self._files.clearMessage()
            self.choose(self.ui.modelComboBox.itemData(index))

    def _onFindToggled(self, checked):
        self.ui.modelSearchBox.visible = checked
        if checked:
            self._search.clear()
            self.update()
            self.ui.modelSearchEdit.setFocus()

    def _closeSearch(self):
        self.ui.findModelButton.checked = False

    def _onFavorite(self, checked):
        node = self.panel.parameterNode
        if node is not None:
            self.panel.setSetting("Favorite", node.model if checked else "")
            self._showFavorite(node)

    def _onMoreToggled(self, checked):
        self.ui.modelMoreButton.arrowType = qt.Qt.DownArrow if checked else qt.Qt.RightArrow
        self.update()

    def _onCancel(self, checked=False):
        self._files.cancelByUser()

    def _remove(self):
        node = self.panel.parameterNode
        entry = entryNamed(node.model, self.panel.models) if node is not None else None
        if entry is not None:
            self._files.remove(entry)

    def _onRemoved(self, name):
        for setting in ("Favorite", "LastModel"):
            if self.panel.setting(setting) == name:
                self.panel.setSetting(setting, "")
        node = self.panel.parameterNode
        if node is not None and node.model == name:
            node.model = AUTO
