"""What is derived from a rulebook once, and can be kept between runs: lists filed by required words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Sequence as Items
from typing import NamedTuple

from medlint.phrases import Slot, parse, slots
from medlint.prefilter import Phrase, Requirements, requirements
from medlint.regexes import required_literals
from medlint.required import Filed, RequiredWords
from medlint.rule import Rule, Rulebook

GUARDS = ("senses", "unless", "along", "answers")  # the phrases of a rule that guard its matches
_BUILT_IN = ("#", "*", "Name")


class Index(NamedTuple):
    """Everything that makes a rulebook quick to start with; a linter without one works it out as it goes."""

    filed_lists: Mapping[tuple[str, str], Filed]  # by slot: name and verb form
    filed_guards: Mapping[tuple[str, str], Filed]  # by rule code and kind of guard
    requirements: Requirements
    literals: Mapping[str, Items[str]]  # regex -> texts of which every match contains one


def build_index(rulebook: Rulebook) -> Index:
    """The index of all rules of a rulebook."""
    required = RequiredWords(rulebook.vocabulary)
    return Index(
        {slot: required.filed_list(slot) for slot in _all_slots(rulebook)},
        {
            (rule.code, kind): required.filed([parse(phrase) for phrase in phrases])
            for rule in rulebook.rules
            for kind in GUARDS
            if (phrases := getattr(rule, kind))
        },
        requirements(phrases_of(rulebook), rulebook.vocabulary),
        {pattern: required_literals(pattern) for rule in rulebook.rules for pattern in rule.regex},
    )


def phrases_of(rulebook: Rulebook) -> Iterator[tuple[Phrase, str]]:
    """Every phrase that a rule is matched by, and its text."""
    return ((Phrase(rule.code, number), text) for rule in rulebook.rules for number, text in enumerate(rule.match))


def _all_slots(rulebook: Rulebook) -> set[Slot]:
    lists = rulebook.vocabulary.lists
    texts = [entry for each in lists.values() for entry in each.entries if "{" in entry]
    texts += [text for rule in rulebook.rules for text in (*rule.match, *_guarding(rule))]
    used = {slot for text in texts for slot in slots(parse(text)) if slot.name not in _BUILT_IN}
    return used | {Slot(name) for name in lists}


def _guarding(rule: Rule) -> Iterator[str]:
    return (phrase for kind in GUARDS for phrase in getattr(rule, kind))
