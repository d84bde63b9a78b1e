"""Files that are none, that change under the run or that nobody may look into: a run ends, and says which it was."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from medlint import cli, runner
from medlint.cache import FOLDER
from medlint.discovery import Discovery, FoundFile
from test_hostile import CLAIM, assert_harmless, desk, run

__all__ = ["desk"]  # the fixture: a working directory with one page, and one small rule

posix_only = pytest.mark.skipif(os.name == "nt", reason="no pipes, devices and links in folders")
pytestmark = posix_only

Plant = Callable[[Path], object]
ODD: dict[str, Plant] = {
    "pipe": lambda path: os.mkfifo(path),  # noqa: PLW0108 -- Windows has none
    "device": lambda path: path.symlink_to("/dev/zero"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "link to nothing": lambda path: path.symlink_to("gone"),
    "folder": lambda path: path.mkdir(),
}


in_any_odd_way = pytest.mark.parametrize("odd", ODD.values(), ids=ODD)


# In the place of what is read -----------------------------------------------------------------------------------------


@in_any_odd_way
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "odd.yml"),
        ("check", "page.md", "--config", "odd.yml"),
        ("check", "page.md", "--rules", "odd.yml"),
        ("check", "page.md", "--claims", "odd.yml"),
        ("check", "page.md", "--baseline", "odd.yml"),
        ("rules", "--check", "odd.yml"),
        ("explain", "OFR901", "--rules", "odd.yml"),
    ],
)
def test_what_is_named_but_no_file_is_an_error(arguments: tuple[str, ...], odd: Plant) -> None:
    """Nothing waits for a pipe or reads a device without end; the error names what was asked for."""
    odd(Path("odd.yml"))
    result = run(*arguments)
    assert_harmless(result)
    assert result.exit_code == 2
    assert "odd.yml" in result.output


@in_any_odd_way
@pytest.mark.parametrize("name", [".medlint.yml", "medlint.toml", "pyproject.toml"])
def test_a_configuration_that_cannot_be_read_is_not_passed_over(name: str, odd: Plant) -> None:
    """Its settings would have counted, so a run without them would say something else than was asked."""
    odd(Path(name))
    result = run("check", "page.md")
    assert_harmless(result)
    assert result.exit_code == 2
    assert f"{name}:1:1: cannot be read: " in result.output


# In the place of what is written --------------------------------------------------------------------------------------


UNWRITABLE: dict[str, Plant] = {name: ODD[name] for name in ("pipe", "link to itself", "folder")}
if Path("/dev/full").exists():
    UNWRITABLE["full disk"] = lambda path: path.symlink_to("/dev/full")


@pytest.mark.parametrize("plant", UNWRITABLE.values(), ids=UNWRITABLE)
@pytest.mark.parametrize("option", ["--output=out", "--format=sarif=out", "--write-baseline=out"])
def test_a_report_that_cannot_be_written_is_an_error(option: str, plant: Plant) -> None:
    """A pipe that nobody reads is not waited for, and a full disk is no report."""
    plant(Path("out"))
    result = run("check", "page.md", option)
    assert_harmless(result)
    assert result.exit_code == 2
    assert "error: out: cannot be written: " in result.output


@pytest.mark.parametrize("plant", UNWRITABLE.values(), ids=UNWRITABLE)
def test_a_job_summary_that_cannot_be_written_costs_a_note(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings are the answer, whatever becomes of the page about them."""
    plant(Path("out"))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "out")
    result = run("check", "page.md", "--format", "github=log.txt")
    assert_harmless(result)
    assert (result.exit_code, "note: no job summary: out: cannot be written: " in result.output) == (1, True)


def test_a_report_goes_to_a_pipe_that_somebody_reads(desk: Path) -> None:
    """`-o >(command)` is such a pipe; a reader may come late to its lines and loses none."""
    (desk / "page.md").write_text(CLAIM * 2_000)  # more than a pipe holds
    os.mkfifo("pipe")
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append((desk / "pipe").read_text()))
    reader.start()
    with (desk / "pipe").open("w"):  # so that the reader is there before the run
        result = run("check", "page.md", "--format", "concise", "-o", "pipe")
    reader.join(60)
    assert (result.exit_code, result.output) == (1, "")
    assert read[0].count("OFR901") == 2_000


