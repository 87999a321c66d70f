"""The list of models: shipped bundles, classical filters, and the user's own folders.

Listing reads small JSON files and directory entries only; weights are hashed when a model is loaded. A folder
in the list may be broken: it appears with the sentence that loading it would raise, and never spoils the
list.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.models.classical import CLASSICAL_NAMES, classical_model, missing_package
from GANEnhanceLib.models.files import HASHES, METADATA, BundleFiles
from GANEnhanceLib.models.folders import named_folders, platform_folder
from GANEnhanceLib.models.model import Model, NetworkModel, read_card
from GANEnhanceLib.models.quality import quality_sentence
from GANEnhanceLib.models.weight_files import missing_backend, require_weight_files, weight_formats

SHIPPED_FOLDER = Path(__file__).resolve().parent.parent / "bundles"


@dataclass(frozen=True)
class ModelEntry:
    """One row of the list.

    `kind` is "network", "classical" or, if the card cannot be read, "unknown". `modality` is empty for a
    model that takes any. `reason` says in one or two sentences why a model is not `available` and what to do.
    `source` is "shipped", "classical" or "user"; `folder` is empty for classical models. `fidelity_default`
    is None for models with fewer than two weight sets. `data` says what a network was trained on, `quality`
    what was measured (one sentence), `risk` why its results need more care than usual; each may be "".
    `contract`, `residual_bound` (None: no bound), `scale` and `super_resolution` (None: the grid is kept) are
    the card's, `doubt` the quantile of its doubt map (None: it has none). `architecture`,
    `receptive_field` (voxels; None: unknown) and `flops_per_voxel` (of all passes; None: unknown) describe a
    network, `formats` the kinds of its weight files, `size_bytes` all files of the bundle.
    """

    name: str
    title: str
    version: str = ""
    kind: str = "unknown"
    task: str = ""
    modality: tuple[str, ...] = ()
    anatomy: str = ""
    description: str = ""
    limits: str = ""
    licence: str = ""
    fidelity_default: float | None = None
    available: bool = True
    reason: str = ""
    source: str = "user"
    folder: str = ""
    sha256: str = ""
    data: str = ""
    quality: str = ""
    risk: str = ""
    contract: dict[str, Any] = field(default_factory=dict)
    residual_bound: float | None = None
    scale: int = 1
    super_resolution: dict[str, Any] | None = None
    doubt: float | None = None
    weight_sets: tuple[str, ...] = ()
    architecture: str = ""
    receptive_field: int | None = None
    flops_per_voxel: float | None = None
    formats: tuple[str, ...] = ()
    size_bytes: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain JSON values."""
        values = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}


def list_models(extra_folders: Iterable[str | Path] = ()) -> list[ModelEntry]:
    """Return all models: shipped, classical, then those of the user.

    The user's are in `extra_folders`, in the folders of GANENHANCE_MODELS and in the folder of the platform
    (`folders.platform_folder`). Each folder is a bundle or holds bundles. Broken ones are listed as not
    available. Of models with the same name the first keeps it, the others are listed as not available under
    it.
    """
    entries: list[ModelEntry] = []
    taken: set[str] = set()
    for entry in _all_entries(extra_folders):
        if entry.available and entry.name in taken:
            reason = f'Another model is named "{entry.name}" too. Give this one by its folder: {entry.folder}'
            entry = replace(entry, available=False, reason=reason)
        if entry.available:
            taken.add(entry.name)
        entries.append(entry)
    return entries


def load_model(
    name_or_path: str | Path,
    extra_folders: Iterable[str | Path] = (),
    open_bundle: Callable[[Path], Model] = NetworkModel,
) -> Model:
    """Return the model of a name in the list, or of a bundle folder; all hashes are verified.

    `open_bundle` makes the model of a folder; `ModelCache.open` does not read it again while nothing has
    changed.

    A text with a path separator, and any Path, is a folder; otherwise the name is looked up first. Raises
    ModelError for a name that is unknown or not available, and for a bundle that is broken, changed or
    unsafe.
    """
    text = os.fspath(name_or_path)
    if isinstance(name_or_path, Path) or "/" in text or os.sep in text:
        return open_bundle(Path(text).expanduser())
    if text in CLASSICAL_NAMES:
        return _load_classical(text)
    entries = [entry for entry in list_models(extra_folders) if entry.name == text]
    if entries:
        entry = next((entry for entry in entries if entry.available), entries[0])
        return open_bundle(Path(entry.folder))  # a broken one raises its own sentence
    if Path(text).is_dir():
        return open_bundle(Path(text))
    names = ", ".join(entry.name for entry in list_models(extra_folders) if entry.available)
    raise ModelError(
        f'The model "{text}" is unknown; installed are {names}.',
        "Choose one of them, or give a model's folder.",
    )


def pick_model(modality: str | None, extra_folders: Iterable[str | Path] = ()) -> tuple[str, str]:
    """Return the name of the model that "auto" means for a modality ("MR", "CT", "US" or None), and why.

    A network made for the modality comes first (shipped before the user's own); without one, or if the
    modality is not known, a classical filter that fits any image. A model whose card tells a risk is never
    taken.
    """
    return pick_row(modality, [entry.to_dict() for entry in list_models(extra_folders)])


