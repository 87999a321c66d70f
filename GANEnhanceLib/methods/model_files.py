"""The methods `add_model` and `remove_model`: the user's own models come and go."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from GANEnhanceLib.errors import WorkerError
from GANEnhanceLib.methods.describe import model_folders
from GANEnhanceLib.methods.workplace import Workplace


def add_model(place: Workplace, number: int, params: dict[str, Any]) -> Generator[Any, None, dict[str, Any]]:
    """Run `add_model`: yields progress, returns the fields of its result."""
    from GANEnhanceLib.inference import Progress
    from GANEnhanceLib.models.install import add_model

    path, card, replace = params.get("path"), params.get("card"), params.get("replace", False)
    if not isinstance(path, str) or not path:
        raise WorkerError(f"The path of the model is {path!r}.", "Give a folder or a file.")
    if card is not None and not isinstance(card, str):
        raise WorkerError(f"The card of the model is {card!r}.", "Give the path of a JSON file, or null.")
    if not isinstance(replace, bool):
        raise WorkerError(f"The field replace is {replace!r}.", "Give true or false.")
    steps = add_model(path, card, replace=replace, extra_folders=model_folders(params))
    try:
        while True:
            step = next(steps)
            yield Progress(step.stage, step.fraction)
    except StopIteration as end:
        entry = end.value
    finally:
        steps.close()
    return {
        "name": entry.name,
        "title": entry.title,
        "folder": entry.folder,
        "size_bytes": entry.size_bytes,
    }


def remove_model(place: Workplace, params: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of `remove_model`."""
    from GANEnhanceLib.models.install import remove_model

    name = params.get("name")
    if not isinstance(name, str) or not name:
        raise WorkerError(f"The name of the model is {name!r}.", "Give a name of the list.")
    return {"size_bytes": remove_model(name, model_folders(params))}
