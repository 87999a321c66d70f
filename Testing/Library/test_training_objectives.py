"""Objectives, penalties and terms against their closed forms."""

import math

import numpy as np
import pytest
import torch

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.training.config.stages import OBJECTIVES, PairedStage, TermConfig
from GANEnhanceLib.training.objectives.adversarial import ADVERSARIAL, make_objective
from GANEnhanceLib.training.objectives.checkerboard import checkerboard_peak
from GANEnhanceLib.training.objectives.features import Perceptual, feature_matching
from GANEnhanceLib.training.objectives.penalties import PathLength, clip_weights, gradient_penalty, r1_penalty
from GANEnhanceLib.training.objectives.terms import (
    charbonnier,
    compare_by,
    frequency,
    gradient,
    noise_weights,
    ssim,
)
from GANEnhanceLib.training.objectives.weighted import WeightedTerms, term_weight
from GANEnhanceLib.training.steps.discriminator_features import Judged

REAL, FAKE = torch.tensor([[0.5, 2.0]]), torch.tensor([[-1.0, 0.3]])


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def test_every_objective_of_the_configuration_exists():
    assert tuple(ADVERSARIAL) == OBJECTIVES
    with pytest.raises(OptionError, match="must be one of: bce"):
        make_objective("mean")


def test_cross_entropy_is_the_closed_form():
    loss = make_objective("bce")
    expected = -np.mean([math.log(sigmoid(x)) for x in (0.5, 2.0)])
    expected -= np.mean([math.log(1 - sigmoid(x)) for x in (-1.0, 0.3)])
    assert loss.discriminator(REAL, FAKE).item() == pytest.approx(expected, rel=1e-6)
    expected = -np.mean([math.log(sigmoid(x)) for x in (-1.0, 0.3)])
    assert loss.generator(FAKE).item() == pytest.approx(expected, rel=1e-6)


def test_least_squares_is_the_closed_form():
    loss = make_objective("least-squares")
    expected = 0.5 * ((0.25 + 1.0) / 2 + (1.0 + 0.09) / 2)
    assert loss.discriminator(REAL, FAKE).item() == pytest.approx(expected)
    assert loss.generator(FAKE).item() == pytest.approx((4.0 + 0.49) / 2)


def test_hinge_is_the_closed_form():
    loss = make_objective("hinge")
    assert loss.discriminator(REAL, FAKE).item() == pytest.approx(0.5 / 2 + (0.0 + 1.3) / 2)
    assert loss.generator(FAKE).item() == pytest.approx(0.35)


@pytest.mark.parametrize("name", ["wgan-gp", "wgan-clip"])
def test_wasserstein_is_the_difference_of_means(name):
    loss = make_objective(name)
    assert loss.discriminator(REAL, FAKE).item() == pytest.approx(-0.35 - 1.25)
    assert loss.generator(FAKE).item() == pytest.approx(0.35)


def test_relativistic_is_the_closed_form_and_symmetric():
    loss = make_objective("relativistic")
    expected = -np.mean([math.log(sigmoid(x - (-0.35))) for x in (0.5, 2.0)])
    expected -= np.mean([math.log(1 - sigmoid(x - 1.25)) for x in (-1.0, 0.3)])
    assert loss.discriminator(REAL, FAKE).item() == pytest.approx(expected, rel=1e-5)
    assert loss.generator(FAKE, REAL).item() == pytest.approx(loss.discriminator(FAKE, REAL).item())


def test_large_logits_stay_finite():
    huge = torch.tensor([1e4, -1e4])
    for name in OBJECTIVES:
        loss = make_objective(name)
        assert torch.isfinite(loss.discriminator(huge, huge)) and torch.isfinite(loss.generator(huge, huge))


def test_the_discriminator_of_cross_entropy_finds_the_ratio_of_densities():
    # Two normal densities of unit width at -1 and 1: log p/q = 2 x, so a linear logit finds slope 2.
    torch.manual_seed(0)
    weight = torch.zeros(2, requires_grad=True)
    real, fake = torch.randn(20000) + 1, torch.randn(20000) - 1
    loss, optimizer = make_objective("bce"), torch.optim.LBFGS([weight], max_iter=60)

    def closure():
        optimizer.zero_grad()
        value = loss.discriminator(weight[0] * real + weight[1], weight[0] * fake + weight[1])
        value.backward()
        return value

    optimizer.step(closure)
    assert weight.detach().numpy() == pytest.approx([2.0, 0.0], abs=0.08)


