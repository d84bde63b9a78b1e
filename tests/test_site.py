"""A built website as one: the order of its pages, what many of them repeat told once, and what sums it up."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from medlint.cli import main
from medlint.discovery import FoundFile
from medlint.document import Position
from medlint.finding import Finding, Report, Severity, SiteSummary
from medlint.site import as_site
from medlint.sitemap import Entry, Sitemap, SitemapError, read_sitemap
from medlint.siteorder import SiteOrder, in_site_order

SAMPLE = Path(__file__).parent / "samples" / "site"


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Files with their folders."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


# The order -----------------------------------------------------------------------------------------------------------


def urlset(*addresses: str) -> str:
    """A sitemap with one address per line, from line 2 on."""
    entries = "".join(f"<url><loc>{address}</loc></url>\n" for address in addresses)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'


def index(*addresses: str) -> str:
    """The same for sitemaps."""
    entries = "".join(f"<sitemap><loc>{address}</loc></sitemap>\n" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</sitemapindex>\n'


def links(*addresses: str) -> str:
    """A page that leads to others."""
    return "<p>".join(f'<a class="x" href="{address}">go</a>' for address in addresses)


def order_of(folder: Path, files: Mapping[str, str | bytes]) -> SiteOrder:
    """The order of the pages of a site in the folder, which is called "site"."""
    write(folder, files)
    pages = sorted(folder.rglob("*.htm*"), reverse=True)
    found = [FoundFile(path, f"site/{path.relative_to(folder).as_posix()}") for path in pages]
    return in_site_order(found, folder, "site")


PAGES = {"index.html": "", "a.html": "", "b/index.html": "", "b/c/index.htm": "", "404.html": ""}
SITEMAPS: dict[str, tuple[Mapping[str, str | bytes], str]] = {
    "whole addresses": ({"sitemap.xml": urlset("https://x.example/b/", "https://x.example/")}, "b . 404 a b/c"),
    "a name without its suffix": (
        {"sitemap.xml": urlset("https://x.example/a", "https://x.example/b")},
        "a b 404 b/c .",
    ),
    "names of files": ({"sitemap.xml": urlset("https://x.example/b/index.html", "/a.html")}, "b a 404 b/c ."),
    "another index": ({"sitemap.xml": urlset("https://x.example/b/c/", "https://x.example/b/c")}, "b/c 404 a b ."),
    "below a server's root": (
        {"sitemap.xml": urlset("https://x.example/my/clinic/b/", "https://x.example/my/clinic/a.html")},
        "b a 404 b/c .",
    ),
    "queries, fragments, escapes": (
        {"sitemap.xml": urlset("https://x.example/b/?p=1&amp;q=2", "https://x.example/%61.html#top")},
        "b a 404 b/c .",
    ),
    "line breaks and CDATA": (
        {"sitemap.xml": urlset("\n  https://x.example/b/\n ", "<![CDATA[/a]]>")},
        "b a 404 b/c .",
    ),
    "twice": ({"sitemap.xml": urlset("/b/", "/a", "/b", "/b/")}, "b a 404 b/c ."),
    "no namespace": ({"sitemap.xml": "<urlset><url><loc>/b/</loc></url></urlset>"}, "b 404 a b/c ."),
    "with a stylesheet and a comment": (
        {"sitemap.xml": '<?xml version="1.0"?><?xml-stylesheet href="/s.xsl"?><!-- made today -->' + urlset("/b/")},
        "b 404 a b/c .",
    ),
    "in UTF-16": (
        {"sitemap.xml": f'<?xml version="1.0" encoding="UTF-16"?>{urlset("/b/")}'.encode("utf-16")},
        "b 404 a b/c .",
    ),
    "images are no pages": (
        {
            "sitemap.xml": '<urlset xmlns:image="i"><url><image:image><image:loc>/a</image:loc></image:image>'
            "<loc>/b/</loc></url></urlset>",
        },
        "b 404 a b/c .",
    ),
    "a file that is no page is there": (
        {"sitemap.xml": urlset("/b/", "/price.pdf"), "price.pdf": "x"},
        "b 404 a b/c .",
    ),
    "an index": (
        {
            "wp-sitemap.xml": index("https://x.example/wp-sitemap-2.xml", "https://x.example/deep/wp-sitemap-1.xml"),
            "wp-sitemap-2.xml": urlset("/b/c/"),
            "wp-sitemap-1.xml": urlset("/a", "/b/c/"),
        },
        "b/c a 404 b .",
    ),
    "an index of one sitemap many times": (
        {"sitemap_index.xml": index(*(f"/{n}/../s.xml" for n in range(9))), "s.xml": urlset("/b/")},
        "b 404 a b/c .",
    ),
}


def short(order: SiteOrder) -> str:
    """The files of an order by the addresses that people use."""
    names = (file.label.removeprefix("site/") for file in order.files)
    return " ".join(name.replace("/index.html", "").replace("/index.htm", "").replace(".html", "") for name in names)


@pytest.mark.parametrize("case", SITEMAPS)
def test_pages_stand_in_the_order_of_the_sitemap(case: str, tmp_path: Path) -> None:
    """What it lists comes first, however it writes addresses; the other pages follow by path."""
    files, expected = SITEMAPS[case]
    order = order_of(tmp_path, {**PAGES, **files})
    assert short(order) == expected.replace(" .", " index").replace(". ", "index ", expected.startswith(". "))
    assert order.notes == ()


LINKS: dict[str, tuple[Mapping[str, str], str]] = {
    "the nearest first": (
        {"index.html": links("z.html", "m/"), "z.html": links("y.html"), "m/index.html": links("../x.html"),
         "y.html": "", "x.html": ""},
        "index z m y x",
    ),
    "relative, rooted and whole": (
        {"index.html": links("b/", "/c/", "https://x.example/a.html", "//x.example/d"), "a.html": "", "d.html": "",
         "b/index.html": links("e.html", "../f.html"), "b/e.html": "", "c/index.html": "", "f.html": ""},
        "index b c a d b/e f",
    ),
    "below a server's root": (
        {"index.html": links("/my/z/", "/my/b/"), "z/index.html": links("../my", "../m/"), "b/index.html": "",
         "m/index.html": ""},
        "index z b m",
    ),
    "round and round": ({"index.html": links("b.html"), "b.html": links("/", "b.html", "index.html")}, "index b"),
    "what no link leads to comes last": ({"a.html": "", "index.html": links("z.html"), "z.html": ""}, "index z a"),
    "no links to pages": (
        {"index.html": links("#b", "?p=b", "mailto:b@x.example", "tel:1", "javascript:b()", "http://[b/", "b.pdf", ""),
         "b.html": ""},
        "index b",
    ),
    "unquoted, single, upper case, entities": (
        {"index.html": "<A HREF=z.html>z</A><a title='x' href = 'y.html'>y</a><a href='n&amp;m.html'>n</a>",
         "a.html": "", "y.html": "", "z.html": "", "n&m.html": ""},
        "index z y n&m a",
    ),
    "other attributes and elements": (
        {"index.html": '<a data-href="b.html"></a><abbr href="b.html"></abbr><link href="b.html">' + links("c.html"),
         "b.html": "", "c.html": ""},
        "index c b",
    ),
    "not outside": ({"index.html": links("../../../b.html", "a.html"), "a.html": "", "b.html": ""}, "index b a"),
}  # fmt: skip


@pytest.mark.parametrize("case", LINKS)
def test_links_tell_the_order_where_there_is_no_sitemap(case: str, tmp_path: Path) -> None:
    """From the first page on, pages that are fewer clicks away come first; on one page, earlier links do."""
    files, expected = LINKS[case]
    assert short(order_of(tmp_path, files)) == expected


GO_BY_LINKS = "; links tell the order of the pages instead"
UNUSABLE: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", ":1: is no well-formed XML: no element found"),
    "cut off": (urlset("/b/", "/a")[:-12], ":3: is no well-formed XML: unclosed token"),
    "a tag that nothing closes": (urlset("/b/").replace("</url>", ""), ":3: is no well-formed XML: mismatched tag"),
    "blank lines before the declaration": (
        "\n\n<?xml version='1.0'?>" + urlset("/b/"),
        ":3: is no well-formed XML: XML or text declaration not at start of entity",
    ),
    "a page in its place": ("<html>\n<p>No such page</html>", ":1: begins with <html> and not with <urlset> or <sitemapindex>"),
    "not UTF-8": (b"<urlset>\n\xff</urlset>", ":2: is no well-formed XML: not well-formed (invalid token)"),
    "an encoding that nobody knows": (
        '<?xml version="1.0" encoding="klingon"?><urlset/>',
        ":1: declares an encoding that is not read here; save it as UTF-8",
    ),
    "an encoding that is not read": (
        '<?xml version="1.0" encoding="shift_jis"?><urlset/>',
        ":1: declares an encoding that is not read here; save it as UTF-8",
    ),
    "entities": (
        f'<?xml version="1.0"?>\n<!DOCTYPE u [<!ENTITY a "aaaa">]>{urlset("&a;")}',
        ":2: declares a document type (<!DOCTYPE>), which no sitemap needs, so it is not read",
    ),
    "no entry": (urlset(), ": lists no page"),
    "no address": (urlset("", "  "), ": lists no page"),
    "of another site": (
        urlset("https://x.example/else/", "https://x.example/other/"),
        ':2: no entry leads to a page in this folder; the first is "https://x.example/else/"',
    ),
    "no addresses that anybody knows": (
        urlset("http://[x/", "%00", "/" + "a/" * 9000),
        ':2: no entry leads to a page in this folder; the first is "http://[x/"',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_sitemap_that_cannot_be_used_is_told_with_its_line(case: str, tmp_path: Path) -> None:
    """What is wrong with it is one note, and links tell the order."""
    content, note = UNUSABLE[case]
    order = order_of(tmp_path, {"a.html": "", "index.html": links("b.html"), "b.html": "", "sitemap.xml": content})
    assert short(order) == "index b a"
    assert order.notes == (f"site/sitemap.xml{note}{GO_BY_LINKS}",)


def test_entries_that_lead_nowhere_are_told_with_their_lines(tmp_path: Path) -> None:
    """A page that a sitemap promises and that is not there was not linted: the first are named, the others counted."""
    gone = [f"https://x.example/gone-{number}/" for number in range(8)]
    order = order_of(tmp_path, {**PAGES, "sitemap.xml": urlset(gone[0], "/b/", *gone[1:], gone[0])})
    assert order.files[0].label == "site/b/index.html"
    what = "leads to no file in this folder, so that page is not linted"
    named = [
        f'site/sitemap.xml:{line}: "{address}" {what}' for line, address in zip((2, 4, 5, 6, 7), gone, strict=False)
    ]
    assert order.notes == (*named, "site/sitemap.xml: the same holds for 3 more entries")


def test_each_sitemap_of_an_index_is_told_by_its_own_name(tmp_path: Path) -> None:
    """What is wrong with one leaves the others their order."""
    names = ("gone.xml", "packed.xml.gz", "broken.xml", "index.xml", "good.xml")
    files: dict[str, str | bytes] = {
        "sitemap_index.xml": index(*(f"https://x.example/{name}" for name in names)),
        "packed.xml.gz": b"\x1f\x8b",
        "broken.xml": "<urlset>\n<url>",
        "index.xml": index("https://x.example/good.xml"),
        "good.xml": urlset("/b/", "/gone"),
    }
    order = order_of(tmp_path, {**PAGES, **files})
    assert short(order) == "b 404 a b/c index"
    assert order.notes == (
        'site/sitemap_index.xml:2: "https://x.example/gone.xml" leads to no sitemap in this folder, so what that one '
        "lists is not known",
        "site/packed.xml.gz: is compressed, which is not read; unpack it and name it without .gz in its index",
        "site/broken.xml:2: is no well-formed XML: no element found; what it lists is not known",
        "site/index.xml: is an index inside an index, which is not read; what it lists is not known",
        'site/good.xml:3: "/gone" leads to no file in this folder, so that page is not linted',
    )


def test_an_index_of_itself_ends(tmp_path: Path) -> None:
    """It is told and not followed."""
    order = order_of(tmp_path, {**PAGES, "sitemap.xml": index("/sitemap.xml")})
    assert order.notes == (
        "site/sitemap.xml: is an index inside an index, which is not read; what it lists is not known",
        f"site/sitemap.xml: lists no page{GO_BY_LINKS}",
    )


def test_a_compressed_sitemap_is_told(tmp_path: Path) -> None:
    """Nothing is unpacked."""
    order = order_of(tmp_path, {**PAGES, "sitemap.xml.gz": b"\x1f\x8b"})
    assert order.notes == (f"site/sitemap.xml.gz: is compressed, which is not read; unpack it{GO_BY_LINKS}",)


def test_a_folder_with_nothing_to_go_by(tmp_path: Path) -> None:
    """Without a sitemap and a first page, paths tell the order, and that is told."""
    order = order_of(tmp_path, {"z.html": links("a/b.html"), "a/b.html": "", "c.html": ""})
    assert short(order) == "a/b c z"
    assert order.notes == ("site: has no sitemap to go by and no index.html; pages are in the order of their paths",)


def test_a_sitemap_is_read_to_its_limits(tmp_path: Path) -> None:
    """Fifty thousand entries count, the others are told by the line of the first; a larger file is refused."""
    file = tmp_path / "sitemap.xml"
    file.write_text(urlset(*(f"/{number}" for number in range(50_002))))
    sitemap = read_sitemap(file)
    assert (len(sitemap.entries), sitemap.entries[-1], sitemap.first_unread) == (
        50_000,
        Entry("/49999", 50_001),
        50_002,
    )
    with file.open("r+b") as opened:
        opened.truncate(52_428_801)
    with pytest.raises(SitemapError, match=r"holds 52428801 bytes, and a sitemap has 52428800 at most"):
        read_sitemap(file)
    file.unlink()
    with pytest.raises(SitemapError, match="cannot be read: No such file"):
        read_sitemap(file)


MARKUP = st.lists(
    st.sampled_from(["<urlset>", "</urlset>", "<url>", "</url>", "<loc>", "</loc>", "/a", "\n", "&amp;", "<![CDATA[", "]]>",
                     "<sitemapindex>", "</sitemapindex>", "<sitemap>", "</sitemap>", "<!--", "-->", "<?x?>", "\x00", "é"]),
    max_size=24,
).map("".join)  # fmt: skip


@pytest.fixture(scope="module")
def sitemap(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file to write over."""
    return tmp_path_factory.mktemp("sitemap") / "sitemap.xml"


