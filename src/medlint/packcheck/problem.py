"""What a check of a pack looks at, and what it finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from medlint.rule import Rule, Rulebook
from medlint.rulebook import Places
from medlint.schema import Place, located
from medlint.vocabulary import WordList


class Problem(NamedTuple):
    """What is wrong and where; as a text it shows the line."""

    place: Place
    message: str
    code: str = ""  # of the rule, when it is about one

    def __str__(self) -> str:
        return located(f"{self.code} {self.message}" if self.code else self.message, self.place)


@dataclass(frozen=True)
class Pack:
    """The rules and word lists that are checked, among all that they are used with."""

    rulebook: Rulebook
    places: Places
    rules: tuple[Rule, ...]
    lists: tuple[WordList, ...]

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes of its rules."""
        return frozenset(rule.code for rule in self.rules)

    def problem(self, rule: Rule, key: str, number: int, message: str) -> Problem:
        """A problem with one line of a key of a rule."""
        return Problem(self.places.rules[rule.code, key][number], message, rule.code)

    def without(self, codes: Iterable[str]) -> Pack:
        """The pack without some rules."""
        dropped = set(codes)
        kept = tuple(rule for rule in self.rulebook.rules if rule.code not in dropped)
        return replace(
            self,
            rulebook=self.rulebook._replace(rules=kept),
            rules=tuple(rule for rule in self.rules if rule.code not in dropped),
        )
