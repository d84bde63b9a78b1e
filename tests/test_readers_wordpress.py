"""The export of a WordPress site: each item is a page, at its lines in the export; hostile XML is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import LintText
from medlint.document import Document
from medlint.readers import ReadError, format_for, read_text

HEAD = '<?xml version="1.0"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'
TAIL = "</channel>\n</rss>\n"


def read(text: str, path: str = "site.xml") -> Document:
    """The document in an export."""
    format = format_for(path)
    assert format
    return read_text(path, text, format)


def cdata(name: str, text: str) -> str:
    """An element with its text as WordPress writes it."""
    return f"<{name}><![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>\n"


def item(content: str = "", *, title: str = "", kind: str = "post", state: str = "publish", more: str = "") -> str:
    """An item of an export."""
    parts = (cdata("title", title), cdata("content:encoded", content), cdata("wp:post_type", kind))
    return f"<item>{''.join(parts)}{cdata('wp:status', state)}{more}</item>\n"


def meta(key: str, value: str) -> str:
    """A field of an item."""
    return f"<wp:postmeta>{cdata('wp:meta_key', key)}{cdata('wp:meta_value', value)}</wp:postmeta>"


def pages(*items: str) -> list[list[str]]:
    """The words of each page."""
    document = read(HEAD + "".join(items) + TAIL)
    return [[block.prose.text for block in part.blocks] for part in document.parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (item("Calm", title="Skin"), [["Skin", "Calm"]]),
        (item("One\n\nTwo\nthree"), [["One", "Two three"]]),
        (item("<!-- wp:paragraph -->\n<p>One\n\nline</p>\n<!-- /wp:paragraph -->"), [["One line"]]),
        (item('[caption id="a" width="9"]Calm[/caption] [vc_row]Kind[/vc_row]'), [["Calm Kind"]]),
        (item("Calm &amp; <b>kind</b>&nbsp;skin", title="A &#038; b"), [["A & b", "Calm & kind\xa0skin"]]),
        (item("a ]]> b"), [["a ]]> b"]]),
        (
            "<item><title>A &amp;amp; b</title><content:encoded>&lt;p&gt;x y&lt;/p&gt;</content:encoded></item>",
            [["A & b", "x y"]],
        ),
        (item(more=cdata("excerpt:encoded", "Short")), [["Short"]]),
        (item(more=meta("_yoast_wpseo_title", "T") + meta("_yoast_wpseo_metadesc", "D")), [["T", "D"]]),
        (item(more=meta("rank_math_title", "T") + meta("rank_math_description", "D")), [["T", "D"]]),
        (item(more=meta("_aioseo_title", "T") + meta("_aioseo_description", "D")), [["T", "D"]]),
        (item(more=meta("_wp_attachment_image_alt", "Alt"), kind="attachment", state="inherit"), [["Alt"]]),
        (item(more=meta("_edit_lock", "No") + meta("my_field", "No")), []),
        # drafts are what a review is for; what was thrown away is not
        *((item("Calm", state=state), [["Calm"]]) for state in ("draft", "pending", "future", "private")),
        *((item("Calm", state=state), []) for state in ("trash", "auto-draft")),
        *((item("Calm", kind=kind), []) for kind in ("revision", "nav_menu_item", "custom_css", "wp_global_styles")),
        *((item("Calm", kind=kind), [["Calm"]]) for kind in ("page", "product", "wp_block", "testimonial")),
        (item("Calm") + item("Kind"), [["Calm"], ["Kind"]]),
        (
            "<title>Glow &amp; Co</title><description>Kind</description><image><title>No</title></image>",
            [["Glow & Co", "Kind"]],
        ),
        (item(more="<wp:comment>" + cdata("wp:comment_content", "No") + "</wp:comment>"), []),
        ("<!-- a <item> in a comment -->" + item("Calm"), [["Calm"]]),
    ],
)
def test_pages_of_an_export(text: str, expected: list[list[str]]) -> None:
    """What visitors and search results show of each item, drafts included."""
    assert pages(text) == expected
    crlf = read((HEAD + text + TAIL).replace("\n", "\r\n"), "site.wxr")
    assert [[block.prose.text for block in part.blocks] for part in crlf.parts] == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (item("Calm", title="Skin &amp; mood"), 'post "Skin & mood"'),
        (item("Calm", title="Skin", kind="page", state="draft"), 'page "Skin", draft'),
        (item("Calm", title="x" * 80), f'post "{"x" * 60}…"'),
        (item("Calm"), 'post ""'),
    ],
)
def test_the_place_is_the_item(text: str, place: str) -> None:
    """Its type, its title, and its state where it is not published."""
    assert {block.place for block in read(HEAD + text + TAIL).blocks} == {place}


def test_no_page_speaks_for_another(lint_text: LintText) -> None:
    """A risk on one page excuses nothing on the next, and each owes its readers what a page owes."""
    claim = "Botox is a relatively safe way to treat migraine. Botox cures migraine."
    risk = "Bruising and drooping eyelids are common. Talk to your doctor before any treatment."
    alone = lint_text(HEAD + item(claim) + TAIL, "site.xml").findings
    apart = lint_text(HEAD + item(claim) + item(risk) + item(claim) + TAIL, "site.xml").findings
    assert [each.code for each in apart] == [each.code for each in alone] * 2
    assert "disclosure" in {each.category for each in alone}
    assert len({each.fingerprint for each in apart}) == len(apart)


TEXT = st.text("ab é&<>]\n\t", max_size=60).map(lambda text: f"Calm {text}\n skin")


@given(title=TEXT)
def test_words_lead_back_through_cdata_and_entities(title: str) -> None:
    """However an export writes them, the first and the last word stand where they are said to."""
    escaped = title.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    source = HEAD + item(title=escaped) + TAIL
    blocks = read(source).blocks
    for word, block in (("Calm", blocks[0]), ("skin", blocks[-1])):
        start = block.prose.text.index(word)
        assert source[slice(*block.prose.source_span(start, start + 4))] == word


BOMB = "<!DOCTYPE rss [" + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 20)) + "]>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            HEAD.replace("\n<rss", f"\n{BOMB}<rss") + item("&a19;") + TAIL,
            "<!DOCTYPE at line 2: WordPress declares nothing",
        ),
        (
            HEAD + '<!ENTITY x SYSTEM "file:///etc/passwd">' + item("&x;") + TAIL,
            "<!ENTITY at line 4: WordPress declares",
        ),
        (HEAD + item("Calm"), "the export breaks off at line 9, before </rss>"),
        (HEAD + "<item><title>Calm", "the export breaks off at line 4"),
        (HEAD, "the export breaks off at line 4"),
        ("<urlset/>", "no WordPress export: the WXR namespace is not declared"),
        ("", "no WordPress export"),
    ],
)
def test_what_is_no_whole_export_is_refused(text: str, message: str) -> None:
    """Nothing that the file declares is followed or expanded, and half an export is no clean one."""
    with pytest.raises(ReadError) as caught:
        read(text)
    assert str(caught.value).startswith(message)


def test_entities_that_nobody_declared_stay_words() -> None:
    """An unknown entity is read as it is written."""
    assert pages("<item><title>Calm &unknown; &eacute;</title></item>") == [["Calm &unknown; é"]]
