"""The reports: one set of findings rendered in every format and compared with `tests/golden`, and the rules behind.

After an intended change, `MEDLINT_UPDATE_GOLDEN=1 pytest tests/test_reports.py` writes the golden files anew; read the
difference before it is committed.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from medlint.document import Position
from medlint.finding import (
    Citation,
    Failure,
    Finding,
    Related,
    Report,
    RuleInfo,
    Severity,
    Suppressed,
    in_report_order,
)
from medlint.reports import FORMATS, RenderOptions, render
from medlint.reports.github import job_summary
from medlint.reports.summary import counted, failure_lines, summary_line
from medlint.reports.terminal import display_width, head, tail, visible, wrap
from medlint.site import as_site

GOLDEN = Path(__file__).parent / "golden"

FTC = Citation("FTC Health Products Compliance Guidance (Dec 2022), II.A", "https://example.org/ftc-guidance", "us")
CAP = Citation("CAP Code, rule 12.1", "https://example.org/cap-12", "uk", checked=False)


def finding(
    prose: str,
    *,
    path: str = "content/botox.md",
    start: tuple[int, int] = (12, 1),
    end: tuple[int, int] | None = None,
    code: str = "CUR001",
    name: str = "cures-disease",
    category: str = "cure",
    severity: Severity = Severity.ERROR,
    message: str = "The copy says that a treatment cures a disease.",
    why: str = "A reader who believes it may put off the care that works.",
    instead: str = "Say what the treatment can do, for whom, and how sure that is.",
    sources: tuple[Citation, ...] = (FTC,),
    related: tuple[Related, ...] = (),
) -> Finding:
    """A finding on the part of the prose that stands in `[[…]]`."""
    before, text, after = re.fullmatch(r"(.*?)\[\[(.*?)\]\](.*)", prose, re.DOTALL).groups()  # type: ignore[union-attr]
    first = Position(*start)
    return Finding(
        path=path,
        start=first,
        end=Position(*end) if end else Position(first.line, first.column + len(text)),
        code=code,
        name=name,
        category=category,
        severity=severity,
        message=message,
        text=text,
        why=why,
        instead=instead,
        sources=sources,
        context=before + text + after,
        context_start=len(before),
        fingerprint=f"00112233445566778899:{first.line}",
        related=related,
    )


SHORT = finding("Botox [[cures depression]] in one visit.", start=(3, 7))
SPLIT_OVER_LINES = finding(
    "For many of the people who come to our clinic in spring, a single course of injections [[ends migraine for good]]"
    ", and the weeks of headaches that went before are soon no more than a memory that fades.",
    start=(12, 41),
    end=(13, 14),
    code="CUR004",
    name="ends-condition",
)
SOFTENED = finding(
    "Dysport is a [[relatively safe]] way to relax the forehead.",
    start=(20, 14),
    code="SAF002",
    name="relative-safety-without-risks",
    category="safety",
    severity=Severity.WARNING,
    message='"relatively safe" calls Dysport safe and names no risk beside it.',
    why='Readers take "safe" to mean without harm, and the harms of this treatment are common enough to matter.',
    instead="Name the common and the serious risks in the same paragraph, or drop the word.",
    sources=(FTC, CAP),
    related=(
        Related(Position(48, 3), Position(48, 33), "softened by the risk named here", "bruising and a drooping eyelid"),
    ),
)
WIDE = finding(
    "我们的诊所 🎉 说：[[一次治疗即可治愈抑郁症]]，而且不会复发，欢迎前来咨询我们的医生团队，了解更多关于疗程的信息。",
    path="content/zh/首页.md",
    start=(5, 12),
    code="CUR002",
    name="cures-disease-zh",
    message="文案声称治疗可以治愈疾病 👩‍⚕️。",
)
LONG_CLAIM = finding(
    "Since we opened, [["
    "nine out of ten of the women, men and teenagers who walked through our doors with crippling anxiety walked out "
    "again without it, and have stayed that way for years and years"
    "]], which speaks for itself.",
    start=(7, 18),
    code="STA003",
    name="outcome-number-without-source",
    category="statistic",
    severity=Severity.INFO,
    message="An outcome number has no source.",
    instead="",
    sources=(),
)
HOSTILE = finding(
    "Our serum is \x1b[31mred\u202e and [[100%\tsafe\x07\u200b\x9b2J]]\ud800 for all.\r\n::error::no ##[error]no",
    path="drafts/\x1b]0;owned\x07\nfake.md:1:1: OK.md",
    start=(1, 20),
    code="SAF001",
    name="absolute-safety",
    category="safety",
    message="\x1b[2J\u2066hidden\u2069 claim of safety.",
)

REPORT = Report(
    findings=in_report_order([SHORT, SPLIT_OVER_LINES, SOFTENED, WIDE, LONG_CLAIM, HOSTILE]),
    failures=(Failure("content/draft.docx", "not a ZIP archive"), Failure("bad\x1b[m.md", "is not UTF-8")),
    files=12,
    hidden={"suppressed": 1, "in baseline": 4, "pedantic hidden": 0},
)
EMPTY = Report(files=12)


def site_of(pages: int) -> Report:
    """A site whose first pages share a claim, whose pages all share another, and of which each has one of its own."""
    paths = ("site/index.html", "site/zoé.html", *(f"site/blog/{number}.html" for number in range(2, pages)))
    return as_site(
        Report(
            findings=(
                *(SHORT._replace(path=path) for path in paths[:3]),
                *(SOFTENED._replace(path=path) for path in reversed(paths)),
                *(finding(f"Post {place} is [[a sure cure]].", path=path) for place, path in enumerate(paths)),
            ),
            files=pages + 1,
            hidden={"suppressed": 1},
        ),
        paths,
    )


SITE, LARGE_SITE, EMPTY_SITE = site_of(5), site_of(15), as_site(Report(files=2), ["site/a.html", "site/b.html"])

RULES = (
    RuleInfo(
        code="CUR001",
        name="cures-disease",
        category="cure",
        severity=Severity.ERROR,
        summary="The phrase says that a treatment cures a disease.",
        why="A reader who believes it may put off the care that works.",
        instead="Say what the treatment can do, for whom, and how sure that is.",
        help="CUR001 cures-disease\n\nWhy: A reader may put off the care that works.",
        bad=("Our drip cures *all* pain.", "We cure <b>acne</b>."),
        good=("Nothing cures it.",),
        excused_by=("being negated, question",),
        sources=(FTC, Citation("House style")),
    ),
    RuleInfo("SAF001", "absolute-safety", "safety", Severity.WARNING, "Safety.", "Harm.", "Drop it.", "SAF001"),
)
NASTY = "=cmd|'/c'!A1, 50%::error::x ##[error]y ]]><b>&\"[z](javascript:1)`|\u2028\x1b[31m\ud800\r\n::error::z"
NASTY_PATH = 'drafts/-50%, a::b]]>"<b>\n\x1b[31m\udce9é#?.md'
HOSTILE_RUN = Report(
    findings=(
        finding(
            f"We {NASTY} [[{NASTY}]]",
            path=NASTY_PATH,
            message=f"{NASTY} is bad.",
            why=NASTY,
            instead=NASTY,
            sources=(Citation(NASTY, "https://example.org/a<b>"),),
        ),
        finding("[[@all]]", path="@all.md", message="@all", why="\t=1", instead="\r=1", severity=Severity.INFO),
    ),
    failures=(Failure(NASTY_PATH, NASTY),),
    files=2,
    suppressed=(Suppressed(finding("[[safe]]", path="b.md"), NASTY),),
    rules=(RULES[0]._replace(bad=(NASTY,)),),
)
ACCEPTED = Suppressed(SHORT._replace(start=Position(1, 2), end=Position(2, 1)), "quoted from the regulator")

FOR_MACHINES = {
    "sarif": "sarif",
    "github": "txt",
    "gitlab": "json",
    "junit": "xml",
    "checkstyle": "xml",
    "rdjson": "json",
    "csv": "csv",
}

CASES: dict[str, tuple[Report, str, RenderOptions]] = {
    "text-80.txt": (REPORT, "text", RenderOptions()),
    "text-40.txt": (REPORT, "text", RenderOptions(width=40)),
    "text-color.txt": (REPORT, "text", RenderOptions(color=True, hyperlinks=True)),
    "text-color-40.txt": (REPORT, "text", RenderOptions(color=True, width=40)),
    "text-verbose.txt": (REPORT._replace(findings=(SOFTENED,)), "text", RenderOptions(verbose=True, width=60)),
    "text-quiet.txt": (REPORT._replace(findings=(SHORT,)), "text", RenderOptions(quiet=True)),
    "text-statistics.txt": (REPORT, "text", RenderOptions(statistics=True)),
    "text-statistics-empty.txt": (EMPTY, "text", RenderOptions(statistics=True)),
    "text-empty.txt": (EMPTY, "text", RenderOptions()),
    "concise.txt": (REPORT, "concise", RenderOptions()),
    "concise-color.txt": (REPORT, "concise", RenderOptions(color=True)),
    "concise-empty.txt": (EMPTY, "concise", RenderOptions()),
    "json.json": (REPORT, "json", RenderOptions(color=True, hyperlinks=True)),
    "json-statistics.json": (REPORT._replace(findings=(SHORT,)), "json", RenderOptions(statistics=True)),
    "json-empty.json": (EMPTY, "json", RenderOptions()),
    "text-site.txt": (SITE, "text", RenderOptions()),
    "text-site-color.txt": (LARGE_SITE, "text", RenderOptions(color=True, statistics=True)),
    "text-site-quiet.txt": (SITE._replace(findings=SITE.findings[:1]), "text", RenderOptions(quiet=True)),
    "text-site-empty.txt": (EMPTY_SITE, "text", RenderOptions()),
    "text-site-statistics.txt": (LARGE_SITE, "text", RenderOptions(statistics=True)),
    "concise-site.txt": (SITE, "concise", RenderOptions()),
    "json-site.json": (SITE, "json", RenderOptions()),
    "json-site-empty.json": (EMPTY_SITE, "json", RenderOptions()),
}
for format_name, suffix in FOR_MACHINES.items():
    CASES[f"{format_name}-site.{suffix}"] = (SITE, format_name, RenderOptions())
    full = REPORT._replace(rules=RULES, suppressed=(ACCEPTED,))
    CASES[f"{format_name}.{suffix}"] = (full, format_name, RenderOptions())
    CASES[f"{format_name}-empty.{suffix}"] = (EMPTY, format_name, RenderOptions())
    CASES[f"{format_name}-hostile.{suffix}"] = (HOSTILE_RUN, format_name, RenderOptions())


@pytest.mark.parametrize("name", CASES)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each format renders the same findings exactly as its golden file shows."""
    monkeypatch.setattr("medlint.reports.json.__version__", "1.2.3")
    monkeypatch.setattr("medlint.reports.sarif.__version__", "1.2.3")
    report, format_name, options = CASES[name]
    compare_with_golden(name, render(report, format_name, options))


