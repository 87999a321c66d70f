"""The pictures of Docs/screenshots: which states of the panel, how a person gets there, and the camera."""
