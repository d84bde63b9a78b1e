r"""What a terminal may be given: harmless text, cut and wrapped by display width, colours and links.

Copy is hostile until shown otherwise: an escape sequence in a page or a file name could recolour, hide or rewrite the
report, and a CI log obeys commands in what it prints. `visible` spells such characters out (`\x1b`, `\u202e`); every
other function here expects its result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_EMOJI = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"

_UNSAFE = (
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: escape sequences begin here
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # bidirectional marks, overrides, isolates: text in another order
    "\xad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0"  # no width
    "\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"  # annotations, tags: text that nobody sees; not for XML
    "\u2028\u2029\ud800-\udfff"  # line and paragraph separators; lone surrogates, which no encoding can write
    "]"
    # A zero-width joiner belongs between two emoji (a family, a flag) and nowhere else.
    f"|(?<![{_EMOJI}\ufe0f])\u200d|\u200d(?![{_EMOJI}])"
    # GitHub Actions obeys `::command::` at the start of a log line and `##[command]` anywhere in one.
    r"|(?<!\S):(?=:)|#(?=\[)"
)


@cache
def unsafe() -> re.Pattern[str]:
    """Finds each character that could steer or deceive a terminal or a CI log."""
    return re.compile(_UNSAFE)


def visible(text: str) -> str:
    r"""The text with each character that could steer or deceive a terminal or a CI log spelled out, as in `\x1b`."""
    if text.isascii() and text.isprintable() and "::" not in text and "#[" not in text:
        return text  # as nearly all is; the pattern takes a while to compile
    return unsafe().sub(_spelled_out, text)


def _spelled_out(character: re.Match[str]) -> str:
    code = ord(character.group())
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def display_width(text: str) -> int:
    """The columns that the text takes up: two for most East Asian characters and emoji, none for combining marks."""
    if text.isascii() or all(character < "\u0300" or "\u2010" <= character <= "\u2027" for character in text):
        return len(text)  # Latin letters, typographic dashes, quotes and "…": one column each, and no table to load
    from wcwidth import wcswidth

    width = wcswidth(text)
    return width if width >= 0 else len(text)


def head(text: str, width: int) -> str:
    """The longest start of the text within `width` columns that ends at a word border; empty when no word fits."""
    cut = _fitting(text, width)
    return text[: _border(text, cut, range(cut, max(cut - _LONGEST_WORD, -1), -1))].rstrip()


def tail(text: str, width: int) -> str:
    """The longest end of the text within `width` columns that begins at a word border; empty when no word fits."""
    cut = len(text) - _fitting(text[::-1], width)
    while cut < len(text) and _columns(text[cut]) == 0:
        cut += 1  # a combining mark does not part from its letter
    return text[_border(text, cut, range(cut, min(cut + _LONGEST_WORD, len(text) + 1))) :].lstrip()


_LONGEST_WORD = 30  # what runs on for longer is an address or a joke, and may be cut anywhere


def _fitting(text: str, width: int) -> int:
    """How many characters from the start stay within `width` columns."""
    for index, character in enumerate(text):
        width -= _columns(character)
        if width < 0:
            return index
    return len(text)


def _columns(character: str) -> int:
    """The most columns that a character can take up inside a longer text."""
    if character.isascii():
        return 1
    if character == "\ufe0f":
        return 1  # shows the symbol before it as an emoji, one column wider
    return display_width(character)


def _border(text: str, cut: int, candidates: range) -> int:
    """The first candidate that is a word border, or `cut` when there is none."""
    return next((index for index in candidates if _is_border(text, index)), cut)


def _is_border(text: str, index: int) -> bool:
    """Whether a word may end at `index`: at a space, and beside any wide character, whose scripts use no spaces."""
    if index in (0, len(text)):
        return True
    before, after = text[index - 1], text[index]
    return " " in (before, after) or (_columns(after) > 0 and 2 in (_columns(before), _columns(after)))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns; a longer word, such as an address, keeps a line to itself."""
    lines: list[str] = []
    for word in text.split():
        if lines and display_width(lines[-1]) + 1 + display_width(word) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


Palette = Mapping[str, str]

_COLORS: Palette = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "info": "\x1b[1;34m",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
}
_PLAIN: Palette = dict.fromkeys(_COLORS, "")


def palette(color: bool) -> Palette:
    """The escape sequence that switches each style on; all empty without colour."""
    return _COLORS if color else _PLAIN


def paint(text: str, style: str, colors: Palette) -> str:
    """The text in a style of the palette."""
    return f"{colors[style]}{text}\x1b[0m" if colors[style] and text else text


_LINKABLE = re.compile(r"https?://[!-~]+")


def hyperlink(text: str, url: str) -> str:
    """The text as an OSC 8 link, which takes up no columns; the bare text unless the address is a plain web address."""
    return f"\x1b]8;;{url}\x1b\\{text}\x1b]8;;\x1b\\" if _LINKABLE.fullmatch(url) else text
