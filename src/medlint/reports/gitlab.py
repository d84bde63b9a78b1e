"""GitLab's code quality format: a list of issues, shown in merge requests.

Files that could not be read are not in it; they are on standard error, and the run exits 2.
"""

from __future__ import annotations

from typing import Any

from medlint.finding import Finding, Report, Severity
from medlint.reports import RenderOptions
from medlint.reports.json import written_for_others

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: Report, options: RenderOptions) -> str:
    """One issue per finding."""
    return written_for_others([_issue(finding) for finding in report.findings])


def _issue(finding: Finding) -> dict[str, Any]:
    return {
        "description": finding.message,
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.start.line, "end": finding.last_line},
        },
    }