@pytest.mark.parametrize(
    ("name", "report"),
    [
        ("summary.md", REPORT),
        ("summary-empty.md", EMPTY),
        ("summary-hostile.md", HOSTILE_RUN),
        ("summary-site.md", LARGE_SITE),
    ],
)
def test_golden_job_summary(name: str, report: Report) -> None:
    """The summary of a job on GitHub is Markdown exactly as its golden file shows."""
    compare_with_golden(name, job_summary(report))


def compare_with_golden(name: str, text: str) -> None:
    """Whether a golden file holds this text; writes it when an update is asked for."""
    rendered = text.encode()
    golden = GOLDEN / name
    if os.environ.get("MEDLINT_UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(rendered)
    assert rendered.decode() == golden.read_bytes().decode()


CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, “curly” and naïve", "plain, “curly” and naïve"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b2J\x7f\x00", r"\x9b2J\x7f\x00"),
        ("a\tb\r\nc", r"a\x09b\x0d\x0ac"),
        ("\u202egnp.exe\u2069", r"\u202egnp.exe\u2069"),
        ("cu\u200bre\ufeff\xad", r"cu\u200bre\ufeff\xad"),
        ("one\u2028two\u2029", r"one\u2028two\u2029"),
        ("\ud800 \udc80", r"\ud800 \udc80"),
        ("tag\U000e0041", r"tag\U000e0041"),
        ("👨‍👩‍👧 ❤️‍🩹 🏳️‍🌈 👩🏽‍⚕️", "👨‍👩‍👧 ❤️‍🩹 🏳️‍🌈 👩🏽‍⚕️"),
        ("cu\u200dre 👨\u200d", r"cu\u200dre 👨\u200d"),
        ("::error::x", r"\x3a:error::x"),
        ("at 10::30, std::sort", "at 10::30, std::sort"),
        ("##[error]x", r"#\x23[error]x"),
        ("# 1 [clinic]", "# 1 [clinic]"),
    ],
)
def test_visible_spells_out_what_could_steer_a_terminal(text: str, shown: str) -> None:
    """Controls, bidirectional and invisible characters, separators, lone surrogates and log commands are escaped."""
    assert visible(text) == shown


