"""String files (JSON, YAML, PO): which strings are copy, where they stand, and what is refused."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from conftest import LintText
from medlint.document import Document
from medlint.readers import Names, ReadError, format_for, read_text


def read(text: str, path: str) -> Document:
    """The document in a file of strings."""
    format = format_for(path)
    assert format
    return read_text(path, text, format)


def strings(text: str, path: str) -> list[str]:
    """The words of each string of copy."""
    return [" / ".join(block.prose.text for block in part.blocks) for part in read(text, path).parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"title": "Calm skin", "slug": "calm-skin", "id": 7}', ["Calm skin"]),
        ('{"hero": {"headline": "Calm", "cta": {"label": "Book", "href": "/book me now"}}}', ["Calm", "Book"]),
        ('{"title": {"en": "Calm", "de-AT": "Ruhig"}, "nav": {"en": "Home"}}', ["Calm", "Ruhig"]),
        (
            '{"hero.title": "Calm", "hero.image": "a b c", "any": "Skin that stays calm"}',
            ["Calm", "Skin that stays calm"],
        ),
        ('{"body": ["Calm.", "Kind."], "tags": ["one", "two"]}', ["Calm.", "Kind."]),
        ('["Skin that stays calm", "x"]', ["Skin that stays calm"]),
        ('[["Skin that stays calm"], [{"title": "Kind"}]]', ["Skin that stays calm", "Kind"]),
        ('{"text": "Calm <b>skin</b> &amp; hands<br>here"}', ["Calm skin & hands here"]),
        ('{"text": "One.\\n\\nTwo.", "title": "a \\"b\\" \\u00e9\\/"}', ["One. / Two.", 'a "b" é/']),
        ('{"title": "https://a.example", "text": "12", "label": "a.b.c", "alt": ""}', []),
        ("7", []),
        ('"Skin that stays calm"', []),
        ("[]", []),
    ],
)
def test_json_copy_is_told_by_its_key(text: str, expected: list[str]) -> None:
    """Values of keys that name copy, of keys below them, and phrases under any key but an address or a setting."""
    assert strings(text, "site.json") == expected


YAML = r"""
# a comment
en: &en
  title: Calm skin
  description: >-
    Kind hands
    and time

  body: |
    One.

    Two.
  caption: 'it''s calm'
  label: "caf\u00e9
    here"
  text: plain
    wrapped
  url: a b c
  list:
    - Skin that stays calm
    - x
  message: {one: One day, other: Some days}
  again: *en
  quote: &q Said so
  note: *q
"""


def test_yaml_copy_is_told_by_its_key() -> None:
    """Every style of scalar is read; an alias adds nothing."""
    assert strings(YAML, "en.yml") == [
        *("Calm skin", "Kind hands and time", "One. / Two.", "it's calm", "café here", "plain wrapped"),
        *("Skin that stays calm", "One day", "Some days", "Said so"),
    ]


PO = r"""# Kopf
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"

#: page.html:3
msgid "Calm skin"
msgstr ""
"Ruhige "
"Haut\n"

msgctxt "menu"
msgid "Kind"
msgid_plural "Kind hands"
msgstr[0] ""
msgstr[1] ""

#, fuzzy
#| msgid "Older"
msgid "hero calm"
msgstr "a \"b\" <b>c</b>"
#~ msgid "Gone"
#~ msgstr "Weg"
"""


def test_po_shows_the_translation_or_the_original() -> None:
    """What a visitor sees of each entry is read; the header and entries that are gone are not."""
    assert strings(PO, "de.po") == ["Ruhige Haut", "Kind", "Kind hands", "hero calm", 'a "b" c']
    places = [block.place for block in read(PO, "de.po").blocks]
    assert places == ["msgstr", "msgid", "msgid_plural", "msgid", "msgstr"]
    assert strings(PO.replace("\n", "\r\n"), "de.po") == strings(PO, "de.po")


PROPERTIES = r"""
# a comment
! medlint: ignore[CUR] agreed
hero.title = Calm skin
hero.text: Kind hands \
    and time
