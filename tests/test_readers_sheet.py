"""Sheets: which cells are copy, where their words stand, and that no cell speaks for another."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import LintText
from medlint.document import Document
from medlint.readers import Names, ReadError, decode, format_for, read_text
from medlint.readers.names import holds_words, is_ad_column, is_column_head, is_copy, is_copy_name


def read(text: str, path: str = "ads.csv") -> Document:
    """The document in a sheet."""
    format = format_for(path)
    assert format
    return read_text(path, text, format)


def cells(text: str, path: str = "ads.csv") -> list[str]:
    """The words of each cell of copy."""
    return [" / ".join(block.prose.text for block in part.blocks) for part in read(text, path).parts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Campaign,Headline 1,Path 1,Final URL\nbotox_uk,Calm skin,calm,https://a.example\n", ["Calm skin"]),
        (
            "headline_1;HEADLINE 2;Description Line 1\nOne here;Two, here;Three here\n",
            ["One here", "Two, here", "Three here"],
        ),
        ("Title\tBody (HTML)\nTea\t<p>Calm &amp; <b>kind</b></p>\n", ["Tea", "Calm & kind"]),
        ("id|Ad text\n1|Calm skin\n", ["Calm skin"]),
        ("Headline 1,Headline 1 position,Description\nCalm,Pinned first,Kind\n", ["Calm", "Kind"]),
        # the name and the time of a report stand above its head
        ("Ad report\nMay 2024\nCampaign,Headline\nSpring,Calm skin\n", ["Calm skin"]),
        ("sep=;\nHeadline;Text\nCalm;Kind\n", ["Calm", "Kind"]),
        # one column: a comma belongs to the sentence
        ("Headline\nCalm, kind, slow\nNo rush\n", ["Calm, kind, slow", "No rush"]),
        # a row with more cells than the head has a comma too many, and no cell of it is passed over
        ("Headline,Text\nCalm, kind,slow\n", ["Calm", "kind", "slow"]),
        ("Headline,Text,\nCalm,Kind,\n", ["Calm", "Kind"]),
        ("Text,Note\nCalm\n", ["Calm"]),
        # quotes
        ('Text,n\n"Calm, ""so"" kind",1\n', ['Calm, "so" kind']),
        ('Text,n\n"Calm\n\nKind",1\nSlow,2\n', ["Calm / Kind", "Slow"]),
        ('Text,n\n 5" scar,1\n', ['5" scar']),
        ('Text\tn\n"Calm" they said\t1\nSlow\t2\n', ['"Calm" they said', "Slow"]),
        ('Text,n\n"never closed,1\nSlow,2\n', ['"never closed', "Slow"]),
        ('Text,n\n"Calm"\n', ["Calm"]),
        ('Text,n\n"",\n,,\n\n', []),
        ("", []),
        ("\n\n", []),
        ("Headline", []),
        ("Headline,Text\n", []),
    ],
)
def test_copy_is_told_by_the_name_of_its_column(text: str, expected: list[str]) -> None:
    """Columns of copy are read, in any of the usual separators; without a head, all that holds words is."""
    assert cells(text) == expected
    assert cells(text.replace("\n", "\r\n")) == expected


@pytest.mark.parametrize(
    ("name", "is_copy"),
    [
        ("Headline 1", True),
        ("headline_15", True),
        ("metaDescription", True),
        ("SEO Title", True),
        ("Image alt text", True),
        ("link-text", True),
        ("Body (HTML)", True),
        ("CTA", True),
        ("Path 1", False),
        ("Headline 1 position", False),
        ("Title ID", False),
        ("textAlign", False),
        ("content_type", False),
        ("Context", False),
        ("Campaign", False),
        ("", False),
        ("12", False),
    ],
)
def test_names_tell_copy(name: str, is_copy: bool) -> None:
    """Case, numbers and joints do not matter; what a name ends in decides."""
    assert is_copy_name(name) == is_copy


@pytest.mark.parametrize(
    "cell", ["Our offer", "Read the title story", "Title: calm skin for all of us who are here now"]
)
def test_a_line_of_copy_is_no_head(cell: str) -> None:
    """A sentence that holds the name of a column does not hide the rest of the sheet."""
    assert not is_column_head(cell)


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("Painless!", True),
        ("Pain-free", True),
        ("Safe/simple", True),
        ("100% safe", True),
        ("皮膚", True),
        ("https://a.example/cure", False),
        ("mailto:a@b.example", False),
        ("a@b.example", False),
        ("/cure/acne", False),
        ("#ff00aa", False),
        ("home.hero.title", False),
        ("hero_title", False),
        ("{{name}}", False),
        ("9:10", False),
        ("-", False),
        (" ", False),
        ("", False),
        ("0123456789abcdef0123", False),
        ("x" * 400, True),
    ],
)
def test_what_says_nothing_is_no_copy(value: str, says: bool) -> None:
    """Numbers, addresses and identifiers are left alone."""
    assert holds_words(value) == says


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("title",), "Calm", True),
        (("title", "en"), "Calm", True),
        (("title", "en-GB"), "Calm", True),
        (("days", "message", "other"), "Calm", True),
        (("nav", "home"), "Home", False),
        (("nav", "home"), "Come home to calm skin", True),
        (("title", "url"), "a calm skin", False),
        (("className",), "flex text sm", False),
        ((), "Calm skin here", True),
        ((), "Calm", False),
    ],
)
def test_keys_tell_copy(path: tuple[str, ...], value: str, expected: bool) -> None:
    """A key names copy, or one above it does; under any other key three words are copy."""
    assert is_copy(path, value) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_places_are_those_of_the_file(encoding: str) -> None:
    """Words lead back to their line and column; a doubled quote stands for one."""
    text = decode('id,Text\r\n1,"Größe\r\nand ""calm"" skin"\r\n'.encode(encoding))
    document = read(text)
    (block,) = document.blocks
    assert block.prose.text == 'Größe and "calm" skin'
    places = {
        word: document.source.position(block.prose.source_span(*re.search(word, block.prose.text).span()).start)  # type: ignore[union-attr]
        for word in ("Größe", "and", '"calm', "skin")
    }
    assert places == {"Größe": (2, 4), "and": (3, 1), '"calm': (3, 5), "skin": (3, 14)}


FILLING = st.text("ab é\"',;|\t\n.", max_size=8)
LETTER = st.sampled_from("abé")
# At least two letters, so that a cell is no mere sign.
WORDS = st.tuples(FILLING, LETTER, FILLING, LETTER, FILLING).map("".join)


@given(
    rows=st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4),
    delimiter=st.sampled_from(",;\t|"),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_writer_of_sheets_wrote_is_read(
    rows: list[tuple[str, str]], delimiter: str, line_end: str, quoting: int
) -> None:
    """Whatever stands in the cells, each comes out by itself, and its words lead back to where they came from."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("Headline", "Text"), *rows])
    text = file.getvalue()
    document = read(text)
    written = [" ".join(cell.split()) for row in rows for cell in row if holds_words(cell)]
    found = [" ".join(block.prose.text for block in part.blocks) for part in document.parts]
    assert [squeezed(each) for each in found] == [squeezed(each) for each in written]
    for block in document.blocks:
        words = block.prose.text
        for index, character in enumerate(words):
            start, end = block.prose.source_span(index, index + 1)
            assert text[start:end] in (character, character * 2) or character == " "


