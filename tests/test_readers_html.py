"""HTML as a browser shows it: blocks, adjacency, attributes, entities, broken markup."""

from __future__ import annotations

import pytest

from medlint.document import Document
from test_readers_properties import assert_leads_back, read

Summary = list[tuple[str, str]]


def page(text: str, name: str = "draft.html") -> Document:
    """The document in an HTML text, its places checked."""
    document = read(text, name)
    assert_leads_back(document)
    return document


def kinds_and_words(text: str) -> Summary:
    """Kind and prose of each block."""
    return [(block.kind, block.prose.text) for block in page(text).blocks]


def words(text: str) -> list[str]:
    """The prose of each block."""
    return [block.prose.text for block in page(text).blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>one</p><p>two</p>", [("paragraph", "one"), ("paragraph", "two")]),
        ("<p>one<p>two", [("paragraph", "one"), ("paragraph", "two")]),
        ("one<div>two</div>three", [("paragraph", "one"), ("paragraph", "two"), ("paragraph", "three")]),
        ("<h1>one</h1><H3 class=x>two</H3>", [("heading", "one"), ("heading", "two")]),
        ("<h1>one</h2>two", [("heading", "one"), ("paragraph", "two")]),
        ("<ul><li>one<li>two</ul>three", [("list-item", "one"), ("list-item", "two"), ("paragraph", "three")]),
        ("<li>one<p>two</p>three</li>", [("list-item", "one"), ("list-item", "two"), ("list-item", "three")]),
        ("<ol><li>one<ul><li>two</ul>three</ol>", [("list-item", "one"), ("list-item", "two"), ("list-item", "three")]),
        ("<dl><dt>one<dd>two<dt>three</dl>", [("list-item", "one"), ("list-item", "two"), ("list-item", "three")]),
        (
            "<table><caption>one<tr><th>two<td>three<tr><td>four</table>",
            [("caption", "one"), ("table-cell", "two"), ("table-cell", "three"), ("table-cell", "four")],
        ),
        ("<td><p>one</p></td>", [("table-cell", "one")]),
        ("<table role=presentation><tr><td>one</table>", [("paragraph", "one")]),
        (
            "<table role=none><tr><td>one<table><tr><td>two</table>three</table>",
            [("paragraph", "one"), ("table-cell", "two"), ("paragraph", "three")],
        ),
        ("<figure><img alt=one><figcaption>two</figcaption></figure>", [("alt", "one"), ("caption", "two")]),
        ("<li><blockquote><p>one</p></blockquote></li>", [("paragraph", "one")]),
        (
            "one <button>two <b>three</b></button> four",
            [("paragraph", "one"), ("button", "two three"), ("paragraph", "four")],
        ),
        ("<a class=btn href=x>one</a> two", [("paragraph", "one two")]),
        ("<select><option>one<option selected>two</select>", [("list-item", "one"), ("list-item", "two")]),
        ("<label>one</label><legend>two</legend>", [("paragraph", "one"), ("paragraph", "two")]),
        ("<details><summary>one</summary>two</details>", [("paragraph", "one"), ("paragraph", "two")]),
        ("<svg><title>one</title></svg>", [("attribute", "one")]),
        ("<h2><span>one</span></h2><section>two</section>", [("heading", "one"), ("paragraph", "two")]),
        ("one<hr>two", [("paragraph", "one"), ("paragraph", "two")]),
        ("<body>one</body></html> two", [("paragraph", "one"), ("paragraph", "two")]),
    ],
)
def test_blocks(text: str, expected: Summary) -> None:
    """Block-level elements part the copy and say what it is; end tags may be left out."""
    assert kinds_and_words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<span>93</span><span>%</span>", ["93%"]),
        ("<span>93</span> <span>%</span>", ["93 %"]),
        ("<b>im</b>mune", ["immune"]),
        ("one<br>two<br/>three</br>four", ["one two three four"]),
        ("one<wbr>two", ["onetwo"]),
        ("<a href=x>one</a><a href=y>two</a>", ["one two"]),
        ("one<x-tip>two</x-tip>three", ["one two three"]),
        ("<x-card><i slot=a>one</i><i slot=b>two</i></x-card>", ["one two"]),
        ("one<object data=x>two</object>three", ["one three", "two"]),
        ("one<!-- x -->two", ["onetwo"]),
        ("one<img src=x>two", ["one two"]),
        ("one<code>x</code>two", ["one two"]),
        ("one<script>x</script>two", ["onetwo"]),
        ("one <span hidden>x</span>two", ["one two"]),
        ("<a>one</a><sup>2</sup><sub>3</sub><abbr>four</abbr>", ["one23four"]),
        ("one\n  <em> two </em>\n  three", ["one two three"]),
        ("<td>one</td><td>two</td>", ["one", "two"]),
    ],
)
def test_inline_adjacency(text: str, expected: list[str]) -> None:
    """Words touch where a browser shows them touching, and nowhere else."""
    assert words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<script>x</script>",
        "<script>if (a < b) { x('</p>') }</script>",
        "<script><!-- x --></script>",
        "<SCRIPT type='text/javascript'>x</Script >",
        "<style>p::after { content: 'x' }</style>",
        "<template><p>x</p></template>",
        "<pre>x</pre>",
        "<code>x</code> <kbd>x</kbd> <samp>x</samp>",
        "<textarea>x <b>x</b></textarea>",
        "<iframe>x</iframe>",
        "<!-- x -->",
        "<!doctype html>",
        "<?xml version='1.0'?>",
        "<![CDATA[x <p>x</p>]]>",
        "<!x>",
        "</ x>",
        "<p hidden>x</p>",
        "<div hidden><p>x</p><div>x</div>x</div>",
        "<p hidden=''>x<p hidden>x",
        "<section hidden='HIDDEN'><img alt=x></section>",
        "<img alt=x hidden>",
        "<meta name=keywords content=x><link rel=x title=x href=x>",
        "<input value=x><input type=hidden value=x><input type=checkbox value=x>",
        "<img src=x data-title=x class=x style='content: x'>",
    ],
)
def test_what_nobody_sees_is_not_copy(text: str) -> None:
    """Code, comments, hidden elements and technical attributes hold no copy."""
    assert words(f"<p>a</p>{text}<p>b</p>") == ["a", "b"]


