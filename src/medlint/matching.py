"""Finds where rules match: a prefilter over required words, then phrase matchers on the sentences that pass.

Phrases are matched on tokens, not by regular expressions: a word list shared by many rules is looked up once per
sentence position, nothing can backtrack without bound, and the words that every match must contain follow from the
phrase itself. Those words are the prefilter. Because rules match whole words, it is a set intersection per block, and
only phrases all of whose required words occur are ever compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from medlint.phrases import Choice, Comma, Edge, Gap, Node, Sequence, Slot, Word, parse
from medlint.sentences import CLAUSE, COMMA, JOINED, Sentence
from medlint.vocabulary import Vocabulary

Ends = frozenset[int]
_NOWHERE: Ends = frozenset()


class Matcher:
    """Matches a node of the phrase language; `ends` gives every token index at which a match from `at` can end."""

    first: frozenset[str] | None = None  # words a match can start with; None where that cannot be told
    nullable = False  # whether it can match no token at all

    def ends(self, sentence: Sentence, at: int) -> Ends:
        raise NotImplementedError


class _Words(Matcher):
    def __init__(self, words: frozenset[str]) -> None:
        self.plain = frozenset(word for word in words if not word.isupper() or len(word) == 1)
        self.capitals = words - self.plain
        self.first = frozenset(word.lower() for word in words)

    def ends(self, sentence: Sentence, at: int) -> Ends:
        if at >= len(sentence.words):
            return _NOWHERE
        if sentence.words[at] in self.plain or (self.capitals and sentence.capitals[at] in self.capitals):
            return frozenset((at + 1,))
        return _NOWHERE


class _Number(Matcher):
    def ends(self, sentence: Sentence, at: int) -> Ends:
        if at < len(sentence.words) and sentence.words[at][0].isdigit():
            return frozenset((at + 1,))
        return _NOWHERE


class _AnyWord(Matcher):
    def ends(self, sentence: Sentence, at: int) -> Ends:
        return frozenset((at + 1,)) if at < len(sentence.words) else _NOWHERE


class _Name(Matcher):
    def ends(self, sentence: Sentence, at: int) -> Ends:
        if at < len(sentence.words) and sentence.is_capitalised(at):
            return frozenset((at + 1,))
        return _NOWHERE


class _Gap(Matcher):
    nullable = True

    def __init__(self, most: int) -> None:
        self.most = most

    def ends(self, sentence: Sentence, at: int) -> Ends:
        breaks, stop = sentence.breaks, min(len(sentence.words), at + self.most)
        last = at
        while last < stop and breaks[last] < CLAUSE:
            last += 1
        return frozenset(range(at, last + 1))


class _Comma(Matcher):
    nullable = True

    def __init__(self, any_break: bool) -> None:
        self.reach = CLAUSE if any_break else COMMA

    def ends(self, sentence: Sentence, at: int) -> Ends:
        return frozenset((at,))


class _Edge(Matcher):
    """The start or end of the sentence or of a clause after a colon, dash or semicolon."""

    nullable = True

    def __init__(self, at_end: bool) -> None:
        self.at_end = at_end

    def ends(self, sentence: Sentence, at: int) -> Ends:
        outermost = len(sentence.words) if self.at_end else 0
        if at == outermost or (at < len(sentence.words) and sentence.breaks[at] == CLAUSE):
            return frozenset((at,))
        return _NOWHERE


class _Sequence(Matcher):
    def __init__(self, parts: list[Matcher]) -> None:
        self.parts = parts
        self.reach = _reaches(parts)
        self.nullable = all(part.nullable for part in parts)
        self.first = _first_of(parts)

    def ends(self, sentence: Sentence, at: int) -> Ends:
        breaks, count = sentence.breaks, len(sentence.words)
        frontier: Ends = frozenset((at,))
        for part, reach in zip(self.parts, self.reach, strict=True):
            reached: set[int] = set()
            for place in frontier:
                ends = part.ends(sentence, place)
                parted = at < place < count and breaks[place] > reach
                reached |= ends & {place} if parted else ends
            if not reached:
                return _NOWHERE
            frontier = frozenset(reached)
        return frontier


def _reaches(parts: list[Matcher]) -> list[int]:
    """For each part the strongest break it may follow: after a comma or a gap, a comma; at an edge, a clause."""
    reaches, reach = [], JOINED
    for part in parts:
        if isinstance(part, _Edge):
            reaches.append(CLAUSE)
            reach = JOINED if part.at_end else CLAUSE
            continue
        if isinstance(part, _Comma):
            reach = max(reach, part.reach)
        elif isinstance(part, _Gap):
            reach = max(reach, COMMA)
        reaches.append(reach)
        if not part.nullable:
            reach = JOINED
    return reaches


def _first_of(parts: list[Matcher]) -> frozenset[str] | None:
    words: frozenset[str] = frozenset()
    for part in parts:
        if isinstance(part, _Edge):
            continue
        if part.first is None:
            return None
        words |= part.first
        if not part.nullable:
            return words
    return None


class _Choice(Matcher):
    """Alternatives: plain words in a trie, the others filed by the words they can start with."""

    def __init__(self, options: Iterable[Matcher], optional: bool) -> None:
        self.trie: dict[str, dict] = {}  # type: ignore[type-arg]  # recursive; "" marks an entry's end
        self.by_first: dict[str, list[Matcher]] = {}
        self.open: list[Matcher] = []
        self.optional = self.nullable = optional
        for option in options:
            self._add(option)
        self.first = None if self.open else frozenset(word.lower() for word in self.trie) | frozenset(self.by_first)

    def _add(self, option: Matcher) -> None:
        if isinstance(option, _Sequence) and all(isinstance(part, _Words) for part in option.parts):
            self._plant([part.plain | part.capitals for part in option.parts if isinstance(part, _Words)])
        elif option.first is None or option.nullable:
            self.open.append(option)
            self.nullable = self.nullable or option.nullable
        else:
            for word in option.first:
                self.by_first.setdefault(word, []).append(option)

    def _plant(self, steps: list[frozenset[str]]) -> None:
        level = [self.trie]
        for words in steps:
            level = [branch.setdefault(word, {}) for branch in level for word in words]
        for branch in level:
            branch[""] = {}

    def ends(self, sentence: Sentence, at: int) -> Ends:
        found = {at} if self.optional else set()
        if at < len(sentence.words):
            self._walk(sentence, self.trie, at, at, found)
            for option in self.by_first.get(sentence.words[at], ()):
                found |= option.ends(sentence, at)
        for option in self.open:
            found |= option.ends(sentence, at)
        return frozenset(found)

    def _walk(self, sentence: Sentence, branch: dict, at: int, start: int, found: set[int]) -> None:  # type: ignore[type-arg]
        if "" in branch:
            found.add(at)
        if at >= len(sentence.words) or (at > start and sentence.breaks[at] != JOINED):
            return
        for word in (sentence.words[at], sentence.capitals[at]):
            if word and word in branch:
                self._walk(sentence, branch[word], at + 1, start, found)


class _List(Matcher):
    """A word list, remembered per sentence because many rules ask for it."""

    def __init__(self, entries: Matcher) -> None:
        self.entries = entries
        self.first = entries.first
        self.nullable = entries.nullable

    def ends(self, sentence: Sentence, at: int) -> Ends:
        seen = sentence.memo.setdefault(self, {})
        if at not in seen:
            seen[at] = self.entries.ends(sentence, at)
        return seen[at]


class Compiler:
    """Turns phrases into matchers over one vocabulary; word lists are compiled when first used, and once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._lists: dict[Slot, Matcher] = {}

    def phrases(self, phrases: Iterable[str]) -> Matcher:
        """A matcher for any of the phrases."""
        return _Choice([self.compile(parse(phrase)) for phrase in phrases], optional=False)

    def compile(self, node: Node) -> Matcher:
        """The matcher of one node."""
        match node:
            case Word():
                return _Words(word_forms(node, self.vocabulary))
            case Slot(name="#"):
                return _Number()
            case Slot(name="*"):
                return _AnyWord()
            case Slot(name="Name"):
                return _Name()
            case Slot():
                return self._list(node)
            case Gap():
                return _Gap(node.most)
            case Comma():
                return _Comma(node.any_break)
            case Edge():
                return _Edge(node.at_end)
            case Choice():
                return _Choice([self.compile(option) for option in node.options], node.optional)
            case Sequence():
                return _Sequence([self.compile(part) for part in node.parts])

    def _list(self, slot: Slot) -> Matcher:
        if slot not in self._lists:
            self._lists[slot] = _List(self.compile(self.vocabulary.entries(slot.name, slot.form)))
        return self._lists[slot]


