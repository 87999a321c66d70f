"""What steps share: critic steps, plans, averages, half precision, features, compilation."""

import locale
import shutil

import pytest
import torch
import training_cases as cases

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.config.stages import OptimizerConfig
from GANEnhanceLib.training.loop.compiling import compile_generators
from GANEnhanceLib.training.loop.run import TrainingRun
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.contest import logits_of
from GANEnhanceLib.training.steps.cycle import ReplayPool
from GANEnhanceLib.training.steps.discriminator_features import judge_with_features
from GANEnhanceLib.training.steps.step import StepContext, rate_factor


def make(kind, precision="float32", **changes):
    """Return a tiny step and a source of batches."""
    settings = cases.gan(kind, 20)
    torch.manual_seed(0)
    parts = settings.networks
    networks = [
        build_network(each.architecture, **each.arguments) for each in (parts.generator, parts.discriminator)
    ]
    stage = settings.stages[0].model_copy(update={"ema": 0.5, **changes})
    return make_step(stage, *networks, StepContext(precision=precision)), cases.gan_sampler(settings)


def batch_of(sampler):
    return {name: torch.from_numpy(each) for name, each in next(sampler).items()}


def weights(network):
    return torch.cat([each.detach().flatten().clone() for each in network.parameters()])


@pytest.mark.parametrize("kind", ["paired", "cycle", "noise-transfer", "latent", "style"])
def test_the_generator_moves_after_so_many_critic_steps(kind):
    step, source = make(kind)
    contest = step.stage.adversarial.model_copy(update={"critic_steps": 3, "adaptive": False})
    step.stage = step.stage.model_copy(update={"adversarial": contest})
    moved = {"generator": [], "discriminator": []}
    for _ in range(6):
        before = {name: weights(step.networks[name]) for name in moved}
        step.update(batch_of(source))
        for name, steps in moved.items():
            steps.append(not torch.equal(before[name], weights(step.networks[name])))
    assert moved == {"generator": [False, False, True] * 2, "discriminator": [True] * 6}


def test_the_contest_of_a_paired_stage_begins_when_it_should():
    step, source = make("paired")
    contest = step.stage.adversarial.model_copy(update={"from_step": 2})
    step.stage = step.stage.model_copy(update={"adversarial": contest})
    step.contest.config = contest
    losses = [step.update(batch_of(source)) for _ in range(4)]
    assert ["adversarial" in each for each in losses] == [False, False, True, True]
    assert ["feature-matching" in each for each in losses] == [False, False, True, True]


def test_the_first_gan_teaches_its_discriminator_first():
    """The generator's loss is that of the discriminator after its step."""
    step, source = make("latent", code=0.0)
    contest = step.stage.adversarial.model_copy(
        update={"objective": "bce", "critic_steps": 1, "penalty": 0.0}
    )
    step.stage = step.stage.model_copy(update={"adversarial": contest, "clip_norm": None})
    step.contest = type(step.contest)(step, "discriminator", contest)
    batch = batch_of(source)
    state = torch.get_rng_state()
    latent = step.draw_latent(len(batch["real"]))
    with torch.no_grad():
        fake = step.generate(latent)
    torch.set_rng_state(state)
    losses = step.update(batch)
    # The discriminator as it stands now is the one that the generator learned from.
    with torch.no_grad():
        expected = torch.nn.functional.softplus(-logits_of(step.networks["discriminator"](fake))).mean()
    assert losses["adversarial"] == pytest.approx(float(expected), rel=1e-5)


@pytest.mark.parametrize("kind", ["latent", "style", "cycle", "noise-transfer"])
def test_a_batch_in_parts_is_learned_from(kind):
    step, source = make(kind, accumulate=2)
    before = weights(step.networks["generator"])
    for _ in range(2):
        losses = step.update(batch_of(source))
    assert all(torch.isfinite(torch.tensor(list(losses.values()))))
    assert not torch.equal(before, weights(step.networks["generator"]))


