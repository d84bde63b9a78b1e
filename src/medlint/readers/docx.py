"""Reads Word documents: what would be printed once every tracked change is accepted, and the comments beside it.

Word writes a document as stories (the body, notes, headers, footers), each a part of the package with the same
elements, which are read one by one as they come. Stories hold paragraphs, and paragraphs hold runs of text, but a text
box is a story inside a run.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from medlint.document import BlockKind, Document
from medlint.readers import ReadError
from medlint.readers.manuscript import Context, Manuscript, Paragraph, Table
from medlint.readers.package import Handler, Package


def read_bytes(path: str, data: bytes) -> Document:
    """The document in a .docx file; raises ReadError when it is broken, encrypted or something else."""
    package = Package(data, "a Word document")
    main = next((each.target for each in _relations(package, "").values() if each.kind == "officeDocument"), _MAIN)
    relations = _relations(package, main)
    parts = {each.kind: each.target for each in relations.values() if not each.is_external and each.target in package}
    styles, settings, comments = _Styles(), _Settings(), _Comments()
    for kind, handler in (("styles", styles), ("settings", settings), ("comments", comments)):
        if kind in parts:
            package.parse(parts[kind], handler)
    shared = _Shared(Manuscript(), styles, comments.texts(), _Notes())
    body = _Story(shared, relations)
    package.parse(main, body)
    margins = body.shown_margins(has_even_pages=settings.has_even_pages)
    others = [("", parts[kind]) for kind in ("footnotes", "endnotes") if kind in parts]
    for place, part in others + [(what, part) for what, part in margins if part in package]:
        package.parse(part, _Story(shared, _relations(package, part), place))
    return shared.manuscript.document(path)


_MAIN = "word/document.xml"


class _Relation(NamedTuple):
    """What a part refers to by an id: another part, or an address outside."""

    kind: str
    target: str
    is_external: bool


class _Relations(Handler):
    """Handler of the part that lists the relations of another."""

    def __init__(self, folder: str) -> None:
        self.found: dict[str, _Relation] = {}
        self._folder = folder

    def start(self, name: str, values: Mapping[str, str]) -> None:
        if name == "rel:Relationship":
            is_external = values.get("TargetMode") == "External"
            target = values.get("Target", "")
            if not is_external:
                target = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
            kind = values.get("Type", "").rpartition("/")[2]
            self.found[values.get("Id", "")] = _Relation(kind, target, is_external)


def _relations(package: Package, part: str) -> dict[str, _Relation]:
    """The relations of a part, by id; those of the package itself for an empty name."""
    folder, _, name = part.rpartition("/")
    relations = _Relations(folder)
    if (listed := posixpath.join(folder, "_rels", f"{name}.rels")) in package:
        package.parse(listed, relations)
    return relations.found


class _Settings(Handler):
    """Handler of the settings, of which one matters: whether left-hand pages have headers and footers of their own."""

    def __init__(self) -> None:
        self.has_even_pages = False

    def start(self, name: str, values: Mapping[str, str]) -> None:
        if name == "w:evenAndOddHeaders":
            self.has_even_pages = _is_on(values)


class _Comments(Handler):
    """Handler of the comments."""

    def __init__(self) -> None:
        self._words: dict[str, list[str]] = {}
        self._id = ""
        self._is_text = False

    def texts(self) -> dict[str, str]:
        """The words of each comment by its id."""
        return {key: "".join(words) for key, words in self._words.items()}

    def start(self, name: str, values: Mapping[str, str]) -> None:
        if name == "w:comment":
            self._id = values.get("w:id", "")
            self._words[self._id] = []
        self._is_text = name == "w:t"

    def end(self, name: str) -> None:
        self._is_text = False
        if name == "w:p" and self._id in self._words:
            self._words[self._id].append("\n")

    def text(self, text: str) -> None:
        if self._is_text and self._id in self._words:
            self._words[self._id].append(text)


class _Look(NamedTuple):
    """What a style, or what a paragraph says about itself, means to a reader; None where it says nothing."""

    kind: BlockKind | None = None
    level: int = 0
    quoted: bool = False
    is_hidden: bool | None = None
    list_id: str | None = None

    def over(self, other: _Look) -> _Look:
        """What this look says, and where it says nothing, what the other does."""
        return _Look(
            self.kind or other.kind,
            self.level if self.kind else other.level,
            self.quoted or other.quoted,
            other.is_hidden if self.is_hidden is None else self.is_hidden,
            other.list_id if self.list_id is None else self.list_id,
        )


_BUILT_IN = re.compile(
    r"(?P<heading>heading (?P<level>[1-9]))|(?P<title>title)|(?P<caption>(?:.* )?caption)"
    r"|(?P<quote>quote|intense quote|block text|block quotation|quotations)|(?P<contents>toc \d|contents \d)"
)


class _Styles(Handler):
    """Handler of the styles: what each comes to, those that it is based on included."""

    def __init__(self) -> None:
        self._own: dict[str, _Look] = {}
        self._based_on: dict[str, str] = {}
        self._known: dict[str, _Look] = {}
        self._id = ""

    def look(self, style: str) -> _Look:
        """What a style means; nothing if there is none of that id."""
        chain: dict[str, None] = {}
        while style in self._own and style not in self._known and style not in chain:
            chain[style] = None
            style = self._based_on.get(style, "")
        look = self._known.get(style, _Look())
        for each in reversed(chain):
            look = self._known[each] = self._own[each].over(look)
        return look

    def start(self, name: str, values: Mapping[str, str]) -> None:
        value = values.get("w:val", "")
        if name == "w:style":
            self._id = values.get("w:styleId", "")
            self._own[self._id] = _Look()
        elif self._id not in self._own:
            return
        elif name == "w:basedOn":
            self._based_on[self._id] = value
        elif name == "w:name":
            self._own[self._id] = _look_of_name(value).over(self._own[self._id])
        elif name == "w:outlineLvl":
            self._own[self._id] = self._own[self._id].over(_look_of_level(value))
        elif name == "w:vanish":
            self._own[self._id] = self._own[self._id]._replace(is_hidden=_is_on(values))
        elif name == "w:numId":
            self._own[self._id] = self._own[self._id]._replace(list_id=value)

    def end(self, name: str) -> None:
        if name == "w:style":
            self._id = ""


def _look_of_name(name: str) -> _Look:
    """What a style is for by its name, which is English for Word's own styles in every language."""
    found = _BUILT_IN.fullmatch(name.lower())
    if not found:
        return _Look()
    if found["heading"]:
        return _Look("heading", min(int(found["level"]), 6))
    if found["title"]:
        return _Look("heading", 1)
    if found["contents"]:
        return _Look(is_hidden=True)  # a table of contents says headings again
    return _Look(kind="caption" if found["caption"] else None, quoted=bool(found["quote"]))


