"""Writes the coarse templates that tell which way up a volume is, from training images of the data recipes.

    python Testing/scripts/make_templates.py [--data runs/data]

See GANEnhanceLib/trust/upright.py.
"""

import argparse
import gzip
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from GANEnhanceLib.training.sources import load  # noqa: E402
from GANEnhanceLib.trust.upright import TEMPLATES, coarse_cells  # noqa: E402

SOURCES = ("colin27", "colin27-brain-05mm", "chest-ct")


def main():
    """Write the templates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="folder of the images")
    folder = parser.parse_args().data
    cells = np.stack([coarse_cells(load(source, folder)) for source in SOURCES])
    TEMPLATES.write_bytes(gzip.compress(np.rint(255 * cells).astype(np.uint8).tobytes(), mtime=0))


if __name__ == "__main__":
    main()
