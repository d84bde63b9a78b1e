"""Files that hold many texts, from end to end: whole samples against golden reports, folders, settings, refusals.

`samples/copy` has a file of each kind with the same claim in many forms. After an intended change of output,
`MEDLINT_UPDATE_GOLDEN=1` writes the golden files anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medlint.cli import main
from medlint.config import config_for
from medlint.document import Document
from medlint.readers import Names, ReadError, format_for, read_document, read_text
from test_readers_properties import MARKUP, WHITE_AND_STRANGE
from test_reports import compare_with_golden

SAMPLES = Path(__file__).parent / "samples" / "copy"
FILES = sorted(path.name for path in SAMPLES.iterdir() if path.name != "rules.yml")
SUFFIXES = (".csv", ".tsv", ".json", ".yml", ".properties", ".po", ".eml", ".xml")


def run(*arguments: str, cached: bool = False) -> Result:
    """A run of `medlint check` with the one rule of the samples."""
    rules = ("--rules", str(SAMPLES / "rules.yml"), "--select", "CUR901,SUP")
    config_for.cache_clear()  # each run is a process of its own
    return CliRunner().invoke(main, ["check", *rules, *([] if cached else ["--no-cache"]), *arguments])


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", FILES)
def test_samples_are_reported_as_the_golden_files_show(name: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found, at which line and column, in which row, key, part or item, and what is told beside it."""
    monkeypatch.chdir(SAMPLES)
    result = run("--format", form, name)
    output = result.stdout if form == "json" else f"{result.stdout}\n{result.stderr}"
    compare_with_golden(f"copy/{name}.{'json' if form == 'json' else 'txt'}", output)


@pytest.mark.parametrize("name", FILES)
def test_findings_lead_to_words_of_the_claim(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place of each finding in the decoded file starts and ends at the claim, or holds it as it is encoded there."""
    monkeypatch.chdir(SAMPLES)
    format = format_for(name)
    assert format
    document = read_document(name, Path(name).read_bytes(), format)
    found = 0
    for block in document.blocks:
        start = block.prose.text.lower().find("wonder cure")
        if start < 0:
            continue
        span = block.prose.source_span(start, start + len("wonder cure"))
        said = document.source.text[slice(*span)]
        found += 1
        if block.place.startswith("text part"):  # base64: whole lines
            assert said in document.source.text.splitlines() or "\n" in said
        else:
            assert said.startswith("w")
            assert "o" in said
            assert said.endswith(("e", "="))
        assert block.place
    assert found >= 2


FOLDER = {
    "google.tsv": "Campaign\tHeadline 1\nx\tA wonder cure\n",
    "meta.csv": "Ad name,Primary text\nx,A wonder cure\n",
    "products.csv": "id,title,description\n1,A wonder cure,Calm\n",
    "hooks.csv": "id,Hook\n1,A wonder cure\n",
    "data.csv": "1,2\n3,4\n",
    "export.xml": (SAMPLES / "wordpress.xml").read_text("utf-8"),
    "sitemap.xml": "<urlset><url>wonder cure</url></urlset>",
    "package.json": '{"description": "A wonder cure"}',
    "locales/en.json": '{"title": "A wonder cure"}',
    "locales/en.yml": "title: A wonder cure\n",
    "ci.yml": "title: A wonder cure\n",
    "en.properties": "title=A wonder cure\n",
    "de.po": 'msgid "A wonder cure"\nmsgstr ""\n',
    "mail.eml": "Subject: A wonder cure\n\nCalm\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of every kind, some of which are no copy."""
    for name, text in FOLDER.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shown_files(*arguments: str) -> tuple[set[str], dict[str, str]]:
    """The files a run would lint, and why others are left out."""
    lines = run("--show-files", *arguments).stdout.splitlines()
    left_out = dict(line.split(": not linted: ") for line in lines if ": not linted: " in line)
    return {line for line in lines if ": not linted: " not in line}, left_out


def test_a_folder_is_read_for_what_is_surely_copy(folder: Path) -> None:
    """Ads, exports, translations and e-mails are; tables, settings and other XML are left out, and it is told why."""
    taken, left_out = shown_files(".")
    assert taken == {"google.tsv", "meta.csv", "export.xml", "de.po", "mail.eml"}
    assert left_out.keys() == FOLDER.keys() - taken
    assert left_out["products.csv"].startswith("no column of ads such as Headline; name the file, or list its columns")
    assert left_out["sitemap.xml"] == "no WordPress export, which is all that medlint reads of XML"
    assert left_out["package.json"].startswith(".json files are read where they are named, or listed under 'strings'")


def test_the_configuration_adds_files_and_columns(folder: Path) -> None:
    """Strings are read where `strings` says so; a column of the configuration makes a sheet one of ads."""
    (folder / ".medlint.yml").write_text("strings: [locales/]\ncolumns: [hook]\n")
    taken, _ = shown_files(".")
    assert taken == {
        *("google.tsv", "meta.csv", "export.xml", "de.po", "mail.eml"),
        *("locales/en.json", "locales/en.yml", "hooks.csv"),
    }
    reported = json.loads(run("--format", "json", "hooks.csv").stdout)
    assert [(each["line"], each["column"], each["place"]) for each in reported["findings"]] == [
        (2, 5, 'row 2, "Hook"'),
    ]


def test_settings_per_path_add_to_those_of_the_file(folder: Path) -> None:
    """The last pattern that fits decides, and the settings are shown as a file would say them."""
    (folder / ".medlint.yml").write_text(
        'columns: ["Hook*", "!Headline*"]\nkeys: ["!title"]\nper-path: [{paths: [google.tsv], columns: [headline 1]}]\n'
    )
    shown = run("--show-settings", "google.tsv").stdout
    assert 'columns: ["Hook*", "!Headline*", "headline 1"]\nkeys: ["!title"]\n' in shown
    assert "strings: []\n" in shown
    assert len(json.loads(run("--format", "json", "google.tsv").stdout)["findings"]) == 1
    assert json.loads(run("--format", "json", "locales/en.json").stdout)["findings"] == []


def test_named_files_are_read_whatever_a_folder_would_do(folder: Path) -> None:
    """A table, a file of settings: who names it wants it read."""
    for name in ("products.csv", "package.json", "ci.yml", "en.properties"):
        assert [each["text"] for each in json.loads(run("--format", "json", name).stdout)["findings"]] == [
            "wonder cure"
        ]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "data.csv",
            'no column of this sheet is known to hold copy: found "1", "2"; list those that do under \'columns\'',
        ),
        ("hooks.csv", 'no column of this sheet is known to hold copy: found "id", "Hook"; list those that do'),
        ("sitemap.xml", "no WordPress export: the WXR namespace is not declared at its start"),
    ],
)
def test_what_holds_no_copy_is_refused_when_it_is_named(folder: Path, name: str, message: str) -> None:
    """Nothing is skipped without a word."""
    result = run(name)
    assert result.exit_code == 2
    assert message in result.stderr


