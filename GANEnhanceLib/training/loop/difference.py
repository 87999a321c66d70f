"""Whether a run's configuration is the one that it was begun with, and where they differ."""

from __future__ import annotations

from typing import Any

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config import RunConfig, parse_config

_FREE = ("device", "threads", "compile", "logging", "checkpoints", "card", "doubt")
"""What does not decide the result: a run may be resumed on another device, or watched differently. What is
learned behind the finished generators may be added later."""


def find_difference(before: str, config: RunConfig) -> str | None:
    """Return the first value that decides the result and is not as it was, in words; None if all are.

    Args:
        before: text of the `config.yaml` that the run was begun with. Keys that an older version did not
            write have their usual values.
        config: of now.
    """
    import yaml

    now = config.model_dump(mode="json")
    try:
        values = parse_config(before).model_dump(mode="json")
    except OptionError:
        try:
            values = yaml.safe_load(before)
        except yaml.YAMLError:
            values = None
    if not isinstance(values, dict):
        return "its config.yaml cannot be read"
    for name in _FREE:
        values.pop(name, None)
        now.pop(name, None)
    return _differ(values, now, "")


def _differ(before: Any, now: Any, place: str) -> str | None:
    if before == now:
        return None
    if isinstance(before, dict) and isinstance(now, dict):
        pairs = [(key, before.get(key), now.get(key)) for key in dict.fromkeys((*before, *now))]
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = [(number, *each) for number, each in enumerate(zip(before, now, strict=True))]
    else:
        return f"{place} was {_shortened(before)} and is {_shortened(now)}"
    found = (_differ(one, other, f"{place}.{key}".lstrip(".")) for key, one, other in pairs)
    return next((words for words in found if words), f"{place} differs")


def _shortened(value: Any, most: int = 60) -> str:
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}..."
