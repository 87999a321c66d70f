"""Super-resolution as people ask for it: by the command and by the worker, with equal voxels."""

from __future__ import annotations

import json

import numpy as np
import pytest
from command_line import make_phantom, make_volume, write_phantom
from make_bundle import make_tiny_bundle

from GANEnhanceLib import protocol
from GANEnhanceLib.cli import main
from GANEnhanceLib.errors import OptionError
from GANEnhanceLib.finer.grid import Grid
from GANEnhanceLib.inference import EnhanceOptions, run
from GANEnhanceLib.models import load_model
from GANEnhanceLib.volume import Volume, read_volume, write_volume

SHAPE = (7, 19, 22)
ABLE = {
    "through_plane": {"factors": [1.5, 4], "profile": "gaussian"},
    "in_plane": {"factors": [1.5, 2], "profile": "kspace"},
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "tiny-superres"
    fields = {"task": "super-resolution", "super_resolution": ABLE}
    return str(make_tiny_bundle(folder, "random", 3, **fields))


@pytest.fixture(scope="module")
def like(tmp_path_factory):
    """A file on a grid that is turned against the phantom's and overlaps it partly."""
    grid = np.diag([1.2, 1.2, 1.1, 1.0])
    grid[:3, 3] = -28, 14, 8
    path = tmp_path_factory.mktemp("like") / "other.nrrd"
    write_volume(Volume(np.zeros((9, 14, 15), np.uint8), grid), path)
    return path


def type_in(*words):
    """Run `ganenhance` with these words, as a person does but in this process; it must succeed."""
    assert main([str(word) for word in words]) == 0


def assert_refused_in_a_line(capsys, words, *named):
    """The command ends with one sentence that names what is wrong."""
    capsys.readouterr()
    assert main([str(word) for word in words]) == 2
    line = capsys.readouterr().err.strip()
    assert line.startswith("ganenhance: ") and "\n" not in line
    assert all(text in line for text in named), line


CASES = {
    "cubes": ([], {}),
    "scale": (["--scale", "2x1x3"], {"scale": (2.0, 1.0, 3.0)}),
    "spacing": (["--spacing", "1.3"], {"spacing": 1.3}),
    "roi": (
        ["--scale", "1x1x2", "--roi", "3:15,2:17,1:4"],
        {"scale": (1.0, 1.0, 2.0), "roi": ((3, 15), (2, 17), (1, 4))},
    ),
    "weak": (["--float", "--strength", "0.4"], {"output_type": "float32", "strength": 0.4}),
    "like": (["--like"], {}),
}


@pytest.mark.parametrize("case", CASES)
def test_command_worker_and_library_are_equal(session, bundle, like, tmp_path, case):
    words, values = CASES[case]
    if case == "like":
        words, values = ["--like", like], {"like": Grid.of(read_volume(like))}
    source = write_phantom(tmp_path / "in.nrrd", make_phantom(SHAPE))
    type_in("enhance", source, tmp_path / "out.nrrd", "--model", bundle, "--modality", "MR", *words)
    command = read_volume(tmp_path / "out.nrrd")

    read, options = read_volume(source), EnhanceOptions(**values)
    volume = Volume(read.voxels, read.ijk_to_ras, "MR", "phantom")
    worker, _ = session.enhance(volume, bundle, options)
    library = run(volume, load_model(bundle), options).volume

    assert command.shape != volume.shape, "the grid was kept, so nothing is compared"
    for other in (worker, library):
        assert other.voxels.dtype == command.voxels.dtype
        np.testing.assert_array_equal(other.voxels, command.voxels)
        np.testing.assert_allclose(other.ijk_to_ras, command.ijk_to_ras, atol=1e-9)


def test_the_worker_keeps_blends_and_previews_on_the_finer_grid(session, bundle):
    volume = make_volume(make_phantom(SHAPE))
    options = EnhanceOptions(scale=(1.0, 1.0, 3.0))
    whole, report, kept = session.enhance_and_keep(volume, bundle, options)
    assert whole.shape == (21, 19, 22) and report["finer"]["factors"] == [1, 1, 3]
    half, _ = session.blend(kept, 0.5)
    expected, _ = session.enhance(volume, bundle, options.replace(strength=0.5))
    np.testing.assert_array_equal(half, expected.voxels)
    one, _ = session.blend(kept, 1.0, "k", 10)
    np.testing.assert_array_equal(one, whole.voxels[10])
    session.forget(kept)
    image, told = session.preview(volume, "k", 3, bundle, options)
    assert np.abs(image - whole.voxels[10].astype(float)).max() <= 1  # rounding of whole numbers
    assert told["finer"]["shape"] == [21, 19, 22]
    image, _ = session.preview(volume, "j", 5, bundle, options)
    assert np.abs(image - whole.voxels[:, 5].astype(float)).max() <= 1


def test_the_check_foretells_the_finer_grid(session, bundle):
    """More memory for more voxels, and a sentence where nothing can be refined."""
    volume = make_volume(np.arange(40 * 64 * 64, dtype=np.int32).reshape(40, 64, 64))
    few, many = (
        session.check(volume, models=[bundle], scale=scale)["models"][bundle]
        for scale in ([1, 1, 2], [2, 2, 4])
    )
    assert few["level"] == "ok" and many["memory_mib"] > few["memory_mib"] + 20
    even = Volume(volume.voxels, np.eye(4), "MR")
    row = session.check(even, models=[bundle])["models"][bundle]
    assert row["level"] == "refuse" and "nothing is to be refined" in row["sentence"]
    plain = session.check(volume, models=["median"], scale=[1, 1, 2])["models"]["median"]
    assert plain["level"] == "ok"


def test_the_worker_refuses_and_cancels(session, bundle):
    volume = make_volume(make_phantom(SHAPE))
    with pytest.raises(OptionError, match="along k is 9.*trained for"):
        session.enhance(volume, bundle, EnhanceOptions(scale=(1.0, 1.0, 9.0)))
    big = make_volume(make_phantom((30, 200, 200)))
    seen = []
    with pytest.raises(protocol.Cancelled):
        session.enhance(big, bundle, on_progress=seen.append, cancelled=lambda: len(seen) > 2)
    assert session.enhance(volume, bundle)[0].shape != volume.shape


def test_files_of_a_run_lie_on_the_finer_grid(bundle, tmp_path, capsys):
    source = write_phantom(tmp_path / "in.nrrd", make_phantom(SHAPE))
    out, removed, report = (tmp_path / name for name in ("out.nrrd", "removed.nrrd", "report.json"))
    words = ["--model", bundle, "--modality", "MR", "--scale", "1x1x2"]
    type_in(
        "enhance",
        source,
        out,
        *words,
        "--residual",
        removed,
        "--report",
        report,
        "--picture",
        tmp_path / "p.png",
    )
    assert read_volume(removed).shape == read_volume(out).shape == (14, 19, 22)
    told = json.loads(report.read_text())
    assert told["options"]["scale"] == [1, 1, 2] and told["provenance"]["finer"]["factors"] == [1, 1, 2]
    type_in("enhance", source, tmp_path / "2.nrrd", *words, "--reference", out, "--report", report)
    again = tmp_path / "3.nrrd"
    assert_refused_in_a_line(
        capsys,
        ["enhance", source, again, *words, "--reference", source, "--report", report],
        "result has 22 x 19 x 14",
        "reference has 22 x 19 x 7",
    )


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--scale", "1x3"], "'1x3'"),
        (["--spacing", "thin"], "'thin'"),
        (["--spacing", "0"], "must be mm"),
        (["--scale", "1x1x8"], "along k is 8"),
        (["--like", "nowhere.nrrd"], "nowhere.nrrd"),
    ],
)
def test_the_command_refuses_in_a_sentence(bundle, tmp_path, capsys, words, named):
    source = write_phantom(tmp_path / "in.nrrd")
    assert_refused_in_a_line(
        capsys, ["enhance", source, tmp_path / "o.nrrd", "--model", bundle, "--modality", "MR", *words], named
    )
    assert not (tmp_path / "o.nrrd").exists()
