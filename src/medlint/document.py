"""What every reader produces: blocks of prose that know where in the file each character came from.

Offsets are code points into `Source.text`, which has no byte-order mark and keeps its own line ends. A prose is what
a person reads on the page (entities decoded, markup dissolved, wraps joined); its segments lead back to the source, so
that nothing is ever searched for again.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple, Protocol


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


class Position(NamedTuple):
    """A place in a file: line and column count from 1; the column is in code points."""

    line: int
    column: int


_LINE_END = re.compile(r"\r\n|\n|\r")


class Source:
    """A decoded file: its path as reported to the user and its text without byte-order mark.

    Where the file itself has no lines, `places` tells for each line of the text what a person would call it.
    """

    def __init__(self, path: str, text: str, places: tuple[str, ...] = ()) -> None:
        self.path: Final = path
        self.text: Final = text
        self.places: Final = places

    @cached_property
    def line_starts(self) -> Sequence[int]:
        """Offset of the first character of each line; LF, CRLF and CR end a line."""
        from array import array  # only pages with findings count lines

        return array("q", (0, *(end.end() for end in _LINE_END.finditer(self.text))))

    def position(self, offset: int) -> Position:
        """The line and column (code points, from 1) of an offset."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def place(self, offset: int) -> str:
        """What a person calls the place of an offset ("page 3, line 4"); empty where line and column say it."""
        return self.places[self.position(offset).line - 1] if self.places else ""

    def utf8_column(self, offset: int) -> int:
        """The column from 1 in bytes of UTF-8, as reviewdog counts."""
        line_start = self.line_starts[bisect_right(self.line_starts, offset) - 1]
        return len(self.text[line_start:offset].encode("utf-8", "surrogatepass")) + 1

    def utf16_column(self, offset: int) -> int:
        """The column from 0 in UTF-16 units, as the Language Server Protocol counts."""
        line_start = self.line_starts[bisect_right(self.line_starts, offset) - 1]
        return len(self.text[line_start:offset].encode("utf-16-le", "surrogatepass")) // 2


# A run of prose: where it starts there, its source range, and the text it was taken from. It stands verbatim in that
# text, apart from collapsed white space; without a text it replaces the range as a whole, as a decoded entity does.
# A plain tuple, as there are many and the garbage collector lets go of plain tuples.
_Segment = tuple[int, int, int, str | None]


