"""The command line: exit codes, what stands on which stream, and what must not get in anybody's way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from medlint import __version__, packs, regexes, rulebook, rulecache
from medlint.cli import main
from medlint.readers import text as text_reader
from medlint.reports import FOR_PEOPLE, FORMATS


def rule(code: str, word: str, severity: str = "warning", tier: str = "default", match: str = "") -> str:
    """A rule on a word that nobody uses."""
    return f"""
- code: {code}
  name: {word}-word
  severity: {severity}
  tier: {tier}
  {match or f"match: {word}"}
  excused_by: {{source: sentence}}
  message: '"{{match}}" is no word.'
  why: Nobody knows it.
  instead: Say something else.
  sources: [{{cite: House style, url: 'https://law.example/{word}'}}]
  bad: [A {word} a, The {word} a, One {word} aa]
  good: [A., B., C.]
"""


PACK = (
    rule("OFR901", "zork", "error")
    + rule("OFR902", "blorb", "{default: warning, au: error, uk: info}")
    + rule("OFR903", "quux", "info")
    + rule("OFR904", "frotz", "error", tier="pedantic")
    + rule("OFR905", "vlurp", "error", match="regex: ['vlurp (a|a)+$']")
)
BUNDLED = rule("CUR001", "gnusto") + rule("SAF001", "rezrov")
CLEAN = "We open at nine.\n"
ERROR, WARNING, INFO, PEDANTIC = "A zork here.\n", "A blorb here.\n", "A quux here.\n", "A frotz here.\n"


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's pack, in one place so that the cache of loaded rules serves all tests."""
    path = tmp_path_factory.getbasetemp() / "zork.yml"
    path.write_text(PACK)
    return path