def test_the_gradient_penalty_is_that_of_a_known_slope():
    # A linear critic has the same gradient everywhere: its weights.
    weights = torch.tensor([3.0, 4.0])
    penalty = gradient_penalty(lambda images: images.flatten(1) @ weights, torch.rand(5, 2), torch.rand(5, 2))
    assert penalty.item() == pytest.approx((5.0 - 1.0) ** 2)


def test_the_gradient_penalty_equals_autograd_by_hand():
    torch.manual_seed(3)
    critic = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1)).double()
    real, fake = torch.rand(4, 6, dtype=torch.double), torch.rand(4, 6, dtype=torch.double)
    torch.manual_seed(7)
    found = gradient_penalty(critic, real, fake)
    torch.manual_seed(7)
    share = torch.rand(4, 1, dtype=torch.double)
    between = share * real + (1 - share) * fake
    norms = []
    for row in between:
        slope = torch.autograd.functional.jacobian(lambda x: critic(x[None])[0, 0], row)
        norms.append(slope.norm())
    expected = (torch.stack(norms) - 1).square().mean()
    assert found.item() == pytest.approx(expected.item(), rel=1e-12)
    found.backward()
    assert critic[0].weight.grad.abs().sum() > 0


def test_r1_is_half_the_squared_slope():
    weights = torch.tensor([3.0, 4.0])
    assert r1_penalty(lambda images: images @ weights, torch.rand(5, 2)).item() == pytest.approx(12.5)


def test_the_path_length_of_a_linear_generator_is_that_of_its_matrix():
    # images = styles @ matrix: the slope along noise y is matrix y, whatever the styles.
    torch.manual_seed(5)
    matrix, styles = torch.randn(3, 16), torch.randn(4, 3, requires_grad=True)
    images, noise = (styles @ matrix).view(4, 1, 4, 4), torch.randn(4, 1, 4, 4)
    lengths = (noise.view(4, 16) / 4.0 @ matrix.T).norm(dim=1)
    penalty = PathLength(decay=0.25)
    assert penalty(images, styles, noise).item() == pytest.approx(
        (lengths - 0.25 * lengths.mean()).square().mean().item(), rel=1e-4
    )
    assert penalty.running.item() == pytest.approx(0.25 * lengths.mean().item(), rel=1e-4)


def test_the_path_length_carries_a_gradient_to_the_generator():
    matrix, styles = torch.randn(3, 16, requires_grad=True), torch.randn(4, 3, requires_grad=True)
    PathLength()((styles @ matrix).view(4, 1, 4, 4), styles).backward()
    assert matrix.grad.abs().sum() > 0


def test_clipping_bounds_every_weight():
    network = torch.nn.Linear(4, 4)
    clip_weights(network, 0.01)
    assert max(float(p.detach().abs().max()) for p in network.parameters()) <= 0.01


def test_charbonnier_is_the_closed_form():
    image, target = torch.tensor([[[[0.0, 0.3]]]]), torch.tensor([[[[0.0, 0.7]]]])
    expected = (0.01 + np.sqrt(0.16 + 1e-4)) / 2
    assert charbonnier(image, target, epsilon=0.01).item() == pytest.approx(expected, rel=1e-5)


def test_similarity_equals_an_independent_reference():
    from skimage.metrics import structural_similarity

    rng = np.random.default_rng(0)
    target = rng.random((40, 48)).astype(np.float32)
    output = np.clip(target + rng.normal(0, 0.1, target.shape), 0, 1).astype(np.float32)
    options = {"gaussian_weights": True, "sigma": 1.5, "use_sample_covariance": False, "data_range": 1.0}
    _, full = structural_similarity(output, target, full=True, truncate=5 / 1.5 - 1e-6, **options)
    found = 1.0 - ssim(torch.from_numpy(output)[None, None], torch.from_numpy(target)[None, None]).item()
    assert found == pytest.approx(full[5:-5, 5:-5].mean(), abs=2e-4)


def test_similarity_takes_patches_thinner_than_its_window():
    block = torch.rand(2, 1, 4, 16, 16)
    assert ssim(block, block).abs().max().item() < 1e-6


def test_the_gradient_term_does_not_see_a_constant_and_sees_an_edge():
    image = torch.rand(2, 1, 8, 8)
    assert gradient(image + 0.3, image).max().item() < 1e-6
    edge = torch.zeros(1, 1, 4, 4)
    edge[..., 2:] = 1.0
    assert gradient(edge, torch.zeros_like(edge)).item() == pytest.approx((4 / 12) / 2)


def test_the_frequency_term_is_the_energy_of_a_single_wave():
    wave = torch.cos(2 * math.pi * 2 * torch.arange(16) / 16).expand(16, 16)[None, None]
    # Two entries of the spectrum with weight 1 hold the whole energy of the wave.
    assert frequency(wave, torch.zeros_like(wave)).item() == pytest.approx(
        wave.square().mean().item(), rel=1e-4
    )


