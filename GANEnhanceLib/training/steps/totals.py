"""The losses of a step, added up over the parts of its batch."""

from __future__ import annotations

import torch


class Totals:
    """Losses by name; they become numbers once, at the end, so that a GPU need not wait in between."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sums: dict[str, torch.Tensor] = {}

    def add(self, losses: dict[str, torch.Tensor], share: float = 1.0) -> None:
        """Add the losses of a part that is `share` of the batch."""
        for name, loss in losses.items():
            value = share * loss.detach().float()
            self._sums[name] = self._sums[name] + value if name in self._sums else value

    def numbers(self) -> dict[str, float]:
        """Return the sums."""
        if not self._sums:
            return {}
        return dict(zip(self._sums, torch.stack(list(self._sums.values())).tolist(), strict=True))
