"""A person adds models of their own, by dialogs and the real worker, and removes them again."""

import json
import shutil
import zipfile
from pathlib import Path

import harness
import person
import person_choosing as choosing
import pytest
import slicer

CARD = {
    "task": "denoise",
    "modality": ["MR"],
    "anatomy": "head",
    "limits": "For tests only.",
    "licence": "Apache-2.0",
    "data": "none: the weights are random",
    "scaling": {"name": "mr-percentile"},
    "residual_bound": 0.3,
}


@pytest.fixture
def own(panel, tmp_path, monkeypatch):
    """The user's folder of models, empty; the worker knows it."""
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setenv("GANENHANCE_MODELS", str(folder))
    choosing.restart(panel)
    harness.answers.clear()
    yield folder
    assert not harness.answers.files and not harness.answers.questions, "a dialog did not open"


@pytest.fixture
def bundle(request, tmp_path, monkeypatch):
    """A tiny network for MR, somewhere on the disk."""
    monkeypatch.syspath_prepend(str(request.config.rootpath / "Testing" / "Library"))
    import make_bundle

    return make_bundle.make_tiny_bundle(tmp_path / "tiny", "random", 3, seed=4, title="Tiny one")


def addFile(panel, *paths):
    harness.answers.files.extend(str(path) for path in paths)
    choosing.action(panel, "Add from a file").trigger()
    choosing.waitUntilAdded(panel)


def addFolder(panel, path):
    harness.answers.files.append(str(path))
    choosing.action(panel, "Add from a folder").trigger()
    choosing.waitUntilAdded(panel)


