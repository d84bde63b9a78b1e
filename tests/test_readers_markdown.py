"""Markdown: blocks, marks, HTML inside it, and what is not copy."""

from __future__ import annotations

import pytest

from medlint.document import Block, Document
from test_readers_properties import assert_leads_back, read

Summary = list[tuple[str, str]]


def page(text: str) -> Document:
    """The document in a Markdown text, its places checked."""
    document = read(text, "draft.md")
    assert_leads_back(document)
    return document


def kinds_and_words(text: str) -> Summary:
    """Kind and prose of each block."""
    return [(block.kind, block.prose.text) for block in page(text).blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", [("paragraph", "one two"), ("paragraph", "three")]),
        ("# One #\n\ntwo", [("heading", "One"), ("paragraph", "two")]),
        ("One\ntwo\n===\n", [("heading", "One two")]),
        ("one\n\n---\n\ntwo", [("paragraph", "one"), ("paragraph", "two")]),
        ("- one\n- two", [("list-item", "one"), ("list-item", "two")]),
        ("1. one\n2. two", [("list-item", "one"), ("list-item", "two")]),
        ("- one\n\n  two", [("list-item", "one"), ("list-item", "two")]),
        ("- # One\n  two", [("heading", "One"), ("list-item", "two")]),
        ("- [ ] one\n- [x] two", [("list-item", "one"), ("list-item", "two")]),
        ("- one\n  - two\n- three", [("list-item", "one"), ("list-item", "two"), ("list-item", "three")]),
        ("- > one", [("paragraph", "one")]),
        (
            "| a | **b** |\n|---|:-:|\n| c \\| d | |\n",
            [("table-cell", "a"), ("table-cell", "b"), ("table-cell", "c | d")],
        ),
        ("> one\n> two\nthree", [("paragraph", "one two three")]),
        ("> [!NOTE]\n> one", [("paragraph", "one")]),
        ("![one *two*](a.png)", [("alt", "one two")]),
        ("one ![two](a.png) three", [("paragraph", "one three"), ("alt", "two")]),
        ("[![one](a.png)](b)", [("alt", "one")]),
        ('![one](a.png "two \\"q\\" &amp;")', [("alt", "one"), ("attribute", 'two "q" &')]),
        ("[one](b 'two')", [("attribute", "two"), ("paragraph", "one")]),
        ("[one](b (two))", [("attribute", "two"), ("paragraph", "one")]),
        ("[one](b(two))", [("paragraph", "one")]),
        ('[one][r]\n\n[r]: /u "two"', [("paragraph", "one")]),
        ("one `two` three", [("paragraph", "one three")]),
        ("one`two`three", [("paragraph", "one three")]),
        ("`one`", []),
        ("```\none\n```\n\n    two\n\n~~~md\n# three\n~~~\n", []),
        ("one  \ntwo\\\nthree", [("paragraph", "one two three")]),
        ("**one**two ~~three~~ _four_", [("paragraph", "onetwo three four")]),
        ("one &copy; &#8217; &nbsp;\\* &nope;", [("paragraph", "one © ’ \u00a0* &nope;")]),
        ("one[^a]\n\n[^a]: two", [("paragraph", "one"), ("paragraph", "two")]),
        ('$x^2$ and "quotes" -- it\'s', [("paragraph", '$x^2$ and "quotes" -- it\'s')]),
        ("## One {#id .lead}\n\n## Two {.lead}", [("heading", "One"), ("heading", "Two")]),
        ("one {: .lead}", [("paragraph", "one")]),
        ("[r]: /u 'one'\n", []),
    ],
)
def test_blocks(text: str, expected: Summary) -> None:
    """Each element that parts the copy is a block, and inline marks dissolve."""
    assert kinds_and_words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<div>one <b>two</b></div>\n", [("paragraph", "one two")]),
        ("<div>\n\n**one**\n\n</div>", [("paragraph", "one")]),
        ("one <b>two</b><i>three</i>", [("paragraph", "one twothree")]),
        ("one<br>two", [("paragraph", "one two")]),
        ("one <div>two</div> three", [("paragraph", "one"), ("paragraph", "two"), ("paragraph", "three")]),
        ("<img alt='one' title='two'> three", [("alt", "one"), ("attribute", "two"), ("paragraph", "three")]),
        ("<h2>one</h2>\n\ntwo", [("heading", "one"), ("paragraph", "two")]),
        ("<details><summary>one</summary>\n\ntwo\n\n</details>", [("paragraph", "one"), ("paragraph", "two")]),
        ("> <div\n>  title='one'>\n> two</div>", [("attribute", "one"), ("paragraph", "two")]),
        ("> <!-- one\n> two -->\n> three", [("paragraph", "three")]),
        ("- <div>one</div>\n\n  two", [("list-item", "one"), ("list-item", "two")]),
        ("one <!-- two --> three", [("paragraph", "one three")]),
        ("<!-- one\n\ntwo -->\n\nthree", [("paragraph", "three")]),
        ("<script>\none\n\ntwo\n</script>\n\nthree", [("paragraph", "three")]),
        ("one <span hidden>two *three*</span> four", [("paragraph", "one four")]),
        ("<div hidden>\n\none\n\n</div>\n\ntwo", [("paragraph", "two")]),
        ("one <code>two</code> three", [("paragraph", "one three")]),
        ("one <code>two\n\nthree", [("paragraph", "one"), ("paragraph", "three")]),
        ("<table><tr><td>one</td></tr></table>", [("table-cell", "one")]),
        ("<button>one</button>", [("button", "one")]),
        ("![a <b>c</b>](x)", [("alt", "a c")]),
    ],
)
def test_html_inside(text: str, expected: Summary) -> None:
    """Tags act as in HTML, across the blank lines of Markdown too."""
    assert kinds_and_words(text) == expected


