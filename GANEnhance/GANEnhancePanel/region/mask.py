"""Writes the voxels of a segment or of labels as a mask on the grid of a volume, a few slices at a time.

Another grid is sampled at the centers of the volume's voxels (nearest neighbor), under any linear transforms.
"""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
import slicer
import vtk
from slicer.i18n import tr as _
from vtk.util import numpy_support

from GANEnhanceLib.errors import InputError, OutputError
from GANEnhancePanel.region.space import arrayFromMatrix, ijkToWorld, toWorld

# Voxels of the mask that are sampled in one step: a few milliseconds.
STEP_VOXELS = 100_000


@dataclass(frozen=True)
class Labels:
    """Labels in image data: `label` is the one that counts, None means all above 0.

    `fromWorld` is the map from world to the image's (i, j, k), which begin at `image.GetExtent()`. `name` is
    the label that the report names; None where it would say nothing (segments).
    """

    image: Any
    label: int | None
    fromWorld: np.ndarray
    time: int
    name: int | None = None


@dataclass(frozen=True)
class MaskSource:
    """A mask that is not yet a file: labels and a grid, fixed at the moment of asking.

    `toLabels` is the map from the volume's (i, j, k) to those of the labels, `shape` (k, j, i) is that of the
    volume, `feather` is in mm.
    """

    labels: Labels
    toLabels: np.ndarray
    shape: tuple[int, int, int]
    feather: float

    def key(self):
        """Return what the voxels of the mask depend on, as something that can be compared."""
        # Not more digits than matter: inverses are not exact.
        digits = tuple(np.round(self.toLabels, 9).ravel().tolist())
        return (id(self.labels.image), self.labels.time, self.labels.label, digits, self.shape)

    def params(self, fileName):
        """Return the `region` of the protocol for a mask in `fileName` of the worker's folder."""
        return {
            "kind": "mask",
            "file": fileName,
            "label": self.labels.name,
            "feather_mm": float(self.feather),
        }

    def isUnchanged(self):
        """Whether the labels are still those that were meant."""
        return self.labels.image.GetMTime() == self.labels.time


def maskSource(labels, volume, feather):
    """Return the mask of Labels on the grid of a volume node."""
    shape = tuple(volume.GetImageData().GetDimensions()[::-1])
    return MaskSource(labels, labels.fromWorld @ ijkToWorld(volume), shape, feather)


def labelsOfLabelMap(node, label):
    """Return the Labels of a label map volume node; `label` 0 takes all labels above 0.

    :raises InputError: the node is missing, has no voxels, or is under a transform that is not linear.
    """
    if node is None:
        raise InputError(_("No label map is chosen."), _("Choose the label map to enhance inside of."))
    image = node.GetImageData()
    if image is None or image.GetNumberOfPoints() == 0:
        raise InputError(
            _("The label map {name} has no voxels.").format(name=node.GetName()), _("Choose another one.")
        )
    label = label or None
    return Labels(image, label, np.linalg.inv(ijkToWorld(node)), image.GetMTime(), label)


def labelsOfSegment(segmentation, segmentID):
    """Return the Labels of a segment of a segmentation node.

    :raises InputError: there is no such segment, or it is empty or has no binary labelmap, or the node is
        under a transform that is not linear.
    """
    if segmentation is None:
        raise InputError(_("No segmentation is chosen."), _("Choose the segmentation to enhance inside of."))
    segment = segmentation.GetSegmentation().GetSegment(segmentID) if segmentID else None
    if segment is None:
        raise InputError(_("No segment is chosen."), _("Choose the segment to enhance inside of."))
    kind = slicer.vtkSegmentationConverter.GetSegmentationBinaryLabelmapRepresentationName()
    image = segment.GetRepresentation(kind)
    if image is None:
        raise InputError(
            _("The segment {name} has no binary labelmap.").format(name=segment.GetName()),
            _("Create that representation in the Segmentations module."),
        )
    if image.GetNumberOfPoints() == 0 or image.GetPointData().GetScalars() is None:
        raise InputError(
            _("The segment {name} is empty.").format(name=segment.GetName()), _("Choose another segment.")
        )
    matrix = vtk.vtkMatrix4x4()
    image.GetImageToWorldMatrix(matrix)
    fromWorld = np.linalg.inv(toWorld(segmentation) @ arrayFromMatrix(matrix))
    return Labels(image, int(segment.GetLabelValue()), fromWorld, image.GetMTime())


