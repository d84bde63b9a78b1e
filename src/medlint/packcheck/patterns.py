"""Whether the regexes of a pack stay quick on text made to slow them down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _parser  # type: ignore[attr-defined]  # the standard library's own parse of the pattern
from typing import Any

from medlint.packcheck.problem import Pack, Problem
from medlint.regexes import TIME_LIMIT

_LENGTH = 1000  # at this length nested repetition runs for hours and a plain search for milliseconds
_STOP = "\0"  # what nothing goes on with, so that every way to match is tried
_MANY = 10  # a repetition up to so many times cannot explode
_CHARACTERS = "a1 -.,'\"éA_#★"


def pattern_problems(pack: Pack) -> Iterator[Problem]:
    """Regexes that run over the time limit on a sentence of a thousand characters."""
    for rule in pack.rules:
        for number, pattern in enumerate(rule.regex):
            if fault := _fault(pattern):
                yield pack.problem(rule, "regex", number, f"regex '{pattern}' {fault}")


def _fault(pattern: str) -> str:
    import regex

    compiled = regex.compile(pattern, regex.IGNORECASE)
    for attack in dict.fromkeys(_attacks(_parser.parse(pattern, re.IGNORECASE), "")):
        try:
            list(compiled.finditer(attack, timeout=TIME_LIMIT))
        except TimeoutError:
            shown = f"{attack[:20]!r} and so on"
            return f"is slow: over {TIME_LIMIT:g} s on {shown}; rewrite it without a repetition inside a repetition"
    return ""


def _attacks(parsed: Any, before: str) -> Iterator[str]:
    """For each repetition in a pattern, a text that repeats what it takes and then stops short."""
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            _, most, body = argument
            if most > _MANY:
                texts = list(dict.fromkeys(_texts(body)))
                for text in (*texts, "".join(texts)):
                    yield before + (text or "a") * (_LENGTH // max(len(text), 1)) + _STOP
        looked_at = [argument[1]] if name in ("ASSERT", "ASSERT_NOT") else []
        for inner in (*_inside(name, argument), *looked_at):
            yield from _attacks(inner, before)
        before += next(_texts([(operation, argument)]))


def _inside(name: str, argument: Any) -> list[Any]:
    """The patterns within one operation."""
    match name:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [argument[2]]
        case "SUBPATTERN":
            return [argument[3]]
        case "BRANCH":
            return list(argument[1])
        case "ATOMIC_GROUP":
            return [argument]
    return []


def _texts(parsed: Any) -> Iterator[str]:
    """Short texts that a pattern takes, one for each alternative; look-arounds and back references are left out."""
    forms = [list(_texts_of(str(operation), argument)) or [""] for operation, argument in parsed]
    shortest = [each[0] for each in forms]
    yield "".join(shortest)
    for place, others in enumerate(forms):
        for other in others[1:]:
            yield "".join([*shortest[:place], other, *shortest[place + 1 :]])


def _texts_of(name: str, argument: Any) -> Iterator[str]:
    match name:
        case "LITERAL":
            yield chr(argument)
        case "NOT_LITERAL":
            yield next(each for each in _CHARACTERS if ord(each) != argument)
        case "ANY":
            yield "a"
        case "IN":
            yield next((each for each in _CHARACTERS if _takes(argument, each)), _first_of(argument))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _, body = argument
            yield from (text * max(least, 1) if least <= _MANY else text for text in _texts(body))
        case _:
            for inner in _inside(name, argument):
                yield from _texts(inner)


def _takes(items: Any, character: str) -> bool:
    negated = str(items[0][0]) == "NEGATE"
    return negated != any(_is_in(str(kind), value, character) for kind, value in items[negated:])


def _is_in(kind: str, value: Any, character: str) -> bool:
    match kind:
        case "LITERAL":
            return bool(ord(character) == value)
        case "RANGE":
            return bool(value[0] <= ord(character) <= value[1])
    return bool(_CATEGORIES[str(value)].match(character))


_CATEGORIES = {
    "CATEGORY_DIGIT": re.compile(r"\d"),
    "CATEGORY_NOT_DIGIT": re.compile(r"\D"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}


def _first_of(items: Any) -> str:
    """The first character that a class names."""
    return next((chr(value if str(kind) == "LITERAL" else value[0]) for kind, value in items
                 if str(kind) in ("LITERAL", "RANGE")), "")  # fmt: skip
