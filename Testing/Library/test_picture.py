"""The picture: the patient's right on the left, the front or the head at the top, whatever the grid."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from GANEnhanceLib.picture import CAPTION_HEIGHT, GAP, TILE_HEIGHT, draw_picture
from GANEnhanceLib.volume import Volume

SIZE = 24


def _head(order, signs, spacing):
    """A cube that is brighter towards right, front and head, stored with any order and direction of its axes.

    `order[n]` is the world axis (right, anterior, superior) of array axis n, `signs` its direction.
    """
    ramp = np.linspace(-1, 1, SIZE)
    world = np.meshgrid(ramp, ramp, ramp, indexing="ij")
    value = sum(weight * (part > 0.4) for weight, part in zip((100, 200, 400), world, strict=True)) + 50.0
    voxels = np.transpose(value, order)
    voxels = voxels[tuple(slice(None, None, sign) for sign in signs)]
    matrix = np.eye(4)
    matrix[:3, :3] = 0
    for array_axis, (world_axis, sign) in enumerate(zip(order, signs, strict=True)):
        matrix[world_axis, 2 - array_axis] = sign * spacing[world_axis]
    return Volume(np.ascontiguousarray(voxels).astype(np.float32), matrix)


def _tile(volume):
    """Return the first tile of the picture as gray values."""
    sheet = np.asarray(Image.open(io.BytesIO(draw_picture(volume, volume))).convert("L")).astype(float)
    # The caption may be wider than the tile, so that its left edge is found by its brightness.
    tile = sheet[CAPTION_HEIGHT : CAPTION_HEIGHT + TILE_HEIGHT, GAP:]
    width = round(TILE_HEIGHT * _aspect(volume))
    return tile[:, :width]


def _aspect(volume):
    axis = volume.acquisition_axis
    world = np.abs(volume.ijk_to_ras[:3, :3])
    lengths = {
        int(world[:, 2 - n].argmax()): volume.spacing[2 - n] * volume.shape[n] for n in range(3) if n != axis
    }
    down = 2 if 2 in lengths else 1
    across = next(component for component in lengths if component != down)
    return lengths[across] / lengths[down]


def _half(tile, side):
    rows, columns = tile.shape
    parts = {
        "top": tile[: rows // 4],
        "bottom": tile[-rows // 4 :],
        "left": tile[:, : columns // 4],
        "right": tile[:, -columns // 4 :],
    }
    return parts[side].mean()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize("signs", list(itertools.product((1, -1), repeat=3)))
@pytest.mark.parametrize("slice_axis", [0, 1, 2])
def test_every_grid_is_shown_upright(order, signs, slice_axis):
    spacing = [1.0, 1.0, 1.0]
    spacing[slice_axis] = 3.0  # sagittal, coronal, axial slices
    tile = _tile(_head(order, signs, spacing))
    # Superior is at the top, in axial slices anterior; across, the patient's right is on the left, in
    # sagittal slices the front.
    assert _half(tile, "top") > _half(tile, "bottom") + 20
    assert _half(tile, "left") > _half(tile, "right") + 10


def test_pixels_are_square():
    volume = _head((2, 1, 0), (1, 1, 1), (2.0, 1.0, 5.0))
    volume = Volume(volume.voxels[:, :, :12], volume.ijk_to_ras)
    sheet = Image.open(io.BytesIO(draw_picture(volume, volume)))
    assert sheet.height == TILE_HEIGHT + CAPTION_HEIGHT + GAP
    assert _aspect(volume) == pytest.approx(1.0)
    assert np.asarray(sheet)[CAPTION_HEIGHT + 10, GAP + 10 : GAP + TILE_HEIGHT - 10].mean() > 20


def test_removed_is_orange_and_added_is_blue():
    before = _head((2, 1, 0), (1, 1, 1), (1, 1, 3))
    after = before.voxels.copy()
    after[:, :, : SIZE // 2] -= 30
    after[:, :, SIZE // 2 :] += 30
    sheet = Image.open(io.BytesIO(draw_picture(before, before.with_voxels(after)))).convert("RGB")
    pixels = np.asarray(sheet).astype(float)[CAPTION_HEIGHT + 20 : -20]
    third = pixels[:, -TILE_HEIGHT + 20 : -20]
    # i runs from the left to the right of the patient, so the first half is on the right of the picture.
    left, right = third[:, :100].mean((0, 1)), third[:, -100:].mean((0, 1))
    assert left[2] > left[0] + 50 and right[0] > right[2] + 50


def test_the_slice_is_taken_from_the_middle_of_the_roi():
    voxels = np.zeros((12, 16, 16), np.float32)
    voxels[2], voxels[9] = np.indices((16, 16))
    volume = Volume(voxels, np.diag([1.0, 1.0, 3.0, 1.0]))
    whole = draw_picture(volume, volume)
    of_roi = draw_picture(volume, volume, roi=((0, 16), (0, 16), (1, 4)))
    assert whole != of_roi
    assert of_roi != draw_picture(volume, volume, roi=((0, 16), (0, 16), (8, 11)))


def test_an_image_without_contrast_is_drawn():
    volume = Volume(np.full((3, 8, 8), 5, np.int16), np.eye(4))
    assert draw_picture(volume, volume).startswith(b"\x89PNG")
