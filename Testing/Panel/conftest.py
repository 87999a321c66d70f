"""What a panel test holds in its hands: the panel, a volume in the scene, and the patience to wait for the worker."""

import harness
import pytest


@pytest.fixture
def panel(ganenhanceModule):
    """The panel of the module from the install tree, with the models of its real worker in the list."""
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
