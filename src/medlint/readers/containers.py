"""Opens the containers that dialects of Markdown add to it, so that a parser reads their titles and what they hold.

!!! note "Title"       of MkDocs, as ??? and ???+ that fold and === of tabs; what they hold is indented
::: {.callout-note}    of Quarto and Pandoc; ":::note[Title]" of Docusaurus, "::: tip Title" of VitePress
> [!tip]+ Title        of Obsidian and Hugo: an alert of GitHub with a title or of any kind
"""

from __future__ import annotations

import re

from medlint.document import Span
from medlint.readers.blanking import FILLER
from medlint.readers.excerpt import Excerpt


def open_containers(markdown: str) -> Excerpt:
    """The text with the marks of containers gone, their titles as paragraphs, and what was indented moved left."""
    opener = _Opener(markdown)
    for line in _LINE.finditer(markdown):
        opener.read(line)
    return opener.opened


_LINE = re.compile(r"(?P<indent>[ \t]*+)(?P<words>[^\r\n]*+)(?:\r\n|\r|\n|\Z)")
_MARGIN = 4  # columns; what an admonition holds is indented by as many


class _Opener:
    """Writes one line after the other, and knows which admonitions and which code are open."""

    def __init__(self, text: str) -> None:
        self.opened = Excerpt()
        self._text = text
        self._margins: list[int] = []  # where what the open admonitions hold starts
        self._fence = ""  # that opened a block of code, until it is closed
        self._fence_depth = 0  # the admonitions around it
        self._fence_quotes = 0  # and the quotes, which end it with them
        self._quotes = 0  # how deep the line before is quoted

    def read(self, line: re.Match[str]) -> None:
        """Write a line as the parser is to read it."""
        words = line["words"]
        marks = len(words) - len(words.lstrip("> \t"))
        quotes, self._quotes = self._quotes, words.count(">", 0, marks)
        if not words:
            self.opened.verbatim(self._text, *line.span())
            return
        column = _width(line["indent"])
        while self._margins and column < self._margins[-1]:
            self._margins.pop()
        if self._fence and len(self._margins) < self._fence_depth:
            self.opened.replacement(f"{self._fence}\n", line.start(), line.start())  # what holds code ends it, too
            self._fence = ""
        elif self._quotes < self._fence_quotes:
            self._fence = ""
        start = line.start() + _length(line["indent"], _MARGIN * len(self._margins))
        if self._is_code(words):
            self.opened.verbatim(self._text, start, line.end())
        elif (title := self._admonition(line, column)) is not None:
            self._margins.append(column + _MARGIN)
            self._title(line, start, title)
        elif (title := _division(words)) is not None:
            self._title(line, start, title)
        elif (callout := _CALLOUT.fullmatch(words)) and self._quotes > quotes:
            self._callout(line, start, callout)
        else:
            self.opened.verbatim(self._text, start, line.end())

    def _is_code(self, words: str) -> bool:
        """Whether the line belongs to a block of code, its fences included."""
        if self._fence:
            if re.fullmatch(rf"[> \t]*+{re.escape(self._fence)}{self._fence[0]}*+[ \t]*+", words):
                self._fence = ""
            return True
        if fence := _FENCE.match(words):
            self._fence, self._fence_depth, self._fence_quotes = fence[1], len(self._margins), self._quotes
        return fence is not None

    def _admonition(self, line: re.Match[str], column: int) -> Span | None:
        """Where the title of the admonition stands that starts here; None if none does, an empty span for no title."""
        found = _ADMONITION.fullmatch(line["words"])
        if not found:
            return None
        if found["title"] is not None:
            return Span(*found.span("title"))
        following = _NEXT_WORDS.match(self._text, line.end())
        holds = following is not None and _width(following["indent"]) >= column + _MARGIN
        return _NO_TITLE if holds and found["types"] and not found[0].startswith("=") else None

    def _title(self, line: re.Match[str], start: int, title: Span) -> None:
        """Write a line with the title of a container, an empty one if it has none."""
        if title.start < title.end:
            title_start, title_end = line.start("words") + title.start, line.start("words") + title.end
            self.opened.replacement("\n", start, start)
            self.opened.verbatim(self._text, start, line.start("words"))
            self.opened.verbatim(self._text, title_start, title_end)
            self.opened.replacement("\n", title_end, title_end)
        self.opened.verbatim(self._text, line.end("words"), line.end())

    def _callout(self, line: re.Match[str], start: int, callout: re.Match[str]) -> None:
        """Write the head of a callout as that of an alert; what quotes somebody stays a quote."""
        marks, words = callout["quote"], line.start("words")
        mark_end = words + callout.end("quote")
        self.opened.verbatim(self._text, start, mark_end)
        if callout["type"].lower() not in ("quote", "cite"):
            self.opened.replacement(f"[!NOTE]\n{marks}", mark_end, words + callout.start("title"))
        title_start, title_end = (words + at for at in callout.span("title"))
        self.opened.verbatim(self._text, title_start, title_end)
        self.opened.replacement(f"\n{marks}", title_end, title_end)
        self.opened.verbatim(self._text, line.end("words"), line.end())


_FENCE = re.compile(r"(?:>[ \t]*+|[-*+][ \t]++|\d{1,9}[.)][ \t]++)*+(`{3,}+(?=[^`]*+\Z)|~{3,}+)")
_ADMONITION = re.compile(
    r"""(?:!!!|\?\?\?\+?|===[!+]{0,2})[ \t]*+(?P<types>(?:[\w-]++[ \t]*+)*+)(?:"(?P<title>.*)")?[ \t]*+"""
)
_NEXT_WORDS = re.compile(r"(?:[ \t]*+(?:\r\n|\r|\n))*+(?P<indent>[ \t]*+)[^\s]")
_NO_TITLE = Span(0, 0)
_CALLOUT = re.compile(r"(?P<quote>(?:>[ \t]*+)++)\[!(?P<type>[\w-]++)(?:\|[^\]]*+)?\][+-]?[ \t]*+(?P<title>.*)")
_DIVISION = re.compile(
    rf":::++(?:[ \t]*+(?:\{{[^{{}}]*+\}}|{FILLER}++|[a-zA-Z][\w-]*+)[ \t{FILLER}]*+(?P<title>.*))?[ \t]*+"
)


def _division(words: str) -> Span | None:
    """Where the title stands in a line of colons; None if it is none, an empty span for no title."""
    found = _DIVISION.fullmatch(words)
    if not found or found["title"] is None:
        return found and _NO_TITLE
    start, title = found.start("title"), found["title"].rstrip(_BLANKS)
    if title.endswith("}") and "{" in title:
        title = title[: title.rindex("{")].rstrip(_BLANKS)
    if title.endswith(":::"):  # Pandoc lets authors close the line as they opened it
        title = title.rstrip(":").rstrip(_BLANKS)
    if title.startswith("[") and title.endswith("]"):
        return Span(start + 1, start + len(title) - 1)
    return Span(start, start + len(title))


_BLANKS = f" \t{FILLER}"


def _width(indent: str) -> int:
    return len(indent.expandtabs(_MARGIN))


def _length(indent: str, columns: int) -> int:
    """How many characters of an indentation take up so many columns, or all of them."""
    if "\t" not in indent:
        return min(columns, len(indent))
    return next((length for length in range(len(indent)) if _width(indent[:length]) >= columns), len(indent))
