"""The one engine that runs a model over a volume: options, plan, devices, backends and the generator."""

from GANEnhanceLib.inference.backends import forget_backends
from GANEnhanceLib.inference.devices import DeviceInfo, list_devices
from GANEnhanceLib.inference.engine import EnhanceResult, Progress, enhance, run
from GANEnhanceLib.inference.options import EnhanceOptions

__all__ = [
    "DeviceInfo",
    "EnhanceOptions",
    "EnhanceResult",
    "Progress",
    "enhance",
    "forget_backends",
    "list_devices",
    "run",
]
