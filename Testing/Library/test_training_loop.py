"""The loop: it learns, resumes bit for bit, survives kills, and refuses what would mix two runs."""

import json

import pytest
import torch
import training_cases as cases

from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.networks import build_network
from GANEnhanceLib.training.data.sampler import CleanSampler
from GANEnhanceLib.training.loop.checkpoints import Checkpoints
from GANEnhanceLib.training.loop.run import TrainingRun
from GANEnhanceLib.training.steps import make_step
from GANEnhanceLib.training.steps.step import StepContext
from GANEnhanceLib.training.validation.judge import judge_of_volumes

pytestmark = pytest.mark.usefixtures("one_thread")


def train(settings, folder, **options):
    run = TrainingRun(settings, cases.sampler(settings), folder, **options)
    assert run.train(resume=True)
    return run


def weights(run, stage):
    return torch.load(run.folder.stage_weights(stage), weights_only=True)


def log(run, kind, stage):
    lines = [json.loads(line) for line in run.folder.log.read_text().splitlines()]
    return [line for line in lines if line["kind"] == kind and line["stage"] == stage]


def test_the_fidelity_stage_learns_to_denoise(tmp_path):
    noise = {"kind": "mr-noise", "correlated_share": 0, "varying_share": 0}
    judged = {"every": 50, "levels": [8], "slices": 3, "metrics": ["psnr"], "classical": "none"}
    settings = cases.config((250, 1), degradations=[noise], validation=judged)
    run = train(settings, tmp_path, judge=judge_of_volumes(settings, [cases.held_out(settings)]))
    gains = [line["psnr"] - line["input_psnr"] for line in log(run, "validation", "fidelity")]
    assert gains[-1] > 1.0
    assert gains[-1] > gains[0]


def test_the_perceptual_stage_changes_the_generator_and_teaches_the_discriminator(tmp_path):
    run = train(cases.config((10, 200)), tmp_path)
    fidelity, perceptual = weights(run, "fidelity"), weights(run, "perceptual")
    assert any(not torch.equal(fidelity[key], perceptual[key]) for key in fidelity)
    judged = log(run, "train", "perceptual")
    assert judged[-1]["on_real"] > judged[-1]["on_fake"]


class Killed(Exception):
    """Stands for the end of the process."""


class KilledSampler(CleanSampler):
    """Draws some batches, then the process ends."""

    left = 0

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise Killed
        return super().__next__()


@pytest.mark.parametrize("stop", [7, 20, 23])
def test_a_killed_run_goes_on_bit_for_bit(tmp_path, stop):
    settings = cases.config()
    whole = train(settings, tmp_path / "whole")
    cut = cases.sampler(settings)
    cut.__class__, cut.left = KilledSampler, stop
    with pytest.raises(Killed):
        TrainingRun(settings, cut, tmp_path / "cut").train()
    resumed = train(settings, tmp_path / "cut")
    for name in ("fidelity", "perceptual"):
        expected, found = weights(whole, name), weights(resumed, name)
        assert all(torch.equal(expected[key], found[key]) for key in expected), name


def test_a_run_asked_to_stop_ends_after_its_step_and_goes_on_bit_for_bit(tmp_path):
    settings = cases.config()
    whole = train(settings, tmp_path / "whole")
    run = TrainingRun(settings, cases.sampler(settings), tmp_path / "cut")
    run.on_step = lambda stage, step, steps, losses: setattr(run, "stopping", step == 13)
    assert not run.train()
    assert run.folder.read_state()["status"] == "stopped"
    assert Checkpoints(run.folder.checkpoints).newest()["step"]["steps_done"] == 13
    resumed = train(settings, tmp_path / "cut")
    expected, found = weights(whole, "perceptual"), weights(resumed, "perceptual")
    assert all(torch.equal(expected[key], found[key]) for key in expected)


def test_a_folder_that_holds_a_run_is_not_overwritten(tmp_path):
    settings = cases.config((5, 5))
    train(settings, tmp_path)
    with pytest.raises(OptionError, match="holds a run already"):
        TrainingRun(settings, cases.sampler(settings), tmp_path).train()
    other = cases.config((5, 5), seed=2)
    with pytest.raises(OptionError, match="another configuration"):
        TrainingRun(other, cases.sampler(other), tmp_path).train(resume=True)


def test_two_runs_in_one_folder_are_refused(tmp_path):
    settings = cases.config((5, 5))
    run = TrainingRun(settings, cases.sampler(settings), tmp_path)
    with run.folder.locked(), pytest.raises(OptionError, match="Another run is writing"):
        TrainingRun(settings, cases.sampler(settings), tmp_path).train()


def test_a_damaged_checkpoint_is_passed_over(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=3)
    checkpoints.write(5, {"step": torch.tensor(5)})
    checkpoints.write(10, {"step": torch.tensor(10)}).write_bytes(b"half a file")
    assert int(checkpoints.newest()["step"]) == 5


