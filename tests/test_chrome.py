"""A site's chrome: what is told from a page's own content, and which rules of the page look at which."""

from __future__ import annotations

import pytest

from conftest import LintText
from test_readers_html import page


def own_words(text: str, name: str = "draft.html") -> list[str]:
    """The prose of the blocks that are the page's own."""
    return [block.prose.text for block in page(text, name).blocks if not block.chrome]


# In each, `own` stands in the page's own content and `site` in chrome.
TABLE = [
    # by the element
    "<nav>site</nav><p>own</p>",
    "<header>site</header><p>own</p><footer>site</footer>",
    "<nav><ul><li><a href=/>site</a></ul></nav>own",
    "<footer><div><section><p>site</p></section></div></footer>own",
    "<footer>site<img alt=site src=x><a title=site href=x>site</a></footer><img alt=own src=x>",
    "<div><div><footer>site</footer></div></div><p>own</p>",
    "<article><nav>site</nav>own</article>",
    "<title>own</title><meta name=description content=own><body><header>site</header>own",
    # a header or a footer belongs to what it stands in
    "<article><header>own</header>own<footer>own</footer></article>",
    "<section><header>own</header><footer>own</footer></section>",
    "<main><header>own</header><div><footer>own</footer></div></main>",
    "<aside><footer>own</footer></aside><footer>site</footer>",
    "<blockquote>own<footer>own</footer></blockquote>",
    "<figure>own<footer>own</footer></figure>",
    "<div role=main><header>own</header></div><div role=article><footer>own</footer></div>",
    "<div role=region><header>own</header></div><header>site</header>",
    # the page's own content inside the element of its header
    "<header>site<nav>site</nav><h1>own</h1><p>own</p><nav>site</nav>own</header><p>own</p>",
    "<header><div><h1>own</h1></div><p>own</p></header>",
    "<header>site<main>own</main>site</header>own",
    "<header>site<main><h1>own</h1>own",
    "<header><nav><h1>site</h1>site</nav>site</header>own",
    "<header class=site-header><h1>site</h1><p>site</p></header><h1>own</h1>",
    "<footer><h1>site</h1>site</footer>own",
    "<div id=footer>site<div role=main>own</div></div>",
    # by the role
    "<div role=navigation>site</div><div role=banner>site</div><div role=contentinfo>site</div>own",
    "<ul role=navigation><li>site</ul><p role=note>own</p>",
    "<section><div role=contentinfo>site</div>own</section>",
    "<div role='BANNER'>site<h1>own</h1></div>",
    "<footer role='contentinfo doc-endnotes'>site</footer>",
    "<nav role=tablist>own</nav><footer role=presentation>own</footer><header role=none>own</header>",
    "<div role=navigational>own</div><div role=''>own</div><div role>own</div>",
    # by the names that consent tools and builders give
    "<div id=onetrust-consent-sdk>site</div><div id=CybotCookiebotDialog>site</div><p>own",
    "<div class='cc-window cc-banner'>site</div><div class=cmplz-cookiebanner>site</div>own",
    "<div class=cookie_banner>site</div><div class='x cookieBanner'>site</div><dialog class=cookie-consent>site</dialog>own",
    "<main>own<div class=cookie-notice>site</div></main>",
    "<p class=cookie>site</p><div id=gdpr>site</div><aside id=consent>site</aside>own",
    "<div class='elementor elementor-location-footer'>site</div><div class=site-header>site</div>own",
    "<div class='navbar navbar-dark'>site</div><ol class=breadcrumb><li>site</ol><ul class=menu><li>site</ul>own",
    "<article>own<ol class=breadcrumbs><li>site</ol></article>",
    "<div id=header>site</div>own<div id=footer>site</div>",
    "<div id=masthead>site<h1>site</h1></div>own",
    "<div class='\n site-footer\t'>site</div>own",
    "<div class='site&#45;footer'>site</div>own",
    # names that only look like them
    "<div class=menu-prices>own</div><div class=menu-of-treatments>own</div><div id=treatment-menu>own</div>",
    "<div class=cookies-and-cake>own</div><div class=anti-cookie>own</div><div class=consentform>own</div>",
    "<div class=header-image>own</div><div class=footer-note>own</div><p class=page-header>own</p>",
    "<div class='unavbar navbarx'>own</div><div data-class=navbar>own</div><div title=own>own</div>",
    "<article class=menu>own</article><section class=menu>own</section><section id=consent>own</section>",
    "<section><div class=menu>own</div><div class=header>own</div><p id=consent>own</p></section>",
    "<main><ul class=menu><li>own</ul></main>",
    # what is open on a page is named on its body, and a menu can be wrapped around all of it
    "<html class=navbar><body class='menu site-header has-cookie-banner'>own</body>",
    "<main class=menu id=footer>own</main>",
    "<span class=site-footer>own</span> <a class=navbar href=x>own</a>",
    "<table class=menu><tr><td class=footer>own</table>",
    "<div class=menu>site<main>own</main>site</div>own",
    # tags left out or crossed
    "<nav>site<main>own",
    "<header>site<article>site</article></div></header>own",
    "<div><nav>site</div>own",
    "<nav>site</footer></nav>own",
    "</nav></footer>own",
]


