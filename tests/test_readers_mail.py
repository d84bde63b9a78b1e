"""E-mail: what a reader of the message sees, once, and where it stands in the file."""

from __future__ import annotations

from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import LintText
from medlint.document import Document
from medlint.readers import ReadError, format_for, read_document

FORMAT = format_for("a.eml")
assert FORMAT


def read(data: bytes | str) -> Document:
    """The document in a message."""
    assert FORMAT
    return read_document("a.eml", data.encode() if isinstance(data, str) else data, FORMAT)


def words(data: bytes | str) -> list[list[str]]:
    """What each part says."""
    return [[block.prose.text for block in part.blocks] for part in read(data).parts]


def multipart(kind: str, *parts: str) -> str:
    """A message of several parts, each with its own headers."""
    body = "".join(f"--x\n{part}\n" for part in parts)
    return f"Subject: S s\nContent-Type: multipart/{kind}; boundary=x\n\nnot shown\n{body}--x--\nnor this\n"


HTML, PLAIN = "Content-Type: text/html\n\n<p>Calm</p>", "Content-Type: text/plain\n\nKind"
NESTED = f"Content-Type: multipart/alternative; boundary=y\n\n--y\n{PLAIN}\n--y\n{HTML}\n--y--"
PDF = 'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a b.pdf"\n\nJVBER'


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Subject: Hello\n\nCalm\n", [["Hello", "Calm"]]),
        ("Subject: Hello\n there\nTo: x\n\nCalm\n\nKind", [["Hello there", "Calm", "Kind"]]),
        (
            "To: x\nContent-Type: text/html\n\n<p hidden>No</p><div style=display:none>Pre</div><p>Calm",
            [["Pre", "Calm"]],
        ),
        ("Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\n =?utf-8?b?IG5vdw==?= a\n\nx y", [["Größe now a", "x y"]]),
        ("Subject: =?iso-8859-1?q?caf=E9?= =?nonsense?q?=C3=A9?=\n\nx y", [["caféé", "x y"]]),
        (multipart("alternative", PLAIN, HTML), [["S s", "Calm"], ["Kind"]]),
        (multipart("alternative", HTML, PLAIN), [["S s", "Calm"], ["Kind"]]),
        (multipart("alternative", PLAIN), [["S s", "Kind"]]),
        (multipart("mixed", PLAIN, HTML), [["S s", "Kind", "Calm"]]),
        (multipart("mixed", PLAIN, PDF), [["S s", "Kind"]]),
        (multipart("related", NESTED, PDF), [["S s", "Calm"], ["Kind"]]),
        (multipart("mixed"), [["S s"]]),
        (multipart("alternative"), [["S s"]]),
        # a part that breaks off is read as far as it goes
        (multipart("mixed", PLAIN).replace("--x--", "rest"), [["S s", "Kind rest nor this"]]),
    ],
)
def test_what_is_shown_is_read(message: str, expected: list[list[str]]) -> None:
    """Subject and HTML first, the plain part beside it as another form of the same; preamble and attachments never."""
    assert words(message) == expected
    crlf = read(message.replace("\n", "\r\n"))
    assert [[block.prose.text for block in part.blocks] for part in crlf.parts] == expected


def test_attachments_are_told() -> None:
    """By name and type; they are left alone."""
    image = "Content-Type: image/png\nContent-ID: <a>\n\niVBOR"
    document = read(multipart("mixed", PLAIN, PDF, image))
    assert document.notes == ('not read: attachment "a b.pdf" (application/pdf), a part of type image/png',)
    assert read(multipart("mixed", PLAIN)).notes == ()


def test_a_plain_part_adds_only_what_is_new(lint_text: LintText) -> None:
    """The same sentence in both forms is one finding; one that stands only in the plain form is its own."""
    html = "Content-Type: text/html\n\n<p>Our drip <b>cures</b> migraine.</p>"
    plain = "Content-Type: text/plain\n\nOur drip cures\nmigraine.\n\nOur drip cures acne."
    findings = lint_text(multipart("alternative", plain, html), "a.eml", codes=("CUR",)).findings
    assert [(finding.text.lower(), finding.place) for finding in findings] == [
        ("cures acne", "text part, line 4"),
        ("cures migraine", "HTML part, line 1"),
    ]


