"""The dialects of Markdown and the pages that site builders write: each claim is found where it stands, once.

A row is a page in which «» stand around each claim that is to be found; the others are no copy.
"""

from __future__ import annotations

import json
import re

import pytest
from click.testing import CliRunner

from conftest import LintText
from medlint.cli import main
from medlint.document import Source
from medlint.readers import Names, ReadError, format_for, read_text
from test_readers_properties import assert_leads_back, read

CLAIM = "cures migraine"


def places_of_marked(marked: str) -> tuple[str, list[str]]:
    """A page without its marks, and line:column to line:column of what they stood around."""
    text = re.sub("[«»]", "", marked)
    source = Source("", text)
    marks = enumerate(re.finditer("[«»]", marked))
    offsets = [source.position(mark.start() - removed) for removed, mark in marks]
    places = [f"{at.line}:{at.column}" for at in offsets]
    return text, [f"{start}-{end}" for start, end in zip(places[::2], places[1::2], strict=True)]


def found_places(lint_text: LintText, text: str, name: str) -> list[str]:
    """Where a page says the claim."""
    findings = lint_text(text, name, ("CUR001",)).findings
    return [
        f"{each.start.line}:{each.start.column}-{each.end.line}:{each.end.column}"
        for each in findings
        if each.code == "CUR001"
    ]


def check(lint_text: LintText, name: str, marked: str) -> None:
    """The claims of a page are found where they are marked, under either line end."""
    text, expected = places_of_marked(marked)
    assert found_places(lint_text, text, name) == expected
    assert found_places(lint_text, text.replace("\n", "\r\n"), name) == expected
    assert_leads_back(read(text, name))


