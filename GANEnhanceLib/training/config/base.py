"""The base of all parts of a training configuration: typed, frozen, every field described."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


def _compilable(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"'{text}' is no regular expression: {error}") from error
    return text


RegularExpression = Annotated[str, AfterValidator(_compilable)]
"""A pattern of Python's `re`."""


class Strict(BaseModel):
    """A part of the configuration: unknown keys are refused, values cannot be changed afterwards.

    The text below a field describes it, with unit and range; the JSON Schema and the templates show it.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, use_attribute_docstrings=True, allow_inf_nan=False
    )
