"""The pipeline from a document to its findings; pure, no input or output."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from medlint.assertion import Cues
from medlint.context import STANDS, Ground, Match, PageContext, Verdict
from medlint.document import Document, Position
from medlint.finding import Citation, Excused, Finding, Related, Severity, Suppressed, fingerprint, in_report_order
from medlint.index import Index
from medlint.matching import Compiler
from medlint.memory import Memory
from medlint.pagefacts import page_matches
from medlint.repeats import Repeat, later_claims
from medlint.rule import DEFAULT_JURISDICTION, Rule, Rulebook
from medlint.rulematcher import RuleMatch, RuleMatcher, overlap
from medlint.sentences import BlockText, Grid, Tokens, link
from medlint.suppression import NOTICE_CODES, Outcome, apply_suppressions

if TYPE_CHECKING:
    from medlint.register import Approval, Register


class Lint(NamedTuple):
    """What one document came to."""

    findings: tuple[Finding, ...]
    stable_path: str
    excused: tuple[Excused, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    approvals: tuple[Approval, ...] = ()  # what the register of approved claims said, where it knew a claim
    notes: tuple[str, ...] = ()  # what of the file was not read as copy


class SuppressionSettings(NamedTuple):
    """How comments in the copy that accept findings are judged."""

    is_known: Callable[[str], bool]  # whether any rule falls under a code, the beginning of one or a category
    notices: frozenset[str] = NOTICE_CODES  # findings about suppressions, by code


class _Found(NamedTuple):
    """What the matches of a document came to; the matches themselves, many on a large page, are let go."""

    findings: list[Finding]
    excused: list[Excused]
    approvals: list[Approval]
    once_per_page: list[tuple[Match, Verdict]]  # those of rules that report each claim once per page


Occurrences: TypeAlias = Counter[tuple[str, str]]  # code and sentence -> how often a file has them
_AT_ONCE = 900_000  # characters of a page that are judged together: fewer than the matcher remembers


class Linter:
    """A rulebook ready to lint documents one after the other; what it finds in one does not depend on those before."""

    def __init__(
        self,
        rulebook: Rulebook,
        *,
        jurisdictions: Sequence[str] = (DEFAULT_JURISDICTION,),
        index: Index | None = None,
        register: Register | None = None,
        suppressions: SuppressionSettings | None = None,
        prefilter: bool = True,
    ) -> None:
        """`suppressions` None: the comments in the copy that accept findings are not followed."""
        self.rulebook = rulebook
        self.jurisdictions = tuple(jurisdictions)
        self.register = register
        self.suppressions = suppressions
        self.compiler = Compiler(rulebook.vocabulary, index.filed_lists if index else None)
        self.cues = Cues(self.compiler)
        self.pedantic_codes = frozenset(rule.code for rule in rulebook.rules if rule.tier == "pedantic")
        self.rules = {rule.code: rule for rule in rulebook.rules}
        self._matcher = RuleMatcher(rulebook, self.compiler, index, prefilter=prefilter)
        self._cited = Memory(self._citations, len(self.rules))

    def lint(self, document: Document, *, stable_path: str = "", audit: bool = True) -> Lint:
        """The findings of a document in report order, and, for an audit, the matches that its context excused.

        `stable_path` is the path for fingerprints where that of the document depends on the working directory.
        """
        self._matcher.start_file(len(document.source.text))
        stable_path = stable_path or document.source.path
        occurrences: Occurrences = Counter()
        if not document.parts:
            return self._lint(document, stable_path, occurrences, audit=audit)._replace(notes=document.notes)
        lints = [self._lint(part, stable_path, occurrences, audit=audit) for part in document.parts]
        findings = in_report_order(finding for lint in lints for finding in lint.findings)
        outcome = self._suppress(document, findings, stable_path)
        return Lint(
            outcome.findings,
            stable_path,
            tuple(each for lint in lints for each in lint.excused),
            (*(each for lint in lints for each in lint.suppressed), *outcome.suppressed),
            tuple(each for lint in lints for each in lint.approvals),
            document.notes,
        )

    def _lint(self, document: Document, stable_path: str, occurrences: Occurrences, *, audit: bool) -> Lint:
        """The same for a document without parts; `occurrences` counts what the file has said so far."""
        found = self._found(document, audit=audit)
        findings = found.findings
        if document.is_alternative:
            findings = [each for each in findings if not self._is_said(each, occurrences)]
        fingerprinted = with_fingerprints(in_report_order(findings), stable_path, occurrences)
        outcome = self._suppress(document, fingerprinted, stable_path)
        repeats = self._repeats(document, outcome.findings, found.once_per_page)
        excused = found.excused
        if audit:
            excused += (_excused(document, *repeat) for repeat in repeats.values())
        reported = tuple(each for each in outcome.findings if (each.code, each.start) not in repeats)
        return Lint(reported, stable_path, tuple(excused), outcome.suppressed, tuple(found.approvals))

    def _found(self, document: Document, *, audit: bool) -> _Found:
        """What the page's matches come to, each judged by its context and by the register."""
        page = self._page(document)
        found = _Found([], [], [], [])
        stands: list[tuple[Match, Verdict]] = []
        for match in self._matches(page):
            verdict = page.judge(match)
            if not verdict.excused:
                stands.append((match, verdict))
            elif audit:
                found.excused.append(_excused(document, match, verdict.excused))
        stands = without_repeats(stands)
        if document.is_page:
            stands += [(match, STANDS) for match in page_matches(self.rulebook.rules, page, stands)]
        for match, verdict in stands:
            approval = self._approval(match)
            if approval:
                found.approvals.append(approval)
            if approval and approval.fit == "approved":
                if audit:
                    found.excused.append(_approved(document, match, approval))
            else:
                found.findings.append(_known_to_register(self._finding(document, match, verdict), approval))
        found.once_per_page.extend(each for each in stands if each[0].rule.once_per)
        return found

    def _is_said(self, finding: Finding, occurrences: Occurrences) -> bool:
        """Whether the file has said so before; what a page lacks is said once, whichever claim calls for it."""
        if self.rules[finding.code].page:
            return any(code == finding.code for code, _ in occurrences)
        return bool(occurrences[_said(finding)])

    def _repeats(
        self, document: Document, findings: Iterable[Finding], judged: Sequence[tuple[Match, Verdict]]
    ) -> dict[tuple[str, Position], Repeat]:
        """Findings, by code and place, that repeat another; what is suppressed is no claim to repeat."""
        places = {(each.code, each.start) for each in findings} if judged else set()
        reported = [each for each in judged if _place(document, each[0]) in places]
        return {_place(document, repeat.match): repeat for repeat in later_claims(reported, self.cues)}

    def prepare(self, documents: Iterable[Document]) -> None:
        """Matches the sentences of documents that are linted next, many together: much quicker than page by page.

        Raises RegexTimeout.
        """
        pages = [page for document in documents for page in document.parts or (document,)]
        self._matcher.start_file(sum(len(page.source.text) for page in pages))
        texts = (self._matcher.text(block.prose.text) for page in pages for block in page.blocks)
        self._matcher.match(tokens for text in texts for tokens in text.sentences)

    def standing(self, document: Document) -> list[Match]:
        """The matches of all rules that context lets stand, also where several rules flag the same words."""
        self._matcher.start_file(len(document.source.text))
        page = self._page(document)
        return [match for match in self._matches(page) if not page.judge(match).excused]

    def is_innocent(self, rule: Rule, tokens: Tokens, first: int, after: int) -> bool:
        """Whether the rule itself passes over these tokens of a sentence: one of its `senses` or `unless`."""
        return not self._matcher.guards(rule).guilty(Grid((tokens,)), [(first, after)])

    def _page(self, document: Document) -> PageContext:
        text_of = self._matcher.text
        texts = link([BlockText(block, index, text_of) for index, block in enumerate(document.blocks)])
        return PageContext(document, texts, self.cues)

    def _suppress(self, document: Document, findings: tuple[Finding, ...], stable_path: str) -> Outcome:
        if self.suppressions is None:
            return Outcome(findings)
        return apply_suppressions(
            document,
            findings,
            is_known=self.suppressions.is_known,
            is_active=self.rulebook.has,
            stable_path=stable_path,
            notices=self.suppressions.notices,
        )

    def _approval(self, match: Match) -> Approval | None:
        if self.register is None or match.rule.page:  # what a page lacks is no claim that could be approved
            return None
        return self.register.approval(match.sentence, match.first, match.after)

    def _matches(self, page: PageContext) -> Iterator[Match]:
        """What the rules match, once all of the page is known that they ask for.

        Part by part, as the sentences of a large page are too many to be remembered all at once.
        """
        parts = list(_parts(page.texts))
        is_large = len(parts) > 1
        found = []
        for part in parts:
            found.append(list(self._found_in(part)))
            if is_large:
                self._survey(page, part)
        for matches in found:
            if is_large:
                self._matcher.reunite(_around(block_text for block_text, _, _ in matches))
            for block_text, number, (code, first, after) in matches:
                rule, sentence = self.rules[code], block_text.sentence(number)
                if self._matcher.guards(rule).lets_pass(sentence, page):
                    yield Match(rule, sentence, first, after)

    def _found_in(self, part: Sequence[BlockText]) -> Iterator[tuple[BlockText, int, RuleMatch]]:
        """What the rules match in these blocks, with the number of the sentence."""
        texts = [text.text for text in part]  # held, so that what is matched in them is not forgotten meanwhile
        self._matcher.match(tokens for text in texts for tokens in text.sentences)
        for block_text, text in zip(part, texts, strict=True):
            for number, tokens in enumerate(text.sentences):
                for match in self._matcher.matches(tokens):
                    yield block_text, number, match

    def _survey(self, page: PageContext, part: Sequence[BlockText]) -> None:
        """Has the page take note of what these blocks name, while their sentences are remembered."""
        sentences = dict.fromkeys(tokens for text in part for tokens in text.text.sentences)
        self._matcher.reunite(sentences)
        page.survey(part, sentences, *self._asked_of_pages)

    @cached_property
    def _asked_of_pages(self) -> tuple[frozenset[str], frozenset[str]]:
        """The word lists that rules ask a page whether it names them, and whether it is about them."""
        rules = self.rulebook.rules
        conditions = [each for rule in rules for each in (rule.excused_by, rule.softened_by)]
        owed = [rule.page for rule in rules if rule.page]
        named = {each.page_names for each in conditions} | {name for each in owed for name in (each.lacks, each.unless)}
        if any(each.risk == "page" for each in conditions):
            named.add("harm")
        return frozenset(filter(None, named)), frozenset(each.about for each in owed if each.about)

    def _citations(self, code: str) -> tuple[Citation, ...]:
        return (*self.rules[code].sources, *self.rules[code].precedent)

    def _finding(self, document: Document, match: Match, verdict: Verdict) -> Finding:
        rule, text = match.rule, match.sentence.block_text
        source = document.source
        span = text.source_span(*match.span)
        severity, place = rule.severity_in(self.jurisdictions)
        because = f" ({severity.value} in {place})" if place and len(self.jurisdictions) > 1 else ""
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
            message=rule.message.replace("{match}", words) + because,
            text=words,
            why=rule.why,
            instead=rule.instead,
            sources=self._cited[rule.code],
            context=text.block.prose.text,
            context_start=prose_start,
            fingerprint=match.sentence.tokens.text,  # replaced once the page's findings are counted
            related=(related(document, softened),) if softened else (),
            place=text.block.place or source.place(span.start),
            utf8_columns=(source.utf8_column(span.start), source.utf8_column(span.end)),
        )


