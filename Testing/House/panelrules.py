"""What the `.ui` files of a panel may say: rules that return a sentence for each breach.

A rule takes one parsed file; `sharedBreaches` takes all of them, because they are loaded into one panel.
"""

import re
import xml.etree.ElementTree as ElementTree
from collections import Counter

from harness import contract

# Widgets that hold or show something and that nobody works with.
PASSIVE = {"QWidget", "QLabel", "QProgressBar", "QFrame", "QGroupBox", "QTabWidget", "QStackedWidget"}
PASSIVE |= {"ctkCollapsibleButton", "qMRMLWidget"}
# A person works with these: they need a tool tip, and a label in front of them leads to them.
INTERACTIVE = {"QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QComboBox", "QLineEdit"}
INTERACTIVE |= {"QSpinBox", "QDoubleSpinBox", "QSlider", "QPlainTextEdit", "QTextBrowser"}
INTERACTIVE |= {"QListWidget", "QTableWidget", "QTreeWidget", "QTableView", "QTreeView", "QListView"}
INTERACTIVE |= {"ctkSliderWidget", "ctkPathLineEdit", "ctkDirectoryButton", "ctkSearchBox"}
INTERACTIVE |= {"qMRMLNodeComboBox", "qMRMLCheckableNodeComboBox", "qMRMLSegmentSelectorWidget"}
# The widget classes that the panel may use: few, because the harness imitates no others.
ALLOWED = PASSIVE | INTERACTIVE
STYLE = {"styleSheet", "font", "palette", "geometry", "minimumSize", "maximumSize", "baseSize"}
# Of QFormBuilder, not of the class: label in front of a widget, place of a page.
BUILDER = {"QLabel": {"buddy"}}
WITHOUT_BUDDY = "reasonForNoBuddy"  # dynamic property (stdset 0) of a label that leads to no widget


def widgets(*roots):
    """{object name: class} of parsed .ui files."""
    return {widget.get("name"): widget.get("class") for root in roots for widget in root.iter("widget")}


def text(element, name, kind="string"):
    """Value of a property, "" if it is not set."""
    return (element.findtext(f"property[@name='{name}']/{kind}") or "").strip()


def nameBreaches(root):
    """Classes that are not allowed, properties that the class does not have."""
    found = []
    for widget in root.iter("widget"):
        kind = widget.get("class")
        if kind not in ALLOWED:
            found.append(f"{widget.get('name')}: class {kind} is not allowed")
        known = set(contract.properties(kind)) | BUILDER.get(kind, set())
        for prop in widget.findall("property"):
            if prop.get("stdset") != "0" and prop.get("name") not in known:
                found.append(f"{widget.get('name')}: {kind} has no property {prop.get('name')}")
    return found


def styleBreaches(root):
    """Style sheets, fonts, fixed sizes."""
    return [
        f"{widget.get('name')}: sets {prop.get('name')}"
        for widget in root.iter("widget")
        for prop in widget.findall("property")
        if prop.get("name") in STYLE
    ]


def toolTipBreaches(root):
    """Widgets that a person works with and that do not say what they do."""
    return [
        f"{widget.get('name')} has no tool tip"
        for widget in root.iter("widget")
        if widget.get("class") in INTERACTIVE and not text(widget, "toolTip")
    ]


def connectionBreaches(root):
    """Connections with an unknown sender, signal, receiver or slot, and MRML widgets that get no scene."""
    known, found, withScene = widgets(root), [], set()
    for connection in root.iter("connection"):
        part = {child.tag: child.text for child in connection}
        sender, receiver = known.get(part["sender"]), known.get(part["receiver"])
        if sender is None or part["signal"] not in contract.signals(sender):
            found.append(f"{part['sender']} has no signal {part['signal']}")
        if receiver is None or part["slot"].partition("(")[0] not in contract.methods(receiver):
            found.append(f"{part['receiver']} has no slot {part['slot']}")
        if part["slot"] == "setMRMLScene(vtkMRMLScene*)":
            withScene.add(part["receiver"])
    mrml = {name for name, kind in known.items() if kind.startswith("qMRML")} - {
        root.find("widget").get("name")
    }
    return found + [f"{name} gets no MRML scene" for name in sorted(mrml - withScene)]


