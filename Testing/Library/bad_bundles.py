"""Bundles that must be refused, each made from a good one by one change that somebody could make."""

from __future__ import annotations

import hashlib
import json
import pickle
from pathlib import Path


def _sign(bundle: Path) -> None:
    """Write the hashes of what is there, as an attacker who wants to be loaded would."""
    listed = {
        str(path.relative_to(bundle)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(bundle.rglob("*"))
        if path.is_file() and path.name != "hashes.json"
    }
    (bundle / "hashes.json").write_text(json.dumps({"sha256": listed}))


def change_weights(bundle: Path) -> str:
    """Change one byte of the weights; returns what the sentence must name."""
    path = bundle / "models" / "fidelity.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    return "fidelity.safetensors"


def pickle_weights(bundle: Path) -> str:
    """Put a pickle in the place of the weights, with a right hash; returns what the sentence must name."""
    path = bundle / "models" / "fidelity.safetensors"
    path.write_bytes(pickle.dumps({"weight": [1.0, 2.0]}, protocol=4))
    _sign(bundle)
    return "fidelity.safetensors"


def add_pickle(bundle: Path) -> str:
    """Add PyTorch's pickle of a checkpoint, with a right hash; returns what the sentence must name."""
    (bundle / "models" / "model.pt").write_bytes(pickle.dumps({"weight": [1.0, 2.0]}))
    _sign(bundle)
    return "model.pt"


def list_file_outside(bundle: Path) -> str:
    """List a file that lies outside of the bundle; returns what the sentence must name."""
    outside = bundle.parent / "outside.safetensors"
    outside.write_bytes(b"weights")
    path = bundle / "hashes.json"
    hashes = json.loads(path.read_text())
    hashes["sha256"]["../outside.safetensors"] = hashlib.sha256(b"weights").hexdigest()
    path.write_text(json.dumps(hashes))
    return "../outside.safetensors"


def link_outside(bundle: Path) -> str:
    """Replace the weights by a link to a file outside of the bundle; returns what the sentence must name."""
    path = bundle / "models" / "fidelity.safetensors"
    outside = bundle.parent / "elsewhere.safetensors"
    path.rename(outside)
    path.symlink_to(outside)
    return "fidelity.safetensors"


SPOILERS = (change_weights, pickle_weights, add_pickle, list_file_outside, link_outside)
