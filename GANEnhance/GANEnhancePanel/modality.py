"""Says which kind of image (MR, CT, US) a volume node holds, from what DICOM left in the scene.

Looked for in this order: the DICOM database entry of the node's first instance (tag 0008,0060), the subject
hierarchy attribute `DICOM.Modality`, our own attribute on volumes that GANEnhance made, and whether the
volume's file is one of the shipped samples. Nothing is guessed from voxels or names: a wrong guess would send
a volume through a model that was never meant for it.
"""

import hashlib
from functools import lru_cache
from pathlib import Path

import slicer

from GANEnhanceLib.samples import list_samples

MODALITY_TAG = "0008,0060"
HIERARCHY_ATTRIBUTE = "DICOM.Modality"
NODE_ATTRIBUTE = "GANEnhance.Modality"
INSTANCES_ATTRIBUTE = "DICOM.instanceUIDs"


def modalityOfNode(node):
    """Return the DICOM modality of a volume node, such as "MR", or None if nothing in the scene says it."""
    for source in (_fromDatabase, _fromSubjectHierarchy, _fromOwnAttribute, _fromSample):
        modality = source(node)
        if modality:
            return modality.strip().upper()
    return None


def _fromDatabase(node):
    uids = (node.GetAttribute(INSTANCES_ATTRIBUTE) or "").split()
    # The application has no database where DICOM support is off or was never opened.
    database = getattr(slicer, "dicomDatabase", None)
    if not uids or database is None or not database.isOpen:
        return None
    return database.instanceValue(uids[0], MODALITY_TAG)


def _fromSubjectHierarchy(node):
    # Not GetSubjectHierarchyNode, which makes one where there is none: in the scene of a sequence's frames.
    scene = node.GetScene()
    hierarchy = scene.GetFirstNodeByClass("vtkMRMLSubjectHierarchyNode") if scene is not None else None
    item = hierarchy.GetItemByDataNode(node) if hierarchy is not None else 0
    return hierarchy.GetItemAttribute(item, HIERARCHY_ATTRIBUTE) if item else None


def _fromOwnAttribute(node):
    return node.GetAttribute(NODE_ATTRIBUTE)


def _fromSample(node):
    # Scripts load samples through Sample Data, which leaves no attribute on them.
    storage = node.GetStorageNode()
    path = Path((storage.GetFileName() if storage is not None else None) or "")
    sample = next((each for each in list_samples() if each.file == path.name), None)
    if sample is None or not path.is_file():
        return None
    state = path.stat()
    return sample.modality if _sha256(path, state.st_mtime_ns, state.st_size) == sample.sha256 else None


@lru_cache(maxsize=8)
def _sha256(path, _time, _size):
    """Read a file once for as long as it is not changed: this is asked at each change of the panel."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