@pytest.mark.parametrize(
    "text",
    [
        "<div style='display:none'>one</div>",
        "<p aria-hidden=true>one</p>",
        "<p hidden=until-found>one</p>",
        "<noscript><p>one</p></noscript>",
        "<del>one</del>",
        "<s>one</s>",
        "<details><p>one</p></details>",
        "<nav><a href=x>one</a></nav>",
        "<blink>one</blink>",
        "<x-banner>one</x-banner>",
    ],
)
def test_what_may_be_seen_is_copy(text: str) -> None:
    """A preheader, a struck price or an unknown element is read."""
    assert words(text) == ["one"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<title>one &amp; <b></title>", [("title", "one & <b>")]),
        ("<meta name=description content='one'>", [("description", "one")]),
        ('<META CONTENT="one" NAME="Description">', [("description", "one")]),
        ("<meta property=og:title content=one>", [("title", "one")]),
        ("<meta property=og:description content=one>", [("description", "one")]),
        ("<meta name=twitter:title content=one>", [("title", "one")]),
        ("<meta name=twitter:description content=one>", [("description", "one")]),
        ("<meta property='og:image:alt' content=one>", [("alt", "one")]),
        ("<meta name=viewport content=one>", []),
        ("<meta name=description>", []),
        ("<img alt='one' title=\"two\">", [("alt", "one"), ("attribute", "two")]),
        ("<img alt=''><img alt>", []),
        ("<p aria-label='one'></p>", [("attribute", "one")]),
        ("<abbr title='one'>two</abbr>", [("paragraph", "two")]),
        ("<input placeholder='one'>", [("attribute", "one")]),
        ("<textarea placeholder='one'>x</textarea>", [("attribute", "one")]),
        ("<input type=submit value='one'><input type=BUTTON value=two>", [("button", "one"), ("button", "two")]),
        ("<optgroup label=one><option>two</optgroup>", [("attribute", "one"), ("list-item", "two")]),
        ("<p title=one title=two></p>", [("attribute", "one")]),
        ("<p title = 'a > b'>two</p>", [("attribute", "a > b"), ("paragraph", "two")]),
        ("<p\n title='one\n two'></p>", [("attribute", "one two")]),
    ],
)
def test_attributes_that_show(text: str, expected: Summary) -> None:
    """Titles, descriptions, alternative texts, labels and buttons are copy."""
    assert sorted(kinds_and_words(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected", "found"),
    [
        ("a &amp; b", "&", "&amp;"),
        ("a &amp b", "&", "&amp"),
        ("a &AMP; b", "&", "&AMP;"),
        ("a &rsquo;s b", "’", "&rsquo;"),
        ("a&nbsp;b", "\u00a0", "&nbsp;"),
        ("a&shy;b", "\u00ad", "&shy;"),
        ("a &#8217; b", "’", "&#8217;"),
        ("a &#x2019 b", "’", "&#x2019"),
        ("a &#146; b", "’", "&#146;"),
        ("a &#0000065; b", "A", "&#0000065;"),
        ("a &#x110000; b", "\ufffd", "&#x110000;"),
        ("a &notin; b", "∉", "&notin;"),
        ("a &nGt; b", "≫⃒", "&nGt;"),
        ("a&#32;&#10;b", " ", "&#32;"),
        ("a & b", "&", "&"),
        ("a &; b", "&;", "&;"),
        ("a &nope; b", "&nope;", "&nope;"),
        ("a &# b", "&#", "&#"),
        ("a &#x; b", "&#x;", "&#x;"),
        ("a &#99999999999; b", "\ufffd9999;", "&#99999999999;"),
        ("a &#65b", "Ab", "&#65b"),
    ],
)
def test_entities(text: str, expected: str, found: str) -> None:
    """References are decoded as browsers do, and lead back to all of themselves."""
    for markup in (text, f"<img alt='{text}'>"):
        [block] = page(markup).blocks
        start = block.prose.text.index(expected)
        assert block.prose.text[start - 1] in " a"
        assert markup[slice(*block.prose.source_span(start, start + len(expected)))] == found


def test_an_address_in_an_attribute_keeps_its_ampersands() -> None:
    """Without a semicolon, a name that goes on is no entity in an attribute, as it is in text."""
    [alt, text] = page("<img alt='x?a=1&copy=2&notit;&reg'><p>x?a=1&copy=2&notit;").blocks
    assert alt.prose.text == "x?a=1&copy=2&notit;®"
    assert text.prose.text == "x?a=1©=2¬it;"


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("one <a href='https://a.example'>two</a> three", [("link", "two", "https://a.example")]),
        ("<a href=/u?a=1&amp;b=2>one</a>", [("link", "one", "/u?a=1&b=2")]),
        ("<a name=x>one</a>", []),
        ("<a href=x>one <b>two</b></a>", [("link", "one two", "x")]),
        ("<a href=x>one<a href=y>two</a>", [("link", "one", "x"), ("link", "two", "y")]),
        ("<a href=x><p>one</p><p>two</p></a><p>three</p>", [("link", "one", "x"), ("link", "two", "x")]),
        ("<p><a href=x>one</p><p>two</p>", [("link", "one", "x")]),
        ("one <a href=x><img alt=two></a> three", [("link", "", "x")]),
        ("<p><a href=x><img alt=one></a></p><p>two</p>", []),
        ("<a href=x><img alt=one><p>two</p></a><p>three</p>", [("link", "two", "x")]),
        ("one<sup>1</sup>", [("reference", "1", "1")]),
        ("one<sup>[2, 3]</sup> two<sup>†</sup>", [("reference", "[2, 3]", "2, 3"), ("reference", "†", "†")]),
        ("one<sup><a href='#r4'>4</a></sup>", [("link", "4", "#r4"), ("reference", "4", "#r4")]),
        ("one<a href='#r4'><sup>4</sup></a>", [("link", "4", "#r4"), ("reference", "4", "#r4")]),
        ("one<sup><a href='/page'>see</a></sup>", [("link", "see", "/page")]),
        ("10<sup>6</sup> m<sup>2</sup> cm<sup>3</sup> 1<sup>st</sup> one<sup></sup>", []),
        ("see http://a.example/b).", [("link", "http://a.example/b", "http://a.example/b")]),
        ("<a href=/u>http://a.example</a>", [("link", "http://a.example", "/u")]),
    ],
)
def test_marks(text: str, marks: list[tuple[str, str, str]]) -> None:
    """Links and raised numbers know their words and where they lead."""
    found = [
        (mark.kind, block.prose.text[slice(*mark.span)], mark.target)
        for block in page(text).blocks
        for mark in block.marks
    ]
    assert found == marks


