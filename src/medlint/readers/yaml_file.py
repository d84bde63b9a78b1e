"""Reads a YAML file of strings: the values of keys such as "title" or "body", each by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from medlint.document import Comment, Document, Source, Span, Writer, in_parts
from medlint.readers import Names, ReadError
from medlint.readers.excerpt import read_string
from medlint.readers.names import is_copy
from medlint.readers.yaml_strings import Malformed, Scalar, read_scalar, yaml_values


def read(source: Source, names: Names) -> Document:
    """The document in a YAML file: a part for each string that is copy; raises ReadError when it is malformed."""
    try:
        values = list(yaml_values(source.text))
    except Malformed as error:
        line = source.position(error.offset).line
        raise ReadError(f"malformed YAML at line {line}: {error.problem}; correct it or quote the value") from None
    front_matter = {path[0]: value.text for path, _, value in values if path == ("medlint",)}
    scalars = [value for _, _, value in values]
    return in_parts(source, _strings(source, values, names), _comments(source.text, scalars), front_matter)


def _strings(source: Source, values: list[tuple[tuple[str, ...], int, Scalar]], names: Names) -> Iterator[Document]:
    text = source.text
    seen = set()  # an alias says again what stands at its anchor
    for path, key_start, value in values:
        keys = tuple(filter(None, path))
        if value.start not in seen and is_copy(keys, value.text, names.keys):
            seen.add(value.start)
            span = Span(min(key_start, value.start), value.end)
            is_wrapped = not text.startswith("|", value.start) and text.find("\\n", value.start, value.end) < 0
            write = partial(_write, text, value)
            yield read_string(source, span, write, is_wrapped=is_wrapped, place=".".join(keys))


def _write(text: str, value: Scalar, writer: Writer) -> None:
    read_scalar(writer, text, value.start, value.end)


_COMMENT = re.compile(r"(?<!\S)#([^\r\n]*+)")


def _comments(text: str, values: list[Scalar]) -> Iterator[Comment]:
    """What stands behind a number sign outside of the values."""
    end = 0
    for value in [*values, Scalar("", len(text), len(text))]:
        for found in _COMMENT.finditer(text, end, max(end, value.start)):
            yield Comment(Span(*found.span()), found[1])
        end = max(end, value.end)
