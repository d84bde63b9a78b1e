"""Folding: one plain form for every typography, with the way back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medlint.folding import fold

FORMS = [
    ("Cure", "cure"),
    ("don’t", "don't"),
    ("“safe”", '"safe"'),
    ("long–term", "long-term"),
    ("risk‑free", "risk-free"),
    ("47\u00a0%", "47 %"),
    ("47\u2009%", "47 %"),
    ("mi\u00adgraine", "migraine"),
    ("cu\u200bre", "cure"),
    ("cu\u2060re", "cure"),
    ("\ufeffcure", "cure"),
    ("ｃｕｒｅ", "cure"),
    ("𝐜𝐮𝐫𝐞", "cure"),
    ("𝒸𝓊𝓇ℯ", "cure"),
    ("ﬁx", "fix"),
    ("curé", "cure"),
    ("cure\u0301", "cure"),
    ("Botox®", "botox"),
    ("Emsculpt™", "emsculpt"),
    ("3× stronger", "3x stronger"),
    ("сure", "cure"),  # Cyrillic es
    ("mirаcle", "miracle"),  # Cyrillic a
    ("Ηeal", "heal"),  # Greek capital eta
    ("лечение", "лечение"),  # a word of its own alphabet stays
    ("sleep²", "sleep²"),  # a reference mark is no part of a number
    ("wait…", "wait…"),
    ("½ price", "1/2 price"),
    ("İstanbul", "istanbul"),
]


@pytest.mark.parametrize(("written", "folded"), FORMS, ids=[repr(written) for written, _ in FORMS])
def test_fold(written: str, folded: str) -> None:
    """Each form folds to the plain one."""
    assert fold(written).text == folded


@given(st.text())
def test_every_folded_character_leads_back(prose: str) -> None:
    """A span of folded text is a span of the prose, in order and inside it."""
    folded = fold(prose)
    assert len(folded.text) == len(folded.cased)
    last = 0
    for index in range(len(folded.text)):
        start, end = folded.prose_span(index, index + 1)
        assert 0 <= start < end <= len(prose)
        assert start >= last
        last = start


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_ascii_folds_in_place(prose: str) -> None:
    """Plain ASCII only changes its case."""
    assert fold(prose).text == prose.lower().replace("`", "'")


@given(st.text())
def test_folding_twice_changes_nothing(prose: str) -> None:
    """The folded form is its own folded form."""
    once = fold(prose).text
    assert fold(once).text == once
