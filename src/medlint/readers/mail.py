"""Reads an e-mail as it is opened: its subject and its HTML part, then what its plain part says in other words.

Quoted-printable and encoded words lead back to their characters, base64 to its lines; the place in words is the line of
the decoded part. The standard library's parser decodes, but tells no places, so it reads only the headers.
"""

from __future__ import annotations

import binascii
import codecs
import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import NamedTuple

from medlint.document import Block, Document, ProseBuilder, Source, Span, Writer, in_parts
from medlint.readers import ReadError
from medlint.readers.excerpt import Excerpt, read_excerpt
from medlint.readers.html import read_fragment
from medlint.readers.text import read as read_plain


def read(source: Source) -> Document:
    """The document in an e-mail; raises ReadError when it is none or cannot be decoded."""
    whole = _part(source.text, Span(0, len(source.text)))
    if not whole.headers.keys():
        raise ReadError('no e-mail: line 1 is no header such as "Subject: ..."; save the message as .eml')
    found = _Found()
    found.take(source.text, whole, found.shown)
    shown = [_body(source, part) for part in found.shown]
    blocks = [*_subject(source.text, whole), *(block for part in shown for block in part.blocks)]
    comments = tuple(comment for part in shown for comment in part.comments)
    anchors = frozenset[str]().union(*(part.anchors for part in shown))
    parts = [Document(source, tuple(blocks), comments, anchors)]
    parts += (_body(source, part)._replace(is_alternative=True) for part in found.alternatives)
    notes = [f"not read: {', '.join(found.left)}"] if found.left else []
    return in_parts(source, parts, notes=notes)


class _Part(NamedTuple):
    """A part of a message: its headers, and where they and its body stand."""

    headers: Message
    head: Span
    body: Span

    @property
    def is_shown(self) -> bool:
        """Whether it is a text that opens with the message."""
        is_text = self.headers.get_content_type() in ("text/html", "text/plain")
        return is_text and self.headers.get_content_disposition() != "attachment"

    @property
    def name(self) -> str:
        """What a person calls a part that is left alone: its file name, if any, and its type."""
        file = " ".join((self.headers.get_filename() or "").split())[:_LONGEST_NAME]
        kind = self.headers.get_content_type()
        return f'attachment "{file}" ({kind})' if file else f"a part of type {kind}"


_LONGEST_NAME = 80  # characters


_HEAD = re.compile(r"(?:[^\r\n]++(?:\r\n|\r|\n|\Z))*+")
_LINE_END = re.compile(r"\r\n|\r|\n")


def _part(text: str, span: Span) -> _Part:
    found = _HEAD.match(text, *span)
    end = found.end() if found else span.start
    blank = _LINE_END.match(text, end, span.end)
    headers = HeaderParser().parsestr(text[span.start : end])
    return _Part(headers, Span(span.start, end), Span(blank.end() if blank else end, span.end))


_DEPTH_LIMIT = 20


class _Found:
    """The parts of a message: what mail programs show, what they may show instead, and what is no copy."""

    def __init__(self) -> None:
        self.shown: list[_Part] = []
        self.alternatives: list[_Part] = []
        self.left: list[str] = []

    def take(self, text: str, part: _Part, shown: list[_Part], depth: int = 0) -> None:
        """Sort in a part and those in it; what is shown of it joins `shown`."""
        if depth > _DEPTH_LIMIT:
            raise ReadError(f"parts of the message are nested more than {_DEPTH_LIMIT} levels deep; save it anew")
        if part.headers.get_content_maintype() != "multipart":
            if part.is_shown:
                shown.append(part)
            else:
                self.left.append(part.name)
            return
        boundary = part.headers.get_boundary()
        if not boundary:
            raise ReadError("a multipart message that names no boundary between its parts; save it anew")
        forms: list[list[_Part]] = []
        for inner in _inner(text, part.body, boundary):
            forms.append([])
            self.take(text, inner, forms[-1], depth + 1)
        if part.headers.get_content_subtype() == "alternative":
            *others, best = sorted(forms, key=_is_html) if forms else [[]]
            self.alternatives += (each for parts in others for each in parts)
            forms = [best]
        shown += (each for parts in forms for each in parts)


def _is_html(parts: list[_Part]) -> bool:
    return any(part.headers.get_content_type() == "text/html" for part in parts)


def _inner(text: str, body: Span, boundary: str) -> Iterator[_Part]:
    """The parts between the boundaries; the last one may lack its end."""
    line = re.compile(rf"(?<![^\r\n])--{re.escape(boundary)}(--)?[ \t]*+(?:\r\n|\r|\n|\Z)")
    start = -1
    for found in line.finditer(text, *body):
        if start >= 0:
            yield _part(text, Span(start, found.start()))
        start = -1 if found[1] else found.end()
        if found[1]:
            return
    if start >= 0:
        yield _part(text, Span(start, body.end))


def _body(source: Source, part: _Part) -> Document:
    excerpt = Excerpt()
    charset = _charset(part.headers.get_content_charset() or "utf-8")
    match (part.headers.get("Content-Transfer-Encoding") or "").strip().lower():
        case "quoted-printable":
            _write_quoted(excerpt, source.text, part.body, charset, _QUOTED)
        case "base64":
            _write_base64(excerpt, source, part.body, charset)
        case _:
            _write_plain(excerpt, source.text, part.body, charset)
    read, name = (read_fragment, "HTML part") if _is_html([part]) else (read_plain, "text part")
    return read_excerpt(source, excerpt, read, lambda there: f"{name}, line {there.line}")


