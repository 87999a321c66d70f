"""The application in another language: translation files (.ts as they are, or .qm) put in and taken out.

with harness.language("GANEnhance_fr.ts"):
    module = harness.loadModule(...)      # a panel that is made now is French
"""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

from PySide6 import QtCore, QtWidgets


class _TsTranslator(QtCore.QTranslator):
    """The finished and unfinished translations of a .ts file, by context and text."""

    def __init__(self, path):
        super().__init__()
        root = ElementTree.parse(path).getroot()
        self._language, self._messages = root.get("language", ""), {}
        for context in root.iter("context"):
            for message in context.iter("message"):
                translated = message.findtext("translation") or ""
                if translated and message.find("translation").get("type") not in ("vanished", "obsolete"):
                    key = context.findtext("name"), message.findtext("source") or ""
                    self._messages[key] = translated

    def language(self):
        """Language that the file names."""
        return self._language

    def isEmpty(self):
        """Whether there is no translation at all."""
        return not self._messages

    def translate(self, context, text, disambiguation=None, number=-1):
        """The translation, or None."""
        return self._messages.get((context, text))


class Language:
    """Translators that are in use until `stop`, or the end of a `with` block."""

    def __init__(self, application, paths):
        self._application, self._locale = application, application._localeName
        self._translators = [self._read(Path(path)) for path in paths]
        for translator in self._translators:
            application.installTranslator(translator)
            application._localeName = translator.language() or self._locale
        QtWidgets.QApplication.processEvents()

    @staticmethod
    def _read(path):
        if path.suffix == ".ts":
            translator = _TsTranslator(path)
        else:
            translator = QtCore.QTranslator()
            if not translator.load(str(path)):
                raise OSError(f"{path} is no translation file")
        if translator.isEmpty():
            raise ValueError(f"{path} has no translation")
        return translator

    def stop(self):
        """Speak the language of before; what was made meanwhile keeps its texts."""
        for translator in self._translators:
            self._application.removeTranslator(translator)
        self._translators, self._application._localeName = [], self._locale

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()
