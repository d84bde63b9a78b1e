"""Matches phrases on the tokens of a tokens.

Phrases are not regular expressions: a word list shared by many rules is looked up once per sentence position, and
nothing can backtrack without bound. Every choice is filed by the words it can start with, so a list of a thousand
entries costs one dictionary look-up, and an entry is compiled when a text first holds its first word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Sequence as Items
from functools import partial
from typing import NamedTuple, TypeAlias

from medlint.phrases import Choice, Comma, Edge, Gap, Node, Sequence, Slot, Word, parse
from medlint.sentences import CLAUSE, COMMA, JOINED, Tokens
from medlint.vocabulary import Vocabulary

NUMBER = "#"  # stands for any token of digits among first and required words
Ends: TypeAlias = tuple[int, ...]  # token indexes, each once
_NOWHERE: Ends = ()


class Matcher:
    """Matches one node of the phrase language; `ends` gives every token index at which a match from `at` can end."""

    nullable = False  # whether it can match no token at all

    def ends(self, tokens: Tokens, at: int) -> Ends:
        raise NotImplementedError


class _Word(Matcher):
    def __init__(self, words: frozenset[str]) -> None:
        self.capitals = frozenset(word for word in words if len(word) > 1 and word.isupper())
        self.plain = words - self.capitals

    def ends(self, tokens: Tokens, at: int) -> Ends:
        words = tokens.words
        if at < len(words) and (words[at] in self.plain or (self.capitals and tokens.capitals[at] in self.capitals)):
            return (at + 1,)
        return _NOWHERE


class _Number(Matcher):
    def ends(self, tokens: Tokens, at: int) -> Ends:
        return (at + 1,) if at < len(tokens.words) and tokens.words[at][0].isdigit() else _NOWHERE


class _AnyWord(Matcher):
    def ends(self, tokens: Tokens, at: int) -> Ends:
        return (at + 1,) if at < len(tokens.words) else _NOWHERE


class _Name(Matcher):
    def ends(self, tokens: Tokens, at: int) -> Ends:
        return (at + 1,) if at < len(tokens.words) and tokens.is_capitalised(at) else _NOWHERE


class _Gap(Matcher):
    nullable = True

    def __init__(self, most: int) -> None:
        self.most = most

    def ends(self, tokens: Tokens, at: int) -> Ends:
        breaks, stop = tokens.breaks, min(len(tokens.words), at + self.most)
        last = at
        while last < stop and (last == at or breaks[last] < CLAUSE) and not _opens_clause(tokens, last):
            last += 1
        return tuple(range(at, last + 1))


def _opens_clause(tokens: Tokens, at: int) -> bool:
    """Whether what stands from here on is another statement ("no cure for gout but it …", "…, it …")."""
    word = tokens.words[at]
    return word in _CONTRASTS or (word == "it" and tokens.breaks[at] == COMMA)


_CONTRASTS = frozenset(("but", "however", "whereas"))


class _Comma(Matcher):
    nullable = True

    def ends(self, tokens: Tokens, at: int) -> Ends:
        return (at,)


class _Edge(Matcher):
    """The start or end of the sentence or of a clause after a colon, dash or semicolon."""

    nullable = True

    def __init__(self, at_end: bool) -> None:
        self.at_end = at_end

    def ends(self, tokens: Tokens, at: int) -> Ends:
        outermost = len(tokens.words) if self.at_end else 0
        if at == outermost or (at < len(tokens.words) and tokens.breaks[at] == CLAUSE):
            return (at,)
        return _NOWHERE


class _Sequence(Matcher):
    """One part after the other; a part is compiled when a match first gets that far."""

    def __init__(self, nodes: Items[Node], compiler: Compiler) -> None:
        self.nullable = all(map(is_nullable, nodes))
        self._nodes = nodes
        self._compiler = compiler
        self._parts: list[Matcher] = []
        self._reaches = _reaches(nodes)

    def ends(self, tokens: Tokens, at: int) -> Ends:
        frontier: Ends = (at,)
        for number, reach in enumerate(self._reaches):
            part = self._part(number)
            reached: Ends = _NOWHERE
            for place in frontier:
                ends = part.ends(tokens, place)
                if not ends:
                    continue
                if at < place < len(tokens.words) and tokens.breaks[place] > reach:
                    ends = (place,) if place in ends else _NOWHERE  # only matching nothing crosses the break
                reached = merged(reached, ends) if reached else ends
            if not reached:
                return _NOWHERE
            frontier = reached
        return frontier

    def _part(self, number: int) -> Matcher:
        if number == len(self._parts):
            self._parts.append(self._compiler.compile(self._nodes[number]))
        return self._parts[number]


class _Words(Matcher):
    """Plain words one after the other, as most entries of word lists are."""

    def __init__(self, words: Items[_Word]) -> None:
        self._words = words

    def ends(self, tokens: Tokens, at: int) -> Ends:
        after = at
        for word in self._words:
            if not word.ends(tokens, after) or (after > at and tokens.breaks[after] > JOINED):
                return _NOWHERE
            after += 1
        return (after,)


def _reaches(nodes: Iterable[Node]) -> list[int]:
    """For each part the strongest break it may follow: after a comma or a gap, a comma; at an edge, a clause."""
    reaches, reach = [], JOINED
    for node in nodes:
        match node:
            case Edge():
                reaches.append(CLAUSE)
                reach = JOINED if node.at_end else CLAUSE
                continue
            case Comma():
                reach = max(reach, CLAUSE if node.any_break else COMMA)
            case Gap():
                reach = max(reach, COMMA)
        reaches.append(reach)
        if not is_nullable(node):
            reach = JOINED
    return reaches


def merged(one: Ends, other: Ends) -> Ends:
    """Both, each index once."""
    if not one or not other:
        return one or other
    return (*one, *(end for end in other if end not in one))


class _Choice(Matcher):
    """Alternatives, filed by the words they can start with and compiled when one of those occurs."""

    def __init__(
        self,
        option: Callable[[int], Node],
        filed: Filed,
        compiler: Compiler,
        *,
        optional: bool = False,
        nullable: bool = False,
    ) -> None:
        self._node = option  # by its index, parsed when it is needed
        self._by_first, self._open = filed
        self._compiler = compiler
        self._compiled: dict[int, Matcher] = {}
        self._optional = optional
        self.nullable = nullable

    def ends(self, tokens: Tokens, at: int) -> Ends:
        found: Ends = (at,) if self._optional else _NOWHERE
        candidates: Iterable[int] = self._open
        if at < len(tokens.words):
            word = tokens.words[at]
            filed = self._by_first.get(word, _NOWHERE)
            if word[0].isdigit():
                filed = (*filed, *self._by_first.get(NUMBER, _NOWHERE))
            candidates = (*filed, *candidates) if filed else candidates
        compiled = self._compiled
        for index in candidates:
            matcher = compiled.get(index)
            if matcher is None:
                matcher = compiled[index] = self._compiler.compile(self._node(index))
            if ends := matcher.ends(tokens, at):
                found = merged(found, ends) if found else ends
        return found


class _Few(Matcher):
    """A few alternatives, tried one after the other."""

    def __init__(self, options: list[Matcher], *, optional: bool) -> None:
        self._options = options
        self._optional = optional
        self.nullable = optional or any(option.nullable for option in options)

    def ends(self, tokens: Tokens, at: int) -> Ends:
        found: Ends = (at,) if self._optional else _NOWHERE
        for option in self._options:
            if ends := option.ends(tokens, at):
                found = merged(found, ends) if found else ends
        return found


class _List(Matcher):
    """A word list, its answers remembered per sentence because many rules ask."""

    def __init__(self, entries: Matcher) -> None:
        self.entries = entries

    def ends(self, tokens: Tokens, at: int) -> Ends:
        seen = tokens.memo.get(self)
        if seen is None:
            seen = tokens.memo[self] = {}
        ends = seen.get(at)
        if ends is None:
            ends = seen[at] = self.entries.ends(tokens, at)
        return ends


class Phrases(Matcher):
    """Any of several phrases: what rules and cue lists are matched with."""

    def __init__(self, phrases: Items[str], filed: Filed, compiler: Compiler) -> None:
        by_first, unfiled = filed
        self._choice = _Choice(lambda index: parse(phrases[index]), filed, compiler)
        self._starts = None if unfiled else by_first.keys()
        self._number_starts = NUMBER in by_first

    def ends(self, tokens: Tokens, at: int) -> Ends:
        return self._choice.ends(tokens, at)

    def find_all(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The longest match from each token it can start at, overlapping ones dropped: (first token, token after)."""
        found: list[tuple[int, int]] = []
        reached = 0
        starts = self._starts
        for at, word in enumerate(tokens.words):
            if at < reached:
                continue
            if starts is not None and word not in starts and not (self._number_starts and word[0].isdigit()):
                continue
            ends = self._choice.ends(tokens, at)
            if ends and (end := max(ends)) > at:
                found.append((at, end))
                reached = end
        return found

    def found(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The same, remembered with the sentence: for phrases that are asked for more than once."""
        if self not in tokens.memo:
            tokens.memo[self] = {first: (after,) for first, after in self.find_all(tokens)}
        return [(first, after) for first, (after,) in tokens.memo[self].items()]

    def occurs(self, tokens: Tokens) -> bool:
        """Whether it matches anywhere in the sentence."""
        return bool(self.found(tokens))


class Compiler:
    """Turns phrases into matchers over one vocabulary; word lists are compiled when first used, and once."""

    def __init__(self, vocabulary: Vocabulary, filed_lists: Mapping[Slot, Filed] | None = None) -> None:
        self.vocabulary = vocabulary
        self.firsts = FirstWords(vocabulary, filed_lists)
        self._lists: dict[Slot, Matcher] = {}

    def phrases(self, phrases: Items[str], filed: Filed | None = None) -> Phrases:
        """A matcher for any of the phrases; `filed` when they were filed before."""
        return Phrases(phrases, filed or self.firsts.filed([parse(phrase) for phrase in phrases]), self)

    def compile(self, node: Node) -> Matcher:
        """The matcher of one node."""
        match node:
            case Word():
                return _Word(word_forms(node, self.vocabulary))
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
                return _Comma()
            case Edge():
                return _Edge(node.at_end)
            case Choice():
                return self._choice(node)
            case Sequence(parts=(part,)):
                return self.compile(part)
            case Sequence(parts=parts) if all(isinstance(part, Word) for part in parts):
                return _Words([_Word(word_forms(part, self.vocabulary)) for part in parts if isinstance(part, Word)])
            case Sequence():
                return _Sequence(node.parts, self)

    def _choice(self, choice: Choice) -> Matcher:
        words = [word for option in choice.options if (word := one_word(option))]
        others = [option for option in choice.options if not one_word(option)]
        if len(others) > _FEW:
            filed = self.firsts.filed(choice.options)
            return _Choice(
                choice.options.__getitem__, filed, self, optional=choice.optional, nullable=is_nullable(choice)
            )
        matchers = [self.compile(option) for option in others]
        if words:
            matchers.append(_Word(frozenset[str]().union(*(word_forms(word, self.vocabulary) for word in words))))
        return matchers[0] if len(matchers) == 1 and not choice.optional else _Few(matchers, optional=choice.optional)

    def _list(self, slot: Slot) -> Matcher:
        if slot not in self._lists:
            entry = partial(self.vocabulary.entry, slot.name, form=slot.form)
            self._lists[slot] = _List(_Choice(entry, self.firsts.filed_list(slot), self))
        return self._lists[slot]


def word_forms(word: Word, vocabulary: Vocabulary) -> frozenset[str]:
    """The tokens a word of a phrase matches, in canonical spelling."""
    forms = vocabulary.verb_forms(word.text) if word.inflected else {word.text}
    return frozenset(vocabulary.canonical(form) for form in forms)


_FEW = 4  # alternatives that are tried one by one; more are filed by their first words


def one_word(sequence: Sequence) -> Word | None:
    """The word of a sequence that is a single word."""
    match sequence.parts:
        case (Word() as word,):
            return word
    return None


def is_nullable(node: Node) -> bool:
    """Whether a node can match no token at all."""
    match node:
        case Gap() | Comma() | Edge():
            return True
        case Choice():
            # The parser lets no alternative be empty but an edge ("(now|$)").
            return node.optional or any(
                isinstance(option.parts[0], Edge) and is_nullable(option) for option in node.options
            )
        case Sequence():
            return all(is_nullable(part) for part in node.parts)
    return False


class Starts(NamedTuple):
    """The words a match can start with; `anything` when they cannot be listed."""

    words: frozenset[str]
    anything: bool = False


# Indexes of a choice's options by first word, and of those that can start with anything.
Filed: TypeAlias = tuple[Mapping[str, Ends], Ends]


class FirstWords:
    """Derives from phrases the words that a match can start with."""

    def __init__(self, vocabulary: Vocabulary, filed_lists: Mapping[Slot, Filed] | None = None) -> None:
        self._vocabulary = vocabulary
        self._known = filed_lists or {}  # worked out before
        self._lists: dict[Slot, Filed] = {}
        self._starts: dict[Slot, Starts] = {}
        self._words: dict[Word, frozenset[str]] = {}

    def filed_list(self, slot: Slot) -> Filed:
        """The entries of a word list, filed."""
        if slot in self._known:
            return self._known[slot]
        if slot not in self._lists:
            self._lists[slot] = self.filed(self._vocabulary.entries(slot.name, slot.form).options)
        return self._lists[slot]

    def filed(self, options: Items[Node]) -> Filed:
        """The options, filed."""
        by_first: dict[str, list[int]] = {}
        unfiled = []
        for index, option in enumerate(options):
            match option.parts if isinstance(option, Sequence) else ():
                case (Word() as word, *_):  # by far the most common
                    for form in self._firsts_of(word):
                        by_first.setdefault(form, []).append(index)
                    continue
            starts = self.of(option)
            if starts.anything or is_nullable(option):
                unfiled.append(index)
                continue
            for form in starts.words:
                by_first.setdefault(form, []).append(index)
        return {form: tuple(indexes) for form, indexes in by_first.items()}, tuple(unfiled)

    def of(self, node: Node) -> Starts:
        """The words a match of the node can start with."""
        match node:
            case Word():
                return Starts(self._firsts_of(node))
            case Slot(name="#"):
                return Starts(frozenset((NUMBER,)))
            case Slot(name="*" | "Name") | Gap():
                return Starts(frozenset(), anything=True)
            case Slot():
                if node not in self._starts:
                    by_first, unfiled = self.filed_list(node)
                    self._starts[node] = Starts(frozenset(by_first), anything=bool(unfiled))
                return self._starts[node]
            case Choice():
                return _union(self.of(option) for option in node.options)
            case Sequence():
                return self._of_sequence(node)
        return Starts(frozenset())

    def _firsts_of(self, word: Word) -> frozenset[str]:
        if word not in self._words:
            self._words[word] = frozenset(form.lower() for form in word_forms(word, self._vocabulary))
        return self._words[word]

    def _of_sequence(self, sequence: Sequence) -> Starts:
        starts = []
        for part in sequence.parts:
            starts.append(self.of(part))
            if not is_nullable(part):
                break
        return _union(starts)


def _union(starts: Iterable[Starts]) -> Starts:
    listed = list(starts)
    return Starts(frozenset().union(*(each.words for each in listed)), any(each.anything for each in listed))
