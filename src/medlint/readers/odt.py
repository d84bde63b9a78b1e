"""Reads OpenDocument texts (LibreOffice, Google Docs): what would be printed, and the comments beside it.

Everything stands where it belongs in one part: notes and comments inside the paragraph that they are about, deleted
text apart from the rest. Headers and footers are kept with the styles.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from medlint.document import BlockKind, Document
from medlint.readers import ReadError
from medlint.readers.manuscript import Context, Manuscript, Paragraph, Table
from medlint.readers.package import Handler, Package


def read_bytes(path: str, data: bytes) -> Document:
    """The document in an .odt file; raises ReadError when it is broken, encrypted or something else."""
    package = Package(data, "an OpenDocument text")
    if "META-INF/manifest.xml" in package:
        package.parse("META-INF/manifest.xml", _Manifest())
    manuscript, styles = Manuscript(), _Styles()
    for part in ("styles.xml", "content.xml"):
        if part in package:
            package.parse(part, styles)
    package.parse("content.xml", _Story(manuscript, styles))
    if "styles.xml" in package:
        package.parse("styles.xml", _Story(manuscript, styles))
    return manuscript.document(path)


class _Manifest(Handler):
    """Handler of the list of parts, which says whether they are encrypted."""

    def start(self, name: str, values: Mapping[str, str]) -> None:
        if name == "manifest:encryption-data":
            raise ReadError("the document is encrypted; save it without a password")


class _Look(NamedTuple):
    """What a style means to a reader."""

    kind: BlockKind | None = None
    quoted: bool = False
    is_hidden: bool = False
    is_raised: bool = False

    def over(self, other: _Look) -> _Look:
        """What this look says, and where it says nothing, what the other does."""
        return _Look(
            self.kind or other.kind,
            self.quoted or other.quoted,
            self.is_hidden or other.is_hidden,
            self.is_raised or other.is_raised,
        )


_BUILT_IN: dict[str, _Look] = {
    "Title": _Look("heading"),
    **dict.fromkeys(("Caption", "Figure", "FigureCaption", "TableCaption"), _Look("caption")),
    **dict.fromkeys(("Quotations", "Quote", "Block_20_Text"), _Look(quoted=True)),
}


class _Styles(Handler):
    """Handler of both parts for their styles: what each comes to, those that it is made from included."""

    def __init__(self) -> None:
        self._own: dict[_StyleName, _Look] = {}
        self._made_from: dict[_StyleName, str] = {}
        self._known: dict[_StyleName, _Look] = {}
        self._open = _StyleName("", "")

    def look(self, family: str, name: str) -> _Look:
        """What a style means; nothing if there is none of that name."""
        style, chain = _StyleName(family, name), dict[_StyleName, None]()
        while style.name and style not in self._known and style not in chain:
            chain[style] = None
            style = _StyleName(family, self._made_from.get(style, ""))
        look = self._known.get(style, _Look())
        for each in reversed(chain):
            look = self._known[each] = (self._own.get(each) or _BUILT_IN.get(each.name, _Look())).over(look)
        return look

    def start(self, name: str, values: Mapping[str, str]) -> None:
        if name == "style:style":
            self._open = _StyleName(values.get("style:family", ""), values.get("style:name", ""))
            self._own[self._open] = _BUILT_IN.get(self._open.name, _Look())
            self._made_from[self._open] = values.get("style:parent-style-name", "")
        elif name == "style:text-properties" and self._open in self._own:
            is_hidden = values.get("text:display") == "none"
            is_raised = _RAISED.match(values.get("style:text-position", "")) is not None
            self._own[self._open] = self._own[self._open].over(_Look(is_hidden=is_hidden, is_raised=is_raised))

    def end(self, name: str) -> None:
        if name == "style:style":
            self._open = _StyleName("", "")


class _StyleName(NamedTuple):
    family: str
    name: str


_RAISED = re.compile(r"super|[1-9]")


class _Span(NamedTuple):
    """A stretch of text inside a paragraph, and where it starts there."""

    start: int
    is_hidden: bool = False
    is_raised: bool = False
    target: str = ""


class _Story(Handler):
    """Handler of a part that holds copy."""

    def __init__(self, manuscript: Manuscript, styles: _Styles) -> None:
        self._manuscript = manuscript
        self._styles = styles
        self._names: list[str] = []  # of the open elements
        self._skipped = 0  # how many of them are not read
        self._contexts = [Context()]
        self._paragraphs: list[Paragraph] = []  # several when the innermost stands in a note or a text box
        self._spans: list[_Span] = []  # of all of them
        self._tables: list[Table] = []
        self._table_count = 0
        self._notes: Counter[str] = Counter()
        self._aside = 0  # how many notes, headers and footers are open
        self._words: list[str] | None = None  # of the comment or the alternative text being read
        self._words_depth = 0

    def start(self, name: str, values: Mapping[str, str]) -> None:
        self._names.append(name)
        if self._skipped or name in _SKIPPED or values.get("text:display") == "none":
            self._skipped += 1
        elif self._words is not None:
            return
        elif name in _GLYPHS:
            self._write(_GLYPHS[name])
        elif starts := _STARTS.get(name):
            starts(self, values)

    def end(self, name: str) -> None:
        depth = len(self._names)
        self._names.pop()
        if self._skipped:
            self._skipped -= 1
        elif self._words is not None and depth > self._words_depth:
            if name == "text:p":
                self._words.append("\n")
        elif ends := _ENDS.get(name):
            ends(self)

    def text(self, text: str) -> None:
        inside = self._names[-1]
        if self._skipped:
            return
        if self._words is not None:
            if inside.startswith(("text:", "svg:")):
                self._words.append(text)
        elif inside.startswith("text:") and inside not in _HOLDERS:
            self._write(text)

    def _write(self, text: str) -> None:
        if self._paragraphs and self._is_shown():
            self._paragraphs[-1].write(text)

    def _is_shown(self) -> bool:
        return not (self._spans and self._spans[-1].is_hidden)

    def no_text(self, _values: Mapping[str, str]) -> None:
        kind = self._names[-1].removeprefix("office:")
        raise ReadError(f"not an OpenDocument text: it is a {kind}; save the copy as .odt")

    # Paragraphs

    def start_paragraph(self, values: Mapping[str, str]) -> None:
        context = self._contexts[-1]
        paragraph = self._manuscript.start(context, is_aside=self._aside > 0)
        look = self._styles.look("paragraph", values.get("text:style-name", ""))
        is_heading = self._names[-1] == "text:h" or look.kind == "heading"
        if is_heading:
            level = values.get("text:outline-level", "1")
            paragraph.level = min(int(level), 6) if level in tuple("123456789") else 6
        if is_heading or (look.kind and context.kind == "paragraph"):
            paragraph.kind, paragraph.group = "heading" if is_heading else look.kind or "paragraph", 0
        paragraph.quoted = look.quoted
        self._paragraphs.append(paragraph)
        self._spans.append(_Span(0, look.is_hidden))

    def end_paragraph(self) -> None:
        self._paragraphs.pop()
        self._spans.pop()

    def start_span(self, values: Mapping[str, str]) -> None:
        look = self._styles.look("text", values.get("text:style-name", ""))
        self._open_span(is_hidden=look.is_hidden, is_raised=look.is_raised)

    def start_link(self, values: Mapping[str, str]) -> None:
        self._open_span(target=values.get("xlink:href", "").removesuffix("|outline"))

    def _open_span(self, *, is_hidden: bool = False, is_raised: bool = False, target: str = "") -> None:
        start = self._paragraphs[-1].length if self._paragraphs else 0
        self._spans.append(_Span(start, is_hidden or not self._is_shown(), is_raised, target))

    def end_span(self) -> None:
        span = self._spans.pop()
        if not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        if span.is_raised and paragraph.length > span.start:
            paragraph.mark("reference", span.start)
        if span.target:
            paragraph.mark("link", span.start, span.target)

    # Lists, tables, text boxes, notes

    def start_list(self, _values: Mapping[str, str]) -> None:
        around = self._contexts[-1]
        is_cell = around.kind == "table-cell"  # a row is one statement, whatever its cells hold
        group = around.group if is_cell else self._manuscript.new_group()
        self._contexts.append(around if is_cell else Context(around.place, "list-item", group))

    def start_table(self, _values: Mapping[str, str]) -> None:
        self._table_count += 1
        self._tables.append(Table(self._table_count))

    def end_table(self) -> None:
        self._tables.pop()

    def start_row(self, _values: Mapping[str, str]) -> None:
        if self._tables:
            self._tables[-1].start_row(self._manuscript.new_group())

    def start_cell(self, values: Mapping[str, str]) -> None:
        around = self._contexts[-1]
        self._contexts.append(self._tables[-1].cell(around) if self._tables else around)
        if self._tables:
            self._tables[-1].skip_columns(values.get("table:number-columns-repeated", ""))

    def start_text_box(self, _values: Mapping[str, str]) -> None:
        self._contexts.append(self._contexts[-1].inside("text box"))

    def start_note(self, values: Mapping[str, str]) -> None:
        kind = values.get("text:note-class", "footnote")
        self._notes[kind] += 1
        label = f"{kind} {self._notes[kind]}"
        if self._paragraphs and self._is_shown():
            self._paragraphs[-1].mark("footnote", self._paragraphs[-1].length, label)
        self._manuscript.anchors.add(label)
        self._contexts.append(Context(label))
        self._aside += 1

    def end_aside(self) -> None:
        self._aside -= 1
        self._contexts.pop()

    def start_margin(self, _values: Mapping[str, str]) -> None:
        self._contexts.append(Context(self._names[-1].removeprefix("style:").partition("-")[0]))
        self._aside += 1

    def end_context(self) -> None:
        self._contexts.pop()

    # What stands beside the text

    def frame(self, values: Mapping[str, str]) -> None:
        if values.get("text:anchor-type") == "as-char":
            self._write(" ")

    def bookmark(self, values: Mapping[str, str]) -> None:
        self._manuscript.anchors.add(values.get("text:name", ""))

    def start_words(self, _values: Mapping[str, str]) -> None:
        self._words, self._words_depth = [], len(self._names)

    def end_comment(self) -> None:
        self._manuscript.comment(self._taken(), self._paragraphs[-1] if self._paragraphs else None)

    def end_title(self) -> None:
        self._add("attribute", "title of a picture")

    def end_description(self) -> None:
        self._add("alt", "alternative text")

    def _add(self, kind: BlockKind, place: str) -> None:
        words, around = self._taken(), self._contexts[-1]
        if self._is_shown():
            self._manuscript.add(around.inside(place, kind, around.group), words)

    def _taken(self) -> str:
        words, self._words = self._words or [], None
        return "".join(words)


_WORDS = frozenset(("office:annotation", "svg:title", "svg:desc"))
# Earlier states, what repeats the headings, how a word is said, the number of a note, what is for programs.
_SKIPPED = frozenset(
    (
        *("text:tracked-changes", "text:table-of-content", "text:ruby-text", "text:note-citation", "text:hidden-text"),
        *("office:settings", "office:scripts", "office:font-face-decls", "office:automatic-styles", "office:styles"),
        *("office:forms", "text:sequence-decls", "text:variable-decls", "text:user-field-decls"),
    )
)
_HOLDERS = frozenset(("text:note", "text:note-body", "text:ruby", "text:list", "text:list-item", "text:section"))
_GLYPHS = {"text:s": " ", "text:tab": " ", "text:line-break": " "}
_STARTS: dict[str, Callable[[_Story, Mapping[str, str]], None]] = {
    "text:p": _Story.start_paragraph,
    "text:h": _Story.start_paragraph,
    "text:span": _Story.start_span,
    "text:a": _Story.start_link,
    "text:list": _Story.start_list,
    "table:table": _Story.start_table,
    "table:table-row": _Story.start_row,
    "table:table-cell": _Story.start_cell,
    "table:covered-table-cell": _Story.start_cell,
    "draw:text-box": _Story.start_text_box,
    "draw:frame": _Story.frame,
    "text:note": _Story.start_note,
    "style:header": _Story.start_margin,
    "style:header-left": _Story.start_margin,
    "style:header-first": _Story.start_margin,
    "style:footer": _Story.start_margin,
    "style:footer-left": _Story.start_margin,
    "style:footer-first": _Story.start_margin,
    "text:bookmark": _Story.bookmark,
    "text:bookmark-start": _Story.bookmark,
    **dict.fromkeys(_WORDS, _Story.start_words),
    **dict.fromkeys(("office:spreadsheet", "office:presentation", "office:drawing", "office:chart"), _Story.no_text),
}
_ENDS: dict[str, Callable[[_Story], None]] = {
    "text:p": _Story.end_paragraph,
    "text:h": _Story.end_paragraph,
    "text:span": _Story.end_span,
    "text:a": _Story.end_span,
    "text:list": _Story.end_context,
    "table:table": _Story.end_table,
    "table:table-cell": _Story.end_context,
    "table:covered-table-cell": _Story.end_context,
    "draw:text-box": _Story.end_context,
    "text:note": _Story.end_aside,
    **dict.fromkeys((each for each in _STARTS if each.startswith("style:")), _Story.end_aside),
    "office:annotation": _Story.end_comment,
    "svg:title": _Story.end_title,
    "svg:desc": _Story.end_description,
}
