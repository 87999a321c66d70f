"""The panel speaks French and Chinese: from its labels to what it says of a run, the report and an error."""

from pathlib import Path

import harness
import person
import pytest
import slicer

TRANSLATIONS = Path(__file__).resolve().parents[2] / "GANEnhance" / "Resources" / "Translations"
WORDS = {
    "fr": ("Améliorer", "Annuler", "IRM", "est prêt", "Bruit", "ne doit pas servir au diagnostic"),
    "zh-Hans": ("增强", "取消", "MR", "已完成", "噪声", "不可用于诊断"),
}


@pytest.fixture(params=sorted(WORDS))
def foreign(request, slicerApp, mainWindow, installTree):
    """(the panel in a language, words of that language)."""
    with harness.language(TRANSLATIONS / f"GANEnhance_{request.param}.ts"):
        module = slicerApp.loadModule(installTree / "GANEnhance.py")
        module.enter()
        harness.processEventsUntil(lambda: module.widget.models, seconds=60)
        yield module.widget, WORDS[request.param]
        module.unload()


def test_a_session_in_another_language(foreign, caplog):
    panel, (enhance, cancel, modality, ready, noise, notForDiagnosis) = foreign
    ui = panel.ui
    assert ui.enhanceButton.text == enhance
    assert ui.modalityComboBox.itemText(1) == modality
    ui.loadSampleButton.click()
    (source,) = person.volumes()
    assert person.status(panel).startswith(source.GetName())
    person.chooseModel(panel, "median")
    person.press(panel)
    assert ui.enhanceButton.text == cancel
    harness.processEventsUntil(lambda: not panel.isRunning(), seconds=90)
    assert ready in person.status(panel)
    harness.processEventsUntil(lambda: ui.reportTable.rowCount, seconds=30)
    assert ui.reportTable.item(0, 0).text() == noise
    view = slicer.app.layoutManager().sliceWidget("Red").sliceView()
    person.waitSeconds(0.3)
    assert notForDiagnosis in view.cornerAnnotation().GetText(7)
    assert ui.enhanceButton.text == enhance
    assert "placeholders" not in caplog.text


def test_qt_makes_the_binary_file_that_slicer_installs(slicerApp, tmp_path):
    """Slicer's module Language Tools runs lrelease on a folder of .ts files, and installs what that makes."""
    import shutil
    import subprocess

    import PySide6

    lrelease = Path(PySide6.__file__).parent / "lrelease"
    for language, words in WORDS.items():
        name = f"GANEnhance_{language}"
        shutil.copy(TRANSLATIONS / f"{name}.ts", tmp_path)
        subprocess.run([str(lrelease), "-silent", str(tmp_path / f"{name}.ts")], check=True)
        with harness.language(tmp_path / f"{name}.qm"):
            assert slicer.app.translate("GANEnhance", "Enhance") == words[0]
        assert slicer.app.translate("GANEnhance", "Enhance") == "Enhance"
