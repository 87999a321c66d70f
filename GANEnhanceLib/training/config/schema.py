"""The configuration's JSON Schema, for editors, and what a place of the configuration may hold."""

from __future__ import annotations

import typing
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from GANEnhanceLib.training.config.run import RunConfig


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a run's YAML file (draft 2020-12), with the descriptions of all fields."""
    schema = RunConfig.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def fields_at(loc: tuple, root: type[BaseModel] = RunConfig) -> list[str]:
    """Return the names of the fields of the model at a place that pydantic names, such as ("data",
    "clean")."""
    kind = _kind_at(loc, root)
    return list(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else []


def tags_at(loc: tuple, root: type[BaseModel] = RunConfig) -> list[str]:
    """Return the tags of the union at a place that pydantic names."""
    return list(_members(_kind_at(loc, root)))


def without_tags(loc: tuple, root: type[BaseModel] = RunConfig) -> list:
    """Return the keys and indices of a place that pydantic names: it also names the tags of unions."""
    kind: Any = root
    path = []
    for part in loc:
        if part not in _members(kind):
            path.append(part)
        kind = _step_into(kind, part)
    return path


def limits_at(loc: tuple, root: type[BaseModel] = RunConfig) -> str:
    """Return the range of the number at a place in words, such as ", from 8 to 1024"; "" without one."""
    owner, name = _kind_at(loc[:-1], root), loc[-1]
    if not (isinstance(owner, type) and issubclass(owner, BaseModel) and name in owner.model_fields):
        return ""
    bounds = _bounds(owner.model_fields[name])
    low = next((f"from {bounds[key]:g}" for key in ("ge",) if key in bounds), "")
    low = low or next((f"above {bounds[key]:g}" for key in ("gt",) if key in bounds), "")
    high = next((f"to {bounds[key]:g}" for key in ("le",) if key in bounds), "")
    high = high or next((f"below {bounds[key]:g}" for key in ("lt",) if key in bounds), "")
    words = " ".join(word for word in (low, high) if word)
    return f" ({words})" if words else ""


def _bounds(field: FieldInfo) -> dict[str, float]:
    found = {}
    metadata = list(field.metadata)
    for each in (field.annotation, *typing.get_args(field.annotation)):
        metadata += list(getattr(each, "__metadata__", ()))
    for item in metadata:
        for part in getattr(item, "metadata", [item]):
            for key in ("ge", "gt", "le", "lt"):
                if getattr(part, key, None) is not None:
                    found[key] = getattr(part, key)
    return found


def _kind_at(loc: tuple, root: type[BaseModel]) -> Any:
    kind: Any = root
    for part in loc:
        kind = _step_into(kind, part)
    return _bare(kind)


def _step_into(kind: Any, part: Any) -> Any:
    """Return the type that a key, an index or a tag leads to."""
    kind = _bare(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        field = kind.model_fields.get(str(part))
        return field.annotation if field is not None else None
    members = _members(kind)
    if part in members:
        return members[part]
    arguments = [each for each in typing.get_args(kind) if each is not Ellipsis]
    return arguments[-1] if arguments else kind


def _bare(kind: Any) -> Any:
    """Take away Annotated and the None of optional fields."""
    if typing.get_origin(kind) is typing.Annotated:
        return _bare(typing.get_args(kind)[0])
    others = [each for each in typing.get_args(kind) if each is not type(None)]
    if type(None) in typing.get_args(kind) and len(others) == 1:
        return _bare(others[0])
    return kind


def _members(kind: Any) -> dict[str, Any]:
    """Return the models of a union by their tags."""
    found = {}
    for each in typing.get_args(_bare(kind)):
        each = _bare(each)
        if isinstance(each, type) and issubclass(each, BaseModel):
            for name in ("kind", "step"):
                if name in each.model_fields:
                    for tag in typing.get_args(each.model_fields[name].annotation):
                        found[tag] = each
    return found
