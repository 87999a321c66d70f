"""Keeps in a result the volume that gave its grid, and sets the choice of the grid as it was for a result."""

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.finer.grid import Grid
from GANEnhancePanel.finer.choice import acquisitionAxis, gridLike
from GANEnhancePanel.parameters import FinerKind

LIKE_ROLE = "GANEnhance.like"


def rememberLike(parameters, node, report):
    """Keep in a result the node whose grid it has."""
    options = report.get("options") or {}
    if parameters.finerKind == FinerKind.like and options.get("like") and parameters.finerLike is not None:
        node.SetNodeReferenceID(LIKE_ROLE, parameters.finerLike.GetID())


def setFiner(parameters, node, source, options):
    """Set the choice of the grid by the options of a run; returns what could not be set, as sentences.

    :param node: the result, `source` what it was made from.
    """
    scale, spacing, like = (options.get(name) for name in ("scale", "spacing", "like"))
    if like is not None:
        return _setLike(parameters, node, source, like)
    if isinstance(spacing, (int, float)):
        parameters.finerKind, parameters.finerSpacing = FinerKind.spacing, float(spacing)
        return []
    if scale is not None:
        through = 2 - acquisitionAxis(source)
        within = {float(factor) for axis, factor in enumerate(scale) if axis != through}
        if len(within) == 1:
            parameters.finerKind = FinerKind.factors
            parameters.finerThroughPlane, parameters.finerInPlane = float(scale[through]), within.pop()
            return []
    parameters.finerKind = FinerKind.automatic
    if scale is None and spacing is None:
        return []
    return [_("The panel has no control for the finer grid of that run: choose one again.")]


def _setLike(parameters, node, source, like):
    given = node.GetNodeReference(LIKE_ROLE)
    parameters.finerKind, parameters.finerLike = FinerKind.like, given
    try:
        if given is not None and Grid.from_dict(gridLike(given, source)).is_like(Grid.from_dict(like)):
            return []
    except GANEnhanceError:
        pass
    return [_("The volume that gave the finer grid is not in the scene as it was: choose the grid again.")]
