"""The SARIF 2.1.0 format, for code scanning: the rules that were asked for, the findings, and those that were accepted.

Columns count code points, and an end is exclusive, as in `Finding`. Paths are URIs relative to the working directory,
so run medlint from the root of the repository. A finding that a comment in the copy accepts is listed with its
`suppressions`; a file that could not be read is a notification of the run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from medlint import __version__
from medlint.document import Position
from medlint.finding import Failure, Finding, Related, Report, RuleInfo, Severity, Suppressed
from medlint.reports import RenderOptions
from medlint.reports.json import written_for_others
from medlint.reports.markdown import link, plain
from medlint.reports.summary import message_of

_Object = dict[str, Any]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_UNREADABLE: _Object = {
    "id": "unreadable-file",
    "shortDescription": {"text": "A file could not be read."},
    "fullDescription": {"text": "What a file says is not known when it cannot be read, so the run has failed."},
    "help": {"text": "Save the file as UTF-8 in a format that medlint reads, or exclude it."},
}


def render(report: Report, options: RenderOptions) -> str:
    """A log of one run."""
    places = {rule.code: place for place, rule in enumerate(report.rules)}
    results = [(finding, _result(finding, places) | _occurrences(finding, report)) for finding in report.findings]
    results += [(each.finding, _accepted(each, places)) for each in report.suppressed]
    run: _Object = {
        "tool": {
            "driver": {
                "name": "medlint",
                "semanticVersion": __version__,
                "rules": [_rule(rule) for rule in report.rules],
                "notifications": [_UNREADABLE],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "toolExecutionNotifications": [_notification(failure) for failure in report.failures],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [result for _, result in sorted(results, key=lambda each: each[0].sort_key)],
    }
    return written_for_others({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: RuleInfo) -> _Object:
    address = next((source.url for source in rule.sources if source.url), "")
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.help, "markdown": "\n".join(_help(rule))},
        **({"helpUri": address} if address else {}),
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [rule.category]},
    }


def _help(rule: RuleInfo) -> Iterator[str]:
    yield f"# {plain(rule.code)} {plain(rule.name)}"
    for paragraph in (
        plain(rule.summary),
        f"**Why:** {plain(rule.why)}",
        f"**Instead:** {plain(rule.instead)}",
    ):
        yield ""
        yield paragraph
    for title, entries in (
        ("Flagged", map(plain, rule.bad)),
        ("Left alone", map(plain, rule.good)),
        ("Excused by", map(plain, rule.excused_by)),
        ("Sources", (link(source.cite, source.url) for source in rule.sources)),
    ):
        lines = [f"- {entry}" for entry in entries]
        if lines:
            yield from ("", f"**{title}:**", "", *lines)


def _result(finding: Finding, places: Mapping[str, int]) -> _Object:
    return {
        "ruleId": finding.code,
        **({"ruleIndex": places[finding.code]} if finding.code in places else {}),
        "level": _LEVELS[finding.severity],
        "message": _message(message_of(finding)),
        "locations": [_location(finding.path, finding.start, finding.end)],
        "relatedLocations": [
            _related(finding.path, related, number) for number, related in enumerate(finding.related, start=1)
        ],
        "partialFingerprints": {"medlint/v1": finding.fingerprint},
        "suppressions": [],  # said of every result, because "absent" means that the tool knows of none
    }


def _occurrences(finding: Finding, report: Report) -> _Object:
    """On how many pages of a site it was seen, where a finding stands for all of them."""
    return {"occurrenceCount": len(finding.also_on) + 1} if report.site else {}


def _accepted(suppressed: Suppressed, places: Mapping[str, int]) -> _Object:
    suppression = {"kind": "inSource", "justification": suppressed.reason}
    return _result(suppressed.finding, places) | {"suppressions": [suppression]}


def _related(path: str, related: Related, number: int) -> _Object:
    return {**_location(path, related.start, related.end), "id": number, "message": _message(related.message)}


def _location(path: str, start: Position, end: Position) -> _Object:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(path)},
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            },
        }
    }


def _notification(failure: Failure) -> _Object:
    return {
        "descriptor": {"id": _UNREADABLE["id"], "index": 0},
        "level": "error",
        "message": _message(failure.message),
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(failure.path)}}}],
    }


def _message(text: str) -> _Object:
    """A plain text message in which nothing that a page says becomes a link."""
    return {"text": _LINK.sub(r"\\[", text)}


_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def uri(path: str) -> str:
    """The path as a URI: relative, with forward slashes, or a file address for a path outside the working directory."""
    try:
        encoded = path.encode("utf-8", "surrogateescape")  # bytes of a name that are no UTF-8 stay what they are
    except UnicodeEncodeError:
        encoded = path.encode("utf-8", "surrogatepass")
    if path.startswith("/"):
        return f"file://{quote(encoded)}"
    return f"file:///{quote(encoded, safe='/:')}" if _DRIVE.match(path) else quote(encoded)


_DRIVE = re.compile(r"[A-Za-z]:/")
