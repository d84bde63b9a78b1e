"""A claim is the same claim in whatever form it stands, and in whatever file a program writes.

Twenty claims are converted by other programs, and every bad example of every rule is put in every kind of block.
The forms are too many to try each with each example, so each example has its share of them, the same in every run.
MEDLINT_FORMS=all tries them all, which takes the better part of an hour; a number instead, so many of each example's.
"""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Callable, Iterator
from html import escape as html_escape
from html import unescape
from itertools import count, product
from math import gcd
from typing import NamedTuple
from zlib import crc32

import pytest

from medlint.document import Position
from medlint.folding import fold
from medlint.linter import Linter
from medlint.readers import format_for, read_document
from medlint.rule import Rulebook
from test_bundled_rules import CODES
from test_readers_office import SAMPLES, docx, odt, p

Text = Callable[[str], str]


class Kind(NamedTuple):
    """A kind of block in a format: what stands around the words, and how they are written in it."""

    name: str  # of a file of that format
    frame: str  # @ is where the words stand
    escape: Text
    spellings: tuple[str, ...]
    goes_on: str | None = None  # what the next line begins with where the words may be wrapped


class Form(NamedTuple):
    """A form that a claim may have."""

    kind: Kind
    spelling: str
    width: int  # of lines; 0: one line
    line_end: str

    def __str__(self) -> str:
        wrapped = f", {self.width} columns" if self.width else ""
        return f"{self.kind.name} {self.kind.frame!r}, {self.spelling}{wrapped}, {self.line_end!r}"

    def data(self, words: str) -> bytes:
        """A file that says the words in this form."""
        text = SPELLINGS[self.spelling](self.kind.escape(words))
        if self.width:
            text = self._wrapped(text)
        text = self.kind.frame.replace("@", text)
        return PACKED.get(self.kind.name, str.encode)(text.replace("\n", self.line_end))

    def _wrapped(self, text: str) -> str:
        lines = textwrap.wrap(text, self.width, break_long_words=False, break_on_hyphens=False)
        if self.kind.escape is markdown:
            lines = [MARKER.sub(r"\1\\\2", line) for line in lines]
        return f"\n{self.kind.goes_on}".join(lines)


MARKER = re.compile(r"^(\d*)([-+.)])(?=\s|$)")  # at the start of a line it would begin a list


def plain(text: str) -> str:
    """As it is."""
    return text


def markdown(text: str) -> str:
    """What would be markup in Markdown and in MDX is escaped."""
    return re.sub(r"&(?=\w+;|#)", "&amp;", re.sub(r"[\\`*_\[\]<>#|~{}]", r"\\\g<0>", text))


def rst(text: str) -> str:
    """What would be markup in reStructuredText is escaped, and so is what would number a list."""
    text = re.sub(r"[\\`*_|:<>\[\]+-]", r"\\\g<0>", text)
    return re.sub(r"^(?=\(?\w+[.)]\s|\W)(?!\\)", r"\\", text)


def xml(text: str) -> str:
    """What would be markup in HTML and XML, in attributes too, is escaped."""
    return html_escape(text, quote=True)


