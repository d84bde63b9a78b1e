"""A rule told in full, for `explain` and wherever else its documentation is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medlint.finding import Citation, RuleInfo, Severity
from medlint.rule import Conditions, Rule
from medlint.suppression import Notice


def explanation(rule: Rule) -> str:
    """What the rule flags and why, wording that passes, what excuses it, and the law."""
    return "\n".join(_lines(rule))


def documented(rule: Rule, jurisdictions: Iterable[str]) -> RuleInfo:
    """What reports tell of the rule, with its severity in the jurisdictions."""
    return RuleInfo(
        code=rule.code,
        name=rule.name,
        category=rule.category,
        severity=rule.severity_in(jurisdictions)[0],
        summary=_summary(rule),
        why=rule.why,
        instead=rule.instead,
        help=explanation(rule),
        bad=tuple(rule.bad),
        good=tuple(rule.good),
        excused_by=tuple(_conditions(rule.excused_by)),
        sources=(*rule.sources, *rule.precedent),
    )


def documented_notice(notice: Notice) -> RuleInfo:
    """What reports tell of a kind of finding about suppressions."""
    title = f"{notice.code} {notice.name}"
    return RuleInfo(
        code=notice.code,
        name=notice.name,
        category=notice.category,
        severity=Severity.WARNING,
        summary=f"{notice.name.replace('-', ' ').capitalize()}.",
        why=notice.why,
        instead=notice.instead,
        help=f"{title}\n\nWhy: {notice.why}\nInstead: {notice.instead}",
    )


def _lines(rule: Rule) -> Iterator[str]:
    severities = ", ".join(
        severity.value if place == "default" else f"{severity.value} in {place}"
        for place, severity in rule.severity.items()
    )
    yield f"{rule.code} {rule.name}"
    yield f"category: {rule.category}; severity: {severities}" + (
        "; pedantic (off unless asked for)" if rule.tier == "pedantic" else ""
    )
    if rule.jurisdictions:
        yield f"holds in: {', '.join(rule.jurisdictions)}"
    yield ""
    yield _summary(rule)
    yield ""
    yield f"Why: {rule.why}"
    yield f"Instead: {rule.instead}"
    yield from _section("Flagged", rule.bad)
    yield from _section("Left alone", rule.good)
    yield from _section("Excused by", _conditions(rule.excused_by))
    yield from _section("Softened to info by", _conditions(rule.softened_by))
    yield from _section("Sources", map(_citation, rule.sources))
    yield from _section("Precedent", map(_citation, rule.precedent))


def _summary(rule: Rule) -> str:
    return rule.message.replace('"{match}"', "The phrase").replace("{match}", "the phrase")


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    entries = list(lines)
    if entries:
        yield ""
        yield f"{title}:"
        yield from (f"  - {entry}" for entry in entries)


def _conditions(conditions: Conditions) -> Iterator[str]:
    if conditions.assertion:
        yield f"being {', '.join(sorted(conditions.assertion))}"
    if conditions.source:
        yield f"a source that a reader can follow, in the same {conditions.source}"
    if conditions.half_source:
        yield f"a named body without year or link, in the same {conditions.half_source}"
    if conditions.risk:
        yield f"a concrete harm named in the same {conditions.risk}"
    if conditions.page_names:
        yield f"words of the list '{conditions.page_names}' anywhere on the page"


def _citation(citation: Citation) -> str:
    where = f" [{citation.jurisdiction}]" if citation.jurisdiction else ""
    unread = "" if citation.checked else " (not checked at its source)"
    return f"{citation.cite}{where}{unread}" + (f" <{citation.url}>" if citation.url else "")