def word_forms(word: Word, vocabulary: Vocabulary) -> frozenset[str]:
    """The tokens a word of a phrase matches, in canonical spelling."""
    forms = vocabulary.verb_forms(word.text) if word.inflected else {word.text}
    return frozenset(vocabulary.canonical(form) for form in forms)


def find_all(matcher: Matcher, sentence: Sentence) -> list[tuple[int, int]]:
    """The longest match from each token it can start at, overlapping ones dropped: (first token, token after)."""
    found: list[tuple[int, int]] = []
    reached = 0
    first, words = matcher.first, sentence.words
    for at in range(len(words)):
        if at < reached or (first is not None and words[at] not in first):
            continue
        end = max(matcher.ends(sentence, at), default=at)
        if end > at:
            found.append((at, end))
            reached = end
    return found


def occurs(matcher: Matcher, sentence: Sentence) -> bool:
    """Whether it matches anywhere in the sentence."""
    return bool(find_all(matcher, sentence))


# The prefilter -------------------------------------------------------------------------------------------------------

NUMBER = "#"  # stands for any token of digits among required words
_COMMON = frozenset(
    "a about all also am an and any are as at be because been before but by can could day did do does done down each even "
    "every few for from get give go good had has have he help her here him his how i if in into is it its just know less "
    "let like long look made make many may me more most much my need never new no not now of off on once one only or "
    "other our out over own part people per same see she should so some still such take than that the their them then "
    "there these they this those through time to today too two up us use used very want was way we week well were what "
    "when where which while who why will with within without work would year you your 's 'll 're 've 'd 'm".split()
)
_COMMON_WEIGHT = 400  # a common word lets through about as many sentences as hundreds of rare ones

