"""Make the shipped samples again from the two packages that they come from.

    python Testing/scripts/make_samples.py KmeansTest_T1UCharRaw.nii.gz S0_10slices.nii.gz OUT_FOLDER

The first file is in the Debian package `insighttoolkit5-examples` and is copied byte for byte. The
second is in the PyPI package `dipy` (`dipy/data/files`). Its voxels are kept bit for bit; its
header is not, since it says that the slices are sheared and 53 mm apart (the third column of the
matrix is (30, 30, 32) where the first two are (2, 0, 0) and (0, 2, 0)), which ITK refuses to read.
Written instead: 2 mm along the third axis, no shear, the same origin.
The third sample is the first with Rician noise of 6 %, drawn with seed 6, so that a result can be judged by
the original.
Needs nibabel, and this library with SimpleITK.
"""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path

import numpy as np


def repair_b0(source: Path, target: Path) -> None:
    """Write the voxels of `source` (i, j, k, 1) to `target` as a 3-D NIfTI volume of 2 mm voxels."""
    import nibabel

    image = nibabel.load(source)
    voxels = np.asarray(image.dataobj)[..., 0]
    matrix = np.diag([2.0, 2.0, 2.0, 1.0])
    matrix[:3, 3] = image.affine[:3, 3]
    repaired = nibabel.Nifti1Image(voxels, matrix)
    repaired.header.set_xyzt_units("mm")
    # The gzip header carries no time and no name, so that the same input gives the same file.
    with open(target, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(repaired.to_bytes())


def add_noise(source: Path, target: Path) -> None:
    """Write the head with Rician noise of 6 % of its 99.5th percentile, in its own type."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from GANEnhanceLib.degrade.mr import add_rician_noise
    from GANEnhanceLib.intensity import reference_intensity, to_dtype
    from GANEnhanceLib.volume import read_volume, write_volume

    clean = read_volume(source)
    noisy = add_rician_noise(clean.voxels, 0.06 * reference_intensity(clean.voxels), 6)
    write_volume(clean.with_voxels(to_dtype(noisy, clean.voxels.dtype)), target)


def main(arguments: list[str]) -> int:
    """Copy the first sample, repair the second, add noise to the first, say where they are."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    t1, b0, folder = (Path(argument) for argument in arguments)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(t1, folder / "t1-head.nii.gz")
    repair_b0(b0, folder / "b0.nii.gz")
    add_noise(folder / "t1-head.nii.gz", folder / "t1-head-noise.nii.gz")
    print(f"wrote t1-head.nii.gz, b0.nii.gz and t1-head-noise.nii.gz into {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
