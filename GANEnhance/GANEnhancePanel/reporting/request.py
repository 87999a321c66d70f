"""What is to be measured: a result, its source and what was chosen beside them, checked and fixed."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError, InputError
from GANEnhanceLib.options import MODALITIES
from GANEnhancePanel.comparing.pair import isFiner, sourceOf
from GANEnhancePanel.modality import NODE_ATTRIBUTE as MODALITY_ATTRIBUTE
from GANEnhancePanel.modality import modalityOfNode
from GANEnhancePanel.region.box import boxParams
from GANEnhancePanel.volumes import checkInputNode, ijkToRASArray

MILLIMETERS = 1e-3


@dataclass(frozen=True)
class MeasureTask:
    """A checked request; make it with `makeMeasureTask`.

    `reference` may be None, `dataRange` None takes that of the reference, `regions` has the protocol's
    `tissue` and `background` (None where there is none). `times` are the modification times of the voxels of
    each node that is read: they must not change meanwhile. `notes` says in sentences what was left out.
    `isFiner`: the source has to be interpolated to the grid of the result first.
    """

    result: Any
    source: Any
    reference: Any
    dataRange: float | None
    regions: dict
    modality: str | None
    times: dict
    notes: list = field(default_factory=list)
    isFiner: bool = False

    def isUnchanged(self):
        """Return whether all voxels are those that were meant."""
        return all(
            node.GetScene() is not None and node.GetImageData() is not None and _time(node) == time
            for node, time in self.times.items()
        )

    def requestParams(self, names):
        """Return the `params` of the worker's `measure`; `names` are the voxel files of the nodes.

        That of the source is on the grid of the result.
        """
        grid = self.result if self.isFiner else self.source
        return {
            "before": {
                "file": names[self.source],
                "ijk_to_ras": [float(element) for element in ijkToRASArray(grid).ravel()],
                "modality": self.modality,
                "name": "",
            },
            "after": names[self.result],
            "reference": names.get(self.reference),
            "data_range": self.dataRange,
            "regions": self.regions,
        }


def makeMeasureTask(result, reference=None, dataRange=0.0, tissueROI=None, backgroundROI=None):
    """Check what is chosen and return it as a MeasureTask.

    A reference or ROI that cannot be used is left out, with a note.

    :param dataRange: full scale of PSNR and SSIM in value units; 0 takes that of the reference.
    :raises InputError: result and source cannot be measured.
    """
    if result is None:
        raise InputError(_("There is no result to measure."), _("Enhance a volume first."))
    source = sourceOf(result)
    if source is None:
        raise InputError(
            _("The volume that {name} was made from is not in the scene.").format(name=result.GetName()),
            _("Load it, and enhance it again."),
        )
    for node in (source, result):
        checkInputNode(node)
    finer = isFiner(result) and result.GetTransformNodeID() == source.GetTransformNodeID()
    different = "" if finer else gridDifference(_("result"), result, _("source"), source)
    if different:
        raise InputError(different, _("Enhance the source again."))
    notes = []
    if finer:
        notes.append(
            _("Before: {name}, interpolated to the finer grid of the result.").format(name=source.GetName())
        )
    reference = _usableReference(reference, source, result, finer, notes)
    regions = {
        "tissue": _usableBox(tissueROI, source, notes),
        "background": _usableBox(backgroundROI, source, notes),
    }
    if (tissueROI is None) != (backgroundROI is None):
        notes.append(_("Contrast-to-noise needs both a tissue and a background ROI."))
    nodes = [source, result] if reference is None else [source, result, reference]
    return MeasureTask(
        result=result,
        source=source,
        reference=reference,
        dataRange=float(dataRange) if reference is not None and dataRange > 0 else None,
        regions=regions,
        modality=_modality(result, source),
        times={node: _time(node) for node in nodes},
        notes=notes,
        isFiner=finer,
    )


def gridDifference(oneName, one, otherName, other):
    """Return in one sentence why two volumes are not on one grid; "" if they are.

    :param oneName: what the volume is ("result"), as the sentence calls it.
    """
    sizes = [node.GetImageData().GetDimensions() for node in (one, other)]
    if sizes[0] != sizes[1]:
        return _("The {one} has {size} voxels, but the {other} has {otherSize}.").format(
            one=oneName,
            size="\u00d7".join(map(str, sizes[0])),
            other=otherName,
            otherSize="\u00d7".join(map(str, sizes[1])),
        )
    corners = np.array([[0, 0, 0, 1], [*sizes[0], 1]], dtype=float).T
    distance = np.abs((ijkToRASArray(one) - ijkToRASArray(other)) @ corners).max()
    if one.GetTransformNodeID() == other.GetTransformNodeID() and distance < MILLIMETERS:
        return ""
    return _("The {one} does not lie where the {other} lies.").format(one=oneName, other=otherName)


def _usableReference(reference, source, result, finer, notes):
    if reference is None:
        return None
    try:
        if reference is result:
            raise InputError(_("The reference is the result itself."), _("Choose another reference."))
        checkInputNode(reference)
        if finer:
            different = gridDifference(_("reference"), reference, _("result"), result)
            hint = _("Resample it onto the result first.")
        else:
            different = gridDifference(_("reference"), reference, _("source"), source)
            hint = _("Resample it onto the source first.")
        if different:
            raise InputError(different, hint)
    except GANEnhanceError as error:
        notes.append(str(error))
        return None
    return reference


def _usableBox(roi, source, notes):
    if roi is None:
        return None
    try:
        return boxParams(roi, source, 0.0)
    except GANEnhanceError as error:
        notes.append(str(error))
        return None


def _modality(result, source):
    """Return what counts as the modality of the run: as the result says, else as DICOM says."""
    known = result.GetAttribute(MODALITY_ATTRIBUTE) or modalityOfNode(source)
    return known if known in MODALITIES else None


def _time(node):
    return node.GetImageData().GetMTime()
