"""Make the thumbnails of the shipped samples for the Sample Data module: the middle slice of each.

    python Testing/scripts/make_thumbnails.py GANEnhance/Resources/Icons

Needs Pillow and SimpleITK.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

WIDTH, HEIGHT = 260, 280


def make_thumbnail(sample, folder: Path) -> Path:
    """Write the PNG of one sample, and return its path."""
    from PIL import Image

    from GANEnhanceLib.views import slice_view, view_spacing
    from GANEnhanceLib.volume import read_volume

    volume = read_volume(sample.path)
    axis = volume.acquisition_axis
    seen = slice_view(volume, axis, volume.shape[axis] // 2).astype(float)
    low, high = np.percentile(seen, [1, 99.5])
    image = Image.fromarray((255 * np.clip((seen - low) / (high - low), 0, 1)).astype(np.uint8))
    rows, columns = np.multiply(seen.shape, view_spacing(volume, axis))
    scale = min(WIDTH / columns, HEIGHT / rows)
    image = image.resize((round(columns * scale), round(rows * scale)), Image.Resampling.LANCZOS)
    canvas = Image.new("L", (WIDTH, HEIGHT), 0)
    canvas.paste(image, ((WIDTH - image.width) // 2, (HEIGHT - image.height) // 2))
    path = folder / f"GANEnhanceSample-{sample.name}.png"
    canvas.save(path, optimize=True)
    return path


def main(arguments: list[str]) -> int:
    """Make all thumbnails."""
    if len(arguments) != 2:
        print(__doc__)
        return 2
    from GANEnhanceLib.samples import list_samples

    for sample in list_samples():
        print(make_thumbnail(sample, Path(arguments[1])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
