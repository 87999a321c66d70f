"""Two processes learn what one learns with the same batch."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import training_shared

from GANEnhanceLib.errors import DeviceError, OptionError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.loop.checkpoints import Checkpoints, read_state
from GANEnhanceLib.training.loop.distributed import Process, check_precision, choose_device
from GANEnhanceLib.training.loop.journal import read_log

HERE = Path(__file__).parent
NOT_COMPARED = {"seconds_per_step", "kind", "stage", "text"}
# The relativistic objective does not see a constant added to all logits; rounding alone moves it.
LOGITS = {"on_real", "on_fake"}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """The folder of the runs of one process, and that of the runs of two."""
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    places = os.pathsep.join([str(HERE), str(HERE.parent.parent)])
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    started = subprocess.Popen(
        [*command, str(HERE / "training_shared.py"), str(two)],
        env={**os.environ, "PYTHONPATH": places, "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    training_shared.train(one)
    torch.set_num_threads(before)
    told, _ = started.communicate(timeout=150)
    assert started.returncode == 0, told[-4000:]
    return one, two


@pytest.mark.parametrize("name", list(training_shared.runs()))
def test_two_processes_are_one(folders, name):
    logs = [read_log(folder / name / "log.jsonl") for folder in folders]
    assert [line["total"] for line in logs[0]] == [line["total"] for line in logs[1]]
    for one, two in zip(*logs, strict=True):
        for key in one.keys() - NOT_COMPARED - (LOGITS if name == "cycle" else set()):
            assert two[key] == pytest.approx(one[key], rel=1e-4, abs=1e-5), key
    outputs = [output(folder / name, training_shared.runs()[name]) for folder in folders]
    assert outputs[0].std() > 1e-3
    assert (outputs[0] - outputs[1]).abs().max() < 1e-5


def test_weights_are_equal_too(folders):
    # Behind no normalization: what has no effect there is moved by rounding alone.
    states = [Checkpoints(folder / "paired" / "checkpoints").newest()["step"] for folder in folders]
    for name in ("generator", "discriminator"):
        one, two = (state["networks"][name] for state in states)
        assert max(float((one[key].float() - two[key].float()).abs().max()) for key in one) < 1e-5


def output(folder, settings):
    """What the exported generator of a run makes of a fixed input."""
    network = build_network(settings.networks.generator.architecture, **settings.networks.generator.arguments)
    network.load_state_dict(read_state(folder / "stages" / "gan.pt"))
    generator = torch.Generator().manual_seed(0)
    kind = settings.stages[0].step
    latent = {"latent": getattr(network, "latent_size", 0) + 4, "style": getattr(network, "latent_size", 0)}
    size = (4, latent[kind]) if kind in latent else (4, 1, 16, 16)
    torch.manual_seed(0)
    with torch.no_grad():
        return network.eval()(torch.rand(size, generator=generator))


def test_a_batch_that_cannot_be_shared_equally_is_refused():
    with pytest.raises(OptionError, match="batch is 3, which 2 processes cannot share"):
        Process(0, 2).share({"input": np.zeros((3, 1))})
    shares = [Process(rank, 2).share({"input": np.arange(4)})["input"].tolist() for rank in (0, 1)]
    assert shares == [[0, 2], [1, 3]]


def test_a_device_that_is_not_there_and_a_precision_it_lacks_are_refused():
    if not torch.cuda.is_available():
        with pytest.raises(DeviceError, match="0 CUDA devices are here"):
            choose_device("cuda:3", Process())
    with pytest.raises(OptionError, match="float16, which is for CUDA"):
        check_precision("float16", torch.device("cpu"))