def pick_row(modality: str | None, rows: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    """Return what `pick_model` returns, for rows of the list as `ModelEntry.to_dict` makes them."""
    available = [row for row in rows if row["available"]]
    rows = [row for row in available if not row.get("risk")]
    for row in rows:
        # Another grid is not what somebody gets who asked for nothing.
        if row["kind"] == "network" and modality in row["modality"] and not row.get("super_resolution"):
            return row["name"], f"Chosen because it is made for {modality}."
    names = [row["name"] for row in rows]
    # Non-local means take the noise to be white, which speckle is not.
    wanted = ("anisotropic-diffusion", "nlm") if modality == "US" else ("nlm", "anisotropic-diffusion")
    name = next((name for name in (*wanted, *names) if name in names), None)
    if name is None:
        raise ModelError("No model can be used here.", "Install openvino, SimpleITK or scikit-image.")
    if modality is None:
        return name, "Chosen because the modality is not known; say it to get a network made for it."
    risky = [row["name"] for row in available if row.get("risk") and modality in row["modality"]]
    if risky:
        named = ", ".join(risky)
        return name, f"Chosen because a network for {modality} with a risk ({named}) is only taken by name."
    return name, f"Chosen because no network for {modality} is installed."


def _all_entries(extra_folders: Iterable[str | Path]) -> Iterator[ModelEntry]:
    yield from _entries_in(SHIPPED_FOLDER, "shipped")
    yield from map(_classical_entry, CLASSICAL_NAMES)
    for folder in named_folders(extra_folders):
        if not folder.is_dir():
            sentence = ModelError(
                f'The models folder "{folder}" does not exist.', "Create it or take it out."
            )
            yield _broken(folder, "user", sentence)
            continue
        yield from _entries_in(folder, "user")
    usual = platform_folder()
    if usual.is_dir() and usual.resolve() not in [each.resolve() for each in named_folders(extra_folders)]:
        yield from _entries_in(usual, "user")


def _entries_in(folder: Path, source: str) -> Iterator[ModelEntry]:
    if _looks_like_bundle(folder):
        yield bundle_entry(folder, source)
        return
    try:
        children = sorted(folder.iterdir())
    except OSError:
        children = []
    for child in children:
        if _looks_like_bundle(child):
            yield bundle_entry(child, source)


def _looks_like_bundle(folder: Path) -> bool:
    # Hidden folders are unfinished exports and the like.
    visible = not folder.name.startswith(".")
    return visible and ((folder / METADATA).is_file() or (folder / HASHES).is_file())


def bundle_entry(folder: Path, source: str) -> ModelEntry:
    """Return the row of the bundle in a folder; of one that cannot be read, a row that says why."""
    try:
        files = BundleFiles(folder)
        card = read_card(files)
        require_weight_files(files, card)
    except ModelError as error:
        return _broken(folder, source, error)
    formats = weight_formats(files.hashes, card)
    entry = _entry_of(
        card,
        source=source,
        folder=str(folder),
        sha256=files.sha256,
        formats=formats,
        size_bytes=sum((folder / relative).stat().st_size for relative in (*files.hashes, HASHES)),
    )
    missing = missing_backend(formats, card.name)
    return replace(entry, available=False, reason=str(missing)) if missing else entry


def _classical_entry(name: str) -> ModelEntry:
    model = classical_model(name)
    entry = _entry_of(model.card, source="classical", sha256=model.sha256)
    missing = missing_package(name)
    return replace(entry, available=False, reason=str(missing)) if missing else entry


def _load_classical(name: str) -> Model:
    missing = missing_package(name)
    if missing:
        raise missing
    return classical_model(name)


def _entry_of(card: ModelCard, **more: Any) -> ModelEntry:
    network = card.network
    return ModelEntry(
        name=card.name,
        title=card.title,
        version=card.version,
        kind=card.kind,
        task=card.task,
        modality=card.modality,
        anatomy=card.anatomy,
        description=card.description,
        limits=card.limits,
        licence=card.licence,
        fidelity_default=card.fidelity_default if len(card.weight_sets) > 1 else None,
        data=card.data,
        quality=quality_sentence(card),
        risk=card.risk,
        contract=card.contract,
        residual_bound=card.residual_bound if math.isfinite(card.residual_bound) else None,
        scale=card.scale,
        super_resolution=None if card.super_resolution is None else asdict(card.super_resolution),
        doubt=None if card.doubt is None else card.doubt.quantile,
        weight_sets=card.weight_sets,
        architecture=network.architecture if network else "",
        receptive_field=network.receptive_field if network else None,
        flops_per_voxel=card.flops_per_voxel or None,
        **more,
    )


def _broken(folder: Path, source: str, error: ModelError) -> ModelEntry:
    return ModelEntry(
        name=folder.name,
        title=folder.name,
        available=False,
        reason=str(error),
        source=source,
        folder=str(folder),
    )
