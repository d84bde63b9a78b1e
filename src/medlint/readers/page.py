"""Collects what a reader of marked-up copy finds, in source order: text into blocks, links into marks.

A page is a stack of open elements (a list item, a table cell, an HTML tag) and the one block whose prose is being
read. A block-level element ends the block before it; a block takes kind, group and visibility from the innermost one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from medlint.document import (
    Block,
    BlockKind,
    Comment,
    Document,
    Mark,
    MarkKind,
    Prose,
    ProseBuilder,
    Source,
    Span,
    in_source_order,
)

MARKDOWN = "#markdown"  # the name of elements that Markdown opened; HTML tags inside cannot end them


class FrontMatter(NamedTuple):
    """What stands before a page's text: its copy, its scalar keys, and where the text starts."""

    end: int = 0
    blocks: tuple[Block, ...] = ()
    scalars: Mapping[str, str] = {}


def front_matter_of(source: Source, patterns: tuple[str, ...] = ()) -> FrontMatter:
    """The front matter of a page, empty when there is none; raises ReadError when it is malformed or too large.

    The patterns name keys that are copy or not, beside those that are known.
    """
    if not source.text.startswith(("---", "+++", ";;;", "{")):
        return FrontMatter()
    from medlint.readers.front_matter import read_front_matter  # many drafts have none

    return read_front_matter(source, patterns)


class Element(NamedTuple):
    """An open element; what it does not state itself it has from the element around it."""

    name: str
    is_block: bool
    kind: BlockKind
    level: int
    group: int
    quoted: bool
    silent: bool  # its text is not copy
    block_depth: int  # of the innermost block-level element, itself included
    scope_depth: int  # of the innermost element that tags inside it cannot end, itself included
    chrome_depth: int = 0  # of the innermost element that makes it chrome, itself included; 0 for the page's own
    in_section: bool = False  # headers and footers inside it are not those of the page


