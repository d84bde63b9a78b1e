"""Cuts a block into sentences and a sentence into tokens."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, TypeVar

from medlint.document import Block, Span
from medlint.folding import Folded, fold, lowered
from medlint.phrases import NUMBER, TOKEN

# What stands between two tokens, by how much it parts them.
JOINED, COMMA, CLAUSE = 0, 1, 2
_Value = TypeVar("_Value")


class Tokens:
    """The tokens of one sentence, wherever it stands; the view that phrases are matched on.

    Positions are characters of the sentence. Sites repeat their sentences, so equal ones can share their tokens.
    """

    number = 0  # among the sentences of its grid
    _grid: Grid | None = None

    def __init__(self, cased: str, spelling: Mapping[str, str]) -> None:
        self.cased = cased  # folded, capitals kept
        self._spelling = spelling

    @property
    def grid(self) -> Grid:
        """What phrases are matched on: the tokens of many sentences, of which this is one, or of this one alone."""
        return self._grid or _alone(self)

    @property
    def is_in_grid(self) -> bool:
        """Whether it is matched together with others."""
        return self._grid is not None

    def join(self, grid: Grid | None, number: int) -> None:
        """Makes it one of the sentences of a grid, and drops what it was cut into, which can be cut again."""
        self._grid, self.number = grid, number
        for made in ("text", "words", "breaks", "spans", "_cut"):
            self.__dict__.pop(made, None)

    @cached_property
    def text(self) -> str:
        """The folded text of the sentence."""
        return lowered(self.cased)

    @cached_property
    def words(self) -> list[str]:
        """Each token in the spelling used for matching."""
        spelling = self._spelling
        return [spelling.get(token, token) for token in self._cut[1::2]]

    @cached_property
    def breaks(self) -> list[int]:
        """What parts each token from the one before: JOINED, COMMA or CLAUSE."""
        breaks = [JOINED] * max(1, len(self._cut) // 2)
        for index, parting in self.partings():
            breaks[index] = parting
        return breaks

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each token stands."""
        ends = [*accumulate(map(len, self._cut))]
        return [*zip(ends[::2], ends[1::2], strict=False)]

    def partings(self) -> Iterator[tuple[int, int]]:
        """The tokens that are parted from the one before, with their COMMA or CLAUSE."""
        for index, text in enumerate(self._cut[2:-1:2], 1):
            if text != " " and (parting := break_between(text)):
                yield index, parting

    @cached_property
    def is_question(self) -> bool:
        """Whether the sentence ends in a question mark."""
        return self.text.rstrip(" \"')*_]").endswith("?")

    def is_quoted(self, first: int) -> bool:
        """Whether the token stands between quotation marks."""
        start, _ = self.spans[first]
        before, behind = self.text[:start], self.text[start:]
        return any(_OPEN_QUOTE[mark].search(before) and mark in behind for mark in _OPEN_QUOTE)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """The characters of tokens `first` up to, not including, `after`."""
        return self.spans[first][0], self.spans[after - 1][1]

    @cached_property
    def _cut(self) -> list[str]:
        """What stands before the first token, that token, what stands between it and the next, and so on."""
        return _TOKEN_OR_NOT.split(self.text)


_TOKEN_OR_NOT = re.compile(f"({TOKEN.pattern})")


