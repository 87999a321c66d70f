"""Sequences (4-D volumes, ultrasound cines): whose proxy a volume is, its frames, a new sequence beside it.

A sequence holds its frames as nodes of a scene of its own. A sequence browser shows one of them in the main
scene, in a volume called the proxy. Nothing here computes; frames are numbered from 0, as the browser does.
"""

import contextlib
from dataclasses import dataclass
from typing import Any

import slicer
from slicer.i18n import tr as _

from GANEnhanceLib.errors import ContractError, DeviceError, GANEnhanceError, InputError, OptionError
from GANEnhanceLib.protocol import UnexpectedError
from GANEnhancePanel.output import (
    SOURCE_ROLE,
    copyLook,
    placeBesideSource,
    provenanceAttributes,
    setAttributes,
    setVoxels,
)
from GANEnhancePanel.volumes import checkInputNode

# Codes of errors that belong to one frame; the others (a wrong option, a broken model) do to the whole run.
OF_A_FRAME = {kind.code for kind in (InputError, ContractError, DeviceError, UnexpectedError)}


@dataclass(frozen=True)
class SequenceSource:
    """A sequence of volumes; `browser` and `proxy` are None where nothing in the scene shows it."""

    sequence: Any
    browser: Any = None
    proxy: Any = None

    @property
    def count(self):
        """Return the number of frames."""
        return self.sequence.GetNumberOfDataNodes()

    @property
    def shown(self):
        """Return the number of the frame that is shown, None if none is."""
        number = self.browser.GetSelectedItemNumber() if self.browser is not None else -1
        return number if 0 <= number < self.count else None

    def frame(self, number):
        """Return the node of a frame (of the sequence's own scene)."""
        return self.sequence.GetNthDataNode(number)

    def indexValue(self, number):
        """Return the text of the index (time, mostly) of a frame."""
        return self.sequence.GetNthIndexValue(number)


def sequenceOfProxy(node):
    """Return the SequenceSource whose frames a volume node shows, or None if it shows none."""
    scene = node.GetScene() if node is not None else None
    if scene is None:
        return None
    for browser in _browsers(scene):
        sequence = browser.GetSequenceNode(node)
        if sequence is not None and sequence.GetNumberOfDataNodes() > 0:
            return SequenceSource(sequence, browser, node)
    return None


def sourceOf(node):
    """Return the SequenceSource of a sequence node or of the proxy of one.

    :raises InputError: it is neither.
    """
    if node is None:
        raise InputError(_("No sequence is chosen."), _("Choose the sequence to enhance."))
    if not node.IsA("vtkMRMLSequenceNode"):
        source = sequenceOfProxy(node)
        if source is None:
            raise InputError(
                _("The input node is a {kind} that shows no sequence.").format(kind=node.GetNodeTagName()),
                _("Give a sequence node, or the volume that a sequence browser shows."),
            )
        return source
    for browser in _browsers(node.GetScene()) if node.GetScene() is not None else []:
        proxy = browser.GetProxyNode(node)
        if proxy is not None:
            return SequenceSource(node, browser, proxy)
    return SequenceSource(node)


def colorSequence(scene):
    """Return a sequence of color volumes that a browser of the scene shows, or None."""
    for browser in _browsers(scene):
        sequence = browser.GetMasterSequenceNode()
        if sequence is not None and sequence.GetDataNodeClassName() == "vtkMRMLVectorVolumeNode":
            return sequence
    return None


def colorError(sequence):
    """Return the error for a sequence of color frames: what is wrong, and what to do."""
    return InputError(
        _(
            "The frames of {name} are in color; only those with one value in each voxel can be enhanced."
        ).format(name=sequence.GetName()),
        _("Convert them to gray first: the scripting page shows how in ten lines."),
    )


def checkFrames(source, frames=None):
    """Return the numbers of the frames to enhance, in their order; None means all.

    :raises InputError: a frame is no scalar volume; the sentence says which.
    :raises OptionError: a number is not that of a frame.
    """
    if source.count == 0:
        raise InputError(_("The sequence has no frames."), _("Load or record it first."))
    if source.sequence.GetDataNodeClassName() == "vtkMRMLVectorVolumeNode":
        raise colorError(source.sequence)
    numbers = list(range(source.count)) if frames is None else sorted({int(number) for number in frames})
    wrong = [number for number in numbers if not 0 <= number < source.count]
    if wrong or not numbers:
        raise OptionError(
            _("The frames are {frames}, but the sequence has frames 0 to {last}.").format(
                frames=wrong or numbers, last=source.count - 1
            )
        )
    for number in numbers:
        with frameErrors(source, number):
            checkInputNode(source.frame(number))
    return numbers


