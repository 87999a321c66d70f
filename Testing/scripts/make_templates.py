"""Writes the coarse templates that tell which way up a volume is, from training images of the data recipes.

    python Testing/scripts/make_templates.py [--data runs/data]

See GANEnhanceLib/trust/upright.py and sized.py.
"""

import argparse
import gzip
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from GANEnhanceLib.training.sources import load  # noqa: E402
from GANEnhanceLib.trust import cells, sized, upright  # noqa: E402

SOURCES = ("colin27", "colin27-brain-05mm", "chest-ct")


def main():
    """Write the templates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="folder of the images")
    folder = parser.parse_args().data
    volumes = [load(source, folder) for source in SOURCES]
    framed = np.stack([_bytes(upright.coarse_cells(each)) for each in volumes])
    upright.TEMPLATES.write_bytes(gzip.compress(framed.tobytes(), mtime=0))
    grids = [_bytes(_in_mm(each)) for each in volumes]
    if tuple(each.shape for each in grids) != sized.SHAPES:
        sys.exit(f"The templates have the shapes {[each.shape for each in grids]}; write them into sized.py.")
    sized.TEMPLATES.write_bytes(gzip.compress(b"".join(each.tobytes() for each in grids), mtime=0))


def _in_mm(volume) -> np.ndarray:
    voxels, lengths = cells.along_patient(volume)
    return sized.cells_in_mm(cells.brightness(voxels)[0], lengths)


def _bytes(cells: np.ndarray) -> np.ndarray:
    return np.rint(255 * cells).astype(np.uint8)


if __name__ == "__main__":
    main()
