"""Cuts a block into sentences and a sentence into tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from medlint.document import Block, Span
from medlint.folding import Folded, fold
from medlint.phrases import TOKEN

# What stands between two tokens, by how much it parts them.
JOINED, COMMA, CLAUSE = 0, 1, 2


class Tokens:
    """The tokens of one sentence, the view that phrases are matched on; positions are folded characters of the text."""

    def __init__(self, folded: Folded, start: int, end: int, spelling: Mapping[str, str]) -> None:
        self.folded = folded
        self.start = start
        self.end = end
        self.memo: dict[object, dict[int, tuple[int, ...]]] = {}  # phrases -> first token -> tokens after
        self._spelling = spelling

    @cached_property
    def text(self) -> str:
        """The folded text of the sentence."""
        return self.folded.text[self.start : self.end]

    @cached_property
    def words(self) -> list[str]:
        """Each token in the spelling used for matching."""
        spelling = self._spelling
        return [spelling.get(token, token) for token in self._tokens]

    @cached_property
    def breaks(self) -> list[int]:
        """What parts each token from the one before: JOINED, COMMA or CLAUSE."""
        between = self._separators[1:-1]
        return [JOINED, *(JOINED if text == " " else break_between(text) for text in between)]

    @cached_property
    def capitals(self) -> list[str | None]:
        """Each token that is written in two or more capitals, else None."""
        written = [self.folded.cased[start:end] for start, end in self.spans]
        return [word if len(word) > 1 and word.isupper() else None for word in written]

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Where each token stands."""
        spans, at = [], self.start
        for separator, token in zip(self._separators, self._tokens, strict=False):
            at += len(separator)
            spans.append((at, at + len(token)))
            at += len(token)
        return spans

    @cached_property
    def is_question(self) -> bool:
        """Whether the sentence ends in a question mark."""
        return self.text.rstrip(" \"')*_]").endswith("?")

    def is_capitalised(self, index: int) -> bool:
        """Whether the token starts with a capital."""
        return self.folded.cased[self.spans[index][0]].isupper()

    def is_quoted(self, first: int) -> bool:
        """Whether the token stands between quotation marks."""
        start, _ = self.spans[first]
        before, behind = self.folded.text[self.start : start], self.folded.text[start : self.end + 1]
        return any(_OPEN_QUOTE[mark].search(before) and mark in behind for mark in _OPEN_QUOTE)

    def span(self, first: int, after: int) -> tuple[int, int]:
        """Folded characters of tokens `first` up to, not including, `after`."""
        return self.spans[first][0], self.spans[after - 1][1]

    @cached_property
    def _tokens(self) -> list[str]:
        return TOKEN.findall(self.text)

    @cached_property
    def _separators(self) -> list[str]:
        """What stands before, between and after the tokens."""
        return TOKEN.split(self.text)


class Text:
    """A block's prose folded for matching and cut into sentences; the same for every block with the same words."""

    def __init__(self, prose: str, spelling: Mapping[str, str]) -> None:
        self.folded: Folded = fold(prose)
        self.named: dict[str, tuple[int, int] | None] = {}  # word list -> where the text names an entry of it
        self._spelling = spelling

    @cached_property
    def sentences(self) -> list[Tokens]:
        """The tokens of each sentence in order."""
        spans = split_sentences(self.folded.cased)
        return [Tokens(self.folded, start, end, self._spelling) for start, end in spans]


class BlockText:
    """A block's text at its place on the page."""

    def __init__(self, block: Block, index: int, text: Text) -> None:
        self.block = block
        self.index = index  # place among the document's blocks
        self.text = text
        self.folded = text.folded
        self.above: BlockText | None = None  # its neighbours on the page
        self.below: BlockText | None = None

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The block's sentences in order."""
        return [Sentence(self, number, tokens) for number, tokens in enumerate(self.text.sentences)]

    def source_span(self, start: int, end: int) -> Span:
        """The source range of folded characters `start` to `end`."""
        return self.block.prose.source_span(*self.folded.prose_span(start, end))

    def prose(self, start: int, end: int) -> str:
        """The words of the page at folded characters `start` to `end`."""
        first, last = self.folded.prose_span(start, end)
        return self.block.prose.text[first:last]


def link(texts: list[BlockText]) -> list[BlockText]:
    """The blocks, each told its neighbours on the page."""
    for above, below in pairwise(texts):
        above.below, below.above = below, above
    return texts


class Sentence(NamedTuple):
    """A sentence at its place on the page."""

    block_text: BlockText
    number: int  # place within the block
    tokens: Tokens

    @property
    def previous(self) -> Sentence | None:
        """The sentence before it: in its block, or for the first one the last of the block above."""
        if self.number:
            return self.block_text.sentences[self.number - 1]
        above = self.block_text.above
        return above.sentences[-1] if above and above.sentences else None

    def so_far(self) -> Iterator[Sentence]:
        """It and those a reader has just read: the sentences before it in the block, the last of the block above."""
        yield from reversed(self.block_text.sentences[: self.number + 1])
        if (above := self.block_text.above) and above.sentences:
            yield above.sentences[-1]

    @property
    def following(self) -> Sentence | None:
        """The sentence after it: in its block, or for the last one the first of the block below."""
        sentences = self.block_text.sentences
        if self.number + 1 < len(sentences):
            return sentences[self.number + 1]
        below = self.block_text.below
        return below.sentences[0] if below and below.sentences else None


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


# A sentence ends at . ! ? or …, with closing quotes, before white space and something that is no small letter;
# also where the blank was forgotten ("unhappiness.To").
_SENTENCE_END = re.compile(r"[.!?…]+[\"')\]*_]*(?=\s+[^\sa-z])|[!?]+(?=\s+[a-z])|(?<=[a-z]{2})[.!?](?=[A-Z][a-z])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"'])(?:dr|mr|mrs|ms|mx|prof|st|vs|e\.g|i\.e|approx|fig|figs|al|cf|ca|vol|pp|art|sec|dept|jr|sr|rev|hon)\.$",
    re.IGNORECASE,
)
_NUMBER_SIGN = re.compile(r"(?:^|\s)nos?\.$", re.IGNORECASE)  # "The No. 1 clinic", but not "Safe? No. It is …"
_INITIAL = re.compile(
    r"(?:^|[A-Z][a-z]+ |[A-Z]\. ?|[(\"']|\b(?:by|with|from|and|to|see|of) )[A-Z]\.$"
)  # "by J. Smith", but not "vitamin C. It …"


def split_sentences(cased: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of a folded text with its capitals kept."""
    return list(_sentence_spans(cased))


def _sentence_spans(cased: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(cased):
        if end.group().startswith(".") and len(end.group()) == 1 and _is_abbreviation(cased, start, end.end()):
            continue
        yield start, end.end()
        start = end.end()
    if cased[start:].strip():
        yield start, len(cased)


def _is_abbreviation(cased: str, start: int, end: int) -> bool:
    before = cased[max(start, end - 20) : end]
    if _NUMBER_SIGN.search(before):
        return cased[end:].lstrip()[:1].isdigit()
    return bool(_ABBREVIATION.search(before) or _INITIAL.search(before))
