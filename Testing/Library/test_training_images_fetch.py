"""Images are fetched from real packages by the real clients, from registries on this machine; no network."""

import hashlib
import http.server
import json
import shutil
import subprocess
import sys
import threading

import image_packages as packages
import numpy as np
import pytest
from command_line import assert_refused, run_command

from GANEnhanceLib.errors import InputError, OutputError
from GANEnhanceLib.training.images import reserved
from GANEnhanceLib.training.images.archive import read_members
from GANEnhanceLib.training.images.fetch import fetch_image, fetch_images
from GANEnhanceLib.training.images.hashes import hash_voxels
from GANEnhanceLib.training.images.load import recipe_images
from GANEnhanceLib.training.images.read import read_image


@pytest.fixture
def only_local_wheels(tmp_path, monkeypatch):
    """A folder that is all that pip knows of."""
    (tmp_path / "wheels").mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    return tmp_path / "wheels"


@pytest.fixture
def wheel(tmp_path, only_local_wheels):
    """A recipe of a wheel with two images, and their bytes."""
    contents = [packages.volume_bytes(tmp_path, seed) for seed in (1, 2)]
    members = {f"tinyimages/{number}.nii.gz": content for number, content in enumerate(contents)}
    path = packages.make_wheel(only_local_wheels / packages.WHEEL, members)
    items = [
        packages.item(f"image-{number}", content, f"tinyimages/{number}.nii.gz")
        for number, content in enumerate(contents)
    ]
    tiny = packages.package(path, "pypi", "tinyimages", "1.0")
    return packages.write_recipe(tmp_path / "tiny.yaml", items, packages={"tiny": tiny}), contents


def change(recipe, old, new):
    text = recipe.read_text()
    assert old in text
    recipe.write_text(text.replace(old, new))


def refused(recipe, folder, error=InputError):
    with pytest.raises(error) as caught:
        fetch_images(recipe_images(recipe), folder)
    return str(caught.value)


# By each client


def test_a_wheel_is_fetched_by_pip_once_for_all_its_images(tmp_path, wheel, capfd):
    recipe, contents = wheel
    paths = fetch_images(recipe_images(recipe), tmp_path / "cache")
    assert [path.read_bytes() for path in paths] == contents
    assert [path.name for path in paths] == ["image-0.nii.gz", "image-1.nii.gz"]
    assert capfd.readouterr().out.count("fetching") == 1
    assert sorted(each.name for each in (tmp_path / "cache").iterdir()) == [path.name for path in paths]


