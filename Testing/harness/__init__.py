"""A stand-in of the 3D Slicer application for tests: real MRML, real Qt, the rest imitated.

    import harness
    app = harness.start()                               # mainWindow=True: with slice views
    module = harness.loadModule(".../GANEnhance.py")
    module.enter()
    module.widget.ui.applyButton.click()
    harness.processEventsUntil(lambda: module.widget.ui.applyButton.enabled, seconds=10)
    harness.screenshot(module.widgetRepresentation(), "panel.png", scale=2, width=300)
    assert not harness.cutTexts(module.widgetRepresentation()) and not harness.recordedExceptions

Real are the scene, nodes, storage, transforms, subject hierarchy, the logic of layouts and slices,
`slicer.util` (all from the package slicer-core), widgets, layouts, timers, processes and `.ui` parsing
(PySide6). Imitated are PythonQt's conventions, the ctk and qMRML widgets, `slicer.app`, the module factory,
the main window, SampleData and four Python files of `slicer` (folder `slicerpython`). A stand-in never offers
a public name that the original lacks: `widget-api.json` (names read from the headers of Slicer and CTK) and
`Testing/HarnessTests` make sure of it. Not here: 3-D views, markups and segmentations in slice views,
DICOM browser, Extensions Manager, `slicer.packaging`, real PythonQt, Qt 5.15.

What a test asks for besides:

- `harness.slicePicture("Red", path, size)`: what a slice view shows, as array and PNG, with the texts in its
  corners (Slicer's data probe owns the corners 0 to 3; the edges 4 to 7 are free);
  `harness.applicationPicture(module, path)`: panel and slice views in one picture.
- `harness.answers.files.append(path)`, `.questions.append(False)`: what the next file dialog or question
  gets; `.asked`, `.opened`: what was asked and which web pages were opened.
- `harness.contextMenu(node)`: the actions of a node in the Data module.
- `with harness.language("GANEnhance_fr.ts"):` makes panels in another language, from .ts or .qm files.
- `harness.resources()`: nodes, observers, connections, timers, windows, processes, threads, temporary
  folders, files, memory; `harness.resources().since(before)` says what is more.
- `harness.inNewProcess(function, module=, scene=, settings=True)`: Slicer is started again.
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