# In the caches ---------------------------------------------------------------------------------------------------------


@in_any_odd_way
@pytest.mark.parametrize("folder", [FOLDER, "rules-cache"])
def test_what_is_no_file_in_a_cache_costs_time_only(
    folder: str, odd: Plant, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is the same as without a cache, in this run and the next."""
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(desk / "rules-cache"))
    arguments = ("check", "page.md", "--format", "concise")
    first = run(*arguments)
    for entry in (desk / folder).iterdir():
        entry.unlink()
        odd(entry)
    for _ in range(2):
        again = run(*arguments)
        assert_harmless(again)
        assert (again.exit_code, again.stdout) == (1, first.stdout)


def test_no_cache_is_written_through_a_link(desk: Path) -> None:
    """A folder that came with the copy may hold links; nothing is written where they lead."""
    (desk / FOLDER).mkdir()
    for name in (".gitignore", "CACHEDIR.TAG"):
        (desk / FOLDER / name).symlink_to(desk / "victim")
    assert run("check", "page.md").exit_code == 1
    entries = list((desk / FOLDER).glob("*.json"))
    assert (len(entries), (desk / "victim").exists()) == (1, False)

    entries[0].rename(desk / "victim")
    entries[0].symlink_to(desk / "victim")
    (desk / "victim").write_text("mine\n")
    assert run("check", "page.md").exit_code == 1
    assert ((desk / "victim").read_text(), entries[0].is_symlink()) == ("mine\n", False)


# Files that vanish or change ------------------------------------------------------------------------------------------


def replaced(plant: Plant) -> Plant:
    """What puts something else in the place of a file."""

    def replace(path: Path) -> None:
        path.unlink()
        plant(path)

    return replace


@pytest.mark.parametrize("change", [Path.unlink, *map(replaced, ODD.values())], ids=["gone", *ODD])
@pytest.mark.parametrize("cache", ["--no-cache", f"--cache-dir={FOLDER}"])
def test_a_file_that_is_gone_once_it_was_found(change: Plant, cache: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails by name, and its neighbours are linted."""
    Path("other.md").write_text(CLAIM)
    find = cli._discover

    def find_and_change(*arguments: object) -> Discovery:
        found = find(*arguments)  # type: ignore[arg-type]
        change(Path("page.md"))
        return found

    monkeypatch.setattr(cli, "_discover", find_and_change)
    result = run("check", ".", "--format", "concise", cache)
    assert_harmless(result)
    assert result.exit_code == 2
    assert "error: page.md: cannot be read: " in result.stderr
    assert result.stdout.startswith("other.md:1:3: OFR901")


def test_a_file_that_changes_while_it_is_linted_is_kept_as_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is kept is the result of the bytes that were read, not of those that were there a moment before."""
    read = runner._read

    def change_and_read(file: FoundFile, bench: runner._Bench) -> object:
        file.path.write_text("Nothing here.\n")
        return read(file, bench)

    with monkeypatch.context() as patched:
        patched.setattr(runner, "_read", change_and_read)
        assert run("check", "page.md").exit_code == 0
    assert run("check", "page.md").exit_code == 0
    Path("page.md").write_text(CLAIM)
    assert run("check", "page.md").exit_code == 1


# What nobody may look into --------------------------------------------------------------------------------------------


@pytest.fixture
def locked(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that may be neither listed nor entered, even by an administrator, to whom all is open."""
    folder = desk / "locked"
    folder.mkdir()
    for name in ("page.md", "house.yml"):
        (folder / name).write_text(CLAIM)

    def refused(call: str, listed: bool) -> Callable[..., object]:
        genuine = getattr(os, call)

        def refuse(path: object, *arguments: object, **options: object) -> object:
            parts = Path(str(path)).absolute().parts
            if "locked" in (parts if listed else parts[:-1]):
                raise PermissionError(13, "Permission denied", str(path))
            return genuine(path, *arguments, **options)

        return refuse

    for call in ("stat", "lstat", "open", "mkdir"):
        monkeypatch.setattr(os, call, refused(call, False))
    for call in ("scandir", "listdir"):
        monkeypatch.setattr(os, call, refused(call, True))


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("check", "."), 2, "error: locked: cannot be read: Permission denied"),
        (("check", "locked", "page.md"), 2, "error: locked: cannot be read: Permission denied"),
        (("check", "locked/page.md", "page.md"), 2, "error: locked/page.md: cannot be read: Permission denied"),
        (("check", "page.md", "--rules", "locked"), 2, "error: locked:1:1: cannot be read: Permission denied"),
        (("check", "page.md", "--rules", "locked/house.yml"), 2, "locked/house.yml:1:1: cannot be read: Permission"),
        (("check", "page.md", "--config", "locked/house.yml"), 2, "locked/house.yml:1:1: cannot be read: Permission"),
        (("check", "page.md", "--claims", "locked/house.yml"), 2, "locked/house.yml:1:1: cannot be read: Permission"),
        (("check", "page.md", "--baseline", "locked/house.yml"), 2, "locked/house.yml: cannot be read: Permission"),
        (("check", "page.md", "-o", "locked/out"), 2, "error: locked/out: cannot be written: Permission denied"),
        (("check", "page.md", "--cache-dir", "locked/deep"), 1, "note: no results are kept: locked/deep: cannot be"),
        (("rules", "--check", "locked"), 2, "error: locked:1:1: cannot be read: Permission denied"),
        (("rules", "--reference", "locked/deep"), 2, "error: locked/deep: cannot be written: Permission denied"),
    ],
)
@pytest.mark.usefixtures("locked")
def test_what_nobody_may_look_into_is_named(arguments: tuple[str, ...], code: int, said: str) -> None:
    """The error says what it was; where it was one path of several, the others are linted."""
    result = run(*arguments, "--format=concise") if arguments[0] == "check" else run(*arguments)
    assert_harmless(result)
    assert (result.exit_code, said in result.stderr) == (code, True), result.stderr
    if arguments[-1] in (".", "page.md"):
        assert "page.md:1:3: OFR901" in result.stdout


