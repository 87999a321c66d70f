"""Everything that can be wrong with the input, through the real command: one sentence, code 2, no file."""

import os
import resource
import signal
import subprocess

import numpy as np
import pytest
from bad_bundles import SPOILERS
from command_line import (
    COMMAND,
    assert_refused,
    files_in,
    make_phantom,
    run_command,
    write_dicom_series,
    write_phantom,
)

UID = "1.2.826.0.1.3680043.2.1125."


@pytest.fixture
def refuse(tmp_path):
    """Run `enhance` on an input, expecting a refusal, and check that the folder is as it was."""

    def run(source, *words, output=None, named=(), **settings):
        before = files_in(tmp_path)
        words = words if "--model" in words else (*words, "--model", "median")
        done = run_command("enhance", source, output or tmp_path / "out.nii.gz", *words, **settings)
        assert files_in(tmp_path) == before
        return assert_refused(done, *named)

    return run


@pytest.fixture
def phantom(tmp_path):
    return write_phantom(tmp_path / "in.nii.gz")


def _bundle(tmp_path, **settings):
    from make_bundle import make_tiny_bundle

    return make_tiny_bundle(tmp_path / "tiny", **{"kind": "random", **settings})


# The file


def test_a_missing_file(refuse, tmp_path):
    refuse(tmp_path / "no.nii.gz", named=["no.nii.gz"])


@pytest.mark.parametrize("name", ["in.nii.gz", "in.nii", "in.nrrd", "in.mha"])
def test_a_file_that_is_no_image(refuse, tmp_path, name):
    (tmp_path / name).write_bytes(b"this is not an image\n" * 40)
    refuse(tmp_path / name, named=[name])


@pytest.mark.parametrize("name", ["in.nii.gz", "in.nii", "in.nrrd", "in.mha"])
def test_a_file_that_is_cut_short(refuse, tmp_path, name):
    path = write_phantom(tmp_path / name)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    refuse(path, named=[name])


def test_a_file_of_another_kind(refuse, tmp_path):
    (tmp_path / "in.txt").write_text("hello")
    refuse(tmp_path / "in.txt", named=["in.txt", ".nii.gz"])


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser can read every file")
def test_a_file_that_may_not_be_read(refuse, phantom):
    phantom.chmod(0)
    done = run_command("enhance", phantom, phantom.parent / "out.nii.gz", "--model", "median")
    phantom.chmod(0o600)
    assert_refused(done, "in.nii.gz")


# The DICOM folder


def test_a_folder_without_a_series(refuse, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "notes.txt").write_text("nothing")
    refuse(folder, named=["folder"])


