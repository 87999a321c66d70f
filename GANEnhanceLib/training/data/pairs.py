"""Puts volumes together that belong together: one of each input channel and the target, on one grid."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.training.data.folders import FoundVolume
from GANEnhanceLib.training.data.store import StoredVolume
from GANEnhanceLib.volume import Volume

MOST_APART = 1e-3
"""Distance in mm by which corners of grids may differ: files keep matrices as float32 or decimal text."""


def pair_up(sets: dict[str, list[FoundVolume]]) -> list[dict[str, FoundVolume]]:
    """Return the volumes that belong together, one of each set, by patient and then by order of names.

    Raises:
        InputError: a patient has more volumes in one set than in another.
    """
    by_patient = {name: _by_patient(volumes) for name, volumes in sets.items()}
    patients = sorted({patient for grouped in by_patient.values() for patient in grouped})
    pairs = []
    for patient in patients:
        counts = {name: len(grouped.get(patient, ())) for name, grouped in by_patient.items()}
        if len(set(counts.values())) > 1:
            raise _unequal(patient, counts, by_patient)
        members = zip(*(grouped[patient] for grouped in by_patient.values()), strict=True)
        pairs += [dict(zip(by_patient, each, strict=True)) for each in members]
    return pairs


def check_pair(pair: dict[str, StoredVolume]) -> None:
    """Make sure that volumes of a pair lie on one grid and are not the same image.

    Raises:
        InputError: sizes or places of corners differ, or two volumes hold the same voxels; the sentence names
            both files.
    """
    (first_name, first), *others = pair.items()
    for name, other in others:
        _check_grids(first, other)
        if first.content == other.content:
            raise InputError(
                f"'{first.found.path}' ({first_name}) and '{other.found.path}' ({name}) hold the same"
                " voxels.",
                "Correct the sets: there would be nothing to learn.",
            )


def _check_grids(one: StoredVolume, other: StoredVolume) -> None:
    names = f"'{one.found.path}' and '{other.found.path}'"
    hint = "Resample one onto the grid of the other first."
    if one.volume.shape != other.volume.shape:
        sizes = " and ".join(_size(each.volume) for each in (one, other))
        raise InputError(f"{names} are not on one grid: they have {sizes} voxels (i x j x k).", hint)
    apart = float(np.linalg.norm(_corners(one.volume) - _corners(other.volume), axis=0).max())
    if apart > MOST_APART:
        raise InputError(f"{names} are not on one grid: a corner lies {apart:.3g} mm apart.", hint)


def _by_patient(volumes: Iterable[FoundVolume]) -> dict[str, list[FoundVolume]]:
    grouped: dict[str, list[FoundVolume]] = {}
    for volume in volumes:
        grouped.setdefault(volume.patient, []).append(volume)
    return grouped


def _unequal(patient: str, counts: dict[str, int], by_patient: dict) -> InputError:
    told = ", ".join(f"{count} in {name}" for name, count in counts.items())
    seen = next(grouped[patient][0] for grouped in by_patient.values() if patient in grouped)
    return InputError(
        f"Patient '{patient}' (for example '{seen.path}') has not the same number of volumes in each set:"
        f" {told}.",
        "Add or remove files, or say with `patient` which part of a file's path is the patient.",
    )


def _size(volume: Volume) -> str:
    return " x ".join(str(size) for size in reversed(volume.shape))


def _corners(volume: Volume) -> np.ndarray:
    last = [size - 1 for size in reversed(volume.shape)]
    ends = np.array(np.meshgrid(*((0, end) for end in last), [1], indexing="ij")).reshape(4, -1)
    return (volume.ijk_to_ras @ ends)[:3]
