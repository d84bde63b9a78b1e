"""Judges in context, as a reviewer would: does the match stand, and does anything near it soften it?

Assertion follows ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): cues with a scope that ends at clause
borders. The cues themselves are word lists (`rules/vocab/cues.yml`); this module knows only how far they reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from medlint.document import Block, Document
from medlint.matching import Compiler, Phrases
from medlint.rule import Assertion, Conditions, Polarity, Rule, Scope
from medlint.sentences import CLAUSE, COMMA, BlockText, Sentence

if TYPE_CHECKING:
    from medlint.citations import Cited, SourceFinder


class Match(NamedTuple):
    """Where a rule's phrase stands: tokens `first` up to `after` of a sentence."""

    rule: Rule
    sentence: Sentence
    first: int
    after: int

    @property
    def place(self) -> tuple[int, int]:
        """Block and character, for order on the page."""
        return (self.sentence.block_text.index, self.span[0])

    @property
    def span(self) -> tuple[int, int]:
        """Folded characters of the block."""
        return self.sentence.span(self.first, self.after)


class Ground(NamedTuple):
    """Why a match is excused or softened, and the words that do it."""

    reason: str
    block_text: BlockText
    start: int
    end: int


class Verdict(NamedTuple):
    """What became of a match."""

    excused: Ground | None = None
    softened: Ground | None = None


class Cues:
    """The cue lists of a vocabulary, found once per sentence."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._matchers: dict[str, Phrases | None] = {}

    def matcher(self, name: str) -> Phrases | None:
        """The matcher of a word list; None when the vocabulary lacks it."""
        if name not in self._matchers:
            known = name in self._compiler.vocabulary.lists
            self._matchers[name] = self._compiler.phrases((f"{{{name}}}",)) if known else None
        return self._matchers[name]

    def find(self, name: str, sentence: Sentence) -> list[tuple[int, int]]:
        """Where entries of the list stand in the sentence: (first token, token after)."""
        matcher = self.matcher(name)
        return matcher.found(sentence.tokens) if matcher else []

    def occurs(self, name: str, sentence: Sentence) -> bool:
        """Whether an entry of the list stands in the sentence."""
        return bool(self.find(name, sentence))


Cue = tuple[Assertion, int, int]


class AssertionJudge:
    """Decides for a span of a sentence whether it is asserted, and if not, by which cue."""

    def __init__(self, cues: Cues) -> None:
        self.cues = cues

    def judge(self, sentence: Sentence, first: int, after: int, polarity: Polarity = "asserted") -> list[Cue]:
        """The cues that stand against the span being asserted; none when it is."""
        return list(self._cues_over(sentence, first, after, polarity))

    def _cues_over(self, sentence: Sentence, first: int, after: int, polarity: Polarity) -> Iterator[Cue]:
        if not (sentence.following and self.cues.occurs("taken-back", sentence.following)):
            yield from self._reports(sentence, first, after)
            yield from self._negations(sentence, first, after, polarity)
        yield from self._question(sentence, after)
        yield from self._suppositions(sentence, first, after)
        yield from self._hedges(sentence, first, after)

    def _reports(self, sentence: Sentence, first: int, after: int) -> Iterator[Cue]:
        following = sentence.following
        for start, end in self.cues.find("reported", sentence):
            if start < after and self._contrast(sentence, end, first) is None:
                yield "reported", start, end
        for start, end in self.cues.find("reported-after", sentence):
            yield "reported", start, end
        if sentence.tokens.is_quoted(first):
            yield from (("reported", start, end) for start, end in self.cues.find("quoting", sentence))
        if following:
            same_block = following.block_text is sentence.block_text
            answers = ("quotation-answer", "denial-answer") if same_block else ("quotation-answer",)
            if any(self.cues.occurs(name, following) for name in answers):
                yield "reported", first, after

    def _negations(self, sentence: Sentence, first: int, after: int, polarity: Polarity) -> Iterator[Cue]:
        pseudo = self.cues.find("negation-pseudo", sentence)
        for name in ("negation-verb", "negation-noun"):
            if name == "negation-noun" and polarity == "denial":
                continue  # "no needles, no pain": the first "no" does not deny the second
            for start, end in self.cues.find(name, sentence):
                if _inside(start, end, pseudo) or (polarity == "denial" and start >= first):
                    continue
                if start < after and end <= after and self._scope_end(sentence, end, name) > max(first, end):
                    yield "negated", start, end
        for start, end in self.cues.find("negation-lead", sentence):
            if end <= first:
                yield "negated", start, end
        for start, end in self.cues.find("negation-after", sentence):
            if after <= start <= after + _NEAR_AFTER and not _inside(start, end, pseudo):
                parted = any(sentence.tokens.breaks[index] == CLAUSE for index in range(after, start + 1))
                if not parted:
                    yield "negated", start, end

    def _scope_end(self, sentence: Sentence, start: int, name: str) -> int:
        """The token at which a forward cue's reach ends."""
        enders = {first for first, _ in self.cues.find("scope-end", sentence)}
        openers = {first for first, _ in self.cues.find("clause-opener", sentence)}
        for index in range(start, len(sentence.tokens.words)):
            if sentence.tokens.breaks[index] == CLAUSE or (index > start and index in enders):
                return index
            if sentence.tokens.breaks[index] == COMMA and (name == "negation-noun" or index in openers):
                return index
        return len(sentence.tokens.words)

    def _contrast(self, sentence: Sentence, start: int, end: int) -> int | None:
        """The first contrast word between a reporting cue and the claim ("they promise; we deliver")."""
        contrasts = [first for first, _ in self.cues.find("contrast", sentence) if start <= first < end]
        return contrasts[0] if contrasts else None

    def _question(self, sentence: Sentence, after: int) -> Iterator[Cue]:
        if not sentence.tokens.is_question or self.cues.occurs("question-claim", sentence):
            return
        if any(sentence.tokens.breaks[index] == CLAUSE for index in range(after, len(sentence.tokens.words))):
            return  # the claim stands before the clause that asks
        answer = sentence.following
        if answer and answer.block_text is sentence.block_text and self.cues.occurs("affirmative-answer", answer):
            return  # under a heading that asks, the claim is the answer
        yield "question", 0, len(sentence.tokens.words)

    def _suppositions(self, sentence: Sentence, first: int, after: int) -> Iterator[Cue]:
        pseudo = self.cues.find("hypothetical-pseudo", sentence)
        for start, end in self.cues.find("hypothetical", sentence):
            if start < after and not _inside(start, end, pseudo):
                stop = next(
                    (at for at in range(end, len(sentence.tokens.words)) if sentence.tokens.breaks[at] >= COMMA),
                    len(sentence.tokens.words),
                )
                if max(first, end) < stop:
                    yield "hypothetical", start, end

    def _hedges(self, sentence: Sentence, first: int, after: int) -> Iterator[Cue]:
        pseudo = self.cues.find("hedge-pseudo", sentence)
        for start, end in self.cues.find("hedge", sentence):
            low, high = min(start, first), max(end, after)
            parted = any(sentence.tokens.breaks[index] == CLAUSE for index in range(low + 1, high))
            if not parted and not _inside(start, end, pseudo):
                yield "hedged", start, end


