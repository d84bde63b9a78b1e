"""Reads a JSON file of strings: the values of keys such as "title" or "body", each by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

from medlint.document import Document, Source, Span, Writer, in_parts
from medlint.readers import Names, ReadError
from medlint.readers.escapes import read_escaped
from medlint.readers.excerpt import read_string
from medlint.readers.json_strings import members
from medlint.readers.names import is_copy


def read(source: Source, names: Names) -> Document:
    """The document in a JSON file: a part for each string that is copy; raises ReadError when it is malformed."""
    try:
        values = json.loads(source.text)
    except json.JSONDecodeError as error:
        raise ReadError(f"malformed JSON at line {error.lineno}: {error.msg}; correct it") from None
    except RecursionError:
        raise ReadError("JSON nested too deep to be a file of strings; name the files that hold copy") from None
    speaks = values.get("medlint") if isinstance(values, dict) else None
    front_matter = {"medlint": speaks} if isinstance(speaks, str) else {}
    return in_parts(source, _strings(source, names), front_matter=front_matter)


def _strings(source: Source, names: Names) -> Iterator[Document]:
    text = source.text
    for member in members(text, 0, len(text)):
        path = tuple(filter(None, (*member.owner_path, member.key)))
        if is_copy(path, text[slice(*member.value)], names.keys):
            span = Span(member.key_start, member.value.end + 1)
            yield read_string(source, span, partial(_write, text, member.value), place=".".join(path))


def _write(text: str, value: Span, writer: Writer) -> None:
    read_escaped(writer, text, *value)
