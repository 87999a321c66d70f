"""Runs one thing at a time for the panel: a single volume, or whatever a section makes of several runs."""

from GANEnhancePanel.job import EnhanceJob
from GANEnhancePanel.results import Result


class Runner:
    """The run of the panel; `onChange()` is called whenever it begins or ends.

    A single run is started with `run`. A section that makes many runs calls `begin(cancel)` first and `end()`
    last: in between the panel is running, and a cancel by the user also calls `cancel()`.
    """

    def __init__(self, client, voxels, regions, results, onChange):
        """Run nothing yet."""
        self._client, self._voxels, self._regions = client, voxels, regions
        self._results, self._onChange = results, onChange
        self._job = None
        self._fail = None
        self._cancelWhole = None

    @property
    def isRunning(self):
        """Whether the panel is busy."""
        return self._job is not None or self._cancelWhole is not None

    @property
    def task(self):
        """Return the task of the present job, or None."""
        return self._job.task if self._job is not None else None

    @property
    def isSeveral(self):
        """Whether the present job is one of several."""
        return self._cancelWhole is not None

    def begin(self, cancel):
        """Be busy until `end`, through several runs."""
        self._cancelWhole = cancel
        self._onChange()

    def end(self):
        """The several runs are over."""
        self._cancelWhole = None
        self._onChange()

    def run(self, task, onDone, onError, onProgress):
        """Start one job: `onDone(result)` or `onError(error)` comes, or nothing after a cancel."""
        if self._job is not None:
            raise RuntimeError("A job runs already.")

        def done(node, report, kept):
            self._job = None
            result = Result(node, task.inputNode, task, report, kept, self._client.folder)
            self._results.add(result)
            self._onChange()
            onDone(result)

        def fail(error):
            self._job = None
            self._onChange()
            onError(error)

        self._fail = fail
        self._job = EnhanceJob(self._client, self._voxels, self._regions, task, onProgress, done, fail)
        self._onChange()
        self._job.start()

    def fail(self, error):
        """Give up the present job with an error, which its `onError` gets."""
        if self._job is not None:
            self._job.cancel()
            self._fail(error)

    def cancel(self):
        """Give up what runs; True if something did. No callback comes any more."""
        job, cancelWhole = self._job, self._cancelWhole
        self._job = self._cancelWhole = None
        if job is None and cancelWhole is None:
            return False
        if job is not None:
            job.cancel()
        if cancelWhole is not None:
            cancelWhole()
        self._onChange()
        return True

    def forgetOutputNode(self):
        """The chosen output volume is gone: the result goes into a new one."""
        if self._job is not None:
            self._job.forgetOutputNode()
