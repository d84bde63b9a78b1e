"""Tells from the words of a text which phrases can match in it at all, so that most text is never looked at closely.

The words that every match must contain follow from the phrase itself; they are never typed by hand. Rules match whole
words, so no automaton is needed: the test is a set intersection.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medlint.matching import NUMBER, word_forms
from medlint.phrases import TOKEN, Choice, Node, Sequence, Slot, Word, parse
from medlint.vocabulary import Vocabulary

Required = frozenset[str]

_COMMON = frozenset(
    "a about all also am an and any are as at be because been before but by can could day did do does done down each even "
    "every few for from get give go good had has have he help her here him his how i if in into is it its just know less "
    "let like long look made make many may me more most much my need never new no not now of off on once one only or "
    "other our out over own part people per same see she should so some still such take than that the their them then "
    "there these they this those through time to today too two up us use used very want was way we week well were what "
    "when where which while who why will with within without work would year you your 's 'll 're 've 'd 'm".split()
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


@dataclass(frozen=True)
class Phrase:
    """One phrase of one rule, as the prefilter hands it on."""

    rule: int  # index of the rule in the rulebook
    text: str


class Prefilter:
    """The required words of many phrases, turned round: from the words of a text to the phrases."""

    def __init__(self, phrases: Iterable[Phrase], vocabulary: Vocabulary) -> None:
        self._always: list[Phrase] = []
        self._by_anchor: dict[int, list[tuple[int, Phrase]]] = {}
        bits: dict[Required, int] = {}  # each distinct set is one bit
        required_words = RequiredWords(vocabulary)
        for phrase in phrases:
            sets = required_words.of(parse(phrase.text))
            if not sets:
                self._always.append(phrase)
                continue
            phrase_bits = [bits.setdefault(required, 1 << len(bits)) for required in sets]
            self._by_anchor.setdefault(phrase_bits[0], []).append((sum(set(phrase_bits)), phrase))
        self._anchors = sum(self._by_anchor)
        self._masks = _word_masks(bits, vocabulary.spelling)
        self._anchor_words = frozenset(word for word, mask in self._masks.items() if mask & self._anchors)

    def phrases(self, folded: str) -> list[Phrase]:
        """The phrases all of whose required sets have a word in the folded text."""
        words = scan_words(folded)
        hits = list(self._always)
        if self._anchor_words.isdisjoint(words):
            return hits
        masks, mask = self._masks, 0
        for word in masks.keys() & words:
            mask |= masks[word]
        anchors = mask & self._anchors
        while anchors:
            anchor = anchors & -anchors
            anchors ^= anchor
            hits.extend(phrase for needed, phrase in self._by_anchor[anchor] if mask & needed == needed)
        return hits


_NOT_ONLY_LETTERS = re.compile(r"[^a-z\s.,;:!?()'\"-]")
_LETTERS = str.maketrans(dict.fromkeys(".,;:!?()'\"-", " "))


def scan_words(folded: str) -> list[str]:
    """The words of a folded text for the prefilter, an apostrophe as a border ("don't" is don and t)."""
    if not _NOT_ONLY_LETTERS.search(folded):
        return folded.translate(_LETTERS).split()
    words = [word.partition("'")[0] for word in TOKEN.findall(folded)]
    if any(word[:1].isdigit() for word in words):
        words.append(NUMBER)
    return words


def _word_masks(bits: Mapping[Required, int], spelling: Mapping[str, str]) -> dict[str, int]:
    masks: dict[str, int] = {}
    for required, bit in bits.items():
        for word in required:
            masks[word] = masks.get(word, 0) | bit
    for variant, word in spelling.items():
        if word in masks:
            masks[variant] = masks[word] | masks.get(variant, 0)
    scanned: dict[str, int] = {}
    for word, mask in masks.items():
        stem = word.partition("'")[0]
        scanned[stem] = scanned.get(stem, 0) | mask
    return scanned
