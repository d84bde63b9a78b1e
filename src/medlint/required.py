"""Derives from phrases the words that every match must contain; they are never typed by hand.

What is looked up by such a word is looked at only where the word stands: phrases of rules, entries of word lists.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal, NamedTuple

from medlint.phrases import NUMBER, Choice, Node, Sequence, Slot, Word
from medlint.vocabulary import Vocabulary

Required = frozenset[str]


class Filed(NamedTuple):
    """The indexes of alternatives by the words of which a match contains one, in a form that can be kept between runs.

    Indexes stand in a text, split when it is needed: a page touches few of them.
    """

    by_word: Mapping[str, str]  # word -> "index index …"
    open: str  # those without such words


class RequiredWords:
    """Derives from phrases sets of words, in the spelling of tokens, of which every match contains one each."""

    def __init__(self, vocabulary: Vocabulary, *, lists: Literal["read", "named", "unknown"] = "read") -> None:
        """What is derived from a word list: the words of its entries, its name alone, or, quickest, nothing."""
        self._vocabulary = vocabulary
        self._lists = lists
        self._of_lists = RequiredWords(vocabulary) if lists == "named" else self
        self.named: dict[str, Required] = {}  # the word lists that were met, with the words of their entries
        self._of_slot: dict[Slot, tuple[Required, ...]] = {}
        self._of_word: dict[Word, tuple[Required, ...]] = {}
        self._weights: dict[Required, tuple[int, list[str]]] = {}

    @cached_property
    def _uses(self) -> Mapping[str, int]:
        return self._vocabulary.uses() if self._lists != "unknown" else {}

    def of(self, node: Node) -> tuple[Required, ...]:
        """The sets of a node, the lightest first; empty when nothing is known."""
        match node:
            case Word():
                if node not in self._of_word:
                    forms = word_forms(node, self._vocabulary)
                    self._of_word[node] = (frozenset(form.lower() for form in forms),)
                return self._of_word[node]
            case Slot(name="#"):
                return (frozenset((NUMBER,)),)
            case Slot(name="*" | "Name"):
                return ()
            case Slot():
                if node not in self._of_slot:
                    self._of_slot[node] = self._of_list(node)
                return self._of_slot[node]
            case Sequence(parts=(part,)):
                return self.of(part)
            case Sequence():
                sets = {required for part in node.parts for required in self.of(part)}
                return tuple(sorted(sets, key=self.weight))
            case Choice(optional=False):
                # An option's lightest set, joined with the others'; then their second lightest, as far as all have one.
                ranked = [self.of(option) for option in node.options]
                return tuple(frozenset().union(*sets) for sets in zip(*ranked, strict=False))
        return ()

    def _of_list(self, slot: Slot) -> tuple[Required, ...]:
        match self._lists:
            case "unknown":
                return ()
            case "read":
                return self.of(self._vocabulary.entries(slot.name, slot.form))
        lightest, *_ = self._of_lists.of(slot) or (frozenset(),)
        if not lightest:
            return ()
        self.named[list_name(slot)] = lightest
        return (frozenset((list_name(slot),)),)

    def in_order(self, phrase: Sequence) -> list[Required]:
        """The lightest set of each part of the phrase, in the order in which a match has their words."""
        return [sets[0] for part in phrase.parts if (sets := self.of(part))]

    def filed(self, options: Iterable[Node]) -> Filed:
        """The options by the words of their lightest sets."""
        by_word: dict[str, list[str]] = {}
        unfiled: list[str] = []
        for index, option in enumerate(options):
            lightest, *_ = self.of(option) or (None,)
            if lightest is None:
                unfiled.append(str(index))
                continue
            for word in lightest:
                by_word.setdefault(word, []).append(str(index))
        return Filed({word: " ".join(indexes) for word, indexes in by_word.items()}, " ".join(unfiled))

    def filed_list(self, slot: Slot) -> Filed:
        """The entries of a word list, filed."""
        return self.filed(self._vocabulary.entries(slot.name, slot.form).options)

    def weight(self, required: Required) -> tuple[int, list[str]]:
        """How many sentences a set lets through, roughly: word lists on health tell how common a word is there."""
        if required not in self._weights:
            self._weights[required] = self._weighed(required)
        return self._weights[required]

    def _weighed(self, required: Required) -> tuple[int, list[str]]:
        return sum(map(self._weight_of, required)), sorted(required)[:3]

    def _weight_of(self, word: str) -> int:
        if word in self.named:
            return self._of_lists.weight(self.named[word])[0]
        return _COMMON_WEIGHT if word in _COMMON else 1 + self._uses.get(word, 0)


def list_name(slot: Slot) -> str:
    """How a word list stands among words."""
    return f"{{{slot.name}.{slot.form}}}" if slot.form else f"{{{slot.name}}}"


def word_forms(word: Word, vocabulary: Vocabulary) -> frozenset[str]:
    """The tokens a word of a phrase matches, in canonical spelling."""
    forms = vocabulary.verb_forms(word.text) if word.inflected else {word.text}
    return frozenset(vocabulary.canonical(form) for form in forms)


_COMMON_WEIGHT = 400  # a common word lets through about as many sentences as hundreds of rare ones
_COMMON_WORDS = """
    a about all also am an and any are as at be because been before but by can could day did do does done down
    each even every few for from get give go good had has have he help her here him his how i if in into is it
    its just know less let like long look made make many may me more most much my need never new no not now of
    off on once one only or other our out over own part people per same see she should so some still such take
    than that the their them then there these they this those through time to today too two up us use used very
    want was way we week well were what when where which while who why will with within without work would year
    you your 's 'll 're 've 'd 'm
"""
_COMMON = frozenset(_COMMON_WORDS.split())
