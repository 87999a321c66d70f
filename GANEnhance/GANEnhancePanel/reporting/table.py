"""Puts the rows of a report into a table of the panel, and onto the clipboard."""

import qt
from slicer.i18n import tr as _

from GANEnhanceLib.report_table import tab_text
from GANEnhancePanel.reporting.words import changeOf, figureOf, labelOf


def headings():
    """Return the titles of the columns."""
    return [_("Measure"), _("Before"), _("After")]


def cellsOf(row):
    """Return the texts of a row of a document, one for each column."""
    after = " ".join(part for part in (figureOf(row, "after"), changeOf(row)) if part)
    return [labelOf(row), figureOf(row, "before"), after]


def setUp(table):
    """Let the first column take the room that is left; figures are never cut."""
    header = table.horizontalHeader()
    header.setSectionResizeMode(0, qt.QHeaderView.Stretch)
    for column in (1, 2):
        header.setSectionResizeMode(column, qt.QHeaderView.ResizeToContents)
    table.verticalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)


def fill(table, rows):
    """Show the rows of a document; the tool tip of each says how it was measured."""
    table.setRowCount(len(rows))
    for number, row in enumerate(rows):
        for column, text in enumerate(cellsOf(row)):
            item = qt.QTableWidgetItem(text)
            item.setToolTip(row["note"])
            table.setItem(number, column, item)


def clipboardText(rows):
    """Return the table with its headings, tab separated."""
    return tab_text([headings(), *(cellsOf(row) for row in rows)])
