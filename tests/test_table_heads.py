"""What the heads of a table say about its cells."""

from __future__ import annotations

import pytest

from conftest import LintText


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("| Peel | Strength |\n| --- | --- |\n| TCA | 20% |\n| Glycolic | 30 to 70% |", []),
        ("| Plan | Deposit | Patients improved |\n| --- | --- | --- |\n| A | 20% | 80% |", [3]),
        ("| What | Figure |\n| --- | --- |\n| Deposit | 20% |\n| Patients who improved | 75% |", [4]),
        ("| Treatment | Success rate |\n| --- | --- |\n| IVF | 62% |", [3]),
        ("| Low-cost IVF | Success |\n| --- | --- |\n| Dose | Success 62% |", []),
        ("We ask for a deposit.\n\n| Plan | Improved |\n| --- | --- |\n| A | 20% |", [5]),
    ],
)
def test_figures_under_a_table_head(lint_text: LintText, table: str, lines: list[int]) -> None:
    """A figure under "Strength", or in the row "Deposit", claims nothing; its neighbours still do."""
    assert [finding.start.line for finding in lint_text(table, "x.md", ("STA",)).findings] == lines


@pytest.mark.parametrize(
    ("table", "lines"),
    [
        ("| Treatment | Downtime | Cost |\n| --- | --- | --- |\n| Peel | none | none |", [3]),
        ("| | Peel |\n| --- | --- |\n| Side effects | None |\n| Deposit | None |", [3]),
        ("| Treatment | Downtime |\n| --- | --- |\n| Peel | three days |", []),
        ("| Treatment | Deposit |\n| --- | --- |\n| Peel | none |", []),
        ("| Priority | Done? |\n| --- | --- |\n| Fewer falls with harm | no change yet |", []),
        ("The downtime is named below.\n\n| Treatment | Deposit |\n| --- | --- |\n| Peel | none |", []),
    ],
)
def test_a_cell_answers_its_heads(lint_text: LintText, table: str, lines: list[int]) -> None:
    """The word "none" in the column or row of a risk denies it, as it does behind a question."""
    assert [finding.start.line for finding in lint_text(table, "x.md", ("SAF",)).findings] == lines