class Page:
    """The blocks, comments and anchors found so far, and the block being read."""

    def __init__(self, source: Source, text: str, front_matter: FrontMatter, comments: list[Comment]) -> None:
        """`text` is the source with template tags blanked, and `comments` are those in template tags."""
        self.source = source
        self.text = text
        self.prose = ProseBuilder()
        self.blocks = list(front_matter.blocks)
        self.comments = list(comments)
        self.anchors: set[str] = set()
        self.elements = [Element("", True, "paragraph", 0, 0, False, False, 0, 0)]
        self.current = self.elements[0]
        self._depths: dict[str, list[int]] = {}  # where in `elements` each name is open
        self._block_start: int | None = None
        self._leaf: _Leaf | None = None
        self._marks: list[OpenMark] = []
        self._link: OpenMark | None = None
        self._superscript: OpenMark | None = None
        self._interrupted: list[_Interrupted] = []  # the running text around the open asides
        self._groups = 0
        self._front_matter = front_matter

    def document(self) -> Document:
        """Everything found, once the whole source has been read."""
        self.leave(1, len(self.text))
        self.end_block(len(self.text))
        comments = tuple(sorted(self.comments, key=lambda comment: comment.span))
        return Document(
            self.source,
            in_source_order(_without_contents(self.blocks)),
            comments,
            frozenset(self.anchors),
            self._front_matter.scalars,
        )

    def new_group(self) -> int:
        """A group number that no other block has."""
        self._groups += 1
        return self._groups

    def depth_of(self, name: str) -> int:
        """How deep the innermost open element of that name is; 0 when none is open."""
        depths = self._depths.get(name)
        return depths[-1] if depths else 0

    def enter(
        self,
        name: str,
        start: int,
        *,
        is_block: bool = True,
        is_scope: bool = False,
        kind: BlockKind | None = None,
        level: int = 0,
        group: int | None = None,
        quoted: bool = False,
        silent: bool = False,
        chrome: bool | None = None,
        is_section: bool = False,
        is_aside: bool = False,
    ) -> None:
        """Open an element at `start`; a block-level one ends the block before it.

        `chrome` says that the element begins chrome or the page's own content; None: as around it. After an aside, the
        text around it goes on where it was interrupted.
        """
        around, depth = self.current, len(self.elements)
        if is_aside:
            self._interrupt(depth)
        elif is_block:
            self.end_block(start, start)
        self._depths.setdefault(name, []).append(depth)
        self.current = Element(
            name,
            is_block,
            kind or around.kind,
            level if kind else around.level,
            around.group if group is None else group,
            quoted or around.quoted,
            silent or around.silent,
            depth if is_block else around.block_depth,
            depth if is_scope else around.scope_depth,
            around.chrome_depth if chrome is None else depth * chrome,
            is_section or around.in_section,
        )
        self.elements.append(self.current)

    def leave(self, depth: int, end: int) -> None:
        """Close the element at `depth` and those inside it; a block-level one ends its block at `end`."""
        while self._interrupted and self._interrupted[-1].depth >= depth:
            self._close(self._interrupted[-1].depth, end)
            self._resume()
        if depth < len(self.elements):
            self._close(depth, end)

    def _close(self, depth: int, end: int) -> None:
        if self._link and depth <= self._link.depth:
            self.end_link()
        if self._superscript and depth <= self._superscript.depth:
            self.end_superscript()
        if depth <= self.current.block_depth:
            self.end_block(end)
        while len(self.elements) > depth:
            self._depths[self.elements.pop().name].pop()
        self.current = self.elements[-1]

    def _interrupt(self, depth: int) -> None:
        self._interrupted.append(
            _Interrupted(depth, self.prose, self._block_start, self._leaf, self._marks, self._link, self._superscript)
        )
        self.prose, self._marks = ProseBuilder(), []
        self._block_start = self._leaf = self._link = self._superscript = None

    def _resume(self) -> None:
        _, self.prose, self._block_start, self._leaf, self._marks, self._link, self._superscript = (
            self._interrupted.pop()
        )

    def silence(self, depth: int) -> None:
        """What is left of the open element at `depth` is not copy."""
        self.elements[depth:] = [element._replace(silent=True) for element in self.elements[depth:]]
        self.current = self.elements[-1]

    def own(self, depth: int, start: int) -> None:
        """From `start`, what is left of the open element at `depth` is no chrome but the page's own content."""
        self.end_block(start)
        self.elements[depth:] = [element._replace(chrome_depth=0) for element in self.elements[depth:]]
        self.current = self.elements[-1]

    def end_block(self, end: int, next_start: int | None = None) -> None:
        """Finish the block being read; the next one starts at `next_start`, or where its text starts."""
        if len(self.prose) or self._marks:
            self._finish_block(end)
        self._block_start = next_start

    def start_leaf(self, start: int, kind: BlockKind | None = None, level: int = 0) -> None:
        """Start a block that holds nothing but text and inline elements; without a kind it has that around it."""
        self.end_block(start, start)
        self._leaf = _Leaf(len(self.elements), kind, level)

    def end_leaf(self, end: int) -> None:
        """Finish the block that `start_leaf` started, and the elements that are still open in it."""
        if self._leaf and self._leaf.depth < len(self.elements):
            self.leave(self._leaf.depth, end)
        self.end_block(end)
        self._leaf = None

    def add(self, kind: BlockKind, prose: ProseBuilder, span: Span) -> None:
        """Add a block that stands beside the running text, such as an image's alternative text."""
        built = prose.build()
        self.blocks.append(
            Block(
                kind,
                built,
                span,
                self.current.group,
                quoted=self.current.quoted,
                marks=with_bare_links(built, ()),
                chrome=self.current.chrome_depth > 0,
            )
        )

    def add_string(self, span: Span) -> None:
        """Add a string that a template shows somewhere beside the running text."""
        from medlint.readers.markup import read_text  # few pages have any

        prose = ProseBuilder()
        read_text(prose, self.source.text, *span, is_attribute=True)
        self.add("attribute", prose, span)

    def space(self, start: int, end: int) -> None:
        """Keep the words around `start..end` apart."""
        if not self.current.silent:
            self.prose.space(start, end)

    def start_link(self, target: str) -> None:
        """The prose leads to `target` from here until the link or the current element ends."""
        self.end_link()
        self._link = OpenMark("link", len(self.prose), target, len(self.elements) - 1)

    def end_link(self) -> None:
        """The link in the prose ends here."""
        if self._link and (len(self.prose) or self._link.start != _CARRIED):
            self._marks.append(self._link._replace(end=len(self.prose)))
        self._link = None

    def start_superscript(self) -> None:
        """The prose is raised from here until the current element ends: a reference, if a number or a link."""
        self._superscript = OpenMark("reference", len(self.prose), "", len(self.elements) - 1)

    def end_superscript(self) -> None:
        """The raised prose ends here."""
        if self._superscript:
            self._marks.append(self._superscript._replace(end=len(self.prose)))
        self._superscript = None

    def footnote(self, label: str) -> None:
        """A footnote is marked here."""
        self._marks.append(OpenMark("footnote", len(self.prose), label, end=len(self.prose)))

    def _finish_block(self, end: int) -> None:
        if self._link:
            link = self._link
            self.end_link()
            self._link = link._replace(start=_CARRIED)
        prose, marks = self.prose.build(), self._marks
        self.prose, self._superscript = ProseBuilder(), None
        if marks:
            self._marks = []  # those of a block without words lead from nowhere
        if not prose.text or prose.text.isspace():  # no-break spaces say nothing
            return
        around = self.current
        kind, level = around.kind, around.level
        if self._leaf and self._leaf.kind:
            kind, level = self._leaf.kind, self._leaf.level
        start = prose.source_span(0, 1).start if self._block_start is None else self._block_start
        finished = with_bare_links(prose, finished_marks(marks, prose.text) if marks else ())
        self.blocks.append(
            Block(
                kind,
                prose,
                Span(start, end),
                around.group,
                level,
                around.quoted,
                finished,
                chrome=around.chrome_depth > 0,
            )
        )