@pytest.fixture(autouse=True)
def bundled(pack: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small rules in the place of the bundled ones, for runs inside this process."""
    folder = pack.parent / "bundled"
    if not folder.exists():
        folder.mkdir()
        (folder / "rules.yml").write_text(BUNDLED)
    for module in (packs, rulebook, rulecache):
        monkeypatch.setattr(module, "bundled_pack", lambda: folder)
    return folder


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Files with their folders."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def run(*arguments: str | Path, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Result:
    """A run of medlint inside this process."""
    return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin, env=environment)


def medlint(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """A run of medlint as a process of its own."""
    command = [sys.executable, "-c", "from medlint.cli import main; main(prog_name='medlint')", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=60, **options)


# Exit codes ----------------------------------------------------------------------------------------------------------

LATIN = "caf\xe9".encode("latin-1")
CASES: dict[str, tuple[dict[str, str | bytes], str, int]] = {
    "clean": ({"a.md": CLEAN}, ".", 0),
    "an error": ({"a.md": ERROR}, ".", 1),
    "a warning": ({"a.md": WARNING}, ".", 1),
    "an info": ({"a.md": INFO}, ".", 0),
    "pedantic and not asked for": ({"a.md": PEDANTIC}, ".", 0),
    "pedantic": ({"a.md": PEDANTIC}, ". --pedantic", 1),
    "one file of many": ({"a.md": CLEAN, "b.txt": CLEAN, "c/d.html": ERROR}, ".", 1),
    "no path means here": ({"a.md": ERROR}, "", 1),
    "a file by name": ({"a.md": ERROR, "b.md": CLEAN}, "b.md", 0),
    "error, fail on error": ({"a.md": ERROR}, ". --fail-on error", 1),
    "warning, fail on error": ({"a.md": WARNING}, ". --fail-on error", 0),
    "info, fail on info": ({"a.md": INFO}, ". --fail-on info", 1),
    "exit zero": ({"a.md": ERROR}, ". --exit-zero", 0),
    "ignored": ({"a.md": ERROR}, ". --ignore OFR901", 0),
    "another selected": ({"a.md": ERROR}, ". --select cure,OFR902", 0),
    "selected": ({"a.md": ERROR}, ". --select CUR --select OFR9", 1),
    "heavier elsewhere": ({"a.md": WARNING}, ". --fail-on error --jurisdiction au", 1),
    "lighter elsewhere": ({"a.md": WARNING}, ". --jurisdiction uk", 0),
    "the strictest of several": ({"a.md": WARNING}, ". --fail-on error --jurisdiction us --jurisdiction au", 1),
    "excused": ({"a.md": "A blorb ([Doe 2020](https://doe.example/paper)).\n"}, ".", 0),
    "an undecodable file": ({"a.md": LATIN}, ".", 2),
    "an undecodable file among others": ({"a.md": CLEAN, "b.md": LATIN, "c.md": CLEAN}, ".", 2),
    "an undecodable file and a finding": ({"a.md": ERROR, "b.md": LATIN}, ".", 2),
    "exit zero hides no failure": ({"a.md": ERROR, "b.md": LATIN}, ". --exit-zero", 2),
    "a PDF by another name": ({"a.txt": b"%PDF-1.7 ..."}, ".", 2),
    "a missing file": ({"a.md": CLEAN}, "a.md b.md", 2),
    "an unknown format by name": ({"a.css": CLEAN}, "a.css", 2),
    "an invalid exclude": ({"a.md": CLEAN}, ". --exclude !", 2),
    "an unknown format beside": ({"a.css": CLEAN, "a.md": CLEAN}, ".", 0),
}
REFUSED: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    "nothing to lint": (
        {"a.css": CLEAN},
        ".",
        "nothing to lint in .: no file of a known format; --show-files says why",
    ),
    "an empty folder": ({"a/b.css": ""}, "a", "nothing to lint in a:"),
    "nothing to lint, exit zero": ({}, ". --exit-zero", "nothing to lint"),
    "unknown option": ({"a.md": CLEAN}, ". --fail-un error", "Did you mean '--fail-on'?"),
    "unknown level": ({"a.md": CLEAN}, ". --fail-on fatal", "'fatal' is not one of 'error', 'warning', 'info'"),
    "unknown place": ({"a.md": CLEAN}, ". --jurisdiction mars", "'mars' is not one of"),
    "unknown code": (
        {"a.md": CLEAN},
        ". --select OFR909",
        "no rule or category is called 'OFR909'; did you mean 'OFR90",
    ),
    "unknown category": (
        {"a.md": CLEAN},
        ". --ignore CUR,safty",
        "no rule or category is called 'safty'; did you mean 'safety'?",
    ),
    "unknown code, exit zero": (
        {"a.md": CLEAN},
        ". --exit-zero --ignore X",
        "no rule or category is called 'X'; expected one of",
    ),
    "missing pack": ({"a.md": CLEAN}, ". --rules none.yml", "none.yml:1:1: no such file or folder"),
    "stdin among files": ({"a.md": CLEAN}, "- a.md", "'-' (standard input) cannot be mixed with paths"),
}


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(("files", "arguments", "code"), CASES.values(), ids=CASES)
def test_exit_codes(
    files: dict[str, str | bytes], arguments: str, code: int, format_name: str, pack: Path, desk: Path
) -> None:
    """0 is clean, 1 means findings, 2 that the job could not be done: the same in every format."""
    write(desk, files)
    result = run("check", *arguments.split(), "--rules", pack, "--format", format_name)
    assert result.exit_code == code, result.output
    if format_name == "json":
        report = json.loads(result.stdout)
        assert (code == 2) == bool(report["errors"])


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(("files", "arguments", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_done_is_said(
    files: dict[str, str | bytes], arguments: str, message: str, format_name: str, pack: Path, desk: Path
) -> None:
    """A run that cannot start says why on standard error, prints no report, and ends with 2 in every format."""
    write(desk, files)
    result = run("check", *arguments.split(), "--rules", pack, "--format", format_name)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


def test_a_broken_pack_ends_the_run(desk: Path) -> None:
    """A pack that does not load is an error at its place, which `--exit-zero` does not hide; nothing is linted."""
    write(desk, {"a.md": CLEAN, "own.yml": "- code: X\n"})
    result = run("check", ".", "--rules", "own.yml", "--exit-zero", "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "error: own.yml:1:3: the rule has no 'name': kebab-case; reads well after 'allow'\n"
        "     1 | - code: X\n       |   ^\n"
    )


@pytest.mark.parametrize("format_name", ["xml", ""])
def test_unknown_format(format_name: str, desk: Path) -> None:
    """An output format that does not exist is a usage error."""
    assert run("check", ".", "--format", format_name).exit_code == 2


def test_good_files_are_linted_beside_bad_ones(pack: Path, desk: Path) -> None:
    """Each bad file is named with its reason on standard error, and the findings of the good ones are reported."""
    write(desk, {"a.md": ERROR, "b.md": LATIN, "c.html": b"\x89PNG\r\n", "d.txt": WARNING})
    result = run("check", ".", "no.md", "own.css", "--rules", pack, "--format", "concise")
    assert result.stdout.splitlines() == [
        'a.md:1:3: OFR901 "zork" is no word.',
        'd.txt:1:3: OFR902 "blorb" is no word.',
        "2 findings (1 error, 1 warning) in 2 of 2 files; 4 files could not be read.",
    ]
    assert sorted(result.stderr.splitlines()) == [
        "error: b.md: not UTF-8: byte 0xe9 at line 1; save the file as UTF-8",
        "error: c.html: not text: this is a PNG image; save the copy as text, Markdown or HTML",
        "error: no.md: no such file or folder",
        "error: own.css: no such file or folder",
    ]


def test_a_defect_in_one_file_does_not_stop_the_others(pack: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Should a reader fail on a file, the others are linted all the same and the run ends with 2."""

    def fail(_: object) -> None:
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(text_reader, "read", fail)
    write(desk, {"a.txt": ERROR, "b.md": ERROR})
    result = run("check", ".", "--rules", pack, "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, [finding["path"] for finding in report["findings"]]) == (2, ["b.md"])
    assert report["errors"] == [
        {"path": "a.txt", "message": "internal error, please report it: ZeroDivisionError: oops"}
    ]


def test_a_catastrophic_regex_of_a_users_pack_is_an_error(
    pack: Path, desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pattern that would run for ages fails the file it met, by name, and the others are linted."""
    monkeypatch.setattr(regexes, "TIME_LIMIT", 0.05)
    write(desk, {"a.txt": "vlurp " + "a" * 1500 + "! b", "b.txt": "A vlurp aa"})
    result = run("check", ".", "--rules", pack, "--format", "json")
    report = json.loads(result.stdout)
    assert (result.exit_code, [finding["text"] for finding in report["findings"]]) == (2, ["vlurp aa"])
    (error,) = report["errors"]
    assert error["path"] == "a.txt"
    assert "the regex of rule OFR905 ran longer than 0.05 s" in error["message"]
    assert f"({pack}:" in error["message"]


# What is shown -------------------------------------------------------------------------------------------------------


def concise(*arguments: str | Path, stdin: bytes = b"") -> list[str]:
    """The lines of a run in the concise format."""
    return run("check", *arguments, "--format", "concise", stdin=stdin).stdout.splitlines()


def test_severity_shows_from_a_level_up(pack: Path, desk: Path) -> None:
    """`--severity` holds back what weighs less, and the summary says how much that is."""
    write(desk, {"a.md": ERROR + WARNING + INFO + PEDANTIC})
    shown = {level: concise(".", "--rules", pack, "--severity", level) for level in ("info", "warning", "error")}
    assert {level: [line.split()[1] for line in lines[:-1]] for level, lines in shown.items()} == {
        "info": ["OFR901", "OFR902", "OFR903"],
        "warning": ["OFR901", "OFR902"],
        "error": ["OFR901"],
    }
    assert shown["error"][-1] == "1 finding (1 error) in 1 of 1 file; 2 below error, 1 pedantic hidden."


def test_statistics_count_per_rule(pack: Path, desk: Path) -> None:
    """`--statistics` counts findings per rule, the most frequent first, in text and beside the findings in JSON."""
    write(desk, {"a.md": ERROR, "b.md": WARNING * 3})
    assert concise(".", "--rules", pack, "--statistics", "-q") == [
        "3  OFR902  blorb-word",
        "1  OFR901  zork-word",
        "4  total",
    ]
    report = json.loads(run("check", ".", "--rules", pack, "--statistics", "--format", "json").stdout)
    assert len(report["findings"]) == 4
    assert [(row["count"], row["code"]) for row in report["statistics"]] == [(3, "OFR902"), (1, "OFR901")]


def test_quiet_and_verbose(pack: Path, desk: Path) -> None:
    """`-q` leaves the summary out, `-v` adds the law."""
    write(desk, {"a.md": ERROR})
    plain, quiet, verbose = (run("check", ".", "--rules", pack, *flags).stdout for flags in ([], ["-q"], ["-v"]))
    assert "1 finding (1 error) in 1 of 1 file." in plain
    assert "1 finding" not in quiet
    assert ("https://law.example/zork" in verbose, "https://law.example/zork" in plain) == (True, False)


def test_jurisdiction_changes_the_severity(pack: Path, desk: Path) -> None:
    """The same words weigh as the law of the place says."""
    write(desk, {"a.md": WARNING})
    severities = {
        places: json.loads(run("check", ".", "--rules", pack, "--format", "json", *places.split()).stdout)["findings"][
            0
        ]["severity"]
        for places in (
            "",
            "--jurisdiction us",
            "--jurisdiction au",
            "--jurisdiction uk",
            "--jurisdiction us --jurisdiction au",
        )
    }
    assert list(severities.values()) == ["warning", "warning", "error", "info", "error"]


def test_show_files(desk: Path) -> None:
    """`--show-files` lists what would be linted and why the rest is not, reads no rules and lints nothing."""
    write(
        desk,
        {
            "a.md": ERROR,
            "b.css": "",
            "c/d.html": LATIN,
            ".hidden.md": "",
            "node_modules/x.md": "",
            "own.yml": "- [\n",
            "e.MD": "",
        },
    )
    result = run("check", ".", "--show-files", "--rules", "own.yml")
    assert (result.exit_code, result.stderr) == (0, "")
    assert sorted(result.stdout.splitlines()) == [
        ".hidden.md: not linted: hidden",
        "a.md",
        'b.css: not linted: unknown format ".css"',
        "c/d.html",
        "e.MD",
        "node_modules: not linted: holds dependencies",
        "own.yml: not linted: .yml files are read where they are named, or listed under 'strings' in a configuration",
    ]
    assert run("check", "nowhere", "--show-files").exit_code == 2


def test_drafts_that_are_not_read(pack: Path, desk: Path) -> None:
    """A named one is an error with the way out; those in a folder are one note per format, unless they are excluded."""
    write(desk, {"a.md": CLEAN, "b.rtf": ERROR, "c/d.rtf": ERROR, "e.adoc": ERROR, "f.png": "", "g.doc": ERROR})
    write(desk, {".medlint.yml": "exclude: [g.doc]\n"})
    rtf = 'unknown format ".rtf"; save it as .docx and lint that'
    result = run("check", "b.rtf", "a.md", "--rules", pack)
    assert (result.exit_code, result.stderr) == (2, f"error: b.rtf: {rtf}\n")

    note = f"note: b.rtf and 1 more: not linted: {rtf}\n"
    result = run("check", ".", "--rules", pack)
    assert (result.exit_code, result.stdout) == (0, "No findings in 1 file.\n")
    adoc = result.stderr.removeprefix(note)
    assert adoc.startswith('note: e.adoc: not linted: unknown format ".adoc"; convert it with "asciidoctor -b html5"')
    assert run("check", ".", "--rules", pack, "--exclude", "*.rtf").stderr == adoc

    result = run("check", "-", "--stdin-filename", "b.rtf", "--rules", pack, stdin=ERROR.encode())
    assert (result.exit_code, result.stderr) == (
        2,
        "error: b.rtf: unknown format (.rtf); save it as .docx and lint that\n",
    )


def test_exclude(pack: Path, desk: Path) -> None:
    """Excluded files in folders are passed over; one that is named is linted unless `--force-exclude`."""
    write(desk, {"a.md": ERROR, "old/b.md": ERROR, ".gitignore": "c.md\n", "c.md": ERROR})

    def paths(*arguments: str) -> list[str]:
        return [line.partition(":")[0] for line in concise(*arguments, "--rules", pack, "-q")]

    assert paths(".") == ["a.md", "old/b.md"]
    assert paths(".", "--exclude", "old/") == ["a.md"]
    assert paths("old/b.md", "a.md", "c.md", "--exclude", "old/") == ["a.md", "c.md", "old/b.md"]
    assert paths("old/b.md", "a.md", "c.md", "--exclude", "old/", "--force-exclude") == ["a.md"]


def test_show_excused(pack: Path, desk: Path) -> None:
    """`--show-excused` says on standard error which matches were excused, by what and where."""
    write(desk, {"a.md": "A [blorb](https://doe.example/paper) here.\n\nA zork (Doe 2020).\n"})
    result = run("check", ".", "--rules", pack, "--show-excused")
    assert (result.exit_code, result.stdout) == (0, "No findings in 1 file.\n")
    assert [line.partition(" by ")[0] for line in result.stderr.splitlines()] == [
        'a.md:1:4: OFR902 "blorb" excused (source)',
        'a.md:3:3: OFR901 "zork" excused (source)',
    ]
    assert run("check", ".", "--rules", pack).stderr == ""


# Output --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_name", FORMATS)
def test_output_goes_to_a_file(format_name: str, pack: Path, desk: Path) -> None:
    """With `-o` the report is in the file and standard output stays empty."""
    write(desk, {"a.md": ERROR, "report": "old " * 1000})
    printed = run("check", "a.md", "--rules", pack, "--format", format_name)
    result = run("check", "a.md", "--rules", pack, "--format", format_name, "-o", "report")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")
    assert (desk / "report").read_bytes() == printed.stdout_bytes


@pytest.mark.parametrize(
    "arguments",
    ["a.md --select XYZ", "a.md --rules none.yml", "a.md --fail-on fatal", "empty", "- a.md", "a.md --color sometimes"],
)
def test_a_failed_run_leaves_the_output_file_alone(arguments: str, desk: Path) -> None:
    """The report of the last run is not lost to a run that could not do its job."""
    write(desk, {"a.md": ERROR, "empty/x.css": "", "report.txt": "the last report"})
    assert run("check", *arguments.split(), "-o", "report.txt").exit_code == 2
    assert (desk / "report.txt").read_text() == "the last report"


def test_an_output_file_that_cannot_be_written(pack: Path, desk: Path) -> None:
    """A report that cannot be written is a failure, whatever was found."""
    write(desk, {"a.md": CLEAN, "folder/x.css": ""})
    for target in ("folder", "nowhere/report.txt"):
        result = run("check", "a.md", "--rules", pack, "-o", target)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"error: {target}: cannot be written: ")


def test_the_output_is_the_same_from_another_folder(pack: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where medlint is run from changes the paths in the report and nothing else."""
    write(desk, {"site/content/a.md": ERROR + "\n" + WARNING, "site/content/b/c.html": ERROR, "other/x.css": ""})
    reports = []
    for folder, path in (
        (".", "site/content"),
        ("site", "content"),
        ("site/content", "."),
        ("other", str(desk / "site/content")),
    ):
        monkeypatch.chdir(desk / folder)
        report = json.loads(run("check", path, "--rules", pack, "--format", "json").stdout)
        for finding in report["findings"]:
            assert (desk / folder / finding["path"]).is_file()
            finding["path"] = str((desk / folder / finding["path"]).resolve())
            del finding["fingerprint"]  # names the path
        reports.append(report)
    assert len(reports[0]["findings"]) == 3
    assert reports == reports[:1] * 4


def test_two_runs_print_the_same(pack: Path, desk: Path) -> None:
    """Whatever the order of Python's sets, the report is the same to the byte."""
    seeds = Path(__file__).parents[1] / "seeds"
    outputs = [
        medlint("check", seeds, "--format", "json", env={**os.environ, "PYTHONHASHSEED": seed}) for seed in ("1", "2")
    ]
    assert {done.returncode for done in outputs} == {1}
    assert len({done.stdout for done in outputs}) == 1


# Standard input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stdin", "code", "found"),
    [
        (None, "A zork.", 1, "stdin.txt:1:3"),
        ("page.md", "A *zork*.", 1, "page.md:1:4"),
        ("page.txt", "<b>A zork</b>", 1, "page.txt:1:6"),
        ("drafts/page.HTML", "<p title='A zork'>x</p>", 1, "drafts/page.HTML:1:13"),
        ("page.html", "<!-- A zork -->", 0, None),
        ("page.md", "", 0, None),
        ("page.css", "A zork.", 2, None),
        ("page", "A zork.", 2, None),
    ],
)
def test_standard_input(name: str | None, stdin: str, code: int, found: str | None, pack: Path, desk: Path) -> None:
    """`-` reads standard input, as the format of the name it is given, which need not exist."""
    named = ("--stdin-filename", name) if name else ()
    result = run("check", "-", *named, "--rules", pack, "--format", "concise", stdin=stdin.encode())
    assert result.exit_code == code
    places = re.findall(r"^(\S+:\d+:\d+): OFR901", result.stdout, re.M)
    assert places == ([found] if found else [])
    if code == 2:
        assert f"error: {name}: unknown format (" in result.stderr
        assert "; medlint reads .txt, " in result.stderr


def test_undecodable_standard_input(pack: Path, desk: Path) -> None:
    """Bytes that are no text are an error from standard input, too."""
    result = run("check", "-", "--rules", pack, stdin=LATIN)
    assert (result.exit_code, result.stderr) == (
        2,
        "error: stdin.txt: not UTF-8: byte 0xe9 at line 1; save the file as UTF-8\n",
    )


# Colour --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flag", "environment", "colored"),
    [
        ("auto", {}, False),
        ("always", {}, True),
        ("never", {}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": ""}, False),
        ("auto", {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": "", "FORCE_COLOR": "1"}, True),
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"CI": "true", "GITHUB_ACTIONS": "true", "TERM": "xterm-256color"}, False),
    ],
)
@pytest.mark.parametrize("format_name", FORMATS)
def test_colour(
    flag: str, environment: dict[str, str], colored: bool, format_name: str, pack: Path, desk: Path
) -> None:
    """The flag decides, then NO_COLOR, then FORCE_COLOR; without a terminal no colour, and machines never see any."""
    write(desk, {"a.md": ERROR})
    result = run("check", ".", "--rules", pack, "--color", flag, "--format", format_name, environment=environment)
    assert ("\x1b[" in result.stdout) == (colored and format_name in FOR_PEOPLE - {"github"})


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(
    ("flag", "environment", "colored"),
    [("auto", {}, True), ("never", {}, False), ("auto", {"NO_COLOR": "1"}, False)],
)
def test_colour_on_a_terminal(flag: str, environment: dict[str, str], colored: bool, desk: Path) -> None:
    """On a terminal the report is coloured and its codes are links, unless somebody minds."""
    import pty

    write(desk, {"a.md": "Our infusion cures migraine.\n"})
    ours, theirs = pty.openpty()
    command = f"from medlint.cli import main; main(['check', 'a.md', '--color', {flag!r}])"
    done = subprocess.run(
        [sys.executable, "-c", command],
        stdout=theirs,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
        check=False,
    )
    os.close(theirs)
    printed = os.read(ours, 65536)
    os.close(ours)
    assert (done.returncode, done.stderr) == (1, b"")
    assert (b"\x1b[" in printed, b"\x1b]8;;http" in printed) == (colored, colored)


# Other commands ------------------------------------------------------------------------------------------------------


def test_rules_lists_every_rule(pack: Path) -> None:
    """`rules` prints a line per rule in order: code, category, severities, name."""
    lines = run("rules", "--rules", pack).stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert [" ".join(line.split()) for line in lines if "OFR90" in line] == [
        "OFR901 offer error zork-word",
        "OFR902 offer warning/error/info blorb-word",
        "OFR903 offer info quux-word",
        "OFR904 offer error frotz-word (pedantic)",
        "OFR905 offer error vlurp-word",
    ]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ("--select OFR903,CUR", "CUR001 OFR903"),
        ("--category offer --ignore OFR9", ""),
        ("--category offer --ignore OFR901,OFR902,OFR903", "OFR904 OFR905 OFR906"),
        ("--category safety --category cure", "CUR001 SAF001"),
        ("--tier pedantic", "OFR904"),
        ("--tier default --select OFR", "OFR901 OFR902 OFR903 OFR905 OFR906"),
        ("--jurisdiction uk --select OFR", "OFR901 OFR902 OFR903 OFR904 OFR905 OFR906"),
        ("--jurisdiction us --jurisdiction ie --select OFR905,OFR906", "OFR905"),
        ("--jurisdiction us --tier pedantic --select cure", ""),
    ],
)
@pytest.mark.parametrize("format_name", ["text", "json"])
def test_rules_are_filtered(options: str, codes: str, format_name: str, pack: Path, desk: Path) -> None:
    """Selectors, jurisdictions and tier narrow the list, in either format."""
    write(desk, {"uk.yml": rule("OFR906", "plugh").replace("  tier:", "  jurisdictions: uk\n  tier:")})
    result = run("rules", "--rules", pack, "--rules", "uk.yml", "--format", format_name, *options.split())
    assert result.exit_code == 0
    listed = [each["code"] for each in json.loads(result.stdout)["rules"]] if format_name == "json" else [
        line.split()[0] for line in result.stdout.splitlines()]  # fmt: skip
    assert " ".join(listed) == codes


