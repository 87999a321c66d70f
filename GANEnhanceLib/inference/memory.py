"""What to do when a device runs out of memory: fewer blocks at once, then smaller blocks, then the CPU.

Each step down is told in one line, so that a user learns why a run was slower than the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from GANEnhanceLib.errors import DeviceError

_PHRASES = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "not enough memory",
    "failed to allocate",
    "could not allocate",
    "bad_alloc",
    "bad allocation",
)


def available_memory_mib() -> float | None:
    """Return the memory that programs can still take, in MiB; None where the system does not tell."""
    try:
        with open("/proc/meminfo") as file:
            for line in file:
                if line.startswith("MemAvailable:"):
                    return int(line.split()[1]) / 1024.0
    except OSError:
        pass
    return None


class OutOfMemory(Exception):
    """A backend has no memory for its blocks; the engine answers with :func:`step_down`."""


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: device, blocks run at once, their size (k, j, i); None: as planned."""

    device: str
    batch: int | None = None
    patch: tuple[int, int, int] | None = None


def is_out_of_memory(error: BaseException) -> bool:
    """Tell whether an exception of a backend means that there was no memory.

    Besides ``MemoryError`` and ``torch.OutOfMemoryError`` these are ``RuntimeError`` with a telling text:
    PyTorch's CPU allocator, MPS and OpenVINO have no class of their own for it.
    """
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(phrase in str(error).lower() for phrase in _PHRASES)


def step_down(
    rung: Rung, size: tuple[int, int, int], shrinkable: tuple[int, ...], overlap: int, multiple: int
) -> tuple[Rung, str]:
    """Return the next rung and one line for the user.

    Args:
        rung: the one that ran out of memory.
        size: (k, j, i) of its blocks in voxels.
        shrinkable: array axes along which blocks may be made smaller.
        overlap: voxels that neighboring blocks share; a quarter of a block or more is left beside it.
        multiple: block sizes are multiples of it.

    Raises:
        DeviceError: the CPU has no memory for the smallest block.
    """
    where = "The CPU" if rung.device in ("cpu", "openvino") else f"The device {rung.device}"
    if rung.batch is not None and rung.batch > 1:
        batch = rung.batch // 2
        return (
            replace(rung, batch=batch),
            f"{where} ran out of memory: {batch} instead of {rung.batch} blocks run at once.",
        )
    smaller = _halved(size, shrinkable, overlap, multiple)
    if smaller is not None:
        return (
            replace(rung, patch=smaller),
            f"{where} ran out of memory: blocks of {_text(smaller)} instead of {_text(size)} voxels run.",
        )
    if rung.device not in ("cpu", "openvino"):
        return Rung("cpu"), f"{where} ran out of memory with its smallest block: the CPU runs instead."
    raise DeviceError(
        f"{where} ran out of memory with the smallest block of {_text(size)} voxels (k, j, i).",
        "Close other programs, choose a region of interest, or use a computer with more memory.",
    )


def _halved(
    size: tuple[int, int, int], shrinkable: tuple[int, ...], overlap: int, multiple: int
) -> tuple[int, int, int] | None:
    """``size`` with its longest shrinkable axis halved; None where that leaves nothing beside the overlap."""
    axis = max(shrinkable, key=lambda number: size[number])
    half = -(-size[axis] // (2 * multiple)) * multiple
    if half >= size[axis] or half - overlap < max(multiple, half // 4):
        return None
    return tuple(half if number == axis else length for number, length in enumerate(size))


def _text(size: tuple[int, int, int]) -> str:
    return " x ".join(str(length) for length in size)
