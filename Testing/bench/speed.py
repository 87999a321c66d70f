"""How fast the engine is beside MONAI's `SliceInferer`, on a whole 256x256x160 volume.

    python Testing/bench/speed.py [--model mr-denoise] [--rounds 3] [--threads 2] [--json FILE]

Both run the same weights on the same volume (the shipped T1 head, resampled, with 6 % Rician noise), in
turn and several times in one process; medians are compared. MONAI's side is its `SliceInferer` at its
defaults with the network in eager float32 under `no_grad`; the neighbor slices are its input channels,
and neither stacking them nor scaling the voxels is counted. The engine's side is everything: checking,
scaling, network, bound, rounding, hash. It is warm, as MONAI's network is; the first run, which also
compiles, is told apart. Of a model that is passed along three axes one pass is compared, and the whole run of
the card is told beside it. "Outside the network" is the CPU time that the engine takes more than its bare
network, that is the same requests through the same backend without any voxel read or written. Exit code 1
if a bar of the project is missed.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections import deque
from pathlib import Path
from statistics import median

import numpy as np

SHAPE = (160, 256, 256)
NOISE_PERCENT = 6.0
LEAST_RATIO = 2.5
MOST_LOSS_DB = 0.05
MOST_OUTSIDE = 0.03
MOST_SECONDS = 20.0


def main() -> int:
    """Run the comparison, print it, and return the exit code."""
    arguments = parse_arguments()
    from GANEnhanceLib.inference import EnhanceOptions, run
    from GANEnhanceLib.models import load_model

    model = load_model(arguments.model)
    clean, volume = make_volume()
    as_card = EnhanceOptions(
        device=arguments.device, precision=arguments.precision, threads=arguments.threads
    )
    options = as_card.replace(axis="acquisition")
    first = run(volume, model, options)
    monai = MonaiSide(model, volume, first.scaling, arguments.threads)
    monai.run()
    bare = bare_network(model, options, volume)
    rounds = []
    for number in range(arguments.rounds):
        rounds.append(
            {
                "monai": measured(monai.run),
                "engine": measured(lambda: run(volume, model, options)),
                "bare": measured(bare),
                "card": measured(lambda: run(volume, model, as_card)),
            }
        )
        print(
            f"round {number + 1}: " + ", ".join(f"{k} {v[0]:.2f} s" for k, v in rounds[-1].items()),
            flush=True,
        )
    figures = compare(rounds, first, monai, clean, volume)
    show(figures)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=2) + "\n")
    return 0 if all(bar["held"] for bar in figures["bars"]) else 1


def parse_arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mr-denoise", help="name or folder of a 2-D or 2.5-D network")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2, help="CPU threads of both sides")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--precision", default="auto")
    parser.add_argument("--json", help="write the figures to this file")
    return parser.parse_args()


def make_volume():
    """Return the clean voxels (float32) and the noisy int16 volume, SHAPE voxels (k, j, i)."""
    from GANEnhanceLib.degrade.mr import add_rician_noise
    from GANEnhanceLib.intensity import reference_intensity
    from GANEnhanceLib.samples import sample_path
    from GANEnhanceLib.volume import Volume, read_volume

    head = read_volume(sample_path("t1-head"))
    clean = resampled(head.voxels.astype(np.float32), SHAPE) * 8.0
    sigma = NOISE_PERCENT / 100 * reference_intensity(clean)
    noisy = np.rint(add_rician_noise(clean, sigma, seed=1)).astype(np.int16)
    return clean, Volume(noisy, np.eye(4), modality="MR", name="speed")


def resampled(voxels: np.ndarray, shape: tuple[int, int, int]) -> np.ndarray:
    """Resample linearly to another shape (k, j, i)."""
    import SimpleITK

    image = SimpleITK.GetImageFromArray(voxels)
    spacing = [old / new for old, new in zip(image.GetSize(), shape[::-1], strict=True)]
    image = SimpleITK.Resample(
        image,
        shape[::-1],
        SimpleITK.Transform(),
        SimpleITK.sitkLinear,
        [(s - 1) / 2 for s in spacing],
        spacing,
    )
    return SimpleITK.GetArrayFromImage(image)


class MonaiSide:
    """MONAI's SliceInferer at its defaults on the scaled volume, neighbors as channels."""

    def __init__(self, model, volume, scaling, threads: int):
        """Prepare network, inferer and input; none of it is measured."""
        import torch
        from monai.inferers import SliceInferer

        torch.set_num_threads(threads)
        self._module = model.build_torch(model.card.fidelity_default)
        self._inferer = SliceInferer(roi_size=SHAPE[1:], spatial_dim=0)
        self._scaling = scaling
        scaled = scaling.forward(volume.voxels)
        reach = model.card.network.channels_in // 2
        last = len(scaled) - 1
        stacks = [scaled[np.clip(np.arange(last + 1) + step, 0, last)] for step in range(-reach, reach + 1)]
        self._input = torch.from_numpy(np.stack(stacks)[None])
        self.result: np.ndarray | None = None

    def run(self) -> None:
        """Run the whole volume."""
        import torch

        with torch.no_grad():
            self.result = self._inferer(self._input, self._module)[0, 0].numpy()

    def voxels(self, dtype: np.dtype) -> np.ndarray:
        """Return the last result in value units and the engine's type."""
        from GANEnhanceLib.intensity import to_dtype

        return to_dtype(self._scaling.inverse(self.result), dtype)


