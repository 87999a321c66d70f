#!/usr/bin/env python3
"""Bring the translation files of the panel up to date with its strings, in Slicer's way.

`make translations` runs it. Strings are found as Slicer's own script for its translation project finds them:
`_("text")` becomes `translate("context", "text")` in a copy of the code, and Qt's lupdate reads the copy and
the .ui files. Translations that are there are kept; that of a new string is empty, and a string that is gone
is dropped. `GANEnhance_en-US.ts` is the list without translations that a new language begins with.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

REPOSITORY = Path(__file__).resolve().parents[2]
MODULE = REPOSITORY / "GANEnhance"
FOLDER = MODULE / "Resources" / "Translations"
COMPONENT = "GANEnhance"
TEMPLATE = "en-US"
LANGUAGES = ("fr", "zh-Hans")
_CALL = re.compile(r"(?<![\w.])_\((?=\s*[\"'])")


def contextOf(path):
    """Return the context of a Python file's strings, as slicer.i18n computes it."""
    package = path.parent.name + "." if (path.parent / "__init__.py").is_file() else ""
    return package + path.stem


def findStrings(module, lupdate):
    """Return the strings of the module as {context: [text]}, in the order of Qt's lupdate."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / module.name
        shutil.copytree(module, copy, ignore=shutil.ignore_patterns("__pycache__", "Testing", "Translations"))
        files = sorted([*copy.rglob("*.py"), *copy.rglob("*.ui")])
        for path in files:
            if path.suffix == ".py":
                call = f'translate("{contextOf(path)}", '
                path.write_text(_CALL.sub(call, path.read_text("utf-8")), "utf-8")
        listed, made = Path(folder) / "files.txt", Path(folder) / "strings.ts"
        listed.write_text("\n".join(map(str, files)))
        command = [str(lupdate), f"@{listed}", "-locations", "none", "-silent", "-ts", str(made)]
        subprocess.run(command, check=True)
        root = ElementTree.parse(made).getroot()
    return {
        context.findtext("name"): [message.findtext("source") for message in context.iter("message")]
        for context in root.iter("context")
    }


def readTranslations(path):
    """Return {(context, text): translation} of a .ts file; {} if there is none."""
    if not path.is_file():
        return {}
    return {
        (context.findtext("name"), message.findtext("source")): message.findtext("translation") or ""
        for context in ElementTree.parse(path).getroot().iter("context")
        for message in context.iter("message")
    }


def merge(strings, known):
    """Return {(context, text): translation} of all strings; a text that moved takes its translation along."""
    moved = {text: translation for (_, text), translation in known.items() if translation}
    return {
        (context, text): known.get((context, text)) or moved.get(text, "")
        for context, texts in strings.items()
        for text in texts
    }


def formatTs(language, translations):
    """Return the text of a .ts file."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<!DOCTYPE TS>"]
    lines.append(f'<TS version="2.1" language={quoteattr(language)} sourcelanguage="en">')
    for context in dict.fromkeys(context for context, _ in translations):
        lines += ["<context>", f"    <name>{escape(context)}</name>"]
        for (own, text), translation in translations.items():
            if own == context:
                state = "" if translation else ' type="unfinished"'
                lines.append("    <message>")
                lines.append(f"        <source>{_quote(text)}</source>")
                lines.append(f"        <translation{state}>{_quote(translation)}</translation>")
                lines.append("    </message>")
        lines.append("</context>")
    return "\n".join([*lines, "</TS>", ""])


def _quote(text):
    """Escape a text as lupdate does."""
    return escape(text, {'"': "&quot;", "'": "&apos;", "\u00a0": "&#xa0;"})


def findLupdate():
    """Return the path of lupdate: that of PySide6, or else the one of the system."""
    try:
        import PySide6

        beside = Path(PySide6.__file__).parent / "lupdate"
        found = str(beside) if beside.is_file() else shutil.which("lupdate")
    except ImportError:
        found = shutil.which("lupdate")
    if found is None:
        sys.exit("Qt's lupdate (6.3 or newer) is missing: install it with pip install PySide6-Essentials.")
    return found


def update(folder=FOLDER, module=MODULE):
    """Write the files of all languages; returns {language: how many strings have no translation}."""
    strings = findStrings(module, findLupdate())
    folder.mkdir(exist_ok=True)
    missing = {}
    for language in (TEMPLATE, *LANGUAGES):
        path = folder / f"{COMPONENT}_{language}.ts"
        known = {} if language == TEMPLATE else readTranslations(path)
        translations = merge(strings, known)
        path.write_text(formatTs(language, translations), "utf-8")
        missing[language] = sum(not translation for translation in translations.values())
    return missing


def main():
    """Update the files and say what is left to translate."""
    argparse.ArgumentParser(description=__doc__.splitlines()[0]).parse_args()
    missing = update()
    print(f"{missing.pop(TEMPLATE)} strings in {FOLDER.relative_to(REPOSITORY)}")
    for language, count in missing.items():
        print(f"{language}: {count} to translate" if count else f"{language}: complete")


if __name__ == "__main__":
    main()
