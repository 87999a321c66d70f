"""Transforms that a user brings: MONAI's dictionary transforms, or a function of the user's own."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError

Pair = dict[str, np.ndarray]

_SEEDS = 2**32 - 1
"""MONAI takes seeds below it."""


class PatchTransform:
    """Applies a user's transform to a patch with randomness from the sampler alone.

    Each patch gets its own seed, drawn from the sampler's generator, so that a resumed run goes on exactly:

    - an object with `set_random_state` (MONAI's `Randomizable`, also a `Compose`, which passes it on to its
      members) is given the seed by `set_random_state(seed=...)` before each call;
    - a function with a parameter `rng` is given a `numpy.random.Generator` made of the seed;
    - any other callable is called as it is, and must not be random.

    Args:
        call: takes {"input": (c, [d,] h, w), "target": (1, [d,] h, w)}, float32 arrays in scaled intensity,
            and returns the same keys with the same shapes, as arrays or tensors.
    """

    def __init__(self, call: Callable[..., Any]) -> None:
        """Wrap a callable; see the class for what it must do."""
        self.call = call
        self._is_monai = hasattr(call, "set_random_state")
        self._takes_rng = not self._is_monai and _has_rng(call)

    def apply(self, pair: Pair, rng: np.random.Generator) -> Pair:
        """Return the transformed pair as contiguous float32 arrays.

        Raises:
            InputError: the result lacks a key, has another shape, or holds NaN.
        """
        seed = int(rng.integers(_SEEDS))
        if self._is_monai:
            self.call.set_random_state(seed=seed)
        result = (
            self.call(dict(pair), rng=np.random.default_rng(seed)) if self._takes_rng else self.call(pair)
        )
        return {name: self._checked(result, name, patch.shape) for name, patch in pair.items()}

    def _checked(self, result: Any, name: str, shape: tuple[int, ...]) -> np.ndarray:
        if not isinstance(result, dict) or name not in result:
            raise InputError(
                f"The transform returned no '{name}'.",
                'It must return {"input": array, "target": array}, as it was given.',
            )
        patch = np.ascontiguousarray(result[name], dtype=np.float32)
        if patch.shape != shape:
            raise InputError(
                f"The transform made '{name}' {_size(patch.shape)}, but it was {_size(shape)}.",
                "Sizes must stay; crop with data.patches.size.",
            )
        if not np.isfinite(patch).all():
            raise InputError(f"The transform put NaN or infinity into '{name}'.", "Correct it.")
        return patch


def load_transform(name: str) -> Callable[..., Any]:
    """Return the callable that `module:name` names; the current folder is searched first.

    Raises:
        OptionError: the module cannot be imported, has no such name, or it cannot be called.
    """
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    sys.path.insert(0, here)
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # whatever a user's module may raise
        raise OptionError(
            f"data.transform is '{name}', but the module cannot be imported:"
            f" {type(error).__name__}: {error}.",
            "Run the command in the folder that holds it, or correct it.",
        ) from error
    finally:
        sys.path.remove(here)
    call = getattr(module, attribute, None)
    if not callable(call):
        fault = "has no such name" if call is None else "holds there what cannot be called"
        raise OptionError(
            f"data.transform is '{name}', but the module {fault}.", "Name a function or a MONAI transform."
        )
    return call


def describe_transform(name: str) -> dict[str, str]:
    """Return provenance of a transform that was loaded: its name and the sha256 of its module's file."""
    file = getattr(sys.modules.get(name.partition(":")[0]), "__file__", None)
    digest = hashlib.sha256(Path(file).read_bytes()).hexdigest() if file else ""
    return {"set": "transform", "name": name, "sha256": digest}


def _has_rng(call: Callable[..., Any]) -> bool:
    try:
        return "rng" in inspect.signature(call).parameters
    except (TypeError, ValueError):
        return False


def _size(shape: tuple[int, ...]) -> str:
    return " x ".join(str(side) for side in shape)
