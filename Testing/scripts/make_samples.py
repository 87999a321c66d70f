"""Make the shipped samples again from the two packages that they come from.

    python Testing/scripts/make_samples.py KmeansTest_T1UCharRaw.nii.gz S0_10slices.nii.gz OUT_FOLDER

The first file is in the Debian package `insighttoolkit5-examples` and is copied byte for byte. The
second is in the PyPI package `dipy` (`dipy/data/files`). Its voxels are kept bit for bit; its
header is not, since it says that the slices are sheared and 53 mm apart (the third column of the
matrix is (30, 30, 32) where the first two are (2, 0, 0) and (0, 2, 0)), which ITK refuses to read.
Written instead: 2 mm along the third axis, no shear, the same origin.
Needs nibabel.
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


def main(arguments: list[str]) -> int:
    """Copy the first sample, repair the second, say where both are."""
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    t1, b0, folder = (Path(argument) for argument in arguments)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(t1, folder / "t1-head.nii.gz")
    repair_b0(b0, folder / "b0.nii.gz")
    print(f"wrote {folder / 't1-head.nii.gz'} and {folder / 'b0.nii.gz'}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
