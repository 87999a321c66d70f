"""What the tests of the engine share: volumes, tiny models, and networks that misbehave."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import numpy as np
from make_bundle import make_tiny_bundle

from GANEnhanceLib.inference import EnhanceOptions, EnhanceResult, Share, blend_change, run
from GANEnhanceLib.models import NetworkModel
from GANEnhanceLib.volume import Volume

# Odd, even, prime, one slice, one row, one column, smaller and larger than the patches of the tests.
ODD_SIZES = (
    (1, 1, 2),
    (1, 1, 7),
    (1, 5, 1),
    (3, 1, 1),
    (1, 9, 11),
    (7, 1, 13),
    (5, 17, 1),
    (2, 2, 2),
    (3, 3, 3),
    (4, 5, 6),
    (5, 7, 9),
    (1, 16, 16),
    (1, 33, 47),
    (8, 8, 8),
    (9, 15, 17),
    (11, 13, 19),
    (16, 1, 31),
    (17, 23, 29),
    (20, 12, 41),
    (31, 16, 18),
)
BACKENDS = ("openvino", "cpu")


def make_volume(shape: tuple[int, int, int], dtype: Any = np.float32, seed: int = 0) -> Volume:
    """Return an MR volume of random values up to about 1000, which nobody may write to."""
    values = np.random.default_rng(seed).random(shape) ** 2 * 1000 + 1
    values.flat[0] = 500  # not constant, even if it has two voxels
    voxels = values.astype(dtype)
    voxels.flags.writeable = False
    return Volume(voxels, np.diag([1.0, 1.0, 3.0, 1.0]), modality="MR", name="test")


def enhanced(volume: Volume, model: NetworkModel, **options: Any) -> EnhanceResult:
    """Run the engine on one thread; `region` and `scaling` are those of the engine, the rest options."""
    more = {name: options.pop(name) for name in ("region", "scaling") if name in options}
    return run(volume, model, EnhanceOptions(**{"threads": 1, **options}), **more)


def blended(volume, result, strength, region=None, frame=None):
    """Blend a kept run to its end."""
    steps = blend_change(
        volume.voxels, result.volume.voxels.dtype, result.change, Share(strength, region), frame
    )
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def check_bound(volume, model, options, bound):
    """Run with a bound and prove that it holds, and that it cut something."""
    result = run(volume, model, options.replace(bound=bound))
    change = np.abs(result.volume.voxels - volume.voxels)
    width = result.scaling.high - result.scaling.low
    assert 0 < change.max() <= bound * width * (1 + 1e-4) and result.bound_hits > 0


def network_of(
    folder: Path, kind: str = "random", channels_in: int = 1, dimensions: int = 2, **fields: Any
) -> NetworkModel:
    """Write a tiny bundle and load it; ``fields`` replace fields of the card, ``multiple`` its network's."""
    multiple = fields.pop("multiple", 1)
    if multiple != 1:
        from make_bundle import KINDS

        fields["network"] = {
            "architecture": KINDS[kind],
            "arguments": {"channels_in": channels_in, "dimensions": dimensions},
            "channels_in": channels_in,
            "dimensions": dimensions,
            "multiple": multiple,
        }
    return NetworkModel(make_tiny_bundle(folder, kind, channels_in, dimensions, **fields))


class WrappedModel(NetworkModel):
    """A real model whose real network is wrapped in another real module."""

    def __init__(self, folder: Path, wrap):
        """Load the bundle; ``wrap`` makes the module from the network."""
        super().__init__(folder)
        self._wrap = wrap
        self.sha256 = uuid.uuid4().hex  # never the kept backend of another wrapping

    def build_torch(self, fidelity: float):
        """Return the wrapped network."""
        return self._wrap(super().build_torch(fidelity))


def mixing_network(
    folder: Path, weights: list[float], dimensions: int = 2, multiple: int = 1
) -> NetworkModel:
    """Write and load a network whose output is a weighted sum of its channels, voxel by voxel.

    Unlike the identity, whose residual is 0 wherever it is put, it shows a voxel that was read or written
    at a wrong place, twice, or not at all.
    """
    import torch
    from make_bundle import tiny_metadata

    from GANEnhanceLib.models import write_bundle

    arguments = {"channels_in": len(weights), "dimensions": dimensions}
    metadata = tiny_metadata(folder.name, "identity", arguments)
    metadata["enhancement"]["network"]["multiple"] = multiple
    values = torch.tensor(weights).reshape(1, len(weights), *[1] * dimensions)
    sets = {name: {"pick.weight": values} for name in ("fidelity", "perceptual")}
    return NetworkModel(write_bundle(folder, metadata, sets))


def two_scales(folder: Path) -> NetworkModel:
    """Write and load a small generator on two scales, with random weights and its true receptive field."""
    import torch
    from make_bundle import tiny_metadata

    from GANEnhanceLib.models import write_bundle
    from GANEnhanceLib.networks import build_network
    from GANEnhanceLib.networks.describe import multiple_of, reach_of

    arguments = {"channels_in": 1, "channels": 6, "coarse_channels": 6, "before": 1, "coarse": 1, "after": 1}
    generator = build_network("multiscale-residual", **arguments)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        for parameter in generator.parameters():
            torch.nn.init.normal_(parameter, 0.0, 0.15)
    metadata = tiny_metadata(folder.name, "multiscale-residual", {**arguments, "dimensions": 2})
    reach, multiple = reach_of(generator, 1, 2), multiple_of(generator)
    network = {"arguments": arguments, "receptive_field": reach, "multiple": multiple}
    metadata["enhancement"]["network"].update(network)
    sets = {name: generator.state_dict() for name in ("fidelity", "perceptual")}
    return NetworkModel(write_bundle(folder, metadata, sets))