def _look_of_level(value: str) -> _Look:
    """A level of the outline counts from 0; 9 is body text."""
    if value not in tuple("0123456789"):
        return _Look()
    return _Look("paragraph") if value == "9" else _Look("heading", min(int(value) + 1, 6))


def _is_on(values: Mapping[str, str]) -> bool:
    return values.get("w:val", "1") not in ("0", "false", "off")


class _Notes:
    """The footnotes and endnotes that the copy refers to, numbered as Word does."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def refer(self, kind: str, note_id: str) -> str:
        """The label of a note that is referred to here."""
        label = f"{kind}-{note_id}"
        if label not in self._places:
            self._counts[kind] += 1
            self._places[label] = f"{kind} {self._counts[kind]}"
        return label

    def place(self, label: str) -> str:
        """What a person calls the note; empty when nothing refers to it, as after a tracked deletion."""
        return self._places.get(label, "")


class _Run:
    """A run of text with one look, and where it starts in its paragraph."""

    def __init__(self, start: int, *, is_hidden: bool) -> None:
        self.start = start
        self.is_hidden = is_hidden
        self.is_raised = False


class _Field:
    """A field, such as a link or a page number: its instruction is not shown, its result is."""

    def __init__(self, instruction: str = "") -> None:
        self.instruction = instruction
        self.shown_in: Paragraph | None = None  # where the result begins
        self.start = 0

    def instruct(self, text: str) -> None:
        """The instruction goes on; one that is longer than any address is not needed."""
        if len(self.instruction) < _LONGEST_INSTRUCTION:
            self.instruction += text

    def show(self, paragraph: Paragraph) -> None:
        """The result begins here."""
        self.shown_in, self.start = paragraph, paragraph.length

    def target(self) -> str:
        """Where the field leads; empty when it is no link."""
        link = _LINK_FIELD.match(self.instruction)
        if not link:
            return ""
        return (link["quoted"] or link["bare"] or "") + (f"#{link['anchor']}" if link["anchor"] else "")


_LONGEST_INSTRUCTION = 4000
_LINK_FIELD = re.compile(
    r"""\s*HYPERLINK\b\s*+(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"\\]\S*))?(?:[^"]*?\\l\s+"(?P<anchor>[^"]*)")?""",
    re.IGNORECASE,
)