class Grid:
    """The tokens of one or more sentences as sets of places: place 3 is bit 3 of a number.

    Between two sentences one place is left free, so that nothing matches across. What phrases have found in the
    sentences is remembered here too.
    """

    __slots__ = (
        "_capitalised", "_capitals", "_offsets", "_sentences",
        "all", "anywhere", "broken", "firsts", "gap_goes_on", "gap_starts", "joined", "lasts", "memo", "numbers",
        "places", "possible", "present", "spans",
    )  # fmt: skip

    def __init__(self, sentences: Sequence[Tokens]) -> None:
        self._sentences = sentences
        self._capitals: dict[str, int] | None = None
        self._capitalised: int | None = None
        self.memo: dict[object, dict[int, int]] = {}  # list -> by length of its entries, where they start
        self.possible: dict[object, Iterable[Any]] = {}  # alternatives -> those that the words let in
        self.spans: dict[object, dict[int, list[tuple[int, int]]]] = {}  # phrases -> by sentence, its tokens they match
        self._offsets = [*accumulate((len(tokens.words) + 1 for tokens in sentences), initial=0)]
        self.places = places = self._places_of(tokens.words for tokens in sentences)
        self.present = set(places)  # with NUMBER
        self.firsts = bits(self._offsets[:-1])
        self.lasts = bits(offset - 1 for offset in self._offsets[1:])  # after the last tokens
        self.all = ((1 << self._offsets[-1]) - 1) & ~self.lasts
        self.anywhere = self.all | self.lasts
        self.numbers = 0
        for word, there in places.items():
            if word[0].isdigit():
                self.numbers |= there
        if self.numbers:
            self.present.add(NUMBER)
        commas = clauses = 0
        for offset, tokens in zip(self._offsets, sentences, strict=False):
            for index, parting in tokens.partings():
                if parting == COMMA:
                    commas |= 1 << offset + index
                else:
                    clauses |= 1 << offset + index
        self.broken = (commas | clauses, clauses, 0)  # JOINED, COMMA, CLAUSE -> places after a stronger break
        self.joined = ~(commas | clauses)
        # A gap passes over no word that opens another statement ("no cure for gout but it …", "…, it …").
        opening = places.get("it", 0) & commas
        for word in _CONTRASTS & self.present:
            opening |= places[word]
        self.gap_starts = self.all & ~opening
        self.gap_goes_on = self.gap_starts & ~clauses

    @property
    def capitals(self) -> Mapping[str, int]:
        """Where words of two or more capitals stand."""
        if self._capitals is None:
            self._capitals = self._places_of(
                [tokens.cased[start:end] for start, end in tokens.spans] if _TWO_CAPITALS.search(tokens.cased) else ()
                for tokens in self._sentences
            )
        return self._capitals

    @property
    def capitalised(self) -> int:
        """The places of tokens that start with a capital."""
        if self._capitalised is None:
            self._capitalised = bits(
                place
                for offset, tokens in zip(self._offsets, self._sentences, strict=False)
                for place, (start, _) in enumerate(tokens.spans, offset)
                if tokens.cased[start].isupper()
            )
        return self._capitalised

    def places_of(self, word: str) -> int:
        """Where a word, or NUMBER, stands."""
        return self.numbers if word == NUMBER else self.places.get(word, 0)

    def later(self, places: int) -> int:
        """The places that come after one of these in its sentence.

        To add a number to a row of ones leaves ones below its lowest bit, and the place that is free after each
        sentence takes the carry.
        """
        return (self.all & ~(self.all + places)) ^ places

    def unite(self) -> None:
        """Has its sentences matched on this grid from now on."""
        for number, sentence in enumerate(self._sentences):
            sentence.join(self, number)

    def disband(self) -> None:
        """Has its sentences matched each alone, as nobody is expected to ask for them: a grid takes much memory."""
        for sentence in self._sentences:
            if sentence.grid is self:
                sentence.join(None, 0)

    def by_sentence(self, spans: Iterable[tuple[int, int]]) -> dict[int, list[tuple[int, int]]]:
        """Spans of places by their sentence, as the numbers of its tokens."""
        found: dict[int, list[tuple[int, int]]] = {}
        for first, after in spans:
            number = self.sentence_at(first)
            offset = self._offsets[number]
            found.setdefault(number, []).append((first - offset, after - offset))
        return found

    def sentence_at(self, place: int) -> int:
        """Which of the sentences a place belongs to, the one after its last token included."""
        return bisect_right(self._offsets, place) - 1

    def offset(self, sentence: int) -> int:
        """The place of a sentence's first token."""
        return self._offsets[sentence]

    def of_sentence(self, sentence: int) -> int:
        """The places of a sentence's tokens."""
        return (1 << self._offsets[sentence + 1] - 1) - (1 << self._offsets[sentence])

    def of_sentences_with(self, places: int) -> int:
        """The places of all tokens of the sentences that hold one of the places."""
        if len(self._sentences) == 1:
            return self.all if places else 0
        found = 0
        while places:
            sentence = self.sentence_at((places & -places).bit_length() - 1)
            found |= self.of_sentence(sentence)
            next_one = self._offsets[sentence + 1]
            places = places >> next_one << next_one
        return found

    def _places_of(self, words: Iterable[Iterable[str]]) -> dict[str, int]:
        """Where each word stands; `words` are those of each sentence."""
        by_word: dict[str, list[int]] = defaultdict(list)
        for offset, each in zip(self._offsets, words, strict=False):
            for place, word in enumerate(each, offset):
                by_word[word].append(place)
        return {word: 1 << places[0] if len(places) == 1 else bits(places) for word, places in by_word.items()}


def bits(places: Iterable[int]) -> int:
    """The number that has these bits."""
    found = 0
    for place in places:
        found |= 1 << place
    return found


@lru_cache(maxsize=1000)
def _alone(tokens: Tokens) -> Grid:
    return Grid((tokens,))


