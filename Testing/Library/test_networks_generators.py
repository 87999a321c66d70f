"""The generators and discriminators of the registry: shapes, cost, checkerboards, what they are asked for."""

from pathlib import Path

import pytest
import torch

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.networks.describe import describe
from GANEnhanceLib.networks.style_generator import ModulatedConvolution
from GANEnhanceLib.networks.upsampling import METHODS, Upsample
from GANEnhanceLib.training.objectives.checkerboard import checkerboard_peak
from GANEnhanceLib.training.steps.contest import logits_of

SMALL = {
    "unet": {"features": 4},
    "rrdb": {"channels": 8, "blocks": 1, "growth": 4},
    "nafnet": {"channels": 8, "blocks": 2},
    "resnet": {"channels": 8, "blocks": 1},
}
IMITATORS = {
    "multilayer": {"size": 16, "features": 16},
    "dcgan": {"size": 16, "features": 8},
    "style": {"size": 16, "features": 8},
}


@pytest.mark.parametrize("name", SMALL)
@pytest.mark.parametrize("shape", [(1, 1, 32, 48), (2, 3, 37, 29)])
def test_an_enhancing_generator_keeps_any_size_and_takes_several_channels(name, shape):
    module = build_network(name, channels_in=shape[1], **SMALL[name]).eval()
    assert module(torch.rand(shape)).shape == (shape[0], 1, *shape[2:])


@pytest.mark.parametrize("name", ["unet", "rrdb", "nafnet"])
def test_an_untrained_enhancing_generator_returns_its_middle_channel(name):
    image = torch.rand(2, 3, 32, 32)
    module = build_network(name, channels_in=3, **SMALL[name]).eval()
    assert torch.allclose(module(image), image[:, 1:2], atol=1e-6)


def test_a_three_dimensional_unet_keeps_the_size_of_its_block():
    module = build_network("unet", features=4, dimensions=3).eval()
    assert module(torch.rand(1, 1, 16, 20, 18)).shape == (1, 1, 16, 20, 18)


def test_the_unet_of_the_speed_bar_has_its_parameters():
    module = build_network("unet", features=32, upsampling="shuffle")
    assert sum(each.numel() for each in module.parameters()) == pytest.approx(7.8e6, rel=0.005)
    path = Path(__file__).parents[1] / "bench/train_step.py"
    assert 'build_network("unet", features=32, upsampling="shuffle")' in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_unets_shuffle_starts_as_a_resize_to_the_nearest(dimensions):
    torch.manual_seed(0)
    module = build_network("unet", features=4, upsampling="shuffle", dimensions=dimensions)
    layers = [each for name, each in module.named_modules() if name.endswith("deconv")]
    assert len(layers) == 4
    given = torch.rand(1, layers[0].in_channels, *[4] * dimensions)
    made = layers[0](given).detach()
    coarse = torch.nn.functional.interpolate(made, scale_factor=0.5, mode="nearest")
    assert torch.allclose(
        torch.nn.functional.interpolate(coarse, scale_factor=2, mode="nearest"), made, atol=1e-6
    )


def test_an_unknown_upsampling_of_the_unet_is_refused():
    with pytest.raises(ModelError, match="upsampling is 'deconv', allowed are resize, shuffle"):
        build_network("unet", upsampling="deconv")


@pytest.mark.parametrize("name", ["rrdb", "nafnet"])
def test_generators_without_tile_statistics_see_no_farther_than_they_say(name):
    torch.manual_seed(0)
    module = build_network(name, **SMALL[name])
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    found = describe(module, 1, size=128)
    assert 0 < found.receptive_field < 60
    assert found.flops_per_voxel > 0
    image = torch.rand(1, 1, 128, 64)
    reach = found.receptive_field + found.receptive_field % 2
    tile = module(image[..., 128 - 40 - reach :, :])
    assert torch.allclose(tile[..., reach:, :], module(image)[..., 128 - 40 :, :], atol=1e-4)


