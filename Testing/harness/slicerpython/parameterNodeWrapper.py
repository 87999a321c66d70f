"""Stand-in of `slicer.parameterNodeWrapper`, for scalars, enums, paths and single nodes.

Lists, dicts, tuples, packs, unions of other types and own serializers are refused with TypeError: the panel
keeps to what this file knows. Values are stored as in Slicer (text parameters; a node as reference whose
role is the parameter's name), and one write fires one Modified event.
"""

import enum
import pathlib
import types
import typing

import ctk
import qt
import slicer
import vtk

SlicerParameterNamePropertyName = "SlicerParameterName"


class Validator:
    """Base of all validators: `validate` raises ValueError (TypeError) for a value that is not allowed."""

    def validate(self, value):
        """Raise if the value is not allowed."""
        raise NotImplementedError


class NotNone(Validator):
    """Not None."""

    def validate(self, value):
        """Raise ValueError for None."""
        if value is None:
            raise ValueError("Value must not be None")


class IsInstance(Validator):
    """Of one of some classes, or None."""

    def __init__(self, classtype):
        self.classtype = classtype

    def validate(self, value):
        """Raise TypeError for another class."""
        if value is not None and not isinstance(value, self.classtype):
            raise TypeError(f"Value must be of type {self.classtype}, is {value!r}")


class Minimum(Validator):
    """At least `minimum`."""

    def __init__(self, minimum):
        self.minimum = minimum

    def validate(self, value):
        """Raise ValueError below the minimum."""
        if value < self.minimum:
            raise ValueError(f"Value must be at least {self.minimum}, is {value}")


class Maximum(Validator):
    """At most `maximum`."""

    def __init__(self, maximum):
        self.maximum = maximum

    def validate(self, value):
        """Raise ValueError above the maximum."""
        if value > self.maximum:
            raise ValueError(f"Value must be at most {self.maximum}, is {value}")


class WithinRange(Validator):
    """From `minimum` to `maximum`, both included."""

    def __init__(self, minimum, maximum):
        self.minimum, self.maximum = minimum, maximum

    def validate(self, value):
        """Raise ValueError outside the range."""
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f"Value must be within [{self.minimum}, {self.maximum}], is {value}")


class Choice(Validator):
    """One of some values."""

    def __init__(self, choices):
        self.choices = choices

    def validate(self, value):
        """Raise ValueError for another value."""
        if value not in self.choices:
            raise ValueError(f"Value {value!r} is not one of {self.choices}")


class _Annotation:
    def __init__(self, value):
        self.value = value


class Decimals(_Annotation):
    """Decimals of the widget."""


class SingleStep(_Annotation):
    """Step of the widget."""


class Default(_Annotation):
    """Value of a parameter that was never written."""


def _first(annotations, kind):
    return next((a for a in annotations if isinstance(a, kind)), None)


class _Parameter:
    """One parameter: its type, how it is checked, stored and read."""

    def __init__(self, name, hint, defaults):
        self.name = name
        plain = typing.Annotated[hint, None]
        self.type, self.annotations = typing.get_args(plain)[0], typing.get_args(plain)[1:-1]
        union = typing.get_origin(self.type) in (typing.Union, types.UnionType)
        members = typing.get_args(self.type) if union else [self.type]
        self.nodes = [kind for kind in members if self._isNode(kind)]
        onlyNodes = self.nodes and all(kind in (*self.nodes, type(None)) for kind in members)
        if not onlyNodes and not self._isScalar(self.type):
            raise TypeError(f"{name}: only int, float, str, bool, an enum, a path or nodes, not {hint}")
        self.validators = [a for a in self.annotations if isinstance(a, Validator)]
        self.default = defaults.get(name, self._default())

    @staticmethod
    def _isNode(kind):
        return isinstance(kind, type) and issubclass(kind, slicer.vtkMRMLNode)

    @staticmethod
    def _isScalar(kind):
        simple = kind in (int, float, str, bool)
        return simple or isinstance(kind, type) and issubclass(kind, (enum.Enum, pathlib.PurePath))

    def _default(self):
        given = _first(self.annotations, Default)
        if given is not None:
            return given.value
        if self.nodes:
            return None
        return next(iter(self.type)) if issubclass(self.type, enum.Enum) else self.type()

    def check(self, value):
        """Raise ValueError or TypeError for a value that is not allowed."""
        if self.nodes:
            IsInstance(tuple(self.nodes)).validate(value)
        else:
            NotNone().validate(value)
            IsInstance((int, float) if self.type is float else self.type).validate(value)
        for validator in self.validators:
            validator.validate(value)

    def write(self, node, value):
        """Check and store; at most one Modified event."""
        self.check(value)
        with slicer.util.NodeModify(node):
            if self.nodes:
                node.SetNodeReferenceID(self.name, value.GetID() if value is not None else None)
            else:
                node.SetParameter(self.name, value.name if isinstance(value, enum.Enum) else str(value))

    def read(self, node):
        """The stored value, or the default, which is then stored."""
        if self.nodes:
            return node.GetNodeReference(self.name)
        if not node.HasParameter(self.name):
            self.write(node, self.default)
        text = node.GetParameter(self.name)
        if self.type is bool:
            return text == "True"
        return self.type[text] if issubclass(self.type, enum.Enum) else self.type(text)


