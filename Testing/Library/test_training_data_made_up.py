"""What clean volumes are also shown as: blurred, beside leaves, with structures; and coils by share."""

import numpy as np
import pytest
import training_folders as folders
from scipy.ndimage import gaussian_filter, label, uniform_filter

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config.data import PatchConfig
from GANEnhanceLib.training.config.degradation import MRNoise
from GANEnhanceLib.training.data.build import build_data
from GANEnhanceLib.training.data.cutting import draw_neighbors
from GANEnhanceLib.training.data.degraded import MRNoiseDegradation
from GANEnhanceLib.training.data.enlarged import enlarge
from GANEnhanceLib.training.data.grain import add_grain
from GANEnhanceLib.training.data.leaves import dead_leaves
from GANEnhanceLib.training.data.structures import add_structures
from GANEnhanceLib.training.provenance import data_in_words

PATIENTS = ["p1/scan.nii", "p2/scan.nii"]


@pytest.fixture
def clean(tmp_path):
    return folders.fill(tmp_path / "clean", PATIENTS)


def build(tmp_path, data):
    return build_data(folders.config(data), tmp_path / "cache")


def test_blurred_copies_are_gaussian_and_share_the_weight(tmp_path, clean):
    data = folders.clean(clean)
    data["clean"][0]["blurred"] = [0.7, 1.5]
    data["split"] = {"validation": 0.0}
    volumes = build(tmp_path, data).sampler.volumes
    assert len(volumes) == 6 and sum(each.weight for each in volumes) == pytest.approx(1.0)
    sharp, mild, strong = volumes[:3]
    assert {each.patient for each in volumes[:3]} == {sharp.patient}
    wanted = gaussian_filter(sharp.voxels.astype(np.float64), 0.7, mode="nearest")
    np.testing.assert_allclose(mild.voxels, wanted, rtol=1e-5, atol=1e-3)
    assert strong.voxels.std() < mild.voxels.std() < sharp.voxels.std()


def test_leaves_are_drawn_beside_the_volumes_and_said_in_the_provenance(tmp_path, clean):
    data = folders.clean(clean)
    data["leaves"] = {"volumes": 2, "size": 32, "weight": 3.0, "seed": 5}
    built = build(tmp_path, data)
    made = [each for each in built.sampler.volumes if each.patient == "nobody"]
    assert [each.name for each in made] == ["leaves 5", "leaves 6"]
    assert sum(each.weight for each in made) == pytest.approx(3.0)
    assert all(each.patient != "nobody" for each in built.validation_volumes)
    config = folders.config(data)
    assert "dead leaves" in data_in_words(config, built.provenance)
    batch = next(built.sampler)
    assert np.isfinite(batch["input"]).all() and batch["input"].shape == (4, 1, 16, 16)


def test_leaves_have_even_areas_and_edges_and_are_the_same_for_a_seed():
    volume = dead_leaves(48, 3)
    np.testing.assert_array_equal(volume, dead_leaves(48, 3))
    assert not np.array_equal(volume, dead_leaves(48, 4))
    steps = np.abs(np.diff(volume, axis=2))
    assert volume.shape == (48, 48, 48) and volume.dtype == np.float32
    assert volume.min() >= 0 and 0.1 < volume.std() < 0.5
    # Heavy tails of the differences: most voxels are like their neighbors, some are at steep edges.
    kurtosis = np.mean((steps - steps.mean()) ** 4) / steps.var() ** 2
    assert np.median(steps) < 0.02 < np.quantile(steps, 0.9) and kurtosis > 6


def test_structures_are_balls_of_the_asked_contrast_in_tissue_only():
    slab = np.zeros((9, 64, 64), np.float32)
    slab[:, :, 32:] = 0.5
    rng = np.random.default_rng(0)
    patches = PatchConfig(structure_contrasts=(0.1, 0.1), foreground=0.05)
    changes = [add_structures(slab, patches, rng) - slab for _ in range(40)]
    change = np.stack(changes)
    assert np.abs(change[..., :24]).max() == 0, "none in the air, but for what reaches over the edge"
    assert (change > 0.05).any() and (change < -0.05).any()
    lone = np.abs(change[..., 40:]).max(axis=(1, 2, 3))
    np.testing.assert_allclose(lone[(lone > 0.09) & (lone < 0.15)], 0.1, rtol=1e-4)
    assert slab.max() == 0.5, "the slab is not written to"


