"""Reads plain text as people type it: paragraphs, wrapped or not, headings, lists, and lines that stand by themselves.

Nothing in plain text says what a line end means, so a line counts as wrapped when its next word would not have fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from medlint.document import Block, BlockKind, Document, ProseBuilder, Source, Span, in_source_order
from medlint.readers.page import with_bare_links


def read(source: Source) -> Document:
    """The document in a plain-text file."""
    return Document(source, in_source_order(_TextReader(source.text).blocks()))


class _Piece(NamedTuple):
    """Lines that one block is made of."""

    start: int
    end: int
    words: int  # where they start after a bullet
    bullet: str  # its kind; empty for none
    underline: str = ""  # the mark of the ruler below, which makes a heading


class _TextReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._groups = 0
        self._list = ("", 0)  # the bullet and the group of the list that the next item may belong to

    def blocks(self) -> Iterator[Block]:
        """Every block, in order."""
        is_first = True
        words = self._text.strip()
        is_one_line = "\n" not in words and "\r" not in words  # then it says something, whatever it looks like
        for stretch in _STRETCH.finditer(self._text):
            pieces = self._pieces(*stretch.span())
            if pieces and not (pieces[0].underline or is_one_line) and self._starts_with_heading(pieces):
                pieces[0] = pieces[0]._replace(underline="=" if is_first else "-")
            yield from self._read(pieces)
            is_first = False

    def _read(self, pieces: list[_Piece]) -> Iterator[Block]:
        single_lines = [piece for piece in pieces if not (piece.bullet or piece.underline)]
        lines_group = self._new_group() if len(single_lines) > 1 else 0
        for piece in pieces:
            if piece.bullet != self._list[0]:
                self._list = (piece.bullet, self._new_group() if piece.bullet else 0)
            if piece.underline:
                yield self._block("heading", piece, level=1 if piece.underline == "=" else 2)
            elif piece.bullet:
                yield self._block("list-item", piece, group=self._list[1])
            else:
                yield self._block("paragraph", piece, group=lines_group)

    def _new_group(self) -> int:
        self._groups += 1
        return self._groups

    def _block(self, kind: BlockKind, piece: _Piece, *, group: int = 0, level: int = 0) -> Block:
        builder = ProseBuilder()
        position, end = piece.words, piece.end
        text = self._text
        if "-\n" in text[position:end] or "-\r" in text[position:end]:
            for wrap in _WRAPPED_HYPHEN.finditer(text, position, end):
                builder.verbatim(text, position, wrap.start())
                position = wrap.end()
        builder.verbatim(text, position, end)
        prose = builder.build()
        return Block(kind, prose, Span(piece.start, end), group, level, False, with_bare_links(prose))

    def _starts_with_heading(self, pieces: list[_Piece]) -> bool:
        """Whether the first piece is a line that looks like a heading, by itself or above running text."""
        first, *others = pieces
        length = first.end - first.start
        if first.bullet or length > _HEADING_LENGTH:
            return False
        if others and (others[0].bullet or others[0].end - others[0].start < _SHORT):
            return False
        line = self._text[first.start : first.end]
        return (
            "\n" not in line
            and "\r" not in line
            and "://" not in line
            and line[0] not in "\"“'‘(["
            and line[-1] not in ".!?…:;,"
            and not _LABEL.match(line)
            and not _SENTENCE_END_INSIDE.search(line)
        )

    def _pieces(self, start: int, end: int) -> list[_Piece]:
        """The paragraphs, items and single lines that a stretch of lines is made of."""
        text = self._text
        notable = {line.end() for line in _NOTABLE_LINE.finditer(text, start, end)}
        if not notable and text[start] not in "-=_*~#":
            while text[end - 1].isspace():
                end -= 1
            return [self._piece(start, end)]
        lines = [Span._make(line.span()) for line in _LINE.finditer(text, start, end)]
        longest = max(line_end - line_start for line_start, line_end in lines)
        width = longest if _LINE_IN_LOWER_CASE.search(text, start, end) else max(longest, self._wrap_width)
        pieces: list[_Piece] = []
        opening: _Piece | None = None  # the first line of a piece that may go on
        above = lines[0]
        for line in lines:
            if opening and line.start not in notable:
                above = line
                continue
            ruler = _RULER.fullmatch(text, *line)
            piece = self._piece(*line)
            if opening and (ruler or self._is_set_apart(opening, above, piece, longest, width)):
                underline = ruler[1] if ruler and ruler[1] in "=-" and above.start == opening.start else ""
                pieces.append(opening._replace(end=above.end, underline=underline))
                opening = None
            if not opening and not ruler:
                opening = piece
            above = line
        if opening:
            pieces.append(opening._replace(end=above.end))
        return pieces

    def _piece(self, start: int, end: int) -> _Piece:
        bullet = _BULLET.match(self._text, start, end)
        if bullet:
            return _Piece(start, end, bullet.end(), bullet[1] or bullet[2])
        return _Piece(start, end, start, "")

    def _is_set_apart(self, piece: _Piece, above: Span, line: _Piece, longest: int, width: int) -> bool:
        """Whether a line starts a new piece and does not go on with the one above, as wrapped lines do."""
        text, length = self._text, above.end - above.start
        if line.bullet:
            # A dash or a number at the start of a line may also be part of a wrapped sentence.
            return (
                piece.bullet == line.bullet or text[above.end - 1] in ".!?:;…" or self._would_fit(above, line, width, 2)
            )
        if piece.bullet and text[line.start - 1] in " \t":
            return False  # indented under its bullet
        is_label = _LABEL.match(text, line.start, line.end) is not None
        if is_label and _LABEL.match(text, *above):
            return True
        return (
            length < _SHORT
            and (longest < _SHORT or length < longest / 2)
            and (is_label or _FRESH_START.match(text, line.start, line.end) is not None)
            and not self._is_unfinished(above)
            and self._would_fit(above, line, width, 1)
        )

    def _would_fit(self, above: Span, line: _Piece, width: int, words: int) -> bool:
        """Whether the line above has room for the first words of this one, so that its end was meant."""
        end = line.start
        for _ in range(words):
            end = self._text.find(" ", end + 1, line.end)
            if end == -1:
                end = line.end
                break
        return above.end - above.start + 1 + end - line.start <= width

    def _is_unfinished(self, line: Span) -> bool:
        """Whether a line goes on in the next: after a comma, a dash or a small word, or with another sentence."""
        last_word = self._text[max(line.start, line.end - 12) : line.end].rpartition(" ")[2]
        return bool(last_word[-1] in ",;&/–—-" or _SMALL_WORD.fullmatch(last_word) or _SENTENCE_END.search(last_word))

    @cached_property
    def _wrap_width(self) -> int:
        """How long lines get before they are wrapped in this file; a line that goes on in lower case was."""
        longest = max((len(line[1]) for line in _WRAPPED_LINE.finditer(self._text, 0, _SAMPLE)), default=0)
        return min(max(longest, _LEAST_WRAP_WIDTH), _GREATEST_WRAP_WIDTH)


_SHORT = 60  # a line below this length may stand by itself
_HEADING_LENGTH = 90
_LEAST_WRAP_WIDTH = 30
_GREATEST_WRAP_WIDTH = 100
_SAMPLE = 100_000  # characters that tell how a file is wrapped

_STRETCH = re.compile(r"\S[^\r\n]*+(?:(?:\r\n|\r|\n)[^\S\r\n]*+\S[^\r\n]*+)*+")
_LINE = re.compile(r"\S(?:[^\r\n]*\S)?")
_WRAPPED_LINE = re.compile(r"(?<![^\r\n])([^\r\n]++)(?:\r\n|\r|\n)[^\S\r\n]*+(?=[a-zà-ÿ])")
_RULER = re.compile(r"([-=_*~#])(?:[ \t]*\1){2,}")
_BULLET = re.compile(r"(?:([-*+•·–▪▫◦●○‣►✓✔])|\(?(?:\d{1,3}|[a-zA-Z](?=\)))([.)]))[ \t]+(?=\S)")
# A line that may be more than the next of a wrapped paragraph.
_NOTABLE_LINE = re.compile(
    r"""[\r\n][^\S\r\n]*+(?=[A-ZÀ-ÖØ-Þ\d"“'‘(\[£$€#+*•·–▪▫◦●○‣►✓✔=_~-]|[a-z]\)|[^\W\d_][\w /&'’-]{0,24}:)"""
)
_LINE_IN_LOWER_CASE = re.compile(r"[\r\n][^\S\r\n]*+[a-zà-ÿ]")
_LABEL = re.compile(r"[^\W\d_][\w /&'’-]{0,24}:(?=\s|$)")
_FRESH_START = re.compile(r"""["“'‘(\[]?(?:[A-ZÀ-ÖØ-Þ\d]|[£$€#+])""")
_SENTENCE_END = re.compile(r"""[.!?…]["”'’)\]]?$""")
_SMALL_WORD = re.compile(
    r"""an?|and|are|as|at|be|but|by|can|for|from|has|have|her|his|if|in|into|is|its|my|no|not|of|on|or|our|than|that
       |the|their|this|to|was|were|when|which|who|will|with|you|your""",
    re.IGNORECASE | re.VERBOSE,
)
_SENTENCE_END_INSIDE = re.compile(r"""(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bSt)(?<!\bNo)[.!?]["”’]?\s+["“‘A-Z-]""")
_WRAPPED_HYPHEN = re.compile(r"(?<=[^\W\d_]-)[ \t]*(?:\r\n|\r|\n)[ \t]*(?=[a-z])(?!(?:and|or|to)\b)")
