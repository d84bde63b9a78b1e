"""Reads a sitemap: the addresses that it lists, each with its line.

A sitemap is somebody else's file: a document type, and so every entity, is refused, its size is limited as its protocol
has it, and nothing that it names is fetched.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, NoReturn
from xml.parsers import expat

from medlint.regularfiles import read_bytes

_MOST_BYTES, _MOST_ENTRIES, _LONGEST_ADDRESS = 52_428_800, 50_000, 2_048  # the protocol's own limits


class Entry(NamedTuple):
    """An address in a sitemap: of a page, or in an index of another sitemap."""

    address: str
    line: int


class Sitemap(NamedTuple):
    """What a sitemap lists."""

    entries: tuple[Entry, ...]
    is_index: bool = False  # of other sitemaps
    first_unread: int = 0  # line of the first entry beyond those that a sitemap may have


class SitemapError(Exception):
    """A sitemap that cannot be used, why, and the line that says so; 0 where none does."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


def read_sitemap(file: Path) -> Sitemap:
    """What the sitemap in a file lists; raises SitemapError."""
    try:
        size = file.stat().st_size
        if size > _MOST_BYTES:
            raise SitemapError(f"holds {size} bytes, and a sitemap has {_MOST_BYTES} at most")
        data = read_bytes(file)
    except OSError as error:
        raise SitemapError(f"cannot be read: {error.strerror or error}") from None
    return _Reading().read(data)


def shown(text: str) -> str:
    """As much of an address or a name as fits into a message."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


_LONGEST_SHOWN = 100


class _Reading:
    """What the tags have told so far."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._is_index = False
        self._first_unread = 0
        self._open: list[str] = []
        self._text: list[str] = []
        self._line = 0  # of the tag that was opened last
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._more

    def read(self, data: bytes) -> Sitemap:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise SitemapError(f"is no well-formed XML: {expat.ErrorString(error.code)}", error.lineno) from None
        except (LookupError, ValueError):  # of the encoding that it declares
            raise SitemapError("declares an encoding that is not read here; save it as UTF-8", 1) from None
        return Sitemap(tuple(self._entries), self._is_index, self._first_unread)

    def _start(self, name: str, _values: object) -> None:
        name = name.rpartition(" ")[2]
        self._line = self._parser.CurrentLineNumber
        if not self._open:
            if name not in ("urlset", "sitemapindex"):
                raise SitemapError(f"begins with <{shown(name)}> and not with <urlset> or <sitemapindex>", self._line)
            self._is_index = name == "sitemapindex"
        self._open.append(name)
        self._text = []

    def _end(self, _name: str) -> None:
        # Images and videos of a page have a `loc` too, but not directly in its `url`.
        if self._open[-2:] in (["url", "loc"], ["sitemap", "loc"]):
            self._list("".join(self._text).strip())
        self._open.pop()
        self._text = []

    def _list(self, address: str) -> None:
        if len(self._entries) == _MOST_ENTRIES:
            self._first_unread = self._first_unread or self._line
        elif address:
            self._entries.append(Entry(address[:_LONGEST_ADDRESS], self._line))

    def _more(self, text: str) -> None:
        if self._open[-1] == "loc":
            self._text.append(text)

    def _refuse(self, *_: object) -> NoReturn:
        line = self._parser.CurrentLineNumber
        raise SitemapError("declares a document type (<!DOCTYPE>), which no sitemap needs, so it is not read", line)
