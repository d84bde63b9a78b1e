"""Baselines: what a moved, re-wrapped or copied sentence does, what goes stale, and what a broken file says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medlint.cli import main

PAGE = "Our drip cures gout.\n\nOur drip cures acne.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one page and a baseline that accepts its two findings."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "page.md").write_text(PAGE, "utf-8")
    monkeypatch.chdir(tmp_path)
    result = check("content", "--write-baseline", "baseline.json")
    assert (result.exit_code, result.stderr) == (0, "2 findings accepted in baseline.json\n")
    assert result.stdout == "No findings in 1 file.\n"
    return tmp_path


def check(*arguments: str) -> Result:
    """A concise run of the cure rules."""
    return CliRunner().invoke(main, ["check", "--select", "CUR", "--format", "concise", *arguments])


def test_a_baseline_holds_no_word_of_the_copy(site: Path) -> None:
    """Paths, codes, hashes and counts, one finding a line."""
    text = (site / "baseline.json").read_text("utf-8")
    assert [(each["path"], each["code"], each["count"]) for each in json.loads(text)["findings"]] == [
        ("content/page.md", "CUR001", 1),
        ("content/page.md", "CUR001", 1),
    ]
    assert "drip" not in text and len(text.splitlines()) == 7


@pytest.mark.parametrize(
    ("page", "new"),
    [
        (PAGE, []),
        ("# Drips\n\nOpen daily.\n\n" + PAGE, []),
        ("Our drip\ncures  gout.\n\nOur **drip** cures acne.\n", []),
        ("Our drip cures acne.\n\nOur drip cures gout.\n", []),
        ("- Our drip cures gout.\n- OUR DRIP CURES ACNE.\n", []),
        (PAGE + "\nOur drip cures gout.\n", ["5:10"]),
        ("Our drip cures all gout.\n\nOur drip cures acne.\n", ["1:10"]),
        (PAGE.replace("acne", "warts"), ["3:10"]),
    ],
)
def test_only_what_is_new_is_reported(site: Path, page: str, new: list[str]) -> None:
    """Moved, re-wrapped and re-cased sentences stay accepted; a second copy and other words do not."""
    (site / "content" / "page.md").write_text(page, "utf-8")
    result = check("content", "--baseline", "baseline.json")
    lines = [line for line in result.stdout.splitlines() if "CUR" in line]
    assert [line.split(": ")[0].removeprefix("content/page.md:") for line in lines] == new
    assert result.exit_code == (1 if new else 0)


def test_a_baseline_holds_from_any_folder(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are relative to the repository, not to the working directory."""
    monkeypatch.chdir(site / "content")
    result = check("page.md", "--baseline", f"..{os.sep}baseline.json")
    assert result.stdout == "No findings in 1 file; 2 in baseline.\n"


def test_stale_entries_are_named_and_pruned(site: Path) -> None:
    """An entry that matches nothing any more is named; writing the baseline anew leaves it out."""
    (site / "content" / "page.md").write_text("Our drip cures acne.\n", "utf-8")
    result = check("content", "--baseline", "baseline.json")
    assert result.exit_code == 0
    assert result.stderr.startswith("stale in baseline.json: content/page.md: CUR001 (")
    assert check("content", "--baseline", "baseline.json", "--write-baseline", "baseline.json").exit_code == 0
    assert len(json.loads((site / "baseline.json").read_text("utf-8"))["findings"]) == 1
    assert check("content", "--baseline", "baseline.json").stderr == ""


def test_entries_of_files_that_were_not_linted_are_not_stale(site: Path) -> None:
    """A hook lints the files of a commit only."""
    (site / "content" / "other.md").write_text("Open daily.\n", "utf-8")
    assert check("content/other.md", "--baseline", "baseline.json").stderr == ""


def test_an_empty_run_writes_an_empty_baseline(site: Path) -> None:
    """A clean site has a baseline that accepts nothing."""
    (site / "content" / "page.md").write_text("Open daily.\n", "utf-8")
    check("content", "--write-baseline", "empty.json")
    assert json.loads((site / "empty.json").read_text("utf-8")) == {"version": 1, "findings": []}
    assert check("content", "--baseline", "empty.json").exit_code == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is no JSON"),
        ("[]", "is no baseline of this version"),
        ('{"version": 2, "findings": []}', "is no baseline of this version"),
        ('{"version": 1}', 'has no list "findings"'),
        ('{"version": 1, "findings": [3]}', "finding 1: expected the keys path, code, fingerprint, count"),
        ('{"version": 1, "findings": [{"path": "a", "code": "b", "fingerprint": 1, "count": 1}]}', "are texts"),
        ('{"version": 1, "findings": [{"path": "a", "code": "b", "fingerprint": "c", "count": 0}]}', "a number from 1"),
        ('{"version": 1, "findings": [{"path": "a", "code": "b", "fingerprint": "c", "count": true}]}', "from 1"),
    ],
)
def test_a_broken_baseline_ends_the_run(site: Path, content: str, message: str) -> None:
    """It accepts nothing by mistake: the run stops and says what is wrong."""
    (site / "baseline.json").write_text(content, "utf-8")
    result = check("content", "--baseline", "baseline.json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: baseline.json: ") and message in result.stderr


def test_a_missing_baseline_says_how_to_write_one(site: Path) -> None:
    """The first run has none."""
    result = check("content", "--baseline", "none.json")
    assert result.exit_code == 2
    assert result.stderr == "error: none.json: no such baseline; write one with --write-baseline none.json\n"
