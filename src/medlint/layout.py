"""What stands above and beside a block of the page: its heading, its list and lead-in, the head of its table."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from medlint.sentences import BlockText


class Layout:
    """How the blocks of a page stand to each other, worked out once so that long lists and tables cost little."""

    def __init__(self, texts: Sequence[BlockText]) -> None:
        self._texts = texts
        self._heading, self._table = _above(texts)
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
        at = self._heading[text.index]
        return self._texts[at] if at >= 0 and text.block.kind != "heading" else None

    def table_head(self, text: BlockText) -> Sequence[BlockText]:
        """The first row of the block's table; nothing outside of tables."""
        at = self._table[text.index]
        return self.group(self._texts[at]) if at >= 0 else ()


def _above(texts: Sequence[BlockText]) -> tuple[array[int], array[int]]:
    """For each block the indexes of the nearest heading above and of the first cell of its table, -1 for none."""
    headings, tables = array("l"), array("l")
    heading = table = -1
    for index, text in enumerate(texts):
        if text.block.kind != "table-cell":
            table = -1
        elif table < 0:
            table = index
        headings.append(heading)
        tables.append(table)
        if text.block.kind == "heading":
            heading = index
    return headings, tables
