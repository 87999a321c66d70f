"""Models that stay open: read once, and anew as soon as a file has changed."""

import os
import shutil

import numpy as np
import pytest
from bad_bundles import SPOILERS
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models import ModelCache, NetworkModel, load_model


@pytest.fixture
def bundle(tmp_path):
    return make_tiny_bundle(tmp_path / "tiny", "random")


def test_an_unchanged_bundle_is_not_opened_again(bundle):
    cache = ModelCache()
    assert cache.open(bundle) is cache.open(bundle)
    assert load_model(str(bundle), open_bundle=cache.open) is cache.open(bundle)


def test_what_is_read_once_is_what_the_bundle_holds(bundle):
    held, fresh = ModelCache().open(bundle), NetworkModel(bundle)
    for _ in range(2):
        assert held.onnx_path("perceptual") == fresh.onnx_path("perceptual")
        for fidelity in (0, 0.3, 1):
            mixed, wanted = held.mixed_weights(fidelity), fresh.mixed_weights(fidelity)
            assert all(np.array_equal(mixed[key], wanted[key]) for key in wanted)
    assert held.sha256 == fresh.sha256 and held.card == fresh.card
    with pytest.raises(ModelError, match="weight set"):
        held.weights("best")


def test_a_model_that_was_installed_anew_is_the_new_one(bundle, tmp_path):
    cache = ModelCache()
    before = cache.open(bundle)
    before.weights("fidelity")
    shutil.rmtree(bundle)
    make_tiny_bundle(tmp_path / "tiny", "random", seed=7)
    after = cache.open(bundle)
    assert after.sha256 != before.sha256
    assert any(
        not np.array_equal(after.weights("fidelity")[key], values)
        for key, values in before.weights("fidelity").items()
    )


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_a_bundle_that_was_spoiled_since_is_refused(bundle, spoil):
    cache = ModelCache()
    cache.open(bundle).onnx_path("fidelity")
    spoil(bundle)
    with pytest.raises(ModelError):
        cache.open(bundle)


def test_a_change_that_keeps_size_and_time_is_seen(bundle):
    cache = ModelCache()
    cache.open(bundle)
    file = bundle / "models" / "fidelity.safetensors"
    status, content = file.stat(), bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    with pytest.raises(ModelError, match="was changed"):
        cache.open(bundle)


def test_only_a_few_models_are_held(tmp_path):
    cache = ModelCache()
    bundles = [make_tiny_bundle(tmp_path / f"tiny-{number}") for number in range(5)]
    first = [cache.open(bundle) for bundle in bundles]
    assert cache.open(bundles[4]) is first[4]
    assert cache.open(bundles[0]) is not first[0]


def test_a_folder_that_is_gone_is_one_sentence(bundle):
    cache = ModelCache()
    cache.open(bundle)
    shutil.rmtree(bundle)
    with pytest.raises(ModelError, match="does not exist"):
        cache.open(bundle)
