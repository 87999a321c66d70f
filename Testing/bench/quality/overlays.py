"""Whether text and overlays of a scanner's screen are left alone: real echoes in screens that were drawn.

Of a drawn screen it is known what is what, so nothing has to be taken on trust: voxels beside the fan must be
the input's bit for bit, so must the white of what is drawn over it, and the echoes must be enhanced.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.ndimage import binary_dilation

from GANEnhanceLib.volume import Volume
from quality.screens import PROBES, Screen, draw_screen

FRAMES = 4
BORDER = 4
"""Voxels beside the fan's edge that count as edge: they are black, and nothing is drawn there."""
LEAST_ENHANCED = 0.8
"""Share of the fan's voxels that must change: to leave everything alone is no way to pass."""
_WHITE = 250
_SPACING = 0.3


def judge_screens(name: str, echoes: np.ndarray, enhance: Callable[[Volume], Volume]) -> list[dict]:
    """Return a row for each probe: how many voxels changed that must not, and the share of the fan that did.

    `echoes` are frames (k, j, i) from 0 to 255; `enhance` gets a cine.
    """
    shown = np.clip(np.rint(echoes[:FRAMES]), 0, 255).astype(np.uint8)
    return [_judge(name, probe, draw_screen(shown, probe), enhance) for probe in PROBES]


def _judge(name: str, probe: str, screen: Screen, enhance: Callable[[Volume], Volume]) -> dict:
    matrix = np.diag([_SPACING, _SPACING, 1.0, 1.0])
    changed = enhance(Volume(screen.frames, matrix, "US")).voxels != screen.frames
    beside = screen.outside | ~binary_dilation(screen.fan, iterations=BORDER)
    white = screen.inside & (screen.frames[0] >= _WHITE)
    echo = screen.fan & ~binary_dilation(screen.inside, iterations=BORDER)
    # Black shows no echo and may stay black.
    enhanced = float(changed[:, echo][screen.frames[:, echo] > 0].mean())
    row = {
        "case": name,
        "probe": probe,
        "beside_changed": int(np.count_nonzero(changed[:, beside])),
        "white_changed": int(np.count_nonzero(changed[:, white])),
        "white": int(np.count_nonzero(white)) * len(changed),
        "fan_enhanced": round(enhanced, 4),
    }
    row["held"] = not row["beside_changed"] and not row["white_changed"] and enhanced >= LEAST_ENHANCED
    return row


def screen_bars(rows: list[dict], setting: str) -> list[dict]:
    """Return the bars of rows of `judge_screens`."""
    tests = {
        "text beside the fan untouched": [not row["beside_changed"] for row in rows],
        "text and calipers on the fan untouched": [not row["white_changed"] for row in rows],
        f"at least {LEAST_ENHANCED:.0%} of the fan enhanced": [
            row["fan_enhanced"] >= LEAST_ENHANCED for row in rows
        ],
    }
    return [
        {
            "bar": f"{words}, {setting}",
            "value": f"{sum(held)} of {len(held)}",
            "needed": "all",
            "held": all(held),
        }
        for words, held in tests.items()
        if held
    ]
