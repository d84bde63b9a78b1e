"""Hostile input from the command line: whatever is in copy, names, configurations and packs, a run ends and says so."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from medlint import packs, rulebook, rulecache
from medlint.cli import main
from medlint.document import Position
from medlint.readers import ReadError, format_for, read_text

CLAIM = "A zork here.\n"


def pack(match: str = "match: zork", message: str = "is no word", code: str = "OFR901") -> str:
    """A rule on a word that nobody uses."""
    return f"""
- code: {code}
  name: zork-word
  severity: error
  {match}
  message: "{message}"
  why: Nobody knows it.
  instead: Say something else.
  sources: [{{cite: House style, url: 'https://law.example/zork'}}]
  bad: [A zork a, The zork a, One zork aa]
  good: [A., B., C.]
"""


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one page, and one small rule in the place of the bundled ones."""
    folder = tmp_path_factory.getbasetemp() / "hostile-rules"
    if not folder.exists():
        folder.mkdir()
        (folder / "rules.yml").write_text(pack())
    for module in (packs, rulebook, rulecache):
        monkeypatch.setattr(module, "bundled_pack", lambda: folder)
    monkeypatch.chdir(tmp_path)
    Path("page.md").write_text(CLAIM)
    return tmp_path


def run(*arguments: str) -> Result:
    """A run of medlint inside this process, as on a terminal that obeys escapes."""
    return CliRunner().invoke(main, arguments, color=True)


def assert_harmless(result: Result) -> None:
    """No crash, and nothing that a terminal, a CI log or a reader of log lines could take for something else."""
    assert result.exit_code in (0, 1, 2), result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "internal error" not in result.output
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", result.output)
    assert not re.search(r"^::|##\[|^pwned", result.output, re.MULTILINE)


EVIL = "e\x1b[2J\n::error::x\u202e##[error]\npwned"
IN_YAML = r"e\e[2J\n::error::x\u202e##[error]\npwned"

CONFIGURATIONS = {
    "unknown key": f'"{IN_YAML}": 1',
    "unknown code": f'ignore: ["{IN_YAML}"]',
    "code to weigh": f'severity: {{"{IN_YAML}": info}}',
    "severity": f'severity: {{CUR: "{IN_YAML}"}}',
    "jurisdiction": f'jurisdictions: ["{IN_YAML}"]',
    "missing pack": f'rules: "{IN_YAML}"',
    "missing register": f'claims: "{IN_YAML}"',
    "missing baseline": f'baseline: "{IN_YAML}"',
    "raw escape": "ignore: [\x1b[31m",
    "code to run": "ignore: !!python/object/apply:os.system ['touch ran']",
    "aliases": "a: &a [x, x]\nb: &b [*a, *a]\nignore: [*b, *b]",
    "lists in lists": "ignore: " + "[" * 50_000,
    "items in items": "- " * 50_000 + "a",
    "mappings in mappings": "{" * 100_000,
    "keys in keys": "{a: " * 100_000,
    "no text": "\0",
    "device as register": "claims: /dev/zero",
    "device as baseline": "baseline: /dev/zero",
    "device as pack": "rules: /dev/zero",
    "pipe as baseline": "baseline: pipe.yml",
    "pipe as register": "claims: pipe.yml",
    "pipe in a folder of rules": "rules: .",
    "itself": "rules: .medlint.yml",
}