def _leads_in(text: str) -> bool:
    """Whether a line introduces the list below it: by a colon, or by being a short one that is no sentence."""
    return text.endswith(":") or (len(text) < _SHORT_LINE and text[-1:] not in ".!?")


_SHORT_LINE = 60
_NEAR_AFTER = 4  # words between a claim and a denial after it ("a cure for this has yet to be found")


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= after for first, after in spans)


class PageContext:
    """One document as its reader sees it: where it names sources and risks, and under which heading a claim stands."""

    def __init__(self, document: Document, texts: list[BlockText], cues: Cues) -> None:
        self.document = document
        self.texts = texts
        self.cues = cues
        self.assertions = AssertionJudge(cues)

    def judge(self, match: Match) -> Verdict:
        """Whether the match stands, is excused, or is softened."""
        cues = self.assertions.judge(match.sentence, match.first, match.after, match.rule.polarity)
        excused = self._ground(match, match.rule.excused_by, cues, half_counts=False) or self._heading_ground(match)
        if excused:
            return Verdict(excused=excused)
        return Verdict(softened=self._ground(match, match.rule.softened_by, cues, half_counts=True))

    def names(self, word_list: str) -> bool:
        """Whether the page names an entry of the list; a harm that it denies or asks about is not named."""
        return self._named(word_list) is not None

    def _named(self, word_list: str) -> Ground | None:
        """Where the page names an entry of the list first."""
        for text in self.texts:
            if place := self._named_in(text, word_list):
                return Ground("risk" if word_list == "harm" else "disclosure", text, *place)
        return None

    def _named_in(self, text: BlockText, word_list: str) -> tuple[int, int] | None:
        """The same for one text, remembered with it: folded characters."""
        known = text.named
        if word_list not in known:
            known[word_list] = None
            for sentence in text.sentences:
                if word_list == "harm":
                    harm = self._harm_in(sentence)
                    known[word_list] = (harm.start, harm.end) if harm else None
                elif found := self.cues.find(word_list, sentence):
                    known[word_list] = sentence.span(*found[0])
                if known[word_list]:
                    break
        return known[word_list]

    def _ground(self, match: Match, conditions: Conditions, cues: list[Cue], *, half_counts: bool) -> Ground | None:
        for assertion, start, end in cues:
            if assertion in conditions.assertion:
                return Ground(assertion, match.sentence.block_text, *match.sentence.span(start, end))
        if conditions.source and (cited := self._source(match, conditions.source)) and cited.strength == "full":
            return Ground("source", cited.block_text, cited.start, cited.end)
        if conditions.half_source and half_counts and (cited := self._source(match, conditions.half_source)):
            return Ground("half source", cited.block_text, cited.start, cited.end)
        if conditions.page_names and (named := self._named(conditions.page_names)):
            return named
        return self._risk(match, conditions.risk) if conditions.risk else None

    def _heading_ground(self, match: Match) -> Ground | None:
        """A heading or lead-in such as "What we do not promise" makes what stands under it no claim."""
        if "reported" not in match.rule.excused_by.assertion:
            return None
        for text in self._leads(match.sentence.block_text):
            if place := self._named_in(text, "reported-heading"):
                return Ground("reported", text, *place)
        return None

    def _leads(self, text: BlockText) -> Iterator[BlockText]:
        """The heading above a block, the line that leads into its list, the head of its table."""
        if text.block.kind == "table-cell":
            yield from self._table_head(text)
        for above in reversed(self.texts[: text.index]):
            kind = above.block.kind
            if kind == "heading":
                if text.block.kind != "heading":
                    yield above
                return
            if (
                text.block.group
                and above.index == self._group_start(text) - 1
                and _leads_in(above.folded.text.rstrip())
            ):
                yield above

    def _table_head(self, text: BlockText) -> Iterator[BlockText]:
        cells = list(takewhile(lambda each: each.block.kind == "table-cell", reversed(self.texts[: text.index + 1])))
        return (cell for cell in reversed(cells) if cell.block.group == cells[-1].block.group)

    def _group_start(self, text: BlockText) -> int:
        start = text.index
        while start and self.texts[start - 1].block.group == text.block.group:
            start -= 1
        return start

    # Sources ---------------------------------------------------------------------------------------------------------

    @cached_property
    def sources(self) -> SourceFinder:
        """What counts as a source on this page."""
        from medlint.citations import SourceFinder  # its patterns take a while to compile

        return SourceFinder(self.cues.matcher("source-body"), self.document.anchors, self._has_references)

    @cached_property
    def _has_references(self) -> bool:
        return any(
            text.block.kind == "heading" and self._named_in(text, "reference-heading") for text in self.texts
        ) or any(text.folded.text.startswith(("[1]", "¹", "1. ", "* ", "† ")) for text in self.texts)

    def _source(self, match: Match, scope: Scope) -> Cited | None:
        text = match.sentence.block_text
        if cited := self.sources.in_sentence(match.sentence) or self.sources.source_line(text.below):
            return cited
        if text.block.kind == "table-cell":  # a row is one statement
            row = (each for each in self.texts if each.block.group == text.block.group)
            return next((cited for cell in row if (cited := self.sources.in_block(cell))), None)
        return self.sources.in_block(text) if scope != "sentence" else None

    # Risks -----------------------------------------------------------------------------------------------------------

    def _risk(self, match: Match, scope: Scope) -> Ground | None:
        text = match.sentence.block_text
        if scope == "sentence":
            return self._harm_in(match.sentence)
        elsewhere = (each for each in self.texts if each is not text)
        texts = self._near(text) if scope == "paragraph" else elsewhere
        places = ((each, self._named_in(each, "harm")) for each in texts)
        return next((Ground("risk", each, *place) for each, place in places if place), None)

    def _near(self, text: BlockText) -> Iterator[BlockText]:
        """The block, the items of its list or row, and the list that it leads into."""
        yield text
        group = text.block.group
        if group:
            yield from (each for each in self.texts if each.block.group == group and each is not text)
            start = self._group_start(text)
            if start and text.block.kind == "list-item":
                yield self.texts[start - 1]
        elif text.folded.text.rstrip().endswith(":") and text.index + 1 < len(self.texts):
            below = self.texts[text.index + 1].block
            yield from (each for each in self.texts if below.group and each.block.group == below.group)

    def _harm_in(self, sentence: Sentence) -> Ground | None:
        """A concrete harm that the sentence names and does not deny."""
        if sentence.tokens.is_question:
            return None
        for first, after in self.cues.find("harm", sentence):
            if not any(assertion == "negated" for assertion, _, _ in self.assertions.judge(sentence, first, after)):
                return Ground("risk", sentence.block_text, *sentence.span(first, after))
        return None


def stands_alone(block: Block) -> bool:
    """Whether a block is read apart from its neighbours: meta texts and attributes are."""
    return block.kind in ("title", "description", "alt", "attribute", "button")


__all__ = ["AssertionJudge", "Cues", "Ground", "Match", "PageContext", "Verdict", "stands_alone"]