def test_rules_show_the_severity_in_a_jurisdiction(pack: Path, desk: Path) -> None:
    """With jurisdictions the list shows the strictest severity there, and where else a rule does not hold."""
    write(desk, {"uk.yml": rule("OFR906", "plugh").replace("  tier:", "  jurisdictions: [uk, au]\n  tier:")})
    arguments = ("rules", "--rules", pack, "--rules", "uk.yml", "--select", "OFR902,OFR906")
    for places, expected in {
        "uk": ["OFR902 offer info blorb-word", "OFR906 offer warning plugh-word (only in uk, au)"],
        "uk au": ["OFR902 offer error blorb-word", "OFR906 offer warning plugh-word (only in uk, au)"],
        "us": ["OFR902 offer warning blorb-word"],
    }.items():
        options = [option for place in places.split() for option in ("--jurisdiction", place)]
        assert [" ".join(line.split()) for line in run(*arguments, *options).stdout.splitlines()] == expected


def test_rules_as_json(pack: Path) -> None:
    """A rule in JSON is what `explain` tells, its sources with their marks."""
    result = run("rules", "--rules", pack, "--select", "OFR902", "--format", "json")
    assert json.loads(result.stdout) == {
        "version": 1,
        "rules": [
            {
                "code": "OFR902",
                "name": "blorb-word",
                "category": "offer",
                "tier": "default",
                "severity": {"default": "warning", "au": "error", "uk": "info"},
                "jurisdictions": [],
                "message": '"{match}" is no word.',
                "why": "Nobody knows it.",
                "instead": "Say something else.",
                "excused_by": [
                    "being hypothetical, negated, question, reported",
                    "a source that a reader can follow, in the same sentence",
                ],
                "softened_by": [],
                "sources": [
                    {"cite": "House style", "url": "https://law.example/blorb", "jurisdiction": "", "checked": True}
                ],
                "precedent": [],
                "bad": ["A blorb a", "The blorb a", "One blorb aa"],
                "good": ["A.", "B.", "C."],
                "todo_bad": [],
                "todo_good": [],
            }
        ],
    }


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--select OFF", "no rule or category is called 'OFF'; did you mean 'OFR'?"),
        ("--category offers", "no rule or category is called 'offers'; did you mean 'offer'?"),
        ("--jurisdiction mars", "'mars' is not one of 'us', 'uk'"),
        ("--check own --select OFR", "--check looks at a whole pack"),
        ("--check own --format json", "--check looks at a whole pack"),
        ("--check own --reference docs", "--check looks at a whole pack"),
    ],
)
def test_rules_refuse_what_they_do_not_know(options: str, message: str, pack: Path) -> None:
    """A selector that names nothing, and options that do not go together, are usage errors."""
    result = run("rules", "--rules", pack, *options.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_rules_write_their_reference(pack: Path, desk: Path) -> None:
    """`--reference` writes a page per category of the rules that are chosen, and the list of pages."""
    result = run("rules", "--rules", pack, "--select", "OFR,CUR", "--reference", "docs/rules")
    assert (result.exit_code, result.stdout) == (0, "")
    pages = {path.name: path.read_text() for path in (desk / "docs/rules").iterdir()}
    assert sorted(pages) == ["README.md", "cure.md", "offer.md"]
    assert "## OFR902 blorb-word" in pages["offer.md"]
    assert run("rules", "--reference", "docs/rules/cure.md/x").exit_code == 2


def test_a_good_pack_passes_its_check(desk: Path) -> None:
    """`rules --check` runs the examples of the pack's own rules."""
    write(desk, {"one.yml": rule("OFR901", "zork"), "two.yml": rule("OFR901", "zork") + rule("OFR902", "blorb")})
    one, two = run("rules", "--check", "one.yml"), run("rules", "--check", "two.yml")
    assert (one.exit_code, one.stdout) == (0, "1 rule, 0 problems\n")
    assert (two.exit_code, two.stdout) == (0, "2 rules, 0 problems\n")


def test_a_pack_whose_examples_do_not_hold(desk: Path) -> None:
    """`rules --check` names each problem at its line, shows the line, and ends with 1."""
    write(desk, {"own/a.yml": rule("OFR901", "zork").replace("One zork aa", "One more").replace("[A.,", "[One zork.,")})
    result = run("rules", "--check", "own")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "own/a.yml:12:31: OFR901 does not flag its bad example: One more",
        "    12 |   bad: [A zork a, The zork a, One more]",
        "       |                               ^",
        "own/a.yml:13:10: OFR901 flags its good example: One zork.",
        "    13 |   good: [One zork., B., C.]",
        "       |          ^",
        "1 rule, 2 problems",
    ]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"own.yml": "- code: HYP1\n"}, "error: own.yml:1:3: the rule has no 'name'"),
        ({"own.yml": PACK.replace("severity: info", "severity: inf")}, "severity is 'inf'; did you mean 'info'?"),
        ({"own.yml": LATIN}, "error: own.yml:1:1: not UTF-8 at byte 3"),
        ({}, "error: own.yml:1:1: no such file or folder"),
        ({"own.yml": PACK.replace("OFR903", "CUR001")}, "code CUR001 is defined twice"),
    ],
)
def test_a_broken_pack_fails_its_check(files: dict[str, str | bytes], message: str, desk: Path) -> None:
    """`rules --check` on a pack that does not load says where and ends with 2."""
    write(desk, files)
    result = run("rules", "--check", "own.yml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_explain(pack: Path) -> None:
    """`explain` tells all of a rule: severities, why, wording that passes, examples, what excuses it, sources."""
    result = run("explain", "OFR902", "--rules", pack)
    assert result.exit_code == 0
    for part in (
        "OFR902 blorb-word\n",
        "category: offer; severity: warning, error in au, info in uk\n",
        "The phrase is no word.",
        "Why: Nobody knows it.",
        "Instead: Say something else.",
        "  - One blorb aa",
        "  - C.",
        "a source that a reader can follow",
        "House style <https://law.example/blorb>",
        "Phrases:\n  - blorb",
        "Accept a finding in the copy: <!-- medlint: ignore[OFR902] reason -->",
        f"Written in: {pack}:15",
    ):
        assert part in result.stdout


EVERYTHING = """
- code: OFR907
  name: plugh-word
  severity: {default: info, uk: error, ie: error, au: warning}
  tier: pedantic
  jurisdictions: [uk, ie]
  match: no plugh
  regex: ['plugh(y|ish)']
  polarity: denial
  senses: plugh tree
  unless: hollow
  along: voice
  answers: which word
  excused_by: {assertion: negated, risk: paragraph}
  softened_by: {half_source: page}
  message: 'It says "{match}".'
  why: Nobody knows it.
  instead: Say something else.
  sources:
    - {cite: Act, url: 'https://law.example/act', in: uk, checked: false}
    - {cite: Code}
  precedent: [{cite: A case, checked: false}]
  bad: [Which word? No plugh voice., Which word? A voice says plughy., Which word? The voice is plughish.]
  good: [A., B., C.]
  todo_bad: [Plughs.]
  todo_good: ['Plughy, said the voice.']
"""


def test_explain_tells_everything(desk: Path) -> None:
    """Each key of a rule has its place, and a source that nobody has read is marked."""
    write(desk, {"own.yml": EVERYTHING})
    assert (
        run("explain", "OFR907", "--rules", "own.yml").stdout
        == """\
OFR907 plugh-word
category: offer; severity: info, error in uk, ie, warning in au; holds in uk, ie; pedantic (off unless asked for)

It says the phrase.

Why: Nobody knows it.
Instead: Say something else.

Flagged:
  - Which word? No plugh voice.
  - Which word? A voice says plughy.
  - Which word? The voice is plughish.

Left alone:
  - A.
  - B.
  - C.

Missed so far:
  - Plughs.

Flagged in error so far:
  - Plughy, said the voice.

Excused by:
  - being negated
  - a concrete harm named in the same paragraph

Softened to info by:
  - a named body without year or link, in the same page

Notes:
  - a negation is part of the claim and does not excuse it

Sources:
  - Act [uk] (not checked at its source) <https://law.example/act>
  - Code

Precedent:
  - A case (not checked at its source)

Phrases:
  - no plugh

Regular expressions:
  - plugh(y|ish)

Only beside, in the same sentence or before it:
  - voice

Only as the answer to:
  - which word

Passed over as innocent:
  - plugh tree

Passed over in a sentence with:
  - hollow

Accept a finding in the copy: <!-- medlint: ignore[OFR907] reason -->
Written in: own.yml:2
"""
    )


def test_explain_takes_several_codes_in_any_case() -> None:
    """Codes may be written small, and each is explained in the order asked for."""
    result = run("explain", "saf001", "CUR001")
    assert result.exit_code == 0
    assert re.findall(r"^([A-Z]{3}\d{3}) [a-z-]+$", result.stdout, re.M) == ["SAF001", "CUR001"]


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["CUR011"], "no rule is called 'CUR011'; did you mean 'CUR001'?"),
        (["XYZ999"], "no rule is called 'XYZ999'; expected one of CUR001, SAF001"),
        (["CUR001", "cur0"], "no rule is called 'cur0'; did you mean 'CUR0"),
        (["cure"], "no rule is called 'cure'; "),
        ([], "Missing argument 'CODE...'"),
    ],
)
def test_explain_an_unknown_code(codes: list[str], message: str) -> None:
    """An unknown code is a usage error with the nearest one, and nothing is explained."""
    result = run("explain", *codes)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def test_version_and_help() -> None:
    """`--version` names tool and version; `-h` works for every command."""
    assert run("--version").stdout == f"medlint, version {__version__}\n"
    for command in ((), ("check",), ("rules",), ("explain",)):
        result = run(*command, "-h")
        assert (result.exit_code, result.stdout.startswith("Usage: ")) == (0, True)


