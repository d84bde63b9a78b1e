"""A built site as a whole: its pages in the order of a visit, and what many of them repeat told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from medlint.finding import Counts, Finding, Report, Severity, SiteSummary, counts_of


def as_site(report: Report, pages: Sequence[str]) -> Report:
    """The report with its findings in the order of the pages, those of repeated blocks at the first, and a summary.

    Findings of one block of prose that stands on several pages are one finding, which names the other pages.
    """
    places = {path: place for place, path in enumerate(pages)}
    ordered = sorted(report.findings, key=lambda each: (places.get(each.path, len(places)), each.sort_key))
    findings = _told_once(ordered)
    repeats = len(ordered) - len(findings)
    hidden = {**report.hidden, **({"repeated on other pages": repeats} if repeats else {})}
    summary = SiteSummary(_by(_path, findings), _by(_category, findings))
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


def _path(finding: Finding) -> str:
    return finding.path


def _category(finding: Finding) -> str:
    return finding.category


def _by(key: Callable[[Finding], str], findings: Iterable[Finding]) -> tuple[tuple[str, Counts], ...]:
    """The counts by path or category, the largest first; among equals, what has more errors, then what came first."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    counted = [(name, counts_of(members)) for name, members in groups.items()]
    return tuple(sorted(counted, key=lambda each: (-each[1].total, -each[1].errors, -each[1].warnings)))
