"""Nothing heavy is loaded before it is needed: import, list of models and worker are there at once."""

import os
import subprocess
import sys
import time

import pytest
from command_line import COMMAND

from GANEnhanceLib.worker_session import WorkerSession

# Seconds, the best of three: what the machine does besides must not decide.
IMPORT_SECONDS, MODELS_SECONDS, WORKER_SECONDS = 0.3, 1.5, 3.0


def _best_of_three(work):
    def once():
        begin = time.perf_counter()
        work()
        return time.perf_counter() - begin

    return min(once() for _ in range(3))


def _loaded_by(program):
    """Return the names of the packages that a program has loaded at its end."""
    program += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stdout.splitlines()[-1].split())


def test_the_library_is_imported_at_once():
    program = "import time; t = time.perf_counter(); import GANEnhanceLib; print(time.perf_counter() - t)"

    def once():
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        return float(done.stdout)

    assert min(once() for _ in range(3)) < IMPORT_SECONDS


def test_models_are_listed_at_once():
    def work():
        subprocess.run([*COMMAND, "models"], check=True, capture_output=True)

    assert _best_of_three(work) < MODELS_SECONDS


def test_the_worker_is_ready_soon():
    def once():
        begin = time.perf_counter()
        session = WorkerSession()
        seconds = time.perf_counter() - begin
        session.close()
        return seconds

    assert min(once() for _ in range(3)) < WORKER_SECONDS


HEAVY = {"torch", "monai", "SimpleITK", "openvino", "skimage", "scipy", "PIL", "tqdm", "onnx", "jsonschema"}


@pytest.mark.parametrize(
    ("program", "allowed"),
    [
        ("import GANEnhanceLib", set()),
        ("from GANEnhanceLib import protocol", {"numpy"}),
        ("from GANEnhanceLib import worker, worker_process, worker_session", {"numpy"}),
        (
            "from GANEnhanceLib.methods import describe, workplace;"
            " describe.hello(workplace.Workplace(None), {})",
            {"numpy"},
        ),
        ("from GANEnhanceLib.cli import main; main(['models'])", {"numpy"}),
        ("from GANEnhanceLib.cli import main; main(['enhance'])", {"numpy"}),
    ],
)
def test_nothing_heavy_is_loaded(program, allowed):
    loaded = _loaded_by(program)
    assert not loaded & HEAVY
    assert "numpy" in allowed or "numpy" not in loaded


def test_a_run_of_a_network_does_not_load_what_it_does_not_need(tmp_path):
    """OpenVINO runs without PyTorch and MONAI; no report, no progress bar and no picture need
    scikit-image.
    """
    from command_line import write_phantom
    from make_bundle import make_tiny_bundle

    bundle = make_tiny_bundle(tmp_path / "tiny", kind="identity")
    source = write_phantom(tmp_path / "in.nrrd")
    words = ["enhance", str(source), str(tmp_path / "out.nrrd"), "--modality", "MR", "--device", "openvino"]
    loaded = _loaded_by(
        f"from GANEnhanceLib.cli import main; assert main({[*words, '--model', str(bundle)]}) == 0"
    )
    assert "openvino" in loaded
    assert not loaded & {"torch", "monai", "skimage", "scipy", "PIL", "onnx", "safetensors", "jsonschema"}
    assert os.path.exists(tmp_path / "out.nrrd")