@pytest.mark.parametrize("kind", ["paired", "cycle", "noise-transfer", "latent", "style"])
def test_looking_changes_nothing(kind):
    step, source = make(kind)
    batch = batch_of(source)
    step.update(batch)
    step.restore(step.state())
    before, state = {name: weights(each) for name, each in step.networks.items()}, torch.get_rng_state()
    buffers = [each.clone() for each in step.kept().buffers()]
    shown = step.pictures(batch)
    assert {tuple(each.shape[1:]) for each in shown.values()} == {(1, 16, 16)}
    assert torch.equal(state, torch.get_rng_state())
    assert all(torch.equal(each, weights(step.networks[name])) for name, each in before.items())
    assert all(torch.equal(*pair) for pair in zip(buffers, step.kept().buffers(), strict=True))
    assert step.networks["generator"].training


def test_the_average_takes_the_statistics_of_normalization_along():
    step, source = make("latent")
    for _ in range(4):
        step.update(batch_of(source))
    live, kept = step.networks["generator"].layers[0], step.kept().layers[0]
    assert not torch.equal(live.running_mean, kept.running_mean)
    assert kept.running_mean.abs().sum() > 0


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("constant", [0.25, 0.5, 1.0, 1.0, 1.0]),
        ("linear", [0.25, 0.5, 1.0, 1.0, 0.001]),
        ("cosine", [0.25, 0.4970, 0.9460, 0.505, 0.01]),
    ],
)
def test_rates_follow_their_plan(plan, expected):
    config = OptimizerConfig(plan=plan, warm_up=4)
    found = [rate_factor(config, step, 20) for step in (0, 1, 3, 10, 20)]
    assert found == pytest.approx(expected, abs=1e-3)


def test_the_rate_of_a_resumed_step_is_that_of_its_place():
    rates = OptimizerConfig(learning_rate=1e-3, plan="cosine")
    step, source = make("paired", generator=rates)
    step.steps_done = 10
    step.update(batch_of(source))
    assert step.diagnostics()["rate_generator"] == pytest.approx(1e-3 * 0.505)


def test_half_precision_learns_and_leaves_overflows_out():
    step, source = make("paired", precision="float16")
    batch = batch_of(source)
    before = weights(step.networks["generator"])
    first = step.update(batch)
    assert not torch.equal(before, weights(step.networks["generator"]))
    for _ in range(30):
        last = step.update(batch)
    assert last["l1"] < first["l1"]
    # A scale that no gradient stands: the step is left out, and the scale lowered.
    step.scaler.update(2.0**127)
    before, scale = weights(step.networks["generator"]), step.scaler.get_scale()
    step.update(batch)
    assert torch.equal(before, weights(step.networks["generator"]))
    assert step.scaler.get_scale() < scale
    assert step.diagnostics()["loss_scale"] == step.scaler.get_scale()


def test_gradients_that_stay_infinite_in_half_precision_end_the_run():
    step, source = make("paired", precision="float16")
    step.scaler.scale(torch.ones(1))
    step.scaler.update(2.0**-20)
    step.networks["generator"].register_forward_hook(lambda _net, _given, out: out * 1e30)
    with pytest.raises(FloatingPointError):
        step.update(batch_of(source))


@pytest.mark.parametrize(
    ("name", "arguments", "layers"),
    [
        ("patch-discriminator", {"channels": 8}, 3),
        ("multi-scale-discriminator", {"channels": 8, "layers": 1, "scales": 2}, 4),
        ("unet-discriminator", {"channels": 4}, 7),
        ("dcgan-discriminator", {"size": 32, "features": 4}, 3),
        ("multilayer-discriminator", {"size": 32, "features": 4}, 2),
    ],
)
def test_features_of_every_discriminator_are_found(name, arguments, layers):
    network = build_network(name, **arguments).eval()
    images = torch.rand(2, 1, 32, 32)
    judged = judge_with_features(network, images)
    assert torch.equal(judged.logits, logits_of(network(images)))
    assert len(judged.features) == layers
    assert not any(module._forward_hooks for module in network.modules())


def test_the_pool_hands_out_earlier_fakes_about_half_of_the_time():
    torch.manual_seed(0)
    pool = ReplayPool(10)
    first = torch.zeros(10, 1, 2, 2)
    assert torch.equal(pool.exchange(first), first)
    old = sum(int((pool.exchange(torch.full((10, 1, 2, 2), float(n))) < n).sum()) / 4 for n in range(1, 41))
    assert 140 < old < 260
    assert len(pool.images) == 10 and torch.equal(ReplayPool(0).exchange(first), first)


