"""Takes MDX apart: JavaScript is blanked and JSX tags are kept aside, so that Markdown is left."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from itertools import groupby
from typing import NamedTuple

from medlint.document import Comment, Span
from medlint.readers.blanking import Blanked, CodeFinder, blank
from medlint.readers.markup import Token

# the string properties of components that show up as text, besides the attributes that HTML shows
SHOWN_PROPERTIES = frozenset(
    (
        "answer",
        "body",
        "caption",
        "content",
        "cta",
        "description",
        "eyebrow",
        "headline",
        "heading",
        "hint",
        "intro",
        "label",
        "lead",
        "message",
        "note",
        "question",
        "quote",
        "subheading",
        "subtitle",
        "summary",
        "tagline",
        "text",
        "tooltip",
    )
)
_COMPONENTS = {
    **dict.fromkeys(("BlockQuote", "Blockquote", "Quote", "Testimonial"), "blockquote"),
    "Button": "button",
    "Image": "img",
    "Link": "a",
}


class JsxTag(NamedTuple):
    """A tag, and where the values of its attributes stand."""

    token: Token
    values: dict[str, Span]


class Mdx(NamedTuple):
    """An MDX text taken apart.

    `markdown` is what is left for a Markdown parser from the start on, and `original` leads from its characters to
    those of the text; `tags` are in order.
    """

    blanked: Blanked
    markdown: str
    original: Callable[[int], int]
    tags: list[JsxTag]


def take_apart(text: str, start: int) -> Mdx:
    """The Markdown, the comments and the tags of the MDX from `start` on."""
    code, script = CodeFinder(text), Script(text)
    spans: list[Span] = []
    comments: list[Comment] = []
    tags: list[JsxTag] = []
    position = start
    while found := _OPENING.search(text, position):
        opened, position = found.span()
        end: int | None = None
        if found.lastgroup == "code":
            position = code.end(opened, position)
        elif found.lastgroup == "module":
            if _starts_paragraph(text, start, opened):
                end = script.statement_end(opened)
        elif found.lastgroup == "comment":
            if comment := script.comment(opened, position):
                comments.append(comment)
            end = comment.span.end if comment else script.expression_end(opened)
        elif found.lastgroup == "brace":
            end = script.expression_end(opened)
        elif found.lastgroup == "fragment":
            end = position
        elif tag := read_tag(text, found, script):
            end = tag.token.end
            tags.append(tag)
        if end is not None:
            position = end
            spans.append(Span(opened, end))
    blanked = blank(text, spans, comments)
    boundaries = [at - start for tag in tags if (at := tag.token.start) in blanked.whole_lines]
    markdown, original = _dedent(blanked.markdown[start:], start, boundaries)
    return Mdx(blanked, markdown, original, tags)


_OPENING = re.compile(
    r"""(?P<code> `++ | ~~~++ )
      | (?P<module> (?<![^\r\n]) (?: import\s++ (?: ["'] | [\w*{] [^;]{0,2000}? \bfrom\s*+["'] )
                                 | export\s++ (?: (?: default|const|let|var|function|class|async )\b | [{*] ) ) )
      | (?P<comment> \{ \s*+ /\* )
      | (?P<brace> \{ )
      | (?P<fragment> </?> )
      | </? (?P<name> [a-zA-Z][\w.:-]*+ )""",
    re.VERBOSE,
)


def _starts_paragraph(text: str, start: int, position: int) -> bool:
    """Whether a line that looks like JavaScript stands after an empty line, and is not a wrapped sentence."""
    before = text[max(start, position - 200) : position].rstrip(" \t")
    lines = before.splitlines()
    return not lines or not lines[-1].strip()


class Script:
    """Finds where JavaScript ends; what never ends is looked for once."""

    _TOKEN = re.compile(
        r"""(?P<open> [{(\[] ) | (?P<close> [})\]] )
          | (?P<empty> (?: \r\n | \r(?!\n) | \n ) [ \t]*+ (?= [\r\n] | \Z ) )
          | "(?: [^"\\\r\n]++ | \\. )*+" | '(?: [^'\\\r\n]++ | \\. )*+' | `(?: [^`\\]++ | \\. )*+`
          | /\* (?: [^*]++ | \*(?!/) )*+ (?: \*/ | \Z ) | //[^\r\n]*+""",
        re.VERBOSE | re.DOTALL,
    )
    _SIMPLE_EXPRESSION = re.compile(r"\{[^{}]*+\}")
    _BRACE = re.compile(r"\s*+\}")

    def __init__(self, text: str) -> None:
        self._text = text
        self._is_unbalanced = False
        self._comments_end = True

    def expression_end(self, start: int) -> int | None:
        """Where the expression ends that opens at `start`; None if it never does."""
        if self._is_unbalanced:
            simple = self._SIMPLE_EXPRESSION.match(self._text, start)
            return simple.end() if simple else None
        depth = 0
        for token in self._TOKEN.finditer(self._text, start):
            depth += (token.lastgroup == "open") - (token.lastgroup == "close")
            if depth == 0:
                return token.end()
        self._is_unbalanced = True
        return self.expression_end(start)

    def statement_end(self, start: int) -> int:
        """Where an import or export ends: at the first empty line outside its brackets."""
        depth = 0
        first_empty: int | None = None
        for token in self._TOKEN.finditer(self._text, start):
            depth += (token.lastgroup == "open") - (token.lastgroup == "close")
            if token.lastgroup == "empty":
                if depth <= 0 or self._is_unbalanced:
                    return token.start()
                if first_empty is None:
                    first_empty = token.start()
        self._is_unbalanced = depth > 0
        return len(self._text) if depth <= 0 or first_empty is None else first_empty

    def comment(self, start: int, words: int) -> Comment | None:
        """The comment in braces that starts here; None if it never ends or if code follows it."""
        end = self._text.find("*/", words) if self._comments_end else -1
        self._comments_end = end != -1
        closed = self._BRACE.match(self._text, end + 2) if self._comments_end else None
        return Comment(Span(start, closed.end()), self._text[words:end]) if closed else None


_ATTRIBUTE = re.compile(
    r"""\s*+ (?: (?P<end> /?> )
              | (?P<name> [a-zA-Z_$@:][\w.:$@-]*+ )
                (?: \s*+ = \s*+ (?: "(?P<double> [^"]*+ )" | '(?P<single> [^']*+ )' | `(?P<template> [^`]*+ )`
                                 | (?P<value> \{ ) | (?P<bare> [^\s"'`=<>{}]++ ) ) )?
              | (?P<spread> \{ ) )""",
    re.VERBOSE,
)
_STRING_EXPRESSION = re.compile(r"""\{\s*+(["'`])(?P<string>(?:(?!\1)[^\\$])*+)\1\s*+\}""")


def read_tag(text: str, opening: re.Match[str], script: Script) -> JsxTag | None:
    """The tag that opens here, with the strings among its properties; None if it is none."""
    position = opening.end()
    values: dict[str, Span] = {}
    while attribute := _ATTRIBUTE.match(text, position):
        position = attribute.end()
        if attribute["end"]:
            kind = "end" if text.startswith("</", opening.start()) else "start"
            name = _COMPONENTS.get(opening["name"], opening["name"])
            return JsxTag(Token(kind, opening.start(), position, name), values)  # type: ignore[arg-type]
        kind_of_value = attribute.lastgroup
        if kind_of_value in ("value", "spread"):
            end = script.expression_end(position - 1)
            if end is None:
                return None
            string = _STRING_EXPRESSION.fullmatch(text, position - 1, end)
            if string and attribute["name"]:
                values.setdefault(attribute["name"].lower(), Span(*string.span("string")))
            position = end
        elif kind_of_value in ("double", "single", "bare") or (
            kind_of_value == "template" and "$" not in attribute["template"]
        ):
            values.setdefault(attribute["name"].lower(), Span(*attribute.span(kind_of_value)))
        elif kind_of_value != "template":
            values.setdefault(attribute["name"].lower(), Span(position, position))
    return None


def _dedent(markdown: str, start: int, boundaries: list[int]) -> tuple[str, Callable[[int], int]]:
    """The text with the lines between two boundaries moved left together: MDX knows no indented code.

    Comes with the way back, from its characters to those of the page that the text stands on at `start`.
    """
    if not boundaries:
        return markdown, start.__add__
    pieces: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    length, shift = 0, start
    for _, run in groupby(_LINE.finditer(markdown), key=lambda line: bisect_right(boundaries, line.start())):
        lines = list(run)
        margin = min((len(line["indent"]) for line in lines if line["words"]), default=0)
        for line in lines:
            cut = min(margin, len(line["indent"]))
            shift += cut
            pieces.append(line.group()[cut:])
            starts.append(length)
            shifts.append(shift)
            length += len(pieces[-1])
    return "".join(pieces), lambda at: at + shifts[bisect_right(starts, at) - 1]


_LINE = re.compile(r"(?P<indent>[ \t]*+)(?P<words>[^\r\n]*+)(?:\r\n|\r|\n|\Z)")