def test_a_source_distribution_is_unpacked_without_running_it(tmp_path, only_local_wheels):
    content = packages.volume_bytes(tmp_path)
    ran = tmp_path / "ran"
    members = {
        "tinyimages-1.0/setup.py": f"open({str(ran)!r}, 'w')".encode(),
        "tinyimages-1.0/a.nii.gz": content,
    }
    path = only_local_wheels / "tinyimages-1.0.tar.gz"
    path.write_bytes(packages.tar_bytes(members))
    tiny = packages.package(path, "pypi", "tinyimages", "1.0")
    items = [packages.item("a", content, "tinyimages-1.0/a.nii.gz")]
    recipe = packages.write_recipe(tmp_path / "tiny.yaml", items, packages={"tiny": tiny})
    (path,) = fetch_images(recipe_images(recipe), tmp_path / "cache")
    assert path.read_bytes() == content and not ran.exists()


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_a_tgz_is_fetched_by_npm_without_running_it(tmp_path, monkeypatch):
    content = packages.volume_bytes(tmp_path)
    members = {"package/data/a.nii.gz": content}
    tgz = packages.make_npm(tmp_path / "tinyimages-1.0.0.tgz", members, "tinyimages", "1.0.0")

    class Registry(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            place = f"http://127.0.0.1:{self.server.server_port}/tgz"
            shasum = hashlib.sha1(tgz.read_bytes()).hexdigest()
            version = {"name": "tinyimages", "version": "1.0.0", "dist": {"tarball": place, "shasum": shasum}}
            about = {"name": "tinyimages", "dist-tags": {"latest": "1.0.0"}, "versions": {"1.0.0": version}}
            body = tgz.read_bytes() if self.path == "/tgz" else json.dumps(about).encode()
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Registry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    tiny = packages.package(tgz, "npm", "tinyimages", "1.0.0")
    items = [packages.item("a", content, "package/data/a.nii.gz")]
    recipe = packages.write_recipe(tmp_path / "tiny.yaml", items, packages={"tiny": tiny})
    try:
        (path,) = fetch_images(recipe_images(recipe), tmp_path / "cache")
    finally:
        server.shutdown()
        server.server_close()
    assert path.read_bytes() == content
    assert not list(tmp_path.rglob("ran"))


@pytest.mark.skipif(not shutil.which("apt-get"), reason="apt-get is not installed")
@pytest.mark.parametrize("asked", ["1:1.0-1", "1:0.9-1"])
def test_a_deb_is_fetched_by_apt_and_another_version_is_judged_by_its_members(tmp_path, monkeypatch, asked):
    content = packages.volume_bytes(tmp_path)
    source = tmp_path / "debian"
    source.mkdir()
    deb = source / "tinyimages_1.0-1_all.deb"
    packages.make_deb(deb, {"usr/share/a.nii.gz": content}, "tinyimages", "1:1.0-1")
    about = (
        f"Package: tinyimages\nVersion: 1:1.0-1\nArchitecture: all\nFilename: ./{deb.name}\nMaintainer: x\n"
    )
    about += f"Size: {deb.stat().st_size}\nSHA256: {packages.digest(deb.read_bytes())}\nDescription: x\n"
    (source / "Packages").write_text(about)
    (tmp_path / "sources.list").write_text(f"deb [trusted=yes] file:{source} ./\n")
    state = tmp_path / "apt"
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True)
    (state / "status").touch()
    settings = {
        "Dir::State::lists": state / "lists",
        "Dir::State::status": state / "status",
        "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": tmp_path / "sources.list",
        "Dir::Etc::sourceparts": "/dev/null",
        "APT::Sandbox::User": "root",
    }
    (tmp_path / "apt.conf").write_text("".join(f'{key} "{value}";\n' for key, value in settings.items()))
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    subprocess.run(["apt-get", "update", "-qq"], check=True, capture_output=True)
    tiny = packages.package(deb, "debian", "tinyimages", asked)
    if asked == "1:0.9-1":
        tiny |= {"file": "tinyimages_0.9-1_all.deb", "sha256": "f" * 64}
    items = [packages.item("a", content, "usr/share/a.nii.gz")]
    recipe = packages.write_recipe(tmp_path / "tiny.yaml", items, packages={"tiny": tiny})
    (path,) = fetch_images(recipe_images(recipe), tmp_path / "cache")
    assert path.read_bytes() == content


# What can go wrong


def test_a_package_with_another_content_is_refused(tmp_path, wheel):
    recipe, _ = wheel
    change(recipe, recipe_images(recipe)[0].package.sha256, "f" * 64)
    said = refused(recipe, tmp_path / "cache")
    assert packages.WHEEL in said and "expected is ffff" in said and "nothing of it is taken" in said


def test_a_member_with_another_content_is_refused_and_none_is_kept(tmp_path, wheel):
    recipe, contents = wheel
    change(recipe, packages.digest(contents[0]), "a" * 64)
    assert "'image-0.nii.gz' has the sha256" in refused(recipe, tmp_path / "cache")
    assert not (tmp_path / "cache" / "image-0.nii.gz").exists()


