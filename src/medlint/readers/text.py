"""Reads plain text as people type it: paragraphs, wrapped or not, headings, lists, and lines that stand by themselves.

Nothing in plain text says what a line end means, so a line counts as wrapped when its next word would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from medlint.document import Block, BlockKind, Document, ProseBuilder, Source, Span, in_source_order
from medlint.readers.page import with_bare_links


def read(source: Source) -> Document:
    """The document in a plain-text file."""
    return Document(source, in_source_order(_TextReader(source.text).blocks()))


class _Stretch(NamedTuple):
    """Lines without an empty one between them, and the mark they are underlined with, if they are."""

    lines: list[Span]
    underline: str


class _Piece(NamedTuple):
    """Lines that one block is made of; `words` is where they start after a bullet, and `bullet` its kind."""

    lines: list[Span]
    words: int
    bullet: str


class _TextReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._stretches = list(_stretches(text))
        self._wrap_width = _wrap_width(text, self._stretches)
        self._groups = 0
        self._list = ("", 0)  # the bullet and the group of the list that the next item may belong to

    def blocks(self) -> Iterator[Block]:
        """Every block, in order."""
        is_single_line = len(self._stretches) == 1 and len(self._stretches[0].lines) == 1
        for stretch in self._stretches:
            is_first = stretch is self._stretches[0]
            if stretch.underline:
                self._list = ("", 0)
                yield self._block("heading", stretch.lines, level=1 if stretch.underline == "=" else 2)
                continue
            pieces = self._pieces(stretch.lines)
            if not is_single_line and self._starts_with_heading(pieces):
                self._list = ("", 0)
                yield self._block("heading", pieces.pop(0).lines, level=1 if is_first else 2)
            yield from self._paragraphs_and_items(pieces)

    def _paragraphs_and_items(self, pieces: list[_Piece]) -> Iterator[Block]:
        lines_group = self._new_group() if sum(not piece.bullet for piece in pieces) > 1 else 0
        for piece in pieces:
            if piece.bullet != self._list[0]:
                self._list = (piece.bullet, self._new_group() if piece.bullet else 0)
            if piece.bullet:
                yield self._block("list-item", piece.lines, words=piece.words, group=self._list[1])
            else:
                yield self._block("paragraph", piece.lines, group=lines_group)

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups

    def _block(
        self, kind: BlockKind, lines: list[Span], *, words: int | None = None, group: int = 0, level: int = 0
    ) -> Block:
        start, end = lines[0].start, lines[-1].end
        builder = ProseBuilder()
        position = start if words is None else words
        if len(lines) > 1:
            for wrap in _WRAPPED_HYPHEN.finditer(self._text, position, end):
                builder.verbatim(self._text, position, wrap.start())
                position = wrap.end()
        builder.verbatim(self._text, position, end)
        prose = builder.build()
        return Block(kind, prose, Span(start, end), group, level, marks=with_bare_links(prose))

    def _starts_with_heading(self, pieces: list[_Piece]) -> bool:
        """Whether the first piece is a line that looks like a heading, alone or above running text."""
        first, *others = pieces
        if first.bullet or len(first.lines) > 1:
            return False
        if others and (others[0].bullet or _length(others[0]) < _SHORT):
            return False
        line = self._text[slice(*first.lines[0])]
        return (
            len(line) <= _HEADING_LENGTH
            and line[-1] not in ".!?…:;,"
            and line[0] not in "\"“'‘(["
            and "://" not in line
            and not _LABEL.match(line)
            and not _SENTENCE_END_INSIDE.search(line)
        )

    def _pieces(self, lines: list[Span]) -> list[_Piece]:
        """The paragraphs, items and single lines that a stretch of lines is made of."""
        longest = max(end - start for start, end in lines)
        is_wrapped = any(self._text[line.start].islower() for line in lines[1:])
        width = longest if is_wrapped else max(longest, self._wrap_width)
        pieces: list[_Piece] = []
        for number, line in enumerate(lines):
            bullet = _BULLET.match(self._text, line.start, line.end)
            kind = _bullet_kind(bullet) if bullet else ""
            above = lines[number - 1]
            if kind and pieces and not self._may_start_item(kind, pieces[-1], above, line, width):
                kind = ""
            if not pieces or kind or self._is_set_apart(pieces[-1], above, line, longest, width):
                words = bullet.end() if bullet and kind else line.start
                pieces.append(_Piece([line], words, kind))
            else:
                pieces[-1].lines.append(line)
        return pieces

    def _may_start_item(self, kind: str, piece: _Piece, above: Span, line: Span, width: int) -> bool:
        """Whether a dash or a number at the start of a line is a bullet, and not a piece of a wrapped sentence."""
        return (
            piece.bullet == kind or self._text[above.end - 1] in ".!?:;…" or self._would_fit(above, line, width, words=2)
        )

    def _is_set_apart(self, piece: _Piece, above: Span, line: Span, longest: int, width: int) -> bool:
        """Whether a line stands by itself below the one above, as in an address, and is not that one wrapped."""
        text = self._text
        if piece.bullet and text[line.start - 1] in " \t":
            return False  # indented under its bullet
        if _LABEL.match(text, *line) and _LABEL.match(text, *above):
            return True
        length = above.end - above.start
        return (
            length < _SHORT
            and (longest < _SHORT or length < longest / 2)
            and (_FRESH_START.match(text, *line) or _LABEL.match(text, *line)) is not None
            and _UNFINISHED_END.search(text, max(above.start, above.end - 12), above.end) is None
            and self._would_fit(above, line, width)
        )

    def _would_fit(self, above: Span, line: Span, width: int, *, words: int = 1) -> bool:
        """Whether the line above has room for the first words of this one, so that its end was meant."""
        first = " ".join(self._text[slice(*line)].split(None, words)[:words])
        return above.end - above.start + 1 + len(first) <= width


_SHORT = 60  # a line below this length may stand by itself
_HEADING_LENGTH = 90
_LEAST_WRAP_WIDTH = 30
_GREATEST_WRAP_WIDTH = 100

_LINE = re.compile(r"[^\S\r\n]*+(\S(?:[^\r\n]*\S)?)?[^\S\r\n]*(?:\r\n|\r|\n|\Z)")
_RULER = re.compile(r"([-=_*~#])(?:[ \t]*\1){2,}")
_BULLET = re.compile(r"(?:([-*+•·–▪▫◦●○‣►✓✔])|\(?(?:\d{1,3}|[a-zA-Z](?=\)))([.)]))[ \t]+(?=\S)")
_LABEL = re.compile(r"[^\W\d_][\w /&'’-]{0,24}:(?=\s|$)")
_FRESH_START = re.compile(r"""["“'‘(\[]?(?:[A-ZÀ-ÖØ-Þ\d]|[£$€#+])""")
# What a line that stands by itself does not end with: a sentence's end, a comma or dash, a word that wants another.
_UNFINISHED_END = re.compile(
    r"""(?: [.!?…]["”'’)\]]? | [,;&/–—-]
          | \b (?: a|an|and|are|as|at|be|but|by|can|for|from|has|have|her|his|if|in|into|is|its|my|no|not|of|on|or|our
                 |than|that|the|their|this|to|was|were|when|which|who|will|with|you|your ) )$""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END_INSIDE = re.compile(r"""(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<!\bNo)[.!?]["”’]?\s+["“‘A-Z-]""")
_WRAPPED_HYPHEN = re.compile(r"(?<=[^\W\d_]-)[ \t]*(?:\r\n|\r|\n)[ \t]*(?=[a-z])(?!(?:and|or|to)\b)")


def _stretches(text: str) -> Iterator[_Stretch]:
    lines: list[Span] = []
    for line in _LINE.finditer(text):
        start, end = line.span(1)
        ruler = _RULER.fullmatch(text, start, end) if start >= 0 and text[start] in "-=_*~#" else None
        if start >= 0 and not ruler:
            lines.append(Span(start, end))
        elif lines:
            is_underlined = ruler and len(lines) == 1 and lines[0].end - lines[0].start <= _HEADING_LENGTH
            yield _Stretch(lines, ruler[1] if ruler and is_underlined and ruler[1] in "=-" else "")
            lines = []
    if lines:
        yield _Stretch(lines, "")


def _wrap_width(text: str, stretches: list[_Stretch]) -> int:
    """How long lines get before they are wrapped in this file; a line that goes on in lower case was."""
    longest = max(
        (
            above.end - above.start
            for stretch in stretches
            for above, line in pairwise(stretch.lines)
            if text[line.start].islower()
        ),
        default=0,
    )
    return min(max(longest, _LEAST_WRAP_WIDTH), _GREATEST_WRAP_WIDTH)


def _bullet_kind(bullet: re.Match[str]) -> str:
    """The same for all bullets of a list: the mark itself, or what follows the number."""
    return bullet[1] or bullet[2]


def _length(piece: _Piece) -> int:
    return piece.lines[-1].end - piece.lines[0].start
