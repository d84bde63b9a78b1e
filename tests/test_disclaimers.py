"""A false alarm on a disclaimer is the worst thing that medlint can do: sentences that claim nothing stay unflagged."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from conftest import LintText

CONDITIONS = (
    "psoriasis", "tinnitus", "migraine", "depression", "endometriosis", "hair loss", "back pain", "cancer", "dementia",
    "sleep apnoea", "infertility", "high blood pressure", "acne",
)  # fmt: skip
TREATMENTS = (
    "our laser", "Botox", "acupuncture", "the supplement", "semaglutide", "hypnotherapy", "CBD oil", "ketamine", "PRP",
    "the device", "our programme",
)  # fmt: skip
ROUNDS = range(3)
LINES = (Path(__file__).parent / "labelled" / "disclaimers.txt").read_text("utf-8").splitlines()
FRAMES = [line for line in LINES if line and not line.startswith("#")]


def filled(frame: str, number: int) -> str:
    """The frame with the condition and the treatment whose turn it is."""
    condition, treatment = CONDITIONS[number % len(CONDITIONS)], TREATMENTS[number % len(TREATMENTS)]
    return frame.format(
        condition=condition,
        Condition=condition[0].upper() + condition[1:],
        treatment=treatment,
        Treatment=treatment[0].upper() + treatment[1:],
    )


@pytest.mark.parametrize("round", ROUNDS)
def test_what_claims_nothing_is_not_flagged(lint_text: LintText, round: int) -> None:
    """Each sentence stands in a paragraph of its own, so that none is judged by its neighbours."""
    numbers = count(round * len(FRAMES))
    text = "\n\n".join(filled(frame, next(numbers)) for frame in FRAMES)
    findings = lint_text(text, "x.txt").findings
    lines = text.splitlines()
    assert [(each.code, lines[each.start.line - 1]) for each in findings if each.category != "disclosure"] == []
