"""Reads an image as its recipe says, and prepares it: cut, scaled, clipped, averaged."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np

from GANEnhanceLib._itk import LPS_TO_RAS, image_to_lps, quiet_itk
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.training.images.recipe import (
    Item,
    PictureReader,
    Preparation,
    RawReader,
    VideoReader,
    VolumeReader,
)
from GANEnhanceLib.training.images.reserved import refuse_reserved_voxels
from GANEnhanceLib.volume import Volume, read_volume

_BRIGHTNESS = (0.299, 0.587, 0.114)
"""Of red, green and blue: ITU-R BT.601."""


def read_image(item: Item, path: Path) -> Volume:
    """Read a file, or a folder with a DICOM series, with the item's reader, and prepare it.

    Raises:
        InputError: it cannot be read, is not what the item says, or is reserved.
        OptionError: a video cannot be decoded without the package av.
    """
    volume = _read(item, Path(path))
    refuse_reserved_voxels(volume.voxels, Path(path).name)
    volume = prepare_image(volume, item.prepare, item.name)
    return Volume(volume.voxels, volume.ijk_to_ras, item.modality or volume.modality, item.name)


def prepare_image(volume: Volume, steps: Preparation, name: str) -> Volume:
    """Return a volume after the steps of a recipe; grid and voxels move together.

    Raises:
        InputError: the crop or the blocks are larger than the image.
    """
    voxels, matrix = volume.voxels, np.array(volume.ijk_to_ras)
    if steps.crop is not None:
        (top, bottom), (left, right) = steps.crop.rows, steps.crop.columns
        if bottom > voxels.shape[1] or right > voxels.shape[2]:
            raise InputError(
                f"'{name}' has {voxels.shape[1]} rows and {voxels.shape[2]} columns, but is to be cut to rows"
                f" {top} to {bottom} and columns {left} to {right}.",
                "Correct `crop`.",
            )
        voxels = voxels[:, top:bottom, left:right]
        matrix[:3, 3] += matrix[:3, :3] @ (left, top, 0)
    if (steps.slope, steps.intercept) != (1.0, 0.0):
        voxels = voxels.astype(np.float32) * np.float32(steps.slope) + np.float32(steps.intercept)
    if steps.clip is not None:
        voxels = np.clip(voxels, *(np.asarray(steps.clip).astype(voxels.dtype)))
    if steps.spacing_mm is not None:
        lengths = np.linalg.norm(matrix[:3, :3], axis=0)
        matrix[:3, :3] *= np.asarray(steps.spacing_mm) / lengths
    if steps.average is not None:
        voxels, matrix = _average(voxels, matrix, steps.average, name)
    return Volume(voxels, matrix, volume.modality, volume.name)


def _average(
    voxels: np.ndarray, matrix: np.ndarray, blocks: tuple[int, int, int], name: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of blocks (i, j, k), float32, and the matrix of their centers; a rest is cut off."""
    counts = [size // block for size, block in zip(voxels.shape[::-1], blocks, strict=True)]
    if 0 in counts:
        raise InputError(
            f"'{name}' has {voxels.shape[::-1]} voxels, fewer than one block of {blocks}.",
            "Correct `average`.",
        )
    (i, j, k), (a, b, c) = counts, blocks
    kept = voxels[: k * c, : j * b, : i * a].astype(np.float32)
    means = kept.reshape(k, c, j, b, i, a).mean(axis=(1, 3, 5), dtype=np.float32)
    matrix = np.array(matrix)
    matrix[:3, 3] += matrix[:3, :3] @ ((np.asarray(blocks) - 1) / 2)
    matrix[:3, :3] *= blocks
    return means, matrix


def _read(item: Item, path: Path) -> Volume:
    reader = item.reader
    if isinstance(reader, VolumeReader):
        volume = read_volume(path) if reader.frame is None else _read_frame(path, reader.frame)
        return Volume(volume.voxels, volume.ijk_to_ras, volume.modality, item.name)
    if isinstance(reader, PictureReader):
        voxels, matrix = _read_picture(path, reader.component)
    elif isinstance(reader, VideoReader):
        voxels, matrix = _read_video(path, reader.every), LPS_TO_RAS
    else:
        voxels = _read_raw(path, reader) if isinstance(reader, RawReader) else _read_npy(path)
        matrix = LPS_TO_RAS
    return Volume(voxels, matrix, item.modality, item.name)


def _read_frame(path: Path, frame: int) -> Volume:
    import SimpleITK as sitk

    image = _itk_image(path)
    frames = image.GetSize()[3] if image.GetDimension() == 4 else 1
    if image.GetDimension() != 4 or frame >= frames:
        raise InputError(
            f"'{path.name}' has no frame {frame}: it has {image.GetDimension()} dimensions and {frames}"
            " frames.",
            "Correct `frame`, which counts from 0.",
        )
    image = image[:, :, :, frame]
    return Volume(sitk.GetArrayFromImage(image), LPS_TO_RAS @ image_to_lps(image), None, path.stem)


def _read_picture(path: Path, component: int | None) -> tuple[np.ndarray, np.ndarray]:
    import SimpleITK as sitk

    image = _itk_image(path)
    count = image.GetNumberOfComponentsPerPixel()
    voxels = sitk.GetArrayFromImage(image)
    if component is not None and component >= count:
        raise InputError(
            f"'{path.name}' has {count} components, no component {component}.", "They count from 0."
        )
    if count > 1:
        voxels = _brightness(voxels) if component is None else voxels[..., component]
    if voxels.ndim == 2:
        return voxels[np.newaxis], LPS_TO_RAS
    return voxels, LPS_TO_RAS @ image_to_lps(image)


def _brightness(voxels: np.ndarray) -> np.ndarray:
    """Return gray as it is, and the brightness of colors, of which the last axis holds red, green, blue."""
    if voxels.shape[-1] < 3 or (voxels[..., :1] == voxels[..., :3]).all():
        return voxels[..., 0]
    weighted = voxels[..., :3].astype(np.float32) @ np.asarray(_BRIGHTNESS, np.float32)
    return np.rint(weighted).astype(voxels.dtype) if voxels.dtype.kind in "iu" else weighted


def _itk_image(path: Path):
    import SimpleITK as sitk

    try:
        with quiet_itk():
            return sitk.ReadImage(str(path))
    except RuntimeError as error:
        raise InputError(
            f"'{path}' cannot be read: it is damaged or no image.", "Fetch it again, or correct `reader`."
        ) from error


def _read_npy(path: Path) -> np.ndarray:
    try:
        voxels = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            f"'{path}' cannot be read: {error}.", "It must be a NumPy file of numbers."
        ) from error
    return voxels[np.newaxis] if voxels.ndim == 2 else voxels