_TWO_CAPITALS = re.compile(r"[^\W\d_a-z]{2}")  # or letters of other alphabets
_CONTRASTS = frozenset(("but", "however", "whereas"))


class Text:
    """A block's prose folded for matching and cut into sentences; the same for every block with the same words."""

    __slots__ = ("folded", "sentences", "starts")  # as a large page has many

    def __init__(self, prose: str, tokens_of: Callable[[str], Tokens]) -> None:
        self.folded: Folded = fold(prose)
        cased = self.folded.cased
        spans = split_sentences(cased)
        self.starts = tuple(start for start, _ in spans)  # in the folded text
        self.sentences = tuple(tokens_of(cased[start:end]) for start, end in spans)


class BlockText:
    """A block's text at its place on the page."""

    __slots__ = ("_searched", "_text_of", "above", "below", "block", "index")

    def __init__(self, block: Block, index: int, text_of: Callable[[str], Text]) -> None:
        """`text_of` makes the text of prose ready for matching: it knows that of the page's latest blocks."""
        self.block = block
        self.index = index  # place among the document's blocks
        self._text_of = text_of
        self.above: BlockText | None = None  # its neighbours on the page
        self.below: BlockText | None = None
        # What -> up to which sentence it was looked for, and whether it is in there.
        self._searched: dict[object, tuple[int, bool]] | None = None

    @property
    def text(self) -> Text:
        """Its prose, ready for matching."""
        return self._text_of(self.block.prose.text)

    @property
    def folded(self) -> Folded:
        """Its prose as it is matched, with the way back."""
        return self.text.folded

    @property
    def sentences(self) -> list[Sentence]:
        """The block's sentences in order."""
        text = self.text
        return [
            Sentence(self, number, *each) for number, each in enumerate(zip(text.starts, text.sentences, strict=True))
        ]

    def sentence(self, number: int) -> Sentence:
        """One of them; made when it is asked for, as few of a page are."""
        text = self.text
        return Sentence(self, number, text.starts[number], text.sentences[number])

    @property
    def last_sentence(self) -> Sentence | None:
        """The last of them; a block of signs alone has none."""
        return self.sentence(len(self.text.sentences) - 1) if self.text.sentences else None

    def has_until(self, number: int, occurs: Callable[[Tokens], bool]) -> bool:
        """Whether something occurs in a sentence up to that number; each is looked at once, however often it is asked.

        A text without a line break is one block, and to look back to its start from each sentence would take for ever.
        """
        sentences = self.text.sentences
        if len(sentences) <= FEW_SENTENCES:
            return any(occurs(tokens) for tokens in sentences[: number + 1])
        if self._searched is None:
            self._searched = {}
        at, found = self._searched.get(occurs, (0, False))
        while not found and at <= number:
            found = occurs(sentences[at])
            at += not found
        self._searched[occurs] = at, found
        return found and at <= number

    def source_span(self, start: int, end: int) -> Span:
        """The source range of folded characters `start` to `end`."""
        return self.block.prose.source_span(*self.folded.prose_span(start, end))

    def prose(self, start: int, end: int) -> str:
        """The words of the page at folded characters `start` to `end`."""
        first, last = self.folded.prose_span(start, end)
        return self.block.prose.text[first:last]


FEW_SENTENCES = 8  # that are sooner looked through again than what was found in them is kept


def link(texts: list[BlockText]) -> list[BlockText]:
    """The blocks, each told its neighbours on the page."""
    for above, below in pairwise(texts):
        above.below, below.above = below, above
    return texts


