"""A preview and a comparison in the same views: whichever begins first, all of it comes back."""

import person_comparing as look
import person_preview
import pytest
import slicer


@pytest.mark.parametrize("mode", look.MODES[1:])
@pytest.mark.parametrize("first", ["preview", "comparison"])
def test_both_give_the_views_back(mainWindow, panel, mode, first):
    look.enhanced(panel)
    mine = look.everything()
    if first == "preview":
        person_preview.preview(panel, "Red")
        look.compare(panel, mode)
        panel.ui.previewEndButton.click()
        look.compare(panel, "off")
    else:
        look.compare(panel, mode)
        if person_preview.button(panel, "Red").enabled:
            person_preview.preview(panel, "Red")
        look.compare(panel, "off")
        panel.ui.previewEndButton.click()
    slicer.app.processEvents()
    assert look.everything() == mine
