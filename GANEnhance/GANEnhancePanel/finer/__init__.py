"""Super-resolution in the panel: how fine the result shall be, and the grid that a run will give."""