def bare_network(model, options, volume):
    """Return a function that runs the engine's requests without reading or writing a voxel."""
    from GANEnhanceLib.inference.backends import Request, acquire_backend, keep_backend
    from GANEnhanceLib.inference.devices import choose_devices

    network = model.card.network
    height, width = (-(-size // network.multiple) * network.multiple for size in volume.shape[1:])
    request = Request(
        device=choose_devices(options.device)[0],
        fidelity=model.card.fidelity_default,
        precision=options.precision,
        shape=(1, network.channels_in, height, width),
        threads=options.threads,
    )
    noise = np.random.default_rng(0).random(request.shape, dtype=np.float32)

    def requests() -> None:
        backend = acquire_backend(model, request)
        for slot in range(backend.slots):
            backend.input(slot)[...] = noise
        running: deque[int] = deque()
        for number in range(len(volume.voxels)):
            if len(running) == backend.slots:
                slot = running.popleft()
                while not backend.ready(slot, 1.0):
                    pass
                backend.output(slot)
            backend.start(number % backend.slots)
            running.append(number % backend.slots)
        for slot in running:
            while not backend.ready(slot, 1.0):
                pass
            backend.output(slot)
        keep_backend(model, request, backend)

    return requests


def measured(work) -> tuple[float, float]:
    """Return wall and CPU seconds (all threads) of a call."""
    before, began = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    work()
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def compare(rounds: list[dict], first, monai: MonaiSide, clean: np.ndarray, volume) -> dict:
    """Return all figures and the bars as plain values."""
    from GANEnhanceLib.metrics import psnr

    wall = {name: median(r[name][0] for r in rounds) for name in rounds[0]}
    cpu = {name: median(r[name][1] for r in rounds) for name in rounds[0]}
    ratio = median(r["monai"][0] / r["engine"][0] for r in rounds)
    cpu_ratio = median(r["monai"][1] / r["engine"][1] for r in rounds)
    outside = median(1 - r["bare"][1] / r["engine"][1] for r in rounds)
    spread = float(clean.max())
    quality = {
        "input": psnr(volume.voxels, clean, spread),
        "monai": psnr(monai.voxels(volume.voxels.dtype), clean, spread),
        "engine": psnr(first.volume.voxels, clean, spread),
    }
    loss = quality["monai"] - quality["engine"]
    return {
        "device": first.device,
        "shape": SHAPE,
        "wall_seconds": wall,
        "cpu_seconds": cpu,
        "first_run_seconds": first.seconds,
        "ratio": ratio,
        "ratio_cpu": cpu_ratio,
        "psnr_db": quality,
        "loss_db": loss,
        "outside_network_cpu": outside,
        "bars": [
            bar("throughput beside MONAI", ratio, ">=", LEAST_RATIO),
            bar("loss of PSNR in dB", loss, "<", MOST_LOSS_DB),
            bar("share outside the network", outside, "<", MOST_OUTSIDE),
            bar("whole run as the card says, in s", wall["card"], "<", MOST_SECONDS),
        ],
    }


def bar(what: str, value: float, relation: str, limit: float) -> dict:
    """Return one bar with whether it is held."""
    held = value >= limit if relation == ">=" else value < limit
    return {"what": what, "value": value, "relation": relation, "limit": limit, "held": bool(held)}


def show(figures: dict) -> None:
    """Print the figures for people."""
    wall, cpu, quality = figures["wall_seconds"], figures["cpu_seconds"], figures["psnr_db"]
    print(f"\n{figures['device']}, {' x '.join(map(str, figures['shape']))} voxels (k, j, i)")
    print(f"{'':26}{'wall s':>9}{'CPU s':>9}{'PSNR dB':>10}")
    print(f"{'noisy input':26}{'':>9}{'':>9}{quality['input']:10.3f}")
    print(f"{'MONAI SliceInferer':26}{wall['monai']:9.2f}{cpu['monai']:9.2f}{quality['monai']:10.3f}")
    print(f"{'engine':26}{wall['engine']:9.2f}{cpu['engine']:9.2f}{quality['engine']:10.3f}")
    print(f"{'bare network':26}{wall['bare']:9.2f}{cpu['bare']:9.2f}")
    print(f"{'engine, as the card says':26}{wall['card']:9.2f}{cpu['card']:9.2f}")
    print(f"first run, with compiling: {figures['first_run_seconds']:.2f} s")
    print(f"ratio of CPU seconds: {figures['ratio_cpu']:.2f}")
    for one in figures["bars"]:
        print(
            f"{'held ' if one['held'] else 'MISSED'} {one['what']}: {one['value']:.4g}"
            f" (bar: {one['relation']} {one['limit']})"
        )


if __name__ == "__main__":
    from GANEnhanceLib.errors import GANEnhanceError

    try:
        sys.exit(main())
    except GANEnhanceError as error:
        sys.exit(f"speed: {error}")
