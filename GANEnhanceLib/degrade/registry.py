"""The kinds of degradation that whole volumes can be given, with their options, units and ranges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.volume import Volume

Check = Callable[[float], None]
"""Called with the share that is done; may raise, to stop."""
_AIR = -200.0
"""A CT whose lowest value lies above it shows no air and no fat, or is not in HU."""
_NEGATIVE = 0.1
"""Share of the highest value by which interpolation may make a magnitude image negative."""


@dataclass(frozen=True)
class Option:
    """A number or a word that a kind can be told.

    low and high bound a number (both allowed unless `above`, then low is not); `choices` lists the words
    instead. `default` None: it must be given. `help` says what it is, with its unit.
    """

    name: str
    help: str
    low: float = 0.0
    high: float = 0.0
    default: Any = None
    whole: bool = False
    above: bool = False
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        if self.choices:
            return f"one of: {', '.join(self.choices)}"
        number = "a whole number" if self.whole else "a number"
        if self.above:
            return f"{number} above {self.low:g}, up to {self.high:g}"
        return f"{number} from {self.low:g} to {self.high:g}"

    def read(self, text: str) -> Any:
        """Return the value of a text; OptionError says what is allowed."""
        if self.choices:
            if text in self.choices:
                return text
        else:
            try:
                number = int(text) if self.whole else float(text)
            except ValueError:
                number = float("nan")
            if self.low <= number <= self.high and not (self.above and number == self.low):
                return number
        raise OptionError(f"The {self.name.replace('_', ' ')} is {text!r}, but must be {self.allowed}.")


@dataclass(frozen=True)
class Kind:
    """A degradation of whole volumes.

    `run(volume, values, generator, check)` gives the voxels as float32 in value units and a sentence that
    says, in numbers, what was done. `modalities` is empty where any will do.
    """

    name: str
    title: str
    modalities: tuple[str, ...]
    options: tuple[Option, ...]
    run: Callable[[Volume, dict[str, Any], np.random.Generator, Check], tuple[np.ndarray, str]]


def degrade_volume(
    volume: Volume, kind: str, values: dict[str, Any], seed: int, check: Check = lambda fraction: None
) -> tuple[Volume, str]:
    """Degrade a volume; the same seed gives the same voxels.

    Args:
        volume: clean, of a modality that the kind is for; an unknown modality is taken on trust.
        kind: name in `KINDS`.
        values: options by name, read by `read_options`.
        seed: of all that is random.
        check: see `Check`.

    Returns:
        A volume of the same voxel type, on the same grid or a coarser one with the same corners, and what was
        done in one sentence.

    Raises:
        InputError: another modality, or a CT that is not in HU.
        OptionError: a package is missing.
    """
    from GANEnhanceLib.intensity import to_dtype

    chosen = KINDS[kind]
    if volume.modality is None and chosen.modalities:
        _check_values(volume, kind, chosen.modalities[0])
    if chosen.modalities and volume.modality not in (None, *chosen.modalities):
        wanted = " or ".join(chosen.modalities)
        raise InputError(
            f"The volume is of modality {volume.modality}, but {kind} is for {wanted}.",
            f"Choose another kind, or say --modality {chosen.modalities[0]} to have it taken for one.",
        )
    voxels, sentence = chosen.run(volume, values, np.random.default_rng(seed), check)
    grid = Grid.of(volume).refined(voxels.shape)
    return replace(volume, voxels=to_dtype(voxels, volume.voxels.dtype), ijk_to_ras=grid.matrix), sentence


def read_options(kind: str, texts: dict[str, str | None]) -> dict[str, Any]:
    """Return the values of a kind's options; a text of None was not given.

    Raises:
        OptionError: an option of another kind, a missing one, or a wrong value.
    """
    own = {option.name: option for option in KINDS[kind].options}
    for name, text in texts.items():
        if text is not None and name not in own:
            others = ", ".join(each.name for each in KINDS.values() if name in _names(each))
            raise OptionError(
                f"The option {_flag(name)} is not for {kind}, but for {others}.", "Leave it out."
            )
    values = {}
    for name, option in own.items():
        text = texts.get(name)
        if text is None and option.default is None:
            raise OptionError(f"The kind {kind} needs {_flag(name)}: {option.help}, {option.allowed}.")
        values[name] = option.default if text is None else option.read(text)
    return values


def _check_values(volume: Volume, kind: str, modality: str) -> None:
    """Raise InputError for values that no volume of a modality has; the file does not say what it is."""
    lowest, highest = float(volume.voxels.min()), float(volume.voxels.max())
    hint = f"Choose another volume, or say --modality {modality} if it is {modality}."
    if modality == "CT" and lowest > _AIR:
        raise InputError(
            f"The lowest value is {lowest:g}, so the values do not look like HU, which {kind} needs.", hint
        )
    if modality != "CT" and lowest < -_NEGATIVE * highest:
        raise InputError(
            f"The lowest value is {lowest:g}, but {kind} is for magnitudes, which are not negative.", hint
        )


def _names(kind: Kind) -> tuple[str, ...]:
    return tuple(option.name for option in kind.options)


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _along_slices(volume: Volume, axis: int) -> np.ndarray:
    """Return the voxels as float32 slices (s, h, w) along an array axis."""
    return np.ascontiguousarray(np.moveaxis(volume.voxels, axis, 0), dtype=np.float32)


def _mr_noise(
    volume: Volume, values: dict[str, Any], generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.degrade.mr import add_noncentral_chi_noise, sigma_map
    from GANEnhanceLib.intensity import reference_intensity

    reference = reference_intensity(volume.voxels)
    sigma = values["percent"] / 100.0 * reference
    axis = volume.acquisition_axis
    slices = _along_slices(volume, axis)
    coils, variation = values.get("coils", 1), values["variation"]
    level = sigma_map(slices.shape, sigma, (0.0, variation)) if variation else sigma
    noisy = add_noncentral_chi_noise(slices, level, coils, generator, values["correlation"])
    name = "Rician noise" if coils == 1 else f"Non-central chi noise of {coils} coils"
    return np.moveaxis(noisy, 0, axis), (
        f"{name} with sigma {sigma:.6g}: {values['percent']:g} % of {reference:.6g}, "
        "the 99.5th percentile of the voxels."
    )


def _gibbs(
    volume: Volume, values: dict[str, Any], _generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.degrade.resolution import truncate_kspace

    axis = volume.acquisition_axis
    coarse = truncate_kspace(_along_slices(volume, axis), values["kept"])
    return np.moveaxis(coarse, 0, axis), f"Kept {values['kept']:g} of the lines of k-space in each slice."


def _thick(
    volume: Volume, values: dict[str, Any], _generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.degrade.resolution import average_slices

    axis, factor = volume.acquisition_axis, values["factor"]
    if factor > volume.shape[axis]:
        raise OptionError(
            f"The factor is {factor}, but the volume has {volume.shape[axis]} slices.",
            "Choose a smaller one.",
        )
    thick = average_slices(volume.voxels, factor, axis, interpolation=values["interpolation"])
    spacing = volume.spacing[::-1][axis]
    return thick, f"Averaged {factor} slices of {spacing:.3g} mm to slices of {factor * spacing:.3g} mm."


def _coarse(
    volume: Volume, values: dict[str, Any], _generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.finer.lattice import Lattice

    axis, shape = volume.acquisition_axis, list(volume.shape)
    shape[axis] = max(1, round(shape[axis] / values["factor"]))
    lattice = Lattice(shape, volume.shape, {axis: values["profile"]})
    before, after = (Grid.of(volume).refined(each).spacing[2 - axis] for each in (volume.shape, shape))
    return lattice.sample(volume.voxels).astype(np.float32), (
        f"Measured {volume.shape[axis]} slices of {before:.3g} mm as {shape[axis]} of {after:.3g} mm."
    )


def _motion(
    volume: Volume, values: dict[str, Any], generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.degrade.motion import add_ghosts, add_motion

    axis = volume.acquisition_axis
    slices = _along_slices(volume, axis)
    spacing = list(volume.spacing[::-1])
    spacing.insert(0, spacing.pop(axis))
    movements = values["movements"]
    if movements:
        flat = len(slices) == 1
        slices = add_motion(
            slices, tuple(spacing), values["degrees"], values["translation"], movements, generator, flat
        )
    if values["ghosts"]:
        slices = add_ghosts(slices, values["ghosts"] + 1, values["ghost_strength"])
    sentence = (
        f"{movements} movements of up to {values['degrees']:g} degrees and {values['translation']:g} mm"
        f" about each axis; {values['ghosts']} ghosts."
    )
    return np.moveaxis(slices, 0, axis), sentence


def _low_dose(
    volume: Volume, values: dict[str, Any], generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.degrade.ct import LowDose, add_low_dose_noise
    from GANEnhanceLib.degrade.ct_surrogate import add_low_dose_noise_fast

    axis = _patient_axis(volume)
    slices = _along_slices(volume, axis)
    spacing = volume.spacing[::-1]
    plane = tuple(spacing[each] for each in range(3) if each != axis)
    scan = LowDose(values["dose"], values["photons"], values["electronics"], values["kernel"])
    if values["method"] == "image":
        noisy = add_low_dose_noise_fast(slices, plane, scan, generator)
    else:
        noisy = add_low_dose_noise(slices, plane, scan, generator, check)
    body = slices > -500
    added = float(np.std((noisy - slices)[body if body.any() else ...]))
    return np.moveaxis(noisy, 0, axis), (
        f"Dose {values['dose']:g} of {values['photons']:g} photons, {values['kernel']} kernel, noise from "
        f"the {values['method']}: {added:.3g} HU standard deviation added in the body."
    )


def _speckle(
    volume: Volume, values: dict[str, Any], generator: np.random.Generator, check: Check
) -> tuple[np.ndarray, str]:
    from GANEnhanceLib.degrade.ultrasound import add_speckle, attenuation_per_voxel, beam_widths

    axis = volume.acquisition_axis
    slices = _along_slices(volume, axis)
    spacing = list(volume.spacing[::-1])
    spacing.pop(axis)
    white = 255.0 if 1.0 < slices.max() <= 255.0 else float(slices.max())
    widths = beam_widths(values["frequency"])
    loss = attenuation_per_voxel(values["attenuation"], values["frequency"], spacing[0])
    psf = (widths[0] / spacing[0], widths[1] / spacing[1])
    speckled = add_speckle(slices / white, psf, values["looks"], generator, values["dynamic_range"], loss)
    finer = " (finer than the voxels)" if max(psf) < 1 else ""
    return np.moveaxis(speckled * white, 0, axis), (
        f"Speckle of {values['looks']} looks, {widths[0]:.2g} mm along and {widths[1]:.2g} mm across the "
        f"beam{finer}, {values['dynamic_range']:g} dB from 0 to {white:g}."
    )


def _patient_axis(volume: Volume) -> int:
    """Return the array axis nearest to the patient's long axis, which the gantry turns about."""
    columns = volume.ijk_to_ras[:3, :3] / np.linalg.norm(volume.ijk_to_ras[:3, :3], axis=0)
    return 2 - int(np.argmax(np.abs(columns[2])))


