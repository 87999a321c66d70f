"""What only shows in an application with the extension: registration, its own library, saved choices.

Runs in Slicer (ctest) and in the harness of this repository alike.
"""

import os
import sys
import unittest

import slicer


class GANEnhanceInstalledTest(unittest.TestCase):
    """Checks of the loaded module; each stands alone."""

    def setUp(self):
        """Begin with an empty scene."""
        slicer.mrmlScene.Clear(0)

    def test_module_describes_itself(self):
        """Title, category, contributors, help and acknowledgement are there, the module is not hidden."""
        module = slicer.util.getModule("GANEnhance")
        for part in ("title", "categories", "contributors", "helpText", "acknowledgementText"):
            self.assertTrue(getattr(module, part), part)
        self.assertFalse(module.hidden)
        self.assertIn("GANEnhance", slicer.selfTests)

    def test_library_is_the_one_beside_the_module(self):
        """The panel must not run with another version of the library than the one it came with."""
        import GANEnhanceLib

        folder = os.path.dirname(os.path.realpath(slicer.util.modulePath("GANEnhance")))
        library = os.path.dirname(os.path.dirname(os.path.realpath(GANEnhanceLib.__file__)))
        self.assertIn(library, (folder, os.path.dirname(folder)))

    def test_panel_loads_without_torch(self):
        """Showing the panel imports nothing that is slow or missing in a fresh application."""
        before = set(sys.modules)
        slicer.util.getModuleWidget("GANEnhance")
        loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
        self.assertEqual(loaded & {"torch", "monai", "openvino", "onnx"}, set())

    def test_choices_are_saved_with_the_scene(self):
        """The parameter node of a saved scene comes back with what the user chose."""
        logic = slicer.util.getModuleLogic("GANEnhance")
        logic.getParameterNode().strength = 0.25
        path = os.path.join(slicer.util.tempDirectory(), "scene.mrb")
        self.assertTrue(slicer.util.saveScene(path))
        slicer.mrmlScene.Clear(0)
        self.assertNotEqual(logic.getParameterNode().strength, 0.25)
        slicer.util.loadScene(path)
        self.assertEqual(logic.getParameterNode().strength, 0.25)
