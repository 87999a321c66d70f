"""How sharp an image is: the width of its edges in mm, and the slope of its values there.

The edges are looked for in one image (of a run: in the result, where noise does not make false ones) and
measured in any image on the same grid, at the same places and across the same directions. Both measures are
made of sums of values with fixed weights, so noise cancels out in them: removing noise does not count as
losing sharpness, and adding noise not as gaining it.

An edge is the derivative of a Gaussian across its direction, at two scales. A step that is blurred by a
Gaussian of standard deviation s has, at scale a, the slope contrast / sqrt(2 pi (s^2 + a^2)), so the ratio R
of the slopes at the scales a < b gives s^2 = (b^2 - R^2 a^2) / (R^2 - 1): J. H. Elder, S. W. Zucker, "Local
scale control for edge detection and blur estimation", IEEE Trans. PAMI 20 (1998) 699-716; S. Zhuo, T. Sim,
"Defocus map estimation from a single image", Pattern Recognition 44 (2011) 1852-1858. The distance over which
such a step rises from 10 to 90 % is 2.563 s.
"""

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics._slices import run_to_end

RISE_10_90 = 2.5631031310892007  # of a Gaussian-blurred step, in standard deviations of the blur

# The two scales, in voxels of the larger spacing in the slice. Edges are placed at the coarse one: there the
# noise of the image they are looked for in moves them least.
_FINE, _COARSE = 1.0, 2.0
_REACH = 3.5  # of a kernel, in standard deviations
# A step that is not blurred at all has the ratio b / a of slopes; voxels add a little.
_SHARPEST, _DULLEST = 1.1 * _COARSE / _FINE, 1.05
_MOST_SLICES = 32
_MOST_EDGES = 4000
_FEWEST_EDGES = 40
_STRONGEST_SHARE = 0.25
_WEAKEST = 0.01  # of the strongest edge: what is weaker may be rounding
_CHUNK = 500  # edges measured at a time
# Slope that white noise of standard deviation 1 has at the scale a: 1 / (sqrt(8 pi) a^2), a in voxels.
_NOISE_SLOPE = 1 / math.sqrt(8 * math.pi)


@dataclass(frozen=True)
class Sharpness:
    """What `measure_sharpness` gives.

    width_mm: mean distance over which edges rise from 10 to 90 %, in mm; smaller is sharper. Not less than
        0.74 voxels: a voxel blurs by its own size (a box of standard deviation 1 / sqrt(12)).
    gradient: mean slope across the edges at a scale of one voxel, value units per mm; larger is sharper.
    """

    width_mm: float
    gradient: float


@dataclass(frozen=True)
class Edges:
    """Places of edges: slice, row, column (voxels), direction across (unit vector: down, right in mm), the
    distance from the voxel to the edge along it in mm, and `weight`, by which each edge counts alike.

    `axis` is the array axis that the slices are taken along, `spacing` that of (rows, columns) in mm.
    """

    axis: int
    spacing: tuple[float, float]
    slices: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    directions: np.ndarray
    offsets: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        """Number of edges."""
        return len(self.rows)

    def _some(self, chosen) -> "Edges":
        arrays = (self.slices, self.rows, self.columns, self.directions, self.offsets, self.weights)
        return Edges(self.axis, self.spacing, *(array[chosen] for array in arrays))


def find_edges(
    guide: np.ndarray, spacing: Sequence[float], axis: int = 0, noise: float = 0.0
) -> Edges | None:
    """Find the strongest edges of a volume (k, j, i), at most 4000 in at most 32 slices across `axis`.

    `spacing` is that of (i, j, k) in mm. `noise` is the standard deviation, in value units, of the noise of
    the noisiest image that will be measured: the edges stand out from it fourfold. Returns None where fewer
    than 40 edges stand out, or the slices are too small for them.
    """
    return run_to_end(find_edges_steps(guide, spacing, axis, noise))


