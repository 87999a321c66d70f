"""Options: what is allowed, what is said of what is not, and their JSON form."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.inference import EnhanceOptions

REFUSED = [
    ({"device": "tpu"}, "tpu"),
    ({"device": "cuda:x"}, "cuda:x"),
    ({"device": None}, "None"),
    ({"mode": "volume"}, "volume"),
    ({"mode": ["slices"]}, "slices"),
    ({"axis": "x"}, "'x'"),
    ({"axis": 0}, "0"),
    ({"blend": "gaussian"}, "gaussian"),
    ({"precision": "int8"}, "int8"),
    ({"precision": None}, "None"),
    ({"output_type": "float64"}, "float64"),
    ({"strength": 1.5}, "1.5"),
    ({"strength": -0.1}, "-0.1"),
    ({"strength": math.nan}, "nan"),
    ({"strength": "1"}, "'1'"),
    ({"strength": True}, "True"),
    ({"fidelity": 2}, "2"),
    ({"patch": (0, 8, 8)}, "0, 8, 8"),
    ({"patch": (8, 8)}, "8, 8"),
    ({"patch": (8.5, 8, 8)}, "8.5"),
    ({"overlap": -1}, "-1"),
    ({"threads": 0}, "0"),
    ({"threads": 1.5}, "1.5"),
    ({"bound": 0}, "0"),
    ({"bound": math.nan}, "nan"),
    ({"roi": ((0, 1), (0, 1))}, "three pairs"),
    ({"roi": ((0, 1), (0, 1), (0, 1, 2))}, "three pairs"),
    ({"roi": ((0, 1), (0, 1), (0.5, 1))}, "three pairs"),
    ({"roi": ((2, 2), (0, 1), (0, 1))}, "2:2 along i"),
    ({"roi": ((0, 1), (-1, 1), (0, 1))}, "-1:1 along j"),
    ({"roi": ((0, 1), (0, 1), (3, 1))}, "3:1 along k"),
]


@pytest.mark.parametrize(("values", "shown"), REFUSED, ids=[str(values) for values, _ in REFUSED])
def test_wrong_values_are_refused(values, shown):
    """With a sentence that shows the value."""
    with pytest.raises(OptionError) as caught:
        EnhanceOptions(**values).validate()
    assert shown in caught.value.sentence


def test_allowed_values_pass():
    """The ends of every range, numpy's numbers, and no bound at all."""
    for values in (
        {},
        {"device": "cuda:3", "mode": "patches", "axis": "j", "blend": "smooth", "precision": "float16"},
        {"strength": 0, "fidelity": np.float32(1), "overlap": np.int64(0), "threads": 1},
        {"bound": math.inf, "patch": (1, 2, 3), "roi": ((0, 4), (1, 3), (4, 5))},
    ):
        EnhanceOptions(**values).validate((5, 3, 4))


def test_a_region_must_lie_inside_the_volume():
    """i is the last axis of the array."""
    options = EnhanceOptions(roi=((0, 4), (0, 3), (0, 5)))
    options.validate((5, 3, 4))
    assert options.roi_slices((5, 3, 4)) == (slice(0, 5), slice(0, 3), slice(0, 4))
    with pytest.raises(OptionError, match="0:4 along i"):
        options.validate((5, 3, 3))
    assert EnhanceOptions().roi_slices((5, 3, 4)) == (slice(0, 5), slice(0, 3), slice(0, 4))


@pytest.mark.parametrize("finer", ["scale", "spacing", "like"])
def test_the_json_form_comes_back(finer):
    """Every field that is not the default survives JSON; of the last three one can be asked for."""
    others = {"scale", "spacing", "like"} - {finer} | ({"roi"} if finer == "like" else set())
    grid = Grid.make((4, 5, 6), np.diag([1.0, 2.0, 3.0, 1.0]))
    asked = {"scale": (1.0, 1.0, 2.5), "spacing": (0.5, 0.5, 1.0), "like": grid}
    options = EnhanceOptions(
        device="cpu",
        mode="patches",
        axis="k",
        strength=0.5,
        fidelity=0.25,
        roi=None if finer == "like" else ((0, 4), (1, 3), (4, 5)),
        output_type="float32",
        precision="float32",
        patch=(8, 16, 16),
        overlap=4,
        blend="smooth",
        threads=2,
        bound=math.inf,
        doubt=True,
        **{finer: asked[finer]},
    )
    changed = [f for f in dataclasses.fields(options) if f.name not in others]
    assert all(getattr(options, f.name) != f.default for f in changed)
    assert EnhanceOptions.from_dict(json.loads(json.dumps(options.to_dict()))) == options
    assert EnhanceOptions.from_dict(EnhanceOptions().to_dict()) == EnhanceOptions()


@pytest.mark.parametrize(
    "values",
    [
        {"colour": 1},
        {"strength": 7},
        {"spacing": 0},
        {"scale": [1, 2]},
        {"like": {"shape": [1, 1]}},
        {"roi": [[0, 1], 5]},
        {"patch": "8"},
        [1],
        None,
    ],
)
def test_wrong_json_is_refused(values):
    """Unknown names and wrong values alike."""
    with pytest.raises(OptionError):
        EnhanceOptions.from_dict(values)
