"""Reports for machines: all list the same findings, each is what its readers accept, and no copy can break out."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from medlint.cli import main
from medlint.explanation import documented
from medlint.finding import Failure, Finding, Report, Severity
from medlint.reports import FORMATS, RenderOptions, render
from medlint.reports.github import job_summary
from medlint.reports.sarif import uri
from medlint.rule import Rule
from test_reports import (
    ACCEPTED,
    EMPTY,
    HOSTILE_RUN,
    NASTY_PATH,
    REPORT,
    RULES,
    SHORT,
    SITE,
    SOFTENED,
    SPLIT_OVER_LINES,
)

ROOT = Path(__file__).parents[1]
Place = tuple[str, int, str]  # path, line, code


def run(*arguments: str | Path, environment: dict[str, str] | None = None) -> Result:
    """A run of `medlint check` inside this process."""
    return CliRunner().invoke(main, ["check", *map(str, arguments)], env=environment)


def rendered(report: Report, format_name: str) -> str:
    """The report in a format, which must be something that UTF-8 can say."""
    text = render(report, format_name, RenderOptions())
    text.encode()
    return text


# The same findings ---------------------------------------------------------------------------------------------------


def read_json(text: str) -> Iterator[Place]:
    """Our own format."""
    for each in json.loads(text)["findings"]:
        yield each["path"], each["line"], each["code"]


def read_sarif(text: str) -> Iterator[Place]:
    """The results that are not suppressed."""
    for each in json.loads(text)["runs"][0]["results"]:
        place = each["locations"][0]["physicalLocation"]
        if not each["suppressions"]:
            yield (
                os.fsdecode(unquote_to_bytes(place["artifactLocation"]["uri"])),
                place["region"]["startLine"],
                each["ruleId"],
            )


def read_github(text: str) -> Iterator[Place]:
    """Annotations, and the lines of those that were too many."""
    for line in text.splitlines():
        if annotation := re.match(r"::\w+ file=(.*?),line=(\d+),.*?title=(\w+)", line):
            yield unescaped(annotation[1]), int(annotation[2]), annotation[3]
        elif plain := re.match(r"(.+?):(\d+):\d+: (\w+) ", line):
            yield plain[1], int(plain[2]), plain[3]


def unescaped(text: str) -> str:
    """What the runner makes of a property of a command."""
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escape, character)
    return text


def read_gitlab(text: str) -> Iterator[Place]:
    """Code quality issues."""
    for each in json.loads(text):
        yield each["location"]["path"], each["location"]["lines"]["begin"], each["check_name"]


def read_junit(text: str) -> Iterator[Place]:
    """Failed cases."""
    for case in ElementTree.fromstring(text).iterfind("testsuite/testcase[failure]"):
        yield case.attrib["file"], int(case.attrib["line"]), case.attrib["name"].split()[0]


def read_checkstyle(text: str) -> Iterator[Place]:
    """Errors of files."""
    for file in ElementTree.fromstring(text):
        for each in file:
            yield file.attrib["name"], int(each.attrib["line"]), each.attrib["source"].removeprefix("medlint.")


def read_rdjson(text: str) -> Iterator[Place]:
    """Diagnostics."""
    for each in json.loads(text)["diagnostics"]:
        yield each["location"]["path"], each["location"]["range"]["start"]["line"], each["code"]["value"]


def read_csv(text: str) -> Iterator[Place]:
    """Rows."""
    for each in csv.DictReader(io.StringIO(text, newline="")):
        yield each["path"], int(each["line"]), each["code"]


def read_concise(text: str) -> Iterator[Place]:
    """Lines."""
    for line in re.findall(r"^(.+?):(\d+):\d+: (\w+) ", text, re.MULTILINE):
        yield line[0], int(line[1]), line[2]


def read_text(text: str) -> Iterator[Place]:
    """The two lines that begin a finding; those after them may name related places."""
    for head in re.findall(r"^\w+\[(\w+)\]: .*\n +--> (.+?):(\d+):\d+(?: \(.*\))?$", text, re.MULTILINE):
        yield head[1], int(head[2]), head[0]


READERS: dict[str, Callable[[str], Iterator[Place]]] = {
    "text": read_text,
    "concise": read_concise,
    "json": read_json,
    "sarif": read_sarif,
    "github": read_github,
    "gitlab": read_gitlab,
    "junit": read_junit,
    "checkstyle": read_checkstyle,
    "rdjson": read_rdjson,
    "csv": read_csv,
}


def test_all_formats_list_the_same_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, published_schema: Callable[[str], Any]
) -> None:
    """One run over the sample drafts, reported in every format: each lists every finding once, and nothing else."""
    monkeypatch.chdir(ROOT)
    formats = [argument for name in FORMATS for argument in ("--format", f"{name}={tmp_path / name}")]
    result = run("seeds", *formats)
    assert (result.exit_code, result.output) == (1, "")
    reports = {name: (tmp_path / name).read_text("utf-8") for name in FORMATS}
    found = {name: sorted(READERS[name](text)) for name, text in reports.items()}
    assert len(found["json"]) > 30
    assert found == dict.fromkeys(FORMATS, found["json"])
    assert_valid_sarif(json.loads(reports["sarif"]), published_schema)


@pytest.mark.parametrize("format_name", [name for name in FORMATS if name not in ("text", "concise")])
def test_all_formats_list_a_hostile_finding_once(format_name: str) -> None:
    """Whatever stands in copy and names, a program reads as many findings as there are."""
    report = HOSTILE_RUN._replace(failures=())
    assert [code for _, _, code in READERS[format_name](rendered(report, format_name))] == ["CUR001", "CUR001"]


@pytest.mark.skipif(os.name == "nt", reason="no such names")
@pytest.mark.parametrize(
    "name",
    [r"C:\copy\page.md", r"x\..\page.md", "CON.md", "=1+1.md", "-o.md", "a%0Ab,c:d.md", "&lt;.md", "#L3.md",
     "ﬁ İ.md", "e\u0301.md"],
)  # fmt: skip
def test_programs_find_the_file_whatever_it_is_called(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every format for programs gives back the very name, also one that another system would take for a path."""
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / name).write_text("Our infusion cures migraine.\n")
    monkeypatch.chdir(tmp_path / "copy")
    formats = [argument for each in FORMATS for argument in ("--format", f"{each}={tmp_path / each}")]
    result = run(".", "--select", "CUR001", "--no-cache", *formats)
    assert (result.exit_code, result.output) == (1, "")
    for each in FORMATS.keys() - {"text", "concise", "csv"}:
        assert list(READERS[each]((tmp_path / each).read_text("utf-8"))) == [(name, 1, "CUR001")], each


