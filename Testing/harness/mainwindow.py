"""Stand-in of the main window: module panel at the left, slice views of the layout at the right."""

import slicer
from PySide6 import QtCore, QtWidgets
from PySide6.QtCore import Signal

from .ctkwidgets import prop
from .layoutmanager import qSlicerLayoutManager
from .qtobjects import pythonQtClass, standin

WIDTH, HEIGHT, PANEL_WIDTH = 1200, 800, 400
_KINDS = ("Slice", "SliceComposite", "SliceDisplay", "Layout", "View", "Camera", "Interaction")
_KINDS += ("Crosshair", "TableView", "PlotView")


@standin
class qSlicerModuleSelectorToolBar(pythonQtClass(QtWidgets.QToolBar)):
    """The bar in which a person chooses a module."""

    moduleSelected = Signal(str)

    def __init__(self, parent=None):
        super().__init__(parent)
        self._name, self._label, self._box = "", QtWidgets.QLabel(" Modules: "), QtWidgets.QComboBox()
        self._box.setSizeAdjustPolicy(QtWidgets.QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.addWidget(self._label)
        self.addWidget(self._box)

    def selectModule(self, name):
        """Leave the chosen module, enter this one."""
        module = slicer.app.moduleManager().module(name)
        if module is None or name == self._name:
            return
        old = slicer.app.moduleManager().module(self._name)
        if old is not None and old.widgetRepresentation().isEntered:
            old.widgetRepresentation().exit()
        self._name = name
        self._box.clear()
        self._box.addItem(module.title)
        if not module.widgetRepresentation().isEntered:
            module.widgetRepresentation().enter()
        self.moduleSelected.emit(name)

    selectedModule = prop(str, lambda self: self._name, selectModule)


@standin
class qSlicerMainWindow(pythonQtClass(QtWidgets.QMainWindow)):
    """The main window."""

    def __init__(self):
        super().__init__()
        self.setObjectName("qSlicerMainWindow")
        self.setWindowTitle("3D Slicer (harness)")
        self._selector = qSlicerModuleSelectorToolBar(self)
        self.addToolBar(self._selector)
        self._panel = QtWidgets.QScrollArea()
        self._panel.setWidgetResizable(True)
        self._panel.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        dock = QtWidgets.QDockWidget(self)
        dock.setWidget(self._panel)
        dock.setTitleBarWidget(QtWidgets.QWidget())
        self.addDockWidget(QtCore.Qt.DockWidgetArea.LeftDockWidgetArea, dock)
        self._dock = dock
        self._viewport = pythonQtClass(QtWidgets.QWidget)()
        self.setCentralWidget(self._viewport)
        self._resizeTo(WIDTH, HEIGHT, PANEL_WIDTH)

    def _resizeTo(self, width, height, panelWidth):
        self.resize(width, height)
        self.show()
        self.resizeDocks([self._dock], [panelWidth], QtCore.Qt.Orientation.Horizontal)
        for _ in range(5):  # labels that wrap know their height only after their width
            QtWidgets.QApplication.processEvents()

    def moduleSelector(self):
        """The bar in which a person chooses a module."""
        return self._selector


class MainWindow:
    """The open main window and its layout manager; `close` brings back what was there without them."""

    def __init__(self):
        scene = slicer.mrmlScene
        self._before = {scene.GetNthNode(i).GetID() for i in range(scene.GetNumberOfNodes())}
        self.window = qSlicerMainWindow()
        self.layoutManager = qSlicerLayoutManager(self.window._viewport)
        QtWidgets.QApplication.processEvents()

    def close(self):
        """Remove window, layout manager and the nodes of the views."""
        scene = slicer.mrmlScene
        slices = self.layoutManager._nodesOfSlices()
        self.layoutManager._release()
        nodes = [scene.GetNthNode(i) for i in range(scene.GetNumberOfNodes())]
        kinds = [f"vtkMRML{kind}Node" for kind in _KINDS]
        views = [n for n in nodes if n.GetID() not in self._before and n.GetClassName() in kinds]
        for node in slices + views:
            if scene.IsNodePresent(node):
                scene.RemoveNode(node)
        self.window.close()
        self.window.deleteLater()
        QtCore.QCoreApplication.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)

    def picture(self, module, path, size, panelWidth, scale, seen=None):
        """Write a picture of the window with the panel of a module (LoadedModule) in it."""
        from .pictures import writePicture

        widget = module.widgetRepresentation()
        parent, place, wasShown = widget.parentWidget(), widget.geometry, widget.visible
        self.window._selector._box.clear()
        self.window._selector._box.addItem(module.module.title)
        self.window._panel.setWidget(widget)
        widget.show()
        self.window._resizeTo(*size, panelWidth)
        if seen is not None:
            self.window._panel.ensureWidgetVisible(seen)
        try:
            return writePicture(self.window, path, scale)
        finally:
            self.window._panel.takeWidget()
            widget.setParent(parent)
            widget.setGeometry(place)
            widget.setVisible(wasShown)
