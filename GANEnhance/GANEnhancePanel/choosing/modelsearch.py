"""The list of models with search and filters: which ones are found, and how the list shows them."""

import qt
from slicer.i18n import tr as _

from GANEnhancePanel.choices import AUTO, entryNamed
from GANEnhancePanel.choosing.card import modalityLabel
from GANEnhancePanel.choosing.modelcombobox import gray

_SEARCHED = ("name", "title", "task", "anatomy", "description", "limits", "data")


def matches(entry, words, modality="", anatomy="", task=""):
    """Return whether a model (row of `models`) has all `words` and is for what the filters say ("": any)."""
    text = " ".join([*(entry[field] for field in _SEARCHED), *entry["modality"]]).casefold()
    if not all(word in text for word in words.casefold().split()):
        return False
    # A filter without a modality suits all of them, as one for any anatomy does.
    fits = not modality or not entry["modality"] or modality in entry["modality"]
    return fits and anatomy in ("", anatomyOf(entry)) and task in ("", entry["task"])


def anatomyOf(entry):
    """Return the anatomy of a model in a word or two."""
    return entry["anatomy"].partition(";")[0].strip()


class ModelSearch:
    """The line of search, the three filters and the list below; `onChosen(name)` tells of a choice.

    :param onActivated: called when a model was chosen for good (Enter or double-click).
    """

    def __init__(self, ui, onChosen, onActivated):
        """Connect the widgets."""
        self._ui, self._onChosen, self._onActivated = ui, onChosen, onActivated
        self._models, self._found, self._chosen = [], [], ""
        self._shown = None
        ui.modelSearchEdit.connect("textChanged(QString)", self._onWords)
        for comboBox in self._filters():
            comboBox.connect("currentIndexChanged(int)", self._onFilter)
        ui.modelTree.connect("itemSelectionChanged()", self._onSelection)
        ui.modelTree.connect("itemActivated(QTreeWidgetItem*,int)", self._onItemActivated)
        header = ui.modelTree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, qt.QHeaderView.Stretch)
        header.setSectionResizeMode(1, qt.QHeaderView.ResizeToContents)
        self._fillFilters()

    def show(self, models, found, chosen):
        """Show the rows of `models` in the order of the Choices `found`; `chosen` is the name in use."""
        if models is not self._models:
            self._models = models
            self._fillFilters()
        self._found, self._chosen = found, chosen
        self._fill()

    def clear(self):
        """Forget words and filters."""
        self._ui.modelSearchEdit.clear()
        for comboBox in self._filters():
            comboBox.setCurrentIndex(0)

    def _filters(self):
        return (
            self._ui.modalityFilterComboBox,
            self._ui.anatomyFilterComboBox,
            self._ui.taskFilterComboBox,
        )

    def _fillFilters(self):
        models = self._models
        modalities = sorted({name for entry in models for name in entry["modality"]})
        anatomies = sorted({anatomyOf(entry) for entry in models} - {""})
        tasks = sorted({entry["task"] for entry in models} - {""})
        _fillFilter(
            self._ui.modalityFilterComboBox,
            _("Modality"),
            [(modalityLabel(name), name) for name in modalities],
        )
        _fillFilter(self._ui.anatomyFilterComboBox, _("Anatomy"), [(text, text) for text in anatomies])
        _fillFilter(self._ui.taskFilterComboBox, _("Task"), [(text, text) for text in tasks])

    def _criteria(self):
        return (
            self._ui.modelSearchEdit.text,
            *(str(comboBox.itemData(comboBox.currentIndex) or "") for comboBox in self._filters()),
        )

    def _isFound(self, choice, criteria):
        entry = entryNamed(choice.name, self._models)
        if entry is None:
            # "Automatic", or a model that is not here: found by its text, gone where a filter is set.
            words = criteria[0].casefold().split()
            return not any(criteria[1:]) and all(word in choice.text.casefold() for word in words)
        return matches(entry, *criteria)

    def _fill(self):
        criteria = self._criteria()
        lines = [choice for choice in self._found if self._isFound(choice, criteria)]
        shown = (lines, self._chosen)
        if shown == self._shown:
            return
        self._shown = shown
        tree = self._ui.modelTree
        tree.blockSignals(True)
        tree.clear()
        for choice in lines:
            tree.addTopLevelItem(self._item(choice))
        names = [choice.name for choice in lines]
        if self._chosen in names:
            tree.setCurrentItem(tree.topLevelItem(names.index(self._chosen)))
        tree.blockSignals(False)
        count = sum(choice.name != AUTO for choice in lines)
        self._ui.modelCountLabel.text = _("{count} of {total} models").format(
            count=count, total=sum(choice.name != AUTO for choice in self._found)
        )

    def _item(self, choice):
        item = qt.QTreeWidgetItem()
        entry = entryNamed(choice.name, self._models)
        modality = ", ".join(modalityLabel(name) for name in entry["modality"]) if entry is not None else ""
        for column, text in enumerate((choice.text, modality or _("any"))):
            item.setText(column, text)
            item.setToolTip(column, choice.toolTip)
            if choice.isGray:
                item.setForeground(column, gray(self._ui.modelTree))
        item.setData(0, qt.Qt.UserRole, choice.name)
        return item

    def _onWords(self, text):
        self._fill()

    def _onFilter(self, index):
        self._fill()

    def _onSelection(self):
        items = self._ui.modelTree.selectedItems()
        if items:
            self._onChosen(items[0].data(0, qt.Qt.UserRole))

    def _onItemActivated(self, item, column):
        self._onActivated()


def _fillFilter(comboBox, anything, items):
    chosen = str(comboBox.itemData(comboBox.currentIndex) or "")
    comboBox.blockSignals(True)
    comboBox.clear()
    comboBox.addItem(anything, "")
    for text, name in items:
        comboBox.addItem(text, name)
    comboBox.setCurrentIndex(max(0, comboBox.findData(chosen)))
    comboBox.blockSignals(False)