@pytest.mark.skipif(os.name == "nt", reason="no pipes and devices in folders")
@pytest.mark.parametrize("text", CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_a_hostile_configuration_is_a_harmless_error(text: str) -> None:
    """It is refused with its place; nothing hangs, runs, or steers the terminal."""
    os.mkfifo("pipe.yml")
    Path(".medlint.yml").write_text(text)
    result = run("check", "page.md", "--no-cache")
    assert_harmless(result)
    assert result.exit_code == 2
    assert not Path("ran").exists()


@pytest.mark.parametrize(
    "text",
    [
        r'"e\u001b[2J\n::error::x" = 1',
        r'ignore = ["e\u001b[2J\n::error::x"]',
        "a = " + "[" * 50_000,
        "a = " + "9" * 5_000,
        "a = 0x" + "f" * 5_000,
    ],
)
def test_a_hostile_toml_configuration_is_a_harmless_error(text: str) -> None:
    """The same in TOML, whose parser has limits of its own."""
    Path("medlint.toml").write_text(text)
    result = run("check", "page.md", "--no-cache")
    assert_harmless(result)
    assert result.exit_code == 2


def test_a_pyproject_with_another_idea_of_tools_says_nothing_about_medlint() -> None:
    """What is none of ours is no error."""
    Path("pyproject.toml").write_text("tool = 3\n")
    assert run("check", "page.md", "--no-cache").exit_code == 1


PACKS = {
    "a message that steers": pack(message=IN_YAML),
    "brackets in brackets": pack(f"match: '{'(' * 3000}a zork{')' * 3000}'"),
    "optional words in optional words": pack(f"match: 'zork {'[a ' * 3000}{']' * 3000}'"),
    "alternatives in alternatives": pack(f"match: '{'(a|[b] ' * 40}c{')' * 40} zork'"),
    "a gap without end": pack("match: 'a ...99999999999 zork'"),
    "a gap beyond counting": pack(f"match: 'a ...{'9' * 5000} zork'"),
    "groups in groups": pack(f"regex: ['{'(' * 3000}zork{')' * 3000}']"),
    "repeats of repeats": pack("regex: ['((((a{500}){500}){500}){500})zork']"),
    "a repeat beyond counting": pack("regex: ['a{99999999999999999999}zork']"),
    "code to run": pack("match: !!python/object/apply:os.system ['touch ran']"),
    "a file to read": pack("match: !include /etc/passwd"),
    "a slot that is a path": pack("match: '{../../etc/passwd} zork'"),
    "lists in lists": "[" * 50_000,
    "a chain of lists": "rules:"
    + pack("match: '{v2999} zork'")
    + "vocabulary:\n"
    + "".join(f"  v{n}: ['{f'{{v{n - 1}}} ' if n else ''}a', b]\n" for n in reversed(range(3000))),
    "a chain of lists from its end": "rules:"
    + pack("match: '{v2999} zork'")
    + "vocabulary:\n"
    + "".join(f"  v{n}: ['{f'{{v{n - 1}}} ' if n else ''}a', b]\n" for n in range(3000)),
    "a billion laughs": "\n".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 10 if n else 'zork'}]" for n in range(10)),
    "mappings merged": "- &a {code: OFR902}\n- <<: *a\n",
    "a list of itself": "rules:" + pack("match: '{loop} zork'") + "vocabulary: {loop: ['a {loop}', b]}\n",
    "half a character": pack(message=r"is no \ud800 word"),
    "a place in our code": pack(message="{match.__class__} {0} {match!r:>99999999} %s"),
}


@pytest.mark.parametrize("text", PACKS.values(), ids=PACKS)
@pytest.mark.parametrize("command", [("check", "page.md", "--no-cache", "--rules"), ("rules", "--check")])
def test_a_hostile_pack_is_harmless(text: str, command: tuple[str, ...]) -> None:
    """It is used or refused; it cannot hang, read files, run code or steer the terminal."""
    Path("house.yml").write_text(text.replace("OFR901", "OFR902"))
    assert_harmless(run(*command, "house.yml"))
    assert not Path("ran").exists()


def doubling(line: str) -> str:
    """Word lists of which each says the one before twice in each of its lines."""
    lists = (f"  v{n}: ['{line.replace('v', f'v{n - 1}') if n else 'a'}', b]\n" for n in range(12))
    return "rules:" + pack("match: '{v11} zork'") + "vocabulary:\n" + "".join(lists)


LONG_WAYS = {
    "optional words": pack(f"match: '{'[a] ' * 60}zork'"),
    "alternatives": pack(f"match: '{'(a|a a|a a a) ' * 40}zork'"),
    "alternatives in alternatives": pack(f"match: '{'(a|[b] ' * 28}c{')' * 28} zork'"),
    "gaps in alternatives": pack(f"match: '{'(b|a ...30 ' * 28}zork{')' * 28}'"),
    "gaps": pack(f"match: '{'a ... ' * 40}zork'"),
    "gaps behind alternatives": pack(f"match: '{'(a|b c) ...5 ' * 40}zork'"),
    "a wide gap": pack("match: 'a ...100 zork'"),
    "numbers": pack(f"match: '{'{#} ' * 50}zork'"),
    "verbs": pack(f"match: '{'cure~ ' * 60}zork'"),
    "senses": pack(f"match: zork\n  senses: '{'(a|a a) ' * 40}zork'"),
    "exceptions": pack(f"match: zork\n  unless: '{'[a] ... ' * 30}zork'"),
    "lists of lists": doubling("{v} {v}"),
    "choices of lists": doubling("({v}|{v} {v}) [{v}]"),
    "a regex": pack(r"regex: ['(?:(?:a|a )+)+zork']"),
    "a regex of many options": pack(f"regex: ['{'(?:a|b)?' * 4000}zork']"),
}


