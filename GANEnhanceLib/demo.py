"""What `make enhance` shows: the two shipped samples, enhanced and measured through the command `ganenhance`.

    python -m GANEnhanceLib.demo OUT_FOLDER [--model NAME] [--device NAME]

The T1 head gets Rician noise, and the original is kept, so that the gain is a number. The b=0 brain has noise
of its own and no noise-free original: its report and picture are what there is to judge by. Every step is a
command that is printed before it runs, so that anyone can repeat it by hand.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from GANEnhanceLib.samples import sample_path

NOISE_PERCENT = 6
NOISE_SEED = 1
VOLUMES = ("original.nii.gz", "noisy.nii.gz", "enhanced.nii.gz", "residual.nii.gz", "head-mask.nii.gz")
MADE = (*VOLUMES, "report.json", "before-after.png")


def main(arguments: list[str] | None = None) -> int:
    """Run the whole show; return the exit code of the first command that failed, else 0."""
    parser = argparse.ArgumentParser(
        prog="python -m GANEnhanceLib.demo", description="Enhance the two samples."
    )
    parser.add_argument("folder", type=Path, help="folder for everything that is made")
    parser.add_argument(
        "--model", default="mr-denoise", help="name or path of the model (default: mr-denoise)"
    )
    parser.add_argument("--device", default="auto", help="where the network runs (default: auto)")
    options = parser.parse_args(arguments)
    how = ("--model", options.model, "--device", options.device)
    try:
        head = options.folder / "t1-head"
        gain = _enhance_simulated(head, how)
        brain = options.folder / "b0"
        noise = _enhance_real(brain, how)
    except subprocess.CalledProcessError as error:
        print(f"This command failed: {shlex.join(map(str, error.cmd))}", file=sys.stderr)
        return error.returncode
    print(_summary(head, gain, brain, noise, options.model))
    return 0


def _enhance_simulated(folder: Path, how: tuple[str, ...]) -> dict[str, dict[str, dict[str, float]]]:
    """Add noise to the T1 head, take it away again, and measure both against the original."""
    _title(f"1. T1 head with {NOISE_PERCENT} % Rician noise added")
    original, noisy, enhanced = (folder / f"{name}.nii.gz" for name in ("original", "noisy", "enhanced"))
    _fresh(folder)
    shutil.copyfile(sample_path("t1-head"), original)
    noise = ("--kind", "mr-rician", "--percent", NOISE_PERCENT, "--seed", NOISE_SEED)
    _ganenhance("simulate", original, noisy, *noise)
    _enhance(noisy, enhanced, *how, "--reference", original)
    value_range, mask = _range_and_mask(original, folder / "head-mask.nii.gz")
    return {
        where: {
            name: _evaluate(volume, original, value_range, *extra)
            for name, volume in (("noisy", noisy), ("enhanced", enhanced))
        }
        for where, extra in (("whole volume", ()), ("head only", ("--mask", mask)))
    }


def _enhance_real(folder: Path, how: tuple[str, ...]) -> dict[str, float]:
    """Enhance the b=0 brain as its scanner gave it; return its noise before and after, in values."""
    _title("2. b=0 brain with the noise of its scanner")
    original, enhanced = folder / "original.nii.gz", folder / "enhanced.nii.gz"
    _fresh(folder)
    shutil.copyfile(sample_path("b0"), original)
    _enhance(original, enhanced, *how)
    return json.loads((folder / "report.json").read_text(encoding="utf-8"))["noise"]


def _enhance(source: Path, target: Path, *how: object) -> None:
    folder = target.parent
    made = ("--residual", folder / "residual.nii.gz", "--report", folder / "report.json")
    picture = ("--picture", folder / "before-after.png")
    _ganenhance("enhance", source, target, "--modality", "MR", *how, *made, *picture)


def _range_and_mask(original: Path, mask_path: Path) -> tuple[float, Path]:
    """Return the value range that PSNR is given for (99.5th percentile), and write the mask of the head."""
    from GANEnhanceLib.intensity import reference_intensity
    from GANEnhanceLib.metrics import foreground
    from GANEnhanceLib.volume import read_volume, write_volume

    volume = read_volume(original)
    write_volume(volume.with_voxels(foreground(volume.voxels).astype("uint8")), mask_path)
    return reference_intensity(volume.voxels), mask_path


def _evaluate(volume: Path, reference: Path, value_range: float, *extra: object) -> dict[str, float]:
    text = _ganenhance(
        "evaluate", volume, reference, "--data-range", f"{value_range:g}", *extra, "--json", capture=True
    )
    return json.loads(text)


def _ganenhance(*arguments: object, capture: bool = False) -> str:
    """Print a `ganenhance` command and run it; return its output if asked for, else let it be seen."""
    words = [str(argument) for argument in arguments]
    print("$", shlex.join(["ganenhance", *words]), flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "GANEnhanceLib.cli", *words],
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if capture else None,
        text=True,
    )
    return done.stdout or ""


def _fresh(folder: Path) -> None:
    """Make the folder, without what an earlier run left there: what is seen after a run is of that run."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in MADE:
        (folder / name).unlink(missing_ok=True)


def _title(text: str) -> None:
    print(f"\n== {text}", flush=True)


def _summary(head: Path, gain: dict, brain: Path, noise: dict, model: str) -> str:
    lines = [
        "",
        f"== What {model} gained",
        "",
        "  T1 head against its original (before the noise was added):",
    ]
    for where, measured in gain.items():
        noisy, enhanced = measured["noisy"], measured["enhanced"]
        lines.append(
            f"    {where:13} PSNR {noisy['psnr']:.2f} -> {enhanced['psnr']:.2f} dB"
            f"   gain {enhanced['psnr'] - noisy['psnr']:+.2f} dB"
            f"   SSIM {noisy['ssim']:.4f} -> {enhanced['ssim']:.4f}"
        )
    lines.append("  b=0 brain, noise of its scanner (estimated standard deviation, in the volume's values):")
    lines.append(f"    {noise['before']:.1f} -> {noise['after']:.1f}")
    lines += ["", "== What was made", ""]
    for folder in (head, brain):
        lines += [f"  {folder / name}" for name in MADE if (folder / name).exists()]
    lines += ["", f"Look at {head / 'before-after.png'} and {brain / 'before-after.png'} first."]
    return "\n".join(lines)


if __name__ == "__main__":
    raise SystemExit(main())
