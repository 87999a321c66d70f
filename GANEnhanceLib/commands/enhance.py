"""`ganenhance enhance INPUT OUTPUT`: enhance a volume, and write it, its residual, a report and a picture."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from GANEnhanceLib import protocol
from GANEnhanceLib.commands.arguments import file_named
from GANEnhanceLib.commands.display import Display, JsonDisplay, make_display
from GANEnhanceLib.commands.grids import check_same_grid
from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.commands.outputs import Outputs, check_distinct
from GANEnhanceLib.commands.region import add_region_arguments, read_region, shown_roi
from GANEnhanceLib.commands.report import check_report_arguments, make_report_file
from GANEnhanceLib.options import (
    MODALITIES,
    parse_modality,
    parse_number,
    parse_patch,
    parse_roi,
    parse_sizes,
    parse_spacing,
    parse_whole,
)

if TYPE_CHECKING:
    from pathlib import Path

    from GANEnhanceLib.finer.grid import Grid
    from GANEnhanceLib.inference import EnhanceOptions
    from GANEnhanceLib.inference.options import Roi
    from GANEnhanceLib.pipeline import Enhanced
    from GANEnhanceLib.regions import Region
    from GANEnhanceLib.volume import Volume

_WORDS = {"output": "enhanced volume", "doubt": "doubt map"}
EXAMPLES = """examples:
  ganenhance enhance head.nii.gz clean.nii.gz --modality MR
  ganenhance enhance dicom_folder clean.nrrd --residual removed.nrrd --report report.json
  ganenhance enhance head.nii.gz clean.nii.gz --model median --roi 10:120,20:140,0:30
  ganenhance enhance thick.nii.gz fine.nii.gz --model my-superres --scale 1x1x3
  ganenhance enhance head.nii.gz clean.nii.gz --mask labels.nii.gz --label 2 --feather 5
