"""Reads the text of a PDF, which knows letters on a page but no paragraphs: lines that stand apart are kept apart.

What is left to tell, such as whether a line goes on in the next, plain text leaves open too, so that reader goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from medlint.document import Document, Source
from medlint.readers import ReadError, text

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader


def read_bytes(path: str, data: bytes) -> Document:
    """The document in a .pdf file; raises ReadError when it is broken, encrypted or holds no text."""
    reader = _opened(data)
    try:
        pages = [list(_lines(page)) for page in reader.pages]
    except Exception as error:  # a broken file makes it stumble in many ways
        raise _broken(error) from None
    if not any(pages):
        raise ReadError(
            "no text in this PDF, only pictures (a scan?); run text recognition on it, or lint what it was made from"
        )
    lines = list(_numbered(pages))
    source = Source(path, "\n".join(line for line, _ in lines), tuple(place for _, place in lines))
    return text.read(source)


def _opened(data: bytes) -> PdfReader:
    try:
        from pypdf import PasswordType, PdfReader
        from pypdf.errors import DependencyError
    except ImportError:
        raise ReadError(
            'PDF needs one more package; install it with: python -m pip install "medlint-copy[pdf]"'
        ) from None
    import logging

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it mends in a file is of no interest to its author
    try:
        reader = PdfReader(BytesIO(data))
        is_open = not reader.is_encrypted or reader.decrypt("") != PasswordType.NOT_DECRYPTED
    except (DependencyError, NotImplementedError):  # a kind of encryption that it needs help with
        is_open = False
    except Exception as error:
        raise _broken(error) from None
    if not is_open:
        raise ReadError("the PDF is encrypted; save it without a password and without restrictions")
    return reader


def _broken(error: Exception) -> ReadError:
    reason = " ".join(str(error).split()) or type(error).__name__
    return ReadError(f"not a whole PDF: {reason}; export it anew")


class _Line:
    """A line of text on a page."""

    def __init__(self) -> None:
        self.height = 0.0  # of its first letters above the foot of the page
        self.size = 0.0  # of its largest letters
        self._words: list[str] = []

    @cached_property
    def text(self) -> str:
        """The words of the whole line."""
        return _BULLET.sub(r"\1 ", "".join(self._words).strip())

    def add(self, words: str, height: float, size: float) -> None:
        """What stands behind the words so far; numbers in small print above the others become superscripts."""
        if not words.strip():
            self._words += words if self._words else ""
            return
        if not self._words:
            self.height = height
        elif size < _SMALL * self.size and height > self.height:
            words = _superscript(words)
        elif len(self._words) == 1 and self.size < _SMALL * size and self.height > height:
            self._words = [_superscript(self._words[0])]
        self._words.append(words)
        self.size = max(self.size, size)


_SMALL = 0.8
_BULLET = re.compile(r"^([•·–▪▫◦●○‣►✓✔])(?=\w)")  # which may be set apart without a space


def _superscript(words: str) -> str:
    return words.translate(_SUPERSCRIPTS) if _NUMBERS.fullmatch(words) else words


_NUMBERS = re.compile(r"\s*\d{1,3}(?:[,–-]\d{1,3})*\s*")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _lines(page: PageObject) -> Iterator[_Line]:
    """The lines of a page that hold text, in the order in which they were set."""
    lines = [_Line()]

    def visit(piece: str, outer: Any, inner: Any, _font: Any, size: Any) -> None:
        height = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        for number, words in enumerate(_NOT_TEXT.sub(" ", piece).split("\n")):
            if number:
                lines.append(_Line())
            lines[-1].add(words, height, abs(size * inner[3] * outer[3]))

    page.extract_text(visitor_text=visit)
    return (line for line in lines if line.text)


_NOT_TEXT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


def _numbered(pages: Sequence[Sequence[_Line]]) -> Iterator[tuple[str, str]]:
    """Each line with what a person calls its place, and an empty one where something new begins."""
    above: _Line | None = None
    for number, lines in enumerate(pages, start=1):
        gaps = sorted(gap for upper, lower in pairwise(lines) if (gap := upper.height - lower.height) > 0)
        usual = gaps[len(gaps) // 4] if gaps else 0  # most lines of a page go on in the next, but hardly all
        for on_page, line in enumerate(lines, start=1):
            if above and not (_goes_over(above, line) if on_page == 1 else _goes_on(above, line, usual)):
                yield "", ""
            yield line.text, f"page {number}, line {on_page}"
            above = line


def _goes_on(above: _Line, line: _Line, usual: float) -> bool:
    """Whether a line stands as close to the one above as lines of a paragraph do, in letters of the same size."""
    return (
        0 <= above.height - line.height <= _LOOSE * usual and above.size <= _LOOSE * line.size <= _LOOSE**2 * above.size
    )


def _goes_over(above: _Line, line: _Line) -> bool:
    """Whether a sentence at the foot of a page goes on at the head of the next."""
    return above.text[-1] not in ".!?:" and line.text[0].islower()


_LOOSE = 1.25
