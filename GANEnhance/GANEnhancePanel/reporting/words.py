"""The words of the report in the user's language; the worker and saved files speak English."""

from slicer.i18n import tr as _

from GANEnhanceLib.measures import judge_row
from GANEnhanceLib.report_words import number_text, summary


def sentences():
    """Return the sentences of `GANEnhanceLib.report_words` by their names."""
    return {
        "noise_fell": _("Noise fell to {percent} %."),
        "noise_rose": _("Noise rose to {percent} %."),
        "noise_same": _("Noise did not change."),
        "noise_none": _("No noise was measured."),
        "edges_same": _("Edges are as sharp as before."),
        "edges_wider": _("Edges became {percent} % wider, so less sharp."),
        "edges_narrower": _("Edges became {percent} % narrower, so sharper."),
        "edges_flatter": _("Edges are no wider than before, but {percent} % less steep."),
        "cnr_better": _("Contrast-to-noise rose from {before} to {after}."),
        "cnr_worse": _("Contrast-to-noise fell from {before} to {after}."),
        "reference_better": _("The result is closer to the reference than the input was."),
        "reference_worse": _("The result is farther from the reference than the input was."),
        "bound_none": _("No voxel was held back by the bound."),
        "bound_some": _("The bound held back {count} voxels ({share})."),
        "contract_ok": _("The volume suits the model."),
        "contract_warn": _("The volume is not quite what the model was made for."),
        "contract_refuse": _("The volume is not what the model was made for."),
        "source_changed": _("The source volume was changed after the run."),
    }


def verdict(document):
    """Return what a document comes to, in one line."""
    return summary(document, sentences())


def labelOf(row):
    """Return what a row of a document measures, shorter than the worker calls it: tables are narrow."""
    labels = {
        "noise": _("Noise"),
        "edge_width": _("Edge width"),
        "edge_slope": _("Edge slope"),
        "mean": _("Mean value"),
        "largest_change": _("Largest change"),
        "cnr": _("Contrast-to-noise"),
        "contrast": _("Contrast"),
        "psnr": _("PSNR"),
        "ssim": _("SSIM"),
        "mae": _("Mean absolute error"),
        "flicker": _("Flicker"),
    }
    return labels.get(row["name"], row["label"])


def figureOf(row, side):
    """Return a figure of a row ("before" or "after") with its unit; value units are not named."""
    text = number_text(row[side])
    unit = row["unit"].replace("value units", "").strip()
    if row[side] is None or not unit:
        return text
    return text + unit if unit.startswith("/") else f"{text} {unit}"


def changeOf(row):
    """Return in a word, with an arrow for the direction, whether a row became better; "" if unknown."""
    verdictOfRow = judge_row(row)
    words = {"better": _("better"), "worse": _("worse"), "same": _("same")}
    if verdictOfRow not in words:
        return ""
    arrow = "=" if verdictOfRow == "same" else "\u2191" if row["after"] > row["before"] else "\u2193"
    return f"{arrow} {words[verdictOfRow]}"
