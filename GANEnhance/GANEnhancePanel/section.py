"""What each part of the panel is: a class that connects its widgets and is told what happens."""


class Section:
    """One part of the panel, with its own `.ui` file; override what is needed, each default does nothing.

    The panel loads all `.ui` files first, so that `self.ui` has all widgets of the panel by their names.
    Sections know each other only through the `PanelContext`.
    """

    # Name of the file in Resources/UI, and of the empty widget of GANEnhance.ui that it is put into.
    uiFile = None
    place = None

    def __init__(self, panel):
        """Keep the PanelContext; no widget exists yet."""
        self.panel = panel

    @property
    def ui(self):
        """All widgets of the panel, by name."""
        return self.panel.ui

    def setup(self):
        """All widgets exist: connect signals. Called once."""

    def enter(self):
        """The user comes to the module."""

    def exit(self):
        """The user leaves the module."""

    def onParameterNode(self):
        """`panel.parameterNode` is another one, or None while the scene closes."""

    def update(self):
        """Show what is so: called often, must be cheap and give the same when called twice."""

    def onInputChanged(self):
        """Another input volume is chosen, or its voxels are new."""

    def onHello(self):
        """The worker is ready: `panel.client.hello`."""

    def onModels(self):
        """`panel.models` is new."""

    def onEnhance(self):
        """The user pressed Enhance. Return True to run something else than the chosen volume."""
        return False

    def onResult(self, result):
        """A run is complete; `result` is a `results.Result`."""

    def onSceneClosing(self):
        """The nodes are about to go."""

    def onNodeRemoved(self, node):
        """A node was removed from the scene."""

    def cleanup(self):
        """The panel goes for good: leave no observer, node, timer, file or process."""
