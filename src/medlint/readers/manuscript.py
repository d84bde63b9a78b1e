"""Collects the copy of a document that has no lines: the source is made of its paragraphs, one to a line.

The number of a paragraph with words in it is its line, and a column counts in its words, white space collapsed.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from medlint.document import Block, BlockKind, Comment, Document, MarkKind, ProseBuilder, Source, Span
from medlint.readers.page import OpenMark, finished_marks, with_bare_links


class Context(NamedTuple):
    """Where paragraphs stand: in the body, a table cell, a text box, a note."""

    place: str = ""  # as a person would call it; empty for the body
    kind: BlockKind = "paragraph"
    group: int = 0

    def inside(self, place: str, kind: BlockKind = "paragraph", group: int = 0) -> Context:
        """The context of a part of this one."""
        is_outer_told = 0 < len(self.place) < _LONGEST_PLACE  # boxes and tables nest without end
        return Context(f"{self.place}, {place}" if is_outer_told else place, kind, group)


_LONGEST_PLACE = 100


class Table:
    """The table being read, and its row and cell."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._row = self._column = self._group = 0

    def start_row(self, group: int) -> None:
        """The cells that follow stand in a new row."""
        self._row, self._column, self._group = self._row + 1, 0, group

    def cell(self, around: Context) -> Context:
        """The context of the next cell of the row."""
        self._column += 1
        place = f"table {self._number}, row {self._row}, column {self._column}"
        return around.inside(place, "table-cell", self._group)

    def skip_columns(self, span: str) -> None:
        """The cell takes up so many columns, as the file writes it."""
        if span.isascii() and span.isdigit() and len(span) < 4:
            self._column += max(int(span) - 1, 0)


class Paragraph:
    """A paragraph being written."""

    def __init__(self, number: int, context: Context, *, is_aside: bool) -> None:
        self.number = number
        self.place, self.kind, self.group = context
        self.level = 0
        self.quoted = False
        self.is_aside = is_aside
        self._words = ProseBuilder()
        self._marks: list[OpenMark] = []

    @property
    def length(self) -> int:
        """Length of the words so far."""
        return len(self._words)

    def write(self, text: str) -> None:
        """Append words; white space collapses."""
        self._words.verbatim(text, 0, len(text))

    def mark(self, kind: MarkKind, start: int, target: str = "") -> None:
        """What was written since `start` leads elsewhere."""
        self._marks.append(OpenMark(kind, start, target, end=self.length))

    def text(self) -> str:
        """The words; empty when there is nothing but white space."""
        return text if not (text := self._words.build().text).isspace() else ""

    def block(self, source: str, span: Span) -> Block:
        """The paragraph as a block, now that the whole source is known and its line in it."""
        builder = ProseBuilder()
        builder.verbatim(source, *span)
        prose = builder.build()
        marks = with_bare_links(prose, finished_marks(self._marks, prose.text))
        return Block(self.kind, prose, span, self.group, self.level, self.quoted, marks)


class Manuscript:
    """The paragraphs, comments and anchors found so far."""

    def __init__(self) -> None:
        self.anchors: set[str] = set()
        self._paragraphs: list[Paragraph] = []
        self._comments: list[_Comment] = []
        self._groups = 0

    def start(self, context: Context, *, is_aside: bool = False) -> Paragraph:
        """A new paragraph behind all others; one that stands aside, such as a note, behind all that do not."""
        paragraph = Paragraph(len(self._paragraphs), context, is_aside=is_aside)
        self._paragraphs.append(paragraph)
        return paragraph

    def add(self, context: Context, text: str) -> None:
        """A new paragraph that is complete, such as a picture's alternative text."""
        self.start(context).write(text)

    def new_group(self) -> int:
        """A group number that no other paragraph has."""
        self._groups += 1
        return self._groups

    def comment(self, text: str, paragraph: Paragraph | None = None) -> None:
        """A comment on a paragraph, or on the next if there is none or no word in it."""
        at = len(self._paragraphs) if paragraph is None else paragraph.number
        self._comments.append(_Comment(at, text))

    def document(self, path: str) -> Document:
        """Everything found, once the whole file has been read."""
        spans: dict[int, Span] = {}  # by number of the paragraph; an empty one where the next would stand
        texts: list[str] = []
        written: list[tuple[Paragraph, Span]] = []
        position = 0
        for paragraph in sorted(self._paragraphs, key=lambda paragraph: paragraph.is_aside):
            text = paragraph.text()
            span = spans[paragraph.number] = Span(position, position + len(text))
            if text:
                texts.append(text)
                written.append((paragraph, span))
                position = span.end + 1
        lines = [span for _, span in written]
        comments = []
        for at, text in self._comments if lines else ():
            following = bisect_left(lines, spans.get(at, Span(position, position)))
            comments.append(Comment(lines[min(following, len(lines) - 1)], text))
        source = "\n".join(texts)
        return Document(
            Source(path, source, tuple(each.place or f"paragraph {line}" for line, (each, _) in enumerate(written, 1))),
            tuple(paragraph.block(source, span) for paragraph, span in written),
            tuple(sorted(comments)),
            frozenset(self.anchors),
        )


class _Comment(NamedTuple):
    at: int  # the number of the paragraph that it is about
    text: str
