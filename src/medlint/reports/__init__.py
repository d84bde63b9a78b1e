"""Reports: each format is a pure function from a report to text.

A format is one module with `render(report, options) -> str` and one line in `FORMATS`; it is imported when asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple

from medlint.finding import Report


class RenderOptions(NamedTuple):
    """How a report is shown; of the formats for machines JSON alone looks at `statistics`, the others at nothing."""

    color: bool = False
    hyperlinks: bool = False  # link the rule code to its first source
    width: int = 80  # columns of the terminal; 80 where there is none
    quiet: bool = False  # findings only, no summary line
    verbose: bool = False  # the sources behind each finding too
    statistics: bool = False  # counts per rule: instead of the findings in text formats, beside them in JSON


FORMATS: Mapping[str, str] = {
    "text": "medlint.reports.text",
    "concise": "medlint.reports.concise",
    "json": "medlint.reports.json",
    "sarif": "medlint.reports.sarif",
    "github": "medlint.reports.github",
    "gitlab": "medlint.reports.gitlab",
    "junit": "medlint.reports.junit",
    "checkstyle": "medlint.reports.checkstyle",
    "rdjson": "medlint.reports.rdjson",
    "csv": "medlint.reports.csv",
}
FOR_PEOPLE = frozenset({"text", "concise", "github"})  # shown on a terminal or in a log, in its encoding


def render(report: Report, format_name: str, options: RenderOptions) -> str:
    """The report in a format of `FORMATS`, ending in a line end unless empty; KeyError for any other name."""
    text: str = import_module(FORMATS[format_name]).render(report, options)
    return text
