"""What is known of one volume and would take a look at all its voxels to know again.

A run needs to know if a volume can be enhanced, its range of values, the numbers of its scaling and its hash.
Each costs a pass over the voxels, which is nothing beside a run over the volume and everything beside a
preview of one slice. So whoever enhances a volume several times keeps its facts.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.intensity import FittedScaling
from GANEnhanceLib.metrics import estimate_noise, find_noise_floor, fit_to_noise
from GANEnhanceLib.trust import Content, Fan, find_fan, hash_voxels, measure_content
from GANEnhanceLib.volume import Volume


class VolumeFacts:
    """Facts of one volume, each found out when it is first asked for; the voxels must not change.

    ``volume`` may be set to None, to let go of the voxels, and to an equal volume, to go on.
    """

    def __init__(self, volume: Volume):
        """Know nothing yet of ``volume``."""
        self.volume: Volume | None = volume
        self._fault: tuple[type[GANEnhanceError], str, str] | None = None
        self._was_checked = False
        self._range: tuple[float, float] | None = None
        self._scalings: dict[str, FittedScaling] = {}
        self._sha256: str | None = None
        self._noise: float | None = None
        self._fans: dict[int, Fan | None] = {}
        self._content: Content | None = None

    def check_usable(self) -> None:
        """Raise InputError for a volume that cannot be enhanced; see ``Volume.check_usable``."""
        if not self._was_checked:
            try:
                self.volume.check_usable()
            except GANEnhanceError as error:
                self._fault = type(error), error.sentence, error.hint
            self._was_checked = True
        if self._fault is not None:
            kind, sentence, hint = self._fault
            raise kind(sentence, hint)

    @property
    def value_range(self) -> tuple[float, float]:
        """Smallest and largest value."""
        if self._range is None:
            voxels = self.volume.voxels
            lows, highs = zip(*((part.min().item(), part.max().item()) for part in voxels), strict=True)
            self._range = min(lows), max(highs)
        return self._range

    def fit(self, spec: dict[str, Any]) -> FittedScaling:
        """Return the scaling that a model's card asks for; see ``metrics.fit_to_noise``.

        With ``floor: air`` in the spec it knows the floor that the noise of several MR coils adds; see
        ``metrics.find_noise_floor``.
        """
        key = json.dumps(spec, sort_keys=True)
        if key not in self._scalings:
            scaling = fit_to_noise(spec, self.volume.voxels)
            found = find_noise_floor(self.volume.voxels) if spec.get("floor") == "air" else None
            power = 0.0 if found is None else found.power / (scaling.high - scaling.low) ** 2
            self._scalings[key] = replace(scaling, floor=power)
        return self._scalings[key]

    @property
    def noise(self) -> float:
        """Standard deviation of the noise within the slices as they were acquired, value units."""
        if self._noise is None:
            slices = np.moveaxis(self.volume.voxels, self.volume.acquisition_axis, 0)
            self._noise = float(estimate_noise(slices))
        return self._noise

    @property
    def content(self) -> Content:
        """What the image shows; see ``trust.measure_content``."""
        if self._content is None:
            self._content = measure_content(self.volume)
        return self._content

    def fan(self, axis: int) -> Fan | None:
        """Return the fan of the frames along an array axis; see ``trust.find_fan``."""
        if axis not in self._fans:
            self._fans[axis] = find_fan(np.moveaxis(self.volume.voxels, axis, 0))
        return self._fans[axis]

    @property
    def sha256(self) -> str:
        """Hash of type, shape and voxels; see ``trust.hash_voxels``."""
        if self._sha256 is None:
            self._sha256 = hash_voxels(np.asarray(self.volume.voxels))
        return self._sha256
