"""From a checked configuration to a run: data, judge and loop put together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from GANEnhanceLib.training.config import RunConfig
from GANEnhanceLib.training.loop.distributed import Process

OnStep = Callable[[str, int, int, dict[str, float]], None]


def start_run(
    config: RunConfig,
    folder: Path,
    cache: Path,
    process: Process | None = None,
    on_step: OnStep | None = None,
    resume: bool = False,
    check: Callable[[], object] = bool,
) -> bool:
    """Train as the configuration says; True if the run came to its end, False if it was stopped.

    Args:
        config: of the run.
        folder: of the run.
        cache: folder of public images and memory-mapped volumes.
        process: this process among those of a distributed run.
        on_step: see `TrainingRun`.
        resume: go on with what the folder holds.
        check: called before the first step, when there is nothing yet to be saved; may raise to stop.

    Raises:
        GANEnhanceError: whatever is wrong with data, networks or folder, before the first step.
    """
    import torch

    from GANEnhanceLib.training.data.build import build_data
    from GANEnhanceLib.training.loop.run import TrainingRun, refuse_other_run
    from GANEnhanceLib.training.validation.judge import make_judge

    if config.threads:
        torch.set_num_threads(config.threads)
    # Said before the data are read, which may take minutes.
    refuse_other_run(config, folder, resume)
    data = build_data(config, cache)
    judge = make_judge(config, data)
    check()
    run = TrainingRun(config, data.sampler, folder, judge, process, on_step, data.provenance)
    if config.start is not None:
        from GANEnhanceLib.training.finetune import begin_with, read_start

        state = run.process.from_first(lambda: read_start(config.start, run.folder))
        begin_with(run.generator, state, config.start)
    return run.train(resume)
