"""What is compared: classical methods with the true noise level and their best setting, and our models.

Every classical method gives one image for each of a few settings; the one with the least error against the
reference is taken ("oracle"), which no user could do. So a model is ahead only of the best a careful user can
reach.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec

import numpy as np

from quality.cases import Case

INPUT = "input"


@dataclass(frozen=True)
class Method:
    """A classical method: `candidates(case)` gives images on the grid of the reference, one for each setting.

    `package` is what it needs: (name to import, name to install). `suits` says which cases it is for.
    """

    name: str
    candidates: Callable[[Case], Iterable[np.ndarray]]
    package: tuple[str, str] | None = None
    suits: Callable[[Case], bool] = lambda case: True

    @property
    def missing(self) -> str | None:
        """Return why it cannot run, or None."""
        if self.package is None or find_spec(self.package[0]) is not None:
            return None
        return f"the package {self.package[1]} is not installed"

    @property
    def digest(self) -> str:
        """Digest of its code and of the version of its package: other code, other figures."""
        text = inspect.getsource(inspect.getmodule(self.candidates))
        version = metadata.version(self.package[1]) if self.package else ""
        return hashlib.sha256(f"{self.name}{version}{text}".encode()).hexdigest()[:16]

    def run(self, case: Case) -> np.ndarray:
        """Return the candidate with the least squared error where it is compared, float32."""
        return best_of(self.candidates(case), case)


def best_of(candidates: Iterable[np.ndarray], case: Case) -> np.ndarray:
    """Return the candidate with the least squared error against the reference in the mask, float32."""
    wanted = case.reference[case.mask]
    return min(
        (np.asarray(each, dtype=np.float32) for each in candidates),
        key=lambda image: float(np.mean(np.square(image[case.mask] - wanted))),
    )


def classical_methods(task: str, quick: bool = False) -> list[Method]:
    """Return the methods of a task; a quick run leaves the slow ones out."""
    from quality.methods.denoising import DENOISING, SLOW
    from quality.methods.despeckling import DESPECKLING
    from quality.methods.upsampling import UPSAMPLING

    chosen = {"denoise": DENOISING, "despeckle": DESPECKLING, "superres": UPSAMPLING}[task]
    return [each for each in chosen if not (quick and each.name in SLOW)]
