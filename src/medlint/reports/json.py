"""The JSON format, version 1: one object, for programs.

Lines and columns count from 1 in code points; ends are exclusive; paths have forward slashes and are relative to the
working directory. A later medlint may add keys; a change or removal of one raises `version`.

    version       1
    tool          name ("medlint") and version
    summary       files (linted), findings, errors, warnings, infos (findings of each severity),
                  hidden (reason -> number of findings held back, such as {"suppressed": 1});
                  site (only with --site): pages (path) and categories (category) with their findings, errors,
                  warnings and infos, most first; repeated is how many more a page has that an earlier one tells
    findings      in order of path, place, code (with --site, of the pages of the site); each holds:
        path, line, column, end_line, end_column
        place                              only where it is no mere line: what a person calls it, "page 3, line 4"
        code, name, category, severity     the rule; severity is "error", "warning" or "info"
        message, text                      what is wrong; the claim as the page shows it
        why, instead                       why it matters; wording that would be acceptable
        sources                            the law or guidance: cite, url and jurisdiction ("" when not known),
                                           checked (false: not read at its source)
        also_on                            only with --site: paths of the other pages that say it in the same block
        fingerprint                        stays the same when the text moves or is wrapped anew
        related                            places that bear on it, such as the risk that softened it:
                                           line, column, end_line, end_column, message, text
    errors        what could not be linted: path, message
    statistics    only with --statistics: count, code, name, most frequent first
"""

from __future__ import annotations

import json
import re
from typing import Any

from medlint import __version__
from medlint.document import Position
from medlint.finding import Citation, Counts, Failure, Finding, Related, Report, SiteSummary, counts_of
from medlint.reports import RenderOptions
from medlint.reports.statistics import RuleCount, rule_counts
from medlint.reports.terminal import unsafe

_Object = dict[str, Any]


def render(report: Report, options: RenderOptions) -> str:
    """The report as one JSON object."""
    content: _Object = {
        "version": 1,
        "tool": {"name": "medlint", "version": __version__},
        "summary": _summary(report),
        "findings": [_finding(finding, of_site=report.site is not None) for finding in report.findings],
        "errors": [_failure(failure) for failure in report.failures],
    }
    if options.statistics:
        content["statistics"] = [_count(row) for row in rule_counts(report)]
    return written(content)


def written(content: object) -> str:
    """JSON in which characters that a terminal or an encoder might choke on are escaped."""
    return _harmless(json.dumps(content, ensure_ascii=False, indent=2))


def written_for_others(content: object) -> str:
    """The same for programs that refuse a lone surrogate: it becomes the replacement character."""
    return _harmless(_SURROGATE.sub("\ufffd", json.dumps(content, ensure_ascii=False, indent=2)))


_SURROGATE = re.compile("[\ud800-\udfff]")


def _harmless(dumped: str) -> str:
    return unsafe().sub(_escaped, dumped) + "\n"


def _escaped(character: re.Match[str]) -> str:
    # The line ends that are left are the layout's own: those inside strings are escaped by now.
    if character.group() == "\n":
        return "\n"
    units = character.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))


def _summary(report: Report) -> _Object:
    return {
        "files": report.files,
        **_counts(counts_of(report.findings)),
        "hidden": report.hidden,
        **({"site": _site(report.site)} if report.site else {}),
    }


def _counts(counts: Counts) -> _Object:
    return {"findings": counts.total, **counts._asdict()}


def _site(site: SiteSummary) -> _Object:
    return {
        "pages": [{"path": path, **_counts(counts), "repeated": repeated} for path, counts, repeated in site.pages],
        "categories": [{"category": category, **_counts(counts)} for category, counts in site.categories],
    }


def _finding(finding: Finding, *, of_site: bool) -> _Object:
    return {
        "path": finding.path,
        **_range(finding.start, finding.end),
        **({"place": finding.place} if finding.place else {}),
        "code": finding.code,
        "name": finding.name,
        "category": finding.category,
        "severity": finding.severity.value,
        "message": finding.message,
        "text": finding.text,
        "why": finding.why,
        "instead": finding.instead,
        "sources": [_source(source) for source in finding.sources],
        "fingerprint": finding.fingerprint,
        "related": [_related(related) for related in finding.related],
        **({"also_on": finding.also_on} if of_site else {}),
    }


def _range(start: Position, end: Position) -> _Object:
    return {"line": start.line, "column": start.column, "end_line": end.line, "end_column": end.column}


def _source(source: Citation) -> _Object:
    return {
        "cite": source.cite,
        "url": source.url,
        "jurisdiction": source.jurisdiction,
        "checked": source.checked,
    }


def _related(related: Related) -> _Object:
    return {**_range(related.start, related.end), "message": related.message, "text": related.text}


def _failure(failure: Failure) -> _Object:
    return {"path": failure.path, "message": failure.message}


def _count(row: RuleCount) -> _Object:
    return {"count": row.count, "code": row.code, "name": row.name}