def test_the_module_is_the_command(tmp_path: Path) -> None:
    """`python -m medlint` lints and ends with the command's exit code."""
    (tmp_path / "page.md").write_text("Our laser is 100% safe.\n")
    command = (sys.executable, "-m", "medlint", "check", "page.md", "--format", "concise")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("page.md:1:")


# Hostile input -------------------------------------------------------------------------------------------------------

UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.skipif(sys.platform == "win32", reason="such names do not exist there")
@pytest.mark.parametrize("arguments", ["", "--show-files", "--show-excused", "--statistics", "--format concise", "-v"])
def test_escapes_in_copy_and_names_are_harmless(arguments: str, pack: Path, desk: Path) -> None:
    """No control character of the copy or of a file name reaches the terminal, on either stream."""
    name = "a\x1b]0;owned\x07\n::error::b.md"
    copy = "A \x1b[31m zork \x1b[0m\u202e \x9b2J here.\n\nThe \x1b[2J zork\x07 (Doe 2020).\n"
    write(desk, {name: copy, "bad\x1b[m.md": LATIN, "bad\x1b[m.css": ""})
    result = run("check", ".", "bad\x1b[m.md", "no\x1b[m.md", "--rules", pack, *arguments.split())
    for stream in (result.stdout, result.stderr):
        assert not UNSEEN.search(stream)
        assert not [line for line in stream.splitlines() if line.startswith("::")]
    assert r"\x1b]0;owned\x07\x0a" in result.stdout + result.stderr or arguments == "--statistics"