@settings(max_examples=300)
@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "L", "Zs", "So"])))
def test_visible_leaves_no_control_and_can_be_written(text: str) -> None:
    """Whatever the text, its visible form is one line without controls that any UTF-8 stream takes."""
    shown = visible(text)
    assert not [character for character in shown if unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")]
    shown.encode()


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("cure", 4),
        ("naïve", 5),
        ("nai\u0308ve", 5),
        ("治愈", 4),
        ("ｃｕｒｅ", 8),
        ("👩‍⚕️", 2),
        ("❤️", 2),
        ("…", 1),
    ],
)
def test_display_width(text: str, width: int) -> None:
    """Width counts terminal columns, not characters."""
    assert display_width(text) == width


def test_letters_and_signs_that_need_no_table_are_one_column_wide() -> None:
    """The shortcut for them says what the table says."""
    narrow = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x300), *range(0x2010, 0x2028))]
    assert [character for character in narrow if wcswidth(character) != display_width(character)] == []


@pytest.mark.parametrize(
    ("text", "width", "start", "end"),
    [
        ("one two three", 13, "one two three", "one two three"),
        ("one two three", 12, "one two", "two three"),
        ("one two three", 7, "one two", "three"),
        ("one two three", 2, "", ""),
        ("one two three", 0, "", ""),
        ("", 5, "", ""),
        ("治愈抑郁症", 5, "治愈", "郁症"),
        ("e\u0301a\u0300 e\u0301e\u0300", 2, "e\u0301a\u0300", "e\u0301e\u0300"),
        ("x" * 50, 40, "x" * 40, "x" * 40),
    ],
)
def test_cut_at_word_borders(text: str, width: int, start: str, end: str) -> None:
    """A start and an end keep whole words and letters with their marks; only endless words are cut anywhere."""
    assert (head(text, width), tail(text, width)) == (start, end)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, []),
        ("one two three", 7, ["one two", "three"]),
        ("see https://example.org/a/long/path now", 10, ["see", "https://example.org/a/long/path", "now"]),
        ("治愈 抑郁 症", 9, ["治愈 抑郁", "症"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    """Lines fill the width by display width, and an address is never broken."""
    assert wrap(text, width) == lines


@settings(max_examples=300)
@given(
    before=st.text("ab \t治👩\u200d\ufe0f\u0301\x1b\u202e", max_size=300),
    claim=st.text("cd \n治❤\ufe0f\u0301\x9b", max_size=300).map("<{}>".format),
    after=st.text("ab 治,\ud800", max_size=300),
    width=st.integers(1, 120),
)
def test_frame_fits_the_width_and_underlines_the_claim(before: str, claim: str, after: str, width: int) -> None:
    """The frame of any text fits the terminal, and its carets stand exactly under the claim."""
    shown = SHORT._replace(context=before + claim + after, context_start=len(before), text=claim)
    line, underline = render(Report((shown,)), "text", RenderOptions(width=width)).split("\n")[3:5]
    assert display_width(line) <= max(width, 30)
    assert set(underline[5:]) <= {" ", "^"}
    assert display_width(line[: line.index("<")]) == underline.index("^")
    assert display_width(line[: line.index(">") + 1]) == len(underline)


@pytest.mark.parametrize(("color", "hyperlinks"), [(False, False), (True, False), (True, True)])
def test_colour_adds_escapes_and_nothing_else(color: bool, hyperlinks: bool) -> None:
    """Colours and links change no letter: without their sequences the text is that of a plain terminal."""
    styled = render(REPORT, "text", RenderOptions(color=color, hyperlinks=hyperlinks))
    plain = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\", "", styled)
    assert plain == render(REPORT, "text", RenderOptions())
    assert ("\x1b[" in styled, "\x1b]8" in styled) == (color, hyperlinks)
    assert not CONTROL.search(plain)


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "https://a.example/\x1b\\\x1b[2J", "https://a.example/ b"])
def test_only_plain_web_addresses_become_links(url: str) -> None:
    """A source without a clean http address leaves the code without a link."""
    report = Report((SHORT._replace(sources=(Citation("A source", url),)),))
    assert "\x1b" not in render(report, "text", RenderOptions(hyperlinks=True))


