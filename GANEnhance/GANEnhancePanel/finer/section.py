"""The rows of the panel that say how fine the result of a model for super-resolution shall be."""

from slicer.i18n import tr as _

from GANEnhancePanel.choosing.card import isOnlyGrid
from GANEnhancePanel.finer.words import gridText, rangeText
from GANEnhancePanel.parameters import FinerKind
from GANEnhancePanel.section import Section


class FinerSection(Section):
    """Shown where the chosen model has `super_resolution`; says which grid a run would give, or why none."""

    uiFile = "GANEnhanceFiner.ui"
    place = "finerPlace"

    def setup(self):
        """Connect the widgets."""
        self.ui.finerThroughSpinBox.connect("valueChanged(double)", self.onThroughPlane)
        self.ui.finerInPlaneSpinBox.connect("valueChanged(double)", self.onInPlane)
        self.ui.finerSpacingSpinBox.connect("valueChanged(double)", self.onSpacing)

    # What the user does

    def onThroughPlane(self, value):
        """Keep how many slices one becomes."""
        self._keep("finerThroughPlane", value)

    def onInPlane(self, value):
        """Keep how many rows and columns one becomes."""
        self._keep("finerInPlane", value)

    def onSpacing(self, value):
        """Keep the distance of voxels in mm."""
        self._keep("finerSpacing", value)

    def _keep(self, name, value):
        if self.panel.parameterNode is not None:
            setattr(self.panel.parameterNode, name, float(value))

    # What is shown

    def update(self):
        """Show the rows of what is chosen, and the grid."""
        node, ability = self.panel.parameterNode, self.panel.superResolution()
        self.ui.finerWidget.visible = node is not None and ability is not None
        if node is None or ability is None:
            return
        self._showRows(node.finerKind, ability)
        self._showNumber(self.ui.finerThroughSpinBox, node.finerThroughPlane)
        self._showNumber(self.ui.finerInPlaneSpinBox, node.finerInPlane)
        self._showNumber(self.ui.finerSpacingSpinBox, node.finerSpacing)
        self.ui.finerNoteLabel.text = self._note(node)

    @staticmethod
    def _showNumber(spinBox, value):
        blocked = spinBox.blockSignals(True)
        spinBox.value = value
        spinBox.blockSignals(blocked)

    def _showRows(self, kind, ability):
        ui = self.ui
        isByFactors = kind == FinerKind.factors
        rows = [
            (ui.finerThroughLabel, ui.finerThroughSpinBox, isByFactors and bool(ability["through_plane"])),
            (ui.finerInPlaneLabel, ui.finerInPlaneSpinBox, isByFactors and bool(ability["in_plane"])),
            (ui.finerSpacingLabel, ui.finerSpacingSpinBox, kind == FinerKind.spacing),
            (ui.finerLikeLabel, ui.finerLikeSelector, kind == FinerKind.like),
        ]
        for label, widget, isShown in rows:
            label.visible = widget.visible = isShown
        if ability["through_plane"]:
            ui.finerThroughSpinBox.toolTip = _(
                "How many slices one slice becomes. The model was trained for {factors}."
            ).format(factors=rangeText(ability["through_plane"]))
        if ability["in_plane"]:
            ui.finerInPlaneSpinBox.toolTip = _(
                "How many rows one row of a slice becomes, and columns as well. The model was trained for"
                " {factors}."
            ).format(factors=rangeText(ability["in_plane"]))

    def _note(self, node):
        obstacle = self.panel.finerObstacle()
        if obstacle:
            return obstacle
        if node.inputVolume is None:
            return _("Choose a volume to see which grid the result has.")
        verdict = self.panel.verdicts.get(node.model)
        if verdict is None:
            return _("Asking which grid the result has...")
        if isOnlyGrid(verdict):
            return " ".join(part for part in (verdict["sentence"], verdict["hint"]) if part)
        return gridText(verdict) if verdict["finer"] else ""
