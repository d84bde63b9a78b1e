"""reStructuredText: what of it is copy, where each word stands, and what is never run, included or remembered."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from medlint.document import Document
from medlint.linter import Linter, SuppressionSettings
from medlint.readers import ReadError, format_for, read_document, read_text
from medlint.rule import Rulebook
from test_readers_properties import WHITE_AND_STRANGE, assert_leads_back

FORMAT = format_for("draft.rst")


def read(text: str) -> Document:
    """The document, its places checked."""
    assert FORMAT
    document = read_text("draft.rst", text, FORMAT)
    assert_leads_back(document)
    return document


def words(text: str) -> list[tuple[str, str]]:
    """Kind and prose of each block."""
    return [(block.kind, block.prose.text) for block in read(text).blocks]


def in_file(document: Document, claim: str) -> str:
    """What stands in the file where the report of a claim would point."""
    for block in document.blocks:
        if claim in block.prose.text:
            start = block.prose.text.index(claim)
            return document.source.text[slice(*block.prose.source_span(start, start + len(claim)))]
    raise AssertionError(f"{claim!r} is not in {[block.prose.text for block in document.blocks]}")


# What is copy ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.\n\nTwo goes\non.\n", [("paragraph", "One."), ("paragraph", "Two goes on.")]),
        ("Top\n===\n\nText.\n\nSub\n---\n\nMore.\n", [("heading", "Top"), ("paragraph", "Text."), ("heading", "Sub"), ("paragraph", "More.")]),
        ("===\nTop\n===\n\nText.\n", [("heading", "Top"), ("paragraph", "Text.")]),
        ("- one\n- *two*\n\n  more\n", [("list-item", "one"), ("list-item", "two"), ("list-item", "more")]),
        ("1. one\n#. two\n", [("list-item", "one"), ("list-item", "two")]),
        ("Term\n  What it is.\n", [("list-item", "Term"), ("list-item", "What it is.")]),
        ("Term : kind\n  What it is.\n", [("list-item", "Term : kind"), ("list-item", "What it is.")]),
        ("Text.\n\n  Said.\n\n  -- A patient\n", [("paragraph", "Text."), ("paragraph", "Said."), ("paragraph", "A patient")]),
        ("| one\n| two\n", [("paragraph", "one"), ("paragraph", "two")]),
        ("-a FILE  reads it\n", [("paragraph", "reads it")]),
        ("+---+---+\n| a | b |\n+===+===+\n| c | d |\n|   | e |\n+---+---+\n", [("table-cell", "a"), ("table-cell", "b"), ("table-cell", "c"), ("table-cell", "d e")]),
        ("==  ==\na   b\n==  ==\nc   d\n==  ==\n", [("table-cell", "a"), ("table-cell", "b"), ("table-cell", "c"), ("table-cell", "d")]),
        (".. list-table:: Prices\n\n   * - a\n     - b\n   * - c\n     - d\n", [("paragraph", "Prices"), ("table-cell", "a"), ("table-cell", "b"), ("table-cell", "c"), ("table-cell", "d")]),
        (".. list-table::\n\n   * no row\n   * - c\n", [("paragraph", "no row"), ("table-cell", "c")]),
        ('.. csv-table:: Our prices\n   :header: "a"\n\n   "b", "c"\n', [("paragraph", "Our prices"), ("paragraph", '"b", "c"')]),
        # Inline markup dissolves, and code leaves a gap.
        ("It **eases** *pain*, and :emphasis:`more`.\n", [("paragraph", "It eases pain, and more.")]),
        ("H\\ :sub:`2`\\ O and re\\ **lief**\n", [("paragraph", "H2O and relief")]),
        ("Run ``rm -r`` or :code:`ls` now.\n", [("paragraph", "Run or now.")]),
        ("\\*not emphasis\\* and 2 \\* 3\n", [("paragraph", "*not emphasis* and 2 * 3")]),
        ("See |it|.\n\n.. |it| replace:: our *gentle* laser\n", [("paragraph", "See our gentle laser.")]),
        ("|it|\n\n.. |it| replace:: >\n", [("paragraph", ">")]),
        ("A `pain *clinic\n", [("paragraph", "A `pain *clinic")]),
        # Directives keep their words, options that people see, and their arguments unless those are names.
        (".. note:: It is safe\n   for all.\n", [("paragraph", "It is safe for all.")]),
        (".. warning:: Safe\n", [("paragraph", "Safe")]),
        (".. topic:: Our laser\n\n   Is calm.\n", [("paragraph", "Our laser"), ("paragraph", "Is calm.")]),
        (".. figure:: a.png\n   :alt: A nurse\n   :width: 9\n\n   The caption.\n", [("alt", "A nurse"), ("paragraph", "The caption.")]),
        (".. |i| image:: a.png\n   :alt: A nurse\n\nSee |i| here.\n", [("alt", "A nurse"), ("paragraph", "See here.")]),
        (".. |i| replace::\n\n   our laser\n\nSee |i|.\n", [("paragraph", "See our laser.")]),
        (".. meta::\n   :description: Calm skin\n     for all\n   :keywords: cure\n", [("description", "Calm skin for all")]),
        (".. toctree::\n   :caption: More\n\n   Our prices <prices>\n   about\n", [("caption", "More"), ("paragraph", "Our prices")]),
        (".. tab-item:: label\n\n   In a tab.\n", [("paragraph", "In a tab.")]),
        (".. carousel:: Our calm rooms\n   :speed: 9\n\n   Look.\n", [("paragraph", "Our calm rooms"), ("paragraph", "Look.")]),
        (".. only:: html\n\n   Shown.\n", [("paragraph", "Shown.")]),
        ("See :doc:`our prices <prices>`, :doc:`prices` and :term:`laser`.\n", [("paragraph", "See our prices, and laser.")]),
        # What is no copy.
        ("Text::\n\n  code\n\n>>> doctest\n", [("paragraph", "Text:")]),
        (".. code-block:: html\n\n   <p>cure</p>\n", []),
        (".. raw:: html\n\n   <p>cure</p>\n", []),
        (".. a comment\n   that goes on\n", []),
        (".. _target:\n.. __: x\n", []),
        (".. math:: x = y z\n", []),
        # What is known of a page stands at its head.
        (":Author: me\n:Summary: In *short*\n\nText.\n", [("description", "In short"), ("paragraph", "Text.")]),
        (".. title: Calm\n.. slug: calm\n.. description: In short\n\nText.\n", [("title", "Calm"), ("description", "In short"), ("paragraph", "Text.")]),
        ("Text.\n\n:Price: 90 pounds\n", [("paragraph", "Text."), ("paragraph", "Price"), ("paragraph", "90 pounds")]),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_copy(text: str, expected: list[tuple[str, str]]) -> None:
    """What stands on the page that a text becomes is read, in blocks of their kind, and nothing else."""
    assert words(text) == expected


def test_headings_lists_and_quotes_are_told_apart() -> None:
    """Levels follow the adornments, items of one list belong together, and a quote is one."""
    document = read("A\n=\n\nB\n-\n\nC\n~\n\n- x\n- y\n\nText.\n\n  Said.\n\nD\n=\n\n- z\n")
    assert [block.level for block in document.blocks if block.kind == "heading"] == [1, 2, 3, 1]
    items = [block.group for block in document.blocks if block.kind == "list-item"]
    assert items[0] == items[1] != items[2]
    assert [block.prose.text for block in document.blocks if block.quoted] == ["Said."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See `it <https://a.example>`_.\n", [("link", "it", "https://a.example")]),
        ("See it_.\n\n.. _it: https://a.example\n", [("link", "it", "https://a.example")]),
        ("See `the trial`_.\n\n.. _the trial: https://a.example\n", [("link", "the trial", "https://a.example")]),
        ("See it__ and on__.\n\n__ https://a.example\n__ https://b.example\n", [("link", "it", "https://a.example"), ("link", "on", "https://b.example")]),
        ("See Trial_.\n\nTrial\n=====\n", [("link", "Trial", "#trial")]),
        ("See https://a.example.\n", [("link", "https://a.example", "https://a.example")]),
        ("So it is [1]_.\n\n.. [1] Lind, 2021.\n", [("footnote", "", "1")]),
        ("So it is [Lind]_.\n\n.. [Lind] A trial.\n", [("footnote", "", "lind")]),
        ("So it is [#]_ [#]_.\n\n.. [#] One.\n.. [#] Two.\n", [("footnote", "", "#11"), ("footnote", "", "#12")]),
        ("One in three.\\ :sup:`2`\n", [("reference", "2", "2")]),
    ],
)  # fmt: skip
def test_links_and_notes_lead_somewhere(text: str, expected: list[tuple[str, str, str]]) -> None:
    """A mark knows its words and its target, and a note that is marked is an anchor of the page."""
    document = read(text)
    block = document.blocks[0]
    assert [(mark.kind, block.prose.text[slice(*mark.span)], mark.target) for mark in block.marks] == expected
    assert all(target in document.anchors for kind, _, target in expected if kind == "footnote")


# Where it stands -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "claim", "expected"),
    [
        ("x\n\n  It cures\n  acne now.\n", "cures acne", "cures\n  acne"),
        ("It **cures** *acne*.\n", "cures acne", "cures** *acne"),
        ("x cures x\n\n- cures x\n- y cures\n", "y cures", "y cures"),
        ("same\n\nsame\n\nand same\n", "and same", "and same"),
        ("It re\\ **verses** acne.\n", "reverses acne", "re\\ **verses** acne"),
        ("+------+-------+\n| safe | safe  |\n|      | cures |\n+------+-------+\n", "safe cures", "safe  |\n|      | cures"),
        ("It :strong:`cures` acne\n", "cures acne", "cures` acne"),
        ("It `cures <x>`_ acne\n", "cures acne", "cures <x>`_ acne"),
        ("\tIt cures\n\tacne\n", "cures acne", "cures\n\tacne"),
        ("It cures\r\nacne\r\n", "cures acne", "cures\r\nacne"),
        ("It cures\racne\r", "cures acne", "cures\racne"),
        (".. figure:: a.png\n   :alt: It cures\n      acne\n", "cures acne", "cures\n      acne"),
        ("It |c| acne\n\n.. |c| replace:: cures\n", "cures acne", "|c| acne"),
        (".. note:: x\n\n   .. note:: It cures\n      acne\n", "cures acne", "cures\n      acne"),
        ("Größe 😀 *cures*\n", "😀 cures", "😀 *cures"),
        ("It cures acne::\n\n  code\n", "cures acne:", "cures acne:"),
    ],
)  # fmt: skip
def test_a_word_is_found_where_it_stands(text: str, claim: str, expected: str) -> None:
    """Line and column are those of the file, through markup, wraps, cells, tabs and any line end."""
    assert in_file(read(text), claim) == expected


PIECES = """
*a* **b** `c` ``d`` e_ `f␣<g>`_ f__ [1]_ [#]_ [*]_ |s| :r:`x` :sup:`1` :doc:`t␣<u>` _`t` \\ \\* \\␣ .. ..␣ ..␣_x:␣y __␣q
..␣[1]␣n ..␣[#]␣n ..␣[C]␣c ..␣|s|␣replace::␣w ..␣|i|␣image::␣p.png ..␣note:: ..␣note::␣hi ..␣image::␣a.png :alt:␣words
..␣foo::␣bar␣it ..␣csv-table::␣T ..␣list-table:: ..␣meta:: :description:␣d ..␣toctree:: ..␣include::␣x ..␣raw::␣html === ====
----- ~~~~ ====␣==== +---+---+ |␣a␣|␣b␣| +===+===+ -␣i *␣i 1.␣i #.␣i (a)␣i :f:␣v :author:␣me -a␣␣opt >>>␣x |␣line x::
--␣me words␣more Our␣skin. é 😀 ¶ ¶¶ ¶ ¶¶ ¶␣␣␣ ␣␣ ␣ <a> : ` * | _ "a","b" ..␣title:␣N
"""
RST = st.lists(
    st.sampled_from(WHITE_AND_STRANGE + [piece.replace("␣", " ").replace("¶", "\n") for piece in PIECES.split()]),
    max_size=30,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=RST | st.text(max_size=60))
@example(text="|s|\n\n.. |s| replace:: >")
@example(text=".. |s| replace::\n `e")
def test_any_text_is_read(text: str) -> None:
    """No markup, however broken, is a crash, and every word leads to its place."""
    read(text)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    """Undecodable bytes are a ReadError, and all others are read."""
    assert FORMAT
    try:
        document = read_document("draft.rst", data, FORMAT)
    except ReadError:
        return
    assert_leads_back(document)


# What goes wrong, and what must not happen -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "+---+---+\n| It cures acne |\n+---+---+\n",
        "====  ====\nIt cures acne\n====\n",
        "A\n=\n\nB\n-\n\nIt cures acne\n~~~~~~~~~~~~~\n\nC\n+\n\nIt cures acne\n=============\n",
        "=======\nIt cures acne\n",
        "It cures acne\n==\n\n~~\n",
        ":unknown:`It cures acne`\n",
        "- x\nIt cures acne\n",
    ],
)
def test_broken_markup_is_read_all_the_same(text: str) -> None:
    """What docutils would complain about is still copy."""
    assert in_file(read(text), "cures acne") == "cures acne"


