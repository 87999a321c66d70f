"""Compiled networks that stay ready: the same one for the same request, a few of them, with the same bits."""

import numpy as np
import pytest
from inference_cases import BACKENDS, enhanced, make_volume, network_of

from GANEnhanceLib.inference import backends, forget_backends

SHAPE = (4, 20, 24)


@pytest.fixture
def model(tmp_path):
    forget_backends()
    yield network_of(tmp_path / "net")
    forget_backends()


@pytest.mark.parametrize("device", BACKENDS)
def test_moving_the_fidelity_to_and_fro_opens_each_value_once(model, monkeypatch, device):
    opened = []
    real = backends._backend_class

    def counting(name):
        kind = real(name)
        return lambda *given: opened.append(given[1].fidelity) or kind(*given)

    monkeypatch.setattr(backends, "_backend_class", counting)
    volume = make_volume(SHAPE)
    values = [0.2, 0.4, 0.2, 0.6, 0.4, 0.2]
    results = [enhanced(volume, model, device=device, fidelity=value).volume.voxels for value in values]
    assert opened == [0.2, 0.4, 0.6]
    for value, result in zip(values, results, strict=True):
        assert np.array_equal(result, results[values.index(value)])
    assert not np.array_equal(results[0], results[1])


def test_no_more_than_a_few_are_held(model):
    volume = make_volume(SHAPE)
    for number in range(6):
        enhanced(volume, model, fidelity=number / 5)
        assert len(backends._kept) <= 3
    assert forget_backends() and not forget_backends()


def test_a_cancelled_run_gives_its_network_up(model):
    """It may still be computing."""
    from GANEnhanceLib.inference import EnhanceOptions, enhance

    steps = enhance(make_volume(SHAPE), model, EnhanceOptions(threads=1))
    for progress in steps:
        if progress.fraction > 0:
            break
    steps.close()
    assert not backends._kept