def test_members_share_a_group() -> None:
    """Items of a list, cells of a row, parts of a figure and terms with meanings belong together."""
    text = (
        "<p>zero<ul><li>a1<li>a2<ul><li>b1<li>b2</ul></ul><table><tr><td>c1<td>c2<tr><td>d1<td>d2</table>"
        "<figure><img alt=e1><blockquote>e2</blockquote><figcaption>e3</figcaption></figure>"
        "<dl><dt>f1<dd>f2</dl><blockquote><p>g1<p>g2</blockquote><p>nought"
    )
    group = {block.prose.text: block.group for block in page(text).blocks}
    assert group["zero"] == group["nought"] == 0
    for name in "abcdefg":
        assert group[f"{name}1"] == group[f"{name}2"] > 0
    assert group["e3"] == group["e1"]
    assert len({group[f"{name}1"] for name in "abcdefg"}) == 7


def test_a_block_quote_is_quoted() -> None:
    """Only what stands in a block quote is; an inline quotation stays in its sentence."""
    blocks = page("<p>a <q>b</q></p><blockquote><ul><li>c</ul></blockquote><p>d").blocks
    assert [(block.prose.text, block.quoted) for block in blocks] == [("a b", False), ("c", True), ("d", False)]


def test_heading_levels() -> None:
    """A heading has the level of its tag, and no other block has one."""
    blocks = page("<h1>a</h1><h6>b</h6><p>c</p><h2><div>d</div></h2>").blocks
    assert [(block.prose.text, block.level) for block in blocks] == [("a", 1), ("b", 6), ("c", 0), ("d", 2)]


