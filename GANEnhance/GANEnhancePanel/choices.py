"""Fills the combo box of devices with what the worker has, and finds rows of its lists by name.

The data of an item is the name that the worker understands. A stored choice that is not there any more
stays in the list, marked, so that opening a scene never changes it silently.
"""

from slicer.i18n import tr as _

AUTO = "auto"


def fillDevices(comboBox, devices, chosen):
    """Fill a combo box with those of the worker's `devices` (dicts of the protocol) that are there."""
    items = [(_("Automatic"), AUTO)]
    items += [
        (device["label"] or device["name"], device["name"]) for device in devices if device["available"]
    ]
    _fill(comboBox, items, chosen)


def entryNamed(name, entries):
    """Return the dict with this `name` of a list of models or devices, or None."""
    return next((entry for entry in entries if entry["name"] == name), None)


def _itemText(text, available):
    return text if available else _("{name} (not available)").format(name=text)


def _fill(comboBox, items, chosen):
    if chosen not in [name for _text, name in items]:
        items.append((_itemText(chosen, False), chosen))
    comboBox.blockSignals(True)
    if items != [(comboBox.itemText(index), comboBox.itemData(index)) for index in range(comboBox.count)]:
        comboBox.clear()
        for text, name in items:
            comboBox.addItem(text, name)
    comboBox.setCurrentIndex([name for _text, name in items].index(chosen))
    comboBox.blockSignals(False)
