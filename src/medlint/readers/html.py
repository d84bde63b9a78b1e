"""Reads HTML as a browser shows it: block elements part the copy, inline ones dissolve, attributes people see count."""

from __future__ import annotations

import re
from collections import deque
from functools import partial
from typing import NamedTuple

from medlint.document import BlockKind, Comment, Document, ProseBuilder, Source, Span
from medlint.readers import Names
from medlint.readers.chrome import CARRIERS, Signs, frame
from medlint.readers.json_strings import linked_data, named_strings
from medlint.readers.markup import Token, attributes, read_text, tokens, value_text
from medlint.readers.page import MARKDOWN, FrontMatter, Page, front_matter_of
from medlint.readers.templates import blank_templates


def read(source: Source, names: Names) -> Document:
    """The document in an HTML file; raises ReadError for malformed front matter."""
    return _read(source, front_matter_of(source, names.front_matter), names.attributes)


def read_fragment(source: Source) -> Document:
    """The document in a piece of HTML that is no file of its own and has no front matter."""
    return _read(source, FrontMatter())


def _read(source: Source, front_matter: FrontMatter, attributes: tuple[str, ...] = ()) -> Document:
    blanked = blank_templates(source.text, front_matter.end, "html")
    page = Page(source, blanked.text, front_matter, blanked.comments)
    tags = TagReader(page, is_xml=source.text.startswith("<?xml"), attributes=attributes, strings=blanked.shown)
    tags.read(page.text, front_matter.end, len(page.text))
    return page.document()


class _Tag(NamedTuple):
    """What an element means to a reader of the page."""

    is_block: bool = False  # parts the copy around it
    kind: BlockKind | None = None
    level: int = 0
    is_group: bool = False  # its members belong together
    is_silent: bool = False  # its text is not copy
    is_void: bool = False
    is_gap: bool = False  # shows something between the words around it
    is_scope: bool = False  # tags inside it cannot end elements outside
    is_aside: bool = False  # the copy around it goes on behind it


def _table(names: str, tag: _Tag) -> dict[str, _Tag]:
    return dict.fromkeys(names.split(), tag)


_INLINE = _Tag()
_MARKED = frozenset(("a", "sup"))  # inline elements whose extent matters
_TAGS = {
    **_table("area base basefont bgsound col frame link meta param source track wbr", _Tag(is_void=True)),
    **_table("br embed img input", _Tag(is_void=True, is_gap=True)),
    **_table("hr", _Tag(is_block=True, is_void=True)),
    **_table("audio canvas svg video", _Tag(is_gap=True, is_aside=True)),
    **_table("object", _Tag(is_gap=True, is_aside=True, is_scope=True)),
    **_table("code iframe kbd samp textarea", _Tag(is_silent=True, is_gap=True)),
    **_table("script style template", _Tag(is_silent=True, is_scope=True)),
    **_table("noembed", _Tag(is_silent=True)),
    **_table("pre listing xmp xml", _Tag(is_block=True, is_silent=True)),
    **_table("address article aside body center details dialog div fieldset footer form head header", _Tag(True)),
    **_table("hgroup html label legend main nav noframes noscript optgroup p search section summary", _Tag(True)),
    **_table("table", _Tag(True, is_scope=True)),
    **_table("tbody thead tfoot", _Tag(True)),
    **_table("datalist dir dl figure menu ol select tr ul", _Tag(True, is_group=True)),
    **_table("blockquote", _Tag(True, "paragraph", is_group=True)),
    **_table("dd dt li option", _Tag(True, "list-item")),
    **_table("td th", _Tag(True, "table-cell", is_scope=True)),
    **_table("caption", _Tag(True, "caption", is_scope=True)),
    **_table("figcaption", _Tag(True, "caption")),
    **_table("button", _Tag(True, "button", is_scope=True)),
    **_table("title", _Tag(True, "title")),
    **{f"h{level}": _Tag(True, "heading", level) for level in range(1, 7)},
}

# Words in a drawing stand where their coordinates say, not in the sentence before them.
_SVG_TAGS = {
    **_table("title desc", _Tag(True, "attribute")),
    **_table("text textpath", _Tag(True)),
    **_table("tspan", _Tag(is_gap=True)),
    **_table("defs metadata script style", _Tag(is_silent=True, is_scope=True)),
    **_table("foreignobject", _Tag(True, is_scope=True)),
}
_CUSTOM = _Tag(is_gap=True)  # <x-card>: a program says how it is laid out