@pytest.mark.parametrize("format_name", ["text", "concise"])
def test_copy_cannot_start_a_line(format_name: str) -> None:
    """No text of the page or of its file name begins an output line, where a CI log would obey it."""
    hostile = HOSTILE._replace(path="::stop-commands::x.md", message="\n::error::owned", why="::error::why")
    lines = render(Report((hostile,)), format_name, RenderOptions(width=40)).splitlines()
    assert not [line for line in lines if line.lstrip().startswith("::") or "##[" in line]


def test_huge_paragraph_shows_its_claim() -> None:
    """A claim deep inside megabytes of prose is shown like any other."""
    prose = finding("word " * 400_000 + "[[cures all]]" + " word" * 400_000)
    frame = render(Report((prose,)), "text", RenderOptions(width=40)).split("\n")[3:5]
    assert frame == ["   | … word word cures all word word …", "   |             ^^^^^^^^^"]


def test_a_place_is_told_in_words_where_a_file_has_no_lines() -> None:
    """Text shows it behind the position, JSON has a key for it; neither says anything in a file with lines."""
    plain = finding("It [[cures acne]].", path="draft.docx", start=(2, 4))
    placed = plain._replace(place="table 1, row 2, column 1")
    assert "--> draft.docx:2:4 (table 1, row 2, column 1)\n" in render(Report((placed,)), "text", RenderOptions())
    assert "--> draft.docx:2:4\n" in render(Report((plain,)), "text", RenderOptions())
    in_json = [json.loads(render(Report((each,)), "json", RenderOptions()))["findings"][0] for each in (placed, plain)]
    assert [each.get("place") for each in in_json] == ["table 1, row 2, column 1", None]


