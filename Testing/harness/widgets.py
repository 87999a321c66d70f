"""Brings all stand-ins of widgets into being: it fills `ctk`, `exported` and `customWidgets`."""

from . import ctkpaths, ctkwidgets, mrmlwidgets, nodecombobox, segmentselector

__all__ = ["ctkpaths", "ctkwidgets", "mrmlwidgets", "nodecombobox", "segmentselector"]
