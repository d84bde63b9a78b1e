"""A built site as a whole: its pages in the order of a visit, and what many of them repeat told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from medlint.finding import Counts, Finding, PageSummary, Report, Severity, SiteSummary, counts_of


def as_site(report: Report, pages: Sequence[str]) -> Report:
    """The report with its findings in the order of the pages, those of repeated blocks at the first, and a summary.

    Findings of one block of prose that stands on several pages are one finding, which names the other pages.
    """
    places = {path: place for place, path in enumerate(pages)}
    ordered = sorted(report.findings, key=lambda each: (places.get(each.path, len(places)), each.sort_key))
    findings = _told_once(ordered)
    repeats = len(ordered) - len(findings)
    hidden = {**report.hidden, **({"repeated on other pages": repeats} if repeats else {})}
    summary = SiteSummary(_pages(findings, ordered), _categories(findings))
    return report._replace(findings=findings, hidden=hidden, site=summary)


def _told_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without those that an earlier page has in the same block."""
    said: dict[_Said, dict[str, None]] = {}  # -> the pages that say it, in order
    told: list[Finding] = []
    for finding in findings:
        pages = said.setdefault(_said(finding), {})
        pages[finding.path] = None
        if next(iter(pages)) == finding.path:
            told.append(finding)
    return tuple(each._replace(also_on=tuple(said[_said(each)])[1:]) for each in told)


# The rule and what it says of which words of which block. With another severity, as where only one of the pages names
# the risk, it is another finding: no warning hides behind an info.
_Said: TypeAlias = tuple[str, Severity, str, int, str]


def _said(finding: Finding) -> _Said:
    return finding.code, finding.severity, finding.message, finding.context_start, finding.context


def _pages(findings: Iterable[Finding], with_repeats: Iterable[Finding]) -> tuple[PageSummary, ...]:
    """The pages with findings, those with most of their own first, and else in the order of the site."""
    everywhere = Counter(finding.path for finding in with_repeats)
    own = _grouped((finding.path, finding) for finding in findings)
    counts = {path: own.get(path, Counts()) for path in everywhere}
    pages = (PageSummary(path, counts[path], total - counts[path].total) for path, total in everywhere.items())
    return tuple(sorted(pages, key=lambda page: _weight(page.counts)))


def _categories(findings: Iterable[Finding]) -> tuple[tuple[str, Counts], ...]:
    """What the findings are about, the most frequent first."""
    counts = _grouped((finding.category, finding) for finding in findings)
    return tuple(sorted(counts.items(), key=lambda each: _weight(each[1])))


def _grouped(named: Iterable[tuple[str, Finding]]) -> dict[str, Counts]:
    groups: dict[str, list[Finding]] = {}
    for name, finding in named:
        groups.setdefault(name, []).append(finding)
    return {name: counts_of(findings) for name, findings in groups.items()}


def _weight(counts: Counts) -> tuple[int, int, int]:
    """Sorts the largest counts first; among equals, those with more errors."""
    return -counts.total, -counts.errors, -counts.warnings
