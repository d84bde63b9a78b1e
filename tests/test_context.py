"""Judging in context: tables of lines with what becomes of the claim in them."""

from __future__ import annotations

import pytest

from conftest import LintText

ASSERTED = "asserted"

# The claim is "cures migraine" or a form of it (CUR…); what a reader is told about it is on the right.
ASSERTIONS = [
    ("Our laser cures migraine.", ASSERTED),
    ("Migraine, cured in a week.", ASSERTED),
    ("We can cure your migraine.", ASSERTED),
    # negated
    ("Our laser does not cure migraine.", "negated"),
    ("Our laser doesn't cure migraine.", "negated"),
    ("Our laser won’t cure your migraine.", "negated"),
    ("Botox is not a cure for migraine.", "negated"),
    ("It isn't a cure for migraine.", "negated"),
    ("There is no cure for migraine.", "negated"),
    ("No treatment can cure migraine.", "negated"),
    ("Nobody has yet found a cure for migraine.", "negated"),
    ("No one can cure migraine with a needle.", "negated"),
    ("None of our treatments cures migraine.", "negated"),
    ("We have never cured migraine.", "negated"),
    ("We cannot, in honesty, cure migraine.", "negated"),
    ("It does not cure, treat or prevent migraine.", "negated"),
    ("Neither drops nor tablets cure migraine.", "negated"),
    ("It is far from a cure for migraine.", "negated"),
    ("It eases migraine without curing migraine.", "negated"),
    ("A cure for migraine has yet to be found.", "negated"),
    ("A cure for migraine does not exist.", "negated"),
    ("A cure for migraine is not possible.", "negated"),
    ("A cure for migraine cannot be promised.", "negated"),
    ("A cure for migraine is a myth.", "reported"),
    ("Sadly, no such cure for migraine exists.", "negated"),
    ("There is no such thing as a cure for migraine.", "negated"),
    ("What this course cannot do: cure migraine.", "negated"),
    # look-alikes of negation
    ("It does not only ease but cures migraine.", ASSERTED),
    ("Not just relief: our laser cures migraine.", ASSERTED),
    ("No doubt about it, our laser cures migraine.", ASSERTED),
    ("No wonder our laser cures migraine.", ASSERTED),
    ("Nothing works better, and it cures migraine.", ASSERTED),
    ("It never fails: it cures migraine.", ASSERTED),
    ("Don't wait, cure your migraine today.", ASSERTED),
    ("Our laser cannot fail to cure migraine.", ASSERTED),
    ("Why not cure your migraine this month?", ASSERTED),
    ("It is not without reason that our laser cures migraine.", ASSERTED),
    # scope
    ("It is not a pill; it cures migraine.", ASSERTED),
    ("It is not a pill, it cures migraine.", ASSERTED),
    ("It is not a pill but a laser that cures migraine.", ASSERTED),
    ("No pills: our laser cures migraine.", ASSERTED),
    ("Without pills, our laser cures migraine.", ASSERTED),
    ("Our laser cures migraine without a single pill.", ASSERTED),
    ("You do not need tablets because our laser cures migraine.", ASSERTED),
    ("It is not cheap. It cures migraine.", ASSERTED),
    ("It cures migraine. It does not hurt.", ASSERTED),
    # questions
    ("Can migraine be cured?", "question"),
    ("Does it cure migraine?", "question"),
    ("Is there a cure for migraine?", "question"),
    ("Will the laser cure my migraine?", "question"),
    ("Which treatment cures migraine?", "question"),
    ("Why does our laser cure migraine?", ASSERTED),
    ("Did you know that our laser cures migraine?", ASSERTED),
    ("Ready to cure your migraine?", ASSERTED),
    ("Is there a cure for migraine? Yes, here.", ASSERTED),
    ("Is there a cure for migraine? No.", "reported"),
    ("Our laser cures migraine, so why wait?", ASSERTED),
    # suppositions
    ("If it cures migraine, we will say so.", "hypothetical"),
    ("Ask whether it cures migraine.", "hypothetical"),
    ("Unless it cures migraine we shall stop.", "hypothetical"),
    ("If you want to cure your migraine, call us.", ASSERTED),
    ("If tablets fail, our laser cures migraine.", ASSERTED),
    # reported by others
    ("Beware of clinics that promise to cure migraine.", "reported"),
    ("Be wary of anyone who says he cures migraine.", "reported"),
    ("Some websites claim that magnets cure migraine.", "reported"),
    ("You may have read that magnets cure migraine.", "reported"),
    ("Myth: magnets cure migraine.", "reported"),
    ("It is a myth that magnets cure migraine.", "reported"),
    ("Contrary to the advert, it cures migraine for nobody.", "reported"),
    ("We avoid phrases such as cures migraine.", "reported"),
    ("“Cures migraine!” ran the advert.", "reported"),
    ("Never say that we cure migraine.", "reported"),
    ("Delete “cures migraine” from the flyer.", "reported"),
    ("According to a flyer, turmeric cures migraine.", "reported"),
    ("Researchers are looking for a cure for migraine.", "reported"),
    ("Other clinics promise much, but our laser cures migraine.", ASSERTED),
]


