"""Comments that accept findings: where they reach, what they must say, and what is said about those that do nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medlint.cli import main


def check(folder: Path, copy: str, *options: str, name: str = "page.md") -> Result:
    """A concise run of the cure rules, and those about suppressions, over one page."""
    page = folder / name
    page.write_text(copy, encoding="utf-8")
    selected = () if "--select" in options else ("--select", "CUR,SUP")
    format_name = () if "--format" in options else ("--format", "concise")
    return CliRunner().invoke(main, ["check", str(page), *format_name, *selected, *options])


def found(result: Result) -> list[str]:
    """Line and code of each finding."""
    assert result.exit_code in (0, 1), result.output
    lines = [line for line in result.stdout.splitlines() if (": " in line and ".md:" in line) or ".html:" in line]
    return [f"{line.split(':')[1]} {line.split(': ')[1].split()[0]}" for line in lines]


IGNORE = "<!-- medlint: ignore[CUR001] our own trial, on file -->"


@pytest.mark.parametrize(
    "copy",
    [
        f"{IGNORE}\nIt cures acne.\n",
        f"{IGNORE}\n\nIt cures acne.\n",
        f"It cures {IGNORE} acne.\n",
        f"It cures acne. {IGNORE}\n",
        f"{IGNORE}\n# It cures acne\n",
        f"# It cures acne {IGNORE}\n",
        f"- {IGNORE} It cures acne.\n- Open daily.\n",
        f"- Open daily.\n- It cures acne. {IGNORE}\n",
        f"| a | b |\n|---|---|\n| {IGNORE} It cures acne | c |\n",
        f"> {IGNORE}\n> It cures acne.\n",
        f"{IGNORE}\n![It cures acne](a.png)\n",
        f"Text {IGNORE} and ![It cures acne](a.png)\n",
        "{% comment %} medlint: ignore[CUR001] on file {% endcomment %}\nIt cures acne.\n",
        "{# medlint: ignore[CUR001] on file #}\nIt cures acne.\n",
        "{{/* medlint: ignore[CUR001] on file */}}\nIt cures acne.\n",
        "<!-- medlint: ignore[cure] by category -->\nIt cures acne.\n",
        "<!-- medlint: ignore[CUR] by the beginning of a code -->\nIt cures acne.\n",
        "<!-- MEDLINT: Ignore[SAF, CUR001]\n  a reason\n  of two lines -->\nIt cures acne and is safe.\n",
        "It cures acne.\n\n<!-- medlint: ignore-file[CUR] quoted all over -->\n",
        "---\ntitle: It cures acne\nmedlint: ignore[CUR001] the campaign's own title\n---\nOpen daily.\n",
        "---\nmedlint: ignore-file[CUR001] a page about false claims\n---\nIt cures acne.\n",
    ],
)
def test_a_suppression_accepts_findings_in_its_block(tmp_path: Path, copy: str) -> None:
    """In the block it stands in, or else in the next one, whatever the kind of block or comment."""
    result = check(tmp_path, copy, "--ignore", "SUP001")
    assert found(result) == []
    assert "1 suppressed" in result.stdout
    assert [each.split()[1] for each in found(check(tmp_path, copy, "--no-suppressions"))] == ["CUR001"]


@pytest.mark.parametrize(
    ("copy", "name"),
    [
        (f"<p>{IGNORE}It cures acne.</p>", "page.html"),
        (f"{IGNORE}<ul><li>It cures acne.</li></ul>", "page.html"),
        (f"<table><tr><td>{IGNORE}It cures acne</td></tr></table>", "page.html"),
        (f"<h2>It cures acne{IGNORE}</h2>", "page.html"),
        ("{/* medlint: ignore[CUR001] on file */}\n\nIt cures acne.\n", "page.mdx"),
        ("It cures acne. {/* medlint: ignore[CUR001] on file */}\n", "page.mdx"),
    ],
)
def test_a_suppression_works_in_html_and_mdx(tmp_path: Path, copy: str, name: str) -> None:
    """The same words, in the comments of the format."""
    result = check(tmp_path, copy, name=name)
    assert result.exit_code == 0 and "1 suppressed" in result.stdout


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (f"{IGNORE}\nIt cures acne.\n\nIt cures gout.\n", ["4 CUR001"]),
        (f"It cures gout.\n\n{IGNORE}\nIt cures acne.\n", ["1 CUR001"]),
        (f"- {IGNORE} It cures acne.\n- It cures gout.\n", ["2 CUR001"]),
        (f"| a | b |\n|---|---|\n| {IGNORE} It cures acne | It cures gout |\n", ["3 CUR001"]),
        ("<!-- medlint: ignore[SAF] on file -->\nIt cures acne.\n", ["1 SUP001", "2 CUR001"]),
        ("<!-- medlint: ignore[CUR001] -->\nIt cures acne.\n", ["1 SUP003", "2 CUR001"]),
        ("<!-- medlint: ignore[CUR001] - -->\nIt cures acne.\n", ["1 SUP003", "2 CUR001"]),
        ("<!-- medlint: ignore[CUR0O1] on file -->\nIt cures acne.\n", ["1 SUP002", "2 CUR001"]),
        ("<!-- medlint: ignore[CUR001, CURE] on file -->\nIt cures acne.\n", ["1 SUP002"]),
        ("<!-- medlint: ignore on file -->\nIt cures acne.\n", ["1 SUP004", "2 CUR001"]),
        ("<!-- medlint: ignore[] on file -->\nIt cures acne.\n", ["1 SUP004", "2 CUR001"]),
        ("<!-- medlint: disable -->\nOpen daily.\n", ["1 SUP004"]),
        (f"{IGNORE}\nOpen daily.\n", ["1 SUP001"]),
        ("<!-- medlint: ignore[CUR001, CUR005] on file -->\nIt cures acne.\n", ["1 SUP001"]),
        ("Open daily.\n\n<!-- medlint: ignore-file[cure] on file -->\n", ["3 SUP001"]),
        ("<!-- medlint is a linter -->\nIt cures acne.\n", ["2 CUR001"]),
    ],
)
def test_what_a_suppression_does_not_accept(tmp_path: Path, copy: str, expected: list[str]) -> None:
    """Other blocks and other rules stand; a suppression that does nothing, or says too little, is a finding."""
    assert found(check(tmp_path, copy, "--select", "CUR,SAF,SUP")) == expected


def test_only_rules_of_the_run_make_a_suppression_unused(tmp_path: Path) -> None:
    """A run with fewer rules does not call the others' suppressions unused."""
    copy = "<!-- medlint: ignore[SAF001] on file -->\nIt cures acne.\n"
    assert found(check(tmp_path, copy, "--select", "CUR,SUP")) == ["2 CUR001"]


@pytest.mark.parametrize("options", [("--ignore", "SUP"), ("--ignore", "suppression"), ("--select", "CUR")])
def test_notices_can_be_left_out(tmp_path: Path, options: tuple[str, ...]) -> None:
    """They are selected like rules."""
    copy = "<!-- medlint: disable -->\nIt cures acne.\n"
    assert found(check(tmp_path, copy, *options)) == ["2 CUR001"]


def test_fingerprints_do_not_depend_on_suppressions(tmp_path: Path) -> None:
    """The second copy of a sentence keeps its key when the first is accepted."""
    copy = "It cures acne.\n\nIt cures acne.\n"
    plain = check(tmp_path, copy, "--format", "json").stdout
    accepted = check(tmp_path, f"{IGNORE}\n{copy}", "--format", "json").stdout
    (second,) = (line for line in accepted.splitlines() if '"fingerprint"' in line)
    assert second in plain and second.strip().endswith(':2",')
