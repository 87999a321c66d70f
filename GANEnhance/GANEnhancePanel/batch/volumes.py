"""Runs several volumes one after another with the warm worker; a failed one does not stop the rest."""

import qt
from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError, InputError
from GANEnhancePanel.batch.rows import Row, State
from GANEnhancePanel.state import durationText
from GANEnhancePanel.timeleft import TimeLeft


class VolumesRun:
    """Runs volumes with what is chosen in the panel; the panel is busy from `start` to the end.

    :param onChange: called when a row has changed.
    :param onEnd: called when all rows are over, also after a cancel.
    """

    def __init__(self, panel, nodes, onChange, onEnd):
        """Make a row for each volume node."""
        self.rows = [Row(node, node.GetName() or "", _voxelCount(node)) for node in nodes]
        self._panel, self._onChange, self._onEnd = panel, onChange, onEnd
        self._timeLeft = None
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.connect("timeout()", self._next)

    def start(self):
        """Begin; returns at once."""
        self._timeLeft = TimeLeft()
        self._panel.runner.begin(self._cancel)
        self._timer.start()

    def forget(self, node):
        """A volume is gone; the panel itself fails the run of the present one."""
        for row in self.rows:
            if row.node is node and row.state == State.waiting:
                row.fail(InputError(_("The volume was deleted.")))
                self._onChange()

    def _next(self):
        """Run the next volume; called from the event loop, so that a run has ended before the next begins."""
        row = next((row for row in self.rows if row.state == State.waiting), None)
        if row is None:
            self._panel.runner.end()
            self._finish()
            return
        row.state = State.running
        self._onChange()
        try:
            task = self._panel.makeTask(row.node)
        except GANEnhanceError as error:
            self._fail(row, error)
            return
        self._panel.run(
            task,
            lambda result: self._succeed(row, result),
            lambda error: self._fail(row, error),
            lambda fraction, text: self._tell(row, fraction, text),
        )

    def _succeed(self, row, result):
        row.succeed(result.node, result.report)
        self._goOn()

    def _fail(self, row, error):
        row.fail(error)
        number = self.rows.index(row) + 1
        self._panel.log(_("Volume {number} failed: {text}").format(number=number, text=error))
        self._goOn()

    def _goOn(self):
        node = self._panel.parameterNode
        self._panel.voxels.keepOnly([node.inputVolume] if node is not None else [])
        self._onChange()
        self._timer.start()

    def _tell(self, row, fraction, text):
        total = sum(each.voxels for each in self.rows)
        done = sum(each.voxels for each in self.rows if each.isOver)
        whole = (done + fraction * row.voxels) / total if total else 0.0
        words = _("Volume {number} of {count}: {text}").format(
            number=self.rows.index(row) + 1, count=len(self.rows), text=text
        )
        seconds = self._timeLeft.seconds(whole)
        if seconds is not None:
            words += " " + _("(all: {time} left)").format(time=durationText(seconds))
        self._panel.progress(whole, words)

    def _cancel(self):
        for row in self.rows:
            if not row.isOver:
                row.end(State.canceled if row.state == State.running else State.notRun)
        self._onChange()
        self._finish()

    def _finish(self):
        self._timer.stop()
        self._timer.disconnect("timeout()", self._next)
        self._onEnd()


def _voxelCount(node):
    image = node.GetImageData()
    return image.GetNumberOfPoints() if image is not None else 0
