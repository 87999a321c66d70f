"""Where the pages of the manual are, for links in the panel and in the module's help."""

import qt

HOMEPAGE = "https://github.com/GANEnhance/SlicerGANEnhance"


def page(name):
    """Return the address of a page of the folder Docs, for example "tutorial"."""
    return f"{HOMEPAGE}/blob/main/Docs/{name}.md"


def openPage(address):
    """Show a page in the web browser."""
    qt.QDesktopServices.openUrl(qt.QUrl(address))