class _Connector:
    """Ties one widget to one parameter: the signal to listen to, how to read and to write the widget."""

    def __init__(self, widget, parameter):
        self.widget, self.parameter = widget, parameter
        maker = self._maker()
        if maker is None:
            raise RuntimeError(f"Unable to create GUI connector from {parameter.type} to {type(widget)}")
        self.signal, self.read, self.write = maker()

    def _maker(self):
        kind, widget = self.parameter.type, type(self.widget)  # the exact class, as in Slicer
        if self.parameter.nodes:
            return self._node if widget is slicer.qMRMLNodeComboBox else None
        if widget is qt.QComboBox:
            finite = issubclass(kind, enum.Enum) or _first(self.parameter.annotations, Choice)
            return self._choice if finite else None
        if kind is bool and widget in (qt.QCheckBox, qt.QPushButton):
            return self._flag
        if kind is int and widget is qt.QSpinBox or kind in (int, float) and widget is ctk.ctkSliderWidget:
            return self._number
        if kind is str and widget is qt.QLabel:
            return lambda: (None, *self._attribute("text"))
        if issubclass(kind, pathlib.PurePath) and widget is ctk.ctkPathLineEdit:
            return self._path
        return None

    def _attribute(self, name, convert=lambda value: value):
        return lambda: convert(getattr(self.widget, name)), lambda value: setattr(self.widget, name, value)

    def _node(self):
        self.widget.nodeTypes = [kind().GetClassName() for kind in self.parameter.nodes]
        return "currentNodeChanged(vtkMRMLNode*)", self.widget.currentNode, self.widget.setCurrentNode

    def _flag(self):
        if type(self.widget) is qt.QPushButton:
            self.widget.checkable = True
        return "toggled(bool)", *self._attribute("checked")

    def _number(self):
        annotations, widget = self.parameter.annotations, self.widget
        span = _first(annotations, WithinRange)
        low, high = span or _first(annotations, Minimum), span or _first(annotations, Maximum)
        slider = type(widget) is ctk.ctkSliderWidget
        if slider and not (low and high):
            raise RuntimeError(f"{self.parameter.name}: a ctkSliderWidget needs a bounded number")
        decimals, step = _first(annotations, Decimals), _first(annotations, SingleStep)
        if slider and (decimals or self.parameter.type is int):
            widget.decimals = 0 if self.parameter.type is int else decimals.value
        if step:
            widget.singleStep = step.value
        widget.minimum = low.minimum if low else -(2**31)
        widget.maximum = high.maximum if high else 2**31 - 1
        signal = "valueChanged(double)" if slider else "valueChanged(int)"
        return signal, *self._attribute("value", self.parameter.type)

    def _choice(self):
        choice = _first(self.parameter.annotations, Choice)
        values = list(choice.choices) if choice else list(self.parameter.type)
        self.widget.clear()
        for value in values:
            name = value.name if isinstance(value, enum.Enum) else str(value)
            self.widget.addItem(value.label() if hasattr(value, "label") else name)
        read, write = self._attribute("currentIndex")
        return "currentIndexChanged(int)", lambda: values[read()], lambda value: write(values.index(value))

    def _path(self):
        read, write = self._attribute("currentPath", self.parameter.type)
        return "currentPathChanged(QString)", read, lambda value: write(str(value))