def test_finding_without_text_has_no_frame() -> None:
    """A finding on the whole page, which quotes nothing, is shown without a frame."""
    page = SHORT._replace(text="", context="", context_start=0, why="", instead="")
    assert render(Report((page,)), "text", RenderOptions(quiet=True)) == (
        "error[CUR001]: The copy says that a treatment cures a disease.\n  --> content/botox.md:3:7\n"
    )


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (Report(), "No findings in 0 files."),
        (Report(files=1), "No findings in 1 file."),
        (Report(files=12, hidden={"suppressed": 2}), "No findings in 12 files; 2 suppressed."),
        (Report(failures=(Failure("a", "b"),)), "No findings in 0 files; 1 file could not be read."),
        (Report((SHORT,), files=1), "1 finding (1 error) in 1 of 1 file."),
        (Report((SHORT, SHORT, SOFTENED), files=2), "3 findings (2 errors, 1 warning) in 1 of 2 files."),
        (
            Report((SHORT, LONG_CLAIM, WIDE), files=9, hidden={"suppressed": 1, "none": 0, "in baseline": 4}),
            "3 findings (2 errors, 1 info) in 2 of 9 files; 1 suppressed, 4 in baseline.",
        ),
    ],
)
def test_summary_line(report: Report, line: str) -> None:
    """The summary counts findings by severity and files, then what was held back, then what failed."""
    assert summary_line(report) == line


