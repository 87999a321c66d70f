"""The registry of networks, what a network costs, and the networks that are trained."""

import numpy as np
import pytest
import scipy.ndimage
import torch

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.networks import NETWORKS, build_network
from GANEnhanceLib.networks.describe import describe

GENERATOR = {"channels_in": 5, "channels": 16, "blocks": 2}


def randomised(module: torch.nn.Module) -> torch.nn.Module:
    """Give every weight a random value, so that no zero initialization hides a fault."""
    torch.manual_seed(3)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    return module


def test_an_unknown_architecture_is_refused_by_name_with_the_known_ones():
    with pytest.raises(ModelError, match="'u-net-9000' is unknown.*residual-unshuffle"):
        build_network("u-net-9000")


def test_wrong_arguments_are_refused_in_one_sentence():
    with pytest.raises(ModelError, match="refuses its arguments"):
        build_network("residual-unshuffle", channels_in=4)
    with pytest.raises(ModelError, match="refuses its arguments"):
        build_network("residual-unshuffle", wings=2)


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_every_name_of_the_registry_builds(name):
    assert isinstance(build_network(name), torch.nn.Module)


def test_an_untrained_generator_returns_its_center_slice():
    image = torch.rand(2, 5, 12, 18)
    assert torch.equal(build_network("residual-unshuffle", **GENERATOR)(image), image[:, 2:3])


@pytest.mark.parametrize("order", [1, 2])
def test_a_mean_box_keeps_local_means_and_lets_everything_finer_through(order):
    torch.manual_seed(0)
    image = torch.rand(1, 5, 96, 96)
    plain = randomised(build_network("residual-unshuffle", **GENERATOR))
    kept = build_network("residual-unshuffle", **GENERATOR, mean_box=9, mean_order=order)
    kept.load_state_dict(plain.state_dict())
    residual = wanted = (plain(image) - image[:, 2:3])[0, 0].detach().numpy()
    for _ in range(order):
        wanted = wanted - scipy.ndimage.uniform_filter(scipy.ndimage.uniform_filter(wanted, 9), 9)
    inner = (slice(4 + 8 * order, -4 - 8 * order),) * 2
    found = (kept(image) - image[:, 2:3])[0, 0].detach().numpy()
    assert found[inner] == pytest.approx(wanted[inner], abs=1e-5)
    assert abs(found[inner].mean()) < 0.05 * abs(residual[inner].mean())
    with pytest.raises(ModelError, match="mean_box is 4, allowed are 0 and odd numbers from 3"):
        build_network("residual-unshuffle", mean_box=4)
    with pytest.raises(ModelError, match="mean_order is 3, allowed are 1 and 2"):
        build_network("residual-unshuffle", mean_box=9, mean_order=3)


def test_a_kept_box_is_for_use_and_not_for_learning():
    torch.manual_seed(0)
    image = torch.rand(1, 5, 64, 64)
    module = randomised(build_network("residual-unshuffle", **GENERATOR, kept_box=5))
    learned = (module.train()(image) - image[:, 2:3])[0, 0].detach().numpy()
    used = (module.eval()(image) - image[:, 2:3])[0, 0].detach().numpy()
    slow = scipy.ndimage.uniform_filter(scipy.ndimage.uniform_filter(learned, 5), 5)
    inner = (slice(8, -8), slice(8, -8))
    assert used[inner] == pytest.approx((learned - slow)[inner], abs=1e-5)
    assert np.abs(slow[inner]).max() > 1e-3
    with pytest.raises(ModelError, match="kept_box is 2, allowed are 0 and odd numbers from 3"):
        build_network("residual-unshuffle", kept_box=2)


@pytest.mark.parametrize(
    "mean", [{}, {"mean_box": 9}, {"mean_box": 7, "mean_order": 2, "kept_box": 5}], ids=str
)
def test_the_generator_holds_no_layer_whose_statistics_depend_on_the_tile(mean):
    module = randomised(build_network("residual-unshuffle", **GENERATOR, **mean)).eval()
    names = {type(layer).__name__ for layer in module.modules()}
    assert not {name for name in names if "Norm" in name}
    image = torch.rand(1, 5, 96, 96)
    reach = describe(module, 5, size=64).receptive_field
    reach += reach % 2
    whole = module(image)
    tile = module(image[..., 96 - 40 - reach :, :])
    assert torch.allclose(tile[..., reach:, :], whole[..., 96 - 40 :, :], atol=1e-5)


def test_a_generator_on_two_scales_begins_as_the_center_slice_and_gives_tiles_as_the_whole():
    image = torch.rand(1, 5, 96, 96)
    arguments = {"channels_in": 5, "channels": 8, "coarse_channels": 12, "before": 1, "coarse": 1, "after": 1}
    assert torch.equal(build_network("multiscale-residual", **arguments)(image), image[:, 2:3])
    module = randomised(build_network("multiscale-residual", **arguments))
    reach = describe(module, 5, size=96).receptive_field
    reach += -reach % 4
    tile = module(image[..., 96 - 40 - reach :, :])
    assert 8 < reach < 48
    assert torch.allclose(tile[..., reach:, :], module(image)[..., 96 - 40 :, :], atol=1e-5)
    with pytest.raises(ModelError, match="channels_in is 4, allowed are odd numbers"):
        build_network("multiscale-residual", channels_in=4)


def test_described_operations_equal_the_closed_form():
    found = describe(randomised(build_network("residual-unshuffle", **GENERATOR)), 5, size=64)
    layers = [(20, 16), *[(16, 16)] * 4, (16, 4)]
    assert found.flops_per_voxel == sum(2 * 9 * i * o for i, o in layers) / 4
    assert found.parameters == sum(9 * i * o + o for i, o in layers)


def test_the_described_receptive_field_is_where_an_impulse_ends():
    module = randomised(build_network("residual-unshuffle", **GENERATOR))
    reach = describe(module, 5, size=64).receptive_field
    empty = torch.zeros(1, 5, 64, 64)
    farthest = 0
    for offset in (0, 1):
        impulse = empty.clone()
        impulse[0, 2, 32 + offset, 32] = 1.0
        changed = (module(impulse) - module(empty)).abs()[0, 0].nonzero()
        farthest = max(farthest, int((changed[:, 0] - 32 - offset).abs().max()))
    assert farthest == reach


def test_one_pass_of_the_shipped_architecture_stays_within_250_kflop_a_voxel():
    from pathlib import Path

    import GANEnhanceLib.training
    from GANEnhanceLib.training.config import load_config

    recipe = Path(GANEnhanceLib.training.__file__).parent / "recipes" / "mr-denoise.yaml"
    generator = load_config(recipe).networks.generator
    arguments = generator.arguments
    module = build_network(generator.architecture, **arguments)
    assert describe(randomised(module), arguments["channels_in"]).flops_per_voxel <= 250e3


def test_the_discriminator_is_spectrally_normalized_in_every_convolution():
    discriminator = build_network("patch-discriminator", channels_in=1, channels=8, layers=2)
    convolutions = [layer for layer in discriminator.modules() if isinstance(layer, torch.nn.Conv2d)]
    assert len(convolutions) == 4
    for _ in range(50):
        discriminator(torch.rand(1, 1, 32, 32))
    discriminator.eval()
    for layer in convolutions:
        norm = float(torch.linalg.matrix_norm(layer.weight.detach().flatten(1), 2))
        assert norm == pytest.approx(1.0, abs=0.02)
