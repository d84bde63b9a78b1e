"""Folds prose for matching, so that a claim is the same claim in any typography.

Case, curly quotes, dashes, no-break and thin spaces, soft hyphens, zero-width characters, accents, ligatures,
full-width and mathematical letters, trade marks, and look-alike letters inside a Latin word all fold to one plain form.
Words are not changed here: spelling variants and "per cent" are the tokens' business (see `sentences`).
"""

from __future__ import annotations

import re
import unicodedata

# Characters whose compatibility decomposition would lose or invent meaning, or that have none.
_SPECIAL = {
    **dict.fromkeys("‘’‚‛′ʼʹ`´＇", "'"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("‐‑‒–−﹣－⁃", "-"),
    **dict.fromkeys("—―⸺⸻", "—"),
    **dict.fromkeys("™®©℠", ""),  # "Botox®" is Botox
    **dict.fromkeys("×✕✖", "x"),  # "3× stronger"
    **dict.fromkeys("⁄∕", "/"),
    "…": "…",  # NFKD would make it three sentence ends
    "½": "1/2",
    "\u200b": "",
    "\u2028": " ",
    "\u2029": " ",
}

# Letters of other alphabets that look like a Latin one (Unicode TR 39 confusables, the everyday part of it).
_LOOK_ALIKES = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтнвгАВЕКМНОРСТУХІЈЅ" + "αβεικνορτυχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijshdqwkmthbrABEKMHOPCTYXIJS" + "aBeiKvoptuxyABEZHIKMNOPTYX",
)
_OTHER_ALPHABET = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_MIXED_WORD = re.compile(r"[^\W\d_]*(?:[a-zA-Z][^\W\d_]*[\u0370-\u052f]|[\u0370-\u052f][^\W\d_]*[a-zA-Z])[^\W\d_]*")


class Folded:
    """Folded text in two forms of equal length, and for each character the index of the prose it came from."""

    __slots__ = ("cased", "origins")

    def __init__(self, cased: str, origins: list[int] | None) -> None:
        self.cased = cased  # folded, but capitals kept: sentence borders and abbreviations need them
        self.origins = origins  # None: every character stands where it stood

    @property
    def text(self) -> str:
        """The lower-case form that rules are matched against."""
        return lowered(self.cased)

    def prose_span(self, start: int, end: int) -> tuple[int, int]:
        """The prose characters that folded characters `start` to `end` came from; `start < end`."""
        if self.origins is None:
            return start, end
        return self.origins[start], self.origins[end - 1] + 1


def lowered(cased: str) -> str:
    """The text in lower case, of equal length."""
    lower = cased.lower()
    if len(lower) == len(cased):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in cased)


def fold(prose: str) -> Folded:
    """The folded form of a block's prose."""
    if prose.isascii() and "`" not in prose:
        return Folded(prose, None)
    if _OTHER_ALPHABET.search(prose):
        prose = _MIXED_WORD.sub(lambda word: word.group().translate(_LOOK_ALIKES), prose)
    if all(len(_FOLDS[ord(char)]) == 1 for char in set(prose)):
        return Folded(prose.translate(_FOLDS), None)
    pieces = [_FOLDS[ord(char)] for char in prose]
    origins = [index for index, piece in enumerate(pieces) for _ in piece]
    return Folded("".join(pieces), origins)


class _FoldTable(dict[int, str]):
    """Fold of each character, worked out when the character is first met."""

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = _fold_character(chr(codepoint))
        return folded


def _fold_character(char: str) -> str:
    if char in _SPECIAL:
        return _SPECIAL[char]
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category in ("Cf", "Mn"):  # soft hyphen, zero-width characters, bidi controls; combining accents
        return ""
    if category == "Zs":
        return " "
    if unicodedata.decomposition(char).startswith("<super>"):
        return char  # a superscript digit is a reference mark, not part of the number before it
    parts = [part for part in unicodedata.normalize("NFKD", char) if unicodedata.category(part) != "Mn"]
    return "".join(_SPECIAL.get(part, part) for part in parts) or char


_FOLDS = _FoldTable()