def test_anchors() -> None:
    """Ids, and names of anchors, are places a link can lead to."""
    text = "<p id=a>x</p><a name='b'></a><li id=\"c&amp;d\"><input name=e><p hidden id=f></p>"
    assert page(text).anchors == {"a", "b", "c&d", "f"}


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("a<!-- one -->b", [" one "]),
        ("<!----><!-- one --!><!-- -- -->", ["", " one ", " -- "]),
        ("<!-- one", [" one"]),
        ("<p hidden><!-- one --></p>", [" one "]),
        ("{# one #}{{/* two */}}{% comment %}three{% endcomment %}", [" one ", " two ", "three"]),
        ("<script>// <!-- one --></script><p title='<!-- two -->'>", []),
    ],
)
def test_comments(text: str, comments: list[str]) -> None:
    """Comments are kept with their words, wherever they stand in the page."""
    assert [comment.text for comment in page(text).comments] == comments


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b", ["a < b"]),
        ("a <3 b > c", ["a <3 b > c"]),
        ("a <", ["a <"]),
        ("one <p", ["one <p"]),
        ("one <a href='two> <b>three</b>", ["one three"]),
        ("</div>one</p></li></b>two", ["one", "two"]),
        ("<b><p>one</b> two</p> three", ["one two", "three"]),
        ("<ul><b><li>one</b> two<li>three</ul>", ["one two", "three"]),
        ("<table><tr><td>one</tr><tr><td>two</table>", ["one", "two"]),
        ("<table><td><div>one</td></div><td>two</table>", ["one", "two"]),
        ("<div hidden><table><td></div>one</table></div>two", ["two"]),
        ("<p>one<title>two", ["one", "two"]),
        ("<textarea>one", []),
        ("one<!-- two", ["one"]),
        ("one<![CDATA[ two", ["one"]),
        ("one<? two", ["one"]),
        ("<p title='one'two='three'>four", ["one", "four"]),
        ("<p/>one<p / title=two>", ["one", "two"]),
        ("<>one</>", ["<>one"]),
        ("<code>one<p>two", ["two"]),
        ("<1>one", ["<1>one"]),
    ],
)
def test_broken_markup_is_read(text: str, expected: list[str]) -> None:
    """Unclosed, stray and crossed tags lose no words that a browser would show."""
    assert words(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 20_000 + "one" + "</div>" * 20_000,
        "<ul><li>" * 20_000 + "one",
        "<b>" * 20_000 + "one" + "</i>" * 20_000,
        "one" + "</p>" * 20_000,
        "<table><tr><td>" * 10_000 + "one",
        "<a href=x>" * 20_000 + "one",
        "one" + "<!--" * 20_000,
        "one" + "<a b='" * 20_001,
        "one" + "<![CDATA[" * 20_000,
        "one<span " + "a=b " * 20_000 + ">",
    ],
)
def test_size_and_depth_are_no_obstacle(text: str) -> None:
    """Input that breaks a recursive or a quadratic reader is read like any other."""
    document = read(text, "draft.html")
    assert document.blocks[0].prose.text.startswith("one")


@pytest.mark.parametrize(
    ("name", "start", "expected"),
    [
        ("draft.xhtml", "<?xml version='1.0'?>", ["one", "two"]),
        ("draft.html", "<!doctype html>", ["one"]),
    ],
)
def test_an_empty_element_is_one_in_xml_only(name: str, start: str, expected: list[str]) -> None:
    """In XHTML a script may close itself; in HTML what follows belongs to it."""
    document = page(f"{start}<p>one</p><script src='x'/><p>two</p><script></script>", name)
    assert [block.prose.text for block in document.blocks] == expected