def test_a_folder_with_two_series_names_them_and_the_option(refuse, tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    for number in ("7", "8"):
        write_dicom_series(folder, UID + number)
    refuse(folder, named=["folder", UID + "7", UID + "8", "--series"])
    refuse(folder, "--series", UID + "9", named=[UID + "9", UID + "7"])
    done = run_command("enhance", folder, tmp_path / "out.nrrd", "--model", "median", "--series", UID + "8")
    assert done.returncode == 0, done.stderr


def test_a_series_of_a_file(refuse, phantom):
    refuse(phantom, "--series", UID + "7", named=["in.nii.gz", "--series"])


# The voxels


def test_an_empty_volume(refuse, tmp_path):
    header = "NRRD0004\ntype: short\ndimension: 3\nsizes: 4 0 4\nencoding: raw\nendian: little\n\n"
    (tmp_path / "in.nrrd").write_text(header)
    refuse(tmp_path / "in.nrrd", named=["in.nrrd"])


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".nrrd", ".mha"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_voxels_that_are_no_numbers(refuse, tmp_path, value, suffix):
    voxels = make_phantom(dtype="float32")
    voxels[2, 3, 4] = value
    refuse(write_phantom(tmp_path / f"in{suffix}", voxels), named=["1 of the volume's voxels", "(4, 3, 2)"])


def test_a_constant_volume(refuse, tmp_path):
    refuse(write_phantom(tmp_path / "in.nii.gz", np.full((4, 9, 9), 37, np.int16)), named=["constant", "37"])


def test_an_rgb_volume(refuse, tmp_path):
    import SimpleITK

    image = SimpleITK.GetImageFromArray(np.zeros((4, 8, 8, 3), np.uint8), isVector=True)
    SimpleITK.WriteImage(image, str(tmp_path / "in.nrrd"))
    refuse(tmp_path / "in.nrrd", named=["in.nrrd", "3"])


def test_a_volume_with_time(refuse, tmp_path):
    import SimpleITK

    image = SimpleITK.GetImageFromArray(
        np.random.default_rng(0).random((5, 4, 8, 8), np.float32), isVector=False
    )
    SimpleITK.WriteImage(image, str(tmp_path / "in.nii.gz"))
    refuse(tmp_path / "in.nii.gz", named=["in.nii.gz", "5"])


def test_a_label_map(refuse, tmp_path):
    labels = (make_phantom((8, 30, 30)) > 300).astype(np.uint8) * 3
    refuse(write_phantom(tmp_path / "in.nii.gz", labels), named=["label map", "2"])


# The model


def test_a_volume_of_another_modality_than_the_models(refuse, phantom, tmp_path):
    bundle = _bundle(tmp_path)
    refuse(phantom, "--model", bundle, "--modality", "CT", named=["CT", "MR"])


def test_an_unknown_model(refuse, phantom):
    refuse(phantom, "--model", "mr-denoize", named=["mr-denoize", "median"])


def test_a_folder_that_is_no_model(refuse, phantom, tmp_path):
    (tmp_path / "empty").mkdir()
    refuse(phantom, "--model", tmp_path / "empty", named=["empty"])


@pytest.mark.parametrize("spoil", SPOILERS, ids=lambda spoil: spoil.__name__)
def test_a_bundle_that_must_not_be_loaded(refuse, phantom, tmp_path, spoil):
    bundle = _bundle(tmp_path)
    named = spoil(bundle)
    refuse(phantom, "--model", bundle, "--modality", "MR", named=[named])
    listed = run_command("models", env={**os.environ, "GANENHANCE_MODELS": str(bundle)})
    assert listed.returncode == 0, "one broken bundle must not spoil the list"


# The options


def test_an_roi_outside(refuse, phantom):
    refuse(phantom, "--roi", "0:24,0:20,0:7", named=["0:7", "k", "0:6"])


@pytest.mark.parametrize("device", ["cuda:7", "mps"])
def test_a_device_that_is_not_there(refuse, phantom, tmp_path, device):
    bundle = _bundle(tmp_path)
    refuse(phantom, "--model", bundle, "--modality", "MR", "--device", device, named=[device, "openvino"])


# The outputs


@pytest.mark.parametrize("name", ["out.nii.gz", "--residual", "--report", "--picture"])
@pytest.mark.parametrize("place", ["missing", "/proc", "folder"])
def test_an_output_that_cannot_be_written(refuse, phantom, tmp_path, name, place):
    suffix = {"--report": ".json", "--picture": ".png"}.get(name, ".nii.gz")
    path = (tmp_path / "missing" if place == "missing" else tmp_path) / f"x{suffix}"
    if place == "/proc":
        path = f"/proc/x{suffix}"  # not even the superuser can make a file there
    elif place == "folder":
        path.mkdir()
    if name.startswith("--"):
        refuse(phantom, name, path, named=[str(path) if place == "folder" else os.path.dirname(path)])
    else:
        refuse(phantom, output=path, named=[str(path) if place == "folder" else os.path.dirname(path)])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--residual", "x.png"], ["x.png", ".nii.gz"]),
        (["--report", "x.txt"], ["x.txt", ".json"]),
        (["--picture", "x.jpg"], ["x.jpg", ".png"]),
    ],
)
def test_an_output_of_unknown_type(refuse, phantom, tmp_path, words, named):
    refuse(phantom, *words, named=named, cwd=tmp_path)


def test_the_input_is_not_overwritten(refuse, phantom, tmp_path):
    refuse(phantom, output=phantom, named=["INPUT", "OUTPUT", "in.nii.gz"])
    refuse(phantom, output=tmp_path / ".." / tmp_path.name / "in.nii.gz", named=["INPUT", "OUTPUT"])
    (tmp_path / "link.nii.gz").symlink_to(phantom)
    refuse(phantom, output=tmp_path / "link.nii.gz", named=["INPUT", "OUTPUT"])
    refuse(phantom, "--residual", phantom, named=["INPUT", "--residual"])
    refuse(phantom, "--residual", tmp_path / "out.nii.gz", named=["OUTPUT", "--residual"])


def _small_disk(limit):
    """Let no file of the process grow above so many bytes, as on a disk that is full."""

    def limit_files():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    return limit_files


