"""A person looks for a model, reads its card, sees which ones suit the volume, and finds the choice again."""

import harness
import person
import person_choosing as choosing
import pytest
import slicer
from person_looking import PanelHolder

WIDTH = 300


@pytest.fixture
def bundles(request, panel, tmp_path, monkeypatch):
    """A function that puts tiny networks for MR into the user's folder: name -> fields of the card."""
    monkeypatch.syspath_prepend(str(request.config.rootpath / "Testing" / "Library"))
    import make_bundle

    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("GANENHANCE_MODELS", str(folder))

    def add(**cards):
        for name, card in cards.items():
            make_bundle.make_tiny_bundle(folder / name, "random", 3, seed=4, **card)
        choosing.restart(panel)

    return add


def find(panel, words=""):
    panel.ui.findModelButton.checked = True
    panel.ui.modelSearchEdit.text = words
    return choosing.found(panel)


# The list


def test_automatic_comes_first_and_the_choice_is_always_seen(panel, phantom):
    box = panel.ui.modelComboBox
    assert box.itemData(0) == "auto" and box.currentText == "Automatic"
    assert choosing.isSeen(panel, box) and not choosing.isSeen(panel, panel.ui.modelTree)
    assert find(panel)[0] == "auto"
    person.chooseModel(panel, "median")
    assert panel.logic.getParameterNode().model == "median"
    assert box.currentText == "Median filter"


def test_search_narrows_the_list(panel, phantom, bundles):
    bundles(liver={"anatomy": "liver", "title": "Quiet liver"}, knee={"anatomy": "knee", "title": "Knee"})
    everything = find(panel)
    assert {"auto", "mr-denoise", "liver", "knee", "median"} <= set(everything)
    assert panel.ui.modelCountLabel.text == f"{len(everything) - 1} of {len(everything) - 1} models"
    assert find(panel, "liver") == ["liver"]
    assert find(panel, "QUIET liv") == ["liver"], "all words, in any order and case"
    assert find(panel, "no such thing") == [] and panel.ui.modelCountLabel.text.startswith("0 of ")
    assert find(panel, "autom") == ["auto"]
    panel.ui.findModelButton.checked = False
    assert find(panel) == everything, "a search that is closed does not hide models in the next one"


def test_filters_by_modality_anatomy_and_task(panel, phantom, bundles):
    bundles(
        liver={"anatomy": "liver", "modality": ["CT"]},
        knee={"anatomy": "knee; nothing else", "task": "deblur"},
    )
    find(panel)
    person.choose(panel.ui.modalityFilterComboBox, "CT")
    names = choosing.found(panel)
    assert "liver" in names and "median" in names, "a filter suits any modality"
    assert "knee" not in names and "mr-denoise" not in names and "auto" not in names
    person.choose(panel.ui.modalityFilterComboBox, "")
    person.choose(panel.ui.anatomyFilterComboBox, "knee")
    assert choosing.found(panel) == ["knee"]
    person.choose(panel.ui.anatomyFilterComboBox, "")
    person.choose(panel.ui.taskFilterComboBox, "deblur")
    assert choosing.found(panel) == ["knee"]


def test_a_model_is_chosen_in_the_list(panel, phantom):
    names = find(panel)
    tree = panel.ui.modelTree
    tree.setCurrentItem(tree.topLevelItem(names.index("median")))
    assert panel.logic.getParameterNode().model == "median"
    assert panel.ui.modelComboBox.currentText == "Median filter"
    assert choosing.isSeen(panel, panel.ui.modelTree), "one click leaves the list open"
    tree.itemActivated.emit(tree.currentItem(), 0)
    assert not choosing.isSeen(panel, panel.ui.modelTree)
    person.chooseModel(panel, "nlm")
    panel.ui.findModelButton.checked = True
    assert tree.currentItem().text(0) == "Non-local means", "the list shows the choice"


def test_a_name_that_is_not_installed_stays_and_is_marked(panel, phantom):
    panel.logic.getParameterNode().model = "long-gone"
    assert panel.ui.modelComboBox.currentText == "long-gone (not available)"
    assert "long-gone" in find(panel)
    choosing.restart(panel)
    assert panel.logic.getParameterNode().model == "long-gone"
    assert choosing.isGray(panel, "long-gone")
    assert choosing.card(panel) == "This model is not installed."


# What suits the volume


def test_unsuitable_models_are_gray_with_the_reason(panel, phantom, bundles):
    bundles(tiny={})
    panel.ui.modalityComboBox.setCurrentIndex(2)  # CT
    choosing.waitForVerdicts(panel)
    assert choosing.isGray(panel, "tiny") and choosing.isGray(panel, "mr-denoise")
    assert not choosing.isGray(panel, "median") and not choosing.isGray(panel, "auto")
    assert "CT" in choosing.toolTip(panel, "tiny") and "MR" in choosing.toolTip(panel, "tiny")
    person.chooseModel(panel, "tiny")
    assert choosing.card(panel).startswith("Not for this volume: ") and "CT" in choosing.card(panel)
    assert "Tiny plain-residual network" in choosing.card(panel), "it can still be read"
    assert not panel.ui.enhanceButton.enabled and "CT" in panel.ui.enhanceButton.toolTip
    panel.ui.modalityComboBox.setCurrentIndex(1)  # MR
    choosing.waitForVerdicts(panel)
    assert not choosing.isGray(panel, "tiny")
    assert "Not for this volume" not in choosing.card(panel)
    assert len(person.enhance(panel, "tiny")) == 1


