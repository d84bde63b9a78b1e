"""Front matter: its copy with exact places, its scalar keys, and what is refused."""

from __future__ import annotations

import pytest

from medlint.document import Document
from medlint.readers import ReadError
from test_readers_properties import assert_leads_back, read


def page(text: str) -> Document:
    """The document in a Markdown text, its places checked."""
    document = read(text, "draft.md")
    assert_leads_back(document)
    return document


@pytest.mark.parametrize(
    ("value", "words", "part", "found"),
    [
        ("calm skin", "calm skin", "skin", "skin"),
        ("calm\n  skin  # not this", "calm skin", "calm skin", "calm\n  skin"),
        ('"calm \\u2019 skin"', "calm ’ skin", "’ s", "\\u2019 s"),
        ('"calm \\\n  skin"', "calm skin", "skin", "skin"),
        ('"calm\\x41\\tskin\\"s\\""', 'calmA skin"s"', "A", "\\x41"),
        ("'it''s calm'", "it's calm", "it's", "it''s"),
        (">-\n  calm\n  skin\n\n  today", "calm skin today", "skin today", "skin\n\n  today"),
        ("|\n  calm\n    skin\n", "calm skin", "calm skin", "calm\n    skin"),
        (">2  # how\n  calm\n", "calm", "calm", "calm"),
        ("&name calm", "calm", "calm", "calm"),
        ("!!str calm", "calm", "calm", "calm"),
        ("é 😀 calm", "é 😀 calm", "calm", "calm"),
        ("9:10", "9:10", "9:10", "9:10"),
        ("no", "no", "no", "no"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_yaml_value_leads_back(value: str, words: str, part: str, found: str, line_end: str) -> None:
    """Every style of scalar is read as it is meant, each character with its place."""
    text = f"---\ndraft: true\ntitle: {value}\ntags: [a, b]\n---\nText.\n".replace("\n", line_end)
    title, paragraph = page(text).blocks
    assert (title.kind, title.prose.text) == ("title", words)
    assert (paragraph.kind, paragraph.prose.text) == ("paragraph", "Text.")
    start = title.prose.text.index(part)
    place = slice(*title.prose.source_span(start, start + len(part)))
    assert text[place] == found.replace("\n", line_end)
    assert text[slice(*title.span)].startswith("title: ")


@pytest.mark.parametrize(
    ("front_matter", "expected"),
    [
        ("---\nsubtitle: a\n---", [("description", "a")]),
        ("---\nsummary: a\nexcerpt: b\n---", [("description", "a"), ("description", "b")]),
        (
            "---\nseo_title: a\nogTitle: b\nmeta-description: c\n---",
            [("title", "a"), ("title", "b"), ("description", "c")],
        ),
        ("---\nseo:\n  title: a\n  description: b\n  slug: c\n---", [("title", "a"), ("description", "b")]),
        ("---\nseo: {title: a}\n---", [("title", "a")]),
        ("---\nauthor:\n  title: a\nparts:\n  - title: b\n---", []),
        ("---\nlayout: a\ntags: [title, b]\n? [title]\n: c\n---", []),
        ("---\ntagline: &t a\ntitle: *t\n---", [("description", "a"), ("title", "a")]),
        ("---\ntitle: *gone\n---", []),
        ("---\ntitle:\n---", []),
        ("---\n# title: a\nslug: b\n---", []),
        ("---\n---", []),
        ("---\ntitle: a\n...", [("title", "a")]),
        ("---  \ntitle: a\n---  ", [("title", "a")]),
        ('+++\ntitle = "a \\u00e9"\ndraft = true\n+++', [("title", "a é")]),
        ("+++\ntitle = 'a'  # \"b\"\n[seo]\ndescription = '''b\nc'''\n+++", [("title", "a"), ("description", "b c")]),
        ('+++\ntitle = """a \\\n  b"""\nseo.title = "c"\n+++', [("title", "a b"), ("title", "c")]),
        ('+++\nseo = { title = "a", x = [1, "title"] }\n+++', [("title", "a")]),
        ('+++\nx = ["title = 1", "a"]\n[author]\ntitle = "b"\n[[part]]\ntitle = "c"\n+++', []),
        (
            '{\n  "title": "a \\"b\\"",\n  "seo": {"description": "c"},\n  "x": [{"title": "d"}]\n}',
            [("title", 'a "b"'), ("description", "c")],
        ),
        (';;;\n{"title": "a"}\n;;;', [("title", "a")]),
        ('---json\n{"title": "a"}\n---', [("title", "a")]),
        ('---toml\ntitle = "a"\n---', [("title", "a")]),
        ("---yaml\n\ntitle: a\n---", [("title", "a")]),
        ("---js\nconst title = 'a';\n---", []),
        ("---javascript  \n{ title: 'a' }\n---", []),
        ("+++\n[[faq]]\ntitle = 'a'\n[seo]\ntitle = ['b']\n+++", [("title", "b")]),
        ("+++\n+++", []),
    ],
)
def test_titles_and_descriptions_are_copy(front_matter: str, expected: list[tuple[str, str]]) -> None:
    """What pages and search results show is copy, at the top and under seo; other keys are not."""
    blocks = page(f"{front_matter}\n\nText.\n").blocks
    assert [(block.kind, block.prose.text) for block in blocks] == [*expected, ("paragraph", "Text.")]


@pytest.mark.parametrize(
    ("front_matter", "scalars"),
    [
        (
            "---\ntitle: a\ndraft: no\nn: 1\ntags: [x]\nseo: {title: b}\nlong: |\n  c\n---",
            {"title": "a", "draft": "no", "n": "1", "long": "c\n"},
        ),
        ("---\na: &x b\nc: *x\n---", {"a": "b", "c": "b"}),
        (
            '+++\ntitle = "a"\ndraft = false\nn = 1\nday = 2024-05-01\nx = [1]\n[t]\ny = 2\n+++',
            {"title": "a", "draft": "false", "n": "1", "day": "2024-05-01"},
        ),
        ('{"title": "a", "draft": true, "n": 1.5, "x": null, "y": []}', {"title": "a", "draft": "true", "n": "1.5"}),
        ("---\n---", {}),
    ],
)
def test_top_level_scalars_are_kept(front_matter: str, scalars: dict[str, str]) -> None:
    """Settings at the top level are kept as text."""
    assert page(f"{front_matter}\n\nText.\n").front_matter == scalars


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("---\n\nslug: a\n\n---\n", ["slug: a"]),
        ("---\nWe say: come in.\n\n---\n", ["We say: come in."]),
        ("---\n\nText.\n", ["Text."]),
        ("Text.\n\n---\ntitle: a\n---\n", ["Text.", "title: a"]),
        (" ---\ntitle: a\n---\n", ["title: a"]),
        ("----\ntitle: a\n----\n", ["title: a"]),
        ("+++\ntext\n+++\n", ["+++ text +++"]),
        ("---jsx\na\n\n---\n", ["---jsx a"]),
        ("+++json\na\n+++\n", ["+++json a +++"]),
        ("{note} text\n", ["{note} text"]),
    ],
)
def test_what_only_looks_like_front_matter_is_text(text: str, expected: list[str]) -> None:
    """A thematic break at the top of a page starts no front matter."""
    document = page(text)
    assert [block.prose.text for block in document.blocks] == expected
    assert document.front_matter == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "---\nslug: a\ntitle: a: b\n---\n",
            "malformed YAML front matter at line 3: mapping values are not allowed in this context;"
            " correct it or quote the value",
        ),
        ("---\ntitle: 'a\nb: c\n---\n", "malformed YAML front matter at line 4: "),
        ("---\r\ntitle: a\r\n\tb: c\r\n---\r\n", "malformed YAML front matter at line 3: "),
        ("---\ntitle: \x07\n---\n", "malformed YAML front matter at line 2: "),
        (
            "---\ntitle: " + "[" * 100 + "\n---\n",
            "malformed YAML front matter at line 2: nested more than 32 levels deep",
        ),
        ("+++\ntitle = a\n+++\n", "malformed TOML front matter at line 2: Invalid value"),
        ("+++\na = 1\na = 2\n+++\n", "malformed TOML front matter at line 3: "),
        ('{"title": "a",\n "b" 1}\n', "malformed JSON front matter at line 2: "),
        ('{"a": ' + "[" * 5_000 + "\n", "malformed JSON front matter at line 1: "),
        ("---\ntitle: a\n\nText.\n", "front matter starts at line 1 and never ends; add a line --- after its last key"),
        ("+++\ntitle = 'a'\n", "front matter starts at line 1 and never ends; add a line +++ after its last key"),
        ("---json\n{'title': 1}\n---\n", "malformed JSON front matter at line 2: "),
        ("---js\nconst a = 1;\n", "front matter starts at line 1 and never ends; add a line --- after its last key"),
        ("---\ntitle: a\n+++\nText.\n", "front matter starts at line 1 and never ends; add a line ---"),
        ("---\ntitle: " + "a" * 70_000 + "\n---\n", "front matter of 70,008 characters, 65,536 are the most"),
    ],
)
def test_malformed_front_matter_is_refused(text: str, message: str) -> None:
    """The message names the language, the line and the way out."""
    with pytest.raises(ReadError) as caught:
        read(text, "draft.md")
    assert str(caught.value).startswith(message)


def test_aliases_are_not_multiplied() -> None:
    """A few lines that stand for a billion values are read as the few lines they are."""
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)), "title: y"]
    document = page("---\n" + "\n".join(lines) + "\n---\n")
    assert [block.prose.text for block in document.blocks] == ["y"]


def test_plain_text_has_no_front_matter() -> None:
    """In plain text the same lines are lines."""
    document = read("---\ntitle: a\n---\n\nText.", "draft.txt")
    assert document.front_matter == {}
    assert document.blocks[0].prose.text == "title: a"
