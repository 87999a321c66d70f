"""Keeps window and level of compared volumes alike: whoever changes one of them changes all."""

import slicer
import vtk

from GANEnhancePanel.observing import ObserverMixin


class LinkedLooks(ObserverMixin):
    """Follows the display nodes of some volumes; the first change decides, nothing is changed before."""

    def __init__(self):
        """Follow nothing yet."""
        ObserverMixin.__init__(self)
        self._nodes = []
        self._known = {}
        self._isSetting = False

    def follow(self, volumes):
        """Follow the display nodes of these volumes, and no others any more."""
        self.removeObservers()
        self._nodes = [node.GetDisplayNode() for node in volumes if node.GetDisplayNode() is not None]
        self._known = {node.GetID(): _windowLevel(node) for node in self._nodes}
        for node in self._nodes:
            self.addObserver(node, vtk.vtkCommand.ModifiedEvent, self._onModified)

    def _onModified(self, changed, event):
        wanted = _windowLevel(changed)
        if self._isSetting or self._known.get(changed.GetID()) == wanted:
            return
        self._isSetting = True
        try:
            for node in self._nodes:
                self._known[node.GetID()] = wanted
                if node is not changed and node.GetScene() is not None:
                    with slicer.util.NodeModify(node):
                        node.SetAutoWindowLevel(False)
                        node.SetWindowLevel(*wanted)
        finally:
            self._isSetting = False


def _windowLevel(node):
    return node.GetWindow(), node.GetLevel()
