"""What an engine must know of a generator: the multiple of its sizes, and how far it sees."""

import pytest
import torch
from torch import nn

from GANEnhanceLib.networks import NETWORKS, build_network
from GANEnhanceLib.networks.describe import describe, multiple_of, reach_of
from GANEnhanceLib.networks.overview import list_networks


@pytest.mark.parametrize(
    ("name", "arguments", "multiple"),
    [
        ("unet", {"features": 4}, 16),
        ("unet", {"features": 2, "dimensions": 3}, 16),
        ("residual-unshuffle", {"channels": 4, "blocks": 1}, 2),
        ("multiscale-residual", {"channels": 4, "coarse_channels": 4}, 4),
        ("rrdb", {"channels": 4, "blocks": 1, "growth": 2}, 2),
        ("nafnet", {"channels": 4, "blocks": 1}, 2),
        ("resnet", {"channels": 4, "blocks": 1}, 4),
        ("resnet", {"channels": 4, "blocks": 1, "residual": False}, 4),
        ("plain-residual", {}, 1),
        ("identity", {}, 1),
    ],
)
def test_sizes_must_be_multiples_of_all_steps_down(name, arguments, multiple):
    assert multiple_of(build_network(name, **arguments)) == multiple


def test_an_untrained_network_hides_nothing_of_its_reach():
    generator = build_network("plain-residual", channels=2, blocks=2)
    before = {key: values.clone() for key, values in generator.state_dict().items()}
    nn.init.zeros_(generator.tail.weight)
    state = torch.get_rng_state()
    with torch.no_grad():  # as where a run is judged
        assert reach_of(generator, 1, 2) == 6  # six convolutions of 3x3
    assert torch.equal(torch.get_rng_state(), state)
    after = generator.state_dict()
    assert all(torch.equal(after[key], values) for key, values in before.items() if key != "tail.weight")
    assert reach_of(build_network("identity", dimensions=3), 1, 3) == 0


def test_the_test_image_grows_until_it_holds_what_the_network_sees():
    wide = nn.Conv2d(1, 1, 67, padding=33)
    assert reach_of(wide, 1, 2) == 33


def test_every_network_says_what_it_costs_and_sees():
    found = {figures.name: figures for figures in list_networks()}
    assert found.keys() == NETWORKS.keys()
    for name in ("residual-unshuffle", "nafnet"):
        generator = build_network(name)
        channels = 5 if name == "residual-unshuffle" else 1
        assert found[name].flops_per_voxel == describe(generator, channels, size=128).flops_per_voxel
        assert found[name].receptive_field == reach_of(generator, channels, 2)
        assert found[name].parameters == sum(each.numel() for each in generator.parameters())
    assert found["dcgan"].receptive_field is None and found["identity"].receptive_field == 0
    assert all(figures.flops_per_voxel > 0 for name, figures in found.items() if name != "identity")
