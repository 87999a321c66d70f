"""The stability watch warns when it should, in plain words, and is silent on a healthy run."""

import json
import logging

import numpy as np
import pytest
import torch
import training_cases as cases

from GANEnhanceLib.errors import GANEnhanceError
from GANEnhanceLib.training.loop.checkpoints import read_state
from GANEnhanceLib.training.loop.journal import read_log
from GANEnhanceLib.training.loop.run import TrainingRun
from GANEnhanceLib.training.loop.watch import StabilityWatch, diversity

STAGE = cases.gan("latent", 100).stages[0].model_copy(update={"ema": 0.0})
BCE = STAGE.model_copy(update={"adversarial": STAGE.adversarial.model_copy(update={"objective": "bce"})})


def told(stage, reports):
    watch = StabilityWatch(stage)
    return [watch.look(step, figures) for step, figures in enumerate(reports)]


def images(count, size=32, seed=0):
    """Smooth random images (n, 1, size, size), as a generator should make them."""
    noise = torch.randn(count, 1, size, size, generator=torch.Generator().manual_seed(seed))
    return torch.nn.functional.avg_pool2d(noise, 5, 1, 2) + 0.5


def shown_twice(watch, made):
    return [watch.look_at(10 * number, {"real": images(8, seed=1), "sample": made}) for number in (1, 2, 3)]


def test_a_discriminator_that_wins_is_told_once_with_advice():
    said = told(BCE, [{"discriminator": 0.01}] * 20)
    assert [len(each) for each in said] == [0] * 9 + [1] + [0] * 10
    assert "The discriminator wins (its loss is 0.01)" in said[9][0]
    assert "lower its learning_rate, add a penalty" in said[9][0]


def test_it_is_told_again_when_it_comes_back():
    losing, winning = [{"discriminator": 1.3}] * 15, [{"discriminator": 0.01}] * 15
    assert sum(len(each) for each in told(BCE, winning + losing + winning)) == 2


def test_a_critic_of_wasserstein_may_have_any_loss():
    assert not any(told(STAGE, [{"discriminator": -80.0}] * 20))


@pytest.mark.parametrize(
    ("norm", "words"),
    [
        (300.0, "The gradient of the generator explodes (norm 300, before 2): lower its learning_rate"),
        (1e-4, "The gradient of the generator has nearly vanished (norm 1.0e-04)"),
    ],
)
def test_a_gradient_that_explodes_or_vanishes_is_told_after_three_reports(norm, words):
    usual = [{"gradient_norm_generator": 2.0}] * 10
    said = told(STAGE, usual + [{"gradient_norm_generator": norm}] * 3)
    assert not any(said[:12])
    assert words in said[12][0]


def test_a_gradient_of_nothing_is_told_from_the_beginning():
    assert "vanished" in told(STAGE, [{"gradient_norm_generator": 0.0}] * 3)[2][0]


def test_single_large_gradients_of_lazy_penalties_are_usual():
    norms = [40.0 if number % 4 == 0 else 2.0 for number in range(40)]
    assert not any(told(STAGE, [{"gradient_norm_discriminator": norm} for norm in norms]))


def test_a_collapsed_generator_is_told():
    made = images(1).expand(8, -1, -1, -1) + 0.001 * torch.rand(8, 1, 32, 32)
    said = shown_twice(StabilityWatch(STAGE), made)
    assert [len(each) for each in said] == [0, 1, 0]
    assert "it has collapsed" in said[1][0] and "wgan-gp" in said[1][0]


def test_a_checkerboard_is_told():
    board = (torch.arange(32)[:, None] + torch.arange(32)[None]) % 2
    said = shown_twice(StabilityWatch(STAGE), images(8) + 0.2 * board)
    assert "The output has a checkerboard" in said[1][0] and "resizing" in said[1][0]


def test_images_like_the_real_ones_are_not_remarked():
    assert not any(shown_twice(StabilityWatch(STAGE), images(8, seed=2)))