@pytest.mark.parametrize(
    "page",
    [
        # MkDocs
        '!!! note "It «cures migraine»"\n    It «cures migraine».\n\n    It «cures migraine».\n\nIt «cures migraine».',
        "!!! warning\n    It «cures migraine».\n\n        It cures migraine\n",
        '??? tip "It *«cures* migraine»"\n\n    - It «cures migraine».\n    - So\n\n      It «cures migraine».',
        '???+ "It «cures migraine»"\n\tIt «cures migraine».\n\n\tIt «cures migraine».',
        '!!! danger inline end "It «cures migraine»"\n    Text.',
        '!!! note ""\n    It «cures migraine».',
        '=== "It «cures migraine»"\n\n    It «cures migraine».\n\n=== "Two"\n\n    It «cures migraine».',
        '!!! a "One"\n\n    !!! b "It «cures migraine»"\n\n        It «cures migraine».\n\n    It «cures migraine».',
        '- One\n\n    !!! note "It «cures migraine»"\n        It «cures migraine».\n',
        "!!! note\n    ```\n    It cures migraine.\n\n    !!! note\n    ```\n\n    It «cures migraine».",
        "Text\n!!! note\n    It «cures\n    migraine».\nIt «cures migraine».",
        "!!! note\n    ```\n    It cures migraine.\n\nIt «cures migraine».",
        "!!! note\nIt «cures migraine».",
        '!!! note "It «cures migraine»',
        "!!!\n\n    It cures migraine.\n\nIt «cures migraine».\n\n===\n\n    It cures migraine.",
        '```\n!!! note "It cures migraine"\n    It cures migraine.\n```\n\n    !!! note "It cures migraine"\n',
        "It «cures migraine»!!! wow\n\nIt «cures migraine»\n===\n\nIt «cures migraine»\n=== \n",
        # Quarto, Pandoc, Docusaurus, VitePress, MyST
        "::: {.callout-note}\n## It «cures migraine»\n\nIt «cures migraine».\n:::\nIt «cures migraine».",
        "::::: {#id .a}\n::: b\nIt «cures migraine».\n:::\n:::::",
        "::: note :::\nIt «cures migraine».\n:::\n",
        ":::note It «cures migraine»\n\nIt «cures migraine».\n\n:::\n",
        ":::tip[It «cures migraine»]{#id}\nIt «cures migraine».\n:::",
        "::: details It «cures migraine» {open}\nIt «cures migraine».\n:::",
        ":::{note} It «cures migraine»\nIt «cures migraine».\n:::",
        "- One\n  :::note It «cures migraine»\n  It «cures migraine».\n  :::\n",
        "::: a\nIt «cures migraine».\n\nIt «cures migraine».",
        'It cures\n:::\nmigraine\n\n::: "It «cures migraine»"',
        "```\n:::note It cures migraine\n```\nIt «cures migraine».",
        # Obsidian, Hugo, GitHub
        "> [!NOTE]\n> It «cures migraine».",
        "> [!tip]+ It «cures migraine»\n> It «cures migraine».\n>\n> - It «cures migraine».",
        "> > [!faq|wide]- It «cures migraine»\n> > It «cures migraine».",
        "> [!quote] It «cures migraine»\n> It «cures migraine».",
        "> One\n> [!tip] It «cures migraine»\n",
        "> ```\n> :::note It cures migraine\n\n:::note It «cures migraine»\n",
        "> [!tip It «cures migraine»\n\n[!tip] It «cures migraine»",
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.mdx"])
def test_containers(lint_text: LintText, name: str, page: str) -> None:
    """The title of an admonition and what it holds are copy, code in it is not, and what is none stays text."""
    check(lint_text, name, page)


@pytest.mark.parametrize(
    "page",
    [
        '::: {.callout-tip title="It «cures migraine»" collapse="true"}\nIt «cures migraine».\n:::',
        '![It «cures migraine»](a.png){#fig-a width=50% fig-alt="It «cures migraine»"}',
        "{{< var x >}} It «cures migraine» {{< pagebreak >}}",
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.qmd"])
def test_quarto(lint_text: LintText, name: str, page: str) -> None:
    """Attributes in braces and shortcodes show what their names say."""
    check(lint_text, name, page)


def test_a_callout_is_nobodys_words() -> None:
    """A callout that quotes somebody is a quotation, any other is the page's own."""
    blocks = read("> [!tip] One\n> two\n\n> [!quote] three\n> four\n\n> five\n", "a.md").blocks
    assert [block.prose.text for block in blocks if not block.quoted] == ["One", "two"]


def test_an_admonition_is_read_in_time() -> None:
    """Thousands of marks, nested or not, are read like any other text."""
    for piece in ("!!! a\n\n", "::: a\n", "> [!a] b\n", '!!! a "' * 3, ":::a " + " " * 9, "???\n    "):
        assert read(piece * 5_000 + "\none", "a.md").blocks
    nested = "".join(f"{' ' * 4 * depth}!!! note\n" for depth in range(300)) + " " * 1_200 + "one"
    assert read(nested, "a.md").blocks[-1].prose.text == "one"


FRONT_MATTER = [
    "---\nhero:\n  line: one\n  cta: [two, three]\nfaq:\n  - q: four\n    a: five\ntitle: six\nnote: seven\n---\n",
    '+++\ntitle = "six"\nnote = "seven"\n[hero]\nline = "one"\ncta = ["two", \'three\']\n[[faq]]\nq = "four"\na = "five"\n+++\n',
    '{"hero": {"line": "one", "cta": ["two", "three"]}, "faq": [{"q": "four", "a": "five"}], "title": "six", "note": "seven"}',
]


@pytest.mark.parametrize("front_matter", FRONT_MATTER, ids=["yaml", "toml", "json"])
@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((), {"six"}),
        (("hero.*",), {"one", "two", "three", "six"}),
        (("CTA", "faq.a"), {"two", "three", "five", "six"}),
        (("!title",), set()),
        (("*", "!faq.*", "!note"), {"one", "two", "three", "six"}),
        (("hero", "faq", "lin"), {"six"}),
    ],
)
def test_keys_of_front_matter_by_configuration(
    front_matter: str, patterns: tuple[str, ...], expected: set[str]
) -> None:
    """A pattern names a key or the whole path to it, in every language of front matter; the last that fits decides."""
    format = format_for("a.md")
    assert format
    document = read_text("a.md", front_matter, format, Names(front_matter=patterns))
    assert_leads_back(document)
    assert {block.prose.text for block in document.blocks} == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.html", "<p data-title='one' data-x=two title=three>four</p><script data-title=five></script>"),
        ("a.md", "<p data-title='one' data-x=two title=three>four</p>\n\n<p hidden data-title=five>"),
        ("a.mdx", "<Hero data-title='one' data-x={'two'} title=\"three\">four</Hero>\n\n<p data-title={five}/>"),
        ("a.html", "<div DATA-TITLE='one'data-x='two'><b title='three'>four</b></div><!-- <p data-title=five> -->"),
    ],
)
@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        ((), {"three", "four"}),
        (("data-title",), {"one", "three", "four"}),
        (("data-*", "!data-x", "!title"), {"one", "four"}),
        (("Title",), {"three", "four"}),
        (("!*",), {"four"}),
        (("data",), {"three", "four"}),
    ],
)
def test_attributes_by_configuration(name: str, text: str, patterns: tuple[str, ...], expected: set[str]) -> None:
    """A pattern names an attribute; what nobody sees stays unread."""
    format = format_for(name)
    assert format
    document = read_text(name, text, format, Names(attributes=patterns))
    assert_leads_back(document)
    assert sorted(block.prose.text for block in document.blocks) == sorted(expected)


