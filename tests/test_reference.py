"""The reference pages: those in docs/rules are the generated ones, and they say what the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from medlint.finding import Citation, Severity
from medlint.readers import format_for, read_text
from medlint.reference import reference_pages
from medlint.rule import CATEGORIES, Rule, Rulebook

KEPT = Path(__file__).parents[1] / "docs" / "rules"
NAMES = ["README.md", *(f"{slug}.md" for slug in CATEGORIES.values())]


@pytest.fixture(scope="module")
def pages(rulebook: Rulebook) -> Mapping[str, str]:
    """The pages of the bundled rules."""
    return reference_pages(rulebook.rules)


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_the_generated_one(name: str, pages: Mapping[str, str]) -> None:
    """A page in docs/rules is what the rules generate; otherwise run `medlint rules --reference docs/rules`."""
    assert (KEPT / name).read_text("utf-8").splitlines() == pages[name].splitlines(), (
        "run: medlint rules --reference docs/rules"
    )


def test_there_is_a_page_for_each_category(pages: Mapping[str, str]) -> None:
    """The folder holds a page for each category and their list, and nothing else."""
    assert sorted(path.name for path in KEPT.iterdir()) == sorted(pages) == sorted(NAMES)


def prose_of(page: str) -> list[str]:
    """The blocks of a Markdown page as its reader sees them."""
    markdown = format_for("page.md")
    assert markdown is not None
    return [block.prose.text for block in read_text("page.md", page, markdown).blocks]


@pytest.mark.parametrize("slug", CATEGORIES.values())
def test_a_page_says_what_its_rules_say(slug: str, pages: Mapping[str, str], rulebook: Rulebook) -> None:
    """Every example, reason and source of a rule stands on its page as written, no sign of it lost to Markdown."""
    shown = "\n".join(prose_of(pages[f"{slug}.md"]))
    for rule in rulebook.rules:
        if rule.category == slug:
            lines = [*rule.bad, *rule.good, *rule.todo_bad, *rule.todo_good, rule.why, rule.instead]
            lines += [citation.cite for citation in (*rule.sources, *rule.precedent)]
            assert [line for line in lines if line not in shown] == []


SMALL = Rule(
    code="HYP901",
    name="wonder-word",
    category="hype",
    severity={"default": Severity.WARNING, "uk": Severity.ERROR, "ie": Severity.ERROR},
    match=("miracle",),
    message='The page says "{match}" *twice*.',
    why="It is <b>no</b> wonder.",
    instead="Say what was [measured].",
    sources=(Citation("Act, s 3", "https://law.example/act_(2020)", "uk"), Citation("Code_of *practice*", checked=False)),
    precedent=(Citation("A case", "https://law.example/case", "", False),),
    bad=("1. A miracle.", "- 30% off miracles", "#miracle & `more`"),
    good=("A | treatment.", "2) B ~~miracle~~", "+ C_d_"),
    todo_good=("Miracle Street &amp; sons",),
    jurisdictions=("uk", "ie"),
    tier="pedantic",
    path="/somewhere/house.yml",
)  # fmt: skip


def test_a_page_shows_all_of_a_rule() -> None:
    """A page as its reader sees it, marks of Markdown in the rule included, and unread sources marked."""
    assert prose_of(reference_pages([SMALL])["hype.md"]) == [
        "Hype",
        "HYP901 wonder-word: warning, error in uk, ie; holds in uk, ie; pedantic (off unless asked for)",
        "HYP901 wonder-word",
        "warning, error in uk, ie; holds in uk, ie; pedantic (off unless asked for) ·",
        "The page says the phrase *twice*.",
        "It is <b>no</b> wonder.",
        "Instead: Say what was [measured].",
        "Flagged",
        "1. A miracle.",
        "- 30% off miracles",
        "#miracle & `more`",
        "Left alone",
        "A | treatment.",
        "2) B ~~miracle~~",
        "+ C_d_",
        "Flagged in error so far",
        "Miracle Street &amp; sons",
        "Sources",
        "uk: Act, s 3",
        "Code_of *practice* (not checked at its source)",
        "Precedent",
        "A case (not checked at its source)",
    ]


def test_links_lead_somewhere() -> None:
    """The list of pages links to each page, a page to each of its rules, a source to its address."""
    pages = reference_pages([SMALL])
    assert "| [hype](hype.md) | HYP | 1 |" in pages["README.md"]
    assert "[HYP901](#hyp901-wonder-word)" in pages["hype.md"]
    assert "[Act, s 3](<https://law.example/act_(2020)>)" in pages["hype.md"]


def test_only_categories_with_rules_get_a_page() -> None:
    """A selection of rules makes pages for its categories only."""
    assert list(reference_pages([SMALL])) == ["README.md", "hype.md"]
    assert list(reference_pages([])) == ["README.md"]
