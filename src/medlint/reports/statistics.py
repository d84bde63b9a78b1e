"""Counts per rule (`--statistics`).

    4  SAF002  relative-safety-without-risks
    3  CUR001  cures-disease
    7  total

The most frequent first: that is where a large site begins.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from medlint.finding import Report
from medlint.reports import RenderOptions
from medlint.reports.summary import ending
from medlint.reports.terminal import palette, visible


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many findings one rule has."""

    count: int
    code: str
    name: str


def rule_counts(report: Report) -> list[RuleCount]:
    """The rules that have findings, most frequent first, then by code."""
    counts = Counter((finding.code, finding.name) for finding in report.findings)
    rows = (RuleCount(count, *rule) for rule, count in counts.items())
    return sorted(rows, key=lambda row: (-row.count, row.code))


def render(report: Report, options: RenderOptions) -> str:
    """One `count  CODE  name` line per rule, the total, and the summary line."""
    rows = rule_counts(report)
    total = len(report.findings)
    count_width = len(str(total))
    code_width = max((len(row.code) for row in rows), default=0)
    lines = [visible(f"{row.count:>{count_width}}  {row.code:<{code_width}}  {row.name}") for row in rows]
    lines.append(f"{total}  total")
    if not options.quiet:
        lines += [f"\n{paragraph}" for paragraph in ending(report, palette(options.color))]
    return "\n".join(lines) + "\n"
