"""Harms named beside a safety claim, elsewhere on the page, or not at all."""

from __future__ import annotations

from collections import Counter

import pytest

from conftest import LintText
from medlint.assertion import Cues
from medlint.sentences import Tokens

REPORTED, SOFTENED, EXCUSED = "reported", "softened", "excused"

# "relatively safe" with what stands near it.
TABLE = [
    ("Dysport is relatively safe.", REPORTED),
    # a concrete harm in the same paragraph
    ("Dysport is relatively safe, though bruising is common.", EXCUSED),
    ("Dysport is relatively safe; expect a headache, a bruise or a drooping eyelid.", EXCUSED),
    ("Bruising can follow, but Dysport is relatively safe.", EXCUSED),
    ("Dysport is relatively safe. Bruising and a drooping eyelid can follow.", EXCUSED),
    ("Dysport is relatively safe. One in a hundred people gets an infection.", EXCUSED),
    ("Dysport is relatively safe. Rarely, haemorrhage follows.", EXCUSED),
    ("Dysport is relatively safe. Rarely, hemorrhage follows.", EXCUSED),
    # words that name no harm, or deny it
    ("Dysport is relatively safe. Risks exist; ask us.", REPORTED),
    ("Dysport is relatively safe. All treatments carry some risk.", REPORTED),
    ("Dysport is relatively safe. Side effects are rare.", REPORTED),
    ("Dysport is relatively safe. Side effects may occur; see our leaflet.", REPORTED),
    ("Dysport is relatively safe. There is no bruising.", REPORTED),
    ("Dysport is relatively safe. It leaves no swelling, bruising or scars.", REPORTED),
    ("Dysport is relatively safe. You will not get an infection.", REPORTED),
    ("Dysport is relatively safe. Is bruising common?", REPORTED),
    # harms of something else
    ("Dysport is relatively safe, unlike surgery, which can end in infection.", REPORTED),
    ("Dysport is relatively safe compared with a facelift and its infections.", REPORTED),
    ("Dysport is relatively safe rather than a cause of bruising.", REPORTED),
    ("Dysport is relatively safe: fewer than one in a hundred get an infection.", EXCUSED),
    ("Unlike a facelift, Dysport is relatively safe, though bruising is common.", EXCUSED),
    ("Compared with a facelift, bruising is short, and Dysport is relatively safe.", EXCUSED),
    # lists and tables are read as one
    ("Dysport is relatively safe. The possible harms are:\n\n- bruising\n- infection", EXCUSED),
    ("- Dysport is relatively safe\n- Bruising can follow", EXCUSED),
    ("- Bruising can follow\n- We open at nine\n- Dysport is relatively safe", EXCUSED),
    ("After bruising has settled:\n\n- Dysport is relatively safe\n- We open at nine", EXCUSED),
    ("| Dysport | Harms |\n| --- | --- |\n| relatively safe | bruising |", EXCUSED),
    ("| Dysport | Harms |\n| --- | --- |\n| relatively safe | none |\n\nCall us.", REPORTED),
    ("- Dysport is relatively safe\n- We open at nine", REPORTED),
    # another section softens
    ("Dysport is relatively safe.\n\nWe open at nine.\n\nBruising can follow.", SOFTENED),
    ("Bruising can follow.\n\nWe open at nine.\n\nDysport is relatively safe.", SOFTENED),
    ("Dysport is relatively safe.\n\n## Risks\n\nBruising can follow.", SOFTENED),
    ("- Dysport is relatively safe\n- We open at nine\n\n## Risks\n\n- bruising", SOFTENED),
    ("Dysport is relatively safe.\n\n## Risks\n\nThere is no bruising.", REPORTED),
    ("Dysport is relatively safe.\n\n## Is there bruising?\n\nAsk us.", REPORTED),
    # an absolute claim is never excused
    ("Dysport is completely safe, though bruising is common.", REPORTED),
    ("Dysport is 100% safe. Bruising can follow.", REPORTED),
    ("Dysport has no side effects. Bruising can follow.", REPORTED),
    ("Dysport is risk-free, apart from bruising.", REPORTED),
    ("Dysport is perfectly safe.\n\n## Risks\n\nBruising can follow.", REPORTED),
    ("Dysport cannot harm you. Bruising is common.", REPORTED),
    # no claim at all
    ("Dysport is not relatively safe.", EXCUSED),
    ("Is Dysport relatively safe?", EXCUSED),
]


@pytest.mark.parametrize(("line", "outcome"), TABLE, ids=[line for line, _ in TABLE])
def test_risk_nearby(lint_text: LintText, line: str, outcome: str) -> None:
    """A harm in the same paragraph excuses a relative word, elsewhere it softens; an absolute word is never excused."""
    findings = lint_text(line, "x.md", ("SAF",)).findings
    found = EXCUSED if not findings else SOFTENED if findings[0].related else REPORTED
    assert found == outcome


@pytest.mark.parametrize(
    ("page", "line", "text"),
    [
        ("Dysport is relatively safe.\n\nWe open at nine.\n\nBruising can follow.", 5, "Bruising"),
        ("Bruising can follow.\n\nWe open at nine.\n\nDysport is relatively safe.", 1, "Bruising"),
        ("Dysport is relatively safe.\n\n- nine\n- ten\n- a drooping eyelid", 5, "drooping eyelid"),
    ],
)
def test_softened_finding_points_at_what_softened_it(lint_text: LintText, page: str, line: int, text: str) -> None:
    """The finding says where the risk stands, and weighs less."""
    (finding,) = lint_text(page, "x.md", ("SAF",)).findings
    assert finding.severity.value == "info"
    assert [(related.start.line, related.text) for related in finding.related] == [(line, text)]


def test_excused_match_points_at_what_excused_it(lint_text: LintText) -> None:
    """The audit says where the risk stands."""
    excused = lint_text("Dysport is relatively safe. Bruising can follow.", "x.md", ("SAF002",)).excused
    assert [(each.reason, each.ground.text) for each in excused] == [("risk", "Bruising")]


def test_a_long_paragraph_is_searched_once_for_each_list(lint_text: LintText, monkeypatch: pytest.MonkeyPatch) -> None:
    """To look through it anew for each of its claims would take minutes where a page has no paragraphs."""
    looked: Counter[tuple[str, str]] = Counter()
    stand_in = Cues.stand_in

    def counted(self: Cues, name: str, tokens: Tokens) -> bool:
        looked[name, tokens.text] += 1
        return stand_in(self, name, tokens)

    monkeypatch.setattr(Cues, "stand_in", counted)
    findings = lint_text(" ".join(f"Cream {number} is safe and cures acne." for number in range(40))).findings
    assert len(findings) > 40
    assert set(looked.values()) == {1}
