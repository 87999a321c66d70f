"""Stand-ins of the CTK widgets that the panel may use, as module `ctk`; those of paths are in ctkpaths.

Public names are those of CTK's headers and no others (`Testing/HarnessTests/test_contract.py` holds them
against `widget-api.json`); everything else of a stand-in begins with "_".
"""

import math
import types
import weakref

from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import Signal

from .qtmodule import customWidgets
from .qtobjects import pythonQtClass, standin

ctk = types.ModuleType("ctk", "Stand-in of PythonQt's module `ctk`.")
QWidget = pythonQtClass(QtWidgets.QWidget)
_SLIDER_STEPS = 10000
_HEADER_HEIGHT = 24
_NO_LIMIT = 16777215  # QWIDGETSIZE_MAX of Qt


def prop(kind, getter, setter=None):
    """A Q_PROPERTY of a stand-in."""
    return QtCore.Property(kind, getter, setter)


def export(cls):
    """Class decorator: make the stand-in known to `ctk` and to the `.ui` loader."""
    cls = standin(cls)
    setattr(ctk, cls.__name__, cls)
    customWidgets[cls.__name__] = cls
    return cls


def parentOf(argument):
    """The argument if it is a widget, else None."""
    return argument if isinstance(argument, QtWidgets.QWidget) else None


def fillRow(widget, *parts):
    """Lay out the inner widgets of a stand-in side by side."""
    row = QtWidgets.QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        row.addWidget(part)