def rootBreaches(root, stem):
    """The outermost widget is named after the file, and its class, too."""
    outermost, form = root.find("widget"), root.findtext("class")
    found = (
        [] if outermost.get("name") == stem else [f"the outermost widget is named {outermost.get('name')}"]
    )
    return found + ([] if form == outermost.get("name") else [f"<class> is {form}"])


def _rows(root):
    """(label, widgets beside it) of all rows of form and grid layouts."""
    for layout in root.iter("layout"):
        cells = {}
        for item in layout.findall("item"):
            if item.get("row") is not None:
                cells.setdefault(int(item.get("row")), {})[int(item.get("column", 0))] = item
        for row in cells.values():
            first = row[min(row)].find("widget")
            if first is not None and first.get("class") == "QLabel" and len(row) > 1:
                beside = [w for column in sorted(row)[1:] for w in row[column].iter("widget")]
                yield first, beside


def keyboardBreaches(root):
    """Labels in front of a widget that do not lead to it, and widgets that the keyboard cannot reach.

    A label leads to its `buddy`: by Alt and the underlined letter, and for a screen reader. A label without
    one says why in the dynamic property `reasonForNoBuddy`.
    """
    found, known = [], widgets(root)
    for label, beside in _rows(root):
        name, buddy = label.get("name"), text(label, "buddy", "cstring")
        reachable = [w.get("name") for w in beside if w.get("class") in INTERACTIVE]
        if buddy and buddy not in known:
            found.append(f"{name}: its buddy {buddy} is not there")
        elif reachable and not buddy and not text(label, WITHOUT_BUDDY):
            found.append(f"{name} has no buddy, for example {reachable[0]}")
    for widget in root.iter("widget"):
        if widget.get("class") in INTERACTIVE and text(widget, "focusPolicy", "enum").endswith("NoFocus"):
            found.append(f"{widget.get('name')} cannot be reached by the keyboard")
    return found


def mnemonics(root):
    """Underlined letters ("&x") of the texts of labels and buttons, as {letter: [widget]}."""
    found = {}
    for widget in root.iter("widget"):
        letter = re.search(r"&(\w)", text(widget, "text").replace("&&", ""))
        if letter:
            found.setdefault(letter[1].lower(), []).append(widget.get("name"))
    return found


def sharedBreaches(roots):
    """What the files of one panel may not have twice: object names (of layouts, too), underlined letters."""
    names = Counter(
        element.get("name")
        for root in roots
        for kind in ("widget", "layout")
        for element in root.iter(kind)
        if element.get("name")
    )
    found = [f"{name} is used twice" for name, count in names.items() if count > 1]
    letters = {}
    for root in roots:
        for letter, users in mnemonics(root).items():
            letters.setdefault(letter, []).extend(users)
    return found + [
        f"{' and '.join(users)} share Alt+{letter}" for letter, users in letters.items() if len(users) > 1
    ]


def namedParameters(*roots):
    """[(widget, parameter)] of the widgets that the parameter node is connected to."""
    path = "property[@name='SlicerParameterName']/string"
    return [(w.get("name"), w.findtext(path)) for r in roots for w in r.iter("widget") if w.findtext(path)]


def parameterBreaches(roots, known):
    """Widgets that name a parameter which the parameter node does not have, or share one."""
    named = namedParameters(*roots)
    used = Counter(parameter for _, parameter in named)
    return [f"{name}: there is no parameter {p}" for name, p in named if p not in known] + [
        f"{p} belongs to two widgets" for p, count in used.items() if count > 1
    ]


def read(path):
    """Root element of a .ui file."""
    return ElementTree.parse(path).getroot()
