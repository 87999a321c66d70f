"""Write the texts and hashes of a bundle, and put a complete bundle in its place at once."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

from GANEnhanceLib.models.aside import REPLACED
from GANEnhanceLib.models.card import ModelCard
from GANEnhanceLib.models.files import HASHES, METADATA, find_files, hash_file
from GANEnhanceLib.models.readme import render_readme


def write_json(path: Path, values: Any) -> None:
    """Write a JSON file for people to read; its folder is made."""
    write_text(path, json.dumps(values, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a UTF-8 text with line feeds; its folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_card(bundle: Path, metadata: dict[str, Any], card: ModelCard, licence: str) -> None:
    """Write the metadata, the card in words and the text of the licence."""
    write_json(bundle / METADATA, metadata)
    write_text(bundle / "docs" / "README.md", render_readme(card))
    write_text(bundle / "LICENSE", licence)


def write_hashes(bundle: Path) -> None:
    """Write `hashes.json` of all files that are there: the last thing that is written."""
    listed = [relative for relative in find_files(bundle) if relative != HASHES]
    hashes = {relative: hash_file(bundle, relative) for relative in listed}
    write_json(bundle / HASHES, {"sha256": hashes})


def put_in_place(bundle: Path, folder: Path, aside: Path) -> None:
    """Rename a complete bundle to `folder`; one that is there makes room and is removed, or comes back.

    `aside` is a folder on the same disk for the one that makes room. Raises OSError.
    """
    if not folder.exists():
        os.replace(bundle, folder)
        return
    os.replace(folder, aside / REPLACED)
    try:
        os.replace(bundle, folder)
    except OSError:
        os.replace(aside / REPLACED, folder)
        raise
    shutil.rmtree(aside / REPLACED, ignore_errors=True)
