"""Finds the slice views of the present layout by their MRML nodes: no widget is asked."""

import xml.etree.ElementTree as ElementTree

import slicer

SLICE_CLASS = "vtkMRMLSliceNode"


def canShow():
    """Return whether there are views at all: without a main window there are none."""
    return slicer.app.layoutManager() is not None and layoutNode() is not None


def layoutNode():
    """Return the scene's layout node, or None."""
    return slicer.mrmlScene.GetFirstNodeByClass("vtkMRMLLayoutNode")


def shownNames():
    """Return the names of the slice views in the present layout, in the order of the layout."""
    node = layoutNode()
    description = node.GetCurrentLayoutDescription() if node is not None else None
    if not description:
        return []
    try:
        root = ElementTree.fromstring(description)
    except ElementTree.ParseError:
        return []
    names = [view.get("singletontag") for view in root.iter("view") if view.get("class") == SLICE_CLASS]
    return [name for name in names if name and sliceNode(name) is not None]


def sliceNode(name):
    """Return the slice node of the view with this name, or None."""
    return slicer.mrmlScene.GetSingletonNode(name, SLICE_CLASS)


def compositeNode(name):
    """Return the node that says which volumes the view with this name shows, or None."""
    for node in compositeNodes():
        if node.GetLayoutName() == name:
            return node
    return None


def compositeNodes():
    """Return the nodes that say which volumes a slice view shows, of all views."""
    scene, kind = slicer.mrmlScene, "vtkMRMLSliceCompositeNode"
    return [scene.GetNthNodeByClass(index, kind) for index in range(scene.GetNumberOfNodesByClass(kind))]


def column(matrix, number):
    """Return a column (0 to 2) of a 4x4 matrix as three numbers."""
    return [matrix.GetElement(row, number) for row in range(3)]