def _without_contents(blocks: list[Block]) -> list[Block]:
    """The blocks without those of a table of contents, which say headings again and lead to them."""
    if not any(_leads_within(block) for block in blocks):
        return blocks
    headings = {block.prose.text for block in blocks if block.kind == "heading"}
    return [
        block
        for block in blocks
        if not (_leads_within(block) and headings.intersection((block.prose.text, _without_page(block.prose.text))))
    ]


def _leads_within(block: Block) -> bool:
    """Whether a block begins with a link to a place on the page."""
    if not block.marks or block.kind not in ("paragraph", "list-item"):
        return False
    kind, span, target = block.marks[0]
    return kind == "link" and span.start == 0 and target.startswith("#")


def _without_page(text: str) -> str:
    """An entry of a table of contents without what fills its line and the number of the page."""
    return text.rstrip("0123456789").rstrip(" \u00a0.…")


class _Leaf(NamedTuple):
    depth: int  # of the elements inside it
    kind: BlockKind | None
    level: int


class OpenMark(NamedTuple):
    """A mark while the prose of its block is still being read."""

    kind: MarkKind
    start: int
    target: str
    depth: int = 0  # of the element it ends with
    end: int = 0


class _Interrupted(NamedTuple):
    """The block being read when an aside began, which is the element at `depth`."""

    depth: int
    prose: ProseBuilder
    block_start: int | None
    leaf: _Leaf | None
    marks: list[OpenMark]
    link: OpenMark | None
    superscript: OpenMark | None


_CARRIED = -1  # the start of a link that began in an earlier block


def finished_marks(marks: list[OpenMark], text: str) -> tuple[Mark, ...]:
    """The marks of a block, now that its whole prose is known."""
    links = [mark for mark in marks if mark.kind == "link"]  # in order, and never one inside another
    finished = []
    for mark in marks:
        target = _reference_target(mark, links, text) if mark.kind == "reference" else mark.target
        if target is not None:
            start, end = (min(max(offset, 0), len(text)) for offset in (mark.start, mark.end))
            finished.append(Mark(mark.kind, Span(start, end), target))
    return tuple(finished)


# The patterns below are compiled where they are used: start-up is felt, and few pages need them.
_REFERENCE_NUMBER = r"[\[(]?\s*(\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[*†‡§])\s*[\])]?"
_BEFORE_EXPONENT = r"(?:\d|\b(?:[cmk]?m|ft))$"  # ten to the sixth and square metres cite nothing


def _reference_target(superscript: OpenMark, links: list[OpenMark], text: str) -> str | None:
    """Where a superscript leads; None if it is no reference."""
    nearest = bisect_right(links, superscript.start, key=lambda link: link.end)
    if nearest < len(links) and links[nearest].start < superscript.end and links[nearest].target.startswith("#"):
        return links[nearest].target
    number = re.fullmatch(_REFERENCE_NUMBER, text[superscript.start : superscript.end].strip())
    if number and not re.search(_BEFORE_EXPONENT, text[max(0, superscript.start - 5) : superscript.start]):
        return number[1]
    return None


_BARE_LINK = r"(?i)(?:https?://|\bwww\.)[^\s<>\"“”]*[^\s<>\"“”.,;:!?'’)\]*]"


def with_bare_links(prose: Prose, marks: tuple[Mark, ...] = ()) -> tuple[Mark, ...]:
    """The marks in order, with one more for each address written out in the prose outside a link."""
    if "://" in prose.text or "www." in prose.text:
        linked = sorted(mark.span for mark in marks if mark.kind == "link")
        bare = []
        for address in re.finditer(_BARE_LINK, prose.text):
            start, end = address.span()
            nearest = bisect_right(linked, start, key=lambda link: link.end)
            if nearest == len(linked) or end <= linked[nearest].start:
                bare.append(Mark("link", Span(start, end), address.group()))
        marks = (*marks, *bare)
    return tuple(sorted(marks, key=lambda mark: (mark.span, mark.kind))) if marks else ()
