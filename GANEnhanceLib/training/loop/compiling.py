"""Compiles the generators of a step by `torch.compile`, where that works."""

from __future__ import annotations

import copy
import logging

import torch

from GANEnhanceLib.training.steps.step import Batch, Step

_log = logging.getLogger(__name__)


def compile_generators(step: Step, batch: Batch) -> bool:
    """Compile the generators of a step in place, and try them with a step on a batch that is then undone.

    Whether a network compiles, and its backward pass too, shows only when it runs. What does not work is said
    in the log, and the networks are used as they were.

    Args:
        step: whose networks named generator... are compiled.
        batch: as in the training.

    Returns:
        whether the networks are compiled.
    """
    generators = [each for name, each in step.networks.items() if name.startswith("generator")]
    before = copy.deepcopy(step.state())
    devices = [step.context.device] if step.context.device.type == "cuda" else []
    with torch.random.fork_rng(devices):
        try:
            for network in generators:
                network.compile()
            step.update(batch)
        except Exception as error:  # whatever a compiler, or its absence, raises
            for network in generators:
                network._compiled_call_impl = None
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            _log.warning("The generator is not compiled, and trained as it is: %s", reason)
            return False
        finally:
            step.restore(before)
    return True
