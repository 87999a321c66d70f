"""The Tab key reaches each control of the panel, from the top to the bottom."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[1] / "House"))
import panelrules  # noqa: E402


@pytest.fixture
def opened(ganenhanceModule, panel, phantom):
    """The panel with all sections open, shown; returns (its widget, all widgets by name)."""
    from PySide6 import QtWidgets

    ui = panel.ui
    for name in ("inputs", "region", "batch", "compare", "report", "provenance", "advanced"):
        getattr(ui, name + "CollapsibleButton").collapsed = False
    ui.findModelButton.checked = True
    ui.setupButton.click()
    widget = ganenhanceModule.widgetRepresentation()
    widget.show()
    widget.resize(400, 2400)
    QtWidgets.QApplication.processEvents()
    return widget


def stops(widget):
    """The widgets that the Tab key goes to, in its order, beginning at the top of the panel."""
    from PySide6 import QtCore, QtWidgets

    tab, parts = QtCore.Qt.FocusPolicy.TabFocus, QtWidgets.QWidget.findChildren(widget, QtWidgets.QWidget)
    inside, each, found = set(map(id, parts)), widget, []
    for _ in range(len(parts) + 500):
        each = QtWidgets.QWidget.nextInFocusChain(each)
        if each is widget:
            break
        takes = QtWidgets.QWidget.focusPolicy(each) & tab == tab
        seen = QtWidgets.QWidget.isVisibleTo(each, widget) and QtWidgets.QWidget.isEnabledTo(each, widget)
        if id(each) in inside and takes and seen and QtWidgets.QWidget.focusProxy(each) is None:
            found.append(each)
    return found


def named(part, names):
    """Name of the control of a .ui file that a widget is, or is a part of."""
    from PySide6 import QtCore, QtWidgets

    while part is not None and QtCore.QObject.objectName(part) not in names:
        part = QtWidgets.QWidget.parentWidget(part)
    return QtCore.QObject.objectName(part) if part is not None else None


def controls(request):
    """{name: class} of the controls in the .ui files."""
    pages = request.config.rootpath.glob("GANEnhance/Resources/UI/*.ui")
    known = panelrules.widgets(*[panelrules.read(page) for page in pages])
    return {name: kind for name, kind in known.items() if kind in panelrules.INTERACTIVE}


def test_tab_reaches_each_control(request, panel, opened):
    from PySide6 import QtWidgets

    names = controls(request)
    reached = {named(part, names) for part in stops(opened)}
    usable = {
        name
        for name in names
        if QtWidgets.QWidget.isVisibleTo(getattr(panel.ui, name), opened)
        and QtWidgets.QWidget.isEnabledTo(getattr(panel.ui, name), opened)
    }
    assert len(usable) > 30
    assert sorted(usable - reached) == []


def test_tab_goes_from_the_top_to_the_bottom(request, opened):
    from PySide6 import QtCore, QtWidgets

    names = {**controls(request), "helpLabel": "QLabel"}
    order = list(dict.fromkeys(named(part, names) for part in stops(opened)))
    order = [name for name in order if name is not None]
    places = {}
    for part in stops(opened):
        corner = QtWidgets.QWidget.mapTo(part, opened, QtCore.QPoint(0, 0))
        places.setdefault(named(part, names), (corner.y(), corner.x()))
    # Widgets of one row may differ by a few pixels.
    wrong = [
        f"{one} before {other}"
        for one, other in zip(order[:-1], order[1:], strict=True)
        if places[one][0] > places[other][0] + 8
    ]
    assert wrong == []
    assert order[0] == "setupButton" and order[-1] == "helpLabel"


def test_each_control_says_what_it_does(request, panel):
    silent = [name for name in controls(request) if not getattr(panel.ui, name).toolTip]
    assert silent == []
    (menu,) = [panel.ui.modelFilesButton.menu()]
    assert all(action.text for action in menu.actions() if not action.isSeparator())


def test_the_help_line_opens_the_pages(panel, opened):
    import harness

    label = panel.ui.helpLabel
    pages = [part.split('"')[0] for part in label.text.split('href="')[1:]]
    assert [page.rsplit("/", 1)[1] for page in pages] == ["tutorial.md", "troubleshooting.md", "trust.md"]
    for page in pages:
        label.linkActivated(page)
    assert harness.answers.opened == pages


def test_the_pages_are_there(request, ganenhanceModule, panel):
    pages = {part.split('"')[0] for part in panel.ui.helpLabel.text.split('href="')[1:]}
    pages |= {part.split('"')[0] for part in ganenhanceModule.module.helpText.split('href="')[1:]}
    local = {page for page in pages if "/blob/main/" in page}
    assert len(pages) == 4 and len(local) == 3
    for page in local:
        assert (request.config.rootpath / page.partition("/blob/main/")[2]).is_file(), page
