"""Only the part of a plane that a region needs is run, and it has the bits of the whole plane."""

import numpy as np
import pytest
from inference_cases import enhanced, make_volume

from GANEnhanceLib.inference import backends, forget_backends
from GANEnhanceLib.models import load_model
from GANEnhanceLib.regions import BoxRegion

SHAPE = (5, 150, 170)


@pytest.fixture(scope="module")
def model():
    return load_model("mr-denoise")


@pytest.fixture(scope="module", params=["auto", "float32"])
def precision(request):
    return request.param


@pytest.fixture(scope="module")
def whole(model, precision):
    volume = make_volume(SHAPE)
    return enhanced(volume, model, device="openvino", precision=precision).volume.voxels


ROIS = [
    ((0, 170), (75, 76), (0, 5)),
    ((84, 85), (0, 150), (0, 5)),
    ((0, 170), (0, 1), (1, 3)),
    ((169, 170), (149, 150), (4, 5)),
    ((61, 80), (47, 50), (2, 3)),
    ((0, 9), (1, 149), (0, 2)),
]


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("roi", ROIS, ids=str)
def test_a_window_has_the_bits_of_the_plane(model, precision, whole, roi, threads):
    volume = make_volume(SHAPE)
    result = enhanced(volume, model, device="openvino", precision=precision, roi=roi, threads=threads)
    box = tuple(slice(*pair) for pair in reversed(roi))
    assert np.array_equal(result.volume.voxels[box], whole[box])


def test_a_small_region_runs_a_small_network(model):
    forget_backends()
    volume = make_volume((3, 300, 300))
    region = BoxRegion(volume.shape, volume.ijk_to_ras, [150, 150, 3], np.eye(3), [6, 6, 30], 2)
    enhanced(volume, model, device="openvino", region=region)
    ((_, request),) = backends._kept
    assert max(request.shape[2:]) <= 112 < 300
