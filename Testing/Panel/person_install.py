"""What a test of installing needs: wheels, an index of packages, and a Python that may be spoilt.

The Python is an environment of its own with pip, numpy and SimpleITK, and pip may do to these what it likes;
nothing is downloaded from anywhere but the index on this machine.
"""

import base64
import hashlib
import http.server
import importlib.metadata
import os
import shutil
import socket
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

# The settings of whoever runs the tests would reach pip; a file in each environment takes their place.
PIP_VARIABLES = [name for name in os.environ if name.startswith("PIP_")]


def makeWheel(folder, name, version, requires=(), code="", size=0):
    """Write a wheel with one module of the package's name; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += "".join(f"Requires-Dist: {requirement}\n" for requirement in requires)
    files = {
        f"{name}/__init__.py": f"__version__ = {version!r}\n{code}",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if size:
        files[f"{name}/data.bin"] = os.urandom(size).hex()[:size]
    record = "".join(f"{path},{_digest(text)},{len(text)}\n" for path, text in files.items())
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for place, text in files.items():
            archive.writestr(place, text)
    return path


def _digest(text):
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Index:
    """A package index (PEP 503) of the wheels in a folder, on this machine."""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.asked = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_port}/simple"

    def close(self):
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def _handler(index):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                index.asked.append(self.path)
                name = self.path.strip("/").split("/")[-1].split("#")[0]
                file = index.folder / name
                body = file.read_bytes() if file.suffix == ".whl" and file.exists() else index.page(name)
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body)))
                kind = "application/octet-stream" if name.endswith(".whl") else "text/html"
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        return Handler

    def page(self, package):
        """Return the page with the files of a package; empty if there are none."""
        files = [path.name for path in sorted(self.folder.glob("*.whl"))]
        names = [name for name in files if name.partition("-")[0].lower().replace("_", "-") == package]
        links = "".join(f'<a href="/files/{name}">{name}</a>\n' for name in names)
        return f"<!DOCTYPE html><html><body>\n{links}</body></html>".encode() if names else b""


class SilentIndex:
    """An address that takes connections and never says a word."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/simple"

    def close(self):
        """End it."""
        self._socket.close()


class ThrowAwayPython:
    """An environment with pip, numpy and SimpleITK, which may be spoilt."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run([sys.executable, "-m", "venv", "--copies", str(folder)], check=True)
        self.path = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        self.packages = Path(self.run("-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
        copyDistribution("numpy", self.packages)
        copyDistribution("SimpleITK", self.packages)

    def run(self, *arguments):
        """Run this Python and return what it writes."""
        variables = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
        command = [str(self.path), *map(str, arguments)]
        return subprocess.run(command, check=True, env=variables, capture_output=True, text=True).stdout

    def add(self, wheel):
        """Install a wheel file, and nothing else."""
        self.run("-m", "pip", "--isolated", "install", "--no-index", "--no-deps", "--quiet", wheel)

    def remove(self, *names):
        """Remove packages."""
        self.run("-m", "pip", "--isolated", "uninstall", "--yes", "--quiet", *names)

    def usePip(self, index, **settings):
        """Let pip look at one index only, in the way a user sets it: by the environment's pip.conf."""
        empty = self.folder / "no-wheels"
        empty.mkdir(exist_ok=True)
        values = {"index-url": index, "extra-index-url": index, "find-links": empty, "retries": 0}
        values |= {"cache-dir": self.folder / "cache", **settings}
        lines = [f"{name.replace('_', '-')} = {value}\n" for name, value in values.items()]
        name = "pip.ini" if os.name == "nt" else "pip.conf"
        (self.folder / name).write_text("[global]\n" + "".join(lines))

    def installed(self):
        """Return {name: version} of what pip knows."""
        lines = self.run("-m", "pip", "--isolated", "list", "--format=freeze").split()
        return dict(line.lower().split("==") for line in lines)

    def fingerprint(self):
        """Return {path: (size, time)} of all files of packages, but for what Python compiles."""
        files = [path for path in self.packages.rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.packages)): (path.stat().st_size, path.stat().st_mtime_ns)
            for path in files
            if path.suffix != ".pyc"
        }


def copyDistribution(name, packages):
    """Copy an installed package of this Python into a folder of packages."""
    distribution = importlib.metadata.distribution(name)
    root = Path(distribution.locate_file(""))
    tops = {file.parts[0] for file in distribution.files if file.parts[0] != ".." and len(file.parts) > 1}
    for top in sorted(tops):
        unneeded = shutil.ignore_patterns("tests", "__pycache__")
        shutil.copytree(root / top, packages / top, ignore=unneeded, copy_function=_linkOrCopy)


def _linkOrCopy(source, target):
    """A second name of the same file where possible: pip removes names, and never writes into files."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
