"""Which part of the volume is enhanced: an ROI, a segment or labels of a label map."""
