"""Runs the examples of rules: every bad line must be flagged by its rule, every good line must not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from medlint.linter import Linter
from medlint.readers import FORMATS, read_text
from medlint.rule import Polarity, Rule, Rulebook

_TEXT = next(format for format in FORMATS if format.name == "text")


def check_pack(rules: Iterable[Rule], rulebook: Rulebook) -> list[str]:
    """What is wrong with the rules' examples, one line each at `path:line:col`."""
    return [problem for rule in rules for problem in _problems(rule, rulebook)]


def _problems(rule: Rule, rulebook: Rulebook) -> Iterator[str]:
    where = f"{rule.path}:{rule.line}:{rule.column}: {rule.code}"
    flagged = _flagger(rule, rulebook)
    for lines, wanted, complaint in (
        (rule.bad, True, "does not flag its bad example"),
        (rule.good, False, "flags its good example"),
        (rule.todo_bad, False, "now flags a todo_bad example (move it to bad)"),
        (rule.todo_good, True, "no longer flags a todo_good example (move it to good)"),
    ):
        for example in lines:
            if flagged(example) != wanted:
                yield f"{where} {complaint}: {example}{_polarity_hint(rule, rulebook, example, wanted)}"


def _flagger(rule: Rule, rulebook: Rulebook) -> Callable[[str], bool]:
    """Tells whether the rule flags a line."""
    rules = rulebook.rules if rule.page else (rule,)  # a rule of the whole page rests on the others' findings
    linter = Linter(replace(rulebook, rules=rules), jurisdictions=rule.jurisdictions or ("us",))

    def flagged(example: str) -> bool:
        findings = linter.lint(read_text("example.txt", example, _TEXT)).findings
        return any(finding.code == rule.code for finding in findings)

    return flagged


def _polarity_hint(rule: Rule, rulebook: Rulebook, example: str, wanted: bool) -> str:
    """Advice for an example that would come out right under the other polarity."""
    if rule.page or _flagger(rule._replace(polarity=_OTHER[rule.polarity]), rulebook)(example) != wanted:
        return ""
    if rule.polarity == "asserted":
        return " (a negation excuses it; if the negation is the claim, write 'polarity: denial')"
    return " (a negation would excuse it without 'polarity: denial')"


_OTHER: dict[Polarity, Polarity] = {"asserted": "denial", "denial": "asserted"}