@pytest.mark.parametrize(
    ("json", "expected"),
    [
        ('{"@type": "Question", "name": "one", "acceptedAnswer": {"@type": "Answer", "text": "two"}}', ["one", "two"]),
        ('{"@graph": [{"@type": ["Thing", "Product"], "description": "one"}]}', ["one"]),
        ('{"reviewBody": "one", "author": {"@type": "Person", "name": "two"}, "@type": "Review"}', ["one"]),
        ('{"@type": "Answer", "text": "<p>one<\\/p>\\n<b>two<\\/b> \\u00e9"}', ["one two é"]),
        ('{"@type": "Organization", "name": "one"}', []),
        ('{"@type": ["Physician", "LocalBusiness"], "name": "one", "slogan": "two"}', ["two"]),
        ('{"@type": "http:\\/\\/schema.org\\/Answer", "text": "one"}', ["one"]),
        ('{"@type": "schema:Answer", "text": "one"}', ["one"]),
        ('{"@type": "Answers", "text": "one"}', []),
        ('{"@type": "Answer", "text": "it&#8217;s &lt;b class=x&gt;a&lt;/b&gt; &amp; b"}', ["it’s a & b"]),
        (
            '{"@type": "Answer", "text": "\\u003cp\\u003Eone\\u003c\\/p\\u003e two < three & four > &lt;5"}',
            ["one two < three & four > <5"],
        ),
        ('{"@type": "Question", "name": {{ title | jsonify }}, "text": "one"}', ["one"]),
        ('{"@type": "WebPage", "description": "one"}', []),
        ('{"@type": "Answer", "url": "one"}', []),
        ('{"@type": "Answer", "text": "one', []),
        ('{"@type": "Answer", "text": "one"} trailing }}]', ["one"]),
        ("not json at all", []),
        ("[" * 5000, []),
    ],
)
def test_linked_data_is_read(json: str, expected: list[str]) -> None:
    """Questions, answers, reviews and products that search engines show are copy."""
    assert words(f'<script type="application/ld+json">{json}</script>') == expected
    assert words(f"<script>{json}</script>") == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("<p>one</p> <p class='x'>two</p>", "<p class='x'>two</p>"),
        ("<li><!-- x -->two<li>three", "<li><!-- x -->two"),
        ("<div>two<p>three</p></div>", "<div>two"),
        ("<p>one</p> two <p>three", "two "),
        ("<img src=x alt='two'>", "<img src=x alt='two'>"),
    ],
)
def test_blocks_span_their_markup(text: str, span: str) -> None:
    """A block's span runs from its start tag to its end tag."""
    [block] = [block for block in page(text).blocks if "two" in block.prose.text]
    assert text[slice(*block.span)] == span


def test_front_matter_before_html_is_read() -> None:
    """Static site generators put front matter before HTML too."""
    document = page("---\ntitle: one\nlayout: x\n---\n<p>two</p>")
    assert [(block.kind, block.prose.text) for block in document.blocks] == [("title", "one"), ("paragraph", "two")]
    assert document.front_matter == {"title": "one", "layout": "x"}


def test_what_google_docs_exports() -> None:
    """Comments and the marks that lead to them are no copy and no sources; footnotes and links are sources."""
    document = page(
        """<p><span>Nine in ten were better</span><sup><a href="#ftnt1" id="ftnt_ref1">[1]</a></sup>
        <sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup><span>. See
        <a href="https://www.google.com/url?q=https://example.org/trial&amp;sa=D">the trial</a>.</span></p>
        <hr><div><p><a href="#ftnt_ref1" id="ftnt1">[1]</a><span>&nbsp;Lind, 2021.</span></p></div>
        <div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Is it?</span></p><p><span>It is.</span></p></div>
        <div><p>one</p></div>"""
    )
    assert [block.prose.text for block in document.blocks] == [
        "Nine in ten were better[1] . See the trial.",
        "[1]\u00a0Lind, 2021.",
        "one",
    ]
    marks = document.blocks[0].marks
    assert [mark.target.partition("?")[0] for mark in marks] == ["#ftnt1", "#ftnt1", "https://www.google.com/url"]
    assert page("<p>one</p><a href='#cmnt_ref1' id='cmnt1'>[a]</a> two").blocks[-1].prose.text == "two"
    titled = page('<p class="c1 title" id="h.8m2tq1"><span>One</span></p><p class="c1" id="intro">two</p>')
    assert [(block.kind, block.level) for block in titled.blocks] == [("heading", 1), ("paragraph", 0)]
