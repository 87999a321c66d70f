"""Enhanced slices in the slice views: before a run, and while the sliders change a finished result."""
