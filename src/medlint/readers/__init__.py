"""Turns the bytes of a file into a Document: decodes them and hands the text to the reader of its format."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import PurePath
from typing import NamedTuple

from medlint.document import Document, Source


class ReadError(Exception):
    """A file that cannot be read as copy; the message says what was found, what was expected and what to do."""


class Format(NamedTuple):
    """A kind of file medlint reads: the suffixes it goes by and the module that reads it.

    The module is imported when the first such file is read. It has `read(source) -> Document`, or, where the file is
    no text whose lines a person could go to, `read_bytes(path, data) -> Document`.
    """

    name: str
    suffixes: tuple[str, ...]
    reader_module: str
    is_text: bool = True


FORMATS = (
    Format("text", (".txt", ".text"), "medlint.readers.text"),
    Format("markdown", (".md", ".markdown", ".mdx", ".mdown", ".mkd"), "medlint.readers.markdown"),
    Format("html", (".html", ".htm", ".xhtml"), "medlint.readers.html"),
    Format("docx", (".docx",), "medlint.readers.docx", is_text=False),
    Format("odt", (".odt",), "medlint.readers.odt", is_text=False),
    Format("pdf", (".pdf",), "medlint.readers.pdf", is_text=False),
)


def format_for(path: str) -> Format | None:
    """The format of a path by its suffix, in any case; None when no reader knows it."""
    suffix = PurePath(path).suffix.lower()
    return next((each for each in FORMATS if suffix in each.suffixes), None)


def known_suffixes() -> list[str]:
    """Every suffix medlint reads, in the order of the table."""
    return [suffix for each in FORMATS for suffix in each.suffixes]


def read_document(path: str, data: bytes, format: Format) -> Document:
    """The document in a file's bytes; raises ReadError when they are not readable copy."""
    if format.is_text:
        return read_text(path, decode(data), format)
    document: Document = import_module(format.reader_module).read_bytes(path, data)
    return document


def read_text(path: str, text: str, format: Format) -> Document:
    """The document in a text that is decoded already, such as an editor's buffer; raises ReadError."""
    if not format.is_text:
        raise ReadError(f"{PurePath(path).suffix} is no text format; name the file itself")
    if not text.isascii():
        text = _LONE_SURROGATES.sub("\ufffd", text)  # an editor may send half a character, which no parser takes
    document: Document = import_module(format.reader_module).read(Source(path, text))
    return document


_LONE_SURROGATES = re.compile("[\ud800-\udfff]")


_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SAVE = "save the copy as text, Markdown or HTML"
_MAGIC = {
    b"%PDF-": "a PDF; give it the suffix .pdf",
    b"PK\x03\x04": "a zip archive; if it is a Word or OpenDocument file, give it the suffix .docx or .odt",
    b"\xd0\xcf\x11\xe0": "an old Word or Office file; save the copy as .docx",
    b"{\\rtf": "a rich-text file; save the copy as .docx or .odt",
    b"\x89PNG": f"a PNG image; {_SAVE}",
    b"\xff\xd8\xff": f"a JPEG image; {_SAVE}",
    b"GIF8": f"a GIF image; {_SAVE}",
    b"\x1f\x8b": f"a gzip archive; {_SAVE}",
}


def decode(data: bytes) -> str:
    """The text in UTF-8 or, after a byte-order mark, UTF-16 data, without the mark; raises ReadError otherwise."""
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise ReadError(f"not text: this is {kind}")
    encoding = _UTF16_MARKS.get(data[:2])
    text = _decode_utf16(data[2:], encoding) if encoding else _decode_utf8(data.removeprefix(b"\xef\xbb\xbf"))
    if "\0" in text:
        line = _line_of(text, text.index("\0"))
        raise ReadError(f"not text: NUL character at line {line}; if this is text, save it as UTF-8")
    return text


def _decode_utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _line_of(data[: error.start].decode("utf-8"), error.start)
        byte = data[error.start]
        raise ReadError(f"not UTF-8: byte 0x{byte:02x} at line {line}; save the file as UTF-8") from None


def _decode_utf16(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_of(data[: error.start].decode(encoding), error.start)
        raise ReadError(f"broken UTF-16: {error.reason} at line {line}; save the file as UTF-8") from None


def _line_of(text: str, offset: int) -> int:
    return Source("", text[:offset]).position(len(text[:offset])).line