@export
class ctkCollapsibleButton(pythonQtClass(QtWidgets.QAbstractButton)):
    """A header that shows or hides the widgets below it."""

    contentsCollapsed = Signal(bool)

    def __init__(self, *arguments):
        super().__init__(next((parentOf(a) for a in arguments if parentOf(a)), None))
        self._isCollapsed = self._isForcing = False
        self._wishes = weakref.WeakKeyDictionary()  # {child: whether the program wants it visible}
        self.setCheckable(True)
        self.setChecked(True)
        self.setText(next((a for a in arguments if isinstance(a, str)), ""))
        self.setContentsMargins(0, _HEADER_HEIGHT, 0, 0)
        self.setSizePolicy(QtWidgets.QSizePolicy.Preferred, QtWidgets.QSizePolicy.Maximum)
        self.toggled.connect(self._toggledTo)

    def _toggledTo(self, checked):
        self._collapse(not checked)

    def _collapse(self, collapsed):
        if collapsed == self._isCollapsed:
            return
        self._isCollapsed = collapsed
        self.setChecked(not collapsed)
        for child in self.children():
            if isinstance(child, QtWidgets.QWidget):
                self._force(child)
        self.setMaximumHeight(_HEADER_HEIGHT if collapsed else _NO_LIMIT)
        self.contentsCollapsed.emit(collapsed)

    # A child that the program hides stays hidden when the button is opened; one that it shows while the
    # button is closed appears then.

    def _force(self, child):
        """Show or hide a child as the button and the program's wish for it say."""
        if child not in self._wishes:
            explicit = QtCore.Qt.WidgetAttribute.WA_WState_ExplicitShowHide
            self._wishes[child] = not (child.testAttribute(explicit) and child.isHidden())
            child.installEventFilter(self)
        self._isForcing = True
        wanted = self._wishes[child]
        child.setVisible(wanted and not self._isCollapsed)
        if wanted:  # else Qt would take the next setVisible(False) for nothing new
            child.setAttribute(QtCore.Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
        self._isForcing = False

    def childEvent(self, event):
        """A child comes that was complete only now, or goes."""
        child = event.child() if event.type() == QtCore.QEvent.Type.ChildPolished else None
        if isinstance(child, QtWidgets.QWidget) and self._isCollapsed and child not in self._wishes:
            self._force(child)
        super().childEvent(event)

    def eventFilter(self, child, event):
        """Note what the program wishes for a child."""
        if not self._isForcing:
            if event.type() == QtCore.QEvent.Type.ShowToParent:
                self._wishes[child] = True
                self._force(child)
            elif event.type() == QtCore.QEvent.Type.HideToParent:
                self._wishes[child] = False
        return False

    def sizeHint(self):
        """Size of the header, or of header and contents."""
        return self._withHeader(super().sizeHint())

    def minimumSizeHint(self):
        """Smallest size of the header, or of header and contents."""
        return self._withHeader(super().minimumSizeHint())

    def _withHeader(self, inner):
        height = _HEADER_HEIGHT if self._isCollapsed else max(inner.height(), _HEADER_HEIGHT)
        return QtCore.QSize(max(inner.width(), 120), height)

    def paintEvent(self, event):
        """Draw the header."""
        painter = QtWidgets.QStylePainter(self)
        frame, arrow = QtWidgets.QStyleOptionButton(), QtWidgets.QStyleOption()
        frame.initFrom(self)
        frame.rect = QtCore.QRect(0, 0, self.width, _HEADER_HEIGHT - 2)
        painter.drawControl(QtWidgets.QStyle.CE_PushButtonBevel, frame)
        arrow.initFrom(self)
        arrow.rect = QtCore.QRect(6, 4, 14, 14)
        down, right = QtWidgets.QStyle.PE_IndicatorArrowDown, QtWidgets.QStyle.PE_IndicatorArrowRight
        painter.drawPrimitive(right if self._isCollapsed else down, arrow)
        place = QtCore.QRect(26, 0, self.width - 30, _HEADER_HEIGHT - 2)
        painter.drawText(place, QtCore.Qt.AlignVCenter, self.text)

    def hitButton(self, position):
        """Only the header can be clicked."""
        return position.y() < _HEADER_HEIGHT

    collapsed = prop(bool, lambda self: self._isCollapsed, _collapse)


@export
class ctkSliderWidget(QWidget):
    """Slider and spin box over one number; the number itself is kept as a double."""

    valueChanged = Signal(float)
    valueIsChanging = Signal(float)
    decimalsChanged = Signal(int)

    def __init__(self, parent=None):
        super().__init__(parentOf(parent))
        self._slider = QtWidgets.QSlider(QtCore.Qt.Orientation.Horizontal, self)
        self._slider.setRange(0, _SLIDER_STEPS)
        self._spinBox = QtWidgets.QDoubleSpinBox(self)
        fillRow(self, self._slider, self._spinBox)
        self._range, self._number, self._step, self._page, self._places = (0.0, 99.0), 0.0, 1.0, 10.0, 2
        self._showing = False
        self._slider.valueChanged.connect(self._sliderMoved)
        self._spinBox.valueChanged.connect(self._spinBoxEdited)
        self._show()

    def _sliderMoved(self, position):
        if not self._showing:
            low, high = self._range
            self.setValue(low + (high - low) * position / _SLIDER_STEPS)

    def _spinBoxEdited(self, number):
        if not self._showing:
            self.setValue(number)

    def _show(self):
        self._showing = True
        low, high = self._range
        self._spinBox.setDecimals(self._places)
        self._spinBox.setRange(low, high)
        self._spinBox.setSingleStep(self._step)
        self._spinBox.setValue(self._number)
        if math.isfinite(high - low) and high > low:
            self._slider.setValue(round(_SLIDER_STEPS * (self._number - low) / (high - low)))
        self._showing = False

    def _setRange(self, low, high):
        self._range = (low, high)
        self.setValue(self._number)
        self._show()

    def setValue(self, number):
        """Set the number: cut to the range, rounded to the decimals."""
        number = round(min(max(float(number), self._range[0]), self._range[1]), self._places)
        before, self._number = self._number, number
        self._show()
        if number != before:
            self.valueIsChanging.emit(number)
            self.valueChanged.emit(number)

    def setDecimals(self, places):
        """Set the number of decimals."""
        if places != self._places:
            self._places = int(places)
            self._show()
            self.decimalsChanged.emit(self._places)

    def setSpinBoxVisible(self, visible):
        """Show or hide the spin box."""
        self._spinBox.setVisible(visible)

    def reset(self):
        """Back to 0 or to the end of the range that is nearest to it."""
        self.setValue(0)

    def _setStep(self, step):
        self._step = step
        self._show()

    def _setPage(self, step):
        self._page = step

    def _setMinimum(self, low):
        self._setRange(low, max(low, self._range[1]))

    def _setMaximum(self, high):
        self._setRange(min(high, self._range[0]), high)

    def _setTracking(self, tracking):
        self._slider.setTracking(tracking)

    value = prop(float, lambda self: self._number, setValue)
    minimum = prop(float, lambda self: self._range[0], _setMinimum)
    maximum = prop(float, lambda self: self._range[1], _setMaximum)
    singleStep = prop(float, lambda self: self._step, _setStep)
    pageStep = prop(float, lambda self: self._page, _setPage)
    decimals = prop(int, lambda self: self._places, setDecimals)
    suffix = prop(str, lambda self: self._spinBox.suffix(), lambda self, v: self._spinBox.setSuffix(v))
    prefix = prop(str, lambda self: self._spinBox.prefix(), lambda self, v: self._spinBox.setPrefix(v))
    tracking = prop(bool, lambda self: self._slider.hasTracking(), _setTracking)
    spinBoxVisible = prop(bool, lambda self: not self._spinBox.isHidden(), setSpinBoxVisible)


@export
class ctkSearchBox(pythonQtClass(QtWidgets.QLineEdit)):
    """A line of text to search for, with a button that clears it."""

    def __init__(self, parent=None):
        super().__init__(parentOf(parent))
        self._showsIcon = False
        self.setPlaceholderText("Search...")
        self.setClearButtonEnabled(True)

    def _showIcon(self, show):
        self._showsIcon = show

    showSearchIcon = prop(bool, lambda self: self._showsIcon, _showIcon)
