#!/usr/bin/env python3
"""Run Docs/notebooks/training.ipynb and keep what it shows, small enough for the repository.

    python Testing/scripts/run_notebook.py

Needs the extra `notebook`. It takes two minutes on two CPU cores.
"""

import argparse
import base64
import io
import re
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = REPOSITORY / "Docs" / "notebooks" / "training.ipynb"
LIMIT_BYTES = 300_000
COLORS = 32


def run(parameters, seconds, path=NOTEBOOK):
    """Return the notebook, run by a kernel of this Python in a folder that is removed.

    :param parameters: values by name, set after the cell of parameters.
    :param seconds: most for a cell.
    """
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(path, as_version=4)
    (first,) = [cell for cell in book.cells if "parameters" in cell.metadata.get("tags", [])]
    source = first.source
    first.source += "".join(f"\n{name} = {value!r}" for name, value in parameters.items())
    with tempfile.TemporaryDirectory(prefix="ganenhance-notebook-") as folder:
        client = NotebookClient(
            book, timeout=seconds, kernel_name="python3", resources={"metadata": {"path": folder}}
        )
        client.execute()
    first.source = source
    return book


def printed(book):
    """Return all text that the cells printed."""
    outputs = [output for cell in book.cells for output in cell.get("outputs", [])]
    return "".join(output.get("text", "") for output in outputs)


def tidy(book):
    """Leave out what says nothing, as the times of cells and lines of progress; keep pictures small."""
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = re.sub(r"^ *\d+ % enhancing\n", "", output.text, flags=re.M)
            elif "image/png" in output.get("data", {}):
                output.data["image/png"] = shrunk(output.data["image/png"])


def shrunk(encoded):
    """Return a PNG (base64) with few colors."""
    from PIL import Image

    with Image.open(io.BytesIO(base64.b64decode(encoded))) as picture:
        solid = Image.new("RGB", picture.size, "white")
        solid.paste(picture, mask=picture.convert("RGBA").getchannel("A"))
    written = io.BytesIO()
    solid.quantize(COLORS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return base64.b64encode(written.getvalue()).decode()


def main():
    """Run it and write it anew; exit code 1 if it has become too large."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    import nbformat

    book = run({}, seconds=900)
    tidy(book)
    nbformat.write(book, NOTEBOOK)
    size = NOTEBOOK.stat().st_size
    print(f"{NOTEBOOK.relative_to(REPOSITORY)}: {size / 1e3:.0f} kB")
    return 1 if size > LIMIT_BYTES else 0


if __name__ == "__main__":
    sys.exit(main())
