"""The methods `measure` and `flicker`: what a run did to an image, in figures and pictures.

`measure` answers with rows of `GANEnhanceLib.measures`, with the pictures of `GANEnhanceLib.report_slices`
(slices {"file", "dtype": "float32", "shape": [slices, 3 (before, after, removed), rows, columns], "axis",
"indices", "window", "limit", "unit", "pixel_mm"}) and with sha256 {"before", "after"} of the voxels.
`flicker` answers with the sums and counts of `GANEnhanceLib.metrics.flicker`: add both up over the pairs of a
cine, and divide.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.methods.files import read_array, read_volume, write_array
from GANEnhanceLib.methods.workplace import Workplace

if TYPE_CHECKING:
    from GANEnhanceLib.regions import Region
    from GANEnhanceLib.volume import Volume


def measure(place: Workplace, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `measure`: yields progress, returns the fields of its result."""
    from GANEnhanceLib.inference import Progress
    from GANEnhanceLib.measures import measure_volumes
    from GANEnhanceLib.report_slices import take_slices
    from GANEnhanceLib.trust import hash_voxels

    before = read_volume(place, params.get("before"))
    after = _on_grid_of(before, place, params.get("after"))
    reference = params.get("reference")
    measured = yield from measure_volumes(
        before,
        after,
        None if reference is None else _on_grid_of(before, place, reference),
        params.get("data_range"),
        _region(place, params, "tissue", before),
        _region(place, params, "background", before),
    )
    yield Progress("measuring", 0.9)
    stack, shown = take_slices(before, after)
    hashes = {}
    for side, volume in (("before", before), ("after", after)):
        yield Progress("measuring", 0.95)
        hashes[side] = hash_voxels(volume.voxels)
    yield Progress("measuring", 1.0)
    written = write_array(place, f"slices-{number}.npy", stack)
    return {
        "rows": [row.to_dict() for row in measured.rows],
        "data_range": measured.data_range,
        "slices": {**written, **shown},
        "sha256": hashes,
    }


def flicker(place: Workplace, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `flicker`: yields progress, returns the fields of its result."""
    from GANEnhanceLib import metrics
    from GANEnhanceLib.inference import Progress

    frames = {side: _frames(place, params, side) for side in ("before", "after")}
    yield Progress("measuring", 0.0)
    before, after = metrics.flicker(frames["before"], frames["after"])
    return {
        "before": {"sum": before.total, "count": before.count},
        "after": {"sum": after.total, "count": after.count},
    }


def _on_grid_of(volume: Volume, place: Workplace, name: Any) -> Volume:
    """Return the volume of a file; its grid is that of `volume`, whatever its shape."""
    from GANEnhanceLib.volume import Volume

    return Volume(read_array(place, name), volume.ijk_to_ras, volume.modality)


def _region(place: Workplace, params: Mapping[str, Any], name: str, volume: Volume) -> Region | None:
    from GANEnhanceLib.regions import region_from_dict

    regions = params.get("regions") or {}
    if not isinstance(regions, Mapping):
        raise WorkerError(f"The regions are {regions!r}.", 'Give {"tissue": ..., "background": ...}.')
    return region_from_dict(
        regions.get(name), volume.shape, volume.ijk_to_ras, lambda file: read_array(place, file)
    )


def _frames(place: Workplace, params: Mapping[str, Any], side: str) -> tuple[Any, Any]:
    names = params.get(side)
    if not isinstance(names, list) or len(names) != 2:
        raise WorkerError(
            f"The frames {side} are {names!r}.", "Name the files of two frames that follow one another."
        )
    return tuple(read_array(place, name) for name in names)
