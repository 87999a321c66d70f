"""The base of all parts of a training configuration: typed, frozen, every field described."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of the configuration: unknown keys are refused, values cannot be changed afterwards.

    The text below a field describes it, with unit and range; the JSON Schema and the templates show it.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, use_attribute_docstrings=True, allow_inf_nan=False
    )
