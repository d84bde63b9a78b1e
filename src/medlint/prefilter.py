"""Tells from the words of sentences which phrases can match in one at all, so that most are never looked at closely.

Rules match whole words, so no automaton is needed: the test is whether sets of words have one in common.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from collections.abc import Sequence as Items
from typing import NamedTuple

from medlint.phrases import parse
from medlint.required import Required, RequiredWords
from medlint.vocabulary import Vocabulary


class Phrase(NamedTuple):
    """One phrase of one rule, as the prefilter hands it on."""

    code: str  # of the rule
    number: int  # among the rule's phrases


class Requirements(NamedTuple):
    """The required words of many phrases, in a form that can be kept between runs.

    Each distinct set of words has a number, its place in `sets`. Values are texts, split when they are needed: a page
    touches few of them.
    """

    always: str  # phrases of which nothing is known, as "code number" joined by ";"
    by_anchor: Mapping[str, str]  # number of a phrase's lightest set -> its phrases, "code number set set …;…"
    anchors: Mapping[str, str]  # word -> the lightest sets it belongs to, "set set …"
    sets: Items[str]  # "word word …"


_MOST_SETS = 4  # per phrase; more of them reject little more, and so do large ones
_LARGE_SET = 2500


def requirements(phrases: Iterable[tuple[Phrase, str]], vocabulary: Vocabulary) -> Requirements:
    """The required words of the phrases, each distinct set under one number."""
    numbers: dict[Required, int] = {}
    required_words = RequiredWords(vocabulary)
    always: list[str] = []
    by_anchor: dict[str, list[str]] = {}
    anchors: dict[str, list[str]] = {}
    for phrase, text in phrases:
        lightest, *others = required_words.of(parse(text)) or (None,)
        if lightest is None:
            always.append(f"{phrase.code} {phrase.number}")
            continue
        sets = [lightest, *(each for each in others if len(each) <= _LARGE_SET)][:_MOST_SETS]
        anchor, *rest = (str(numbers.setdefault(required, len(numbers))) for required in sets)
        if anchor not in by_anchor:
            for word in lightest:
                anchors.setdefault(word, []).append(anchor)
        by_anchor.setdefault(anchor, []).append(" ".join((phrase.code, str(phrase.number), *rest)))
    return Requirements(
        ";".join(always),
        {anchor: ";".join(each) for anchor, each in by_anchor.items()},
        {word: " ".join(each) for word, each in anchors.items()},
        [" ".join(sorted(required)) for required in numbers],
    )


_Needed = tuple[Phrase, tuple[str, ...]]  # a phrase and the numbers of the sets beside its lightest


class Prefilter:
    """Tells from the words of sentences which phrases of the rules with some codes can match in one of them."""

    def __init__(self, required: Requirements, codes: Container[str]) -> None:
        self._required = required
        self._codes = codes
        self._always = [phrase for phrase, _ in self._split(required.always)]
        self._by_word: dict[str, list[str]] = {}  # the lightest sets of every word met so far: most have none
        self._by_anchor: dict[str, list[_Needed]] = {}
        self._sets = _Sets(required.sets)

    def phrases(self, sentences_with: Mapping[str, int]) -> list[Phrase]:
        """The phrases of whose required sets a sentence has one word each.

        `sentences_with` tells for each word which sentences have it, as the bits of a number.
        """
        anchored: dict[str, int] = {}  # lightest set -> the sentences with one of its words
        for word, sentences in sentences_with.items():
            for anchor in self._anchors(word):
                anchored[anchor] = anchored.get(anchor, 0) | sentences
        present = frozenset(sentences_with)
        known: dict[str, int] = {}
        hits = dict.fromkeys(self._always)
        for anchor, sentences in anchored.items():
            for phrase, needed in self._phrases(anchor):
                left = sentences
                for number in needed:
                    having = known.get(number)
                    if having is None:
                        having = known[number] = _any_of(present.intersection(self._sets[number]), sentences_with)
                    left &= having
                    if not left:
                        break
                else:
                    hits[phrase] = None
        return list(hits)

    def _anchors(self, word: str) -> list[str]:
        """The lightest sets that hold the word, of those with phrases."""
        known = self._by_word.get(word)
        if known is None:
            anchors = self._required.anchors.get(word, "").split()
            known = self._by_word[word] = [anchor for anchor in anchors if self._phrases(anchor)]
        return known

    def _phrases(self, anchor: str) -> list[_Needed]:
        if anchor not in self._by_anchor:
            self._by_anchor[anchor] = self._split(self._required.by_anchor[anchor])
        return self._by_anchor[anchor]

    def _split(self, phrases: str) -> list[_Needed]:
        entries = (entry.split() for entry in phrases.split(";") if entry)
        return [(Phrase(code, int(number)), tuple(sets)) for code, number, *sets in entries if code in self._codes]


def _any_of(words: Iterable[str], sentences_with: Mapping[str, int]) -> int:
    """The sentences that have one of the words."""
    found = 0
    for word in words:
        found |= sentences_with[word]
    return found


class _Sets(dict[str, tuple[str, ...]]):
    """The sets of words by number, each split when it is first asked for."""

    def __init__(self, texts: Items[str]) -> None:
        super().__init__()
        self._texts = texts

    def __missing__(self, number: str) -> tuple[str, ...]:
        # Tuples are as quick here as sets and much smaller.
        words = self[number] = tuple(self._texts[int(number)].split())
        return words