def _parts(texts: Iterable[BlockText]) -> Iterator[Sequence[BlockText]]:
    """The blocks of a page in order, as many at a time as can be remembered."""
    part: list[BlockText] = []
    size = 0
    for text in texts:
        part.append(text)
        size += len(text.block.prose.text)
        if size >= _AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _around(texts: Iterable[BlockText]) -> Iterator[Tokens]:
    """The sentences of blocks and of what stands next to them."""
    for text in dict.fromkeys(texts):
        for near in (text.above, text, text.below):
            if near:
                yield from near.text.sentences


def related(document: Document, ground: Ground, verb: str = "softened") -> Related:
    """The place that softened or excused a match, as reports show it."""
    source = document.source
    span = ground.block_text.source_span(ground.start, ground.end)
    words = ground.block_text.prose(ground.start, ground.end)
    return Related(source.position(span.start), source.position(span.end), f"{verb} by the {ground.reason} here", words)


def _place(document: Document, match: Match) -> tuple[str, Position]:
    """A match's code and where it starts."""
    return match.rule.code, document.source.position(match.sentence.block_text.source_span(*match.span).start)


def _excused(document: Document, match: Match, ground: Ground) -> Excused:
    _, start = _place(document, match)
    words = match.sentence.block_text.prose(*match.span)
    return Excused(
        document.source.path, start, match.rule.code, words, ground.reason, related(document, ground, "excused")
    )