@pytest.mark.parametrize(
    "page",
    [
        # minified
        "<!doctype html><title>It «cures migraine»</title><p>It <b>«cures</b> migraine»<p>It cures<p>migraine<ul><li>It"
        " «cures migraine»<li>It cures</ul><a href=a>It «cures</a><a href=b>migraine»</a>",
        "<h1>It cures</h1><h2>migraine</h2><td>It cures<td>migraine<div>It cures</div>migraine",
        # WordPress, Elementor, other builders of its pages
        "<!-- wp:paragraph --><p>It «cures migraine».</p><!-- /wp:paragraph -->",
        '<!-- wp:acf/hero {"name":"acf/hero","data":{"title":"It «cures migraine»","_title":"field_1"}} /-->',
        '<!-- wp:heading {"content":"It cures migraine"} --><h2>It «cures migraine»</h2><!-- /wp:heading -->',
        '<!-- wp:acf/hero {"title":"It cures migraine" /--><p>It «cures migraine».',
        '<div hidden><!-- wp:a/b {"title":"It cures migraine"} /--></div>',
        '[vc_row][vc_column_text]It «cures migraine».[/vc_column_text][vc_cta h2="It «cures migraine»"][/vc_cta][/vc_row]',
        "[button]It «cures migraine».[/button] [sic] It [really] «cures migraine».",
        '[et_pb_text a="b" It «cures migraine» <p>It «cures migraine».',
        '<div class=elementor-widget-container data-settings=\'{"text":"It cures migraine"}\'><span>It </span>'
        "<span>«cures migraine»</span></div>",
        # Squarespace, Wix
        '<div class="sqs-block" data-block-json="{&quot;a&quot;:&quot;It cures migraine&quot;}"><div class='
        '"sqs-html-content"><h1 style="white-space:pre-wrap;">It «cures migraine»</h1></div></div>',
        '<wow-image data-image-info=\'{"alt":"It cures migraine"}\'><img alt="It «cures migraine»"></wow-image>',
        '<wix-dropdown><span class="wixui-rich-text__text">It «cures migraine»&#8203;</span></wix-dropdown>',
        # framesets, table mail, conditional comments
        "<frameset cols='1,2'><frame src=a title='It «cures migraine»'><noframes><body>It «cures migraine».</noframes>",
        "<table role=presentation><tr><td><table role=none><tr><td>It «cures migraine».</table></table>",
        "<table><tr><td>It cures</td><td>migraine</td></tr></table>",
        "<!--[if mso]><table><tr><td>It «cures migraine».<![endif]--><p>It «cures migraine».</p>"
        "<!--[if mso]></td></tr></table><![endif]-->",
        "<p>It <!--[if gte mso 9]><b>never</b><![endif]-->«cures <!--[if !mso]><!-->migraine»<!--<![endif]-->.</p>",
        "<!--[if IE]><p>It cures migraine.</p><![endif]--><![if !mso]><p>It «cures migraine».</p><![endif]>",
        "<!--[if mso]><xml>It cures migraine.</xml><style>It cures migraine.</style><![endif]-->",
        "<!--[if mso]><p>It «cures migraine».",
        "<p>It «cures migraine».</p><!-- <p>It cures migraine.</p>",
        # what waits to be shown
        "<template><p>It cures migraine.</p></template><p>It «cures migraine».",
        "<x-card><template shadowrootmode=open><p>It «cures migraine».</p></template></x-card>",
        "<noscript><p>It «cures migraine».</p><img alt='It «cures migraine»'></noscript>",
        "<noscript>It «cures migraine».<p>It «cures migraine».",
        "<details><summary>It «cures migraine»</summary>It «cures migraine».</details>",
        "<dialog><p>It «cures migraine».</p></dialog><p hidden=until-found>It «cures migraine».<p hidden>It cures migraine.",
        # SVG, ARIA
        "<p>It <svg><title>It «cures migraine»</title><desc>It «cures migraine»</desc><text>It «cures <tspan>migraine»"
        "</tspan></text><defs><text>It cures migraine</text></defs><path d='M0'/></svg> «cures migraine».</p>",
        "<svg><text>It cures</text><text>migraine</text></svg><svg><text>It «cures migraine»",
        "<svg><foreignObject><p>It «cures migraine».</p></foreignObject></svg>",
        "<div role=img aria-label='It «cures migraine»'></div><p aria-description='It «cures migraine»'>a</p>"
        "<p aria-labelledby='It cures migraine'>b</p><input aria-placeholder='It «cures migraine»'>",
        "<table summary='It «cures migraine»'><tr><td aria-hidden=true>It «cures migraine».</table>",
        # linked data
        '<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Why?",'
        '"acceptedAnswer":{"@type":"Answer","text":"<p>It «cures <b>migraine»<\\/b>.<\\/p>"}}]}</script>',
        '<script type="application/ld+json">{"@type":"Product","description":"It «cures migraine».","review":'
        '[{"@type":"Review","reviewBody":"It «cures migraine».","author":{"name":"It cures migraine"}}]}</script>',
        '<script type="application/ld+json">{"@type":"Product","description":"It cures migraine</script>'
        "<p>It «cures migraine».",
        '<script>{"@type":"Product","description":"It cures migraine"}</script>',
        # templates
        "<p>{% if a > b %}It «cures migraine».{% else %}It {{ x }} «cures migraine».{% endif %}</p>",
        "<p title=\"{{ 'It «cures migraine»' | t }}\">{# It cures migraine #}It «cures{{ x }}migraine».</p>",
        "<pre>{{ 'It cures migraine' }}</pre><code>{{ 'It cures migraine' }}</code><p hidden>{{ 'It cures migraine' }}</p>"
        "<p data-a=\"{{ 'It «cures migraine»' }}\">a</p>",
        "<?php if ($a > 1): ?><p>It «cures migraine».</p><?php endif; $b = 'It cures migraine';",
        "<p class='<%= a ? 'b' : 'c' %>'>It «cures migraine».<%# It cures migraine %></p>",
        "<p>It «cures migraine». {{ x</p><p>It «cures migraine». {% y</p>",
        "{% comment %}<p>It «cures migraine».</p>",
    ],
)
def test_pages_of_site_builders(lint_text: LintText, page: str) -> None:
    """What visitors, search engines and screen readers are shown is copy, wherever a builder puts it."""
    check(lint_text, "a.html", page)


