"""Files that appear all together and complete, or not at all.

Each output is written into a hidden folder beside its target (the same file system, so a rename moves it) and
all are renamed at the end, when nothing can fail any more but the renames themselves.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from GANEnhanceLib.commands.interruption import interruption
from GANEnhanceLib.errors import OptionError, OutputError
from GANEnhanceLib.protocol import first_line

if TYPE_CHECKING:
    from GANEnhanceLib.volume import Volume


class Outputs:
    """The files that one command is about to write; a context manager that leaves nothing unless
    `commit`ted.
    """

    def __init__(self):
        """Begin with no files."""
        self._staged: dict[Path, Path] = {}
        self._folders: dict[Path, Path] = {}
        self._undone = contextlib.ExitStack()

    def __enter__(self) -> Outputs:
        """Return the outputs."""
        self._undone.enter_context(interruption.undone_by(self._remove))
        return self

    def __exit__(self, *_exception: object) -> None:
        """Remove what was not committed."""
        self._undone.close()

    def _remove(self) -> None:
        for folder in self._folders.values():
            shutil.rmtree(folder, ignore_errors=True)

    def write_volume(self, volume: Volume, target: Path) -> None:
        """Write a volume aside; OutputError naming `target`."""
        from GANEnhanceLib.volume import write_volume

        staged = self._stage(target)
        try:
            with _silent_libraries():
                write_volume(volume, staged)
        except OutputError as error:
            # The person knows the target, not the place where it is written for now.
            sentence = error.sentence.replace(str(staged.parent), str(target.parent))
            raise OutputError(sentence, error.hint) from error

    def write_bytes(self, content: bytes, target: Path) -> None:
        """Write bytes aside; OutputError naming `target`."""
        try:
            self._stage(target).write_bytes(content)
        except OSError as error:
            raise _not_written(target, error) from error

    def _stage(self, target: Path) -> Path:
        """Return the path to write `target` to for now."""
        interruption.check()
        parent = target.resolve().parent
        if parent not in self._folders:
            try:
                self._folders[parent] = Path(tempfile.mkdtemp(prefix=".ganenhance-", dir=parent))
            except OSError as error:
                raise _not_written(target, error) from error
        # A symbolic link as target is written through, not replaced by a file.
        self._staged[target] = self._folders[parent] / target.resolve().name
        return self._staged[target]

    def commit(self) -> None:
        """Move every file to its place; OutputError if one cannot be moved."""
        interruption.check()
        for target, staged in self._staged.items():
            try:
                os.replace(staged, target.resolve())
            except OSError as error:
                raise _not_written(target, error) from error


def _not_written(target: Path, error: OSError) -> OutputError:
    """Return the error for a file that cannot be written, in one sentence with the system's reason."""
    reason = error.strerror or first_line(error)
    return OutputError(f"'{target}' cannot be written: {reason}.", "Make room, or choose another folder.")


def check_distinct(source: Path, targets: dict[str, Path | None], source_name: str = "INPUT") -> None:
    """Raise OptionError if an output is the input, or two outputs are one file; names are the arguments'."""
    seen: dict[str, Path] = {source_name: source}
    for name, target in targets.items():
        if target is None:
            continue
        for other_name, other in seen.items():
            if _same(target, other):
                raise OptionError(
                    f"{name} and {other_name} are the same file: '{target}'.",
                    "The input is never overwritten; give each output a name of its own."
                    if other is source
                    else "Give each output a name of its own.",
                )
        seen[name] = target


def _same(one: Path, other: Path) -> bool:
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


@contextlib.contextmanager
def _silent_libraries() -> Iterator[None]:
    """Keep what image libraries write to stderr off the terminal: the error they raise says it better."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nothing)
