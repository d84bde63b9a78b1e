"""Turns the bytes of a file into a Document: decodes them and hands the text to the reader of its format."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path, PurePath
from typing import Literal, NamedTuple

from medlint.document import Document, Source
from medlint.regularfiles import open_bytes


class ReadError(Exception):
    """A file that cannot be read as copy; the message says what was found, what was expected and what to do."""


class Format(NamedTuple):
    """A kind of file medlint reads: the suffixes it goes by and the module that reads it.

    The module is imported when the first such file is read. It has `read(source) -> Document`, or, where the file is
    no text whose lines a person could go to, `read_bytes(path, data) -> Document`.

    Folders are full of files whose suffix says little about whether they are copy. Such files are read when they are
    named. Of those met in a folder, a module with `why_not(start, names)` judges by how they start; files of strings
    are read where the configuration says so.
    """

    name: str
    suffixes: tuple[str, ...]
    reader_module: str
    is_text: bool = True
    has_names: bool = False  # `read(source, names)`: the names of columns, keys or attributes tell what is copy
    in_folders: Literal["all", "judged", "configured"] = "all"
    fallback: str = ""  # encoding of bytes that are no UTF-8, where the reader itself can tell what they mean


class Names(NamedTuple):
    """Patterns for the names of what is copy, beside those that medlint knows; the last that fits decides.

    `*` stands for anything; `!` before a pattern says that such names are not copy. Case does not matter.
    """

    columns: tuple[str, ...] = ()  # of sheets
    keys: tuple[str, ...] = ()  # of string files; with a dot, of the whole path to a string
    front_matter: tuple[str, ...] = ()  # the same of the keys of a page's front matter
    attributes: tuple[str, ...] = ()  # of the tags in Markdown, MDX and HTML


# Pages in which Liquid, Jinja, Nunjucks, Twig, Handlebars, ERB, EJS or PHP fills gaps.
_TEMPLATES = (
    *(".liquid", ".jinja", ".jinja2", ".j2", ".njk", ".nunjucks", ".twig", ".hbs", ".handlebars", ".mustache"),
    *(".erb", ".ejs", ".php"),
)
FORMATS = (
    Format("text", (".txt", ".text"), "medlint.readers.text"),
    Format(
        "markdown", (".md", ".markdown", ".mdx", ".mdown", ".mkd", ".qmd"), "medlint.readers.markdown", has_names=True
    ),
    Format("html", (".html", ".htm", ".xhtml", *_TEMPLATES), "medlint.readers.html", has_names=True),
    Format("rst", (".rst",), "medlint.readers.rst"),
    Format("astro", (".astro",), "medlint.readers.astro", has_names=True),
    Format("sheet", (".csv", ".tsv"), "medlint.readers.sheet", has_names=True, in_folders="judged"),
    Format("mail", (".eml",), "medlint.readers.mail", fallback="latin-1"),
    Format("gettext", (".po",), "medlint.readers.gettext"),
    Format("wordpress", (".wxr",), "medlint.readers.wordpress"),
    Format("xml", (".xml",), "medlint.readers.wordpress", in_folders="judged"),
    Format("json", (".json",), "medlint.readers.json_file", has_names=True, in_folders="configured"),
    Format("yaml", (".yml", ".yaml"), "medlint.readers.yaml_file", has_names=True, in_folders="configured"),
    Format(
        "properties",
        (".properties",),
        "medlint.readers.properties",
        has_names=True,
        in_folders="configured",
        fallback="latin-1",
    ),
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


def way_out(suffix: str) -> str:
    """What to do with a file of a suffix in which drafts come and which no reader knows; empty for any other."""
    return _WAYS_OUT.get(suffix, "")


_SAVE_AS_WORD = "save it as .docx and lint that"
# AsciiDoc and RTF have no Python library that is kept up and tells where in the file a word stands.
_WAYS_OUT = {
    **dict.fromkeys((".adoc", ".asciidoc"), 'convert it with "asciidoctor -b html5" and lint the .html'),
    **dict.fromkeys((".rtf", ".doc", ".docm", ".dotx", ".pages", ".wps"), _SAVE_AS_WORD),
    ".gdoc": "it is a link to the document; download that from Google Docs as .docx and lint it",
    ".zip": "unpack it and lint the files in it",
}


def why_not_in_folders(path: Path, names: Names, *, is_configured: bool) -> str:
    """Why a file of a known format, met in a folder, is not linted; empty when it is.

    `is_configured` tells whether the configuration lists it as a file of strings.
    """
    format = format_for(path.name)
    if format is None or format.in_folders == "all" or is_configured:
        return ""
    if format.in_folders == "configured":
        return (
            f"{path.suffix.lower()} files are read where they are named, or listed under 'strings' in a configuration"
        )
    with open_bytes(path) as opened:
        start = opened.read(_START)
    reason: str = import_module(format.reader_module).why_not(_loosely_decoded(start), names)
    return reason


_START = 65_536  # bytes


def _loosely_decoded(start: bytes) -> str:
    encoding = _UTF16_MARKS.get(start[:2])
    return start[2:].decode(encoding, "replace") if encoding else start.decode("utf-8-sig", "replace")


_NO_NAMES = Names()


def read_document(path: str, data: bytes, format: Format, names: Names = _NO_NAMES) -> Document:
    """The document in a file's bytes; raises ReadError when they are not readable copy."""
    if format.is_text:
        return read_text(path, decode(data, format.fallback), format, names)
    document: Document = import_module(format.reader_module).read_bytes(path, data)
    return document


def read_text(path: str, text: str, format: Format, names: Names = _NO_NAMES) -> Document:
    """The document in a text that is decoded already, such as an editor's buffer; raises ReadError."""
    if not format.is_text:
        raise ReadError(f"{PurePath(path).suffix} is no text format; name the file itself")
    if not text.isascii():
        text = _LONE_SURROGATES.sub("\ufffd", text)  # an editor may send half a character, which no parser takes
    read = import_module(format.reader_module).read
    document: Document = read(Source(path, text), names) if format.has_names else read(Source(path, text))
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


def decode(data: bytes, fallback: str = "") -> str:
    """The text in UTF-8 or, after a byte-order mark, UTF-16 data, without the mark; raises ReadError otherwise.

    With a fallback, that is the encoding of data that are no UTF-8.
    """
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise ReadError(f"not text: this is {kind}")
    encoding = _UTF16_MARKS.get(data[:2])
    text = _decode_utf16(data[2:], encoding) if encoding else _decode_utf8(data.removeprefix(b"\xef\xbb\xbf"), fallback)
    if "\0" in text:
        line = _line_of(text, text.index("\0"))
        raise ReadError(f"not text: NUL character at line {line}; if this is text, save it as UTF-8")
    return text


def _decode_utf8(data: bytes, fallback: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if fallback:
            return data.decode(fallback)
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
