"""Tells from the words of a text which phrases can match in it at all, so that most text is never looked at closely.

The words that every match must contain follow from the phrase itself; they are never typed by hand. Rules match whole
words, so no automaton is needed: the test is a set intersection.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from medlint.matching import NUMBER, word_forms
from medlint.phrases import TOKEN, Choice, Node, Sequence, Slot, Word, parse
from medlint.vocabulary import Vocabulary

Required = frozenset[str]

_COMMON = frozenset(
    [
        "a",
        "about",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "but",
        "by",
        "can",
        "could",
        "day",
        "did",
        "do",
        "does",
        "done",
        "down",
        "each",
        "even",
        "every",
        "few",
        "for",
        "from",
        "get",
        "give",
        "go",
        "good",
        "had",
        "has",
        "have",
        "he",
        "help",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "just",
        "know",
        "less",
        "let",
        "like",
        "long",
        "look",
        "made",
        "make",
        "many",
        "may",
        "me",
        "more",
        "most",
        "much",
        "my",
        "need",
        "never",
        "new",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "once",
        "one",
        "only",
        "or",
        "other",
        "our",
        "out",
        "over",
        "own",
        "part",
        "people",
        "per",
        "same",
        "see",
        "she",
        "should",
        "so",
        "some",
        "still",
        "such",
        "take",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "time",
        "to",
        "today",
        "too",
        "two",
        "up",
        "us",
        "use",
        "used",
        "very",
        "want",
        "was",
        "way",
        "we",
        "week",
        "well",
        "were",
        "what",
        "when",
        "where",
        "which",
        "while",
        "who",
        "why",
        "will",
        "with",
        "within",
        "without",
        "work",
        "would",
        "year",
        "you",
        "your",
        "'s",
        "'ll",
        "'re",
        "'ve",
        "'d",
        "'m",
    ]
)
_COMMON_WEIGHT = 400  # a common word lets through about as many sentences as hundreds of rare ones


class RequiredWords:
    """Derives from phrases the words that every match must contain."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._of_slot: dict[Slot, tuple[Required, ...]] = {}

    def of(self, node: Node) -> tuple[Required, ...]:
        """Sets of words, the lightest first: a match contains a word of each. Empty when nothing is known."""
        match node:
            case Word():
                forms = word_forms(node, self._vocabulary)
                if any(form.startswith("'") for form in forms):
                    return ()  # "'s" leaves nothing to look for
                return (frozenset(form.lower() for form in forms),)
            case Slot(name="#"):
                return (frozenset((NUMBER,)),)
            case Slot(name="*" | "Name"):
                return ()
            case Slot():
                if node not in self._of_slot:
                    self._of_slot[node] = self.of(self._vocabulary.entries(node.name, node.form))
                return self._of_slot[node]
            case Sequence():
                sets = {required for part in node.parts for required in self.of(part)}
                return tuple(sorted(sets, key=_weight))
            case Choice(optional=False):
                # An option's lightest set, joined with the others'; then their second lightest, as far as all have one.
                ranked = [self.of(option) for option in node.options]
                return tuple(frozenset().union(*sets) for sets in zip(*ranked, strict=False))
        return ()


def _weight(required: Required) -> tuple[int, list[str]]:
    return sum(_COMMON_WEIGHT if word in _COMMON else 1 for word in required), sorted(required)[:3]


class Phrase(NamedTuple):
    """One phrase of one rule, as the prefilter hands it on."""

    code: str  # of the rule
    number: int  # among the rule's phrases


class Requirements(NamedTuple):
    """The required words of many phrases, turned round, in a form that can be kept between runs.

    Numbers stand for sets of words. Values are texts, split when they are needed: a page touches few of them.
    """

    always: str  # phrases of which nothing is known, as "code number" joined by ";"
    by_anchor: Mapping[str, str]  # a phrase's lightest set -> phrases as "code number set set …" joined by ";"
    sets_of: Mapping[str, str]  # word as scanned -> the sets it belongs to, "set set …"


