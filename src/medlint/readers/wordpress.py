"""Reads the export of a WordPress site (WXR): each page, post and other item as a page of its own, drafts too.

Its tags are found here and not by a parser of XML, which tells no places; nothing it declares is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from medlint.document import Block, BlockKind, Comment, Document, Source, Span, in_parts
from medlint.readers import Names, ReadError
from medlint.readers.excerpt import Excerpt, read_excerpt
from medlint.readers.html import read_fragment
from medlint.readers.markup import read_text, tokens


def read(source: Source) -> Document:
    """The document in an export: a part for the site's own title and one for each item; raises ReadError."""
    if _NAMESPACE not in source.text[:_HEAD]:
        raise ReadError(
            "no WordPress export: the WXR namespace is not declared at its start; of XML, medlint reads only what "
            "WordPress writes under Tools, Export"
        )
    return in_parts(source, _parts(source))


def why_not(start: str, names: Names) -> str:
    """Why XML that starts so, met in a folder, is not read."""
    return "" if _NAMESPACE in start else "no WordPress export, which is all that medlint reads of XML"


_NAMESPACE = "wordpress.org/export/"  # what follows is its version
_HEAD = 65_536  # characters in which the namespace is declared

_MARKUP = re.compile(
    r"""<!\[CDATA\[ (?P<verbatim> .*? ) (?: \]\]> | \Z )
      | <!-- .*? (?: --> | \Z )
      | <\? .*? (?: \?> | \Z )
      | (?P<declaration> <! [A-Za-z]* )
      | < (?P<slash> /?+ ) (?P<name> [\w:.-]++ ) (?P<attributes> (?: [^<>"']++ | "[^"]*+" | '[^']*+' )*+ ) >""",
    re.VERBOSE | re.DOTALL,
)


class _Run(NamedTuple):
    """A stretch of an element's text, verbatim in CDATA, with entities elsewhere."""

    span: Span
    is_verbatim: bool


class _Tag(NamedTuple):
    """The start or the end of an element, and what text stands between the tag before it and this one."""

    name: str
    is_end: bool
    runs: tuple[_Run, ...]

    def excerpt(self, text: str) -> Excerpt:
        """The text, read as XML."""
        excerpt = Excerpt()
        for span, is_verbatim in self.runs:
            if is_verbatim:
                excerpt.verbatim(text, *span)
            else:
                read_text(excerpt, text, *span)
        return excerpt


def _tags(source: Source) -> Iterator[_Tag]:
    """The tags of the export; raises ReadError where it declares something or breaks off."""
    text = source.text
    runs: list[_Run] = []
    position = 0
    last = ""
    for found in _MARKUP.finditer(text):
        if position < found.start():
            runs.append(_Run(Span(position, found.start()), False))
        position = found.end()
        if found["declaration"] is not None:
            raise ReadError(
                f"{found['declaration']} at line {source.position(found.start()).line}: WordPress declares nothing in "
                "its exports, so this file is not read; export the site again"
            )
        if found["verbatim"] is not None:
            runs.append(_Run(Span(*found.span("verbatim")), True))
        elif found["name"]:
            last = found["name"] if found["slash"] else ""
            yield _Tag(found["name"], bool(last), tuple(runs))
            runs = []
    if last != "rss":
        line = source.position(len(text)).line
        raise ReadError(f"the export breaks off at line {line}, before </rss>; export the site again")


def _parts(source: Source) -> Iterator[Document]:
    """The title and tagline of the site, then its items."""
    leaves: list[_Tag] = []  # of an item, or of what stands around the items
    for tag in _tags(source):
        if tag.name == "item":
            yield _part(source, leaves)
            leaves = []
        elif tag.is_end and tag.runs:
            leaves.append(tag)
    yield _part(source, leaves)


