"""The small feature network: its weights are shipped, small, and see what a perceptual distance must see."""

import numpy as np
import pytest
import torch
import training_cases as cases
from scipy.ndimage import gaussian_filter

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.networks.features import LEVELS, WEIGHTS, FeatureNetwork, load_features
from GANEnhanceLib.training.validation.features import image_features


@pytest.fixture(scope="module")
def slices():
    """Eight slices of the phantom as a batch (8, 1, 48, 40), 0 to 1."""
    return torch.from_numpy(cases.phantom()[8:16, None].astype(np.float32) / 255.0)


@pytest.fixture(scope="module")
def network():
    return load_features()


def test_the_weights_are_small_and_of_the_network():
    assert WEIGHTS.stat().st_size < 400_000
    count = sum(each.numel() for each in FeatureNetwork().state_dict().values())
    assert WEIGHTS.stat().st_size < 2 * count + 4000


def test_missing_or_damaged_weights_are_said_in_a_sentence(tmp_path):
    with pytest.raises(ModelError, match="cannot be read.* Install"):
        load_features(tmp_path / "features.safetensors")
    damaged = tmp_path / "half.safetensors"
    damaged.write_bytes(WEIGHTS.read_bytes()[:5000])
    with pytest.raises(ModelError, match="cannot be read"):
        load_features(damaged)


def test_equal_images_have_no_distance_and_it_has_no_order(network, slices):
    noisy = slices + 0.05 * torch.randn(slices.shape, generator=torch.Generator().manual_seed(0))
    assert network.distance(slices, slices).abs().max() == 0
    assert torch.equal(network.distance(slices, noisy), network.distance(noisy, slices))


def test_the_distance_grows_with_noise(network, slices):
    noise = torch.randn(slices.shape, generator=torch.Generator().manual_seed(0))
    found = [
        float(network.distance(slices, slices + level * noise).mean()) for level in (0.01, 0.03, 0.1, 0.2)
    ]
    assert all(two > 1.3 * one for one, two in zip(found, found[1:], strict=False)), found


def test_the_distance_grows_with_blur(network, slices):
    found = []
    for width in (0.4, 0.7, 1.2, 2.0):
        blurred = gaussian_filter(slices.numpy(), (0, 0, width, width))
        found.append(float(network.distance(slices, torch.from_numpy(blurred)).mean()))
    assert all(two > 1.3 * one for one, two in zip(found, found[1:], strict=False)), found


def test_blur_is_further_away_than_a_shade_of_the_same_error(network, slices):
    # What mean squared errors do not tell apart: a blurred image, and one that is a little brighter.
    blurred = torch.from_numpy(gaussian_filter(slices.numpy(), (0, 0, 1.2, 1.2)))
    shade = (blurred - slices).square().mean().sqrt()
    assert network.distance(slices, blurred).mean() > 2 * network.distance(slices, slices + shade).mean()


def test_features_and_statistics_have_their_shapes_and_carry_gradients(network, slices):
    found = network(slices)
    assert [tuple(each.shape[1:]) for each in found] == [
        (width, 48 >> level, 40 >> level) for level, width in enumerate(LEVELS)
    ]
    assert network.statistics(slices).shape == (8, 2 * sum(LEVELS))
    image = (slices + 0.1).requires_grad_(True)
    network.distance(image, slices).sum().backward()
    assert image.grad.abs().sum() > 0
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_values_beyond_a_screen_count_where_they_are_not_cut():
    image = 3.0 * torch.rand(2, 32, 32, generator=torch.Generator().manual_seed(0)) - 1.0
    cut, whole = image_features(image), image_features(image, clamped=False)
    assert np.array_equal(cut, image_features(image.clamp(0.0, 1.0), clamped=False))
    assert not np.allclose(cut, whole)
