"""Installs PyTorch through the extension PyTorch, which knows the build for this computer's GPU."""

from slicer.i18n import tr as _

from GANEnhanceLib.errors import GANEnhanceError

REQUIREMENT = ">=2.2"


def torchLogic():
    """Return the logic of the extension's module.

    :raises GANEnhanceError: the extension is not installed, and how to get it.
    """
    try:
        import PyTorchUtils
    except ModuleNotFoundError as error:
        raise GANEnhanceError(
            _("PyTorch is installed by the extension PyTorch, which is not here."),
            _("Open the Extensions Manager, install PyTorch, restart Slicer, and press this button again."),
        ) from error
    return PyTorchUtils.PyTorchUtilsLogic()


def installTorch():
    """Install PyTorch; blocks until it is done.

    :raises GANEnhanceError: the extension did not install it.
    """
    # The user has been asked already.
    if torchLogic().installTorch(askConfirmation=False, torchVersionRequirement=REQUIREMENT) is None:
        raise GANEnhanceError(_("PyTorch was not installed: the extension PyTorch did not do it."))
