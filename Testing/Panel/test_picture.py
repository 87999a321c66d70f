"""Pictures of the panel in each of its states, written to `out/` for a person to look at."""

import harness
import person
import pytest

PIECES = (
    "inputSelector",
    "modelComboBox",
    "modelNoteLabel",
    "strengthSlider",
    "outputSelector",
)
WIDTH = 400


@pytest.fixture
def out(request):
    """The folder of pictures."""
    folder = request.config.rootpath / "out" / "panel"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def take(module, out, name, height=560):
    """Take a picture at 100 % and at 200 %, of a panel that is as tall as its contents need."""
    widget = module.widgetRepresentation()
    widget.show()
    widget.resize(WIDTH, height)
    person.waitSeconds(0.2)
    for scale in (1, 2):
        path = harness.screenshot(module.widgetRepresentation(), out / f"{name}-{scale}00.png", scale=scale)
        assert path.stat().st_size > 4000 * scale


def test_pictures_of_each_state(ganenhanceModule, panel, phantom, out):
    take(ganenhanceModule, out, "ready")
    for piece in PIECES:
        assert getattr(panel.ui, piece).visible, piece
    assert panel.ui.noticeLabel.visible
    assert "not for diagnosis" in panel.ui.noticeLabel.text

    panel.ui.advancedCollapsibleButton.collapsed = False
    take(ganenhanceModule, out, "advanced", height=640)
    panel.ui.advancedCollapsibleButton.collapsed = True

    there = [model["name"] for model in panel.models if model["available"]]
    panel.ui.modalityComboBox.setCurrentIndex(1)  # MR
    shipped = "mr-denoise" if "mr-denoise" in there else "anisotropic-diffusion"
    person.choose(panel.ui.modelComboBox, shipped)
    assert panel.ui.modelNoteLabel.text and "Limits: " in panel.ui.modelNoteLabel.text
    person.press(panel)
    take(ganenhanceModule, out, "running")
    person.waitUntilReady(panel)
    take(ganenhanceModule, out, "done")

    panel.logic.getParameterNode().model = "a-model-of-another-computer"
    take(ganenhanceModule, out, "missing-model")


def test_the_panel_can_be_narrow(ganenhanceModule, panel, phantom, out):
    widget = ganenhanceModule.widgetRepresentation()
    widget.show()
    widget.resize(300, 620)
    assert widget.width == 300
    assert widget.minimumSizeHint().width() <= 300
    picture = widget.grab()
    assert picture.save(str(out / "narrow-100.png"))