@pytest.mark.parametrize("text", LONG_WAYS.values(), ids=LONG_WAYS)
def test_no_pack_takes_long_to_check(text: str) -> None:
    """Its examples, its reach and its order are looked at, or it is refused; nothing is spelled out without bound."""
    Path("house.yml").write_text(text.replace("OFR901", "OFR902"))
    result = run("rules", "--check", "house.yml")
    assert_harmless(result)
    assert result.exit_code == 1


@pytest.mark.parametrize("text", LONG_WAYS.values(), ids=LONG_WAYS)
def test_no_pack_takes_long_to_match(text: str) -> None:
    """Copy that nearly matches in very many ways is linted, or its rule is named; this test hangs where that fails."""
    Path("house.yml").write_text(text.replace("OFR901", "OFR902"))
    words = ("a ", "a b c ", "a, ", "cure cures ", "1 ", "b ")
    Path("page.md").write_text("\n\n".join(f"{word * 300}zork, {word * 300}zor." for word in words))
    result = run("check", "page.md", "--no-cache", "--rules", "house.yml", "--format", "concise")
    assert_harmless(result)
    assert "OFR901" in result.output or "OFR902" in result.output or "house.yml:" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", EVIL),
        ("check", "--rules", EVIL),
        ("check", "--claims", EVIL),
        ("check", "--baseline", EVIL),
        ("check", "--config", EVIL),
        ("check", "--select", EVIL),
        ("check", "--format", EVIL),
        ("check", "--jobs", EVIL),
        ("check", "-o", f"nowhere/{EVIL}", "page.md"),
        ("check", "--write-baseline", EVIL, "page.md"),
        ("check", f"--{EVIL}"),
        ("check", f"-{EVIL}"),
        (EVIL,),
        ("explain", EVIL),
        ("rules", "--check", EVIL),
    ],
)
def test_no_argument_steers_the_terminal(arguments: tuple[str, ...]) -> None:
    """A hook passes the names of files, and an error shows what it was given."""
    assert_harmless(run(*arguments))


@pytest.mark.skipif(os.name == "nt", reason="no such names")
def test_no_name_of_a_folder_steers_the_terminal() -> None:
    """Why a file is not linted may hold the name of an ignore file."""
    folder = Path("d\x1b[2J\n::error::x")
    folder.mkdir()
    (folder / ".gitignore").write_text("x.md\n")
    (folder / "x.md").write_text(CLAIM)
    result = run("check", "--show-files", ".")
    assert_harmless(result)
    assert "ignored by" in result.output


COPY = {
    "a number without end.md": '{"title": ' + "1" * 5_000 + "}\nA zork.",
    "a number without end.markdown": "+++\na = " + "1" * 5_000 + "\n+++\nA zork.",
    "a hexadecimal one.md": "+++\na = 0x" + "f" * 5_000 + "\n+++\nA zork.",
    "json in json.md": '{"a":' + "[" * 30_000,
    "toml in toml.md": "+++\na = " + "[" * 30_000 + "\n+++\n",
    "yaml in yaml.md": "---\na: " + "[" * 30_000 + "\n---\n",
    "laughs.md": "---\na: &a [x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\n---\nA zork.",
    "a tag.md": "---\ntitle: !!python/object/apply:os.system ['touch ran']\n---\nA zork.",
    "half a character.md": "A \ud800 zork.",
    "half a character.html": "<p>A \ud800 zork.",
    "another order.md": "\u202eA zork.\u202c \u2066A zork.",
    "null.txt": "A \0 zork.",
    "headings.md": "# x\n" * 20_000 + CLAIM,
    "headings.html": "<h1>x" * 20_000 + CLAIM,
    "boxes.html": "<div>" * 50_000 + CLAIM,
    "quotes.md": ">" * 20_000 + CLAIM,
    "components.mdx": "<A>" * 20_000,
    "braces.mdx": "{`${" * 20_000,
    "scripts.html": "<script>" * 20_000,
    "comments.html": "<!--" * 50_000,
    "an attribute without end.html": "<p title='" + CLAIM * 500,
    "data.html": '<script type="application/ld+json">{"@type":"Answer","text":' + "[" * 50_000 + "</script>",
    "one line.md": "We open at nine. " * 20_000 + CLAIM,
    "dots.txt": "." * 200_000,
    "marks.md": "A zork" + "\u0301" * 100_000,
    "links.md": "[a](" * 20_000 + "zork",
}


