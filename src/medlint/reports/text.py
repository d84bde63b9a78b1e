"""The text format: each finding with its claim underlined, why it matters and what to write instead.

    warning[SAF002]: "relatively safe" calls Botox safe and names no risk.
      --> content/botox.md:12:12
       |
       | Botox is a relatively safe way to relax the forehead.
       |            ^^^^^^^^^^^^^^^
       why: Readers take "safe" to mean without harm.
       instead: Name the common and the serious risks in the same paragraph.

A paragraph of copy is one long line, so the frame shows as much of it around the claim as fits the width.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medlint.document import Position
from medlint.finding import Citation, Finding, Related, Report
from medlint.reports import RenderOptions
from medlint.reports.summary import elsewhere, ending
from medlint.reports.terminal import (
    Palette,
    display_width,
    head,
    hyperlink,
    paint,
    palette,
    tail,
    visible,
    wrap,
)


def render(report: Report, options: RenderOptions) -> str:
    """The findings and the summary line; the counts per rule instead when statistics are asked for."""
    if options.statistics:
        from medlint.reports import statistics

        return statistics.render(report, options)
    paragraphs = ["\n".join(_finding(finding, options)) for finding in report.findings]
    if not options.quiet:
        paragraphs += ending(report, palette(options.color))
    return "\n\n".join(paragraphs) + "\n" if paragraphs else ""


def _finding(finding: Finding, options: RenderOptions) -> Iterator[str]:
    colors = palette(options.color)
    severity = finding.severity.value
    width = max(options.width, _NARROWEST) - _INDENT

    yield f"{_rule(finding, options, colors)}{paint(': ' + visible(finding.message), 'bold', colors)}"
    yield _place(finding, finding.start, colors) + (f" ({visible(finding.place)})" if finding.place else "")
    yield from _frame(_window(finding, width - _GUTTER), "^", severity, colors)
    if finding.also_on:
        few = f": {', '.join(finding.also_on)}" if len(finding.also_on) <= _NAMED else ""
        yield from _note("note", elsewhere(finding) + few, width, colors)
    yield from _note("why", finding.why, width, colors)
    yield from _note("instead", finding.instead, width, colors)
    if options.verbose:
        for source in finding.sources:
            yield from _note("law", _citation(source), width, colors)
    for related in finding.related:
        yield f"{_place(finding, related.start, colors)}: {visible(related.message)}"
        yield from _frame(_related_window(related, width - _GUTTER), "-", "info", colors)


_NARROWEST = 30  # below that nothing is readable, so longer lines are the lesser evil
_INDENT = 3
_NAMED = 3  # other pages
_GUTTER = 2  # the bar and the space behind it


def _rule(finding: Finding, options: RenderOptions, colors: Palette) -> str:
    code = visible(finding.code)
    if options.hyperlinks:
        code = hyperlink(code, next((source.url for source in finding.sources if source.url), ""))
    return paint(f"{finding.severity.value}[{code}]", finding.severity.value, colors)


def _place(finding: Finding, place: Position, colors: Palette) -> str:
    return f"  {paint('-->', 'dim', colors)} {visible(finding.path)}:{place.line}:{place.column}"


def _note(label: str, text: str, width: int, colors: Palette) -> Iterator[str]:
    """The labelled text, its further lines aligned under the first."""
    hang = len(label) + 2
    for number, line in enumerate(wrap(_shown(text), width - hang)):
        yield " " * _INDENT + (f"{paint(f'{label}:', 'bold', colors)} " if number == 0 else " " * hang) + line


def _citation(source: Citation) -> str:
    remarks = [source.jurisdiction.upper()] if source.jurisdiction else []
    if not source.checked:
        remarks.append("not checked at its source")
    return " ".join(part for part in (source.cite, f"({', '.join(remarks)})" if remarks else "", source.url) if part)


class _Window(NamedTuple):
    """The part of a paragraph that fits on one line, around a claim."""

    before: str
    claim: str
    after: str


def _window(finding: Finding, width: int) -> _Window:
    """The claim and as much of its paragraph, on both sides, as the width allows."""
    start, end = finding.context_start, finding.context_start + len(finding.text)
    reach = 4 * width  # a paragraph may be megabytes long; what is farther away never shows
    before = _shown(finding.context[max(start - reach, 0) : start])
    after = _shown(finding.context[end : end + reach])
    claim = _shortened(finding.text, width - 2 * _CUT)

    room = width - display_width(claim)
    left = max(room // 2, room - display_width(after))
    if display_width(before) > left:
        before = f"… {tail(before, left - _CUT)}"
    right = room - display_width(before)
    if display_width(after) > right:
        after = f"{head(after, right - _CUT)} …"
    return _Window(before, claim, after)


_CUT = 2  # columns of the sign that something was left out, and its space


def _related_window(related: Related, width: int) -> _Window:
    return _Window("", _shortened(related.text, width), "")


def _shortened(claim: str, width: int) -> str:
    """The claim if it fits, else its beginning and its end."""
    reach = 4 * width
    if len(claim) <= reach and display_width(shown := _shown(claim)) <= width:
        return shown
    each = (width - 1 - _CUT) // 2
    first, last = _shown(claim[:reach]), _shown(claim[-reach:])
    return f"{head(first, each) or first[:each]} … {tail(last, each) or last[-each:]}"


def _shown(prose: str) -> str:
    return visible(prose.translate(_BLANKS))


_BLANKS = str.maketrans("\t\n\r\f\v", "     ")


def _frame(window: _Window, mark: str, style: str, colors: Palette) -> Iterator[str]:
    """The window with the claim underlined; nothing where a finding has no text to show."""
    line = "".join(window).rstrip()
    if not line:
        return
    bar = " " * _INDENT + paint("|", "dim", colors)
    underline = mark * max(display_width(window.claim), 1)
    yield bar
    yield f"{bar} {line}"
    yield f"{bar} {' ' * display_width(window.before)}{paint(underline, style, colors)}"