def test_only_the_last_checkpoints_stay_and_the_best(tmp_path):
    checkpoints = Checkpoints(tmp_path, keep=2)
    for step in (5, 10, 15):
        checkpoints.write(step, {})
    checkpoints.write_best("psnr", {})
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        "best-psnr.pt",
        "step-00000010.pt",
        "step-00000015.pt",
    ]


def test_a_loss_that_is_not_finite_stops_before_the_weights_are_touched():
    generator = build_network("residual-unshuffle", **cases.TINY)
    step = make_step(cases.config().stages[0], generator, None, StepContext(precision="float32"))
    before = {key: value.clone() for key, value in generator.state_dict().items()}
    batch = {"input": torch.full((1, 5, 8, 8), float("nan")), "target": torch.zeros(1, 1, 8, 8)}
    with pytest.raises(FloatingPointError, match="not finite"):
        step.update(batch)
    assert all(torch.equal(before[key], value) for key, value in generator.state_dict().items())


def test_a_batch_in_parts_gives_the_step_of_the_whole():
    results = []
    for accumulate in (1, 4):
        torch.manual_seed(0)
        stage = cases.config().stages[0].model_copy(update={"accumulate": accumulate, "clip_norm": None})
        generator = build_network("residual-unshuffle", **cases.TINY)
        step = make_step(stage, generator, None, StepContext(precision="float32"))
        torch.manual_seed(1)
        batch = {"input": torch.rand(8, 5, 16, 16), "target": torch.rand(8, 1, 16, 16)}
        step.update(batch)
        results.append(torch.cat([parameter.detach().flatten() for parameter in generator.parameters()]))
    assert torch.allclose(*results, atol=2e-5)


class ListJudge:
    """Says one figure after another, and the last one for ever."""

    def __init__(self, *figures):
        self.figures = list(figures)

    def judge(self, generator):
        assert not generator.training
        return {"psnr": self.figures.pop(0) if len(self.figures) > 1 else self.figures[0]}

    def higher_is_better(self, name):
        return True


class SumJudge(ListJudge):
    """Says a figure of the weights, which a resumed run must say again."""

    def judge(self, generator):
        return {"psnr": 1e3 * sum(float(each.double().sum()) for each in generator.parameters()) % 1.0}


def test_judgments_and_the_best_are_the_same_after_a_resume(tmp_path):
    judged = {"every": 3, "best_by": ["psnr"]}
    settings = cases.config((14, 7), validation=judged)
    whole = train(settings, tmp_path / "whole", judge=SumJudge())
    for stop in (7, 16):
        run = TrainingRun(settings, cases.sampler(settings), tmp_path / f"cut{stop}", SumJudge())
        run.on_step = lambda stage, step, steps, losses, stop=stop, run=run: setattr(
            run, "stopping", step + (14 if stage == "perceptual" else 0) == stop
        )
        assert not run.train()
        resumed = train(settings, tmp_path / f"cut{stop}", judge=SumJudge())
        for stage in ("fidelity", "perceptual"):
            assert log(whole, "validation", stage) == log(resumed, "validation", stage)
        assert whole.folder.read_state() == resumed.folder.read_state()
        best = [torch.load(each.folder.checkpoints / "best-psnr.pt") for each in (whole, resumed)]
        assert best[0]["stage"] == best[1]["stage"]
        assert all(
            torch.equal(best[0]["weights"][key], best[1]["weights"][key]) for key in best[0]["weights"]
        )
    # The last step of a stage is judged as well.
    assert [line["step"] for line in log(whole, "validation", "fidelity")] == [3, 6, 9, 12, 14]


def test_a_stage_ends_early_when_patience_is_over(tmp_path):
    settings = cases.config((40, 3), validation={"every": 3, "best_by": ["psnr"], "patience": 2})
    run = train(settings, tmp_path, judge=ListJudge(1.0, 2.0, 2.0, 1.5, 9.0))
    assert [line["step"] for line in log(run, "validation", "fidelity")] == [3, 6, 9, 12]
    assert log(run, "validation", "perceptual")
    assert run.folder.read_state()["status"] == "finished"


def test_the_best_is_that_of_the_whole_run(tmp_path):
    settings = cases.config((6, 3), validation={"every": 3, "best_by": ["psnr"]})
    run = train(settings, tmp_path, judge=ListJudge(3.0, 1.0, 2.0))
    assert run.folder.read_state()["best"] == {"psnr": 3.0}
    assert torch.load(run.folder.checkpoints / "best-psnr.pt")["stage"] == "fidelity"


def test_a_figure_that_is_no_number_is_never_the_best(tmp_path):
    settings = cases.config((6, 3), validation={"every": 3, "best_by": ["psnr"]})
    run = train(settings, tmp_path, judge=ListJudge(float("nan"), 1.0))
    assert run.folder.read_state()["best"] == {"psnr": 1.0}