@pytest.mark.parametrize("name", COPY)
def test_hostile_copy_is_linted_or_refused(name: str) -> None:
    """A clear error or a result, never a hang, a crash or a command in the log."""
    Path(name).write_bytes(COPY[name].encode("utf-8", "surrogatepass"))
    result = run("check", name, "--format", "concise", "--no-cache")
    assert_harmless(result)
    assert not Path("ran").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full disk at hand")
@pytest.mark.parametrize(
    ("shell", "code"),
    [
        ("check page.md > /dev/full", 2),
        ("check page.md --format json > /dev/full", 2),
        ("check nothing.md 2> /dev/full", 2),
        ("--version > /dev/full", 2),
        ("rules > /dev/full", 2),
        ("check page.md >&-", 1),
        ("check page.md <&- >&- 2>&-", 1),
        ("check - <&-", 0),
        ("rules >&-", 0),
    ],
)
def test_streams_that_are_full_or_closed(shell: str, code: int, desk: Path) -> None:
    """The exit code holds, and there is no traceback."""
    command = f"{sys.executable} -c 'from medlint.cli import run; run()' {shell}"
    (desk / "page.md").write_text("Our laser cures cancer.\n")
    done = subprocess.run(["sh", "-c", command], capture_output=True, cwd=desk, timeout=60, check=False)
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="a working directory cannot go")
def test_a_working_directory_that_is_gone(desk: Path) -> None:
    """There is nothing to be relative to, and that is said."""
    (desk / "gone").mkdir()
    os.chdir("gone")
    (desk / "gone").rmdir()
    result = run("check", "page.md")
    os.chdir(desk)
    assert result.exit_code == 2
    assert "cannot go on" in result.output


MARKUP = "zork ␣ A␣ . ¶ ¶¶ <p> </p> <b> &amp; &#122;ork * ** #␣ -␣ |␣ <!-- --> {{ }} zor¶k 😀 İ ß ﬁ “"
PIECES = st.sampled_from(
    [piece.replace("␣", " ").replace("¶", "\n") for piece in MARKUP.split()]
    + ["\u00ad", "\u200b", "\u202e", "\u0301", "\ud800", "\t", "\r\n"]
)


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(st.lists(PIECES, max_size=25).map("".join), min_size=2, max_size=3),
    suffix=st.sampled_from([".md", ".mdx", ".html", ".txt"]),
)
def test_spans_lie_in_the_source_and_do_not_depend_on_other_texts(texts: list[str], suffix: str) -> None:
    """What is reported slices out of the source, and a text has the same findings after any other."""
    from medlint.linter import Linter
    from medlint.rulebook import load_rulebook

    format = format_for(f"x{suffix}")
    assert format
    shared = Linter(load_rulebook())
    for text in texts:
        try:
            document = read_text("x" + suffix, text, format)
        except ReadError:
            continue
        source = document.source
        found = shared.lint(document).findings
        assert found == Linter(load_rulebook()).lint(document).findings
        ends = source.position(len(source.text))
        for finding in found:
            assert Position(1, 1) <= finding.start < finding.end <= ends
            lines = source.text[source.line_starts[finding.start.line - 1] + finding.start.column - 1 :]
            assert lines[0].casefold() in ("z", "&", "*", "<")
            assert "zork" in finding.text.casefold()


def test_a_result_from_a_poisoned_cache_cannot_run_code(desk: Path) -> None:
    """An entry that names code to run is damaged, not obeyed."""
    run("check", "page.md")
    (entry,) = desk.glob(".medlint_cache/*.json")
    entry.write_bytes(
        b"cos\nsystem\n(S'touch ran'\ntR." + json.dumps({"py/reduce": ["os.system", "touch ran"]}).encode()
    )
    result = run("check", "page.md")
    assert_harmless(result)
    assert result.exit_code == 1
    assert not Path("ran").exists()
