"""Reads strings as JSON, YAML and TOML write them between double quotes, each escape with its place."""

from __future__ import annotations

import re

from medlint.document import Writer

_ESCAPE = re.compile(
    r"""\\(?: u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}  # a surrogate pair
            | u[0-9a-fA-F]{4} | U[0-9a-fA-F]{8} | x[0-9a-fA-F]{2}
            | [ \t]*+(?:\r\n|\r|\n)\s*+  # a line that goes on in the next
            | . )""",
    re.VERBOSE | re.DOTALL,
)
_MEANINGS = dict(zip("0abtnvfreN_LP", "\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True))


def read_escaped(prose: Writer, text: str, start: int, end: int) -> None:
    """Append `text[start:end]` to the prose, its backslash escapes decoded."""
    position = start
    for escape in _ESCAPE.finditer(text, start, end):
        prose.verbatim(text, position, escape.start())
        prose.replacement(_meaning(escape.group()), *escape.span())
        position = escape.end()
    prose.verbatim(text, position, end)


def _meaning(escape: str) -> str:
    if len(escape) == 2:
        return _MEANINGS.get(escape[1], escape[1].strip("\r\n"))
    match escape[1]:
        case "u":
            return bytes.fromhex(escape.replace("\\u", "")).decode("utf-16-be", "replace")
        case "U" | "x":
            number = int(escape[2:], 16)
            return chr(number) if number <= 0x10FFFF and not 0xD800 <= number < 0xE000 else "\ufffd"
    return ""
