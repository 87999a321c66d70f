"""Stand-ins of a slice view, its bar and both together, over a real vtkMRMLSliceLogic."""

import slicer
import vtk
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Signal

from . import slicepicture
from .ctkwidgets import QWidget, prop
from .mrmlwidgets import qMRMLWidget
from .qtobjects import standin

_BAR_HEIGHT = 20
_BACKGROUND, _FOREGROUND = 0, 1


@standin
class qMRMLSliceView(QWidget):
    """The black rectangle with the slice. It is painted only while the harness takes a picture."""

    resized = Signal(QtCore.QSize)
    _drawing = False  # of the class: whether a picture is being taken

    def __init__(self, logic, parent=None):
        super().__init__(parent)
        self._logic, self._annotation = logic, vtk.vtkCornerAnnotation()
        self._window, self._renderer = vtk.vtkGenericOpenGLRenderWindow(), vtk.vtkRenderer()
        self._window.AddRenderer(self._renderer)
        self._renderer.AddViewProp(self._annotation)
        self._annotation.GetTextProperty().SetColor(1, 1, 1)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)

    def resizeEvent(self, event):
        """The slice has the size of the view."""
        self._window.SetSize(event.size().width(), event.size().height())
        self._logic.ResizeSliceNode(max(event.size().width(), 1), max(event.size().height(), 1))
        self.resized.emit(event.size())

    def paintEvent(self, event):
        """Draw the slice, if a picture is taken."""
        painter = QtGui.QPainter(self)
        if qMRMLSliceView._drawing:
            slicepicture.draw(painter, self, self.rect)
        else:
            painter.fillRect(self.rect, QtGui.QColor("black"))

    def cornerAnnotation(self):
        """The real vtkCornerAnnotation with the texts in the corners and at the edges."""
        return self._annotation

    def renderWindow(self):
        """A real render window with one renderer; it never renders."""
        return self._window

    def mrmlSliceNode(self):
        """The slice node."""
        return self._logic.GetSliceNode()

    def scheduleRender(self):
        """Ask for a picture soon."""
        self.update()

    def forceRender(self):
        """Ask for a picture now."""
        self.update()

    def pauseRender(self):
        """Nothing is rendered here."""

    resumeRender = pauseRender


@standin
class qMRMLSliceControllerWidget(qMRMLWidget):
    """The colored bar above a slice view, with its name, its link and its offset."""

    def __init__(self, logic, parent=None):
        super().__init__(parent)
        self._logic = logic
        self.setFixedHeight(_BAR_HEIGHT)

    def paintEvent(self, event):
        """Draw the bar."""
        node, painter = self._logic.GetSliceNode(), QtGui.QPainter(self)
        color = QtGui.QColor.fromRgbF(*node.GetLayoutColor())
        painter.fillRect(self.rect, color)
        painter.setPen(QtGui.QColor("black" if color.lightness() > 90 else "white"))
        text = f"{node.GetLayoutLabel() or node.GetLayoutName()}    {self._logic.GetSliceOffset():.1f} mm"
        painter.drawText(self.rect.adjusted(6, 0, -6, 0), int(QtCore.Qt.AlignmentFlag.AlignVCenter), text)

    def sliceLogic(self):
        """The real slice logic."""
        return self._logic

    def mrmlSliceNode(self):
        """The slice node."""
        return self._logic.GetSliceNode()

    def mrmlSliceCompositeNode(self):
        """The node that says which volumes are shown, and how."""
        return self._logic.GetSliceCompositeNode()

    def fitSliceToBackground(self):
        """Show the whole background volume; in linked views, too."""
        flag = slicer.vtkMRMLSliceNode.ResetFieldOfViewFlag
        self._logic.StartSliceNodeInteraction(flag)
        self._logic.FitSliceToBackground()
        self._logic.EndSliceNodeInteraction()

    def setSliceOffsetValue(self, offset):
        """Move the slice, as the slider of the bar does; linked views follow."""
        self._logic.StartSliceOffsetInteraction()
        self._logic.SetSliceOffset(offset)
        self._logic.EndSliceOffsetInteraction()

    def setSliceOrientation(self, orientation):
        """Set the orientation by its name."""
        self._logic.GetSliceNode().SetOrientation(orientation)

    def setSliceLink(self, linked):
        """Link all views, or none."""
        for logic in slicer.app.applicationLogic().GetSliceLogics():
            logic.GetSliceCompositeNode().SetLinkedControl(linked)


@standin
class qMRMLSliceWidget(qMRMLWidget):
    """Bar and view of one slice node."""

    def __init__(self, node, parent=None):
        super().__init__(parent)
        self._logic = slicer.vtkMRMLSliceLogic()
        self._logic.SetMRMLApplicationLogic(slicer.app.applicationLogic())
        self._logic.SetSliceNode(node)
        self._logic.SetMRMLScene(slicer.mrmlScene)
        self._bar = qMRMLSliceControllerWidget(self._logic, self)
        self._view = qMRMLSliceView(self._logic, self)
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self._view)
        self._tag = self._logic.AddObserver(vtk.vtkCommand.ModifiedEvent, self._writeNames)
        self.setMRMLScene(slicer.mrmlScene)

    def _writeNames(self, logic, event):
        """As Slicer's data probe does: the corners 0 to 3 belong to it, whatever others write there."""
        texts = [[], [], [], []]
        composite = logic.GetSliceCompositeNode()
        for layer, letter in ((_FOREGROUND, "F"), (_BACKGROUND, "B")) if composite is not None else ():
            node = logic.GetNthLayerVolumeNode(layer)
            if node is not None:
                share = f" ({composite.GetForegroundOpacity():.0%})" if layer == _FOREGROUND else ""
                texts[0].append(f"{letter}: {node.GetName()}{share}")
        for corner, lines in enumerate(texts):
            self._view.cornerAnnotation().SetText(corner, "\n".join(lines))

    def _release(self):
        self._logic.RemoveObserver(self._tag)
        self._logic.SetMRMLScene(None)
        self._logic.SetMRMLApplicationLogic(None)

    def sliceLogic(self):
        """The real slice logic."""
        return self._logic

    logic = sliceLogic

    def mrmlSliceNode(self):
        """The slice node."""
        return self._logic.GetSliceNode()

    mrmlAbstractViewNode = mrmlSliceNode

    def mrmlSliceCompositeNode(self):
        """The node that says which volumes are shown, and how."""
        return self._logic.GetSliceCompositeNode()

    def sliceView(self):
        """The view."""
        return self._view

    viewWidget = sliceView

    def sliceController(self):
        """The bar."""
        return self._bar

    controllerWidget = sliceController

    def fitSliceToBackground(self):
        """Show the whole background volume."""
        self._bar.fitSliceToBackground()

    def setSliceOrientation(self, orientation):
        """Set the orientation by its name."""
        self._bar.setSliceOrientation(orientation)

    sliceOrientation = prop(
        str, lambda self: self._logic.GetSliceNode().GetOrientation(), setSliceOrientation
    )
    sliceViewName = prop(str, lambda self: self._logic.GetSliceNode().GetLayoutName())