class Sentence(NamedTuple):
    """A sentence at its place on the page."""

    block_text: BlockText
    number: int  # place within the block
    start: int  # in folded characters of the block
    tokens: Tokens

    @property
    def end(self) -> int:
        """Where it ends, in folded characters of the block."""
        return self.start + len(self.tokens.cased)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Folded characters of the block at tokens `first` up to, not including, `after`."""
        start, end = self.tokens.span(first, after)
        return self.start + start, self.start + end

    @property
    def previous(self) -> Sentence | None:
        """The sentence before it: in its block, or for the first one the last of the block above."""
        if self.number:
            return self.block_text.sentence(self.number - 1)
        above = self.block_text.above
        return above.last_sentence if above else None

    def has_so_far(self, occurs: Callable[[Tokens], bool]) -> bool:
        """Whether something occurs in it or in what a reader has just read: before it in the block, just above that."""
        above = self.block_text.above.last_sentence if self.block_text.above else None
        return self.block_text.has_until(self.number, occurs) or bool(above and occurs(above.tokens))

    @property
    def following(self) -> Sentence | None:
        """The sentence after it: in its block, or for the last one the first of the block below."""
        if self.number + 1 < len(self.block_text.text.sentences):
            return self.block_text.sentence(self.number + 1)
        below = self.block_text.below
        return below.sentence(0) if below and below.text.sentences else None


# A quotation mark that is still open where the claim starts; an apostrophe inside a word opens nothing.
_OPEN_QUOTE = {
    '"': re.compile(r'^[^"]*(?:"[^"]*"[^"]*)*"[^"]*$'),
    "'": re.compile(r"(?:^|[\s(\[:;,—-])'[^']*$"),
}
_CLAUSE_MARK = re.compile(r"[;:—|•!?=<>]|\.{2,}|…|--|\s-+\s|\s-+$|^-+\s|\.\s")
_COMMA_MARK = re.compile(r"[,()\[\]{}/]|[^\w\s\"'*_~#@+&.,-]")


@lru_cache(maxsize=4096)
def break_between(text: str) -> int:
    """How much the characters between two tokens part them."""
    if text == " " or not text:
        return JOINED
    if _CLAUSE_MARK.search(text) and not text.startswith(". "):  # ". " inside a sentence ends an abbreviation
        return CLAUSE
    return COMMA if _COMMA_MARK.search(text) else JOINED


# A sentence ends at . ! ? or …, with closing quotes, before white space and something that is no small letter; at ! and
# ? also before a small one, and where the blank was forgotten ("unhappiness.To"). It all starts with one set of marks,
# even where it then looks back, so that the search skips what is none: seven times as quick.
_SENTENCE_END = re.compile(
    r"""[.!?…] (?: (?<! [.!?…]. ) [.!?…]*+ ["')\]*_]*+ (?= \s+ [^\sa-z] )
                | (?<= [!?] ) (?<! [!?]. ) [!?]*+ (?= \s+ [a-z] )
                | (?<= [a-z]{2} [.!?] ) (?= [A-Z][a-z] ) )""",
    re.VERBOSE,
)
_NUMBER_SIGNS = ("no", "nos")
_ABBREVIATIONS = "dr mr mrs ms mx prof st vs e.g i.e approx fig figs al cf ca vol pp art sec dept jr sr rev hon"
_ABBREVIATION = re.compile(
    rf"(?:^|[\s(\"'])(?:{'|'.join(map(re.escape, _ABBREVIATIONS.split()))})\.$",
    re.IGNORECASE,
)
_ABBREVIATION_ENDINGS = frozenset(each[-2:] for each in (*_ABBREVIATIONS.split(), *_NUMBER_SIGNS))
_NUMBER_SIGN = re.compile(
    rf"(?:^|\s)(?:{'|'.join(_NUMBER_SIGNS)})\.$", re.IGNORECASE
)  # "The No. 1 clinic", but not "Safe? No. It is …"
_INITIAL = re.compile(
    r"(?:^|[A-Z][a-z]+ |[A-Z]\. ?|[(\"']|\b(?:by|with|from|and|to|see|of) )[A-Z]\.$"
)  # "by J. Smith", but not "vitamin C. It …"


def split_sentences(cased: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of a folded text with its capitals kept, without the white space between them.

    An endless one is cut into pieces, so that what a sentence costs has a bound.
    """
    return [
        (end - len(text), end)
        for whole in _sentence_spans(cased)
        for start, end in (_pieces(cased, *whole) if whole[1] - whole[0] > _LONGEST else (whole,))
        if (text := cased[start:end].lstrip())
    ]


def _pieces(cased: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The sentence, or pieces of it that end in a comma where there is one, else between words."""
    while end - start > _LONGEST:
        limit = start + _LONGEST
        middle = limit - _LONGEST // 2
        at = max(cased.rfind(", ", middle, limit), cased.rfind("; ", middle, limit))
        at = at + 1 if at >= 0 else cased.rfind(" ", middle, limit)
        cut = at if at >= 0 else limit
        yield start, cut
        start = cut
    yield start, end


_LONGEST = 2_000  # characters; the longest sentences that people write have half as many


def _sentence_spans(cased: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _SENTENCE_END.finditer(cased):
        end = mark.end()
        if mark.group() == "." and _is_abbreviation(cased, start, end):
            continue
        yield start, end
        start = end
    if cased[start:].strip():
        yield start, len(cased)


def _is_abbreviation(cased: str, start: int, end: int) -> bool:
    before = cased[max(start, end - 20) : end]
    if before[-3:-1].lower() not in _ABBREVIATION_ENDINGS and not before[-2:-1].isupper():
        return False  # nearly always
    if _NUMBER_SIGN.search(before):
        return cased[end:].lstrip()[:1].isdigit()
    return bool(_ABBREVIATION.search(before) or _INITIAL.search(before))
