"""What a page as a whole owes its reader: which pages, because of which claim, and what lets it off."""

from __future__ import annotations

import pytest

from conftest import LintText
from medlint.linter import Linter
from medlint.readers import format_for, read_text
from medlint.rule import Rulebook

CURE = "Our laser cures eczema."

# Pages with the page rules they break, and the line each is reported at.
TABLE = [
    # pages without a treatment claim owe nothing
    ("## Contact\n\nWe open at nine. Parking is free.", {}),
    ("## Privacy\n\nWe keep your data for two years.", {}),
    ("## Careers\n\nWe are looking for a nurse.", {}),
    ("## Prices\n\n| Botox | $300 |\n| --- | --- |\n| Filler | $500 |", {}),
    ("## Prices\n\nSemaglutide: $99. Ketamine: $400. Supplements: $20.", {}),
    ("There is no cure for eczema.", {}),
    ("Does the laser cure eczema?", {}),
    # risks
    (CURE, {"DOC001": 1, "DOC004": 1}),
    (f"We open at nine.\n\n{CURE}\n\n{CURE}", {"DOC001": 3, "DOC004": 3}),
    (f"{CURE}\n\nRedness and scarring can follow.", {"DOC004": 1}),
    (f"Redness and scarring can follow.\n\n{CURE}", {"DOC004": 3}),
    (f"{CURE} There is no scarring.", {"DOC001": 1, "DOC004": 1}),
    (f"{CURE} Is there scarring?", {"DOC001": 1, "DOC004": 1}),
    (f"{CURE} Ask us about risks.", {"DOC001": 1, "DOC004": 1}),
    # advice to consult
    (f"{CURE} Talk to your doctor first.", {"DOC001": 1}),
    (f"{CURE} Ask your GP whether it suits you.", {"DOC001": 1}),
    (f"{CURE} Scarring can follow. Talk to your doctor first.", {}),
    # pages for professionals owe no advice to consult, but still the risks
    (f"For healthcare professionals only.\n\n{CURE}", {"DOC001": 3}),
    (f"This page is intended for UK healthcare professionals.\n\n{CURE}", {"DOC001": 3}),
    (f"{CURE}\n\nNot for members of the public.", {"DOC001": 1}),
    (f"I confirm that I am a registered healthcare professional.\n\n{CURE}", {"DOC001": 3}),
    (f"Our healthcare professionals are here for you.\n\n{CURE}", {"DOC001": 3, "DOC004": 3}),
    (f"Healthcare professionals like us.\n\n{CURE}", {"DOC001": 3, "DOC004": 3}),
    # off-label status
    (
        "Ketamine infusions for depression. Sedation and nausea can follow. Talk to your doctor first.",
        {"DOC002": 1},
    ),
    (
        "Ketamine infusions for depression, an off-label use. Sedation and nausea can follow. Talk to your doctor first.",
        {},
    ),
    # results vary
    ("See our before-and-after gallery.", {"DOC003": 1}),
    ("See our before-and-after gallery. Results vary from person to person.", {}),
    # a boxed warning: for a page about the drug, at the claim about it
    ("Semaglutide is completely safe. Nausea can follow. Talk to your doctor first.", {"DOC005": 1}),
    ("Semaglutide is completely safe. Its label warns of thyroid tumors. Talk to your doctor first.", {}),
    (f"{CURE} Scarring can follow. Talk to your doctor first.\n\nWe also stock Botox.", {}),
    (f"## Botox\n\n{CURE} Scarring can follow. Talk to your doctor first.", {"DOC005": 3}),
    (
        f"{CURE} Scarring can follow. Talk to your doctor first.\n\nBotox here.\n\nBotox there.",
        {"DOC005": 1},
    ),
    (
        f"{CURE} Scarring can follow. Talk to your doctor first.\n\nBotox is perfectly safe.",
        {"DOC005": 3},
    ),
    # supplements
    ("Our capsules cure eczema. A rash can follow. Talk to your doctor first.", {"DOC006": 1}),
    (
        "Our capsules cure eczema. A rash can follow. Talk to your doctor first. "
        "These statements have not been evaluated by the Food and Drug Administration.",
        {},
    ),
    (f"{CURE} Scarring can follow. Talk to your doctor first. We sell capsules.\n\nCall us.", {"DOC006": 1}),
    (f"{CURE} Scarring can follow. Talk to your doctor first.\n\nWe sell capsules.", {}),
]


@pytest.fixture(scope="module")
def linter(rulebook: Rulebook) -> Linter:
    """All American rules: those of the page rest on the others."""
    return Linter(rulebook.selected(jurisdictions=("us",)))


@pytest.mark.parametrize(("page", "owed"), TABLE, ids=[page for page, _ in TABLE])
def test_what_a_page_owes(linter: Linter, page: str, owed: dict[str, int]) -> None:
    """Each page rule reports once, at the line of the claim that made it necessary."""
    format = format_for("x.md")
    assert format is not None
    findings = linter.lint(read_text("x.md", page, format)).findings
    assert [(each.code, each.start.line) for each in findings if each.category == "disclosure"] == list(owed.items())


TO_THE_PUBLIC = [
    ("Ask us about Botox, from £200.", True),
    ("For healthcare professionals only.\n\nAsk us about Botox, from £200.", False),
    ("Ask us about Botox, from £200.\n\nThis site is for prescribers only.", False),
    ("Our healthcare professionals are kind.\n\nAsk us about Botox, from £200.", True),
]


@pytest.mark.parametrize(("page", "found"), TO_THE_PUBLIC, ids=[page for page, _ in TO_THE_PUBLIC])
def test_prescription_medicines_may_be_named_to_professionals(rulebook: Rulebook, page: str, found: bool) -> None:
    """In the UK a prescription-only medicine may not be advertised to the public; a page for professionals is none."""
    format = format_for("x.md")
    assert format is not None
    british = Linter(rulebook.selected(select=("REG032", "REG033"), jurisdictions=("uk",)), jurisdictions=("uk",))
    lint = british.lint(read_text("x.md", page, format))
    assert bool(lint.findings) is found
    assert found or {each.reason for each in lint.excused} == {"readers named"}


def test_a_claim_in_the_title_counts(lint_text: LintText) -> None:
    """A page rule is reported at the title when the title makes the first claim."""
    findings = lint_text("<title>Our laser cures eczema</title>\n<p>Call us.</p>", "x.html").findings
    assert ("DOC001", 1) in [(each.code, each.start.line) for each in findings]
