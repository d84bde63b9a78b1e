"""Regexes of rules, the way out where phrases cannot say it: their derived literals, and a time limit."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from medlint.rule import Rule
from medlint.sentences import Tokens

if TYPE_CHECKING:
    import regex

TIME_LIMIT = 1.0  # seconds for one pattern on one sentence; an honest one needs microseconds


class RegexTimeout(Exception):
    """A rule's regex that ran over its time limit."""

    def __init__(self, rule: Rule, pattern: str) -> None:
        super().__init__(
            f"the regex of rule {rule.code} ran longer than {TIME_LIMIT:g} s on one sentence and was stopped: "
            f"{pattern} "
            f"({rule.path}:{rule.line}); rewrite it without nested repetition"
        )


class RegexRule:
    """One regex of one rule, compiled when a text first holds its literal."""

    def __init__(self, rule: Rule, pattern: str) -> None:
        self.rule = rule
        self.pattern = pattern
        self.literal = required_literal(pattern)

    def could_match(self, folded: str) -> bool:
        """Whether the folded text holds the literal that every match must contain."""
        return self.literal in folded

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
        try:
            return [match.span() for match in self._users.finditer(text, timeout=TIME_LIMIT) if match.group()]
        except TimeoutError:
            raise RegexTimeout(self.rule, self.pattern) from None

    @cached_property
    def _own(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    @cached_property
    def _users(self) -> regex.Pattern[str]:
        import regex

        return regex.compile(self.pattern, regex.IGNORECASE)


def compile_regexes(rule: Rule) -> list[RegexRule]:
    """The regexes of a rule."""
    return [RegexRule(rule, pattern) for pattern in rule.regex]


def required_literal(pattern: str) -> str:
    """The longest text that every match of the pattern contains, "" where none can be derived."""
    from re import _parser  # type: ignore[attr-defined]  # the standard library's own parse of the pattern

    try:
        return max(_literals(_parser.parse(pattern, re.IGNORECASE)), key=len, default="")
    except re.error:
        return ""


def _literals(parsed: Any) -> list[str]:
    """Runs of literal characters that stand in every match."""
    runs = [""]
    for operation, argument in parsed:
        name = str(operation)
        if name == "LITERAL" and chr(argument).isascii():
            runs[-1] += chr(argument).lower()
            continue
        if name == "SUBPATTERN" and argument[0] is not None and not argument[1] and not argument[2]:
            runs.extend(["", *_literals(argument[3])])
        elif name == "MAX_REPEAT" and argument[0] > 0:
            runs.extend(["", *_literals(argument[2])])
        runs.append("")
    return runs
