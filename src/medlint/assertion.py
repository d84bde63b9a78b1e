"""Decides whether a sentence asserts the claim in it, or denies, asks, supposes, hedges or reports it.

This follows ConText (Harkema et al. 2009, doi:10.1016/j.jbi.2009.05.002): cues with a scope that ends at clause
borders. The cues themselves are word lists (`rules/vocab/cues.yml`); this module knows only how far they reach.
"""

from __future__ import annotations

from collections.abc import Iterator

from medlint.matching import Compiler, Phrases
from medlint.rule import Assertion, Polarity
from medlint.sentences import CLAUSE, COMMA, Sentence, Tokens


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

    def stand_in(self, name: str, tokens: Tokens) -> bool:
        """Whether an entry of the list stands in a sentence, wherever that is."""
        matcher = self.matcher(name)
        return matcher is not None and matcher.occurs(tokens)

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
        for start, end in self._denied_subjects(sentence):
            if start < first and end <= after and self._scope_end(sentence, end, "no-subject") > max(first, end - 1):
                yield "negated", start, end
        for start, end in self.cues.find("negation-lead", sentence):
            if end <= first:
                yield "negated", start, end
        for start, end in self.cues.find("negation-after", sentence):
            if after <= start <= after + _NEAR_AFTER and not _inside(start, end, pseudo):
                parted = any(sentence.tokens.breaks[index] == CLAUSE for index in range(after, start + 1))
                if not parted:
                    yield "negated", start, end

    def _denied_subjects(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """From each "no" before a subject to the end of its verb ("no filler is", "none of our lasers comes")."""
        breaks = sentence.tokens.breaks
        for start, after in self.cues.find("no-subject", sentence):
            for verb, end in self.cues.find("predicate", sentence):
                if after < verb <= after + _LONGEST_SUBJECT:
                    ends = (at for at, _ in self.cues.find("no-subject-end", sentence))
                    if not any(after <= at <= verb for at in ends) and not any(breaks[after : verb + 1]):
                        yield start, end
                    break  # the first verb is the subject's

    def _scope_end(self, sentence: Sentence, start: int, name: str) -> int:
        """The token at which a forward cue's reach ends."""
        breaks = sentence.tokens.breaks
        enders = {first for first, _ in self.cues.find("scope-end", sentence)}
        openers = {first for first, _ in self.cues.find("clause-opener", sentence)}
        for index in range(start, len(breaks)):
            if breaks[index] == CLAUSE or (index > start and index in enders):
                return index
            if breaks[index] == COMMA:
                if index in openers:
                    return index
                if name == "no-subject":
                    return index
                if name == "negation-noun" and not self._lists_on(sentence, index, enders | openers):
                    return index
        return len(breaks)

    def _lists_on(self, sentence: Sentence, comma: int, parting: set[int]) -> bool:
        """Whether a comma stands within a list of short items that ends in an "or" ("no pain, scars or fuss")."""
        breaks = sentence.tokens.breaks
        last_items = {first for first, _ in self.cues.find("last-item", sentence)}
        item, joined = comma, False
        for index in range(comma, len(breaks)):
            if index > comma and breaks[index] >= COMMA:
                if joined or breaks[index] == CLAUSE:
                    return joined
                item = index
            if (index in parting and index < len(breaks) - 1) or index - item > _LONGEST_ITEM:
                return False  # a last word opens no clause ("no discounts, countdowns or sales here")
            joined = joined or index in last_items
        return joined

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
            if not parted and not _inside(start, end, pseudo) and not self._of_an_aside(sentence, start, first, after):
                yield "hedged", start, end

    def _of_an_aside(self, sentence: Sentence, hedge: int, first: int, after: int) -> bool:
        """Whether the hedge stands in a relative clause that the claim is no part of.

        "Lifts the pain that pills might have masked"; "the pain, which often lasts for years, lifts".
        """
        for start, end in self.cues.find("relative", sentence):
            if after <= start < hedge:
                return True
            closed = COMMA in sentence.tokens.breaks[hedge + 1 : first + 1]
            if end <= hedge < first and closed and sentence.tokens.breaks[start] == COMMA:
                return True
        return False


_LONGEST_SUBJECT = 5  # words
_LONGEST_ITEM = 6  # words, its "or" among them
_NEAR_AFTER = 4  # words between a claim and a denial after it ("a cure for this has yet to be found")


def _inside(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first <= start and end <= after for first, after in spans)
