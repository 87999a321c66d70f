"""Verify a bundle check by check: safe files, hashes, card, weights, networks, and that they say the same.

What needs a package that is not installed (jsonschema, PyTorch, OpenVINO) is told as not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError, ModelError
from GANEnhanceLib.models.card import ModelCard, parse_card
from GANEnhanceLib.models.files import (
    INFERENCE,
    METADATA,
    BundleFiles,
    find_files,
    match_listing,
    parse_json,
    read_hashes,
    refuse_unsafe,
)
from GANEnhanceLib.models.model import NetworkModel, build_network_with
from GANEnhanceLib.models.monai_config import check_inference_config
from GANEnhanceLib.models.trial import read_onnx, try_weight_set
from GANEnhanceLib.models.weight_files import (
    format_names,
    onnx_file,
    refuse_external_data,
    require_weight_files,
)
from GANEnhanceLib.models.weights import check_same_layout

PARITY_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Check:
    """One check: `ok` is False if it failed; `skipped` if it could not be made here (`ok` is True then)."""

    name: str
    ok: bool
    sentence: str
    skipped: bool = False


@dataclass(frozen=True)
class VerifyReport:
    """All checks of a bundle in their order; a failed one may have kept later ones from being made."""

    folder: str
    checks: tuple[Check, ...]

    @property
    def ok(self) -> bool:
        """True if no check failed."""
        return all(check.ok for check in self.checks)

    def raise_if_failed(self) -> None:
        """Raise ModelError with the sentence of the first check that failed."""
        for check in self.checks:
            if not check.ok:
                raise ModelError(check.sentence)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"folder": self.folder, "ok": self.ok, "checks": [asdict(check) for check in self.checks]}


def verify_bundle(path: Path | str) -> VerifyReport:
    """Check everything about the bundle in a folder; failures are in the report, not raised."""
    return VerifyReport(str(path), tuple(make_checks(Path(path))))


def make_checks(folder: Path) -> Iterator[Check]:
    """Yield the checks of a bundle one by one as they are made; the first that fails is the last."""
    run = _Run(folder)
    for name, check in (
        ("links", run.files_are_plain),
        ("pickles", run.files_are_safe),
        ("listing", run.files_are_listed),
        ("hashes", run.hashes_hold),
        ("card", run.card_is_valid),
        ("schema", run.schema_holds),
        ("config", run.config_is_harmless),
        ("weights", run.weights_are_sound),
        ("architecture", run.weights_fit_architecture),
        ("onnx", run.onnx_is_sound),
        ("torchscript", run.torchscript_opens),
        ("parity", run.all_formats_give_the_same),
    ):
        made = run.make(name, check)
        yield made
        if not made.ok:
            return


class _Run:
    """The checks of one bundle, which hand on what they read."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._found: list[str] = []
        self._hashes: dict[str, str] = {}
        self._files: BundleFiles
        self._metadata: Any = None
        self._card: ModelCard
        self._model: NetworkModel

    def make(self, name: str, check: Callable[[], str]) -> Check:
        """Make one check; what it read is kept for the next ones."""
        try:
            return Check(name, True, check())
        except GANEnhanceError as error:
            return Check(name, False, str(error))
        except ImportError as error:
            package = (error.name or "a package").split(".")[0]
            return Check(name, True, f"Not checked ({name}): {package} is not installed.", True)

    def files_are_plain(self) -> str:
        self._found = find_files(self._folder)
        return f"{len(self._found)} plain files, no links."

    def files_are_safe(self) -> str:
        for relative in self._found:
            refuse_unsafe(self._folder, relative)
        return "No file can hold code or a pickle."

    def files_are_listed(self) -> str:
        self._hashes = read_hashes(self._folder)
        match_listing(self._folder, self._found, self._hashes)
        return "Every file is listed in hashes.json, and no listed path leaves the folder."

    def hashes_hold(self) -> str:
        self._files = BundleFiles(self._folder)
        self._files.verify()
        return f"Every file has its SHA-256; the bundle is {self._files.sha256}."

    def card_is_valid(self) -> str:
        self._metadata = parse_json(self._folder, METADATA, self._files.read(METADATA))
        self._card = parse_card(self._metadata)
        require_weight_files(self._files, self._card)
        self._model = NetworkModel(self._folder)
        return f"The card of {self._card.name} {self._card.version} is complete."

    def schema_holds(self) -> str:
        from GANEnhanceLib.models.metadata import check_schema

        check_schema(self._metadata)
        return "The card keeps the JSON Schema."

    def config_is_harmless(self) -> str:
        if INFERENCE not in self._files.hashes:
            return "There is no configuration for MONAI."
        check_inference_config(parse_json(self._folder, INFERENCE, self._files.read(INFERENCE)))
        return "MONAI's configuration calls nothing but the network, MONAI's inferer and BundleRun."

    def weights_are_sound(self) -> str:
        if "safetensors" not in self._model.formats:
            return "There are no safetensors weights."
        sets = {name: self._model.weights(name) for name in self._card.weight_sets}
        for name, weights in sets.items():
            for key, values in weights.items():
                if values.dtype.kind == "f" and not np.isfinite(values).all():
                    raise ModelError(
                        f'The weights "{key}" of the set "{name}" hold NaN or infinite values.',
                        "Train it again.",
                    )
        first, *others = sets.values()
        for other in others:
            check_same_layout(first, other)
        return f"The weight sets {' and '.join(sets)} are finite and have one layout."

    def weights_fit_architecture(self) -> str:
        if "safetensors" not in self._model.formats:
            return "The network is in the weight files."
        import torch  # noqa: F401  (its absence means not checked, not failed)

        for name in self._card.weight_sets:
            build_network_with(self._card, self._model.weights(name))
        return f"The weights fit the architecture {self._card.network.architecture}."

    def onnx_is_sound(self) -> str:
        if "onnx" not in self._model.formats:
            return "There are no ONNX graphs."
        # First, so that nothing outside of the folder is opened even where OpenVINO is missing.
        for name in self._card.weight_sets:
            refuse_external_data(self._folder / onnx_file(name))
        graphs = {name: read_onnx(self._model, name) for name in self._card.weight_sets}
        if "safetensors" not in self._model.formats:
            return "The ONNX graphs open."
        for name, graph in graphs.items():
            _compare_constants(name, graph, self._model.weights(name))
        return "The ONNX graphs open and hold the weights under their names."

    def torchscript_opens(self) -> str:
        if "torchscript" not in self._model.formats:
            return "There are no TorchScript files."
        import torch  # noqa: F401

        for name in self._card.weight_sets:
            self._model.torchscript(name)
        return "The TorchScript files open and use no operations on files."

    def all_formats_give_the_same(self) -> str:
        """Run what the bundle holds on small images: sizes are kept, values are finite, formats agree."""
        worst = max(try_weight_set(self._model, name) for name in self._card.weight_sets)
        if len(self._model.formats) == 1:
            return "The network keeps the size of its input, and its values are finite."
        if not worst <= PARITY_TOLERANCE:
            raise ModelError(
                f"{format_names(self._model.formats)} differ by {worst:.2g};"
                f" allowed is {PARITY_TOLERANCE:g}.",
                "Export the model again.",
            )
        return f"{format_names(self._model.formats)} agree to {worst:.1g} of the nominal range."


def _compare_constants(weight_set: str, graph: Any, weights: dict[str, np.ndarray]) -> None:
    constants = {
        node.get_friendly_name(): node for node in graph.get_ops() if node.get_type_name() == "Constant"
    }
    for key, values in weights.items():
        if values.dtype.kind != "f":
            continue
        if key not in constants or not np.array_equal(constants[key].get_data(), values):
            what = "lacks" if key not in constants else "has other values for"
            raise ModelError(
                f'The file "{onnx_file(weight_set)}" {what} the weights "{key}".', "Export the model again."
            )
