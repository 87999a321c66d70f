"""`ganenhance evaluate OUTPUT REFERENCE`: how near a volume is to a reference, in four numbers."""

from __future__ import annotations

import argparse
import json
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.commands.arguments import file_named
from GANEnhanceLib.commands.grids import check_finite, check_same_grid
from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.errors import InputError
from GANEnhanceLib.options import parse_number

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="compare a volume with a reference",
        description="Compare a volume with a reference on the same grid: PSNR, SSIM, MAE and RMSE.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("output", metavar="OUTPUT", type=file_named("OUTPUT"), help="the volume to judge")
    parser.add_argument(
        "reference", metavar="REFERENCE", type=file_named("REFERENCE"), help="what it should be"
    )
    parser.add_argument(
        "--data-range",
        required=True,
        type=_data_range,
        metavar="R",
        help="the range of values that PSNR and SSIM refer to; never guessed, as it decides the figures",
    )
    parser.add_argument(
        "--mask", type=file_named("--mask"), metavar="FILE", help="judge only where this volume is not zero"
    )
    parser.add_argument("--json", action="store_true", help="as JSON on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Print the figures; returns 0. Raises InputError for volumes that cannot be compared."""
    from GANEnhanceLib.volume import read_volume

    output, reference = read_volume(arguments.output), read_volume(arguments.reference)
    check_same_grid(output, reference, "output", "reference")
    check_finite(output, "output")
    check_finite(reference, "reference")
    mask = None if arguments.mask is None else _mask(read_volume(arguments.mask), reference)
    figures = _figures(output, reference, arguments.data_range, mask)
    _print(figures, arguments.json)
    return 0


def _data_range(text: str) -> float:
    return parse_number(text, "data range", "a number above 0, in the unit of the voxels")


def _mask(mask: Volume, reference: Volume) -> np.ndarray:
    check_same_grid(mask, reference, "mask", "reference")
    inside = mask.voxels != 0
    if not inside.any():
        raise InputError("The mask is empty: each voxel is 0.", "Give a mask with voxels that are not 0.")
    return inside


def _figures(output: Volume, reference: Volume, data_range: float, mask: np.ndarray | None) -> dict[str, Any]:
    from GANEnhanceLib import metrics

    one, other = output.voxels, reference.voxels
    measures = {
        "psnr": lambda: metrics.psnr(one, other, data_range, mask),
        "ssim": lambda: metrics.ssim(one, other, data_range, mask),
        "mae": lambda: metrics.mae(one, other, mask),
        "rmse": lambda: metrics.rmse(one, other, mask),
    }
    figures: dict[str, Any] = {}
    for name, measure in measures.items():
        interruption.check()
        figures[name] = float(measure())
    voxels = one.size if mask is None else np.count_nonzero(mask)
    return {**figures, "data_range": data_range, "voxels": int(voxels)}


def _print(figures: dict[str, Any], as_json: bool) -> None:
    equal = math.isinf(figures["psnr"])
    if as_json:
        print(json.dumps({**figures, "psnr": None if equal else figures["psnr"], "identical": equal}))
        return
    print("PSNR  infinite (the voxels are equal)" if equal else f"PSNR  {figures['psnr']:.3f} dB")
    print(f"SSIM  {figures['ssim']:.5f}")
    print(f"MAE   {figures['mae']:.6g}")
    print(f"RMSE  {figures['rmse']:.6g}")
    print(f"over {figures['voxels']} voxels, data range {figures['data_range']:g}")