@pytest.mark.parametrize(
    "page",
    [
        '---\nimport A from "a";\nconst a = "It cures migraine";\n---\n<A title="It «cures migraine»">It «cures migraine».</A>',
        "<h1>{title} It «cures migraine»</h1>{/* It cures migraine. */}<!-- It cures migraine. -->",
        "{a > b && <p class={c ? 'x' : 'y'}>It «cures <b>migraine»</b>, isn't it?</p>}",
        "<ul>{all.map((one) => (<li>It {one < 3 ? <i>«cures</i> : 'It cures migraine'} migraine».</li>))}</ul>",
        "{a ? (<><p>It «cures migraine».</p><img src=a alt='It «cures migraine»'></>) : null} It «cures migraine».",
        "<Image alt={`It «cures migraine»`} title=`It «cures migraine»` src={`It cures migraine`} {...rest} />",
        "<p>It {`}`}{'}'}{/* } */}«cures {x /* } */}migraine».</p>",
        "<style>p { color: red }</style><script>const a = { b: '<p>It cures migraine</p>' };</script>It «cures migraine».",
        '<script type="application/ld+json" is:inline>{"@type":"Answer","text":"It «cures migraine»."}</script>',
        "{fetch(a, () => { return <b>It «cures migraine»</b> })}{f(a<b, c>d)}<p>It «cures migraine».",
        "<p>It «cures migraine» { a</p><p>It «cures migraine».</p>",
        "{() => <p>It «cures migraine».",
        "<p>It «cures migraine». {/* It «cures migraine».",
        "{/* a */ x}<p>It «cures migraine».</p>{/* b */}",
        "<p title='It «cures migraine».</p><p>It «cures migraine».</p>",
        "<style>p { <p>It cures migraine.</p>",
    ],
)
def test_astro(lint_text: LintText, page: str) -> None:
    """The HTML of a component is copy, that in its expressions too; its script and its expressions are not."""
    check(lint_text, "a.astro", page)


