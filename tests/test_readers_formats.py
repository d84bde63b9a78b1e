"""Bytes become text, paths find their format, and only the reader in need is imported."""

from __future__ import annotations

import subprocess
import sys

import pytest

from medlint.readers import FORMATS, ReadError, decode, format_for, known_suffixes, read_document, read_text, way_out


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("draft.txt", "text"),
        ("DRAFT.TXT", "text"),
        ("pages/about.text", "text"),
        ("a.md", "markdown"),
        ("a.markdown", "markdown"),
        ("a.b.mdx", "markdown"),
        ("a.mdown", "markdown"),
        ("a.mkd", "markdown"),
        ("a.html", "html"),
        ("a.HTM", "html"),
        ("a.xhtml", "html"),
        ("a.njk", "html"),
        ("a.html.erb", "html"),
        ("a.md.liquid", "html"),
        ("a.qmd", "markdown"),
        ("a.astro", "astro"),
        ("md", None),
        (".md", None),
        ("a.md.bak", None),
        ("a.DOCX", "docx"),
        ("a.odt", "odt"),
        ("a.pdf", "pdf"),
        ("a.doc", None),
        ("a.rtf", None),
        ("a.rst", "rst"),
        ("a.adoc", None),
        ("", None),
        ("folder.md/notes", None),
    ],
)
def test_a_suffix_tells_the_format(path: str, name: str | None) -> None:
    """The last suffix counts, in any case; a path without a known one has no format."""
    format = format_for(path)
    assert (format.name if format else None) == name


def test_every_suffix_stands_in_one_table() -> None:
    """The known suffixes are those of the table, each once."""
    suffixes = known_suffixes()
    assert suffixes == [suffix for format in FORMATS for suffix in format.suffixes]
    assert len(suffixes) == len(set(suffixes))


@pytest.mark.parametrize(
    ("suffix", "advice"),
    [
        (".rtf", "save it as .docx"),
        (".doc", "save it as .docx"),
        (".adoc", '"asciidoctor -b html5"'),
        (".gdoc", "download that from Google Docs as .docx"),
        (".zip", "unpack it"),
        (".png", ""),
        ("", ""),
        *((suffix, "") for suffix in known_suffixes()),
    ],
)
def test_drafts_that_cannot_be_read_have_a_way_out(suffix: str, advice: str) -> None:
    """What drafts come in leads to a format that is read; a suffix that is read or holds no draft needs no way out."""
    assert advice in way_out(suffix)
    assert bool(way_out(suffix)) == bool(advice)


@pytest.mark.parametrize(
    "data",
    [
        "Größe – 5 €\r\n".encode(),
        b"\xef\xbb\xbf" + "Größe – 5 €\r\n".encode(),
        b"\xff\xfe" + "Größe – 5 €\r\n".encode("utf-16-le"),
        b"\xfe\xff" + "Größe – 5 €\r\n".encode("utf-16-be"),
    ],
)
def test_unicode_encodings_are_decoded(data: bytes) -> None:
    """UTF-8 and UTF-16 give the same text, without byte-order mark and with their own line ends."""
    assert decode(data) == "Größe – 5 €\r\n"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"one\ntwo\nit\x92s", "not UTF-8: byte 0x92 at line 3; save the file as UTF-8"),
        (b"one\r\ntwo\xff", "not UTF-8: byte 0xff at line 2; save the file as UTF-8"),
        (b"cut short \xe2\x80", "not UTF-8: byte 0xe2 at line 1; save the file as UTF-8"),
        (b"one\n\x00two", "not text: NUL character at line 2; if this is text, save it as UTF-8"),
        ("one".encode("utf-16-le"), "not text: NUL character at line 1; if this is text, save it as UTF-8"),
        (b"\xff\xfe\x00\x00o\x00\x00\x00", "not text: NUL character at line 1; if this is text, save it as UTF-8"),
        (b"\xff\xfea\x00\n\x00b", "broken UTF-16: truncated data at line 2; save the file as UTF-8"),
        (b"\xff\xfe\x00\xd8a\x00", "broken UTF-16: illegal UTF-16 surrogate at line 1; save the file as UTF-8"),
        (b"%PDF-1.7", "not text: this is a PDF; give it the suffix .pdf"),
    ],
)
def test_what_is_not_text_is_refused(data: bytes, message: str) -> None:
    """The message says what was found, where, and what to do."""
    with pytest.raises(ReadError) as caught:
        decode(data)
    assert str(caught.value) == message


def test_a_word_file_is_named_as_such() -> None:
    """A document with a text suffix is not a mystery."""
    with pytest.raises(ReadError, match="Word"):
        decode(b"PK\x03\x04\x14\x00\x06\x00")


def test_bytes_and_text_give_the_same_document() -> None:
    """An editor's buffer is read as the file is."""
    format = format_for("draft.md")
    assert format
    data = "# Naïve\n\nCalm skin.\n".encode("utf-8-sig")
    from_bytes = read_document("draft.md", data, format)
    from_text = read_text("draft.md", decode(data), format)
    assert [block.prose.text for block in from_bytes.blocks] == ["Naïve", "Calm skin."]
    assert [(block.kind, block.span) for block in from_bytes.blocks] == [
        (block.kind, block.span) for block in from_text.blocks
    ]
    assert from_bytes.source.path == "draft.md"


@pytest.mark.parametrize("suffix", [".docx", ".odt", ".pdf"])
def test_a_buffer_holds_no_document(suffix: str) -> None:
    """What is no text cannot be read from text."""
    format = format_for("draft" + suffix)
    assert format
    with pytest.raises(ReadError, match="is no text format"):
        read_text("draft" + suffix, "Calm skin.", format)


@pytest.mark.parametrize("suffix", [".txt", ".md", ".mdx", ".html", ".rst"])
def test_half_a_character_is_no_obstacle(suffix: str) -> None:
    """A lone surrogate, which an editor may send, is read as a replacement character."""
    format = format_for("draft" + suffix)
    assert format
    [block] = read_text("draft" + suffix, "calm \ud83d skin", format).blocks
    assert block.prose.text == "calm \ufffd skin"


@pytest.mark.parametrize(
    ("suffix", "unwanted"),
    [
        (".txt", ["pyromark", "html.parser", "html.entities", "yaml", "medlint.readers.markdown"]),
        (".md", ["html.parser", "zipfile", "xml", "pypdf", "medlint.readers.text", "medlint.readers.package"]),
        (".rst", ["pyromark", "html.parser", "medlint.readers.html", "medlint.readers.text", "zipfile", "yaml"]),
        (
            ".html",
            [
                "pyromark",
                "docutils",
                "html.parser",
                "medlint.readers.markdown",
                "medlint.readers.text",
                "zipfile",
                "xml",
            ],
        ),
    ],
)
def test_a_run_imports_only_what_it_reads_with(suffix: str, unwanted: list[str]) -> None:
    """Start-up stays light: the parsers of other formats are left alone."""
    program = (
        "import sys\n"
        "from medlint.readers import format_for, read_text\n"
        f"read_text('draft{suffix}', 'Calm skin.', format_for('draft{suffix}'))\n"
        f"print([name for name in {unwanted!r} if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
