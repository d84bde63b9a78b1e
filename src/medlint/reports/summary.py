"""The words every text format ends on: how many findings in how many files, and what was held back or failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medlint.finding import Counts, Finding, Report, SiteSummary, counts_of
from medlint.reports.terminal import Palette, paint, visible


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
    with_findings = len({finding.path for finding in report.findings})
    parts = severities(counts_of(report.findings))
    return f"{counted(len(report.findings), 'finding')} ({parts}) in {with_findings} of {counted(report.files, 'file')}"


def severities(counts: Counts) -> str:
    """The counts in words: `2 errors, 1 info`."""
    each = ((counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info"))
    return ", ".join(counted(count, noun) for count, noun in each if count)


def elsewhere(finding: Finding) -> str:
    """On how many other pages of a site the finding stands, in words; empty when on none."""
    return f"also on {counted(len(finding.also_on), 'other page')}" if finding.also_on else ""


def site_summary(site: SiteSummary, colors: Palette) -> Iterator[str]:
    """Two paragraphs on a site that has findings: the pages with the most, and what the findings are about."""
    if site.pages:
        shown, others = site.pages[:_PAGES], site.pages[_PAGES:]
        rest = sum(counts.total for _, counts in others)
        more = [f"and {counted(rest, 'finding')} on {counted(len(others), 'other page')}"] if others else []
        yield "\n".join((paint("Pages with most findings", "bold", colors), *_rows(shown), *more))
        yield "\n".join((paint("By category", "bold", colors), *_rows(site.categories)))


_PAGES = 10


def _rows(rows: Sequence[tuple[str, Counts]]) -> Iterator[str]:
    width = max(len(str(counts.total)) for _, counts in rows) + 2
    for name, counts in rows:
        yield f"{counts.total:>{width}}  {visible(name)} ({severities(counts)})"


def counted(count: int, noun: str) -> str:
    """The count with its noun in the right number: `1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def failure_lines(report: Report) -> tuple[str, ...]:
    """One `error: path: message` line per failure, for the error stream."""
    return tuple(visible(f"error: {failure.path}: {failure.message}") for failure in report.failures)
