"""Measures how often the check of the voxels warns of ordinary images, and what their statistics are.

    python Testing/bench/content.py [--data runs/data]

Training, validation and unused images of the data recipes and the shipped samples, as they are and made
worse; test images are never looked at. Exit code 1 if any is warned of. Docs/trust.md quotes it.
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parents[2]), str(Path(__file__).resolve().parent)]

from quality.degradations import levels_of  # noqa: E402

from GANEnhanceLib.degrade.ct import LowDose  # noqa: E402
from GANEnhanceLib.degrade.ct_surrogate import add_low_dose_field  # noqa: E402
from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise  # noqa: E402
from GANEnhanceLib.training.sources import SOURCES, load  # noqa: E402
from GANEnhanceLib.trust import judge_content, measure_content  # noqa: E402
from GANEnhanceLib.volume import Volume  # noqa: E402

SCALINGS = {"MR": "mr-percentile", "CT": "ct-window", "US": "us-display"}
SLICES = 8


def main() -> int:
    """Print a row for each image and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="folder of the images")
    folder = parser.parse_args().data
    print("image, version: block variance, hard steps, few levels: findings")
    warned = count = 0
    for name, source in SOURCES.items():
        if source.part == "test":
            continue
        volume = load(name, folder)
        volume = Volume(volume.voxels, volume.ijk_to_ras, source.modality or volume.modality)
        for version, made in versions(volume, name.startswith("anatomy-")):
            kind = made.modality
            card = SimpleNamespace(
                name="any", modality=(kind,), contract={}, scaling={"name": SCALINGS[kind]}
            )
            content = measure_content(made)
            findings = judge_content(content, card)
            count += 1
            warned += any(each.level == "warn" for each in findings)
            said = " ".join(f"{each.level}: {each.sentence}" for each in findings) or "-"
            texture = content.texture
            figures = f"{texture.coarse:.2f}, {texture.hard_steps:.2f}, {texture.few_levels:.2f}"
            print(f"{name}, {version}: {figures}: {said}", flush=True)
    print(f"{warned} of {count} warned of")
    return 1 if warned else 0


def versions(volume: Volume, is_anatomy: bool) -> Iterator[tuple[str, Volume]]:
    """Yield a volume as it is, and some of its slices made worse."""
    yield "as it is", volume
    axis = volume.acquisition_axis
    size = volume.shape[axis]
    chosen = np.linspace(0.15 * size, 0.85 * size, min(SLICES, size)).astype(int) if size > 1 else [0]
    few = Volume(np.take(volume.voxels, chosen, axis), volume.ijk_to_ras, volume.modality)
    voxels = few.voxels.astype(np.float32)
    if volume.modality == "MR":
        voxels /= np.percentile(voxels, 99.5)
        yield "12 %", few.with_voxels(add_noncentral_chi_noise(voxels, 0.12, 1, 1))
        for level in levels_of("MR"):
            yield level.level, few.with_voxels(level.whole(voxels, few.spacing, 1))
    elif volume.modality == "CT":
        for dose, kernel in ((0.25, "soft"), (0.1, "soft"), (0.1, "sharp")):
            scan = LowDose(dose, kernel=kernel)
            worse = add_low_dose_field(voxels, few.spacing[1::-1], scan, 300.0, 1)
            yield f"dose {dose:g}, {kernel}", few.with_voxels(worse)
    elif is_anatomy:
        for level in levels_of("US"):
            yield level.level, few.with_voxels(level.whole(voxels, few.spacing, 1))


if __name__ == "__main__":
    sys.exit(main())