def test_notes_come_again_from_kept_results(folder: Path) -> None:
    """What was not read is told on every run, also on one that reads the file no more."""
    (folder / "a.csv").write_text("Headline,Hook\nCalm,This hook is a long sentence about skin\n")
    note = (
        "note: a.csv: not read as copy, though sentences stand there: \"Hook\"; 'columns' in a configuration decides\n"
    )
    assert [run("a.csv", cached=True).stderr for _ in range(2)] == [note, note]
    (folder / ".medlint.yml").write_text('columns: ["!hook"]\n')
    assert run("a.csv").stderr == ""


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_breaks_off_crashes_nothing(name: str) -> None:
    """Cut anywhere, a file is read as far as it goes or refused with a reason."""
    data = (SAMPLES / name).read_bytes()
    format = format_for(name)
    assert format
    for end in range(0, len(data), 7):
        try:
            assert_leads_back(read_document(name, data[:end], format))
        except ReadError as error:
            assert str(error)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_null_byte_is_refused(suffix: str) -> None:
    """As in every text."""
    format = format_for(f"a{suffix}")
    assert format
    with pytest.raises(ReadError, match="NUL character at line 2"):
        read_document(f"a{suffix}", b"Headline\na\0b\n", format)


FRAGMENTS = [
    *("Headline", "Text", "Hook", ",", ";", "\t", "|", '"', '""', "sep=;\n", "\n", "\r\n", " ", "calm skin now", "é😀"),
    *("{", "}", "[", "]", ":", '"title":', '"text": "', "\\", "\\n", "\\u00e9", "\\ud83d\\ude00", "true", "9"),
    *("title: ", "  - ", "|\n  ", ">-\n  ", "'", "&a ", "*a", "# medlint: ignore[CUR] x", "---\n", "!!str "),
    *('msgid "', 'msgstr "', "msgid_plural", 'msgstr[1] "', "#, fuzzy\n", "#~ ", "title = ", "!x\n", "\\\n  "),
    *(
        "Subject: ",
        "=?utf-8?Q?a=C3=A9_b?=",
        "=?utf-8?B?Y2FsbQ==?=",
        "Content-Type: text/html\n",
        "=C3=A9",
        "=\n",
        "=C3",
    ),
    *("Content-Type: multipart/alternative; boundary=a\n", "\n--a\n", "--a--\n", "Content-Transfer-Encoding: base64\n"),
    *("Content-Transfer-Encoding: quoted-printable\n", "Content-Disposition: attachment\n", "Y2FsbSBza2lu\n", "\xe9"),
    *("xmlns:wp='http://wordpress.org/export/1.2/'", "<rss>", "</rss>", "<item>", "</item>", "<title>", "</title>"),
    *("<content:encoded>", "</content:encoded>", "<![CDATA[", "]]>", "<wp:meta_key>rank_math_title</wp:meta_key>"),
    *(
        "<wp:meta_value>",
        "</wp:meta_value>",
        "<wp:post_type>page</wp:post_type>",
        "&amp;",
        "&#233;",
        "<p>",
        "</p>",
        "<!--",
    ),
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS + WHITE_AND_STRANGE), max_size=30).map("".join)


@settings(max_examples=300)
@given(text=st.one_of(TEXTS, MARKUP), suffix=st.sampled_from(SUFFIXES))
@example(text="xmlns:wp='http://wordpress.org/export/1.2/'<item><title>calm</title></item></rss>", suffix=".xml")
def test_any_text_is_read_or_refused_and_leads_back(text: str, suffix: str) -> None:
    """No crash on any input, and every character of prose has its place in the source."""
    format = format_for(f"a{suffix}")
    assert format
    try:
        document = read_text(f"a{suffix}", text, format, Names(columns=("hook",), keys=("x.*", "!y")))
    except ReadError as error:
        assert str(error)
        return
    assert_leads_back(document)


def assert_leads_back(document: Document) -> None:
    """Every block has words and a place; what stands verbatim there is the same character."""
    text = document.source.text
    assert document.blocks == tuple(block for part in document.parts or (document,) for block in part.blocks)
    for block in document.blocks:
        words = block.prose.text
        assert words
        assert 0 <= block.span.start < block.span.end <= len(text)
        for index, character in enumerate(words):
            start, end = block.prose.source_span(index, index + 1)
            assert 0 <= start < end <= len(text)
            if end - start == 1 and character != " " and text.isascii():
                assert text[start] == character
    for part in (document, *document.parts):
        for comment in part.comments:
            assert 0 <= comment.span.start < comment.span.end <= len(text)
