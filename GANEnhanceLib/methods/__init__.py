"""What the worker does for each method of the protocol; `GANEnhanceLib.protocol` describes them.

The tables say in which file each method lives. A file is imported when its method is first asked for, so that
the worker is ready at once and a fault in one method does not touch the others.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

# Answered at once, also while a job runs: function(place, params) -> fields of the result.
PROMPT = {
    "hello": "describe.hello",
    "models": "describe.models",
    "check": "check.check",
    "forget": "run.forget",
    "remove_model": "model_files.remove_model",
}
# One at a time, in their order: function(place, number, params) -> generator of Progress that returns the
# fields of the result. `number` is the request's and makes the names of its files its own.
JOBS = {
    "enhance": "run.enhance",
    "preview": "run.preview",
    "blend": "run.blend",
    "interpolate": "interpolate.interpolate",
    "measure": "measure.measure",
    "flicker": "measure.flicker",
    "add_model": "model_files.add_model",
}


def find_method(where: str) -> Callable[..., Any]:
    """Return the function that an entry of the tables ("file.function") names."""
    module, function = where.split(".")
    return getattr(import_module(f"{__name__}.{module}"), function)
