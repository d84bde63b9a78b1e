"""Tells whether a sentence names a source that a reader could follow from the claim."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from medlint.document import Mark
from medlint.matching import Phrases
from medlint.sentences import BlockText, Sentence

Strength = Literal["full", "half"]


class Cited(NamedTuple):
    """A source named in a text: how well, and where (folded characters of its block)."""

    strength: Strength
    block_text: BlockText
    start: int
    end: int


_YEAR = re.compile(r"(?<![\d£$€.,])(?:19[5-9]|20[0-4])\d(?![\d,.]\d|\s?(?:%|people|patients|men|women|clients))")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_SURNAME = (
    rf"(?!(?:{_MONTH}|In|Since|By|From|Until|Spring|Summer|Autumn|Winter|Est|Copyright|Updated|Reviewed)\b)[A-Z][\w'-]+"
)
_YEAR_TEXT = r"(?:19[5-9]|20[0-4])\d[a-z]?"
_WORK = "audit|survey|report|review|registry|trial|study|census"
_FULL = re.compile(
    "|".join((
        r"\b10\.\d{4,9}/\S+",  # DOI
        r"\bPMID:?\s?\d{4,}",
        r"\bPMC\d{5,}",
        r"\b(?:NCT|ISRCTN|ACTRN)\s?\d{8,}",
        rf"\b{_SURNAME}(?:,? (?:and|&) {_SURNAME}| et al\.?)?,? \(?{_YEAR_TEXT}\)?(?=[\s,;:.)]|$)",  # Author (2020)
        rf"\bet al\.?,?[^.;]{{0,40}}{_YEAR_TEXT}",
        rf"\([^()]*\b{_SURNAME}[^()]*\b{_YEAR_TEXT}[^()]*\)",  # (product leaflet of Example, March 2023)
        rf"\b(?:leaflet|label|guideline|summary of product characteristics|SmPC)\b[^.;]{{0,40}}\b{_YEAR_TEXT}",
        # "the 2023 National Falls Audit", "the Larsen trial (2022"
        rf"\b{_YEAR_TEXT} (?:[A-Z][\w'-]+ )+(?i:{_WORK})",
        rf"\b(?:[A-Z][\w'-]+ )+(?:[\d.]+ )?(?:{_WORK})\b[^.;]{{0,30}}\b{_YEAR_TEXT}",
    ))
)  # fmt: skip
# A clinic's own figures support nothing, however they are dated.
_OWN = re.compile(
    r"\b(?:our|my|in-house|internal)\b(?: \w+){0,3} "
    r"(?:data|figures|survey|audit|records|results|study|review|research|poll)",
    re.I,
)
_REFERENCE_MARK = re.compile(r"\[\d{1,3}(?:[,–-]\s?\d{1,3})*\]|[¹²³⁴-⁹]+|(?<=[a-z.,%])[†‡*](?=\s|$)")
_SOURCE_LINE = re.compile(r"\s*\(?(?:sources?|references?|data(?: from)?|citation)\s*:", re.I)
_FIGURE_FROM = re.compile(
    r"\b(?:figures?|numbers?|data|findings?|results?|estimates?|rates?)\b[^.]{0,20}"
    r"\b(?:comes?|came|is|are|taken|drawn) (?:\w+ )?from\b",
    re.I,
)
_SAME_SOURCE = re.compile(
    r"\b(?:the same|that|this|the) (?:review|study|trial|report|survey|audit|analysis|register|registry|census)\b"
)
_NO_SOURCE_LINK = re.compile(
    r"\b(?:book|booking|call|contact|shop|buy|order|enquire|appointment|consultation|pricing|prices|offer|reserve|choose"
    r"|start|join|sign up|get started|enroll?|quote|menu|home)\b",
    re.I,
)


class SourceFinder:
    """Finds what a claim's sentence, its marks and the lines after it cite."""

    def __init__(self, bodies: Phrases | None, anchors: frozenset[str], has_references: bool) -> None:
        self.bodies = bodies
        self.anchors = anchors
        self.has_references = has_references
        self._cited: dict[Sentence, Cited | None] = {}  # a sentence may hold hundreds of claims

    def in_sentence(self, sentence: Sentence) -> Cited | None:
        """The best source in the sentence or that the next sentence gives for it."""
        if sentence not in self._cited:
            self._cited[sentence] = self._in_sentence(sentence)
        return self._cited[sentence]

    def _in_sentence(self, sentence: Sentence) -> Cited | None:
        own = self._in_text(sentence)
        if own and own.strength == "full":
            return own
        if _SAME_SOURCE.search(sentence.tokens.text):
            block = self.in_block(sentence.block_text)
            if block and block.strength == "full":
                return block
        following = sentence.following
        if following and (_SOURCE_LINE.match(following.tokens.text) or _FIGURE_FROM.search(following.tokens.text)):
            given = self._in_text(following)
            if given and (given.strength == "full" or not own):
                return given
        return own

    def in_block(self, block: BlockText) -> Cited | None:
        """The best source anywhere in the block."""
        cited = [each for sentence in block.sentences if (each := self._in_text(sentence))]
        return next((each for each in cited if each.strength == "full"), cited[0] if cited else None)

    def source_line(self, block: BlockText | None) -> Cited | None:
        """The source a "Sources: …" line gives for the block before it."""
        if block is None or not _SOURCE_LINE.match(block.folded.cased):
            return None
        return self.in_block(block) or Cited("half", block, 0, len(block.folded.cased))

    def _in_text(self, sentence: Sentence) -> Cited | None:
        block_text = sentence.block_text
        for mark in block_text.block.marks:
            if self._supports(mark, sentence):
                return Cited("full", block_text, sentence.start, sentence.end)
        cased = block_text.folded.cased
        if _OWN.search(cased, sentence.start, sentence.end):
            return None
        named = _FULL.search(cased, sentence.start, sentence.end)
        if named:
            return Cited("full", block_text, *named.span())
        if self.has_references and (
            mark_text := _REFERENCE_MARK.search(cased, sentence.start, _with_trailing_mark(sentence))
        ):
            return Cited("full", block_text, *mark_text.span())
        bodies = self.bodies.found(sentence.tokens) if self.bodies else []
        if bodies:
            strength: Strength = "full" if _YEAR.search(cased, sentence.start, sentence.end) else "half"
            return Cited(strength, block_text, *sentence.span(*bodies[0]))
        return None

    def _supports(self, mark: Mark, sentence: Sentence) -> bool:
        start, end = sentence.block_text.folded.prose_span(sentence.start, sentence.end)
        if not (start <= mark.span.start <= end + 1 and mark.span.end <= end + 2):
            return False
        if mark.kind == "footnote" and mark.span.start == start and sentence.number:
            return False  # it stands behind the full stop of the sentence before
        if mark.kind == "footnote":
            return mark.target in self.anchors
        if mark.target.startswith("#"):
            return mark.target[1:] in self.anchors
        if not mark.target.startswith(("http://", "https://", "//")):
            return False  # the same site: navigation or booking, no evidence
        words = sentence.block_text.block.prose.text[mark.span.start : mark.span.end]
        return not _NO_SOURCE_LINK.search(words)


def _with_trailing_mark(sentence: Sentence) -> int:
    """The sentence's end, with a reference mark set after its full stop."""
    return min(len(sentence.block_text.folded.cased), sentence.end + 4)
