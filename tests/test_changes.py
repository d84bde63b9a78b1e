"""Changed lines only: what git says changed, in every shape a repository takes, and what is said when git cannot."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medlint.cli import main

OLD = "Open daily.\n\nOur drip cures gout.\n\nCall us.\n"


def git(*arguments: str) -> None:
    """Runs git in the working directory, as nobody in particular."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


def check(*arguments: str) -> Result:
    """A run of the cure rules and those of the whole page, concise unless the arguments say otherwise."""
    format_name = () if "--format" in arguments else ("--format", "concise")
    return CliRunner().invoke(main, ["check", "--select", "CUR,DOC001", *format_name, *arguments])


def found(result: Result) -> list[str]:
    """Path, line and code of each finding."""
    assert result.exit_code in (0, 1), result.output
    lines = [line for line in result.stdout.splitlines() if ": CUR" in line or ": DOC" in line]
    return [f"{line.split(':')[0]}:{line.split(':')[1]} {line.split(': ')[1].split()[0]}" for line in lines]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one committed page that holds an old claim."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    Path("page.md").write_text(OLD, "utf-8")
    git("add", ".")
    git("commit", "-qm", "first")
    return tmp_path


def test_an_untouched_page_reports_nothing(repository: Path) -> None:
    """Neither its old claims nor what the page lacks."""
    result = check(".", "--diff", "HEAD")
    assert found(result) == []
    assert result.stdout == "No findings in 1 file; 2 on unchanged lines.\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD + "\nOur drip cures acne.\n", ["page.md:3 DOC001", "page.md:7 CUR001"]),
        ("New first line.\n\n" + OLD, ["page.md:5 DOC001"]),
        (OLD.replace("gout", "acne"), ["page.md:3 CUR001", "page.md:3 DOC001"]),
        (OLD.replace("Our drip cures gout.", "Our drip\ncures\ngout."), ["page.md:4 CUR001", "page.md:4 DOC001"]),
        (OLD.replace("Open daily.\n\n", ""), ["page.md:1 DOC001"]),
    ],
)
def test_only_changed_lines_and_touched_pages_count(repository: Path, text: str, expected: list[str]) -> None:
    """A claim counts where one of its lines changed; a rule of the whole page where anything did."""
    Path("page.md").write_text(text, "utf-8")
    assert found(check(".", "--diff", "HEAD")) == expected


def test_suppressed_findings_on_other_lines_are_left_out_too(repository: Path) -> None:
    """SARIF lists what a comment accepts on changed lines only."""
    accepted = "\n<!-- medlint: ignore[CUR001] quoted -->\nOur drip cures {}.\n"
    Path("page.md").write_text(accepted.format("gout"), "utf-8")
    git("commit", "-qam", "accepted")
    Path("page.md").write_text(accepted.format("gout") + accepted.format("acne"), "utf-8")
    log = json.loads(check(".", "--format", "sarif", "--diff", "HEAD").stdout)
    results = [each for each in log["runs"][0]["results"] if each["suppressions"]]
    assert [each["locations"][0]["physicalLocation"]["region"]["startLine"] for each in results] == [6]


def test_new_files_changed_as_a_whole(repository: Path) -> None:
    """Whether git tracks them or not, and whatever their names hold."""
    for name in ("naïve file.md", 'quo"te.md', "tracked.md"):
        Path(name).write_text("Our drip cures acne.\n", "utf-8")
    git("add", "tracked.md", 'quo"te.md')
    lines = {line.split(" ")[-1] + line.split(":")[0] for line in found(check(".", "--diff", "HEAD"))}
    assert {"CUR001naïve file.md", 'CUR001quo"te.md', "CUR001tracked.md"} <= lines


def test_staged_changes(repository: Path) -> None:
    """What is not staged does not count."""
    Path("page.md").write_text(OLD + "\nOur drip cures acne.\n", "utf-8")
    Path("new.md").write_text("Our drip cures acne.\n", "utf-8")
    assert found(check(".", "--staged")) == []
    git("add", "page.md")
    assert found(check(".", "--staged")) == ["page.md:3 DOC001", "page.md:7 CUR001"]


def test_a_renamed_file_keeps_its_old_lines(repository: Path) -> None:
    """A move alone changes nothing but the name."""
    git("mv", "page.md", "moved.md")
    assert [each for each in found(check(".", "--diff", "HEAD")) if "CUR" in each] == []


