"""Kept results: used when nothing that could change them did, never otherwise, and harmless when they are damaged."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from medlint import contentkey, profiles, rulecache
from medlint import linter as linter_module
from medlint.cache import FOLDER, Entry, ResultCache, entry
from medlint.cli import main
from medlint.config import config_for
from medlint.document import Document
from medlint.linter import Linter
from medlint.readers import format_for, read_document
from medlint.register import load_register
from medlint.reports import FORMATS
from medlint.rule import Rulebook

ROOT = Path(__file__).parents[1]
RISKY = "Our infusion cures migraine.\n"
REGISTER = """claims:
  - statement: {statement}
    evidence: [{{cite: Trial, url: "https://example.org/t"}}]
    approver: director
    expires: {expires}
"""


@pytest.fixture
def linted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the pages that were linted rather than read from the cache, as they come."""
    paths: list[str] = []
    original = Linter.lint

    def lint(self: Linter, document: Document, **options: str) -> linter_module.Lint:
        paths.append(document.source.path)
        return original(self, document, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Linter, "lint", lint)
    return paths


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with three pages and a configuration."""
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.chdir(site)
    for name in ("a.md", "b.md", "c.md"):
        (site / name).write_text(RISKY)
    (site / ".medlint.yml").write_text("select: [CUR, SAF]\n")
    (site / "pack.yml").write_text(house_rule("lunchtime peel"))
    (site / "claims.yml").write_text(REGISTER.format(statement="Peels take an hour.", expires="2099-06-30"))
    return site


def house_rule(match: str) -> str:
    """A rule pack of one rule."""
    lines = {
        "name": "house",
        "match": match,
        "message": "No.",
        "why": "Why.",
        "instead": "Less.",
        "sources": "[{cite: House}]",
    }
    keys = "".join(f"    {key}: {value}\n" for key, value in lines.items())
    bad = "".join(f"      {place} {match}.\n" for place in ("One", "Two", "Three"))
    return f"rules:\n  - code: SAF901\n    severity: error\n{keys}    bad: |\n{bad}    good: |\n      A.\n      B.\n      C.\n"


def check(*arguments: str | Path, **environment: str) -> Result:
    """A run of `medlint check` inside this process, which must not crash."""
    config_for.cache_clear()
    result = CliRunner().invoke(main, ["check", *map(str, arguments)], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def entries(folder: Path) -> list[Path]:
    """The kept results."""
    return sorted(folder.glob("*.json"))


# Hits and misses -----------------------------------------------------------------------------------------------------


def test_a_page_is_linted_again_only_when_it_changed(site: Path, linted: list[str]) -> None:
    """An unchanged tree is read; one changed page is one page linted."""
    first = check()
    assert linted == ["a.md", "b.md", "c.md"]
    linted.clear()
    second = check()
    assert (linted, second.output, second.exit_code) == ([], first.output, first.exit_code)
    (site / "b.md").write_text("Nothing cures migraine.\n")
    assert check().output != first.output
    assert linted == ["b.md"]


Change = Callable[[Path], tuple[str, ...]]


def settings(text: str) -> Change:
    """Another configuration."""

    def change(site: Path) -> tuple[str, ...]:
        (site / ".medlint.yml").write_text(text)
        return ()

    return change


@pytest.mark.parametrize(
    "change",
    [
        settings("select: [CUR]\n"),
        settings("select: [CUR, SAF]\nignore: [CUR002]\n"),
        settings("select: [CUR, SAF]\nseverity: {CUR001: info}\n"),
        settings("select: [CUR, SAF]\njurisdictions: [us, uk]\n"),
        settings("select: [CUR, SAF]\npedantic: true\n"),
        settings("select: [CUR, SAF]\nrules: pack.yml\n"),
        settings("select: [CUR, SAF]\nclaims: claims.yml\n"),
        settings("select: [CUR, SAF]\nper-path: [{paths: ['*.md'], ignore: [CUR001]}]\n"),
        lambda site: ("--select", "CUR"),
        lambda site: ("--ignore", "SAF"),
        lambda site: ("--no-suppressions",),
        lambda site: ("--show-excused",),
        lambda site: ("--isolated",),
    ],
)
def test_other_settings_lint_everything_again(change: Change, site: Path, linted: list[str]) -> None:
    """Whatever can change what is found in a page makes its kept result useless."""
    check()
    linted.clear()
    check(*change(site))
    assert linted == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("option", ["--severity=error", "--fail-on=error", "--format=json", "--exit-zero", "--jobs=1"])
def test_what_only_shows_results_otherwise_uses_them(option: str, site: Path, linted: list[str]) -> None:
    """Thresholds and formats look at the same results."""
    check()
    linted.clear()
    assert check(option).exit_code in (0, 1)
    assert linted == []


def test_settings_of_one_path_touch_no_other(site: Path, linted: list[str]) -> None:
    """A page keeps its result when only the settings of another change."""
    check()
    linted.clear()
    (site / ".medlint.yml").write_text("select: [CUR, SAF]\nper-path: [{paths: [b.md], ignore: [CUR001]}]\n")
    check()
    assert linted == ["b.md"]


def test_a_changed_pack_and_a_changed_register_count(site: Path, linted: list[str]) -> None:
    """The files that settings name are part of the key, word by word."""
    (site / ".medlint.yml").write_text("select: [CUR, SAF]\nrules: pack.yml\nclaims: claims.yml\n")
    for name, text in (
        ("pack.yml", house_rule("weekend peel")),
        ("claims.yml", REGISTER.format(statement="Our infusion cures migraine.", expires="2099-06-30")),
    ):
        check()
        linted.clear()
        check()
        assert linted == []
        (site / name).write_text(text)
        check()
        assert linted == ["a.md", "b.md", "c.md"]


def test_the_day_counts_when_it_ends_an_approval(
    site: Path, linted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A result is good from day to day, until the approval of a claim has ended."""

    def on(year: int) -> str:
        class Day(date):
            @classmethod
            def today(cls) -> date:  # type: ignore[override]
                return date(year, 7, 1)

        monkeypatch.setattr(profiles, "date", Day)
        linted.clear()
        return check().output

    (site / ".medlint.yml").write_text("select: [CUR]\nclaims: claims.yml\n")
    (site / "claims.yml").write_text(REGISTER.format(statement=RISKY.strip(), expires="2031-06-30"))
    assert "3 approved" in on(2029)
    assert "3 approved" in on(2030) and linted == []
    assert "approval ended" in on(2031) and linted == ["a.md", "b.md", "c.md"]