Required = frozenset[str]


class Requirements:
    """Derives from phrases the words that every match must contain."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._of_slot: dict[Slot, tuple[Required, ...]] = {}

    def of_phrase(self, phrase: str) -> tuple[Required, ...]:
        """Sets of words: a match contains a word of each set. The lightest set comes first; empty when none is known."""
        return self._of(parse(phrase))

    def _of(self, node: Node) -> tuple[Required, ...]:
        match node:
            case Word():
                return (frozenset(form.lower() for form in word_forms(node, self.vocabulary)),)
            case Slot(name="#"):
                return (frozenset((NUMBER,)),)
            case Slot(name="*" | "Name"):
                return ()
            case Slot():
                if node not in self._of_slot:
                    self._of_slot[node] = self._of(self.vocabulary.entries(node.name, node.form))
                return self._of_slot[node]
            case Sequence():
                sets = {required for part in node.parts for required in self._of(part)}
                return tuple(sorted(sets, key=_weight))
            case Choice(optional=False):
                lightest = [self._of(option)[:1] for option in node.options]
                return (frozenset().union(*(sets[0] for sets in lightest)),) if all(lightest) else ()
            case _:
                return ()


def _weight(required: Required) -> tuple[int, list[str]]:
    return sum(_COMMON_WEIGHT if word in _COMMON else 1 for word in required), sorted(required)[:3]


@dataclass(frozen=True)
class Phrase:
    """One phrase of one rule, as the prefilter hands it on."""

    rule: int  # index of the rule in the rulebook
    text: str


class Prefilter:
    """Tells from the words of a text which phrases can match in it at all."""

    def __init__(self, phrases: Iterable[Phrase], vocabulary: Vocabulary) -> None:
        self.always: list[Phrase] = []
        self._bits: dict[Required, int] = {}
        self._by_anchor: dict[int, list[tuple[int, Phrase]]] = {}
        requirements = Requirements(vocabulary)
        for phrase in phrases:
            sets = requirements.of_phrase(phrase.text)
            if not sets:
                self.always.append(phrase)
                continue
            bits = [self._bits.setdefault(required, 1 << len(self._bits)) for required in sets]
            self._by_anchor.setdefault(bits[0], []).append((sum(set(bits)), phrase))
        self.masks = self._word_masks(vocabulary.spelling)
        self._anchors = sum(self._by_anchor)

    def _word_masks(self, spelling: Mapping[str, str]) -> dict[str, int]:
        masks: dict[str, int] = {}
        for required, bit in self._bits.items():
            for word in required:
                masks[word] = masks.get(word, 0) | bit
        variants = {**spelling, **dict.fromkeys(("percent", "per cent", "per-cent"), "%")}
        masks.update({variant: masks[word] | masks.get(variant, 0) for variant, word in variants.items() if word in masks})
        return masks

    def mask(self, words: Iterable[str]) -> int:
        """The required sets that the words touch, as bits; raw spellings are fine."""
        masks, mask = self.masks, 0
        for word in masks.keys() & words:
            mask |= masks[word]
        return mask

    def phrases(self, mask: int) -> list[Phrase]:
        """The phrases all of whose required sets are in the mask."""
        hits = list(self.always)
        anchors = mask & self._anchors
        while anchors:
            anchor = anchors & -anchors
            anchors ^= anchor
            hits.extend(phrase for needed, phrase in self._by_anchor[anchor] if mask & needed == needed)
        return hits
