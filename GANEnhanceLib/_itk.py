"""What this library needs of SimpleITK around its readers and writers: geometry and quiet warnings.

SimpleITK is imported inside the functions, so that importing this file is instant.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])  # its own inverse


@contextmanager
def quiet_itk() -> Iterator[None]:
    """Keep ITK's warnings off stderr inside the block: they name files, and we check what matters."""
    import SimpleITK

    shown = SimpleITK.ProcessObject.GetGlobalWarningDisplay()
    SimpleITK.ProcessObject.SetGlobalWarningDisplay(False)
    try:
        yield
    finally:
        SimpleITK.ProcessObject.SetGlobalWarningDisplay(shown)


def image_to_lps(image) -> np.ndarray:
    """Give the (4, 4) IJK-to-LPS matrix in mm of a three-dimensional SimpleITK image."""
    matrix = np.eye(4)
    matrix[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * image.GetSpacing()
    matrix[:3, 3] = image.GetOrigin()
    return matrix


def image_from(voxels: np.ndarray, ijk_to_ras: np.ndarray):
    """Make a SimpleITK image of voxels (k, j, i) and their IJK-to-RAS matrix; float16 becomes float32."""
    import SimpleITK

    stored = np.float32 if voxels.dtype == np.float16 else voxels.dtype.newbyteorder("=")
    image = SimpleITK.GetImageFromArray(np.ascontiguousarray(voxels, dtype=stored))
    to_lps = LPS_TO_RAS @ ijk_to_ras
    spacing = np.linalg.norm(to_lps[:3, :3], axis=0)
    image.SetSpacing(spacing.tolist())
    image.SetDirection((to_lps[:3, :3] / spacing).ravel().tolist())
    image.SetOrigin(to_lps[:3, 3].tolist())
    return image
