"""Tells from the words of a text which phrases can match in it at all, so that most text is never looked at closely.

The words that every match must contain follow from the phrase itself; they are never typed by hand. Rules match whole
words, so no automaton is needed: the test is a set intersection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medlint.matching import NUMBER, word_forms
from medlint.phrases import Choice, Node, Sequence, Slot, Word, parse
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
                return (frozenset(form.lower() for form in word_forms(node, self._vocabulary)),)
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

    def mask(self, words: Iterable[str]) -> int:
        """The required sets that the words touch, as bits; words may be in any spelling."""
        masks, mask = self._masks, 0
        for word in masks.keys() & words:
            mask |= masks[word]
        return mask

    def phrases(self, mask: int) -> list[Phrase]:
        """The phrases all of whose required sets are in the mask."""
        hits = list(self._always)
        anchors = mask & self._anchors
        while anchors:
            anchor = anchors & -anchors
            anchors ^= anchor
            hits.extend(phrase for needed, phrase in self._by_anchor[anchor] if mask & needed == needed)
        return hits


def _word_masks(bits: Mapping[Required, int], spelling: Mapping[str, str]) -> dict[str, int]:
    masks: dict[str, int] = {}
    for required, bit in bits.items():
        for word in required:
            masks[word] = masks.get(word, 0) | bit
    variants = {**spelling, **dict.fromkeys(("percent", "per cent", "per-cent"), "%")}
    masks.update({variant: masks[word] | masks.get(variant, 0) for variant, word in variants.items() if word in masks})
    return masks
