"""What the Python code of a panel may ask of its widgets: rules that return a sentence for each breach."""

import ast
import re

from harness import contract

_FIXED = {"minimumWidth", "minimumHeight", "maximumWidth", "maximumHeight"}
STYLE = {"styleSheet", "font", "palette", "minimumSize", "maximumSize", "baseSize"} | _FIXED
STYLE_CALLS = re.compile(
    r"set(StyleSheet|Font|Palette|Fixed(Size|Width|Height)|(Minimum|Maximum|Base)(Size|Width|Height))"
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def parameterNames(source):
    """Annotated names of the classes with the decorator parameterNodeWrapper in a Python source."""
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    wrapped = [c for c in classes if any("parameterNodeWrapper" in ast.dump(d) for d in c.decorator_list)]
    return {item.target.id for c in wrapped for item in c.body if isinstance(item, ast.AnnAssign)}


def _isUi(node):
    """Whether an expression is the widgets of the panel: `ui`, `self.ui`, `panel.ui`, `self.panel.ui`."""
    return (isinstance(node, ast.Attribute) and node.attr == "ui") or (
        isinstance(node, ast.Name) and node.id == "ui"
    )


def _widgetName(node):
    """Name of the widget that an expression `ui.<widget>` is, or None."""
    return node.attr if isinstance(node, ast.Attribute) and _isUi(node.value) else None


def _shortNames(function):
    """{local name: widget} of a function's assignments `name = ui.<widget>`, of names assigned just once."""
    stored = [n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
    return {
        node.targets[0].id: _widgetName(node.value)
        for node in ast.walk(function)
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and _widgetName(node.value)
        and stored.count(node.targets[0].id) == 1
    }


def _uses(tree):
    """(attribute node, widget name) of all `ui.<widget>.<name>`, also by a short name of a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _widgetName(node.value):
            yield node, _widgetName(node.value)
    for function in ast.walk(tree):
        if isinstance(function, _FUNCTIONS):
            short = _shortNames(function)
            for node in ast.walk(function):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id in short
                ):
                    yield node, short[node.value.id]


def styleBreaches(tree):
    """Calls and assignments that set a style or a fixed size."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            stored = isinstance(node.ctx, ast.Store) and node.attr in STYLE
            if stored or STYLE_CALLS.fullmatch(node.attr):
                found.append(f"line {node.lineno}: {node.attr}")
    return found


def codeBreaches(source, known):
    """Uses of `ui.<widget>.<name>` that the widget's class does not allow, and of styles.

    :param known: {object name: class} of all .ui files of the panel.
    """
    tree = ast.parse(source)
    found = styleBreaches(tree)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if _widgetName(node) and node.attr not in known:
            found.append(f"line {node.lineno}: there is no widget {node.attr}")
    for node, widget in _uses(tree):
        kind = known.get(widget)
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
