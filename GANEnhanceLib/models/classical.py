"""Classical filters as models: something honest to compare with, and to use before any network is there.

`median` and `anisotropic-diffusion` are SimpleITK's, `nlm` is scikit-image's. They work in value units, and a
region of a volume comes out as the filtered whole volume has it there.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Generator, Iterator
from importlib.util import find_spec
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from GANEnhanceLib.errors import ModelError, OptionError
from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.models.model import ClassicalModel

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume

Box = tuple[slice, slice, slice]

_VERSION = "1.0"
_MEDIAN_BLOCK = 2**18  # voxels; about 0.15 s on one core
_NLM_TILE = 384  # pixels a side; about 0.15 s on one core
_POLL_SECONDS = 0.05


class _Filter(ClassicalModel):
    """A filter and its parameters; card and identity follow from them."""

    name_in_list: str
    title: str
    description: str
    limits: str
    licence = "Apache-2.0"

    def __init__(self, **parameters: float):
        self.parameters = parameters
        card = ModelCard(
            name=self.name_in_list,
            version=_VERSION,
            title=self.title,
            kind="classical",
            task="denoise",
            modality=(),
            anatomy="any",
            description=self.description,
            limits=self.limits,
            licence=self.licence,
            data="none",
        )
        identity = json.dumps([self.name_in_list, _VERSION, parameters], sort_keys=True)
        super().__init__(card, hashlib.sha256(identity.encode()).hexdigest())


class MedianModel(_Filter):
    """Median of the (2 * radius + 1)^3 neighborhood, edge voxels repeated outward (SimpleITK)."""

    name_in_list = "median"
    title = "Median filter"
    description = (
        "Median of the 3x3x3 neighborhood: removes single wrong voxels and some noise, in any modality."
    )
    limits = "Removes thin vessels and fine texture; neighboring voxels are mixed whatever their spacing."

    def __init__(self, radius: int = 1):
        """Make the filter; `radius` is 1 to 10 voxels (OptionError)."""
        _check("radius", radius, 1, 10, int)
        super().__init__(radius=radius)

    def steps(self, volume: Volume, roi_slices: Box) -> Generator[float, None, np.ndarray]:
        """Filter the ROI block by block, each with a halo of the radius; see `ClassicalModel.steps`."""
        import SimpleITK

        radius = self.parameters["radius"]
        result = np.empty(_shape_of(roi_slices), np.float32)
        blocks = list(_blocks(roi_slices, _MEDIAN_BLOCK))
        for done, block in enumerate(blocks):
            yield done / len(blocks)
            grown = _grow(block, radius, volume.voxels.shape)
            image = SimpleITK.GetImageFromArray(volume.voxels[grown].astype(np.float32))
            filtered = SimpleITK.GetArrayFromImage(SimpleITK.Median(image, [radius] * 3))
            result[_relative(block, roi_slices)] = filtered[_relative(block, grown)]
        return result


class AnisotropicDiffusionModel(_Filter):
    """Modified curvature diffusion (Whitaker and Xue, ICIP 2001; SimpleITK), spacing taken into account.

    The time step is relative to the smallest spacing, so that it is stable for any.
    """

    name_in_list = "anisotropic-diffusion"
    title = "Curvature anisotropic diffusion"
    description = (
        "Smooths along edges, not across them (the filter of Slicer's Filtering menu), in any modality."
    )
    limits = (
        "Flattens fine texture and leaves strong noise in place; needs the whole volume even for one slice."
    )

    def __init__(self, iterations: int = 5, conductance: float = 1.0, time_step: float = 0.0625):
        """Make the filter; 1 to 100 iterations, conductance 0.01 to 100, time step up to 0.0625
        (OptionError).
        """
        _check("iterations", iterations, 1, 100, int)
        _check("conductance", conductance, 0.01, 100.0, float)
        _check("time_step", time_step, 1e-4, 0.0625, float)
        super().__init__(iterations=iterations, conductance=conductance, time_step=time_step)

    def steps(self, volume: Volume, roi_slices: Box) -> Generator[float, None, np.ndarray]:
        """Filter the whole volume and return its ROI; see `ClassicalModel.steps`.

        Each iteration measures the mean gradient of the whole volume, so that blocks would not be exact. One
        iteration cannot be stopped: it runs in a thread, which ends after it when the generator is closed.
        """
        import SimpleITK

        job = _Background(lambda stopped: self._iterate(volume, stopped), self.parameters["iterations"])
        yield from job.progress()
        # The view is valid while `job` holds its image, so the ROI is copied here.
        return np.array(SimpleITK.GetArrayViewFromImage(job.result)[roi_slices], np.float32)

    def _iterate(self, volume: Volume, stopped: threading.Event) -> Iterator[Any]:
        import SimpleITK

        image = SimpleITK.GetImageFromArray(volume.voxels.astype(np.float32))
        spacing = np.asarray(volume.spacing, np.float64)
        image.SetSpacing((spacing / spacing.min()).tolist())
        for _ in range(self.parameters["iterations"]):
            if stopped.is_set():
                return
            # Each iteration scales the conductance by the mean gradient of its own input, so that n calls of
            # one iteration are exactly one call of n.
            image = SimpleITK.CurvatureAnisotropicDiffusion(
                image,
                timeStep=self.parameters["time_step"],
                conductanceParameter=self.parameters["conductance"],
                conductanceScalingUpdateInterval=1,
                numberOfIterations=1,
            )
            yield image


class NonLocalMeansModel(_Filter):
    """Non-local means of slices (Buades et al., CVPR 2005; fast form of Darbon et al., ISBI 2008;
    scikit-image).

    Slices along the acquisition axis, noise estimated from the volume (`metrics.estimate_noise`).
    """

    name_in_list = "nlm"
    title = "Non-local means"
    description = "Averages similar patches of a slice, with the noise level measured in the volume itself."
    limits = "Takes the noise to be white and equal everywhere; speckle and blurred noise stay."
    licence = "BSD-3-Clause (scikit-image)"

    def __init__(self, patch_size: int = 5, patch_distance: int = 6, strength: float = 0.8):
        """Make the filter; sizes in pixels (patch odd), `strength` is h over the noise (OptionError)."""
        _check("patch_size", patch_size, 3, 15, int)
        if patch_size % 2 == 0:
            raise OptionError(f"The parameter patch_size is {patch_size}.", "Give an odd number.")
        _check("patch_distance", patch_distance, 1, 30, int)
        _check("strength", strength, 0.05, 5.0, float)
        super().__init__(patch_size=patch_size, patch_distance=patch_distance, strength=strength)

    def steps(self, volume: Volume, roi_slices: Box) -> Generator[float, None, np.ndarray]:
        """Filter the ROI tile by tile of each slice, on all cores; see `ClassicalModel.steps`."""
        from concurrent.futures import ThreadPoolExecutor

        from GANEnhanceLib.metrics import estimate_noise

        yield 0.0
        sigma = float(estimate_noise(volume.voxels))
        if not sigma > 0.0:
            return np.array(volume.voxels[roi_slices], np.float32)
        result = np.empty(_shape_of(roi_slices), np.float32)
        axis = volume.acquisition_axis
        tiles = list(_tiles(roi_slices, axis, _NLM_TILE))

        def filter_tile(tile: Box) -> None:
            result[_relative(tile, roi_slices)] = self._filter_tile(volume.voxels, tile, axis, sigma)

        pool = ThreadPoolExecutor(_cores())
        try:
            for done, _ in enumerate(pool.map(filter_tile, tiles), 1):
                yield done / len(tiles)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
        return result

    def _filter_tile(self, voxels: np.ndarray, tile: Box, axis: int, sigma: float) -> np.ndarray:
        from skimage.restoration import denoise_nl_means

        size, distance = self.parameters["patch_size"], self.parameters["patch_distance"]
        grown = _grow(tile, size // 2 + distance + 2, voxels.shape, axis)
        # float64, because the fast form sums squares over the whole tile before it subtracts them.
        filtered = denoise_nl_means(
            voxels[grown].squeeze(axis).astype(np.float64),
            patch_size=size,
            patch_distance=distance,
            h=self.parameters["strength"] * sigma,
            sigma=sigma,
            fast_mode=True,
        )
        return np.expand_dims(filtered, axis)[_relative(tile, grown)]


_MODELS = {
    model.name_in_list: model for model in (MedianModel, AnisotropicDiffusionModel, NonLocalMeansModel)
}
_PACKAGES = {
    "median": ("SimpleITK", "SimpleITK"),
    "anisotropic-diffusion": ("SimpleITK", "SimpleITK"),
    "nlm": ("skimage", "scikit-image"),
}
CLASSICAL_NAMES = tuple(_MODELS)


def classical_model(name: str, **parameters: float) -> ClassicalModel:
    """Return the classical model of a name in `CLASSICAL_NAMES`, with its own parameters or others.

    Raises ModelError for an unknown name, OptionError for a parameter that is unknown or out of range.
    """
    if name not in _MODELS:
        raise ModelError(
            f'The classical model "{name}" is unknown; known are {", ".join(CLASSICAL_NAMES)}.',
            "Choose one of them.",
        )
    defaults = _MODELS[name]().parameters
    for key in parameters:
        if key not in defaults:
            raise OptionError(
                f'The model "{name}" has no parameter "{key}"; it has {", ".join(defaults)}.',
                "Use one of these.",
            )
    return _MODELS[name](**parameters)


def missing_package(name: str) -> ModelError | None:
    """Return the error that says which package a classical model needs and lacks, or None."""
    if name not in _PACKAGES or find_spec(_PACKAGES[name][0]) is not None:
        return None
    package = _PACKAGES[name][1]
    return ModelError(f'The model "{name}" needs {package}.', f"Install it: pip install {package}")


class _Background:
    """Runs a generator of `count` results in a thread, so that whoever waits can go away at any time.

    The thread is no daemon: the interpreter waits for the step that is running instead of ending below it.
    """

    def __init__(self, make: Callable[[threading.Event], Iterator[Any]], count: int):
        self.result: Any = None
        self._make, self._count, self._done = make, count, 0
        self._stopped = threading.Event()
        self._error: BaseException | None = None

    def progress(self) -> Iterator[float]:
        """Start, and yield the fraction done about twenty times a second until the last result is there."""
        thread = threading.Thread(target=self._work, name="classical-filter")
        thread.start()
        try:
            while thread.is_alive():
                yield self._done / self._count
                thread.join(_POLL_SECONDS)
        finally:
            self._stopped.set()
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        try:
            for result in self._make(self._stopped):
                self.result = result
                self._done += 1
        except BaseException as error:
            self._error = error


def _check(name: str, value: Any, low: float, high: float, kind: type) -> None:
    allowed = (int,) if kind is int else (int, float)
    if isinstance(value, bool) or not isinstance(value, allowed) or not low <= value <= high:
        whole = "a whole number " if kind is int else ""
        raise OptionError(f"The parameter {name} is {value!r}.", f"Give {whole}from {low} to {high}.")


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _blocks(roi: Box, voxels: int) -> Iterator[Box]:
    """Cut a ROI along k, then along j, into blocks of about so many voxels."""
    depth, height, width = _shape_of(roi)
    rows = max(1, min(height, voxels // width))
    slices = max(1, min(depth, voxels // (rows * width)))
    for k, j in product(_spans(roi[0], slices), _spans(roi[1], rows)):
        yield k, j, roi[2]


def _tiles(roi: Box, axis: int, side: int) -> Iterator[Box]:
    """Cut a ROI into single slices along an axis, and these into tiles."""
    yield from product(*(_spans(span, 1 if number == axis else side) for number, span in enumerate(roi)))


def _spans(span: slice, size: int) -> list[slice]:
    return [slice(start, min(start + size, span.stop)) for start in range(span.start, span.stop, size)]


def _grow(box: Box, halo: int, shape: tuple[int, ...], fixed_axis: int | None = None) -> Box:
    return tuple(
        span if axis == fixed_axis else slice(max(span.start - halo, 0), min(span.stop + halo, size))
        for axis, (span, size) in enumerate(zip(box, shape, strict=True))
    )


def _relative(box: Box, origin: Box) -> Box:
    return tuple(slice(s.start - o.start, s.stop - o.start) for s, o in zip(box, origin, strict=True))


def _shape_of(box: Box) -> tuple[int, int, int]:
    return tuple(span.stop - span.start for span in box)