hero.url = a b c
hero.link\ text  Caf\u00e9 \"now\"
any=Skin that stays calm
home=Home
text
"""


def test_properties_are_told_by_their_key() -> None:
    """Every separator, continued lines and escapes are read; the place is the key."""
    assert strings(PROPERTIES, "a.properties") == [
        *("Calm skin", "Kind hands and time", 'Café "now"', "Skin that stays calm"),
    ]
    document = read(PROPERTIES, "a.properties")
    assert [block.place for block in document.blocks] == ["hero.title", "hero.text", "hero.link text", "any"]
    assert [comment.text for comment in document.comments] == [" a comment", " medlint: ignore[CUR] agreed"]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((), ["Calm", "Kind hands at work"]),
        (("nav",), ["Home", "Calm", "Kind hands at work"]),
        (("NAV.*", "!page.title"), ["Home", "Kind hands at work"]),
        (("!*", "title"), ["Calm"]),
        (("!title", "page.*"), ["Calm", "Kind hands at work", "x-1 go"]),
        (("!age.title",), ["Calm", "Kind hands at work"]),
    ],
)
def test_patterns_choose_keys(patterns: tuple[str, ...], expected: list[str]) -> None:
    """A pattern fits the key or the whole path to it; the last that fits decides."""
    values = {"nav": {"nav": "Home"}, "page": {"title": "Calm", "x": "Kind hands at work", "slug": "x-1 go"}}
    for path, text in (("a.json", json.dumps(values)), ("a.yml", yaml.dump(values, sort_keys=False))):
        format = format_for(path)
        assert format
        found = read_text(path, text, format, Names(keys=patterns))
        assert [block.prose.text for block in found.blocks] == expected


def test_the_place_of_a_string_is_its_path() -> None:
    """In words, the keys that lead to it."""
    values = {"page": {"faq": [{"question": {"en": "Calm?"}}], "text": "Kind"}}
    for path, text in (("a.json", json.dumps(values)), ("a.yml", yaml.dump(values))):
        assert [block.place for block in read(text, path).blocks] == ["page.faq.question.en", "page.text"]


@pytest.mark.parametrize(
    ("path", "text", "words", "place", "verbatim"),
    [
        ("a.json", '{\n  "title": "a \\u00e9 calm"}', "calm", (2, 22), "calm"),
        ("a.json", '{\n  "title": "a \\u00e9 calm"}', "é", (2, 15), "\\u00e9"),
        ("a.json", '{"text": "<p>so <b>calm</b></p>"}', "so calm", (1, 14), "so <b>calm"),
        ("a.yml", "title: 'it''s calm'", "calm", (1, 15), "calm"),
        ("a.yaml", "x:\n  body: |\n    One.\n\n    Two calm", "calm", (5, 9), "calm"),
        ("a.yml", "😀: x\ntext: 😀 calm", "calm", (2, 9), "calm"),
        ("a.po", 'msgid "a"\nmsgstr ""\n"so "\n"calm"', "so calm", (3, 2), 'so "\n"calm'),
        ("a.po", 'msgid "so \\"calm\\" now"\nmsgstr ""\n', "now", (1, 20), "now"),
    ],
)
def test_places_are_those_of_the_file(path: str, text: str, words: str, place: tuple[int, int], verbatim: str) -> None:
    """Words lead back through escapes, quotes, indentation and continued lines."""
    document = read(text, path)
    block = next(block for block in document.blocks if words in block.prose.text)
    start = block.prose.text.index(words)
    span = block.prose.source_span(start, start + len(words))
    assert document.source.position(span.start) == place
    assert text[slice(*span)] == verbatim


TEXTS = st.text("ab é\"'\\:#-\n\t<&|>{}[],.😀", min_size=1).map(lambda text: f"Calm {text} skin")


@given(text=TEXTS, is_ascii=st.booleans())
def test_what_a_writer_of_json_wrote_is_read(text: str, is_ascii: bool) -> None:
    """Whatever stands in a string, its words lead back to it."""
    assert_is_read(json.dumps({"a": [{"title": text}]}, ensure_ascii=is_ascii), "a.json")


@given(text=TEXTS, style=st.sampled_from([None, '"', "'", "|", ">"]), width=st.sampled_from([20, 200]))
@example(text="Calm # skin: x", style=None, width=20)
def test_what_a_writer_of_yaml_wrote_is_read(text: str, style: str | None, width: int) -> None:
    """The same in every style of scalar."""
    written = yaml.dump({"a": [{"title": text}]}, default_style=style, width=width, allow_unicode=True)
    assert_is_read(written, "a.yml")


def assert_is_read(text: str, path: str) -> None:
    """The first and the last word are found, at places that hold them."""
    blocks = read(text, path).blocks
    for word, block in (("Calm", blocks[0]), ("skin", blocks[-1])):
        start = block.prose.text.index(word)
        assert text[slice(*block.prose.source_span(start, start + 4))] == word


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("a.json", '{\n  "title": "Calm\n}', "malformed JSON at line 2: Invalid control character at; correct it"),
        ("a.json", "", "malformed JSON at line 1: Expecting value; correct it"),
        ("a.json", "[" * 200_000, "JSON nested too deep"),
        ("a.yml", "title: a: b\n", "malformed YAML at line 1: mapping values are not allowed in this context"),
        ("a.yml", "a: [" + "[" * 200, "malformed YAML at line 1: nested more than 32 levels deep"),
        ("a.po", 'msgid "a"\nmsgstr "b\n', "malformed PO file at line 2: neither a comment nor a keyword"),
        ("a.po", "Calm skin\n", "malformed PO file at line 1"),
    ],
)
def test_what_is_malformed_is_refused(path: str, text: str, message: str) -> None:
    """The message says where, and what is wrong there."""
    with pytest.raises(ReadError) as caught:
        read(text, path)
    assert str(caught.value).startswith(message)


def test_a_billion_laughs_are_one() -> None:
    """Aliases of aliases cost nothing."""
    lines = ["a0: &a0 {title: Calm}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 60)]
    assert strings("\n".join(lines), "a.yml") == ["Calm"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.yml", "title: Calm\n# medlint: ignore[CUR] agreed\ntext: Cures acne.\nbody: Cures acne.\n"),
        (
            "a.po",
            'msgid "a"\nmsgstr "b"\n# medlint: ignore[CUR] agreed\nmsgid "x"\nmsgstr "Cures acne."\n\nmsgid "Cures acne."\nmsgstr ""\n',
        ),
    ],
)
def test_a_comment_accepts_the_next_string(path: str, text: str, lint_text: LintText) -> None:
    """The comments of YAML and PO files are followed."""
    format = format_for(path)
    assert format
    document = read_text(path, text, format)
    assert [comment.text.strip() for comment in document.comments] == ["medlint: ignore[CUR] agreed"]
    assert len(lint_text(text.replace("medlint", "m"), path, ("CUR",)).findings) == 2


def test_no_string_speaks_for_another(lint_text: LintText) -> None:
    """A risk in the next string excuses nothing."""
    claim, risk = "Dysport is a relatively safe way to relax the forehead.", "Bruising and drooping eyelids are common."
    text = json.dumps({"title": claim, "text": risk})
    assert lint_text(f"{claim} {risk}", codes=("SAF",)).findings == ()
    assert len(lint_text(text, "a.json", codes=("SAF",)).findings) == 1
