"""Remembers what the user's views showed, in the parameter node, and brings exactly that back.

Kept in the scene, so that a scene saved in the middle of a comparison still knows the way back: numbers as
JSON text in the parameter `compareLayout`, volumes as node references of the parameter node, whose IDs the
scene follows when it is loaded.
"""

import json

import slicer

from GANEnhancePanel.comparing import views
from GANEnhancePanel.output import SOURCE_ROLE

VOLUME_ROLE = "GANEnhance.compare.{view}.{layer}"
LAYERS = ("Background", "Foreground", "Label")


class UserViews:
    """What the views showed before the comparison, for one parameter node."""

    def __init__(self, parameterNode):
        """Read what is remembered already; nothing is changed."""
        self._node = parameterNode
        self._kept = _decoded(parameterNode.compareLayout)

    @property
    def isRemembered(self):
        """Whether there is something to go back to."""
        return bool(self._kept)

    def remember(self):
        """Remember the layout, and no view yet."""
        self._kept = {"layout": int(views.layoutNode().GetViewArrangement()), "shown": None, "views": {}}
        self._keep()

    def rememberShown(self, layout):
        """Remember that `layout` is shown by us: if another one is found later, the user chose it."""
        self._kept["shown"] = int(layout)
        self._keep()

    def rememberView(self, name):
        """Remember what one slice view shows, unless it is remembered already."""
        if name in self._kept["views"]:
            return
        shown, node = views.compositeNode(name), views.sliceNode(name)
        if shown is None:
            return
        self._kept["views"][name] = {
            "foregroundOpacity": shown.GetForegroundOpacity(),
            "labelOpacity": shown.GetLabelOpacity(),
            "compositing": int(shown.GetCompositing()),
            "linked": int(shown.GetLinkedControl()),
            "hotLinked": int(shown.GetHotLinkedControl()),
            "dimensions": list(node.GetDimensions()),
            "fieldOfView": list(node.GetFieldOfView()),
            "xyzOrigin": list(node.GetXYZOrigin()),
            "hadBackground": shown.GetBackgroundVolumeID() is not None,
        }
        for layer in LAYERS:
            identifier = getattr(shown, f"Get{layer}VolumeID")()
            self._node.parameterNode.SetNodeReferenceID(_role(name, layer), identifier)
        self._keep()

    def restore(self, ours):
        """Bring everything back, and remember nothing any more.

        :param ours: the volumes that the comparison put into the views, the source first. A volume that
            somebody else put there since stays, and so does a layout that the user chose since.
        """
        kept, self._kept = self._kept, {}
        if not kept:
            return
        layout = views.layoutNode()
        if layout is not None and layout.GetViewArrangement() == kept["shown"]:
            layout.SetViewArrangement(kept["layout"])
        for name, state in kept["views"].items():
            shown, node = views.compositeNode(name), views.sliceNode(name)
            if shown is not None and node is not None:
                self._restoreView(name, state, shown, node, ours)
        for name in kept["views"]:
            for layer in LAYERS:
                self._node.parameterNode.RemoveNodeReferenceIDs(_role(name, layer))
        self._node.compareLayout = ""

    def _restoreView(self, name, state, shown, node, ours):
        with slicer.util.NodeModify(shown):
            for layer in LAYERS:
                self._restoreVolume(name, layer, shown, ours)
            if state["hadBackground"] and shown.GetBackgroundVolumeID() is None and ours:
                # What was shown is deleted.
                shown.SetBackgroundVolumeID(ours[0].GetID())
            shown.SetForegroundOpacity(state["foregroundOpacity"])
            shown.SetLabelOpacity(state["labelOpacity"])
            shown.SetCompositing(state["compositing"])
            shown.SetLinkedControl(state["linked"])
            shown.SetHotLinkedControl(state["hotLinked"])
        # In a view of another size the same field of view would be distorted.
        if list(node.GetDimensions()) == state["dimensions"]:
            with slicer.util.NodeModify(node):
                node.SetFieldOfView(*state["fieldOfView"])
                node.SetXYZOrigin(*state["xyzOrigin"])

    def _restoreVolume(self, name, layer, shown, ours):
        volume = self._node.parameterNode.GetNodeReference(_role(name, layer))
        present = getattr(shown, f"Get{layer}VolumeID")()
        if present is None or layer == "Label" or _isOurs(present, ours):
            getattr(shown, f"Set{layer}VolumeID")(volume.GetID() if volume is not None else None)

    def _keep(self):
        self._node.compareLayout = json.dumps(self._kept, sort_keys=True)


def _isOurs(identifier, ours):
    """Whether a volume was put into a view by a comparison, or by a run that ended during it."""
    identifiers = [node.GetID() for node in ours]
    node = slicer.mrmlScene.GetNodeByID(identifier)
    source = node.GetNodeReferenceID(SOURCE_ROLE) if node is not None else None
    return identifier in identifiers or source in identifiers


def _role(name, layer):
    return VOLUME_ROLE.format(view=name, layer=layer)


def _decoded(text):
    """Return what a parameter holds; a text that is not ours (another version) counts as nothing."""
    try:
        kept = json.loads(text or "{}")
        return kept if {"layout", "shown", "views"} <= set(kept) else {}
    except (ValueError, TypeError):
        return {}
