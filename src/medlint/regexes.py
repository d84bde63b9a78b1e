"""Regexes of rules, the way out where phrases cannot say it: their derived literals, and a time limit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from collections.abc import Sequence as Items
from functools import cached_property
from time import process_time
from typing import TYPE_CHECKING, Any, TypeAlias

from medlint.rule import Rule
from medlint.sentences import Tokens

if TYPE_CHECKING:
    import regex

TIME_LIMIT = 1.0  # seconds for one pattern on one sentence; an honest one needs microseconds
FILE_LIMIT = 10.0  # seconds for all patterns of users on one file, beside what its length allows
_PER_CHARACTER = 10e-6  # seconds; dozens of honest patterns on every sentence need less


class RegexTimeout(Exception):
    """A rule's regex that ran over a time limit."""

    def __init__(self, regex_rule: RegexRule, overran: str) -> None:
        rule = regex_rule.rule
        super().__init__(
            f"{overran}: {regex_rule.pattern} ({rule.path}:{rule.line}); rewrite it without nested repetition"
        )


class TimeLeft:
    """What is left of the time that the regexes of users' rules may take on one file, all together."""

    def __init__(self) -> None:
        self.start_file(0)

    def start_file(self, characters: int) -> None:
        """Begins anew for a file of so many characters."""
        self._allowed = self._left = FILE_LIMIT + characters * _PER_CHARACTER
        self._spent: dict[RegexRule, float] = {}

    def spend(self, regex_rule: RegexRule, seconds: float) -> None:
        """Takes note of what a regex took; raises RegexTimeout, which names the slowest, when nothing is left."""
        self._spent[regex_rule] = self._spent.get(regex_rule, 0) + seconds
        self._left -= seconds
        if self._left < 0:
            slowest = max(self._spent, key=self._spent.__getitem__)
            raise RegexTimeout(
                slowest,
                f"the regexes of users' rules ran longer than {self._allowed:.3g} s on one file and were stopped; "
                f"that of rule {slowest.rule.code} alone took {self._spent[slowest]:.3g} s",
            )


class RegexRule:
    """One regex of one rule, compiled when a text first holds its literal."""

    def __init__(self, rule: Rule, pattern: str, time_left: TimeLeft, literals: Items[str] | None = None) -> None:
        """`literals` when they were derived before."""
        self.rule = rule
        self.pattern = pattern
        self.literals = literals or required_literals(pattern)
        self._time_left = time_left

    def could_match(self, folded: str) -> bool:
        """Whether the folded text holds one of the literals of which every match contains one."""
        return any(literal in folded for literal in self.literals)

    def spans(self, tokens: Tokens) -> list[tuple[int, int]]:
        """Where it matches, widened to whole tokens: (first token, token after); raises RegexTimeout."""
        spans = []
        for start, end in self._found(tokens.text):
            inside = [
                index
                for index, (token_start, token_end) in enumerate(tokens.spans)
                if token_start < end and token_end > start
            ]
            if inside:
                spans.append((inside[0], inside[-1] + 1))
        return spans

    def _found(self, text: str) -> list[tuple[int, int]]:
        if self.rule.trusted:  # the bundled rules are tested; users' may repeat without bound
            return [match.span() for match in self._own.finditer(text) if match.group()]
        started = process_time()  # as the limit below: a busy machine is no fault of the pattern
        try:
            found = [match.span() for match in self._users.finditer(text, timeout=TIME_LIMIT) if match.group()]
        except TimeoutError:
            raise RegexTimeout(
                self,
                f"the regex of rule {self.rule.code} ran longer than {TIME_LIMIT:g} s on one sentence and was stopped",
            ) from None
        self._time_left.spend(self, process_time() - started)
        return found

    @cached_property
    def _own(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    @cached_property
    def _users(self) -> regex.Pattern[str]:
        import regex

        return regex.compile(self.pattern, regex.IGNORECASE)


def compile_regexes(rule: Rule, literals: Mapping[str, Items[str]], time_left: TimeLeft) -> list[RegexRule]:
    """The regexes of a rule; `literals` are those derived before, by pattern."""
    return [RegexRule(rule, pattern, time_left, literals.get(pattern)) for pattern in rule.regex]


Literals: TypeAlias = tuple[str, ...]
_UNKNOWN: Literals = ("",)  # stands in every text
_MOST_LITERALS = 16  # more are not quicker than the pattern


def required_literals(pattern: str) -> Literals:
    """Texts of which every match of the pattern contains one; an empty one where none can be derived."""
    from re import _parser  # type: ignore[attr-defined]  # the standard library's own parse of the pattern

    try:
        return _rarest(_literals(_parser.parse(pattern, re.IGNORECASE)))
    except re.error:
        return _UNKNOWN


def _rarest(found: list[Literals]) -> Literals:
    return max(found, key=_rarity, default=_UNKNOWN)


def _rarity(literals: Literals) -> tuple[int, int]:
    """Roughly how few texts hold one of them: longer is rarer, and so is a sign beyond those of English prose."""
    return min(len(each.strip()) + 3 * (not each.isascii()) for each in literals), -len(literals)


def _literals(parsed: Any) -> list[Literals]:
    """What stands in every match: runs of literal characters, and sets of which one does."""
    found: list[Literals] = []
    run = ""
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL" and _is_same_in_any_case(chr(argument)):
            run += chr(argument).lower()
            continue
        found.append((run,))
        run = ""
        if name == "SUBPATTERN" and not argument[1] and not argument[2]:  # flags of its own could change the case
            found += _literals(argument[3])
        elif name == "MAX_REPEAT" and argument[0] > 0:
            found += _literals(argument[2])
        elif name == "BRANCH":
            found.append(_of_any(_rarest(_literals(branch)) for branch in argument[1]))
        elif name == "IN":
            found.append(_of_any(_of_set_member(*member) for member in argument))
    return [*found, (run,)]


def _of_any(alternatives: Iterable[Literals]) -> Literals:
    literals = tuple(dict.fromkeys(literal for each in alternatives for literal in each))
    return literals if literals and len(literals) <= _MOST_LITERALS and "" not in literals else _UNKNOWN


def _of_set_member(operation: object, argument: Any) -> Literals:
    is_character = str(operation) == "LITERAL" and _is_same_in_any_case(chr(argument))
    return (chr(argument).lower(),) if is_character else _UNKNOWN


def _is_same_in_any_case(character: str) -> bool:
    """Whether lower case is all that folding does to a character: "ß" or "İ" have more forms than two."""
    return character.isascii() or character.lower() == character.upper()
