"""The judge of a run: figures by their definition, by the engine, beside the input and a filter."""

import json

import numpy as np
import pytest
import torch
import training_cases as cases
from torch import nn

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.metrics import psnr, ssim
from GANEnhanceLib.models import load_model
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.card import make_card
from GANEnhanceLib.training.config.run import METRICS
from GANEnhanceLib.training.data.degraded import make_degradation
from GANEnhanceLib.training.data.volumes import HeldOutVolume
from GANEnhanceLib.training.loop.run import TrainingRun
from GANEnhanceLib.training.validation import measures
from GANEnhanceLib.training.validation.cases import choose_levels, make_cases
from GANEnhanceLib.training.validation.fused import run_padded
from GANEnhanceLib.training.validation.imitation import ImitationJudge
from GANEnhanceLib.training.validation.judge import judge_of_volumes
from GANEnhanceLib.volume import Volume

ALL = [name for name in METRICS if name not in ("feature-distance", "cycle-error")]


pytestmark = pytest.mark.usefixtures("one_thread")


class Shift(nn.Module):
    """Adds a number to the middle channel, or returns it."""

    def __init__(self, by=0.0):
        super().__init__()
        self.by = nn.Parameter(torch.tensor(by))

    def forward(self, image):
        middle = image.shape[1] // 2
        return image[:, middle : middle + 1] + self.by


def clean(**validation):
    noise = {"kind": "mr-noise", "percent_low": 1.0, "percent_high": 8.0}
    wanted = {"metrics": ["psnr"], "slices": 4, **validation}
    return cases.config((1, 1), degradations=[noise], validation=wanted)


def pairs(settings, inputs, target):
    volumes = {name: Volume(voxels, np.eye(4), "MR") for name, voxels in inputs.items()}
    scaling = cases.held_out(settings, voxels=inputs["image"]).scaling
    return HeldOutVolume(Volume(target, np.eye(4), "MR"), volumes, "image", scaling, "p", "MR", "p", "paired")


def paired_config(dimensions="2d", inputs=("image",), task="denoise", **validation):
    data = {
        "kind": "paired",
        "inputs": {name: {"sources": ["colin27"]} for name in inputs},
        "target": {"sources": ["colin27"]},
        "patches": {"dimensions": dimensions, "slices": 3, "size": 16, "depth": 8, "batch": 2},
    }
    network = {"architecture": "unet", "arguments": {"channels_in": len(inputs), "features": 4}}
    return cases.config(
        (1, 1),
        data=data,
        degradations=[],
        task=task,
        networks={"generator": network},
        stages=[{"name": "train", "step": "paired", "steps": 1}],
        validation={"metrics": ["psnr"], "slices": 6, **validation},
    )


# Cases


def test_levels_go_from_weak_to_strong_or_are_those_of_the_configuration():
    kinds = [{"kind": "mr-noise"}, {"kind": "mr-truncation", "kept_low": 0.7}]
    settings = cases.config((1, 1), degradations=kinds)
    made = [make_degradation(each) for each in settings.degradations]
    usual = choose_levels(settings, made)
    assert [one for one, _ in usual] == list(made[0].levels())
    assert [other for _, other in usual] == list(made[1].levels())
    settings = cases.config((1, 1), degradations=kinds, validation={"levels": [2, 4]})
    assert choose_levels(settings, made) == [(2.0, made[1].levels()[1]), (4.0, made[1].levels()[1])]


def test_cases_are_the_middle_slices_with_their_neighbors_and_the_same_each_time():
    settings = clean(levels=[3.0])
    volume = cases.held_out(settings)
    one, other = (make_cases(settings, [volume])[0] for _ in range(2))
    assert np.array_equal(one.given.voxels, other.given.voxels)
    assert one.given.shape == (8, 48, 40)  # 4 slices and 2 neighbors on each side
    assert one.input.shape == (4, 48, 40)
    assert np.array_equal(one.wanted, volume.target.voxels[10:14])
    noise = (one.input - one.wanted)[:, 24, 15:25].std() / one.data_range
    assert noise == pytest.approx(0.03, rel=0.3)
    # The engine would fit the scaling to the noisy volume, whose percentile is higher.
    assert one.wanted_scaling.high < one.scaling.high < 1.1 * one.wanted_scaling.high


def test_slices_lie_across_the_axis_of_acquisition():
    settings = clean(levels=[3.0])
    base = cases.held_out(settings)
    matrix = np.diag([1.0, 3.0, 1.0, 1.0])
    volume = Volume(base.target.voxels, matrix, "MR")
    found = make_cases(settings, [HeldOutVolume(volume, {}, "", base.scaling, "p", "MR", "p", "clean")])[0]
    assert found.axis == 1 and found.input.shape == (24, 4, 40)


# Figures


