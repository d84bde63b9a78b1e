"""Finds the string values of a JSON text with their places, which the standard library's parser does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from medlint.document import ProseBuilder, Span
from medlint.readers.escapes import read_escaped


class Member(NamedTuple):
    """A string value: the key it has, or its array has ("" for none), and the object that key is in."""

    key: str
    key_start: int
    value: Span  # between the quotes
    owner: int  # a number for the object, 1 for the outermost
    owner_path: tuple[str, ...]  # the keys that lead to the object, the last of them


_Key: TypeAlias = tuple[str, int]  # and where it starts


class _Container(NamedTuple):
    """An open object or array."""

    owner: int  # the number of the object
    path: tuple[str, ...]  # to the object
    key: _Key | None = None  # of the array
    is_array: bool = False


_LONGEST_PATH = 31  # keys; JSON nests without end
_TOKEN = re.compile(r'"(?P<string>(?:[^"\\]++|\\.)*+)"|[{}\[\],:]|[^\s"{}\[\],:]++|"', re.DOTALL)


def members(text: str, start: int, end: int) -> Iterator[Member]:
    """Every string value of the JSON in `text[start:end]`, in order; what follows a broken string is left out."""
    owners = 0
    containers: list[_Container] = []
    key: _Key | None = None
    last_string: re.Match[str] | None = None
    for token in _TOKEN.finditer(text, start, end):
        match token.group():
            case "{":
                owners += 1
                path = (*containers[-1].path[-_LONGEST_PATH:], key[0]) if containers and key else ()
                containers.append(_Container(owners, path))
                key = None
            case "[":
                around = containers[-1] if containers else _Container(0, ())
                containers.append(around._replace(key=key, is_array=True))
            case "}" | "]":
                if containers:
                    containers.pop()
                key = containers[-1].key if containers else None
            case ":":
                if last_string:
                    key = (last_string["string"], last_string.start())
            case ",":
                key = containers[-1].key if containers else None
            case '"':
                return
            case _:
                if token["string"] is not None and containers and (key or containers[-1].is_array):
                    value = Span(*token.span("string"))
                    yield Member(*(key or ("", token.start())), value, containers[-1].owner, containers[-1].path)
        last_string = token if token["string"] is not None else None


# schema.org's types whose words a search engine shows, and the properties that hold them
_SHOWN_TYPES = frozenset(("Question", "Answer", "Product", "Review", "Service", "MedicalProcedure"))
_SHOWN_KEYS = frozenset(("name", "text", "description", "reviewBody"))
_HTML_TAG = re.compile(r"<\\?/?[a-zA-Z][^<>]*>")


def linked_data(text: str, start: int, end: int) -> Iterator[tuple[Span, ProseBuilder]]:
    """The questions, answers, reviews and descriptions in JSON-LD: where each stands, and its words."""
    found = list(members(text, start, end))
    shown = {
        member.owner
        for member in found
        if member.key == "@type" and text[member.value.start : member.value.end] in _SHOWN_TYPES
    }
    for member in found:
        if member.key in _SHOWN_KEYS and member.owner in shown:
            yield member.value, _without_tags(text, member.value)


def _without_tags(text: str, span: Span) -> ProseBuilder:
    prose = ProseBuilder()
    position = span.start
    for tag in _HTML_TAG.finditer(text, *span):
        read_escaped(prose, text, position, tag.start())
        prose.space(*tag.span())
        position = tag.end()
    read_escaped(prose, text, position, span.end)
    return prose