@given(MARKUP)
def test_any_sitemap_is_read_or_refused(sitemap: Path, text: str) -> None:
    """Whatever stands in it, there are entries or an error with one line of words."""
    sitemap.write_bytes(text.encode())
    try:
        found = read_sitemap(sitemap)
    except SitemapError as error:
        assert str(error) and "\n" not in str(error) and error.line <= text.count("\n") + 1
    else:
        assert found == Sitemap(found.entries, "<sitemapindex>" in text)
        assert all(entry.address.strip() and entry.address in text.replace("&amp;", "&") for entry in found.entries)


# What is told once ---------------------------------------------------------------------------------------------------


def finding(path: str, line: int, context: str, severity: Severity = Severity.WARNING) -> Finding:
    """A finding on the first word of a block."""
    text = context.split()[0]
    place = Position(line, 1)
    return Finding(
        path, place, Position(line, 1 + len(text)), "CUR001", "cures", "cure", severity, f'"{text}" is bad.', text,
        "Why.", "Instead.", (), context, 0,
    )  # fmt: skip


def test_a_block_of_many_pages_is_told_at_the_first() -> None:
    """In the order of the pages, not of their names, with the others named; other words are another finding."""
    found = (
        finding("a", 1, "cures all"),
        finding("b", 2, "cures all"),
        finding("b", 3, "cures most"),
        finding("c", 9, "cures all"),
    )
    report = as_site(Report(found, files=4), ["b", "c", "a", "d"])
    assert [(each.path, each.start.line, each.also_on) for each in report.findings] == [
        ("b", 2, ("c", "a")),
        ("b", 3, ()),
    ]
    assert report.hidden == {"repeated on other pages": 2}
    assert report.site is not None
    assert [(path, counts.total, repeated) for path, counts, repeated in report.site.pages] == [
        ("b", 2, 0),
        ("c", 0, 1),
        ("a", 0, 1),
    ]