@pytest.mark.skipif(sys.platform == "win32", reason="such names do not exist there")
def test_a_name_that_is_not_unicode(desk: Path) -> None:
    """A file whose name no encoding knows is linted and reported in every format."""
    write(desk, {os.fsdecode(b"caf\xe9.md"): "Our infusion cures migraine.\n"})
    for format_name in FORMATS:
        done = medlint("check", ".", "--format", format_name)
        assert (done.returncode, done.stderr) == (1, b"")
        assert b"CUR001" in done.stdout


def test_a_terminal_that_knows_only_ascii(desk: Path) -> None:
    """Copy that the terminal cannot show is spelled out, not a crash."""
    write(desk, {"a.md": "Für 治愈: our infusion cures migraine.\n"})
    done = medlint("check", ".", env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (done.returncode, done.stderr) == (1, b"")
    assert rb"F\xfcr \u6cbb\u6108: our" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("explain", "OFR901", "--rules", "own.yml"), rb"Instead: Say na\xefve."),
        (("rules", "--check", "own.yml"), rb"OFR901 flags its good example: One zork \u6cbb."),
        (("rules", "--rules", "own.yml", "--select", "OFR901", "--format", "json"), '"Say naïve."'.encode()),
    ],
)
def test_rules_on_a_terminal_that_knows_only_ascii(arguments: tuple[str, ...], shown: bytes, desk: Path) -> None:
    """What is told of rules is spelled out for such a terminal; JSON is UTF-8 everywhere."""
    text = rule("OFR901", "zork").replace("something else", "naïve").replace("[A.,", "[One zork 治.,")
    write(desk, {"own.yml": text})
    done = medlint(*arguments, env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert (done.returncode in (0, 1), done.stderr) == (True, b"")
    assert shown in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="pipes close differently there")
