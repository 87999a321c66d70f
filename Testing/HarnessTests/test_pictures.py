"""Screenshots at a width, and the search for texts that are cut."""

import harness
import pytest

harness.start()
import ctk  # noqa: E402
import qt  # noqa: E402

pytestmark = pytest.mark.usefixtures("slicerApp")


@pytest.fixture
def panel():
    """A panel with a form; widgets are added by name."""

    class Panel:
        def __init__(self):
            self.widget = qt.QWidget()
            self.layout = qt.QFormLayout(self.widget)

        def add(self, kind, name, text):
            made = kind()
            made.setObjectName(name)
            if isinstance(made, qt.QComboBox):
                made.addItem(text)
            else:
                made.text = text
            self.layout.addRow("Row:", made)
            return made

        def cut(self, width):
            self.widget.show()
            self.widget.resize(width, 400)
            qt.QApplication.processEvents()
            return [cut.name for cut in harness.cutTexts(self.widget)]

    made = Panel()
    yield made
    made.widget.delete()


LONG = "A sentence that is too long for a narrow panel"


@pytest.mark.parametrize(
    "kind", [qt.QLabel, qt.QPushButton, qt.QCheckBox, qt.QRadioButton, qt.QToolButton, qt.QComboBox]
)
def test_a_text_that_does_not_fit_is_found(panel, kind):
    widget = panel.add(kind, "widget", LONG)
    policy = qt.QSizePolicy(qt.QSizePolicy.Ignored, qt.QSizePolicy.Fixed)
    widget.setSizePolicy(policy)
    assert panel.cut(250) == ["widget"]
    assert panel.cut(700) == []


def test_a_widget_that_sticks_out_is_found(panel):
    panel.layout.setSizeConstraint(qt.QLayout.SetNoConstraint)
    panel.add(qt.QPushButton, "wide", LONG)
    assert "wide" in panel.cut(250)


def test_a_label_that_wraps_fits(panel):
    label = panel.add(qt.QLabel, "label", LONG)
    label.wordWrap = True
    assert panel.cut(250) == []
    label.setSizePolicy(qt.QSizePolicy(qt.QSizePolicy.Ignored, qt.QSizePolicy.Ignored))
    label.setMaximumHeight(10)
    assert panel.cut(250) == ["label"]


def test_words_that_are_too_long_are_found(panel):
    label = panel.add(qt.QLabel, "label", "/a/path/without/any/blank/that/would/have/to/wrap/somewhere.txt")
    label.wordWrap = True
    label.setSizePolicy(qt.QSizePolicy(qt.QSizePolicy.Ignored, qt.QSizePolicy.Minimum))
    assert panel.cut(250) == ["label"]


def test_mnemonics_hidden_parts_and_shortened_paths_are_no_breach(panel):
    button = panel.add(qt.QPushButton, "button", "&Choose && go")
    panel.add(qt.QPushButton, "hidden", LONG).hide()
    path = ctk.ctkDirectoryButton("/a/very/long/path/that/no/narrow/panel/will/ever/show/as/a/whole/thing")
    panel.layout.addRow("Folder:", path)
    assert panel.cut(220) == [] and button.visible


def test_the_collapsible_header_counts(panel):
    header = ctk.ctkCollapsibleButton(LONG)
    header.setObjectName("header")
    panel.layout.addRow(header)
    assert panel.cut(200) == ["header"] and panel.cut(600) == []


@pytest.mark.parametrize("width", [300, 480])
def test_a_screenshot_has_the_width_that_is_asked_for(demo, tmp_path, width):
    root = demo.widgetRepresentation()
    for scale in (1, 2):
        picture = qt.QImage(str(harness.screenshot(root, tmp_path / "x.png", scale=scale, width=width)))
        assert picture.width() == scale * width
    assert harness.cutTexts(root) == []


def test_a_screenshot_is_as_high_as_wrapped_texts_need(panel, tmp_path):
    for number in range(5):
        panel.add(qt.QLabel, f"label{number}", 3 * (LONG + ". ")).wordWrap = True
    heights = []
    for width in (250, 600):
        path = harness.screenshot(panel.widget, tmp_path / "x.png", width=width)
        heights.append(qt.QImage(str(path)).height())
        assert harness.cutTexts(panel.widget) == []
    assert heights[0] > 1.5 * heights[1]
