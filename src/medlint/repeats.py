"""Tells which matches say again what the page said before: a drug is offered for one use in many places."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, TypeAlias

from medlint.assertion import Cues
from medlint.context import Ground, Match, Verdict
from medlint.phrases import parse, slots
from medlint.rule import Rule

Judged: TypeAlias = tuple[Match, Verdict]
# The rule ("" where the drugs are known), families of drugs, words for a use.
_Claim: TypeAlias = tuple[str, frozenset[str], tuple[str, ...]]


class Repeat(NamedTuple):
    """A match that is not reported, and the one before it that is."""

    match: Match
    ground: Ground


def later_claims(judged: Iterable[Judged], cues: Cues) -> list[Repeat]:
    """Of matches whose rules report each drug and use once per page, those that name no new one."""
    first: dict[_Claim, Match] = {}
    repeats: list[Repeat] = []
    for match, _ in sorted(judged, key=_weight):
        claims = _claims(match, cues)
        if claims <= first.keys():
            same = min((first[claim] for claim in claims), key=_place)
            repeats.append(Repeat(match, Ground("same claim", same.sentence.block_text, *same.span)))
        for claim in claims:
            first.setdefault(claim, match)
    return repeats


def _place(match: Match) -> tuple[int, int]:
    return match.place


def _weight(judged: Judged) -> tuple[bool, bool, tuple[int, int]]:
    """What is not softened comes first, then what the page says itself and not in its chrome, then what is earlier."""
    match, verdict = judged
    return verdict.softened is not None, match.in_chrome, match.place


def _claims(match: Match, cues: Cues) -> set[_Claim]:
    """Each use that a match names for the drugs it names; all its words when it names none."""
    families: set[str] = set()
    uses: set[tuple[str, ...]] = set()
    words = match.sentence.tokens.words
    for name in _lists(match.rule):
        for first, after in cues.find(name, match.sentence):
            if first < match.after and match.first < after:
                if name.endswith(_DRUG):
                    families.add(name)
                else:
                    uses.add(tuple(words[first:after]))
    if not (families and uses):
        return {(match.rule.code, frozenset(), tuple(words[match.first : match.after]))}
    return {("", frozenset(families), use) for use in uses}


@cache
def _lists_of(phrases: tuple[str, ...]) -> tuple[str, ...]:
    named = (slot.name for phrase in phrases for slot in slots(parse(phrase)))
    return tuple(sorted({name for name in named if name.endswith((_DRUG, _USE))}))


def _lists(rule: Rule) -> tuple[str, ...]:
    """The word lists of drugs and of uses that a rule's phrases are made of."""
    return _lists_of(tuple(rule.match))


_DRUG, _USE = "-name", "-use"  # what such lists are called in `rules/vocab/off-label.yml`
