"""Parts of the data by patient: what is learned from, what judges, what is never looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.config.data import SplitConfig

PARTS = ("training", "validation", "test")


@dataclass(frozen=True)
class Split:
    """Patients of each part, sorted."""

    training: tuple[str, ...]
    validation: tuple[str, ...] = ()
    test: tuple[str, ...] = ()

    def part(self, patient: str) -> str:
        """Return "training", "validation" or "test"; ValueError for an unknown patient."""
        for name in PARTS:
            if patient in getattr(self, name):
                return name
        raise ValueError(f"'{patient}' is in no part")


@dataclass(frozen=True)
class Member:
    """A volume of a part, for the search for leaks: `place` is its path, `content` the hash of its voxels."""

    part: str
    patient: str
    place: str
    content: str = ""


def split_patients(
    patients: Iterable[str],
    config: SplitConfig,
    held_out: Collection[str] = (),
    left_out: Collection[str] = (),
) -> Split:
    """Split patients into training, validation and test.

    Patients are ranked by a hash of seed and name, so the draw depends neither on the order of files nor on
    the machine, and another patient later changes the place of few. Shares are rounded to whole patients,
    but a share above 0 is at least one.

    Args:
        patients: all, in any order, repeated or not.
        config: shares, names and seed.
        held_out: patients that are never learned from: they judge the run.
        left_out: patients that are not looked at either.

    Raises:
        InputError: too few patients for the shares.
        OptionError: a named patient is not there.
    """
    everyone = sorted(set(patients))
    named = {name: set(getattr(config, f"{name}_patients")) for name in ("validation", "test")}
    for name, wanted in named.items():
        unknown = sorted(wanted - set(everyone))
        if unknown:
            raise OptionError(
                f"data.split.{name}_patients names '{unknown[0]}', but the patients are {_list(everyone)}.",
                "Correct the name, or `patient` of the data.",
            )
    test = named["test"] | (set(left_out) & set(everyone)) - named["validation"]
    validation = named["validation"] | (set(held_out) & set(everyone)) - test
    free = sorted(set(everyone) - validation - test, key=lambda patient: _rank(patient, config.seed))
    wanted_validation = 0 if validation else _count(config.validation, len(everyone))
    wanted_test = 0 if test else _count(config.test, len(everyone))
    if not free or wanted_validation + wanted_test >= len(free):
        raise _too_few(everyone, len(free), wanted_validation, wanted_test)
    validation |= set(free[:wanted_validation])
    test |= set(free[wanted_validation : wanted_validation + wanted_test])
    training = set(everyone) - validation - test
    return Split(*(tuple(sorted(part)) for part in (training, validation, test)))


class LeakGuard:
    """Makes sure that no patient, file or image is in two parts."""

    def __init__(self) -> None:
        """Know of no volume yet."""
        self._seen: dict[tuple[str, str], Member] = {}

    def add(self, member: Member) -> None:
        """Compare a volume with those before.

        Raises:
            InputError: it is in another part already; the sentence names both places.
        """
        for kind in ("patient", "place", "content"):
            value = getattr(member, kind)
            first = self._seen.setdefault((kind, value), member)
            if value and first.part != member.part:
                raise _leak(kind, first, member)


def _leak(kind: str, one: Member, other: Member) -> InputError:
    if kind == "place":
        return InputError(
            f"'{one.place}' is in {one.part} (patient '{one.patient}') and in {other.part}"
            f" (patient '{other.patient}').",
            "Name it in one set only, or correct `patient` of the sets.",
        )
    if kind == "patient":
        return InputError(
            f"Patient '{one.patient}' is in two parts: '{one.place}' in {one.part}, '{other.place}' in"
            f" {other.part}.",
            "Images of one patient belong into one part.",
        )
    return InputError(
        f"'{one.place}' in {one.part} and '{other.place}' in {other.part} hold the same voxels.",
        "Remove one, or let `patient` of the data give both the same patient.",
    )


def _count(share: float, patients: int) -> int:
    return max(1, int(share * patients + 0.5)) if share > 0 else 0


def _rank(patient: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}:{patient}".encode()).hexdigest()


def _too_few(everyone: list[str], free: int, validation: int, test: int) -> InputError:
    if not everyone:
        return InputError("There is no patient to learn from.", "Add volumes to the data.")
    if not free:
        return InputError(
            f"All patients ({_list(everyone)}) are kept for validation or test, so that none is left to learn"
            " from.",
            "Add data of other patients.",
        )
    if free == 1 and validation and not test:
        return InputError(
            f"There is only one patient, '{everyone[0]}', so none is left to judge the run by; other slices"
            " of the same patient would prove nothing.",
            "Add a second patient, correct `patient` of the data, or train unjudged with"
            " data.split.validation=0.",
        )
    return InputError(
        f"There are {free} patients to share out, but {validation} for validation and {test} for test leave"
        " none to learn from.",
        "Add patients, or lower data.split.validation or data.split.test.",
    )


def _list(names: list[str], shown: int = 8) -> str:
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(f"'{name}'" for name in names[:shown]) + more
