"""Stand-in of Slicer's package of that name: the base class of scripted subject hierarchy plugins."""

import slicer


class AbstractScriptedSubjectHierarchyPlugin:
    """Registers the plugin that it is made for; the plugin must have its name before."""

    def __init__(self, scriptedPlugin):
        """Keep and register the Qt object of the plugin."""
        self.scriptedPlugin = scriptedPlugin
        self.register()

    def register(self):
        """Make the plugin known to the one handler."""
        slicer.qSlicerSubjectHierarchyPluginHandler.instance().registerPlugin(self.scriptedPlugin)
