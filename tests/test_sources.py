"""Which sources beside a figure excuse it, which soften it, and which support nothing."""

from __future__ import annotations

import pytest

from conftest import LintText

FULL, HALF, NONE = "full", "half", "none"

# A figure with what stands near it: full (excused), half (info), none (reported).
IN_TEXT = [
    ("Pain fell by 47% in a week.", NONE),
    # author and year
    ("Pain fell by 47% (Moreau et al., 2021).", FULL),
    ("Pain fell by 47% (Brandt and Oyelaran, 2021).", FULL),
    ("Pain fell by 47% (Moreau & Finn 2021).", FULL),
    ("Pain fell by 47% (O'Neill 2019a).", FULL),
    ("Moreau (2021) found that pain fell by 47%.", FULL),
    ("As Moreau and Finn (2021) report, pain fell by 47%.", FULL),
    ("In the Larsen trial (2022, n = 214), pain fell by 47%.", FULL),
    # identifiers
    ("Pain fell by 47% (doi 10.1016/j.jbi.2009.05.002).", FULL),
    ("Pain fell by 47%, https://doi.org/10.1016/j.jbi.2009.05.002.", FULL),
    ("Pain fell by 47% (PMID 19435614).", FULL),
    ("Pain fell by 47% (PMC3048561).", FULL),
    ("Pain fell by 47% in NCT01234567.", FULL),
    ("Pain fell by 47% in the trial (ISRCTN12345678).", FULL),
    # journal, body, document and year
    ("Pain fell by 47% (Lancet, 2020).", FULL),
    ("Pain fell by 47% (JAMA Dermatology 2020;156:12).", FULL),
    ("Pain fell by 47%, according to the CDC in 2021.", FULL),
    ("Pain fell by 47% (NICE guideline NG59, 2016).", FULL),
    ("Pain fell by 47% (product leaflet of Alder, March 2023).", FULL),
    ("Pain fell by 47%. The figure comes from table 4 of the 2023 National Pain Audit.", FULL),
    # a line of sources under the block
    ("Pain fell by 47%.\n\nSource: Moreau et al., 2021.", FULL),
    ("Pain fell by 47%.\n\nSources: Lancet 2020; NICE 2016.", FULL),
    ("Pain fell by 47%. Reference: Moreau P, Pain, 2021.", FULL),
    # a named body alone
    ("Pain fell by 47%, according to the CDC.", HALF),
    ("Pain fell by 47%, says Johns Hopkins.", HALF),
    ("The Mayo Clinic reports that pain fell by 47%.", HALF),
    # nothing that a reader could follow
    ("Pain fell by 47% in our own 2023 survey.", NONE),
    ("Pain fell by 47% in our clinic's internal audit of 2023.", NONE),
    ("Pain fell by 47%. Source: our patient survey, 2023.", NONE),
    ("Pain fell by 47% in a recent study.", NONE),
    ("Pain fell by 47%, studies show.", NONE),
    ("Pain fell by 47%, says Dr Hale.", NONE),
    ("Pain fell by 47%, says Hale.", NONE),
    ("Pain fell by 47% in March 2021.", NONE),
    ("Pain fell by 47% since 2019.", NONE),
    ("Pain fell by 47% (updated May 2021).", NONE),
    ("Pain fell by 47% (May 2021).", NONE),
    ("Pain fell by 47% (Updated in spring 2021).", NONE),
    ("Pain fell by 47% at £2021 a course.", NONE),
    ("Pain fell by 47%. Moreau et al. wrote about sleep in 2021.", NONE),
]
IN_MARKUP = [
    # links
    ("Pain fell by [47%](https://example.org/study).", FULL),
    ("Pain fell by 47% ([study](https://example.org/study)).", FULL),
    ("Pain fell by 47% <https://example.org/study>.", FULL),
    ("Pain fell by 47%. [Book now](https://example.org/book)", NONE),
    ("Pain fell by 47% ([book online](https://example.org/x)).", NONE),
    ("Pain fell by [47%](/book-now).", NONE),
    ("Pain fell by 47% ([our results](/results)).", NONE),
    ("[Home](/) Pain fell by 47%.", NONE),
    ("Pain fell by 47%. We open at nine ([map](https://example.org/map)).", NONE),
    # footnotes and reference marks
    ("Pain fell by 47%.[^1]\n\n[^1]: Moreau P. Pain. 2021.", FULL),
    ("Pain fell by 47%[^a].\n\n[^a]: Moreau P. Pain. 2021.", FULL),
    ("Pain fell by 47%.[^2]\n\n[^1]: Moreau P. Pain. 2021.", NONE),
    ("We open at nine.[^1] Pain fell by 47%.\n\n[^1]: Moreau P. Pain. 2021.", NONE),
    ("Pain fell by 47%.\n\n## References\n\n1. Moreau P. Pain. 2021.", NONE),
    ("Pain fell by 47% [1].\n\n## References\n\n1. Moreau P. Pain. 2021.", FULL),
    ("Pain fell by 47%.¹\n\n¹ Moreau P. Pain. 2021.", FULL),
    ("Pain fell by 47%.*\n\n\\* Moreau P. Pain. 2021.", FULL),
    ("Pain fell by 47% [1].", NONE),
    # tables
    ("| Change | Source |\n| --- | --- |\n| Pain fell by 47% | Moreau et al., 2021 |", FULL),
    ("| Change | Source |\n| --- | --- |\n| Pain fell by 47% | our notes |", NONE),
    (
        "| Change | Source |\n| --- | --- |\n| Pain fell by 47% | none |\n| Sleep | Moreau et al., 2021 |",
        NONE,
    ),
    ("| Change |\n| --- |\n| Pain fell by 47% |\n\nSource: Moreau et al., 2021.", FULL),
]