_PERCENT = Option("percent", "noise as percent of the 99.5th percentile of the voxels", 0, 100)
_CORRELATION = Option(
    "correlation", "smoothing of the noise in the slice, standard deviation in voxels", 0, 5, 0
)
_VARIATION = Option("variation", "change of the noise level from left to right, as a share", 0, 1.9, 0)

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "mr-rician", "noise of magnitude images", ("MR",), (_PERCENT, _CORRELATION, _VARIATION), _mr_noise
        ),
        Kind(
            "mr-chi",
            "noise of sum-of-squares images of several coils",
            ("MR",),
            (_PERCENT, Option("coils", "number of coils", 1, 128, whole=True), _CORRELATION, _VARIATION),
            _mr_noise,
        ),
        Kind(
            "mr-gibbs",
            "k-space that ends too early: blur and Gibbs ringing",
            ("MR",),
            (Option("kept", "share of the lines of k-space that is kept", 0.02, 1),),
            _gibbs,
        ),
        Kind(
            "thick-slices",
            "slices averaged to thick ones, shown on the same grid",
            (),
            (
                Option("factor", "thickness in slices", 1, 64, whole=True),
                Option(
                    "interpolation",
                    "between thick slices",
                    default="linear",
                    choices=("linear", "nearest"),
                ),
            ),
            _thick,
        ),
        Kind(
            "coarse-grid",
            "measured in fewer, thicker slices: a coarser grid with the same corners",
            (),
            (
                Option("factor", "thickness in slices, also a fraction", 1, 64, above=True),
                Option(
                    "profile",
                    "of the slices; gaussian: full width at half maximum is their distance",
                    default="gaussian",
                    choices=("box", "gaussian"),
                ),
            ),
            _coarse,
        ),
        Kind(
            "mr-motion",
            "movement of the patient, and ghosts (needs TorchIO)",
            ("MR",),
            (
                Option("degrees", "largest rotation about each axis, degrees", 0, 45),
                Option("translation", "largest shift along each axis, mm", 0, 100, 3),
                Option("movements", "number of movements", 0, 50, 3, whole=True),
                Option("ghosts", "copies of the image along the phase direction", 0, 20, 0, whole=True),
                Option("ghost_strength", "share by which lines of k-space are weakened", 0, 1, 0.4),
            ),
            _motion,
        ),
        Kind(
            "ct-low-dose",
            "noise of a lower dose, as from the sinogram",
            ("CT",),
            (
                Option("dose", "share of the full dose", 0, 1, above=True),
                Option(
                    "photons",
                    "photons a detector element counts in air at full dose",
                    1,
                    1e9,
                    2e5,
                    above=True,
                ),
                Option("electronics", "standard deviation of the electronic noise, photons", 0, 1000, 5),
                Option(
                    "kernel", "reconstruction kernel of the noise", default="soft", choices=("soft", "sharp")
                ),
                Option(
                    "method",
                    "where the noise is made: sinogram (exact, with streaks) or image (fast)",
                    default="sinogram",
                    choices=("sinogram", "image"),
                ),
            ),
            _low_dose,
        ),
        Kind(
            "us-speckle",
            "speckle of B-mode images of clean brightness",
            ("US",),
            (
                Option("looks", "averaged independent views; more looks, less speckle", 1, 64, whole=True),
                Option("frequency", "of the pulse, MHz: sets the size of the speckle", 0.5, 50, 5),
                Option("dynamic_range", "of the display, dB", 10, 120, 60, above=True),
                Option("attenuation", "what gain compensation leaves, dB a cm and MHz", 0, 3, 0),
            ),
            _speckle,
        ),
    )
}
"""All kinds by name."""
