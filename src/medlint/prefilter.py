"""Tells from the words of sentences which phrases can match in one at all, so that most are never looked at closely.

Rules match whole words, so no automaton is needed: the test is whether words of certain sets stand in the sentence, and
in which order.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from medlint.phrases import parse
from medlint.required import Required, RequiredWords
from medlint.sentences import Grid
from medlint.vocabulary import Vocabulary


class Phrase(NamedTuple):
    """One phrase of one rule, as the prefilter hands it on."""

    code: str  # of the rule
    number: int  # among the rule's phrases


class Requirements(NamedTuple):
    """The required words of many phrases, in a form that can be kept between runs.

    Each distinct set of words has a number. Values are texts, split when they are needed: a page touches few of them.
    """

    always: str  # phrases of which nothing is known, as "code number" joined by ";"
    by_anchor: Mapping[str, str]  # number of a phrase's lightest set -> its phrases, "code number set set …;…"
    sets: Mapping[str, str]  # word -> the sets and word lists that hold it, "set set {list} …"; list -> sets
    by_rule: Mapping[str, str]  # code -> all sets of the rule's phrases


_MOST_SETS = 4  # per phrase; more of them reject little more


def requirements(phrases: Iterable[tuple[Phrase, str]], vocabulary: Vocabulary) -> Requirements:
    """The required words of the phrases, each distinct set under one number."""
    numbers: dict[Required, str] = {}
    required_words = RequiredWords(vocabulary, lists="named")
    always: list[str] = []
    by_anchor: dict[str, list[str]] = {}
    by_rule: dict[str, dict[str, None]] = {}
    for phrase, text in phrases:
        in_order = required_words.in_order(parse(text))
        if not in_order:
            always.append(f"{phrase.code} {phrase.number}")
            continue
        lightest, *others = sorted(in_order, key=required_words.weight)
        chosen = (lightest, *others[: _MOST_SETS - 1])
        sets = [numbers.setdefault(each, str(len(numbers))) for each in in_order if each in chosen]
        by_anchor.setdefault(numbers[lightest], []).append(" ".join((phrase.code, str(phrase.number), *sets)))
        by_rule.setdefault(phrase.code, {}).update(dict.fromkeys(sets))
    members: dict[str, list[str]] = {}
    for required, number in numbers.items():
        for word in required:
            members.setdefault(word, []).append(number)
    for name, words in required_words.named.items():
        for word in words:
            members.setdefault(word, []).append(name)
    return Requirements(
        ";".join(always),
        {anchor: ";".join(each) for anchor, each in by_anchor.items()},
        {word: " ".join(each) for word, each in members.items()},
        {code: " ".join(each) for code, each in by_rule.items()},
    )


_Needed = tuple[Phrase, tuple[str, ...]]  # a phrase and the numbers of its sets, in the order of their words


class Prefilter:
    """Tells from the words of sentences which phrases of the rules with some codes can match in one of them."""

    def __init__(self, required: Requirements, codes: Container[str]) -> None:
        self._required = required
        self._codes = codes
        self._always = [phrase for phrase, _ in self._split(required.always)]
        self._wanted = self._sets_of_rules() if any(code not in codes for code in required.by_rule) else None
        self._sets: dict[str, list[str]] = {}  # of every word met so far
        self._by_anchor: dict[str, list[_Needed]] = {}

    def phrases(self, grid: Grid) -> list[Phrase]:
        """The phrases of whose required sets a sentence of the grid has one word each, in their order."""
        places = self._places(grid)
        hits = dict.fromkeys(self._always)
        for anchor in places.keys() & self._required.by_anchor.keys():
            for phrase, needed in self._phrases(anchor):
                reached = 0
                for number in needed:
                    there = places.get(number, 0)
                    reached = there & grid.later(reached) if reached else there
                    if not reached:
                        break
                else:
                    hits[phrase] = None
        return list(hits)

    def _places(self, grid: Grid) -> dict[str, int]:
        """Where words of each set stand, by its number."""
        found: dict[str, int] = {}
        lists: dict[str, int] = {}
        for word in grid.present:
            there = grid.places_of(word)
            for each in self._sets_of(word):
                to = lists if each[0] == "{" else found
                to[each] = to.get(each, 0) | there
        for name, there in lists.items():
            for each in self._sets_of(name):
                found[each] = found.get(each, 0) | there
        return found

    def _sets_of(self, member: str) -> list[str]:
        """The sets that hold a word or a word list, of those that the rules need."""
        known = self._sets.get(member)
        if known is None:
            sets = self._required.sets.get(member, "").split()
            if self._wanted is not None:
                sets = [each for each in sets if each in self._wanted or each[0] == "{"]
            known = self._sets[member] = sets
        return known

    def _sets_of_rules(self) -> set[str]:
        by_rule = self._required.by_rule.items()
        return {number for code, numbers in by_rule if code in self._codes for number in numbers.split()}

    def _phrases(self, anchor: str) -> list[_Needed]:
        if anchor not in self._by_anchor:
            self._by_anchor[anchor] = self._split(self._required.by_anchor[anchor])
        return self._by_anchor[anchor]

    def _split(self, phrases: str) -> list[_Needed]:
        entries = (entry.split() for entry in phrases.split(";") if entry)
        return [(Phrase(code, int(number)), tuple(sets)) for code, number, *sets in entries if code in self._codes]
