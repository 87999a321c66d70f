"""Compiles the generators of a step by `torch.compile`, where that works."""

from __future__ import annotations

import copy
import locale
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from GANEnhanceLib.training.steps.step import Batch, Step

_log = logging.getLogger(__name__)

_UTF8_LOCALES = ("C.UTF-8", "en_US.UTF-8", "UTF-8")


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
    with _reading_utf8(), torch.random.fork_rng(devices):
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


@contextmanager
def _reading_utf8() -> Iterator[None]:
    """Have text files read as UTF-8 meanwhile, whatever the locale.

    PyTorch's compiler reads its own templates, which are not ASCII, in the encoding of the locale when it is
    first used. That is ASCII under LC_ALL=C, or once a library has called setlocale.
    """
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in _UTF8_LOCALES:
            if _reads_utf8():
                break
            try:
                locale.setlocale(locale.LC_CTYPE, name)
            except locale.Error:
                continue
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def _reads_utf8() -> bool:
    return locale.getpreferredencoding(False).upper().replace("-", "") == "UTF8"
