"""The files of the repository and what Python and CMake files in them say, for the house-keeping tests."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
_NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "out", "runs"}


@cache
def repositoryFiles():
    """All files that belong to the repository, tracked or to be tracked, without what git ignores."""
    command = ["git", "-C", str(REPOSITORY), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0")
        paths = [REPOSITORY / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive has no .git
        paths = [path for path in REPOSITORY.rglob("*") if not _NOT_OURS & set(path.parts)]
    return sorted(path for path in paths if path.is_file())


def text(path):
    """What a file of the repository says, whatever the locale is."""
    return path.read_text(encoding="utf-8")


def pythonFiles(folder):
    """The .py files below a folder of the repository."""
    return [
        path for path in repositoryFiles() if path.suffix == ".py" and REPOSITORY / folder in path.parents
    ]


def importedNames(node):
    """Full names that an import statement brings, "a.b" for `from a import b` as well; () for other nodes."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return []


def allImports(source):
    """Names imported anywhere in a Python source."""
    return {name for node in ast.walk(ast.parse(source)) for name in importedNames(node)}


def fileScopeImports(source):
    """Names imported when the file is imported: everything outside functions and `if TYPE_CHECKING`."""
    found, todo = set(), [ast.parse(source)]
    while todo:
        node = todo.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            continue
        found.update(importedNames(node))
        todo.extend(ast.iter_child_nodes(node))
    return found


def packages(names):
    """Top-level packages of imported names, without the standard library."""
    return {name.partition(".")[0] for name in names} - set(sys.stdlib_module_names)


def listedWords(cmake):
    """Words of a CMakeLists.txt without comments, variables of the same file filled in."""
    text = re.sub(r"#.*", "", cmake)
    for name, value in re.findall(r"set\(\s*(\w+)\s+([\w./-]+)\s*\)", text):
        text = text.replace("${" + name + "}", value)
    return set(re.findall(r"[\w./-]+", text))
