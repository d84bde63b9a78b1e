"""Reads Java's properties files: the values of keys such as "hero.title", each by itself.

They were Latin-1 until Java 9 and are UTF-8 since; what is no UTF-8 is taken for Latin-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from medlint.document import Comment, Document, Source, Span, Writer, in_parts
from medlint.readers import Names
from medlint.readers.escapes import read_escaped
from medlint.readers.excerpt import read_string
from medlint.readers.names import is_copy


def read(source: Source, names: Names) -> Document:
    """The document in a properties file: a part for each value that is copy."""
    comments = (Comment(Span(*found.span()), found[1]) for found in _LINE.finditer(source.text) if found[1] is not None)
    return in_parts(source, _strings(source, names), comments)


_LINE = re.compile(
    r"""(?<![^\r\n]) [ \t\f]*+ (?:
        [#!] ([^\r\n]*+)
      | (?P<key> (?: [^\\\s=:] | \\[^\r\n] )++ ) [ \t\f]*+ [=:]? [ \t\f]*+
        (?P<value> (?: [^\\\r\n] | \\ (?: \r\n | [^\r] | \r | \Z ) )*+ ) )""",
    re.VERBOSE,
)
_KEY_ESCAPE = re.compile(r"\\(.)")


def _strings(source: Source, names: Names) -> Iterator[Document]:
    text = source.text
    for line in _LINE.finditer(text):
        if not line["value"]:
            continue
        path = tuple(filter(None, _KEY_ESCAPE.sub(r"\1", line["key"]).split(".")))
        if is_copy(path, line["value"], names.keys):
            span, value = Span(line.start("key"), line.end()), Span(*line.span("value"))
            yield read_string(source, span, partial(_write, text, value), is_wrapped=True, place=".".join(path))


def _write(text: str, value: Span, writer: Writer) -> None:
    read_escaped(writer, text, *value)
