"""Reads gettext's PO files: what a visitor sees of each entry, the translation or else the original, by itself.

Programs show the original of an entry that is marked fuzzy until somebody confirms its translation, so both are read.
Obsolete entries (`#~`) are left alone. `polib` tells the lines of entries, but not where the words of a string stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import NamedTuple

from medlint.document import Comment, Document, Source, Span, Writer, in_parts
from medlint.readers import ReadError
from medlint.readers.escapes import read_escaped
from medlint.readers.excerpt import read_string


def read(source: Source) -> Document:
    """The document in a PO file: a part for each message; raises ReadError when it is malformed."""
    comments = (Comment(Span(*found.span()), found[1]) for found in _COMMENT.finditer(source.text))
    return in_parts(source, _messages(source), comments)


_COMMENT = re.compile(r"(?<![^\r\n])[ \t]*+#[.,:|]?([^~\r\n][^\r\n]*+|)")
_LINE = re.compile(
    r"""(?<![^\r\n]) [ \t]*+ (?:
        (?P<silent> \#[^\r\n]*+ | (?=[\r\n]|\Z) )
      | (?: (?P<keyword> msgctxt | msgid_plural | msgid | msgstr (?: \[\d+\] )? ) [ \t]*+ )?
        "(?P<string> (?: [^"\\\r\n]++ | \\. )*+ )" [ \t]*+
    ) (?: \r\n | \r | \n | \Z )""",
    re.VERBOSE,
)


class _Message(NamedTuple):
    """A keyword and the strings behind it, which are one text."""

    keyword: str
    strings: list[Span]

    def span(self) -> Span:
        return Span(self.strings[0].start, max(self.strings[-1].end, self.strings[0].start + 1))

    def text(self, source: str) -> str:
        return "".join(source[slice(*string)] for string in self.strings)


def _messages(source: Source) -> Iterator[Document]:
    for entry in _entries(source):
        for message in _shown(entry, source.text):
            write = partial(_write, source.text, message.strings)
            yield read_string(source, message.span(), write, place=message.keyword)


class _Entry(NamedTuple):
    messages: list[_Message]
    is_fuzzy: bool


def _shown(entry: _Entry, text: str) -> list[_Message]:
    """What of an entry a visitor sees: gettext shows the original where there is no translation."""
    originals = [message for message in entry.messages if message.keyword.startswith("msgid")]
    translations = [
        message for message in entry.messages if message.keyword.startswith("msgstr") and message.text(text)
    ]
    if not originals or not originals[0].text(text):
        return []  # the header
    return [*originals, *translations] if entry.is_fuzzy or not translations else translations


def _entries(source: Source) -> Iterator[_Entry]:
    text = source.text
    entry: list[_Message] = []
    is_fuzzy = next_is_fuzzy = False
    position = 0
    while position < len(text):
        line = _LINE.match(text, position)
        if not line:
            number = source.position(position).line
            raise ReadError(f"malformed PO file at line {number}: neither a comment nor a keyword with a quoted string")
        position = line.end()
        keyword, string = line["keyword"], Span(*line.span("string"))
        if keyword in ("msgctxt", "msgid") and any(message.keyword.startswith("msgstr") for message in entry):
            yield _Entry(entry, is_fuzzy)
            entry, is_fuzzy = [], False
        if line["silent"]:
            next_is_fuzzy = next_is_fuzzy or _FUZZY.match(line["silent"]) is not None
        elif keyword and next_is_fuzzy:
            is_fuzzy, next_is_fuzzy = True, False
        if keyword:
            entry.append(_Message(keyword, [string]))
        elif line["string"] is not None and entry:
            entry[-1].strings.append(string)
    yield _Entry(entry, is_fuzzy)


_FUZZY = re.compile(r"#,[^\r\n]*\bfuzzy\b")


def _write(text: str, strings: Sequence[Span], writer: Writer) -> None:
    for string in strings:
        read_escaped(writer, text, *string)