ANY_TEXT = st.text(
    st.one_of(st.characters(), st.characters(categories=["Cs", "Cc"]), st.sampled_from(":=+-@%,]>#[|<&\n"))
)


@settings(max_examples=200)
@given(path=ANY_TEXT.filter(bool), message=ANY_TEXT)
def test_no_text_breaks_a_format(path: str, message: str) -> None:
    """Any text, as a path and as a message, leaves each report readable, with its one finding in it."""
    finding = SHORT._replace(path=path, message=message, text=message, why=message, instead=message)
    for name in READERS.keys() - {"text", "concise"}:
        assert [place[1:] for place in READERS[name](rendered(Report((finding,)), name))] == [(3, "CUR001")], name


# SARIF ---------------------------------------------------------------------------------------------------------------


def assert_valid_sarif(log: Any, published_schema: Callable[[str], Any]) -> None:
    """Whether the official schema accepts a log, and what it cannot say holds: indexes point at what they name."""
    schema = published_schema("sarif-2.1.0.json")
    assert schema["$id"].endswith("oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    assert [error.message for error in validator_for(schema)(schema).iter_errors(log)] == []
    (one,) = log["runs"]
    rules = [rule["id"] for rule in one["tool"]["driver"]["rules"]]
    assert [rules[each["ruleIndex"]] for each in one["results"]] == [each["ruleId"] for each in one["results"]]


@pytest.mark.parametrize(
    "report",
    [
        REPORT._replace(findings=(SHORT, SOFTENED, SPLIT_OVER_LINES), rules=RULES),
        SITE._replace(rules=RULES),
        EMPTY._replace(rules=RULES),
        EMPTY,
    ],
)
def test_sarif_is_what_the_official_schema_describes(report: Report, published_schema: Callable[[str], Any]) -> None:
    """Findings, related places, failures and clean runs are valid SARIF 2.1.0."""
    codes = [*RULES, RULES[0]._replace(code="CUR004"), RULES[1]._replace(code="SAF002")] if report.rules else ()
    log = json.loads(rendered(report._replace(rules=tuple(codes), suppressed=()), "sarif"))
    assert_valid_sarif(log, published_schema)


def test_hostile_sarif_is_valid(published_schema: Callable[[str], Any]) -> None:
    """Odd names and copy are valid too, and no words of the copy become a link in a message."""
    log = json.loads(rendered(HOSTILE_RUN, "sarif"))
    assert_valid_sarif(log, published_schema)
    messages = [result["message"]["text"] for result in log["runs"][0]["results"]]
    assert [message for message in messages if re.search(r"(?<!\\)\[[^\]]*\]\(", message)] == []


def test_a_schema_that_accepted_anything_would_be_noticed(published_schema: Callable[[str], Any]) -> None:
    """The official schema refuses a log that is wrong in a small way."""
    log = json.loads(rendered(REPORT._replace(findings=(SHORT,), rules=RULES), "sarif"))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(AssertionError):
        assert_valid_sarif(log, published_schema)


def test_sarif_lists_all_selected_rules_with_their_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules that found nothing are listed too, those not selected or not asked for are not."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("We open at nine.\n")

    def rules(*arguments: str) -> dict[str, Any]:
        log = json.loads(run("a.md", "--format", "sarif", *arguments).stdout)
        return {rule["id"]: rule for rule in log["runs"][0]["tool"]["driver"]["rules"]}

    cures, cures_for_pedants = rules("--select", "CUR,SUP"), rules("--select", "cure", "--pedantic")
    assert {"CUR001", "CUR003", "SUP001", "SUP004"} <= cures.keys()
    assert {code[:3] for code in cures} == {"CUR", "SUP"}
    assert {code for code in cures if code.startswith("CUR")} <= cures_for_pedants.keys()
    assert list(cures) == sorted(cures)
    for rule in cures.values():
        assert rule["help"]["text"].startswith(f"{rule['id']} {rule['name']}\n")
        assert rule["help"]["markdown"].startswith(f"# {rule['id']} {rule['name']}\n")
        assert rule["shortDescription"]["text"] and rule["fullDescription"]["text"]
        assert rule.get("helpUri", "").startswith("https://") or rule["id"].startswith("SUP")
    assert rules("--ignore", "CUR001").keys().isdisjoint({"CUR001"})


@pytest.mark.parametrize(
    ("jurisdictions", "severity"),
    [(["us"], Severity.INFO), (["au"], Severity.ERROR), (["us", "au"], Severity.ERROR), (["uk"], Severity.WARNING)],
)
def test_a_rule_weighs_what_it_weighs_in_the_jurisdictions(jurisdictions: list[str], severity: Severity) -> None:
    """The level of a rule is that of its heaviest jurisdiction in the run."""
    weights = {"default": Severity.INFO, "uk": Severity.WARNING, "au": Severity.ERROR}
    rule = Rule("HYP999", "miracle", "hype", weights, ("miracle",), '"{match}" is much.', "Why.", "Instead.", ())
    info = documented(rule, jurisdictions)
    assert (info.severity, info.summary) == (severity, "The phrase is much.")


def test_suppressed_findings_stand_in_sarif_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a comment accepts is listed with its reason; other formats leave it out."""
    monkeypatch.chdir(tmp_path)
    copy = "<!-- medlint: ignore[CUR001] quoted from a ruling -->\nOur infusion cures migraine.\n"
    (tmp_path / "a.md").write_text(copy)
    formats = [argument for name in FORMATS for argument in ("--format", f"{name}={name}.txt")]
    assert run("a.md", "--select", "CUR", *formats).exit_code == 0
    (result,) = json.loads((tmp_path / "sarif.txt").read_text())["runs"][0]["results"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "quoted from a ruling"}]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == 2
    for name, read in READERS.items():
        assert list(read((tmp_path / f"{name}.txt").read_text("utf-8"))) == []
    assert run("a.md", "--select", "CUR", "--no-suppressions").exit_code == 1


@pytest.mark.parametrize("option", ["--severity=error", ""])
def test_suppressed_findings_are_held_back_like_others(
    option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A suppressed finding below the level that is shown is not in the report either."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("<!-- medlint: ignore[STA] agreed -->\nTwice as fast as before.\n")
    log = json.loads(run("a.md", "--select", "STA", "--format", "sarif", *option.split()).stdout)
    assert len(log["runs"][0]["results"]) == (0 if option else 1)


def test_sarif_columns_count_code_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A column counts characters, not bytes or UTF-16 units, and the log says so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("👩‍⚕️ 治愈 𝒶: our infusion cures migraine.\n", "utf-8")
    (one,) = json.loads(run("a.md", "--select", "CUR001", "--format", "sarif").stdout)["runs"]
    region = one["results"][0]["locations"][0]["physicalLocation"]["region"]
    line = (tmp_path / "a.md").read_text("utf-8")
    assert one["columnKind"] == "unicodeCodePoints"
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == "cures migraine"


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("content/botox.md", "content/botox.md"),
        ("a b/100%#1?.md", "a%20b/100%25%231%3F.md"),
        ("a:b.md", "a%3Ab.md"),  # or else "a" would be a scheme
        ("首页.md", "%E9%A6%96%E9%A1%B5.md"),
        ("caf\udce9.md", "caf%E9.md"),
        ("a\ud800.md", "a%ED%A0%80.md"),
        ("[a].md", "%5Ba%5D.md"),
        ("/site/a b.md", "file:///site/a%20b.md"),
        ("C:/site/a b.md", "file:///C:/site/a%20b.md"),
    ],
)
def test_paths_become_uris(path: str, address: str) -> None:
    """A path is a relative URI with all odd characters escaped, or a file address when it is absolute."""
    assert uri(path) == address


# GitHub --------------------------------------------------------------------------------------------------------------


def many(**counts: int) -> tuple[Finding, ...]:
    """As many findings of each severity, the lightest first."""
    return tuple(
        SHORT._replace(severity=Severity(severity), path=f"{severity}-{number}.md")
        for severity in ("info", "warning", "error")
        for number in range(counts.get(severity, 0))
    )


@pytest.mark.parametrize(
    ("counts", "unreadable", "shown", "plain"),
    [
        ({}, 0, {}, 0),
        ({"error": 10, "warning": 10, "info": 10}, 0, {"error": 10, "warning": 10, "notice": 10}, 0),
        ({"error": 11}, 0, {"error": 10, "notice": 1}, 1),
        ({"info": 11}, 0, {"notice": 10}, 2),  # one gives way to the notice of the total
        ({"error": 12, "warning": 11, "info": 3}, 0, {"error": 10, "warning": 10, "notice": 4}, 3),
        ({"error": 3}, 9, {"error": 10, "notice": 1}, 2),
        ({}, 12, {"error": 10}, 0),
    ],
)
def test_github_shows_no_more_than_github_would(
    counts: dict[str, int], unreadable: int, shown: dict[str, int], plain: int
) -> None:
    """Ten annotations of each level, the heaviest first; the rest are lines of the log, and a notice tells the total."""
    report = Report(many(**counts), tuple(Failure(f"{each}.md", "broken") for each in range(unreadable)), files=40)
    lines = rendered(report, "github").splitlines()
    levels = [match[1] for line in lines if (match := re.match("::(\\w+) ", line))]
    assert {level: levels.count(level) for level in dict.fromkeys(levels)} == shown
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)
    assert len([line for line in lines if re.match(r"\w+-\d+\.md:3:7: CUR001 ", line)]) == plain
    totals = [line for line in lines if line.startswith(f"::notice title=medlint::{sum(counts.values())} findings ")]
    assert len(totals) == bool(plain)


@pytest.mark.parametrize(
    ("finding", "place"),
    [
        (SHORT, "file=content/botox.md,line=3,endLine=3,col=7,endColumn=23,"),
        (SPLIT_OVER_LINES, "file=content/botox.md,line=12,endLine=13,title"),
        (ACCEPTED.finding, "file=content/botox.md,line=1,endLine=1,title"),
        (SHORT._replace(path=NASTY_PATH), 'file=drafts/-50%25%2C a%3A%3Ab]]>"<b>%0A\\x1b[31m\\udce9é#?.md,line=3,'),
    ],
)
def test_where_an_annotation_points(finding: Finding, place: str) -> None:
    """Columns are given within one line only, and a path cannot end its property or its line."""
    assert rendered(Report((finding,)), "github").startswith(f"::error {place}")


def test_the_job_summary_is_cut_before_github_refuses_it() -> None:
    """A site with very many findings has a summary below GitHub's limit, which says how many it leaves out."""
    report = Report(tuple(SHORT._replace(message="cure " * 100) for _ in range(3000)), files=1)
    text = job_summary(report)
    rows = text.count("| error | ")
    assert len(text.encode()) < 2**20
    assert text.endswith(f"\n{3000 - rows} more are in the log.\n")


def test_the_job_summary_is_added_to_the_file_that_github_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With `--format github` what stands in the file stays, and the summary follows; other formats write none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("Our infusion cures migraine.\n")
    summary = tmp_path / "summary.md"
    summary.write_text("Built.\n")
    environment = {"GITHUB_STEP_SUMMARY": str(summary)}
    arguments = ("a.md", "--select", "CUR001")
    assert run(*arguments, "--format", "json", environment=environment).exit_code == 1
    assert summary.read_text() == "Built.\n"
    assert run(*arguments, "--format", "github=log.txt", environment=environment).exit_code == 1
    text = summary.read_text("utf-8")
    assert text.startswith("Built.\n## medlint\n\n1 finding (1 error) in 1 of 1 file.\n")
    assert "| error | a.md\\:1\\:14 | CUR001 " in text


def test_a_job_summary_that_cannot_be_written_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run has done its job without it: the exit code stays, and standard error says what is missing."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("We open at nine.\n")
    result = run("a.md", "--format", "github", environment={"GITHUB_STEP_SUMMARY": str(tmp_path)})
    assert result.exit_code == 0
    assert result.stderr.startswith(f"note: no job summary: {tmp_path}: cannot be written: ")


# Spreadsheets --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("\t=1", r"\x09=1"),
        ("\r=1", r"\x0d=1"),
        ("\n=1", r"\x0a=1"),
        ("'=1", "'=1"),
        ("1=1", "1=1"),
        ('a "b", c', 'a "b", c'),
        ("", ""),
    ],
)
def test_no_cell_is_a_formula(text: str, cell: str) -> None:
    """A cell that a spreadsheet would compute is kept text; every other cell is what the page says."""
    report = Report((SHORT._replace(message=text, path=text, why=text, instead=text, text=text),))
    (row,) = csv.DictReader(io.StringIO(rendered(report, "csv"), newline=""))
    assert [row[name] for name in ("path", "message", "text", "why", "instead")] == [cell] * 5


