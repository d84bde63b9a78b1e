"""Finds what the rules match in sentences, many sentences at a time, before anything is judged by its surroundings.

What has been found is remembered with the sentence, because sites repeat theirs; so are the sentences of texts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

from medlint.context import PageContext
from medlint.index import GUARDS, Index, phrases_of
from medlint.matching import Compiler, Phrases
from medlint.memory import Memory
from medlint.prefilter import Phrase, Prefilter, requirements
from medlint.regexes import RegexRule, TimeLeft, compile_regexes
from medlint.rule import Rule, Rulebook
from medlint.sentences import Grid, Sentence, Text, Tokens, bits


class RuleMatch(NamedTuple):
    """Where a rule's phrase stands in a sentence: its tokens `first` up to `after`."""

    code: str
    first: int
    after: int


_REMEMBERED = 10_000  # texts, and sentences
_BATCH = 30_000  # characters of sentences that are matched together: more is not quicker, and costs memory
_GRIDS = 40  # each of one batch, and of about a megabyte


class _MatchedTokens(Tokens):
    """A sentence and what the rules match in it."""

    matches: tuple[RuleMatch, ...] | None = None  # until it is matched, together with other sentences


class RuleMatcher:
    """The rules, ready to be matched; what they match in a sentence does not depend on the sentences around it."""

    def __init__(
        self, rulebook: Rulebook, compiler: Compiler, index: Index | None = None, *, prefilter: bool = True
    ) -> None:
        """`index` is what was derived from the rules before; without `prefilter` each phrase is tried everywhere."""
        self._rulebook = rulebook
        self._rules = {rule.code: rule for rule in rulebook.rules}
        self._compiler = compiler
        self._index = index
        self._use_prefilter = prefilter
        self._phrase_matchers: dict[Phrase, Phrases] = {}
        self._guards: dict[str, Guards] = {}
        # Sites repeat their sentences, and whole texts such as banners, prices and footers.
        self._sentences = Memory(self._tokens, _REMEMBERED)
        self._texts = Memory(self._text, _REMEMBERED)
        self._grids: deque[Grid] = deque()
        literals = index.literals if index else {}
        self._time_left = TimeLeft()
        self._regexes: list[RegexRule] = [
            each for rule in rulebook.rules for each in compile_regexes(rule, literals, self._time_left)
        ]

    def text(self, prose: str) -> Text:
        """The prose of a block ready for matching."""
        return self._texts[prose]

    def start_file(self, characters: int) -> None:
        """Gives the regexes of users' rules the time that they may take on a file of so many characters."""
        self._time_left.start_file(characters)

    def match(self, sentences: Iterable[Tokens]) -> None:
        """Finds what the rules match in sentences of texts, where that is not known; raises RegexTimeout."""
        for batch in _batches(each for each in cast(Iterable[_MatchedTokens], sentences) if each.matches is None):
            self._match_batch(batch)

    def matches(self, sentence: Tokens) -> Sequence[RuleMatch]:
        """What the rules match in a sentence that was matched."""
        return cast(_MatchedTokens, sentence).matches or ()

    def reunite(self, sentences: Iterable[Tokens]) -> None:
        """Has sentences looked at together again, for the cues around matches, whose grid is disbanded or not made."""
        for batch in _batches(each for each in sentences if not each.is_in_grid):
            self._join(Grid(batch))

    def guards(self, rule: Rule) -> Guards:
        """The rule's own conditions."""
        if rule.code not in self._guards:
            self._guards[rule.code] = Guards(rule, self._compiler, self._index)
        return self._guards[rule.code]

    def _text(self, prose: str) -> Text:
        return Text(prose, self._sentences.__getitem__)

    def _tokens(self, cased: str) -> _MatchedTokens:
        return _MatchedTokens(cased, self._rulebook.vocabulary.spelling)

    def _match_batch(self, batch: Sequence[_MatchedTokens]) -> None:
        grid = Grid(batch)
        found: dict[int, list[RuleMatch]] = {}
        for code, spans in sorted(self._spans(grid, batch).items()):
            guilty = self.guards(self._rules[code]).guilty(grid, longest(spans))
            for number, spans_of_sentence in grid.by_sentence(guilty).items():
                found.setdefault(number, []).extend(RuleMatch(code, *span) for span in spans_of_sentence)
        for number, sentence in enumerate(batch):
            sentence.matches = tuple(found.get(number, ()))
        self._join(grid)

    def _join(self, grid: Grid) -> None:
        """Has the sentences of a grid looked at together from now on, until there are newer grids."""
        if len(self._grids) >= _GRIDS:
            self._grids.popleft().disband()
        grid.unite()
        self._grids.append(grid)

    def _spans(self, grid: Grid, batch: Sequence[Tokens]) -> dict[str, list[tuple[int, int]]]:
        """What the rules' phrases and regexes match, by code: places of the grid."""
        spans: dict[str, list[tuple[int, int]]] = {}
        for phrase in self._candidates(grid):
            if found := self._matcher(phrase).find_all(grid):
                spans.setdefault(phrase.code, []).extend(found)
        text = "\n".join(tokens.text for tokens in batch) if self._regexes else ""
        for regex in [each for each in self._regexes if each.could_match(text)]:
            for number, tokens in enumerate(batch):
                if regex.could_match(tokens.text):
                    offset = grid.offset(number)
                    found = [(first + offset, after + offset) for first, after in regex.spans(tokens)]
                    spans.setdefault(regex.rule.code, []).extend(found)
        return spans

    def _candidates(self, grid: Grid) -> list[Phrase]:
        return self._prefilter.phrases(grid) if self._use_prefilter else self._phrases

    @cached_property
    def _phrases(self) -> list[Phrase]:
        return [phrase for phrase, _ in phrases_of(self._rulebook)]

    @cached_property
    def _prefilter(self) -> Prefilter:
        if self._index:
            return Prefilter(self._index.requirements, self._rules.keys())
        return Prefilter(requirements(phrases_of(self._rulebook), self._rulebook.vocabulary), self._rules.keys())

    def _matcher(self, phrase: Phrase) -> Phrases:
        if phrase not in self._phrase_matchers:
            self._phrase_matchers[phrase] = self._compiler.phrases((self._rules[phrase.code].match[phrase.number],))
        return self._phrase_matchers[phrase]