@pytest.mark.parametrize("arguments", [("check", "."), ("check", ".", "--show-files"), ("rules",)])
def test_a_closed_pipe_is_no_traceback(arguments: tuple[str, ...], desk: Path) -> None:
    """A reader that stops early (`| head`) ends the run quietly."""
    write(
        desk,
        {f"page-{number:04}.md": "Our infusion cures migraine.\n\n" * (number == 0) * 500 for number in range(2000)},
    )
    command = [sys.executable, "-c", "from medlint.cli import main; main()", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        errors = process.stderr.read()
        process.wait(60)
    assert errors == b""


# Start-up ------------------------------------------------------------------------------------------------------------

HEAVY = (
    "yaml",
    "regex",
    "hashlib",
    "difflib",
    "tempfile",
    "pathspec",
    "wcwidth",
    "unittest",
    "asyncio",
    "socket",
    "ssl",
    "http",
    "email",
    "logging",
    "multiprocessing",
    "concurrent",
    "subprocess",
    "medlint.rulebook",
    "medlint.schema",
    "medlint.packcheck",
    "medlint.explanation",
    "medlint.reports.json",
)


def modules_of(*arguments: str) -> set[str]:
    """The modules that a clean run has loaded in the end."""
    listing = "import atexit, sys; atexit.register(lambda: print(*sys.modules, sep='\\n', file=sys.stderr))"
    command = f"{listing}; from medlint.cli import main; main({list(arguments)!r})"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {command}"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.decode().split())


@pytest.mark.parametrize(
    ("name", "needed", "unneeded"),
    [
        (
            "a.txt",
            {"medlint.readers.text"},
            {"html", "html.entities", "pyromark", "medlint.readers.html", "medlint.readers.markdown"},
        ),
        ("a.md", {"medlint.readers.markdown", "pyromark"}, {"html.parser", "medlint.readers.mdx"}),
    ],
)
def test_a_clean_cached_run_imports_nothing_heavy(name: str, needed: set[str], unneeded: set[str], desk: Path) -> None:
    """A clean page of plain Markdown or text, with the rules in the cache, loads only what it needs."""
    write(desk, {name: CLEAN})
    modules_of("check", name, "--no-cache")  # keeps the rules ready
    modules = modules_of("check", name, "--no-cache")
    assert needed <= modules
    assert sorted(modules & {*HEAVY, *unneeded}) == []


def test_help_imports_next_to_nothing() -> None:
    """Help does not load the linter."""
    assert {module for module in modules_of("check", "--help") if module.startswith("medlint")} == {
        "medlint",
        "medlint.cli",
    }


def test_a_run_writes_nothing_but_its_cache(desk: Path) -> None:
    """The folder for caches is all that a run writes to."""
    write(desk, {"a.md": CLEAN})
    assert run("check", ".", environment={"MEDLINT_CACHE_DIR": str(desk / "cache")}).exit_code == 0
    assert sorted(path.name for path in desk.iterdir()) == [".medlint_cache", "a.md", "cache"]
    assert len(list((desk / "cache").glob("rulebook-*"))) == 1


def test_a_cache_that_cannot_be_used_is_not_mentioned(pack: Path, desk: Path) -> None:
    """Where no cache can be written, the run is slower and otherwise the same."""
    write(desk, {"a.md": ERROR, "file": ""})
    unusable = {"MEDLINT_CACHE_DIR": str(desk / "file")}
    result = run("check", "a.md", "--rules", pack, "--format", "concise", environment=unusable)
    assert (result.exit_code, result.stderr) == (1, "")
    assert result.stdout.startswith('a.md:1:3: OFR901 "zork"')


@pytest.mark.parametrize("jobs", ["2", "auto"])
def test_any_number_of_jobs_gives_the_same_report(jobs: str) -> None:
    """Findings, order, and the file that cannot be read."""
    seeds = Path(__file__).parents[1] / "seeds"
    command = [sys.executable, "-c", "from medlint.cli import main; main()", "check", str(seeds), "none.md"]
    options = ["--select", "CUR", "--format", "json", "--jobs"]
    alone, shared = (
        subprocess.run([*command, *options, number], capture_output=True, check=False) for number in ("1", jobs)
    )
    assert alone.returncode == 2 and alone.stdout == shared.stdout and alone.stderr == shared.stderr


@pytest.mark.parametrize("jobs", ["0", "-1", "65", "many", "1.5", "٣"])
def test_a_wrong_number_of_jobs_is_a_usage_error(jobs: str) -> None:
    """The message says what is expected."""
    result = CliRunner().invoke(main, ["check", ".", f"--jobs={jobs}"])
    assert result.exit_code == 2 and "neither 'auto' nor a number from 1 to 64" in result.stderr
