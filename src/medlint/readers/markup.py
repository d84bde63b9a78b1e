"""Splits HTML into tags, comments and text with exact offsets, as a browser does, and decodes its entities.

The standard library's parser tells where a tag starts but not where an attribute's value stands, reads differently
from one Python version to the next, and is slower than the one pattern here, which takes linear time on any input.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from functools import lru_cache
from html import unescape
from html.entities import html5
from typing import Literal, NamedTuple

from medlint.document import Span, Writer

TokenKind = Literal["text", "start", "end", "comment"]


class Token(NamedTuple):
    """A piece of markup: `name` is a tag's, in lower case; the inside is a tag's attributes or a comment's words."""

    kind: TokenKind
    start: int
    end: int
    name: str = ""
    inner_start: int = 0
    inner_end: int = 0


_OTHER_MARKUP = r"""
    | </ (?P<end> [a-zA-Z] [^\s/<>]*+ ) [^<>]*+ >?
    | <!-- (?: (?P<comment> (?! -?> ) .*? ) (?: --!?> | \Z ) | -?> )
    | <!\[CDATA\[ .*? (?: \]\]> | \Z )
    | < (?: [!?] | / (?! [a-zA-Z] ) ) [^>]*+ (?: > | \Z )
"""
# An attribute's value may hold ">", so quotes are read on the way to the end of a start tag.
_MARKUP = re.compile(
    r"""< (?P<start> [a-zA-Z] [^\s/>]*+ )
        (?: (?P<attributes> (?: [^>=]++ | = \s*+ (?: "[^"]*+" | '[^']*+' | (?! ["'] ) ) )*+ ) > | (?P<broken> ) )"""
    + _OTHER_MARKUP,
    re.VERBOSE | re.DOTALL,
)
# After a quote that never closes: a tag ends at the first ">", and is text when another tag begins before that.
_BROKEN_MARKUP = re.compile(
    r"< (?P<start> [a-zA-Z] [^\s/<>]*+ ) (?P<attributes> [^<>]*+ ) >" + _OTHER_MARKUP, re.VERBOSE | re.DOTALL
)
_RAW_TEXT = frozenset(("script", "style", "textarea", "title", "iframe", "noembed", "xmp"))


def tokens(text: str, start: int, end: int, *, is_xml: bool = False) -> Iterator[Token]:
    """The tags, comments and text runs of `text[start:end]` in order; doctypes and the like are left out."""
    position = start
    markup = _MARKUP
    never_closed: set[str] = set()
    while found := markup.search(text, position, end):
        kind = found.lastgroup
        if kind == "broken":
            markup = _BROKEN_MARKUP
            continue
        found_start, found_end = found.span()
        if position < found_start:
            yield Token("text", position, found_start)
        position = found_end
        if kind == "attributes":
            name = found["start"].lower()
            yield Token("start", found_start, found_end, name, *found.span("attributes"))
            is_empty = is_xml and text.startswith("/>", found_end - 2)
            if name in _RAW_TEXT and name not in never_closed and not is_empty:
                closing = _closing_tag(name).search(text, position, end)
                if not closing:
                    never_closed.add(name)
                elif closing.start() > position:
                    yield Token("text", position, closing.start())
                    position = closing.start()
        elif kind == "end":
            yield Token("end", found_start, found_end, found["end"].lower())
        elif kind == "comment":
            yield Token("comment", found_start, found_end, "", *found.span("comment"))
    if position < end:
        yield Token("text", position, end)


@lru_cache
def _closing_tag(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)


_ATTRIBUTE = re.compile(r"""([^\s/>=]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s>"'][^\s>]*+)|))?""")


def attributes(text: str, start: int, end: int, wanted: Container[str]) -> dict[str, Span]:
    """Where the values of the wanted attributes stand, by lower-case name; of two with one name, the first counts."""
    values: dict[str, Span] = {}
    for found in _ATTRIBUTE.finditer(text, start, end):
        name = found[1].lower()
        if name in wanted and name not in values:
            group = found.lastindex or 0  # the name's, if there is no value
            values[name] = Span(*found.span(group)) if group > 1 else Span(found.end(), found.end())
    return values


_ENTITY = re.compile(r"&(?:#0*+[0-9]{1,7}|#[xX]0*+[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});?")


def read_text(prose: Writer, text: str, start: int, end: int, *, is_attribute: bool = False) -> None:
    """Append the words of an HTML text run or attribute value to the prose, entities decoded."""
    position = start
    if text.find("&", position, end) != -1:
        for found in _ENTITY.finditer(text, position, end):
            decoded, length = _decode(found.group())
            entity_end = found.start() + length
            if not length or (is_attribute and _continues_a_word(text, found.start(), entity_end)):
                continue
            prose.verbatim(text, position, found.start())
            prose.replacement(decoded, found.start(), entity_end)
            position = entity_end
    prose.verbatim(text, position, end)


@lru_cache(1024)
def _decode(entity: str) -> tuple[str, int]:
    """What an entity stands for and how many of its characters do; browsers take the longest known name."""
    if entity[1] == "#":
        return unescape(entity), len(entity)
    name = entity[1:]
    for length in range(len(name), 1, -1):
        if name[:length] in html5:
            return html5[name[:length]], length + 1
    return "", 0


def _continues_a_word(text: str, start: int, end: int) -> bool:
    """Whether what looks like an entity without semicolon is part of an address (`?a=1&copy=2`)."""
    following = text[end : end + 1]
    return text[end - 1] != ";" and text[start + 1] != "#" and (following == "=" or following.isalnum())


def value_text(text: str, span: Span) -> str:
    """An attribute's value as a program reads it, entities decoded."""
    return unescape(text[span.start : span.end]).strip()