def test_comments_in_astro() -> None:
    """Both kinds of comment are kept, and those in code are code."""
    document = read("{/* one */}<!-- two <b> -->{ /* three\n */ }<p>{x /* four */}</p>{/* five", "a.astro")
    assert_leads_back(document)
    assert [comment.text for comment in document.comments] == [" one ", " two <b> ", " three\n "]


@pytest.mark.parametrize("text", ["---\nconst a = 1;\n", "\n--- \r\na\r\n--", "---"])
def test_a_script_that_never_ends_is_refused(text: str) -> None:
    """Else the whole page would be taken for it."""
    with pytest.raises(ReadError, match="front matter starts with --- and never ends; add a line --- after its script"):
        read(text, "a.astro")


@pytest.mark.parametrize(
    "piece",
    ["{", "{/* ", "{a && <p>", "<A b={", "{`", "<!--", "{'", "<>", "{a(<", "<a b=", "{x}<b>", "{()=><i>{", "<style>{"],
)
def test_an_astro_page_is_read_in_time(piece: str) -> None:
    """Thousands of openings without an end are read like any other text."""
    document = read("<p>one</p>" + piece * 20_000, "a.astro")
    assert document.blocks[0].prose.text == "one"


@pytest.mark.parametrize(
    ("name", "page"),
    [
        # front matter
        ("a.md", '---\ntitle: "It «cures migraine»"\nlayout: It cures migraine\n---\nIt «cures migraine».'),
        ("a.md", "+++\ntitle = 'It «cures migraine»' # It cures migraine\n[params]\nx = 'It cures migraine'\n+++\n"),
        ("a.md", '{\n  "title": "It «cures migraine»",\n  "x": "It cures migraine"\n}\nIt «cures migraine».'),
        ("a.njk", '---json\n{"description": "It «cures migraine»"}\n---\n<p>It «cures migraine».'),
        ("a.mdx", "---\nexcerpt: |\n  It «cures\n  migraine»\n---\nIt «cures migraine»."),
        ("a.qmd", "---\nsubtitle: It «cures migraine»\nformat: It cures migraine\n---\nIt «cures migraine»."),
        # MDX
        ("a.mdx", "import A from 'a'\n\nexport const a = 'It cures migraine'\n\n<A title='It «cures migraine»'>\n  It «cures *migraine»*.\n</A>"),
        ("a.mdx", "<A alt={'It «cures migraine»'} description=\"It «cures migraine»\" x={`It cures ${x} migraine`} />"),
        ("a.mdx", "{/* It cures migraine */} It {'cures migraine'} «cures migraine»"),
        ("a.mdx", "It «cures migraine».\n\n<A title='It «cures migraine».\n\n{ It «cures migraine»."),
        # Hugo
        ("a.md", '{{< figure src="a.png" alt="It «cures migraine»" caption=`It «cures migraine»` >}}'),
        ("a.md", '{{% callout title="It «cures migraine»" %}}\nIt «cures **migraine»**.\n{{% /callout %}}'),
        ("a.md", "{{< lead >}}It «cures migraine».{{< /lead >}}\n{{< code >}}\nIt cures migraine.\n{{< /code >}}"),
        ("a.md", "{{</* figure alt='It cures migraine' */>}} It «cures migraine»."),
        ("a.md", '{{< figure alt=It\n\nIt «cures migraine».'),
        ("a.html", '{{ define "main" }}<h1>{{ .Title }} It «cures migraine»</h1>{{/* It cures migraine */}}{{ end }}'),
        # Jekyll and Liquid
        ("a.md", "{% include cta.html text='It «cures migraine»' url='/it-cures-migraine' %}\n{: .lead}\n\nIt «cures migraine»."),
        ("a.md", "{% highlight js %}\nIt cures migraine.\n{% endhighlight %}\n\nIt {{ a }} «cures migraine»{% if b %}.{% endif %}"),
        ("a.liquid", "{% schema %}{'a': 'It cures migraine'}{% endschema %}<p>{% assign a = 'It «cures migraine»' %}It «cures migraine»."),
        ("a.md", "{::comment}It cures migraine.{:/comment}\n\n{% comment %}It cures migraine.{% endcomment %}It «cures migraine»."),
        ("a.md", "{% comment %}It «cures migraine».\n\n{% highlight %}\nIt «cures migraine»."),
        # Jinja, Nunjucks, Twig, Handlebars, ERB, EJS
        ("a.njk", "{% call card(title='It «cures migraine»') %}It «cures migraine».{% endcall %}{# It cures migraine. #}"),
        ("a.jinja", "{% block a %}It «cures migraine».{% endblock %}{{ _('It «cures migraine»') }}{% set x = 1 %}"),
        ("a.twig", "{% include 'a.html' with {text: 'It «cures migraine»', class: 'It cures migraine'} %}"),
        ("a.hbs", "{{#if a}}<p>It «cures migraine».</p>{{/if}}{{!-- It cures migraine --}}{{> a title='It «cures migraine»'}}"),
        ("a.erb", "<% # It cures migraine %><%# It cures migraine %><p><%= a %> It «cures migraine».</p>"),
        ("a.php", "<?php\n/* It cures migraine */\n?>\n<p>It «cures migraine».</p>\n<?php echo 'It cures migraine';"),
        ("a.njk", "{# It «cures migraine».<p>It «cures migraine». {{ 'It «cures migraine»."),
    ],
)  # fmt: skip
def test_site_generators(lint_text: LintText, name: str, page: str) -> None:
    """What a page hands to its generator as copy is copy, code and comments are not, and what never ends is text."""
    check(lint_text, name, page)