@pytest.mark.parametrize("name", IMITATORS)
def test_an_imitating_generator_makes_images_from_noise(name):
    torch.manual_seed(0)
    module = build_network(name, **IMITATORS[name])
    images = module(torch.randn(4, module.latent_size))
    assert images.shape == (4, 1, 16, 16)
    assert torch.isfinite(images).all()
    assert float(images.detach().std(dim=0).mean()) > 0


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        *((name, arguments) for name, arguments in SMALL.items()),
        *((name, arguments) for name, arguments in IMITATORS.items()),
        ("residual-unshuffle", {"channels_in": 1, "channels": 8, "blocks": 1}),
        ("unet", {"features": 4, "norm": "none"}),
        ("unet", {"features": 4, "upsampling": "shuffle"}),
        ("dcgan", {"size": 16, "features": 8, "upsampling": "shuffle"}),
        ("dcgan-discriminator", {"size": 32, "features": 8}),
        ("multi-scale-discriminator", {"channels": 4, "spectral": False}),
    ],
)
def test_no_parameter_is_without_effect_in_training(name, arguments):
    """A bias before batch normalization has none; Adam would walk it along the rounding of its gradient."""
    torch.manual_seed(0)
    module = build_network(name, **arguments).double()
    for parameter in module.parameters():
        parameter.data.add_(0.1 * torch.randn_like(parameter))
    latent_size = getattr(module, "latent_size", 0)
    given = torch.rand((4, latent_size) if latent_size else (4, 1, 32, 32), dtype=torch.float64)
    found = logits_of(module(given)).double()
    (found * torch.rand_like(found)).sum().backward()
    largest = {key: float(each.grad.abs().max()) for key, each in module.named_parameters()}
    assert min(largest.values()) > 1e-9 * max(largest.values()), largest


@pytest.mark.parametrize("size", [4, 12, 100])
def test_a_size_that_is_no_power_of_two_is_refused(size):
    with pytest.raises(ModelError, match=f"size is {size}, allowed are 8, 16"):
        build_network("dcgan", size=size)


def test_a_code_goes_in_and_is_read_back():
    generator = build_network("dcgan", size=16, features=8, categories=3, continuous=2)
    discriminator = build_network("dcgan-discriminator", size=16, features=8, categories=3, continuous=2)
    image = generator(torch.randn(5, generator.latent_size + 5))
    logits, means = discriminator.read_code(image)
    assert (logits.shape, means.shape) == ((5, 3), (5, 2))
    with pytest.raises(ValueError, match="has no code"):
        build_network("dcgan-discriminator", size=16).read_code(image)


def test_the_projection_discriminator_hears_the_label():
    torch.manual_seed(0)
    module = build_network("dcgan-discriminator", size=16, features=8, norm="spectral", classes=2).eval()
    image = torch.rand(1, 1, 16, 16)
    one, other = (module(image, torch.tensor([label])) for label in (0, 1))
    assert one.shape == (1, 1) and not torch.equal(one, other)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("multi-scale-discriminator", {"channels": 4}),
        ("unet-discriminator", {"channels": 4}),
        ("patch-discriminator", {"channels": 4}),
        ("dcgan-discriminator", {"size": 32, "features": 4}),
        ("multilayer-discriminator", {"size": 32, "features": 4}),
    ],
)
def test_every_discriminator_gives_logits_for_each_image(name, arguments):
    logits = logits_of(build_network(name, **arguments)(torch.rand(2, 1, 32, 32)))
    assert logits.shape[0] == 2 and logits.dtype == torch.float32 and logits.ndim >= 2


def peak_on_even_features(layers):
    """Return the spectral peak of what upsampling makes of features that are the same everywhere."""
    torch.manual_seed(0)
    made = layers(torch.rand(1, 8, 1, 1).expand(1, 8, 24, 24)).detach()[..., 8:-8, 8:-8]
    return checkerboard_peak((made - made.mean()) / made.abs().mean() + 0.01 * torch.randn_like(made))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", range(3))
def test_upsampling_starts_without_a_checkerboard(method, seed):
    torch.manual_seed(seed)
    layers = torch.nn.Sequential(Upsample(8, 8, method), torch.nn.ReLU(), Upsample(8, 1, method))
    assert peak_on_even_features(layers) < 3.0


def test_a_transposed_convolution_would_be_noticed():
    torch.manual_seed(1)
    layer = torch.nn.ConvTranspose2d(8, 1, 3, stride=2, padding=1, output_padding=1)
    assert peak_on_even_features(layer) > 10.0


def test_a_modulated_convolution_equals_a_kernel_made_for_each_image():
    torch.manual_seed(2)
    layer = ModulatedConvolution(3, 4, 5).double()
    features, style = torch.rand(2, 3, 8, 8).double(), torch.randn(2, 5).double()
    found = layer(features, style)
    for number in range(2):
        weight = layer.weight * layer.scale * layer.style(style)[number][None, :, None, None]
        weight = weight / weight.square().sum(dim=(1, 2, 3), keepdim=True).add(1e-8).sqrt()
        expected = torch.nn.functional.conv2d(features[number : number + 1], weight, padding=1)
        assert torch.allclose(found[number], expected[0], atol=1e-10)


def test_styles_differ_as_much_as_latents_however_deep_the_mapping():
    for depth in (1, 4, 8):
        torch.manual_seed(3)
        generator = build_network("style", size=8, features=4, most=8, latent_size=64, depth=depth)
        with torch.no_grad():
            styles = generator.map_styles(torch.randn(256, 64))[:, 0]
        assert 0.5 < float(styles.std(dim=0).mean()) < 1.5
