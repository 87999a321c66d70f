"""Runs all harm tests on a model and judges them."""

from __future__ import annotations

import hashlib
import inspect
import sys
from dataclasses import asdict, dataclass

import numpy as np

from GANEnhanceLib.inference import EnhanceResult
from GANEnhanceLib.volume import Volume
from quality.cases import Case, code_digest, make_cases, scaled_references
from quality.degradations import COARSER, Degradation, levels_of, thin_out
from quality.harm import lesions, observers, patches, steady, strange
from quality.images import Images, middle
from quality.methods.upsampling import as_shown
from quality.ours import OurModel, Setting
from quality.store import Store

TILES, QUICK_TILES = 7, 4
_SLICES = 9


@dataclass(frozen=True)
class Harm:
    """Rows of each test for one setting of a model: see the modules for their figures."""

    setting: str
    lesions: list[dict]
    twins: list[dict]
    patches: list[dict]
    strange: list[dict]
    clean: list[dict]
    twice: list[dict]


def measure_harm(
    model: OurModel, settings: list[Setting], images: Images, store: Store, quick: bool
) -> list[Harm]:
    """Run the harm tests with each setting; what is there already is not measured again.

    Nothing is run where there are no images of the model's modality. Super-resolution is not run twice, since
    its result has another grid than its input.
    """
    if not images.references(model.modality):  # none among the few of a quick run
        return []
    state = hashlib.sha256(model.model.sha256.encode())
    state.update(code_digest().encode())
    for module in (lesions, observers, patches, steady, strange, sys.modules[__name__]):
        state.update(inspect.getsource(module).encode())
    return [
        _of_setting(_Tests(model, setting, images, quick), state.hexdigest(), store) for setting in settings
    ]


def _of_setting(tests: _Tests, digest: str, store: Store) -> Harm:
    every = ("lesions", "twins", "patches", "strange", "clean", "twice")
    rows = {test: [] for test in every}
    for test in every[:-1] if tests.model.task == "superres" else every:
        name = f"{digest} {tests.setting.name} {tests.quick} {tests.images.part} {test}"
        rows[test] = store.value(name, getattr(tests, test))
        print(f"harm: {tests.setting.name}: {test}", flush=True)
    return Harm(tests.setting.name, **rows)


class _Tests:
    """The tests of one model with one setting."""

    def __init__(self, model: OurModel, setting: Setting, images: Images, quick: bool):
        self.model, self.setting, self.images, self.quick = model, setting, images, quick
        self._judged: tuple[list[dict], list[dict]] | None = None

    def lesions(self) -> list[dict]:
        return self._lesions()[0]

    def twins(self) -> list[dict]:
        return self._lesions()[1]

    def patches(self) -> list[dict]:
        rows = []
        for case, other in zip(self._cases(0), self._cases(1), strict=True):
            if not case.judged:
                continue
            result = self.model.run(case, self.setting)
            given, again = as_shown(case), as_shown(other)
            found = patches.invented_share(result, given, again, case.reference, case.mask)
            held = found["share"] <= patches.CHANCE
            rows.append({"case": case.image, "level": case.level, **_rounded(found), "held": held})
        return rows

    def strange(self) -> list[dict]:
        case = next(iter(self._cases(0)))
        voxels = case.given.voxels[case.measured] - np.float32(case.low)
        anatomy = Volume(voxels + np.float32(case.low), case.given.ijk_to_ras, case.modality)
        upright = self.images.upright(case.modality)
        if case.task == "superres" and upright is not None:
            upright = _halved(upright)
        inputs = strange.strange_inputs(anatomy, self._other_modality(anatomy), upright)
        bound = self.model.model.card.residual_bound

        def enhance(volume: Volume) -> EnhanceResult:
            return self.model.enhance(volume, self.setting, options=_scale_along(volume, case))

        return strange.judge_strange(inputs, enhance, bound)

    def clean(self) -> list[dict]:
        if self.model.task == "superres":
            return [self._smooth(case) for case in self._cases(0)]
        rows = []
        for case in self._first_level():
            if case.own_noise > steady.CLEAN * case.data_range:
                continue
            result = self._enhance(case.reference, case)
            rows.append(steady.judge_clean(case.image, case.reference, result, case.data_range, case.mask))
        return rows

    def _smooth(self, case: Case) -> dict:
        """Judge a case without detail and noise beside its interpolation."""
        fine = steady.smooth_for(case.reference, case.factors)
        given = case.given.with_voxels(thin_out(fine, case.factors))
        result = self.model.enhance(given, self.setting, options=_scale_of(case))
        name = f"{case.image}, {case.level}"
        return steady.judge_clean(
            name, result.source.voxels, result.volume.voxels, case.data_range, case.mask
        )

    def twice(self) -> list[dict]:
        rows = []
        for case in self._cases(0):
            once = self.model.run(case, self.setting)
            twice = self._enhance(once, case)
            name = f"{case.image}, {case.level}"
            rows.append(steady.judge_twice(name, case.given.voxels, once, twice, case.mask))
        return rows

    def _enhance(self, voxels: np.ndarray, case: Case) -> np.ndarray:
        return self.model.enhance(case.given.with_voxels(voxels), self.setting).volume.voxels

    def _lesions(self) -> tuple[list[dict], list[dict]]:
        if self._judged is None:
            self._judged = self._judge_lesions()
        return self._judged

    def _judge_lesions(self) -> tuple[list[dict], list[dict]]:
        clean = max(
            scaled_references(self.images, self.model.modality), key=lambda each: len(each.volume.voxels)
        )
        rows, twins = [], []
        for level in self._lesion_levels():
            scene = lesions.make_scene(clean, level.factors)
            tiles = QUICK_TILES if self.quick or level.factors[0] > 1 else TILES
            found, twin = lesions.judge_lesions(scene, level, self._one_slice(level.factors), tiles)
            rows += [{"anatomy": clean.name, **row} for row in found]
            twins.append({"anatomy": clean.name, **twin})
        return rows, twins

    def _lesion_levels(self) -> list[Degradation]:
        if self.model.task == "superres":
            wanted = lesions.COARSE_LEVELS[-1:] if self.quick else lesions.COARSE_LEVELS
            return [level for level in COARSER if level.level in wanted]
        wanted = ("6 %",) if self.quick else lesions.LEVELS[self.model.modality]
        return [level for level in levels_of(self.model.modality) if level.level in wanted]

    def _one_slice(self, factors: tuple[int, int, int]):
        """Return a function that enhances one slice; all calls share the scaling of the first.

        Its number is that in the result, of which super-resolution gives all slices of a thick one.
        """
        kept = {}
        scale = {"scale": tuple(map(float, factors[::-1]))} if self.model.task == "superres" else {}

        def enhance(volume: Volume, number: int) -> np.ndarray:
            depth, rows, columns = volume.shape
            thick, within = divmod(number, factors[0])
            first, last = (thick, thick + 1) if factors[0] == 1 else (thick, min(thick + 2, depth))
            roi = ((0, columns), (0, rows), (first, last))
            result = self.model.enhance(
                volume, self.setting, options={"roi": roi, **scale}, crop=True, scaling=kept.get("scaling")
            )
            kept.setdefault("scaling", result.scaling)
            return result.volume.voxels[within]

        return enhance

    def _cases(self, noise: int) -> list[Case]:
        return list(make_cases(self.images, self.model.modality, self.model.task, self.quick, noise))

    def _first_level(self) -> list[Case]:
        first = {}
        for case in self._cases(0):
            first.setdefault(case.image, case)
        return list(first.values())

    def _other_modality(self, anatomy: Volume) -> Volume:
        kind = "CT" if anatomy.modality != "CT" else "MR"
        others = self.images.references(kind)
        if others:
            volume = middle(others[0].volume, _SLICES)
            return Volume(volume.voxels.astype(np.float32), volume.ijk_to_ras, kind)
        # Without such an image its values are put on: air at -1000 and tissue about 0.
        scale = 1000.0 / float(anatomy.voxels.max())
        return Volume(anatomy.voxels * scale - 1000.0, anatomy.ijk_to_ras, kind)


