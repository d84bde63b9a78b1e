"""The Reviewdog Diagnostic Format (rdjson): reviewdog comments on the lines of a pull request.

Its columns count bytes of UTF-8 from 1, and its ends are exclusive. A file that could not be read is a diagnostic of
the file as a whole.
"""

from __future__ import annotations

from typing import Any

from medlint.finding import Failure, Finding, Report
from medlint.reports import RenderOptions
from medlint.reports.json import written_for_others
from medlint.reports.summary import message_of


def render(report: Report, options: RenderOptions) -> str:
    """One diagnostic per finding, then one per file that could not be read."""
    diagnostics = [*map(_diagnostic, report.findings), *map(_unreadable, report.failures)]
    return written_for_others({"source": {"name": "medlint"}, "diagnostics": diagnostics})


def _diagnostic(finding: Finding) -> dict[str, Any]:
    address = next((source.url for source in finding.sources if source.url), "")
    return {
        "message": "\n".join(part for part in (message_of(finding), finding.why, finding.instead) if part),
        "location": {
            "path": finding.path,
            "range": _range(finding),
        },
        "severity": finding.severity.value.upper(),
        "code": {"value": finding.code, **({"url": address} if address else {})},
    }


def _range(finding: Finding) -> dict[str, Any]:
    if finding.utf8_columns is None:  # without columns a range means whole lines, to the end of the last
        return {"start": {"line": finding.start.line}, "end": {"line": finding.last_line}}
    first, last = finding.utf8_columns
    return {
        "start": {"line": finding.start.line, "column": first},
        "end": {"line": finding.end.line, "column": last},
    }


def _unreadable(failure: Failure) -> dict[str, Any]:
    return {
        "message": failure.message,
        "location": {"path": failure.path},
        "severity": "ERROR",
        "code": {"value": "unreadable-file"},
    }