class Prose:
    """Text as a person reads it, with the way back to the source of every character."""

    __slots__ = ("_is_even", "_place", "_segments", "text")

    def __init__(self, text: str, segments: Sequence[_Segment], place: Callable[[Span], Span] | None = None) -> None:
        """`place` tells where a range stands in the file when the prose was read from an excerpt of it."""
        self.text = text
        self._segments = tuple(segments)  # smaller than a list
        self._is_even = False  # whether each verbatim segment is as long here as in the source
        self._place = place

    def of_excerpt(self, place: Callable[[Span], Span]) -> Prose:
        """The same prose, its source an excerpt; `place` tells where a range of that stands in the file."""
        inner = self._place
        return Prose(self.text, self._segments, place if inner is None else lambda span: place(inner(span)))

    def source_span(self, start: int, end: int) -> Span:
        """The source range of prose characters `start` to `end`; raises ValueError for an empty or outside range."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no prose at {start}..{end} in {len(self.text)} characters")
        if not self._is_even:  # few blocks are ever asked, so that building them is kept cheap
            self._segments = tuple(_even_segments(self._segments, len(self.text)))
            self._is_even = True
        span = Span(self._locate(start).start, self._locate(end - 1).end)
        return self._place(span) if self._place else span

    def _locate(self, index: int) -> Span:
        """Where the one character at `index` comes from."""
        at = bisect_right(self._segments, index, key=_segment_start) - 1
        start, source_start, source_end, source = self._segments[at]
        if source is None:
            return Span(source_start, source_end)
        there = source_start + index - start
        return Span(there, there + 1)

    def __repr__(self) -> str:
        return f"Prose({self.text!r})"


def _segment_start(segment: _Segment) -> int:
    return segment[0]


def _even_segments(segments: Sequence[_Segment], length: int) -> Iterator[_Segment]:
    """The segments, with each run of white space that was collapsed as a replacement of its own."""
    ends = (*(segment[0] for segment in segments[1:]), length)
    for segment, end in zip(segments, ends, strict=True):
        start, source_start, source_end, source = segment
        if source is None or end - start == source_end - source_start:
            yield segment
            continue
        for spaces in _SPACES.finditer(source, source_start, source_end):
            if source_start < spaces.start():
                yield start, source_start, spaces.start(), source
                start += spaces.start() - source_start
            yield start, *spaces.span(), None
            start += 1
            source_start = spaces.end()
        if source_start < source_end:
            yield start, source_start, source_end, source


_SPACES = re.compile(r"[ \t\n\r\f\v]+")  # what a page collapses; a no-break space stays


class Writer(Protocol):
    """What words of a file are written to, each with the way back."""

    def verbatim(self, source: str, start: int, end: int) -> None:
        """Append `source[start:end]`."""

    def replacement(self, text: str, source_start: int, source_end: int) -> None:
        """Append text that stands for `source_start..source_end`: a decoded entity, an escape."""


class ProseBuilder:
    """Collects the prose of one block: white space collapses to single spaces, as it does on a rendered page."""

    __slots__ = ("_ends_in_space", "_length", "_parts", "_segments")

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._segments: list[_Segment] = []
        self._length = 0
        self._ends_in_space = True  # so that leading white space is dropped

    def __len__(self) -> int:
        """Length of the prose so far, a trailing space included."""
        return self._length

    def verbatim(self, source: str, start: int, end: int) -> None:
        """Append `source[start:end]`, collapsing each run of white space into one space."""
        piece = source[start:end]
        if self._ends_in_space:
            piece = piece.lstrip(" \t\n\r\f\v")
            start = start if len(piece) == end - start else end - len(piece)  # an equal number would be one more
        if not piece.isprintable():
            for white in "\n\r\t\f\v":
                if white in piece:
                    piece = piece.replace(white, " ")
        while "  " in piece:
            piece = piece.replace("  ", " ")
        if piece:
            self._append(piece, start, end, source)

    def replacement(self, text: str, source_start: int, source_end: int) -> None:
        """Append text that stands for `source_start..source_end`: a decoded entity, an escape."""
        if text and not text.strip(" \t\n\r\f\v"):
            self.space(source_start, source_end)
        elif text:
            self._append(text, source_start, source_end, None)

    def space(self, source_start: int, source_end: int) -> None:
        """Append one space for a line break or a run of white space, unless the prose ends in one already."""
        if not self._ends_in_space:
            self._append(" ", source_start, source_end, None)

    def build(self) -> Prose:
        """The prose without trailing space; empty text when nothing was appended."""
        text, segments = "".join(self._parts), self._segments
        if text.endswith(" "):
            text = text[:-1]
            *segments, (start, source_start, source_end, source) = segments
            if start < len(text):
                is_even = source is not None and self._length - start == source_end - source_start
                segments.append((start, source_start, source_end - is_even, source))
        return Prose(text, segments)

    def _append(self, text: str, source_start: int, source_end: int, source: str | None) -> None:
        self._parts.append(text)
        self._segments.append((self._length, source_start, source_end, source))
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


class Mark(NamedTuple):
    """Something at a place in the prose that leads elsewhere: a link, a footnote mark, a superscript reference.

    `target` is the link's address (`#ref3` for one on the page) or the footnote's label. `span` is in prose
    characters and may be empty where the mark shows no words (`[^1]`).
    """

    kind: MarkKind
    span: Span
    target: str


class Block(NamedTuple):
    """One paragraph, heading, list item, table cell or attribute of the page."""

    kind: BlockKind
    prose: Prose
    span: Span  # source range of the whole block, its markup included
    group: int = 0  # items of one list, cells of one row share a number; 0 stands alone
    level: int = 0  # of a heading, 1 to 6
    quoted: bool = False  # inside a block quote
    marks: tuple[Mark, ...] = ()
    place: str = ""  # what a person calls it, where line and column alone do not say it: 'row 3, "Headline 1"'
    chrome: bool = False  # the site's and not the page's own: navigation, page header and footer, consent banner

    @property
    def is_menu(self) -> bool:
        """Whether it is chrome of nothing but links: it says what other pages are about."""
        return self.chrome and not any(any(map(str.isalnum, text)) for text in self._unlinked())

    def _unlinked(self) -> Iterator[str]:
        end = 0
        for start, next_end in sorted(mark.span for mark in self.marks if mark.kind == "link"):
            yield self.prose.text[end:start]
            end = max(end, next_end)
        yield self.prose.text[end:]


class Comment(NamedTuple):
    """A comment in the copy, which readers of the page never see; suppressions live there."""

    span: Span
    text: str  # what stands between the comment's delimiters


class Document(NamedTuple):
    """A file read: its source and its blocks in source order.

    A file that holds several texts, such as a sheet or the export of a site, is a document with parts. Each is judged
    on its own: no part excuses another.
    """

    source: Source
    blocks: tuple[Block, ...]
    comments: tuple[Comment, ...] = ()
    anchors: frozenset[str] = frozenset()  # ids and footnote labels that exist on the page
    front_matter: Mapping[str, str] = {}  # scalar keys, for suppressions
    is_page: bool = True  # False for a cell, a string: nothing that owes its readers what a page does
    is_alternative: bool = False  # shown in place of the part before it, so that what it says again is said once
    parts: tuple[Document, ...] = ()  # their blocks are those of the whole
    notes: tuple[str, ...] = ()  # what of the file was not read as copy, where its author may believe that it was


def in_source_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks that hold prose, by where they start."""
    return tuple(sorted((block for block in blocks if block.prose.text), key=lambda block: block.span))


def in_parts(
    source: Source,
    parts: Iterable[Document],
    comments: Iterable[Comment] = (),
    front_matter: dict[str, str] | None = None,
    notes: Iterable[str] = (),
) -> Document:
    """The document that the parts make up; comments and front matter given here are about all of them."""
    found = tuple(part for part in parts if part.blocks or part.comments)
    blocks = tuple(block for part in found for block in part.blocks)
    return Document(source, blocks, tuple(comments), front_matter=front_matter or {}, parts=found, notes=tuple(notes))
