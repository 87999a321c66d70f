"""`ganenhance models`: list the models, show one's card, verify a bundle, add and remove the user's own."""

from __future__ import annotations

import argparse
import json
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.errors import ModelError, OptionError

if TYPE_CHECKING:
    from GANEnhanceLib.models import Model, ModelEntry

ACTIONS = ("list", "show", "verify", "add", "remove")
_EXAMPLES = {
    "show": "ganenhance models show mr-denoise",
    "verify": "ganenhance models verify FOLDER",
    "add": "ganenhance models add model.zip",
    "remove": "ganenhance models remove NAME",
}
_WIDTH = 100


def add_parser(commands: Any, name: str) -> None:
    """Describe the arguments."""
    parser = commands.add_parser(
        name,
        help="list models, show one, verify a bundle, add or remove your own",
        description="List the models that are installed, show the card of one, verify a bundle, or add and "
        "remove models of your own: a bundle's folder, a zip of one, or one .onnx, .ts or .safetensors file "
        "with a card. Models are found in the package, in the folders that GANENHANCE_MODELS names, and in "
        "your data folder; a model that is added goes into the first of these folders of yours.",
    )
    parser.set_defaults(parser=parser)
    parser.add_argument(
        "action", nargs="?", default="list", metavar="|".join(ACTIONS), help="list if left out"
    )
    parser.add_argument("model", nargs="?", metavar="NAME|PATH", help="which model; not of list")
    parser.add_argument(
        "--card", metavar="FILE", help="of add: the card of a single file (else the .json beside it)"
    )
    parser.add_argument("--replace", action="store_true", help="of add: replace a model of that name")
    parser.add_argument("--json", action="store_true", help="as JSON on stdout")


def run(arguments: argparse.Namespace) -> int:
    """Do what the action says; returns 0. Raises ModelError for a model that is unknown or does not hold."""
    action, model = arguments.action, arguments.model
    if action not in ACTIONS:
        raise OptionError(f"The action {action!r} is unknown; use one of: {', '.join(ACTIONS)}.")
    _check_options(arguments)
    if action == "list":
        if model is not None:
            raise OptionError(
                f"The argument {model!r} is one too many.", f"Did you mean: models show {model}?"
            )
        _list(arguments.json)
    elif model is None:
        raise OptionError(f"Which model to {action} was not given.", f"For example: {_EXAMPLES[action]}.")
    elif action == "show":
        _show(model, arguments.json)
    elif action == "verify":
        _verify(model, arguments.json)
    elif action == "add":
        _add(arguments)
    else:
        _remove(model, arguments.json)
    return 0


def _check_options(arguments: argparse.Namespace) -> None:
    for given, option in ((arguments.card is not None, "--card"), (arguments.replace, "--replace")):
        if given and arguments.action != "add":
            raise OptionError(f"The option {option} is of the action add, not of {arguments.action}.")


def _list(as_json: bool) -> None:
    from GANEnhanceLib.models import list_models

    entries = list_models()
    if as_json:
        _print_json({"models": [entry.to_dict() for entry in entries]})
        return
    rows = [("NAME", "VERSION", "KIND", "FOR", "TITLE"), *map(_row, entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        print("  ".join([*cells, row[4]]).rstrip())


def _row(entry: ModelEntry) -> tuple[str, ...]:
    modality = ", ".join(entry.modality) or "any"
    title = entry.title if entry.available else f"not available: {entry.reason}"
    title += f" ({entry.risk})" if entry.risk else ""
    return entry.name, entry.version or "-", entry.kind, modality, title


def _show(name: str, as_json: bool) -> None:
    from GANEnhanceLib.models import describe_model, load_model

    model = load_model(name)
    if as_json:
        _print_json({**describe_model(model), "card": model.card.raw or _fields(model)})
        return
    for title, text in _fields(model).items():
        print(f"{title:<18}{_indented(text)}")
    if model.card.results:
        print("Measured")
        _print_results(model.card.results)


def _fields(model: Model) -> dict[str, str]:
    from GANEnhanceLib.models.quality import quality_sentence
    from GANEnhanceLib.models.readme import flops_in_words

    card = model.card
    fields = {
        "Name": f"{card.name} {card.version}",
        "Title": card.title,
        "Kind": card.kind,
        "Task": card.task,
        "Made for": f"{', '.join(card.modality) or 'any modality'}; {card.anatomy}",
        "What it does": card.description,
        "Limits": card.limits,
        "Measured": quality_sentence(card),
        "Risk": card.risk,
        "Data": card.data,
        "Licence": card.licence,
        "sha256": model.sha256,
    }
    if card.network is not None:
        fields["Network"] = f"{card.network.architecture}, {flops_in_words(card)}"
        fields["Weights"] = f"{', '.join(card.weight_sets)}; fidelity {card.fidelity_default:g} if not said"
    if model.folder is not None:
        fields["Folder"] = str(model.folder)
    return {title: text for title, text in fields.items() if text}


def _print_results(rows: list[dict[str, Any]]) -> None:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    table = [columns, *([_cell(row.get(column)) for column in columns] for row in rows)]
    widths = [max(len(line[number]) for line in table) for number in range(len(columns))]
    for line in table:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return "" if value is None else str(value)


def _indented(text: str) -> str:
    lines = textwrap.wrap(text, _WIDTH - 18, break_long_words=False, break_on_hyphens=False)
    return ("\n" + " " * 18).join(lines)


def _verify(path: str, as_json: bool) -> None:
    from GANEnhanceLib.models import verify_bundle

    report = verify_bundle(Path(path).expanduser())
    if as_json:
        _print_json(report.to_dict())
    else:
        for check in report.checks:
            print(f"{'ok    ' if check.ok else 'FAILED'}  {check.sentence}")
    if not report.ok:
        wrong = [check for check in report.checks if not check.ok]
        raise ModelError(
            f"The bundle '{path}' does not hold: {len(wrong)} of {len(report.checks)} checks failed.",
            f"The first: {wrong[0].sentence}",
        )


def _add(arguments: argparse.Namespace) -> None:
    from GANEnhanceLib.models.install import add_model

    steps = add_model(arguments.model, arguments.card, replace=arguments.replace)
    try:
        while True:
            next(steps)
    except StopIteration as end:
        entry = end.value
    finally:
        steps.close()  # also where Ctrl-C comes
    if arguments.json:
        _print_json({"added": entry.to_dict()})
        return
    print(f"Added {entry.name} {entry.version} ({_size(entry.size_bytes)}) to {entry.folder}")
    if not entry.available:
        print(entry.reason)


def _remove(name: str, as_json: bool) -> None:
    from GANEnhanceLib.models.install import remove_model

    size = remove_model(name)
    if as_json:
        _print_json({"removed": name, "size_bytes": size})
    else:
        print(f"Removed {name}; {_size(size)} are free.")


def _size(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"


def _print_json(values: Any) -> None:
    from GANEnhanceLib.report import plain

    print(json.dumps(plain(values), indent=2, ensure_ascii=False))
