"""`ganenhance simulate CLEAN OUTPUT`: add noise of a known kind and amount, to try models on."""

from __future__ import annotations

import argparse
from typing import Any

from GANEnhanceLib.commands.arguments import file_named, one_of
from GANEnhanceLib.commands.outputs import Outputs, check_distinct
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.options import parse_number, parse_whole

KINDS = ("mr-rician",)


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="add noise to a clean volume",
        description="Add noise to a clean volume. mr-rician: the noise of magnitude MR images; its sigma is "
        "a percentage of the 99.5th percentile of the voxels. The type of the voxels is kept.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("clean", metavar="CLEAN", type=file_named("CLEAN"), help="the clean volume")
    parser.add_argument(
        "output", metavar="OUTPUT", type=file_named("OUTPUT"), help="the noisy volume: .nii.gz, .nrrd, .mha"
    )
    parser.add_argument(
        "--kind", required=True, type=one_of("kind of noise", *KINDS), metavar="|".join(KINDS)
    )
    parser.add_argument("--percent", required=True, type=_percent, metavar="0..100", help="amount of noise")
    parser.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="the same seed gives the same noise (0)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the noisy volume; returns 0."""
    from GANEnhanceLib.degrade.mr import add_rician_noise
    from GANEnhanceLib.intensity import reference_intensity, to_dtype
    from GANEnhanceLib.volume import check_output_path, read_volume

    check_distinct(arguments.clean, {"OUTPUT": arguments.output}, "CLEAN")
    check_output_path(arguments.output)
    clean = read_volume(arguments.clean)
    clean.check_usable()
    reference = reference_intensity(clean.voxels)
    sigma = arguments.percent / 100.0 * reference
    noisy = to_dtype(add_rician_noise(clean.voxels, sigma, arguments.seed), clean.voxels.dtype)
    with Outputs() as outputs:
        outputs.write_volume(clean.with_voxels(noisy), arguments.output)
        outputs.commit()
    print(
        f"Rician noise with sigma {sigma:.6g}: {arguments.percent:g} % of {reference:.6g}, "
        "the 99.5th percentile of the voxels."
    )
    print(f"Wrote the noisy volume: {arguments.output}")
    return 0


def _percent(text: str) -> float:
    percent = parse_number(text, "percent", "a number from 0 to 100")
    if not 0 <= percent <= 100:
        raise OptionError(f"The percent is {text}, but must be a number from 0 to 100.")
    return percent


def _seed(text: str) -> int:
    seed = parse_whole(text, "seed", "a whole number, 0 or more")
    if seed < 0:
        raise OptionError(f"The seed is {text}, but must be a whole number, 0 or more.")
    return seed
