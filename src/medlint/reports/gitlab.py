"""GitLab's code quality format: a list of issues, shown in merge requests.

A file that could not be read is an issue too, at its first line, because every issue has a line.
"""

from __future__ import annotations

from typing import Any

from medlint.finding import Failure, Finding, Report, Severity, fingerprint
from medlint.reports import RenderOptions
from medlint.reports.json import written_for_others
from medlint.reports.summary import message_of

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def render(report: Report, options: RenderOptions) -> str:
    """One issue per finding, then one per file that could not be read."""
    return written_for_others([*map(_issue, report.findings), *map(_unreadable, report.failures)])


def _issue(finding: Finding) -> dict[str, Any]:
    return {
        "description": message_of(finding),
        "check_name": finding.code,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": finding.path,
            "lines": {"begin": finding.start.line, "end": finding.last_line},
        },
    }


def _unreadable(failure: Failure) -> dict[str, Any]:
    return {
        "description": failure.message,
        "check_name": _UNREADABLE,
        "fingerprint": fingerprint(_UNREADABLE, failure.path, "", 1),
        "severity": "blocker",
        "location": {"path": failure.path, "lines": {"begin": 1}},
    }


_UNREADABLE = "unreadable-file"
