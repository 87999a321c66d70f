"""What a panel test holds in its hands: the panel, a volume in the scene, and the patience to wait for the
worker.
"""

import pytest


@pytest.fixture(autouse=True)
def _nobody_has_chosen_yet(slicerApp):
    """Each test begins as a first user does: without favorite, last choice and folder of models."""
    import qt

    for name in ("Favorite", "LastModel", "ModelFolder"):
        qt.QSettings().remove("GANEnhance/" + name)


@pytest.fixture
def panel(ganenhanceModule):
    """The panel of the module from the install tree, with the models of its real worker in the list."""
    import harness

    widget = ganenhanceModule.widget
    harness.processEventsUntil(lambda: widget.models, seconds=60)
    return widget


@pytest.fixture
def phantom(panel):
    """A small noisy volume, chosen as input as a user would."""
    from GANEnhancePanel.phantom import makePhantom

    node = makePhantom(name="Head")
    node.CreateDefaultDisplayNodes()
    panel.ui.inputSelector.setCurrentNode(node)
    return node


@pytest.fixture
def network(request, panel, tmp_path, monkeypatch):
    """Name of a tiny real generator for MR in the panel's list: the user's folder of models has it."""
    import harness

    monkeypatch.syspath_prepend(str(request.config.rootpath / "Testing" / "Library"))
    import make_bundle

    folder = tmp_path / "models"
    folder.mkdir()
    make_bundle.make_tiny_bundle(folder / "tiny", kind="random", channels_in=3, seed=4)
    panel.client.stop()
    monkeypatch.setenv("GANENHANCE_MODELS", str(folder))
    panel.panel.models = []
    panel.enter()
    harness.processEventsUntil(lambda: panel.models, seconds=60)
    (entry,) = [entry for entry in panel.models if entry["source"] == "user"]
    assert entry["available"], entry["reason"]
    return entry["name"]
