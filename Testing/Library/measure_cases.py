"""What the tests of measures and reports share: a noisy object before and after, and a run's document."""

from __future__ import annotations

from typing import Any

import numpy as np

from GANEnhanceLib.measures import Measured, measure_volumes
from GANEnhanceLib.report_document import make_document
from GANEnhanceLib.report_slices import take_slices
from GANEnhanceLib.volume import Volume

GRID = np.diag([1.0, 1.0, 3.0, 1.0])
SHAPE = (6, 96, 100)


def run_to_end(steps: Any) -> Any:
    """Run a generator to its end and return its value."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def clean_image() -> np.ndarray:
    """Return a bright disc with a brighter one inside, on a dark ground (k, j, i)."""
    _, j, i = np.indices(SHAPE)
    radius = np.hypot(j - 47.3, i - 50.2)
    return 20.0 + 300.0 * (radius < 38) + 200.0 * (radius < 15)


def image_with_noise(sigma: float, seed: int = 0, modality: str | None = "MR", dtype="float32") -> Volume:
    """Return the clean image with noise as a Volume."""
    voxels = clean_image() + np.random.default_rng(seed).normal(0, sigma, SHAPE)
    return Volume(voxels.astype(dtype), GRID, modality)


def measured(before: Volume, after: Volume, **arguments: Any) -> Measured:
    """Measure two volumes."""
    return run_to_end(measure_volumes(before, after, **arguments))


def rows_of(before: Volume, after: Volume, **arguments: Any) -> dict[str, Any]:
    """Measure two volumes; returns the rows by name."""
    return {row.name: row for row in measured(before, after, **arguments).rows}


def make_report(**changes: Any) -> dict[str, Any]:
    """Return the fields that a document needs of a run's report."""
    finding = {"check": "modality", "level": "ok", "sentence": "The modality is MR, which suits.", "hint": ""}
    report = {
        "schema": 1,
        "model": {"name": "tiny", "version": "1.0", "title": "Tiny", "kind": "network", "sha256": "ab" * 32},
        "input": {"name": "", "shape": list(SHAPE), "modality": "MR", "sha256": "12" * 32},
        "options": {"strength": 1.0, "roi": None, "device": "auto"},
        "device": "CPU",
        "seconds": 1.5,
        "bound_hits": 0,
        "contract": {"level": "ok", "findings": [finding]},
        "notes": [],
        "provenance": {"software": "GANEnhanceLib", "options": {"strength": 1.0}},
        "not_for_diagnosis": "Enhanced by a neural network; not for diagnosis.",
    }
    return {**report, **changes}


def make_case(report: dict[str, Any] | None = None, **arguments: Any) -> tuple[dict[str, Any], np.ndarray]:
    """Return a document and its pictures."""
    before, after = image_with_noise(20), image_with_noise(5, seed=1)
    found = measured(before, after, **arguments)
    stack, shown = take_slices(before, after)
    rows = [row.to_dict() for row in found.rows]
    return make_document(
        report or make_report(), {"rows": rows, "data_range": found.data_range, "slices": shown}
    ), stack