"""


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="enhance a volume with a model",
        description="Enhance a volume. The input is never changed; outputs appear complete or not at all.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(parser=parser)
    parser.add_argument(
        "input", metavar="INPUT", type=file_named("INPUT"), help="NIfTI, NRRD, MHA, or a DICOM folder"
    )
    parser.add_argument(
        "output",
        metavar="OUTPUT",
        type=file_named("OUTPUT"),
        help="the enhanced volume: .nii.gz, .nrrd, .mha",
    )
    _add_model_arguments(parser)
    _add_engine_arguments(parser)
    _add_grid_arguments(parser)
    add_region_arguments(parser)
    _add_output_arguments(parser)


def _add_model_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("model and input")
    group.add_argument(
        "--model",
        default="auto",
        metavar="NAME|PATH|auto",
        help="see `ganenhance models`; auto (the default) picks by modality and says what it picked",
    )
    group.add_argument(
        "--modality",
        type=parse_modality,
        metavar="|".join(MODALITIES),
        help="what the volume is, where the file does not say so (DICOM does)",
    )
    group.add_argument("--series", metavar="UID", help="which DICOM series, where a folder has several")


def _add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("how it is done (without these: as the model's card says)")
    group.add_argument(
        "--strength", type=_share("strength"), default=1.0, metavar="0..1", help="share of the change"
    )
    group.add_argument(
        "--fidelity",
        type=_share("fidelity"),
        metavar="0..1",
        help="1: closest to the truth; 0: most natural looking; between: in between",
    )
    group.add_argument("--roi", type=parse_roi, metavar="i0:i1,j0:j1,k0:k1", help="only these voxels")
    group.add_argument(
        "--device",
        default="auto",
        metavar="auto|cuda[:N]|mps|openvino|cpu",
        help="auto takes the first of these that is there, and says which",
    )
    group.add_argument("--mode", metavar="slices|slices25d|patches", help="as the model was trained")
    group.add_argument("--axis", metavar="acquisition|k|j|i|all", help="the axis that slices are taken along")
    group.add_argument("--patch", type=parse_patch, metavar="k,j,i", help="size of a patch in voxels")
    group.add_argument("--overlap", type=_whole("overlap"), metavar="VOXELS", help="of neighboring patches")
    group.add_argument("--blend", metavar="centre|smooth", help="how overlapping patches are joined")
    group.add_argument(
        "--bound", type=_bound, metavar="SHARE", help="largest change, as a share of the range; inf: none"
    )
    group.add_argument(
        "--precision",
        default="auto",
        metavar="auto|float32|bfloat16|float16",
        help="auto is short where the card has measured that it costs nothing",
    )
    group.add_argument("--threads", type=_whole("threads"), metavar="N", help="CPU threads")


def _add_grid_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "the finer grid of super-resolution (without these: cubes, as far as the model goes)"
    )
    group.add_argument(
        "--scale",
        type=lambda text: parse_sizes(text, "scale", "1x1x3"),
        metavar="IxJxK",
        help="factors; 1 keeps an axis",
    )
    group.add_argument(
        "--spacing",
        type=parse_spacing,
        metavar="MM|IxJxK",
        help="spacing in mm: of all axes (finer ones stay), or of each",
    )
    group.add_argument(
        "--like", type=file_named("--like"), metavar="FILE", help="the grid of this volume, also a turned one"
    )


def _add_output_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is written")
    group.add_argument(
        "--float", action="store_true", dest="as_float", help="write float32, not the input's type"
    )
    group.add_argument(
        "--residual", type=file_named("--residual"), metavar="FILE", help="input minus output, in value units"
    )
    group.add_argument(
        "--doubt",
        type=file_named("--doubt"),
        metavar="FILE",
        help="how far each voxel may be wrong, in value units, for models whose card has it",
    )
    group.add_argument(
        "--report",
        type=file_named("--report"),
        metavar="FILE",
        help="what the run did: .html (with pictures), .csv (the figures) or .json (everything else)",
    )
    group.add_argument(
        "--picture",
        type=file_named("--picture"),
        metavar="FILE.png",
        help="before, after and residual, middle slice",
    )
    group.add_argument(
        "--reference",
        type=file_named("--reference"),
        metavar="FILE",
        help="a noise-free volume, for PSNR and SSIM in the report, and to show in the picture",
    )
    group.add_argument(
        "--data-range",
        type=_data_range,
        metavar="R",
        help="the range of values that PSNR and SSIM refer to (default: that of the reference)",
    )
    group.add_argument(
        "--json-progress", action="store_true", help="progress and result as JSON lines on stdout"
    )


def run(arguments: argparse.Namespace) -> int:
    """Enhance; returns 0. Raises the GANEnhanceError of what is wrong before anything is written."""
    display = make_display(arguments.json_progress)
    try:
        _run(arguments, display)
    except BaseException as error:
        display.close()
        if isinstance(display, JsonDisplay):
            display.error(error if isinstance(error, Exception) else protocol.Cancelled("Stopped."))
        raise
    return 0


def _run(arguments: argparse.Namespace, display: Display) -> None:
    options = _options(arguments)
    _check_paths(arguments)
    volume = _read(arguments, display)
    region = read_region(arguments, volume)
    reference = _read_reference(arguments, volume, options)
    enhanced = _enhance(volume, arguments.model, options, region, display)
    roi = shown_roi(options, region, volume.shape)
    if enhanced.result.finer is not None and roi is not None:
        roi = tuple((part.start, part.stop) for part in reversed(enhanced.result.box))
    with Outputs() as outputs:
        written = _write(outputs, arguments, enhanced.before, reference, enhanced, roi)
        outputs.commit()
    display.close()
    _tell(display, enhanced, written)


def _options(arguments: argparse.Namespace) -> EnhanceOptions:
    from GANEnhanceLib.inference import EnhanceOptions

    names = (
        "device",
        "mode",
        "axis",
        "strength",
        "fidelity",
        "roi",
        "precision",
        "patch",
        "overlap",
        "blend",
        "scale",
        "spacing",
    )
    options = EnhanceOptions(
        output_type="float32" if arguments.as_float else "input",
        threads=arguments.threads,
        bound=arguments.bound,
        like=_read_grid(arguments.like),
        doubt=arguments.doubt is not None,
        **{name: getattr(arguments, name) for name in names},
    )
    options.validate()
    return options


def _read_grid(path: Path | None) -> Grid | None:
    if path is None:
        return None
    from GANEnhanceLib.finer.grid import Grid
    from GANEnhanceLib.volume import read_volume

    return Grid.of(read_volume(path))


def _check_paths(arguments: argparse.Namespace) -> None:
    """Find out what can be known about the outputs before minutes are spent on them."""
    from GANEnhanceLib.volume import check_output_path

    targets = {
        "OUTPUT": arguments.output,
        "--residual": arguments.residual,
        "--doubt": arguments.doubt,
        "--report": arguments.report,
        "--picture": arguments.picture,
    }
    check_distinct(arguments.input, targets)
    check_output_path(arguments.output)
    for path in (arguments.residual, arguments.doubt):
        if path:
            check_output_path(path)
    check_report_arguments(arguments)
    if arguments.picture:
        from GANEnhanceLib.picture import check_picture_library

        check_output_path(arguments.picture, (".png",))
        check_picture_library()


def _read(arguments: argparse.Namespace, display: Display) -> Volume:
    from GANEnhanceLib.volume import read_volume

    volume = read_volume(arguments.input, series=arguments.series)
    if arguments.modality and volume.modality not in (None, arguments.modality):
        display.say(f"The file says {volume.modality}; it is taken as {arguments.modality}, as asked.")
    return replace(volume, modality=arguments.modality or volume.modality)


def _read_reference(arguments: argparse.Namespace, volume: Volume, options: EnhanceOptions) -> Volume | None:
    """Read the reference; InputError unless it lies on the grid that the result will have."""
    if arguments.reference is None:
        return None
    from GANEnhanceLib.volume import read_volume

    reference = read_volume(arguments.reference)
    finer = _finer_grid(arguments.model, volume, options)
    check_same_grid(finer or volume, reference, "result" if finer else "input", "reference")
    return reference


def _finer_grid(model: str, volume: Volume, options: EnhanceOptions) -> Volume | None:
    """Return a volume without voxels on the grid that a model will make; None where it keeps the grid."""
    from GANEnhanceLib.inference.finer import choose_refining
    from GANEnhanceLib.pipeline import choose_model

    refining = choose_refining(volume, choose_model(model, volume.modality)[0].card, options)
    return None if refining is None else refining.on_target(volume)


def _enhance(
    volume: Volume, model: str, options: EnhanceOptions, region: Region | None, display: Display
) -> Enhanced:
    from GANEnhanceLib.pipeline import enhance_with_report

    steps = enhance_with_report(volume, model, options, region=region)
    try:
        while True:
            interruption.check()
            display.show(next(steps))
    except StopIteration as stop:
        return stop.value
    finally:
        steps.close()


def _write(
    outputs: Outputs,
    arguments: argparse.Namespace,
    volume: Volume,
    reference: Volume | None,
    enhanced: Enhanced,
    roi: Roi | None,
) -> dict[str, str]:
    """Write all outputs aside; returns what each is, by the name of its argument."""
    outputs.write_volume(enhanced.volume, arguments.output)
    written = {"output": str(arguments.output)}
    if arguments.residual:
        from GANEnhanceLib.trust import residual_volume

        outputs.write_volume(residual_volume(volume, enhanced.volume), arguments.residual)
        written["residual"] = str(arguments.residual)
    if arguments.doubt:
        outputs.write_volume(enhanced.result.doubt, arguments.doubt)
        written["doubt"] = str(arguments.doubt)
    if arguments.picture:
        from GANEnhanceLib.picture import draw_picture

        picture = draw_picture(volume, enhanced.volume, reference, roi)
        outputs.write_bytes(picture, arguments.picture)
        written["picture"] = str(arguments.picture)
    if arguments.report:
        files = {"input": str(arguments.input), **written}
        content = make_report_file(arguments, volume, reference, enhanced, files)
        outputs.write_bytes(content, arguments.report)
        written["report"] = str(arguments.report)
    return written


def _tell(display: Display, enhanced: Enhanced, written: dict[str, str]) -> None:
    from GANEnhanceLib.report import describe_gain, in_doubt

    report = enhanced.report
    display.result({"files": written, "report": report})
    for note in report["notes"]:
        display.say(note)
    is_network = enhanced.model.card.kind == "network"
    share = f", {report['seconds_in_network']:.1f} s of them in the network" if is_network else ""
    display.say(f"{report['device']}: {report['seconds']:.1f} s{share}.")
    display.say(describe_gain(report))
    if said := in_doubt(report):
        display.say(said)
    for what, path in written.items():
        display.say(f"Wrote the {_WORDS.get(what, what)}: {path}")
    display.say(report["not_for_diagnosis"])


def _share(what: str) -> Any:
    return lambda text: parse_number(text, what, "a number from 0 to 1")


def _whole(what: str) -> Any:
    return lambda text: parse_whole(text, what, "a whole number")


def _data_range(text: str) -> float:
    return parse_number(text, "data range", "a number above 0, in the unit of the voxels")


def _bound(text: str) -> float:
    return parse_number(text, "bound", "a number above 0, or inf")
