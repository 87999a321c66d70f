"""Stand-in of qSlicerLayoutManager over the real vtkMRMLLayoutLogic: makes slice views, lays them out."""

import xml.etree.ElementTree as ElementTree

import slicer
import vtk
from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import Signal

from .ctkwidgets import prop
from .qtobjects import pythonQtClass, standin
from .sliceviews import qMRMLSliceWidget

QObject, QWidget = pythonQtClass(QtCore.QObject), pythonQtClass(QtWidgets.QWidget)


class _OtherView(QtWidgets.QWidget):
    """In place of a 3-D view (or table, or plot): empty."""

    def __init__(self, parent):
        super().__init__(parent)
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Expanding)

    def paintEvent(self, event):
        """Draw the colors of a 3-D view."""
        gradient = QtGui.QLinearGradient(0, 0, 0, self.height())
        gradient.setColorAt(0, QtGui.QColor.fromRgbF(0.76, 0.76, 0.91))
        gradient.setColorAt(1, QtGui.QColor.fromRgbF(0.45, 0.47, 0.82))
        QtGui.QPainter(self).fillRect(self.rect(), gradient)


@standin
class qSlicerLayoutManager(QObject):
    """Keeps one widget for each slice node of the scene and shows those of the current layout."""

    layoutChanged = Signal(int)

    def __init__(self, viewport):
        super().__init__()
        self._viewport, self._widgets = viewport, {}
        self._logics, self._shown, self._others = vtk.vtkCollection(), None, []
        scene, logic = slicer.mrmlScene, slicer.vtkMRMLLayoutLogic()
        self._logic = logic
        slicer.app.applicationLogic().SetSliceLogics(self._logics)
        events = {
            scene.NodeAddedEvent: self._nodeAdded,
            scene.NodeRemovedEvent: self._nodeRemoved,
            scene.EndBatchProcessEvent: self._sceneChanged,
            scene.EndCloseEvent: self._sceneChanged,
        }
        self._observed = [(scene, scene.AddObserver(event, function)) for event, function in events.items()]
        logic.SetMRMLApplicationLogic(slicer.app.applicationLogic())
        logic.SetMRMLScene(scene)
        node = logic.GetLayoutNode()
        node.SetViewArrangement(node.SlicerLayoutFourUpView)
        self._observed.append((node, node.AddObserver(vtk.vtkCommand.ModifiedEvent, self._layoutModified)))
        self._sceneChanged(scene, None)

    # The views

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _nodeAdded(self, scene, event, node):
        if not scene.IsBatchProcessing():
            self._addView(node)

    def _addView(self, node):
        if node.IsA("vtkMRMLSliceNode") and node.GetID() not in self._widgets:
            widget = self._widgets[node.GetID()] = qMRMLSliceWidget(node, self._viewport)
            widget.setObjectName("qMRMLSliceWidget" + node.GetLayoutName())
            widget.hide()
            self._logics.AddItem(widget.sliceLogic())

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _nodeRemoved(self, scene, event, node):
        widget = self._widgets.pop(node.GetID(), None)
        if widget is not None:
            self._logics.RemoveItem(widget.sliceLogic())
            widget._release()
            widget.deleteLater()

    def _sceneChanged(self, scene, event):
        for number in range(scene.GetNumberOfNodesByClass("vtkMRMLSliceNode")):
            self._addView(scene.GetNthNodeByClass(number, "vtkMRMLSliceNode"))
        for widget in self._widgets.values():
            view = widget.sliceView()
            widget.sliceLogic().ResizeSliceNode(max(view.width, 1), max(view.height, 1))
        self._layoutModified(None, None)

    def _nodesOfSlices(self):
        """What the slice logics put into the scene to show slices in the 3-D view."""
        logics = [widget.sliceLogic() for widget in self._widgets.values()]
        nodes = [(logic.GetSliceModelNode(), logic.GetSliceModelTransformNode()) for logic in logics]
        return [node for pair in nodes for node in pair if node is not None]

    def _release(self):
        for observed, tag in self._observed:
            observed.RemoveObserver(tag)
        for widget in self._widgets.values():
            widget._release()
        slicer.app.applicationLogic().SetSliceLogics(None)
        self._logic.SetMRMLScene(None)

    # The layout

    def _layoutModified(self, node, event):
        """Show the views of the layout's description; nothing while the scene is being loaded."""
        layoutNode = self._logic.GetLayoutNode()
        if slicer.mrmlScene.IsBatchProcessing() or layoutNode is None:
            return
        description = layoutNode.GetCurrentLayoutDescription() or ""
        state = (layoutNode.GetViewArrangement(), description, tuple(self._widgets))
        if state == self._shown:
            return
        isOther = self._shown is None or state[:2] != self._shown[:2]
        self._shown = state
        for widget in self._widgets.values():
            widget.setParent(None)  # takes it out of the layout, too
            widget.setParent(self._viewport)
        while self._others:
            self._others.pop().deleteLater()
        old = self._viewport.layout()
        if old is not None:
            QtWidgets.QWidget().setLayout(old)  # Qt's way to take a layout from a widget
        outer = QtWidgets.QVBoxLayout(self._viewport)
        outer.setContentsMargins(0, 0, 0, 0)
        if description:
            self._place(ElementTree.fromstring(description), outer)
        outer.activate()
        if isOther:
            self.layoutChanged.emit(state[0])

    def _place(self, element, layout, *where):
        """Put the view or the layout of an XML element into a Qt layout."""
        if element.tag == "view":
            widget = self._viewOf(element)
            layout.addWidget(widget, *where)
            widget.show()
            return
        kind = element.get("type", "horizontal")
        if kind == "tab":
            self._placeTabs(element, layout, *where)
            return
        inner = {
            "horizontal": QtWidgets.QHBoxLayout,
            "vertical": QtWidgets.QVBoxLayout,
            "grid": QtWidgets.QGridLayout,
        }[kind]()
        inner.setSpacing(1)
        layout.addLayout(inner, *where)
        for item in element:
            spot = [int(item.get(key, 0)) for key in ("row", "column")] if kind == "grid" else []
            if kind != "grid" and element.get("split") == "true":
                inner_index = inner.count()
                self._place(item[0], inner)
                inner.setStretch(inner_index, int(item.get("splitSize", 1)))
            else:
                self._place(item[0], inner, *spot)

    def _placeTabs(self, element, layout, *where):
        tabs = QtWidgets.QTabWidget(self._viewport)
        self._others.append(tabs)
        for item in element:
            page = QtWidgets.QWidget()
            self._place(item[0], QtWidgets.QVBoxLayout(page))
            tabs.addTab(page, item.get("name", ""))
        layout.addWidget(tabs, *where)
        tabs.show()

    def _viewOf(self, element):
        if element.get("class") == "vtkMRMLSliceNode":
            return self.sliceWidget(element.get("singletontag"))
        other = _OtherView(self._viewport)
        self._others.append(other)
        return other

    # What scripts use

    def viewport(self):
        """The widget that holds the views."""
        return self._viewport

    def layoutLogic(self):
        """The real vtkMRMLLayoutLogic."""
        return self._logic

    def mrmlScene(self):
        """The scene."""
        return slicer.mrmlScene

    def mrmlSliceLogics(self):
        """The slice logics of all slice views, as vtkCollection."""
        return self._logics

    def sliceViewNames(self):
        """Names of all slice views that exist, also of those that the layout does not show."""
        return tuple(widget.mrmlSliceNode().GetLayoutName() for widget in self._widgets.values())

    def sliceWidget(self, name):
        """The slice widget of this name, or None."""
        named = (w for w in self._widgets.values() if w.mrmlSliceNode().GetLayoutName() == name)
        return next(named, None)

    def setLayout(self, layout):
        """Show another layout."""
        self._logic.GetLayoutNode().SetViewArrangement(layout)

    def resetSliceViews(self):
        """Show the whole background volume in all slice views."""
        for widget in self._widgets.values():
            widget.sliceController().fitSliceToBackground()

    def resetThreeDViews(self):
        """Nothing is rendered here."""

    pauseRender = resumeRender = resetThreeDViews

    def setRenderPaused(self, pause):
        """Nothing is rendered here."""

    layout = prop(int, lambda self: self._logic.GetLayoutNode().GetViewArrangement(), setLayout)
    threeDViewCount = prop(int, lambda self: slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLViewNode"))
