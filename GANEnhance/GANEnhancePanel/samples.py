"""The shipped real volumes in the application: in the scene at once, and in the Sample Data module.

Nothing is downloaded. A sample carries its modality in our own node attribute, so that the model for it is
found without DICOM.
"""

import logging
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError
from GANEnhanceLib.samples import list_samples, sample_path
from GANEnhancePanel.modality import NODE_ATTRIBUTE

CATEGORY = "GANEnhance"
_ICONS = Path(__file__).resolve().parent.parent / "Resources" / "Icons"


def sampleLabels():
    """Return (name, text for people) of the samples, the one to begin with first."""
    known = {
        "t1-head-noise": _("MR head, noise added"),
        "t1-head": _("MR head, T1-weighted"),
        "b0": _("MR brain, diffusion b=0 (noisy)"),
    }
    labels = {sample.name: known.get(sample.name, sample.title) for sample in list_samples()}
    first = [name for name in known if name in labels]
    return [(name, labels[name]) for name in [*first, *(name for name in labels if name not in first)]]


def loadSample(name):
    """Load a sample into the scene, show it in the slice views, and return its node.

    :raises InputError: the sample is not there, or cannot be read.
    """
    path, label = sample_path(name), dict(sampleLabels())[name]
    try:
        node = slicer.util.loadVolume(str(path), {"name": label, "show": False})
    except RuntimeError as error:
        raise InputError(
            _("The sample {path} cannot be read.").format(path=path), _("Install the extension again.")
        ) from error
    node.SetAttribute(NODE_ATTRIBUTE, _sampleNamed(name).modality)
    _forgetFile(node)
    slicer.util.setSliceViewerLayers(background=node, fit=True)
    return node


def registerSamples():
    """Offer the samples in the Sample Data module; the application calls this when it has started."""
    try:
        import SampleData
    except ImportError:
        logging.debug("GANEnhance: there is no Sample Data module here.")
        return
    for name, label in sampleLabels():
        sample = _sampleNamed(name)
        SampleData.SampleDataLogic.registerCustomSampleDataSource(
            category=CATEGORY,
            sampleName=label,
            uris=sample.path.as_uri(),
            fileNames=sample.file,
            nodeNames=label,
            checksums=f"SHA256:{sample.sha256}",
            thumbnailFileName=str(_ICONS / f"GANEnhanceSample-{name}.png"),
            # By the button of Sample Data, so that the modality is known there as well.
            customDownloader=lambda source, name=name: [loadSample(name)],
        )


def _sampleNamed(name):
    return next(sample for sample in list_samples() if sample.name == name)


def _forgetFile(node):
    """Let the volume be saved with the scene, instead of pointing into the installed extension."""
    storage = node.GetStorageNode()
    if storage is not None:
        node.SetAndObserveStorageNodeID(None)
        slicer.mrmlScene.RemoveNode(storage)