@pytest.mark.parametrize("text", TABLE)
def test_chrome_is_told_from_the_pages_own_content(text: str) -> None:
    """Navigation, page header and footer and consent banners are chrome; what only resembles them is not."""
    blocks = page(text).blocks
    assert {word for block in blocks for word in block.prose.text.split()} <= {"own", "site"}
    assert [block.prose.text for block in blocks if block.chrome != ("site" in block.prose.text)] == []
    assert not any({"own", "site"} <= set(block.prose.text.split()) for block in blocks)


def test_chrome_in_components() -> None:
    """In MDX the name of a class is written in another way."""
    text = "<div className='site-footer'>\n\nour *site*\n\n</div>\n\n# A page of its own\n"
    assert own_words(text, "draft.mdx") == ["A page of its own"]


CLAIM = "Our laser cures eczema."
RISK = "Redness and scarring can follow."
ADVICE = "Talk to your doctor first."

# Pages with the rules of the whole page that they break.
OWED = [
    (f"<main><p>{CLAIM}</p></main>", ["DOC001", "DOC004"]),
    # a claim in the chrome makes no page one of claims
    (f"<nav>{CLAIM}</nav><main><p>We open at nine.</p></main>", []),
    (f"<header>{CLAIM}</header><main><p>We open at nine.</p></main>", []),
    (f"<p>We open at nine.</p><footer>{CLAIM}</footer>", []),
    (f"<div class=cookie-banner>{CLAIM}</div><p>We open at nine.</p>", []),
    (f"<footer>{CLAIM}</footer><p>{CLAIM}</p>", ["DOC001", "DOC004"]),
    (f"<article>We open at nine.<footer>{CLAIM}</footer></article>", ["DOC001", "DOC004"]),
    (f"<header>Menu<h1>{CLAIM}</h1></header>", ["DOC001", "DOC004"]),
    # what a footer says is said
    (f"<p>{CLAIM}</p><footer>{RISK} {ADVICE}</footer>", []),
    (f"<p>{CLAIM}</p><footer>{RISK}</footer>", ["DOC004"]),
    (f"<p>{CLAIM} {RISK}</p><div class=site-footer>{ADVICE}</div>", []),
    # but a link that the chrome holds says what another page says
    (f"<nav><a href=a>Acne scars</a> <a href=b>Bruising</a></nav><p>{CLAIM} {ADVICE}</p>", ["DOC001"]),
    (f"<nav>Bruising can follow. <a href=b>More</a></nav><p>{CLAIM} {ADVICE}</p>", []),
    (
        f"<p>{CLAIM} {ADVICE}</p><footer><ul><li><a href=a>Acne scars</a><li><a href=b>Bruising</a></ul></footer>",
        ["DOC001"],
    ),
    (f"<p>{CLAIM} {ADVICE}</p><footer><a href=a>Prices</a> | <a href=b>Bruising</a></footer>", ["DOC001"]),
    (f"<p>{CLAIM} {ADVICE}</p><footer><a href=a>Risks:</a> bruising. <a href=b>More</a></footer>", []),
    (f"<p>{CLAIM} {ADVICE}</p><p><a href=a>Bruising</a></p>", []),
    ("<p>See our before-and-after gallery.</p>", ["DOC003"]),
    ("<p>See our before-and-after gallery.</p><footer>Results vary from person to person.</footer>", []),
    (f"<p>Ketamine infusions for depression.</p><footer>Nausea can follow. {ADVICE}</footer>", ["DOC002"]),
    (
        f"<p>Ketamine infusions for depression.</p><footer>This use is off-label. Nausea can follow. {ADVICE}</footer>",
        [],
    ),
    # what a page is about, it says itself
    (f"<h2>Botox</h2><p>{CLAIM} {RISK} {ADVICE}</p>", ["DOC005"]),
    (f"<header><h2>Botox</h2></header><p>{CLAIM} {RISK} {ADVICE}</p>", []),
    (f"<nav><a href=a>Botox</a><ul><li>Botox<li>Botox</ul></nav><p>{CLAIM} {RISK} {ADVICE}</p>", []),
    (f"<footer><p>Botox</p></footer><p>{CLAIM} {RISK} {ADVICE}</p><p>Botox here.</p>", []),
]


@pytest.mark.parametrize(("text", "owed"), OWED, ids=[text for text, _ in OWED])
def test_rules_of_the_page_are_judged_on_its_own_content(lint_text: LintText, text: str, owed: list[str]) -> None:
    """Claims and subjects of the chrome are not the page's, but what a footer tells its readers they are told."""
    findings = lint_text(text, "page.html").findings
    assert [each.code for each in findings if each.category == "disclosure"] == owed


@pytest.mark.parametrize("around", ["<nav>{}</nav>", "<footer>{}</footer>", "<div id=onetrust-banner-sdk>{}</div>"])
def test_claims_in_the_chrome_are_reported(lint_text: LintText, around: str) -> None:
    """Chrome is copy: patients read it on every page."""
    assert [each.code for each in lint_text(around.format(CLAIM), "page.html").findings] == ["CUR001"]


def test_the_pages_own_offer_comes_before_that_of_the_chrome(lint_text: LintText) -> None:
    """Of an off-label offer that stands in both, the page's own is reported and the menu repeats it."""
    text = "<nav>Botox for depression.</nav>\n<p>Botox for depression.</p>"
    found = [
        (each.start.line, each.code) for each in lint_text(text, "x.html").findings if each.category != "disclosure"
    ]
    assert [line for line, _ in found] == [2]
