"""Reads the XML parts of a zipped document, as Word and OpenDocument files are, whoever made them.

Nothing is trusted: a part tells its size before it is inflated, a document type (and so every entity) is refused, and
elements arrive one by one, so that depth and size cost no more than the text itself.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import NoReturn
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from medlint.readers import ReadError


class Handler:
    """What is told of the elements of a part, in their order; names are written with their usual prefixes (`w:p`)."""

    def start(self, name: str, values: Mapping[str, str]) -> None:
        """An element begins; its attributes are by name."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text stands here."""


class Package:
    """The parts of a zipped document."""

    def __init__(self, data: bytes, kind: str) -> None:
        """`kind` is what messages call such a document; raises ReadError when the data are no archive."""
        self._kind = kind
        self._inflated = 0
        if data.startswith(_OLE):
            raise ReadError(f"not {kind}: this is an old Office file, or one with a password; {_ADVICE}")
        try:
            self._archive = ZipFile(BytesIO(data))
        except (BadZipFile, *_ZIP_FAULTS) as error:
            raise ReadError(f"not {kind}: no whole zip archive ({_reason(error)}); {_ADVICE}") from None
        self._sizes = {part.filename: part.file_size for part in self._archive.infolist()}

    def __contains__(self, part: str) -> bool:
        return part in self._sizes

    def parse(self, part: str, handler: Handler) -> None:
        """Tell the handler what a part holds; raises ReadError when it is missing, broken, too large or hostile."""
        data = self._read(part)

        def refuse(*_: object) -> NoReturn:
            raise ReadError(f"{part} declares a document type, as no program that writes {self._kind} does; {_ADVICE}")

        def start(name: str, values: dict[str, str]) -> None:
            handler.start(_name(name), {_name(key): value for key, value in values.items()})

        def end(name: str) -> None:
            handler.end(_name(name))

        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = refuse
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = handler.text
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            if isinstance(error, IndexError | KeyError):  # a defect of ours, and no unknown encoding
                raise
            raise ReadError(f"broken {part}: {error}; {_ADVICE}") from None

    def _read(self, part: str) -> bytes:
        if part not in self:
            raise ReadError(f"not {self._kind}: the archive holds no {part}; {_ADVICE}")
        self._inflated += self._sizes[part]
        if self._inflated > MOST_BYTES:
            size = f"{self._inflated // 1_000_000} MB"
            raise ReadError(f"too large: {part} inflates to {size}, more than {MOST_BYTES // 1_000_000} MB; split it")
        try:
            return self._archive.read(part)  # never more than the size it tells
        except (BadZipFile, *_ZIP_FAULTS) as error:
            raise ReadError(f"broken archive: {part} cannot be unpacked ({_reason(error)}); {_ADVICE}") from None


MOST_BYTES = 64_000_000  # of all parts together; the text of a thousand pages is a tenth of that

_OLE = b"\xd0\xcf\x11\xe0"
_ADVICE = "open it where it was written and save it anew, without a password"
# What a damaged or an encrypted archive and unknown kinds of compression make `zipfile` raise.
_ZIP_FAULTS = (zlib.error, EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError)


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


_TRANSITIONAL = "http://schemas.openxmlformats.org"
_STRICT = "http://purl.oclc.org/ooxml"
_OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"
_PREFIXES = {
    **{
        f"{root}/{name}": prefix
        for root, year in ((_TRANSITIONAL, "/2006"), (_STRICT, ""))
        for name, prefix in (
            (f"wordprocessingml{year}/main", "w"),
            (f"officeDocument{year}/relationships", "r"),
            (f"drawingml{year}/wordprocessingDrawing", "wp"),
        )
    },
    f"{_TRANSITIONAL}/package/2006/relationships": "rel",
    f"{_TRANSITIONAL}/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    **{f"{_OPEN_DOCUMENT}:{name}:1.0": name for name in ("office", "style", "text", "table", "manifest")},
    f"{_OPEN_DOCUMENT}:drawing:1.0": "draw",
    f"{_OPEN_DOCUMENT}:svg-compatible:1.0": "svg",
    "http://www.w3.org/1999/xlink": "xlink",
}


@lru_cache(4096)
def _name(written: str) -> str:
    """A name as `prefix:local`; as it is when it has no namespace, with the whole address when nobody needs it."""
    space, _, local = written.rpartition(" ")
    return f"{_PREFIXES.get(space, space)}:{local}" if space else local
