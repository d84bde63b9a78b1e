"""Labelled copy by writers who knew the taxonomy and no rule: what must be found, what may be, and nothing else.

Each line of `labelled/*.jsonl` holds a text, the categories that a careful reviewer would mark (`expect`) and those that
one might (`allow`). `todo` names what medlint still gets wrong there; a line that has come right must lose it. The rules
have been mended with these lines in view, so they guard against losses and estimate nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import LintText
from medlint.rule import Rulebook

SUFFIXES = {"text": "txt", "markdown": "md", "html": "html"}
CASES = [
    json.loads(line)
    for file in sorted((Path(__file__).parent / "labelled").glob("*.jsonl"))
    for line in file.read_text("utf-8").splitlines()
]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_labelled_copy(lint_text: LintText, rulebook: Rulebook, case: dict[str, Any]) -> None:
    """The categories found without asking for pedantic ones are those expected, apart from the arguable."""
    findings = lint_text(case["text"], f"x.{SUFFIXES[case['format']]}").findings
    found = {finding.category for finding in findings if rulebook.rule(finding.code).tier == "default"}
    missed = set(case["expect"]) - found
    wrong = found - {*case["expect"], *case["allow"], "disclosure"}
    assert sorted(missed | wrong) == case.get("todo", [])