@pytest.mark.parametrize(("line", "assertion"), ASSERTIONS, ids=[line for line, _ in ASSERTIONS])
def test_assertion(lint_text: LintText, line: str, assertion: str) -> None:
    """A claim stands unless the clause it is in takes it back."""
    lint = lint_text(line, codes=("CUR",))
    reasons = {excused.reason for excused in lint.excused}
    assert (bool(lint.findings), reasons) == (
        (True, reasons) if assertion == ASSERTED else (False, {assertion} | reasons)
    )
    assert assertion == ASSERTED or assertion in reasons


BLOCK_KINDS = {
    "paragraph": ("x.md", "{}"),
    "heading": ("x.md", "## {}"),
    "item": ("x.md", "- {}\n- Parking is free."),
    "cell": ("x.md", "| Note |\n| --- |\n| {} |"),
    "quote": ("x.md", "> {}"),
    "html paragraph": ("x.html", "<p>{}</p>"),
    "alt": ("x.html", '<img src="a.png" alt="{}">'),
    "description": ("x.html", '<meta name="description" content="{}">'),
    "text": ("x.txt", "{}"),
}


@pytest.mark.parametrize("kind", BLOCK_KINDS)
def test_only_the_claim_is_reported_in_every_block(lint_text: LintText, kind: str) -> None:
    """Of "X is not a cure; it cures Y" the first half is excused and the second reported, wherever it stands."""
    name, form = BLOCK_KINDS[kind]
    lint = lint_text(form.format("Botox is not a cure for gout; it cures migraine."), name, ("CUR001",))
    assert [finding.text for finding in lint.findings] == ["cures migraine"]


@pytest.mark.parametrize("name", ["x.md", "x.txt"])
def test_wrapping_changes_nothing(lint_text: LintText, name: str) -> None:
    """The same line wrapped at 40 columns gives the same finding."""
    lint = lint_text(
        "As every leaflet says, Botox is not a\ncure for gout at all, so much is sure;\nin our hands it cures\nmigraine.\n",
        name,
        ("CUR001",),
    )
    assert [finding.text for finding in lint.findings] == ["cures migraine"]


# A figure with what stands near it: full (excused), half (info), none (reported).
SOURCES = [
    ("Pain fell by 47% in a week.", "none"),
    ("Pain fell by 47% (Moreau et al., 2021).", "full"),
    ("Pain fell by 47% (Brandt and Oyelaran, 2021).", "full"),
    ("Pain fell by 47% (Moreau & Finn 2021).", "full"),
    ("Moreau (2021) found that pain fell by 47%.", "full"),
    ("In the Larsen trial (2022, n = 214), pain fell by 47%.", "full"),
    ("Pain fell by 47% (doi 10.1016/j.jbi.2009.05.002).", "full"),
    ("Pain fell by 47% (PMID 19435614).", "full"),
    ("Pain fell by 47% in NCT01234567.", "full"),
    ("Pain fell by 47% (Lancet, 2020).", "full"),
    ("Pain fell by 47%, according to the CDC in 2021.", "full"),
    ("Pain fell by 47% (product leaflet of Alder, March 2023).", "full"),
    ("Pain fell by 47%. The figure comes from table 4 of the 2023 National Pain Audit.", "full"),
    ("Pain fell by 47%.\n\nSource: Moreau et al., 2021.", "full"),
    ("Pain fell by 47%, according to the CDC.", "half"),
    ("Pain fell by 47%, says Johns Hopkins.", "half"),
    ("Pain fell by 47% in our own 2023 survey.", "none"),
    ("Pain fell by 47% in a recent study.", "none"),
    ("Pain fell by 47%, says Dr Hale.", "none"),
    ("Pain fell by 47% in March 2021.", "none"),
    ("Pain fell by 47% since 2019.", "none"),
    ("Pain fell by 47%. Moreau et al. wrote about sleep in 2021.", "none"),
]
MARKED_SOURCES = [
    ("Pain fell by [47%](https://example.org/study).", "full"),
    ("Pain fell by 47% ([study](https://example.org/study)).", "full"),
    ("Pain fell by 47%. [Book now](https://example.org/book)", "none"),
    ("Pain fell by [47%](/book-now).", "none"),
    ("[Home](/) Pain fell by 47%.", "none"),
    ("Pain fell by 47%.[^1]\n\n[^1]: Moreau P. Pain. 2021.", "full"),
    ("Pain fell by 47%.[^2]\n\n[^1]: Moreau P. Pain. 2021.", "none"),
    ("Pain fell by 47%.\n\n## References\n\n1. Moreau P. Pain. 2021.", "none"),
    ("Pain fell by 47% [1].\n\n## References\n\n1. Moreau P. Pain. 2021.", "full"),
    ("| Change | Source |\n| --- | --- |\n| Pain fell by 47% | Moreau et al., 2021 |", "full"),
    ("| Change | Source |\n| --- | --- |\n| Pain fell by 47% | our notes |", "none"),
]