def groups(blocks: tuple[Block, ...]) -> dict[str, int]:
    """The group of each block by its words."""
    return {block.prose.text: block.group for block in blocks}


def test_members_of_a_list_a_row_and_a_quote_share_a_group() -> None:
    """Each list, row and quote has its own group, and a paragraph stands alone."""
    group = groups(
        page(
            "- one\n\n  two\n- three\n  - four\n  - five\n\nsix\n\n"
            "> seven\n>\n> eight\n\n> \n\n| nine | ten |\n|---|---|\n| eleven | twelve |\n"
        ).blocks
    )
    assert group["one"] == group["two"] == group["three"] > 0
    assert group["four"] == group["five"] > 0
    assert group["six"] == 0
    assert group["seven"] == group["eight"] > 0
    assert group["nine"] == group["ten"] > 0
    assert group["eleven"] == group["twelve"] > 0
    assert len({group[name] for name in ("one", "four", "seven", "nine", "eleven")}) == 5


def test_a_quote_is_quoted_and_an_alert_is_not() -> None:
    """What stands in a block quote is somebody's words, lists in it included."""
    quoted = {
        block.prose.text: block.quoted
        for block in page("> one\n> - two\n\nthree\n\n> [!TIP]\n> four\n\n<blockquote>\n\nfive\n\n</blockquote>").blocks
    }
    assert quoted == {"one": True, "two": True, "three": False, "four": False, "five": True}


def test_heading_levels() -> None:
    """A heading knows its level, in HTML too, and nothing else has one."""
    blocks = page("# a\n\n### b\n\nc\n---\n\nd\n\n<h4>e</h4>\n").blocks
    assert [(block.prose.text, block.level) for block in blocks] == [("a", 1), ("b", 3), ("c", 2), ("d", 0), ("e", 4)]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("one [two](https://a.example) three", [("link", "two", "https://a.example")]),
        ("one [**two** three](#x)", [("link", "two three", "#x")]),
        ("[one][r] [r] [r][]\n\n[r]: /u", [("link", "one", "/u"), ("link", "r", "/u"), ("link", "r", "/u")]),
        ("[one][gone]", []),
        ("<https://a.example>", [("link", "https://a.example", "https://a.example")]),
        ("<me@a.example>", [("link", "me@a.example", "me@a.example")]),
        ("see https://a.example/b_c_d.", [("link", "https://a.example/b_c_d", "https://a.example/b_c_d")]),
        ("one <a href='/u?a&amp;b'>two</a>", [("link", "two", "/u?a&b")]),
        ("<a href='/u'>\n\none\n\ntwo\n\n</a>", [("link", "one", "/u"), ("link", "two", "/u")]),
        ("one[^a] two[^b].\n\n[^a]: x\n[^b]: y", [("footnote", "", "a"), ("footnote", "", "b")]),
        ("one[^gone]", []),
        ("one<sup>1</sup>", [("reference", "1", "1")]),
        ("one<sup>[2](#n2)</sup>", [("link", "2", "#n2"), ("reference", "2", "#n2")]),
        ("5 m<sup>2</sup> or 10<sup>6</sup> on the 1<sup>st</sup>", []),
        ("![[one](a)](x)", []),
        ("[![one](a)](b)\n\ntwo", []),
    ],
)
def test_marks(text: str, marks: list[tuple[str, str, str]]) -> None:
    """Links, footnotes and superscripts know their place in the prose and where they lead."""
    found = [
        (mark.kind, block.prose.text[slice(*mark.span)], mark.target)
        for block in page(text).blocks
        for mark in block.marks
    ]
    assert found == marks


