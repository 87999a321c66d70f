"""Stand-in of `slicer.i18n`: translates through the application, with the contexts of Slicer.

The context of a text is the name of its file, with the folder's name in front ("GANEnhancePanel.task") where
the folder is a package. A translation whose placeholders differ from the text's is not used.
"""

import inspect
import logging
import os
import re
from functools import cache

_PLACEHOLDER = re.compile(r"(?<!\{)\{([^{}]+)\}(?!\})")


@cache
def getContext(sourceFile):
    """Context of the texts of a file."""
    folder, name = os.path.split(sourceFile)
    if not os.path.isfile(sourceFile):
        return name
    name = name.replace(".py", "")
    isPackage = os.path.isfile(os.path.join(folder, "__init__.py"))
    return f"{os.path.basename(folder)}.{name}" if isPackage else name


def translate(context, text):
    """The text in the application's language; TypeError if it is not a str."""
    from slicer import app

    if not isinstance(text, str):
        raise TypeError(f"only a str can be translated, not {text!r}")
    return app.translate(context, text)


def tr(text):
    """The text in the application's language, in the context of the calling file."""
    context = getContext(inspect.currentframe().f_back.f_code.co_filename)
    translated = translate(context, text)
    if set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(translated)):
        logging.warning(f"{context}: the placeholders of {translated!r} are not those of {text!r}")
        return text
    return translated
