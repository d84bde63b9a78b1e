"""MDX: JavaScript is no copy, JSX tags act like HTML tags, and their string properties are read."""

from __future__ import annotations

import pytest

from medlint.document import Document
from test_readers_properties import assert_leads_back, read

Summary = list[tuple[str, str]]


def page(text: str) -> Document:
    """The document in an MDX text, its places checked."""
    document = read(text, "draft.mdx")
    assert_leads_back(document)
    return document


def kinds_and_words(text: str) -> Summary:
    """Kind and prose of each block."""
    return [(block.kind, block.prose.text) for block in page(text).blocks]


@pytest.mark.parametrize(
    "code",
    [
        'import { A } from "./a"',
        "import A from './a'\nimport './b.css'",
        "export const a = 'x'",
        "export const a = {\n  b: [1, 2],\n\n  c: 'x }',\n}",
        "export default function Page({ children }) {\n\n  return <p>x</p>\n}",
        "export { a } from './a'",
        "{a.b + 'x'}",
        "{/* x */}",
        "{\n  /* x\n\n  y */\n}",
        "{list.map((x) => <li key={x}>x's</li>)}",
        "{`x ${y} }`}",
        "<Chart data={[1, {a: 'x'}]} {...rest} />",
        "<Chart\n  x={1}\n  className='x'\n/>",
        "```jsx\n<Hero title='x' />\nimport x from 'x'\n```",
        "`<Hero title='x' />`",
    ],
)
def test_code_is_not_copy(code: str) -> None:
    """Imports, exports, expressions and code hold no copy, and what stands around them is read."""
    assert kinds_and_words(f"one\n\n{code}\n\ntwo") == [("paragraph", "one"), ("paragraph", "two")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one {a} two", [("paragraph", "one two")]),
        ("one{a}two", [("paragraph", "one two")]),
        ("# one {a}", [("heading", "one")]),
        ("one { two", [("paragraph", "one { two")]),
        ("one } two {", [("paragraph", "one } two {")]),
        ("one <b>two</b> three", [("paragraph", "one two three")]),
        ("im<b>mun</b>e", [("paragraph", "immune")]),
        ("one<br/>two", [("paragraph", "one two")]),
        ("one <span hidden>two</span> three", [("paragraph", "one three")]),
        ("<p>one</p>\n<p>two</p>", [("paragraph", "one"), ("paragraph", "two")]),
        ("<div>\n  one\n</div>", [("paragraph", "one")]),
        ("<Box>\n    # one\n\n    two\n</Box>", [("heading", "one"), ("paragraph", "two")]),
        ("<Box>\n  - one\n    - two\n</Box>", [("list-item", "one"), ("list-item", "two")]),
        ("<Box>\n  <Box>\n      one\n  </Box>\n</Box>", [("paragraph", "one")]),
        ("<Box><Box>\n\none\n\n</Box></Box>", [("paragraph", "one")]),
        ("<>\n  one\n</>", [("paragraph", "one")]),
        ("- <Tip>one</Tip>\n- two", [("list-item", "one"), ("list-item", "two")]),
        ("<Tip.Item a:b='x'>one</Tip.Item>", [("paragraph", "one")]),
        ("we\nimport the best from 'x'", [("paragraph", "we import the best from 'x'")]),
        ("import duty is low", [("paragraph", "import duty is low")]),
        ("a <5 or <b or < c", [("paragraph", "a <5 or <b or < c")]),
        ("<Button>one</Button>", [("button", "one")]),
        ("one <!-- two --> three", [("paragraph", "one three")]),
        ("one <https://a.example> two", [("paragraph", "one https://a.example two")]),
    ],
)
def test_tags_and_expressions(text: str, expected: Summary) -> None:
    """JSX is taken out of the Markdown around it, which is read wherever it stands, indented or not."""
    assert kinds_and_words(text) == expected


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("<Hero title='one' subtitle=\"two\" />", {"one", "two"}),
        ("<Hero\n  heading='one\n  two'\n/>", {"one two"}),
        ("<Hero title={'one'} text={`two`} />", {"one", "two"}),
        ("<Hero title={one} text={`two ${three}`} label={'a' + 'b'} />", set()),
        ("<Hero title='a &amp; b' />", {"a & b"}),
        ("<Hero name='x' className='x' kind='x' href='x' />", set()),
        ("<Card label='a' quote='b' caption='c' summary='d' description='e' text='f' />", set("abcdef")),
        ("<Drip tooltip='a' tagline='b' headline='c' cta='d' question='e' answer='f' />", set("abcdef")),
        ("<Box content='between' /><Box content='one two' />", {"one two"}),
        ("<img alt='one' src='x' /> <Image alt='two' />", {"one", "two"}),
        ("<p aria-label='one'>x</p>", {"one", "x"}),
        ("<Hero hidden title='x' />", set()),
    ],
)
def test_string_properties_are_copy(tag: str, expected: set[str]) -> None:
    """Properties that components show as text are read, if they are plain strings."""
    assert {words for _, words in kinds_and_words(tag)} == expected


def test_an_alternative_text_is_told_apart() -> None:
    """The kind of a property's block is that of the HTML attribute of its name."""
    assert kinds_and_words("<Photo alt='one' title='two' />") == [("alt", "one"), ("attribute", "two")]


def test_a_quote_component_quotes() -> None:
    """What a Quote holds is somebody's words, and what follows it is not."""
    blocks = page("<Quote name='Ada'>\n  one\n</Quote>\n\ntwo").blocks
    assert [(block.prose.text, block.quoted) for block in blocks] == [("one", True), ("two", False)]


def test_a_link_component_links() -> None:
    """A Link leads where its address says."""
    [block] = page("one <Link href='/u'>two</Link> three").blocks
    assert [(block.prose.text[slice(*mark.span)], mark.target) for mark in block.marks] == [("two", "/u")]


@pytest.mark.parametrize(
    ("text", "comments"),
    [
        ("{/* one */}\n\ntwo {/* three */} four", [" one ", " three "]),
        ("{ /* one\n\ntwo */ }", [" one\n\ntwo "]),
        ("<!-- one -->\n\ntwo", [" one "]),
        ("`{/* one */}` {/* two", []),
    ],
)
def test_comments(text: str, comments: list[str]) -> None:
    """A comment in braces is kept with its words."""
    assert [comment.text for comment in page(text).comments] == comments


def test_prose_leads_back_through_indentation() -> None:
    """Offsets hold in lines that were moved left to be read, behind other alphabets too."""
    text = "é\n\n<Box>\n    calm *skin*\n    to\u2019day\n</Box>\n\ncalm again"
    _, boxed, after = page(text).blocks
    assert boxed.prose.text == "calm skin to’day"
    assert text[slice(*boxed.prose.source_span(0, 12))] == "calm *skin*\n    to"
    assert text[slice(*after.prose.source_span(0, 4))] == "calm"
    assert after.prose.source_span(0, 4).start == text.rindex("calm")


@pytest.mark.parametrize(
    "text",
    [
        "<div>" * 5_000 + "one",
        "{" * 20_000 + " one",
        "{/* " * 10_000 + " one",
        "export const a = {\n\n" * 3_000 + "one",
        "<A b={" * 5_000 + "one",
        "a " + "`" * 20_000 + " one",
    ],
)
def test_size_and_depth_are_no_obstacle(text: str) -> None:
    """Input that breaks a recursive or a quadratic reader is read like any other."""
    assert any(block.prose.text.endswith("one") for block in read(text, "draft.mdx").blocks)