@pytest.mark.parametrize(
    ("name", "comment"),
    [
        ("a.astro", "{/* @ */}"),
        ("a.astro", "<!-- @ -->"),
        ("a.mdx", "{/* @ */}"),
        ("a.md", "{{/* @ */}}"),
        ("a.md", "{::comment}@{:/comment}"),
        ("a.njk", "{# @ #}"),
        ("a.liquid", "{% comment %}@{% endcomment %}"),
        ("a.hbs", "{{!-- @ --}}"),
        ("a.erb", "<%# @ %>"),
        ("a.php", "<?php /* @ */ ?>"),
        ("a.html", "<!-- @ -->"),
    ],
)
def test_findings_are_accepted_in_the_comments_of_each(name: str, comment: str) -> None:
    """A comment of the page's own language speaks to medlint."""
    comment = comment.replace("@", "medlint: ignore[CUR001] quoted from a ruling")
    for page, findings in ((f"{comment}\n\n<p>It cures gout.</p>\n", 0), ("<p>It cures gout.</p>\n", 1)):
        arguments = ["check", "--select", "CUR001,SUP", "--format", "json", "--stdin-filename", name, "-"]
        result = CliRunner().invoke(main, arguments, input=page)
        assert len(json.loads(result.stdout)["findings"]) == findings