def test_figures_are_those_of_the_output_beside_the_input_and_a_filter():
    settings = clean(metrics=["psnr", "ssim", "mae"], levels=[5.0], classical="median")
    judge = judge_of_volumes(settings, [cases.held_out(settings)])
    found = judge.judge(Shift(0.02))
    case = judge.cases[0]
    by = 0.02 * case.scaling.high
    assert found["psnr"] == pytest.approx(psnr(case.input + by, case.wanted, case.data_range), abs=1e-3)
    assert found["input_psnr"] == pytest.approx(psnr(case.input, case.wanted, case.data_range))
    assert found["input_ssim"] == pytest.approx(ssim(case.input, case.wanted, case.data_range))
    assert found["mae"] == pytest.approx(np.abs(case.input + by - case.wanted).mean(), rel=1e-4)
    assert found["data_range"] == case.data_range == pytest.approx(230.0, rel=0.1)
    filtered = run(case.given, load_model("median"), EnhanceOptions(output_type="float32")).volume
    expected = psnr(filtered.voxels[case.box], case.wanted, case.data_range)
    assert found["classical_psnr"] == pytest.approx(expected)
    assert judge.beside is judge.beside


def test_every_metric_is_measured_and_says_its_range():
    settings = clean(metrics=ALL, best_by=["cnr"], levels=[6.0], slices=8)
    volume = cases.held_out(settings, voxels=np.kron(cases.phantom((12, 48, 48)), np.ones((1, 3, 3))))
    judge = judge_of_volumes(settings, [volume])
    found = judge.judge(Shift())
    described = judge.describe()["metrics"]
    assert set(described) == set(ALL)
    for name in ALL:
        low, high = (found[name] if each is None else each for each in described[name]["range"])
        assert low <= found[name] <= high
        # A generator that changes nothing is as good as its input.
        assert found[name] == pytest.approx(found[f"input_{name}"], rel=1e-4)
    json.dumps(judge.describe(), allow_nan=False)
    sigma = 0.06 * judge.cases[0].scaling.high
    assert found["noise-power"] == pytest.approx(sigma, rel=0.25)
    better = judge.measure(lambda case: case.wanted)[0]
    for name in ALL:
        if name != "edge-width":
            assert judge.higher_is_better(name) == (better[name] > found[name])
    assert better["psnr"] == 120.0


def test_best_by_is_measured_though_it_is_not_among_the_metrics():
    settings = clean(metrics=["psnr"], best_by=["ssim"], levels=[5.0], classical="none")
    found = judge_of_volumes(settings, [cases.held_out(settings)]).judge(Shift())
    assert set(found) == {"psnr", "ssim", "input_psnr", "input_ssim", "data_range"}


def test_what_cannot_be_taken_is_left_out():
    settings = clean(metrics=["psnr", "ms-ssim", "noise-power"], levels=[5.0], classical="none")
    small = np.random.default_rng(0).random((6, 9, 9), dtype=np.float32)
    found = judge_of_volumes(settings, [cases.held_out(settings, voxels=small)]).judge(Shift())
    assert "psnr" in found and "ms-ssim" not in found and "noise-power" not in found
    assert measures.mean_figures([]) == {}


def test_nobody_held_out_is_no_judge():
    assert judge_of_volumes(clean(), []) is None


# The engine


def test_the_generator_runs_as_its_bundle_would():
    """Neighbors, padding to the multiple and bound: equal to the module on stacks made by hand."""
    settings = clean(levels=[5.0], slices=3)
    generator = build_network("residual-unshuffle", **cases.TINY)
    nn.init.normal_(generator.tail.weight, 0.0, 0.02)
    volume = cases.held_out(settings, voxels=cases.phantom((9, 47, 39)))
    judge = judge_of_volumes(settings, [volume])
    seen = []
    judge.measure = lambda enhance: seen.append(enhance(judge.cases[0])) or []
    judge.rows_of(generator)
    case = judge.cases[0]
    scaled = case.scaling.forward(case.given.voxels)
    with torch.inference_mode():
        expected = np.stack([run_padded(generator, scaled[row - 2 : row + 3])[0] for row in (2, 3, 4)])
    assert np.abs(expected - scaled[2:5]).max() > 0.02
    assert np.allclose(case.scaling.forward(seen[0]), expected, atol=1e-5)
    assert all(parameter.requires_grad for parameter in generator.parameters())


def test_the_card_of_the_judge_is_that_of_the_bundle():
    card = make_card(clean(), build_network("residual-unshuffle", **cases.TINY))
    assert (card.network.channels_in, card.network.multiple) == (5, 2)
    assert (card.plan.mode, card.residual_bound) == ("slices25d", 0.5)


def test_pairs_are_judged_by_their_target_and_translations_in_its_values():
    settings = paired_config(task="translate", classical="none")
    given, target = cases.phantom().astype(np.float32), 3.0 * cases.phantom().astype(np.float32)
    volume = pairs(settings, {"image": given}, target)
    scaling = type(volume.scaling)("mr-percentile", 0.0, 3.0 * volume.scaling.high, volume.scaling.limits)
    volume = HeldOutVolume(**{**vars(volume), "scaling": scaling})
    judge = judge_of_volumes(settings, [volume])
    assert judge.judge(Shift())["psnr"] > 100  # equal once each is scaled by itself