class _Link(NamedTuple):
    target: str
    start: int


class _Shared(NamedTuple):
    """What the stories of a document have in common."""

    manuscript: Manuscript
    styles: _Styles
    comments: dict[str, str]  # those that were not met yet
    notes: _Notes


class _Story(Handler):
    """Handler of a part that holds copy."""

    def __init__(self, shared: _Shared, relations: Mapping[str, _Relation], place: str = "") -> None:
        self._manuscript, self._styles, self._comments, self._notes = shared
        self._relations = relations
        self._margins: list[_Margin] = []
        self._section: list[_Margin] = []  # the margins of the section being read
        self._has_title_page = False
        self._names: list[str] = []  # of the open elements
        self._skipped = 0  # how many of them are not read
        self._is_contents = False  # the control that comes holds a table of contents, which says headings again
        self._contexts = [Context(place)]
        self._paragraphs: list[Paragraph] = []  # several when the innermost stands in a text box
        self._looks: list[_Look] = []  # what each of them says about itself
        self._runs: list[_Run] = []
        self._links: list[_Link] = []
        self._fields: list[_Field] = []
        self._instructions = 0  # how many of them do not show their result yet
        self._tables: list[Table] = []
        self._table_count = 0
        self._lists: list[tuple[str, int]] = []  # the open lists from the outermost in: numbering, group
        self._level = 0  # of the list item
        self._joined: Paragraph | None = None  # its end is a tracked deletion, so that the next one goes on with it

    def shown_margins(self, *, has_even_pages: bool) -> list[tuple[str, str]]:
        """The headers and footers that are printed somewhere, each once: what it is, and the part that holds it."""
        shown = (each for each in self._margins if has_even_pages or each.pages != "even")
        return list(dict.fromkeys((each.what, each.part) for each in shown))

    def start(self, name: str, values: Mapping[str, str]) -> None:
        if not self._names and name not in _ROOTS:
            raise ReadError(f"not a Word document: its main part is no text ({name}); save the copy as .docx")
        around = self._names[-1] if self._names else ""
        self._names.append(name)
        if self._skipped:
            self._skipped += 1
            if name == "w:docPartGallery" and self._skipped == _GALLERY_DEPTH:
                self._is_contents = values.get("w:val") == "Table of Contents"
        elif name in _SKIPPED or (name == "w:sdtContent" and self._is_contents):
            self._skipped = 1
            self._is_contents = False
            if name in _DELETIONS and self._names[-3:-1] == ["w:pPr", "w:rPr"] and self._paragraphs:
                self._joined = self._paragraphs[-1]
        elif name in _GLYPHS:
            if around in ("w:r", "w:drawing"):
                self._write(_GLYPHS[name])
        elif starts := _STARTS.get(name):
            starts(self, values)

    def end(self, name: str) -> None:
        self._names.pop()
        if self._skipped:
            self._skipped -= 1
        elif ends := _ENDS.get(name):
            ends(self)

    def text(self, text: str) -> None:
        if self._skipped:
            return
        if self._names[-1] == "w:t":
            self._write(text)
        elif self._names[-1] == "w:instrText" and self._fields and not self._fields[-1].shown_in:
            self._fields[-1].instruct(text)

    def _write(self, text: str) -> None:
        if self._paragraphs and self._is_shown():
            self._paragraphs[-1].write(text)

    def _is_shown(self) -> bool:
        return bool(self._runs) and not self._runs[-1].is_hidden and not self._instructions

    # Paragraphs

    def start_paragraph(self, _values: Mapping[str, str]) -> None:
        paragraph = self._joined or self._manuscript.start(self._contexts[-1])
        self._joined = None
        self._paragraphs.append(paragraph)
        self._looks.append(_Look())
        self._level = 0

    def end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        self._looks.pop()
        if paragraph.length and paragraph.kind != "list-item":
            self._lists.clear()
        if self._instructions and not self._paragraphs:  # one without end would silence the rest of the document
            self._fields, self._instructions = [], 0

    def paragraph_style(self, values: Mapping[str, str]) -> None:
        if self._looks:  # what the paragraph says itself weighs more
            self._looks[-1] = self._looks[-1].over(self._styles.look(values.get("w:val", "")))

    def outline_level(self, values: Mapping[str, str]) -> None:
        self._say(_look_of_level(values.get("w:val", "")))

    def list_id(self, values: Mapping[str, str]) -> None:
        self._say(_Look(list_id=values.get("w:val", "")))

    def _say(self, look: _Look) -> None:
        if self._looks:
            self._looks[-1] = look.over(self._looks[-1])

    def list_level(self, values: Mapping[str, str]) -> None:
        level = values.get("w:val", "")
        self._level = int(level) if level in tuple("012345678") else 0

    def end_properties(self) -> None:
        """The paragraph has said everything about itself."""
        if not self._paragraphs:
            return
        paragraph, look, context = self._paragraphs[-1], self._looks[-1], self._contexts[-1]
        paragraph.quoted = look.quoted
        if look.kind == "heading":
            paragraph.kind, paragraph.level, paragraph.group = "heading", look.level, 0
        elif context.kind == "table-cell":
            paragraph.kind, paragraph.group = "table-cell", context.group
        elif look.list_id and look.list_id != "0":
            paragraph.kind, paragraph.group = "list-item", self._list_group(look.list_id)
        else:
            paragraph.kind, paragraph.group = look.kind or "paragraph", 0

    def _list_group(self, list_id: str) -> int:
        """The group of an item; lists below its level end, and a list with another numbering begins."""
        del self._lists[self._level + 1 :]
        while len(self._lists) <= self._level:
            self._lists.append((list_id, self._manuscript.new_group()))
        if self._lists[self._level][0] != list_id:
            self._lists[self._level] = (list_id, self._manuscript.new_group())
        return self._lists[self._level][1]

    # Tables, text boxes, notes

    def start_table(self, _values: Mapping[str, str]) -> None:
        self._table_count += 1
        self._tables.append(Table(self._table_count))

    def end_table(self) -> None:
        self._tables.pop()

    def start_row(self, _values: Mapping[str, str]) -> None:
        if self._tables:
            self._tables[-1].start_row(self._manuscript.new_group())

    def start_cell(self, _values: Mapping[str, str]) -> None:
        around = self._contexts[-1]
        self._contexts.append(self._tables[-1].cell(around) if self._tables else around)

    def wide_cell(self, values: Mapping[str, str]) -> None:
        if self._tables:
            self._tables[-1].skip_columns(values.get("w:val", ""))

    def start_text_box(self, _values: Mapping[str, str]) -> None:
        self._contexts.append(self._contexts[-1].inside("text box"))

    def end_context(self) -> None:
        self._contexts.pop()
        self._joined = None

    def start_note(self, values: Mapping[str, str]) -> None:
        label = f"{self._names[-1].removeprefix('w:')}-{values.get('w:id', '')}"
        if place := self._notes.place(label):
            self._manuscript.anchors.add(label)
            self._contexts.append(Context(place))
        else:
            self._skipped = 1

    def note_reference(self, values: Mapping[str, str]) -> None:
        if self._paragraphs and self._is_shown():
            kind = self._names[-1].removeprefix("w:").removesuffix("Reference")
            paragraph = self._paragraphs[-1]
            paragraph.mark("footnote", paragraph.length, self._notes.refer(kind, values.get("w:id", "")))

    # Runs, links, fields

    def start_run(self, _values: Mapping[str, str]) -> None:
        start = self._paragraphs[-1].length if self._paragraphs else 0
        self._runs.append(_Run(start, is_hidden=bool(self._looks and self._looks[-1].is_hidden)))

    def end_run(self) -> None:
        run = self._runs.pop()
        if run.is_raised and self._paragraphs and self._paragraphs[-1].length > run.start:
            self._paragraphs[-1].mark("reference", run.start)

    def run_style(self, values: Mapping[str, str]) -> None:
        if self._is_about_run() and (is_hidden := self._styles.look(values.get("w:val", "")).is_hidden) is not None:
            self._runs[-1].is_hidden = is_hidden

    def vanish(self, values: Mapping[str, str]) -> None:
        if self._is_about_run():
            self._runs[-1].is_hidden = _is_on(values)

    def raise_or_lower(self, values: Mapping[str, str]) -> None:
        if self._is_about_run():
            self._runs[-1].is_raised = values.get("w:val") == "superscript"

    def _is_about_run(self) -> bool:
        """Whether a property is a run's; those of a paragraph's end mark look the same."""
        return bool(self._runs) and self._names[-3:-1] == ["w:r", "w:rPr"]

    def start_link(self, values: Mapping[str, str]) -> None:
        relation = self._relations.get(values.get("r:id", ""))
        anchor = values.get("w:anchor", "")
        target = (relation.target if relation else "") + (f"#{anchor}" if anchor else "")
        self._links.append(_Link(target, self._paragraphs[-1].length if self._paragraphs else 0))

    def end_link(self) -> None:
        link = self._links.pop()
        if link.target and self._paragraphs:
            self._paragraphs[-1].mark("link", link.start, link.target)

    def field_mark(self, values: Mapping[str, str]) -> None:
        kind = values.get("w:fldCharType")
        if kind == "begin":
            self._begin_field("")
        elif kind == "separate":
            self._show_result()
        elif kind == "end":
            self.end_field()

    def start_field(self, values: Mapping[str, str]) -> None:
        self._begin_field(values.get("w:instr", ""))
        self._show_result()

    def _begin_field(self, instruction: str) -> None:
        self._fields.append(_Field(instruction))
        self._instructions += 1

    def _show_result(self) -> None:
        if self._fields and self._paragraphs and not self._fields[-1].shown_in:
            self._fields[-1].show(self._paragraphs[-1])
            self._instructions -= 1

    def end_field(self) -> None:
        if not self._fields:
            return
        field = self._fields.pop()
        if not field.shown_in:
            self._instructions -= 1
        elif self._paragraphs and (target := field.target()):
            paragraph = self._paragraphs[-1]
            paragraph.mark("link", field.start if field.shown_in is paragraph else 0, target)

    # What stands beside the text

    def bookmark(self, values: Mapping[str, str]) -> None:
        self._manuscript.anchors.add(values.get("w:name", ""))

    def comment(self, values: Mapping[str, str]) -> None:
        text = self._comments.pop(values.get("w:id", ""), "")  # its start, its end and its sign all name it
        if text:
            self._manuscript.comment(text, self._paragraphs[-1] if self._paragraphs else None)

    def picture(self, values: Mapping[str, str]) -> None:
        if values.get("hidden", "0") in ("0", "false"):
            self._add("alt", values.get("descr", ""), "alternative text")
            self._add("attribute", values.get("title", ""), "title of a picture")

    def old_picture(self, values: Mapping[str, str]) -> None:
        self._add("alt", values.get("alt", ""), "alternative text")

    def word_art(self, values: Mapping[str, str]) -> None:
        self._add("paragraph", values.get("string", ""), "WordArt")

    def _add(self, kind: BlockKind, text: str, place: str) -> None:
        if text and self._is_shown():
            around = self._contexts[-1]
            self._manuscript.add(around.inside(place, kind, around.group), text)

    def margin(self, values: Mapping[str, str]) -> None:
        what = self._names[-1].removeprefix("w:").removesuffix("Reference")
        if relation := self._relations.get(values.get("r:id", "")):
            self._section.append(_Margin(what, values.get("w:type", ""), relation.target))

    def title_page(self, values: Mapping[str, str]) -> None:
        self._has_title_page = _is_on(values)

    def end_section(self) -> None:
        self._margins += (each for each in self._section if self._has_title_page or each.pages != "first")
        self._section, self._has_title_page = [], False


