"""Verify a bundle check by check: safe files, hashes, card, weights, ONNX graph, and that they say the same.

What needs a package that is not installed (jsonschema, PyTorch, OpenVINO) is told as not checked.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
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
from GANEnhanceLib.models.model import (
    NetworkModel,
    build_network_with,
    onnx_file,
    refuse_external_data,
    require_weight_files,
)
from GANEnhanceLib.models.monai_config import check_inference_config
from GANEnhanceLib.models.weights import check_same_layout

PARITY_TOLERANCE = 1e-4
_PARITY_SIZES = (12, 20, 28)


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
    run = _Run(Path(path))
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
        ("onnx", run.onnx_has_the_weights),
        ("parity", run.onnx_gives_the_same),
    ):
        if not run.make(name, check):
            break
    return VerifyReport(str(path), tuple(run.checks))


class _Run:
    """The checks of one bundle, which hand on what they read."""

    def __init__(self, folder: Path):
        self.checks: list[Check] = []
        self._folder = folder
        self._found: list[str] = []
        self._hashes: dict[str, str] = {}
        self._files: BundleFiles
        self._metadata: Any = None
        self._card: ModelCard
        self._model: NetworkModel

    def make(self, name: str, check: Callable[[], str]) -> bool:
        """Make a check, keep its outcome, and return if the next one makes sense."""
        try:
            self.checks.append(Check(name, True, check()))
        except GANEnhanceError as error:
            self.checks.append(Check(name, False, str(error)))
            return False
        except ImportError as error:
            package = (error.name or "a package").split(".")[0]
            self.checks.append(Check(name, True, f"Not checked ({name}): {package} is not installed.", True))
        return True

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
        check_inference_config(parse_json(self._folder, INFERENCE, self._files.read(INFERENCE)))
        return "MONAI's configuration calls nothing but the network, MONAI's inferer and BundleRun."

    def weights_are_sound(self) -> str:
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
        import torch  # noqa: F401  (its absence means not checked, not failed)

        for name in self._card.weight_sets:
            build_network_with(self._card, self._model.weights(name))
        return f"The weights fit the architecture {self._card.network.architecture}."

    def onnx_has_the_weights(self) -> str:
        # First, so that nothing outside of the folder is opened even where OpenVINO is missing.
        for name in self._card.weight_sets:
            refuse_external_data(self._folder / onnx_file(name))
        for name in self._card.weight_sets:
            _compare_constants(name, _read_onnx(self._model, name), self._model.weights(name))
        return "The ONNX graphs open and hold the weights under their names."

    def onnx_gives_the_same(self) -> str:
        import torch  # noqa: F401

        worst = max(_parity(self._model, name) for name in self._card.weight_sets)
        if not worst <= PARITY_TOLERANCE:
            raise ModelError(
                f"ONNX and PyTorch differ by {worst:.2g}; allowed is {PARITY_TOLERANCE:g}.",
                "Export the model again.",
            )
        return f"ONNX and PyTorch agree to {worst:.1g} of the nominal range."


def _core() -> Any:
    # OpenVINO reports its import over the network unless its telemetry client cannot be imported.
    if "openvino" not in sys.modules:
        sys.modules.setdefault("openvino_telemetry", None)
    import openvino

    return openvino.Core()


def _read_onnx(model: NetworkModel, weight_set: str) -> Any:
    core, path = _core(), model.onnx_path(weight_set)
    try:
        return core.read_model(path)
    except RuntimeError as error:
        raise ModelError(
            f'The file "{onnx_file(weight_set)}" cannot be read by OpenVINO.', "Export the model again."
        ) from error


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


def _parity(model: NetworkModel, weight_set: str) -> float:
    """Return the largest difference of ONNX (OpenVINO, float32) and PyTorch on two random images."""
    import torch

    core = _core()
    compiled = core.compile_model(
        _read_onnx(model, weight_set), "CPU", {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    )
    module = build_network_with(model.card, model.weights(weight_set))
    spec = model.card.network
    random = np.random.default_rng(0)
    worst = 0.0
    for sizes in (_PARITY_SIZES, _PARITY_SIZES[::-1]):
        shape = [-(-size // spec.multiple) * spec.multiple for size in sizes[: spec.dimensions]]
        image = random.random((1, spec.channels_in, *shape), np.float32)
        with torch.inference_mode():
            expected = module(torch.from_numpy(image)).numpy()
        found = compiled(image)[0]
        if found.shape != expected.shape or found.shape[1:] != (1, *shape):
            raise ModelError(
                f"The network gives {found.shape} (ONNX) and {expected.shape} (PyTorch) for {image.shape}.",
                "Generators return one channel of the size that they are given.",
            )
        worst = max(worst, float(np.abs(found - expected).max()))
    return worst