# start tag -> the open elements it ends, and the elements beyond which it does not look for them
_IMPLIED_ENDS = {
    "li": (("li",), ("ul", "ol", "menu", "dir")),
    **dict.fromkeys(("dt", "dd"), (("dt", "dd"), ("dl",))),
    **dict.fromkeys(("option", "optgroup"), (("option",), ("select", "datalist"))),
    **dict.fromkeys(("td", "th"), (("td", "th"), ("tr", "table"))),
    "tr": (("tr",), ("table",)),
    **dict.fromkeys(("tbody", "thead", "tfoot"), (("tbody", "thead", "tfoot", "tr"), ("table",))),
}
_TABLE_PARTS = frozenset(("table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption"))
_BLOCKS_IN_PARAGRAPHS = frozenset(("button", "label", "option", "optgroup", "select", "noscript", "legend", "summary"))

_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))

_META_KINDS: dict[str, BlockKind] = {
    "title": "title",
    "og:title": "title",
    "twitter:title": "title",
    "description": "description",
    "og:description": "description",
    "twitter:description": "description",
    "og:image:alt": "alt",
    "twitter:image:alt": "alt",
}
_SHOWN_ATTRIBUTES: dict[str, BlockKind] = {
    "alt": "alt",
    "title": "attribute",
    "aria-label": "attribute",
    "aria-description": "attribute",
    "aria-placeholder": "attribute",
    "aria-valuetext": "attribute",
    "placeholder": "attribute",
}
_ATTRIBUTES = frozenset(
    (
        *("content", "hidden", "href", "id", "itemprop", "label", "name", "property", "role", "shadowrootmode"),
        *("slot", "summary", "type", "value"),
    )
).union(_SHOWN_ATTRIBUTES)
_ATTRIBUTES_WITH_NAMES = _ATTRIBUTES | {"class"}  # asked for where they tell something: most elements have classes
_SPELLED_OUT = frozenset(("abbr", "acronym"))  # their title says again what the copy says
_NOT_SHOWN = frozenset(("base", "link", "script", "style"))


# "<!--[if gte mso 9]>" hides what follows from browsers; "<!--[if mso]><!-->" is a whole comment and hides nothing.
_CONDITION = re.compile(r"\[if\b[^\]<>]*+\]>(?!<!\Z)", re.IGNORECASE)
# A block of WordPress's editor that is nothing but its comment; the strings in it are what the page shows.
_EDITOR_BLOCK = re.compile(r"\s*+wp:[\w/-]++\s++(?=\{.*\}\s*+/\Z)", re.DOTALL)
_NOT_MSO = re.compile(r"!\s*+\(?\s*+mso", re.IGNORECASE)


class _Wanted:
    """The names of attributes that mean something, those among them that a configuration chooses."""

    def __init__(self, patterns: tuple[str, ...]) -> None:
        from medlint.readers.names import chosen  # few configurations name any

        self.verdict = partial(chosen, patterns)

    def __contains__(self, name: object) -> bool:
        return name in _ATTRIBUTES_WITH_NAMES or bool(self.verdict(str(name)))


