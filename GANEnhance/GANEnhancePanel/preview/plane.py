"""Which slice of a volume a slice view shows: the nearest one along the axis most parallel to the view."""

from dataclasses import dataclass

import numpy as np
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhancePanel.region.space import arrayFromMatrix, ijkToWorld, matrixFromArray

# A view that is turned against the slices by less shows a slice to its edges.
OBLIQUE_DEGREES = 0.05
AXES = ("i", "j", "k")


@dataclass(frozen=True)
class Plane:
    """A slice: `axis` "i", "j" or "k", `index` from 0, and the angle between it and the view in degrees."""

    axis: str
    index: int
    degrees: float

    @property
    def isOblique(self):
        """Whether the view cuts through more than this slice."""
        return self.degrees > OBLIQUE_DEGREES


def planeOf(sliceNode, volume):
    """Return the Plane of a volume node that a slice node shows in its middle.

    :raises InputError: the view does not meet the volume, or a transform above it is not linear.
    """
    toWorld, view = ijkToWorld(volume), arrayFromMatrix(sliceNode.GetSliceToRAS())
    cosines = [abs(normal @ _unit(view[:3, 2])) for normal in _normals(toWorld)]
    axis = int(np.argmax(cosines))
    place = (np.linalg.inv(toWorld) @ view[:, 3])[axis]
    # Views often lie exactly between two slices: rounding must not decide differently each time.
    index = int(np.floor(place + 0.5 + 1e-6))
    size = volume.GetImageData().GetDimensions()[axis]
    if not 0 <= index < size:
        raise InputError(
            _("The {view} view does not show {name} where it is.").format(
                view=sliceNode.GetLayoutName(), name=volume.GetName()
            ),
            _("Move the view's slice into the volume."),
        )
    return Plane(AXES[axis], index, float(np.degrees(np.arccos(min(1.0, cosines[axis])))))


def turnToSlices(sliceNode, volume, plane):
    """Turn a view by the least angle that lays it along a slice of a volume, and move it into that slice."""
    view, toWorld = arrayFromMatrix(sliceNode.GetSliceToRAS()), ijkToWorld(volume)
    axis = AXES.index(plane.axis)
    normal = _normals(toWorld)[axis]
    normal = normal if normal @ view[:3, 2] > 0 else -normal
    right = _unit(view[:3, 0] - normal * (normal @ view[:3, 0]))
    up = np.cross(normal, right)
    # Views may be mirrored.
    view[:3, 1] = up if up @ view[:3, 1] > 0 else -up
    view[:3, 0], view[:3, 2] = right, normal
    inSlice = toWorld[:3] @ [*(plane.index if other == axis else 0 for other in range(3)), 1]
    view[:3, 3] += normal * (normal @ (inSlice - view[:3, 3]))
    sliceNode.GetSliceToRAS().DeepCopy(matrixFromArray(view))
    sliceNode.UpdateMatrices()


def _normals(toWorld):
    """Return the unit normals of the slices along i, j and k."""
    columns = toWorld[:3, :3].T
    return [_unit(np.cross(columns[(axis + 1) % 3], columns[(axis + 2) % 3])) for axis in range(3)]


def _unit(vector):
    return vector / np.linalg.norm(vector)
