"""The sample drafts: for the categories that are worked out in full, what must be found is found, and nothing else.

`expected/<name>.jsonl` lists the claims of `seeds/<name>`: `required` ones must be found, the others are arguable.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from medlint.finding import Finding, Severity
from medlint.linter import Lint, Linter
from medlint.readers import format_for, read_document
from medlint.rule import Rulebook

ROOT = Path(__file__).parents[1]
SEEDS = sorted((ROOT / "seeds").iterdir())
CATEGORIES = ("cure", "statistic", "safety")
COMPLIANT = ("botox-low-mood-compliant.md", "patient-information.html")

# What the rules do not get right yet; an entry that has become right fails its test and is to be removed.
KNOWN_MISSES: frozenset[tuple[str, str, int]] = frozenset()
KNOWN_ALARMS: dict[str, set[tuple[int, str]]] = {}  # seed -> line and code


class Claim(NamedTuple):
    """A row of an expectation: the lines a claim of one category stands on."""

    seed: str
    category: str
    first: int
    last: int
    required: bool
    quote: str

    def meets(self, finding: Finding) -> bool:
        """Whether a finding is of this category and on these lines."""
        last = finding.end.line - (finding.end.column == 1 and finding.end.line > finding.start.line)
        return finding.category == self.category and finding.start.line <= self.last and last >= self.first


def claims_of(seed: str) -> Iterator[Claim]:
    """The rows that stand beside a seed."""
    lines = (Path(__file__).parent / "expected" / f"{seed}.jsonl").read_text("utf-8").splitlines()
    for row in map(json.loads, lines):
        yield Claim(seed, row["category"], row["line"], row.get("end_line", row["line"]), row["required"], row["quote"])


LintSeed = Callable[[str], Lint]


@pytest.fixture(scope="module")
def lint_seed(rulebook: Rulebook) -> LintSeed:
    """Lints a seed with all bundled rules, each seed once."""
    linter = Linter(rulebook.selected(jurisdictions=("us",)))
    done: dict[str, Lint] = {}

    def lint(name: str) -> Lint:
        if name not in done:
            format = format_for(name)
            assert format is not None
            done[name] = linter.lint(read_document(name, (ROOT / "seeds" / name).read_bytes(), format))
        return done[name]

    return lint


def marked(seed: str, category: str, line: int) -> Any:
    """The mark of a case that is known to fail."""
    known = (seed, category, line) in KNOWN_MISSES
    return pytest.mark.xfail(strict=True, reason="known weakness") if known else ()


REQUIRED = [
    pytest.param(
        claim, marks=marked(claim.seed, claim.category, claim.first), id=f"{claim.seed}:{claim.first}-{claim.category}"
    )
    for seed in SEEDS
    for claim in claims_of(seed.name)
    if claim.required and claim.category in CATEGORIES
]


@pytest.mark.parametrize("claim", REQUIRED)
def test_a_required_claim_is_found(claim: Claim, lint_seed: LintSeed) -> None:
    """A finding of the claim's category overlaps its lines."""
    findings = lint_seed(claim.seed).findings
    assert any(map(claim.meets, findings)), f"missed: {claim.quote}"


@pytest.mark.parametrize("seed", [path.name for path in SEEDS])
def test_nothing_else_is_found(seed: str, lint_seed: LintSeed) -> None:
    """Every finding of these categories stands on the lines of a claim that is required or arguable.

    In a compliant draft none of any category may be heavy enough to fail a run.
    """
    claims = list(claims_of(seed))
    others = {
        (finding.start.line, finding.code)
        for finding in lint_seed(seed).findings
        if (finding.category in CATEGORIES and not any(claim.meets(finding) for claim in claims))
        or (seed in COMPLIANT and finding.severity.rank >= Severity.WARNING.rank)
    }
    assert others == KNOWN_ALARMS.get(seed, set())


@pytest.mark.parametrize("seed", COMPLIANT)
def test_a_compliant_draft_is_not_empty(seed: str, lint_seed: LintSeed) -> None:
    """The compliant drafts speak of treatments and are excused by their context, not for want of anything to say."""
    assert len(lint_seed(seed).excused) >= 3


def test_every_seed_has_its_expectation() -> None:
    """Beside each seed stands a file of expected findings, and none stands alone."""
    expected = {path.name.removesuffix(".jsonl") for path in (Path(__file__).parent / "expected").iterdir()}
    assert {path.name for path in SEEDS} == expected
    assert {seed for seed in expected if not any(claim.required for claim in claims_of(seed))} == set(COMPLIANT)


@pytest.mark.parametrize("seed", [path.name for path in SEEDS])
def test_quotes_stand_on_their_lines(seed: str) -> None:
    """The words that an expectation quotes begin on the lines it names, in the text of the page or of an attribute."""
    lines = (ROOT / "seeds" / seed).read_text("utf-8-sig").splitlines()
    for claim in claims_of(seed):
        passage = " ".join(lines[claim.first - 1 : claim.last])
        first_word = claim.quote.split()[0].strip("“”\"'")
        assert first_word in unescape(passage) or first_word in unescape(re.sub("<[^>]+>", "", passage)), claim
