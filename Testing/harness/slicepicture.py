"""What a slice view shows, drawn by the processor: blended slice, 2-D actors, corner texts.

The picture of the slice is that of the real vtkMRMLSliceLogic (window and level, colors, foreground
opacity). Of what a view draws with the graphics card only lines and texts in the plane of the screen are
drawn here: markups, segmentations and the 3-D view are not.
"""

import numpy as np
import vtk
from PySide6 import QtCore, QtGui
from vtk.util.numpy_support import vtk_to_numpy

_MARGIN = 5
_LEFT, _CENTER, _RIGHT = (
    QtCore.Qt.AlignmentFlag.AlignLeft,
    QtCore.Qt.AlignmentFlag.AlignHCenter,
    QtCore.Qt.AlignmentFlag.AlignRight,
)
_TOP, _MIDDLE, _BOTTOM = (
    QtCore.Qt.AlignmentFlag.AlignTop,
    QtCore.Qt.AlignmentFlag.AlignVCenter,
    QtCore.Qt.AlignmentFlag.AlignBottom,
)
# Places of the texts 0 to 7 of a vtkCornerAnnotation.
_PLACES = [_LEFT | _BOTTOM, _RIGHT | _BOTTOM, _LEFT | _TOP, _RIGHT | _TOP]
_PLACES += [_CENTER | _BOTTOM, _RIGHT | _MIDDLE, _LEFT | _MIDDLE, _CENTER | _TOP]


def blended(logic):
    """The slice as uint8 array (rows from the top, columns, 3); None where the view shows no volume."""
    connection = logic.GetImageDataConnection()
    if connection is None:
        return None
    producer = connection.GetProducer()
    producer.Update()
    image = producer.GetOutputDataObject(connection.GetIndex())
    if image is None or image.GetPointData().GetScalars() is None:
        return None
    columns, rows, _ = image.GetDimensions()
    voxels = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(rows, columns, -1)[::-1]
    opacity = voxels[..., 3:4] / 255.0 if voxels.shape[2] == 4 else 1.0
    return np.ascontiguousarray((voxels[..., :3] * opacity).astype(np.uint8))


def asImage(pixels):
    """A QImage with its own copy of an array (rows, columns, 3)."""
    rows, columns, _ = pixels.shape
    return QtGui.QImage(pixels.data, columns, rows, 3 * columns, QtGui.QImage.Format.Format_RGB888).copy()


def asArray(image):
    """The pixels of a QImage as array (rows, columns, 3)."""
    image = image.convertToFormat(QtGui.QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def _color(properties):
    return QtGui.QColor.fromRgbF(*properties.GetColor(), properties.GetOpacity())


def _drawLines(painter, actor, renderer, height):
    mapper = actor.GetMapper()
    mapper.Update()
    shape, coordinate = mapper.GetInput(), mapper.GetTransformCoordinate()

    def place(point):
        x, y, _ = shape.GetPoint(point)
        if coordinate is not None:
            coordinate.SetValue(x, y, 0)
            x, y = coordinate.GetComputedViewportValue(renderer)
        dx, dy = actor.GetPositionCoordinate().GetComputedViewportValue(renderer)
        return QtCore.QPointF(x + dx, height - 1 - (y + dy))

    painter.setPen(QtGui.QPen(_color(actor.GetProperty()), actor.GetProperty().GetLineWidth()))
    ids = vtk.vtkIdList()
    for cells in (shape.GetLines(), shape.GetPolys()):
        cells.InitTraversal()
        while cells.GetNextCell(ids):
            painter.drawPolyline([place(ids.GetId(i)) for i in range(ids.GetNumberOfIds())])


def _drawText(painter, actor, renderer, height):
    x, y = actor.GetPositionCoordinate().GetComputedViewportValue(renderer)
    painter.setPen(_color(actor.GetTextProperty()))
    painter.drawText(QtCore.QPointF(x, height - 1 - y), actor.GetInput() or "")


def _drawActors(painter, renderer, height):
    actors = renderer.GetActors2D()
    for actor in [actors.GetItemAsObject(i) for i in range(actors.GetNumberOfItems())]:
        if not actor.GetVisibility():
            continue
        if isinstance(actor, vtk.vtkTextActor):
            _drawText(painter, actor, renderer, height)
        elif isinstance(actor.GetMapper(), vtk.vtkPolyDataMapper2D):
            _drawLines(painter, actor, renderer, height)


def _drawCorners(painter, annotation, area):
    for number, place in enumerate(_PLACES):
        text = (annotation.GetText(number) or "").strip("\n")
        if text and annotation.GetVisibility():
            for shift, color in ((1, QtGui.QColor("black")), (0, _color(annotation.GetTextProperty()))):
                painter.setPen(color)
                painter.drawText(area.translated(shift, shift), int(place), text)


def draw(painter, view, area):
    """Draw what a slice view (stand-in of qMRMLSliceView) shows into a rectangle."""
    painter.fillRect(area, QtGui.QColor("black"))
    painter.save()
    painter.translate(area.topLeft())
    pixels = blended(view._logic)
    if pixels is not None:
        painter.drawImage(QtCore.QRect(QtCore.QPoint(0, 0), area.size()), asImage(pixels))
    renderer = view.renderWindow().GetRenderers().GetFirstRenderer()
    view.renderWindow().SetSize(area.width(), area.height())
    _drawActors(painter, renderer, area.height())
    inner = QtCore.QRect(QtCore.QPoint(0, 0), area.size()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
    _drawCorners(painter, view.cornerAnnotation(), inner)
    painter.restore()
