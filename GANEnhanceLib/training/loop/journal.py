"""Writes what a run has to tell: JSON lines always, TensorBoard where it is installed."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch

from GANEnhanceLib.training.loop.folder import RunFolder


class Journal:
    """The log of a run.

    Args:
        folder: of the run.
        tensorboard: write TensorBoard files too, where the package is installed.
        writes: False for all processes of a distributed run but the first.
    """

    def __init__(self, folder: RunFolder, tensorboard: bool = True, writes: bool = True) -> None:
        """Open the log; see the class for the arguments."""
        self.folder, self.writes = folder, writes
        self._board = _open_board(folder.path / "tensorboard") if tensorboard and writes else None

    def scalars(
        self, stage: str, step: int, total: int, values: dict[str, float], kind: str = "train"
    ) -> None:
        """Write figures of a step.

        Args:
            stage: its name.
            step: within the stage.
            total: steps of the whole run so far, for TensorBoard's axis.
            values: by name.
            kind: "train", "validation", "watch".
        """
        if not self.writes:
            return
        plain = {name: float(value) for name, value in values.items()}
        line = {"kind": kind, "stage": stage, "step": step, "total": total, **plain}
        with self.folder.log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
        if self._board is not None:
            for name, value in plain.items():
                self._board.add_scalar(f"{kind}/{name}", value, total)

    def text(self, stage: str, step: int, total: int, text: str, kind: str = "warning") -> None:
        """Write a sentence."""
        if not self.writes:
            return
        line = {"kind": kind, "stage": stage, "step": step, "total": total, "text": text}
        with self.folder.log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line) + "\n")
        if self._board is not None:
            self._board.add_text(kind, text, total)

    def histogram(self, name: str, values: torch.Tensor, total: int) -> None:
        """Write a histogram, for example of what the discriminator says of real images."""
        if self._board is not None and values.numel() > 1 and bool(torch.isfinite(values).all()):
            self._board.add_histogram(name, values.detach().float().cpu(), total)

    def pictures(self, stage: str, step: int, total: int, images: dict[str, torch.Tensor]) -> Path | None:
        """Write image strips (n, 1, h, w) as one PNG, a row for each image, and to TensorBoard."""
        if not self.writes:
            return None
        strip = make_strip(images)
        if self._board is not None:
            self._board.add_image("strips", strip, total, dataformats="HW")
        path = self.folder.pictures / f"{stage}-{step:08d}.png"
        write_png(strip, path)
        return path

    def close(self) -> None:
        """Close the files."""
        if self._board is not None:
            self._board.close()
            self._board = None


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


def _open_board(folder: Path) -> Any:
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        return None
    return SummaryWriter(str(folder))
