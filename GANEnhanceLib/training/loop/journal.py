"""Writes what a run has to tell: JSON lines always, TensorBoard where it is installed."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch

from GANEnhanceLib.errors import OutputError
from GANEnhanceLib.training.loop.folder import RunFolder, write_aside

_log = logging.getLogger(__name__)


class Journal:
    """The log of a run.

    Args:
        folder: of the run.
        tensorboard: write TensorBoard files too, where the package is installed.
        writes: False for all processes of a distributed run but the first.
        total: steps of the whole run that are kept; what a killed run told of later ones is cut off, since
            they are told again.

    Raises:
        OutputError: the log cannot be written.
    """

    def __init__(
        self, folder: RunFolder, tensorboard: bool = True, writes: bool = True, total: int = 0
    ) -> None:
        """Open the log; see the class for the arguments."""
        self.folder, self.writes = folder, writes
        if writes:
            cut_log(folder.log, total)
        self._board = _open_board(folder.path / "tensorboard", total) if tensorboard and writes else None

    def scalars(
        self, stage: str, step: int, total: int, values: dict[str, float], kind: str = "train"
    ) -> None:
        """Write figures of a step.

        Args:
            stage: its name.
            step: within the stage.
            total: steps of the whole run so far, for TensorBoard's axis.
            values: by name.
            kind: "train" or "validation".
        """
        plain = {name: float(value) for name, value in values.items()}
        self._write({"kind": kind, "stage": stage, "step": step, "total": total, **plain})
        for name, value in plain.items():
            self._show(lambda board, name=name, value=value: board.add_scalar(f"{kind}/{name}", value, total))

    def text(self, stage: str, step: int, total: int, text: str, kind: str = "warning") -> None:
        """Write a sentence."""
        self._write({"kind": kind, "stage": stage, "step": step, "total": total, "text": text})
        self._show(lambda board: board.add_text(kind, text, total))

    def histogram(self, name: str, values: torch.Tensor, total: int) -> None:
        """Write a histogram, for example of what the discriminator says of real images."""
        if values.numel() > 1 and bool(torch.isfinite(values).all()):
            shown = values.detach().float().cpu()
            self._show(lambda board: board.add_histogram(name, shown, total))

    def pictures(self, stage: str, step: int, total: int, images: dict[str, torch.Tensor]) -> Path | None:
        """Write image strips (n, 1, h, w) as one PNG, a row for each image, and to TensorBoard."""
        if not self.writes:
            return None
        strip = make_strip(images)
        self._show(lambda board: board.add_image("strips", strip, total, dataformats="HW"))
        path = self.folder.pictures / f"{stage}-{step:08d}.png"
        write_png(strip, path)
        return path

    def close(self) -> None:
        """Close the files."""
        self._show(lambda board: board.close())
        self._board = None

    def _write(self, line: dict[str, Any]) -> None:
        if not self.writes:
            return
        try:
            with self.folder.log.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line) + "\n")
        except OSError as error:
            raise OutputError(
                f"The log {self.folder.log} cannot be written ({error.strerror or error}).",
                "Free some space there and resume the run from its last checkpoint.",
            ) from error

    def _show(self, show: Callable[[Any], None]) -> None:
        """Write to TensorBoard; when that fails, as on a full disk, the run goes on without it."""
        if self._board is None:
            return
        try:
            show(self._board)
        except Exception as error:  # whatever its writing thread met
            self._board = None
            _log.warning("TensorBoard's files cannot be written and are left out (%s).", error)


def cut_log(path: Path, total: int) -> None:
    """Keep of a log the whole lines of steps up to `total`; a log that is missing stays so."""
    if not path.exists():
        return
    kept = [json.dumps(line) + "\n" for line in read_log(path) if line.get("total", 0) <= total]
    write_aside(path, "".join(kept))


def make_strip(images: dict[str, torch.Tensor], most: int = 8) -> np.ndarray:
    """Return images side by side as uint8 (h, w): one row an image of the batch, one column a name.

    Images are cut to 0..1; those named "removed" or "difference" are shown around middle grey, eightfold.
    """
    columns = []
    for name, image in images.items():
        image = image.detach().float().cpu()
        if image.ndim == 5:
            image = image[:, :, image.shape[2] // 2]
        shown = 0.5 + 4.0 * image if name in ("removed", "difference") else image
        rows = shown[:most, 0].clamp(0.0, 1.0)
        columns.append(torch.nn.functional.pad(rows, (1, 1, 1, 1), value=1.0))
    strip = torch.cat([torch.cat(list(column), dim=0) for column in columns], dim=1)
    return (255.0 * strip).round().to(torch.uint8).numpy()


def write_png(picture: np.ndarray, path: Path) -> None:
    """Write a grey picture (h, w) uint8; a picture that cannot be written does not stop a training."""
    from PIL import Image

    with contextlib.suppress(OSError):
        Image.fromarray(picture).save(path)


def read_log(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a log; a last line that a kill cut off is passed over."""
    lines = []
    with contextlib.suppress(OSError):
        for text in Path(path).read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(ValueError):
                lines.append(json.loads(text))
    return lines


def _open_board(folder: Path, total: int) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    try:
        return SummaryWriter(str(folder), purge_step=total + 1 if total else None)
    except OSError as error:
        _log.warning("TensorBoard's files cannot be written and are left out (%s).", error)
        return None