def squeezed(text: str) -> str:
    """The letters of a text: bullets and rulers are no words."""
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ((), ["Calm", "Kind"]),
        (("hook",), ["Calm", "Rest", "Kind"]),
        (("HOOK", "!Headline*"), ["Rest", "Kind"]),
        (("!*",), []),
        (("!*", "Ad *"), ["Warm"]),
        (("head",), ["Calm", "Kind"]),
    ],
)
def test_patterns_choose_columns(columns: tuple[str, ...], expected: list[str]) -> None:
    """A pattern fits the whole name of a column; the last that fits decides."""
    text = "Headline 1,Hook,Text,Ad state\nCalm,Rest,Kind,Warm\n"
    format = format_for("a.csv")
    assert format
    found = read_text("a.csv", text, format, Names(columns=columns)) if expected else None
    if found:
        assert [block.prose.text for block in found.blocks] == expected
    else:
        with pytest.raises(ReadError, match='found "Headline 1", "Hook", "Text", "Ad state"; list those'):
            read_text("a.csv", text, format, Names(columns=columns))


def test_a_configured_column_is_a_head() -> None:
    """Where medlint knows no column, one of the configuration says which row names them."""
    format = format_for("a.csv")
    assert format
    found = read_text("a.csv", "Report\nid;Hook\n1;Calm, kind\n", format, Names(columns=("Hook",)))
    assert [(block.prose.text, block.place) for block in found.blocks] == [("Calm, kind", 'row 3, "Hook"')]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Campaign,Clicks\n1,2\n",
            'found "Campaign", "Clicks"; list those that do under \'columns\' in a configuration',
        ),
        ("Calm skin\nKind hands\n", 'found "Calm skin"; list'),
        (",".join(f"c{number}" for number in range(25)), '"c19" and 5 more; list'),
        ('"', "found no words; list"),
    ],
)
def test_a_sheet_without_a_known_column_is_refused(text: str, message: str) -> None:
    """The message names what was found, and the setting."""
    with pytest.raises(ReadError, match=re.escape(message)):
        read(text)


