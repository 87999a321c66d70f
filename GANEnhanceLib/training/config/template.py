"""Commented configurations to begin with: `ganenhance train --template TASK`."""

from __future__ import annotations

from pathlib import Path

from GANEnhanceLib.errors import OptionError

FOLDER = Path(__file__).resolve().parent.parent / "templates"
RECIPES = Path(__file__).resolve().parent.parent / "recipes"


def template_names() -> list[str]:
    """Return the names of all templates."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def read_template(name: str) -> str:
    """Return the text of a template.

    Raises:
        OptionError: unknown name.
    """
    if name not in template_names():
        raise OptionError(f"The template is '{name}', but must be one of: {', '.join(template_names())}.")
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


def find_config(name: str | Path) -> Path:
    """Return the file of a configuration: a path, or the name of a shipped recipe such as mr-denoise."""
    recipe = RECIPES / f"{name}.yaml"
    return recipe if recipe.exists() and not Path(name).exists() else Path(name)