# Odd surroundings ------------------------------------------------------------------------------------------------------


SURROUNDINGS: dict[str, dict[str, str]] = {
    "ascii": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "no such locale": {"LC_ALL": "xx_XX.nonsense"},
    "turkish": {"LC_ALL": "tr_TR.UTF-8"},
    "latin": {"PYTHONIOENCODING": "latin-1"},
    "odd terminal": {"TERM": "nonsense", "COLUMNS": "-7", "LINES": "x"},
    "no path": {"PATH": ""},
}


@pytest.mark.parametrize("environment", SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_a_run_without_a_terminal_in_odd_surroundings(environment: dict[str, str], desk: Path) -> None:
    """Locale, home and terminal change nothing of what is found, in a session that has no terminal at all."""
    (desk / "Für Dich.md").write_text("Diät İ: our infusion cures migraine.\n", "utf-8")
    (desk / ".medlint.yml").write_text("ignore: [DOC] # für später\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from medlint.cli import run; run()", "check", ".", "--format", "concise"],
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, b"")
    first, summary = done.stdout.decode("latin-1").splitlines()
    assert ' CUR001 "cures migraine" says ' in first and ":1:22: " in first
    assert summary == "1 finding (1 error) in 1 of 2 files."


@pytest.mark.skipif(shutil.which("script") is None, reason="needs a terminal to be made")
@pytest.mark.parametrize("columns", ["1", "7", "0", "1000000"])
def test_a_terminal_of_any_width(columns: str, desk: Path) -> None:
    """A report fits or overflows; it does not crash."""
    (desk / "page.md").write_text("A page on which our infusion cures migraine and 治愈.\n", "utf-8")
    command = f"{sys.executable} -c 'from medlint.cli import run; run()' check page.md"
    done = subprocess.run(
        ["script", "-qec", command, os.devnull],
        env={**os.environ, "COLUMNS": columns, "TERM": "dumb", "SHELL": "/bin/sh"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    assert b"Traceback" not in done.stdout
