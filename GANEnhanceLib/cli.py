"""The command `ganenhance`: enhance, evaluate and simulate volumes, and look at models.

Exit codes: 0 success, 1 an unexpected failure, 2 wrong usage or input, 130 stopped by Ctrl-C, 143 by SIGTERM.
What is wrong is told in one sentence on stderr with a hint, never by a traceback; GANENHANCE_DEBUG=1 shows
those of unexpected failures. No output file appears unless the command succeeds.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from GANEnhanceLib.commands.interruption import Interrupted, interruption

# All else is imported inside `main`, where Ctrl-C is looked after.
if TYPE_CHECKING:
    from GANEnhanceLib.commands.arguments import Parser

COMMANDS = ("enhance", "evaluate", "simulate", "models", "data", "train", "runs", "export", "finetune")
EXIT_UNEXPECTED, EXIT_WRONG, EXIT_SIGNAL = 1, 2, 128


def main(arguments: list[str] | None = None) -> int:
    """Run the command with these arguments (default: those of the process) and return its exit code."""
    try:
        with interruption.active():
            code = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
        return code
    except Interrupted as signal:
        _tell("Stopped; nothing was written.")
        return EXIT_SIGNAL + signal.number
    except BrokenPipeError:
        # The reader of our output has gone (`ganenhance models | head`); Python must not try to flush it
        # again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_UNEXPECTED
    except Exception as error:
        return _fail(error)


def make_parser() -> Parser:
    """Return the parser of the whole command line."""
    from GANEnhanceLib import __version__
    from GANEnhanceLib.commands.arguments import Parser

    parser = Parser(
        prog="ganenhance",
        description="Enhance CT, MR and ultrasound volumes with generative adversarial networks. "
        "For research; not for diagnosis.",
    )
    parser.add_argument("--version", action="version", version=f"ganenhance {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for name in COMMANDS:
        _module(name).add_parser(commands, name)
    return parser


def _module(command: str) -> Any:
    from importlib import import_module

    return import_module(f"GANEnhanceLib.commands.{command}")


def _run(words: list[str]) -> int:
    from GANEnhanceLib.errors import OptionError

    parser = make_parser()
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        raise getattr(arguments, "parser", parser).unknown(unknown)
    if arguments.command is None:
        raise OptionError(
            "No command was given.", f"Use one of: {', '.join(COMMANDS)}; see ganenhance --help."
        )
    return _module(arguments.command).run(arguments)


def _fail(error: Exception) -> int:
    from GANEnhanceLib import protocol
    from GANEnhanceLib.errors import GANEnhanceError

    message = protocol.error_message_of(None, error)
    hint = message["hint"]
    if message["code"] == protocol.UNEXPECTED:
        hint = "Run it again with GANENHANCE_DEBUG=1 and report what is then shown."
    _tell(f"{message['sentence']} {hint}")
    if message["code"] not in (protocol.UNEXPECTED, GANEnhanceError.code):
        return EXIT_WRONG
    if os.environ.get("GANENHANCE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return EXIT_UNEXPECTED


def _tell(text: str) -> None:
    print(f"ganenhance: {' '.join(text.split())}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
