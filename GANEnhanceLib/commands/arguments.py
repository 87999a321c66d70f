"""The argument parser of the command: what is wrong is told in one sentence, like every other error."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from GANEnhanceLib.errors import OptionError


class Parser(argparse.ArgumentParser):
    """An argument parser that raises OptionError instead of printing its usage and leaving."""

    def __init__(self, **settings: Any):
        """Take argparse's settings; options cannot be abbreviated, so that new ones never change old
        lines.
        """
        super().__init__(allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Raise OptionError for argparse's message."""
        raise OptionError(_sentence(message), f"See {self.prog} --help.")

    def unknown(self, words: list[str]) -> OptionError:
        """Return the error for words that no argument takes."""
        word = words[0]
        if not word.startswith("-"):
            return OptionError(f"The argument {word!r} is one too many.", f"See {self.prog} --help.")
        option = word.partition("=")[0]
        known = [name for action in self._actions for name in action.option_strings]
        similar = difflib.get_close_matches(option, known, n=1)
        hint = f"Did you mean {similar[0]}?" if similar else f"See {self.prog} --help."
        return OptionError(f"The option {option!r} is unknown.", hint)


def _sentence(message: str) -> str:
    """Turn argparse's message into a sentence; the wording of Python 3.10 to 3.14 is known, others pass."""
    needed = re.fullmatch(r"the following arguments are required: (.*)", message)
    if needed:
        return f"Arguments are missing: {needed[1]}."
    value = re.fullmatch(
        r"argument (\S+): expected (one argument|at least one argument|\d+ arguments)", message
    )
    if value:
        return f"The option {value[1]} needs a value."
    choice = re.fullmatch(r"argument (\S+): invalid choice: (.+?) \(choose from (.*)\)", message)
    if choice:
        allowed = choice[3].replace("'", "")
        return f"The {choice[1].lower()} {choice[2]} is unknown; use one of: {allowed}."
    return message[:1].upper() + message[1:].rstrip(".") + "."


def file_named(what: str) -> Callable[[str], Path]:
    """Return a reader of an argument that is a path; an empty one, as from an unset variable, is refused."""

    def read(text: str) -> Path:
        if not text.strip():
            raise OptionError(f"The {what} is empty.", "Give a path.")
        return Path(text).expanduser()

    return read


def one_of(what: str, *allowed: str) -> Callable[[str], str]:
    """Return a reader of an argument that must be one of some words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise OptionError(f"The {what} is {text!r}, but must be one of: {', '.join(allowed)}.")
        return text

    return read
