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
NOUNS = (
    "injectable", "filler", "peel", "laser", "implant", "jab", "operation on the eye", "form of anaesthesia",
    "skin-tightening machine", "aligner", "thread lift", "medicine of this kind", "body-contouring technology", "veneer",
)  # fmt: skip
PREDICATES = (
    "is without risk", "is free of risk", "is risk-free", "is 100% safe", "is completely safe", "is harmless",
    "comes without side effects", "is ever entirely without complications", "is painless for everyone", "is scar-free",
    "can be guaranteed", "comes with zero risk", "has zero risk", "works for everyone", "lasts forever", "is foolproof",
    "gives instant results", "suits everyone", "can promise a result", "will stop ageing", "is without its drawbacks",
)  # fmt: skip
NONE_OF_THEM = (
    "No {noun} {predicate}.",
    "There is no {noun} that {predicate}.",
    "We know of no {noun} that {predicate}.",
)
CLAIMS = (
    "painless",
    "completely safe",
    "risk-free",
    "100% safe",
    "permanent",
    "guaranteed to work",
    "instant",
    "a cure",
    "free of side effects",
    "harmless",
    "suitable for everyone",
    "a quick fix for weight loss",
    "clinically proven",
    "the best treatment there is",
    "an alternative to your medicine",
    "FDA approved for this",
    "without downtime",
    "foolproof",
    "a substitute for chemotherapy",
)
DEEDS = (
    "cure tinnitus",
    "melt fat overnight",
    "reverse ageing",
    "work for everyone",
    "replace your tablets",
    "detox your liver",
    "make you look ten years younger",
    "give instant results",
    "stop hair loss for good",
    "boost your immune system",
    "guarantee a pregnancy",
    "take pain away for ever",
    "end depression",
    "wipe out acne scars",
    "grow hair back",
    "flush out toxins",
)
ROUNDS = range(3)


def frames_of(file: str) -> list[str]:
    """The lines of a labelled file that are no comments."""
    lines = (Path(__file__).parent / "labelled" / file).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


FRAMES = frames_of("disclaimers.txt")


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


@pytest.mark.parametrize("frame", NONE_OF_THEM)
def test_a_subject_that_is_none_denies_what_its_verb_says(lint_text: LintText, frame: str) -> None:
    """Whatever the noun: "No injectable is without risk" is the commonest warning of all."""
    lines = [frame.format(noun=noun, predicate=predicate) for noun in NOUNS for predicate in PREDICATES]
    findings = lint_text("\n\n".join(lines), "x.txt").findings
    assert [(each.code, lines[(each.start.line - 1) // 2]) for each in findings if each.category != "disclosure"] == []


@pytest.mark.parametrize(
    ("place", "claim"), [("claim", claim) for claim in CLAIMS] + [("deed", deed) for deed in DEEDS]
)
def test_what_is_denied_doubted_or_reported_is_not_flagged(lint_text: LintText, place: str, claim: str) -> None:
    """Each way to say that something is not so, with each claim."""
    lines = [frame.format(**{place: claim}) for frame in frames_of("disclaiming.txt") if f"{{{place}}}" in frame]
    findings = lint_text("\n\n".join(lines), "x.txt").findings
    assert [(each.code, lines[(each.start.line - 1) // 2]) for each in findings if each.category != "disclosure"] == []


@pytest.mark.parametrize(
    "line",
    [
        "No needles are used, and our laser is completely safe.",
        "No surgery is needed and it is 100% safe.",
        "No fillers are needed to look ten years younger overnight.",
        "No other serum gives such instant results.",
        "No downtime means instant results.",
        "No matter how long you have had it, our laser removes it for good.",
        "No wonder it is called a miracle cure.",
        "No two faces are the same, but our fillers are always safe.",
        "No patient has ever had a side effect.",
        "No diet works faster.",
        "No recovery time is involved: you walk out pain-free.",
        "There is no pain and it works for everyone.",
        "There is no downtime because it is 100% natural and risk-free.",
    ],
)
def test_what_only_begins_with_no_is_a_claim(lint_text: LintText, line: str) -> None:
    """The subject that is none is not what the claim is said of, or "no" makes the claim."""
    assert [each.code for each in lint_text(line, "x.txt").findings if each.category != "disclosure"]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("SPD001", "Instant results are another reason to choose us."),
        ("SAF004", "Being completely painless is one more reason to love our laser."),
        ("SPD015", "A figure like a supermodel's in six weeks with our programme."),
        ("TES008", "Our clients tell us their cold sores vanish after one session."),
        ("STA001", "Our carbon laser facial reduces pores by 40%."),
        ("STA001", "Our serum is 87% effective against acne."),
        ("STA001", "Minoxidil works in 80% of men."),
        ("STA001", "Our cream in 90% of users cleared eczema."),
        ("DIS002", "Coming off antidepressants can make you feel alive again."),
        ("CMP010", "You can't get a better facelift anywhere."),
        ("EFF010", "Our services include laser treatment that erases scars for good."),
        ("SPD001", "If you want whiter teeth overnight, book our peel."),
        ("SAF009", "Does it carry risks? No."),
    ],
)
def test_words_of_a_disclaimer_disclaim_nothing_in_a_claim(lint_text: LintText, code: str, line: str) -> None:
    """What tells a denial, a dose or a rota stands in claims too, and does not take them back."""
    assert code in {each.code for each in lint_text(line, "x.txt").findings}