def yaml(text: str) -> str:
    """As a string in double quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


# Every third word of letters alone, no part of an address, a code, an entity or an abbreviation.
WORD = re.compile(r"(?<![^\s(“\"])[A-Za-z]{4,}(?=[\s,;)!?”\"]|\.?$|\.\s)")
SPACE = re.compile(r"(?<=\w) (?=\w)")


def every_third(pattern: re.Pattern[str], change: Text, text: str) -> str:
    """The text with every third match changed, the first among them."""
    numbers = count()
    return pattern.sub(lambda match: match[0] if next(numbers) % 3 else change(match[0]), text)


def typographic(text: str) -> str:
    """With curly apostrophes and no-break spaces."""
    return every_third(SPACE, lambda _: "\u00a0", re.sub(r"(?<=\w)'(?=\w)|(?<=\w)&#x27;(?=\w)", "’", text))


def with_entities(text: str) -> str:
    """With letters, apostrophes and spaces written as character references."""
    text = every_third(WORD, lambda word: f"&#{ord(word[0])};{word[1]}&#x{ord(word[2]):x};{word[3:]}", text)
    return every_third(SPACE, lambda _: "&nbsp;", re.sub(r"(?<=\w)'(?=\w)|(?<=\w)&#x27;(?=\w)", "&rsquo;", text))


def with_hyphens(text: str) -> str:
    """With soft hyphens, where a browser may break a word."""
    return every_third(WORD, lambda word: f"{word[:2]}\u00ad{word[2:]}", text)


def with_hyphen_entities(text: str) -> str:
    """With soft hyphens as character references."""
    return every_third(WORD, lambda word: f"{word[:2]}&shy;{word[2:]}", text)


SPELLINGS: dict[str, Text] = {
    "plain": plain,
    "typographic": typographic,
    "entities": with_entities,
    "soft hyphens": with_hyphens,
    "soft hyphens as entities": with_hyphen_entities,
    "strong": lambda text: every_third(WORD, lambda word: f"**{word}**", text),
    "half strong": lambda text: every_third(WORD, lambda word: f"**{word[:3]}**{word[3:]}", text),
    "half strong in rst": lambda text: every_third(WORD, lambda word: f"**{word[:3]}**\\ {word[3:]}", text),
    "bold": lambda text: every_third(WORD, lambda word: f"<b>{word}</b>", text),
    "half bold": lambda text: every_third(WORD, lambda word: f"{word[:2]}<b>{word[2:]}</b>", text),
    "runs": lambda text: every_third(WORD, lambda word: f"{word[:2]}</w:t></w:r><w:r><w:t>{word[2:]}", text),
    "spans": lambda text: every_third(WORD, lambda word: f"{word[:2]}<text:span>{word[2:]}</text:span>", text),
}
PACKED: dict[str, Callable[[str], bytes]] = {"draft.docx": docx, "draft.odt": odt}

LETTERS = ("plain", "typographic", "soft hyphens")
ENTITIES = (*LETTERS, "entities", "soft hyphens as entities")
MARKDOWN = (*ENTITIES, "strong", "half strong", "half bold")
HTML = (*ENTITIES, "bold", "half bold")
RST = (*LETTERS, "strong", "half strong in rst")
OFFICE = "<office:body><office:text>{}</office:text></office:body>"
KINDS = [
    Kind("draft.txt", "@\n", plain, LETTERS, ""),
    Kind("draft.txt", "- @\n- x\n", plain, LETTERS, "  "),
    *(
        Kind("draft.md", frame, markdown, MARKDOWN, goes_on)
        for frame, goes_on in (
            ("@\n", ""), ("# @\n", None), ("@\n===\n", None), ("- @\n- x\n", "  "), ("- x\n  1. @\n", "     "), ("> @\n", "> "),
            ("> @\n", ""), ("| a | b |\n|---|---|\n| @ | x |\n", None),
        )
    ),
    Kind("draft.md", "![@](a.png)\n", markdown, MARKDOWN, ""),
    Kind("draft.md", '---\ntitle: "@"\n---\n', yaml, LETTERS),
    Kind("draft.md", "---\ndescription: >-\n  @\n---\n", plain, LETTERS, "  "),
    Kind("draft.md", "<p>\n@\n</p>\n", xml, HTML, ""),
    Kind("draft.mdx", "@\n", markdown, MARKDOWN, ""),
    Kind("draft.mdx", '<Hero title="@" />\n', xml, ENTITIES, ""),
    *(
        Kind("draft.html", frame, xml, HTML, "  ")
        for frame in (
            "<p>@</p>\n", "<h2>@</h2>\n", "<ul>\n<li>@\n<li>x\n</ul>\n", "<blockquote>@</blockquote>\n",
            "<table>\n<tr><td>@</td><td>x</td></tr>\n</table>\n", "<dl><dt>x<dd>@</dl>", "<details><summary>@</summary>x</details>",
            "<div>@</div>", "<figure><figcaption>@</figcaption></figure>", "<button>@</button>",
        )
    ),
    *(
        Kind("draft.html", frame, xml, ENTITIES, "")
        for frame in (
            '<img src="a.png" alt="@">', "<img src=a.png alt='@'>", '<meta name="description" content="@">', "<title>@</title>",
            '<p title="@">x</p>',
        )
    ),
    *(
        Kind("draft.rst", frame, rst, RST, goes_on)
        for frame, goes_on in (
            ("@\n", ""), ("- @\n- x\n", "  "), ("x\n\n  @\n", "  "), ("| @\n", "  "), (".. note:: @\n", "   "),
            (".. list-table::\n\n   * - @\n     - x\n", "       "),
        )
    ),
    Kind("draft.rst", ".. image:: a.png\n   :alt: @\n", rst, LETTERS, "     "),
    Kind("draft.docx", p("@"), xml, (*LETTERS, "runs")),
    Kind("draft.docx", p("@", '<w:outlineLvl w:val="0"/>'), xml, (*LETTERS, "runs")),
    Kind("draft.docx", p("@", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'), xml, (*LETTERS, "runs")),
    Kind("draft.docx", f"<w:tbl><w:tr><w:tc>{p('@')}</w:tc><w:tc>{p('x')}</w:tc></w:tr></w:tbl>", xml, (*LETTERS, "runs")),
    *(
        Kind("draft.odt", OFFICE.format(frame), xml, (*LETTERS, "spans"))
        for frame in (
            "<text:p>@</text:p>", "<text:h>@</text:h>", "<text:list><text:list-item><text:p>@</text:p></text:list-item></text:list>",
            "<table:table><table:table-row><table:table-cell><text:p>@</text:p></table:table-cell></table:table-row></table:table>",
        )
    ),
]  # fmt: skip
FORMS = [
    Form(kind, spelling, width, line_end)
    for kind in KINDS
    for spelling, width, line_end in product(
        kind.spellings,
        (0,) if kind.goes_on is None else (0, 40, 72) if kind.escape is plain else (0, 40, 20),
        ("\n", "\r\n", "\r") if "\n" in kind.frame or kind.goes_on is not None else ("\n",),
    )
]


@pytest.fixture(scope="module")
def linter(rulebook: Rulebook) -> Linter:
    """All rules, those that hold elsewhere or are off by default included."""
    return Linter(rulebook)


@pytest.mark.parametrize("code", CODES)
def test_a_bad_example_is_found_in_any_form(code: str, rulebook: Rulebook, linter: Linter) -> None:
    """All its findings are there, about the same words, and the words are where the findings say."""
    failures = []
    for number, example in enumerate(rulebook.rule(code).bad):
        expected = found(Form(KINDS[0], "plain", 0, "\n"), example, linter)
        assert expected
        failures += [
            f"{form}: {example} -> {there}, not {expected}"
            for form in share(f"{code} {number}")
            if (there := found(form, example, linter)) != expected
        ]
    assert failures == []


def share(name: str) -> Iterator[Form]:
    """The forms to try something in, from a place of its own on through all of them."""
    asked = os.environ.get("MEDLINT_FORMS", "4")
    wanted = len(FORMS) if asked == "all" else int(asked)
    start = crc32(name.encode())
    return (FORMS[(start + step * STRIDE) % len(FORMS)] for step in range(wanted))


STRIDE = 311  # a prime, so that every form is met, and large, so that those met one after the other are of many kinds


def test_the_forms_are_all_met() -> None:
    """No form is left out when all are asked for: the stride shares no factor with their number."""
    assert gcd(STRIDE, len(FORMS)) == 1


class Found(NamedTuple):
    """A finding without its form."""

    code: str
    reported: str  # the words, folded
    in_file: str  # what stands there, without the markup of the form
    place: str  # what a person calls it


def found(form: Form, words: str, linter: Linter) -> list[Found]:
    """What is flagged when words have a form; what its place is called depends on the form."""
    return [each._replace(place="") for each in found_in(form.kind.name, form.data(words), linter)]


def found_in(name: str, data: bytes, linter: Linter) -> list[Found]:
    """What is flagged in a file."""
    format = format_for(name)
    assert format
    document = read_document(name, data, format)
    text, lines = document.source.text, document.source.line_starts

    def offset(position: Position) -> int:
        return lines[position.line - 1] + position.column - 1

    return [
        Found(
            each.code,
            fold(each.text).text,
            fold(unmarked(text[offset(each.start) : offset(each.end)])).text,
            each.place,
        )
        for each in linter.lint(document, audit=False).findings
    ]


def unmarked(text: str) -> str:
    """A stretch of a file without the markup that its form gave it."""
    text = re.sub(r"</?b>|\*\*|\\\s+|\\(?=\W)", "", text)
    return unescape(re.sub(r"\s*[\r\n][\s>]*", " ", text))


# Made from claims.md by pandoc 2.17 (the .md and .mdx as gfm, the .xhtml as html4), and from pandoc-claims.docx by
# LibreOffice 7.4.
CONVERTED = sorted(path.name for path in SAMPLES.glob("*-claims.*"))
PLACES = {"docx": "paragraph 2", "odt": "paragraph 2", "pdf": "page 1"}


def test_claims_are_converted_to_all_kinds_of_file() -> None:
    """Both programs wrote what they can of what documents are written in."""
    made = {
        (program, format.name)
        for program, _, name in (each.partition("-") for each in CONVERTED)
        if (format := format_for(name))
    }
    for program, kinds in (("pandoc", "text markdown html rst docx odt"), ("libreoffice", "text html docx odt pdf")):
        assert {(program, kind) for kind in kinds.split()} <= made


@pytest.mark.parametrize("name", CONVERTED)
def test_the_same_claims_are_found_in_every_file(name: str, rulebook: Rulebook) -> None:
    """A paragraph of twenty claims has the same findings, at least one for each, whatever program made the file."""
    linter = Linter(rulebook.selected(jurisdictions=("us",)))
    draft = (SAMPLES / "claims.md").read_bytes()
    original = found_in("claims.md", draft, linter)
    claims = re.split(r"(?<=\.) ", draft.decode().splitlines()[-1])
    assert len(claims) == 20
    assert [claim for claim in claims if not any(each.in_file in fold(claim).text for each in original)] == []
    converted = found_in(name, (SAMPLES / name).read_bytes(), linter)
    assert [each._replace(place="") for each in converted] == original
    assert {each.place.partition(",")[0] for each in converted} == {PLACES.get(name.rpartition(".")[2], "")}