def find_edges_steps(
    guide: np.ndarray, spacing: Sequence[float], axis: int = 0, noise: float = 0.0
) -> Generator[float, None, Edges | None]:
    """Do the same as `find_edges`, slice by slice: yields the fraction done."""
    guide = np.asanyarray(guide)
    if guide.ndim != 3 or guide.size == 0:
        raise InputError(f"The image has the shape {guide.shape}.", "Give a volume (k, j, i) with voxels.")
    planes = np.moveaxis(guide, axis, 0)
    in_plane = tuple(float(spacing[2 - other]) for other in range(3) if other != axis)
    reach = _reach(in_plane)
    if any(size < 2 * margin + 1 for size, margin in zip(planes.shape[1:], reach, strict=True)):
        return None
    least = 4 * noise * _NOISE_SLOPE / (_COARSE**2 * math.sqrt(in_plane[0] * in_plane[1]))
    found = []
    for k in _evenly(len(planes), _MOST_SLICES):
        found.append(_edges_of(planes[k], k, in_plane, reach))
        yield k / len(planes)
    parts = [np.concatenate(column) for column in zip(*found, strict=True)]
    del found
    strength = parts.pop()
    yield 1.0
    strong = np.flatnonzero(strength > max(least, _WEAKEST * strength.max(initial=0.0)))
    order = strong[np.argsort(-strength[strong], kind="stable")]
    yield 1.0
    order = order[: max(_FEWEST_EDGES, math.ceil(_STRONGEST_SHARE * len(order)))]
    order = order[:: max(1, math.ceil(len(order) / _MOST_EDGES))]
    slices, rows, columns, directions = (part[order] for part in parts)
    places, weights = np.zeros((2, len(order)))
    return _stepwise(Edges(axis, in_plane, slices, rows, columns, directions, places, weights), guide)


def measure_sharpness(image: np.ndarray, edges: Edges) -> Sharpness:
    """Measure an image on the grid of the one in which `edges` were found."""
    fine, coarse = _slopes(image, edges)
    total = float(coarse @ edges.weights)
    width = _blur(float(fine @ edges.weights) / total, edges.spacing) if total > 0 else math.inf
    return Sharpness(RISE_10_90 * width, float(fine.mean()))


def _blur(ratio: float, spacing: Sequence[float]) -> float:
    """Standard deviation in mm of the blur that gives this ratio of the fine to the coarse slope."""
    unit = max(spacing)
    if ratio <= 1:
        return math.inf
    return unit * math.sqrt(max(1 / 12, (_COARSE**2 - ratio**2 * _FINE**2) / (ratio**2 - 1)))


def _stepwise(edges: Edges, guide: np.ndarray) -> Edges | None:
    """Keep the edges that look like a blurred step, with their places between voxels and their weights."""
    if len(edges) < _FEWEST_EDGES:
        return None
    step = min(edges.spacing)
    behind, at, ahead = (_slopes(guide, edges, shift, (_COARSE,))[0] for shift in (-step, 0.0, step))
    curve = behind - 2 * at + ahead
    tops = curve < 0
    edges.offsets[tops] = np.clip(0.5 * step * (behind - ahead)[tops] / curve[tops], -step, step)
    fine, coarse = _slopes(guide, edges)
    like_a_step = (coarse > 0) & (fine > _DULLEST * coarse) & (fine < _SHARPEST * coarse)
    np.divide(1.0, coarse, out=edges.weights, where=like_a_step)
    kept = edges._some(like_a_step)
    return kept if len(kept) >= _FEWEST_EDGES else None


def _slopes(
    image: np.ndarray, edges: Edges, shift: float = 0.0, scales: Sequence[float] = (_FINE, _COARSE)
) -> list[np.ndarray]:
    """Slope across each edge at each scale, in value units per mm, `shift` mm further along."""
    planes = np.moveaxis(np.asanyarray(image), edges.axis, 0)
    down, right = (np.arange(-margin, margin + 1) for margin in _reach(edges.spacing))
    slopes = [np.empty(len(edges)) for _ in scales]
    for first in range(0, len(edges), _CHUNK):
        part = edges._some(slice(first, first + _CHUNK))
        rows = part.rows[:, None, None] + down[:, None]
        columns = part.columns[:, None, None] + right
        values = planes[part.slices[:, None, None], rows, columns].astype(np.float64)
        place = (part.offsets + shift)[:, None] * part.directions
        y = down * edges.spacing[0] - place[:, :1]
        x = right * edges.spacing[1] - place[:, 1:]
        for scale, slope in zip(scales, slopes, strict=True):
            slope[first : first + len(part)] = _derivative(
                values, y, x, part.directions, scale * max(edges.spacing)
            )
    return slopes