@pytest.mark.parametrize("what", ["__version__", "code", "python"])
def test_another_medlint_lints_everything_again(
    what: str, site: Path, linted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Results of another version, other code or another Python are not used."""
    check()
    linted.clear()
    if what == "__version__":
        monkeypatch.setattr(contentkey, "__version__", "99.0")
    elif what == "code":
        monkeypatch.setattr(rulecache, "code_state", lambda: "edited")
    else:
        monkeypatch.setattr(sys, "version", "4.0")
    check()
    assert linted == ["a.md", "b.md", "c.md"]


def test_a_wrong_setting_is_said_whatever_is_kept(site: Path) -> None:
    """Kept results do not hide that a configuration is broken."""
    check()
    assert check("--select", "XYZ").exit_code == 2
    (site / ".medlint.yml").write_text("claims: gone.yml\n")
    assert check().exit_code == 2


@pytest.mark.parametrize("options", [(), ("--show-excused",), ("--jobs", "2"), ("--no-suppressions",)])
def test_the_second_run_prints_the_same_bytes(options: tuple[str, ...], tmp_path: Path) -> None:
    """Every format and every list says the same from kept results as from new ones, at any number of jobs."""

    def reports() -> dict[str, bytes]:
        formats = [f"--format={name}={tmp_path / name}" for name in FORMATS]
        shared = ("--cache-dir", tmp_path / "cache", "--claims", tmp_path / "claims.yml", "--unused-claims")
        result = check(ROOT / "seeds", *formats, *shared, *options)
        assert result.exit_code == 1
        return {name: (tmp_path / name).read_bytes() for name in FORMATS} | {"output": result.output_bytes}

    statement = "The vascular laser eliminates rosacea."
    (tmp_path / "claims.yml").write_text(REGISTER.format(statement=statement, expires="2099-01-01"))
    first = reports()
    assert len(entries(tmp_path / "cache")) > 5
    assert reports() == first


def test_kept_results_are_the_results(rulebook: Rulebook, tmp_path: Path) -> None:
    """What is read is equal to what was kept, down to the last field and type."""
    (tmp_path / "claims.yml").write_text(REGISTER.format(statement="It eliminates rosacea.", expires="2001-01-01"))
    register = load_register(tmp_path / "claims.yml", rulebook.vocabulary, date.today())
    linter = Linter(rulebook, register=register)
    cache, seen = ResultCache(tmp_path / "cache"), 0
    for file in sorted((ROOT / "seeds").iterdir()):
        format = format_for(file.name)
        if format is None:
            continue
        lint = linter.lint(read_document(file.name, file.read_bytes(), format))
        wanted = entry((file.name,), "state", file.read_bytes())
        cache.keep(wanted, lint, linter.rules)
        kept = cache.find(wanted, linter.rules, register.claims)
        assert repr(kept) == repr(lint)
        seen += len(lint.findings)
    assert seen > 30 and cache.notes == []


def test_a_run_that_finds_all_results_makes_no_rules_ready(site: Path) -> None:
    """Regexes, the prefilter and the readers stay unused and mostly unloaded."""
    check()
    listing = "import atexit, sys; atexit.register(lambda: print(*sys.modules, file=sys.stderr))"
    command = f"{listing}; from medlint.cli import main; main(['check', '.'])"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    unneeded = {"regex", "pyromark", "medlint.readers.markdown", "concurrent.futures", "tempfile"}
    assert sorted(unneeded & set(done.stderr.split())) == []


def test_one_page_has_one_entry(site: Path) -> None:
    """A changed page replaces its entry, so that the folder grows with the site and not with time."""
    for number in range(3):
        (site / "a.md").write_text(f"{RISKY}Version {number}.\n")
        check("a.md")
    assert len(entries(site / FOLDER)) == 1


# Where ---------------------------------------------------------------------------------------------------------------


def test_the_folder_lies_beside_the_configuration(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From any working directory results lie beside the configuration, without one in the working directory."""
    (site / "sub").mkdir()
    (site / "sub" / "d.md").write_text(RISKY)
    monkeypatch.chdir(site / "sub")
    check("d.md")
    assert len(entries(site / FOLDER)) == 1 and not (site / "sub" / FOLDER).exists()
    check("d.md", "--isolated")
    assert len(entries(site / "sub" / FOLDER)) == 1


def test_where_results_go_and_that_they_need_not(site: Path, linted: list[str]) -> None:
    """The flag weighs more than the variable; without a cache nothing is read or written."""
    check("--cache-dir", "one", MEDLINT_RESULTS_DIR="two")
    check(MEDLINT_RESULTS_DIR="two")
    linted.clear()
    check(MEDLINT_RESULTS_DIR="two")
    assert linted == []
    check(MEDLINT_RESULTS_DIR="two", MEDLINT_NO_CACHE="1")
    check("--no-cache", "--cache-dir", "one")
    check("--no-cache")
    assert len(linted) == 9
    assert (len(entries(site / "one")), len(entries(site / "two")), (site / FOLDER).exists()) == (3, 3, False)


def test_git_does_not_see_the_folder(site: Path) -> None:
    """The folder ignores itself and is marked as a cache for backups."""
    check()
    subprocess.run(["git", "init", "--quiet", "."], check=True)
    status = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all"], capture_output=True, text=True, check=True
    )
    assert FOLDER not in status.stdout and "a.md" in status.stdout
    assert (site / FOLDER / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55\n")


def test_a_folder_with_other_files_is_left_as_it_is(site: Path) -> None:
    """In somebody else's folder nothing is hidden from git and nothing is deleted but what is ours."""
    folder = site / "mine"
    folder.mkdir()
    for name in ("notes.json", "draft.tmp"):
        (folder / name).write_text("mine")
        os.utime(folder / name, (1, 1))
    check("--cache-dir", folder)
    assert len(entries(folder)) == 4
    assert sorted(each.name for each in folder.iterdir() if len(each.name) < 20) == ["draft.tmp", "notes.json"]


def test_entries_that_no_run_uses_go_after_a_month(site: Path, linted: list[str]) -> None:
    """What has lain unused for long is deleted, what is used stays however old it is."""
    check()
    (site / "c.md").unlink()
    old = time.time() - 40 * 24 * 3600
    for each in entries(site / FOLDER):
        os.utime(each, (old, old))
    (site / FOLDER / f"{'0' * 32}.abc.tmp").write_text("of a run that was killed")
    os.utime(site / FOLDER / f"{'0' * 32}.abc.tmp", (old, old))
    linted.clear()
    check()
    assert linted == []
    assert len(entries(site / FOLDER)) == 2 and not list((site / FOLDER).glob("*.tmp"))


# Damage --------------------------------------------------------------------------------------------------------------


def forged(change: Callable[[dict[str, object]], None]) -> Callable[[bytes], bytes]:
    """An entry with other content and a checksum that fits."""

    def forge(data: bytes) -> bytes:
        head, _, lines = data.partition(b"\n")
        values = json.loads(lines)
        change(values)
        changed = json.dumps(values).encode()
        digest = blake2b(len(changed).to_bytes(8, "little") + changed, digest_size=16).hexdigest()
        return head.split()[0] + f" {digest}\n".encode() + changed

    return forge


def in_finding(**values: object) -> Callable[[bytes], bytes]:
    """An entry whose first finding has other values."""
    return forged(lambda kept: kept["findings"][0].update(values))  # type: ignore[index]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b" ",
        lambda data: data.replace(b"migraine", b"mygraine"),
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"\x80\x04K\x01.",
        forged(lambda kept: kept.clear()),
        forged(lambda kept: kept.update(findings=None)),
        forged(lambda kept: kept.update(findings=[1])),
        forged(lambda kept: kept.update(stable_path=1)),
        forged(lambda kept: kept.update(excused=[[]])),
        forged(lambda kept: kept.update(suppressed=[[1, 2]])),
        forged(lambda kept: kept.update(approvals=[["approved", "nowhere:1"]])),
        in_finding(message=1),
        in_finding(code=["CUR001"]),
        in_finding(severity="fatal"),
        in_finding(start=[1]),
        in_finding(start=[1, "2"]),
        in_finding(context_start=1.5),
        in_finding(why=None),
        in_finding(sources=["x"]),
        in_finding(related=[[[1, 1], [1, 2], "m", 3]]),
        in_finding(__class__="os.system"),
    ],
)
def test_a_damaged_entry_is_ignored_with_a_note(
    damage: Callable[[bytes], bytes], site: Path, linted: list[str]
) -> None:
    """What is not exactly as medlint wrote it is not used; the page is linted again and its entry written anew."""
    first = check("a.md")
    (file,) = entries(site / FOLDER)
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    linted.clear()
    second = check("a.md")
    assert (second.exit_code, second.stdout) == (1, first.stdout)
    assert re.fullmatch(r"note: \S+\.json: damaged, so its file was linted again\n", second.stderr)
    assert (linted, file.read_bytes()) == (["a.md"], whole)


