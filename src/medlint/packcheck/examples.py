"""Runs the examples of rules, each with all rules of its category, as a page would."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from medlint.context import Match
from medlint.document import Document
from medlint.linter import Linter
from medlint.packcheck.problem import Pack, Problem
from medlint.readers import FORMATS, read_text
from medlint.regexes import RegexTimeout
from medlint.rule import JURISDICTIONS, Rule

_TEXT = next(format for format in FORMATS if format.name == "text")


class _Example(NamedTuple):
    """One of a rule's lines."""

    rule: Rule
    key: str  # bad, good, todo_bad or todo_good
    number: int  # among the lines of the key
    text: str


def example_problems(pack: Pack, linter: Linter) -> Iterator[Problem]:
    """Examples that do not hold or show nothing, and rules whose examples other rules flag in the same words."""
    for rule in pack.rules:
        try:
            linter.prepare(map(_page, _examples(rule)))
            yield from _repeated(rule, pack)
            yield from _broken_on_pages(rule, pack, linter) if rule.page else _broken(rule, pack, linter)
        except RegexTimeout as error:
            yield pack.problem(rule, "code", 0, f"was stopped at its examples: {error}")


def _page(example: _Example) -> Document:
    return read_text("example.txt", example.text, _TEXT)


def _examples(rule: Rule) -> Iterator[_Example]:
    for key in _COMPLAINTS:
        for number, text in enumerate(getattr(rule, key)):
            yield _Example(rule, key, number, text)


def _problem(pack: Pack, example: _Example, message: str) -> Problem:
    return pack.problem(example.rule, example.key, example.number, message)


def _repeated(rule: Rule, pack: Pack) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for example in _examples(rule):
        if first := seen.get(example.text):
            yield _problem(pack, example, f"has this example already, under '{first}': {example.text}")
        seen[example.text] = example.key


def _broken_on_pages(rule: Rule, pack: Pack, linter: Linter) -> Iterator[Problem]:
    for example in _examples(rule):
        findings = linter.lint(_page(example)).findings
        if fault := _fault(example, any(finding.code == rule.code for finding in findings)):
            yield _problem(pack, example, f"{fault}: {example.text}")


def _broken(rule: Rule, pack: Pack, linter: Linter) -> Iterator[Problem]:
    covers: list[set[str]] = []
    for example in _examples(rule):
        matches = linter.standing(_page(example))
        own = [match for match in matches if match.rule.code == rule.code]
        rivals = [match for match in matches if _runs_with(match.rule, rule)]
        if fault := _fault(example, bool(own)):
            others = _codes(rivals) if example.key == "bad" else ""
            yield _problem(pack, example, f"{fault}{f' ({others} does)' if others else ''}: {example.text}")
        elif example.key == "bad":
            covers.append({rival.rule.code for rival in rivals if any(_covers(rival, match) for match in own)})
        elif example.key == "good":
            yield from _flagged_by_others(example, pack, rivals)
    if covers and all(covers):
        others = ", ".join(sorted(set(chain.from_iterable(covers))))
        yield pack.problem(
            rule,
            "code",
            0,
            f"overlaps {others}: the words of each of its bad examples are flagged without it; "
            "merge the rules, or add a bad example that only this one flags",
        )


_COMPLAINTS = {  # key -> whether its lines are to be flagged, and what to say when it is otherwise
    "bad": (True, "does not flag its bad example"),
    "good": (False, "flags its good example"),
    "todo_bad": (False, "now flags a todo_bad example (move it to bad)"),
    "todo_good": (True, "no longer flags a todo_good example (move it to good)"),
}


def _fault(example: _Example, flagged: bool) -> str:
    wanted, complaint = _COMPLAINTS[example.key]
    return complaint if flagged != wanted else ""


def _codes(matches: Iterable[Match]) -> str:
    return ", ".join(sorted({match.rule.code for match in matches}))


def _flagged_by_others(example: _Example, pack: Pack, rivals: Iterable[Match]) -> Iterator[Problem]:
    """A line that one rule calls good and its neighbour flags, unless the neighbour knows it as a weakness."""
    for code, other in sorted({rival.rule.code: rival.rule for rival in rivals}.items()):
        if example.text not in other.todo_good:
            mend = f"mend {code} or note the line in its todo_good" if code in pack.codes else "take another line"
            yield _problem(pack, example, f"calls this good, and {code} flags it; {mend}: {example.text}")


def _runs_with(other: Rule, rule: Rule) -> bool:
    """Whether another rule of the category is on wherever a rule is."""
    return (
        other.code != rule.code
        and other.category == rule.category
        and (other.tier == "default" or rule.tier == "pedantic")
        and (
            not other.jurisdictions or bool(rule.jurisdictions and set(rule.jurisdictions) <= set(other.jurisdictions))
        )
    )


def _covers(other: Match, own: Match) -> bool:
    """Whether another rule's match takes the same words or more, and nowhere weighs less."""
    return (
        other.sentence == own.sentence
        and other.first <= own.first
        and own.after <= other.after
        and all(
            other.rule.severity_in([place])[0].rank >= own.rule.severity_in([place])[0].rank
            for place in own.rule.jurisdictions or JURISDICTIONS
        )
    )