def test_a_subdirectory_and_another_working_directory(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths are matched within the repository, wherever medlint runs."""
    Path("content").mkdir()
    Path("content/page.md").write_text("Our drip cures acne.\n", "utf-8")
    monkeypatch.chdir(repository / "content")
    assert found(check("page.md", "--diff", "HEAD")) == ["page.md:1 CUR001", "page.md:1 DOC001"]
    monkeypatch.chdir(repository.parent)
    assert len(found(check(f"{repository.name}/content", "--diff", "HEAD"))) == 2


def test_since_the_fork(repository: Path) -> None:
    """`main...` leaves out what happened on main meanwhile."""
    git("checkout", "-qb", "work")
    git("checkout", "-q", "main")
    Path("page.md").write_text(OLD.replace("gout", "acne"), "utf-8")
    git("commit", "-qam", "on main")
    git("checkout", "-q", "work")
    assert [each for each in found(check(".", "--diff", "main")) if "CUR" in each] == ["page.md:3 CUR001"]
    assert found(check(".", "--diff", "main...")) == []


def test_a_shallow_clone_works_for_what_it_holds(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And for the rest the message says what to fetch."""
    Path("page.md").write_text(OLD + "\nOur drip cures acne.\n", "utf-8")
    git("commit", "-qam", "second")
    git("clone", "-q", "--depth", "1", f"file://{repository}", "shallow")
    monkeypatch.chdir(repository / "shallow")
    assert found(check(".", "--diff", "HEAD")) == []
    result = check(".", "--diff", "HEAD~1")
    assert result.exit_code == 2
    assert "git knows no revision 'HEAD~1'" in result.stderr and "shallow" in result.stderr


@pytest.mark.parametrize("revision", ["none", "--output=x", "HEAD:page.md"])
def test_what_is_no_commit_is_an_error(repository: Path, revision: str) -> None:
    """No revision is ever taken for an option."""
    result = check(".", f"--diff={revision}")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"git knows no revision '{revision}'" in result.stderr
    assert not Path("x").exists()


def test_without_a_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is passed over in silence."""
    monkeypatch.chdir(tmp_path)
    Path("page.md").write_text(OLD, "utf-8")
    result = check(".", "--diff", "HEAD")
    assert result.exit_code == 2
    assert result.stderr == "error: page.md lies in no git repository, so what changed in it is not known\n"


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without git cannot tell."""
    monkeypatch.setenv("PATH", "")
    result = check(".", "--diff", "HEAD")
    assert result.exit_code == 2 and "git cannot be run" in result.stderr


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".pdf"])
def test_a_document_that_changed_counts_as_a_whole(repository: Path, suffix: str) -> None:
    """Git counts no paragraphs, so every finding of a touched document is reported, and none of another."""
    samples = Path(__file__).parent / "samples"
    for name in ("touched", "other"):
        Path(name + suffix).write_bytes((samples / f"libreoffice{suffix}").read_bytes())
    git("add", ".")
    git("commit", "-qm", "drafts")
    assert found(check(".", "--diff", "HEAD")) == []
    Path("touched" + suffix).write_bytes((samples / f"libreoffice-claims{suffix}").read_bytes())
    assert {line.split(":")[0] for line in found(check(".", "--diff", "HEAD"))} == {"touched" + suffix}
    git("add", ".")
    assert len(found(check(".", "--staged"))) > 3


def test_a_baseline_is_not_stale_because_lines_did_not_change(repository: Path) -> None:
    """What a baseline accepts on unchanged lines is still there, and a new claim still counts."""
    Path("b.md").write_text("Open.\n", "utf-8")
    assert check("--write-baseline", "base.json").exit_code == 0
    Path("page.md").write_text(f"{OLD}\nIt cures eczema.\n", "utf-8")
    result = check("page.md", "--diff", "HEAD", "--baseline", "base.json")
    assert found(result) == ["page.md:7 CUR001"]
    assert "stale" not in result.output


@pytest.mark.parametrize("option", ["--diff=HEAD", "--staged"])
def test_a_baseline_is_not_written_of_changes_only(option: str, repository: Path) -> None:
    """A baseline of a part would drop the rest of the file's findings."""
    result = check(option, "--write-baseline", "base.json")
    assert result.exit_code == 2 and "leave out --diff and --staged" in " ".join(result.stderr.split())
