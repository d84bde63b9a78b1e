"""Blanks the tags that a site generator replaces: Hugo, Liquid, Jinja, Handlebars, WordPress shortcodes."""

from __future__ import annotations

import re
from functools import cache, cached_property
from typing import Literal

from medlint.document import Comment, Span
from medlint.readers.blanking import Blanked, CodeFinder, blank

Language = Literal["html", "markdown"]

# WordPress writes [gallery ids="1,2"] and [/caption]; a link in Markdown has no attributes.
_SHORTCODE = r"""(?<=\[)
    (?: / [a-zA-Z][\w-]*+
      | [a-zA-Z][\w-]*+ (?: \s++ [\w-]++ = (?: "[^"]*+" | '[^']*+' | [^\s\]"']++ ) )++ \s*+ /? ) \] (?! [(:] )"""


@cache
def _opening(language: Language) -> re.Pattern[str]:
    """What a tag starts with. It begins with a set of characters, as such patterns are searched for fastest."""
    if language == "html":
        return re.compile(
            rf"""[\[{{<] (?: (?P<brace> (?<=\{{) [{{%\#] )
                         | (?P<script> (?<=<) (?:script|style)\b )
                         | (?P<gone> {_SHORTCODE} | (?<=\[) [a-zA-Z]++_[\w-]*+ \] ) )""",
            re.IGNORECASE | re.VERBOSE,
        )
    # Attribute lists as in "## Heading {{.lead}}" are for the generator too; "{{#id}}" the parser takes itself.
    return re.compile(
        rf"""[\[{{`~] (?: (?P<brace> (?<=\{{) [{{%\#] )
                     | (?P<code> (?<=`) `*+ | (?<=~) ~~++ )
                     | (?P<gone> {_SHORTCODE} | (?<=\{{) [:.][^{{}}\r\n]*+ \}} ) )""",
        re.VERBOSE,
    )


# What a comment starts with, what it ends with. They are compiled where they are used: start-up is felt.
_COMMENTS = (
    (r"\{\{-?\s*+/\*", r"\*/\s*+-?\}\}"),
    (r"\{\{~?!--", r"--~?\}\}"),
    (r"\{\{~?!", r"~?\}\}"),
    (r"\{%-?\s*+comment\b[^%]*+%\}", r"\{%-?\s*+endcomment\s*+-?%\}"),
    (r"\{%-?\s*+#", r"-?%\}"),
    (r"\{#-?(?=\s)", r"-?#\}"),
    (r"\{#(?=[^{}\r\n#]*+#\})", r"#\}"),  # "{#id}" of a heading is none
)
_TAGS = (("{{{", "}}}"), ("{{", "}}"), ("{%", "%}"))
_TAG_LIMIT = 2_000  # characters; what is longer was never meant to be a tag


def blank_templates(text: str, start: int, language: Language) -> Blanked:
    """The text from `start` on without template tags, and the comments written as such."""
    spans: list[Span] = []
    opening, code, tags = _opening(language), CodeFinder(text), _TagFinder(text)
    position = start
    while found := opening.search(text, position):
        opened, position = found.span()
        if found.lastgroup == "code":
            position = code.end(opened, position)
        elif found.lastgroup == "script":
            closing = _script_end().search(text, position)
            position = closing.end() if closing else len(text)
        elif found.lastgroup == "gone":
            spans.append(Span(opened, position))
        elif tag := tags.at(opened):
            position = tag.end
            spans.append(tag)
    return blank(text, spans, tags.comments)


class _TagFinder:
    """Finds where template tags end, and keeps their comments; what never ends is looked for once."""

    def __init__(self, text: str) -> None:
        self.comments: list[Comment] = []
        self._text = text
        self._never_ends: set[re.Pattern[str]] = set()

    def at(self, start: int) -> Span | None:
        """The whole of the tag that starts here; None if it does not end."""
        for opening, closing in self._comments:
            if (opened := opening.match(self._text, start)) and closing not in self._never_ends:
                closed = closing.search(self._text, opened.end())
                if closed:
                    span = Span(start, closed.end())
                    self.comments.append(Comment(span, self._text[opened.end() : closed.start()]))
                    return span
                self._never_ends.add(closing)
        for mark, end_mark in _TAGS:
            if self._text.startswith(mark, start):
                end = self._text.find(end_mark, start, start + _TAG_LIMIT)
                return Span(start, end + len(end_mark)) if end != -1 else None
        return None

    @cached_property
    def _comments(self) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
        return [(re.compile(opening), re.compile(closing)) for opening, closing in _COMMENTS]


@cache
def _script_end() -> re.Pattern[str]:
    return re.compile(r"</(?:script|style)\b", re.IGNORECASE)