# JUnit, Checkstyle ---------------------------------------------------------------------------------------------------


def test_junit_counts_what_it_lists() -> None:
    """The counts of each suite, and of all, are those of the cases in it."""
    root = ElementTree.fromstring(rendered(REPORT, "junit"))
    for element in (root, *root.iter("testsuite")):
        found = {name: len(list(element.iter(tag))) for name, tag in
                 (("tests", "testcase"), ("failures", "failure"), ("errors", "error"))}  # fmt: skip
        assert {name: int(element.attrib[name]) for name in found} == found
    names = [suite.attrib["name"] for suite in root]
    assert len(names) == len(set(names)) == 5


def test_a_clean_run_is_a_passing_case() -> None:
    """A report without a case would read as a job that never ran."""
    (case,) = ElementTree.fromstring(rendered(EMPTY, "junit")).iter("testcase")
    assert (case.attrib["name"], list(case)) == ("No findings in 12 files.", [])


@pytest.mark.parametrize(
    ("format_name", "query"), [("junit", ".//error"), ("checkstyle", ".//*[@source='medlint.unreadable-file']")]
)
def test_files_that_cannot_be_read_are_errors(format_name: str, query: str) -> None:
    """Where a format has a place for it, a file that could not be read is reported."""
    errors = ElementTree.fromstring(rendered(REPORT, format_name)).findall(query)
    assert [error.attrib["message"] for error in errors] == [failure.message for failure in REPORT.failures]


