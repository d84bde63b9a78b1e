"""The words every text format ends on: how many findings in how many files, and what was held back or failed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medlint.finding import Counts, Finding, PageSummary, Report, SiteSummary, counts_of
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
    with_findings = len({path for finding in report.findings for path in (finding.path, *finding.also_on)})
    parts = severities(counts_of(report.findings))
    return f"{counted(len(report.findings), 'finding')} ({parts}) in {with_findings} of {counted(report.files, 'file')}"


def severities(counts: Counts) -> str:
    """The counts in words: `2 errors, 1 info`."""
    each = ((counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "info"))
    return ", ".join(counted(count, noun) for count, noun in each if count)


def message_of(finding: Finding) -> str:
    """What is wrong, and on how many other pages of a site."""
    return f"{finding.message} ({elsewhere(finding)})" if finding.also_on else finding.message


def elsewhere(finding: Finding) -> str:
    """On how many other pages of a site the finding stands, in words."""
    return f"also on {counted(len(finding.also_on), 'other page')}"


class Table(NamedTuple):
    """Counts of findings and what they are of, under a title; what is left over in words."""

    title: str
    rows: tuple[tuple[int, str], ...]
    rest: str = ""


def site_tables(site: SiteSummary) -> Iterator[Table]:
    """The pages of a site with most findings, and what the findings of all pages are about; none without findings."""
    pages = [page for page in site.pages if page.counts.total]
    if pages:
        others = pages[_PAGES:]
        left = sum(page.counts.total for page in others)
        rest = f"and {counted(left, 'finding')} on {counted(len(others), 'other page')}" if others else ""
        yield Table(
            "Pages with most findings", tuple((page.counts.total, _page(page)) for page in pages[:_PAGES]), rest
        )
        about = ((counts.total, f"{category} ({severities(counts)})") for category, counts in site.categories)
        yield Table("By category", tuple(about))


_PAGES = 10


def _page(page: PageSummary) -> str:
    """A page and its findings by severity: `index.html (1 error; 3 repeated)`."""
    repeated = f"; {page.repeated} repeated" if page.repeated else ""
    return f"{page.path} ({severities(page.counts)}{repeated})"


def ending(report: Report, colors: Palette) -> Iterator[str]:
    """The paragraphs on which a report for people ends: the tables of a site, and the summary line."""
    for table in site_tables(report.site) if report.site else ():
        width = max(len(str(count)) for count, _ in table.rows) + 2
        rows = (f"{count:>{width}}  {visible(name)}" for count, name in table.rows)
        yield "\n".join((paint(table.title, "bold", colors), *rows, *filter(None, [table.rest])))
    yield summary_line(report)


def counted(count: int, noun: str) -> str:
    """The count with its noun in the right number: `1 file`, `2 files`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def failure_lines(report: Report) -> tuple[str, ...]:
    """One `error: path: message` line per failure, for the error stream."""
    return tuple(visible(f"error: {failure.path}: {failure.message}") for failure in report.failures)