def test_a_footnote_is_marked_where_it_stands() -> None:
    """The mark of a footnote is an empty range right after its word."""
    [block, _] = page("one[^a] two\n\n[^a]: x").blocks
    assert block.prose.text == "one two"
    assert [mark.span for mark in block.marks] == [(3, 3)]


@pytest.mark.parametrize(
    ("contents", "left"),
    [
        ("- [Our laser](#our-laser)\n- [Top 10](#top-10)\n", []),
        ("1. [Our **laser**](#our-laser)\n", []),
        ("[Our laser\t2](#our-laser)\n\n[Top 10 .... 3](#top-10)\n", []),
        ("<p><a href='#x'>Our laser</a>&nbsp;&nbsp;<a href='#x'>2</a></p>\n", []),
        ("<ul><li><a href='#x'>Top 10</a></li></ul>\n", []),
        # What says more or leads away is no entry of a table of contents.
        ("[Our laser cures](#our-laser)\n", ["Our laser cures"]),
        ("See [Our laser](#our-laser)\n", ["See Our laser"]),
        ("[Our laser](/laser#our-laser)\n", ["Our laser"]),
        ("Our laser\n", ["Our laser"]),
        ("> [Back](#top)\n", ["Back"]),
    ],
)
def test_a_table_of_contents_is_not_read_twice(contents: str, left: list[str]) -> None:
    """Entries that say a heading again and lead to it are left out; headings that lead to themselves stay."""
    headings = "# [Our laser](#our-laser)\n\n## Top 10\n"
    assert [block.prose.text for block in page(f"{contents}\n{headings}").blocks] == [*left, "Our laser", "Top 10"]


@pytest.mark.parametrize(
    ("text", "anchors"),
    [
        ("one[^a]\n\n[^a]: two", {"a"}),
        ("## The *big* one, again!", {"the-big-one-again"}),
        ("## One {#own}", {"own", "one"}),
        ("<a name='x'></a>\n\n<div id='y'>one</div>", {"x", "y"}),
        ("one <b id='z'>two</b>", {"z"}),
        ("one", set()),
    ],
)
def test_anchors(text: str, anchors: set[str]) -> None:
    """Footnotes, headings and ids are places a link on the page can lead to."""
    assert page(text).anchors == anchors


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("- a *b*\n  c", "b c", "b*\n  c"),
        ("> a\n> b", "a b", "a\n> b"),
        ("é **a** &amp; b", "a & b", "a** &amp; b"),
        ("中文 [a](b) c", "a c", "a](b) c"),
        ("😀 a\\*b", "a*b", "a\\*b"),
        ("| é | a *b* |\n|-|-|", "a b", "a *b"),
        ("é\r\n\r\na\r\nb", "a b", "a\r\nb"),
        ("---\ntitle: é\n---\n\na *b*", "a b", "a *b"),
        ("é {{ x }} a", "a", "a"),
        ("<p>é</p>\n\na", "a", "a"),
    ],
)
def test_prose_leads_back(text: str, words: str, found: str) -> None:
    """Offsets hold behind other alphabets, line ends, front matter and template tags."""
    [block] = [block for block in page(text).blocks if words in block.prose.text]
    start = block.prose.text.index(words)
    assert text[slice(*block.prose.source_span(start, start + len(words)))] == found


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("one\n\ntwo *three*\n\nfour", "two *three*\n"),
        ("- two\n- x", "- two\n"),
        ("# two\n", "# two\n"),
        ("![two](a.png)", "![two](a.png)"),
        ("<div class='x'>two</div>", "<div class='x'>two</div>"),
    ],
)
def test_blocks_span_their_markup(text: str, span: str) -> None:
    """A block's span holds its own markup, so that a comment in or before it finds it."""
    [block] = [block for block in page(text).blocks if "two" in block.prose.text]
    assert text[slice(*block.span)] == span


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("one <!-- a --> two", [" a "]),
        ("<!-- a -->\n\none\n\n- <!-- b -->\n  two\n\n> <!-- c\n> d -->", [" a ", " b ", " c\n  d "]),
        ("`<!-- a -->` one\n\n```\n<!-- b -->\n```", []),
        ("{# a #} one {{/* b */}} two {% comment %}c{% endcomment %}", [" a ", " b ", "c"]),
        ("<!---->", [""]),
    ],
)
def test_comments(text: str, comments: list[str]) -> None:
    """A comment is one in HTML or in a template, not one in code."""
    document = read(text, "draft.md")
    assert [comment.text for comment in document.comments] == comments


def test_deep_nesting_is_read() -> None:
    """Thousands of quotes in each other end in an ordinary document."""
    [block] = page(">" * 3000 + " one").blocks
    assert (block.prose.text, block.quoted) == ("one", True)
