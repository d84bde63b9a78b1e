"""Blanks the tags that a program replaces: Hugo, Liquid, Jinja, Handlebars, PHP, ERB, WordPress shortcodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import Literal, NamedTuple

from medlint.document import Comment, Span
from medlint.readers.blanking import Blanked, CodeFinder, blank

Language = Literal["html", "markdown"]

# WordPress writes [gallery ids="1,2"] and [/caption]; a link in Markdown has no attributes.
_SHORTCODE = r"""(?<=\[)
    (?: / [a-zA-Z][\w-]*+
      | [a-zA-Z][\w-]*+ (?: \s++ [\w-]++ = (?: "[^"]*+" | '[^']*+' | [^\s\]"']++ ) )++ \s*+ /? ) \] (?! [(:] )"""
# "[Book](x){ .button }", "![](a.png){#fig-a width=50%}"; "{#id}" of a heading the parser takes itself.
_ATTRIBUTE_LIST = r"""(?: (?<=\{) (?!::comment) [:.][^{}\r\n]*+
    | (?: (?<=\{) (?=[ ]) | (?<=[)\]`]\{) )
      (?: [ ]*+ (?: [.\#][\w:-]++ | [\w:-]++ = (?: "[^"\r\n]*+" | '[^'\r\n]*+' | [^\s"'{}]++ ) ) )++ [ ]*+
    ) \}"""


@cache
def _opening(language: Language) -> re.Pattern[str]:
    """What a tag starts with. It begins with a set of characters, as such patterns are searched for fastest."""
    if language == "html":
        return re.compile(
            rf"""[\[{{<] (?: (?P<tag> (?<=\{{) [{{%\#] | (?<=<) [?%] )
                         | (?P<script> (?<=<) (?:script|style)\b )
                         | (?P<gone> {_SHORTCODE} | (?<=\[) [a-zA-Z]++_[\w-]*+ \] )
                         | (?P<pair> (?<=\[) [a-zA-Z][\w-]*+ \] ) )""",
            re.IGNORECASE | re.VERBOSE,
        )
    return re.compile(
        rf"""[\[{{`~<] (?: (?P<gone> {_SHORTCODE} | {_ATTRIBUTE_LIST} )
                      | (?P<tag> (?<=\{{) (?: [{{%\#] | ::comment\}} ) | (?<=<) [?%] )
                      | (?P<code> (?<=`) `*+ | (?<=~) ~~++ ) )""",
        re.VERBOSE,
    )


# What a comment starts with, what it ends with. They are compiled where they are used: start-up is felt.
_COMMENTS = (
    (r"\{\{[<%-]?\s*+/\*", r"\*/\s*+[>%-]?\}\}"),
    (r"\{\{~?!--", r"--~?\}\}"),
    (r"\{\{~?!", r"~?\}\}"),
    (r"\{%-?\s*+comment\b[^%]*+%\}", r"\{%-?\s*+endcomment\s*+-?%\}"),
    (r"\{%-?\s*+#", r"-?%\}"),
    (r"\{#-?(?=\s)", r"-?#\}"),
    (r"\{#(?=[^{}\r\n#]*+#\})", r"#\}"),  # "{#id}" of a heading is none
    (r"\{::comment\}", r"\{:/(?:comment)?\}"),
    (r"<%--", r"--%>"),
    (r"<%-?#", r"-?%>"),
    (r"<\?(?:php)?\s*+/\*(?=(?:[^*]|\*(?!/)){0,2000}+\*/\s*+\?>)", r"\*/\s*+\?>"),
)
# A tag, where it ends, and after how many characters it was never meant to be one.
_TAGS = (("{{{", "}}}", 2_000), ("{{", "}}", 2_000), ("{%", "%}", 2_000), ("<%", "%>", None), ("<? ", "?>", None))
_PHP = ("<?php", "<?=")  # goes on to the end of the file where it has none
# What stands between two such tags is code.
_CODE_TAGS = (
    r"\{%-?\s*+(end)?(?P<name>chart|code|codeblock|css|highlight|javascript|js|katex|math|mermaid|plantuml|prism|schema"
    r"|style|stylesheet)\b(?:[^%]|%(?!\})){0,400}+%\}",
    r"\{\{[<%]\s*+(/)?\s*+(?P<name>chart|chem|code|codeblock|highlight|katex|latex|math|mermaid|plantuml)\b"
    r"(?:[^{}>%]|[>%](?!\}\}))*+(?<!/)[>%]\}\}",
)


def blank_templates(text: str, start: int, language: Language) -> Blanked:
    """The text from `start` on without template tags, and the comments written as such."""
    spans: list[Span] = []
    shown: list[Span] = []
    opening, code, tags = _opening(language), CodeFinder(text), _TagFinder(text)
    position = start
    while found := opening.search(text, position):
        opened, position = found.span()
        if found.lastgroup == "code":
            position = code.end(opened, position)
        elif found.lastgroup == "script":
            closing = _script_end().search(text, position)
            position = closing.end() if closing else len(text)
        elif found.lastgroup == "pair" and text[opened + 1 : position] not in tags.closed:
            continue
        elif tag := tags.at(opened) if found.lastgroup == "tag" else _Tag(opened, position, position):
            position = tag.end
            spans.append(Span(opened, position))
            # The strings of a programming language may be anything; the title of a form is a name in its editor.
            if not text.startswith(("<", "[contact-form-7"), opened):
                shown += _shown(text, opened, tag.head_end)
    return blank(text, spans, tags.comments)._replace(shown=tuple(shown))


class _Tag(NamedTuple):
    """A tag with the code that it says follows; what it tells a program ends at `head_end`, for a comment at once."""

    start: int
    end: int
    head_end: int


_STRING = r"""(?:(?<![\w.-])["']?(?P<name>[a-zA-Z][\w-]*+)["']?\s*+[=:]\s*+)?
    (?:"(?P<double>(?:[^"\\]|\\.)*+)"|'(?P<single>(?:[^'\\]|\\.)*+)'|`(?P<raw>[^`]*+)`)"""


def _shown(text: str, start: int, end: int) -> Iterator[Span]:
    """The words that a tag hands on to be shown, as in `{{< figure caption="..." >}}`, told by name and look."""
    for found in re.compile(_STRING, re.VERBOSE | re.DOTALL).finditer(text, start, end):
        from medlint.readers.names import holds_words, is_copy  # few tags hold strings

        span, name = Span(*found.span(found.lastgroup or 0)), found["name"]
        words = text[slice(*span)]
        if holds_words(words) and (name in _CAPTIONS or is_copy((name,) if name else (), words)):
            yield span


_CAPTIONS = ("fig-cap", "lst-cap", "tbl-cap")  # of Quarto


class _TagFinder:
    """Finds where template tags end, and keeps their comments; what never ends is looked for once."""

    def __init__(self, text: str) -> None:
        self.comments: list[Comment] = []
        self._text = text
        self._never_ends: set[object] = set()

    def at(self, start: int) -> _Tag | None:
        """The tag that starts here; None if it does not end."""
        return self._comment(start) or self._code(start) or self._tag(start)

    def _comment(self, start: int) -> _Tag | None:
        for opening, closing in self._comments:
            if (opened := opening.match(self._text, start)) and closing not in self._never_ends:
                closed = closing.search(self._text, opened.end())
                if closed:
                    self.comments.append(Comment(Span(start, closed.end()), self._text[opened.end() : closed.start()]))
                    return _Tag(start, closed.end(), start)
                self._never_ends.add(closing)
        return None

    def _code(self, start: int) -> _Tag | None:
        for pattern in self._code_tags if self._text.startswith(("{%", "{{<", "{{%"), start) else ():
            opened = pattern.match(self._text, start)
            if not opened or opened[1] or (pattern, opened["name"]) in self._never_ends:
                continue
            following = (tag for tag in pattern.finditer(self._text, opened.end()) if tag["name"] == opened["name"])
            closed = next(following, None)
            if closed is None:
                self._never_ends.add((pattern, opened["name"]))
            elif closed[1]:  # another one that begins first says that this one stands alone
                return _Tag(start, closed.end(), opened.end())
        return None

    def _tag(self, start: int) -> _Tag | None:
        for mark, end_mark, limit in _TAGS:
            if self._text.startswith(mark, start):
                return self._to(end_mark, start, start + limit if limit else len(self._text))
        if self._text.startswith(_PHP, start):
            return self._to("?>", start, len(self._text)) or _Tag(start, len(self._text), len(self._text))
        return None

    def _to(self, mark: str, start: int, limit: int) -> _Tag | None:
        is_limited = limit < len(self._text)
        end = self._text.find(mark, start, limit) if is_limited or mark not in self._never_ends else -1
        if end == -1 and not is_limited:
            self._never_ends.add(mark)
        return _Tag(start, end + len(mark), end) if end != -1 else None

    @cached_property
    def closed(self) -> frozenset[str]:
        """The shortcodes with an end: "[button]" is one where there is a "[/button]"."""
        return frozenset(end[2:] for end in re.findall(r"\[/[\w-]++\]", self._text))

    @cached_property
    def _comments(self) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
        return [(re.compile(opening), re.compile(closing)) for opening, closing in _COMMENTS]

    @cached_property
    def _code_tags(self) -> list[re.Pattern[str]]:
        return [re.compile(pattern) for pattern in _CODE_TAGS]


@cache
def _script_end() -> re.Pattern[str]:
    return re.compile(r"</(?:script|style)\b", re.IGNORECASE)
