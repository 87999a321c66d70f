"""Reads a configuration from YAML and says, for whatever is wrong, in which line, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config.run import RunConfig
from GANEnhanceLib.training.config.schema import fields_at, limits_at, tags_at, without_tags

Checked = TypeVar("Checked", bound=BaseModel)

_SHOWN = 5
"""Faults that are shown at once."""


def load_config(path: str | Path, changes: Iterable[str] = ()) -> RunConfig:
    """Read and check a file; nothing else is loaded.

    Args:
        path: of the YAML file.
        changes: texts like `stages.0.steps=200`, which replace values of the file.

    Raises:
        OptionError: the file cannot be read, or a key or value is not allowed; with line, nearest name and
            the allowed values.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise OptionError(f"The configuration {path} cannot be read ({reason}).") from error
    return parse_config(text, changes, name=Path(path).name)


def parse_config(text: str, changes: Iterable[str] = (), name: str = "configuration") -> RunConfig:
    """Check the text of a YAML file; see `load_config`."""
    hint = "`ganenhance train --template TASK` prints a file that works."
    return parse_model(text, RunConfig, hint, changes, name)


def parse_model(
    text: str, model: type[Checked], hint: str, changes: Iterable[str] = (), name: str = "configuration"
) -> Checked:
    """Check the text of a YAML or JSON file against any model of this package; see `load_config`.

    `hint` is what to do where a key or value is not allowed.
    """
    import yaml

    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        _refuse_doubles(node, name)
        values = yaml.safe_load(text)
    except yaml.YAMLError as error:
        line = error.problem_mark.line + 1 if getattr(error, "problem_mark", None) else 1
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise OptionError(f"{name}, line {line}: {problem}.", "Correct the file.") from error
    if not isinstance(values, dict):
        raise OptionError(
            f"{name} holds {type(values).__name__}, but must hold keys and values.",
            hint,
        )
    for change in changes:
        _apply(values, change)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise OptionError(_faults(error, values, node, name, model), hint) from error


def _apply(values: dict, change: str) -> None:
    import yaml

    path, equals, text = change.partition("=")
    keys = path.strip().split(".")
    if not equals or not all(keys):
        raise OptionError(
            f"--set {change!r} is not of the form key=value.", "Example: --set stages.0.steps=200"
        )
    place: Any = values
    for key in keys[:-1]:
        place = _entry(place, key, change)
    _put(place, keys[-1], yaml.safe_load(text), change)


def _entry(place: Any, key: str, change: str) -> Any:
    if isinstance(place, list) and key.isdigit() and int(key) < len(place):
        return place[int(key)]
    if isinstance(place, dict):
        if not isinstance(place.get(key), (dict, list)):
            place[key] = {}
        return place[key]
    raise OptionError(f"--set {change!r}: there is no {key!r} in the file.", "Lists count from 0.")


def _put(place: Any, key: str, value: Any, change: str) -> None:
    if isinstance(place, list) and key.isdigit() and int(key) < len(place):
        place[int(key)] = value
    elif isinstance(place, dict):
        place[key] = value
    else:
        raise OptionError(f"--set {change!r}: there is no {key!r} in the file.", "Lists count from 0.")


def _refuse_doubles(node: Any, name: str) -> None:
    import yaml

    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                raise OptionError(
                    f"{name}, line {key.start_mark.line + 1}: '{key.value}' is there twice.",
                    "Remove one of them.",
                )
            seen.add(key.value)
            _refuse_doubles(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubles(value, name)


def _faults(error: ValidationError, values: dict, node: Any, name: str, model: type[BaseModel]) -> str:
    faults = error.errors()
    # A list whose only member is wrong is also too short; the member is what matters.
    places = [fault["loc"] for fault in faults]
    faults = [
        fault
        for fault in faults
        if fault["type"] != "too_short"
        or not any(place != fault["loc"] and place[: len(fault["loc"])] == fault["loc"] for place in places)
    ]
    found = [_sentence(fault, values, node, name, model) for fault in faults]
    hidden = len(found) - _SHOWN
    more = [f"{hidden} more faults follow."] if hidden > 0 else []
    return " ".join(found[:_SHOWN] + more)


def _sentence(fault: dict, values: dict, node: Any, name: str, model: type[BaseModel]) -> str:
    path, parent, line = _locate(without_tags(fault["loc"], model), values, node)
    place = f"{name}, line {line}" if line else name
    where = ".".join(str(part) for part in path) or "the configuration"
    kind = fault["type"]
    if kind == "extra_forbidden":
        allowed = fields_at(fault["loc"][:-1], model)
        near = difflib.get_close_matches(str(path[-1]), allowed, n=1)
        meant = f" Did you mean '{near[0]}'?" if near else ""
        return f"{place}: '{where}' is unknown.{meant} Allowed are {', '.join(allowed)}."
    if kind == "missing":
        return f"{place}: '{where}' is missing."
    if kind == "value_error":
        return f"{place}: {where}: {fault['ctx']['error']}."
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        context = fault["ctx"]
        key = context["discriminator"].strip("'")
        tag = context.get("tag")
        allowed = context.get("expected_tags") or _quoted(tags_at(fault["loc"], model))
        said = f"is '{tag}'" if tag is not None else "is missing"
        return f"{place}: '{where}.{key}' {said}, but must be one of {allowed}."
    must = fault["msg"].removeprefix("Input should be ").removeprefix("Input should ")
    limits = "" if kind.startswith(("greater", "less")) else limits_at(fault["loc"], model)
    return f"{place}: '{where}' is {fault['input']!r}, but must be {must}{limits}."


def _locate(keys: list, values: Any, node: Any) -> tuple[list, Any, int | None]:
    """Return as much of a path as the file holds, the mapping it ends in, and the line in the file."""
    import yaml

    path: list = []
    line = node.start_mark.line + 1 if node is not None else None
    for part in keys:
        path.append(part)
        inside = isinstance(values, dict) and part in values
        if not inside and not (isinstance(values, list) and isinstance(part, int) and part < len(values)):
            break
        values = values[part]
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == str(part)), None)
            node = pair[1] if pair else None
            line = pair[0].start_mark.line + 1 if pair else line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            node = None
    return path, values, line


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
