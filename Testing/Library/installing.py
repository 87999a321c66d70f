"""Helpers of tests that add models to the user's folder."""

from __future__ import annotations

import pytest

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.folders import user_folders
from GANEnhanceLib.models.install import add_model


def add(path, card=None, **more):
    """Add a model to its end, seeing that progress never falls; returns its row."""
    steps = add_model(path, card, **more)
    fractions = []
    while True:
        try:
            fractions.append(next(steps).fraction)
        except StopIteration as end:
            assert fractions == sorted(fractions) and 0 <= fractions[0] <= fractions[-1] <= 1
            return end.value


def refuse(path, card=None, kind=ModelError, **more):
    """Nothing may be added; returns the sentence with its hint."""
    own = user_folders()[0]
    before = sorted(own.rglob("*")) if own.is_dir() else []
    with pytest.raises(kind) as refused:
        add(path, card, **more)
    assert (sorted(own.rglob("*")) if own.is_dir() else []) == before, "something was left"
    return str(refused.value)
