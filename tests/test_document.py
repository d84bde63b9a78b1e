"""Sources tell lines and columns; proses lead back to the source."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.document import Block, Position, Prose, ProseBuilder, Source, Span, in_source_order


@pytest.mark.parametrize(
    ("text", "offset", "position"),
    [
        ("one\ntwo", 0, Position(1, 1)),
        ("one\ntwo", 3, Position(1, 4)),
        ("one\ntwo", 4, Position(2, 1)),
        ("one\r\ntwo", 5, Position(2, 1)),
        ("one\r\ntwo", 4, Position(1, 5)),
        ("one\rtwo", 4, Position(2, 1)),
        ("one\r\r\ntwo", 6, Position(3, 1)),
        ("é😀x\ny", 2, Position(1, 3)),
        ("ends\n", 5, Position(2, 1)),
        ("", 0, Position(1, 1)),
        ("a\u2028b\x0cc", 4, Position(1, 5)),
    ],
)
def test_position_counts_code_points_from_one(text: str, offset: int, position: Position) -> None:
    """LF, CRLF and CR end a line, and nothing else does."""
    assert Source("draft.txt", text).position(offset) == position


@pytest.mark.parametrize(
    ("text", "offset", "column"),
    [("abc", 2, 2), ("é😀x", 2, 3), ("😀\n😀x", 3, 2), ("a\r\nb", 3, 0), ("", 0, 0)],
)
def test_utf16_column_counts_units_from_zero(text: str, offset: int, column: int) -> None:
    """A character outside the basic plane counts as two."""
    assert Source("draft.txt", text).utf16_column(offset) == column


def prose_of(*pieces: str | tuple[str, str]) -> tuple[Prose, str]:
    """A prose of verbatim pieces and (replacement, what stands in the source), and its source."""
    source = "".join(piece if isinstance(piece, str) else piece[1] for piece in pieces)
    builder = ProseBuilder()
    position = 0
    for piece in pieces:
        if isinstance(piece, str):
            end = position + len(piece)
            builder.verbatim(source, position, end)
        else:
            end = position + len(piece[1])
            builder.replacement(piece[0], position, end)
        position = end
    return builder.build(), source


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["calm skin"], "calm skin"),
        (["  calm   skin  "], "calm skin"),
        (["calm\nskin\r\ntoday\tor\x0blater\x0c"], "calm skin today or later"),
        (["calm \n  skin"], "calm skin"),
        (["calm ", " skin"], "calm skin"),
        (["calm\u00a0 skin"], "calm\u00a0 skin"),
        (["calm\u00a0\u00a0skin"], "calm\u00a0\u00a0skin"),
        (["calm ", (" ", "&#32;"), "skin"], "calm skin"),
        (["calm", ("\n", "\\n"), ("\n", "\\n"), "skin"], "calm skin"),
        ([("", "&#1;")], ""),
        (["   "], ""),
        ([("&", "&amp;")], "&"),
        ([], ""),
    ],
)
def test_prose_collapses_white_space(pieces: list[str | tuple[str, str]], text: str) -> None:
    """Runs of white space become one space, and none is left at the ends; no-break spaces stay."""
    assert prose_of(*pieces)[0].text == text


@pytest.mark.parametrize(
    ("pieces", "words", "found"),
    [
        (["calm skin today"], "skin", "skin"),
        (["calm skin today "], "calm", "calm"),
        (["calm skin today "], "today", "today"),
        (["calm\r\n   skin today"], "skin", "skin"),
        (["calm\r\n   skin today"], "calm skin", "calm\r\n   skin"),
        (["calm  skin  today \n "], "today", "today"),
        (["   calm skin"], "calm", "calm"),
        (["salt ", ("&", "&amp;"), " light"], "&", "&amp;"),
        (["salt ", ("&", "&amp;"), " light"], "t & l", "t &amp; l"),
        (["salt", (" ", "<br>"), "light"], " ", "<br>"),
        ([("≂̸", "&nesim;"), "x"], "\u0338", "&nesim;"),
        (["a", ("\u00ad", "&shy;"), "b"], "b", "b"),
    ],
)
def test_source_span_leads_back(pieces: list[str | tuple[str, str]], words: str, found: str) -> None:
    """Verbatim prose leads to itself in the source, and a replacement to all it stands for."""
    prose, source = prose_of(*pieces)
    start = prose.text.index(words)
    assert source[slice(*prose.source_span(start, start + len(words)))] == found


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (-1, 2), (0, 5), (4, 5)])
def test_source_span_refuses_what_is_no_prose(start: int, end: int) -> None:
    """Empty and outside ranges are errors."""
    with pytest.raises(ValueError, match="no prose at"):
        prose_of("calm")[0].source_span(start, end)


@given(st.lists(st.text(alphabet="ab \t\n\r\u00a0é"), max_size=6))
def test_verbatim_prose_is_the_source_with_white_space_collapsed(pieces: list[str]) -> None:
    """Every character but a space leads to itself, in order, and every space to white space."""
    prose, source = prose_of(*pieces)
    assert prose.text == " ".join("".join(pieces).replace("\u00a0", "~").split()).replace("~", "\u00a0")
    places = [prose.source_span(index, index + 1) for index in range(len(prose.text))]
    assert places == sorted(places)
    for character, place in zip(prose.text, places, strict=True):
        found = source[slice(*place)]
        assert found == character or (character == " " and found and not found.strip(" \t\n\r"))


def test_blocks_stand_in_source_order() -> None:
    """Blocks are sorted by place, and those without prose are left out."""
    prose, _ = prose_of("calm")
    empty, _ = prose_of(" ")
    late, early = Block("paragraph", prose, Span(9, 13)), Block("alt", prose, Span(2, 6))
    assert in_source_order([late, Block("heading", empty, Span(0, 1)), early]) == (early, late)
