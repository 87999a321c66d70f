"""The talk (see `talk`) that enhances one volume: voxels out, `enhance`, voxels in, the node."""

from pathlib import Path

from GANEnhancePanel.doubtmap import doubtVoxels, makeResult
from GANEnhancePanel.region.files import writtenRegion
from GANEnhancePanel.resultgrid import onResultGrid, resultVoxels
from GANEnhancePanel.talks.talk import Ask, Share, WorkerFiles, copying
from GANEnhancePanel.volumes import imageDataFromArray, writeVoxels

# Shares of the progress: copying is quick beside the work of the model.
COPY_IN = Share(0.0, 0.03)
COPY_REGION = Share(0.03, 0.04)
ENHANCE = Share(0.04, 0.92)
MEASURE = Share(0.92, 0.96)
COPY_OUT = Share(0.96, 0.99)
COPY_DOUBT = Share(0.99, 1.0)


def enhanceVolume(task, reference=None):
    """Return the talk of one `EnhanceTask`; its value is (output node, report).

    :param reference: `Reference` that input and result are measured against (`measures` of the report), or
        None.
    """
    hello = yield Ask("hello")
    files = WorkerFiles(Path(hello["folder"]))
    try:
        source = files.newPath()
        yield from copying(writeVoxels(task.inputNode, source, task.voxelTime), COPY_IN)
        region = yield from writtenRegion(task.region, files, COPY_REGION)
        params = task.requestParams(source.name, region)
        answer = yield Ask("enhance", params, ENHANCE)
        result, report = files.path(answer["file"]), answer["report"]
        if reference is not None:
            report["measures"] = yield from reference.measure(task, source.name, answer, files)
        voxels = resultVoxels(result, task, answer)
        image = yield from copying(imageDataFromArray(voxels), COPY_OUT)
        doubt = doubtVoxels(answer, files.path, task)
        if doubt is not None:
            doubt = yield from copying(imageDataFromArray(doubt), COPY_DOUBT)
    finally:
        files.clear()
    return makeResult(onResultGrid(task, answer), image, doubt, report), report
