"""What stands above and beside a block of the page: its heading, its list and lead-in, the head of its table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medlint.sentences import BlockText


class _Place(NamedTuple):
    """Where one block stands: indexes of other blocks, -1 for none."""

    heading: int  # the nearest heading above
    table: int  # the first cell of its table


class Layout:
    """How the blocks of a page stand to each other, worked out once so that long lists and tables cost little."""

    def __init__(self, texts: Sequence[BlockText]) -> None:
        self._texts = texts
        self._places = list(_places(texts))
        self._groups: dict[int, list[BlockText]] = {}
        for text in texts:
            if text.block.group:
                self._groups.setdefault(text.block.group, []).append(text)

    def group(self, text: BlockText) -> Sequence[BlockText]:
        """The items of the block's list or the cells of its row, itself among them; itself alone outside of both."""
        return self._groups[text.block.group] if text.block.group else (text,)

    def lead_in(self, text: BlockText) -> BlockText | None:
        """The block just above the list or row that the block belongs to."""
        return self.group(text)[0].above if text.block.group else None

    def heading(self, text: BlockText) -> BlockText | None:
        """The heading that the block stands under; a heading stands under none."""
        at = self._places[text.index].heading
        return self._texts[at] if at >= 0 and text.block.kind != "heading" else None

    def table_head(self, text: BlockText) -> Sequence[BlockText]:
        """The first row of the block's table; nothing outside of tables."""
        at = self._places[text.index].table
        return self.group(self._texts[at]) if at >= 0 else ()


def _places(texts: Sequence[BlockText]) -> Iterator[_Place]:
    heading = table = -1
    for index, text in enumerate(texts):
        if text.block.kind != "table-cell":
            table = -1
        elif table < 0:
            table = index
        yield _Place(heading, table)
        if text.block.kind == "heading":
            heading = index
