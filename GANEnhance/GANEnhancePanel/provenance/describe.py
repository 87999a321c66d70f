"""Puts what a node says of its making into plain words, and into JSON for those who want all of it."""

import json

from slicer.i18n import tr as _

from GANEnhancePanel.choices import entryNamed
from GANEnhancePanel.comparing.pair import sourceOf
from GANEnhancePanel.finer.words import times
from GANEnhancePanel.output import ATTRIBUTE_PREFIX

UNCHANGED, CHANGED, MISSING, UNKNOWN = "unchanged", "changed", "missing", "unknown"


def record(node):
    """Return what the attributes of a node say: texts by their names, without the prefix, JSON decoded."""
    values = {}
    for name in node.GetAttributeNames() or ():
        if name.startswith(ATTRIBUTE_PREFIX):
            text = node.GetAttribute(name) or ""
            values[name.removeprefix(ATTRIBUTE_PREFIX)] = _decoded(text)
    return values


def asJson(node):
    """Return all that the node says, as indented JSON."""
    return json.dumps(record(node), indent=2, sort_keys=True, ensure_ascii=False)


def describe(node, models):
    """Return the provenance of a result in plain words, one fact a line.

    :param models: the models of the worker, to say whether the model is still the same; empty: unknown.
    """
    made = record(node)
    provenance = made.get("Provenance") or {}
    lines = [_madeFrom(node, made), _madeWhen(made, provenance), _settings(made), _region(made, provenance)]
    lines.append(_finer(provenance))
    lines += _verdict(provenance)
    lines += [modelNote(node, models), made.get("Notice", "")]
    return "\n".join(line for line in lines if line)


def modelState(node, models):
    """Return whether the model that made a node is still the same: one of the four words of this file."""
    if not models:
        return UNKNOWN
    entry = entryNamed(node.GetAttribute(ATTRIBUTE_PREFIX + "Model"), models)
    if entry is None or not entry["available"]:
        return MISSING
    made = node.GetAttribute(ATTRIBUTE_PREFIX + "ModelHash")
    return UNCHANGED if made == entry["sha256"] else CHANGED


def modelNote(node, models):
    """Return in words whether the model is still the same; "" while nothing is known of the models."""
    name = node.GetAttribute(ATTRIBUTE_PREFIX + "Model")
    return {
        UNKNOWN: "",
        UNCHANGED: _("The model {name} is still the same."),
        CHANGED: _("The model {name} has changed since: a new run may give other voxels."),
        MISSING: _("The model {name} is not installed any more."),
    }[modelState(node, models)].format(name=name)


def _decoded(text):
    if text[:1] not in ("{", "["):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _madeFrom(node, made):
    source = sourceOf(node)
    names = {"name": node.GetName(), "model": made.get("Model"), "version": made.get("ModelVersion")}
    if source is None:
        return _("{name} was made by {model} {version}; its source is not in the scene.").format(**names)
    return _("{name} was made from {source} by {model} {version}.").format(source=source.GetName(), **names)


def _madeWhen(made, provenance):
    date = str(provenance.get("date") or "").replace("T", " ").replace("+00:00", " UTC")
    parts = [date, made.get("Device", ""), str(provenance.get("software") or "")]
    return _("Run: {facts}.").format(facts=", ".join(part for part in parts if part)) if any(parts) else ""


def _settings(made):
    options = made.get("Parameters")
    if not isinstance(options, dict):
        return ""
    fidelity = options.get("fidelity")
    parts = [
        _("strength {value}").format(value=options.get("strength", 1.0)),
        _("fidelity {value}").format(value=fidelity)
        if fidelity is not None
        else _("fidelity as the model advises"),
    ]
    if made.get("Modality"):
        parts.append(_("modality {value}").format(value=made["Modality"]))
    parts += [f"{name} {value}" for name, value in otherOptions(options).items()]
    return _("Settings: {list}.").format(list=", ".join(parts))


def otherOptions(options):
    """Return those options that the panel has no control for and that are not as usual."""
    from GANEnhanceLib.inference.options import EnhanceOptions

    shown = ("strength", "fidelity", "device", "output_type", "doubt", "scale", "spacing", "like")
    usual = EnhanceOptions().to_dict()
    return {
        name: value
        for name, value in options.items()
        if name not in shown and name in usual and value != usual[name]
    }


def _region(made, provenance):
    region = provenance.get("region")
    if not isinstance(region, dict):
        return ""
    feather = _("feather {value} mm").format(value=region.get("feather_mm", 0))
    if region.get("kind") == "box":
        size = " \u00d7 ".join(f"{edge:.4g}" for edge in region["size_mm"])
        return _("Region: a box of {size} mm, {feather}; outside, the voxels are the input's.").format(
            size=size, feather=feather
        )
    return _("Region: {count} voxels of a mask, {feather}; outside, the voxels are the input's.").format(
        count=region.get("voxels"), feather=feather
    )


def _finer(provenance):
    finer = provenance.get("finer")
    if not isinstance(finer, dict):
        return ""
    voxels, spacing = times(reversed(finer["shape"])), times(finer["spacing_mm"])
    if finer["resampled"]:
        return _("Finer grid: {voxels} voxels of {spacing} mm, that of another volume.").format(
            voxels=voxels, spacing=spacing
        )
    return _("Finer grid: {voxels} voxels of {spacing} mm, {factors} times as many.").format(
        voxels=voxels, spacing=spacing, factors=times(finer["factors"])
    )


def _verdict(provenance):
    findings = (provenance.get("contract") or {}).get("findings") or []
    lines = [_("Warning: {text}").format(text=each["sentence"]) for each in findings if each["level"] != "ok"]
    if provenance.get("bound_hits"):
        lines.append(
            _("In {count} voxels the model's change was limited to its bound.").format(
                count=provenance["bound_hits"]
            )
        )
    return lines