@pytest.mark.parametrize("suffix", [".nii", ".nii.gz", ".nrrd", ".mha"])
def test_a_full_disk_for_the_volume(refuse, tmp_path, suffix):
    source = write_phantom(tmp_path / "in.nrrd", make_phantom((12, 60, 60)))
    output = tmp_path / f"out{suffix}"
    refuse(source, output=output, named=[str(output)], preexec_fn=_small_disk(8000))


def test_a_full_disk_for_the_residual_leaves_no_volume_either(refuse, tmp_path):
    source = write_phantom(tmp_path / "in.nrrd", make_phantom((12, 60, 60)))
    residual = tmp_path / "removed.nii"
    words = ["--residual", residual, "--report", tmp_path / "report.json"]
    line = refuse(source, *words, named=[str(residual)], preexec_fn=_small_disk(110_000))
    assert ".ganenhance" not in line


@pytest.mark.parametrize("name", ["report.json", "look.png"])
def test_a_full_disk_for_report_and_picture(refuse, tmp_path, name):
    source = write_phantom(tmp_path / "in.nrrd", make_phantom((2, 10, 10)))
    option = "--report" if name == "report.json" else "--picture"
    path = tmp_path / name
    refuse(source, option, path, named=[str(path)], preexec_fn=_small_disk(1500))


def test_a_killed_command_leaves_no_output(tmp_path):
    source = write_phantom(tmp_path / "in.nii.gz", make_phantom((40, 200, 200)))
    output = tmp_path / "out.nii.gz"
    words = ["enhance", source, output, "--model", "nlm", "--json-progress"]
    process = subprocess.Popen([*COMMAND, *map(str, words)], stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    process.kill()
    process.communicate()
    assert not output.exists()


# Other commands


def test_evaluating_volumes_on_different_grids(tmp_path, phantom):
    from command_line import make_volume

    from GANEnhanceLib.volume import Volume, write_volume

    smaller = write_phantom(tmp_path / "smaller.nrrd", make_phantom((5, 20, 24)))
    assert_refused(run_command("evaluate", smaller, phantom, "--data-range", 1), "24 x 20 x 5", "24 x 20 x 6")
    volume = make_volume()
    moved = volume.ijk_to_ras.copy()
    moved[2, 3] += 1.5
    write_volume(Volume(volume.voxels, moved), tmp_path / "moved.nrrd")
    done = run_command("evaluate", tmp_path / "moved.nrrd", phantom, "--data-range", 1)
    assert_refused(done, "1.5 mm", "output", "reference")


def test_evaluating_what_cannot_be_measured(tmp_path, phantom):
    voxels = make_phantom(dtype="float32")
    voxels[0, 0, 0] = np.nan
    broken = write_phantom(tmp_path / "nan.nrrd", voxels)
    empty = write_phantom(tmp_path / "mask.nrrd", np.zeros(voxels.shape, np.uint8))
    for words, named in (
        ((broken, phantom, "--data-range", 1), "output has 1 voxel"),
        ((phantom, broken, "--data-range", 1), "reference has 1 voxel"),
        ((phantom, phantom, "--data-range", 1, "--mask", empty), "mask is empty"),
        ((phantom, phantom, "--data-range", 0), "0"),
        ((phantom, phantom, "--data-range", -3), "-3"),
        ((phantom, phantom, "--data-range", "inf"), "inf"),
    ):
        assert_refused(run_command("evaluate", *words), named)


def test_simulating_never_overwrites_or_half_writes(tmp_path, phantom):
    noise = ("--kind", "mr-rician", "--percent", 5)
    before = files_in(tmp_path)
    assert_refused(run_command("simulate", phantom, phantom, *noise), "OUTPUT", "CLEAN")
    assert_refused(run_command("simulate", tmp_path / "no.nii", tmp_path / "o.nii", *noise), "no.nii")
    out = tmp_path / "out.nrrd"
    done = run_command("simulate", phantom, out, *noise, preexec_fn=_small_disk(500))
    assert_refused(done, str(out))
    assert files_in(tmp_path) == before


def test_a_model_that_does_not_hold_fails_the_check(tmp_path):
    bundle = _bundle(tmp_path)
    (bundle / "LICENSE").unlink()
    assert_refused(run_command("models", "verify", bundle), "LICENSE")
    assert_refused(run_command("models", "verify", tmp_path / "nothing"), "nothing")
    assert_refused(run_command("models", "show", "nothing"), "nothing", "median")