class _Margin(NamedTuple):
    """A header or a footer."""

    what: str
    pages: str  # "default" for all that have no other; "first", "even"
    part: str


_ROOTS = frozenset(("w:document", "w:footnotes", "w:endnotes", "w:hdr", "w:ftr"))
_DELETIONS = frozenset(("w:del", "w:moveFrom"))
# And what describes an earlier state, a lesser version of a drawing, how a word is said, a control for input.
_SKIPPED = _DELETIONS | {
    *("w:rPrChange", "w:pPrChange", "w:sectPrChange", "w:tblPrChange", "w:trPrChange", "w:tcPrChange"),
    *("mc:Fallback", "w:rt", "w:sdtPr"),
}
_GALLERY_DEPTH = 3  # of a w:docPartGallery in the w:sdtPr of a control that is read
_GLYPHS = {
    "w:tab": " ",
    "w:ptab": " ",
    "w:br": " ",
    "w:cr": " ",
    "w:sym": " ",
    "w:noBreakHyphen": "\u2011",
    "w:softHyphen": "\u00ad",
    "wp:inline": " ",
}
_STARTS: dict[str, Callable[[_Story, Mapping[str, str]], None]] = {
    "w:p": _Story.start_paragraph,
    "w:pStyle": _Story.paragraph_style,
    "w:outlineLvl": _Story.outline_level,
    "w:numId": _Story.list_id,
    "w:ilvl": _Story.list_level,
    "w:tbl": _Story.start_table,
    "w:tr": _Story.start_row,
    "w:tc": _Story.start_cell,
    "w:gridSpan": _Story.wide_cell,
    "w:txbxContent": _Story.start_text_box,
    "w:footnote": _Story.start_note,
    "w:endnote": _Story.start_note,
    "w:footnoteReference": _Story.note_reference,
    "w:endnoteReference": _Story.note_reference,
    "w:r": _Story.start_run,
    "w:rStyle": _Story.run_style,
    "w:vanish": _Story.vanish,
    "w:vertAlign": _Story.raise_or_lower,
    "w:hyperlink": _Story.start_link,
    "w:fldChar": _Story.field_mark,
    "w:fldSimple": _Story.start_field,
    "w:bookmarkStart": _Story.bookmark,
    "w:commentRangeStart": _Story.comment,
    "w:commentReference": _Story.comment,
    "wp:docPr": _Story.picture,
    "v:shape": _Story.old_picture,
    "v:textpath": _Story.word_art,
    "w:headerReference": _Story.margin,
    "w:footerReference": _Story.margin,
    "w:titlePg": _Story.title_page,
}
_ENDS: dict[str, Callable[[_Story], None]] = {
    "w:p": _Story.end_paragraph,
    "w:pPr": _Story.end_properties,
    "w:tbl": _Story.end_table,
    "w:tc": _Story.end_context,
    "w:txbxContent": _Story.end_context,
    "w:footnote": _Story.end_context,
    "w:endnote": _Story.end_context,
    "w:r": _Story.end_run,
    "w:hyperlink": _Story.end_link,
    "w:fldSimple": _Story.end_field,
    "w:sectPr": _Story.end_section,
}