@pytest.mark.parametrize("format_name", ["gitlab", "rdjson"])
def test_files_that_cannot_be_read_are_entries(format_name: str) -> None:
    """In a list of issues such a file is an issue of its own, told apart from the others."""
    content = json.loads(rendered(REPORT, format_name))
    rows = content if format_name == "gitlab" else content["diagnostics"]
    last = rows[len(REPORT.findings) :]
    assert [each["location"]["path"] for each in last] == [failure.path for failure in REPORT.failures]
    assert {each.get("check_name") or each["code"]["value"] for each in last} == {"unreadable-file"}
    if format_name == "gitlab":
        assert len({each["fingerprint"] for each in rows}) == len(rows)


# Reviewdog -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("copy", "claims"),
    [
        ("Our infusion cures migraine.\n", ["cures migraine"]),
        ("👩‍⚕️ 治愈 𝒶é: our infusion cures migraine.\r\n", ["cures migraine"]),
        ("Line one.\n\nÉté: our infusion **cures\nmigraine** now.\n", ["cures\nmigraine"]),
        ("\ufeffÜber: it cures acne. Ünd: it cures migraine.\n", ["cures acne", "cures migraine"]),
    ],
)
def test_rdjson_columns_count_bytes(
    copy: str, claims: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A range cut from the bytes of the lines is the claim: from 1, the end exclusive, no byte-order mark counted."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_bytes(copy.encode())
    log = json.loads(run("a.md", "--select", "CUR001", "--format", "rdjson").stdout)
    lines = copy.removeprefix("\ufeff").encode().splitlines(keepends=True)
    found = []
    for each in log["diagnostics"]:
        start, end = each["location"]["range"]["start"], each["location"]["range"]["end"]
        cut = lines[start["line"] - 1 : end["line"]]
        cut[-1] = cut[-1][: end["column"] - 1]
        found.append(b"".join([cut[0][start["column"] - 1 :], *cut[1:]]).decode())
    assert found == claims


# Several at once -----------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one risky page."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("Our infusion cures migraine.\n")
    return tmp_path


@pytest.mark.parametrize(
    ("options", "printed", "files"),
    [
        ("", "text", {}),
        ("--format concise", "concise", {}),
        ("--format sarif=out.sarif", "", {"out.sarif": "sarif"}),
        ("--format text --format sarif=out.sarif", "text", {"out.sarif": "sarif"}),
        ("--format sarif=out.sarif --format github", "github", {"out.sarif": "sarif"}),
        ("--format csv=a=b.csv --format csv=c.csv", "", {"a=b.csv": "csv", "c.csv": "csv"}),
        ("-o out.txt", "", {"out.txt": "text"}),
        ("--format junit -o out.xml", "", {"out.xml": "junit"}),
    ],
)
def test_where_reports_go(options: str, printed: str, files: dict[str, str], desk: Path) -> None:
    """Each format goes to its file, the one without a file to standard output; the exit code is that of the run."""
    select = ("a.md", "--select", "CUR001")
    alone = {name: run(*select, "--format", name).stdout for name in {*files.values(), printed} - {""}}
    result = run(*select, *options.split())
    assert (result.exit_code, result.stdout) == (1, alone.get(printed, ""))
    assert {name: (desk / name).read_text("utf-8") for name in files} == {file: alone[files[file]] for file in files}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--format text --format json", "two reports cannot share standard output; give each a file of its own"),
        ("--format text --format text", "two reports cannot share standard output"),
        ("--format csv=out --format json=out", "two reports cannot share out;"),
        ("--format sarif=", "'sarif=' names no file; write sarif=FILE"),
        ("--format saarif=out", "no format is called 'saarif'; did you mean 'sarif'?"),
        ("--format xml", "no format is called 'xml'; expected one of text, concise, json, sarif,"),
        ("--format json=a.json -o b.json", "-o goes with one --format that names no file"),
        ("--format json=a.json --format text -o b.json", "-o goes with one --format that names no file"),
    ],
)
def test_reports_that_would_get_in_each_others_way(options: str, message: str, desk: Path) -> None:
    """What cannot be meant is a usage error, and nothing is written."""
    result = run("a.md", *options.split())
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in " ".join(result.stderr.split())
    assert [path.name for path in desk.iterdir()] == ["a.md"]


@pytest.mark.parametrize("format_name", sorted(FORMATS.keys() - {"text", "concise", "github"}))
def test_machines_are_given_utf_8(format_name: str, desk: Path) -> None:
    """Whatever the terminal's encoding, a report for a program is UTF-8."""
    import subprocess

    (desk / "a.md").write_text("Unsere Kräuter: our Kräuter infusion cures migraine.\n", "utf-8")
    (desk / "ü.md").write_text("Our infusion cures migraine.\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "from medlint.cli import main; main()", "check", ".", "--format", format_name],
        env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ü.md" in done.stdout.decode() or "%C3%BC.md" in done.stdout.decode()
