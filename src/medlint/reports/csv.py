"""The CSV format, for spreadsheets: a row per finding under a row of names.

A spreadsheet takes a cell that begins with a sign for a formula, and copy may well begin with one; an apostrophe
before it keeps it text. A file that could not be read is no row, as every row is a finding with a place; it is named on
standard error, and the run exits 2.
"""

from __future__ import annotations

import csv
import io
import re

from medlint.finding import Citation, Finding, Report
from medlint.reports import RenderOptions
from medlint.reports.terminal import visible

COLUMNS = (
    "path", "line", "column", "end_line", "end_column", "code", "name", "category", "severity", "message", "text",
    "why", "instead", "sources", "fingerprint",
)  # fmt: skip
OF_SITES = "also_on"  # one more column: the other pages of a site


def render(report: Report, options: RenderOptions) -> str:
    """The findings in report order."""
    rows = io.StringIO()
    writer = csv.writer(rows, lineterminator="\n")
    writer.writerow((*COLUMNS, OF_SITES) if report.site else COLUMNS)
    for finding in report.findings:
        others = [_cell("; ".join(finding.also_on))] if report.site else []
        writer.writerow(_row(finding) + others)
    return rows.getvalue()


def _row(finding: Finding) -> list[str | int]:
    return [
        _cell(finding.path),
        *finding.start,
        *finding.end,
        *map(_cell, (finding.code, finding.name, finding.category, finding.severity.value)),
        *map(_cell, (finding.message, finding.text, finding.why, finding.instead)),
        _cell("; ".join(map(_citation, finding.sources))),
        finding.fingerprint,
    ]


def _citation(source: Citation) -> str:
    return f"{source.cite} <{source.url}>" if source.url else source.cite


def _cell(text: str) -> str:
    # A tab or a line end in front would do as well as a sign, and is spelled out by now.
    return _FORMULA.sub(r"'\g<0>", visible(text))


_FORMULA = re.compile(r"\A[=+\-@＝＋－＠]")
