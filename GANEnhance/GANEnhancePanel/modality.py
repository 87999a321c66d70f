"""Says which kind of image (MR, CT, US) a volume node holds, from what DICOM left in the scene.

Looked for in this order: the DICOM database entry of the node's first instance (tag 0008,0060), the subject
hierarchy attribute `DICOM.Modality`, and our own attribute on volumes that GANEnhance made. Nothing is
guessed from voxels or names: a wrong guess would send a volume through a model that was never meant for it.
"""

import slicer

MODALITY_TAG = "0008,0060"
HIERARCHY_ATTRIBUTE = "DICOM.Modality"
NODE_ATTRIBUTE = "GANEnhance.Modality"
INSTANCES_ATTRIBUTE = "DICOM.instanceUIDs"


def modalityOfNode(node):
    """Return the DICOM modality of a volume node, such as "MR", or None if nothing in the scene says it."""
    for source in (_fromDatabase, _fromSubjectHierarchy, _fromOwnAttribute):
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
