"""Matches phrases on the tokens of a sentence.

Phrases are not regular expressions: a phrase is followed from all places of a sentence at once, the places being the
bits of a number, so most phrases are done with after a few operations on numbers, and nothing can backtrack. A word
list shared by many rules is matched once per sentence. Long lists are filed by words that their entries must contain,
so a list of a thousand entries costs one look-up, and an entry is compiled when a text first holds its word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Sequence as Items
from functools import cached_property, partial
from itertools import chain
from typing import TypeAlias

from medlint.phrases import Choice, Comma, Edge, Gap, Node, Sequence, Slot, Word, parse
from medlint.required import Filed, RequiredWords, word_forms
from medlint.sentences import CLAUSE, COMMA, JOINED, Grid, Tokens
from medlint.vocabulary import Vocabulary

Places: TypeAlias = int  # places in a sentence, before tokens 0, 1, …, as the bits of a number: all are matched at once


class Matcher:
    """Matches one node of the phrase language; `ends` gives every place at which a match from a start can end."""

    width = 0  # how many tokens every match has, where that is known

    def ends(self, grid: Grid, starts: Places) -> Places:
        raise NotImplementedError

    def resting(self, grid: Grid, starts: Places) -> Places:
        """The starts at which it can match no token at all."""
        return 0


class _OneWord(Matcher):
    width = 1

    def __init__(self, word: str) -> None:
        self._word = word

    def ends(self, grid: Grid, starts: Places) -> Places:
        return (grid.places.get(self._word, 0) & starts) << 1


class _AnyOf(Matcher):
    width = 1

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = 0
        for word in self._words & grid.present:
            found |= grid.places[word]
        return (found & starts) << 1


class _Capitals(Matcher):
    """One of several words of which some are written in capitals."""

    width = 1

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = 0
        for word in self._words:
            found |= grid.capitals.get(word, 0) if _is_capitals(word) else grid.places.get(word, 0)
        return (found & starts) << 1


def _is_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


class _Number(Matcher):
    def ends(self, grid: Grid, starts: Places) -> Places:
        return (grid.numbers & starts) << 1


class _AnyWord(Matcher):
    def ends(self, grid: Grid, starts: Places) -> Places:
        return (grid.all & starts) << 1


class _Name(Matcher):
    def ends(self, grid: Grid, starts: Places) -> Places:
        return (grid.capitalised & starts) << 1


class _Gap(Matcher):
    def __init__(self, most: int) -> None:
        self._most = most

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = starts
        reached = (starts & grid.gap_starts) << 1
        for _ in range(self._most - 1):
            if not reached:
                break
            found |= reached
            reached = (reached & grid.gap_goes_on) << 1
        return found | reached

    def resting(self, grid: Grid, starts: Places) -> Places:
        return starts


class _Comma(Matcher):
    def ends(self, grid: Grid, starts: Places) -> Places:
        return starts

    resting = ends


class _Edge(Matcher):
    """The start or end of the sentence or of a clause after a colon, dash or semicolon."""

    def __init__(self, at_end: bool) -> None:
        self._at_end = at_end

    def ends(self, grid: Grid, starts: Places) -> Places:
        outermost = grid.all + 1 if self._at_end else 1
        return starts & (outermost | grid.broken[COMMA])

    resting = ends


class _Sequence(Matcher):
    """One part after the other; a part is compiled when a match first gets that far."""

    def __init__(self, nodes: Items[Node], compiler: Compiler) -> None:
        self._nodes = nodes
        self._compiler = compiler
        self._parts: list[Matcher] = []
        self._reaches = _reaches(nodes)

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = self._ends_across(grid, starts)
        if not found or not grid.broken[JOINED]:
            return found
        broken = starts & grid.broken[JOINED]
        if not broken or not starts & (starts - 1):
            return self._ends(grid, starts)
        # The break before a start is none of a match from there, but one of a match that comes from further left.
        found = self._ends(grid, starts ^ broken) if starts != broken else 0
        for start in each_of(broken):
            found |= self._ends(grid, start)
        return found

    def _ends_across(self, grid: Grid, starts: Places) -> Places:
        """Where matches would end if they could cross any break: quick to tell that there are none."""
        for part in self._parts:
            starts = part.ends(grid, starts)
            if not starts:
                return 0
        while len(self._parts) < len(self._nodes):
            starts = self._next_part().ends(grid, starts)
            if not starts:
                return 0
        return starts

    def _ends(self, grid: Grid, starts: Places) -> Places:
        frontier = starts
        for part, reach in zip(self._parts, self._reaches, strict=True):
            stopped = frontier & grid.broken[reach] & ~starts
            if stopped:  # only matching nothing crosses the break
                frontier ^= stopped
                frontier = (part.ends(grid, frontier) if frontier else 0) | part.resting(grid, stopped)
            else:
                frontier = part.ends(grid, frontier)
            if not frontier:
                return 0
        return frontier

    def resting(self, grid: Grid, starts: Places) -> Places:
        for number in range(len(self._nodes)):
            part = self._parts[number] if number < len(self._parts) else self._next_part()
            starts = part.resting(grid, starts)
            if not starts:
                break
        return starts

    def _next_part(self) -> Matcher:
        part = self._compiler.compile(self._nodes[len(self._parts)])
        self._parts.append(part)
        return part


def each_of(places: Places) -> Iterator[Places]:
    """Each of the places on its own, from the left."""
    while places:
        place = places & -places
        yield place
        places ^= place


class _Words(Matcher):
    """Plain words one after the other, as most entries of word lists are."""

    def __init__(self, words: Items[Matcher]) -> None:
        self._first, *self._others = words
        self.width = len(words)

    def ends(self, grid: Grid, starts: Places) -> Places:
        reached = self._first.ends(grid, starts)
        for word in self._others:
            if not reached:
                break
            reached = word.ends(grid, reached & grid.joined)
        return reached


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


class _Filed(Matcher):
    """Alternatives, filed by words that they must contain and compiled when one of those occurs."""

    def __init__(self, option: Callable[[int], Node], filed: Filed, compiler: Compiler) -> None:
        self._node = option  # by its index, parsed when it is needed
        self._filed = filed
        self._compiler = compiler
        self._compiled: dict[str, Matcher] = {}
        self._by_word: dict[str, list[Matcher]] = {}
        self._open = self._options(filed.open)

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = 0
        for option in self.possible(grid):
            found |= option.ends(grid, starts)
        return found

    def resting(self, grid: Grid, starts: Places) -> Places:
        found = 0
        for option in self._open:
            found |= option.resting(grid, starts)
        return found

    def possible(self, grid: Grid) -> Iterable[Matcher]:
        """The alternatives that may match in the sentence."""
        by_word = self._filed.by_word
        if by_word.keys().isdisjoint(grid.present):
            return self._open
        found = [self._of_word(word) for word in by_word.keys() & grid.present]
        if len(found) == 1 and not self._open:
            return found[0]
        return dict.fromkeys(chain(self._open, *found))

    def _of_word(self, word: str) -> list[Matcher]:
        if word not in self._by_word:
            self._by_word[word] = self._options(self._filed.by_word[word])
        return self._by_word[word]

    def _options(self, indexes: str) -> list[Matcher]:
        return [self._option(index) for index in indexes.split()]

    def _option(self, index: str) -> Matcher:
        matcher = self._compiled.get(index)
        if matcher is None:
            matcher = self._compiled[index] = self._compiler.compile(self._node(int(index)))
        return matcher


class _Few(Matcher):
    """A few alternatives, tried one after the other."""

    def __init__(self, options: list[Matcher], *, optional: bool) -> None:
        self._options = options
        self._optional = optional

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = starts if self._optional else 0
        for option in self._options:
            found |= option.ends(grid, starts)
        return found

    def resting(self, grid: Grid, starts: Places) -> Places:
        found = starts if self._optional else 0
        for option in self._options:
            found |= option.resting(grid, starts)
        return found


class _List(Matcher):
    """A word list, matched once per sentence because many rules ask."""

    def __init__(self, slot: Slot, compiler: Compiler) -> None:
        self._slot = slot
        self._compiler = compiler

    def ends(self, grid: Grid, starts: Places) -> Places:
        known = grid.memo.get(self)
        if known is None:
            known = grid.memo[self] = self._matches(grid)
        possible, ends = known
        starts &= possible
        found = 0
        while starts:
            start = starts & -starts
            starts ^= start
            found |= ends[start]
        return found

    def _matches(self, grid: Grid) -> tuple[Places, dict[Places, Places]]:
        """All places at which an entry starts, and for each where those end that do."""
        ends: dict[Places, Places] = {}
        starts = 0
        for entry in self._entries.possible(grid):
            found = entry.ends(grid, grid.all)
            if not found:
                continue
            for start in each_of(found >> entry.width if entry.width else grid.all):
                if found := start << entry.width if entry.width else entry.ends(grid, start):
                    ends[start] = ends.get(start, 0) | found
                    starts |= start
        return starts, ends

    @cached_property
    def _entries(self) -> _Filed:
        slot = self._slot
        entry = partial(self._compiler.vocabulary.entry, slot.name, form=slot.form)
        return _Filed(entry, self._compiler.filed_list(slot), self._compiler)


class Phrases:
    """Any of several phrases: what rules and cue lists are matched with."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def find_all(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The longest match from each token it can start at, overlapping ones dropped: (first token, token after)."""
        grid = tokens.grid
        matcher = self._matcher
        if not matcher.ends(grid, grid.all):
            return []
        found: list[tuple[int, int]] = []
        reached = 0
        for at in range(len(tokens.words)):
            if at >= reached and (ends := matcher.ends(grid, 1 << at)):
                reached = ends.bit_length() - 1
                found.append((at, reached))
        return found

    def found(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The same, remembered with the sentence: for phrases that are asked for more than once."""
        known = tokens.grid.spans.get(self)
        if known is None:
            known = tokens.grid.spans[self] = self.find_all(tokens)
        return known

    def occurs(self, tokens: Tokens) -> bool:
        """Whether it matches anywhere in the sentence."""
        return bool(self.found(tokens))


class Compiler:
    """Turns phrases into matchers over one vocabulary; word lists are compiled when first used, and once."""

    def __init__(self, vocabulary: Vocabulary, filed_lists: Mapping[tuple[str, str], Filed] | None = None) -> None:
        self.vocabulary = vocabulary
        self._known = filed_lists or {}  # worked out before
        self._required = RequiredWords(vocabulary)
        self._outside_lists = RequiredWords(vocabulary, into_lists=False)
        self._lists: dict[Slot, Matcher] = {}

    def phrases(self, phrases: Items[str], filed: Filed | None = None) -> Phrases:
        """A matcher for any of the phrases; `filed` when they were filed before."""
        if len(phrases) == 1:
            return Phrases(self.compile(parse(phrases[0])))
        filed = filed or self._required.filed([parse(phrase) for phrase in phrases])
        return Phrases(_Filed(lambda index: parse(phrases[index]), filed, self))

    def filed_list(self, slot: Slot) -> Filed:
        """The entries of a word list, filed."""
        return self._known[slot] if slot in self._known else self._required.filed_list(slot)

    def compile(self, node: Node) -> Matcher:
        """The matcher of one node."""
        match node:
            case Word():
                return _one_of(word_forms(node, self.vocabulary))
            case Slot(name="#"):
                return _Number()
            case Slot(name="*"):
                return _AnyWord()
            case Slot(name="Name"):
                return _Name()
            case Slot():
                if node not in self._lists:
                    self._lists[node] = _List(node, self)
                return self._lists[node]
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
                return _Words([self.compile(part) for part in parts])
            case Sequence():
                return _Sequence(node.parts, self)

    def _choice(self, choice: Choice) -> Matcher:
        words: list[Word] = []
        others: list[Sequence] = []
        for option in choice.options:
            match option.parts:
                case (Word() as word,):
                    words.append(word)
                case _:
                    others.append(option)
        matchers: list[Matcher] = []
        if len(others) > _FEW:
            filed = self._outside_lists.filed(others)
            if filed.by_word:
                matchers.append(_Filed(others.__getitem__, Filed(filed.by_word, ""), self))
            others = [others[int(index)] for index in filed.open.split()]
        matchers += map(self.compile, others)
        if words:
            matchers.append(_one_of(frozenset[str]().union(*(word_forms(word, self.vocabulary) for word in words))))
        return matchers[0] if len(matchers) == 1 and not choice.optional else _Few(matchers, optional=choice.optional)


def _one_of(words: frozenset[str]) -> Matcher:
    """The matcher of a word that has several forms, or of several words."""
    if any(map(_is_capitals, words)):
        return _Capitals(words)
    return _OneWord(*words) if len(words) == 1 else _AnyOf(words)


_FEW = 4  # alternatives that are tried one by one; more are filed by words that they must contain


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
