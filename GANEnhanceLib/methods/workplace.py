"""What the methods of one worker share: its folder, and what it remembers between requests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from GANEnhanceLib.methods.estimate import Estimator
from GANEnhanceLib.methods.inputs import Inputs
from GANEnhanceLib.methods.kept import KeptRuns

if TYPE_CHECKING:
    from GANEnhanceLib.models import Model, ModelCache


class Workplace:
    """The worker's folder (`folder`, where all files of messages lie), known inputs, kept runs, speeds."""

    def __init__(self, folder: Path):
        """Begin with nothing remembered."""
        self.folder = folder
        self.inputs = Inputs()
        self.kept = KeptRuns()
        self.estimator = Estimator()
        self._models: ModelCache | None = None

    def load_model(self, name: str, folders: Sequence[str | Path] = ()) -> Model:
        """Return a model by name or path; read again only if its files have changed."""
        from GANEnhanceLib.models import ModelCache, load_model

        if self._models is None:
            self._models = ModelCache()
        return load_model(name, folders, self._models.open)
