"""The module opens at once, with no package installed: nothing but numpy is loaded."""

import importlib.abc
import sys
import time

import harness

HEAVY = ("SimpleITK", "torch", "openvino", "monai", "scipy", "skimage", "onnx", "PIL", "pydicom")


class NotInstalled(importlib.abc.MetaPathFinder):
    """What a computer without these packages says to whoever imports them."""

    def find_spec(self, name, path=None, target=None):
        """Refuse the packages."""
        if name.partition(".")[0] in HEAVY:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_the_panel_opens_at_once_without_any_package(slicerApp, installTree):
    began = time.perf_counter()
    finder = NotInstalled()
    sys.meta_path.insert(0, finder)
    try:
        module = slicerApp.loadModule(installTree / "GANEnhance.py")
        module.enter()
        module.widgetRepresentation().show()
        slicerApp.qtApplication.processEvents()
        took = time.perf_counter() - began
        panel = module.widget
        assert panel.ui.deviceLineLabel.visible
        assert panel.ui.deviceLineLabel.text == "Looking for devices..."
        assert panel.ui.loadSampleButton.enabled
        # The worker starts in the background.
        assert panel.client.processId() and panel.client.hello is None
        harness.processEventsUntil(lambda: panel.models, seconds=60)
        assert panel.ui.deviceLineLabel.text.startswith("Runs on ")
        loaded = [name for name in HEAVY if name in sys.modules]
        module.unload()
    finally:
        sys.meta_path.remove(finder)
    assert loaded == []
    # Measured: 0.3 to 0.7 s with an import of all of the module's files.
    assert took < 3, took
    assert module.leftovers() == []
