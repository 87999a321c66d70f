"""The pictures of a report, and the PNG writer against a reader."""

import io

import numpy as np
import pytest
from measure_cases import GRID, SHAPE, clean_image, image_with_noise
from PIL import Image

from GANEnhanceLib.png import png_bytes
from GANEnhanceLib.report_slices import LARGEST, palette, picture, take_slices
from GANEnhanceLib.volume import Volume


def opened(content):
    """The picture as (rows, columns, 3)."""
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert image.format == "PNG" and image.mode == "P"
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (7, 3), (256, 256)])
def test_a_picture_is_read_as_it_was_written(shape):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, shape).astype(np.uint8)
    colors = rng.integers(0, 256, (256, 3)).astype(np.uint8)
    assert np.array_equal(opened(png_bytes(pixels, colors)), colors[pixels])


def test_pictures_use_the_window_and_the_limit():
    before, after = image_with_noise(20), image_with_noise(5, seed=1)
    stack, shown = take_slices(before, after)
    assert stack.shape == (3, 3, SHAPE[1], SHAPE[2]) and stack.dtype == np.float32
    assert shown["axis"] == "k" and shown["indices"] == [1, 2, 4] and shown["pixel_mm"] == [1.0, 1.0]
    low, high = shown["window"]
    removed = before.voxels[1] - after.voxels[1]
    # i runs to the right of the patient, j to the front: both are turned round.
    turned = np.s_[::-1, ::-1]
    expected = np.clip((before.voxels[1] - low) / (high - low), 0, 1)[turned]
    assert np.allclose(stack[0, 0], expected, atol=1e-5)
    assert np.allclose(stack[0, 2], np.clip(removed / (2 * shown["limit"]) + 0.5, 0, 1)[turned], atol=1e-5)
    assert 50 < shown["limit"] < 80 and shown["unit"] == "value units"


def test_colors_say_removed_added_and_nothing():
    assert palette("before")[[0, 255]].tolist() == [[0, 0, 0], [255, 255, 255]]
    colors = palette("removed")
    assert colors[127].tolist() == colors[128].tolist() == [0, 0, 0]
    assert colors[255].tolist() == [255, 176, 64] and colors[0].tolist() == [80, 176, 255]
    shown = opened(picture(np.array([[0.0, 0.5, 1.0]]), "removed"))
    assert shown[0].tolist() == [[80, 176, 255], [0, 0, 0], [255, 176, 64]]


def test_slices_lie_in_the_part_that_was_changed():
    before = image_with_noise(20)
    voxels = before.voxels.copy()
    voxels[4:] = clean_image()[4:]
    assert take_slices(before, before.with_voxels(voxels))[1]["indices"] == [4, 5]
    assert take_slices(before, before)[1]["indices"] == [1, 2, 4]


def test_slices_lie_across_the_acquisition_axis():
    matrix = np.diag([1.0, 4.0, 1.0, 1.0])
    volume = Volume(np.random.default_rng(0).random((30, 8, 20)), matrix)
    stack, shown = take_slices(volume, volume)
    assert shown["axis"] == "j" and stack.shape[2:] == (30, 20)


@pytest.mark.parametrize("shape", [(1, 1, 2), (1, 1200, 700), (2, 3, 1500), (1, 7, 1)])
def test_any_size_has_pictures_that_are_not_too_large(shape):
    volume = Volume(np.random.default_rng(0).random(shape) * 100, GRID)
    stack, shown = take_slices(volume, volume)
    assert max(stack.shape[2:]) <= LARGEST and stack.min() >= 0 and stack.max() <= 1
    size = [count * length for count, length in zip(stack.shape[2:], shown["pixel_mm"], strict=True)]
    spacings = {"k": shape[1:], "j": (shape[0] * 3, shape[2]), "i": (shape[0] * 3, shape[1])}
    assert size == pytest.approx(spacings[shown["axis"]])