def zipped(bundle, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in bundle.rglob("*"):
            if file.is_file():
                archive.write(file, f"top/{file.relative_to(bundle)}")
    return path


def listed(panel):
    return [entry["name"] for entry in panel.models if entry["source"] == "user"]


def waitUntilListed(panel, names):
    harness.processEventsUntil(lambda: listed(panel) == names, 60)


@pytest.mark.parametrize("way", ["folder", "zip"])
def test_a_model_is_added_chosen_run_and_removed(panel, phantom, own, bundle, tmp_path, way):
    if way == "folder":
        addFolder(panel, bundle)
    else:
        addFile(panel, zipped(bundle, tmp_path / "given.zip"))
    assert choosing.message(panel).startswith('Added "Tiny one" (') and "kB" in choosing.message(panel)
    waitUntilListed(panel, ["tiny"])
    assert panel.ui.modelComboBox.currentText == "Tiny one", "who adds a model wants to use it"
    panel.ui.modalityComboBox.setCurrentIndex(1)
    choosing.waitForVerdicts(panel)
    (result,) = person.enhance(panel, "tiny")
    assert result.GetAttribute("GANEnhance.Model") == "tiny"

    panel.ui.favoriteModelButton.click()
    harness.answers.questions.append(True)
    choosing.action(panel, "Remove").trigger()
    waitUntilListed(panel, [])
    assert "Tiny one" in harness.answers.asked[-1].text and "kB" in harness.answers.asked[-1].text
    assert choosing.message(panel).startswith("Removed tiny; ") and list(own.iterdir()) == []
    assert panel.logic.getParameterNode().model == "auto"
    assert panel.panel.setting("Favorite") == "" and panel.panel.setting("LastModel") == ""


def test_a_single_file_asks_for_its_card(panel, own, bundle, tmp_path):
    onnx = Path(shutil.copy(bundle / "models" / "fidelity.onnx", tmp_path / "net.onnx"))
    card = tmp_path / "words.json"
    card.write_text(json.dumps(CARD))
    addFile(panel, onnx, "")
    assert [asked.text for asked in harness.answers.asked][-1] == "The card of net.onnx"
    assert listed(panel) == [] and not choosing.isSeen(panel, panel.ui.modelMessageLabel)
    addFile(panel, onnx, card)
    waitUntilListed(panel, ["net"])
    shutil.copy(card, tmp_path / "other.json")
    shutil.copy(onnx, tmp_path / "other.onnx")
    addFile(panel, tmp_path / "other.onnx")
    waitUntilListed(panel, ["net", "other"])


def test_dialogs_that_are_closed_change_nothing(panel, own):
    addFile(panel, "")
    addFolder(panel, "")
    assert listed(panel) == [] and list(own.iterdir()) == []


def test_a_file_that_is_refused(panel, own, tmp_path):
    (tmp_path / "net.pt").write_bytes(b"\x80\x04pickle")
    addFile(panel, tmp_path / "net.pt")
    assert choosing.message(panel).startswith('Error: The file "net.pt" is refused')
    assert "save_file(torch.load(" in choosing.message(panel)
    assert "net.pt" in panel.ui.logTextEdit.plainText
    (tmp_path / "no.zip").write_text("text")
    addFile(panel, tmp_path / "no.zip")
    assert "no zip" in choosing.message(panel)
    person.chooseModel(panel, "median")
    assert not choosing.isSeen(panel, panel.ui.modelMessageLabel), "who goes on has read it"
    assert listed(panel) == [] and list(own.iterdir()) == []


def test_a_model_that_is_there_is_replaced_only_if_wanted(panel, own, bundle):
    addFolder(panel, bundle)
    waitUntilListed(panel, ["tiny"])
    before = (own / "tiny").stat().st_ino
    harness.answers.questions.append(False)
    addFolder(panel, bundle)
    harness.processEventsUntil(lambda: choosing.message(panel) == "No model was added.", 60)
    assert 'A model "tiny" is there already. Replace it?' in harness.answers.asked[-1].text
    assert (own / "tiny").stat().st_ino == before
    harness.answers.questions.append(True)
    addFolder(panel, bundle)
    harness.processEventsUntil(lambda: choosing.message(panel).startswith("Added "), 60)
    assert (own / "tiny").stat().st_ino != before


def test_removing_is_asked_and_only_for_the_users_own(panel, own, bundle):
    person.chooseModel(panel, "mr-denoise")
    assert not choosing.action(panel, "Remove").enabled
    addFolder(panel, bundle)
    waitUntilListed(panel, ["tiny"])
    assert choosing.action(panel, "Remove").enabled
    harness.answers.questions.append(False)
    choosing.action(panel, "Remove").trigger()
    person.waitSeconds(0.3)
    assert listed(panel) == ["tiny"] and (own / "tiny").is_dir()


def test_adding_can_be_canceled(panel, own, bundle):
    harness.answers.files.append(str(bundle))
    choosing.action(panel, "Add from a folder").trigger()
    assert choosing.isSeen(panel, panel.ui.cancelModelButton)
    panel.ui.cancelModelButton.click()
    assert choosing.message(panel) == "Canceled. No model was added."
    assert not choosing.isSeen(panel, panel.ui.cancelModelButton)
    person.waitSeconds(1.0)
    assert listed(panel) == [] and panel.logic.getParameterNode().model == "auto"
    assert [path for path in own.iterdir() if not path.name.startswith(".")] == []


def test_the_worker_dies_while_a_model_is_added(panel, own, bundle):
    import os
    import signal

    harness.answers.files.append(str(bundle))
    choosing.action(panel, "Add from a folder").trigger()
    os.kill(panel.client.processId(), signal.SIGKILL)
    choosing.waitUntilAdded(panel)
    assert choosing.message(panel).startswith("Error: ")
    addFolder(panel, bundle)
    assert choosing.message(panel).startswith("Added ")


def test_the_folder_is_opened_and_can_be_another(panel, phantom, own, bundle, tmp_path):
    own.rmdir()
    choosing.action(panel, "Open").trigger()
    assert harness.answers.opened == [f"file://{own}"] and own.is_dir(), "it is made if need be"
    addFolder(panel, bundle)
    waitUntilListed(panel, ["tiny"])

    harness.answers.files.append(str(tmp_path / "other"))
    (tmp_path / "other").mkdir()
    choosing.action(panel, "Keep my models").trigger()
    harness.processEventsUntil(lambda: panel.models, 60)
    assert panel.panel.setting("ModelFolder") == str(tmp_path / "other")
    assert listed(panel) == ["tiny"], "the other folder is looked in, too"
    harness.answers.questions.append(True)
    choosing.action(panel, "Remove").trigger()
    waitUntilListed(panel, [])
    addFolder(panel, bundle)
    waitUntilListed(panel, ["tiny"])
    assert (tmp_path / "other" / "tiny").is_dir() and list(own.iterdir()) == []
    panel.ui.modalityComboBox.setCurrentIndex(1)
    (result,) = person.enhance(panel, "tiny")
    assert result.GetAttribute("GANEnhance.Model") == "tiny"
    scripted = panel.logic.enhance(phantom, model="tiny", modality="MR")
    assert slicer.util.arrayFromVolume(scripted).tolist() == slicer.util.arrayFromVolume(result).tolist()


def test_the_panel_stays_usable_while_a_model_is_added(panel, phantom, own, bundle):
    harness.answers.files.append(str(bundle))
    choosing.action(panel, "Add from a folder").trigger()
    person.chooseModel(panel, "median")
    assert panel.ui.enhanceButton.enabled
    assert not choosing.action(panel, "Add from a folder").enabled, "one at a time"
    choosing.action(panel, "Add from a folder").trigger()
    choosing.waitUntilAdded(panel)
    waitUntilListed(panel, ["tiny"])