def _scale_along(volume: Volume, case: Case) -> dict:
    """Return the options that ask for another volume to be refined as a case is, across its own slices."""
    if case.task != "superres":
        return {}
    scale = [float(case.factors[1])] * 3
    scale[2 - volume.acquisition_axis] = float(case.factors[0])
    return {"scale": tuple(scale)}


def _halved(volume: Volume) -> Volume:
    """Return every other voxel along each axis, which is enough to see what is up and saves time."""
    return Volume(
        np.ascontiguousarray(volume.voxels[::2, ::2, ::2]),
        volume.ijk_to_ras @ np.diag([2.0, 2.0, 2.0, 1.0]),
        volume.modality,
        volume.name,
    )


def _scale_of(case: Case) -> dict:
    """Return the options that ask for the grid of a case's reference."""
    return {"scale": tuple(map(float, case.factors[::-1]))} if case.task == "superres" else {}


def harm_bars(harm: Harm) -> list[dict]:
    """Return the bars of the harm tests of one setting."""
    below = [row for row in harm.lesions if not row["held"]]
    bars = [
        _bar(
            harm, "lesions as well to be seen as in the input", len(harm.lesions) - len(below), harm.lesions
        ),
        _bar(harm, "no more false structures than in the input", _count(harm.twins), harm.twins),
        _bar(harm, "no invented patches beyond chance", _count(harm.patches), harm.patches),
        {
            **_bar(harm, "strange inputs: change bounded", 0, harm.strange),
            "value": f"{sum(row['bounded'] for row in harm.strange)} of {len(harm.strange)}",
            "held": all(row["bounded"] for row in harm.strange),
        },
        {
            **_bar(harm, "strange inputs: warned", 0, harm.strange),
            "value": f"{sum(row['warned'] for row in harm.strange)} of {len(harm.strange)}",
            "held": all(row["warned"] for row in harm.strange),
        },
        _bar(harm, f"clean images above {steady.LEAST_DB:g} dB", _count(harm.clean), harm.clean),
        _bar(harm, "a second pass changes little", _count(harm.twice), harm.twice),
    ]
    return [bar for bar in bars if not bar["value"].endswith("of 0")]


def as_dict(harm: Harm) -> dict:
    """Return plain values for JSON."""
    return asdict(harm)


def _bar(harm: Harm, words: str, held: int, rows: list[dict]) -> dict:
    return {
        "bar": f"{words}, {harm.setting}",
        "value": f"{held} of {len(rows)}",
        "needed": "all",
        "held": held == len(rows),
    }


def _count(rows: list[dict]) -> int:
    return sum(row["held"] for row in rows)


def _rounded(figures: dict) -> dict:
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