def test_rows_are_numbered_as_spreadsheets_do() -> None:
    """Empty rows count, line breaks in a cell do not; a cell beyond the head is named by its column."""
    document = read('Headline,Text\n\nCalm,"a\nb"\nKind, so,slow\n')
    assert [block.place for block in document.blocks] == [
        *('row 3, "Headline"', 'row 3, "Text"'),
        *('row 4, "Headline"', 'row 4, "Text"', "row 4, column 3"),
    ]


@pytest.mark.parametrize(
    ("cell", "is_ad"),
    [
        *((f"Headline {number}", True) for number in (1, 15)),
        *((f"Description {number}", True) for number in (1, 4)),
        *(
            (name, True)
            for name in ("Long headline", "Headline", "Primary text", "Ad title", "Ad Text", "Title Part 2")
        ),
        *(
            (name, True)
            for name in ("Callout text", "Sitelink text", "Description Line 1", "headline_3", "Link Description")
        ),
        *(
            (name, False)
            for name in ("Title", "Description", "Text", "Body", "Headline 1 position", "Message", "id", "")
        ),
    ],
)
def test_columns_that_only_ads_have(cell: str, is_ad: bool) -> None:
    """They tell a sheet of ads, met in a folder, from any other table."""
    assert is_ad_column(cell) == is_ad


def test_no_cell_speaks_for_another(lint_text: LintText) -> None:
    """A risk or a source in the cell beside, above or below excuses nothing, and softens nothing."""
    risk = "Bruising and drooping eyelids are common."
    claim = "Dysport is a relatively safe way to relax the forehead."
    together = lint_text(f"{claim} {risk}\n", codes=("SAF",))
    assert together.findings == ()
    sheet = f"Headline,Description\n{claim},{risk}\n{risk},{claim}\n"
    apart = lint_text(sheet, "ads.csv", codes=("SAF",))
    alone = lint_text(f"{claim}\n", codes=("SAF",))
    assert [finding.code for finding in apart.findings] == [finding.code for finding in alone.findings] * 2
    assert not any(finding.related for finding in apart.findings)
    assert [finding.start.line for finding in apart.findings] == [2, 3]


def test_an_advert_owes_no_page(lint_text: LintText) -> None:
    """Rules of the whole page hold for pages, not for each cell of a sheet."""
    claim = "Botox cures migraine."
    page = lint_text(f"{claim}\n")
    sheet = lint_text(f"Headline,Text\n{claim},Calm\n", "ads.csv")
    assert any(finding.category == "disclosure" for finding in page.findings)
    assert sheet.findings
    assert not any(finding.category == "disclosure" for finding in sheet.findings)


def test_the_same_claim_in_two_cells_is_two_findings(lint_text: LintText) -> None:
    """Each has a fingerprint of its own, so that a baseline counts them."""
    findings = lint_text("Headline\nCures acne.\nCures acne.\n", "ads.csv", codes=("CUR",)).findings
    assert [finding.start.line for finding in findings] == [2, 3]
    assert len({finding.fingerprint for finding in findings}) == 2


def test_a_long_sheet_is_read_to_its_end() -> None:
    """A hundred thousand rows, a stray quote in each."""
    document = read("Headline,Text\n" + '"odd,Calm skin\n' * 100_000)
    assert len(document.parts) == 200_000
    assert document.source.position(document.blocks[-1].span.start) == (100_001, 6)