def writeMask(source, path):
    """Write the voxels of a MaskSource, (k, j, i), to a `.npy` file: the label's number inside, 0 outside.

    A generator that yields the fraction written. If it is closed or fails, no file is left.

    :raises InputError: the labels changed meanwhile, or nothing of them lies inside the volume.
    :raises OutputError: the file cannot be written.
    """
    inside = source.labels.name or 1
    dtype = np.dtype(np.uint8 if inside < 256 else np.uint16)
    sampler, found, complete = _Sampler(source), False, False
    try:
        with open(path, "xb") as stream:
            header = {"descr": dtype.str, "fortran_order": False, "shape": source.shape}
            np.lib.format.write_array_header_1_0(stream, header)
            for k, rows, fraction in _parts(source.shape):
                part = sampler.sample(k, rows)
                found = found or bool(part.any())
                stream.write(part.astype(dtype) * dtype.type(inside))
                yield fraction
        if not found:
            raise InputError(
                _("The region has no voxel inside the volume."),
                _("Choose another segment or label, or the whole volume."),
            )
        complete = True
    except OSError as error:
        raise OutputError(
            _("The region cannot be written to {folder} ({reason}).").format(
                folder=os.path.dirname(path), reason=error.strerror or type(error).__name__
            ),
            _("Free some space on that disk, or set another temporary folder in the application's settings."),
        ) from error
    finally:
        if not complete and os.path.exists(path):
            os.remove(path)


def _parts(shape):
    """Yield (k, range of j, fraction done) of parts that take a few milliseconds each."""
    rows = max(1, STEP_VOXELS // shape[2])
    for k in range(shape[0]):
        for first in range(0, shape[1], rows):
            last = min(first + rows, shape[1])
            yield k, range(first, last), (k + last / shape[1]) / shape[0]


class _Sampler:
    """Finds out which voxels of the grid of a MaskSource lie in its labels."""

    def __init__(self, source):
        self._source, self._label, self._toLabels = source, source.labels.label, source.toLabels
        # Straight: each axis of the labels runs along one axis of the grid.
        axes = np.abs(self._toLabels[:3, :3])
        runs = axes > 1e-6 * axes.max()
        self._isStraight = bool((runs.sum(axis=0) == 1).all() and (runs.sum(axis=1) == 1).all())
        self._along = runs.argmax(axis=1)

    def sample(self, k, rows):
        """Return rows `rows` (a range of j) of slice `k` as bool (j, i)."""
        if not self._source.isUnchanged():
            raise InputError(_("The region changed while it was copied."), _("Try again."))
        image = self._source.labels.image
        # Taken anew for each part: the node may have got other voxels while the application went on.
        voxels, first = _arrayOf(image), image.GetExtent()[::2]
        ranges = (np.arange(self._source.shape[2]), np.arange(rows.start, rows.stop), np.array([k]))
        sample = self._sampleStraight if self._isStraight else self._sampleTurned
        return sample(voxels, first, ranges)

    def _sampleStraight(self, voxels, first, ranges):
        """Each of i, j, k of the labels depends on one axis of the grid only."""
        places, valid = [], [None] * 3
        for axis in range(3):
            own = self._along[axis]
            place = self._toLabels[axis, own] * ranges[own] + self._toLabels[axis, 3]
            place = _nearest(place) - first[axis]
            valid[own] = (place >= 0) & (place < voxels.shape[2 - axis])
            shape = [1, 1, 1]
            shape[2 - own] = len(place)
            places.append(np.clip(place, 0, voxels.shape[2 - axis] - 1).reshape(shape))
        result = np.zeros((len(ranges[2]), len(ranges[1]), len(ranges[0])), bool)
        if all(each.any() for each in valid):
            result = self._isInside(voxels[places[2], places[1], places[0]])
            result = result & valid[2][:, None, None] & valid[1][:, None] & valid[0]
        return result[0]

    def _sampleTurned(self, voxels, first, ranges):
        i, j, k = ranges[0], ranges[1][:, None], ranges[2][0]
        inside, places = True, []
        for axis in range(3):
            x, y, z, offset = self._toLabels[axis]
            place = _nearest((z * k + offset + y * j) + x * i) - first[axis]
            inside = inside & (place >= 0) & (place < voxels.shape[2 - axis])
            places.append(place)
        result = np.zeros(inside.shape, bool)
        if inside.any():
            result[inside] = self._isInside(voxels[tuple(place[inside] for place in places[::-1])])
        return result

    def _isInside(self, values):
        return values > 0 if self._label is None else values == self._label


def _arrayOf(image):
    """Return the voxels (k, j, i) of image data, without copying."""
    dimensions = image.GetDimensions()
    return numpy_support.vtk_to_numpy(image.GetPointData().GetScalars()).reshape(dimensions[::-1])


def _nearest(places):
    """Round to the nearest voxel; those in the middle go up, also where rounding puts them just below."""
    return np.floor(places + 0.5 + 1e-6).astype(np.int64)
