"""A short noisy cine in the scene: a sequence, its browser and the volume that shows it."""

import numpy as np
import slicer

SHAPE = (3, 20, 24)
NOISE = 30.0


def voxelsOf(number, shape=SHAPE, brightness=0.0):
    """Voxels (int16) of frame `number`: a disk that stands still, noise of its own, a drift of brightness."""
    axes = np.meshgrid(*[np.linspace(-1, 1, size) for size in shape], indexing="ij")
    clean = 600.0 * (axes[1] ** 2 + axes[2] ** 2 < 0.6) + 200.0 + brightness * number
    return (clean + np.random.default_rng(number).normal(0, NOISE, shape)).astype("int16")


def makeCine(count=5, shape=SHAPE, name="Cine", brightness=0.0, voxels=None):
    """Add a cine of `count` frames, 40 ms each; returns (sequence, browser, proxy)."""
    from GANEnhancePanel.phantom import obliqueGrid, vtkMatrix

    scene = slicer.mrmlScene
    sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", name)
    sequence.SetIndexName("time")
    sequence.SetIndexUnit("ms")
    for number in range(count):
        frame = slicer.vtkMRMLScalarVolumeNode()
        frame.SetName(f"{name}_{number}")
        array = voxelsOf(number, shape, brightness) if voxels is None else voxels(number)
        slicer.util.updateVolumeFromArray(frame, array)
        frame.SetIJKToRASMatrix(vtkMatrix(obliqueGrid()))
        sequence.SetDataNodeAtValue(frame, str(40 * number))
    browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", name + " browser")
    browser.SetAndObserveMasterSequenceNodeID(sequence.GetID())
    return sequence, browser, browser.GetProxyNode(sequence)


def makeColorCine(count=2, name="Color cine"):
    """Add a cine of RGB frames; returns (sequence, browser, proxy)."""
    scene = slicer.mrmlScene
    sequence = scene.AddNewNodeByClass("vtkMRMLSequenceNode", name)
    for number in range(count):
        frame = slicer.vtkMRMLVectorVolumeNode()
        slicer.util.updateVolumeFromArray(frame, np.full((1, 8, 9, 3), 10 * number, "uint8"))
        sequence.SetDataNodeAtValue(frame, str(number))
    browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", name + " browser")
    browser.SetAndObserveMasterSequenceNodeID(sequence.GetID())
    return sequence, browser, browser.GetProxyNode(sequence)


def frames(sequence):
    """Voxels of all frames of a sequence, as {index value: array}."""
    return {
        sequence.GetNthIndexValue(n): slicer.util.arrayFromVolume(sequence.GetNthDataNode(n)).copy()
        for n in range(sequence.GetNumberOfDataNodes())
    }


def sequences():
    """The sequence nodes of the scene."""
    return list(slicer.util.getNodesByClass("vtkMRMLSequenceNode"))
