"""Real ultrasound frames, which have no truth: speckle before and after, shift of the mean, flicker."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.metrics import (
    Flicker,
    equivalent_looks,
    flat_blocks,
    flicker,
    foreground,
    speckle_index,
    take_blocks,
)
from GANEnhanceLib.training.images.load import recipe_images
from GANEnhanceLib.training.sources import load
from GANEnhanceLib.volume import Volume

FRAMES = 12
_BLOCK = 12


def real_frames(folder: Path, part: str) -> tuple[dict[str, Volume], dict[str, str]]:
    """Return the real frames of a part by name, the first 12 of a cine, and why others are not there."""
    found, missing = {}, {}
    for image in recipe_images("ultrasound"):
        if image.part != part:
            continue
        try:
            volume = load(image.name, folder)
        except GANEnhanceError as error:
            missing[image.name] = str(error)
            continue
        found[image.name] = Volume(volume.voxels[:FRAMES], volume.ijk_to_ras, "US", image.name)
    return found, missing


def judge_frames(name: str, given: Volume, enhance: Callable[[Volume], Volume]) -> dict:
    """Return figures of frames (k: time, j, i) before and after `enhance`, which gets one frame at a time.

    So are the frames of a sequence run. A cine in one volume, whose frames a 2.5-D network sees together, is
    given to it as such too.

    `enl` and `ssi` are taken at the same flat places, found in the result; `mean_change` is that of the mean
    of what is not black, as a share. `flicker_ratio` is after over before, for a cine frame by frame, and
    `flicker_ratio_together` for one in a volume. `flicker_before` and `flicker_after` are the same, frame by
    frame, in gray levels: where probe and object stand still, speckle does too, and frames differ by less
    than their rounding to whole levels would make them (1/3); of such a cine a ratio above 1 can be changes
    that no display shows. Its bar is not waived, but the levels belong beside it.
    """
    before = given.voxels.astype(np.float32)
    after = np.concatenate([enhance(Volume(frame[None], given.ijk_to_ras, "US")).voxels for frame in before])
    row = {"case": name, "frames": len(before)}
    places = flat_blocks(after, _BLOCK)
    if len(places):
        for word, voxels in (("before", before), ("after", after)):
            blocks = take_blocks(voxels, places, _BLOCK)
            row[f"enl_{word}"] = round(equivalent_looks(blocks), 2)
            row[f"ssi_{word}"] = round(speckle_index(blocks), 4)
    inside = foreground(before)
    row["mean_change"] = round(float(after[inside].mean() / before[inside].mean() - 1), 4)
    if len(before) > 1:
        row["flicker_ratio"] = round(flicker_ratio(before, after), 4)
        was, now = _flickers(before, after)
        row["flicker_before"], row["flicker_after"] = round(was.mean or 0.0, 3), round(now.mean or 0.0, 3)
        together = enhance(Volume(before, given.ijk_to_ras, "US")).voxels
        row["flicker_ratio_together"] = round(flicker_ratio(before, together), 4)
    return row


def flicker_ratio(before: np.ndarray, after: np.ndarray) -> float:
    """Return the flicker of frames (k, j, i) after over that before; see `metrics.flicker`."""
    was, now = _flickers(before, after)
    return now.total / was.total if was.total else 1.0


def _flickers(before: np.ndarray, after: np.ndarray) -> tuple[Flicker, Flicker]:
    """Return the sums over all pairs of frames."""
    was, now = Flicker(0.0, 0), Flicker(0.0, 0)
    for number in range(len(before) - 1):
        pair = [(each[number], each[number + 1]) for each in (before, after)]
        one, other = flicker(*pair)
        was = Flicker(was.total + one.total, was.count + one.count)
        now = Flicker(now.total + other.total, now.count + other.count)
    return was, now


def frame_bars(rows: list[dict], setting: str) -> list[dict]:
    """Return the bars: the flicker of each cine must be below the input's."""
    return [
        {
            "bar": f"flicker of real frames{words} below the input's, {setting} ({row['case']})",
            "value": row[figure],
            "needed": "below 1 (share)",
            "held": row[figure] < 1,
        }
        for row in rows
        for figure, words in (("flicker_ratio", ""), ("flicker_ratio_together", ", enhanced together,"))
        if figure in row
    ]
