"""The module's own tests, those that run in Slicer, pass here from the install tree: started in both of
Slicer's ways.
"""

import unittest

import pytest
import slicer


def test_reload_and_test(slicerApp, ganenhanceModule):
    ganenhanceModule.runSelfTest()
    assert slicer.mrmlScene.GetNumberOfNodesByClass("vtkMRMLScalarVolumeNode") > 0  # it did something


@pytest.mark.parametrize("name", ["GANEnhance", "GANEnhanceGeometryTest"])
def test_each_by_itself_as_ctest_does(slicerApp, ganenhanceModule, name, request, monkeypatch):
    monkeypatch.syspath_prepend(str(request.config.rootpath / "GANEnhance" / "Testing" / "Python"))
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    assert suite.countTestCases() >= 4
    result = unittest.TextTestRunner(verbosity=2).run(suite)
    assert result.wasSuccessful(), "\n".join(text for _test, text in result.errors + result.failures)
