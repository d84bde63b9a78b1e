"""What is derived from a rulebook once, and can be kept between runs: lists filed by first word, required words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from medlint.matching import Filed, FirstWords
from medlint.phrases import Slot, parse
from medlint.prefilter import Phrase, Requirements, requirements
from medlint.rulebook import Rulebook, slots

_BUILT_IN = ("#", "*", "Name")


@dataclass(frozen=True)
class Index:
    """Everything that makes a rulebook quick to start with; a linter without one works it out as it goes."""

    filed_lists: Mapping[Slot, Filed]
    requirements: Requirements


def build_index(rulebook: Rulebook) -> Index:
    """The index of all rules of a rulebook."""
    firsts = FirstWords(rulebook.vocabulary)
    return Index(
        {slot: firsts.filed_list(slot) for slot in _all_slots(rulebook)},
        requirements(phrases_of(rulebook), rulebook.vocabulary),
    )


def phrases_of(rulebook: Rulebook) -> Iterator[Phrase]:
    """Every phrase that a rule is matched by."""
    return (Phrase(rule.code, text) for rule in rulebook.rules for text in rule.match)


def _all_slots(rulebook: Rulebook) -> set[Slot]:
    lists = rulebook.vocabulary.lists
    texts = [entry for each in lists.values() for entry in each.entries if "{" in entry]
    texts += [text for rule in rulebook.rules for text in (*rule.match, *rule.senses, *rule.unless, *rule.along, *rule.answers)]
    used = {slot for text in texts for slot in slots(parse(text)) if slot.name not in _BUILT_IN}
    return used | {Slot(name) for name in lists}


def index_to_json(index: Index) -> dict[str, Any]:
    """The index as JSON values."""
    return {
        "lists": [[slot.name, slot.form, *filed] for slot, filed in index.filed_lists.items()],
        "phrases": [[phrase.code, phrase.text, sets] for phrase, sets in index.requirements.phrases],
        "sets_of": index.requirements.sets_of,
    }


def index_from_json(values: dict[str, Any]) -> Index:
    """The index that `index_to_json` wrote."""
    return Index(
        {Slot(name, form): (by_first, unfiled) for name, form, by_first, unfiled in values["lists"]},
        Requirements(tuple((Phrase(code, text), sets) for code, text, sets in values["phrases"]), values["sets_of"]),
    )
