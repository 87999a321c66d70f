"""The translation files hold each string of the panel, and each translation fits its string."""

import ast
import re
import shutil
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter

import panelrules
import pytest
from repositorytree import REPOSITORY, pythonFiles

sys.path.insert(0, str(REPOSITORY / "Testing" / "scripts"))
import update_translations as updating  # noqa: E402

FILES = {language: updating.FOLDER / f"GANEnhance_{language}.ts" for language in updating.LANGUAGES}
TEMPLATE = updating.FOLDER / "GANEnhance_en-US.ts"
PLACEHOLDER = re.compile(r"{(\w*)}")
ACCELERATOR = re.compile(r"&(\w)")


def stringsOfPython(path):
    """(context, text) of the calls of `_` and `translate` in a file."""
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
        if name in ("_", "translate"):
            given = [argument.value for argument in call.args]  # anything but a literal fails here
            yield (updating.contextOf(path), *given) if name == "_" else tuple(given)


def stringsOfUi(path):
    """(context, text) of the strings of a .ui file that are for the eyes of a person."""
    root = panelrules.read(path)
    lists = {id(text) for each in root.iter("stringlist") if each.get("notr") == "true" for text in each}
    for text in root.iter("string"):
        if text.get("notr") != "true" and id(text) not in lists and text.text:
            yield root.findtext("class"), text.text


def sourceStrings():
    """All strings of the panel, found without Qt."""
    code = [path for path in pythonFiles("GANEnhance") if "Testing" not in path.parts]
    pages = sorted((REPOSITORY / "GANEnhance" / "Resources" / "UI").glob("*.ui"))
    found = [pair for path in code for pair in stringsOfPython(path)]
    return set(found + [pair for path in pages for pair in stringsOfUi(path)])


@pytest.fixture(params=sorted(FILES))
def translations(request):
    """{(context, text): translation} of a language."""
    return updating.readTranslations(FILES[request.param])


@pytest.mark.parametrize("path", [TEMPLATE, *FILES.values()], ids=lambda path: path.stem)
def test_each_file_has_each_string_and_no_other(path):
    """`make translations` was forgotten if this fails."""
    known = set(updating.readTranslations(path))
    assert sorted(sourceStrings() - known) == [] and sorted(known - sourceStrings()) == []


@pytest.mark.parametrize("path", [TEMPLATE, *FILES.values()], ids=lambda path: path.stem)
def test_each_file_is_what_qt_and_slicer_read(path):
    root = ElementTree.parse(path).getroot()
    assert (root.tag, root.get("version")) == ("TS", "2.1")
    # Slicer names the installed file after this.
    assert path.name == f"GANEnhance_{root.get('language')}.ts"
    texts = [
        (c.findtext("name"), m.findtext("source")) for c in root.iter("context") for m in c.iter("message")
    ]
    assert [pair for pair, count in Counter(texts).items() if count > 1] == []


def test_all_is_translated(translations):
    assert len(translations) > 500
    assert [text for (_, text), translation in translations.items() if not translation.strip()] == []


@pytest.mark.parametrize("language", sorted(FILES))
def test_no_translation_is_unfinished_or_obsolete(language):
    marks = {each.get("type") for each in ElementTree.parse(FILES[language]).getroot().iter("translation")}
    assert marks == {None}


def breaches(text, translation):
    """What of a translation does not fit its text."""
    found = []
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(translation)):
        found.append("other placeholders")
    if translation.count("{") != translation.count("}") or text.count("{") != translation.count("{"):
        found.append("braces without a partner")
    if sorted(re.findall(r"</?\w+|\*\.\w+", text)) != sorted(re.findall(r"</?\w+|\*\.\w+", translation)):
        found.append("other tags or file types")
    if text.endswith("...") and not translation.endswith("..."):
        found.append("no dots at the end")
    if [text[: len(text) - len(text.lstrip())], text.count("\n")] != [
        translation[: len(translation) - len(translation.lstrip())],
        translation.count("\n"),
    ]:
        found.append("other spaces at the start, or other lines")
    if len(ACCELERATOR.findall(text.replace("&&", ""))) != len(
        ACCELERATOR.findall(translation.replace("&&", ""))
    ):
        found.append("other accelerators")
    return found