class Compilable(torch.nn.Module):
    """A generator that compiles in seconds."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Conv2d(1, 1, 3, padding=1)

    def forward(self, image):
        return image + self.layer(image).tanh()


def plain_step(network):
    stage = cases.gan("paired", 20).stages[0]
    stage = stage.model_copy(update={"adversarial": None, "terms": stage.terms[:1], "noise_balance": 0.0})
    torch.manual_seed(0)
    return make_step(stage, network, None, StepContext(precision="float32"))


@pytest.fixture
def ascii_locale():
    """Text files are read as ASCII, as under LC_ALL=C."""
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    yield locale.getpreferredencoding(False)
    locale.setlocale(locale.LC_CTYPE, before)


@pytest.mark.skipif(shutil.which("c++") is None, reason="there is no compiler")
@pytest.mark.timeout(120)
def test_a_compiled_generator_learns_what_it_would_have_learned(ascii_locale):
    torch.manual_seed(0)
    batch = {"input": torch.rand(2, 1, 16, 16), "target": torch.rand(2, 1, 16, 16)}
    found = []
    for compiled in (False, True):
        torch.manual_seed(1)
        step = plain_step(Compilable())
        if compiled:
            assert compile_generators(step, batch)
            assert step.networks["generator"]._compiled_call_impl is not None
        assert step.steps_done == 0 and not step.optimizers["generator"].state
        for _ in range(3):
            step.update(batch)
        found.append(weights(step.networks["generator"]))
    assert torch.allclose(*found, atol=1e-6)


def test_the_compiler_reads_its_files_as_utf8_and_the_locale_comes_back(ascii_locale, tmp_path):
    template = tmp_path / "template"
    template.write_text("\N{RIGHTWARDS ARROW}", encoding="utf-8")

    class Reading(Compilable):
        def compile(self):
            self.read = template.read_text()

    step = plain_step(Reading())
    batch = {"input": torch.rand(2, 1, 16, 16), "target": torch.rand(2, 1, 16, 16)}
    assert compile_generators(step, batch)
    assert step.networks["generator"].read == "\N{RIGHTWARDS ARROW}"
    assert locale.getpreferredencoding(False) == ascii_locale


def test_without_a_compiler_it_is_trained_as_it_is_with_a_note(caplog, monkeypatch):
    from torch._inductor import config

    monkeypatch.setattr(config.cpp, "cxx", ("no-such-compiler",))
    torch.manual_seed(1)
    step = plain_step(Compilable())
    batch = {"input": torch.rand(2, 1, 20, 24), "target": torch.rand(2, 1, 20, 24)}
    with caplog.at_level("WARNING"):
        assert not compile_generators(step, batch)
    assert "The generator is not compiled, and trained as it is: " in caplog.text
    assert step.steps_done == 0
    assert step.update(batch)["l1"] > 0


def test_networks_that_do_not_take_the_patches_are_refused_in_a_sentence(tmp_path):
    settings = cases.gan("paired", 5)
    values = settings.model_dump(mode="json")
    values["networks"]["discriminator"]["arguments"] = {"channels": 8, "layers": 3, "scales": 3}
    settings = type(settings).model_validate(values)
    run = TrainingRun(settings, cases.gan_sampler(settings), tmp_path)
    with pytest.raises(OptionError, match=r"do not take these patches \(input \(4, 1, 16, 16\), target"):
        run.train()


def test_a_checkpoint_of_other_networks_is_refused_in_a_sentence(tmp_path):
    settings = cases.gan("latent", 10)
    run = TrainingRun(settings, cases.gan_sampler(settings), tmp_path)
    run.on_step = lambda stage, step, steps, losses: setattr(run, "stopping", step == 4)
    assert not run.train()
    values = settings.model_dump(mode="json")
    values["networks"]["generator"]["arguments"]["features"] = 16
    other = type(settings).model_validate(values)
    from GANEnhanceLib.training.loop.run import dump_config

    run.folder.config.write_text(dump_config(other))
    with pytest.raises(OptionError, match="is of other networks .size mismatch for .*Resume it with its own"):
        TrainingRun(other, cases.gan_sampler(other), tmp_path).train(resume=True)
