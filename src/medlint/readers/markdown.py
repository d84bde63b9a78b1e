"""Reads Markdown (CommonMark with GitHub's tables, footnotes and task lists), the HTML inside it, and MDX."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import pyromark
from pyromark import Options

from medlint.document import BlockKind, Document, ProseBuilder, Source, Span
from medlint.readers import Names
from medlint.readers.blanking import FILLER
from medlint.readers.page import MARKDOWN, Page, front_matter_of
from medlint.readers.templates import blank_templates

if TYPE_CHECKING:
    from medlint.readers.html import TagReader
    from medlint.readers.mdx import Mdx

_PARSER = pyromark.Markdown(
    options=Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_HEADING_ATTRIBUTES
    | Options.ENABLE_GFM  # alerts: "[!NOTE]" is not copy
)
_OffsetMap = Callable[[int], int]


def read(source: Source, names: Names) -> Document:
    """The document in a Markdown or MDX file; raises ReadError for malformed front matter."""
    front_matter = front_matter_of(source, names.front_matter)
    start = front_matter.end
    if source.path.lower().endswith(".mdx"):
        from medlint.readers.mdx import take_apart  # only where there is MDX

        mdx = take_apart(source.text, start)
        page = Page(source, mdx.blanked.text, front_matter, mdx.blanked.comments)
        _MdxReader(page, mdx, names.attributes).read(*_opened(mdx.markdown, mdx.original))
    else:
        blanked = blank_templates(source.text, start, "markdown")
        page = Page(source, blanked.text, front_matter, blanked.comments)
        _MarkdownReader(page, names.attributes).read(*_opened(blanked.markdown[start:], start.__add__))
        comments = sorted(comment.span for comment in page.comments)
        for string in blanked.shown:
            before = bisect_left(comments, string)
            if not before or comments[before - 1].end <= string.start:  # of what stands in a comment nothing is shown
                page.add_string(string)
    return page.document()


def _opened(markdown: str, original: _OffsetMap) -> tuple[str, _OffsetMap]:
    """The text with its admonitions, callouts and the like opened, and the way back from its characters."""
    if not any(mark in markdown for mark in _CONTAINER_MARKS) or not _CONTAINER.search(markdown):
        return markdown, original
    from medlint.readers.containers import open_containers

    opened = open_containers(markdown)
    return opened.text, lambda at: original(opened.offset(at))


_CONTAINER_MARKS = (":::", "!!!", "???", "===", "[!")  # a text without any of them has no containers
_CONTAINER = re.compile(
    r"""(?<![^\r\n]) (?: [ \t]*+ (?: ::: | !!! | \?\?\? | ===[!+]{0,2}[ \t]*+" )
                      | [ \t>]*+ \[! (?! (?:note|tip|important|warning|caution) \] [ \t]*+ [\r\n] ) )""",
    re.IGNORECASE | re.VERBOSE,
)


class _MarkdownReader:
    """Reads parser events onto a page; HTML tags among them open and close elements as they do in HTML."""

    def __init__(self, page: Page, attributes: tuple[str, ...]) -> None:
        """`attributes` are patterns for those that are copy or not, beside those that are known."""
        self.page = page
        self.attributes = attributes
        self.is_code = False
        self.around_image: list[ProseBuilder] = []  # the prose that goes on after the open images
        self._html_lines: list[Span] = []
        self._handlers: dict[str, Callable[[Any, int, int], None]] = {
            "Plain": self.plain_text,
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

    def read(self, markdown: str, original: _OffsetMap) -> None:
        """Read a whole text; `original` leads from its characters to those of the page."""
        if "\r" in markdown:
            markdown = _LONE_CARRIAGE_RETURN.sub("\n", markdown)  # the parser does not see it end a heading
        offset = _offset_map(markdown, original)
        for kind, value, event_start, event_end in _merged_events(markdown):
            self.event(kind, value, offset(event_start), offset(event_end))

    def event(self, kind: str, value: Any, start: int, end: int) -> None:
        """Read one event, at `start` to `end` of the page."""
        handler = self._handlers.get(kind)
        if handler:
            handler(value, start, end)

    def plain_text(self, _: None, start: int, end: int) -> None:
        """Read text that stands as it is, line breaks included."""
        if not (self.is_code or self.page.current.silent):
            self.page.prose.verbatim(self.page.text, start, end)

    def _decoded_text(self, text: str, start: int, end: int) -> None:
        if not (self.is_code or self.page.current.silent):
            self.page.prose.replacement(text, start, end)

    def _gap(self, _: str | None, start: int, end: int) -> None:
        self.page.space(start, end)

    def _rule(self, _: None, start: int, end: int) -> None:
        self.page.end_block(start)

    def _footnote_reference(self, label: str, start: int, end: int) -> None:
        if not self.around_image:
            self.page.footnote(label)

    def _start(self, tag: Any, start: int, end: int) -> None:
        name, details = _name_and_details(tag)
        page = self.page
        match name:
            case "Paragraph":
                page.start_leaf(start)
            case "TableCell":
                page.start_leaf(start, "table-cell")
            case "Heading":
                page.start_leaf(start, "heading", int(details["level"][1]))
                if details["id"]:
                    page.anchors.add(details["id"])
            case "Item":
                self._enter(start, kind="list-item")
            case "List" | "TableHead" | "TableRow":
                self._enter(start, group=page.new_group())
            case "BlockQuote":
                is_alert = details is not None
                self._enter(start, kind="paragraph", group=page.new_group(), quoted=not is_alert)
            case "FootnoteDefinition":
                self._enter(start, kind="paragraph", group=0)
                page.anchors.add(details)
            case "CodeBlock":
                page.end_block(start)
                self.is_code = True
            case "HtmlBlock":
                page.end_block(start, start)
            case "Link":
                if not self.around_image:
                    page.start_link(details["dest_url"].strip(FILLER))
            case "Image":
                self.around_image.append(page.prose)
                page.prose = ProseBuilder()

    def _enter(
        self, start: int, *, kind: BlockKind | None = None, group: int | None = None, quoted: bool = False
    ) -> None:
        self.page.enter(MARKDOWN, start, is_scope=True, kind=kind, group=group, quoted=quoted)

    def _end(self, tag: Any, start: int, end: int) -> None:
        name, _ = _name_and_details(tag)
        page = self.page
        match name:
            case "Paragraph" | "TableCell":
                page.end_leaf(end)
            case "Heading":
                page.end_leaf(end)
                if page.blocks and page.blocks[-1].kind == "heading":
                    page.anchors.add(_slug(page.blocks[-1].prose.text))
            case "List" | "Item" | "TableHead" | "TableRow" | "BlockQuote" | "FootnoteDefinition":
                page.leave(page.depth_of(MARKDOWN), end)
            case "CodeBlock":
                self.is_code = False
            case "HtmlBlock":
                self._html_block()
                page.end_block(end)
            case "Link":
                if not self.around_image:
                    page.end_link()
                    self._title(start, end)
            case "Image":
                alt, page.prose = page.prose, self.around_image.pop()
                page.space(start, end)
                if not page.current.silent:
                    page.add("alt", alt, Span(start, end))
                    self._title(start, end)

    def _title(self, start: int, end: int) -> None:
        """Add the title in `[link](address "title")` or an image like it."""
        title = _title_span(self.page.text, start, end)
        if title:
            prose = ProseBuilder()
            _read_escaped(prose, self.page.text, title)
            self.page.add("attribute", prose, Span(start, end))

    def _inline_html(self, _: str, start: int, end: int) -> None:
        if not self.around_image:
            self.tags.read(self.page.text, start, end)

    def _html_line(self, _: str, start: int, end: int) -> None:
        self._html_lines.append(Span(start, end))

    def _html_block(self) -> None:
        """Read an HTML block; between its lines stand the marks of a quote it is in, if anything."""
        lines, self._html_lines = self._html_lines, []
        if lines:
            text = self.page.text
            if any(text[line.end : following.start].strip() for line, following in pairwise(lines)):
                text = self._text_without_quote_marks
            self.tags.read(text, lines[0].start, lines[-1].end)

    @cached_property
    def tags(self) -> TagReader:
        """Reads the HTML on the page."""
        from medlint.readers.html import TagReader  # most Markdown holds none

        return TagReader(self.page, attributes=self.attributes)

    @cached_property
    def _text_without_quote_marks(self) -> str:
        return _QUOTE_MARKS.sub(lambda marks: " " * len(marks[0]), self.page.text)


class _MdxReader(_MarkdownReader):
    """Reads the Markdown of an MDX text, and each JSX tag when its turn comes."""

    def __init__(self, page: Page, mdx: Mdx, attributes: tuple[str, ...]) -> None:
        from medlint.readers.html import TagReader
        from medlint.readers.mdx import SHOWN_PROPERTIES

        super().__init__(page, attributes)
        self.tags = TagReader(page, is_xml=True, shown_properties=SHOWN_PROPERTIES, attributes=attributes)
        self._tags_to_come = deque(mdx.tags)
        self._whole_lines = mdx.blanked.whole_lines

    def read(self, markdown: str, original: _OffsetMap) -> None:
        super().read(markdown, original)
        while self._tags_to_come:
            self._read_tag()

    def event(self, kind: str, value: Any, start: int, end: int) -> None:
        is_html = kind == "InlineHtml" or value == "HtmlBlock"
        while self._tags_to_come and kind != "Plain":
            tag_start = self._tags_to_come[0].token.start
            if is_html and start <= tag_start < end:
                self._tags_to_come.popleft()  # commented out
            elif tag_start < start or (kind == "End" and tag_start < end and tag_start not in self._whole_lines):
                self._read_tag()  # before the event, or at the end of an element's last line
            else:
                break
        super().event(kind, value, start, end)

    def plain_text(self, _: None, start: int, end: int) -> None:
        while self._tags_to_come and (tag_start := self._tags_to_come[0].token.start) < end:
            if start < tag_start:
                super().plain_text(None, start, tag_start)
            start = self._read_tag()
        if start < end:
            super().plain_text(None, start, end)

    def _read_tag(self) -> int:
        """Read the next tag; where it ends."""
        token, values = self._tags_to_come.popleft()
        if not self.around_image:  # in an alternative text tags mean nothing
            if token.kind == "start":
                self.tags.start_tag(token, values, self.page.source.text)
            else:
                self.tags.end_tag(token)
        return token.end


_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")
_QUOTE_MARKS = re.compile(r"(?<![^\r\n])[ \t]*+(?:>[ \t]*+)++")
_STYLES = ("Emphasis", "Strong", "Strikethrough")  # a tuple, as other tags are dicts and not hashable


def _name_and_details(tag: Any) -> tuple[str, Any]:
    """A tag is a bare name or a dict of one name and its details."""
    return (tag, None) if isinstance(tag, str) else next(iter(tag.items()))


def _merged_events(markdown: str) -> Iterator[tuple[str, Any, int, int]]:
    """Parser events as name, details and byte range; text and line breaks that can be read at once are one "Plain"."""
    data = markdown.encode()
    run_start = run_end = 0
    event: Any
    # The parser gets a copy, as Python keeps with a text the bytes that a library asks of it.
    for event, place in _PARSER.events_with_range(markdown if markdown.isascii() else data.decode()):
        start, end = place["start"], place["end"]
        if isinstance(event, str):
            kind, details, is_plain = event, None, event == "SoftBreak"
        else:
            kind, details = event.popitem()
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


def _offset_map(markdown: str, original: _OffsetMap) -> _OffsetMap:
    """Leads from a byte of the text, as the parser counts, to the page."""
    if markdown.isascii():
        return original
    continuations = list(_CONTINUATION_BYTES.finditer(markdown.encode()))
    runs = [run.start() for run in continuations]
    shifts = list(accumulate((run.start() - run.end() for run in continuations), initial=0))
    return lambda byte: original(byte + shifts[bisect_left(runs, byte)])


_CONTINUATION_BYTES = re.compile(rb"[\x80-\xbf]+")  # all but the first byte of a character


def _slug(heading: str) -> str:
    """The anchor that GitHub and most generators give a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


_CLOSING_TITLE = {'"': '"', "'": "'", ")": "("}


def _title_span(text: str, link_start: int, link_end: int) -> Span | None:
    """Where the title of an inline link stands, without its quotes."""
    end = link_end - 1
    if not text.startswith(")", end):
        return None
    while end > link_start and text[end - 1] in " \t\r\n":
        end -= 1
    end -= 1
    opening = _CLOSING_TITLE.get(text[end])
    if opening is None:
        return None
    start = text.rfind(opening, link_start, end)
    while start > 0 and text[start - 1] == "\\":
        start = text.rfind(opening, link_start, start)
    # An address may end in a parenthesis too, but a title stands after a space.
    if start > link_start and text[start - 1] in " \t\r\n":
        return Span(start + 1, end)
    return None


_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")


def _read_escaped(prose: ProseBuilder, text: str, span: Span) -> None:
    """Append a title to the prose, escapes and entities decoded."""
    from medlint.readers.markup import read_text  # brings the tables of HTML along

    position = span.start
    for escape in _ESCAPE.finditer(text, *span):
        read_text(prose, text, position, escape.start())
        prose.replacement(escape[1], *escape.span())
        position = escape.end()
    read_text(prose, text, position, span.end)
