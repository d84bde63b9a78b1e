"""Reads Astro components: the HTML of a page, with JavaScript before it and in braces, and HTML in that again."""

from __future__ import annotations

import re
from typing import NamedTuple

from medlint.document import Comment, Document, Source, Span
from medlint.readers import Names, ReadError
from medlint.readers.blanking import blank
from medlint.readers.html import TagReader
from medlint.readers.mdx import SHOWN_PROPERTIES, JsxTag, Script, read_tag
from medlint.readers.page import FrontMatter, Page


def read(source: Source, names: Names) -> Document:
    """The document in a component; raises ReadError when the script before it never ends."""
    text = source.text
    start = _script_end(text)
    scanner = _Scanner(text, start)
    scanner.scan()
    blanked = blank(text, scanner.code, scanner.comments)
    page = Page(source, blanked.text, FrontMatter(start), blanked.comments)
    tags = TagReader(page, is_xml=True, shown_properties=SHOWN_PROPERTIES, attributes=names.attributes)
    position = start
    for token, values in scanner.tags:
        tags.read(page.text, position, token.start)
        if token.kind == "start":
            tags.start_tag(token, values, text)
        else:
            tags.end_tag(token)
        position = token.end
    tags.read(page.text, position, len(text))
    return page.document()


_FENCE = re.compile(r"\s*+---[ \t]*+(?=[\r\n]|\Z)")
_CLOSING_FENCE = re.compile(r"(?<![^\r\n])[ \t]*+---[ \t]*+(?:\r\n|\r|\n|\Z)")


def _script_end(text: str) -> int:
    """Where the page starts, behind the script that a component may start with."""
    opening = _FENCE.match(text)
    if not opening:
        return 0
    closing = _CLOSING_FENCE.search(text, opening.end())
    if not closing:
        raise ReadError("front matter starts with --- and never ends; add a line --- after its script")
    return closing.end()


class _Mark(NamedTuple):
    """How much had been found when an expression began that the page itself holds."""

    position: int
    code: int
    comments: int
    tags: int


class _Scanner:
    """Tells the tags of a component from its code, which may hold tags that hold code.

    `code` is JavaScript, and `tags` are those of the page and of its expressions, both in order.
    """

    def __init__(self, text: str, start: int) -> None:
        self.code: list[Span] = []
        self.comments: list[Comment] = []
        self.tags: list[JsxTag] = []
        self._text = text
        self._position = start
        self._script = Script(text)
        # The open elements of the page, the open braces in an expression on it, the open elements in that, and so on.
        self._depths = [0]
        self._code_start = start
        self._expression = _Mark(start, 0, 0, 0)
        self._is_balanced = True

    def scan(self) -> None:
        """Go through the whole text; a brace that never closes is text."""
        while True:
            is_markup = len(self._depths) % 2 == 1
            if self._markup() if is_markup else self._expression_token():
                continue
            if len(self._depths) == 1:
                return
            self._is_balanced = False
            self._depths = [0]
            self._position, code, comments, tags = self._expression
            del self.code[code:], self.comments[comments:], self.tags[tags:]

    def _markup(self) -> bool:
        """Read on to the end of the next tag or comment, or into an expression; False at the end of the text."""
        found = _MARKUP.search(self._text, self._position)
        if not found:
            return False
        start, self._position = found.span()
        match found.lastgroup:
            case "comment" if comment := self._script.comment(start, self._position):
                self.code.append(comment.span)
                self.comments.append(comment)
                self._position = comment.span.end
            case "brace" | "comment" if self._is_balanced:
                self._position = start + 1
                if len(self._depths) == 1:
                    self._expression = _Mark(self._position, len(self.code), len(self.comments), len(self.tags))
                self._code_start = start
                self._depths.append(0)
            case "fragment":
                self.code.append(Span(*found.span()))
                self._count(-1 if found["fragment"] == "</>" else 1)
            case "name":
                self._tag(found)
        return True

    def _tag(self, found: re.Match[str]) -> bool:
        """Take a tag, if it is one."""
        tag = read_tag(self._text, found, self._script)
        if tag is None:
            return False
        self.tags.append(tag)
        token = tag.token
        self._position = token.end
        if token.kind == "end":
            self._count(-1)
        elif not (found["name"] in _VOID or self._text.startswith("/>", token.end - 2)):
            self._count(1)
            if found["name"] in ("script", "style"):
                closing = re.compile(rf"</{found['name']}\b", re.IGNORECASE).search(self._text, token.end)
                self._position = closing.start() if closing else len(self._text)
        else:
            self._count(0)
        return True

    def _count(self, elements: int) -> None:
        """So many more elements are open; after the last one in an expression its code goes on."""
        self._depths[-1] += elements
        if len(self._depths) > 1 and self._depths[-1] <= 0:
            self._depths.pop()
            self._code_start = self._position

    def _expression_token(self) -> bool:
        """Read on to the next brace or into the next element of an expression; False at the end of the text."""
        found = _CODE.search(self._text, self._position)
        if not found:
            return False
        start, self._position = found.span()
        match found.lastgroup:
            case "open":
                self._depths[-1] += 1
            case "close" if self._depths[-1]:
                self._depths[-1] -= 1
            case "close":
                self._depths.pop()
                self.code.append(Span(self._code_start, self._position))
            case "fragment" | "name" if _EXPECTS_VALUE.search(self._text, max(0, start - 200), start):
                code = Span(self._code_start, start)
                self._depths.append(0)
                self.code.append(code)
                if found.lastgroup == "fragment":
                    self.code.append(Span(*found.span()))
                    self._count(1)
                elif not self._tag(found):
                    self._depths.pop()
                    self.code.pop()
        return True


_MARKUP = re.compile(
    r"""<!-- .*? (?: --> | \Z ) | (?P<comment> \{ \s*+ /\* )
      | (?P<brace> \{ ) | (?P<fragment> </?> ) | </? (?P<name> [a-zA-Z][\w.:-]*+ )""",
    re.VERBOSE | re.DOTALL,
)
_CODE = re.compile(
    r""""(?: [^"\\\r\n]++ | \\. )*+" | '(?: [^'\\\r\n]++ | \\. )*+' | `(?: [^`\\]++ | \\. )*+`
      | /\* .*? (?: \*/ | \Z ) | //[^\r\n]*+
      | (?P<open> \{ ) | (?P<close> \} ) | (?P<fragment> <> ) | < (?P<name> [a-zA-Z][\w.:-]*+ )""",
    re.VERBOSE | re.DOTALL,
)
_EXPECTS_VALUE = re.compile(r"(?:[(\[{,?:&|=;]|=>|\breturn)\s*\Z")  # behind a name or a number "<" compares
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track"),
        "wbr",
    )
)