def _derivative(
    values: np.ndarray, y: np.ndarray, x: np.ndarray, directions: np.ndarray, scale: float
) -> np.ndarray:
    """Derivative of a Gaussian of `scale` mm: exact for a plane, whatever the voxels' places."""
    weights = np.exp(-0.5 * (y / scale) ** 2)[:, :, None] * np.exp(-0.5 * (x / scale) ** 2)[:, None, :]
    along = (y * directions[:, :1])[:, :, None] + (x * directions[:, 1:])[:, None, :]
    mean = (along * weights).sum((1, 2)) / weights.sum((1, 2))
    along -= mean[:, None, None]
    weights *= along
    return (weights * values).sum((1, 2)) / (weights * along).sum((1, 2))


def _reach(spacing: Sequence[float]) -> tuple[int, ...]:
    return tuple(math.ceil(_REACH * _COARSE * max(spacing) / length) for length in spacing)


def _evenly(count: int, most: int) -> Iterator[int]:
    step = max(1.0, count / most)
    return (int((number + 0.5) * step) for number in range(min(count, most)))


def _edges_of(
    plane: np.ndarray, k: int, spacing: Sequence[float], reach: Sequence[int]
) -> tuple[np.ndarray, ...]:
    """Slices, rows, columns, directions and slopes of the places where the slope is a maximum across."""
    slope_y, slope_x = _gradient(plane.astype(np.float32), spacing)
    magnitude = np.hypot(slope_y, slope_x)
    inner = tuple(slice(margin, size - margin) for margin, size in zip(reach, plane.shape, strict=True))
    candidates = np.zeros(plane.shape, dtype=bool)
    positive = magnitude[inner]
    candidates[inner] = np.isfinite(positive) & (positive > 0)
    rows, columns = np.nonzero(candidates)
    strength = magnitude[rows, columns]
    directions = np.stack([slope_y[rows, columns], slope_x[rows, columns]], 1) / strength[:, None]
    # One voxel along the direction, in voxels of (rows, columns).
    step = min(spacing) * directions / np.asarray(spacing, np.float32)
    crest = np.ones(len(rows), dtype=bool)
    for sign in (-1, 1):
        neighbor = _between(magnitude, rows + sign * step[:, 0], columns + sign * step[:, 1])
        crest &= strength >= neighbor if sign < 0 else strength > neighbor
    rows, columns, directions, strength = (a[crest] for a in (rows, columns, directions, strength))
    return np.full(len(rows), k), rows, columns, directions.astype(np.float64), strength


def _between(image: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Values between voxels, linear in both directions."""
    top, left = np.floor(rows).astype(np.intp), np.floor(columns).astype(np.intp)
    down, right = rows - top, columns - left
    upper = image[top, left] * (1 - right) + image[top, left + 1] * right
    lower = image[top + 1, left] * (1 - right) + image[top + 1, left + 1] * right
    return upper * (1 - down) + lower * down


def _gradient(plane: np.ndarray, spacing: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Slopes down and to the right at the coarse scale, value units per mm."""
    scales = [_COARSE * max(spacing) / length for length in spacing]
    smooth = [_filter(plane, _gaussian(scale), axis) for axis, scale in enumerate(scales)]
    return tuple(
        _filter(smooth[1 - axis], _slope_kernel(scale), axis) / np.float32(spacing[axis])
        for axis, scale in enumerate(scales)
    )


def _gaussian(scale: float) -> np.ndarray:
    places = np.arange(-math.ceil(_REACH * scale), math.ceil(_REACH * scale) + 1)
    weights = np.exp(-0.5 * (places / scale) ** 2)
    return weights / weights.sum()


def _slope_kernel(scale: float) -> np.ndarray:
    weights = _gaussian(scale)
    places = np.arange(len(weights)) - len(weights) // 2
    return weights * places / (weights @ places**2)


def _filter(plane: np.ndarray, kernel: np.ndarray, axis: int) -> np.ndarray:
    margin = len(kernel) // 2
    width = [(0, 0), (0, 0)]
    width[axis] = (margin, margin)
    padded = np.pad(plane, width, mode="edge")
    total = np.zeros_like(plane)
    for shift, weight in enumerate(kernel):
        window = [slice(None), slice(None)]
        window[axis] = slice(shift, shift + plane.shape[axis])
        total += np.float32(weight) * padded[tuple(window)]
    return total
