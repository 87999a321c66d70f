"""Says in one line which device will run and why, and what is to be warned of."""

from dataclasses import dataclass

from slicer.i18n import tr as _

AUTO = "auto"


@dataclass(frozen=True)
class DeviceLine:
    """What the panel says of the device: a line, and a warning ("" for none)."""

    text: str
    warning: str = ""


def deviceLine(hello, chosen):
    """Return the DeviceLine for a worker that can run networks.

    :param hello: the worker's answer.
    :param chosen: the device that the user chose: a name of `hello["devices"]`, or "auto".
    """
    choice = hello["device_choice"]
    if chosen == AUTO:
        text = _("Runs on {device}. {reason}").format(device=choice["label"], reason=choice["reason"])
        return DeviceLine(text.strip(), choice["warning"])
    device = next((each for each in hello["devices"] if each["name"] == chosen), None)
    if device is None or not device["available"]:
        reason = device["reason"] if device is not None else ""
        return DeviceLine(
            _("No trained model can run on the device that is chosen under Advanced."),
            _("{device} cannot be used: {reason}. Choose Automatic under Advanced.").format(
                device=device["label"] if device is not None else chosen,
                reason=reason or _("it is not in this computer"),
            ),
        )
    # A warning is about a GPU that is not used: not for who uses another one.
    warning = choice["warning"] if chosen in ("cpu", "openvino") else ""
    return DeviceLine(
        _("Runs on {device}, as chosen under Advanced.").format(device=device["label"]), warning
    )
