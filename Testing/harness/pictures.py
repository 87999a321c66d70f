"""Pictures of widgets and of slice views, written to PNG files."""

from pathlib import Path

import slicer
from PySide6 import QtCore, QtGui, QtWidgets

from . import slicepicture
from .sliceviews import qMRMLSliceView


def writePicture(widget, path, scale=1):
    """Paint a widget that has its size into a PNG file, `scale` pixels per point; returns the Path."""
    size = QtWidgets.QWidget.size(widget)
    picture = QtGui.QPixmap(int(size.width() * scale), int(size.height() * scale))
    picture.setDevicePixelRatio(scale)
    picture.fill(QtCore.Qt.GlobalColor.transparent)
    qMRMLSliceView._drawing = True
    try:
        widget.render(picture)
    finally:
        qMRMLSliceView._drawing = False
    return save(picture, path)


def save(picture, path):
    """Write a QImage or QPixmap; OSError if that fails."""
    if not picture.save(str(path)):
        raise OSError(f"the picture could not be written to {path}")
    return Path(path)


def screenshot(widget, path, scale=1, width=None):
    """Paint a widget (shown or not) into a PNG file, `scale` pixels per point; returns the Path.

    :param width: makes the widget that wide and as high as its contents then need; None leaves its size,
        but for a widget that was never shown.
    """
    show(widget, width)
    return writePicture(widget, path, scale)


def show(widget, width=None):
    """Show a widget as `screenshot` does, with its layout done."""
    isNew = not widget.isVisible()
    widget.show()
    if width is not None:
        setWidth(widget, width)
    elif isNew or widget.width < widget.sizeHint().width():
        widget.adjustSize()
    QtWidgets.QApplication.processEvents()


def setWidth(widget, width):
    """Make a shown widget this wide, and as high as its contents need at this width."""
    for _ in range(3):  # labels that wrap know their height only after their width
        layout = widget.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else -1
        height = height if height > 0 else widget.sizeHint().height()
        widget.resize(width, height)
        QtWidgets.QApplication.processEvents()


def slicePicture(name, path=None, size=None):
    """What the slice view of this name shows, as uint8 array (rows from the top, columns, 3).

    :param path: PNG file that is written as well.
    :param size: (width, height) that the view is given for the picture; None: the size it has.
    """
    manager = slicer.app.layoutManager()
    if manager is None:
        raise RuntimeError("there is no slice view: start the harness with mainWindow=True")
    widget = manager.sliceWidget(name)
    if widget is None:
        raise ValueError(f"there is no slice view {name}, only {', '.join(manager.sliceViewNames())}")
    view = widget.sliceView()
    dimensions = widget.mrmlSliceNode().GetDimensions()
    width, height = size or (max(view.width, 1), max(view.height, 1))
    widget.sliceLogic().ResizeSliceNode(width, height)
    picture = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB888)
    painter = QtGui.QPainter(picture)
    slicepicture.draw(painter, view, QtCore.QRect(0, 0, width, height))
    painter.end()
    widget.sliceLogic().ResizeSliceNode(*dimensions[:2])
    if path is not None:
        save(picture, path)
    return slicepicture.asArray(picture)