def test_a_forged_entry_shows_its_words_harmlessly(site: Path) -> None:
    """Text in a forged entry is text in a report, as that of the copy is."""
    check("a.md")
    (file,) = entries(site / FOLDER)
    file.write_bytes(in_finding(message="\x1b[2Jgone")(file.read_bytes()))
    result = check("a.md")
    assert "gone" in result.output and "\x1b" not in result.output


@pytest.mark.parametrize("obstacle", ["file", "read-only"])
def test_a_folder_that_cannot_be_written_costs_a_note(
    obstacle: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nothing can be kept the run is the same, at any number of jobs, and says so once."""
    first = check("--no-cache")
    if obstacle == "file":
        (site / FOLDER).write_text("not a folder")
    else:
        (site / FOLDER).mkdir()
        monkeypatch.setattr("tempfile.mkstemp", read_only)
    result = check()
    assert (result.exit_code, result.stdout) == (1, first.stdout)
    (note,) = result.stderr.splitlines()
    assert note.startswith("note: no results are kept: ") and "cannot be written" in note
    if obstacle == "file":
        assert check("--jobs", "2").stderr == result.stderr


def read_only(**_options: object) -> tuple[int, str]:
    """What a read-only file system answers, to an administrator too."""
    raise OSError(30, "Read-only file system")


def test_a_page_that_cannot_be_read_is_never_kept(site: Path) -> None:
    """Failures are met anew by every run."""
    (site / "a.md").write_bytes(b"\xff\xfe\xff")
    assert [check().exit_code, check().exit_code] == [2, 2]
    assert len(entries(site / FOLDER)) == 2


# Several at once, and an end -----------------------------------------------------------------------------------------


def medlint(*arguments: str, folder: Path) -> subprocess.Popen[bytes]:
    """A run as a process of its own."""
    command = [sys.executable, "-c", "from medlint.cli import run; run()", "check", *arguments]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_runs_at_once_do_not_disturb_each_other(site: Path) -> None:
    """Four runs over one folder report the same, and leave whole entries only."""
    for number in range(30):
        (site / f"page{number}.md").write_text(f"{RISKY}Page {number}.\n")
    runs = [medlint(".", "--jobs", jobs, folder=site) for jobs in ("1", "2", "1", "2")]
    done = [run.communicate() for run in runs]
    assert {run.returncode for run in runs} == {1}
    assert {errors for _, errors in done} == {b""}
    assert len({output for output, _ in done}) == 1
    assert len(entries(site / FOLDER)) == 33 and not list((site / FOLDER).glob("*.tmp"))
    assert check().output.encode() == done[0][0]


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_with_130(jobs: str, site: Path) -> None:
    """An interrupted run says so in one line, leaves no process and no half entry behind; what it kept is used."""
    for number in range(400):
        (site / f"page{number}.md").write_text("".join(f"{RISKY}Number {number} {line}.\n\n" for line in range(40)))
    command = [sys.executable, "-c", "from medlint.cli import run; run()", "check", ".", "--jobs", jobs]
    running = subprocess.Popen(
        command, cwd=site, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    while len(entries(site / FOLDER)) < 3 and running.poll() is None:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)  # a terminal tells all processes of a run
    output, errors = running.communicate(timeout=60)
    assert (running.returncode, output, errors.strip()) == (130, b"", b"interrupted")
    for _ in range(500):  # multiprocessing's own watcher ends a moment later
        try:
            os.killpg(running.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        pytest.fail("a process is left behind")
    assert not list((site / FOLDER).glob("*.tmp"))
    assert 3 <= len(entries(site / FOLDER)) < 403


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_is_for_long_runs_on_a_terminal(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal is shown how far a long run is, and nothing of it stays; a pipe and a short run are shown nothing."""
    import pty

    def told(moment: float) -> bytes:
        command = f"from medlint import cli; cli._MOMENT = cli._TICK = {moment}; cli.run()"
        reader, writer = pty.openpty()
        done = subprocess.run(
            [sys.executable, "-c", command, "check", ".", "-q"], stdout=subprocess.PIPE, stderr=writer, check=False
        )
        os.write(writer, b"END")
        os.close(writer)
        shown = os.read(reader, 65536)
        os.close(reader)
        assert done.returncode == 1 and b"linting" not in done.stdout
        return shown.removesuffix(b"END")

    assert told(1000) == b""
    shown = told(0)
    assert b"\rlinting 3 of 3" in shown and shown.endswith(b" \r")
    done = medlint(".", folder=site)
    assert done.communicate()[1] == b""


def test_a_cache_looks_at_nothing_but_its_entry(tmp_path: Path) -> None:
    """Without a folder nothing is found and nothing is made."""
    cache = ResultCache(tmp_path / "none")
    assert cache.find(Entry("0" * 32, "1" * 32), {}, ()) is None
    cache.prune()
    assert list(tmp_path.iterdir()) == []
