"""The concise format: one `path:line:column: CODE message` line per finding, stable for grep and problem matchers."""

from __future__ import annotations

from medlint.finding import Finding, Report
from medlint.reports import RenderOptions
from medlint.reports.summary import message_of, summary_line
from medlint.reports.terminal import Palette, paint, palette, visible


def render(report: Report, options: RenderOptions) -> str:
    """A line per finding and the summary line; the counts per rule instead when statistics are asked for."""
    if options.statistics:
        from medlint.reports import statistics

        return statistics.render(report, options)
    colors = palette(options.color)
    lines = [line(finding, colors) for finding in report.findings]
    if not options.quiet:
        lines.append(summary_line(report))
    return "".join(f"{line}\n" for line in lines)


def line(finding: Finding, colors: Palette) -> str:
    """The finding in one line."""
    place = paint(visible(f"{finding.path}:{finding.start.line}:{finding.start.column}:"), "bold", colors)
    return f"{place} {paint(visible(finding.code), finding.severity.value, colors)} {visible(message_of(finding))}"