@pytest.mark.parametrize(("line", "source"), SOURCES, ids=[line for line, _ in SOURCES])
def test_source_in_text(lint_text: LintText, line: str, source: str) -> None:
    """A figure is excused by a source a reader can follow, softened by half of one."""
    assert source_found(lint_text, line, "x.txt") == source


@pytest.mark.parametrize(("line", "source"), MARKED_SOURCES, ids=[line for line, _ in MARKED_SOURCES])
def test_source_in_markup(lint_text: LintText, line: str, source: str) -> None:
    """Links elsewhere, footnotes that resolve and reference marks are sources; navigation is not."""
    assert source_found(lint_text, line, "x.md") == source


def source_found(lint_text: LintText, line: str, name: str) -> str:
    lint = lint_text(line, name, ("STA",))
    if not lint.findings:
        assert {excused.reason for excused in lint.excused} == {"source"}
        return "full"
    return "half" if lint.findings[0].severity.value == "info" else "none"


# "relatively safe" with what stands near it.
RISKS = [
    ("Dysport is relatively safe.", "reported"),
    ("Dysport is relatively safe, though bruising is common.", "excused"),
    ("Dysport is relatively safe. Bruising and a drooping eyelid can follow.", "excused"),
    ("Dysport is relatively safe. Risks exist; ask us.", "reported"),
    ("Dysport is relatively safe. There is no bruising.", "reported"),
    ("Dysport is relatively safe. Side effects are rare.", "reported"),
    ("Dysport is relatively safe. Is bruising common?", "reported"),
    ("Dysport is relatively safe.\n\nWe open at nine.\n\nBruising can follow.", "softened"),
    ("Dysport is relatively safe. The possible harms are:\n\n- bruising\n- infection", "excused"),
    ("- Dysport is relatively safe\n- Bruising can follow", "excused"),
    ("Dysport is completely safe, though bruising is common.", "reported"),
    ("Dysport is 100% safe. Bruising can follow.", "reported"),
    ("Dysport has no side effects. Bruising can follow.", "reported"),
    ("Dysport is not relatively safe.", "excused"),
    ("Is Dysport relatively safe?", "excused"),
]


@pytest.mark.parametrize(("line", "outcome"), RISKS, ids=[line for line, _ in RISKS])
def test_risk_nearby(lint_text: LintText, line: str, outcome: str) -> None:
    """A harm in the same paragraph excuses a relative word, elsewhere it softens; an absolute word is never excused."""
    findings = lint_text(line, "x.md", ("SAF",)).findings
    found = "excused" if not findings else "softened" if findings[0].related else "reported"
    assert found == outcome


def test_softened_finding_points_at_what_softened_it(lint_text: LintText) -> None:
    """The finding says where the risk stands."""
    (finding,) = lint_text(
        "Dysport is relatively safe.\n\nWe open at nine.\n\nBruising can follow.", "x.md", ("SAF",)
    ).findings
    assert [(related.start.line, related.text) for related in finding.related] == [(5, "Bruising")]
