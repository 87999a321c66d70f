"""The result lies exactly where its source lies, whatever its grid; runs in Slicer (ctest) and in the
harness.

Each grid is enhanced twice by the real worker: with strength 0, where each voxel must come back as it was,
and with a median filter, whose result is compared with a median computed here.
"""

import unittest

import numpy as np
import slicer
from GANEnhancePanel.phantom import makePhantom, obliqueGrid, vtkMatrix
from GANEnhancePanel.volumes import ijkToRASArray

from GANEnhance import GANEnhanceLogic
from GANEnhanceLib.worker_session import WorkerSession

LEFT_HANDED = np.diag([-1.0, 1.0, 2.0, 1.0])
SAGITTAL = np.array([[0, 0, 3.0, -20], [0.9, 0, 0, -100], [0, -0.9, 0, 110], [0, 0, 0, 1]])
TINY_SPACING = np.diag([0.05, 0.05, 0.2, 1.0])


def median(voxels):
    """Return the median of 3 x 3 x 3 voxels, edges repeated."""
    padded = np.pad(voxels, 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3, 3))
    return np.median(windows, axis=(3, 4, 5)).astype(voxels.dtype)


class GANEnhanceGeometryTest(unittest.TestCase):
    """One warm worker for all grids."""

    @classmethod
    def setUpClass(cls):
        """Start the worker."""
        cls.session = WorkerSession()

    @classmethod
    def tearDownClass(cls):
        """End the worker."""
        cls.session.close()

    def setUp(self):
        """Begin with an empty scene."""
        slicer.mrmlScene.Clear(0)

    def enhance(self, source, **options):
        """Return the node made by the logic with the median filter."""
        return GANEnhanceLogic().enhance(source, model="median", session=self.session, **options)

    def checkGrid(self, source):
        """Check grid, parent transform and voxels of results from `source`."""
        before = slicer.util.arrayFromVolume(source).copy()
        grid = ijkToRASArray(source)
        for strength, expected in ((0.0, before), (1.0, median(before))):
            result = self.enhance(source, strength=strength)
            np.testing.assert_allclose(ijkToRASArray(result), grid, rtol=0, atol=1e-6)
            np.testing.assert_array_equal(slicer.util.arrayFromVolume(result), expected)
            self.assertEqual(result.GetTransformNodeID(), source.GetTransformNodeID())
        np.testing.assert_array_equal(slicer.util.arrayFromVolume(source), before)
        np.testing.assert_array_equal(ijkToRASArray(source), grid)

    def test_ObliqueGrid(self):
        """A grid turned by 20 degrees."""
        self.checkGrid(makePhantom(obliqueGrid()))

    def test_LeftHandedGrid(self):
        """A mirrored grid."""
        self.checkGrid(makePhantom(LEFT_HANDED))

    def test_SagittalGrid(self):
        """Slices from left to right."""
        self.checkGrid(makePhantom(SAGITTAL))

    def test_SmallVoxels(self):
        """Voxels of 50 micrometers."""
        self.checkGrid(makePhantom(TINY_SPACING))

    def test_OneSlice(self):
        """A volume of one slice."""
        self.checkGrid(makePhantom(obliqueGrid(), shape=(1, 24, 32)))

    def test_TransformedVolume(self):
        """A volume below a transform: the result lies below the same one, nothing is hardened."""
        source = makePhantom(obliqueGrid())
        transform = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLLinearTransformNode")
        transform.SetMatrixTransformToParent(vtkMatrix(SAGITTAL))
        source.SetAndObserveTransformNodeID(transform.GetID())
        self.checkGrid(source)
        bounds = [[0.0] * 6, [0.0] * 6]
        for node, bound in zip((source, slicer.util.getNode("Phantom Median filter")), bounds, strict=True):
            node.GetRASBounds(bound)
        np.testing.assert_allclose(bounds[0], bounds[1], rtol=0, atol=1e-6)