class TagReader:
    """Reads tags and text onto a page; open elements last from one call to the next."""

    def __init__(
        self,
        page: Page,
        *,
        is_xml: bool = False,
        shown_properties: frozenset[str] = frozenset(),
        attributes: tuple[str, ...] = (),
        strings: tuple[Span, ...] = (),
    ) -> None:
        """With `is_xml`, `<x/>` is a whole element; `shown_properties` are attributes that components show as text.

        `attributes` are patterns for those that are copy or not, beside those that are known; `strings` stand in tags
        of a template, which are blanked.
        """
        self.page = page
        self._strings = deque(strings)
        self._wanted = _Wanted(attributes) if attributes else _ATTRIBUTES
        self.is_xml = is_xml
        self.shown_properties = shown_properties
        self._is_linked_data = False
        self._is_aside = False  # inside a conditional comment
        self._is_layout: dict[int, bool] = {}  # whether the table open at a depth only arranges the page
        self._holds_title: dict[int, bool] = {}  # whether a main heading ends the chrome that is open at a depth

    def read(self, text: str, start: int, end: int) -> None:
        """Read `text[start:end]`; `text` has the page's offsets and may be blanked further."""
        for token in tokens(text, start, end, is_xml=self.is_xml):
            while self._strings and self._strings[0].start < token.end:
                string = self._strings.popleft()
                if not (token.kind == "comment" or self.page.current.silent):
                    self.page.add_string(string)
            if token.kind == "text":
                self._text(text, token.start, token.end)
            elif token.kind == "start":
                with_names = token.name in CARRIERS and self._wanted is _ATTRIBUTES
                wanted = _ATTRIBUTES_WITH_NAMES if with_names else self._wanted
                self.start_tag(token, attributes(text, token.inner_start, token.inner_end, wanted), text)
            elif token.kind == "end":
                self.end_tag(token)
            else:
                self._comment(token, text)

    def start_tag(self, token: Token, values: dict[str, Span], text: str) -> None:
        """Open an element, or read an empty one; `values` says where its attributes stand in `text`."""
        page, name, start, end = self.page, token.name, token.start, token.end
        if name == "br":
            page.space(start, end)
            return
        tag = self._tag(name)
        is_drawn = self._is_drawing()
        if tag.is_block and not is_drawn:
            self._end_implied(name, start)
        if name == "h1" and self._holds_title.get(page.current.chrome_depth):
            page.own(page.current.chrome_depth, start)  # a hero: the page begins inside the element of its header
        around = page.current
        is_hidden = "hidden" in values and value_text(text, values["hidden"]).lower() != "until-found"
        # A minified menu leaves out the space between links that its styles put there.
        if tag is _CUSTOM or "slot" in values or (name == "a" and text.endswith(("</a>", "</A>"), 0, start)):
            page.space(start, end)
        if tag in (_INLINE, _CUSTOM) and not (is_hidden or name in _MARKED or page.depth_of(name)):
            # Nothing depends on where it ends; inside a hidden one of its name, something does.
            if values:
                self._attributes(token, values, text, is_shown=not around.silent)
            return
        if tag.is_gap:
            page.space(start, end)
        target = value_text(text, values["href"]) if name == "a" and "href" in values else ""
        # Google Docs exports comments in boxes below the page, and a mark in the copy that leads to each.
        is_editor_mark = target.startswith("#cmnt") and "id" in values
        if is_editor_mark and target.startswith("#cmnt_ref") and (comment := page.depth_of("div")):
            page.silence(comment)
        kind, level, is_group = tag.kind, tag.level, tag.is_group
        signs = _signs(name, values, text) if tag.is_block else Signs(name)
        if name == "p" and "id" in values and value_text(text, values["id"]).startswith("h."):
            kind, level = "heading", 1  # so Google Docs exports a title
        elif name == "table":
            self._is_layout[len(page.elements)] = signs.role in ("none", "presentation")
        elif name in ("td", "th", "tr") and self._is_layout.get(page.depth_of("table")):
            kind, is_group = None, False
        elif name == "blockquote" and around.name == "figure":
            is_group = False  # it belongs to the figure, as does the caption that names the speaker
        begins = frame(signs, in_section=around.in_section)
        if begins:
            self._holds_title[len(page.elements)] = begins == "header"
        page.enter(
            name,
            start,
            is_block=tag.is_block or tag.is_aside,
            is_scope=tag.is_scope,
            kind=kind,
            level=level,
            group=page.new_group() if is_group else None,
            quoted=name == "blockquote",
            silent=(tag.is_silent and "shadowrootmode" not in values) or is_hidden or is_editor_mark,
            is_aside=tag.is_aside,
            chrome=begins != "content" if begins else None,
            is_section=signs.is_section,
        )
        if values:
            self._attributes(token, values, text, is_shown=not (around.silent or is_hidden))
        if name == "a" and "href" in values and not is_editor_mark:
            page.start_link(target)
        elif name == "sup":
            page.start_superscript()
        elif name == "script":
            self._is_linked_data = "type" in values and "ld+json" in value_text(text, values["type"]).lower()
        if tag.is_void or ((self.is_xml or is_drawn or name == "svg") and text.startswith("/>", end - 2)):
            page.leave(len(page.elements) - 1, end)

    def end_tag(self, token: Token) -> None:
        """Close the element of that name, unless the tag is a stray one; a block-level tag ends its block anyway."""
        page, name, end = self.page, token.name, token.end
        if name == "br":
            page.space(token.start, end)
            return
        tag = self._tag(name)
        is_block = tag.is_block
        if tag is _CUSTOM:
            page.space(token.start, end)
        if name in _TABLE_PARTS:
            limit = page.depth_of(MARKDOWN) if name == "table" else self._deepest("table", MARKDOWN)
        else:
            limit = page.current.scope_depth if is_block or tag.is_aside else page.current.block_depth
        depth = self._deepest(*_HEADINGS) if name in _HEADINGS else page.depth_of(name)
        if depth and depth >= limit:
            page.leave(depth, end)
        elif is_block:
            page.end_block(end)

    def _tag(self, name: str) -> _Tag:
        """What an element of that name means at this place of the page."""
        if self._is_drawing() and (tag := _SVG_TAGS.get(name)):
            return tag
        return _TAGS.get(name) or (_CUSTOM if "-" in name else _INLINE)

    def _is_drawing(self) -> bool:
        return self.page.depth_of("svg") > self.page.depth_of("foreignobject")

    def _comment(self, token: Token, text: str) -> None:
        """Keep a comment, or read the words in it that Outlook shows and a browser does not.

        What such a comment opens another one closes, as tables that hold the columns of a mail in place; so the copy
        around it goes on as if it were not there.
        """
        page, start, end = self.page, token.inner_start, token.inner_end
        if (block := _EDITOR_BLOCK.match(text, start, end)) and not page.current.silent:
            for span, prose in named_strings(text, block.end(), end):
                page.add("attribute", prose, span)
        condition = None if self._is_aside else _CONDITION.match(text, start, end)
        if not condition or "mso" not in condition[0].lower() or _NOT_MSO.search(condition[0]):
            page.comments.append(Comment(Span(token.start, token.end), text[start:end]))
            return
        depth = len(page.elements)
        page.enter(MARKDOWN, token.start, is_scope=True, is_aside=True)
        self._is_aside = True
        self.read(text, condition.end(), end)
        self._is_aside = False
        page.leave(depth, token.end)

    def _end_implied(self, name: str, start: int) -> None:
        """Close what the start of a block-level element closes, as HTML lets authors leave out end tags."""
        page = self.page
        if name in _IMPLIED_ENDS:
            names, barriers = _IMPLIED_ENDS[name]
            limit = self._deepest(*barriers, MARKDOWN)
            depths = [depth for each in names if (depth := page.depth_of(each)) > limit]
            if depths:
                page.leave(min(depths), start)
        if name not in _BLOCKS_IN_PARAGRAPHS and (depth := page.depth_of("p")) > page.current.scope_depth:
            page.leave(depth, start)
        if page.current.silent and (depth := self._deepest("code", "kbd", "samp")) > page.current.block_depth:
            page.leave(depth, start)  # one that was never closed would silence the rest of the page

    def _deepest(self, *names: str) -> int:
        return max(map(self.page.depth_of, names))

    def _text(self, text: str, start: int, end: int) -> None:
        page = self.page
        if not page.current.silent:
            read_text(page.prose, text, start, end)
        elif self._is_linked_data and page.current.name == "script":
            for span, prose in linked_data(text, start, end):
                page.add("paragraph", prose, span)

    def _attributes(self, token: Token, values: dict[str, Span], text: str, *, is_shown: bool) -> None:
        """Keep the anchors of a tag, and add a block for each attribute that people or search results show."""
        name = token.name
        for key in ("id", "name") if name == "a" else ("id",):
            if key in values:
                self.page.anchors.add(value_text(text, values[key]))
        if not is_shown:
            return
        verdicts = {key: self._wanted.verdict(key) for key in values} if isinstance(self._wanted, _Wanted) else {}
        if verdicts:
            values = {key: value for key, value in values.items() if verdicts[key] is not False}
        shown = [(kind, values[key]) for key, kind in _SHOWN_ATTRIBUTES.items() if key in values]
        if name in _NOT_SHOWN or name in _SPELLED_OUT:
            shown = []
        elif name == "meta":
            about = next((values[key] for key in ("name", "property", "itemprop") if key in values), None)
            meta_kind = _META_KINDS.get(value_text(text, about).lower()) if about else None
            shown = [(meta_kind, values["content"])] if meta_kind and "content" in values else []
        elif name == "input" and "value" in values and "type" in values:
            if value_text(text, values["type"]).lower() in ("button", "reset", "submit"):
                shown.append(("button", values["value"]))
        elif name == "table" and "summary" in values:
            shown.append(("attribute", values["summary"]))
        elif name in ("optgroup", "option", "track") and "label" in values:
            shown.append(("attribute", values["label"]))
        for key in sorted(self.shown_properties & values.keys()):
            # `content` is copy in one component and the name of a mode in another.
            if key != "content" or " " in text[slice(*values[key])]:
                shown.append(("attribute", values[key]))
        if name not in _NOT_SHOWN:
            known = {value for _, value in shown}
            chosen = (values[key] for key, is_copy in verdicts.items() if is_copy)
            shown += (("attribute", value) for value in chosen if value not in known)
        for kind, value in shown:
            prose = ProseBuilder()
            read_text(prose, text, *value, is_attribute=True)
            self.page.add(kind, prose, Span(token.start, token.end))


def _signs(name: str, values: dict[str, Span], text: str) -> Signs:
    """What a block-level element says of itself."""
    if not values:
        return Signs(name)
    roles = value_text(text, values["role"]).lower().split() if "role" in values else []
    names = (value_text(text, values[key]) for key in ("id", "class", "classname") if key in values)
    return Signs(name, roles[0] if roles else "", " ".join(names))