def test_a_member_that_is_gone_is_named_with_the_nearest(tmp_path, wheel):
    recipe, _ = wheel
    change(recipe, "tinyimages/0.nii.gz", "tinyimages/00.nii.gz")
    said = refused(recipe, tmp_path / "cache")
    assert "has no member 'tinyimages/00.nii.gz'; near is 'tinyimages/0.nii.gz'" in said


def test_a_package_that_pip_does_not_find_is_told_in_one_sentence(tmp_path, wheel, only_local_wheels):
    recipe, _ = wheel
    (only_local_wheels / packages.WHEEL).unlink()
    said = refused(recipe, tmp_path / "cache")
    assert said.startswith(
        "The package 'tinyimages' 1.0 (pypi) cannot be fetched: pip finds no file"
    ) and said.endswith("Check the connection.")


def test_without_a_network_the_package_that_is_missing_is_told(tmp_path, wheel, monkeypatch):
    recipe, _ = wheel
    for name in ("PIP_NO_INDEX", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://127.0.0.1:9/simple")
    assert "'tinyimages' 1.0 (pypi) cannot be fetched: pip reaches no index" in refused(
        recipe, tmp_path / "c"
    )


def test_what_is_fetched_needs_no_network_again(tmp_path, wheel, only_local_wheels):
    recipe, contents = wheel
    fetch_images(recipe_images(recipe), tmp_path / "cache")
    (only_local_wheels / packages.WHEEL).unlink()
    assert fetch_image(recipe_images(recipe)[1], tmp_path / "cache").read_bytes() == contents[1]


def test_a_client_that_is_not_installed_is_named(tmp_path, wheel, monkeypatch):
    recipe, _ = wheel
    change(recipe, "pypi", "npm")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "(npm) cannot be fetched: npm is not installed" in refused(recipe, tmp_path / "cache")


def test_a_full_disk_is_told_and_leaves_no_half_file(tmp_path, wheel):
    """The limit of a process's file size stands for the disk: pip works, the package does not fit."""
    recipe, _ = wheel
    script = (
        "import resource, sys; from GANEnhanceLib.cli import main\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4000, 4000))\n"
        f"sys.exit(main(['data', 'fetch', 'all', '--recipe', {str(recipe)!r}, '--folder', 'cache']))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert_refused(done, "cannot be written", "File too large", "Make room")
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil"])
def test_an_archive_that_leads_out_of_itself_is_refused(tmp_path, name):
    for archive in (tmp_path / "x.tgz", tmp_path / "x-1-py3-none-any.whl"):
        if archive.suffix == ".tgz":
            archive.write_bytes(packages.tar_bytes({"good": b"1", name: b"2"}))
        else:
            packages.make_wheel(archive, {"good": b"1", name: b"2"})
        with pytest.raises(InputError, match="leads out of it, so nothing of it is taken"):
            read_members(archive, ["good"])
    assert [path.name for path in tmp_path.parent.glob("evil")] == []


def test_a_link_in_an_archive_is_not_followed(tmp_path):
    tgz = tmp_path / "x.tgz"
    tgz.write_bytes(packages.tar_bytes({"good": b"1", "link": "/etc/passwd"}))
    wheel = packages.make_wheel(tmp_path / "x-1-py3-none-any.whl", {"good": b"1"}, link="link")
    for archive in (tgz, wheel):
        assert read_members(archive, ["good"]) == {"good": {"good": b"1"}}
        with pytest.raises(InputError, match="'link' in the package .* is a link, not a file"):
            read_members(archive, ["link"])


@pytest.mark.parametrize("name", ["x.tgz", "x.whl", "x.deb"])
@pytest.mark.parametrize("content", [b"", b"neither", b"!<arch>\n" + 60 * b" "])
def test_a_damaged_archive_is_told_in_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=f"The package '{name}' cannot be unpacked"):
        read_members(tmp_path / name, ["a"])


def test_half_an_archive_is_told_in_one_sentence(tmp_path):
    content = packages.tar_bytes({"a": np.random.default_rng(0).bytes(9000)})
    (tmp_path / "x.tgz").write_bytes(content[:5000])
    with pytest.raises(InputError, match="cannot be unpacked"):
        read_members(tmp_path / "x.tgz", ["a"])


def test_several_members_are_one_series(tmp_path, only_local_wheels):
    members = {f"tinyimages/s/{number}.dcm": bytes([number]) * 9 for number in range(3)}
    path = packages.make_wheel(only_local_wheels / packages.WHEEL, members)
    together = "".join(sorted(packages.digest(content) for content in members.values()))
    item = packages.item("s", together.encode(), "tinyimages/s/*.dcm")
    tiny = packages.package(path, "pypi", "tinyimages", "1.0")
    recipe = packages.write_recipe(tmp_path / "tiny.yaml", [item], packages={"tiny": tiny})
    (folder,) = fetch_images(recipe_images(recipe), tmp_path / "cache")
    assert sorted(each.name for each in folder.iterdir()) == ["0.dcm", "1.dcm", "2.dcm"]
    (folder / "1.dcm").unlink()
    assert "has the sha256" in refused(recipe, tmp_path / "cache")


# What is reserved


@pytest.fixture
def reserved_image(tmp_path, monkeypatch):
    """An image of the tests' own among the reserved ones: its file, and its voxels."""
    content = packages.volume_bytes(tmp_path, 1)
    voxels = packages.folders.image(1)
    known = {
        "files": frozenset({packages.digest(content)}),
        "volumes": frozenset({hash_voxels(voxels)}),
        "slices": frozenset({hash_voxels(voxels[4:5])}),
    }
    monkeypatch.setattr(reserved, "reserved_hashes", lambda: known)
    monkeypatch.setattr(reserved, "_shapes", lambda: frozenset({voxels.shape[1:]}))
    return content, voxels


def test_a_reserved_file_under_another_name_is_refused_before_it_is_fetched(wheel, tmp_path, reserved_image):
    recipe, _ = wheel
    said = refused(recipe, tmp_path / "cache")
    assert "'0.nii.gz' is reserved for independent evaluation" in said and not (tmp_path / "cache").exists()


@pytest.mark.parametrize("kept", [slice(None), slice(3, 6)])
def test_reserved_voxels_in_another_format_or_in_part_are_refused(tmp_path, reserved_image, kept):
    packages.write_array(tmp_path / "harmless.npy", reserved_image[1][kept])
    item = {"name": "mine", "files": "harmless.npy", "reader": {"kind": "npy"}, "part": "training"}
    recipe = packages.write_recipe(tmp_path / "mine.yaml", [item])
    (image,) = recipe_images(recipe)
    with pytest.raises(InputError, match="'harmless.npy' is reserved"):
        read_image(image.item, fetch_image(image, tmp_path))


def test_the_committed_hashes_cover_every_reserved_package(tmp_path):
    known = reserved.reserved_hashes()
    assert {len(each) for kind in known.values() for each in kind} == {64}
    assert len(known["files"]) >= 35 and len(known["volumes"]) >= 30 and len(known["slices"]) >= 400
    assert (128, 206, 168)[1:] in reserved._shapes(), "the macaque brain"


def test_fetching_is_told_by_the_command(tmp_path, wheel):
    recipe, _ = wheel
    done = run_command("data", "fetch", "image-1", "--recipe", recipe, "--folder", "c", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "image-1: 18x20x10 voxels of 1 x 1 x 2 mm, c/image-1.nii.gz" in done.stdout
    done = run_command("data", "fetch", "image-7", "--recipe", recipe, cwd=tmp_path)
    assert_refused(done, "There is no image 'image-7'", "image-0, image-1")


def test_a_folder_that_cannot_be_written_is_told(tmp_path, wheel):
    recipe, _ = wheel
    (tmp_path / "cache").write_text("a file")
    assert "cannot be written" in refused(recipe, tmp_path / "cache", OutputError)
