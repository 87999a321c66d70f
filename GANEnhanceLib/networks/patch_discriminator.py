"""The patch discriminator: how real each patch of a slice looks (Isola et al., pix2pix, CVPR 2017)."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


class SpectralPatchDiscriminator(nn.Module):
    """MONAI's PatchGAN with every convolution spectrally normalised instead of batch-normalised.

    Spectral normalisation (Miyato et al., ICLR 2018) bounds the discriminator's slope, which keeps a small
    generator trainable without a gradient penalty.

    Args:
        channels_in: channels of the judged image.
        channels: feature maps of the first layer, doubled by each further one.
        layers: strided layers; 2 give a receptive field of 34 pixels.
        gain: multiplies the detail. A normalized discriminator cannot tell images apart whose textures differ
            by a hundredth of the range; the gain sets how steep it may become.
        blur: edge in pixels of the mean that is subtracted, so that texture is judged and not contrast; odd.
    """

    def __init__(
        self, channels_in: int = 1, channels: int = 32, layers: int = 2, gain: float = 16.0, blur: int = 7
    ) -> None:
        """Build the discriminator; see the class for the arguments."""
        from monai.networks.nets import PatchDiscriminator

        super().__init__()
        self.gain, self.blur = gain, blur
        self.network = PatchDiscriminator(
            spatial_dims=2,
            in_channels=channels_in,
            channels=channels,
            num_layers_d=layers,
            norm=None,
            bias=True,
        )
        for module in list(self.network.modules()):
            if isinstance(module, nn.Conv2d):
                spectral_norm(module)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        """Judge an image (n, channels_in, h, w) and return a map of logits (n, 1, h', w')."""
        mean = nn.functional.avg_pool2d(image, self.blur, 1, self.blur // 2, count_include_pad=False)
        return self.network((image - mean) * self.gain)[-1]