@contextlib.contextmanager
def frameErrors(source, number):
    """Context in which our errors say to which frame (`number` from 0) they belong."""
    try:
        yield
    except GANEnhanceError as error:
        if error.code not in OF_A_FRAME:
            raise
        sentence = _("Frame {number} of {count}: {sentence}").format(
            number=number + 1, count=source.count, sentence=error.sentence
        )
        raise type(error)(sentence, error.hint) from error


def emptyCopy(source):
    """Return a new sequence node, in no scene, with the name, unit and kind of the source's index."""
    sequence = slicer.vtkMRMLSequenceNode()
    sequence.SetIndexName(source.sequence.GetIndexName())
    sequence.SetIndexUnit(source.sequence.GetIndexUnit())
    sequence.SetIndexType(source.sequence.GetIndexType())
    sequence.SetNumericIndexValueTolerance(source.sequence.GetNumericIndexValueTolerance())
    return sequence


def severalFramesError():
    """Return the error for frames that a model for super-resolution would bring to finer grids."""
    return OptionError(
        _("Models for super-resolution do not enhance the frames of a sequence together."),
        _("Enhance the one that is shown, or choose a model that keeps the grid."),
    )


def addFrame(sequence, source, number, task, image, report):
    """Add an enhanced frame to a sequence: `image` (vtkImageData) at the index value of frame `number`."""
    bare = slicer.vtkMRMLScalarVolumeNode()
    bare.SetName(source.frame(number).GetName())
    # The sequence copies the node deeply; the voxels are given to the copy, so that they are not copied.
    node = sequence.SetDataNodeAtValue(bare, source.indexValue(number))
    setVoxels(node, image, task)
    setAttributes(node, provenanceAttributes(report, task.modality))


def addBesideSource(sequence, source, report, modality=None):
    """Put a complete sequence into the scene, played together with its source.

    :raises InputError: the source is not in a scene any more.
    """
    scene = source.sequence.GetScene()
    if scene is None:
        raise InputError(_("The sequence was deleted."), _("Choose another sequence."))
    sequence.SetName(scene.GenerateUniqueName(_("{name} enhanced").format(name=source.sequence.GetName())))
    setAttributes(sequence, provenanceAttributes(report, modality))
    scene.AddNode(sequence)
    sequence.SetNodeReferenceID(SOURCE_ROLE, source.sequence.GetID())
    placeBesideSource(source.sequence, sequence)
    if source.browser is None or source.browser.GetScene() is not scene:
        return
    proxy = _makeProxy(sequence, source, scene)
    # In one go: otherwise the browser makes a proxy of its own in between.
    with slicer.util.NodeModify(source.browser):
        source.browser.AddSynchronizedSequenceNodeID(sequence.GetID())
        source.browser.AddProxyNode(proxy, sequence, False)
        if sequence.GetNumberOfDataNodes() < source.count:
            # Frames that were not enhanced are empty, instead of showing the last one that was.
            source.browser.SetMissingItemMode(sequence, source.browser.MissingItemSetToDefault)


def _makeProxy(sequence, source, scene):
    proxy = slicer.vtkMRMLScalarVolumeNode()
    proxy.SetName(sequence.GetName())
    first = sequence.GetNthDataNode(0)
    proxy.CopyContent(first, False)
    for name in list(first.GetAttributeNames()):
        proxy.SetAttribute(name, first.GetAttribute(name))
    inputProxy = source.proxy if source.proxy is not None and source.proxy.GetScene() is scene else None
    if inputProxy is not None:
        proxy.SetNodeReferenceID(SOURCE_ROLE, inputProxy.GetID())
        proxy.SetAndObserveTransformNodeID(inputProxy.GetTransformNodeID())
        copyLook(inputProxy, proxy, scene)
    scene.AddNode(proxy)
    if inputProxy is not None:
        placeBesideSource(inputProxy, proxy)
    return proxy


def _browsers(scene):
    """Return the browsers of a scene, without those that lose a node at this moment.

    While a node is being removed a browser must not be asked for its nodes: it would drop the lost one in the
    middle of the removal, and the application would crash.
    """
    kind = "vtkMRMLSequenceBrowserNode"
    browsers = [scene.GetNthNodeByClass(n, kind) for n in range(scene.GetNumberOfNodesByClass(kind))]
    return [browser for browser in browsers if all(map(scene.GetNodeByID, _referencedIDs(browser)))]


def _referencedIDs(node):
    """Return the IDs of all nodes that a node refers to, as texts; no node is looked up."""
    roles = [node.GetNthNodeReferenceRole(n) for n in range(node.GetNumberOfNodeReferenceRoles())]
    return [
        node.GetNthNodeReferenceID(role, n)
        for role in roles
        for n in range(node.GetNumberOfNodeReferences(role))
    ]
