"""`ganenhance simulate CLEAN OUTPUT`: make a volume worse in a known way and amount, to try models on."""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from typing import Any

from GANEnhanceLib.commands.arguments import file_named, one_of
from GANEnhanceLib.commands.display import make_display
from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.commands.outputs import Outputs, check_distinct
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.options import parse_modality, parse_whole

EXAMPLES = """examples:
  ganenhance simulate head.nii.gz noisy.nii.gz --kind mr-rician --percent 6 --seed 1
  ganenhance simulate chest.nii.gz low.nii.gz --kind ct-low-dose --dose 0.25
  ganenhance simulate head.nii.gz blurred.nii.gz --kind thick-slices --factor 3
  ganenhance simulate head.nii.gz thick.nii.gz --kind coarse-grid --factor 3
"""


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    from GANEnhanceLib.degrade.registry import KINDS

    parser = commands.add_parser(
        name,
        help="make a clean volume worse in a known way",
        description="Add noise, speckle, ringing, thick slices or motion to a clean volume. The type of the "
        "voxels is kept, and the grid but for coarse-grid; CT stays in HU.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(parser=parser)
    parser.add_argument("clean", metavar="CLEAN", type=file_named("CLEAN"), help="the clean volume")
    parser.add_argument(
        "output", metavar="OUTPUT", type=file_named("OUTPUT"), help="the result: .nii.gz, .nrrd, .mha"
    )
    parser.add_argument(
        "--kind",
        required=True,
        type=one_of("kind of degradation", *KINDS),
        metavar="KIND",
        help="; ".join(f"{kind.name}: {kind.title}" for kind in KINDS.values()),
    )
    parser.add_argument(
        "--seed", type=_seed, default=0, metavar="N", help="the same seed gives the same result (0)"
    )
    parser.add_argument(
        "--modality",
        type=parse_modality,
        metavar="MR|CT|US",
        help="what the volume is to be taken for, if its file does not say it or says something else",
    )
    groups: dict[str, Any] = {}
    for option, owners in _options().values():
        title = ", ".join(owners)
        if title not in groups:
            groups[title] = parser.add_argument_group(title)
        _add_option(groups[title], option)


def run(arguments: argparse.Namespace) -> int:
    """Write the degraded volume; returns 0."""
    from GANEnhanceLib.degrade.registry import degrade_volume, read_options
    from GANEnhanceLib.volume import check_output_path, read_volume

    values = read_options(arguments.kind, {name: getattr(arguments, name) for name in _options()})
    check_distinct(arguments.clean, {"OUTPUT": arguments.output}, "CLEAN")
    check_output_path(arguments.output)
    clean = read_volume(arguments.clean)
    clean.check_usable()
    if arguments.modality and clean.modality not in (None, arguments.modality):
        print(f"The file says {clean.modality}; it is taken as {arguments.modality}, as asked.")
    taken = replace(clean, modality=arguments.modality or clean.modality)
    display = make_display(False)
    try:
        degraded, sentence = degrade_volume(
            taken, arguments.kind, values, arguments.seed, _shown_on(display, arguments.kind)
        )
    finally:
        display.close()
    with Outputs() as outputs:
        outputs.write_volume(degraded, arguments.output)
        outputs.commit()
    print(sentence)
    print(f"Wrote the degraded volume: {arguments.output}")
    return 0


def _options() -> dict[str, tuple[Any, list[str]]]:
    """Return the options of all kinds by name, each with the kinds that have it."""
    from GANEnhanceLib.degrade.registry import KINDS

    found: dict[str, tuple[Any, list[str]]] = {}
    for kind in KINDS.values():
        for option in kind.options:
            found.setdefault(option.name, (option, []))[1].append(kind.name)
    return found


def _add_option(group: Any, option: Any) -> None:
    """Add an option as text: what it may be is known with the kind."""
    allowed = "|".join(option.choices) if option.choices else f"{option.low:g}..{option.high:g}"
    default = option.default if option.choices or option.default is None else f"{option.default:g}"
    words = option.help if default is None else f"{option.help} ({default})"
    flag = "--" + option.name.replace("_", "-")
    group.add_argument(flag, dest=option.name, metavar=allowed, help=words.replace("%", "%%"))


def _shown_on(display: Any, stage: str) -> Any:
    """Return a function that shows the share that is done and stops the command if it was interrupted."""
    from GANEnhanceLib.inference.progress import Progress, seconds_left

    began = time.perf_counter()

    def check(fraction: float) -> None:
        interruption.check()
        display.show(Progress(stage, fraction, seconds_left=seconds_left(began, fraction)))

    return check


def _seed(text: str) -> int:
    seed = parse_whole(text, "seed", "a whole number, 0 or more")
    if seed < 0:
        raise OptionError(f"The seed is {text}, but must be a whole number, 0 or more.")
    return seed
