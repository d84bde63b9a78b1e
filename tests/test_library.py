"""medlint as a library: what programs call, what they get, and what they are told when they call it wrongly."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import medlint
from medlint import Finding, Report, RulesError, Severity, lint_path, lint_text, load_rules

ROOT = Path(__file__).parents[1]
RISKY = "Our infusion cures migraine.\n"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with a risky page."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text(RISKY)
    return tmp_path


def codes(report: Report) -> list[str]:
    """What was found."""
    return [finding.code for finding in report.findings]


def test_a_text_is_linted() -> None:
    """A finding tells place, severity and words, all typed."""
    (finding, *_) = lint_text(RISKY).findings
    assert isinstance(finding, Finding)
    assert (finding.path, finding.start, finding.code, finding.severity) == (
        "text.md", (1, 14), "CUR001", Severity.ERROR,
    )  # fmt: skip
    assert finding.text == "cures migraine" and finding.why and finding.instead and finding.sources


@pytest.mark.parametrize(
    ("text", "filename", "found"),
    [
        ("`cures migraine`", "a.md", []),
        ("It cures <b>migraine</b>.", "a.html", ["CUR001"]),
        ("It cures <b>migraine</b>.", "a.txt", []),
        ("", "a.md", []),
        ("It cures \ud800 migraine.", "a.txt", None),
    ],
)
def test_the_name_gives_the_format(text: str, filename: str, found: list[str] | None) -> None:
    """A text is read as a file of that name would be; one that no file could hold is a failure, not a crash."""
    report = lint_text(text, filename=filename, rules=load_rules(select="CUR001"))
    assert bool(report.failures) == (found is None)
    assert codes(report) == (found or [])


@pytest.mark.parametrize("filename", ["a.docx", "a.exe", "a", ""])
def test_what_is_no_text_is_refused(filename: str) -> None:
    """The error names the name and what medlint reads."""
    with pytest.raises(ValueError, match=f"^{re.escape(filename)}: not a text that medlint reads; .*\\.md"):
        lint_text("x", filename=filename)


def test_rules_are_chosen_as_on_the_command_line(site: Path) -> None:
    """Packs, selection, jurisdictions and tiers; one text stands for a list of one."""
    assert set(load_rules(select="CUR").codes) == set(load_rules(select=["cure"]).codes)
    assert "CUR001" not in load_rules(ignore=["CUR001"]).codes
    assert set(load_rules().codes) < set(load_rules(pedantic=True).codes)
    readme = (ROOT / "README.md").read_text("utf-8")
    pack = re.search(r"```yaml\n(rules:\n  - code: SAF901.*?)```", readme, re.DOTALL)
    assert pack
    (site / "pack.yml").write_text(pack[1])
    assert "SAF901" in load_rules("pack.yml").codes
    report = lint_text("A chemical peel in your lunch hour.", rules=load_rules("pack.yml", select=["SAF901"]))
    assert codes(report) == ["SAF901"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"select": ["CUX"]}, "CUX"),
        ({"jurisdictions": ["fr"]}, "no jurisdiction is called 'fr'; expected one of us, "),
        ({"claims": "gone.yml"}, "gone.yml"),
    ],
)
def test_rules_that_cannot_be_used_say_why(options: dict[str, object], message: str) -> None:
    """One kind of error for all of them, and it is a ValueError."""
    with pytest.raises(RulesError, match=message):
        load_rules(**options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="gone"):
        load_rules("gone.yml")


def test_a_folder_is_linted_as_the_command_line_would(site: Path) -> None:
    """Configurations count unless rules are given, excludes and failures too, and a change of one is seen."""
    (site / "drafts").mkdir()
    (site / "drafts" / "b.md").write_text(RISKY)
    (site / "bad.md").write_bytes(b"\xff\xfe\xff")
    (site / ".medlint.yml").write_text("select: CUR001\nexclude: drafts/\n")
    report = lint_path(".")
    assert [(finding.path, finding.code) for finding in report.findings] == [("a.md", "CUR001")]
    assert [failure.path for failure in report.failures] == ["bad.md"]
    assert codes(lint_path(site / "drafts" / "b.md")) == ["CUR001"]
    assert codes(lint_path("a.md", rules=load_rules(select=["CUR001", "DOC001"]))) == ["CUR001", "DOC001"]
    (site / ".medlint.yml").write_text("ignore: [CUR, DOC]\n")
    assert codes(lint_path("a.md")) == []
    (site / ".medlint.yml").write_text("selct: CUR\n")
    with pytest.raises(RulesError, match="select"):
        lint_path("a.md")


def test_a_missing_path_is_a_failure(site: Path) -> None:
    """What is not there is said in the report, as for any file that cannot be read."""
    assert [failure.path for failure in lint_path("gone.md").failures] == ["gone.md"]


def test_nothing_is_written_or_printed(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A program finds its working directory and its streams as they were."""
    lint_path(site)
    lint_text(RISKY)
    assert ([each.name for each in site.iterdir()], capfd.readouterr()) == (["a.md"], ("", ""))


def test_importing_the_package_loads_nothing() -> None:
    """The names are there for completion, and cost nothing until one is used."""
    program = "import sys, medlint; print(*(name for name in sys.modules if name.startswith('medlint')))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["medlint"]
    assert all(getattr(medlint, name) for name in medlint.__all__)
    with pytest.raises(AttributeError, match="lint_txt"):
        medlint.lint_txt  # noqa: B018


def test_the_types_reach_those_who_import_it(tmp_path: Path) -> None:
    """A type checker knows what the functions take and give."""
    program = tmp_path / "plugin.py"
    program.write_text(
        "from medlint import lint_text\nreveal_type(lint_text('').findings[0].start.line)\nlint_text(1)\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--no-incremental", str(program)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert 'Revealed type is "int"' in done.stdout.replace("builtins.", "")
    assert 'incompatible type "int"; expected "str"' in done.stdout


def test_the_example_in_the_readme_does_what_it_says(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each line that the example prints is the comment behind it."""
    fence = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert fence
    exec(compile(fence[1], "README.md", "exec"), {})
    assert capsys.readouterr().out.splitlines() == re.findall(r"# > (.*)", fence[1])
