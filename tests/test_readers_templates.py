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
    "<?php the_title(); ?>",
    "<?= $title ?>",
    "<? echo 1 > 0 ?>",
    "<?php /* note */ ?>",
    "<%= title %>",
    "<%- include('head') -%>",
    "<%# note %>",
    "<%-- note --%>",
    "<% if (a > b) { %>",
    "{%- liquid\n  assign a = b\n-%}",
    "{% highlight js %}x = {{ y }}{% endhighlight %}",
    "{%- code -%}x\n\n# y{%- endcode -%}",
    "{{< highlight go >}}x := 1{{< /highlight >}}",
    "{% comment %}title='our own words here'{% endcomment %}",
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
        "one <% two",
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
        ("[one](x){.btn .wide} two", [("paragraph", "one two")]),
        ("![one](x){#fig-a width=50%}", [("alt", "one")]),
        ("one\n{: .lead #id }", [("paragraph", "one")]),
        ("one {.two", [("paragraph", "one {.two")]),
        ("one\n\n{% highlight js %}\ntwo\n\n# three\n{% endhighlight %}", [("paragraph", "one")]),
        ("{% highlight js %}\none", [("paragraph", "one")]),
        ("{{< math >}}one{{< figure >}}two", [("paragraph", "one two")]),
        ("{{< math >}}\none\n{{< math >}}\ntwo\n{{< /math >}}", [("paragraph", "one")]),
        ("one <?php two", [("paragraph", "one")]),
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
        ("<p class='<?php echo $a > 1 ? 'b' : 'c'; ?>' title='one'>two</p>", ["one", "two"]),
        ("<?php get_header(); ?>\n<p>one</p>\n<?php get_footer();", ["one"]),
        ("<p>one</p><?php if ($a): ?><p>two</p><?php endif; ?>", ["one", "two"]),
        ("<?xml version='1.0'?><p>one</p>", ["one"]),
        ("<% if a %><p>one</p><% end %>", ["one"]),
        ('{% schema %}{ "name": "one" }{% endschema %}<p>two</p>', ["two"]),
        ("{{#if a}}<p>one</p>{{else}}<p>two</p>{{/if}}", ["one", "two"]),
        ("{% block content %}<p>one</p>{% endblock %}", ["one"]),
    ],
)
def test_tags_in_html(text: str, expected: list[str]) -> None:
    """A tag inside a start tag or beside a script leaves the markup whole."""
    document = read(text, "draft.html")
    assert_leads_back(document)
    assert [block.prose.text for block in document.blocks] == expected


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ('{{< figure src="x.png" alt="one" caption="two" >}}', {"one", "two"}),
        ("{{% callout title='one' icon='bell' %}}", {"one"}),
        ("{{< card title=`one` >}}", {"one"}),
        ('{{< lead "we say three words" >}}', {"we say three words"}),
        ('{{ partial "hero" (dict "text" "we say three words") }}', {"we say three words"}),
        ("{% include cta.html heading='one' url='/two' class='a b c' %}", {"one"}),
        ('{% include "card.html" with {title: "one", "text": "two"} %}', {"one", "two"}),
        ("{% set tagline = 'one' %}", {"one"}),
        ("{{ 'we say three words' | t }} {{ 'key' | t }}", {"we say three words"}),
        ("{{ x | default: 'we say three words' }}", {"we say three words"}),
        ('{{> card title="one" }}', {"one"}),
        ('[vc_heading text="one" css="a"]', {"one"}),
        ("{# title='one' #}", set()),
        ('[contact-form-7 id="1" title="one"]', set()),
        ("<!-- {{ 'we say three words' }} -->", set()),
        ("<!-- one -->{{ 'we say three words' }}<!-- two -->", {"we say three words"}),
        ("{% comment %} title='one' {% endcomment %}", set()),
        ("{% highlight js %}title='one'{% endhighlight %}", set()),
        ("<?php $title = 'one'; ?>", set()),
        ('{{< figure title="https://a.example/b" >}}', set()),
        ("{% if page.title == 'one' %}", set()),
    ],
)
def test_words_that_a_tag_hands_on_are_copy(suffix: str, tag: str, expected: set[str]) -> None:
    """A string in a tag is copy if its name says so or if it has several words, as in files of strings."""
    document = read(f"{tag}\n", "draft" + suffix)
    assert_leads_back(document)
    assert {(block.kind, block.prose.text) for block in document.blocks} == {("attribute", each) for each in expected}


def test_an_attribute_list_may_hold_words() -> None:
    """A caption or an alternative text in the braces behind an image is copy."""
    document = read("![one](a.png){#fig-a width=50% fig-alt=\"two\" fig-cap='three'}\n", "draft.md")
    assert_leads_back(document)
    assert [(block.kind, block.prose.text) for block in document.blocks] == [
        ("alt", "one"),
        ("attribute", "two"),
        ("attribute", "three"),
    ]


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
        ("<%# a %>", " a "),
        ("<%-- a %> --%>", " a %> "),
        ("<?php /* a */ ?>", " a "),
    ],
)
def test_comments_are_kept(suffix: str, text: str, comment: str) -> None:
    """Each kind of template comment is a comment with its words."""
    document = read(f"one {text} two", "draft" + suffix)
    assert [each.text for each in document.comments] == [comment]
    assert document.source.text[slice(*document.comments[0].span)] == text


@pytest.mark.parametrize("suffix", [".md", ".html"])
@pytest.mark.parametrize(
    "piece",
    [
        "{{ ",
        "{% ",
        "{# ",
        "{{/* ",
        "{% comment %} ",
        '[a b="',
        "{{{ ",
        "` {{ ",
        "<% ",
        "{% code ",
        "{{< math >}} x {{< ",
    ],
)
def test_what_never_ends_is_read_in_time(suffix: str, piece: str) -> None:
    """Many openings without an end are text."""
    assert read("one " + piece * 20_000, "draft" + suffix).blocks[0].prose.text.startswith("one")
