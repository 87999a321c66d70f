"""The notebook runs from data to panel, and what is committed of it is small and names no machine."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
NOTEBOOK = REPOSITORY / "Docs" / "notebooks" / "training.ipynb"
MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def runner():
    path = REPOSITORY / "Testing" / "scripts" / "run_notebook.py"
    spec = importlib.util.spec_from_file_location("run_notebook", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_notebook_trains_judges_exports_and_runs_in_the_worker(runner, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    book = runner.run({"STEPS": 8, "SLICES": 2}, seconds=120)
    printed = runner.printed(book)
    assert "fidelity: step 8 of 8" in printed and "The run is complete" in printed
    assert "Judged at step 8: psnr " in printed
    assert "The model gives the voxels of its trainer" in printed
    assert "my-mr-denoise runs in the panel's worker on" in printed
    assert "Same voxels as the command: True" in printed
    pictures = [
        output
        for cell in book.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 4


def test_what_is_committed_was_run_is_small_and_names_no_machine():
    text = NOTEBOOK.read_text(encoding="utf-8")
    assert len(text.encode()) < MOST_BYTES
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert all(cell["execution_count"] for cell in cells), "a cell was not run"
    assert not [output for output in outputs if output["output_type"] == "error"]
    shown = "".join("".join(output.get("text", "")) for output in outputs)
    assert "The run is complete" in shown and "psnr" in shown
    assert not re.search(r"/(home|work|Users|root|tmp)/", shown)