class _Binding:
    """All connectors of one `connectGui` call; keeps widgets and parameter node equal both ways."""

    def __init__(self, wrapper, connectors):
        self.wrapper, self.connectors, self.updating, self.slots = wrapper, connectors, False, []
        self.update()
        for connector in connectors:
            if connector.signal is not None:
                slot = self._slotOf(connector)
                connector.widget.connect(connector.signal, slot)
                self.slots.append((connector, slot))
        self.tag = wrapper.AddObserver(vtk.vtkCommand.ModifiedEvent, self.update)

    def _slotOf(self, connector):
        def slot():
            if not self.updating:
                self.wrapper.setValue(connector.parameter.name, connector.read())

        return slot

    def update(self, caller=None, event=None):
        """Write all values to the widgets; what their signals say meanwhile is not heard."""
        if self.updating:
            return
        self.updating = True
        try:
            for connector in self.connectors:
                connector.write(self.wrapper.getValue(connector.parameter.name))
        finally:
            self.updating = False

    def undo(self):
        """Disconnect."""
        for connector, slot in self.slots:
            connector.widget.disconnect(connector.signal, slot)
        self.wrapper.RemoveObserver(self.tag)


class _Wrapper:
    """What the decorator adds to a class."""

    allParameters: dict[str, _Parameter] = {}

    def __init__(self, parameterNode):
        self.parameterNode, self._bindings, self._nextTag = parameterNode, {}, 0
        for parameter in self.allParameters.values():
            parameter.read(parameterNode)  # writes the default if there is no value yet

    def _parameter(self, name):
        if name not in self.allParameters:
            raise ValueError(f"Cannot find a param with the given name: {name}")
        return self.allParameters[name]

    def default(self, name):
        """Default of a parameter, as an object with `value`."""
        return Default(self._parameter(name).default)

    def dataType(self, name):
        """Type of a parameter."""
        return self._parameter(name).type

    def isCached(self, name):
        """False: every read asks the node."""
        return self._parameter(name) is None

    def getValue(self, name):
        """Value of a parameter."""
        return self._parameter(name).read(self.parameterNode)

    def setValue(self, name, value):
        """Set a parameter."""
        self._parameter(name).write(self.parameterNode, value)

    def connectGui(self, gui):
        """Connect the widgets whose dynamic property SlicerParameterName names a parameter; returns a tag."""
        isWidget = getattr(gui, "isWidgetType", lambda: False)()
        widgets = gui.findChildren(qt.QWidget) if isWidget else list(vars(gui).values())
        named = [(widget.property(SlicerParameterNamePropertyName), widget) for widget in widgets]
        return self.connectParametersToGui({name: widget for name, widget in named if name})

    def connectParametersToGui(self, mapping):
        """Connect {parameter name: widget}; returns a tag for `disconnectGui`."""
        connectors = [_Connector(widget, self._parameter(name)) for name, widget in mapping.items()]
        tag, self._nextTag = self._nextTag, self._nextTag + 1
        self._bindings[tag] = _Binding(self, connectors)
        return tag

    def disconnectGui(self, tag):
        """Undo the connection of this tag; an unknown tag is ignored."""
        if tag in self._bindings:
            self._bindings.pop(tag).undo()

    def StartModify(self):
        """Hold back Modified events."""
        return self.parameterNode.StartModify()

    def EndModify(self, wasModifying):
        """Fire the Modified event that was held back."""
        return self.parameterNode.EndModify(wasModifying)

    def AddObserver(self, event, callback, priority=0.0):
        """Observe the node."""
        return self.parameterNode.AddObserver(event, callback, priority)

    def RemoveObserver(self, tag):
        """Stop observing the node."""
        self.parameterNode.RemoveObserver(tag)

    def Modified(self):
        """Fire a Modified event."""
        self.parameterNode.Modified()


def _valueProperty(name):
    return property(lambda self: self.getValue(name), lambda self, value: self.setValue(name, value))


def parameterNodeWrapper(classtype=None):
    """Class decorator: typed access to a vtkMRMLScriptedModuleNode by the class's annotations."""
    if classtype is None:
        return parameterNodeWrapper
    hints = typing.get_type_hints(classtype, include_extras=True)
    taken = {name for name in [*vars(_Wrapper), "parameterNode"] if not name.startswith("_")}
    reserved = [name for name in [*hints, *vars(classtype)] if name in taken]
    if reserved:
        raise ValueError(f"Cannot use reserved name '{reserved[0]}' in a parameterNodeWrapper")
    parameters = {name: _Parameter(name, hint, vars(classtype)) for name, hint in hints.items()}
    members = {n: value for n, value in vars(classtype).items() if n not in ("__dict__", "__weakref__")}
    members |= {name: _valueProperty(name) for name in hints} | {"allParameters": parameters}
    return type(classtype.__name__, (_Wrapper,), members)