def test_an_average_that_is_still_young_says_nothing():
    young = StabilityWatch(STAGE.model_copy(update={"ema": 0.999}))
    assert not any(shown_twice(young, images(1).expand(8, -1, -1, -1)))


def test_it_goes_on_after_a_resume_as_if_nothing_had_been():
    figures = [{"discriminator": 0.01, "gradient_norm_generator": 2.0}] * 5
    whole, first, second = (StabilityWatch(BCE) for _ in range(3))
    expected = [whole.look(step, each) for step, each in enumerate(figures * 3)]
    found = [first.look(step, each) for step, each in enumerate(figures)]
    second.restore(json.loads(json.dumps(first.state())))
    found += [second.look(5 + step, each) for step, each in enumerate(figures * 2)]
    assert found == expected and any(found)


def test_diversity_is_the_spread_over_the_batch():
    batch = torch.stack([torch.zeros(1, 4, 4), torch.ones(1, 4, 4)])
    assert diversity(batch) == pytest.approx(np.std([0, 1], ddof=1))


def test_a_healthy_run_has_no_warnings(tmp_path):
    for kind in ("paired", "style"):
        settings = cases.gan(kind, 60)
        run = TrainingRun(settings, cases.gan_sampler(settings), tmp_path / kind)
        assert run.train()
        assert [line for line in read_log(run.folder.log) if line["kind"] == "warning"] == []


def test_a_warning_is_in_the_log_on_the_terminal_and_in_tensorboard(tmp_path, caplog):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    logging_ = {"every": 1, "pictures_every": 4, "tensorboard": True}
    settings = cases.gan("latent", 8, logging=logging_)
    run = TrainingRun(settings, cases.gan_sampler(settings), tmp_path)
    # A generator that moves nothing: its gradient is nothing.
    run.generator.requires_grad_(False)
    run.generator.first.bias.requires_grad_(True)
    run.generator.layers[0].weight.data.zero_()
    with caplog.at_level(logging.WARNING):
        assert run.train()
    warnings = [line["text"] for line in read_log(run.folder.log) if line["kind"] == "warning"]
    assert any("nearly vanished" in text for text in warnings)
    assert any("nearly vanished" in record.message for record in caplog.records)
    board = EventAccumulator(str(tmp_path / "tensorboard"), size_guidance={"tensors": 0})
    board.Reload()
    tags = board.Tags()
    assert "warning/text_summary" in tags["tensors"]
    assert {"train/discriminator", "train/on_real", "train/on_fake"} <= set(tags["scalars"])
    assert {"discriminator/on_real", "discriminator/on_fake"} <= set(tags["histograms"])
    assert tags["images"] == ["strips"]


class Spoiled:
    """A sampler one of whose batches is not a number."""

    def __init__(self, sampler, number):
        self._sampler, self._left = sampler, number

    def __getattr__(self, name):
        return getattr(self._sampler, name)

    def __next__(self):
        self._left -= 1
        batch = next(self._sampler)
        return {name: each * np.nan for name, each in batch.items()} if self._left == 0 else batch


@pytest.mark.parametrize("kind", ["paired", "cycle", "latent", "style"])
def test_not_a_number_stops_with_the_last_good_state_kept(tmp_path, kind):
    settings = cases.gan(kind, 20)
    run = TrainingRun(settings, Spoiled(cases.gan_sampler(settings), 13), tmp_path)
    with pytest.raises(GANEnhanceError) as caught:
        run.train()
    assert "Stage gan stopped at step 13: A loss is not finite: " in caught.value.sentence
    assert "The last good state is" in caught.value.sentence and "step-00000010.pt" in caught.value.sentence
    assert "Lower learning_rate" in caught.value.hint
    state = read_state(run.checkpoints.numbered()[-1])["step"]["networks"]
    assert all(torch.isfinite(each).all() for network in state.values() for each in network.values())
    # Nor is any network of this process spoiled.
    assert all(torch.isfinite(each).all() for each in run.generator.state_dict().values())
    assert run.folder.read_state()["status"] == "not finite"
    assert "not finite" in read_log(run.folder.log)[-1]["text"]
