"""Reads Markdown (CommonMark with GitHub's tables, footnotes and task lists), the HTML inside it, and MDX."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import pyromark
from pyromark import Options

from medlint.document import BlockKind, Document, ProseBuilder, Source, Span
from medlint.readers.front_matter import read_front_matter
from medlint.readers.html import MARKDOWN, TagReader
from medlint.readers.markup import read_text
from medlint.readers.mdx import SHOWN_PROPERTIES, JsxTag, dedent, take_apart
from medlint.readers.page import Page
from medlint.readers.templates import blank_templates

_PARSER = pyromark.Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM  # alerts: "[!NOTE]" is not copy
)


def read(source: Source) -> Document:
    """The document in a Markdown or MDX file; raises ReadError for malformed front matter."""
    front_matter = read_front_matter(source)
    start = front_matter.end
    if source.path.lower().endswith(".mdx"):
        blanked, jsx_tags = take_apart(source.text, start)
    else:
        blanked, jsx_tags = blank_templates(source.text, start, "markdown"), []
    page = Page(source, blanked.text, front_matter, blanked.comments)
    _MarkdownReader(page, jsx_tags, blanked.whole_lines).read(blanked.markdown[start:], start)
    return page.document()


class _MarkdownReader:
    """Reads parser events onto a page; HTML tags among them open and close elements as they do in HTML."""

    def __init__(self, page: Page, jsx_tags: list[JsxTag], whole_lines: frozenset[int]) -> None:
        self.page = page
        is_mdx = bool(jsx_tags)
        self.tags = TagReader(page, is_xml=is_mdx, shown_properties=SHOWN_PROPERTIES if is_mdx else frozenset())
        self._jsx_tags = deque(jsx_tags)  # those that are still to come
        self._whole_lines = whole_lines
        self._is_code = False
        self._html_lines: list[Span] = []
        self._around_image: list[ProseBuilder] = []  # the prose that goes on after the open images

    def read(self, markdown: str, start: int) -> None:
        """Read a whole text, which stands on the page at `start`."""
        original: Callable[[int], int] = start.__add__
        boundaries = [at - start for tag in self._jsx_tags if (at := tag.token.start) in self._whole_lines]
        if boundaries:
            markdown, original = dedent(markdown, start, boundaries)
        if "\r" in markdown:
            markdown = _LONE_CARRIAGE_RETURN.sub("\n", markdown)  # the parser does not see it end a heading
        offset = _offset_map(markdown, original)
        handlers: dict[str, Callable[[Any, Span], None]] = {
            "Start": self._start,
            "End": self._end,
            "Text": self._decoded_text,
            "Code": self._gap,
            "HardBreak": self._gap,
            "Rule": self._rule,
            "InlineHtml": self._inline_html,
            "Html": self._html_line,
            "FootnoteReference": self._footnote_reference,
        }
        for kind, value, event_start, event_end in _merged_events(markdown):
            here = Span(offset(event_start), offset(event_end))
            if kind == "Plain":
                self._plain_text(here)
            elif kind in handlers:
                if self._jsx_tags:
                    self._jsx_tags_before(kind, here)
                handlers[kind](value, here)
        while self._jsx_tags:
            self._next_jsx_tag()

    def _plain_text(self, here: Span) -> None:
        position = here.start
        while self._jsx_tags and self._jsx_tags[0].token.start < here.end:
            self._append(position, self._jsx_tags[0].token.start)
            position = self._next_jsx_tag()
        self._append(position, here.end)

    def _append(self, start: int, end: int) -> None:
        if start < end and not (self._is_code or self.page.current.silent):
            self.page.prose.verbatim(self.page.text, start, end)

    def _jsx_tags_before(self, kind: str, here: Span) -> None:
        """Read the tags that come before an event, or those in the last line of an element that ends."""
        while self._jsx_tags:
            token, _ = self._jsx_tags[0]
            is_inline = token.start not in self._whole_lines
            if kind in ("Html", "InlineHtml") and here.start <= token.start < here.end:
                self._jsx_tags.popleft()  # commented out
            elif token.start < here.start or (kind == "End" and token.start < here.end and is_inline):
                self._next_jsx_tag()
            else:
                break

    def _next_jsx_tag(self) -> int:
        """Read one tag; where it ends."""
        token, values = self._jsx_tags.popleft()
        if self._around_image:
            pass  # tags in an alternative text mean nothing
        elif token.kind == "start":
            self.tags.start_tag(token, values, self.page.source.text)
        else:
            self.tags.end_tag(token.name, token.end)
        return token.end

    def _decoded_text(self, text: str, here: Span) -> None:
        if not (self._is_code or self.page.current.silent):
            self.page.prose.replacement(text, *here)

    def _gap(self, _: str | None, here: Span) -> None:
        self.page.space(*here)

    def _rule(self, _: None, here: Span) -> None:
        self.page.end_block(here.start)

    def _footnote_reference(self, label: str, _: Span) -> None:
        if not self._around_image:
            self.page.footnote(label)

    def _start(self, tag: Any, here: Span) -> None:
        name, details = (tag, None) if isinstance(tag, str) else next(iter(tag.items()))
        page = self.page
        match name:
            case "Paragraph":
                page.start_leaf(here.start)
            case "TableCell":
                page.start_leaf(here.start, "table-cell")
            case "Item":
                self._enter(here, kind="list-item")
            case "List" | "TableHead" | "TableRow":
                self._enter(here, group=page.new_group())
            case "Heading":
                page.start_leaf(here.start, "heading", int(details["level"][1]))
                if details["id"]:
                    page.anchors.add(details["id"])
            case "BlockQuote":
                is_alert = details is not None
                self._enter(here, kind="paragraph", group=page.new_group(), quoted=not is_alert)
            case "FootnoteDefinition":
                self._enter(here, kind="paragraph", group=0)
                page.anchors.add(details)
            case "CodeBlock":
                page.end_block(here.start)
                self._is_code = True
            case "HtmlBlock":
                page.end_block(here.start, here.start)
            case "Link":
                if not self._around_image:
                    page.start_link(details["dest_url"])
            case "Image":
                self._around_image.append(page.prose)
                page.prose = ProseBuilder()

    def _enter(
        self,
        here: Span,
        *,
        kind: BlockKind | None = None,
        group: int | None = None,
        quoted: bool = False,
    ) -> None:
        self.page.enter(MARKDOWN, here.start, is_scope=True, kind=kind, group=group, quoted=quoted)

    def _end(self, tag: Any, here: Span) -> None:
        name = tag if isinstance(tag, str) else next(iter(tag))
        page = self.page
        match name:
            case "CodeBlock":
                self._is_code = False
            case "HtmlBlock":
                self._html_block()
                page.end_block(here.end)
            case "Link":
                if not self._around_image:
                    page.end_link()
                    self._title(here)
            case "Image":
                alt, page.prose = page.prose, self._around_image.pop()
                page.space(*here)
                if not page.current.silent:
                    page.add("alt", alt, here)
                    self._title(here)
            case "Paragraph" | "TableCell":
                page.end_leaf(here.end)
            case "Heading":
                page.end_leaf(here.end)
                if page.blocks and page.blocks[-1].kind == "heading":
                    page.anchors.add(_slug(page.blocks[-1].prose.text))
            case "List" | "Item" | "TableHead" | "TableRow" | "BlockQuote" | "FootnoteDefinition":
                page.leave(page.depth_of(MARKDOWN), here.end)

    def _title(self, here: Span) -> None:
        """Add the title in `[link](address "title")` or an image like it."""
        title = _title_span(self.page.text, here)
        if title:
            prose = ProseBuilder()
            _read_escaped(prose, self.page.text, title)
            self.page.add("attribute", prose, here)

    def _inline_html(self, _: str, here: Span) -> None:
        if not self._around_image:
            self.tags.read(self.page.text, *here)

    def _html_line(self, _: str, here: Span) -> None:
        self._html_lines.append(here)

    def _html_block(self) -> None:
        """Read an HTML block; between its lines stand the marks of a quote it is in, if anything."""
        lines, self._html_lines = self._html_lines, []
        if lines:
            text = self.page.text
            if any(text[line.end : following.start].strip() for line, following in pairwise(lines)):
                text = self._text_without_quote_marks
            self.tags.read(text, lines[0].start, lines[-1].end)

    @cached_property
    def _text_without_quote_marks(self) -> str:
        return _QUOTE_MARKS.sub(lambda marks: " " * len(marks[0]), self.page.text)


_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
_QUOTE_MARKS = re.compile(r"(?<![^\r\n])[ \t]*+(?:>[ \t]*+)++")
_STYLES = ("Emphasis", "Strong", "Strikethrough")  # a tuple, as other tags are dicts and not hashable


def _merged_events(markdown: str) -> Iterator[tuple[str, Any, int, int]]:
    """Parser events as name, details and byte range; text and line breaks that can be read at once are one "Plain"."""
    data = markdown.encode()
    run_start = run_end = 0
    for event, place in _PARSER.events_with_range(markdown):
        start, end = place["start"], place["end"]
        if isinstance(event, str):
            kind, details, is_plain = event, None, event == "SoftBreak"
        else:
            [(kind, details)] = event.items()
            if kind == "Text":
                # An entity or an escape is longer than what it means; bytes decide where characters cannot.
                is_plain = end - start == len(details) if details.isascii() else data[start:end] == details.encode()
            elif details in _STYLES:
                continue
            else:
                is_plain = False
        if is_plain and (start == run_end or data[run_end:start].isspace()):
            run_end = end
            continue
        if run_start < run_end:
            yield "Plain", None, run_start, run_end
        run_start = run_end = end
        if is_plain:
            run_start = start
        else:
            yield kind, details, start, end
    if run_start < run_end:
        yield "Plain", None, run_start, run_end


def _offset_map(markdown: str, original: Callable[[int], int]) -> Callable[[int], int]:
    """Leads from a byte of the text, as the parser counts, to where that character stood originally."""
    if markdown.isascii():
        return original
    block = 256
    data = markdown.encode().translate(_FIRST_BYTES)
    characters = list(accumulate((data.count(1, at, at + block) for at in range(0, len(data), block)), initial=0))

    def offset(byte: int) -> int:
        at = byte // block
        return original(characters[at] + data.count(1, at * block, byte))

    return offset


_FIRST_BYTES = bytes(0 if 0x80 <= byte < 0xC0 else 1 for byte in range(256))  # 1 for the first byte of a character


def _slug(heading: str) -> str:
    """The anchor that GitHub and most generators give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


_CLOSING_TITLE = {'"': '"', "'": "'", ")": "("}


def _title_span(text: str, link: Span) -> Span | None:
    """Where the title of an inline link stands, without its quotes."""
    end = link.end - 1
    if not text.startswith(")", end):
        return None
    while end > link.start and text[end - 1] in " \t\r\n":
        end -= 1
    end -= 1
    opening = _CLOSING_TITLE.get(text[end])
    if opening is None:
        return None
    start = text.rfind(opening, link.start, end)
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind(opening, link.start, start)
    # An address may end in a parenthesis too, but a title stands after a space.
    if start > link.start and text[start - 1] in " \t\r\n":
        return Span(start + 1, end)
    return None


_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _read_escaped(prose: ProseBuilder, text: str, span: Span) -> None:
    """Append a title to the prose, escapes and entities decoded."""
    position = span.start
    for escape in _ESCAPE.finditer(text, *span):
        read_text(prose, text, position, escape.start())
        prose.replacement(escape[1], *escape.span())
        position = escape.end()
    read_text(prose, text, position, span.end)
