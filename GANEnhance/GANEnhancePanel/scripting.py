"""What scripts get of a run: a node when they wait, a handle when they do not.

Both ways run the same talk (`GANEnhancePanel.talks`), so that they give the same voxels. A run that is not
waited for has callbacks on the main thread, from the application's event loop, and needs no panel.
"""

import time

import slicer
import vtk
from slicer.i18n import tr as _

from GANEnhanceLib.errors import InputError, OptionError
from GANEnhanceLib.protocol import Cancelled
from GANEnhanceLib.worker_session import WorkerSession
from GANEnhancePanel.client import WorkerClient
from GANEnhancePanel.interpreter import chosenInterpreter
from GANEnhancePanel.talks.conversation import Conversation, converse

# So short that the application stays alive, so long that waiting costs nothing.
PAUSE_SECONDS = 0.005

# Handles whose work goes on, also if the script forgets them.
_running = set()


def waitFor(talk, session=None, onProgress=None, cancelled=None, onDone=None):
    """Run a talk whose value is (node, report), wait for it, and return the node."""
    if session is not None and not isinstance(session, WorkerSession):
        raise _wrongSession(session, "GANEnhanceLib.worker_session.WorkerSession")
    if session is None:
        python = chosenInterpreter()
        with WorkerSession(python.path, python.variables()) as ownSession:
            node, report = converse(ownSession, talk, onProgress, cancelled)
    else:
        node, report = converse(session, talk, onProgress, cancelled)
    if onDone is not None:
        onDone(node, report)
    return node


class EnhanceHandle:
    """A run that goes on while the application lives.

    `node` and `report` are the result (None before), `error` is the exception that ended the run (None if it
    did not fail; `GANEnhanceLib.protocol.Cancelled` if it was cancelled).
    """

    def __init__(self, talk, inputs, client=None, onProgress=None, cancelled=None, onDone=None, onError=None):
        """Begin; returns at once.

        :param inputs: nodes without which the run makes no sense: it fails when one leaves the scene.
        :param client: a `WorkerClient` that others use as well; None starts a worker for this run.
        :param onProgress: called with progress messages (dicts); `cancelled` is asked as often.
        :param onDone: called with (node, report).
        :param onError: called with the exception (GANEnhanceError), not after `cancel`.
        """
        if client is not None and not isinstance(client, WorkerClient):
            raise _wrongSession(client, "GANEnhancePanel.client.WorkerClient")
        self.node = self.report = self.error = None
        self._inputs = list(inputs)
        self._ownsClient = client is None
        self._client = WorkerClient() if client is None else client
        self._onProgress, self._cancelled = onProgress, cancelled
        self._onDone, self._onError = onDone, onError
        self._conversation = Conversation(self._client, talk, self._tell, self._succeed, self._fail)
        self._scene = self._inputs[0].GetScene()
        self._tags = self._observeScene() if self._scene is not None else []
        slicer.app.connect("aboutToQuit()", self.cancel)
        _running.add(self)
        self._conversation.start()

    @property
    def isRunning(self):
        """Whether the run has not ended yet."""
        return self in _running

    def cancel(self):
        """Give up; no node is made, no callback comes. Harmless after the end."""
        if self.isRunning:
            self._conversation.cancel()
            self._end()
            self.error = Cancelled(_("The work was canceled."))

    def wait(self, seconds=None):
        """Let the application live until the run has ended, and return its node.

        :param seconds: at most so long; None waits as long as it takes.
        :raises GANEnhanceError: the error that ended the run, also if it was given to `onError`.
        :raises TimeoutError: the time is over and the run goes on.
        """
        end = None if seconds is None else time.monotonic() + seconds
        while self.isRunning:
            if end is not None and time.monotonic() > end:
                raise TimeoutError(_("The work is not done after {seconds} s.").format(seconds=seconds))
            slicer.app.processEvents()
            time.sleep(PAUSE_SECONDS)
        if self.error is not None:
            raise self.error
        return self.node

    def _tell(self, message):
        if self._onProgress is not None:
            self._onProgress(message)
        if self._cancelled is not None and self._cancelled():
            self.cancel()

    def _succeed(self, value):
        self.node, self.report = value
        self._end()
        if self._onDone is not None:
            self._onDone(self.node, self.report)

    def _fail(self, error):
        self.error = error
        self._end()
        if self._onError is not None:
            self._onError(error)

    def _end(self):
        _running.discard(self)
        slicer.app.disconnect("aboutToQuit()", self.cancel)
        for tag in self._tags:
            self._scene.RemoveObserver(tag)
        self._tags = self._inputs = []
        if self._ownsClient:
            self._client.retire()

    def _observeScene(self):
        observed = {
            self._scene.StartCloseEvent: self._onSceneClosing,
            self._scene.NodeRemovedEvent: self._onNodeRemoved,
        }
        return [self._scene.AddObserver(event, slot) for event, slot in observed.items()]

    def _onSceneClosing(self, caller, event):
        self._conversation.fail(InputError(_("The scene was closed."), _("Load the volume again.")))

    @vtk.calldata_type(vtk.VTK_OBJECT)
    def _onNodeRemoved(self, caller, event, node):
        if node in self._inputs:
            self._conversation.fail(
                InputError(_("The input was deleted from the scene."), _("Choose another volume."))
            )


def _wrongSession(session, needed):
    return OptionError(
        _("The session is a {kind}, but must be a {needed}.").format(
            kind=type(session).__name__, needed=needed
        ),
        _("A WorkerSession is for calls that wait, a WorkerClient for those that do not."),
    )
