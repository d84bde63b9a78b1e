"""The words every text format ends on: how many findings in how many files, and what was held back or failed."""

from __future__ import annotations

from collections import Counter

from medlint.finding import Report, Severity
from medlint.reports.terminal import visible


def summary_line(report: Report) -> str:
    """The report in one sentence: `7 findings (2 errors, 5 warnings) in 3 of 12 files; 1 suppressed.`"""
    clauses = [_findings(report)]
    held_back = [f"{count} {reason}" for reason, count in report.hidden.items() if count]
    if held_back:
        clauses.append(", ".join(held_back))
    if report.failures:
        clauses.append(f"{counted(len(report.failures), 'file')} could not be read")
    return "; ".join(clauses) + "."


def _findings(report: Report) -> str:
    if not report.findings:
        return f"No findings in {counted(report.files, 'file')}"
    severities = Counter(finding.severity for finding in report.findings)
    parts = ", ".join(counted(severities[severity], severity.value) for severity in Severity if severities[severity])
    with_findings = len({finding.path for finding in report.findings})
    return f"{counted(len(report.findings), 'finding')} ({parts}) in {with_findings} of {counted(report.files, 'file')}"


def counted(count: int, noun: str) -> str:
    """The count with its noun in the right number: `1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def failure_lines(report: Report) -> tuple[str, ...]:
    """One `error: path: message` line per failure, for the error stream."""
    return tuple(visible(f"error: {failure.path}: {failure.message}") for failure in report.failures)
