"""Fills the combo boxes of models and devices with what the worker has, and describes a model in words.

The data of an item is the name that the worker understands. A stored choice that is not there any more
stays in the list, marked, so that opening a scene never changes it silently.
"""

from slicer.i18n import tr as _

AUTO = "auto"


def fillModels(comboBox, models, chosen):
    """Fill a combo box with the worker's `models` (dicts of the protocol) and choose the name `chosen`."""
    items = [(_("Automatic (by modality)"), AUTO)]
    items += [
        (_itemText(model["title"] or model["name"], model["available"]), model["name"]) for model in models
    ]
    _fill(comboBox, items, chosen)


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


def describeModel(name, models, hasInput, modality):
    """Return what the panel says below the chosen model: purpose and limits, or why it cannot be used.

    :param hasInput: whether a volume is chosen.
    :param modality: what is known of it ("MR", ...), or None.
    """
    if name == AUTO:
        if modality:
            return _("Takes the model for {modality}.").format(modality=modality)
        if not hasInput:
            return _("Takes the model for the volume's modality.")
        return _(
            "The modality is not known, so a classical filter is taken."
            " For a network, choose the modality under Advanced."
        )
    model = entryNamed(name, models)
    if model is None:
        return _("This model is not installed.") if models else ""
    if not model["available"]:
        return model["reason"]
    limits = _("Limits: {text}").format(text=model["limits"]) if model["limits"] else ""
    return "\n".join(part for part in (model["description"], limits) if part)


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
