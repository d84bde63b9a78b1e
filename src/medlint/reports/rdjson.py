"""The Reviewdog Diagnostic Format (rdjson): reviewdog comments on the lines of a pull request.

Files that could not be read are not in it; they are on standard error, and the run exits 2.
"""

from __future__ import annotations

from typing import Any

from medlint.finding import Finding, Report
from medlint.reports import RenderOptions
from medlint.reports.json import written_for_others


def render(report: Report, options: RenderOptions) -> str:
    """One diagnostic per finding."""
    diagnostics = [_diagnostic(finding) for finding in report.findings]
    return written_for_others({"source": {"name": "medlint"}, "diagnostics": diagnostics})


def _diagnostic(finding: Finding) -> dict[str, Any]:
    address = next((source.url for source in finding.sources if source.url), "")
    return {
        "message": "\n".join(part for part in (finding.message, finding.why, finding.instead) if part),
        "location": {
            "path": finding.path,
            # Without columns a range means whole lines, to the end of the last; columns would count bytes of UTF-8.
            "range": {"start": {"line": finding.start.line}, "end": {"line": finding.last_line}},
        },
        "severity": finding.severity.value.upper(),
        "code": {"value": finding.code, **({"url": address} if address else {})},
    }
