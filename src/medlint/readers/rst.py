"""Reads reStructuredText, that of Sphinx and of site generators included: what stands on the page it becomes."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from medlint.document import BlockKind, Document, ProseBuilder, Source, Span
from medlint.readers import ReadError
from medlint.readers.excerpt import Excerpt, read_excerpt
from medlint.readers.page import FrontMatter, Page

if TYPE_CHECKING:
    from docutils import nodes

    from medlint.readers.rst_parser import Parsed


def read(source: Source) -> Document:
    """The document in a reStructuredText file; raises ReadError where docutils is missing."""
    try:
        import docutils  # noqa: F401
    except ImportError:
        raise ReadError(
            'reStructuredText needs one more package; install it with: python -m pip install "medlint-copy[rst]"'
        ) from None
    try:
        if not _UNUSUAL.search(source.text):
            return _read(source)
        return read_excerpt(source, _with_usual_spaces(source.text), _read)
    except RecursionError:
        raise ReadError("lists or quotes stand too deep inside one another; take some of them out") from None


_UNUSUAL = re.compile(r"[\t\r\v\f\x00]")


def _with_usual_spaces(text: str) -> Excerpt:
    """The text with LF as its only line end, and with tabs as wide as docutils takes them for."""
    excerpt = Excerpt()
    position = line_start = 0
    width = 0  # of the spaces that tabs in the line added
    for found in re.finditer(r"\r\n|[\n\t\r\v\f\x00]", text):
        start, end = found.span()
        excerpt.verbatim(text, position, start)
        position = end
        if found[0] == "\t":
            spaces = 8 - (start - line_start + width) % 8
            width += spaces - 1
            excerpt.replacement(" " * spaces, start, end)
        elif found[0] in ("\n", "\r", "\r\n"):
            excerpt.replacement("\n", start, end)
            line_start, width = end, 0
        else:
            excerpt.replacement(" ", start, end)
    excerpt.verbatim(text, position, len(text))
    return excerpt


def _read(source: Source) -> Document:
    from medlint.readers.rst_parser import Parsed

    parsed = Parsed(source.text)
    page = Page(source, source.text, FrontMatter(), parsed.comments)
    for line in _NIKOLA.finditer(source.text, 0, _HEAD.match(source.text).end()):  # type: ignore[union-attr]
        prose = ProseBuilder()
        prose.verbatim(source.text, *line.span(2))
        page.add("title" if line[1] == "title" else "description", prose, Span(*line.span()))
    _TreeReader(page, parsed).read(parsed.tree)
    return page.document()


# Nikola writes what is to be known of a page in comments at its head.
_HEAD = re.compile(r"\s*(?:\.\. [\w-]+:(?: .*)?(?:\n|\Z))*")
_NIKOLA = re.compile(r"^\.\. (title|description): (.+)$", re.MULTILINE)


class _TreeReader:
    """Reads the tree that docutils made onto a page."""

    def __init__(self, page: Page, parsed: Parsed) -> None:
        self.page = page
        self._parsed = parsed
        self._at = 0  # where the words read last end
        self._level = 0  # of headings
        self._is_head = True  # no paragraph yet, so that a list of fields is about the page
        self._targets: dict[str, str] = {}  # what names lead to
        self._anonymous: deque[str] = deque()
        self._substitutions: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()  # of notes that have no name, and of the marks that lead to them
        self._readers: dict[str, Callable[[Any], None]] = {
            **dict.fromkeys(_SILENT, lambda _: None),
            **dict.fromkeys(("literal", "math"), self._gap),
            **dict.fromkeys(("paragraph", "attribution", "line", "field_name"), self._leaf),
            **dict.fromkeys(("bullet_list", "enumerated_list", "definition_list", "row", "line_block"), self._group),
            **dict.fromkeys(("list_item", "term", "definition", "entry"), self._item),
            **dict.fromkeys(("footnote", "citation"), self._note),
            **dict.fromkeys(("footnote_reference", "citation_reference"), self._note_mark),
            "#text": self._text,
            "block_quote": self._quote,
            "field": self._field,
            "inline": self._inline,
            "reference": self._reference,
            "section": self._section,
            "substitution_definition": self._definition,
            "substitution_reference": self._substitution,
            "superscript": self._superscript,
            "system_message": self._message,
            "title": self._title,
        }

    def read(self, tree: nodes.document) -> None:
        """Read a whole tree."""
        node: Any  # the types of docutils do not know all that it has
        for node in tree.findall():
            if node.tagname == "target":
                self._note_target(node)
            elif node.tagname == "substitution_definition":
                shown = "".join(child.astext() for child in node.children if not _is_aside(child))
                self._substitutions.update((name.lower(), shown) for name in node["names"])
        self._children(tree)

    def _children(self, node: nodes.Node) -> None:
        child: Any
        for child in node.children:
            self._readers.get(child.tagname, self._children)(child)

    # Blocks

    def _section(self, node: nodes.Element) -> None:
        self.page.anchors.update(node["names"])
        self._level += 1
        self._children(node)
        self._level -= 1

    def _title(self, node: nodes.Element) -> None:
        self._block(node, "heading", min(self._level, 6))

    def _leaf(self, node: nodes.Element) -> None:
        self._is_head = False
        self._block(node)

    def _block(self, node: nodes.Element, kind: BlockKind | None = None, level: int = 0) -> None:
        start, end = self._extent(node)
        self.page.start_leaf(start, kind, level)
        self._children(node)
        self.page.end_leaf(end)

    def _group(self, node: nodes.Element) -> None:
        self._inside(node, group=self.page.new_group())

    def _item(self, node: nodes.Element) -> None:
        kind: BlockKind = "table-cell" if node.tagname == "entry" else "list-item"
        self._inside(node, kind=kind)

    def _quote(self, node: nodes.Element) -> None:
        self._inside(node, kind="paragraph", group=self.page.new_group(), quoted=True)

    def _inside(
        self, node: nodes.Element, *, kind: BlockKind | None = None, group: int | None = None, quoted: bool = False
    ) -> None:
        """Read an element that holds blocks, or the words of one."""
        depth = len(self.page.elements)
        start, end = self._extent(node)
        self.page.enter(node.tagname, start, kind=kind, group=group, quoted=quoted)
        self._children(node)
        self.page.leave(depth, end)

    def _field(self, node: nodes.Element) -> None:
        name, body = node.children
        if not self._is_head:
            self._children(node)
        elif kind := _FIELDS.get(name.astext().lower()):
            self._aside(kind, body)

    def _aside(self, kind: BlockKind, node: nodes.Node) -> None:
        """Add words that do not stand in the running text."""
        span, prose, self.page.prose = self._extent(node), self.page.prose, ProseBuilder()
        each: Any
        for each in node.findall():
            if each.tagname == "#text":
                self._text(each)
        aside, self.page.prose = self.page.prose, prose
        self.page.add(kind, aside, span)

    def _definition(self, node: nodes.Element) -> None:
        """Read what a picture that is defined here says; words are read where they are used."""
        child: Any
        for child in filter(_is_aside, node.children):
            self._inline(child)

    def _message(self, node: nodes.Element) -> None:
        """Read what docutils could make nothing of, a broken table or a heading out of place, line by line."""
        from medlint.readers.rst_parser import placed_lines

        if node["level"] >= _ERROR:
            literals = node.children[1:]  # the first says what is wrong
            for literal in literals:
                for paragraph in placed_lines(self._parsed, literal.astext(), node.get("line", 1)):
                    self._leaf(paragraph)

    # What stands in blocks

    def _text(self, node: nodes.Text) -> None:
        place = self._parsed.place(node)
        if place and place.start < place.end:
            place.passage.write(self.page.prose, self.page.text, place.start, place.end)
            self._at = place.passage.span(place.start, place.end).end

    def _extent(self, node: nodes.Node) -> Span:
        """From the first to the last word of an element; where the words before it end, if there are none."""
        below: Iterable[Any] = node.findall()
        words = (each for each in below if not each.children or each.tagname == "substitution_reference")
        places = filter(None, map(self._parsed.place, words))
        spans = [place.passage.span(place.start, place.end) for place in places if place.start < place.end]
        return Span(spans[0].start, max(span.end for span in spans)) if spans else Span(self._at, self._at)

    def _span(self, node: nodes.Node) -> Span:
        place = self._parsed.place(node)
        return place.passage.span(place.start, place.end) if place else Span(self._at, self._at)

    def _gap(self, node: nodes.Element) -> None:
        self.page.space(*self._span(node))

    def _inline(self, node: nodes.Element) -> None:
        if _is_aside(node):
            self._aside(node["kind"], node)
        else:
            self._children(node)

    def _substitution(self, node: nodes.Element) -> None:
        words = self._substitutions.get(node.astext().lower(), "")
        self.page.prose.replacement(" ".join(words.split()) or " ", *self._span(node))

    def _superscript(self, node: nodes.Element) -> None:
        depth = len(self.page.elements)
        self.page.enter("sup", self._span(node).start, is_block=False)
        self.page.start_superscript()
        self._children(node)
        self.page.leave(depth, self._at)

    # What leads elsewhere

    def _note_target(self, node: nodes.Element) -> None:
        address = node.get("refuri", "")
        if node.get("anonymous"):
            self._anonymous.append(address)
        for name in node["names"]:
            self._targets[name] = address or f"#{node.get('refname', name)}"
            if not address:
                self.page.anchors.add(name)

    def _reference(self, node: nodes.Element) -> None:
        name = node.get("refname", "")
        if node.get("anonymous") and "refuri" not in node:
            target = self._anonymous.popleft() if self._anonymous else ""
        else:
            target = node.get("refuri") or self._targets.get(name) or f"#{name}"
            target = self._targets.get(target[1:], target) if target.startswith("#") else target
        self.page.start_link(target)
        self._children(node)
        self.page.end_link()

    def _note(self, node: nodes.Element) -> None:
        self.page.anchors.update(node["names"] or [self._number(node)])
        self._inside(node, kind="paragraph", group=0)

    def _note_mark(self, node: nodes.Element) -> None:
        self.page.footnote(node.get("refname") or self._number(node))

    def _number(self, node: nodes.Element) -> str:
        """A label for a note without a name, or for a mark that leads to it: the first mark leads to the first."""
        kind = str(node.get("auto", "1"))
        self._numbers[node.tagname + kind] += 1
        return f"#{kind}{self._numbers[node.tagname + kind]}"


def _is_aside(node: nodes.Node) -> bool:
    """Whether an element holds what a directive's option says beside the running text."""
    element: Any = node
    return bool(element.tagname == "inline" and element.get("kind"))


_SILENT = (
    *("literal_block", "doctest_block", "math_block", "raw", "comment", "label", "option_group", "colspec"),
    "transition",
)
_FIELDS: dict[str, BlockKind] = {
    "title": "title",
    "subtitle": "title",
    "description": "description",
    "summary": "description",
    "abstract": "description",
}
_ERROR = 3  # below it, docutils complains about markup that it has read all the same
