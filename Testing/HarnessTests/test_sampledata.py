"""The stand-in of SampleData: registered samples are downloaded, checked, cached and loaded."""

import functools
import hashlib
import http.server
import threading

import harness
import pytest

harness.start()
import SampleData  # noqa: E402
import slicer  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


@pytest.fixture
def file(volume, tmp_path):
    """A volume file and its checksum."""
    path = tmp_path / "head.nrrd"
    slicer.util.saveNode(volume, str(path))
    slicer.mrmlScene.Clear(0)
    yield path, "SHA256:" + hashlib.sha256(path.read_bytes()).hexdigest()
    slicer.modules.sampleDataSources = {}


@pytest.fixture
def server(tmp_path):
    """Address of a web server of the folder, and the paths that were asked of it."""
    asked = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            asked.append(self.path)

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=tmp_path))
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}", asked
    made.shutdown()
    made.server_close()
    thread.join()


def register(uri, checksum, **more):
    """Register one sample."""
    SampleData.SampleDataLogic.registerCustomSampleDataSource(
        category="Mine", sampleName="Head", uris=uri, checksums=checksum, nodeNames="MyHead", **more
    )


def test_a_file_is_loaded_and_named(file):
    path, checksum = file
    register(path.as_uri(), checksum, fileNames="first.nrrd")
    node = SampleData.downloadSample("Head")
    assert node.GetName() == "MyHead" and slicer.util.arrayFromVolume(node).max() == 23
    assert [source.sampleName for source in slicer.modules.sampleDataSources["Mine"]] == ["Head"]


def test_registering_twice_is_registering_once(file):
    for _ in range(2):
        register(file[0].as_uri(), file[1], fileNames="first.nrrd")
    assert len(SampleData.SampleDataLogic.sampleDataSourcesByCategory("Mine")) == 1


def test_a_download_is_kept_in_the_cache(file, server):
    address, asked = server
    register(f"{address}/head.nrrd", file[1], fileNames="second.nrrd")
    for _ in range(2):
        assert SampleData.downloadSample("Head")
    assert asked == ["/head.nrrd"]


def test_a_wrong_checksum_is_not_loaded(file):
    register(file[0].as_uri(), "SHA256:" + 64 * "0", fileNames="third.nrrd")
    assert SampleData.downloadSamples("Head") == []
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") == 0


def test_files_can_be_downloaded_only(file):
    register(file[0].as_uri(), file[1], fileNames="fourth.nrrd", loadFiles=False)
    (path,) = SampleData.downloadSamples("Head")
    assert path.endswith("fourth.nrrd") and slicer.mrmlScene.GetFirstNodeByName("MyHead") is None


def test_lists_must_be_as_long_as_each_other():
    with pytest.raises(ValueError, match="different lengths"):
        SampleData.SampleDataSource("Two", uris=["a", "b"], fileNames=["a"], nodeNames=["a", "b"])
    assert SampleData.downloadSamples("Nobody") == []