def test_gray_models_are_gray_in_the_list_too(panel, phantom):
    panel.ui.modalityComboBox.setCurrentIndex(2)
    choosing.waitForVerdicts(panel)
    names = find(panel)
    items = {name: panel.ui.modelTree.topLevelItem(names.index(name)) for name in ("mr-denoise", "median")}
    assert items["mr-denoise"].foreground(0) != items["median"].foreground(0)
    assert "CT" in items["mr-denoise"].toolTip(0)


def test_values_that_a_model_is_not_made_for(panel, phantom, bundles):
    lowest, highest = phantom.GetImageData().GetScalarRange()
    bundles(
        narrow={"contract": {"modality": ["MR"], "value_range": [highest + 1, highest + 2]}},
        wide={"contract": {"modality": ["MR"], "value_range": [lowest, highest]}},
    )
    panel.ui.modalityComboBox.setCurrentIndex(1)
    harness.processEventsUntil(lambda: choosing.isGray(panel, "narrow"), 60)
    assert f"{highest + 1:g}" in choosing.toolTip(panel, "narrow")
    assert not choosing.isGray(panel, "wide")


def test_a_doubt_is_told_and_does_not_stop(panel, phantom, bundles):
    bundles(fine={"contract": {"modality": ["MR"], "spacing_mm": [0.001, 0.002]}})
    panel.ui.modalityComboBox.setCurrentIndex(1)
    person.chooseModel(panel, "fine")
    choosing.waitForVerdicts(panel)
    assert choosing.card(panel).startswith("With care: The spacing is ")
    assert panel.ui.enhanceButton.enabled and not choosing.isGray(panel, "fine")


def test_another_volume_is_another_question(panel, phantom):
    from GANEnhancePanel.phantom import makePhantom

    panel.ui.modalityComboBox.setCurrentIndex(0)
    choosing.waitForVerdicts(panel)
    assert not choosing.isGray(panel, "mr-denoise")
    other = makePhantom(name="Chest")
    hierarchy = slicer.mrmlScene.GetSubjectHierarchyNode()
    hierarchy.SetItemAttribute(hierarchy.GetItemByDataNode(other), "DICOM.Modality", "CT")
    panel.ui.inputSelector.setCurrentNode(other)
    choosing.waitForVerdicts(panel)
    assert choosing.isGray(panel, "mr-denoise")
    panel.ui.inputSelector.setCurrentNode(None)
    assert panel.panel.verdicts == {} and not choosing.isGray(panel, "mr-denoise")


# The card


def test_the_card_is_short_and_says_what_matters(panel, phantom, bundles):
    bundles(risky={"risk": "unpaired: higher risk", "limits": "Not for diagnosis. Sees heads only."})
    panel.ui.modalityComboBox.setCurrentIndex(1)
    choosing.waitForVerdicts(panel)
    person.chooseModel(panel, "mr-denoise")
    card = choosing.card(panel)
    for part in ("For: denoise; MR; head", "Limits: ", "Trained on: ", "License: Apache-2.0."):
        assert part in card, card
    (entry,) = [entry for entry in panel.models if entry["name"] == "mr-denoise"]
    assert "Measured: " + entry["quality"] in card
    assert "Not for diagnosis." in card and "Risk" not in card
    assert "This volume: about " in card and " of memory on OpenVINO on the CPU" in card
    assert len(card) - len(entry["limits"]) < 800, "short but for the limits"
    person.chooseModel(panel, "risky")
    assert "Not for diagnosis. Risk: unpaired: higher risk." in choosing.card(panel)
    assert "Limits: Sees heads only." in choosing.card(panel)
    assert panel.ui.modelComboBox.currentText.endswith(" (unpaired: higher risk)")


@pytest.mark.parametrize("width", [300, 480])
def test_the_limits_are_read_in_full_without_opening_anything(ganenhanceModule, panel, phantom, width):
    person.chooseModel(panel, "mr-denoise")
    (entry,) = [entry for entry in panel.models if entry["name"] == "mr-denoise"]
    limits = entry["limits"].removeprefix("Not for diagnosis. ")
    assert len(limits) > 300 and f"Limits: {limits}" in choosing.card(panel)
    assert choosing.isSeen(panel, panel.ui.modelNoteLabel) and not panel.ui.modelMoreButton.checked
    holder = PanelHolder(ganenhanceModule.widgetRepresentation())
    try:
        assert holder.complaints(width) == [], "a label that wraps and is cut would be among them"
    finally:
        holder.release()


def test_the_card_of_a_filter_speaks_of_no_training(panel, phantom):
    person.chooseModel(panel, "median")
    card = choosing.card(panel)
    assert "For: denoise; any modality; any anatomy" in card and "Trained" not in card
    assert "Not for diagnosis." in card