def _read_raw(path: Path, reader: RawReader) -> np.ndarray:
    try:
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        raise InputError(f"'{path}' cannot be read: {error}.", "Fetch it again.") from error
    wanted = int(np.prod(reader.shape)) * np.dtype(reader.type).itemsize
    if len(content) != wanted:
        raise InputError(
            f"'{path.name}' has {len(content)} bytes, but {reader.shape} of type {reader.type} are {wanted}.",
            "Correct `shape` or `type`.",
        )
    voxels = np.frombuffer(content, reader.type).reshape(reader.shape)
    return voxels.astype(voxels.dtype.newbyteorder("="))


def _read_video(path: Path, every: int) -> np.ndarray:
    try:
        import av
    except ImportError as error:
        raise OptionError(
            f"'{path.name}' is a video, and the package av, which decodes videos, is not installed.",
            "Install it with: pip install av",
        ) from error
    try:
        with av.open(str(path)) as video:
            frames = enumerate(video.decode(video=0))
            kept = [frame.to_ndarray(format="gray") for number, frame in frames if number % every == 0]
    except (OSError, ValueError, IndexError) as error:  # av's own errors are OSError or ValueError
        raise InputError(f"'{path}' cannot be decoded: {error}.", "Fetch it again.") from error
    if not kept:
        raise InputError(f"'{path.name}' holds no frame.", "Take another video.")
    return np.stack(kept)
