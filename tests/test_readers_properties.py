"""What holds for every reader and any input: no crash, exact places, the same words in any form."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medlint.document import Document
from medlint.readers import ReadError, decode, format_for, read_document, read_text

SUFFIXES = (".txt", ".md", ".mdx", ".html", ".astro")

# Pieces of markup to shuffle: ␣ is a space in a piece, ¶ a line end.
FRAGMENTS = """
<p> </p> <div> </div> <ul> <li> </li> </ul> <table> <tr> <td> </td> </table> <h1> </h2> <blockquote> </blockquote>
<a␣href='x'> <a␣href=#r> </a> <sup> </sup> <code> </code> <span␣hidden> </span> <script> </script> <style> <title>
</title> <textarea> <br> <img␣alt='a␣&amp;␣b'> <!-- --> <![CDATA[ ]]> <? ?> <!doctype> <figure> <figcaption> <button>
<option> <meta␣name=description␣content='d␣d'> <input␣type=submit␣value=Go> <p␣hidden> <pre> ¶<div>¶ ¶</div>¶
&amp; &nbsp; &#8217; &shy; &copy &notit; &#0; &#x110000; &nGt; & < <a␣b=" <a␣b=' > " ' = / https://a.example/b
` ```¶ ~~~¶ ** _ ~~ [ ] ](x␣"t") ![ [^1] ¶[^1]:␣ ¶[r]:␣/u¶ >␣ -␣ 1.␣ ␣␣ ␣␣␣␣ | ¶|---|---|¶ #␣ ¶===¶ ¶---¶ \\ \\*
---¶ title:␣ +++¶ {"title":␣"x"} {{ }} {% %} {# #} { } {/* */} {%␣comment␣%} {%␣endcomment␣%} [caption␣id="x"]
[/caption] import␣x␣from␣'y'¶ export␣const␣a={¶ <Hero␣title="T␣x"␣n={1}/> <Quote> </Quote> <> </> <Foo> </Foo>
¶!!!␣note␣"T␣x"¶ ¶===␣"T␣x"¶ ¶:::␣tip␣T␣x¶ ¶:::¶ ¶>␣[!tip]-␣T␣x¶ {.a␣title="T␣x"} <?php ?> <%␣ %> {a&&<p> {::comment} {:/}
[button] [/button] <svg> </svg> <text> <object> </object> <!--[if␣mso]> <![endif]--> <!--␣wp:a/b␣{"title":"T␣x"}␣/-->
¶ ¶¶ Label:␣ skin calm 9 é ’ 😀
"""
WHITE_AND_STRANGE = ["\t", "\r", "\r\n", "\x00", "\x0b", "\x0c", "\x1a", "\u00a0", "\u00ad", "\u2028", "\ud800"]
MARKUP = st.lists(
    st.sampled_from(WHITE_AND_STRANGE + [each.replace("␣", " ").replace("¶", "\n") for each in FRAGMENTS.split()]),
    max_size=30,
).map("".join)


def assert_leads_back(document: Document) -> None:
    """Every block, mark and comment has its place, and every character of prose leads to where it came from."""
    text = document.source.text
    assert list(document.blocks) == sorted(document.blocks, key=lambda block: block.span)
    for block in document.blocks:
        words = block.prose.text
        assert words
        assert words == words.strip(" ")
        assert 0 <= block.span.start < block.span.end <= len(text)
        places = [block.prose.source_span(index, index + 1) for index in range(len(words))]
        assert places == sorted(places)
        for character, place in zip(words, places, strict=True):
            assert block.span.start <= place.start < place.end <= block.span.end
            if place.end - place.start == 1 and character != " ":
                assert text[place.start] == character
        for mark in block.marks:
            assert 0 <= mark.span.start <= mark.span.end <= len(words)
    for comment in document.comments:
        assert 0 <= comment.span.start < comment.span.end <= len(text)


def read(text: str, path: str) -> Document:
    """The document in a text under a path."""
    format = format_for(path)
    assert format
    return read_text(path, text, format)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=300)
@given(text=MARKUP | st.text(max_size=60))
@example(text="# a\r</Quote><?x")
@example(text="'-->e<?<https://a.example>_<blockquote>+\n](u)---\n?>~")
@example(text="![[^1] <p><h1>](x) - [ ] \n---\n[<Hero title='T x'/>")
def test_any_text_is_read(suffix: str, text: str) -> None:
    """A reader crashes on no input; only front matter may be refused."""
    try:
        document = read(text, "draft" + suffix)
    except ReadError as error:
        assert "front matter" in str(error)
    else:
        assert_leads_back(document)


@pytest.mark.parametrize("suffix", SUFFIXES)
@settings(max_examples=100)
@given(data=st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(suffix: str, data: bytes) -> None:
    """Undecodable bytes are a ReadError, and all others are read."""
    format = format_for("draft" + suffix)
    assert format
    try:
        document = read_document("draft" + suffix, data, format)
    except ReadError:
        return
    assert_leads_back(document)


CLAIM = "Our gentle laser clears every stubborn mark"

PLACES = [
    (".txt", "{}.\n\nSecond paragraph here.\n"),
    (".txt", "- {}\n- another item\n"),
    (".txt", "HEADING ABOVE\n\n{}.\n"),
    (".md", "{}\n"),
    (".md", "# {}\n"),
    (".md", "{}\n===\n"),
    (".md", "- {}\n"),
    (".md", "- outer\n  - inner\n    - {}\n"),
    (".md", "1. first\n\n   {}\n"),
    (".md", "| a | b |\n|---|---|\n| c | {} |\n"),
    (".md", "> {}\n"),
    (".md", "> - {}\n"),
    (".md", "[{}](https://a.example)\n"),
    (".md", "~~{}~~\n"),
    (".md", "![{}](a.png)\n"),
    (".md", '[x](https://a.example "{}")\n'),
    (".md", "---\ntitle: {}\n---\n"),
    (".md", '---\nseo:\n  description: "{}"\n---\n'),
    (".md", '+++\ntitle = "{}"\n+++\n'),
    (".md", '{{\n  "description": "{}"\n}}\n'),
    (".md", "<div>\n{}\n</div>\n"),
    (".md", "<details><summary>x</summary>\n\n{}\n\n</details>\n"),
    (".md", "text[^1]\n\n[^1]: {}\n"),
    (".mdx", "<Card>\n  <div>\n    {}\n  </div>\n</Card>\n"),
    (".mdx", '<Hero title="{}" />\n'),
    (".mdx", "- <b>{}</b>\n"),
    (".html", "<p>{}</p>"),
    (".html", "{}"),
    (".html", "<h2>{}</h2>"),
    (".html", "<ul><li>{}<li>x</ul>"),
    (".html", "<table><tr><td>{}</table>"),
    (".html", "<dl><dt>x<dd>{}</dl>"),
    (".html", "<blockquote>{}</blockquote>"),
    (".html", "<a href='x'>{}</a>"),
    (".html", "<img alt='{}'>"),
    (".html", '<p title="{}">x</p>'),
    (".html", "<button>{}</button>"),
    (".html", '<input type=submit value="{}">'),
    (".html", "<figure><figcaption>{}</figcaption></figure>"),
    (".html", "<title>{}</title>"),
    (".html", '<meta name="description" content="{}">'),
    (".html", '<meta content="{}" property="og:title">'),
    (".html", '<script type="application/ld+json">{{"@type": "Answer", "text": "{}"}}</script>'),
]


@pytest.mark.parametrize(("suffix", "place"), PLACES)
def test_a_phrase_is_found_in_any_place(suffix: str, place: str) -> None:
    """The same words come out of paragraph, heading, list, cell, quote, link, attribute and front matter."""
    assert_holds_claim(read(place.format(CLAIM), "draft" + suffix))


@pytest.mark.parametrize(("suffix", "place"), [case for case in PLACES if "meta" not in case[1]])
@pytest.mark.parametrize("line_end", ["\r\n", "\r"])
def test_a_phrase_is_found_under_any_line_end(suffix: str, place: str, line_end: str) -> None:
    """CRLF and CR change nothing."""
    assert_holds_claim(read(place.format(CLAIM).replace("\n", line_end), "draft" + suffix))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_phrase_is_found_in_any_encoding(suffix: str, encoding: str) -> None:
    """UTF-8 with and without byte-order mark and UTF-16 give the same offsets."""
    text = decode(f"Naïve? {CLAIM}.\n".encode(encoding))
    document = read(text, "draft" + suffix)
    assert_holds_claim(document)
    assert document.source.text.startswith("Naïve")


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("width", [20, 40, 72])
def test_a_phrase_is_found_across_wrapped_lines(suffix: str, width: int) -> None:
    """A paragraph is the same however its lines are wrapped, capitals and figures at line starts included."""
    words = f"Since 2019 Dr Ada Lind and London partners have seen 40 clinics. {CLAIM}, on Monday, in Bath or Leeds."
    document = read(textwrap.fill(words, width, break_on_hyphens=False), "draft" + suffix)
    assert [block.prose.text for block in document.blocks] == [words]
    assert_leads_back(document)


@pytest.mark.parametrize("suffix", [".md", ".mdx", ".html"])
@pytest.mark.parametrize(
    "form",
    [
        "Our <b>gentle</b> laser clears <em>every</em> stubborn mark",
        "Our gentle <b>las</b><b>er</b> clears every stubborn mark",
        "Our gentle <a href='x'>laser clears</a> every stubborn mark",
        "Our gentle laser <!-- still -->clears every stubborn mark",
        "Our gentle laser<br>clears every stubborn mark",
        "Our g&#101;ntle laser&#32;clears every stubborn mark",
        "Our gentle laser {# note #}clears every stubborn mark",
        "Our gentle laser\nclears every\nstubborn mark",
        "Our gentle   laser clears\tevery stubborn mark",
    ],
)
def test_a_phrase_is_found_through_inline_markup(suffix: str, form: str) -> None:
    """Tags, comments, entities and wraps inside a phrase leave it whole."""
    if suffix == ".mdx":
        form = form.replace("<!-- still -->", "{/* still */}").replace("<br>", "<br/>")
    assert_holds_claim(read(form, "draft" + suffix))


@pytest.mark.parametrize(
    "form",
    [
        "Our **gentle** laser clears *every* stubborn mark",
        "Our gentle **las**er clears every stubborn mark",
        "Our gentle [laser clears](x) every stubborn mark",
        "Our gentle [laser][x] clears every stubborn mark\n\n[x]: https://a.example",
        "Our gentle laser  \nclears every stubborn mark",
        "Our gentle laser\\\nclears every stubborn mark",
        "> Our gentle laser\n> clears every\nstubborn mark",
        "- Our gentle laser\n  clears every\nstubborn mark",
        "Our gentle laser {{< icon >}} clears every stubborn mark",
    ],
)
def test_a_phrase_is_found_through_markdown(form: str) -> None:
    """Emphasis, links, breaks and wraps inside a phrase leave it whole."""
    assert_holds_claim(read(form, "draft.md"))


@pytest.mark.parametrize(
    ("suffix", "form", "words"),
    [
        (".md", "no\u00a0risk", "no\u00a0risk"),
        (".md", "no&nbsp;risk", "no\u00a0risk"),
        (".html", "pain&shy;less", "pain\u00adless"),
        (".html", "you&rsquo;ll glow", "you’ll glow"),
        (".txt", "you’ll glow", "you’ll glow"),
        (".txt", "pain\u00adless", "pain\u00adless"),
    ],
)
def test_special_characters_stay_for_the_matcher(suffix: str, form: str, words: str) -> None:
    """No-break spaces, soft hyphens and curly quotes are in the prose as the page has them."""
    document = read(form, "draft" + suffix)
    assert [block.prose.text for block in document.blocks] == [words]
    assert_leads_back(document)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("text", ["", "\n", " \t\r\n\r\n", "\u00a0"])
def test_an_empty_file_holds_nothing(suffix: str, text: str) -> None:
    """White space alone is no block."""
    assert read(text, "draft" + suffix).blocks == ()


def assert_holds_claim(document: Document) -> None:
    """The claim is in one block, and leads to its words in the source."""
    [block] = [block for block in document.blocks if CLAIM in block.prose.text]
    start = block.prose.text.index(CLAIM)
    place = block.prose.source_span(start, start + len(CLAIM))
    found = document.source.text[slice(*place)]
    assert found.startswith("Our")
    assert found.endswith("mark")
    assert_leads_back(document)
