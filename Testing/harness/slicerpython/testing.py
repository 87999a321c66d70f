"""Stand-in of `slicer.testing`."""

import sys
import unittest


def runUnitTest(path, testname):
    """Load a module by name from one folder or several and run its test cases; Exception if one fails."""
    sys.path[:0] = [path] if isinstance(path, str) else list(path)
    suite = unittest.defaultTestLoader.loadTestsFromName(testname)
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    if not result.wasSuccessful():
        raise Exception(f"{len(result.failures) + len(result.errors)} of {result.testsRun} tests failed")
