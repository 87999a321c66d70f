"""The packages that the panel offers to install: what they are called, need, weigh, and come from."""

from dataclasses import dataclass

from slicer.i18n import tr as _


@dataclass(frozen=True)
class Package:
    """A package: name for pip, module to import, title for people, and what pip is asked for."""

    name: str
    module: str
    title: str
    requirement: str


OPENVINO = Package("openvino", "openvino", "OpenVINO", "openvino>=2024.4")
TORCH = Package("torch", "torch", "PyTorch", "torch>=2.2")


def questionFor(package, interpreter):
    """Return what the user is asked before `package` is installed into `interpreter`."""
    where = (
        _("Slicer's own Python")
        if interpreter.isOwn
        else _("the Python {path}").format(path=interpreter.path)
    )
    if package is TORCH:
        return _(
            "Install PyTorch into {where}?\n\n"
            "The PyTorch extension chooses the build for this computer's GPU and downloads it from"
            " download.pytorch.org: 0.2 GB for the CPU, up to 3 GB for a GPU."
            " Slicer waits until it is done, which may take several minutes.\n\n"
            "Nothing that is installed already is replaced."
        ).format(where=where)
    return _(
        "Install OpenVINO into {where}?\n\n"
        "It is downloaded from the Python Package Index (pypi.org), or from the index that pip is set up for:"
        " about 60 MB, 200 MB on disk. You can go on working meanwhile.\n\n"
        "Nothing that is installed already is replaced."
    ).format(where=where)
