"""Denoising without pairs: the set a made noisy, contrast kept, noise carried from one set to the other."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
import training_cases as cases
import training_folders as folders

import GANEnhanceLib
from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.networks.describe import describe
from GANEnhanceLib.training.card import make_metadata
from GANEnhanceLib.training.config import load_config
from GANEnhanceLib.training.config.stages import CycleStage, NoiseTransferStage
from GANEnhanceLib.training.data.build import build_data
from GANEnhanceLib.training.objectives.low_pass import low_pass_difference
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.context import StepContext
from GANEnhanceLib.training.steps.noise_transfer import noise_level, repeat_alike, spread_noise
from GANEnhanceLib.training.validation.judge import judge_of_volumes

SIDE = 16
NOISE = {"kind": "mr-noise", "percent_low": 5.0, "percent_high": 5.0, "varying_share": 0.0}
NETWORKS = {**folders.UNET, "discriminator": {"architecture": "patch-discriminator"}}
pytestmark = pytest.mark.usefixtures("one_thread")


def unpaired(tmp_path, degradations=(NOISE,), noisy=("p1", "p2"), clean=("p3", "p4"), **changes):
    """Return the checked configuration of two sets with a volume for each patient."""
    for number, name in enumerate(("p1", "p2", "p3", "p4")):
        for group, patients in (("a", noisy), ("b", clean)):
            if name in patients:
                folders.save(tmp_path / group / name / "scan.nii", folders.image(number))
    data = {"kind": "unpaired", "split": {"validation": 0.0}}
    data |= {group: [{"folder": str(tmp_path / group)}] for group in ("a", "b")}
    stage = {"name": "train", "step": "noise-transfer", "steps": 2, **changes.pop("stage", {})}
    settings = {"degradations": list(degradations), "networks": NETWORKS, "stages": [stage], **changes}
    return folders.config(data, **settings)


# The set a


def test_patches_of_a_are_made_noisy_and_those_of_b_stay_as_they_are(tmp_path):
    noisy, clean = (
        next(build_data(unpaired(tmp_path, each), tmp_path / "cache").sampler) for each in ((NOISE,), ())
    )
    assert np.array_equal(noisy["b"], clean["b"])
    # The same patch first in both; magnitudes in bright tissue have nearly the noise of each channel.
    change = (noisy["a"] - clean["a"])[0][clean["a"][0] > 0.4]
    assert change.size > 50 and change.std() == pytest.approx(0.05, rel=0.25)


def test_noisy_and_clean_patches_are_of_different_patients(tmp_path):
    sampler = build_data(unpaired(tmp_path), tmp_path / "cache").sampler
    noisy, clean = ({volume.patient for volume in each.volumes} for each in (sampler._a, sampler._b))
    assert (noisy, clean) == ({"p1", "p2"}, {"p3", "p4"})
    both = unpaired(tmp_path / "again", noisy=("p1", "p3"))
    with pytest.raises(InputError, match="Patient 'p3' is in data.a, which the degradations make worse"):
        build_data(both, tmp_path / "cache")
    # Sets that are noisy by themselves may share patients, as the samples of the template do.
    build_data(unpaired(tmp_path / "again", (), noisy=("p1", "p3")), tmp_path / "cache")


def test_degradations_of_pairs_are_refused(tmp_path):
    with pytest.raises(OptionError, match="for the set a of kind unpaired, not for kind paired, whose"):
        folders.config(folders.paired(tmp_path), degradations=[NOISE])


def test_held_out_volumes_of_a_judge_by_their_clean_voxels():
    settings = cases.gan(
        "cycle",
        1,
        degradations=[{**NOISE, "percent_high": 13.0}],
        validation={"slices": 6, "levels": [3, 9], "metrics": ["feature-distance", "psnr"]},
    )
    held_out = [cases.held_out(settings, patient, group) for patient, group in (("x", "a"), ("y", "b"))]
    judge = judge_of_volumes(settings, held_out)
    assert [case.level for case in judge.cases] == [3, 9]
    untrained = build_network("resnet", channels=8, blocks=1)
    found = judge.judge(untrained)
    reference = np.mean([psnr_of(case) for case in judge.cases])
    assert found["input_psnr"] == pytest.approx(reference, abs=1e-3) and "psnr" in found


def psnr_of(case):
    """Return the PSNR of what comes in, by its definition, against the phantom that it was made of."""
    error = (case.input - cases.phantom()[9:15].astype(np.float32)) / case.data_range
    return -10 * np.log10(np.mean(error**2))


# Contrast


def test_low_pass_difference_is_the_mean_of_local_means():
    given = torch.rand(2, 1, 12, 15)
    assert float(low_pass_difference(given - 0.3, given, 5)) == pytest.approx(0.3, rel=1e-5)
    # One pixel inside is in 9 means of 9 pixels each: its change is counted once.
    changed = given.clone()
    changed[0, 0, 6, 7] += 0.9
    assert float(low_pass_difference(changed, given, 3)) == pytest.approx(0.9 / given.numel(), rel=1e-4)
    # At a corner a box of 3 has 4 pixels, its neighbors 6 and 9.
    corner = given.clone()
    corner[0, 0, 0, 0] += 1.0
    expected = (1 / 4 + 2 / 6 + 1 / 9) / given.numel()
    assert float(low_pass_difference(corner, given, 3)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("stage", [{}, {"step": "cycle", "low_pass": 1.0}])
def test_blocks_in_3d_are_refused(tmp_path, stage):
    data = {"kind": "unpaired", "patches": {"dimensions": "3d"}}
    data |= {group: [{"folder": str(tmp_path)}] for group in ("a", "b")}
    stage = {"name": "train", "step": "noise-transfer", "steps": 2, **stage}
    with pytest.raises(
        OptionError, match=r"learns from slices \(.*, but data.patches.dimensions is 3d; take"
    ):
        folders.config(data, networks=NETWORKS, stages=[stage])


@pytest.mark.parametrize("kind", ["noise-transfer", "cycle"])
def test_the_contest_begins_when_it_should(kind):
    settings = cases.gan(kind, 4)
    (stage,) = settings.stages
    stage = stage.model_copy(update={"adversarial": stage.adversarial.model_copy(update={"from_step": 2})})
    networks = settings.networks
    made = [
        build_network(each.architecture, **each.arguments)
        for each in (networks.generator, networks.discriminator)
    ]
    step, source = make_step(stage, *made, StepContext(precision="float32")), cases.gan_sampler(settings)
    before = step.histograms()
    losses = [step.update({k: torch.from_numpy(v) for k, v in next(source).items()}) for _ in range(4)]
    assert ["adversarial" in each for each in losses] == [False, False, True, True]
    assert ["discriminator" in each for each in losses] == [False, False, True, True]
    assert not before and step.histograms()


def test_an_even_box_is_refused(tmp_path):
    with pytest.raises(
        OptionError, match=r"low_pass_edge.*is 8, but must be odd: a box has a middle; take 9"
    ):
        unpaired(tmp_path, stage={"low_pass_edge": 8})


@pytest.mark.parametrize("kind", [CycleStage, NoiseTransferStage])
def test_the_low_pass_term_keeps_a_generator_from_changing_contrast(kind):
    """The opponent is given images of half the brightness, and asks for it."""
    changes = [float(learned(kind, weight)) for weight in (0.0, 200.0)]
    assert abs(changes[0]) > 0.01 and abs(changes[1]) < 0.2 * abs(changes[0])


def learned(kind, low_pass):
    """Return by how much a generator changed the mean of a after some steps."""
    torch.manual_seed(0)
    generator = build_network("residual-unshuffle", channels_in=1, channels=8, blocks=1)
    discriminator = build_network("patch-discriminator", channels=4)
    discriminator.forward = lambda image: discriminator.network(4.0 * image)[-1]
    rates = {"learning_rate": 3e-3, "betas": (0.5, 0.9)}
    weights = {"transfer": 0.0} if kind is NoiseTransferStage else {"cycle": 0.0, "pool": 0}
    stage = kind(
        step=kind.model_fields["step"].annotation.__args__[0],
        steps=25,
        ema=0.0,
        generator=rates,
        discriminator=rates,
        adversarial={"weight": 1.0, "penalty": 0.0},
        identity=0.0,
        low_pass=low_pass,
        **weights,
    )
    step = make_step(stage, generator, discriminator, StepContext(precision="float32"))
    batch = {"a": 0.4 + 0.6 * torch.rand(2, 1, SIDE, SIDE)}
    batch["b"] = 0.5 * batch["a"].flip(0)
    for _ in range(stage.steps):
        step.update(batch)
    with torch.no_grad():
        return (step.kept()(batch["a"]) - batch["a"]).mean()


# Noise of one set in the other


def test_noise_differs_between_slices_but_not_between_repeated_ones():
    torch.manual_seed(0)
    removed = torch.randn(2, 1, 8, 8)
    slices = torch.rand(2, 5, 8, 8)
    slices[0, 0] = slices[0, 1] = slices[0, 2]
    slices[1, 4] = slices[1, 3]
    noise = repeat_alike(spread_noise(removed, 5), slices)
    assert torch.equal(noise[:, 2:3], removed)
    assert torch.equal(noise[0, 0], removed[0, 0]) and torch.equal(noise[0, 1], removed[0, 0])
    assert torch.equal(noise[1, 3], noise[1, 4])
    for one, other in ((0, 1), (1, 2), (2, 3)):
        assert not torch.equal(noise[1, one], noise[1, other])
    # Only moved: each slice has the very values.
    for row, values in zip(noise, removed, strict=True):
        for each in row:
            assert torch.equal(each.flatten().sort().values, values.flatten().sort().values)


def test_the_level_of_white_noise_is_found_beside_edges():
    image = torch.from_numpy(cases.phantom((3, 64, 64))[1] / np.float32(255.0))[None, None]
    torch.manual_seed(0)
    noisy = torch.cat([image + level * torch.randn(image.shape) for level in (0.02, 0.1)])
    assert noise_level(noisy).flatten().tolist() == pytest.approx([0.02, 0.1], rel=0.1)


def test_white_noise_is_learned_to_be_removed_without_a_pair():
    """Smooth images of two sets that never belong together; the judge alone knows the clean ones."""
    torch.manual_seed(0)
    generator = build_network("residual-unshuffle", channels_in=1, channels=8, blocks=2)
    discriminator = build_network("patch-discriminator", channels=8)
    stage = NoiseTransferStage(
        step="noise-transfer",
        steps=200,
        ema=0.9,
        generator={"learning_rate": 2e-3, "betas": (0.5, 0.9)},
        discriminator={"learning_rate": 2e-3, "betas": (0.5, 0.9)},
        adversarial={"weight": 0.2, "penalty": 0.0},
    )
    step = make_step(stage, generator, discriminator, StepContext(precision="float32"))
    for _ in range(stage.steps):
        losses = step.update({"a": smooth() + 0.06 * torch.randn(8, 1, SIDE, SIDE), "b": smooth()})
    assert set(losses) >= {"transfer", "identity", "low_pass", "adversarial", "discriminator"}
    clean = smooth()
    noisy = clean + 0.06 * torch.randn(clean.shape)
    with step.looking(step.kept()):
        left = (step.kept()(noisy) - clean).square().mean().sqrt()
        lost = (step.kept()(clean) - clean).square().mean().sqrt()
    assert left < 0.04 and lost < 0.015


def smooth():
    """Return images (8, 1, h, w) of a few slow waves."""
    y, x = torch.meshgrid(*(torch.linspace(0, 1, SIDE),) * 2, indexing="ij")
    turns = 6.0 * torch.rand(8, 3, 1, 1, 1)
    waves = torch.sin(turns[:, 0] * x + turns[:, 1] * y + turns[:, 2])
    return 0.5 + 0.3 * waves


def test_the_worked_example_is_unpaired_and_within_its_budget():
    recipes = Path(GANEnhanceLib.__file__).parent / "training" / "recipes"
    config = load_config(recipes / "mr-denoise-unpaired.yaml")
    card = json.loads((recipes / "mr-denoise-unpaired.card.json").read_text(encoding="utf-8"))
    wanted = config.networks.generator
    generator = build_network(wanted.architecture, **wanted.arguments)
    assert make_metadata(config, generator)["enhancement"]["risk"] == "unpaired: higher risk"
    assert "risk" not in card["enhancement"] and "Unpaired: higher risk" in card["description"]
    passes = {"all": 3, "acquisition": 1}[card["enhancement"]["plan"]["axis"]]
    assert passes * describe(generator, 5).flops_per_voxel <= 250e3
