"""Where the negation is the claim: "no side effects" is one, and "we do not say no side effects" is not."""

from __future__ import annotations

import pytest

from conftest import LintText

STANDS, EXCUSED, NONE = "stands", "excused", "none"

# What becomes of a claim that is made by a denial: of the safety, guarantee, discouragement … rules.
TABLE = [
    # the denial is the claim
    ("Fillers with no side effects.", "SAF", STANDS),
    ("There are no side effects.", "SAF", STANDS),
    ("Our peel is free of side effects.", "SAF", STANDS),
    ("Zero side effects.", "SAF", STANDS),
    ("Veneers without any risk.", "SAF", STANDS),
    ("A risk-free lift.", "SAF", STANDS),
    ("Pain-free veins.", "SAF", STANDS),
    ("It does not hurt.", "SAF", STANDS),
    ("You won't feel a thing.", "SAF", STANDS),
    ("No needles, no pain, no side effects.", "SAF", STANDS),
    ("Not one patient has had a side effect.", "SAF", STANDS),
    ("Our laser never fails.", "GUA", STANDS),
    ("It can't fail.", "GUA", STANDS),
    ("Nobody leaves us disappointed.", "GUA", STANDS),
    ("Never without results.", "GUA", STANDS),
    ("No ifs, no buts: it works.", "GUA", STANDS),
    ("You don't need antidepressants any more.", "DIS", STANDS),
    ("Avoid surgery altogether.", "DIS", STANDS),
    ("No prescription needed.", "DIS", STANDS),
    ("Nothing works better for veins.", "CMP", STANDS),
    ("There is no better clinic in Leeds.", "CMP", STANDS),
    ("No downtime.", "SAF", STANDS),
    ("No diet, no exercise: the weight just goes.", "WGT", STANDS),
    ("No infections in 4,000 operations.", "STA", STANDS),
    # the denial is itself denied, asked, supposed or reported
    ("We never say that there are no side effects.", "SAF", EXCUSED),
    ("No treatment is free of side effects.", "SAF", NONE),
    ("It is not true that there are no side effects.", "SAF", EXCUSED),
    ("Are there no side effects?", "SAF", EXCUSED),
    ("Ask whether it really has no side effects.", "SAF", EXCUSED),
    ("Beware of clinics that promise no side effects.", "SAF", EXCUSED),
    ("It is a myth that peels have no side effects.", "SAF", EXCUSED),
    ("Nobody can promise that the laser never fails.", "GUA", EXCUSED),
    ("Do not believe that the laser never fails.", "GUA", EXCUSED),
    ("Delete “no side effects” from the flyer.", "SAF", EXCUSED),
    ("We cannot promise that you will not need surgery.", "DIS", EXCUSED),
    # look-alikes that claim nothing, or the opposite
    ("Side effects are common.", "SAF", NONE),
    ("You may have side effects.", "SAF", NONE),
    ("It hurts for a day.", "SAF", NONE),
    ("There is no parking.", "SAF", NONE),
    ("It fails in one of ten people.", "GUA", NONE),
    ("Do not stop your antidepressants.", "DIS", NONE),
    ("You need a prescription.", "DIS", NONE),
]


@pytest.mark.parametrize(("line", "codes", "outcome"), TABLE, ids=[line for line, _, _ in TABLE])
def test_polarity(lint_text: LintText, line: str, codes: str, outcome: str) -> None:
    """A claim that a denial makes stands, unless another denial, a question or a reporter takes it back."""
    lint = lint_text(line, "x.txt", (codes,))
    found = STANDS if lint.findings else EXCUSED if lint.excused else NONE
    assert found == outcome