@pytest.mark.parametrize(("count", "words"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_counted(count: int, words: str) -> None:
    """One is singular, all else plural."""
    assert counted(count, "file") == words


def test_failure_lines_are_harmless() -> None:
    """Failures become one `error:` line each, with their escapes spelled out."""
    assert failure_lines(REPORT) == (
        "error: content/draft.docx: not a ZIP archive",
        r"error: bad\x1b[m.md: is not UTF-8",
    )


def test_json_gives_back_what_the_page_says() -> None:
    """Escaping for terminals and encoders changes the JSON's spelling, never its content."""
    rendered = render(REPORT, "json", RenderOptions())
    content = json.loads(rendered)
    assert not CONTROL.search(rendered)
    assert rendered.encode().endswith(b"}\n")
    assert [entry["path"] for entry in content["findings"]] == [item.path for item in REPORT.findings]
    assert [entry["text"] for entry in content["findings"]] == [item.text for item in REPORT.findings]
    assert [entry["message"] for entry in content["errors"]] == [item.message for item in REPORT.failures]


@settings(max_examples=300)
@given(st.text(st.characters(categories=["Cc", "Cf", "Cs", "Co", "L", "So", "P", "Zl"])))
def test_json_round_trips_any_text(text: str) -> None:
    """Any text, lone surrogates and tags too, comes back from the JSON as it was."""
    rendered = render(Report((SHORT._replace(text=text),)), "json", RenderOptions())
    rendered.encode()
    # Two lone surrogates side by side are one character to a JSON parser, as they are to UTF-16.
    expected = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    assert json.loads(rendered)["findings"][0]["text"] == expected


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_renders_the_empty_run(format_name: str) -> None:
    """Every registered format has a module that renders a clean report, ending in a line end."""
    assert render(EMPTY, format_name, RenderOptions()).endswith("\n")


def test_unknown_format_is_a_key_error() -> None:
    """A name that is not in the table is refused, not guessed."""
    with pytest.raises(KeyError, match="yaml"):
        render(EMPTY, "yaml", RenderOptions())


def test_quiet_and_clean_says_nothing() -> None:
    """A quiet run without findings prints nothing at all."""
    assert [render(EMPTY, name, RenderOptions(quiet=True)) for name in ("text", "concise")] == ["", ""]


def test_statistics_put_the_most_frequent_rule_first() -> None:
    """Rules are ordered by count, then by code, with the counts right-aligned over the total."""
    report = Report((WIDE, *[SOFTENED] * 9, SHORT), files=3)
    assert render(report, "concise", RenderOptions(statistics=True, quiet=True)) == (
        " 9  SAF002  relative-safety-without-risks\n"
        " 1  CUR001  cures-disease\n"
        " 1  CUR002  cures-disease-zh\n"
        "11  total\n"
    )
