"""Whether codes and names are as a reader of the file and of later reports expects them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from medlint.packcheck.problem import Pack, Problem
from medlint.rule import CATEGORIES

_FIRST_OF_USERS = 900


def order_problems(pack: Pack) -> Iterator[Problem]:
    """Codes that stand in another category's file, out of order or in others' numbers; names that are taken."""
    names: dict[str, str] = {}
    for rule in pack.rulebook.rules:
        first = names.setdefault(rule.name, rule.code)
        if first != rule.code and rule.code in pack.codes:
            yield pack.problem(
                rule, "name", 0, f"'{rule.name}' is the name of {first} too; reports show it, so alter it"
            )
    last: dict[tuple[str, str], str] = {}
    for rule in sorted(pack.rules, key=lambda each: (each.path, each.line)):
        category = Path(rule.path).stem
        if category in CATEGORIES.values() and rule.category != category:
            yield pack.problem(
                rule, "code", 0, f"is a code of {rule.category}, and the file is that of {category}; move the rule"
            )
        before = last.get((rule.path, rule.category), "")
        if rule.code < before:
            yield pack.problem(rule, "code", 0, f"stands after {before}; put the rules in the order of their codes")
        last[rule.path, rule.category] = max(rule.code, before)
        number = int(rule.code[3:])
        if not rule.trusted and number < _FIRST_OF_USERS:
            yield pack.problem(
                rule, "code", 0, f"may one day be medlint's own; yours are {rule.code[:3]}{_FIRST_OF_USERS} and up"
            )
        if rule.trusted and number >= _FIRST_OF_USERS:
            yield pack.problem(rule, "code", 0, f"is a user's code; those from {_FIRST_OF_USERS} up are not medlint's")
