"""Plain text: what its line ends mean, headings and lists."""

from __future__ import annotations

import pytest

from medlint.document import Mark, Span
from test_readers_properties import assert_leads_back, read

Summary = list[tuple[str, str]]


def kinds_and_words(text: str) -> Summary:
    """Kind and prose of each block."""
    document = read(text, "draft.txt")
    assert_leads_back(document)
    return [(block.kind, block.prose.text) for block in document.blocks]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One line and no more", [("paragraph", "One line and no more")]),
        ("One line and no more\n\n", [("paragraph", "One line and no more")]),
        (
            "Spring at the studio\n\nThe door is open.\n",
            [("heading", "Spring at the studio"), ("paragraph", "The door is open.")],
        ),
        (
            "The door is open.\n\nOur prices\n\nThey are on the wall.",
            [("paragraph", "The door is open."), ("heading", "Our prices"), ("paragraph", "They are on the wall.")],
        ),
        ("Hello there!\n\nThe door is open.", [("paragraph", "Hello there!"), ("paragraph", "The door is open.")]),
        ("We offer:\n\nThe door is open.", [("paragraph", "We offer:"), ("paragraph", "The door is open.")]),
        ("Is it open?  \n\nYes, it is.", [("paragraph", "Is it open?"), ("paragraph", "Yes, it is.")]),
        (
            "The door is open.\n\n“We come back.” Ada\n\nBye.",
            [("paragraph", "The door is open."), ("paragraph", "“We come back.” Ada"), ("paragraph", "Bye.")],
        ),
        ("A page\n======\ntext here.", [("heading", "A page"), ("paragraph", "text here.")]),
        (
            "text here.\n\nA part\n------\n\nmore",
            [("paragraph", "text here."), ("heading", "A part"), ("heading", "more")],
        ),
        ("one here.\n-----\ntwo here.", [("heading", "one here."), ("paragraph", "two here.")]),
        ("one here.\n\n-----\n\ntwo here.", [("paragraph", "one here."), ("paragraph", "two here.")]),
        ("one here,\nand more.\n* * *\ntwo here.", [("paragraph", "one here, and more."), ("paragraph", "two here.")]),
        ("=====\nA page\n=====\n", [("heading", "A page")]),
        ("-----", []),
        (
            "A title of its own\nThen a sentence that is a good deal longer than the title, and runs on to the end.",
            [
                ("heading", "A title of its own"),
                ("paragraph", "Then a sentence that is a good deal longer than the title, and runs on to the end."),
            ],
        ),
        ("one\n \t \ntwo.", [("heading", "one"), ("paragraph", "two.")]),
        ("one\r\n\r\ntwo.", [("heading", "one"), ("paragraph", "two.")]),
        ("one\r\rtwo.", [("heading", "one"), ("paragraph", "two.")]),
        ("one,\r\nthe same.", [("paragraph", "one, the same.")]),
    ],
)
def test_paragraphs_and_headings(text: str, expected: Summary) -> None:
    """Empty lines part the copy, and a short line alone that ends no sentence is a heading."""
    assert kinds_and_words(text) == expected


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("A page\n\nText here.\n\nA part\n\nText.", [1, 0, 2, 0]),
        ("Text here.\n\nA part\n\nText.", [0, 2, 0]),
        ("A part\n---\n\nA page\n===\n", [2, 1]),
        ("\n\nA page\n\nText here.", [1, 0]),
    ],
)
def test_heading_levels(text: str, levels: list[int]) -> None:
    """The first line of a file is its title, and an underline says which level it means."""
    assert [block.level for block in read(text, "draft.txt").blocks] == levels


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- one\n- two", ["one", "two"]),
        ("* one\n* two", ["one", "two"]),
        ("• one\n• two", ["one", "two"]),
        ("– one\n– two", ["one", "two"]),
        ("1. one\n2. two\n10. ten", ["one", "two", "ten"]),
        ("1) one\n2) two", ["one", "two"]),
        ("(a) one\n(b) two", ["one", "two"]),
        ("a) one\nb) two", ["one", "two"]),
        ("- one\n  goes on\n- two", ["one goes on", "two"]),
        ("- one\ngoes on\n- two", ["one goes on", "two"]),
        ("  - one\n  - two", ["one", "two"]),
        ("- one\n\n- two", ["one", "two"]),
        ("- one\r\n- two\r\n", ["one", "two"]),
    ],
)
def test_bullets_start_items_of_one_list(text: str, expected: list[str]) -> None:
    """A bullet, number or letter starts an item, which may wrap; the items share a group."""
    blocks = read(text, "draft.txt").blocks
    assert [(block.kind, block.prose.text) for block in blocks] == [("list-item", words) for words in expected]
    assert len({block.group for block in blocks}) == 1
    assert blocks[0].group > 0


