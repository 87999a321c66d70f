"""Generators and discriminators by name. A model bundle names its architecture; it never carries code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import nn

NETWORKS = {
    "residual-unshuffle": ("GANEnhanceLib.networks.unshuffle_residual", "UnshuffleResidualGenerator"),
    "multiscale-residual": ("GANEnhanceLib.networks.multiscale_residual", "MultiscaleResidualGenerator"),
    "patch-discriminator": ("GANEnhanceLib.networks.patch_discriminator", "SpectralPatchDiscriminator"),
    "multi-scale-discriminator": ("GANEnhanceLib.networks.discriminators", "MultiScaleDiscriminator"),
    "unet-discriminator": ("GANEnhanceLib.networks.discriminators", "UNetDiscriminator"),
    "unet": ("GANEnhanceLib.networks.unet", "UNetGenerator"),
    "rrdb": ("GANEnhanceLib.networks.rrdb", "RRDBGenerator"),
    "nafnet": ("GANEnhanceLib.networks.nafnet", "NAFGenerator"),
    "resnet": ("GANEnhanceLib.networks.resnet_generator", "ResNetGenerator"),
    "multilayer": ("GANEnhanceLib.networks.multilayer", "MultilayerGenerator"),
    "multilayer-discriminator": ("GANEnhanceLib.networks.multilayer", "MultilayerDiscriminator"),
    "dcgan": ("GANEnhanceLib.networks.dcgan", "DCGANGenerator"),
    "dcgan-discriminator": ("GANEnhanceLib.networks.dcgan", "DCGANDiscriminator"),
    "style": ("GANEnhanceLib.networks.style_generator", "StyleGenerator"),
    "identity": ("GANEnhanceLib.networks.simple", "IdentityGenerator"),
    "plain-residual": ("GANEnhanceLib.networks.simple", "PlainResidualGenerator"),
    "with-doubt": ("GANEnhanceLib.networks.doubt", "WithDoubt"),
}


def build_network(name: str, **arguments) -> nn.Module:
    """Make an untrained network.

    Args:
        name: a key of `NETWORKS`.
        arguments: the network's own arguments.

    Raises:
        ModelError: unknown name, or arguments that the network does not take.
    """
    from importlib import import_module

    from GANEnhanceLib.errors import ModelError

    if name not in NETWORKS:
        raise ModelError(
            f"The network architecture '{name}' is unknown; known are {', '.join(sorted(NETWORKS))}.",
            "Install a version of GANEnhance that knows it, or correct the model's metadata.",
        )
    module, attribute = NETWORKS[name]
    try:
        return getattr(import_module(module), attribute)(**arguments)
    except (TypeError, ValueError) as error:
        raise ModelError(
            f"The network '{name}' refuses its arguments {arguments}: {str(error).rstrip('.')}.",
            "Correct the arguments in the configuration, or in the model's metadata.",
        ) from error