def test_each_translation_fits_its_text(translations):
    assert {text: wrong for (_, text), t in translations.items() if (wrong := breaches(text, t))} == {}


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("{count} frames", "{nombre} images"),
        ("{count} frames", "images"),
        ("{count} frames", "{count images"),
        ("See <a href>x</a>", "Voir x"),
        ("Open...", "Ouvrir"),
        (" and ", "et "),
        ("a\nb", "a b"),
        ("&Open", "Ouvrir"),
        ("Models (*.zip)", "Modèles (*.zi)"),
    ],
)
def test_a_translation_that_does_not_fit_would_be_found(text, translation):
    assert breaches(text, translation) and not breaches(text, text)


def test_accelerators_are_unique_in_each_language(translations):
    roots = [panelrules.read(p) for p in (REPOSITORY / "GANEnhance" / "Resources" / "UI").glob("*.ui")]
    for root in roots:
        for text in root.iter("string"):
            text.text = translations.get((root.findtext("class"), text.text), text.text)
    assert [breach for breach in panelrules.sharedBreaches(roots) if "share Alt" in breach] == []


def test_french_has_its_spaces_and_chinese_its_characters():
    for (_, text), translation in updating.readTranslations(FILES["fr"]).items():
        assert not re.search(r"(?<=\w) (?=[:;?!%»])", translation), text
    chinese = updating.readTranslations(FILES["zh-Hans"])
    latin = {text for (_, text), t in chinese.items() if not re.search(r"[\u4e00-\u9fff]", t)}
    assert latin <= {"{volume} {model}", " mm", "ROI:", "MR", "CT", "PSNR", "SSIM", "the Python {path}"} | {
        text for text in latin if re.fullmatch(r"{count}\s?\w+", text)
    }


def test_updating_keeps_translations_and_drops_what_is_gone(tmp_path):
    module, folder = tmp_path / "Module", tmp_path / "Translations"
    (module / "Part").mkdir(parents=True)
    (module / "Part" / "__init__.py").write_text("")
    code = module / "Part" / "main.py"
    code.write_text(
        'a = _("Kept {n}").format(n=1)\nb = _(\n    "In two"\n    " lines"\n)\nc = __init__("No")\n'
    )
    (module / "Page.ui").write_text(
        '<ui version="4.0"><class>Page</class><widget class="QLabel" name="Page"><property name="text">'
        "<string>Text</string></property></widget></ui>"
    )
    folder.mkdir()
    old = {
        ("Part.main", "Kept {n}"): "Gardé\u00a0{n}",
        ("Part.old", "Text"): "Texte",
        ("Part.main", "Gone"): "x",
    }
    path = folder / "GANEnhance_fr.ts"
    path.write_text(updating.formatTs("fr", old), "utf-8")
    assert updating.update(folder, module) == {"en-US": 3, "fr": 1, "zh-Hans": 3}
    new = {
        ("Part.main", "Kept {n}"): "Gardé\u00a0{n}",
        ("Part.main", "In two lines"): "",
        ("Page", "Text"): "Texte",
    }
    assert updating.readTranslations(path) == new
    before = path.read_bytes()
    updating.update(folder, module)
    assert path.read_bytes() == before


def test_updating_changes_nothing_now(tmp_path):
    folder = tmp_path / "Translations"
    shutil.copytree(updating.FOLDER, folder)
    missing = updating.update(folder)
    assert {language: missing[language] for language in FILES} == dict.fromkeys(FILES, 0)
    for path in folder.iterdir():
        assert path.read_bytes() == (updating.FOLDER / path.name).read_bytes(), path.name