def test_so_many_structures_of_such_radii_are_put_into_a_patch():
    slab = np.full((1, 160, 160), 0.5, np.float32)
    rng = np.random.default_rng(0)
    patches = PatchConfig(structure_contrasts=(0.1, 0.1), structure_radii=(2.0, 2.0), most_structures=12)
    found = [measure_regions(add_structures(slab, patches, rng)[0]) for _ in range(30)]
    assert 8 <= max(len(areas) for areas in found) <= 12 and min(len(areas) for areas in found) < 5
    # The largest section of a ball of radius 2 within half a voxel of its edge: pi 2.5^2 at most.
    lone = np.concatenate(found)
    assert lone.min() <= 13 and np.quantile(lone, 0.8) < 21


def test_grain_has_the_asked_deviation_in_places_of_tissue_and_differs_from_slice_to_slice():
    slab = np.zeros((9, 96, 96), np.float32)
    slab[:, :, 48:] = 0.5
    rng = np.random.default_rng(0)
    patches = PatchConfig(grain_contrasts=(0.05, 0.05), grain_radii=(12.0, 12.0), foreground=0.05)
    changes = np.stack([add_grain(slab, patches, rng) - slab for _ in range(40)])
    assert np.abs(changes[..., :34]).max() == 0, "none in the air, but for what reaches over the edge"
    inside = changes[:, 4, :, 54:]
    full = uniform_filter(inside**2, (0, 7, 7)).max(axis=(1, 2)) ** 0.5
    assert 0.04 < np.median(full[full > 0.01]) < 0.09
    assert abs(np.corrcoef(changes[:, 4].ravel(), changes[:, 6].ravel())[0, 1]) < 0.2
    assert slab.max() == 0.5, "the slab is not written to"


def test_an_enlarged_patch_is_a_part_of_it_on_a_finer_grid():
    rows, columns = np.meshgrid(np.arange(64), np.arange(48), indexing="ij")
    slab = np.stack([0.01 * rows, 0.01 * columns, np.full((64, 48), 0.3)]).astype(np.float32)
    rng = np.random.default_rng(0)
    factors = []
    for _ in range(40):
        found = enlarge(slab, rng)
        assert found.shape == slab.shape and found.dtype == np.float32
        assert np.ptp(found[2]) < 1e-6 and found.min() >= 0
        steps = (np.diff(found[0, 8:-8], axis=0), np.diff(found[1, :, 8:-8], axis=1))
        factors.append([0.01 / np.median(each) for each in steps])
        assert all(np.ptp(each) < 2e-4 for each in steps), "a ramp stays a ramp"
    factors = np.array(factors)
    assert 1.25 < factors.min() < 1.5 and 2.2 < factors.max() < 2.6
    assert np.abs(factors[:, 0] / factors[:, 1] - 1).max() < 0.05


def measure_regions(image: np.ndarray) -> np.ndarray:
    """Areas in pixels of what differs by half the contrast, each for itself."""
    labels, count = label(np.abs(image - 0.5) > 0.05)
    return np.bincount(labels.ravel())[1 : count + 1]


def test_structures_that_fall_are_refused_and_pairs_are_shown_as_they_are(tmp_path, clean):
    data = folders.clean(clean)
    data["patches"] = {"size": 16, "batch": 4, "structure_contrasts": [0.2, 0.1]}
    with pytest.raises(OptionError, match="structure_contrasts falls"):
        folders.config(data)
    paired = {
        "kind": "paired",
        "inputs": {"noisy": {"folder": str(clean)}},
        "target": {"folder": str(clean)},
        "patches": {"size": 16, "batch": 4, "structures": 0.5},
    }
    with pytest.raises(OptionError, match=r"data\.patches\.structures is 0\.5"):
        build(tmp_path, paired)
    paired["patches"] = {"size": 16, "batch": 4, "grain": 0.5}
    with pytest.raises(OptionError, match=r"data\.patches\.grain is 0\.5"):
        build(tmp_path, paired)


def test_the_number_of_coils_is_drawn_for_a_share_of_the_patches():
    rng = np.random.default_rng(0)
    noise = MRNoiseDegradation(MRNoise(kind="mr-noise", coils=8, coil_share=0.25))
    drawn = [noise._draw_coils(rng) for _ in range(4000)]
    assert np.mean(np.array(drawn) > 1) == pytest.approx(0.25 * 7 / 8, abs=0.02)
    assert set(drawn) == set(range(1, 9))


def test_a_share_of_the_patches_shows_its_middle_slice_alone():
    rng = np.random.default_rng(0)
    shown = [draw_neighbors(5, 0.4, rng).tolist() for _ in range(3000)]
    # Some of the others are shown as at both ends of a volume of one slice.
    assert np.mean([each == [2] * 5 for each in shown]) == pytest.approx(0.4 + 0.08 / 9, abs=0.03)
    assert np.mean([each == [0, 1, 2, 3, 4] for each in shown]) == pytest.approx(0.52 + 0.08 / 9, abs=0.03)