def _approved(document: Document, match: Match, approval: Approval) -> Excused:
    reason = f"approved until {approval.claim.expires}, {approval.claim.place}"
    return _excused(document, match, Ground(reason, match.sentence.block_text, *match.span))


def _known_to_register(finding: Finding, approval: Approval | None) -> Finding:
    """The finding, saying so when the register holds its claim out of date or in slightly other words."""
    if approval is None:
        return finding
    claim = approval.claim
    if approval.fit == "expired":
        return finding._replace(
            severity=Severity.WARNING,
            message=f"{finding.message} Its approval ended on {claim.expires} ({claim.place}).",
        )
    return finding._replace(
        severity=Severity.INFO,
        message=f'{finding.message} It comes close to the approved "{claim.statement}" ({claim.place}).',
    )


def without_repeats(stands: Iterable[tuple[Match, Verdict]]) -> list[tuple[Match, Verdict]]:
    """The matches, where several rules of one category flag the same words only the weightiest."""

    def weight(item: tuple[Match, Verdict]) -> tuple[bool, int, int, str]:
        match, verdict = item
        return (
            verdict.softened is not None,
            -match.rule.severity["default"].rank,
            match.first - match.after,
            match.rule.code,
        )

    kept: dict[tuple[int, int, str], list[tuple[Match, Verdict]]] = {}
    for item in sorted(stands, key=weight):
        match = item[0]
        sentence = match.sentence
        rivals = kept.setdefault((sentence.block_text.index, sentence.number, match.rule.category), [])
        if not any(overlap((match.first, match.after), (rival.first, rival.after)) for rival, _ in rivals):
            rivals.append(item)
    return [item for items in kept.values() for item in items]


def with_fingerprints(findings: Iterable[Finding], stable_path: str, seen: Occurrences) -> tuple[Finding, ...]:
    """The findings with the key that outlives moved and re-wrapped text; `seen` goes on counting."""
    done = []
    for finding in findings:
        said = _said(finding)
        seen[said] += 1
        key = fingerprint(finding.code, stable_path, said[1], seen[said])
        done.append(finding._replace(fingerprint=key, stable_path=stable_path))
    return tuple(done)


def _said(finding: Finding) -> tuple[str, str]:
    """The code and the sentence of a finding that has no fingerprint yet."""
    return finding.code, _WHITE_SPACE.sub(" ", finding.fingerprint)


_WHITE_SPACE = re.compile(r"\s+")
