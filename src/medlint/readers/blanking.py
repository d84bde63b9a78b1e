"""Blanks the parts of a text that are for a program and not for the reader of the page; every offset stays."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from functools import cached_property
from typing import NamedTuple

from medlint.document import Comment, Span

# Stands for a blanked character in Markdown: four spaces would turn a line into code, other control characters are not
# allowed in a link's address, and a letter or a mark of punctuation would have a meaning.
FILLER = "\x7f"


class Blanked(NamedTuple):
    """A text with some of it blanked, as long as before, and the comments that were there.

    `text` has spaces in the blanks. `markdown` has spaces only in blanks that take up whole lines, and fillers in the
    others; `whole_lines` is where the former start. `shown` are the words in the blanks that the reader sees.
    """

    text: str
    markdown: str
    whole_lines: frozenset[int]
    comments: list[Comment]
    shown: tuple[Span, ...] = ()


def blank(text: str, spans: list[Span], comments: list[Comment]) -> Blanked:
    """The text without the given spans, which are in order and apart."""
    plain: list[str] = []
    marked: list[str] = []
    whole_lines: set[int] = set()
    position = 0
    for group in _neighbours(text, spans):
        filler = FILLER
        if _fills_lines(text, group[0].start, group[-1].end):
            filler = " "
            whole_lines.update(span.start for span in group)
        for span in group:
            kept, gone = text[position : span.start], text[span.start : span.end]
            plain += kept, _blanked(gone, " ")
            marked += kept, _blanked(gone, filler)
            position = span.end
    rest = text[position:]
    return Blanked("".join((*plain, rest)), "".join((*marked, rest)), frozenset(whole_lines), comments)


def _blanked(text: str, filler: str) -> str:
    """As many fillers as the text has characters, its line ends kept."""
    return _WITHIN_LINE.sub(lambda run: filler * len(run[0]), text)


_WITHIN_LINE = re.compile(r"[^\r\n]+")


def _neighbours(text: str, spans: list[Span]) -> list[list[Span]]:
    """The spans, those with only blanks between them in one list."""
    groups: list[list[Span]] = []
    for span in spans:
        if groups and not text[groups[-1][-1].end : span.start].strip(" \t"):
            groups[-1].append(span)
        else:
            groups.append([span])
    return groups


def _fills_lines(text: str, start: int, end: int) -> bool:
    """Whether nothing but blanks stands before `start` and after `end` on their lines."""
    while start and text[start - 1] in " \t":
        start -= 1
    while end < len(text) and text[end] in " \t":
        end += 1
    return (start == 0 or text[start - 1] in "\r\n") and (end == len(text) or text[end] in "\r\n")


class CodeFinder:
    """Finds where Markdown code ends, in linear time over a whole text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def end(self, start: int, words: int) -> int:
        """Where the code ends that the backticks or tildes from `start` to `words` open; `words` if they open none."""
        length = words - start
        line_start = start
        while line_start and self._text[line_start - 1] in " \t>":
            line_start -= 1
        if length >= 3 and (line_start == 0 or self._text[line_start - 1] in "\r\n"):
            mark = self._text[start]
            if mark == "~" or not _TICK_IN_LINE.match(self._text, words):
                closing = re.compile(rf"(?<![^\r\n])[ \t>]*+{mark}{{{length},}}+[ \t]*+(?=[\r\n]|\Z)")
                found = closing.search(self._text, words)
                return found.end() if found else len(self._text)
        return self._span_end(length, words) if self._text[start] == "`" else words

    def _span_end(self, length: int, words: int) -> int:
        ends = self._ticks[length]
        following = bisect_left(ends, words + 1)
        paragraph = bisect_left(self._empty_lines, words)
        paragraph_end = self._empty_lines[paragraph] if paragraph < len(self._empty_lines) else len(self._text)
        if following < len(ends) and ends[following] <= paragraph_end:
            return ends[following]
        return words

    @cached_property
    def _ticks(self) -> dict[int, list[int]]:
        """Length of a run of backticks -> where such runs end."""
        ends: dict[int, list[int]] = defaultdict(list)
        for run in re.finditer("`+", self._text):
            ends[len(run[0])].append(run.end())
        return ends

    @cached_property
    def _empty_lines(self) -> list[int]:
        return [end.start() for end in re.finditer(r"(?:\r\n|\r(?!\n)|\n)(?=[ \t]*+[\r\n])", self._text)]


_TICK_IN_LINE = re.compile(r"[^`\r\n]*+`")
