"""The panel fits 300 pixels in each state and language, and no text of it is cut; nor at 480 pixels."""

from pathlib import Path

import cine
import harness
import person
import person_batch
import person_choosing
import person_comparing
import pytest
import slicer
from person_looking import COLLAPSIBLE, PanelHolder, openOnly

WIDTHS = (300, 480)
ENGLISH = "en"
TRANSLATIONS = Path(__file__).resolve().parents[2] / "GANEnhance" / "Resources" / "Translations"


def squaresFont(path):
    """Write a font with squares, as wide as the real ones, for Chinese characters: there may be none here."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((60, -60))
    for point in ((60, 820), (940, 820), (940, -60)):
        pen.lineTo(point)
    pen.closePath()
    names = [".notdef", "square"]
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder(names)
    places = [*range(0x3000, 0x3040), *range(0x4E00, 0xA000), *range(0xFF00, 0xFF61)]
    font.setupCharacterMap(dict.fromkeys(places, "square"))
    square = pen.glyph()
    font.setupGlyf(dict.fromkeys(names, square))
    font.setupHorizontalMetrics(dict.fromkeys(names, (1000, 60)))
    font.setupHorizontalHeader(ascent=880, descent=-120)
    font.setupNameTable({"familyName": "Squares", "styleName": "Regular"})
    font.setupOS2(sTypoAscender=880, usWinAscent=880, usWinDescent=120)
    font.setupPost()
    font.save(path)


@pytest.fixture(scope="module")
def chineseFont(tmp_path_factory):
    """Chinese characters that are as wide as they are high."""
    from PySide6 import QtGui, QtWidgets

    path = tmp_path_factory.mktemp("font") / "squares.ttf"
    squaresFont(path)
    harness.start()
    number = QtGui.QFontDatabase.addApplicationFont(str(path))
    metrics = QtWidgets.QApplication.fontMetrics()
    assert metrics.horizontalAdvance("\u4f53\u6570\u636e") >= 3 * 11
    yield
    QtGui.QFontDatabase.removeApplicationFont(number)


class Looker:
    """Goes through the panel and notes what cannot be read."""

    def __init__(self, module):
        self.panel, self.ui = module.widget, module.widget.ui
        self.holder = PanelHolder(module.widgetRepresentation())
        self.complaints = []

    def look(self, state):
        """Look at each width."""
        for width in WIDTHS:
            self.complaints += [f"{state}, {width}: {text}" for text in self.holder.complaints(width)]

    def run(self):
        """Press Enhance and wait, in whatever language."""
        person.press(self.panel)
        self.look("running")
        harness.processEventsUntil(lambda: not self.panel.isRunning(), seconds=90)
        person.waitSeconds(0.8)


@pytest.fixture(params=[ENGLISH, "fr", "zh-Hans"])
def looker(request, slicerApp, mainWindow, installTree, chineseFont):
    """A person with the panel in a language."""
    spoken = None
    if request.param != ENGLISH:
        spoken = harness.language(TRANSLATIONS / f"GANEnhance_{request.param}.ts")
    module = slicerApp.loadModule(installTree / "GANEnhance.py")
    module.enter()
    harness.processEventsUntil(lambda: module.widget.models, seconds=60)
    each = Looker(module)
    yield each
    each.holder.release()
    module.unload()
    if spoken is not None:
        spoken.stop()


def test_the_panel_fits_in_each_state(looker, caplog):
    panel, ui = looker.panel, looker.ui
    for name in COLLAPSIBLE:
        openOnly(panel, name)
        looker.look(f"empty, {name}")
    openOnly(panel, *COLLAPSIBLE)
    looker.look("empty, all")

    ui.setupButton.click()
    looker.look("set up")
    ui.setupButton.click()
    openOnly(panel, "inputs")
    ui.loadSampleButton.click()
    person_choosing.waitForVerdicts(panel)
    looker.look("sample")
    ui.findModelButton.checked = True
    ui.favoriteModelButton.click()
    looker.look("list")
    ui.findModelButton.checked = False
    for name in ("auto", "median", "mr-denoise"):
        person.chooseModel(panel, name)
        ui.modelMoreButton.checked = True
        looker.look(f"card of {name}")
    ui.modelMoreButton.checked = False
    (entry,) = [entry for entry in panel.models if entry["name"] == "mr-denoise"]
    entry["super_resolution"] = {"through_plane": {"factors": [1.5, 4]}, "in_plane": {"factors": [1.5, 2]}}
    for kind in range(ui.finerKindComboBox.count):
        ui.finerKindComboBox.setCurrentIndex(kind)
        person_choosing.waitForVerdicts(panel)
        # What the worker would say of a model that refines.
        grid = {"shape": [512] * 3, "spacing_mm": [0.4883] * 3, "factors": [1.5] * 3, "resampled": kind == 3}
        panel.panel.verdicts["mr-denoise"]["finer"] = grid
        panel.panel.updateSections()
        looker.look(f"finer grid {kind}")
    ui.finerKindComboBox.setCurrentIndex(0)
    entry["super_resolution"] = None

    openOnly(panel, "region")
    for kind in range(ui.regionKindComboBox.count):
        ui.regionKindComboBox.setCurrentIndex(kind)
        looker.look(f"region {kind}")
    ui.regionKindComboBox.setCurrentIndex(0)

    openOnly(panel, "inputs")
    ui.previewRedButton.click()
    person.waitSeconds(1.5)
    looker.look("preview")
    ui.previewEndButton.click()
    looker.run()
    looker.look("done")
    ui.modelFidelityCheckBox.checked = False
    ui.fidelitySlider.value = 0.5
    person.waitSeconds(1)
    looker.look("another fidelity")
    openOnly(panel, "report")
    ui.newTissueButton.click()
    ui.newBackgroundButton.click()
    person.waitSeconds(1.5)
    looker.look("report")
    openOnly(panel, "compare")
    for mode in range(ui.compareModeComboBox.count):
        ui.compareModeComboBox.setCurrentIndex(mode)
        person_comparing.waitForPicture(panel)
        looker.look(f"compare {mode}")
    ui.compareModeComboBox.setCurrentIndex(0)
    openOnly(panel, "provenance")
    ui.provenanceShowButton.click()
    looker.look("provenance")

    openOnly(panel, "batch", "inputs")
    _sequence, _browser, proxy = cine.makeCine(count=3, name="A cine of the left ventricle")
    ui.inputSelector.setCurrentNode(proxy)
    for frames in range(3):
        ui.framesComboBox.setCurrentIndex(frames)
        looker.look(f"frames {frames}")
    empty = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
    person_batch.check(panel, empty, proxy)
    ui.enhanceAllButton.click()
    harness.processEventsUntil(lambda: not panel.isRunning(), seconds=90)
    looker.look("several")

    assert looker.complaints == []
    assert "placeholders" not in caplog.text
