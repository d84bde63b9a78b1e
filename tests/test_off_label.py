"""Drugs and devices offered for uses they are not approved for, under brand, generic and misspelt names."""

from __future__ import annotations

import pytest

from conftest import LintText
from medlint.linter import Linter, SuppressionSettings
from medlint.readers import format_for, read_text
from medlint.rule import Rulebook

FOUND, SILENT = True, False

TABLE = [
    # the use is not approved
    ("Botox for depression.", FOUND),
    ("Botox lifts depression.", FOUND),
    ("Beat depression with Botox.", FOUND),
    ("Low mood: try Botox.", FOUND),
    ("#Botox for #depression", FOUND),
    ("Depression? Botox for depression is here.", FOUND),
    ("BOTOX® for teeth grinding", FOUND),
    ("Botoks for TMJ pain", FOUND),
    ("Dysport for jaw slimming", FOUND),
    ("Botulinum toxin for sweaty palms", FOUND),
    ("OnabotulinumtoxinA for tension headaches", FOUND),
    ("Masseter Botox from $300", FOUND),
    ("A Botox lip flip in ten minutes", FOUND),
    ("Ketamine infusions for depression, six days a week.", FOUND),
    ("Ketamine for anxiety", FOUND),
    ("IV ketamine lifts PTSD.", FOUND),
    ("Spravato for anxiety", FOUND),
    ("Ozempic for weight loss", FOUND),
    ("Ozempick for weight loss", FOUND),
    ("Lose weight with Ozempic.", FOUND),
    ("#ozempic for #weightloss", FOUND),
    ("Compounded semaglutide for weight loss", FOUND),
    ("Compounded semaglutide: the same active ingredient as Wegovy.", FOUND),
    ("Testosterone pellets for energy and libido in women", FOUND),
    ("Stem-cell injections for arthritis", FOUND),
    ("Exosomes for hair loss", FOUND),
    ("Hyperbaric oxygen for autism", FOUND),
    ("NAD+ drips for anxiety", FOUND),
    ("Ivermectin for long covid", FOUND),
    ("Botox for chronic migraine and for depression", FOUND),
    # the use is approved
    ("Botox for chronic migraine", SILENT),
    ("Botox for frown lines", SILENT),
    ("Botox for severe underarm sweating", SILENT),
    ("Botox for overactive bladder", SILENT),
    ("Wegovy for weight management", SILENT),
    ("Zepbound for weight loss", SILENT),
    ("Spravato for treatment-resistant depression", SILENT),
    ("Ozempic for type 2 diabetes", SILENT),
    ("Dysport smooths frown lines.", SILENT),
    ("Juvederm for fuller cheeks", SILENT),
    # disclosed, at the claim or anywhere on the page
    ("Botox for depression is off-label.", SILENT),
    ("Botox is not approved for depression.", SILENT),
    ("Botox for depression is an unlicensed use.", SILENT),
    ("Ketamine infusions for depression (an unapproved use of an anesthetic)", SILENT),
    ("Ketamine infusions for depression.\n\nThis use is off-label.", SILENT),
    ("This use is off-label.\n\nKetamine infusions for depression.", SILENT),
    # nothing is offered
    ("Can Botox help depression?", SILENT),
    ("Botox does not treat depression.", SILENT),
    ("We do not offer Botox for depression.", SILENT),
    ("Beware of clinics that sell Botox for depression.", SILENT),
    ("Tell us if you take ketamine or have depression.", SILENT),
    ("Trials are testing Botox for depression.", SILENT),
]


@pytest.mark.parametrize(("line", "found"), TABLE, ids=[line for line, _ in TABLE])
def test_off_label_use(lint_text: LintText, line: str, found: bool) -> None:
    """An unapproved use is found unless the page discloses it; an approved one is left alone."""
    assert bool(lint_text(line, "x.md", ("REG",)).findings) is found


REPEATED = [
    ("Botox for depression. Botox for depression.", ["1:1"]),
    ("Botox for depression.\n\nBotox lifts depression.\n\n## Botox for depression", ["1:1"]),
    ("Dysport for depression.\n\nBotulinum toxin for depression.", ["1:1"]),  # one drug by two names
    ("Botox for depression.\n\nBotox for sweaty palms.", ["1:1", "3:1"]),  # two uses
    ("Botox for depression.\n\nKetamine for depression.", ["1:1", "3:1"]),  # two drugs
    ("Botox for depression.\n\nBotox for depression and sweaty palms.", ["1:1", "3:1"]),  # a use that is new
    ("Masseter Botox.\n\nMasseter Botox.\n\nA Botox lip flip.", ["1:1", "5:3"]),
    ("Ozempic for weight loss.\n\nOzempic for weight loss.\n\nOzempic for #weightloss.", ["1:1", "5:1"]),
    ("Can Botox help depression?\n\nBotox for depression.\n\nBotox for depression.", ["3:1"]),
]


@pytest.mark.parametrize(("page", "places"), REPEATED, ids=[page for page, _ in REPEATED])
def test_once_per_drug_and_use(lint_text: LintText, page: str, places: list[str]) -> None:
    """A use is reported at its first claim on the page, and once more for another drug or use."""
    findings = lint_text(page, "x.md", ("REG",)).findings
    assert [f"{each.start.line}:{each.start.column}" for each in findings] == places


def test_a_repeat_points_at_the_claim_that_is_reported(lint_text: LintText) -> None:
    """The audit lists later places with the first."""
    excused = lint_text("Botox for depression.\n\nBotox lifts depression.", "x.md", ("REG",)).excused
    assert [(each.start.line, each.text, each.reason, each.ground.start.line) for each in excused] == [
        (3, "Botox lifts depression", "same claim", 1)
    ]


def test_an_accepted_claim_hides_no_later_one(rulebook: Rulebook) -> None:
    """Where a comment accepts the first claim, the next is reported; where it accepts the next, it did something."""
    format = format_for("x.md")
    assert format is not None
    linter = Linter(
        rulebook.selected(select=("REG", "SUP"), jurisdictions=("us",)),
        suppressions=SuppressionSettings(is_known=rulebook.has),
    )
    accepted = "<!-- medlint: ignore[REG013] quoted from a letter -->\nBotox for depression."
    claim = "Botox lifts depression."
    for page, lines in ((f"{accepted}\n\n{claim}\n\n{claim}", [4]), (f"{claim}\n\n{accepted}", [1])):
        findings = linter.lint(read_text("x.md", page, format)).findings
        assert [(each.code, each.start.line) for each in findings] == [("REG013", line) for line in lines]
