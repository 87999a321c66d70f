"""Turns a run into a bundle that panel and command load: weights, card, figures, provenance."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from GANEnhanceLib.errors import InputError, ModelError, OutputError
from GANEnhanceLib.models import NetworkModel, write_bundle
from GANEnhanceLib.models.write import make_room
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.card import check_enhances, make_metadata, super_resolution_of
from GANEnhanceLib.training.chosen import State, Weights, choose_weights, open_run
from GANEnhanceLib.training.comparison import Comparison, compare
from GANEnhanceLib.training.config import RunConfig, load_config
from GANEnhanceLib.training.doubt import add_doubt, calibrate_again, read_doubts
from GANEnhanceLib.training.equality import check_same_voxels
from GANEnhanceLib.training.provenance import contract_of, data_in_words, describe_origin, read_data


@dataclass(frozen=True)
class ExportOptions:
    """What can be asked of an export.

    Attributes:
        stages: see `choose_weights`.
        best: see `choose_weights`.
        even_if_worse: export a model that loses against its input or the filter; its card says so.
        card: JSON file whose values replace those of the card that the run gives.
        figures: what the quality bench wrote, quoted instead of figures of the run's own volumes.
        replace: take the place of a bundle that is there.
        calibrate: find the factor of the doubt anew, as the engine runs the model now.
    """

    stages: tuple[str, ...] = ()
    best: str | None = None
    even_if_worse: bool = False
    card: Path | None = None
    figures: Path | None = None
    replace: bool = False
    calibrate: bool = False


@dataclass(frozen=True)
class Exported:
    """A bundle's folder, what was measured of it, and the largest difference to its trainer (scaled)."""

    folder: Path
    results: list[dict[str, Any]]
    shortfalls: list[str]
    apart: float


def export_run(
    run: Path,
    bundle: Path,
    cache: Path,
    options: ExportOptions | None = None,
    check: Callable[[], object] = bool,
) -> Exported:
    """Write the bundle of a run; it appears whole under its name or not at all.

    Args:
        run: folder of the run, finished or stopped.
        bundle: folder of the bundle; the folder it is in is made.
        cache: folder of public images and memory-mapped volumes, as in the training.
        options: see `ExportOptions`.
        check: called between steps; may raise to stop.

    Raises:
        InputError: there is no run, it has no such weights, or its data are gone.
        ModelError: the model loses against its input or the filter; it takes no single volume; or the bundle
            gives other voxels than the trainer.
        OutputError: the bundle is there already or cannot be written.
    """
    options = options or ExportOptions()
    folder = open_run(run)
    config = load_config(folder.config)
    check_enhances(config)
    weights = choose_weights(folder, config, options.stages, options.best)
    _make_place(Path(bundle), options.replace)
    generators = {name: _build(config, each) for name, each in weights.items()}
    check()
    compared = (
        compare(config, generators, cache)
        if options.figures is None
        else _quoted(_read_json(options.figures))
    )
    if compared.shortfalls and not options.even_if_worse:
        raise ModelError(
            f"The model is not exported. {' '.join(compared.shortfalls)}",
            "Train it longer or with other data; --even-if-worse exports it though, and its card says so.",
        )
    check()
    metadata = make_metadata(config, next(iter(generators.values())))
    data = read_data(folder)
    enhancement = metadata["enhancement"]
    enhancement |= {"contract": contract_of(config, data), "data": data_in_words(config, data)}
    refinement = super_resolution_of(config)
    if refinement is not None:
        enhancement["super_resolution"] = refinement
    if config.modality == "US":
        enhancement["keep_outside"] = "fan"
    enhancement["results"] = compared.results
    if options.figures is not None:
        figures = _read_json(options.figures)
        enhancement |= {key: figures[key] for key in ("precision", "fidelity_default")}
    metadata["training"] = describe_origin(folder, config, weights)
    if options.card is not None:
        metadata = _merged(metadata, _read_json(options.card))
    if compared.limits:
        metadata["enhancement"]["limits"] = " ".join((metadata["enhancement"]["limits"], *compared.limits))
    if compared.shortfalls:
        limits = metadata["enhancement"]["limits"]
        metadata["enhancement"]["limits"] = f"{limits} Exported though: {' '.join(compared.shortfalls)}"
    states = {name: generator.state_dict() for name, generator in generators.items()}
    doubts = read_doubts(folder, config, weights)
    if doubts and options.calibrate:
        doubts = calibrate_again(doubts, generators, config, cache, metadata["enhancement"])
        check()
    if doubts:
        states = add_doubt(metadata["enhancement"], config, states, doubts)
    apart = _write(Path(bundle), metadata, generators, states, options.replace, check)
    return Exported(Path(bundle), compared.results, compared.shortfalls, apart)


def _make_place(bundle: Path, replace: bool) -> None:
    try:
        bundle.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {bundle.parent} cannot be made: {error.strerror}.") from error
    make_room(bundle, replace)


def _build(config: RunConfig, weights: Weights) -> nn.Module:
    wanted = config.networks.generator
    generator = build_network(wanted.architecture, **wanted.arguments)
    try:
        generator.load_state_dict(weights.state)
    except RuntimeError as error:
        raise InputError(
            f"The weights ({weights.origin}) do not fit the generator {wanted.architecture} of the run's"
            " configuration.",
            "Its config.yaml was changed; put the first one back.",
        ) from error
    return generator.eval().requires_grad_(False)


def _write(
    bundle: Path,
    metadata: dict[str, Any],
    generators: dict[str, nn.Module],
    states: dict[str, State],
    replace: bool,
    check: Callable[[], object],
) -> float:
    """Write the bundle, compare it with the trainer, and return how far they are apart."""
    licence = metadata["enhancement"]["licence"]
    text = None if licence == "Apache-2.0" else _licence_text(metadata)
    apart = []

    def judge(made: Path) -> None:
        check()
        apart.append(check_same_voxels(NetworkModel(made), generators))
        check()

    write_bundle(bundle, metadata, states, licence_text=text, replace=replace, judge=judge)
    return apart[0]


def _licence_text(metadata: dict[str, Any]) -> str:
    owner = metadata["copyright"]
    return (
        f"{metadata['name']} {metadata['version']}\n\nLicense of the weights:"
        f" {metadata['enhancement']['licence']}\nRights holder: {owner}\n"
    )


def _merged(values: dict[str, Any], others: dict[str, Any]) -> dict[str, Any]:
    """Return values with those of `others` in their place, section by section."""
    merged = dict(values)
    for key, value in others.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _read_json(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}.", "Give another file.") from error
    if not isinstance(values, dict):
        raise InputError(f"{path} holds no JSON object.", "Give another file.")
    return values


def _quoted(figures: dict[str, Any]) -> Comparison:
    """Return the rows that the quality bench has for the card, and its missed bars that forbid an export."""
    worse = [bar for bar in figures["bars"] if bar["bar"].startswith("never below") and not bar["held"]]
    shortfalls = [
        f"It is {-bar['lead_db']:.2f} dB below its own input ({bar['bar']})."
        if "lead_db" in bar
        else f"Its SSIM is {-bar['lead_ssim']:.4f} below that of its own input ({bar['bar']})."
        for bar in worse
    ]
    return Comparison(figures["results"], shortfalls, "the volumes of the quality bench")
