"""Matches phrases on the tokens of sentences.

Phrases are not regular expressions: a phrase is followed from all places of a page's sentences at once, the places
being the bits of a number, so most phrases are done with after a few operations on numbers, and nothing can backtrack.
A word list shared by many rules is matched once. Long lists are filed by words that their entries must contain, so a
list of a thousand entries costs one look-up, and an entry is compiled when a text first holds its word.
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

Places: TypeAlias = int  # places before tokens 0, 1, …, as the bits of a number: all are matched at once


class Matcher:
    """Matches one node of the phrase language."""

    width = 0  # how many tokens every match has, where that is known

    def ends(self, grid: Grid, starts: Places) -> Places:
        """Every place at which a match of one token or more from one of the starts can end."""
        raise NotImplementedError

    def resting(self, grid: Grid, starts: Places) -> Places:
        """The starts at which it can match no token at all."""
        return 0

    def begins(self, grid: Grid) -> Places:
        """Where matches of one token or more may start; all that do are among these places."""
        return grid.all

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        """Where matches start, by how many tokens they have."""
        raise NotImplementedError


class _Word(Matcher):
    """What matches one token wherever it does."""

    width = 1

    def ends(self, grid: Grid, starts: Places) -> Places:
        return (self.begins(grid) & starts) << 1

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        return {1: self.begins(grid)}


class _OneWord(_Word):
    def __init__(self, word: str) -> None:
        self._word = word

    def ends(self, grid: Grid, starts: Places) -> Places:
        return (grid.places.get(self._word, 0) & starts) << 1

    def begins(self, grid: Grid) -> Places:
        return grid.places.get(self._word, 0)


class _AnyOf(_Word):
    def __init__(self, words: frozenset[str]) -> None:
        self._words = words

    def begins(self, grid: Grid) -> Places:
        found = 0
        for word in self._words & grid.present:
            found |= grid.places[word]
        return found


class _Capitals(_Word):
    """One of several words of which some are written in capitals."""

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words

    def begins(self, grid: Grid) -> Places:
        found = 0
        for word in self._words:
            found |= grid.capitals.get(word, 0) if _is_capitals(word) else grid.places.get(word, 0)
        return found


def _is_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()


class _Number(_Word):
    def begins(self, grid: Grid) -> Places:
        return grid.numbers


class _AnyWord(_Word):
    def begins(self, grid: Grid) -> Places:
        return grid.all


class _Name(_Word):
    def begins(self, grid: Grid) -> Places:
        return grid.capitalised


class _Gap(Matcher):
    def __init__(self, most: int) -> None:
        self._most = most

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = reached = (starts & grid.gap_starts) << 1
        for _ in range(self._most - 1):
            if not reached:
                break
            reached = (reached & grid.gap_goes_on) << 1
            found |= reached
        return found

    def resting(self, grid: Grid, starts: Places) -> Places:
        return starts

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        starts = {0: grid.anywhere, 1: grid.gap_starts}
        for width in range(2, self._most + 1):
            starts[width] = starts[width - 1] & grid.gap_goes_on >> width - 1
        return starts


class _Comma(Matcher):
    def ends(self, grid: Grid, starts: Places) -> Places:
        return 0

    def resting(self, grid: Grid, starts: Places) -> Places:
        return starts

    def begins(self, grid: Grid) -> Places:
        return 0

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        return {0: self.resting(grid, grid.anywhere)}


class _Edge(_Comma):
    """The start or end of the sentence or of a clause after a colon, dash or semicolon."""

    def __init__(self, at_end: bool) -> None:
        self._at_end = at_end

    def resting(self, grid: Grid, starts: Places) -> Places:
        outermost = grid.lasts if self._at_end else grid.firsts
        return starts & (outermost | grid.broken[COMMA])


class _Sequence(Matcher):
    """One part after the other; a part is compiled when a match first gets that far."""

    def __init__(self, nodes: Items[Node], compiler: Compiler) -> None:
        self._nodes = nodes
        self._compiler = compiler
        self._parts: list[Matcher] = []
        self._reaches = _reaches(nodes)

    def ends(self, grid: Grid, starts: Places) -> Places:
        # A break before the first token of a match is none inside it, so places where nothing has been matched yet
        # are kept apart from those that a match has moved to.
        resting, moved = starts, 0
        for number, (reach, can_rest) in enumerate(self._reaches):
            part = self._parts[number] if number < len(self._parts) else self._next_part()
            on = moved & ~grid.broken[reach] if moved and reach != CLAUSE else moved
            if can_rest:
                moved = part.ends(grid, resting | on) | (part.resting(grid, moved) if moved else 0)
                resting = part.resting(grid, resting) if resting else 0
                if not moved and not resting:
                    return 0
            else:
                moved = part.ends(grid, resting | on)
                if not moved:
                    return 0
                resting = 0
        return moved

    def resting(self, grid: Grid, starts: Places) -> Places:
        for number, (_, can_rest) in enumerate(self._reaches):
            if not can_rest:
                return 0
            part = self._parts[number] if number < len(self._parts) else self._next_part()
            starts = part.resting(grid, starts)
            if not starts:
                break
        return starts

    def begins(self, grid: Grid) -> Places:
        found = 0
        for number, (_, can_rest) in enumerate(self._reaches):
            part = self._parts[number] if number < len(self._parts) else self._next_part()
            found |= part.begins(grid)
            if not can_rest:
                break
        return found

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        found = {0: grid.anywhere}
        for number, (reach, _) in enumerate(self._reaches):
            part = self._parts[number] if number < len(self._parts) else self._next_part()
            before, found = found, {}
            unbroken = ~grid.broken[reach]
            for width, there in part.by_width(grid).items():
                for moved, starts in before.items():
                    if moved + width > _LONGEST_ENTRY:
                        continue
                    possible = unbroken & there if moved and width else there
                    if on := starts & possible >> moved:
                        found[moved + width] = found.get(moved + width, 0) | on
        return found

    def _next_part(self) -> Matcher:
        part = self._compiler.compile(self._nodes[len(self._parts)])
        self._parts.append(part)
        return part


# Tokens. Longer ones are not looked for: lists of lists could have entries of every width, and each would be joined
# with each.
_LONGEST_ENTRY = 200


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

    def begins(self, grid: Grid) -> Places:
        return self._first.begins(grid)

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        return {self.width: self.ends(grid, grid.all) >> self.width}


def _reaches(nodes: Iterable[Node]) -> list[tuple[int, bool]]:
    """For each part the strongest break it may follow and whether it can match nothing.

    After a comma or a gap, the break may be a comma; at an edge, that of a clause.
    """
    reaches, reach = [], JOINED
    for node in nodes:
        match node:
            case Edge():
                reaches.append((CLAUSE, True))
                reach = JOINED if node.at_end else CLAUSE
                continue
            case Comma():
                reach = max(reach, CLAUSE if node.any_break else COMMA)
            case Gap():
                reach = max(reach, COMMA)
        can_rest = is_nullable(node)
        reaches.append((reach, can_rest))
        if not can_rest:
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

    def begins(self, grid: Grid) -> Places:
        found = 0
        for option in self.possible(grid):
            found |= option.begins(grid)
        return found

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        return _by_width(self.possible(grid), grid)

    def possible(self, grid: Grid) -> Iterable[Matcher]:
        """The alternatives that may match."""
        known = grid.possible.get(self)
        if known is None:
            known = grid.possible[self] = self._possible(grid)
        return known

    def _possible(self, grid: Grid) -> Iterable[Matcher]:
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
        found = 0
        for option in self._options:
            found |= option.ends(grid, starts)
        return found

    def resting(self, grid: Grid, starts: Places) -> Places:
        found = starts if self._optional else 0
        for option in self._options:
            found |= option.resting(grid, starts)
        return found

    def begins(self, grid: Grid) -> Places:
        found = 0
        for option in self._options:
            found |= option.begins(grid)
        return found

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        starts = _by_width(self._options, grid)
        if self._optional:
            starts[0] = grid.anywhere
        return starts


def _by_width(options: Iterable[Matcher], grid: Grid) -> dict[int, Places]:
    """Where matches of any of several alternatives start, by width."""
    starts: dict[int, Places] = {}
    for option in options:
        for width, there in option.by_width(grid).items():
            starts[width] = starts.get(width, 0) | there
    return starts


class _List(Matcher):
    """A word list, matched once because many rules ask."""

    def __init__(self, slot: Slot, compiler: Compiler) -> None:
        self._slot = slot
        self._compiler = compiler

    def ends(self, grid: Grid, starts: Places) -> Places:
        found = 0
        for width, there in self.by_width(grid).items():
            found |= (starts & there) << width
        return found

    def begins(self, grid: Grid) -> Places:
        found = 0
        for there in self.by_width(grid).values():
            found |= there
        return found

    def by_width(self, grid: Grid) -> Mapping[int, Places]:
        """Where entries of each width in tokens start."""
        known = grid.memo.get(self)
        if known is None:
            known = grid.memo[self] = {
                width: there for width, there in self._entries.by_width(grid).items() if width and there
            }
        return known

    @cached_property
    def _entries(self) -> _Filed:
        slot = self._slot
        entry = partial(self._compiler.vocabulary.entry, slot.name, form=slot.form)
        return _Filed(entry, self._compiler.filed_list(slot), self._compiler)


class Phrases:
    """Any of several phrases: what rules and cue lists are matched with."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher

    def find_all(self, grid: Grid, within: Places | None = None) -> list[tuple[int, int]]:
        """The longest match from each place it can start at, overlapping ones dropped: (first place, place after).

        `within` are the only places at which a match may start.
        """
        matcher = self._matcher
        starts = grid.all if within is None else within
        ends = matcher.ends(grid, starts)
        if not ends:
            return []
        found: list[tuple[int, int]] = []
        reached = 0
        for start in each_of(starts & matcher.begins(grid) & grid.of_sentences_with(ends)):
            first = start.bit_length() - 1
            if first >= reached and (ends := matcher.ends(grid, start)):
                reached = ends.bit_length() - 1
                found.append((first, reached))
        return found

    def sentences(self, grid: Grid, within: Places) -> Places:
        """All places of the sentences in which a match starts within the places."""
        return grid.of_sentences_with(self._matcher.ends(grid, within))

    def found(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The same for one sentence: (first token, token after); looked for in all sentences of its grid, and once."""
        grid = tokens.grid
        known = grid.spans.get(self)
        if known is None:
            known = grid.spans[self] = grid.by_sentence(self.find_all(grid))
        return known.get(tokens.number) or []

    def occurs(self, tokens: Tokens) -> bool:
        """Whether it matches anywhere in the sentence."""
        return bool(self.found(tokens))


class Compiler:
    """Turns phrases into matchers over one vocabulary; word lists are compiled when first used, and once."""

    def __init__(self, vocabulary: Vocabulary, filed_lists: Mapping[tuple[str, str], Filed] | None = None) -> None:
        self.vocabulary = vocabulary
        self._known = filed_lists or {}  # worked out before
        self._required = RequiredWords(vocabulary)
        self._outside_lists = RequiredWords(vocabulary, lists="unknown")
        self._lists: dict[Slot, Matcher] = {}
        self._words: dict[Word, Matcher] = {}

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
                if node not in self._words:
                    self._words[node] = _one_of(word_forms(node, self.vocabulary))
                return self._words[node]
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
