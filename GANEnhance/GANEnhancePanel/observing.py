"""Observers of MRML nodes that are let go together with what they observe.

`slicer.util.VTKObservationMixin` keeps each object that it ever observed until the observer itself goes, and
with a volume node its voxels: that would fill the memory over a day of work.
"""


class ObserverMixin:
    """Methods to observe VTK objects, as those of `slicer.util.VTKObservationMixin`; call its `__init__`."""

    def __init__(self):
        """Observe nothing yet."""
        super().__init__()
        self.__tags = {}  # {(object, event, method): tag}

    @property
    def observations(self):
        """All that is observed: (object, event, method)."""
        return list(self.__tags)

    def addObserver(self, obj, event, method):
        """Call `method(caller, event)` when `obj` fires an event; harmless if that is so already."""
        if (obj, event, method) not in self.__tags:
            self.__tags[obj, event, method] = obj.AddObserver(event, method)

    def removeObserver(self, obj, event, method):
        """Do not call it any more; harmless if it was not to be called."""
        tag = self.__tags.pop((obj, event, method), None)
        if tag is not None:
            obj.RemoveObserver(tag)

    def hasObserver(self, obj, event, method):
        """Return whether it is to be called."""
        return (obj, event, method) in self.__tags

    def removeObservers(self, method=None):
        """Call `method` no more, whatever fires; None: no method at all."""
        for obj, event, each in list(self.__tags):
            if method is None or each == method:
                self.removeObserver(obj, event, each)
