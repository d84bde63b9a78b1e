"""A rule told in full, for `explain` and wherever else its documentation is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medlint.finding import Citation, RuleInfo, Severity
from medlint.rule import Conditions, PageCondition, Rule
from medlint.suppression import Notice

NOT_CHECKED = "not checked at its source"


def explanation(rule: Rule) -> str:
    """What the rule flags and why, wording that passes, what excuses it, and the law."""
    return "\n".join(_lines(rule))


def workings(rule: Rule) -> str:
    """How the rule finds what it flags, for those who write rules: its phrases, and where it is written."""
    return "\n".join(_working_lines(rule))


def documented(rule: Rule, jurisdictions: Iterable[str]) -> RuleInfo:
    """What reports tell of the rule, with its severity in the jurisdictions."""
    return RuleInfo(
        code=rule.code,
        name=rule.name,
        category=rule.category,
        severity=rule.severity_in(jurisdictions)[0],
        summary=claim(rule),
        why=rule.why,
        instead=rule.instead,
        help=explanation(rule),
        bad=tuple(rule.bad),
        good=tuple(rule.good),
        excused_by=tuple(grounds(rule.excused_by)),
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


def standing(rule: Rule) -> str:
    """How a rule weighs and where it holds: `warning, error in uk, ie; holds in us; pedantic (off unless …)`."""
    places: dict[str, list[str]] = {}
    for place, severity in rule.severity.items():
        if place != "default":
            places.setdefault(severity.value, []).append(place)
    clauses = [
        ", ".join([rule.severity["default"].value, *(f"{each} in {', '.join(places[each])}" for each in places)]),
        f"holds in {', '.join(rule.jurisdictions)}" if rule.jurisdictions else "",
        "pedantic (off unless asked for)" if rule.tier == "pedantic" else "",
    ]
    return "; ".join(filter(None, clauses))


def claim(rule: Rule) -> str:
    """What a finding of the rule says, of no phrase in particular."""
    told = rule.message.replace('"{match}"', "the phrase").replace("{match}", "the phrase")
    return told[:1].upper() + told[1:]


def notes(rule: Rule) -> Iterator[str]:
    """How the rule looks at a page, beyond its phrases."""
    if rule.page:
        yield from _page(rule.page)
    if rule.polarity == "denial":
        yield "a negation is part of the claim and does not excuse it"
    if rule.once_per:
        yield "each treatment and use is reported once a page"


def grounds(conditions: Conditions) -> Iterator[str]:
    """What in the surroundings of a match excuses or softens it."""
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
    if conditions.table_head:
        yield f"words of the list '{conditions.table_head}' at the head of its table column or row"


def _lines(rule: Rule) -> Iterator[str]:
    yield f"{rule.code} {rule.name}"
    yield f"category: {rule.category}; severity: {standing(rule)}"
    yield ""
    yield claim(rule)
    yield ""
    yield f"Why: {rule.why}"
    yield f"Instead: {rule.instead}"
    yield from _section("Flagged", rule.bad)
    yield from _section("Left alone", rule.good)
    yield from _section("Missed so far", rule.todo_bad)
    yield from _section("Flagged in error so far", rule.todo_good)
    yield from _section("Excused by", grounds(rule.excused_by))
    yield from _section("Softened to info by", grounds(rule.softened_by))
    yield from _section("Notes", notes(rule))
    yield from _section("Sources", map(_citation, rule.sources))
    yield from _section("Precedent", map(_citation, rule.precedent))


def _working_lines(rule: Rule) -> Iterator[str]:
    yield from _section("Phrases", rule.match)
    yield from _section("Regular expressions", rule.regex)
    yield from _section("Only beside, in the same sentence or before it", rule.along)
    yield from _section("Only as the answer to", rule.answers)
    yield from _section("Passed over as innocent", rule.senses)
    yield from _section("Passed over in a sentence with", rule.unless)
    yield ""
    yield f"Accept a finding in the copy: <!-- medlint: ignore[{rule.code}] reason -->"
    yield f"Written in: {rule.path}:{rule.line}"


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    entries = list(lines)
    if entries:
        yield ""
        yield f"{title}:"
        yield from (f"  - {entry}" for entry in entries)


def _page(page: PageCondition) -> Iterator[str]:
    yield f"the page makes a claim of one of these categories: {', '.join(page.claims)}"
    yield f"the page has no words of the list '{page.lacks}'"
    if page.about:
        yield f"the page is about an entry of the list '{page.about}'"
    if page.unless:
        yield f"the page has no words of the list '{page.unless}'"


def _citation(citation: Citation) -> str:
    where = f" [{citation.jurisdiction}]" if citation.jurisdiction else ""
    unread = "" if citation.checked else f" ({NOT_CHECKED})"
    return f"{citation.cite}{where}{unread}" + (f" <{citation.url}>" if citation.url else "")