@pytest.mark.parametrize(
    "text",
    [
        "-one of\nthem",
        "1.5 units of it\nand more",
        "2024. was good,\nso is this",
        "Book. A. Lind\nis here",
        "the clinic is old\n– and small – but\nit is clean",
        "they came in at number\n1. in the end they\nwere glad of it",
        "*one* of\nthem",
    ],
)
def test_what_only_looks_like_a_bullet_is_text(text: str) -> None:
    """A dash inside a wrapped sentence, a decimal or an emphasis starts no item."""
    assert kinds_and_words(text) == [("paragraph", text.replace("\n", " "))]


def test_lists_are_told_apart() -> None:
    """Another kind of bullet, or a paragraph between, starts another list."""
    blocks = read("We do:\n- one\n- two\n1. first\n\nAnd also this.\n\n- three", "draft.txt").blocks
    assert [block.prose.text for block in blocks] == ["We do:", "one", "two", "first", "And also this.", "three"]
    groups = [block.group for block in blocks]
    assert groups[0] == groups[4] == 0
    assert groups[1] == groups[2]
    assert len({groups[1], groups[3], groups[5]}) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Quiet Hill Studio\n14 Mill Lane\nLeeds LS1 4AB",
            ["Quiet Hill Studio", "14 Mill Lane", "Leeds LS1 4AB"],
        ),
        ("Opening hours\nMonday: 9 to 5\nTuesday: 9 to 5", ["Opening hours", "Monday: 9 to 5", "Tuesday: 9 to 5"]),
        ("for: the web team\nfrom: the front desk", ["for: the web team", "from: the front desk"]),
        ("Calm skin\nClear mind\nStrong nails", ["Calm skin", "Clear mind", "Strong nails"]),
        ("[banner]\nFeel at ease", ["[banner]", "Feel at ease"]),
        ("Peel £40\n£60 with mask\nMask £20", ["Peel £40", "£60 with mask", "Mask £20"]),
    ],
)
def test_lines_that_stand_by_themselves_are_not_glued(text: str, expected: list[str]) -> None:
    """The lines of an address or of a price list are separate, and share a group."""
    blocks = read(text, "draft.txt").blocks
    assert [block.prose.text for block in blocks] == expected
    assert len({block.group for block in blocks}) == 1
    assert blocks[0].group > 0


@pytest.mark.parametrize(
    "text",
    [
        "The house was built by Ada Lind of\nLeeds, who loved the quiet.",
        "We see people from Leeds, from York,\nBath and Hull.",
        "Every Monday the team meets Dr Lind,\nDr Ode and Mr Fry at the studio in\nMill Lane.",
        "The team is here for you on\nMonday.",
        "It is quiet here. Come in.\nThe door is open.",
        "Everybody who has been to the studio in the last\n12 months can come again.",
    ],
)
def test_wrapped_lines_are_joined(text: str) -> None:
    """A capital or a figure at the start of a line does not end a sentence that had to be wrapped."""
    assert kinds_and_words(text) == [("paragraph", text.replace("\n", " "))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It is long-\nlasting and calm.", "It is long-lasting and calm."),
        ("It is long-\r\n  lasting and calm.", "It is long-lasting and calm."),
        ("We give pre-\nand post-care advice.", "We give pre- and post-care advice."),
        ("It is calm -\nlike a lake.", "It is calm - like a lake."),
    ],
)
def test_a_line_may_end_in_a_hyphen(text: str, words: str) -> None:
    """A word that was wrapped at its hyphen is whole again."""
    assert kinds_and_words(text) == [("paragraph", words)]


def test_an_address_is_a_link() -> None:
    """A web address in the text leads there, without the punctuation after it."""
    [block] = read("See https://a.example/study, or www.b.example.", "draft.txt").blocks
    assert block.marks == (
        Mark("link", Span(4, 27), "https://a.example/study"),
        Mark("link", Span(32, 45), "www.b.example"),
    )


def test_blocks_span_their_lines() -> None:
    """A block starts at its bullet and ends with its last line."""
    text = "Title here\n\n- one\n  more\n"
    assert [text[slice(*block.span)] for block in read(text, "draft.txt").blocks] == ["Title here", "- one\n  more"]