_KINDS: dict[str, BlockKind] = {
    "title": "title",
    "description": "description",
    "content:encoded": "paragraph",
    "excerpt:encoded": "description",
}
# What search results, shares and screen readers show of an item, by the plugin's key.
_META_KINDS: dict[str, BlockKind] = {
    **dict.fromkeys(
        (
            *("_yoast_wpseo_title", "_yoast_wpseo_opengraph-title", "_yoast_wpseo_twitter-title"),
            *("rank_math_title", "rank_math_facebook_title", "rank_math_twitter_title"),
            *("_aioseo_title", "_aioseo_og_title", "_aioseo_twitter_title", "_aioseop_title"),
            *("_seopress_titles_title", "_seopress_social_fb_title", "_seopress_social_twitter_title"),
            "_genesis_title",
        ),
        "title",
    ),
    **dict.fromkeys(
        (
            *("_yoast_wpseo_metadesc", "_yoast_wpseo_opengraph-description", "_yoast_wpseo_twitter-description"),
            *("rank_math_description", "rank_math_facebook_description", "rank_math_twitter_description"),
            *("_aioseo_description", "_aioseo_og_description", "_aioseo_twitter_description", "_aioseop_description"),
            *("_seopress_titles_desc", "_seopress_social_fb_desc", "_seopress_social_twitter_desc"),
            "_genesis_description",
        ),
        "description",
    ),
    "_wp_attachment_image_alt": "alt",
}
# What no visitor sees: menus and settings that WordPress keeps as posts, and what was thrown away.
_HIDDEN_TYPES = frozenset(
    (
        *("acf-field", "acf-field-group", "custom_css", "customize_changeset", "nav_menu_item", "oembed_cache"),
        *("revision", "user_request", "wp_font_face", "wp_font_family", "wp_global_styles", "wp_navigation"),
    )
)
_HIDDEN_STATES = frozenset(("auto-draft", "trash"))


def _part(source: Source, leaves: list[_Tag]) -> Document:
    """The document of an item, or of what the site says of itself."""
    first: dict[str, _Tag] = {}  # an image of the site has a title, too
    for leaf in leaves:
        first.setdefault(leaf.name, leaf)
    kind_of_item = _value(source, first.get("wp:post_type"))
    state = _value(source, first.get("wp:status"))
    if kind_of_item in _HIDDEN_TYPES or state in _HIDDEN_STATES:
        return Document(source, ())
    place = _place(kind_of_item, _value(source, first.get("title")), state)
    blocks: list[Block] = []
    comments: list[Comment] = []
    anchors: set[str] = set()
    key = ""
    for leaf in leaves:
        kind = _KINDS.get(leaf.name) if leaf is first[leaf.name] else None
        if leaf.name == "wp:meta_key":
            key = _value(source, leaf)
        elif leaf.name == "wp:meta_value":
            kind = _META_KINDS.get(key)
        if kind is None:
            continue
        found = read_excerpt(source, leaf.excerpt(source.text), _read_post)
        blocks += (
            block._replace(kind=block.kind if kind == "paragraph" else kind, place=place) for block in found.blocks
        )
        comments += found.comments
        anchors |= found.anchors
    is_page = kind_of_item not in ("", "attachment")
    return Document(source, tuple(blocks), tuple(comments), frozenset(anchors), is_page=is_page)


def _place(kind: str, title: str, state: str) -> str:
    """What the author calls an item; what stands around the items is about the site."""
    words = " ".join(unescape(title).split())
    shown = words if len(words) <= _LONGEST_TITLE else f"{words[:_LONGEST_TITLE]}…"
    return f'{kind or "site"} "{shown}"' + (f", {state}" if state not in ("", "publish", "inherit") else "")


_LONGEST_TITLE = 60  # characters


def _value(source: Source, tag: _Tag | None) -> str:
    return tag.excerpt(source.text).text.strip() if tag else ""


_EMPTY_LINES = re.compile(r"(?>\r\n|\r|\n)[ \t]*+[\r\n]\s*+")


def _read_post(source: Source) -> Document:
    """The document in a post; where it has no blocks of the newer editor, an empty line starts a paragraph."""
    text = source.text
    if "<!-- wp:" in text or not _EMPTY_LINES.search(text):
        return read_fragment(source)
    excerpt = Excerpt()
    position = 0
    for token in tokens(text, 0, len(text)):
        if token.kind == "text":
            for gap in _EMPTY_LINES.finditer(text, token.start, token.end):
                excerpt.verbatim(text, position, gap.start())
                excerpt.replacement("\n<p>", *gap.span())
                position = gap.end()
    excerpt.verbatim(text, position, len(text))
    return read_excerpt(source, excerpt, read_fragment)
