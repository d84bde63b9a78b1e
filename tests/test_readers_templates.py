"""Template tags and shortcodes are taken out of Markdown and HTML; the words around them stay, and stay apart."""

from __future__ import annotations

import pytest

from test_readers_properties import assert_leads_back, read

TAGS = [
    "{{ price }}",
    "{{{ price }}}",
    "{{- price -}}",
    "{{< price >}}",
    '{{% price "x y" %}}',
    "{% if a < b %}",
    "{%- endif -%}",
    "{# note #}",
    "{#- note -#}",
    "{#note#}",
    "{{/* note */}}",
    "{{- /* note */ -}}",
    "{{!-- note --}}",
    "{{! note }}",
    "{% comment %} note {{ x }} {% endcomment %}",
    "{%- comment -%} note {%- endcomment -%}",
    "{% # note %}",
    "{{< figure\n  src='x' >}}",
    "{# a note\n\nof two parts #}",
    '[gallery ids="1,2"]',
    "[/gallery]",
]


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize("tag", TAGS)
def test_tags_are_not_copy(suffix: str, tag: str) -> None:
    """A tag leaves a gap in its sentence, and nothing else."""
    document = read(f"one {tag} two", "draft" + suffix)
    assert_leads_back(document)
    assert " ".join(block.prose.text for block in document.blocks) == "one two"


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize("tag", TAGS)
def test_words_around_a_tag_stay_apart(suffix: str, tag: str) -> None:
    """A tag between two words does not make them one."""
    document = read(f"one{tag}two", "draft" + suffix)
    assert " ".join(block.prose.text for block in document.blocks) == "one two"


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize(
    "text",
    [
        "one { two } three",
        "one {{ two",
        "one }} two %} three #}",
        "one {% two",
        "one {# two",
        "one [sic] two",
        "one [a b] two",
        "one {{ " + "x" * 3_000 + " }} two",
    ],
)
def test_what_is_no_tag_stays(suffix: str, text: str) -> None:
    """Braces and brackets of other kinds, and tags that never end, are text."""
    [block] = read(text, "draft" + suffix).blocks
    assert block.prose.text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{< lead >}}one{{< /lead >}}", [("paragraph", "one")]),
        ("{{< tab >}}\none\n{{< /tab >}}", [("paragraph", "one")]),
        ("{{% notice %}}\n| a |\n|---|\n| b |\n{{% /notice %}}", [("table-cell", "a"), ("table-cell", "b")]),
        ("  {{< a >}}  {{< b >}}  \n# one", [("heading", "one")]),
        ("{% if a %}\n- one\n{% endif %}", [("list-item", "one")]),
        ("- {{< icon >}} one", [("list-item", "one")]),
        ("**{{ x }}one**", [("paragraph", "one")]),
        ('[one]({{< ref "a.md" >}}) two', [("paragraph", "one two")]),
        ("`{{ x` one {{ y }}", [("paragraph", "one")]),
        ("```\n{{\n```\n\none }}", [("paragraph", "one }}")]),
        ("~~~\n{#  \n~~~\n\none #}", [("paragraph", "one #}")]),
        ("# one {#id .lead}", [("heading", "one")]),
        ("[one][a]\n\n[a]: x", [("paragraph", "one")]),
        ('[one a="b"](x)', [("paragraph", 'one a="b"')]),
    ],
)
def test_tags_in_markdown(text: str, expected: list[tuple[str, str]]) -> None:
    """A tag neither turns a line into code nor hides the Markdown around it."""
    document = read(text, "draft.md")
    assert_leads_back(document)
    assert [(block.kind, block.prose.text) for block in document.blocks] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p class='{% if a %}b{% endif %}' title='{{ c }} one'>two</p>", ["one", "two"]),
        ("<p {% if a %}title='one'{% endif %}>two</p>", ["one", "two"]),
        ('<a href="{{ url | default: "x" }}">one</a>', ["one"]),
        ("<script>var a = {{</script><p>one }}</p>", ["one }}"]),
        ("<style>a{{b}</style><p>one</p>", ["one"]),
        ('[vc_row css=".a{width: 9%;}"][vc_column]<p>one</p>[/vc_column][/vc_row]', ["one"]),
        ("<p>one {% raw %}two{% endraw %}</p>", ["one two"]),
    ],
)
def test_tags_in_html(text: str, expected: list[str]) -> None:
    """A tag inside a start tag or beside a script leaves the markup whole."""
    document = read(text, "draft.html")
    assert_leads_back(document)
    assert [block.prose.text for block in document.blocks] == expected


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize(
    ("text", "comment"),
    [
        ("{# a #}", " a "),
        ("{#a#}", "a"),
        ("{#- a -#}", " a "),
        ("{{/* a */}}", " a "),
        ("{{- /* a */ -}}", " a "),
        ("{{!-- a }} --}}", " a }} "),
        ("{{! a }}", " a "),
        ("{% comment %}a{% endcomment %}", "a"),
        ('{% comment "why" %}a\n\nb{%- endcomment %}', "a\n\nb"),
        ("{% # a %}", " a "),
        ("{# {{ a }} #}", " {{ a }} "),
    ],
)
def test_comments_are_kept(suffix: str, text: str, comment: str) -> None:
    """Each kind of template comment is a comment with its words."""
    document = read(f"one {text} two", "draft" + suffix)
    assert [each.text for each in document.comments] == [comment]
    assert document.source.text[slice(*document.comments[0].span)] == text


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize("piece", ["{{ ", "{% ", "{# ", "{{/* ", "{% comment %} ", '[a b="', "{{{ ", "` {{ "])
def test_what_never_ends_is_read_in_time(suffix: str, piece: str) -> None:
    """Many openings without an end are text."""
    assert read("one " + piece * 20_000, "draft" + suffix).blocks[0].prose.text.startswith("one")
