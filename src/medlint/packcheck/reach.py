"""Whether every phrase can match, is quick to rule out, and every word list is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from medlint.linter import Linter
from medlint.matching import Matcher
from medlint.packcheck.problem import Pack, Problem
from medlint.packcheck.specimens import Specimen, Specimens
from medlint.phrases import parse, slots
from medlint.required import RequiredWords
from medlint.rule import Rule, Rulebook
from medlint.rulebook import PHRASE_KEYS
from medlint.sentences import Tokens
from medlint.vocabulary import Vocabulary

# Word lists that medlint looks up itself, by name.
OWN_LISTS = frozenset((
    "affirmative-answer", "clause-opener", "contrast", "denial-answer", "harm", "hedge", "hedge-pseudo",
    "hypothetical", "hypothetical-pseudo", "last-item", "negation-after", "negation-lead", "negation-noun",
    "negation-pseudo", "negation-verb", "no-subject", "no-subject-end", "predicate", "question-claim",
    "quotation-answer", "quoting", "reference-heading", "relative", "reported", "reported-after", "reported-heading",
    "scope-end", "set-against", "source-body", "taken-back",
))  # fmt: skip


def reach_problems(pack: Pack, linter: Linter) -> Iterator[Problem]:
    """Phrases and entries of word lists that nothing can match or rule out, and word lists that nothing uses."""
    reach = _Reach(pack.rulebook.vocabulary, linter)
    for rule in pack.rules:
        for key in PHRASE_KEYS:
            for number, phrase in enumerate(getattr(rule, key)):
                if fault := reach.fault_of(phrase) or (reach.fault_in(rule, phrase) if key == "match" else ""):
                    yield pack.problem(rule, key, number, f"phrase '{phrase}' {fault}")
    for word_list in pack.lists:
        for number, place in enumerate(pack.places.entries[word_list.name]):
            if fault := reach.fault_of(word_list.entries[number]):
                yield Problem(place, f"entry '{word_list.entries[number]}' of list '{word_list.name}' {fault}")
    used = _used_lists(pack.rulebook)
    for word_list in pack.lists:
        if word_list.name not in used:
            place = pack.places.lists[word_list.name]
            yield Problem(place, f"list '{word_list.name}' is used by no rule; delete it, or name it in a phrase")


class _Reach:
    """What the phrases over one vocabulary can match."""

    def __init__(self, vocabulary: Vocabulary, linter: Linter) -> None:
        self._vocabulary = vocabulary
        self._linter = linter
        self._specimens = Specimens(vocabulary)
        self._required = RequiredWords(vocabulary)

    def fault_of(self, phrase: str) -> str:
        """Why a phrase, or one of its alternatives, can match nothing; "" when all can."""
        node = parse(phrase)
        matcher = self._linter.compiler.compile(node)
        for specimens in self._specimens.of(node):
            tried = ""
            for specimen in specimens:
                tokens = self._tokens(specimen)
                if _takes(matcher, tokens, specimen):
                    break
                tried = tried or f"can never match '{specimen.text}', which is read as '{' '.join(tokens.words)}'"
            else:
                return f"{tried}; mend that alternative or delete it"
        return ""

    def fault_in(self, rule: Rule, phrase: str) -> str:
        """Why a phrase that can match finds nothing for its rule, or is looked for in every sentence."""
        node = parse(phrase)
        if not self._required.of(node):
            return "holds no word that must stand, so that every sentence is searched for it; add one"
        if not (rule.senses or rule.unless):
            return ""
        passed_over = ""
        for specimen in chain.from_iterable(self._specimens.of(node)):
            tokens = self._tokens(specimen)
            if not self._linter.is_innocent(rule, tokens, specimen.before, len(tokens.words) - specimen.after):
                return ""
            passed_over = passed_over or specimen.text
        return f"finds nothing: the rule's senses or unless pass over '{passed_over}' and the like; mend them or it"

    def _tokens(self, specimen: Specimen) -> Tokens:
        return Tokens(specimen.text, self._vocabulary.spelling)


def _takes(matcher: Matcher, tokens: Tokens, specimen: Specimen) -> bool:
    return bool(matcher.ends(tokens.grid, 1 << specimen.before) >> (len(tokens.words) - specimen.after) & 1)


def _used_lists(rulebook: Rulebook) -> set[str]:
    """The lists that rules or medlint itself look for, with all that these are made of."""
    lists = rulebook.vocabulary.lists
    used: set[str] = set()
    waiting = [*OWN_LISTS, *(name for rule in rulebook.rules for name in _lists_of(rule))]
    while waiting:
        name = waiting.pop()
        if name in lists and name not in used:
            used.add(name)
            waiting.extend(_named(entry for entry in lists[name].entries if "{" in entry))
    return used


def _lists_of(rule: Rule) -> Iterator[str]:
    yield from _named(phrase for key in PHRASE_KEYS for phrase in getattr(rule, key))
    if rule.page:
        yield from (rule.page.lacks, rule.page.about, rule.page.unless)
    yield from (*rule.excused_by.word_lists, *rule.softened_by.word_lists)


def _named(phrases: Iterable[str]) -> Iterator[str]:
    return (slot.name for phrase in phrases for slot in slots(parse(phrase)))
