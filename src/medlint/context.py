"""Judges in context, as a reviewer would: does the match stand, and does anything near it soften it?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from medlint.assertion import AssertionJudge, Cue, Cues
from medlint.document import Document
from medlint.layout import Layout
from medlint.rule import Conditions, Rule, Scope
from medlint.sentences import FEW_SENTENCES, JOINED, BlockText, Sentence, Tokens

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

    @property
    def in_chrome(self) -> bool:
        """Whether it stands in what the site shows around its pages, and says nothing of what this one is about."""
        return self.sentence.block_text.block.chrome


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


STANDS = Verdict()  # what becomes of most


class PageContext:
    """One document as its reader sees it: where it names sources and risks, and under which heading a claim stands."""

    def __init__(self, document: Document, texts: list[BlockText], cues: Cues) -> None:
        self.document = document
        self.texts = texts
        self.layout = Layout(texts)
        self.cues = cues
        self.assertions = AssertionJudge(cues)
        self._places: dict[str, Sequence[Ground]] = {}  # word list -> the first two places that name entries of it
        self._weights: dict[str, int] = {}  # word list -> how much the page is about it, up to _ABOUT
        self._named_at: dict[tuple[int, str], tuple[int, int] | None] = {}  # block and word list -> the first entry
        self._group_risks: dict[int, Ground | None] = {}  # list or row -> the first harm named in it

    def judge(self, match: Match) -> Verdict:
        """Whether the match stands, is excused, or is softened."""
        cues = self.assertions.judge(match.sentence, match.first, match.after, match.rule.polarity)
        excused = self._ground(match, match.rule.excused_by, cues, half_counts=False) or self._heading_ground(match)
        if excused:
            return Verdict(excused=excused)
        softened = self._ground(match, match.rule.softened_by, cues, half_counts=True)
        return Verdict(softened=softened) if softened else STANDS

    def asked_before(self, sentence: Sentence) -> Iterator[Sentence]:
        """What a sentence may be the answer to: the question before it, or, for a lone word, its table cell's heads."""
        if sentence.previous and sentence.previous.tokens.is_question:
            yield sentence.previous
        if len(sentence.tokens.words) == 1:
            for head in self._cell_heads(sentence.block_text):
                yield from head.sentences

    def names(self, word_list: str) -> bool:
        """Whether the page names an entry of the list; a harm that it denies or asks about is not named."""
        return self._named(word_list) is not None

    def is_about(self, word_list: str) -> bool:
        """Whether an entry of the list is a subject of the page: its title, a heading or several blocks name it."""
        if word_list not in self._weights:
            self._weights[word_list] = self._weight(word_list, self.texts)
        return self._weights[word_list] >= _ABOUT

    def _weight(self, word_list: str, texts: Iterable[BlockText]) -> int:
        weight = 0
        for text in texts:
            if not text.block.chrome and self._named_in(text, word_list):
                weight += _ABOUT if text.block.kind in _PROMINENT else 1
                if weight >= _ABOUT:
                    break
        return weight

    def survey(
        self, texts: Sequence[BlockText], sentences: Collection[Tokens], named: Iterable[str], about: Iterable[str]
    ) -> None:
        """Takes note of the word lists that blocks name, so that a large page is not looked through for each of them.

        To be told of all its blocks in order, some at a time, with their sentences, each once, and with the lists that
        `names` or `is_about` will be asked for.
        """

        def holding(word_list: str) -> Sequence[BlockText]:
            return texts if any(self.cues.stand_in(word_list, tokens) for tokens in sentences) else ()

        for word_list in named:
            places = self._places.get(word_list, ())
            if len(places) < _PLACES:
                more = islice(self._naming(word_list, holding(word_list)), _PLACES - len(places))
                self._places[word_list] = (*places, *more)
        for word_list in about:
            weight = self._weights.get(word_list, 0)
            if weight < _ABOUT:
                self._weights[word_list] = weight + self._weight(word_list, holding(word_list))

    def names_in(self, text: BlockText, word_list: str) -> bool:
        """Whether a block of the page names an entry of the list."""
        return self._named_in(text, word_list) is not None

    def _named(self, word_list: str, *, apart_from: BlockText | None = None) -> Ground | None:
        """Where the page names an entry of the list first, one block left out of account."""
        return next((ground for ground in self._first_two(word_list) if ground.block_text is not apart_from), None)

    def _first_two(self, word_list: str) -> Sequence[Ground]:
        """The first two places of the page that name an entry of the list: enough when one block does not count."""
        if word_list not in self._places:
            self._places[word_list] = tuple(islice(self._naming(word_list, self.texts), _PLACES))
        return self._places[word_list]

    def _naming(self, word_list: str, texts: Iterable[BlockText]) -> Iterator[Ground]:
        """The first place in each of the blocks that name an entry of the list.

        A menu that leads to "Acne scars" or "Our terms" says nothing here; a notice in a footer does.
        """
        reason = _REASONS.get(word_list, "disclosure")
        for text in texts:
            if not text.block.is_menu and (place := self._named_in(text, word_list)):
                yield Ground(reason, text, *place)

    def _named_in(self, text: BlockText, word_list: str) -> tuple[int, int] | None:
        """The same for one text: folded characters."""
        key = text.index, word_list
        if key in self._named_at:
            return self._named_at[key]
        sentences = text.text.sentences
        named = None
        for number, tokens in enumerate(sentences):
            if self.cues.stand_in(word_list, tokens) and (named := self._place_in(text.sentence(number), word_list)):
                break
        # That a short block names nothing, as nearly all, costs more to keep than to find again.
        if named or len(sentences) > FEW_SENTENCES:
            self._named_at[key] = named
        return named

    def _place_in(self, sentence: Sentence, word_list: str) -> tuple[int, int] | None:
        """Where a sentence that holds entries of the list names the first one."""
        if word_list == "harm":
            harm = self._harm_in(sentence)
            return (harm.start, harm.end) if harm else None
        return sentence.span(*self.cues.find(word_list, sentence)[0])

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
        if conditions.table_head and (head := self._cell_head(match.sentence.block_text, conditions.table_head)):
            return head
        return self._risk(match, conditions.risk) if conditions.risk else None

    def _heading_ground(self, match: Match) -> Ground | None:
        """A heading or lead-in such as "What we do not promise" makes what stands under it no claim."""
        if "reported" not in match.rule.excused_by.assertion:
            return None
        for text in self._leads(match.sentence.block_text):
            if place := self._named_in(text, "reported-heading"):
                return Ground("reported", text, *place)
        return None

    def _cell_head(self, cell: BlockText, word_list: str) -> Ground | None:
        """Where the head of the cell's column, or the cell that starts its row, names an entry of the list."""
        for head in self._cell_heads(cell):
            if place := self._named_in(head, word_list):
                return Ground("table head", head, *place)
        return None

    def _cell_heads(self, cell: BlockText) -> Iterator[BlockText]:
        """The cell that starts the row of a cell, and the one that heads its column."""
        if cell.block.kind != "table-cell":
            return
        row, head = self.layout.group(cell), self.layout.table_head(cell)
        column = cell.index - row[0].index
        if row[0] is not cell:
            yield row[0]
        if len(row) == len(head) > column and head[column] is not cell:
            yield head[column]  # cells that span columns would leave no saying which head is whose

    def _leads(self, text: BlockText) -> Iterator[BlockText]:
        """The head of a block's table, the line that leads into its list, the heading above it."""
        yield from self.layout.table_head(text)
        lead = self.layout.lead_in(text)
        if lead and lead.block.kind != "heading" and _leads_in(lead.folded.cased.rstrip()):
            yield lead
        if heading := self.layout.heading(text):
            yield heading

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
        ) or any(text.block.prose.text.startswith(_REFERENCE_STARTS) for text in self.texts)

    def _source(self, match: Match, scope: Scope) -> Cited | None:
        text = match.sentence.block_text
        if cited := self.sources.in_sentence(match.sentence) or self.sources.source_line(text.below):
            return cited
        if text.block.kind == "table-cell":  # a row is one statement
            return next((cited for cell in self.layout.group(text) if (cited := self.sources.in_block(cell))), None)
        return self.sources.in_block(text) if scope != "sentence" else None

    # Risks -----------------------------------------------------------------------------------------------------------

    def _risk(self, match: Match, scope: Scope) -> Ground | None:
        text = match.sentence.block_text
        match scope:
            case "sentence":
                return self._harm_in(match.sentence)
            case "page":
                return self._named("harm", apart_from=text)
            case "paragraph":
                return self._risk_of(text) or self._risk_beside(text)

    def _risk_of(self, text: BlockText) -> Ground | None:
        """The first harm that a block names."""
        place = self._named_in(text, "harm")
        return Ground("risk", text, *place) if place else None

    def _risk_beside(self, text: BlockText) -> Ground | None:
        """The first harm named in the block's list or row, in the line above that list, in the list it leads into."""
        leads_in = text.folded.cased.rstrip().endswith(":") and not text.block.group
        member = text.below if leads_in else text
        if member is None or not member.block.group:
            return None
        lead = self.layout.lead_in(text) if text.block.kind == "list-item" else None
        return self._risk_of_group(member) or (self._risk_of(lead) if lead else None)

    def _risk_of_group(self, member: BlockText) -> Ground | None:
        group = member.block.group
        if group not in self._group_risks:  # asked once, however long the list
            self._group_risks[group] = next(filter(None, map(self._risk_of, self.layout.group(member))), None)
        return self._group_risks[group]

    def _harm_in(self, sentence: Sentence) -> Ground | None:
        """A concrete harm that the sentence names and does not deny."""
        if sentence.tokens.is_question:
            return None
        for first, after in self.cues.find("harm", sentence):
            if self._is_of_a_rival(sentence, first):
                continue
            if not any(assertion == "negated" for assertion, _, _ in self.assertions.judge(sentence, first, after)):
                return Ground("risk", sentence.block_text, *sentence.span(first, after))
        return None

    def _is_of_a_rival(self, sentence: Sentence, harm: int) -> bool:
        """Whether the harm belongs to what a treatment is set against: "unlike surgery, which leaves a scar"."""
        breaks = sentence.tokens.breaks
        for _, after in self.cues.find("set-against", sentence):
            commas = sum(parting != JOINED for parting in breaks[after : harm + 1])
            which = "which" in sentence.tokens.words[after:harm]  # a relative clause goes on after its comma
            if after <= harm and commas <= which:
                return True
        return False


def _leads_in(text: str) -> bool:
    """Whether a line introduces the list below it: by a colon, or by being a short one that is no sentence."""
    return text.endswith(":") or (len(text) < _SHORT_LINE and text[-1:] not in ".!?")


_SHORT_LINE = 60
_REASONS = {"harm": "risk", "professionals-only": "readers named"}  # by word list
_PROMINENT = ("title", "description", "heading")
_REFERENCE_STARTS = ("[1]", "¹", "1. ", "* ", "† ")
_PLACES = 2  # of a page that are kept for a word list: enough when one block does not count
_ABOUT = 2  # one prominent mention, or two others