@pytest.mark.parametrize(("line", "source"), IN_TEXT, ids=[line for line, _ in IN_TEXT])
def test_source_in_text(lint_text: LintText, line: str, source: str) -> None:
    """A figure is excused by a source a reader can follow, softened by half of one."""
    assert source_found(lint_text, line, "x.txt") == source


@pytest.mark.parametrize(("line", "source"), IN_MARKUP, ids=[line for line, _ in IN_MARKUP])
def test_source_in_markup(lint_text: LintText, line: str, source: str) -> None:
    """Links elsewhere, footnotes that resolve and reference marks are sources; navigation is not."""
    assert source_found(lint_text, line, "x.md") == source


def source_found(lint_text: LintText, line: str, name: str) -> str:
    """How well a source supports the figure in the line: what the linter makes of the figure tells."""
    lint = lint_text(line, name, ("STA",))
    if not lint.findings:
        assert {excused.reason for excused in lint.excused} == {"source"}
        return FULL
    return HALF if lint.findings[0].severity.value == "info" else NONE


def test_a_half_source_is_pointed_at(lint_text: LintText) -> None:
    """The finding says what softened it."""
    (finding,) = lint_text("Pain fell by 47%, according to the CDC.", "x.txt", ("STA",)).findings
    assert [(related.message, related.text) for related in finding.related] == [
        ("softened by the half source here", "CDC")
    ]


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        ("<p>Pain fell by 47%.<sup><a href='#r1'>1</a></sup></p><ol><li id='r1'>Moreau, 2021</li></ol>", []),
        ("<p>Pain fell by 47%.<sup><a href='#r2'>2</a></sup></p><ol><li id='r1'>Moreau, 2021</li></ol>", [1]),
        ("<figure><p>Pain fell by 47%.</p><figcaption>Source: Moreau et al., 2021.</figcaption></figure>", []),
        ("<nav><a href='https://example.org'>Shop</a></nav>\n<p>Pain fell by 47%.</p>", [2]),
    ],
)
def test_source_in_html(lint_text: LintText, page: str, lines: list[int]) -> None:
    """Superscript links that resolve and captions are sources too; a menu is none."""
    assert [finding.start.line for finding in lint_text(page, "x.html", ("STA",)).findings] == lines
