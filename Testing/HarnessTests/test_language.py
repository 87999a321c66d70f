"""Translations: contexts as Slicer computes them, .ts and .qm files, panels in another language."""

import shutil
import subprocess
from pathlib import Path

import harness
import PySide6
import pytest

harness.start()
import qt  # noqa: E402
import slicer  # noqa: E402
from slicer.i18n import getContext, tr, translate  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")
HERE = Path(__file__).resolve().parent
FRENCH = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="fr_FR">
<context><name>test_language</name>
 <message><source>Ready</source><translation>Prêt</translation></message>
 <message><source>{n} files</source><translation>{n} fichiers</translation></message>
 <message><source>{n} nodes</source><translation>{nombre} nœuds</translation></message>
 <message><source>Unknown</source><translation type="unfinished"></translation></message>
 <message><source>Old</source><translation type="vanished">Vieux</translation></message></context>
<context><name>Demo</name>
 <message><source>Apply</source><translation>Appliquer</translation></message></context></TS>"""


@pytest.fixture
def french(tmp_path):
    """A translation file."""
    path = tmp_path / "Demo_fr.ts"
    path.write_text(FRENCH)
    return path


def test_contexts_are_those_of_slicer(tmp_path):
    package = tmp_path / "Package"
    package.mkdir()
    for path in (package / "__init__.py", package / "file.py", tmp_path / "Module.py"):
        path.write_text("")
    assert getContext(str(package / "file.py")) == "Package.file"
    assert getContext(str(tmp_path / "Module.py")) == "Module"
    assert getContext("/no/such/place/x.py") == "x.py"


def test_texts_are_translated_and_come_back(french):
    with harness.language(french):
        assert tr("Ready") == "Prêt" and tr("{n} files").format(n=3) == "3 fichiers"
        assert translate("Demo", "Apply") == "Appliquer" and translate("Other", "Apply") == "Apply"
        assert tr("Unknown") == "Unknown" and tr("Old") == "Old"
        assert slicer.app.applicationLocaleName == "fr_FR"
    assert tr("Ready") == "Ready" and slicer.app.applicationLocaleName == "en_US"


def test_a_translation_with_other_placeholders_is_not_used(french, caplog):
    with harness.language(french):
        assert tr("{n} nodes") == "{n} nodes"
    assert "placeholders" in caplog.text


def test_ui_files_are_translated_in_the_context_of_their_class(french, slicerApp):
    with harness.language(french):
        module = slicerApp.loadModule(HERE / "Demo" / "Demo.py")
        module.enter()
        assert module.widget.ui.applyButton.text == "Appliquer"
        module.unload()


def test_compiled_files_are_taken_too(french):
    lrelease = Path(PySide6.__file__).parent / "lrelease"
    if not lrelease.exists() and not shutil.which("lrelease"):
        pytest.skip("there is no lrelease")
    compiled = french.with_suffix(".qm")
    command = [lrelease if lrelease.exists() else "lrelease", french, "-qm", compiled]
    subprocess.run([str(part) for part in command], check=True, capture_output=True)
    with harness.language(compiled):
        assert qt.QCoreApplication.translate("Demo", "Apply") == "Appliquer"


def test_a_file_without_translations_is_refused(tmp_path):
    (tmp_path / "empty.ts").write_text('<TS version="2.1" language="fr"></TS>')
    with pytest.raises(ValueError, match="no translation"):
        harness.language(tmp_path / "empty.ts")
    with pytest.raises(OSError):
        harness.language(tmp_path / "nothing.qm")


def test_only_a_str_can_be_translated():
    with pytest.raises(TypeError):
        translate("Demo", 3)
