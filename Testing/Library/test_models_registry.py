"""The list of models: complete, in order, never spoiled by a broken folder, and instant."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from make_bundle import make_tiny_bundle

from GANEnhanceLib.errors import ModelError
from GANEnhanceLib.models import list_models, load_model, pick_model, registry


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("made") / "tiny", "random")


@pytest.fixture
def folder(tiny, tmp_path):
    shutil.copytree(tiny, tmp_path / "models" / "tiny")
    return tmp_path / "models"


@pytest.fixture
def no_shipped(monkeypatch, tmp_path):
    monkeypatch.setattr(registry, "SHIPPED_FOLDER", tmp_path / "shipped")


def named(entries, name):
    return [entry for entry in entries if entry.name == name]


def test_classical_models_are_there():
    entries = {entry.name: entry for entry in list_models()}
    for name in ("median", "anisotropic-diffusion", "nlm"):
        entry = entries[name]
        assert entry.kind == "classical" and entry.available and entry.reason == ""
        assert entry.modality == () and entry.fidelity_default is None
        assert entry.title and entry.description and entry.limits
        assert load_model(name).sha256 == entry.sha256
    assert len({entry.sha256 for entry in entries.values()}) == len(entries)


def test_shipped_models_hold():
    for entry in list_models():
        assert entry.available, entry.reason
        assert load_model(entry.name).card.version == entry.version


@pytest.mark.parametrize("way", ["extra", "environment", "bundle itself"])
def test_folder_of_the_user(folder, monkeypatch, way):
    extra = ()
    if way == "environment":
        monkeypatch.setenv("GANENHANCE_MODELS", os.pathsep.join(["", str(folder.parent), str(folder)]))
    else:
        extra = (folder / "tiny",) if way == "bundle itself" else (str(folder),)
    (entry,) = named(list_models(extra), "tiny")
    assert entry.available and entry.kind == "network" and entry.source == "user"
    assert entry.folder == str(folder / "tiny") and entry.fidelity_default == 1.0
    model = load_model("tiny", extra)
    assert model.sha256 == entry.sha256 and model.folder == folder / "tiny"
    json.dumps(entry.to_dict(), allow_nan=False)


def test_same_folder_given_twice_is_listed_once(folder, monkeypatch):
    monkeypatch.setenv("GANENHANCE_MODELS", str(folder))
    assert len(named(list_models([folder]), "tiny")) == 1


def test_broken_bundle_does_not_spoil_the_list(folder):
    broken = shutil.copytree(folder / "tiny", folder / "broken")
    (broken / "configs" / "metadata.json").write_text("{")
    entries = list_models([folder])
    (entry,) = named(entries, "broken")
    assert not entry.available and "configs/metadata.json" in entry.reason and entry.kind == "unknown"
    assert named(entries, "tiny")[0].available
    with pytest.raises(ModelError, match="configs/metadata.json"):
        load_model("broken", [folder])


def test_same_name_twice(folder):
    shutil.copytree(folder / "tiny", folder / "zz-copy")
    first, second = named(list_models([folder]), "tiny")
    assert first.available and not second.available
    assert str(folder / "zz-copy") in second.reason
    assert load_model("tiny", [folder]).folder == folder / "tiny"
    assert load_model(folder / "zz-copy").folder == folder / "zz-copy"


def test_name_of_a_classical_model_cannot_be_taken(tmp_path):
    make_tiny_bundle(tmp_path / "median")
    classical, other = named(list_models([tmp_path]), "median")
    assert classical.kind == "classical" and not other.available
    assert load_model("median", [tmp_path]).card.kind == "classical"


def test_folder_that_does_not_exist(tmp_path):
    (entry,) = named(list_models([tmp_path / "nothing"]), "nothing")
    assert not entry.available and "does not exist" in entry.reason


def test_hidden_and_other_folders_are_passed_over(folder):
    shutil.copytree(folder / "tiny", folder / ".unfinished")
    (folder / "pictures").mkdir()
    (folder / "notes.txt").write_text("notes")
    assert [entry.name for entry in list_models([folder]) if entry.source == "user"] == ["tiny"]


def test_unknown_model_names_the_known():
    with pytest.raises(ModelError) as refused:
        load_model("mr-denoize")
    assert "mr-denoize" in refused.value.sentence and "median" in refused.value.sentence


def test_path_without_separator(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert load_model("tiny").card.name == "tiny"
    (folder / "median").mkdir()
    assert load_model("median").card.kind == "classical"


def test_missing_package_is_said(monkeypatch):
    from GANEnhanceLib.models import classical

    monkeypatch.setattr(classical, "find_spec", lambda name: name != "skimage" or None)
    (entry,) = named(list_models(), "nlm")
    assert not entry.available and "pip install scikit-image" in entry.reason
    with pytest.raises(ModelError, match="scikit-image"):
        load_model("nlm")
    assert named(list_models(), "median")[0].available


def test_auto_takes_the_network_of_the_modality(folder, no_shipped):
    assert pick_model("MR", [folder])[0] == "tiny"
    assert "MR" in pick_model("MR", [folder])[1]


@pytest.mark.parametrize(
    ("modality", "name"), [("CT", "nlm"), ("US", "anisotropic-diffusion"), (None, "nlm")]
)
def test_auto_without_a_network_takes_a_filter(folder, no_shipped, modality, name):
    picked, reason = pick_model(modality, [folder])
    assert picked == name and (modality or "not known") in reason


def test_auto_never_picks_what_is_not_available(folder, no_shipped, monkeypatch):
    from GANEnhanceLib.models import classical

    monkeypatch.setattr(classical, "find_spec", lambda name: name != "skimage" or None)
    (folder / "tiny" / "LICENSE").unlink()
    assert pick_model("MR", [folder])[0] == "anisotropic-diffusion"


def test_auto_never_picks_a_model_with_a_risk(folder, no_shipped):
    make_tiny_bundle(folder / "a-risky", "random", risk="unpaired: higher risk")
    assert pick_model("MR", [folder])[0] == "tiny"
    shutil.rmtree(folder / "tiny")
    picked, reason = pick_model("MR", [folder])
    assert picked == "nlm" and "a network for MR with a risk (a-risky) is only taken by name" in reason


def test_a_model_with_a_risk_is_no_last_resort(folder, no_shipped, monkeypatch):
    from GANEnhanceLib.models import classical

    shutil.rmtree(folder / "tiny")
    make_tiny_bundle(folder / "risky", "random", risk="unpaired: higher risk")
    monkeypatch.setattr(classical, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="No model can be used"):
        pick_model("MR", [folder])


def test_nothing_to_pick_is_said(no_shipped, monkeypatch):
    from GANEnhanceLib.models import classical

    monkeypatch.setattr(classical, "find_spec", lambda name: None)
    with pytest.raises(ModelError, match="No model can be used"):
        pick_model(None)


def test_listing_is_instant_and_light(folder):
    code = (
        "import sys\n"
        "from GANEnhanceLib.models import list_models\n"
        f"names = [entry.name for entry in list_models([{str(folder)!r}]) if entry.available]\n"
        "heavy = {'torch', 'SimpleITK', 'openvino', 'monai', 'skimage', 'onnx', 'jsonschema'}\n"
        "print(names, sorted(heavy & set(sys.modules)))\n"
    )
    seconds = []
    for _ in range(3):  # the best of three: other processes may hold the machine
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        seconds.append(time.perf_counter() - began)
        assert "'tiny'" in done.stdout and "[]" in done.stdout, done.stdout
    assert min(seconds) < 1.0