def test_a_block_that_one_page_repeats_is_told_wherever_it_stands_there() -> None:
    """Two places on a page are two places to mend."""
    found = (finding("a", 1, "cures all"), finding("a", 5, "cures all"), finding("b", 1, "cures all"))
    report = as_site(Report(found), ["a", "b"])
    assert [(each.start.line, each.also_on) for each in report.findings] == [(1, ("b",)), (5, ("b",))]


def test_no_warning_hides_behind_an_info() -> None:
    """Where one page names the risk and another does not, each is told."""
    found = (finding("a", 1, "safe", Severity.INFO), finding("b", 1, "safe"), finding("c", 1, "safe", Severity.INFO))
    report = as_site(Report(found), ["a", "b", "c"])
    assert [(each.path, each.severity, each.also_on) for each in report.findings] == [
        ("a", Severity.INFO, ("c",)),
        ("b", Severity.WARNING, ()),
    ]


def test_a_site_without_findings() -> None:
    """It has a summary all the same, an empty one."""
    assert as_site(Report(files=2), ["a", "b"]) == Report(files=2, site=SiteSummary())


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcd"), st.integers(1, 9), st.sampled_from(["x", "x y", "z"]), st.sampled_from(Severity)
        )
    ),
    st.permutations("abcd"),
)
def test_nothing_is_lost(found: list[tuple[str, int, str, Severity]], pages: list[str]) -> None:
    """Each finding is told at its own page or at an earlier one that names it, and the counts add up."""
    findings = {finding(*each) for each in found}
    report = as_site(Report(tuple(findings)), pages)
    told = {(each.context, each.severity, path) for each in report.findings for path in (each.path, *each.also_on)}
    assert told == {(each.context, each.severity, each.path) for each in findings}
    assert all(pages.index(each.path) < pages.index(other) for each in report.findings for other in each.also_on)
    assert [pages.index(each.path) for each in report.findings] == sorted(
        pages.index(each.path) for each in report.findings
    )
    assert len(report.findings) + sum(report.hidden.values()) == len(findings)
    assert report.site is not None
    assert sum(page.counts.total + page.repeated for page in report.site.pages) == len(findings)
    assert sum(page.counts.total for page in report.site.pages) == len(report.findings)
    assert sum(counts.total for _, counts in report.site.categories) == len(report.findings)


