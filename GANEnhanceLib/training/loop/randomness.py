"""Every random generator that a training may draw from: their seeds, their states, their return."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch


def seed_everything(seed: int, stage: int = 0) -> None:
    """Seed PyTorch (all devices), NumPy's global generator and Python's, for a stage of a run.

    A stage begins with seeds of its own, so that it does not matter whether the one before ran in this
    process or in one that was killed.
    """
    word = int(np.random.SeedSequence([seed, stage]).generate_state(1)[0])
    torch.manual_seed(word)
    np.random.seed(word)
    random.seed(word)


def random_state(device: torch.device) -> dict[str, Any]:
    """Return the states of all these generators, as tensors and plain values."""
    name, keys, *rest = np.random.get_state()
    state = {
        "torch": torch.get_rng_state(),
        "numpy": [name, torch.from_numpy(keys.astype(np.int64)), *rest],
        "python": random.getstate(),
    }
    if device.type == "cuda":
        state["cuda"] = torch.cuda.get_rng_state(device)
    return state


def restore_random(state: dict[str, Any], device: torch.device) -> None:
    """Go on from `random_state`."""
    torch.set_rng_state(state["torch"])
    name, keys, *rest = state["numpy"]
    np.random.set_state((name, keys.numpy().astype(np.uint32), *rest))
    version, words, spare = state["python"]
    random.setstate((version, tuple(words), spare))
    if "cuda" in state and device.type == "cuda":
        torch.cuda.set_rng_state(state["cuda"], device)
