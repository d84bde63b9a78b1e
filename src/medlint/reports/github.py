"""GitHub's format: workflow commands that become annotations, and a job summary in Markdown.

GitHub shows ten annotations of each level per step and drops the rest unsaid, so the heaviest come first, what does not
fit follows as plain lines of the log, and a notice names the total. The job summary lists everything.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from medlint.finding import Failure, Finding, Report, Severity
from medlint.reports import RenderOptions
from medlint.reports.concise import line
from medlint.reports.markdown import plain
from medlint.reports.summary import message_of, site_tables, summary_line
from medlint.reports.terminal import palette, visible

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_MOST = 10  # annotations of one level that GitHub shows per step


def render(report: Report, options: RenderOptions) -> str:
    """Annotations by severity, then the findings that are too many for them, then the summary line."""
    commands, left_over = _within_limits(report)
    if left_over:
        commands.append(_Command("notice", {"title": "medlint"}, f"{summary_line(report)} {_MORE}"))
    lines = [str(command) for command in commands]
    lines += [line(finding, palette(color=False)) for finding in left_over]
    if not options.quiet:
        lines.append(summary_line(report))
    return "".join(f"{each}\n" for each in lines)


_MORE = "Not all of them are annotated; the log and the job summary list the rest."


class _Command(NamedTuple):
    """A line that the runner obeys."""

    level: str
    properties: dict[str, str | int]
    message: str

    def __str__(self) -> str:
        properties = ",".join(
            f"{name}={visible(str(value).translate(_IN_PROPERTIES))}" for name, value in self.properties.items()
        )
        return f"::{self.level} {properties}::{visible(self.message.translate(_IN_MESSAGES))}"


_IN_MESSAGES = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTIES = _IN_MESSAGES | str.maketrans({":": "%3A", ",": "%2C"})


def _within_limits(report: Report) -> tuple[list[_Command], list[Finding]]:
    """The commands for which there is room, and the findings for which there is none."""
    commands = [_unreadable(failure) for failure in report.failures][:_MOST]
    room = {Severity.ERROR: _MOST - len(commands), Severity.WARNING: _MOST, Severity.INFO: _MOST}
    if not _fits(report.findings, room):
        room[Severity.INFO] -= 1  # for the notice that says so
    left_over = []
    for finding in sorted(report.findings, key=lambda finding: -finding.severity.rank):
        if room[finding.severity] > 0:
            room[finding.severity] -= 1
            commands.append(_annotation(finding))
        else:
            left_over.append(finding)
    return commands, left_over


def _fits(findings: Iterable[Finding], room: dict[Severity, int]) -> bool:
    severities = [finding.severity for finding in findings]
    return all(severities.count(severity) <= places for severity, places in room.items())


def _annotation(finding: Finding) -> _Command:
    properties: dict[str, str | int] = {
        "file": finding.path,
        "line": finding.start.line,
        "endLine": finding.last_line,
    }
    if finding.start.line == finding.end.line:  # GitHub refuses columns over several lines
        properties |= {"col": finding.start.column, "endColumn": finding.end.column}
    properties["title"] = f"{finding.code} {finding.name}"
    message = "\n".join(part for part in (message_of(finding), finding.why, finding.instead) if part)
    return _Command(_LEVELS[finding.severity], properties, message)


def _unreadable(failure: Failure) -> _Command:
    return _Command("error", {"file": failure.path, "title": "medlint"}, failure.message)


def job_summary(report: Report) -> str:
    """The whole report as Markdown, for $GITHUB_STEP_SUMMARY; cut where GitHub would refuse it."""
    head = f"## medlint\n\n{plain(summary_line(report))}\n{''.join(_of_site(report))}"
    rows = list(_rows(report))
    if not rows:
        return head
    sizes = accumulate(len(row.encode()) for row in rows)
    shown = sum(size <= _LARGEST for size in sizes)
    table = f"{head}\n| | where | rule | what |\n| --- | --- | --- | --- |\n{''.join(rows[:shown])}"
    return table if shown == len(rows) else f"{table}\n{len(rows) - shown} more are in the log.\n"


_LARGEST = 900_000  # bytes; GitHub refuses a summary of more than a MiB, shared by all that a step writes


def _of_site(report: Report) -> Iterator[str]:
    for table in site_tables(report.site) if report.site else ():
        rows = "".join(_row(str(count), name) for count, name in table.rows)
        rest = f"\n{table.rest}\n" if table.rest else ""
        yield f"\n| | {table.title} |\n| ---: | --- |\n{rows}{rest}"


def _rows(report: Report) -> Iterator[str]:
    for failure in report.failures:
        yield _row("error", failure.path, "", failure.message)
    for finding in sorted(report.findings, key=lambda finding: -finding.severity.rank):
        where = f"{finding.path}:{finding.start.line}:{finding.start.column}"
        yield _row(finding.severity.value, where, f"{finding.code} {finding.name}", message_of(finding))


def _row(*cells: str) -> str:
    return f"| {' | '.join(map(plain, cells))} |\n"