def test_blocks_of_3d_networks_are_judged():
    settings = paired_config("3d", classical="none")
    volume = pairs(settings, {"image": cases.phantom() + 2}, cases.phantom())
    judge = judge_of_volumes(settings, [volume])
    generator = build_network("plain-residual", channels_in=1, dimensions=3)
    assert np.isfinite(judge.judge(generator)["psnr"])


@pytest.mark.parametrize("dimensions", ["2d", "2.5d", "3d"])
def test_several_modalities_are_given_in_the_order_of_the_sampler(dimensions):
    settings = paired_config(dimensions, inputs=("image", "t2"), classical="none")
    rng = np.random.default_rng(0)
    image, other = (cases.phantom() + rng.integers(0, 20, (24, 48, 40)).astype(np.float32) for _ in range(2))
    # `channel_order` of two: the other one first.
    volume = pairs(settings, {"t2": other, "image": image}, image)
    judge = judge_of_volumes(settings, [volume])
    shown = []

    class Primary(Shift):
        def forward(self, stack):
            shown.append(tuple(stack.shape[1:]))
            return super().forward(stack)

    assert judge.judge(Primary())["psnr"] > 100
    assert shown[0][0] == (6 if dimensions == "2.5d" else 2)
    with pytest.raises(ModelError, match=r"takes 2 images at once \(image, t2\)"):
        make_card(settings, Shift())


# Without pairs


def test_ways_there_and_back_are_judged_by_look_cycle_and_reference():
    settings = cases.gan("cycle", 1, validation={"slices": 6, "metrics": ["cycle-error", "psnr"]})
    rng = np.random.default_rng(0)
    noisy = np.abs(cases.phantom() + rng.normal(0, 15, (24, 48, 40))).astype(np.float32)
    a, b = (
        cases.held_out(settings, group=group, voxels=voxels)
        for group, voxels in (("a", noisy), ("b", cases.phantom()))
    )
    judge = judge_of_volumes(settings, [a, b])
    found = judge.judge(Shift(0.1), back=Shift(-0.1))
    assert found["cycle-error"] == pytest.approx(0.0, abs=1e-6)
    assert judge.judge(Shift(0.1), back=Shift())["cycle-error"] == pytest.approx(0.1, rel=1e-4)
    assert found["psnr"] < found["input_psnr"] < found["classical_psnr"]
    assert found["feature-distance"] > 0 and "cycle-error" not in judge.judge(Shift())
    alone = judge_of_volumes(settings, [a, cases.held_out(settings, patient="other", group="b")])
    assert "psnr" not in alone.judge(Shift())
    assert judge_of_volumes(settings, [b]) is None
    assert not judge.higher_is_better("cycle-error") and judge.higher_is_better("input_psnr")


def test_images_made_from_noise_are_judged_by_the_statistics_of_features():
    settings = cases.gan("latent", 1)
    sampler = cases.gan_sampler(settings)
    place = json.dumps(sampler.state())
    judge = ImitationJudge(settings, [], sampler)
    assert json.dumps(sampler.state()) == place
    generator = build_network("dcgan", **cases.GANS["latent"]["generator"][1])
    found = judge.judge(generator)
    assert found == judge.judge(generator)

    class Real(nn.Module):
        latent_size = 4

        def __init__(self):
            super().__init__()
            self.nothing = nn.Parameter(torch.zeros(1))

        def forward(self, latent):
            images = [torch.from_numpy(next(sampler)["real"]) for _ in range(len(latent) // 4)]
            return torch.cat(images) + self.nothing

    real = judge.judge(Real())["feature-distance"]
    assert real < 2 * found["real_feature-distance"] < 0.2 * found["feature-distance"]
    held = ImitationJudge(settings, [cases.held_out(settings, group="real")], sampler)
    assert held.describe()["real_images"] == "held out"


@pytest.mark.parametrize("kind", ["cycle", "latent", "style"])
def test_runs_of_every_kind_are_judged_while_they_train(kind, tmp_path):
    settings = cases.gan(kind, 4, validation={"every": 2, "slices": 2})
    sampler = cases.gan_sampler(settings)
    if kind == "cycle":
        volumes = [cases.held_out(settings, group=group) for group in ("a", "b")]
        judge = judge_of_volumes(settings, volumes)
    else:
        judge = ImitationJudge(settings, [], sampler)
    assert TrainingRun(settings, sampler, tmp_path, judge).train()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    judged = [line for line in lines if line["kind"] == "validation"]
    assert [line["step"] for line in judged] == [2, 4]
    assert ("cycle-error" in judged[0]) == (kind == "cycle")
    assert (tmp_path / "checkpoints" / "best-feature-distance.pt").exists()
    assert "feature-distance" in json.loads((tmp_path / "validation.json").read_text())["metrics"]