def test_a_risk_in_the_other_form_excuses_nothing(lint_text: LintText) -> None:
    """Who reads one form does not see the other."""
    claim, risk = "Dysport is a relatively safe way to relax the forehead.", "Bruising and drooping eyelids are common."
    html = f"Content-Type: text/html\n\n<p>{risk}</p>"
    plain = f"Content-Type: text/plain\n\n{claim}"
    apart = lint_text(multipart("alternative", plain, html), "a.eml", codes=("SAF",)).findings
    alone = lint_text(f"{claim}\n", codes=("SAF",)).findings
    assert [(each.code, each.severity) for each in apart] == [(each.code, each.severity) for each in alone] != []


TEXT = st.text("ab é😀=_?.,-\n", min_size=1, max_size=120).map(lambda text: f"Calm {text} skin")


@given(text=TEXT, transfer=st.sampled_from(["quoted-printable", "base64", "8bit"]))
def test_what_a_mail_program_wrote_is_read(text: str, transfer: str) -> None:
    """Whatever is said, its words come out and lead back to the lines where they stand encoded."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = "Calm"
    message.set_content(text, cte=transfer)
    document = read(message.as_bytes())
    source = document.source.text
    for word, block in (("Calm", document.blocks[1]), ("skin", document.blocks[-1])):
        start = block.prose.text.index(word)
        span = block.prose.source_span(start, start + 4)
        said = source[slice(*span)]
        assert block.span.start <= span.start < span.end <= block.span.end
        if transfer == "base64":
            assert all(line in source.splitlines() for line in said.splitlines())
        else:
            assert "".join(said.split("=\r\n")) == word


@given(text=st.text("ab é😀=_?", min_size=1, max_size=80).map(str.strip).filter(bool))
def test_encoded_subjects_are_read(text: str) -> None:
    """However the standard library splits and encodes them."""
    header = Header(text, "utf-8", header_name="Subject").encode()
    (block,) = read(f"Subject: {header}\n\n").blocks
    assert block.prose.text.split() == text.split()
    assert block.place == "subject"


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("=?hex?b?Q2FsbQ==?=", "Calm"),  # codecs of Python that no mail may name
        ("=?zip?q?Calm=21?=", "Calm!"),
        ("=?idna?q?Calm=21?=", "Calm!"),
        ("=?no-such-set?b?Q2FsbQ==?=", "Calm"),
        ("=?utf-8?b?Calmé?=", "Calmé"),
        ("=?utf-8?b?Q?=", "Q"),
        ("=?utf-8?q?=E9?=", "\ufffd"),
    ],
)
def test_a_subject_that_is_wrongly_encoded_is_read(subject: str, expected: str) -> None:
    """What cannot be decoded stands as it is; nothing that a header names is run."""
    (block,) = read(f"Subject: {subject}\n\n").blocks
    assert block.prose.text == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Calm skin\n", "no e-mail: line 1 is no header"),
        ("", "no e-mail: line 1 is no header"),
        ("A: b\nContent-Type: multipart/mixed\n\nx", "a multipart message that names no boundary"),
        (
            "A: b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nQ2Fs\nQ===\n",
            "broken base64 at line 6",
        ),
        (
            "A: b\nContent-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\nQ2FsbQ==\n",
            "not utf-16, though a header says so",
        ),
        ("A: b\nSubject: =?punycode?q?=E9?=\n\nx", "not punycode, though a header says so"),
    ],
)
def test_what_is_no_e_mail_is_refused(message: str, expected: str) -> None:
    """With what was expected in its place."""
    with pytest.raises(ReadError, match=expected):
        read(message)


def test_base64_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    """A download that was cut short still says something."""
    assert words("A: b\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\nQ2FsbSBza2lu\nIG5v\nd") == [
        ["Calm skin no"]
    ]


def test_nesting_has_an_end() -> None:
    """Parts in parts in parts are refused rather than followed for ever."""
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(40))
    with pytest.raises(ReadError, match="nested more than 20 levels deep"):
        read(f"A: b\n{head}Calm")


@pytest.mark.parametrize(
    ("charset", "data"),
    [
        ("windows-1252", b"caf\xe9 \x93so\x94"),
        ("iso-8859-1", b"caf\xe9 so"),
        ("utf-8", "café “so”".encode()),
        ("no-such-charset", "café so".encode()),
        ("rot13", "café so".encode()),
    ],
)
def test_bytes_are_read_by_the_character_set_of_their_part(charset: str, data: bytes) -> None:
    """Old programs send them as they are; a character set that nobody knows is taken for UTF-8."""
    message = f"A: b\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n".encode() + data
    (block,) = read(message).blocks
    assert block.prose.text.translate({0x201C: None, 0x201D: None}) == "café so"
