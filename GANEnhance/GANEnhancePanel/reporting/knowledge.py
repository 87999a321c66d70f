"""What is known of the run that made a result: its report of this session, else its provenance."""

import json

from GANEnhanceLib.report_document import report_of_provenance
from GANEnhancePanel.output import ATTRIBUTE_PREFIX

PROVENANCE_ATTRIBUTE = ATTRIBUTE_PREFIX + "Provenance"


def reportOf(node, results):
    """Return the report of the run that made a result, as far as it is known.

    What the node itself says counts: it was saved with the voxels, and may be of another strength since.

    :param results: `results.Results` of this session.
    """
    provenance = _provenanceOf(node)
    result = results.of(node)
    if result is not None and (not provenance or result.report.get("provenance") == provenance):
        return result.report
    return report_of_provenance(provenance)


def _provenanceOf(node):
    try:
        provenance = json.loads(node.GetAttribute(PROVENANCE_ATTRIBUTE) or "{}")
    except ValueError:
        return {}
    return provenance if isinstance(provenance, dict) else {}
