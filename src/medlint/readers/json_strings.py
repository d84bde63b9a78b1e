"""Finds the string values of a JSON text with their places, which the standard library's parser does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
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


def named_strings(text: str, start: int, end: int) -> Iterator[tuple[Span, ProseBuilder]]:
    """The strings of the JSON whose key says that they are copy, or that have several words: place and words."""
    from medlint.readers.names import holds_words, is_copy  # few pages hold any

    for member in members(text, start, end):
        path, words = tuple(filter(None, (*member.owner_path, member.key))), text[slice(*member.value)]
        if holds_words(words) and is_copy(path, words):
            yield member.value, _without_tags(text, member.value)


# schema.org's types whose words a search engine shows, and the properties that hold them
_SHOWN_KEYS = frozenset(("name", "text", "description", "reviewBody"))
_SHOWN_TYPES: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        (
            *("Question", "Answer", "Product", "Review", "Service", "Offer", "HowTo", "HowToStep", "VideoObject"),
            *("MedicalProcedure", "MedicalTherapy", "SurgicalProcedure", "TherapeuticProcedure"),
        ),
        _SHOWN_KEYS,
    ),
    # Their names claim nothing.
    **dict.fromkeys(
        (
            *("Organization", "LocalBusiness", "MedicalBusiness", "MedicalClinic", "MedicalOrganization", "Hospital"),
            *("Physician", "Dentist", "HealthAndBeautyBusiness", "BeautySalon", "DaySpa"),
        ),
        frozenset(("description", "slogan")),
    ),
}
_SCHEMA = re.compile(r"(?:https?:(?:\\?/){2}schema\.org\\?/|schema:)")
# In an answer, tags and entities are HTML; programs may have escaped their angle brackets in either language.
_HTML = re.compile(
    r"""(?:<|&lt;|\\u003c) \\?/?[a-z] (?: [^<>&\\]++ | &(?![lg]t;) | \\(?!u003[ce]) )*+ (?:>|&gt;|\\u003e)
      | (?P<entity> &\#?\w{1,31}; )""",
    re.IGNORECASE | re.VERBOSE,
)


def linked_data(text: str, start: int, end: int) -> Iterator[tuple[Span, ProseBuilder]]:
    """The questions, answers, reviews and descriptions in JSON-LD: where each stands, and its words."""
    found = list(members(text, start, end))
    shown: dict[int, frozenset[str]] = {}
    for member in found:
        if member.key == "@type":
            keys = _SHOWN_TYPES.get(_SCHEMA.sub("", text[slice(*member.value)]), frozenset())
            shown[member.owner] = keys.union(shown.get(member.owner, ()))
    for member in found:
        if member.key in shown.get(member.owner, ()):
            yield member.value, _without_tags(text, member.value)


def _without_tags(text: str, span: Span) -> ProseBuilder:
    prose = ProseBuilder()
    position = span.start
    for markup in _HTML.finditer(text, *span):
        read_escaped(prose, text, position, markup.start())
        if markup["entity"]:
            prose.replacement(unescape(markup["entity"]), *markup.span())
        else:
            prose.space(*markup.span())
        position = markup.end()
    read_escaped(prose, text, position, span.end)
    return prose
