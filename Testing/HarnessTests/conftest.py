"""The demo module of this folder, loaded and entered."""

from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture
def demo(slicerApp):
    """The module Demo; unloaded at the end."""
    module = slicerApp.loadModule(HERE / "Demo" / "Demo.py")
    module.enter()
    yield module
    module.unload()


@pytest.fixture
def volume(slicerApp):
    """A scalar volume node of the scene."""
    import numpy as np
    import slicer

    return slicer.util.addVolumeFromArray(np.arange(24.0).reshape(2, 3, 4), name="Volume")