_MOST_SETS = 4  # per phrase; more of them reject little more, and so do large ones
_LARGE_SET = 2500


def requirements(phrases: Iterable[tuple[Phrase, str]], vocabulary: Vocabulary) -> Requirements:
    """The required words of the phrases, each distinct set under one number."""
    numbers: dict[Required, int] = {}
    required_words = RequiredWords(vocabulary)
    always: list[str] = []
    by_anchor: dict[str, list[str]] = {}
    for phrase, text in phrases:
        lightest, *others = required_words.of(parse(text)) or (None,)
        if lightest is None:
            always.append(f"{phrase.code} {phrase.number}")
            continue
        sets = [lightest, *(each for each in others if len(each) <= _LARGE_SET)][:_MOST_SETS]
        anchor, *rest = (str(numbers.setdefault(required, len(numbers))) for required in sets)
        by_anchor.setdefault(anchor, []).append(" ".join((phrase.code, str(phrase.number), *rest)))
    sets_of = _sets_of(numbers, vocabulary.spelling)
    return Requirements(";".join(always), {anchor: ";".join(each) for anchor, each in by_anchor.items()}, sets_of)


def _sets_of(numbers: Mapping[Required, int], spelling: Mapping[str, str]) -> dict[str, str]:
    variants: dict[str, list[str]] = {}
    for variant, word in spelling.items():
        variants.setdefault(word, []).append(variant)
    sets_of: dict[str, set[int]] = {}
    for required, number in numbers.items():
        for word in required:
            for spelled in (word, *variants.get(word, ())):
                sets_of.setdefault(spelled.partition("'")[0], set()).add(number)
    return {word: " ".join(map(str, sorted(sets))) for word, sets in sets_of.items()}


class Prefilter:
    """Tells from the words of a text which phrases of the rules with some codes can match in it."""

    def __init__(self, required: Requirements, codes: Container[str]) -> None:
        self._required = required
        self._codes = codes
        self._always = [phrase for phrase, _ in self._split(required.always)]
        self._by_anchor: dict[str, list[tuple[Phrase, frozenset[str]]]] = {}
        self._sets_of: dict[str, frozenset[str]] = {}

    def phrases(self, folded: str) -> list[Phrase]:
        """The phrases all of whose required sets have a word in the folded text."""
        present: set[str] = set()
        for word in self._required.sets_of.keys() & scan_words(folded):
            present |= self._sets(word)
        hits = list(self._always)
        for anchor in self._required.by_anchor.keys() & present:
            hits.extend(phrase for phrase, needed in self._anchored(anchor) if needed <= present)
        return hits

    def _sets(self, word: str) -> frozenset[str]:
        if word not in self._sets_of:
            self._sets_of[word] = frozenset(self._required.sets_of[word].split())
        return self._sets_of[word]

    def _anchored(self, anchor: str) -> list[tuple[Phrase, frozenset[str]]]:
        if anchor not in self._by_anchor:
            self._by_anchor[anchor] = self._split(self._required.by_anchor[anchor])
        return self._by_anchor[anchor]

    def _split(self, phrases: str) -> list[tuple[Phrase, frozenset[str]]]:
        entries = (entry.split() for entry in phrases.split(";") if entry)
        return [(Phrase(code, int(number)), frozenset(sets)) for code, number, *sets in entries if code in self._codes]


_NOT_ONLY_LETTERS = re.compile(r"[^a-z\s.,;:!?()'\"-]")
_LETTERS = str.maketrans(dict.fromkeys(".,;:!?()'\"-", " "))


def scan_words(folded: str) -> list[str]:
    """The words of a folded text for the prefilter, an apostrophe as a border ("don't" is don and t)."""
    if not _NOT_ONLY_LETTERS.search(folded):
        words = folded.translate(_LETTERS).split()
        if "cent" in folded:  # "per cent" and "per-cent" are one token
            words.append("%")
        return words
    words = [word.partition("'")[0] for word in TOKEN.findall(folded)]
    if any(word[:1].isdigit() for word in words):
        words.append(NUMBER)
    return words