class Guards:
    """A rule's own conditions on the sentence: innocent senses, `unless`, `along`, `answers`."""

    def __init__(self, rule: Rule, compiler: Compiler, index: Index | None) -> None:
        def phrases(kind: str) -> Phrases | None:
            texts = getattr(rule, kind)
            filed = index.filed_guards.get((rule.code, kind)) if index else None
            return compiler.phrases(texts, filed) if texts else None

        self.senses, self.unless, self.along, self.answers = map(phrases, GUARDS)

    def guilty(self, grid: Grid, spans: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
        """Those of the spans of which the sentence itself does not tell that they are no claims."""
        if not spans or not (self.senses or self.unless):
            return spans
        within = grid.of_sentences_with(bits(first for first, _ in spans))
        if self.senses and (innocent := self.senses.find_all(grid, within)):
            covered = bits(place for first, after in innocent for place in range(first, after))
            spans = [(first, after) for first, after in spans if not covered >> first & ((1 << after - first) - 1)]
        if self.unless and (innocent_sentences := self.unless.sentences(grid, within)):
            spans = [span for span in spans if not innocent_sentences >> span[0] & 1]
        return spans

    def lets_pass(self, sentence: Sentence, page: PageContext) -> bool:
        """Whether what stands before the sentence allows a claim in it."""
        if self.answers and not any(self.answers.occurs(each.tokens) for each in page.asked_before(sentence)):
            return False
        return not self.along or sentence.has_so_far(self.along.occurs)


def longest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans reduced to the longest of them."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda each: (each[0] - each[1], each[0])):
        if not any(overlap(span, each) for each in kept):
            kept.append(span)
    return sorted(kept)


def overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two spans have a place in common."""
    return one[0] < other[1] and other[0] < one[1]


_AnyTokens = TypeVar("_AnyTokens", bound=Tokens)


def _batches(sentences: Iterable[_AnyTokens]) -> Iterator[Sequence[_AnyTokens]]:
    """The sentences, each once, as many at a time as are matched together."""
    batch: dict[_AnyTokens, None] = {}
    size = 0
    for sentence in sentences:
        if sentence not in batch:
            batch[sentence] = None
            size += len(sentence.cased)
            if size >= _BATCH:
                yield [*batch]
                batch, size = {}, 0
    if batch:
        yield [*batch]
