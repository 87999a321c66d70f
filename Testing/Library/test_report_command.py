"""`ganenhance enhance --report`: the three kinds of files, with a reference and without."""

import csv
import io
import json

import pytest
from command_line import assert_refused, files_in, run_command
from measure_cases import clean_image, image_with_noise

from GANEnhanceLib.metrics import psnr
from GANEnhanceLib.volume import read_volume, write_volume


@pytest.fixture(scope="module")
def volumes(tmp_path_factory):
    """Paths of a noisy volume and its reference."""
    folder = tmp_path_factory.mktemp("volumes")
    noisy = image_with_noise(20)
    write_volume(noisy, folder / "noisy.nrrd")
    write_volume(noisy.with_voxels(clean_image()), folder / "clean.nrrd")
    return folder / "noisy.nrrd", folder / "clean.nrrd"


def enhance(volumes, folder, report, *words):
    out = folder / "out.nrrd"
    done = run_command("enhance", volumes[0], out, "--model", "median", "--report", folder / report, *words)
    assert done.returncode == 0, done.stderr
    assert f"Wrote the report: {folder / report}" in done.stdout
    assert sorted(files_in(folder)) == sorted(["out.nrrd", report])
    return (folder / report).read_bytes().decode("utf-8")


def test_a_json_report_has_the_run_and_its_measures(volumes, tmp_path):
    report = json.loads(enhance(volumes, tmp_path, "r.json", "--reference", volumes[1]))
    rows = {row["name"]: row for row in report["measures"]["rows"]}
    assert rows["noise"]["before"] == report["noise"]["before"]
    assert rows["noise"]["after"] == report["noise"]["after"] < report["noise"]["before"]
    assert report["measures"]["data_range"] == 500
    assert report["measures"]["conclusions"][0].startswith("Noise fell to")
    output, reference = (read_volume(path).voxels for path in (tmp_path / "out.nrrd", volumes[1]))
    assert rows["psnr"]["after"] == pytest.approx(psnr(output, reference, 500))
    assert report["files"]["output"].endswith("out.nrrd") and report["provenance"]


def test_a_page_has_pictures_and_names_the_files(volumes, tmp_path):
    page = enhance(volumes, tmp_path, "r.HTML")
    assert page.count("data:image/png;base64,") == 9
    assert str(tmp_path / "out.nrrd") in page and "Noise fell to" in page


def test_a_table_has_a_row_a_figure(volumes, tmp_path):
    content = enhance(volumes, tmp_path, "r.csv", "--reference", volumes[1], "--data-range", "250")
    rows = {row["name"]: row for row in csv.DictReader(io.StringIO(content, newline=""))}
    assert "Data range 250 (as chosen)" in rows["ssim"]["note"]
    assert rows["noise"]["change"] == "better" and rows["model"]["after"] == "median"


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["--report", "r.pdf"], ["r.pdf", ".html", ".csv", ".json"]),
        (["--reference", "clean"], ["--reference", "--report", "--picture"]),
        (["--report", "r.csv", "--data-range", "5"], ["--data-range", "--reference"]),
        (["--report", "r.csv", "--reference", "clean", "--data-range", "0"], ["data range is 0"]),
        (["--report", "r.csv", "--reference", "clean", "--data-range", "wide"], ["'wide'"]),
    ],
)
def test_what_cannot_be_reported_is_said_before_the_run(volumes, tmp_path, words, named):
    words = [volumes[1] if word == "clean" else word for word in words]
    words = [tmp_path / word if str(word).startswith("r.") else word for word in words]
    assert_refused(run_command("enhance", volumes[0], tmp_path / "out.nrrd", *words), *named)
    assert files_in(tmp_path) == {}
