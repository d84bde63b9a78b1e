"""Markdown that shows text as it is: what a page says can neither format a report nor put links or HTML into it."""

from __future__ import annotations

import re

from medlint.reports.terminal import visible

# Also what GitHub reads into plain words: mentions, references, addresses, emoji names, formulas.
_MARKS = re.compile(r"[\\`*_\[\]<>#|~@:$&]")


def plain(text: str) -> str:
    """The text as one line that Markdown shows unchanged."""
    return _MARKS.sub(r"\\\g<0>", visible(text))


def link(text: str, url: str) -> str:
    """The text as a link; the text alone unless the address is a plain web address."""
    return f"[{plain(text)}](<{url}>)" if _ADDRESS.fullmatch(url) else plain(text)


_ADDRESS = re.compile(r"https?://[^<>\\\s\x00-\x1f]+")
