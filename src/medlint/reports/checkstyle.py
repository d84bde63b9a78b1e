"""The Checkstyle XML format, which many CI systems and review bots read."""

from __future__ import annotations

from itertools import groupby

from medlint.finding import Report
from medlint.reports import RenderOptions
from medlint.reports.summary import message_of
from medlint.reports.xml import Element, child, document


def render(report: Report, options: RenderOptions) -> str:
    """The findings by file, then the files that could not be read."""
    root = Element("checkstyle", version="4.3")
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        file = child(root, "file", {"name": path})
        for finding in findings:
            child(
                file,
                "error",
                {
                    "line": finding.start.line,
                    "column": finding.start.column,
                    "severity": finding.severity.value,
                    "message": message_of(finding),
                    "source": f"medlint.{finding.code}",
                },
            )
    for failure in report.failures:
        file = child(root, "file", {"name": failure.path})
        child(
            file,
            "error",
            {"line": 1, "severity": "error", "message": failure.message, "source": "medlint.unreadable-file"},
        )
    return document(root)
