"""Patches: their shape, range and noise, the same after a resume."""

import numpy as np
import pytest
import training_cases as cases

from GANEnhanceLib.errors import InputError


def test_patches_have_the_shape_and_range_that_the_network_expects():
    batch = next(cases.sampler(cases.config()))
    assert batch["input"].shape == (4, 5, 16, 16)
    assert batch["target"].shape == (4, 1, 16, 16)
    assert batch["input"].dtype == batch["target"].dtype == np.float32
    assert batch["target"].min() >= 0 and batch["target"].max() < 2.0


def test_the_noise_of_the_patches_spans_the_levels_of_the_recipe():
    noise = {"kind": "mr-noise", "percent_low": 5, "percent_high": 5.001}
    settings = cases.config(degradations=[{**noise, "correlated_share": 0, "varying_share": 0}])
    draws = cases.sampler(settings)
    differences = []
    for _ in range(30):
        batch = next(draws)
        noisy, clean = batch["input"][:, 2], batch["target"][:, 0]
        differences.append(np.median(np.abs(noisy - clean)[clean > 0.3]))
    assert np.mean(differences) / 0.6745 == pytest.approx(0.05, rel=0.1)


def test_a_restored_sampler_draws_the_same_patches():
    settings = cases.config()
    first = cases.sampler(settings)
    next(first)
    state = first.state()
    expected = next(first)
    second = cases.sampler(settings, seed=99)
    second.restore(state)
    found = next(second)
    assert all(np.array_equal(expected[name], found[name]) for name in expected)


def test_a_patch_larger_than_every_slice_is_refused():
    values = cases.values()
    values["data"]["patches"]["size"] = 64
    import yaml

    from GANEnhanceLib.training.config import parse_config

    with pytest.raises(InputError, match="64 voxels wide, but the slices of phantom are 48 x 40"):
        cases.sampler(parse_config(yaml.safe_dump(values)))
