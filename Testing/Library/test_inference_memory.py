"""Out of memory: fewer blocks at once, smaller blocks, the CPU, and at the end one sentence."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from inference_cases import WrappedModel, enhanced, make_volume, network_of

from GANEnhanceLib.errors import DeviceError, GANEnhanceError
from GANEnhanceLib.inference import engine, forget_backends
from GANEnhanceLib.inference.memory import Rung, is_out_of_memory, step_down


class Hungry(torch.nn.Module):
    """A real network on a device with room for so many voxels at once; it counts what it was given."""

    def __init__(self, network, most_voxels, error=None):
        super().__init__()
        self.network = network
        self.most_voxels = most_voxels
        self.error = error or torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB.")
        self.shapes = []

    def forward(self, image):
        """Run the network, or run out of memory."""
        self.shapes.append(tuple(image.shape))
        if image[:, 0].numel() > self.most_voxels:
            raise self.error
        return self.network(image)


@pytest.fixture(autouse=True)
def _nothing_is_kept():
    """Kept networks of earlier tests would be given up first."""
    forget_backends()


@pytest.fixture
def bundles(tmp_path):
    """Folders of a random 2.5-D and a random 3-D network."""
    for name, arguments in (("stack", {"channels_in": 3}), ("solid", {"dimensions": 3})):
        network_of(tmp_path / name, **arguments)
    return tmp_path


def hungry_model(folder, most_voxels, error=None):
    """Return the model and the list of modules that were made of it."""
    made = []

    def wrap(network):
        made.append(Hungry(network, most_voxels, error))
        return made[-1]

    return WrappedModel(folder, wrap), made


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory."),
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:121] DefaultCPUAllocator: can't allocate memory"),
        RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
    ],
    ids=["torch", "python", "CPU allocator", "MPS"],
)
def test_slices_are_cut_into_tiles(bundles, error):
    """A plane that does not fit is halved until it does, with the same voxels; one line for a step."""
    volume = make_volume((5, 64, 48))
    whole = enhanced(volume, network_of_folder(bundles / "stack"), device="cpu", precision="float32")
    forget_backends()
    model, made = hungry_model(bundles / "stack", 64 * 48 // 3, error)
    result = enhanced(volume, model, device="cpu", precision="float32")
    assert np.abs(result.volume.voxels - whole.volume.voxels).max() < 1e-3
    assert [shape for module in made for shape in sorted(set(module.shapes))] == [
        (1, 3, 64, 48),
        (1, 3, 32, 48),
        (1, 3, 32, 24),
    ]
    assert len(result.notes) == 2
    assert result.notes[0] == (
        "The CPU ran out of memory: blocks of 1 x 32 x 48 instead of 1 x 64 x 48 voxels run."
    )


def network_of_folder(folder):
    """Return the plain model of a bundle."""
    return WrappedModel(folder, lambda network: network)


def test_patches_become_smaller(bundles):
    """3-D blocks halve their longest side."""
    volume = make_volume((40, 40, 40))
    model, made = hungry_model(bundles / "solid", 20 * 40 * 40)
    result = enhanced(volume, model, device="cpu", precision="float32")
    whole = enhanced(volume, network_of_folder(bundles / "solid"), device="cpu", precision="float32")
    assert np.abs(result.volume.voxels - whole.volume.voxels).max() < 1e-3
    assert [module.shapes[-1] for module in made] == [(1, 1, 40, 40, 40), (1, 1, 20, 40, 40)]
    assert len(result.notes) == 1


def test_batches_are_halved_first(bundles, monkeypatch):
    """Where several blocks run at once (on a GPU; here the CPU is told to), that is given up first."""
    monkeypatch.setattr(engine, "_first_batch", lambda device, plan: 4)
    volume = make_volume((7, 16, 16))
    model, made = hungry_model(bundles / "stack", 16 * 16)
    result = enhanced(volume, model, device="cpu", precision="float32")
    assert [module.shapes[0][0] for module in made] == [4, 2, 1]
    assert [note.split(": ")[1] for note in result.notes] == [
        "2 instead of 4 blocks run at once.",
        "1 instead of 2 blocks run at once.",
    ]
    monkeypatch.undo()
    single = enhanced(volume, network_of_folder(bundles / "stack"), device="cpu", precision="float32")
    assert np.array_equal(result.volume.voxels, single.volume.voxels)


def test_full_batches_give_the_voxels_of_single_blocks(bundles, monkeypatch):
    """Ten slices and an empty one by four: the last batch is not full, the second empty one is not run."""
    volume = make_volume((11, 16, 16))
    voxels = volume.voxels.copy()
    voxels[2:6] = 0
    volume = volume.with_voxels(voxels)
    model = network_of_folder(bundles / "stack")
    single = enhanced(volume, model, device="cpu", precision="float32").volume.voxels
    monkeypatch.setattr(engine, "_first_batch", lambda device, plan: 4)
    batched = enhanced(volume, model, device="cpu", precision="float32").volume.voxels
    assert np.abs(single - batched).max() < 1e-3


@pytest.mark.parametrize("name", ["stack", "solid"])
def test_the_end_of_the_ladder_is_one_sentence(bundles, name):
    """No room even for the smallest block."""
    model, _ = hungry_model(bundles / name, 2)
    with pytest.raises(DeviceError, match="smallest block") as caught:
        enhanced(make_volume((6, 40, 40)), model, device="cpu")
    assert caught.value.hint


def test_another_error_is_not_taken_for_missing_memory(bundles):
    """It is told as what it is, in the family of our errors."""
    model, _ = hungry_model(bundles / "stack", 2, RuntimeError("the kernel is broken"))
    with pytest.raises(GANEnhanceError, match="the kernel is broken"):
        enhanced(make_volume((2, 8, 8)), model, device="cpu")
    assert not is_out_of_memory(ValueError("out of memory"))
    assert is_out_of_memory(RuntimeError("std::bad_alloc"))


def test_a_gpu_gives_up_to_the_cpu():
    """After batch and block: the ladder of a 256 x 256 plane with an overlap of 92 voxels."""
    rung, notes = Rung("cuda:1", batch=4), []
    size = (1, 256, 256)
    while rung.device != "cpu":
        rung, note = step_down(rung, rung.patch or size, (1, 2), 92, 2)
        notes.append(note)
    assert notes == [
        "The device cuda:1 ran out of memory: 2 instead of 4 blocks run at once.",
        "The device cuda:1 ran out of memory: 1 instead of 2 blocks run at once.",
        "The device cuda:1 ran out of memory: blocks of 1 x 128 x 256 instead of 1 x 256 x 256 voxels run.",
        "The device cuda:1 ran out of memory: blocks of 1 x 128 x 128 instead of 1 x 128 x 256 voxels run.",
        "The device cuda:1 ran out of memory with its smallest block: the CPU runs instead.",
    ]
    assert rung == Rung("cpu")


def test_kept_networks_are_given_up_before_blocks_get_smaller(bundles):
    """A device that is full of earlier networks has room again once they are gone."""
    volume = make_volume((3, 32, 32))
    enhanced(volume, network_of_folder(bundles / "solid"), device="cpu")
    model, made = hungry_model(bundles / "stack", 10**9)
    attempts = []
    sound = Hungry.forward

    class Full(Hungry):
        def forward(self, image):
            attempts.append(tuple(image.shape))
            if len(attempts) == 1:
                raise torch.OutOfMemoryError("CUDA out of memory.")
            return sound(self, image)

    model._wrap = lambda network: Full(network, 10**9)
    result = enhanced(volume, model, device="cpu")
    assert result.notes == ("There was not enough memory: networks of earlier runs were given up.",)
    assert set(attempts) == {(1, 3, 32, 32)} and len(attempts) == 4
