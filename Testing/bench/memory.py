"""Peak memory of the engine on a 512x512x200 volume, beyond the imports.

    python Testing/bench/memory.py [--model mr-denoise] [--types int16 float32] [--json FILE]

Each type of voxels gets a fresh process, which imports the engine and its backend, notes its resident
memory, makes the volume, enhances it, and notes the peak (Linux: VmHWM). Exit code 1 if the peak is more
than input, output and 400 MiB above what the imports took.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

SHAPE = (200, 512, 512)
ALLOWED_MIB = 400.0
MIB = 2.0**20


def main() -> int:
    """Measure every type in its own process, print the figures, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mr-denoise")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--types", nargs="+", default=["int16", "float32"])
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        print(json.dumps(measure(arguments.child, arguments)))
        return 0
    figures = [in_fresh_process(dtype, arguments) for dtype in arguments.types]
    for one in figures:
        show(one)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=2) + "\n")
    return 0 if all(one["held"] for one in figures) else 1


def in_fresh_process(dtype: str, arguments: argparse.Namespace) -> dict:
    """Run this script for one type in a process of its own and return its figures."""
    command = [sys.executable, __file__, "--child", dtype, "--model", arguments.model]
    command += ["--device", arguments.device, "--threads", str(arguments.threads)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(done.returncode)  # it has said why
    return json.loads(done.stdout.splitlines()[-1])


def measure(dtype: str, arguments: argparse.Namespace) -> dict:
    """Enhance one volume and return the memory in MiB: imports, input, output, peak beyond the imports."""
    import numpy as np

    from GANEnhanceLib.inference import EnhanceOptions, run
    from GANEnhanceLib.inference.backends.openvino import import_openvino
    from GANEnhanceLib.models import load_model
    from GANEnhanceLib.volume import Volume

    if arguments.device in ("auto", "openvino"):
        import_openvino()
    else:
        import torch  # noqa: F401
    imports = memory_mib("VmRSS")
    model = load_model(arguments.model)
    generator = np.random.default_rng(0)
    voxels = np.empty(SHAPE, dtype)
    for row in voxels:
        row[...] = generator.rayleigh(300.0, row.shape)
    options = EnhanceOptions(device=arguments.device, threads=arguments.threads)
    result = run(Volume(voxels, np.eye(4), modality="MR"), model, options)
    beyond = memory_mib("VmHWM") - imports
    data = (voxels.nbytes + result.volume.voxels.nbytes) / MIB
    return {
        "type": dtype,
        "device": result.device,
        "seconds": result.seconds,
        "imports_mib": imports,
        "input_and_output_mib": data,
        "peak_beyond_imports_mib": beyond,
        "beside_data_mib": beyond - data,
        "allowed_mib": ALLOWED_MIB,
        "held": beyond - data <= ALLOWED_MIB,
    }


def memory_mib(field: str) -> float:
    """Return a memory field of this process: VmRSS (resident now) or VmHWM (its peak)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024.0
    raise RuntimeError(f"/proc/self/status has no {field}.")


def show(one: dict) -> None:
    """Print one process's figures for people."""
    print(f"{one['type']}, {one['device']}, {one['seconds']:.1f} s")
    print(f"  imports {one['imports_mib']:.0f} MiB, input and output {one['input_and_output_mib']:.0f} MiB")
    print(
        f"  {'held ' if one['held'] else 'MISSED'} peak beyond imports, input and output:"
        f" {one['beside_data_mib']:.0f} MiB (bar: <= {one['allowed_mib']:.0f})"
    )


if __name__ == "__main__":
    from GANEnhanceLib.errors import GANEnhanceError

    try:
        sys.exit(main())
    except GANEnhanceError as error:
        sys.exit(f"memory: {error}")
