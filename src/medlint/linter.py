"""The pipeline from a document to its findings; pure, no input or output."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from medlint.context import Cues, Ground, Match, PageContext, Verdict
from medlint.document import Document
from medlint.finding import Excused, Finding, Related, Severity, fingerprint, in_report_order
from medlint.matching import NUMBER, Compiler, Phrases
from medlint.prefilter import Phrase, Prefilter
from medlint.phrases import TOKEN
from medlint.regexes import RegexRule, compile_regexes
from medlint.rulebook import DEFAULT_JURISDICTION, Rule, Rulebook
from medlint.sentences import BlockText, Sentence, link


@dataclass(frozen=True)
class Lint:
    """What one document came to."""

    findings: tuple[Finding, ...]
    excused: tuple[Excused, ...] = ()


class Linter:
    """A rulebook ready to lint documents one after the other; it keeps nothing of them."""

    def __init__(self, rulebook: Rulebook, *, jurisdictions: Sequence[str] = (DEFAULT_JURISDICTION,), prefilter: bool = True) -> None:
        self.rulebook = rulebook
        self.jurisdictions = tuple(jurisdictions)
        self.use_prefilter = prefilter
        self.compiler = Compiler(rulebook.vocabulary)
        self.cues = Cues(rulebook.vocabulary)
        self._phrase_matchers: dict[Phrase, Phrases] = {}
        self._guards: dict[str, _Guards] = {}
        self._regexes: list[RegexRule] = [each for rule in rulebook.rules for each in compile_regexes(rule)]

    def lint(self, document: Document) -> Lint:
        """The findings of a document in report order, and the matches that its context excused."""
        canonical = self.rulebook.vocabulary.canonical
        texts = link([BlockText(block, index, canonical) for index, block in enumerate(document.blocks)])
        page = PageContext(document, texts, self.cues)
        stands: list[tuple[Match, Verdict]] = []
        excused: list[Excused] = []
        for match in self._matches(texts):
            verdict = page.judge(match)
            if verdict.excused:
                excused.append(_excused(document, match, verdict.excused))
            else:
                stands.append((match, verdict))
        findings = [self._finding(document, match, verdict) for match, verdict in without_repeats(stands)]
        return Lint(with_fingerprints(in_report_order(findings)), tuple(excused))

    def _matches(self, texts: Iterable[BlockText]) -> Iterator[Match]:
        for text in texts:
            if not self._could_match(text):
                continue
            for sentence in text.sentences:
                yield from self._in_sentence(sentence)

    def _could_match(self, text: BlockText) -> bool:
        folded = text.folded.text
        return bool(self._candidates(TOKEN.findall(folded))) or any(regex.could_match(folded) for regex in self._regexes)

    def _in_sentence(self, sentence: Sentence) -> Iterator[Match]:
        spans: dict[int, list[tuple[int, int]]] = {}
        for phrase in self._candidates(sentence.words):
            found = self._matcher(phrase).find_all(sentence)
            if found:
                spans.setdefault(phrase.rule, []).extend(found)
        for regex in self._regexes:
            if regex.could_match(sentence.text):
                spans.setdefault(self._rule_index[regex.rule.code], []).extend(regex.spans(sentence))
        for index, found in spans.items():
            rule = self.rulebook.rules[index]
            for first, after in self._guard(rule).keep(sentence, longest(found)):
                yield Match(rule, sentence, first, after)

    def _candidates(self, words: list[str]) -> list[Phrase]:
        if not self.use_prefilter:
            return self._phrases
        mask = self._prefilter.mask([*words, NUMBER] if any(word[0].isdigit() for word in words) else words)
        return self._prefilter.phrases(mask)

    @cached_property
    def _phrases(self) -> list[Phrase]:
        return [Phrase(index, text) for index, rule in enumerate(self.rulebook.rules) for text in rule.match]

    @cached_property
    def _prefilter(self) -> Prefilter:
        return Prefilter(self._phrases, self.rulebook.vocabulary)

    @cached_property
    def _rule_index(self) -> dict[str, int]:
        return {rule.code: index for index, rule in enumerate(self.rulebook.rules)}

    def _matcher(self, phrase: Phrase) -> Phrases:
        if phrase not in self._phrase_matchers:
            self._phrase_matchers[phrase] = self.compiler.phrases((phrase.text,))
        return self._phrase_matchers[phrase]

    def _guard(self, rule: Rule) -> _Guards:
        if rule.code not in self._guards:
            self._guards[rule.code] = _Guards(rule, self.compiler)
        return self._guards[rule.code]

    def _finding(self, document: Document, match: Match, verdict: Verdict) -> Finding:
        rule, text = match.rule, match.sentence.block_text
        source = document.source
        span = text.source_span(*match.span)
        severity, _ = rule.severity_in(self.jurisdictions)
        prose_start, prose_end = text.folded.prose_span(*match.span)
        words = text.block.prose.text[prose_start:prose_end]
        softened = verdict.softened
        return Finding(
            path=source.path,
            start=source.position(span.start),
            end=source.position(span.end),
            code=rule.code,
            name=rule.name,
            category=rule.category,
            severity=Severity.INFO if softened else severity,
            message=rule.message.replace("{match}", words),
            text=words,
            why=rule.why,
            instead=rule.instead,
            sources=rule.sources + rule.precedent,
            context=text.block.prose.text,
            context_start=prose_start,
            fingerprint=match.sentence.text,  # replaced once the page's findings are counted
            related=(related(document, softened),) if softened else (),
        )


def related(document: Document, ground: Ground, verb: str = "softened") -> Related:
    """The place that softened or excused a match, as reports show it."""
    source = document.source
    span = ground.block_text.source_span(ground.start, ground.end)
    words = ground.block_text.prose(ground.start, ground.end)
    return Related(source.position(span.start), source.position(span.end), f"{verb} by the {ground.reason} here", words)


def _excused(document: Document, match: Match, ground: Ground) -> Excused:
    text = match.sentence.block_text
    start = document.source.position(text.source_span(*match.span).start)
    words = text.prose(*match.span)
    return Excused(document.source.path, start, match.rule.code, words, ground.reason, related(document, ground, "excused"))


class _Guards:
    """A rule's own conditions on the sentence: innocent senses, `unless`, `along`, `answers`."""

    def __init__(self, rule: Rule, compiler: Compiler) -> None:
        self.senses = compiler.phrases(rule.senses) if rule.senses else None
        self.unless = compiler.phrases(rule.unless) if rule.unless else None
        self.along = compiler.phrases(rule.along) if rule.along else None
        self.answers = compiler.phrases(rule.answers) if rule.answers else None

    def keep(self, sentence: Sentence, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The spans that are claims."""
        if self.senses:
            innocent = self.senses.find_all(sentence)
            spans = [span for span in spans if not any(_overlap(span, each) for each in innocent)]
        if not spans or (self.unless and self.unless.occurs(sentence)):
            return []
        before = sentence.previous
        if self.along and not (self.along.occurs(sentence) or (before and self.along.occurs(before))):
            return []
        if self.answers and not (before and before.is_question and self.answers.occurs(before)):
            return []
        return spans


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def longest(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Overlapping spans reduced to the longest of them."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda each: (each[0] - each[1], each[0])):
        if not any(_overlap(span, each) for each in kept):
            kept.append(span)
    return sorted(kept)


def without_repeats(stands: Iterable[tuple[Match, Verdict]]) -> list[tuple[Match, Verdict]]:
    """The matches, where several rules of one category flag the same words only the weightiest."""

    def weight(item: tuple[Match, Verdict]) -> tuple[bool, int, int, str]:
        match, verdict = item
        return (verdict.softened is not None, -match.rule.severity["default"].rank, match.first - match.after, match.rule.code)

    kept: dict[tuple[int, str], list[tuple[Match, Verdict]]] = {}
    for item in sorted(stands, key=weight):
        match = item[0]
        rivals = kept.setdefault((id(match.sentence), match.rule.category), [])
        if not any(_overlap((match.first, match.after), (rival.first, rival.after)) for rival, _ in rivals):
            rivals.append(item)
    return [item for items in kept.values() for item in items]


def with_fingerprints(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with the key that outlives moved and re-wrapped text."""
    seen: Counter[tuple[str, str]] = Counter()
    done = []
    for finding in findings:
        sentence = _WHITE_SPACE.sub(" ", finding.fingerprint)
        seen[finding.code, sentence] += 1
        done.append(replace(finding, fingerprint=fingerprint(finding.code, finding.path, sentence, seen[finding.code, sentence])))
    return tuple(done)


_WHITE_SPACE = re.compile(r"\s+")
