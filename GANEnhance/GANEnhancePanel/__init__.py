"""The parts of the GANEnhance module that its widget and logic are made of, one file a job.

`library` finds GANEnhanceLib; `volumes` takes voxels from nodes and makes image data; `modality` says what
kind of image a node is; `task` is one checked request; `output` makes the new node; `phantom` is a volume for
tests. These use MRML and no Qt. `stepper`, `client` and `job` run a task in the worker process without
blocking the application; `choices` fills the combo boxes; `state` decides what the panel allows and says.
"""

from GANEnhancePanel.library import makeLibraryImportable

makeLibraryImportable()
