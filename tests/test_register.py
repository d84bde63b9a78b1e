"""The register of approved claims: what is accepted, what comes close, what is out of date."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from medlint.cli import main
from medlint.register import load_register
from medlint.schema import PackError
from medlint.vocabulary import Vocabulary

ENTRY = """\
  - statement: In our trial, seven in ten adults had fewer migraine days after six months.
    evidence:
      - {cite: "Trial report, Table 2", url: "https://example.org/trial"}
    approver: medical director
    expires: 2099-06-30
"""
OLD = """\
  - statement: Our drip cures hangovers.
    evidence: {cite: Drip report, url: "https://example.org/drip"}
    approver: head of nursing
    expires: 2020-01-31
"""


def check(folder: Path, copy: str, *options: str, register: str = ENTRY + OLD) -> tuple[list[str], str]:
    """The concise findings of the sentence rules over a text, and what went to standard error."""
    claims, page = folder / "claims.yml", folder / "page.md"
    claims.write_text(f"claims:\n{register}", encoding="utf-8")
    page.write_text(copy, encoding="utf-8")
    command = ["check", str(page), "--claims", str(claims), "--ignore", "DOC", "--format", "concise", *options]
    result = CliRunner().invoke(main, command)
    assert result.exit_code in (0, 1), result.output
    return [line.removeprefix(str(page)) for line in result.stdout.splitlines()], result.stderr


@pytest.mark.parametrize(
    "copy",
    [
        "In our trial, seven in ten adults had fewer migraine days after six months.",
        "IN OUR TRIAL SEVEN IN TEN ADULTS HAD FEWER MIGRAINE DAYS AFTER SIX MONTHS",
        "In our **trial**, seven in ten adults\nhave fewer migraine&nbsp;days after six months!",
        "- In our trials seven in ten adults had fewer migraine days after six months",
        "Read on. In our trial, seven in ten adults had fewer migraine days after six months. Call us.",
    ],
)
def test_an_approved_claim_is_accepted(tmp_path: Path, copy: str) -> None:
    """Capitals, punctuation, markup, wrapping and inflection make no other claim of it."""
    unapproved, _ = check(tmp_path, copy, register=OLD)
    assert "STA002" in {line.split()[1] for line in unapproved}
    findings, _ = check(tmp_path, copy)
    assert len(findings) == 1 and findings[0].startswith("No findings in 1 file; ")


def test_the_summary_counts_what_was_approved(tmp_path: Path) -> None:
    """Accepted claims are counted, and the audit trail names their entry."""
    copy = "In our trial, seven in ten adults had fewer migraine days after six months.\n"
    page, claims = tmp_path / "page.md", tmp_path / "claims.yml"
    page.write_text(copy, encoding="utf-8")
    claims.write_text(f"claims:\n{ENTRY}", encoding="utf-8")
    command = ["check", str(page), "--claims", str(claims), "--show-excused", "--ignore", "DOC"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0
    assert result.stdout == "No findings in 1 file; 1 approved.\n"
    assert f"excused (approved until 2099-06-30, {claims}:2)" in result.stderr


@pytest.mark.parametrize(
    ("copy", "severity"),
    [
        ("In our trial, seven in ten adults had far fewer migraine days after six months.", "info"),
        ("In our trial seven in ten adults had fewer bad migraine days after only six months.", "info"),
        ("In our trial, nine in ten adults had fewer migraine days after six months.", "warning"),
        ("In our trial, seven in ten adults had fewer migraine days after two months.", "warning"),
        ("Seven in ten adults sleep better after our massage.", "warning"),
    ],
)
def test_a_close_variant_is_an_info_with_the_approved_wording(tmp_path: Path, copy: str, severity: str) -> None:
    """Other words come close; other numbers do not."""
    findings, _ = check(tmp_path, copy)
    flagged = [line for line in findings if ": STA" in line]
    assert flagged
    assert all(("It comes close to the approved" in line) == (severity == "info") for line in flagged)
    errors, _ = check(tmp_path, copy, "--severity", "warning")
    assert any(": STA" in line for line in errors) == (severity == "warning")


def test_a_claim_beside_an_approved_one_is_still_reported(tmp_path: Path) -> None:
    """Only the approved words are accepted, not the rest of their sentence."""
    copy = "Our pill cures gout, and in our trial, seven in ten adults had fewer migraine days after six months."
    findings, _ = check(tmp_path, copy)
    assert [line.split()[1] for line in findings[:-1]] == ["CUR001"]


def test_an_expired_approval_is_a_warning(tmp_path: Path) -> None:
    """The claim is reported again, with the day its approval ended and the place of the entry."""
    findings, _ = check(tmp_path, "Our drips cured hangovers.")
    assert "Its approval ended on 2020-01-31" in findings[0] and "claims.yml:7" in findings[0]
    assert findings[1] == "1 finding (1 warning) in 1 of 1 file."


def test_an_approval_holds_through_its_last_day(tmp_path: Path) -> None:
    """The day named is the last one on which the claim is approved."""
    file = tmp_path / "claims.yml"
    file.write_text(f"claims:\n{OLD}", encoding="utf-8")
    (claim,) = load_register(file, Vocabulary(), date(2020, 1, 31)).claims
    assert claim.expires == date(2020, 1, 31)


def test_unused_entries_are_listed_on_request(tmp_path: Path) -> None:
    """An entry that no file uses is named with its place; an expired one that is used is not."""
    _, notes = check(tmp_path, "Our drips cured hangovers.", "--unused-claims")
    assert notes == f'{tmp_path / "claims.yml"}:2: not used: "{ENTRY.splitlines()[0][15:]}"\n'


@pytest.mark.parametrize(
    ("register", "message"),
    [
        ("", "'claims' is a list"),
        ("  - {}\n", "the approved claim has no 'statement'"),
        (ENTRY.replace("approver", "aprover"), "unknown key 'aprover' in an approved claim; did you mean 'approver'?"),
        (ENTRY.replace("2099-06-30", "30 June 2099"), "expires is a day, written like 2027-06-30"),
        (ENTRY.replace("2099-06-30", "2099-06-31"), "expires is a day, written like 2027-06-30"),
        (ENTRY.replace("https://example.org/trial", "our files"), "url is an address"),
        (ENTRY.replace("    approver: medical director\n", ""), "the approved claim has no 'approver'"),
        (ENTRY.replace(', url: "https://example.org/trial"', ""), "the evidence has no 'url'"),
        (ENTRY + ENTRY.replace("trial,", "trials"), "the same statement stands at"),
        ('  - {statement: "...", evidence: {cite: a, url: "https://a.org"}, approver: b, expires: 2099-01-01}\n',
         "the statement holds no word"),
        ("  - text\n", "an approved claim is a mapping"),
    ],
)  # fmt: skip
def test_a_broken_register_says_where_and_what(tmp_path: Path, register: str, message: str) -> None:
    """Every mistake is an error at file:line:col, and the run ends with 2."""
    file = tmp_path / "claims.yml"
    file.write_text(f"claims:\n{register}", encoding="utf-8")
    with pytest.raises(PackError, match=message.replace("(", r"\(").replace("?", r"\?")) as error:
        load_register(file, Vocabulary(), date(2026, 1, 1))
    assert str(error.value).startswith(f"{file}:")
    page = tmp_path / "page.md"
    page.write_text("Open daily.\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(page), "--claims", str(file)])
    assert result.exit_code == 2 and result.stdout == ""


def test_a_register_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """A missing file and one in another encoding are named."""
    with pytest.raises(PackError, match="cannot be read"):
        load_register(tmp_path / "none.yml", Vocabulary(), date(2026, 1, 1))
    (tmp_path / "latin.yml").write_bytes("claims: [ö]".encode("latin-1"))
    with pytest.raises(PackError, match="not UTF-8"):
        load_register(tmp_path / "latin.yml", Vocabulary(), date(2026, 1, 1))
