"""The one engine that runs a model over a volume: options, plan, devices, backends and the generator."""

from GANEnhanceLib.inference.backends import forget_backends
from GANEnhanceLib.inference.change import Change, blend_change
from GANEnhanceLib.inference.devices import DeviceInfo, list_devices
from GANEnhanceLib.inference.engine import EnhanceResult, enhance, run
from GANEnhanceLib.inference.facts import VolumeFacts
from GANEnhanceLib.inference.options import EnhanceOptions
from GANEnhanceLib.inference.progress import Progress
from GANEnhanceLib.inference.share import Share

__all__ = [
    "Change",
    "DeviceInfo",
    "EnhanceOptions",
    "EnhanceResult",
    "Progress",
    "Share",
    "VolumeFacts",
    "blend_change",
    "enhance",
    "forget_backends",
    "list_devices",
    "run",
]