def test_more_is_there_for_those_who_ask(panel, phantom):
    person.chooseModel(panel, "mr-denoise")
    details = panel.ui.modelDetailsLabel
    assert not choosing.isSeen(panel, details)
    panel.ui.modelMoreButton.checked = True
    assert choosing.isSeen(panel, details)
    (entry,) = [entry for entry in panel.models if entry["name"] == "mr-denoise"]
    text = details.text.replace("\u200b", "")
    for part in (entry["description"], entry["data"], f"Version: {entry['version']}"):
        assert part in text
    assert entry["sha256"] in text.replace(" ", "").replace("\n", "")
    for part in ("with-doubt", "244 kFLOP per voxel", "37 voxels around each"):
        assert part in text
    person.chooseModel(panel, "median")
    assert "kFLOP" not in details.text and "Version" in details.text


def test_what_a_card_says_is_never_taken_for_markup(panel, phantom, bundles):
    bundles(bold={"limits": "<b>Trust</b> <img src='file:///etc/passwd'>"})
    import qt

    person.chooseModel(panel, "bold")
    panel.ui.modelMoreButton.checked = True
    assert "<b>Trust</b>" in panel.ui.modelNoteLabel.text.replace("\u200b", "")
    for label in (panel.ui.modelNoteLabel, panel.ui.modelDetailsLabel, panel.ui.modelMessageLabel):
        assert label.textFormat == qt.Qt.PlainText


def test_automatic_shows_the_card_of_what_it_takes(panel, phantom):
    panel.ui.modalityComboBox.setCurrentIndex(1)
    assert choosing.card(panel).startswith("Takes MR denoise, which is made for MR.")
    assert "Trained on: " in choosing.card(panel)
    panel.ui.modalityComboBox.setCurrentIndex(2)
    assert choosing.card(panel).startswith(
        "Takes Non-local means; CT low dose is made for CT, but is only taken when chosen: "
    )


def test_automatic_does_not_point_to_a_model_that_cannot_be_chosen(panel, phantom):
    from GANEnhancePanel.choosing.modelnames import automaticEntry, automaticText

    models = [{**entry, "available": entry["name"] != "ct-lowdose"} for entry in panel.models]
    text = automaticText(automaticEntry(models, "CT"), True, "CT", models)
    assert text == "Takes Non-local means, because no trained model is made for CT."


def test_the_time_is_measured_by_runs(panel, phantom):
    panel.ui.modalityComboBox.setCurrentIndex(1)
    choosing.waitForVerdicts(panel)
    person.enhance(panel, "median")
    choosing.waitForVerdicts(panel)
    assert panel.panel.verdicts["median"]["measured"]
    assert "This volume: about " in choosing.card(panel)


# Favorite and last choice


def test_a_new_scene_begins_with_the_last_choice(panel):
    person.chooseModel(panel, "median")
    slicer.mrmlScene.Clear(0)
    assert panel.logic.getParameterNode().model == "median"
    assert panel.ui.modelComboBox.currentText == "Median filter"


def test_the_favorite_goes_before_the_last_choice(panel):
    star = panel.ui.favoriteModelButton
    person.chooseModel(panel, "nlm")
    assert not star.checked
    star.click()
    assert star.checked and "\u2605" in star.text
    person.chooseModel(panel, "median")
    assert not star.checked and "\u2606" in star.text
    slicer.mrmlScene.Clear(0)
    assert panel.logic.getParameterNode().model == "nlm" and star.checked
    star.click()
    slicer.mrmlScene.Clear(0)
    assert panel.logic.getParameterNode().model == "median"


def test_a_scene_keeps_its_choice(panel, phantom, tmp_path):
    person.chooseModel(panel, "auto")
    assert slicer.util.saveScene(str(tmp_path / "scene.mrb"))
    person.chooseModel(panel, "nlm")
    panel.ui.favoriteModelButton.click()
    slicer.mrmlScene.Clear(0)
    slicer.util.loadScene(str(tmp_path / "scene.mrb"))
    panel.enter()
    assert panel.logic.getParameterNode().model == "auto"


def test_a_favorite_that_is_gone_is_no_way_to_begin(panel):
    panel.panel.setSetting("Favorite", "long-gone")
    slicer.mrmlScene.Clear(0)
    assert panel.logic.getParameterNode().model == "auto"
    panel.client.stop()
    panel.panel.models = []
    slicer.mrmlScene.Clear(0)
    assert panel.logic.getParameterNode().model == "long-gone", "nobody knows yet"
    choosing.restart(panel)
    assert panel.logic.getParameterNode().model == "auto"


def test_the_section_can_be_narrow(ganenhanceModule, panel, phantom):
    widget = ganenhanceModule.widgetRepresentation()
    widget.show()
    person.chooseModel(panel, "mr-denoise")
    panel.ui.findModelButton.checked = True
    panel.ui.modelMoreButton.checked = True
    person.waitSeconds(0.1)
    assert panel.ui.GANEnhanceChoosing.minimumSizeHint().width() <= WIDTH - 40
