"""A stand-in of the 3D Slicer application for tests: real MRML, real Qt, the rest imitated.

    import harness
    app = harness.start()
    module = harness.loadModule(".../GANEnhance.py")
    module.enter()
    module.widget.ui.applyButton.click()
    harness.processEventsUntil(lambda: module.widget.ui.applyButton.enabled, seconds=10)
    harness.screenshot(module.widgetRepresentation(), "panel.png", scale=2)
    assert not harness.recordedExceptions

Real are the scene, nodes, storage, transforms, subject hierarchy, `slicer.util` (all from the package
slicer-core), widgets, layouts, timers, processes and `.ui` parsing (PySide6). Imitated are PythonQt's
conventions, the ctk and qMRML widgets, `slicer.app`, the module factory and four Python files of `slicer`
(folder `slicerpython`). A stand-in never offers a public name that the original lacks: `widget-api.json`
(names read from the public headers of Slicer and CTK) and `Testing/HarnessTests` make sure of it. Not here:
views and layouts, DICOM browser, Extensions Manager, real PythonQt, Qt 5.15.
"""

from .application import (
    HarnessApp,
    applicationPicture,
    contextMenu,
    cutTexts,
    language,
    loadModule,
    processEventsUntil,
    resources,
    screenshot,
    slicePicture,
    start,
)
from .dialogs import answers
from .qtsignals import recordedExceptions
from .restart import inNewProcess

__all__ = [
    "HarnessApp",
    "answers",
    "applicationPicture",
    "contextMenu",
    "cutTexts",
    "inNewProcess",
    "language",
    "loadModule",
    "processEventsUntil",
    "recordedExceptions",
    "resources",
    "screenshot",
    "slicePicture",
    "start",
]
