"""Models of the user: added whole or not at all, whatever is given; removed only if they are the user's."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import zipfile
from pathlib import Path

import bad_bundles
import pytest
from command_line import assert_refused, run_command
from installing import add, refuse
from make_bundle import make_tiny_bundle
from model_variants import rename

from GANEnhanceLib.errors import ModelError, OutputError
from GANEnhanceLib.models import list_models, load_model, verify_bundle
from GANEnhanceLib.models.folders import platform_folder, user_folders
from GANEnhanceLib.models.install import add_model, remove_model


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    return make_tiny_bundle(tmp_path_factory.mktemp("made") / "tiny", "random", 3, seed=2)


def zipped(bundle, path, top=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(bundle.rglob("*")):
            if file.is_file():
                archive.write(file, f"{top}{file.relative_to(bundle).as_posix()}")
    return path


def test_folder_of_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert platform_folder() == tmp_path / "ganenhance" / "models"
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    assert platform_folder() == tmp_path / "me" / ".local" / "share" / "ganenhance" / "models"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert platform_folder() == tmp_path / "me" / "Library" / "Application Support" / "GANEnhance" / "Models"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    assert platform_folder() == tmp_path / "local" / "GANEnhance" / "Models"


def test_named_folders_go_before_that_of_the_platform(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("GANENHANCE_MODELS", os.pathsep.join([str(tmp_path / "a"), str(tmp_path / "b")]))
    usual = tmp_path / "data" / "ganenhance" / "models"
    assert user_folders() == [tmp_path / "a", tmp_path / "b", usual]
    assert user_folders([tmp_path / "setting"])[0] == tmp_path / "setting"
    assert user_folders([usual]) == [usual, tmp_path / "a", tmp_path / "b"]


def test_folder_of_the_platform_is_always_looked_in(complete, monkeypatch, tmp_path):
    monkeypatch.delenv("GANENHANCE_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert all(entry.source != "user" for entry in list_models()), "a folder that is not there is no fault"
    entry = add(complete)
    assert entry.folder == str(tmp_path / "data" / "ganenhance" / "models" / "tiny")
    assert [each.name for each in list_models() if each.source == "user"] == ["tiny"]
    assert load_model("tiny").sha256 == entry.sha256


@pytest.mark.parametrize("way", ["folder", "folder around", "zip", "zip with a top folder", "zip of a Mac"])
def test_bundle_is_added(complete, own, tmp_path, way):
    if way == "folder":
        given = complete
    elif way == "folder around":
        given = complete.parent
    else:
        given = zipped(complete, tmp_path / "any name.zip", "" if way == "zip" else "tiny-0.1/")
        if way == "zip of a Mac":
            with zipfile.ZipFile(given, "a") as archive:
                archive.writestr("__MACOSX/tiny-0.1/._LICENSE", b"junk")
                archive.writestr("tiny-0.1/.DS_Store", b"junk")
    entry = add(given)
    assert entry.name == "tiny" and entry.available and entry.source == "user"
    assert entry.folder == str(own / "tiny") and [path.name for path in own.iterdir()] == ["tiny"]
    assert entry.sha256 == load_model(complete).sha256
    assert entry.size_bytes == sum(path.stat().st_size for path in complete.rglob("*") if path.is_file())
    assert verify_bundle(own / "tiny").ok


def test_nothing_is_replaced_unasked(complete, own, tmp_path):
    add(complete)
    other = tmp_path / "new" / "tiny"
    other.parent.mkdir()
    make_tiny_bundle(other, "random", 1, seed=5)
    assert "there already" in refuse(other)
    before = load_model("tiny").sha256
    entry = add(other, replace=True)
    assert entry.sha256 == load_model("tiny").sha256 == load_model(other).sha256 != before
    assert [path.name for path in own.iterdir()] == ["tiny"]


@pytest.mark.parametrize("name", ["mr-denoise", "median"])
@pytest.mark.parametrize("replace", [False, True])
def test_names_of_shipped_models_cannot_be_taken(complete, own, tmp_path, name, replace):
    shutil.copytree(complete, tmp_path / name)
    rename(tmp_path / name)
    assert "belongs to" in refuse(tmp_path / name, replace=replace)


# A zip made from files has no links; test_links_in_a_zip makes one.
IN_ZIPS = [spoil for spoil in bad_bundles.SPOILERS if spoil is not bad_bundles.link_outside]
BAD = [(spoil, False) for spoil in bad_bundles.SPOILERS] + [(spoil, True) for spoil in IN_ZIPS]


@pytest.mark.parametrize(("spoil", "zip_it"), BAD)
def test_bad_bundles_are_refused(complete, own, tmp_path, spoil, zip_it):
    bundle = shutil.copytree(complete, tmp_path / "given" / "tiny")
    named = spoil(bundle)
    given = zipped(bundle, tmp_path / "given.zip") if zip_it else bundle
    assert named in refuse(given)


def test_giving_up_leaves_nothing(complete, own):
    steps = add_model(complete)
    assert next(steps).stage == "copying"
    assert list(own.iterdir()) != []
    steps.close()
    assert list(own.iterdir()) == []


def test_leftovers_of_a_killed_process_go(complete, own):
    for name, age in ((".adding-old", 48 * 3600), (".adding-new", 60)):
        (own / name).mkdir(parents=True)
        now = (own / name).stat().st_mtime
        os.utime(own / name, (now - age, now - age))
    add(complete)
    assert sorted(path.name for path in own.iterdir()) == [".adding-new", "tiny"]


# Zips that somebody made to harm


def evil_zip(complete, path, name, content=b"x", mode=None, date=(2026, 1, 1, 0, 0, 0)):
    zipped(complete, path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo(name, date)
        info.compress_type = zipfile.ZIP_DEFLATED
        if mode is not None:
            info.external_attr = mode << 16
        archive.writestr(info, content)
    return path


@pytest.mark.parametrize(
    "name",
    ["../outside.txt", "models/../../outside.txt", "/outside.txt", "C:/outside.txt", "a\\..\\outside.txt"]
    + ["./LICENSE2", "a//b.txt"],
)
def test_paths_out_of_the_folder(complete, own, tmp_path, name):
    assert "leaves its folder" in refuse(evil_zip(complete, tmp_path / "evil.zip", name))
    assert not list(tmp_path.rglob("outside.txt")) and not Path("/outside.txt").exists()


def test_links_in_a_zip(complete, own, tmp_path):
    mode = stat.S_IFLNK | 0o777
    assert "link" in refuse(evil_zip(complete, tmp_path / "evil.zip", "docs/l.md", b"/etc/passwd", mode))


def test_bomb(complete, own, tmp_path):
    content = bytes(400 * 2**20)
    assert "unpacks to" in refuse(evil_zip(complete, tmp_path / "evil.zip", "docs/big.txt", content))


def test_bomb_that_lies_about_its_size(complete, own, tmp_path):
    path = evil_zip(complete, tmp_path / "evil.zip", "docs/big.txt", bytes(64 * 2**20))
    content = path.read_bytes()
    true = (64 * 2**20).to_bytes(4, "little")
    assert content.count(true) == 2, "local and central header"
    path.write_bytes(content.replace(true, (100).to_bytes(4, "little")))
    assert "damaged" in refuse(path)


def test_many_files(complete, own, tmp_path):
    path = zipped(complete, tmp_path / "evil.zip")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(1001):
            archive.writestr(f"docs/{number}.txt", b"")
    assert "1000 are allowed" in refuse(path)


def test_same_name_twice_in_a_zip(complete, own, tmp_path):
    assert "twice" in refuse(evil_zip(complete, tmp_path / "evil.zip", "license"))


def test_broken_and_foreign_zips(complete, own, tmp_path):
    path = zipped(complete, tmp_path / "cut.zip")
    path.write_bytes(path.read_bytes()[:-100])
    assert "no zip" in refuse(path)
    (tmp_path / "text.zip").write_text("text")
    assert "no zip" in refuse(tmp_path / "text.zip")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("photo.png", b"")
    assert "hashes.json" in refuse(tmp_path / "other.zip")


# Removing


def test_removing(complete, own):
    entry = add(complete)
    assert remove_model("tiny") == entry.size_bytes
    assert list(own.iterdir()) == [] and "tiny" not in [each.name for each in list_models()]
    with pytest.raises(ModelError, match="unknown"):
        remove_model("tiny")


def test_broken_models_can_be_removed(complete, own):
    add(complete)
    (own / "tiny" / "hashes.json").unlink()
    (entry,) = [each for each in list_models() if each.source == "user"]
    assert not entry.available and remove_model(entry.name) > 0
    assert list(own.iterdir()) == []


@pytest.mark.parametrize("name", ["mr-denoise", "median"])
def test_shipped_models_stay(own, name):
    with pytest.raises(ModelError, match="not one of yours"):
        remove_model(name)
    assert name in [entry.name for entry in list_models()]


def test_only_what_lies_in_the_folder_is_removed(complete, own, tmp_path, monkeypatch):
    """Neither a link in it, nor a bundle that is itself named as a folder of models."""
    elsewhere = shutil.copytree(complete, tmp_path / "elsewhere" / "tiny")
    own.mkdir()
    (own / "tiny").symlink_to(elsewhere)
    with pytest.raises(ModelError, match="not one of yours"):
        remove_model("tiny")
    monkeypatch.setenv("GANENHANCE_MODELS", str(elsewhere))
    with pytest.raises(ModelError, match="not one of yours"):
        remove_model("tiny")
    assert verify_bundle(elsewhere).ok


def test_names_that_are_paths_are_not_followed(own, tmp_path):
    own.mkdir()
    (tmp_path / "precious").mkdir()
    for name in ("../precious", str(tmp_path / "precious"), "", "."):
        with pytest.raises(ModelError):
            remove_model(name)
    assert (tmp_path / "precious").is_dir()


def test_folder_that_is_a_file(complete, own):
    own.write_text("no folder")
    with pytest.raises(OutputError, match="cannot be written"):
        add(complete)


# The command


def test_command_adds_shows_and_removes(complete, own):
    done = run_command("models", "add", complete)
    assert done.returncode == 0 and str(own / "tiny") in done.stdout, done.stderr
    assert "MiB" in done.stdout
    assert_refused(run_command("models", "add", complete), "there already")
    assert run_command("models", "add", complete, "--replace").returncode == 0
    assert "Tiny plain-residual" in run_command("models", "show", "tiny").stdout
    done = run_command("models", "remove", "tiny")
    assert done.returncode == 0 and list(own.iterdir()) == []


def test_options_of_add_are_refused_elsewhere(own):
    assert_refused(run_command("models", "show", "median", "--replace"), "--replace")
