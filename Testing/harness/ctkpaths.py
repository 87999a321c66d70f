"""Stand-ins of the CTK widgets that choose a file or a folder."""

from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import Signal

from . import dialogs
from .ctkwidgets import QWidget, export, fillRow, parentOf, prop

_HISTORY = 5  # paths that the list offers


@export
class ctkPathLineEdit(QWidget):
    """A line with a path, a history and a button that opens a file dialog."""

    currentPathChanged = Signal(str)
    validInputChanged = Signal(bool)
    Dirs, Files, Drives, NoSymLinks, AllEntries, TypeMask = 0x1, 0x2, 0x4, 0x8, 0x7, 0xF
    Readable, Writable, Executable, PermissionMask = 0x10, 0x20, 0x40, 0x70
    Modified, Hidden, System, AccessMask = 0x80, 0x100, 0x200, 0x3F0
    AllDirs, CaseSensitive, NoDotAndDotDot, NoDot, NoDotDot, NoFilter = (
        0x400,
        0x800,
        0x1000,
        0x2000,
        0x4000,
        -1,
    )
    AdjustToContents, AdjustToContentsOnFirstShow, AdjustToMinimumContentsLength = 0, 1, 2

    def __init__(self, *arguments):
        super().__init__(next((parentOf(a) for a in arguments if parentOf(a)), None))
        self._box, self._button = QtWidgets.QComboBox(self), QtWidgets.QToolButton(self)
        self._box.setEditable(True)
        self._box.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self._edit = self._box.lineEdit()
        self._button.setText("...")
        fillRow(self, self._box, self._button)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self._edit)
        self._names, self._key, self._title = [], "", ""
        self._kinds = self.AllEntries | self.Readable | self.Executable | self.NoDotAndDotDot
        self._length = 0
        self._adjustTo(self.AdjustToMinimumContentsLength)
        self.retrieveHistory()
        self._edit.textChanged.connect(self._edited)
        self._button.clicked.connect(self._browseClicked)

    def _edited(self, text):
        self.currentPathChanged.emit(text)

    def _browseClicked(self):
        self.browse()

    def setCurrentPath(self, path):
        """Set the path."""
        self._edit.setText(path)

    def browse(self):
        """Ask for a file to open or to save, or for a folder, by `filters`."""
        kind = "getExistingDirectory"
        if self._kinds & self.Files:
            kind = "getSaveFileName" if self._kinds & self.Writable else "getOpenFileName"
        path = dialogs.fileAnswer(kind, self._title)
        if path:
            self.setCurrentPath(path)

    def _settingsKey(self):
        return "ctkPathLineEdit/" + (self._key or self.objectName)

    def _history(self):
        value = QtCore.QSettings().value(self._settingsKey(), [])
        return [value] if isinstance(value, str) else list(value or [])

    def retrieveHistory(self):
        """Fill the list with the paths of the settings; an empty line takes the newest."""
        path = self._edit.text()
        wasBlocked = self._box.blockSignals(True)
        self._box.clear()
        self._box.addItems(self._history()[:_HISTORY])
        self._box.blockSignals(wasBlocked)
        if path:
            self._edit.setText(path)
        elif self._box.count():
            self._box.setCurrentIndex(0)
            self._edit.setText(self._box.itemText(0))

    def addCurrentPathToHistory(self):
        """Remember the path in the application's settings under `settingKey`."""
        path = self._edit.text()
        if path:
            old = [known for known in self._history() if known != path]
            QtCore.QSettings().setValue(self._settingsKey(), [path, *old])
            wasBlocked = self.blockSignals(True)
            self.retrieveHistory()
            self.blockSignals(wasBlocked)

    def comboBox(self):
        """The box with line and list."""
        return self._box

    def _setNames(self, names):
        self._names = list(names)

    def _setKey(self, key):
        self._key = key
        self.retrieveHistory()

    def _setKinds(self, kinds):
        self._kinds = int(kinds)

    def _setTitle(self, title):
        self._title = title

    def _adjustTo(self, policy):
        self._policy = policy
        policies = QtWidgets.QComboBox.SizeAdjustPolicy
        long = policy == self.AdjustToContents
        self._box.setSizeAdjustPolicy(
            policies.AdjustToContents if long else policies.AdjustToMinimumContentsLengthWithIcon
        )

    def _setLength(self, length):
        self._length = length
        self._box.setMinimumContentsLength(length)

    currentPath = prop(str, lambda self: self._edit.text(), setCurrentPath)
    nameFilters = prop("QStringList", lambda self: list(self._names), _setNames)
    settingKey = prop(str, lambda self: self._key, _setKey)
    filters = prop(int, lambda self: self._kinds, _setKinds)
    label = prop(str, lambda self: self._title, _setTitle)
    sizeAdjustPolicy = prop(int, lambda self: self._policy, _adjustTo)
    minimumContentsLength = prop(int, lambda self: self._length, _setLength)
    showBrowseButton = prop(
        bool, lambda self: not self._button.isHidden(), lambda self, v: self._button.setVisible(v)
    )


@export
class ctkDirectoryButton(QWidget):
    """A button that shows a folder, with its middle left out where there is no room, and asks for another."""

    directoryChanged, directorySelected = Signal(str), Signal(str)

    def __init__(self, *arguments):
        super().__init__(next((parentOf(a) for a in arguments if parentOf(a)), None))
        self._path = next((a for a in arguments if isinstance(a, str)), ".")
        self._caption, self._label, self._accept = "", None, 0
        self._button = _ElidedButton(self)
        self._button.setIcon(self.style().standardIcon(QtWidgets.QStyle.StandardPixmap.SP_DirIcon))
        self._button.clicked.connect(self._browseClicked)
        fillRow(self, self._button)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)
        self._show()

    def _browseClicked(self):
        self.browse()

    def _absolute(self):
        return QtCore.QDir(self._path).absolutePath()

    def _show(self):
        self._button.setText(self._absolute() if self._label is None else self._label)

    def _setDirectory(self, path):
        same = QtCore.QDir(path) == QtCore.QDir(self._path)
        if not same:
            self._path = QtCore.QDir(path).absolutePath()
            self._show()
        self.directorySelected.emit(self._absolute())
        if not same:
            self.directoryChanged.emit(self._absolute())

    def browse(self):
        """Ask for a folder; the folder, or "" if the person gives up."""
        path = dialogs.fileAnswer("getExistingDirectory", self._caption or self.toolTip)
        if path:
            self._setDirectory(path)
        return path

    def _setText(self, text):
        self._label = text
        self._show()

    def _setCaption(self, caption):
        self._caption = caption

    directory = prop(str, lambda self: self._path, _setDirectory)
    text = prop(str, lambda self: self._label or "", _setText)
    caption = prop(str, lambda self: self._caption, _setCaption)


class _ElidedButton(QtWidgets.QPushButton):
    """Shows the beginning and the end of a text that is too long."""

    def minimumSizeHint(self):
        """As narrow as the icon and a few letters."""
        full = super().minimumSizeHint()
        return QtCore.QSize(min(full.width(), 60), full.height())

    def paintEvent(self, event):
        """Draw the button with the shortened text."""
        painter, option = QtWidgets.QStylePainter(self), QtWidgets.QStyleOptionButton()
        self.initStyleOption(option)
        room = self.width() - option.iconSize.width() - 16
        option.text = self.fontMetrics().elidedText(self.text(), QtCore.Qt.TextElideMode.ElideMiddle, room)
        painter.drawControl(QtWidgets.QStyle.ControlElement.CE_PushButton, option)
