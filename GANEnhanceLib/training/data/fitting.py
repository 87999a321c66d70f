"""Whether data, patches and networks of a configuration suit each other, before anything is read."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.networks import NETWORKS
from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.config.data import PatchConfig


def check_fitting(config: RunConfig) -> None:
    """Refuse networks that the patches do not fit into, and ways of drawing that the data cannot give.

    Raises:
        OptionError: channels, dimensions or size of a network are not those of the patches; or patches of
            pairs or single images are to be drawn, or scaled, as only clean volumes can be.
    """
    data = config.data
    if config.scaling.noise is not None and data.kind not in ("clean", "paired"):
        raise OptionError(
            f"scaling.noise is {config.scaling.noise:g}, but data.kind is {data.kind}.",
            "Leave it out: only data of kind clean or paired can be scaled by their noise.",
        )
    for patches in (data.patches, *(stage.patches for stage in config.stages if stage.patches)):
        _check_drawing(data, patches)
    if data.kind == "real":
        _check_value(config.networks.generator, "size", data.patches.size, "data.patches.size")
    else:
        dimensions = 3 if data.patches.dimensions == "3d" else 2
        reason = f"data.patches.dimensions is {data.patches.dimensions}"
        _check_value(config.networks.generator, "dimensions", dimensions, reason)
        _check_value(config.networks.generator, "channels_in", channels_of(config), _reason(data))
    _check_discriminators(config)


def channels_of(config: RunConfig) -> int:
    """Return how many channels the generator is given: input channels times neighboring slices."""
    inputs = len(config.data.inputs) if config.data.kind == "paired" else 1
    patches = config.data.patches
    return inputs * (patches.slices if patches.dimensions == "2.5d" else 1)


def _check_discriminators(config: RunConfig) -> None:
    for stage in config.stages:
        if stage.step != "paired" or stage.adversarial is None:
            continue
        shown = 1 + (channels_of(config) if stage.conditional else 0)
        how = "shown input and image" if stage.conditional else "shown the image alone"
        reason = f"in stage '{stage.name}' it is {how}"
        _check_value(config.networks.discriminator, "channels_in", shown, reason, "discriminator")


def _check_value(network: Any, argument: str, needed: int, reason: str, role: str = "generator") -> None:
    """Compare an argument of a network, or its default, with what is needed; others have no such argument."""
    if network.architecture not in NETWORKS:
        return  # said when it is built
    module, attribute = NETWORKS[network.architecture]
    known = inspect.signature(getattr(import_module(module), attribute)).parameters
    if argument not in known:
        if argument == "dimensions" and needed != 2:
            raise OptionError(
                f"The {role} '{network.architecture}' takes images only, but {reason}.",
                "Choose 2d or 2.5d, or a network with the argument dimensions.",
            )
        return
    value = network.arguments.get(argument, known[argument].default)
    if value != needed:
        raise OptionError(
            f"The {role} '{network.architecture}' has {argument} {value}, but needs {needed}: {reason}.",
            f"Set networks.{role}.arguments.{argument}={needed}, or change the data.",
        )


def _reason(data: Any) -> str:
    parts = []
    if data.kind == "paired":
        parts.append(f"data.inputs names {len(data.inputs)} ({', '.join(data.inputs)})")
    if data.patches.dimensions == "2.5d":
        parts.append(f"patches show {data.patches.slices} neighboring slices")
    return " and ".join(parts) or "patches have one channel"


def _check_drawing(data: Any, patches: PatchConfig) -> None:
    if data.kind == "paired":
        for name in ("contrasts", "sharpened_share", "structures", "grain", "enlarged_share"):
            if getattr(patches, name) > 0:
                raise OptionError(
                    f"data.patches.{name} is {getattr(patches, name):g}, but pairs are shown as they are.",
                    "Leave it out; it is for clean volumes.",
                )
    channels = len(data.inputs) if data.kind == "paired" else 1
    if patches.channel_drop > 0 and channels == 1:
        raise OptionError(
            f"data.patches.channel_drop is {patches.channel_drop:g}, but there is one input channel only.",
            "Leave it out, or name more inputs.",
        )
    if data.kind == "real" and data.patches.dimensions != "2d":
        raise OptionError(
            f"data.patches.dimensions is {data.patches.dimensions}, but real images are imitated in 2d.",
            "Set data.patches.dimensions=2d.",
        )
