"""Flicker against noise of known size, beside things that move."""

import math
import tracemalloc

import numpy as np
import pytest

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.metrics import flicker

SHAPE = (3, 90, 100)


def scene(shift=0):
    """A textured object; a bright square in it moves with `shift`."""
    k, j, i = np.indices(SHAPE, dtype=np.float64)
    inside = np.hypot(j - 45, i - 50) < 40
    image = np.where(inside, 300 + 60 * np.sin(i / 4) * np.cos(j / 5 + k), 0.0)
    image[:, 40:52, 30 + shift : 42 + shift] = 900
    return image, inside


def noise(sigma, seed):
    return np.random.default_rng(seed).normal(0, sigma, SHAPE)


@pytest.mark.parametrize("sigma", [2, 10, 40])
def test_independent_noise_flickers_by_its_size(sigma):
    image, _ = scene()
    frames = image + noise(sigma, 1), image + noise(sigma, 2)
    smooth = image + noise(sigma / 4, 3), image + noise(sigma / 4, 4)
    before, after = flicker(frames, smooth)
    assert before.mean == pytest.approx(2 * sigma / math.sqrt(math.pi), rel=0.05)
    assert after.mean == pytest.approx(2 * sigma / 4 / math.sqrt(math.pi), rel=0.05)
    assert before.count == after.count


def test_what_moves_in_the_input_does_not_count():
    sigma = 10
    (first, _), (second, _) = scene(), scene(14)
    frames = first + noise(sigma, 1), second + noise(sigma, 2)
    before, after = flicker(frames, (first, second))
    assert before.mean == pytest.approx(2 * sigma / math.sqrt(math.pi), rel=0.1)
    assert after.mean < 1 < np.abs(second - first).mean()


def test_what_a_model_invents_counts():
    image, inside = scene()
    frames = image + noise(5, 1), image + noise(5, 2)
    invented = image.copy()
    invented[:, 50:60, 50:60] += 200
    steady, jumping = flicker(frames, (image, image))[1], flicker(frames, (image, invented))[1]
    assert steady.mean == 0
    assert jumping.total == pytest.approx(200 * 3 * 100, rel=0.05)


def test_steady_frames_do_not_flicker():
    image, _ = scene()
    for before in flicker((image, image), (image + 5, image + 5)):
        assert before.mean == 0 and before.count > 3 * 3.1 * 40**2 * 0.9


def test_sums_over_pairs_are_the_mean_of_a_sequence():
    image, _ = scene()
    frames = [image + noise(10, seed) for seed in range(4)]
    pairs = [flicker(pair, pair)[0] for pair in zip(frames[:-1], frames[1:], strict=True)]
    mean = sum(pair.total for pair in pairs) / sum(pair.count for pair in pairs)
    assert mean == pytest.approx(2 * 10 / math.sqrt(math.pi), rel=0.03)


def test_types_and_single_slices():
    image, _ = scene()
    frames = [np.rint(image + noise(10, seed) + 50).clip(0).astype(np.uint16) for seed in range(2)]
    before, _ = flicker(tuple(frames), tuple(frames))
    assert before.mean == pytest.approx(11.3, rel=0.07)  # unsigned differences do not wrap
    flat, _ = flicker((frames[0][1], frames[1][1]), (frames[0][1], frames[1][1]))
    volume, _ = flicker((frames[0][1:2], frames[1][1:2]), (frames[0][1:2], frames[1][1:2]))
    assert flat == volume


def test_nothing_to_count_has_no_mean():
    dark = np.zeros((2, 8, 8), np.int16)
    before, _ = flicker((dark, dark), (dark, dark))
    assert before.mean == 0 and before.count == dark.size  # a constant image is all foreground


def test_frames_that_do_not_fit_are_refused():
    one, other = np.zeros((2, 8, 8)), np.zeros((2, 8, 9))
    with pytest.raises(InputError, match="shapes"):
        flicker((one, one), (one, other))
    with pytest.raises(InputError, match="shape"):
        flicker((one[0, 0],) * 2, (one[0, 0],) * 2)
    bad = np.full((2, 8, 8), np.inf)
    with pytest.raises(InputError, match="NaN"):
        flicker((one, one), (one, bad))


def test_measuring_copies_no_frame():
    rng = np.random.default_rng(0)
    frames = [rng.integers(0, 4000, (96, 128, 128)).astype(np.int16) for _ in range(2)]
    tracemalloc.start()
    try:
        flicker(tuple(frames), tuple(frames))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 32 * 2**20
