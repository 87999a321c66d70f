"""The report of `ganenhance enhance`: measured after the run, written as the suffix of its file says."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.report_files import SUFFIXES

if TYPE_CHECKING:
    import argparse

    from GANEnhanceLib.pipeline import Enhanced
    from GANEnhanceLib.volume import Volume


def check_report_arguments(arguments: argparse.Namespace) -> None:
    """Raise OptionError or OutputError for arguments of the report that cannot be followed."""
    from GANEnhanceLib.metrics import check_data_range
    from GANEnhanceLib.volume import check_output_path

    if arguments.report:
        check_output_path(arguments.report, SUFFIXES)
    if arguments.reference and not (arguments.report or arguments.picture):
        raise OptionError(
            "--reference was given without --report or --picture.",
            "Add --report FILE.html or --picture FILE.png, or use evaluate.",
        )
    if arguments.data_range is not None:
        check_data_range(arguments.data_range)
        if not (arguments.reference and arguments.report):
            raise OptionError(
                "--data-range was given without --reference and --report.",
                "Add both, or leave it out.",
            )


def make_report_file(
    arguments: argparse.Namespace,
    volume: Volume,
    reference: Volume | None,
    enhanced: Enhanced,
    files: dict[str, str],
) -> bytes:
    """Measure the run and return the content of its report; `files` are named in it."""
    from GANEnhanceLib.measures import measure_volumes
    from GANEnhanceLib.report_document import make_document
    from GANEnhanceLib.report_files import report_steps
    from GANEnhanceLib.report_slices import take_slices

    steps = measure_volumes(volume, enhanced.volume, reference, arguments.data_range)
    measured = _finish(steps)
    suffix = Path(arguments.report).suffix.lower()
    stack, shown = take_slices(volume, enhanced.volume) if suffix == ".html" else (None, None)
    document = make_document(
        {**enhanced.report, "files": files},
        {
            "rows": [row.to_dict() for row in measured.rows],
            "data_range": measured.data_range,
            "slices": shown,
        },
    )
    return _finish(report_steps(document, stack, suffix))


def _finish(steps: Generator[Any, None, Any]) -> Any:
    """Run a generator to its end, unless the person stops it, and return its value."""
    try:
        while True:
            interruption.check()
            next(steps)
    except StopIteration as stop:
        return stop.value
    finally:
        steps.close()
