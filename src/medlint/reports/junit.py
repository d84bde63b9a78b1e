"""The JUnit XML format, which CI systems show as tests: a suite per file, a failed case per finding.

A run that finds nothing is one passing case, because an empty report reads as a job that never ran.
"""

from __future__ import annotations

from itertools import groupby

from medlint.finding import Failure, Finding, Report
from medlint.reports import RenderOptions
from medlint.reports.summary import message_of, summary_line
from medlint.reports.terminal import visible
from medlint.reports.xml import Element, child, document


def render(report: Report, options: RenderOptions) -> str:
    """A suite for each file with findings, then for each that could not be read."""
    failures, errors = len(report.findings), len(report.failures)
    root = Element("testsuites", name="medlint")
    _count(root, max(failures + errors, 1), failures, errors)
    for path, findings in groupby(report.findings, key=lambda finding: finding.path):
        cases = list(findings)
        suite = _count(child(root, "testsuite", {"name": path}), len(cases), len(cases), 0)
        for finding in cases:
            _failed(suite, finding)
    for failure in report.failures:
        _broken(_count(child(root, "testsuite", {"name": failure.path}), 1, 0, 1), failure)
    if not failures + errors:
        suite = _count(child(root, "testsuite", {"name": "medlint"}), 1, 0, 0)
        child(suite, "testcase", {"name": summary_line(report), "classname": "medlint"})
    return document(root)


def _count(element: Element, tests: int, failures: int, errors: int) -> Element:
    for name, count in (("tests", tests), ("failures", failures), ("errors", errors)):
        element.set(name, str(count))
    return element


def _failed(suite: Element, finding: Finding) -> None:
    place = f"{finding.start.line}:{finding.start.column}"
    case = child(
        suite,
        "testcase",
        {
            "name": f"{finding.code} {finding.name} at {place}",
            "classname": finding.path,
            "file": finding.path,
            "line": finding.start.line,
        },
    )
    failure = child(case, "failure", {"type": finding.severity.value, "message": message_of(finding)})
    lines = (f"{finding.path}:{place}: {finding.code} {message_of(finding)}", finding.why, finding.instead)
    failure.text = "\n".join(visible(line) for line in lines if line)


def _broken(suite: Element, failure: Failure) -> None:
    case = child(suite, "testcase", {"name": "can be read", "classname": failure.path, "file": failure.path})
    child(case, "error", {"type": "unreadable-file", "message": failure.message})
