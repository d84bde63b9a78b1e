"""Word lists: what `{condition}` or `{cure-verb.ing}` in a phrase stands for, and the inflection of English words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Sequence as Items
from functools import lru_cache
from typing import NamedTuple

from medlint.phrases import Choice, Sequence, Word, parse


class WordList(NamedTuple):
    """A named list of phrases, as one file under `vocab/` defines it."""

    name: str
    entries: Items[str]
    inflect: str = ""  # "verb": the first word takes all verb forms; "noun": the last word also its plural
    path: str = ""


class Vocabulary(NamedTuple):
    """All word lists of a rulebook, with the spelling variants and irregular forms they rely on."""

    lists: Mapping[str, WordList] = {}
    spelling: Mapping[str, str] = {}  # variant -> the form used for matching
    irregular_verbs: Mapping[str, tuple[str, ...]] = {}  # base -> s, past…, participle…, ing
    irregular_nouns: Mapping[str, str] = {}

    def entry(self, name: str, index: int, form: str = "") -> Sequence:
        """One of the phrases a slot stands for, inflected; raises KeyError for an unknown list."""
        word_list = self.lists[name]
        return self._inflected(parse(word_list.entries[index]), word_list.inflect, form)

    def entries(self, name: str, form: str = "") -> Choice:
        """All the phrases a slot stands for; raises KeyError for an unknown list."""
        return Choice(tuple(self.entry(name, index, form) for index in range(len(self.lists[name].entries))))

    def uses(self) -> Mapping[str, int]:
        """How often each word stands in the lists, counted anew."""
        return Counter(word for each in self.lists.values() for entry in each.entries for word in _WORD.findall(entry))

    def canonical(self, word: str) -> str:
        """The spelling that stands for all variants of a word."""
        return self.spelling.get(word, word)

    def verb_forms(self, base: str, form: str = "") -> frozenset[str]:
        """The forms of a verb, all of them or those named by `form`."""
        irregular = self.irregular_verbs.get(base)
        forms = _named_forms(base, tuple(irregular)) if irregular else regular_verb_forms(base)
        if form:
            return forms[form]
        return frozenset().union(*forms.values())

    def _inflected(self, entry: Sequence, inflect: str, form: str) -> Sequence:
        """The entry with its first word (verb) or last word (noun) in all forms, in each alternative it stands in."""
        if not inflect or not entry.parts:
            return entry
        at = 0 if inflect == "verb" else len(entry.parts) - 1
        part = entry.parts[at]
        if isinstance(part, Choice):
            options = Choice(tuple(self._inflected(option, inflect, form) for option in part.options), part.optional)
        elif isinstance(part, Word) and not (len(part.text) > 1 and part.text.isupper()):
            forms = self.verb_forms(part.text, form) if inflect == "verb" else {part.text, self.plural(part.text)}
            options = Choice(tuple(Sequence((Word(each),)) for each in sorted(forms)))
        else:
            return entry
        return Sequence((*entry.parts[:at], options, *entry.parts[at + 1 :]))

    def plural(self, noun: str) -> str:
        """The plural of a noun."""
        return self.irregular_nouns.get(noun) or regular_plural(noun)


_WORD = re.compile(r"[a-z]+")
_VOWELS = "aeiou"
_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)$")
_CONSONANT_Y = re.compile(r"[^aeiou]y$")
_SHORT_SYLLABLE = re.compile(r"[^aeiou]*[aeiou][bcdfgklmnprtvz]")


def regular_plural(noun: str) -> str:
    """The regular English plural."""
    if _CONSONANT_Y.search(noun):
        return noun[:-1] + "ies"
    return noun + ("es" if _SIBILANT.search(noun) else "s")


@lru_cache(maxsize=4096)
def regular_verb_forms(base: str) -> dict[str, frozenset[str]]:
    """Base, s, past, participle and ing of a regular verb; one-syllable verbs double their last consonant."""
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        past, ing = base + "d", base[:-1] + "ing"
    elif base.endswith(("ee", "oe", "ye")):
        past, ing = base + "d", base + "ing"
    elif _CONSONANT_Y.search(base):
        past, ing = base[:-1] + "ied", base + "ing"
    elif _SHORT_SYLLABLE.fullmatch(base):
        past, ing = base + base[-1] + "ed", base + base[-1] + "ing"
    else:
        past, ing = base + "ed", base + "ing"
    return _named_forms(base, (regular_plural(base), past, past, ing))


@lru_cache(maxsize=4096)
def _named_forms(base: str, forms: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Forms by name from "s past participle ing"; a slash separates variants (cancelled/canceled)."""
    third_person, past, participle, ing = (frozenset(form.split("/")) for form in forms)
    return {"base": frozenset({base}), "s": third_person, "past": past, "participle": participle, "ing": ing}