def test_what_nests_without_end_is_refused() -> None:
    """No page has hundreds of lists inside one another, and Python's stack ends somewhere."""
    with pytest.raises(ReadError, match="too deep inside one another"):
        read("".join(f"{'  ' * depth}- x\n\n" for depth in range(400)))


def test_a_file_is_neither_included_nor_run_nor_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a text names stay closed, and what one text defines does not hold in the next."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.rst").write_text("It cures acne.\n")
    (tmp_path / "docutils.conf").write_text("[general]\ntab_width: 3\nsmart_quotes: yes\n")
    including = ".. include:: other.rst\n.. literalinclude:: other.rst\n.. csv-table::\n   :file: other.rst\n"
    assert words(including) == []
    assert words('.. role:: mine(raw)\n   :format: html\n\n.. default-role:: mine\n\n`"One"`') == [
        ("paragraph", '"One"')
    ]
    assert words("`Two` and :mine:`three`") == [("paragraph", "Two and three")]


def test_nothing_is_said_about_the_markup(tmp_path: Path) -> None:
    """What docutils finds wrong reaches neither stream: the findings of this tool are its own."""
    (tmp_path / "draft.rst").write_text("Top\n=\n\nIt is :unknown:`calm` |here| and_ *there.\n")
    program = "from medlint.cli import main; main(['check', '--select', 'CUR', 'draft.rst'])"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("No findings in 1 file.\n", "")


def test_without_the_extra_the_error_names_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    """What parses reStructuredText is not installed with medlint itself."""
    monkeypatch.setitem(sys.modules, "docutils", None)
    with pytest.raises(ReadError) as caught:
        read("It is calm.")
    assert str(caught.value).endswith('python -m pip install "medlint-copy[rst]"')


def test_a_comment_accepts_a_finding(rulebook: Rulebook) -> None:
    """A suppression is a comment before its block; the next block is linted as ever."""
    settings = SuppressionSettings(is_known=lambda _: True)
    linter = Linter(rulebook.selected(select=("CUR",), jurisdictions=("us",)), suppressions=settings)
    claim = "Our infusion cures migraine."
    text = f".. medlint: ignore[CUR001] quoted from the warning\n\n{claim}\n\n{claim}\n"
    lint = linter.lint(read(text))
    assert [(each.code, each.start.line) for each in lint.findings] == [("CUR001", 5)]
    assert [(each.finding.code, each.finding.start.line) for each in lint.suppressed] == [("CUR001", 3)]
