"""Adds "Show provenance" and "Run again" to the menu of an enhanced volume in the Data module.

The application loads this file by its name and makes the class of that name; it owns no items.
"""

import qt
import slicer
from slicer.i18n import tr as _
from SubjectHierarchyPlugins import AbstractScriptedSubjectHierarchyPlugin


class GANEnhanceSubjectHierarchyPlugin(AbstractScriptedSubjectHierarchyPlugin):
    """The entries, shown for volumes that this module made and for no others."""

    filePath = __file__

    def __init__(self, scriptedPlugin):
        """Make the entries; the base class registers the plugin."""
        scriptedPlugin.name = "GANEnhance"
        AbstractScriptedSubjectHierarchyPlugin.__init__(self, scriptedPlugin)
        self.showAction = qt.QAction(_("Show GANEnhance provenance"), scriptedPlugin)
        self.showAction.objectName = "GANEnhanceShowProvenanceAction"
        self.showAction.connect("triggered()", self.onShow)
        self.againAction = qt.QAction(_("Run GANEnhance again with these settings"), scriptedPlugin)
        self.againAction.objectName = "GANEnhanceRunAgainAction"
        self.againAction.connect("triggered()", self.onAgain)

    def canAddNodeToSubjectHierarchy(self, node, parentItemID):
        """Return how well this plugin would own a node: not at all."""
        return 0.0

    def canOwnSubjectHierarchyItem(self, itemID):
        """Return how well this plugin would own an item: not at all."""
        return 0.0

    def roleForPlugin(self):
        """Return the role of owned items: there are none."""
        return "N/A"

    def itemContextMenuActions(self):
        """Return the entries."""
        return [self.showAction, self.againAction]

    def showContextMenuActionsForItem(self, itemID):
        """Show the entries if the item is an enhanced volume."""
        isResult = self._resultOf(itemID) is not None
        self.showAction.visible = isResult
        self.againAction.visible = isResult

    def onShow(self):
        """Open the module with the text."""
        self._open("provenance")

    def onAgain(self):
        """Open the module with the settings of the volume."""
        self._open("again")

    def _open(self, context):
        handler = slicer.qSlicerSubjectHierarchyPluginHandler.instance()
        node = self._resultOf(handler.currentItem())
        if node is None:
            return
        if slicer.app.layoutManager() is not None:
            slicer.util.selectModule("GANEnhance")
        slicer.modules.ganenhance.widgetRepresentation().self().setEditedNode(node, "", context)

    def _resultOf(self, itemID):
        from GANEnhancePanel.comparing.pair import isResult

        hierarchy = slicer.qSlicerSubjectHierarchyPluginHandler.instance().subjectHierarchyNode()
        node = hierarchy.GetItemDataNode(itemID) if hierarchy is not None and itemID else None
        return node if node is not None and isResult(node) else None
