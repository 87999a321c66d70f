"""How fine a result shall be, from the parameter node to the options of a run, for one volume."""

import numpy as np
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.volume import Volume
from GANEnhancePanel.parameters import FinerKind
from GANEnhancePanel.region.space import toWorld
from GANEnhancePanel.volumes import ijkToRASArray

# Of the options of a run: at most one of them is given.
NAMES = ("scale", "spacing", "like")


def finerOptions(parameterNode, ability, volume):
    """Return the options of a run that say how fine the result of a volume node shall be.

    No voxel is read. {} where nothing is asked for: then voxels become cubes, as far as the model goes.

    :param ability: `super_resolution` of the model (row of `models`), None for one that keeps the grid.
    :raises InputError: the volume to be like is missing or cannot be used.
    """
    kind = parameterNode.finerKind
    if ability is None or kind == FinerKind.automatic:
        return {}
    if kind == FinerKind.spacing:
        return {"spacing": parameterNode.finerSpacing}
    if kind == FinerKind.like:
        return {"like": gridLike(parameterNode.finerLike, volume)}
    through = parameterNode.finerThroughPlane if ability["through_plane"] else 1.0
    within = parameterNode.finerInPlane if ability["in_plane"] else 1.0
    scale = [within] * 3
    scale[2 - acquisitionAxis(volume)] = through
    return {"scale": tuple(scale)}


def acquisitionAxis(volume):
    """Return the array axis (0 k, 1 j, 2 i) along which the slices of a volume node were taken."""
    shape = volume.GetImageData().GetDimensions()[::-1]
    return Volume(np.broadcast_to(np.float32(0), shape), ijkToRASArray(volume)).acquisition_axis


def gridLike(node, volume):
    """Return the grid of a volume node as a dict (`GANEnhanceLib.finer.grid`), in the RAS of another volume.

    :raises InputError: there is none, or a transform above one of them is not linear.
    """
    if node is None:
        raise InputError(
            _("No volume is chosen that the result shall be like."),
            _("Choose one, or another way to say how fine."),
        )
    if node.GetImageData() is None or 0 in node.GetImageData().GetDimensions():
        raise InputError(
            _("{name}, which the result shall be like, has no voxels.").format(name=node.GetName()),
            _("Choose another volume."),
        )
    matrix = ijkToRASArray(node)
    if node.GetTransformNodeID() != volume.GetTransformNodeID():
        try:
            matrix = np.linalg.inv(toWorld(volume)) @ toWorld(node) @ matrix
        except InputError as error:
            raise InputError(
                error.sentence, _("Harden that transform first, or choose another volume.")
            ) from error
    return Grid.make(node.GetImageData().GetDimensions()[::-1], matrix).to_dict()
