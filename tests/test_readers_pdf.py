"""PDF: lines become paragraphs again, each place has its page, and a scan is an error."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter

from medlint.document import Document
from medlint.readers import ReadError, format_for, read_document
from test_readers_properties import assert_leads_back

SAMPLES = Path(__file__).parent / "samples"


def pdf(*pages: str) -> bytes:
    """A PDF whose pages hold the given drawing instructions."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, content in enumerate(pages):
        resources = "/Resources << /Font << /F 3 0 R >> >> /MediaBox [0 0 600 800]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * number} 0 R >>")
        objects.append(f"<< /Length {len(content.encode('latin-1'))} >>\nstream\n{content}\nendstream")
    data = b"%PDF-1.4\n"
    offsets = []
    for number, each in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{each}\nendobj\n".encode("latin-1")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    return data + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def line(words: str, height: int, size: int = 12, left: int = 70) -> str:
    """Instructions that set one line of text."""
    return f"BT /F {size} Tf {left} {height} Td ({words}) Tj ET\n"


def read(data: bytes, name: str = "draft.pdf") -> Document:
    """The document, its places checked."""
    format = format_for(name)
    assert format
    document = read_document(name, data, format)
    assert_leads_back(document)
    return document


def words(document: Document) -> list[str]:
    """The prose of each block."""
    return [block.prose.text for block in document.blocks]


def refusal(data: bytes) -> str:
    """Why a file is refused."""
    with pytest.raises(ReadError) as caught:
        read(data)
    return str(caught.value)


FIRST = line("Our staff speaks five languages and parks your car for you while", 700)
SECOND = line("you look at the fish in the hall, and then you meet the doctor there.", 686)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ([FIRST + SECOND], ["Our staff speaks five languages and parks your car for you while you look at the fish in the hall, and then you meet the doctor there."]),
        (
            [FIRST + SECOND + line("We open at nine on every day of the week, and on Sundays we open at", 660)
             + line("ten, as the bakery does from which we have our bread.", 646)],
            ["Our staff speaks five languages and parks your car for you while you look at the fish in the hall, and then you meet the doctor there.",
             "We open at nine on every day of the week, and on Sundays we open at ten, as the bakery does from which we have our bread."],
        ),
        ([line("Prices and hours", 720, 18) + FIRST + SECOND], ["Prices and hours", "Our staff speaks five languages and parks your car for you while you look at the fish in the hall, and then you meet the doctor there."]),
        ([line("It eases", 700) + line(" pain.", 700, left=120)], ["It eases pain."]),
        ([line("One in three.", 700) + line("2", 705, 7, 138) + line(" Two in three.", 700, left=142)], ["One in three.² Two in three."]),
        ([line("12", 705, 7) + line(" Lind, 2021.", 700, left=80)], ["¹² Lind, 2021."]),
        ([line("10", 700) + line("6", 705, 7, 83)], ["10⁶"]),
        # A sentence goes over to the next page, a new one does not.
        ([FIRST, line("you look at the fish.", 700)], ["Our staff speaks five languages and parks your car for you while you look at the fish."]),
        ([FIRST + SECOND, line("and more", 700)], ["Our staff speaks five languages and parks your car for you while you look at the fish in the hall, and then you meet the doctor there.", "and more"]),
        (["", line("One.", 700)], ["One."]),
        ([line("\x95Peel", 700) + line("\x95Filler", 686)], ["Peel", "Filler"]),
    ],
)  # fmt: skip
def test_lines_become_paragraphs(pages: list[str], expected: list[str]) -> None:
    """Distance and size of letters part paragraphs, small raised numbers are reference marks."""
    assert words(read(pdf(*pages))) == expected


def test_a_place_is_a_page_and_its_line() -> None:
    """Lines are counted on each page, as a person would count them."""
    source = read(pdf(FIRST + SECOND + line("Third line.", 600), line("Another page.", 700))).source
    places = dict(zip(source.text.split("\n"), source.places, strict=True))
    assert places.pop("") == ""
    assert list(places.values()) == ["page 1, line 1", "page 1, line 2", "page 1, line 3", "page 2, line 1"]


def test_a_pdf_made_by_a_word_processor() -> None:
    """Headings, paragraphs, items and notes of a printed draft are told apart, with the places of their lines."""
    document = read((SAMPLES / "libreoffice.pdf").read_bytes(), "libreoffice.pdf")
    found = words(document)
    assert "Our drip cures migraine in adults." in found
    assert [block.prose.text for block in document.blocks if block.kind == "list-item"] == [
        "First item",
        "Inner item",
        "Last item",
    ]
    assert any("One in three were better.¹ See the trial.²" in each for each in found)
    assert "hidden" not in document.source.text


PICTURE = "q 100 0 0 100 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf(PICTURE), "no text in this PDF, only pictures (a scan?)"),
        (pdf(""), "no text in this PDF"),
        (b"", "not a whole PDF"),
        (b"%PDF-1.7", "not a whole PDF"),
        (b"one two three", "not a whole PDF"),
        (b"PK\x03\x04" + b"\0" * 100, "not a whole PDF"),
        (pdf(FIRST)[:200], "not a whole PDF"),
    ],
)
def test_what_holds_no_text_is_refused(data: bytes, message: str) -> None:
    """A scan is no clean page, and a broken file no crash."""
    assert message in refusal(data)


def encrypted(user_password: str, algorithm: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf(FIRST))))
    writer.encrypt(user_password, "owner", algorithm=algorithm)
    data = BytesIO()
    writer.write(data)
    return data.getvalue()


def test_an_encrypted_pdf_is_refused_unless_anyone_may_read_it() -> None:
    """A password is asked for nowhere; one that only restricts printing is no obstacle."""
    assert "encrypted" in refusal(encrypted("secret", "RC4-128"))
    assert words(read(encrypted("", "RC4-128"))) != []


def test_without_the_extra_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What reads PDF is not installed with medlint itself."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    assert refusal(pdf(FIRST)).endswith('python -m pip install "medlint-copy[pdf]"')


def test_nothing_is_logged_about_what_a_file_needs_mended(tmp_path: Path) -> None:
    """The library's remarks on a file that it can mend reach neither stream."""
    (tmp_path / "draft.pdf").write_bytes(pdf(FIRST).replace(b"startxref\n", b"startxref\n9"))
    program = "from medlint.cli import main; main(['check', '--select', 'CUR', 'draft.pdf'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("No findings in 1 file.\n", "")


@settings(max_examples=60)
@given(at=st.integers(0, 24_000), junk=st.binary(max_size=12))
def test_a_damaged_file_is_read_or_refused(at: int, junk: bytes) -> None:
    """Bytes that went wrong are an error with a message or make no difference."""
    data = (SAMPLES / "libreoffice.pdf").read_bytes()
    try:
        read(data[:at] + junk + data[at + len(junk) :])
    except ReadError as error:
        assert str(error)