# Whole sites ---------------------------------------------------------------------------------------------------------

CODES = "CUR001,CUR003,GUA001,GUA004,SAF001,SAF007,DOC001,DOC004"


def run(*arguments: str | Path) -> Result:
    """A run of medlint inside this process, without kept results."""
    return CliRunner().invoke(main, ["check", "--no-cache", "--select", CODES, *map(str, arguments)])


def told(*arguments: str | Path) -> list[tuple[str, str, int]]:
    """The findings of a run by path and code, and on how many other pages each is."""
    report = json.loads(run("--format", "json", *arguments).stdout)
    return [(each["path"], each["code"], len(each.get("also_on", ()))) for each in report["findings"]]


@pytest.fixture
def hugo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample: nine files as Hugo builds them, in `public` of the working directory."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(SAMPLE, "public")
    return Path("public")


HUGO = [
    ("public/index.html", "SAF007", 7),
    ("public/index.html", "GUA004", 3),
    ("public/services/laser/index.html", "CUR003", 0),
]


def test_a_site_as_hugo_builds_it(hugo: Path) -> None:
    """The claim of the header is told at the first page, that of the call at the first of its four, that of a page there."""
    assert told("--site", hugo) == HUGO
    assert len(told(hugo)) == 8 + 4 + 1  # page by page


