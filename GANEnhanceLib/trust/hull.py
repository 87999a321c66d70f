"""Convex hulls of masks, and polygons as masks."""

from __future__ import annotations

import numpy as np


def convex_hull(mask: np.ndarray) -> np.ndarray:
    """Return the corners (n, 2) as (row, column) of the convex hull of the True voxels' centers, in order.

    A. M. Andrew, "Another efficient algorithm for convex hulls in two dimensions", Information Processing
    Letters 9 (1979) 216-219, on the first and last voxel of each row. `mask` is bool (rows, columns) with at
    least one True.
    """
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask[rows].argmax(axis=1)
    last = mask.shape[1] - 1 - mask[rows, ::-1].argmax(axis=1)
    ends = np.concatenate([np.stack([rows, each], axis=1) for each in (first, last)])
    points = sorted(set(map(tuple, ends.tolist())))
    if len(points) < 3:
        return np.array(points, dtype=float)
    return np.array(_chain(points)[:-1] + _chain(points[::-1])[:-1], dtype=float)


def _chain(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    chain: list[tuple[int, int]] = []
    for point in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(first: tuple[int, int], second: tuple[int, int], third: tuple[int, int]) -> int:
    return (second[0] - first[0]) * (third[1] - first[1]) - (second[1] - first[1]) * (third[0] - first[0])


def simplified(corners: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the corners of a closed convex polygon that others lie farther from than a tolerance, in voxels.

    D. H. Douglas, T. K. Peucker, "Algorithms for the reduction of the number of points required to represent
    a digitized line or its caricature", Cartographica 10 (1973) 112-122, from the two corners that lie
    farthest apart.
    """
    if len(corners) < 4:
        return corners
    apart = np.hypot(*(corners[:, None] - corners[None]).transpose(2, 0, 1))
    first, second = sorted(map(int, np.unravel_index(int(apart.argmax()), apart.shape)))
    one, other = corners[first : second + 1], np.concatenate([corners[second:], corners[: first + 1]])
    return np.concatenate([_simplified_line(one, tolerance)[:-1], _simplified_line(other, tolerance)[:-1]])


def _simplified_line(points: np.ndarray, tolerance: float) -> np.ndarray:
    along = points[-1] - points[0]
    length = float(np.hypot(*along))
    if len(points) < 3 or length == 0:
        return points[[0, -1]]
    away = np.abs((points - points[0]) @ np.array([-along[1], along[0]])) / length
    farthest = int(away.argmax())
    if away[farthest] <= tolerance:
        return points[[0, -1]]
    halves = (_simplified_line(part, tolerance) for part in (points[: farthest + 1], points[farthest:]))
    first, second = halves
    return np.concatenate([first[:-1], second])


def fill_polygon(corners: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return the mask, bool of `shape`, of the voxels whose centers lie in a polygon or on its border.

    Args:
        corners: (n, 2) as (row, column), in order; the polygon closes itself and may be concave.
        shape: (rows, columns).
    """
    mask = np.zeros(shape, dtype=bool)
    ends = np.roll(corners, -1, axis=0)
    columns = np.arange(shape[1])
    low, high = corners[:, 0].min(), corners[:, 0].max()
    for row in range(max(0, int(np.ceil(low))), min(shape[0] - 1, int(np.floor(high))) + 1):
        crossings = _crossings(corners, ends, row, high)
        for start, stop in zip(crossings[::2], crossings[1::2], strict=False):
            mask[row] |= (columns >= start - 1e-6) & (columns <= stop + 1e-6)
    return mask


def _crossings(starts: np.ndarray, ends: np.ndarray, row: int, last: float) -> np.ndarray:
    """Return the sorted columns in which a row meets the polygon; its last row from just above."""
    height = min(float(row), last - 1e-6)
    crosses = (starts[:, 0] <= height) != (ends[:, 0] <= height)
    one, other = starts[crosses], ends[crosses]
    share = (height - one[:, 0]) / (other[:, 0] - one[:, 0])
    return np.sort(one[:, 1] + share * (other[:, 1] - one[:, 1]))
