"""The colors of a difference: blue below zero, black at zero, orange above, alike on both sides."""

import slicer
from slicer.i18n import tr as _

COUNT = 256
# Brightness and color from zero outwards; told apart by people with any color vision.
NEGATIVE = ((0.0, 0.0, 0.0), (0.05, 0.35, 0.80), (0.65, 0.90, 1.00))
POSITIVE = ((0.0, 0.0, 0.0), (0.85, 0.33, 0.05), (1.00, 0.88, 0.60))


def makeDifferenceColors():
    """Add a hidden color node, which is not saved, to the scene and return it."""
    node = slicer.vtkMRMLColorTableNode()
    node.SetName(_("GANEnhance difference"))
    node.SetTypeToUser()
    node.SetNumberOfColors(COUNT)
    for number in range(COUNT):
        node.SetColor(number, f"{number}", *colorAt(_valueOf(number)), 1.0)
    node.GetLookupTable().SetTableRange(0, COUNT - 1)
    node.HideFromEditorsOn()
    node.SaveWithSceneOff()
    return slicer.mrmlScene.AddNode(node)


def _valueOf(number):
    """Return the value (-1 to 1) of a color; zero lies between the two in the middle, which are both its."""
    half = COUNT // 2
    return (number - half + (number < half)) / (half - 1)


def colorAt(value):
    """Return red, green and blue (0 to 1) of a value from -1 to 1."""
    stops = NEGATIVE if value < 0 else POSITIVE
    place = abs(value) * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    share = place - index
    return tuple(a + share * (b - a) for a, b in zip(stops[index], stops[index + 1], strict=True))


def addLegend(display, units):
    """Add a color legend of a display node to the views; returns the nodes that were made for it."""
    module = getattr(slicer.modules, "colors", None)
    if module is None:
        return []
    legend = module.logic().AddDefaultColorLegendDisplayNode(display)
    if legend is None:
        return []
    legend.SaveWithSceneOff()
    legend.SetTitleText(units or _("Change"))
    return [legend]