def edit(folder: Path, old: str, new: str) -> None:
    """Other words on all pages of a site."""
    for page in folder.rglob("*.html"):
        page.write_text(page.read_text("utf-8").replace(old, new), "utf-8")


def test_what_pages_owe_their_own_claims_call_for(hugo: Path) -> None:
    """Without the footer's risks and advice those are missing where a page itself makes a claim, and nowhere else."""
    edit(
        hugo, "Redness, blisters and scarring can follow any laser treatment. Talk to your doctor first.", "Since 1990."
    )
    missing = [each for each in told("--site", hugo) if each[1].startswith("DOC")]
    assert missing == [
        ("public/index.html", "DOC001", 2),
        ("public/index.html", "DOC004", 2),
        ("public/services/laser/index.html", "DOC001", 0),
        ("public/services/laser/index.html", "DOC004", 0),
    ]


def without_an_index(site: Path) -> None:
    (site / "index.html").unlink()
    (site / "sitemap.xml").unlink()


def with_a_copy_of_itself(site: Path) -> None:
    shutil.copytree(site, "copy")
    shutil.move("copy", site / "staging")


def with_a_page_twice(site: Path) -> None:
    shutil.copy(site / "services" / "laser" / "index.html", site / "services" / "laser-print.html")


def with_links_alone(site: Path) -> None:
    (site / "sitemap.xml").unlink()


