"""The search for texts of a panel that do not fit into their widgets at the present size."""

import re
from typing import NamedTuple

from PySide6 import QtCore, QtWidgets

_MARGIN = 1  # points; fonts are measured to a fraction of one
# Lines break at spaces, and between Chinese characters.
_BREAKS = r"[\s\u200b]+|(?<=[\u3000-\u9fff\uff00-\uffef])"
_KINDS = (QtWidgets.QLabel, QtWidgets.QAbstractButton, QtWidgets.QComboBox)


class CutText(NamedTuple):
    """A text that a person cannot read whole."""

    name: str  # of the widget, or of the first one around it that has a name
    kind: str  # QLabel, QPushButton, ...
    text: str


def cutTexts(widget):
    """List the visible labels, buttons, check boxes and combo boxes whose text is cut, as CutText.

    Also those of which a part lies outside of `widget`. Show the widget at its width first, for example
    with `harness.screenshot(widget, path, width=300)`.
    """
    found = []
    for part in QtWidgets.QWidget.findChildren(widget, QtWidgets.QWidget):
        if isinstance(part, _KINDS) and QtWidgets.QWidget.isVisibleTo(part, widget):
            text = _text(part)
            if text and (_isCut(part) or _isOutside(part, widget)):
                found.append(CutText(_name(part), QtCore.QObject.metaObject(part).className(), text))
    return found


def _name(part):
    while part is not None and not QtCore.QObject.objectName(part):
        part = QtWidgets.QWidget.parentWidget(part)
    return QtCore.QObject.objectName(part) if part is not None else ""


def _text(part):
    if isinstance(part, QtWidgets.QComboBox):
        return QtWidgets.QComboBox.currentText(part)
    if isinstance(part, QtWidgets.QLabel):
        return QtWidgets.QLabel.text(part)
    return QtWidgets.QAbstractButton.text(part)


def _isOutside(part, widget):
    left = QtWidgets.QWidget.mapTo(part, widget, QtCore.QPoint(0, 0)).x()
    return left < 0 or left + QtWidgets.QWidget.width(part) > QtWidgets.QWidget.width(widget)


def _room(widget, style):
    """Width that a widget has for its text."""
    options = {
        QtWidgets.QPushButton: (QtWidgets.QStyleOptionButton, "SE_PushButtonContents"),
        QtWidgets.QCheckBox: (QtWidgets.QStyleOptionButton, "SE_CheckBoxContents"),
        QtWidgets.QRadioButton: (QtWidgets.QStyleOptionButton, "SE_RadioButtonContents"),
    }
    for kind, (option, element) in options.items():
        if isinstance(widget, kind):
            made = option()
            widget.initStyleOption(made)
            return style.subElementRect(getattr(style.SubElement, element), made, widget).width()
    if isinstance(widget, QtWidgets.QComboBox):
        made = QtWidgets.QStyleOptionComboBox()
        widget.initStyleOption(made)
        field = style.SubControl.SC_ComboBoxEditField
        return style.subControlRect(style.ComplexControl.CC_ComboBox, made, field, widget).width()
    return QtWidgets.QWidget.contentsRect(widget).width()


def _isRich(text):
    return re.search(r"<\w+[^<>]*>", text) is not None


def _plain(text):
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def _isCutLabel(label):
    text = QtWidgets.QLabel.text(label)
    if QtWidgets.QLabel.wordWrap(label) or _isRich(text):
        needed = QtWidgets.QLabel.heightForWidth(label, QtWidgets.QWidget.width(label))
        needed = needed if needed > 0 else QtWidgets.QLabel.sizeHint(label).height()
        longest = max((_textWidth(label, word) for word in re.split(_BREAKS, text)), default=0)
        tooWide = longest > _room(label, None) + _MARGIN and not _isRich(text)
        return tooWide or needed > QtWidgets.QWidget.height(label) + _MARGIN
    lines = text.split("\n")
    tooLow = len(lines) * label.fontMetrics().height() > QtWidgets.QWidget.height(label) + _MARGIN
    return tooLow or max(_textWidth(label, _plain(line)) for line in lines) > _room(label, None) + _MARGIN


def _textWidth(widget, text):
    return widget.fontMetrics().horizontalAdvance(text)


def _isCut(widget):
    if isinstance(widget, QtWidgets.QLabel):
        return _isCutLabel(widget)
    style = widget.style()
    if isinstance(widget, QtWidgets.QComboBox):
        return _textWidth(widget, QtWidgets.QComboBox.currentText(widget)) > _room(widget, style) + _MARGIN
    text = QtWidgets.QAbstractButton.text(widget)
    icon = (
        0
        if QtWidgets.QAbstractButton.icon(widget).isNull()
        else QtWidgets.QAbstractButton.iconSize(widget).width() + 4
    )
    isElided = type(widget).__name__ == "_ElidedButton"  # of ctkDirectoryButton, which shortens its path
    return not isElided and _textWidth(widget, _plain(text)) + icon > _room(widget, style) + _MARGIN
