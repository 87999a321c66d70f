"""How well the shipped MR denoiser does beside classical filters, on volumes that it never learned from.

    python Testing/bench/quality.py [--model NAME] [--cases NAME ...] [--json FILE] [--markdown FILE]

Simulated noise: Rician, 1, 3, 6 and 10 % of the reference intensity, seed fixed. The classical methods are
given the true sigma, and where they have another setting its best value against the clean image; the model
is given nothing. PSNR and SSIM are taken in the foreground with the reference intensity as data range.
A reference that is itself noisier than what was added cannot tell a denoiser from damage: such rows are
shown, but "never below its input" is not judged on them.
Real noise: two frames of one EPI series, each judged against the other, whose noise is independent, so that
the error against the unseen noise-free image follows. Exit code 1 if a bar of the project is missed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
from quality_methods import classical_methods

PERCENTS = (1.0, 3.0, 6.0, 10.0)
JUDGED = (3.0, 6.0, 10.0)
MOST_BELOW_BM4D = 0.5
MOST_BLEND_LOSS = 0.1
SLAB = 20
SINGLE_SLICES = ("t1-slice", "pd-slice")
FIDELITIES = (1.0, 0.75, 0.5, 0.25, 0.0)


def main() -> int:
    """Run the bench, print and write its figures, and return the exit code."""
    arguments = _parse_arguments()
    from GANEnhanceLib.models import load_model

    model = load_model(arguments.model)
    known = _known_rows(arguments.reuse)
    rows = []
    for name, clean in _load_cases(arguments).items():
        for percent in PERCENTS:
            rows += _judge_case(model, name, clean, percent, known)
    rows += _judge_real_noise(model)
    figures = {"model": model.card.name, "version": model.card.version, "sha256": model.sha256, "rows": rows}
    figures |= {"summary": _summarise(rows), "bars": _check_bars(rows), "precision": _precision(rows)}
    figures["fidelity_default"] = _choose_fidelity(rows)
    markdown = render_markdown(figures)
    print(markdown)
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    if arguments.markdown:
        Path(arguments.markdown).write_text(markdown, encoding="utf-8")
    return 0 if all(bar["held"] for bar in figures["bars"]) else 1


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="mr-denoise")
    parser.add_argument("--cases", nargs="+", default=["icbm152", "t1-head", "t1-slice", "pd-slice"])
    parser.add_argument("--data", type=Path, default=Path("runs/data"), help="folder of the fetched images")
    parser.add_argument(
        "--reuse",
        help="figures of an earlier run: its rows of input and classical methods are taken over, since they"
        " do not depend on the model",
    )
    parser.add_argument("--json", help="write the figures to this file")
    parser.add_argument("--markdown", help="write the tables to this file")
    return parser.parse_args()


def _load_cases(arguments: argparse.Namespace) -> dict[str, np.ndarray]:
    """Return clean voxels (k, j, i), float32, scaled so that the reference intensity is 1."""
    from GANEnhanceLib.intensity import reference_intensity
    from GANEnhanceLib.training.sources import load

    cases = {}
    for name in arguments.cases:
        voxels = load(name, arguments.data).voxels
        scaled = voxels.astype(np.float32) / np.float32(reference_intensity(voxels))
        first = max(0, (len(scaled) - SLAB) // 2)
        cases[name] = scaled[first : first + SLAB]
    return cases


def _known_rows(path: str | None) -> dict[tuple, dict]:
    if path is None:
        return {}
    rows = json.loads(Path(path).read_text(encoding="utf-8"))["rows"]
    return {
        (row["case"], row["percent"], row["method"]): row
        for row in rows
        if not row["method"].startswith("mr-denoise")
    }


def _judge_case(model, name: str, clean: np.ndarray, percent: float, known: dict) -> list[dict]:
    from GANEnhanceLib.degrade.mr import add_rician_noise
    from GANEnhanceLib.metrics import estimate_noise, foreground, psnr, ssim

    sigma = percent / 100.0
    noisy = add_rician_noise(clean, sigma, seed=round(100 * percent))
    mask = foreground(clean)
    own_noise = round(100.0 * estimate_noise(clean), 2)
    rows = []
    for method, run in _methods(model, clean).items():
        if (name, percent, method) in known:
            rows.append(known[name, percent, method])
            continue
        start = time.process_time()
        image = np.asarray(run(noisy, sigma), dtype=np.float32)
        row = {
            "case": name,
            "percent": percent,
            "noise_of_reference_percent": own_noise,
            "method": method,
            "psnr_db": round(psnr(image, clean, 1.0, mask), 3),
            "ssim": round(ssim(image, clean, 1.0, mask), 4),
            "cpu_seconds": round(time.process_time() - start, 2),
        }
        rows.append(row)
        print(
            f"{name:9s} {percent:4.0f} %  {row['psnr_db']:6.2f} dB  {row['ssim']:.4f}  {method}", flush=True
        )
    return rows


def _methods(model, clean: np.ndarray) -> dict:
    methods = {"input": lambda noisy, sigma: noisy}
    methods |= classical_methods(clean)
    for fidelity in FIDELITIES:
        methods[f"mr-denoise, fidelity {fidelity:g}"] = _network(model, fidelity, "float32")
    methods["mr-denoise, fidelity 1, bfloat16"] = _network(model, 1.0, "bfloat16")
    return methods


def _network(model, fidelity: float, precision: str):
    from GANEnhanceLib.inference import EnhanceOptions, run
    from GANEnhanceLib.volume import Volume

    options = EnhanceOptions(device="openvino", fidelity=fidelity, precision=precision, axis="k", threads=1)
    return lambda noisy, sigma: run(Volume(noisy, np.eye(4), modality="MR"), model, options).volume.voxels


def _judge_real_noise(model) -> list[dict]:
    """Judge on two frames f1, f2 = s + n1, s + n2: E|d(f1) - f2|^2 = E|d(f1) - s|^2 + var(n2)."""
    import nibabel

    from GANEnhanceLib.intensity import reference_intensity
    from GANEnhanceLib.metrics import foreground

    path = Path(nibabel.__file__).parent / "tests" / "data" / "example4d.nii.gz"
    frames = (
        np.moveaxis(np.asarray(nibabel.load(path).dataobj), 3, 0).transpose(0, 3, 2, 1).astype(np.float32)
    )
    frames /= np.float32(reference_intensity(frames[0]))
    mask = foreground(frames.mean(axis=0)).astype(bool)
    noise = float(np.mean((frames[0] - frames[1])[mask] ** 2)) / 2
    rows = []
    for method, run in _methods(model, frames.mean(axis=0)).items():
        if "best of" in method or method.startswith("Gaussian"):
            continue  # These choose a setting against a clean image, and there is none.
        errors = []
        for index in (0, 1):
            image = np.asarray(run(frames[index], np.sqrt(noise)), dtype=np.float32)
            errors.append(float(np.mean((image - frames[1 - index])[mask] ** 2)) - noise)
        db = -10 * np.log10(max(np.mean(errors), 1e-12))
        rows.append({"case": "epi-repeat", "percent": round(100 * noise**0.5, 2), "method": method})
        rows[-1]["psnr_db"] = round(float(db), 3)
        print(f"epi-repeat real noise  {db:6.2f} dB  {method}", flush=True)
    return rows


def _summarise(rows: list[dict]) -> list[dict]:
    """Return the mean over the volumes for each level and method; single slices are no volumes."""
    summary = []
    for percent in PERCENTS:
        for method in dict.fromkeys(row["method"] for row in rows):
            chosen = [
                row
                for row in rows
                if row["percent"] == percent
                and row["method"] == method
                and row["case"] not in ("epi-repeat", *SINGLE_SLICES)
            ]
            if chosen:
                means = {
                    key: round(float(np.mean([row[key] for row in chosen])), 4) for key in ("psnr_db", "ssim")
                }
                case = "mean of " + " and ".join(dict.fromkeys(row["case"] for row in chosen))
                summary.append({"case": case, "percent": percent, "method": method, **means})
    return summary


def _check_bars(rows: list[dict]) -> list[dict]:
    summary = {(row["percent"], row["method"]): row for row in _summarise(rows)}
    model = "mr-denoise, fidelity 1"
    bars = []
    for percent in JUDGED:
        ours = summary[percent, model]
        for method in dict.fromkeys(row["method"] for row in rows):
            beaten = method.startswith(("Rician", "curvature"))
            if not beaten and method != "BM4D":
                continue
            other = summary[percent, method]
            lead = ours["psnr_db"] - other["psnr_db"]
            held = lead > 0 and ours["ssim"] > other["ssim"] if beaten else lead >= -MOST_BELOW_BM4D
            bars.append(
                {"bar": f"{percent:g} %: PSNR beside {method}", "lead_db": round(lead, 3), "held": held}
            )
            bars[-1]["lead_ssim"] = round(ours["ssim"] - other["ssim"], 4)
    gains = _gains(rows)
    for fidelity in FIDELITIES:
        worst = min(gains, key=lambda key: gains[key] if key[2].endswith(f"fidelity {fidelity:g}") else 1e9)
        bars.append(
            {
                "bar": f"never below its input, fidelity {fidelity:g} (worst: {worst[0]}, {worst[1]:g} %)",
                "lead_db": round(gains[worst], 3),
                "held": gains[worst] >= 0,
            }
        )
    return bars


def _choose_fidelity(rows: list[dict]) -> float:
    """Return the lowest fidelity whose mean PSNR at the judged levels is close to the best.

    The perceptual weights give sharper images, so as much of them is taken as
    costs at most `MOST_BLEND_LOSS` dB.
    """
    means = {}
    for fidelity in FIDELITIES:
        chosen = [
            row["psnr_db"]
            for row in _summarise(rows)
            if row["method"] == f"mr-denoise, fidelity {fidelity:g}" and row["percent"] in JUDGED
        ]
        means[fidelity] = float(np.mean(chosen))
    return min(fidelity for fidelity, mean in means.items() if mean >= max(means.values()) - MOST_BLEND_LOSS)


def _gains(rows: list[dict]) -> dict[tuple, float]:
    inputs = {(row["case"], row["percent"]): row["psnr_db"] for row in rows if row["method"] == "input"}
    return {
        (row["case"], row["percent"], row["method"]): row["psnr_db"] - inputs[row["case"], row["percent"]]
        for row in rows
        if row["method"].startswith("mr-denoise")
        and row.get("noise_of_reference_percent", 0) < row["percent"]
    }


def _precision(rows: list[dict]) -> dict[str, float]:
    table = {(row["case"], row["percent"], row["method"]): row["psnr_db"] for row in rows}
    losses = [
        table[case, percent, "mr-denoise, fidelity 1"] - value
        for (case, percent, method), value in table.items()
        if method == "mr-denoise, fidelity 1, bfloat16"
    ]
    return {"bfloat16_loss_db": round(max(max(losses), 0.0), 4)}


def render_markdown(figures: dict) -> str:
    """Return the tables as Markdown."""
    noisy = {row["case"]: row.get("noise_of_reference_percent", 0) for row in figures["rows"]}
    levels = [f"{percent:g} %" for percent in PERCENTS]
    lines = ["| method | " + " | ".join(levels) + " |", "|---" * (len(levels) + 1) + "|"]
    table = {(row["percent"], row["method"]): row for row in figures["summary"]}
    for method in dict.fromkeys(row["method"] for row in figures["summary"]):
        cells = (table[percent, method] for percent in PERCENTS)
        lines.append(
            f"| {method} | "
            + " | ".join(f"{cell['psnr_db']:.2f} / {cell['ssim']:.4f}" for cell in cells)
            + " |"
        )
    lines += ["", "| real noise: EPI, judged against its repeat | PSNR, dB |", "|---|---|"]
    lines += [
        f"| {row['method']} | {row['psnr_db']:.2f} |"
        for row in figures["rows"]
        if row["case"] == "epi-repeat"
    ]
    lines += ["", "| bar | lead, dB | held |", "|---|---|---|"]
    lines += [
        f"| {bar['bar']} | {bar['lead_db']:+.2f} | {'yes' if bar['held'] else 'NO'} |"
        for bar in figures["bars"]
    ]
    own = ", ".join(f"{case} {percent:g} %" for case, percent in noisy.items() if percent >= PERCENTS[0])
    lines += ["", f"Not judged below the noise of the reference itself: {own or 'none'}."]
    lines += ["", f"Default between the two sets of weights: fidelity {figures['fidelity_default']:g}."]
    lines += ["", f"Loss by bfloat16: at most {figures['precision']['bfloat16_loss_db']:.3f} dB."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
