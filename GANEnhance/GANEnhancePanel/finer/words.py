"""Finer grids in plain words."""

from slicer.i18n import tr as _

from GANEnhancePanel.choosing.card import sizeText


def gridText(verdict):
    """Return which grid a run gives and what it takes, by a row of `check`."""
    finer, memory = verdict["finer"], verdict["memory_mib"]
    text = _("Result: {voxels} voxels of {spacing} mm, {factors} times as many").format(
        voxels=times(reversed(finer["shape"])),
        spacing=times(finer["spacing_mm"]),
        factors=times(finer["factors"]),
    )
    if finer["resampled"]:
        text = _("Result: {voxels} voxels of {spacing} mm, on the grid of the chosen volume").format(
            voxels=times(reversed(finer["shape"])), spacing=times(finer["spacing_mm"])
        )
    if memory is None:
        return text + "."
    return _("{grid}; needs about {size} of memory.").format(grid=text, size=sizeText(memory * 2**20))


def rangeText(allowed):
    """Return the factors that a model was trained for along an axis: 1, or from the lowest to the highest."""
    low, high = allowed["factors"]
    return _("1, or {low} to {high}").format(low=f"{low:g}", high=f"{high:g}")


def finerName(finer):
    """Return what the name of a result says of its grid: the factors along i, j and k, else the spacing."""
    if finer["resampled"]:
        return f"{times(finer['spacing_mm'])} mm"
    return times(finer["factors"])


def times(numbers):
    """Return numbers with crosses between them, as in 1x1x3."""
    return "\u00d7".join(f"{number:.4g}" for number in numbers)