def _charset(name: str) -> str:
    """A character set that Python knows; what it does not know is most often a misspelt UTF-8."""
    try:
        b"a".decode(name, "replace")  # Python has codecs from bytes to bytes too, such as "hex", and refuses them here
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError):
        return "utf-8"
    return name


_Byte = tuple[int, int, int]  # its value, and where in the file its encoding stands


def _write_bytes(writer: Writer, octets: Iterable[_Byte], charset: str) -> None:
    """Append what the bytes say; those that make up one character stand for it together."""
    try:
        _write_decoded(writer, octets, codecs.getincrementaldecoder(charset)("replace"))
    except UnicodeError as error:  # UTF-16 without a mark, for one
        raise ReadError(f"not {charset}, though a header says so: {error}; save the message anew") from None


def _write_decoded(writer: Writer, octets: Iterable[_Byte], decoder: codecs.IncrementalDecoder) -> None:
    start = end = -1
    for octet, octet_start, octet_end in octets:
        start = octet_start if start < 0 else start
        end = octet_end
        if words := decoder.decode(bytes((octet,))):
            writer.replacement(words, start, end)
            start = -1
    if start >= 0:
        writer.replacement(decoder.decode(b"", True), start, end)


_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")


def _write_plain(writer: Writer, text: str, span: Span, charset: str) -> None:
    """Append text as it stands; where the file is no UTF-8, its characters are the bytes of the part."""
    position = span.start
    for run in _NOT_ASCII.finditer(text, *span):
        writer.verbatim(text, position, run.start())
        position = run.end()
        try:
            octets = run.group().encode("latin-1")
            octets.decode(charset)
        except UnicodeError:
            writer.verbatim(text, *run.span())
        else:
            numbered = enumerate(octets, start=run.start())
            _write_bytes(writer, ((octet, place, place + 1) for place, octet in numbered), charset)
    writer.verbatim(text, position, span.end)


_QUOTED = re.compile(r"(?:=[0-9A-Fa-f]{2}|=[ \t]*+(?:\r\n|\r|\n|\Z))+")
_QUOTED_WORD = re.compile(r"(?:=[0-9A-Fa-f]{2}|_)+")
_OCTET = re.compile(r"=([0-9A-Fa-f]{2})|(_)")


def _write_quoted(writer: Writer, text: str, span: Span, charset: str, run: re.Pattern[str]) -> None:
    """Append what is quoted-printable."""
    position = span.start
    for found in run.finditer(text, *span):
        _write_plain(writer, text, Span(position, found.start()), charset)
        position = found.end()
        octets = (
            (0x20 if octet[2] else int(octet[1], 16), *octet.span()) for octet in _OCTET.finditer(text, *found.span())
        )
        _write_bytes(writer, octets, charset)
    _write_plain(writer, text, Span(position, span.end), charset)


_BASE64_LINE = re.compile(r"[^\r\n]+")


def _write_base64(writer: Writer, source: Source, span: Span, charset: str) -> None:
    """Append what is base64, each character at its line."""
    _write_bytes(writer, _base64_octets(source, span), charset)


def _base64_octets(source: Source, span: Span) -> Iterator[_Byte]:
    carried = ""
    for line in _BASE64_LINE.finditer(source.text, *span):
        carried += "".join(line.group().split())
        whole = len(carried) - len(carried) % 4
        try:
            octets = binascii.a2b_base64(carried[:whole])
        except (binascii.Error, ValueError) as error:
            number = source.position(line.start()).line
            raise ReadError(f"broken base64 at line {number}: {error}; save the message anew") from None
        carried = carried[whole:]
        yield from ((octet, *line.span()) for octet in octets)


_SUBJECT = re.compile(
    r"(?<![^\r\n])Subject:[ \t]*+(?P<words>[^\r\n]*+(?:(?:\r\n|\r|\n)[ \t][^\r\n]*+)*+)", re.IGNORECASE
)
_ENCODED_WORD = re.compile(r"=\?([^?\s*]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?\s]*)\?=")
_BETWEEN = re.compile(r"\s*")


def _subject(text: str, whole: _Part) -> Iterator[Block]:
    found = _SUBJECT.search(text, *whole.head)
    if not found:
        return
    span = Span(*found.span("words"))
    builder = ProseBuilder()
    position = span.start
    for word in _ENCODED_WORD.finditer(text, *span):
        is_first = position == span.start
        if is_first or not _BETWEEN.fullmatch(text, position, word.start()):  # white space between two is none
            _write_plain(builder, text, Span(position, word.start()), "utf-8")
        position = word.end()
        charset = _charset(word[1])
        if word[2] in "qQ":
            _write_quoted(builder, text, Span(*word.span(3)), charset, _QUOTED_WORD)
        else:
            builder.replacement(_base64_word(word[3], charset), *word.span())
    _write_plain(builder, text, Span(position, span.end), "utf-8")
    prose = builder.build()
    if prose.text.strip():
        yield Block("title", prose, span, place="subject")


def _base64_word(word: str, charset: str) -> str:
    try:
        return binascii.a2b_base64(word).decode(charset, "replace")
    except ValueError:  # broken, or not even ASCII
        return word
