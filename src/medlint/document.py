"""What every reader produces: blocks of prose that know where in the file each character came from.

Offsets are code points into `Source.text`, which has no byte-order mark and keeps its own line ends. A prose is what
a person reads on the page (entities decoded, markup dissolved, wraps joined); its segments lead back to the source, so
that nothing is ever searched for again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


class Position(NamedTuple):
    """A place in a file: line and column count from 1; the column is in code points."""

    line: int
    column: int


_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Source:
    """A decoded file: its path as reported to the user and its text without byte-order mark."""

    path: str
    text: str

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first character of each line; LF, CRLF and CR end a line."""
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> Position:
        """The line and column (code points, from 1) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def utf16_column(self, offset: int) -> int:
        """The column from 0 in UTF-16 units, as the Language Server Protocol counts."""
        line_start = self.line_starts[bisect_right(self.line_starts, offset) - 1]
        return len(self.text[line_start:offset].encode("utf-16-le", "surrogatepass")) // 2


class Prose:
    """Text as a person reads it, with the way back to the source of every character.

    A segment is a run of prose that stands verbatim in the source (as long there as here), or a replacement (an
    entity, a wrapped line) that leads back as a whole.
    """

    __slots__ = ("_at", "_source_ends", "_source_starts", "text")

    def __init__(self, text: str, at: list[int], source_starts: list[int], source_ends: list[int]) -> None:
        self.text = text
        self._at = at
        self._source_starts = source_starts
        self._source_ends = source_ends

    def source_span(self, start: int, end: int) -> Span:
        """The source range of prose characters `start` to `end`; raises ValueError for an empty or outside range."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no prose at {start}..{end} in {len(self.text)} characters")
        return Span(self._locate(start)[0], self._locate(end - 1)[1])

    def _locate(self, index: int) -> tuple[int, int]:
        """Source start and end of the one character at `index`."""
        segment = bisect_right(self._at, index) - 1
        source_start, source_end = self._source_starts[segment], self._source_ends[segment]
        next_at = self._at[segment + 1] if segment + 1 < len(self._at) else len(self.text)
        if next_at - self._at[segment] == source_end - source_start:
            there = source_start + index - self._at[segment]
            return there, there + 1
        return source_start, source_end

    def __repr__(self) -> str:
        return f"Prose({self.text!r})"


_SPACES = re.compile(r"[ \t\n\r\f\v]+")
_UNEVEN_SPACES = re.compile(r"[ \t\n\r\f\v]{2,}|[\t\n\r\f\v]")  # a single space stays part of a verbatim run


class ProseBuilder:
    """Collects the prose of one block: white space collapses to single spaces, as it does on a rendered page."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._at: list[int] = []
        self._source_starts: list[int] = []
        self._source_ends: list[int] = []
        self._length = 0
        self._ends_in_space = True  # so that leading white space is dropped

    def __len__(self) -> int:
        """Length of the prose so far, a trailing space included."""
        return self._length

    def verbatim(self, source: str, start: int, end: int) -> None:
        """Append `source[start:end]`, collapsing each run of white space into one space."""
        position = start
        if self._ends_in_space and (leading := _SPACES.match(source, start, end)):
            position = leading.end()
        for spaces in _UNEVEN_SPACES.finditer(source, position, end):
            spaces_start, spaces_end = spaces.span()
            if spaces_start > position:
                self._append(source[position:spaces_start], position, spaces_start)
            self.space(spaces_start, spaces_end)
            position = spaces_end
        if end > position:
            self._append(source[position:end], position, end)

    def replacement(self, text: str, source_start: int, source_end: int) -> None:
        """Append text that stands for `source_start..source_end`: a decoded entity, an escape."""
        if not text:
            return
        if not text.strip(" \t\n\r\f\v"):
            self.space(source_start, source_end)
        else:
            self._append(text, source_start, source_end)

    def space(self, source_start: int, source_end: int) -> None:
        """Append one space for a line break or a run of white space, unless the prose ends in one already."""
        if not self._ends_in_space:
            self._append(" ", source_start, source_end)

    def build(self) -> Prose:
        """The prose without trailing space; empty text when nothing was appended."""
        text = "".join(self._parts)
        segments = (self._at, self._source_starts, self._source_ends)
        if not text.endswith(" "):
            return Prose(text, *segments)
        if self._parts[-1] == " ":
            return Prose(text[:-1], *(offsets[:-1] for offsets in segments))
        # The last segment shortens in the source too, or it would count as a replacement.
        return Prose(text[:-1], self._at, self._source_starts, [*self._source_ends[:-1], self._source_ends[-1] - 1])

    def _append(self, text: str, source_start: int, source_end: int) -> None:
        self._parts.append(text)
        self._at.append(self._length)
        self._source_starts.append(source_start)
        self._source_ends.append(source_end)
        self._length += len(text)
        self._ends_in_space = text[-1] == " "


BlockKind = Literal[
    "title",  # <title>, front-matter title, Open Graph title
    "description",  # meta description, front-matter description
    "heading",
    "paragraph",
    "list-item",
    "table-cell",
    "caption",  # figcaption, table caption
    "button",  # button and submit text
    "alt",  # alternative text of an image
    "attribute",  # title, aria-label, placeholder
]

MarkKind = Literal["link", "footnote", "reference"]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place in the prose that leads elsewhere: a link, a footnote mark, a superscript reference.

    `target` is the link's address (`#ref3` for one on the page) or the footnote's label. `span` is in prose
    characters and may be empty where the mark shows no words (`[^1]`).
    """

    kind: MarkKind
    span: Span
    target: str


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item, table cell or attribute of the page."""

    kind: BlockKind
    prose: Prose
    span: Span  # source range of the whole block, its markup included
    group: int = 0  # items of one list, cells of one row share a number; 0 stands alone
    level: int = 0  # of a heading, 1 to 6
    quoted: bool = False  # inside a block quote
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the copy, which readers of the page never see; suppressions live there."""

    span: Span
    text: str  # what stands between the comment's delimiters


@dataclass(frozen=True)
class Document:
    """A file read: its source and its blocks in source order."""

    source: Source
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    anchors: frozenset[str] = frozenset()  # ids and footnote labels that exist on the page
    front_matter: dict[str, str] = field(default_factory=dict)  # scalar keys, for suppressions


def in_source_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks that hold prose, by where they start."""
    return tuple(sorted((block for block in blocks if block.prose.text), key=lambda block: block.span))
