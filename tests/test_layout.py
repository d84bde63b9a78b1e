"""How the blocks of a page stand to each other."""

from __future__ import annotations

import pytest

from medlint.layout import Layout
from medlint.readers import format_for, read_text
from medlint.sentences import BlockText, Text, Tokens, link

PAGE = """Prices below.

# Peels

Our peels:

- gentle
- deep

| Kind | Price |
| --- | --- |
| light | 40 |
| strong | 90 |

Call us.

## Lasers
"""


def _text(prose: str) -> Text:
    return Text(prose, _tokens)


class Page:
    """The page's layout, and its blocks by what they say."""

    def __init__(self) -> None:
        format = format_for("page.md")
        assert format is not None
        blocks = read_text("page.md", PAGE, format).blocks
        texts = link([BlockText(block, index, _text) for index, block in enumerate(blocks)])
        self.layout = Layout(texts)
        self.texts = {text.folded.text: text for text in texts}


def _tokens(cased: str) -> Tokens:
    return Tokens(cased, {})


@pytest.fixture(scope="module")
def page() -> Page:
    """The page above."""
    return Page()


@pytest.mark.parametrize(
    ("block", "heading"),
    [("prices below.", None), ("our peels:", "peels"), ("90", "peels"), ("call us.", "peels"), ("lasers", None)],
)
def test_heading(page: Page, block: str, heading: str | None) -> None:
    """A block stands under the nearest heading above it; a heading under none."""
    found = page.layout.heading(page.texts[block])
    assert (found and found.folded.text) == heading


@pytest.mark.parametrize(
    ("block", "lead"),
    [("gentle", "our peels:"), ("deep", "our peels:"), ("our peels:", None), ("call us.", None), ("kind", "deep")],
)
def test_lead_in(page: Page, block: str, lead: str | None) -> None:
    """Every item of a list has the block above the list for its lead-in; what is in no list has none."""
    found = page.layout.lead_in(page.texts[block])
    assert (found and found.folded.text) == lead


@pytest.mark.parametrize(
    ("block", "group"),
    [("deep", ["gentle", "deep"]), ("90", ["strong", "90"]), ("call us.", ["call us."])],
)
def test_group(page: Page, block: str, group: list[str]) -> None:
    """The items of one list and the cells of one row belong together."""
    assert [text.folded.text for text in page.layout.group(page.texts[block])] == group


@pytest.mark.parametrize(("block", "head"), [("90", ["kind", "price"]), ("price", ["kind", "price"]), ("deep", [])])
def test_table_head(page: Page, block: str, head: list[str]) -> None:
    """A cell stands under the first row of its table."""
    assert [text.folded.text for text in page.layout.table_head(page.texts[block])] == head
