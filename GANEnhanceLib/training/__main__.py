"""Train a model from its recipe and export the bundle: `python -m GANEnhanceLib.training RECIPE`."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path

from GANEnhanceLib.errors import GANEnhanceError


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit code, 2 for a user's mistake."""
    parser = argparse.ArgumentParser(prog="python -m GANEnhanceLib.training", description=__doc__)
    parser.add_argument("recipe", help="a YAML file, or the name of a shipped recipe such as mr-denoise")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs"), help="folder for data and runs (default: runs)"
    )
    parser.add_argument("--threads", type=int, default=None, help="CPU threads (default: all cores)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps (default: cpu)")
    parser.add_argument("--bundle", type=Path, help="folder of the bundle (default: in the run's folder)")
    parser.add_argument("--figures", type=Path, help="what the quality bench wrote, to be quoted in the card")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    try:
        _train(options)
    except GANEnhanceError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _train(options: argparse.Namespace) -> None:
    import torch

    from GANEnhanceLib.training.config import load_config
    from GANEnhanceLib.training.data.degraded import make_degradation
    from GANEnhanceLib.training.data.sampler import CleanSampler
    from GANEnhanceLib.training.data.volumes import TrainingVolume
    from GANEnhanceLib.training.export import export
    from GANEnhanceLib.training.loop.run import TrainingRun
    from GANEnhanceLib.training.sources import SOURCES, load
    from GANEnhanceLib.training.validation import ValidationSet

    if options.threads:
        torch.set_num_threads(options.threads)
    shipped = Path(__file__).parent / "recipes" / f"{options.recipe}.yaml"
    recipe = shipped if shipped.exists() else Path(options.recipe)
    config = load_config(recipe, [f"device={options.device}"])
    cache = options.runs / "data"
    scaling = config.scaling.model_dump(exclude_none=True)
    volumes = [
        TrainingVolume.from_volume(load(name, cache), scaling, SOURCES[name].modality, name, part.weight)
        for part in config.data.clean
        for name in part.sources
    ]
    degradations = [make_degradation(each, config.scaling) for each in config.degradations]
    sampler = CleanSampler(volumes, config.data.patches, degradations, config.seed)
    held_out = {name: load(name, cache) for name in ("icbm152", "t1-head")}
    judge = ValidationSet(held_out, slices=config.data.patches.slices)
    run = TrainingRun(config, sampler, options.runs / config.name, judge, on_step=_tell)
    if run.train(resume=True):
        weights = {stage.name: run.folder.stage_weights(stage.name) for stage in config.stages}
        bundle = options.bundle or run.folder.path / "bundle" / config.name
        card = recipe.with_suffix(".card.json")
        print(f"The bundle is {export(config, weights, card, bundle, options.figures)}")


def _tell(stage: str, step: int, steps: int, losses: dict[str, float]) -> None:
    if step % 100 == 0:
        figures = ", ".join(f"{name} {value:.4f}" for name, value in losses.items())
        logging.info("%s %d/%d, %s", stage, step, steps, figures)


if __name__ == "__main__":
    sys.exit(main())