def test_errors_count_relative_to_the_noise_of_their_image():
    clean = torch.zeros(2, 1, 4, 4)
    noisy = torch.tensor([0.03, 0.13]).reshape(2, 1, 1, 1).expand(2, 1, 4, 4)
    weights = noise_weights(noisy, clean, balance=0.02)
    assert weights.tolist() == pytest.approx([1.0, 0.05 / 0.15])
    losses = charbonnier(noisy, clean)
    terms = WeightedTerms([TermConfig(name="charbonnier", weight=2.0)])
    found = terms(noisy, clean, 0, weights)["charbonnier"].item()
    assert found == pytest.approx((losses[0].item() + losses[1].item() / 3), rel=1e-5)


def test_a_term_rises_by_its_schedule():
    term = TermConfig(name="l1", weight=4.0, from_step=10, rise=4)
    assert [term_weight(term, step) for step in (0, 9, 10, 11, 13, 50)] == [0.0, 0.0, 1.0, 2.0, 4.0, 4.0]


def test_feature_matching_is_the_mean_difference_of_each_layer():
    real = [torch.zeros(2, 3, 4, 4), torch.zeros(2, 5)]
    fake = [torch.full((2, 3, 4, 4), 0.5), torch.tensor([[1.0] * 5, [3.0] * 5])]
    assert feature_matching(fake, real).tolist() == pytest.approx([(0.5 + 1.0) / 2, (0.5 + 3.0) / 2])


def test_feature_matching_lets_no_gradient_into_the_real_features():
    real, fake = torch.rand(2, 3, requires_grad=True), torch.rand(2, 3, requires_grad=True)
    feature_matching([fake], [real]).sum().backward()
    assert real.grad is None and fake.grad is not None


def test_features_are_matched_where_there_are_some_and_weighted_like_the_rest():
    terms = WeightedTerms([TermConfig(name="feature-matching", weight=10.0, from_step=3)])
    image = torch.rand(2, 1, 16, 16)
    judged = [Judged(torch.zeros(2, 1), [torch.full((2, 4), value)]) for value in (0.0, 0.2)]
    assert not terms.needs_features(2) and terms.needs_features(3)
    assert terms(image, image, 5) == {}
    found = terms(image, image, 5, torch.tensor([1.0, 3.0]), *judged)
    assert found["feature-matching"].item() == pytest.approx(10.0 * 0.2 * 2.0)
    with pytest.raises(ValueError, match="feature-matching compares a discriminator's features"):
        PairedStage(step="paired", steps=5, terms=[{"name": "feature-matching"}])


def test_the_perceptual_term_is_nothing_for_equal_images_and_carries_a_gradient():
    term, target = Perceptual(), torch.rand(2, 1, 24, 24)
    assert term(target, target).tolist() == [0.0, 0.0]
    output = (target + 0.1 * torch.rand_like(target)).requires_grad_(True)
    term(output, target).sum().backward()
    assert output.grad.abs().sum() > 0
    assert not any(parameter.requires_grad for parameter in term.network.parameters())


def test_the_perceptual_term_of_a_block_is_the_mean_of_its_slices():
    term, torch_slices = Perceptual(), torch.rand(2, 2, 1, 16, 16)
    one, other = torch_slices
    blocks = [each.transpose(0, 1)[None] for each in (one, other)]
    assert term(*blocks).item() == pytest.approx(term(one, other).mean().item(), rel=1e-5)


def test_every_term_of_the_configuration_can_be_made():
    from GANEnhanceLib.training.config.stages import TERMS

    terms = WeightedTerms([TermConfig(name=name) for name in TERMS])
    image, target = torch.rand(2, 1, 32, 32), torch.rand(2, 1, 32, 32)
    judged = Judged(torch.zeros(2, 1), [torch.rand(2, 4)])
    assert set(terms(image, target, 0, None, judged, judged)) == set(TERMS)


def test_an_unknown_term_is_refused():
    with pytest.raises(OptionError, match="must be one of: l1"):
        compare_by("beauty")


def test_a_checkerboard_is_seen_and_noise_is_not():
    torch.manual_seed(0)
    noise = torch.rand(2, 1, 64, 64)
    board = (torch.arange(64)[:, None] + torch.arange(64)[None]) % 2
    assert checkerboard_peak(noise) < 3.0
    assert checkerboard_peak(noise + 0.5 * board) > 10.0
    stripes = (torch.arange(64) % 2)[:, None].expand(64, 64)
    assert checkerboard_peak(noise + 0.5 * stripes) > 10.0
