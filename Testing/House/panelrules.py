"""What a `.ui` file and the Python code of a panel may say: rules that return a sentence for each breach."""

import ast
import re
import xml.etree.ElementTree as ElementTree

from harness import contract

# The widget classes that the panel may use: few, because the harness imitates no others.
ALLOWED = {
    "QWidget",
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QComboBox",
    "QSpinBox",
    "QProgressBar",
    "QPlainTextEdit",
}
ALLOWED |= {"ctkCollapsibleButton", "ctkSliderWidget", "ctkPathLineEdit", "qMRMLWidget", "qMRMLNodeComboBox"}
# A person works with these: they need a tool tip.
INTERACTIVE = ALLOWED - {"QWidget", "QLabel", "QProgressBar", "qMRMLWidget", "ctkCollapsibleButton"}
STYLE = {"styleSheet", "font", "palette", "geometry", "minimumSize", "maximumSize", "baseSize"}
STYLE_CALLS = re.compile(r"set(StyleSheet|Fixed\w+|(Minimum|Maximum)(Size|Width|Height)|Font|Palette)")


def widgets(root):
    """{object name: class} of a parsed .ui file."""
    return {widget.get("name"): widget.get("class") for widget in root.iter("widget")}


def nameBreaches(root):
    """Classes that are not allowed, properties that the class does not have, names used twice."""
    found = []
    names = [widget.get("name") for widget in root.iter("widget")]
    found += [f"{name} is used twice" for name in set(names) if names.count(name) > 1]
    for widget in root.iter("widget"):
        kind = widget.get("class")
        if kind not in ALLOWED:
            found.append(f"{widget.get('name')}: class {kind} is not allowed")
        for prop in widget.findall("property"):
            if prop.get("stdset") != "0" and prop.get("name") not in contract.properties(kind):
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
        if widget.get("class") in INTERACTIVE
        and not widget.findtext("property[@name='toolTip']/string", default="").strip()
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


def parameterNames(source):
    """Annotated names of the classes with the decorator parameterNodeWrapper in a Python source."""
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    wrapped = [c for c in classes if any("parameterNodeWrapper" in ast.dump(d) for d in c.decorator_list)]
    return {item.target.id for c in wrapped for item in c.body if isinstance(item, ast.AnnAssign)}


def parameterBreaches(root, source):
    """Widgets that name a parameter which the parameter node does not have, or share one."""
    path = "property[@name='SlicerParameterName']/string"
    named = [(w.get("name"), w.findtext(path)) for w in root.iter("widget") if w.findtext(path)]
    known, used = parameterNames(source), [parameter for _, parameter in named]
    return [f"{name}: there is no parameter {p}" for name, p in named if p not in known] + [
        f"{p} belongs to two widgets" for p in set(used) if used.count(p) > 1
    ]


def _isUi(node):
    return (isinstance(node, ast.Attribute) and node.attr == "ui") or (
        isinstance(node, ast.Name) and node.id == "ui"
    )


def codeBreaches(source, root):
    """Uses of `ui.<widget>.<name>` that the widget's class does not allow, and calls that set a style."""
    found, known, tree = [], widgets(root), ast.parse(source)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        if STYLE_CALLS.fullmatch(node.attr):
            found.append(f"line {node.lineno}: {node.attr}")
        if _isUi(node.value) and node.attr not in known:
            found.append(f"line {node.lineno}: there is no widget {node.attr}")
        if not isinstance(node.value, ast.Attribute) or not _isUi(node.value.value):
            continue
        kind = known.get(node.value.attr)
        if kind is None:
            continue
        place = f"line {node.lineno}: {kind}.{node.attr}"
        if node.attr not in contract.publicNames(kind):
            found.append(f"{place} does not exist")
        elif node.attr in contract.properties(kind) and id(node) in called:
            found.append(f"{place} is a property and cannot be called")
        elif isinstance(node.ctx, ast.Store) and node.attr not in contract.properties(kind):
            found.append(f"{place} cannot be set")
    return found


def read(path):
    """Root element of a .ui file."""
    return ElementTree.parse(path).getroot()
