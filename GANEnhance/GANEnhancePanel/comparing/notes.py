"""Says in plain words what a comparison shows."""

from slicer.i18n import tr as _

from GANEnhancePanel.comparing.pair import isFiner, valueUnits
from GANEnhancePanel.parameters import CompareMode


def noteOf(mode, source, result, fill, isOnePair):
    """Return what the panel says below the choice of the comparison.

    :param fill: the fill that made the voxels, or None where none are made.
    :param isOnePair: whether the two volumes stand beside, not above, one another.
    """
    names = {"before": source.GetName(), "after": result.GetName()}
    if mode == CompareMode.sideBySide and isOnePair:
        return _("Left: {before}. Right: {after}. Scroll or zoom one view, and the other follows.").format(
            **names
        )
    if mode == CompareMode.sideBySide:
        return _("Top: {before}. Bottom: {after}. Scroll or zoom one view, and the others follow.").format(
            **names
        )
    if mode == CompareMode.fader:
        return _("0 shows {before}, 1 shows {after}.").format(**names)
    if mode == CompareMode.checkerboard:
        note = _("The tiles show {before} and {after} in turn.").format(**names)
    elif mode == CompareMode.swipe:
        note = _("Left of the line: {before}. Right of it: {after}.").format(**names)
    else:
        note = _differenceNote(fill, valueUnits(result))
    if isFiner(result):
        note += " " + _("{before} is interpolated to the finer grid.").format(**names)
    return note


def differenceCaption(reach, units):
    """Return the line that is written into the views beside a difference."""
    if not reach:
        return _("Input minus output: no change")
    return _("Input minus output: {low} to {high}").format(
        low=withUnits(-reach, units), high=withUnits(reach, units)
    )


def withUnits(number, units):
    """Return a number as text, with its units if it has any."""
    text = f"{number:.3g}".replace("-", "\u2212") if abs(number) < 1000 else f"{number:.0f}"
    return f"{text}\u00a0{units}".rstrip()


def _differenceNote(fill, units):
    if not fill.largest:
        return _("Input minus output: both volumes hold the same values everywhere.")
    note = _("Input minus output: from {low} (blue) over no change (black) to {high} (orange).").format(
        low=withUnits(-fill.range, units), high=withUnits(fill.range, units)
    )
    largest = _("The largest change is {value}.").format(value=withUnits(fill.largest, units))
    return f"{note} {largest}"