def with_a_page_that_is_gone(site: Path) -> None:
    (site / "services" / "laser" / "index.html").unlink()


DAMAGES: list[tuple[Callable[[Path], None], list[tuple[str, str, int]]]] = [
    (with_links_alone, HUGO),
    (
        without_an_index,
        [
            ("public/404.html", "SAF007", 6),
            ("public/services/index.html", "GUA004", 2),
            ("public/services/laser/index.html", "CUR003", 0),
        ],
    ),
    (with_a_page_that_is_gone, [("public/index.html", "SAF007", 6), ("public/index.html", "GUA004", 2)]),
    (
        with_a_page_twice,
        [
            ("public/index.html", "SAF007", 8),
            ("public/index.html", "GUA004", 4),
            ("public/services/laser/index.html", "CUR003", 1),
        ],
    ),
    (
        with_a_copy_of_itself,
        [
            ("public/index.html", "SAF007", 15),
            ("public/index.html", "GUA004", 7),
            ("public/services/laser/index.html", "CUR003", 1),
        ],
    ),
]


@pytest.mark.parametrize(("damage", "expected"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_a_site_in_disorder(hugo: Path, damage: Callable[[Path], None], expected: list[tuple[str, str, int]]) -> None:
    """Pages that are gone, twice or in no order change where a block is told and on how many pages, never whether."""
    damage(hugo)
    assert told("--site", hugo) == expected


def wordpress_page(title: str, content: str) -> str:
    """A page as a classic theme of WordPress shows it, with a consent plugin."""
    return f"""<!DOCTYPE html>
<html lang="en-US"><head><meta charset="UTF-8"><title>{title} &#8211; Oakwell Drips</title></head>
<body class="page wp-custom-logo has-cookie-banner">
<div id="page" class="hfeed site">
<header id="masthead" class="site-header"><p class="site-description">Drips that cure eczema</p>
<nav id="site-navigation" class="main-navigation"><ul id="primary-menu" class="menu">
<li class="menu-item"><a href="/drips/">Drips</a></li><li class="menu-item"><a href="/news/">News</a></li></ul></nav></header>
<div id="content" class="site-content"><main id="main" class="site-main">{content}</main>
<aside id="secondary" class="widget-area"><section class="widget"><p>Our drips are 100% safe.</p></section></aside></div>
<footer id="colophon" class="site-footer"><div class="footer-widgets">Bruising and infection can follow an infusion. Ask
your doctor before you book.</div><div class="site-info">Guaranteed results since 2020</div></footer></div>
<div id="cmplz-cookiebanner-container"><p>Manage consent: our cookies cure rosacea.</p></div>
</body></html>"""


def post(title: str, content: str, level: int = 1) -> str:
    """An entry of a page or a list."""
    head = f'<header class="entry-header"><h{level}>{title}</h{level}></header>'
    return f'<article class="hentry">{head}<p>{content}</p><footer>Posted in News</footer></article>'


NEWS = {"moved": "We moved.", "flu": "Our drip cures the flu.", "opening": "We open at nine."}
WORDPRESS: dict[str, str | bytes] = {
    "index.html": wordpress_page("Home", post("Welcome", "We mix drips.")),
    "drips/index.html": wordpress_page("Drips", post("Drips", "Our drip cures migraine.")),
    "news/index.html": wordpress_page("News", "".join(post(name, text, 2) for name, text in NEWS.items())),
    "category/all/index.html": wordpress_page("All", "".join(post(name, text, 2) for name, text in NEWS.items())),
    **{f"2026/01/{name}/index.html": wordpress_page(name, post(name, text)) for name, text in NEWS.items()},
    "feed/index.xml": "<rss version='2.0'><channel><title>Our drip cures migraine.</title></channel></rss>",
    "wp-content/uploads/drip.jpg": b"\xff\xd8",
    "wp-sitemap.xml": index(
        "https://oakwell.example/wp-sitemap-posts-1.xml", "https://oakwell.example/wp-sitemap-pages-1.xml"
    ),
    "wp-sitemap-pages-1.xml": urlset("https://oakwell.example/", "https://oakwell.example/drips/"),
    "wp-sitemap-posts-1.xml": urlset(*(f"https://oakwell.example/2026/01/{name}/" for name in NEWS)),
}


def test_a_site_as_wordpress_shows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Posts that archives show whole are told once, as is the chrome, and only pages that claim owe anything."""
    monkeypatch.chdir(tmp_path)
    write(tmp_path, WORDPRESS)
    moved, flu = "2026/01/moved/index.html", "2026/01/flu/index.html"
    assert told("--site", ".") == [
        (moved, "CUR001", 6),
        (moved, "SAF001", 6),
        (moved, "GUA001", 6),
        (moved, "CUR001", 6),
        (flu, "CUR001", 2),
        ("drips/index.html", "CUR001", 0),
    ]
    edit(tmp_path, "Bruising and infection can", "Parking can")
    owing = [each for each in told("--site", ".") if each[1] == "DOC001"]
    assert owing == [(moved, "DOC001", 2), (flu, "DOC001", 2), ("drips/index.html", "DOC001", 0)]


# The command ---------------------------------------------------------------------------------------------------------


def test_notes_stand_on_the_error_stream(hugo: Path) -> None:
    """What the sitemap promises in vain is told beside the report, and does not change the exit code."""
    done = run("--site", hugo, "--format", "json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["summary"]["files"] == 9
    gone = "https://fernhill.example/spring-offer/"
    what = "leads to no file in this folder, so that page is not linted"
    assert done.stderr == f'note: public/sitemap.xml:10: "{gone}" {what}\n'


def test_a_page_that_cannot_be_read_fails_the_run(hugo: Path) -> None:
    """The others are told all the same."""
    (hugo / "about.html").write_bytes(b"caf\xe9")
    done = run("--site", hugo, "--format", "concise")
    assert done.exit_code == 2
    assert "error: public/about.html: " in done.stderr
    assert "also on 6 other pages" in done.stdout


def test_sums_of_a_site(hugo: Path) -> None:
    """The pages of the summary are those with findings, and all numbers add up."""
    summary = json.loads(run("--site", hugo, "--format", "json").stdout)["summary"]
    pages = {page["path"]: (page["findings"], page["repeated"]) for page in summary["site"]["pages"]}
    assert list(pages.items())[:3] == [
        ("public/index.html", (2, 0)),
        ("public/services/laser/index.html", (1, 2)),
        ("public/services/index.html", (0, 2)),
    ]
    assert sum(own for own, _ in pages.values()) == summary["findings"] == 3
    assert sum(repeated for _, repeated in pages.values()) == summary["hidden"]["repeated on other pages"] == 10
    assert [each["category"] for each in summary["site"]["categories"]] == ["safety", "guarantee", "cure"]


def test_pages_are_listed_in_order(hugo: Path) -> None:
    """`--show-files` shows what comes when, and what is wrong with the sitemap."""
    done = run("--site", hugo, "--show-files")
    listed = [line.removeprefix("public/") for line in done.stdout.splitlines() if ": not linted: " not in line]
    assert listed == [
        "index.html", "services/index.html", "services/laser/index.html", "services/peels/index.html", "about.html",
        "blog/index.html", "blog/sun-and-skin/index.html", "404.html", "robots.txt",
    ]  # fmt: skip
    assert "sitemap.xml:10" in done.stderr


def test_a_baseline_accepts_every_repeat(hugo: Path) -> None:
    """What is accepted is accepted on each page, so a new page with the old footer has a finding."""
    assert run("--site", hugo, "--write-baseline", "accepted.json").exit_code == 0
    assert told("--site", hugo, "--baseline", "accepted.json") == told(hugo, "--baseline", "accepted.json") == []
    shutil.copy(hugo / "404.html", hugo / "gone.html")
    assert told("--site", hugo, "--baseline", "accepted.json") == [("public/gone.html", "SAF007", 0)]


@pytest.mark.parametrize("site", [".", "./", "../public", "../public/"])
def test_a_site_by_any_name(hugo: Path, monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    """From inside its own folder too."""
    monkeypatch.chdir(hugo)
    assert told("--site", site) == [(path.removeprefix("public/"), code, others) for path, code, others in HUGO]


def test_a_site_that_git_ignores(hugo: Path) -> None:
    """What is built is seldom committed; it is linted because it is named."""
    Path(".git").mkdir()
    Path(".gitignore").write_text("public/\n")
    assert told("--site", hugo) == HUGO


def test_any_number_of_jobs(hugo: Path) -> None:
    """The report is the same."""
    assert run("--site", hugo, "--jobs", "3").output == run("--site", hugo, "--jobs", "1").output


def test_kept_results_are_of_pages(hugo: Path) -> None:
    """A run over the site profits from one over its pages, and the other way round."""
    fresh = run("--site", hugo).stdout
    for kept in (["--site", "public"], ["public"], ["--site", "public"]):
        CliRunner().invoke(main, ["check", "--select", CODES, "--cache-dir", "kept", *kept])
    assert (
        CliRunner().invoke(main, ["check", "--select", CODES, "--cache-dir", "kept", "--site", "public"]).stdout
        == fresh
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--site", "public", "public"], "--site lints the one folder that it names; leave out other paths and '-'"),
        (["--site", "public", "-"], "--site lints the one folder that it names; leave out other paths and '-'"),
        (["--site", "nowhere"], "Directory 'nowhere' does not exist."),
        (["--site", "public/index.html"], "Directory 'public/index.html' is a file."),
        (["--site", "public/empty"], "nothing to lint in public/empty: no file of a known format"),
    ],
)
def test_what_is_no_site(hugo: Path, arguments: list[str], message: str) -> None:
    """Wrong usage and empty folders exit with 2 and say why."""
    (hugo / "empty").mkdir()
    done = run(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
