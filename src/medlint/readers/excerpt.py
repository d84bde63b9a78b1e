"""Reads a text that stands inside a file in another form, such as a quoted cell, as if it were a file of its own."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from medlint.document import Block, BlockKind, Document, Position, ProseBuilder, Source, Span, Writer
from medlint.readers.names import holds_words
from medlint.readers.page import with_bare_links


class Excerpt:
    """A text taken out of a file, its quotes, escapes or transfer encoding read, with the way back."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._runs: list[tuple[int, int, int, bool]] = []  # start here, start and end in the file, whether verbatim
        self._length = 0

    def verbatim(self, source: str, start: int, end: int) -> None:
        """Append `source[start:end]`."""
        if start < end:
            self._append(source[start:end], start, end, True)

    def replacement(self, text: str, source_start: int, source_end: int) -> None:
        """Append text that stands for `source_start..source_end`."""
        if text:
            self._append(text, source_start, source_end, False)

    @property
    def text(self) -> str:
        """Everything appended."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def place(self, span: Span) -> Span:
        """Where in the file a range of the text comes from; the range is not empty."""
        return Span(self._locate(span.start).start, self._locate(span.end - 1).end)

    def offset(self, index: int) -> int:
        """Where in the file the character at an index comes from; the index may be the end."""
        return self._locate(index).start if self._runs else 0

    def _append(self, text: str, start: int, end: int, is_verbatim: bool) -> None:
        self._parts.append(text)
        if is_verbatim and self._runs and self._runs[-1][2:] == (start, True):
            self._runs[-1] = (*self._runs[-1][:2], end, True)
        else:
            self._runs.append((self._length, start, end, is_verbatim))
        self._length += len(text)

    def _locate(self, index: int) -> Span:
        start, source_start, source_end, is_verbatim = self._runs[bisect_right(self._runs, index, key=_start) - 1]
        if not is_verbatim:
            return Span(source_start, source_end)
        there = source_start + index - start
        return Span(there, there + 1)


def _start(run: tuple[int, int, int, bool]) -> int:
    return run[0]


def read_excerpt(
    source: Source,
    excerpt: Excerpt,
    read: Callable[[Source], Document],
    place: Callable[[Position], str] = lambda there: "",
) -> Document:
    """The document that a reader finds in an excerpt, at its places in the file.

    `place` tells what a person calls a place in the excerpt.
    """
    found = read(Source(source.path, excerpt.text))
    return Document(
        source,
        tuple(
            block._replace(
                prose=block.prose.of_excerpt(excerpt.place),
                span=excerpt.place(block.span),
                place=place(found.source.position(block.prose.source_span(0, 1).start)),
            )
            for block in found.blocks
        ),
        tuple(comment._replace(span=excerpt.place(comment.span)) for comment in found.comments),
        found.anchors,
    )


_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:#\w+|[a-zA-Z]\w+);")
_LINE_END = re.compile(r"[\r\n]")


def read_string(
    source: Source,
    span: Span,
    write: Callable[[Writer], None],
    *,
    is_wrapped: bool = False,
    kind: BlockKind = "paragraph",
    place: str = "",
) -> Document:
    """The document in one string of a file, which stands in `span` and owes its readers nothing that a page owes.

    It is empty where the string says nothing, as an address or an identifier does. `write` writes its words, which are
    HTML when they hold tags or entities, plain text otherwise; where `is_wrapped`, the line ends in it mean nothing.
    `place` is what a person calls its place.
    """
    excerpt = Excerpt()
    write(excerpt)
    text = excerpt.text
    if not holds_words(text):
        return Document(source, (), is_page=False)
    if _MARKUP.search(text):
        from medlint.readers.html import read_fragment  # few strings hold markup

        found = read_excerpt(source, excerpt, read_fragment)
    elif not is_wrapped and _LINE_END.search(text.strip()):
        from medlint.readers.text import read

        found = read_excerpt(source, excerpt, read)
    else:
        builder = ProseBuilder()
        write(builder)
        prose = builder.build()
        return Document(source, (Block(kind, prose, span, marks=with_bare_links(prose), place=place),), is_page=False)
    blocks = tuple(block._replace(place=place) for block in found.blocks)
    return Document(source, blocks, found.comments, found.anchors, is_page=False)
