"""Reads sheets of comma- or tab-separated values: each cell of copy by itself, as nobody reads them one by another.

Copy is what stands in columns with names such as "Headline 1" or "description", and in those that the configuration
names. The standard library's reader tells no places, so the cells are found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import NamedTuple

from medlint.document import Document, Source, Span, Writer, in_parts
from medlint.readers import Names, ReadError
from medlint.readers.excerpt import read_string
from medlint.readers.names import chosen, is_ad_column, is_column_head, is_copy_column, is_sentence


def read(source: Source, names: Names) -> Document:
    """The document in a sheet: a part for each cell of copy; raises ReadError when no column is known to hold any."""
    sheet = _Sheet.of(source.text, names)
    if not sheet.head:
        if not sheet.first:
            return Document(source, ())
        raise ReadError(f"no column of this sheet is known to hold copy: {_shown(sheet)}; {_ADVICE}")
    unread: dict[int, None] = {}
    parts = list(_cells(source, sheet, unread))
    return in_parts(source, parts, notes=_notes(sheet, unread))


def why_not(start: str, names: Names) -> str:
    """Why a sheet that starts so, met in a folder, is not read: its head names nothing that only ads have."""
    sheet = _Sheet.of(start, names)
    if any(chosen(names.columns, name) or is_ad_column(name) for name in sheet.columns):
        return ""
    return "no column of ads such as Headline; name the file, or list its columns under 'columns' in a configuration"


_ADVICE = "list those that do under 'columns' in a configuration, such as columns: [Hook, \"Ad *\"]"


class _Row(NamedTuple):
    """A row that is not empty: its number, as a spreadsheet shows it, and its cells, their quotes included."""

    number: int
    cells: list[Span]


_NO_ROW = _Row(0, [])


@dataclass(frozen=True)
class _Sheet:
    """How a sheet is built."""

    text: str
    names: Names
    start: int
    delimiter: str  # empty when each line is one cell, as in a list of headlines
    first: list[_Row]
    head: list[Span]
    head_number: int

    @classmethod
    def of(cls, text: str, names: Names) -> _Sheet:
        """What the first rows tell."""
        separator = _SEPARATOR_LINE.match(text)
        start = separator.end() if separator else 0
        delimiter = separator["delimiter"] if separator else _delimiter(text, names)
        first = list(islice(_rows(text, start, delimiter), _SAMPLE))
        head = _head(text, first, names)
        return cls(text, names, start, delimiter, first, head.cells, head.number)

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [_plain(self.text, cell) for cell in self.head]

    def rows(self) -> Iterator[_Row]:
        """The rows below the head."""
        rows = _rows(self.text, self.start, self.delimiter)
        return (row for row in rows if row.number > self.head_number)


def _cells(source: Source, sheet: _Sheet, unread: dict[int, None]) -> Iterator[Document]:
    """The cells of copy; `unread` is told which other columns hold sentences."""
    columns = sheet.columns
    is_read = [is_copy_column(name, sheet.names.columns) for name in columns]
    for row in sheet.rows():
        # Commas that should have stood in quotes move the cells, so that nobody knows which is which.
        is_moved = any(cell.start < cell.end for cell in row.cells[len(columns) :])
        for number, cell in enumerate(row.cells):
            if cell.start == cell.end:
                continue
            if is_moved or is_read[number]:
                place = f"row {row.number}, {_column(columns, number)}"
                yield read_string(source, cell, partial(_write, source.text, cell), place=place)
            elif number not in unread and is_sentence(source.text[slice(*cell)]):
                unread[number] = None


def _column(columns: Sequence[str], number: int) -> str:
    name = columns[number] if number < len(columns) else ""
    return f'"{name[:_LONGEST_NAME]}"' if name else f"column {number + 1}"


_LONGEST_NAME = 60  # characters


def _notes(sheet: _Sheet, unread: dict[int, None]) -> Iterator[str]:
    columns = sheet.columns
    doubtful = [number for number in sorted(unread) if chosen(sheet.names.columns, columns[number]) is None]
    if doubtful:
        listed = ", ".join(_column(columns, number) for number in doubtful)
        yield f"not read as copy, though sentences stand there: {listed}; 'columns' in a configuration decides"


def _shown(sheet: _Sheet) -> str:
    """The cells of the first row, which may be the names of columns."""
    cells = [_plain(sheet.text, cell)[:_LONGEST_NAME] for cell in sheet.first[0].cells]
    found = ", ".join(f'"{cell}"' for cell in cells[:_MOST_NAMES] if cell)
    return f"found {found or 'no words'}" + (
        f" and {len(cells) - _MOST_NAMES} more" if len(cells) > _MOST_NAMES else ""
    )


_MOST_NAMES = 20


def _head(text: str, rows: Sequence[_Row], names: Names) -> _Row:
    """The row that names the columns, which may stand below the title of a report; empty for none."""

    def is_head(cell: Span) -> bool:
        name = _plain(text, cell)
        verdict = chosen(names.columns, name)
        return bool(name) and (is_column_head(name) if verdict is None else verdict)

    return next((row for row in rows if any(map(is_head, row.cells))), _NO_ROW)


def _plain(text: str, cell: Span) -> str:
    return " ".join(text[slice(*cell)].strip().strip('"').replace('""', '"').split())


_SAMPLE, _SAMPLE_LENGTH = 10, 65_536  # rows and characters that tell how a sheet is built
_DELIMITERS = "\t;,|"
_SEPARATOR_LINE = re.compile(r'"?sep=(?P<delimiter>[\t;,|])"?(?:\r\n|\r|\n)', re.IGNORECASE)  # for Excel


def _delimiter(text: str, names: Names) -> str:
    text = text[:_SAMPLE_LENGTH]
    sample = {mark: list(islice(_rows(text, 0, mark), _SAMPLE)) for mark in _DELIMITERS}
    widths = {mark: len(_head(text, rows, names).cells) for mark, rows in sample.items()}
    if not any(widths.values()):
        # Sentences have commas too, but hardly the same number in every line.
        lengths = {mark: [len(row.cells) for row in rows] for mark, rows in sample.items()}
        widths = {mark: min(found, default=0) for mark, found in lengths.items() if len(set(found)) == 1}
    best = max(widths, key=widths.__getitem__, default="")
    return best if widths.get(best, 0) > 1 else ""


def _rows(text: str, start: int, delimiter: str) -> Iterator[_Row]:
    """The rows that are not empty. A quote that never closes is one that was written in a cell without quotes."""
    marks = re.escape(delimiter)
    cell = re.compile(rf"""[ ]*+ "(?:[^"]++|"")*+" [ ]*+ (?= [{marks}\r\n] | \Z ) | [^{marks}\r\n]*+""", re.VERBOSE)
    cells: list[Span] = []
    number = 1
    position = start
    while position < len(text) or cells:
        found = cell.match(text, position)
        end = found.end() if found else position
        cells.append(Span(position, end))
        position = end
        if delimiter and text.startswith(delimiter, position):
            position += 1
            if position < len(text):
                continue
        if any(each.start < each.end for each in cells):
            yield _Row(number, cells)
        cells = []
        number += 1
        position = end + (2 if text.startswith("\r\n", end) else 1)


_QUOTED = re.compile(r'\s*"((?:[^"]++|"")*+)"\s*', re.DOTALL)


def _write(text: str, cell: Span, writer: Writer) -> None:
    quoted = _QUOTED.fullmatch(text, *cell)
    if not quoted:
        writer.verbatim(text, *cell)
        return
    position, end = quoted.span(1)
    while (quote := text.find('""', position, end)) != -1:
        writer.verbatim(text, position, quote)
        writer.replacement('"', quote, quote + 2)
        position = quote + 2
    writer.verbatim(text, position, end)
