"""The clinic's register of approved claims: statements with evidence that somebody answers for until a date.

    claims:
      - statement: In a trial of 312 adults, seven in ten had fewer migraine days after six months.
        evidence:
          - {cite: "Trial report, Table 2", url: "https://example.org/trial"}
        approver: medical director
        expires: 2027-06-30

A claim in these words is accepted, whatever its capitals, punctuation, spelling and inflection. One that comes close is
reported as info with the approved wording; other numbers or a "not" more or less are never close.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal, NamedTuple

from medlint.finding import Citation
from medlint.folding import fold
from medlint.regularfiles import read_text
from medlint.schema import Fields, Items, PackError, Place, Text, Value, check_keys, read_yaml, text_of
from medlint.sentences import Sentence, Tokens, split_sentences
from medlint.vocabulary import Vocabulary

Fit = Literal["approved", "expired", "near"]


class ApprovedClaim(NamedTuple):
    """One entry of the register."""

    statement: str
    evidence: tuple[Citation, ...]
    approver: str  # a role, not a name
    expires: date  # the last day on which it holds
    place: str  # path:line


class Approval(NamedTuple):
    """What the register says about a match, and by which entry."""

    fit: Fit
    claim: ApprovedClaim


_NEAR = 0.75  # share of words in common, in order, from which a sentence is a variant of a statement


class Register:
    """The approved claims, ready to be compared with copy on a given day."""

    def __init__(self, claims: tuple[ApprovedClaim, ...], stemmer: Stemmer, today: date) -> None:
        self.claims = claims
        self._today = today
        self._stemmer = stemmer
        self._statements = [stemmer.of_text(claim.statement) for claim in claims]

    def expired(self) -> tuple[ApprovedClaim, ...]:
        """The claims whose last day is over."""
        return tuple(claim for claim in self.claims if claim.expires < self._today)

    def approval(self, sentence: Sentence, first: int, after: int) -> Approval | None:
        """What the register says about tokens `first` up to `after` of a sentence; None when it does not know them."""
        sentences = sentence.block_text.sentences
        before = sum(len(each.tokens.words) for each in sentences[: sentence.number])
        block = self._stemmer.of_words(word for each in sentences for word in each.tokens.words)
        own = block[before : before + len(sentence.tokens.words)]
        near = None
        for claim, statement in zip(self.claims, self._statements, strict=True):
            if any(start <= before + first and before + after <= end for start, end in _runs(statement, block)):
                return Approval("approved" if self._today <= claim.expires else "expired", claim)
            if near is None and (_is_near(statement, own) or _is_near(statement, block)):
                near = Approval("near", claim)
        return near


def _runs(statement: Sequence[str], words: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Where the whole statement stands in the words."""
    length = len(statement)
    for start in range(len(words) - length + 1):
        if words[start] == statement[0] and words[start : start + length] == statement:
            yield start, start + length


def _is_near(statement: list[str], words: list[str]) -> bool:
    if _fixed(statement) != _fixed(words):
        return False
    comparison = SequenceMatcher(None, statement, words, autojunk=False)
    return comparison.real_quick_ratio() >= _NEAR and comparison.ratio() >= _NEAR


# fmt: off
_FIXED = frozenset((
    "not", "no", "never", "without", "none", "cannot", "nor", "neither", "nobody", "nothing",
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "twenty",
    "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "half",
    "third", "quarter", "twice", "double", "%", "all", "always", "every",
))
# fmt: on


def _fixed(stems: Iterable[str]) -> list[str]:
    """The words that must agree: numbers, and whatever turns a statement into its opposite."""
    return sorted(stem for stem in stems if stem[0].isdigit() or stem in _FIXED or stem.endswith("n't"))


class Stemmer:
    """Takes the inflection off words: crude, but the same for all forms of a word."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._spelling = vocabulary.spelling
        self._irregular = {plural: _stem(noun) for noun, plural in vocabulary.irregular_nouns.items()}
        for base, forms in vocabulary.irregular_verbs.items():
            self._irregular |= {form: _stem(base) for variants in forms for form in variants.split("/")}

    def of_words(self, words: Iterable[str]) -> list[str]:
        """The stems of tokens."""
        return [self._irregular.get(word) or _stem(word) for word in words]

    def of_text(self, text: str) -> list[str]:
        """The stems of the words of a text."""
        cased = fold(text).cased
        spans = split_sentences(cased)
        return self.of_words(word for start, end in spans for word in Tokens(cased[start:end], self._spelling).words)


_ENDINGS = re.compile(r"(?<=[a-z]{3})(?:ies|ied|ying|ing|ed|es|s|e|y)$")
_DOUBLED = re.compile(r"([bdgklmnprt])\1$")


def _stem(word: str) -> str:
    if word in _FIXED:
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    return _DOUBLED.sub(r"\1", _ENDINGS.sub("", word))


# Reading the file ----------------------------------------------------------------------------------------------------


def load_register(path: Path, vocabulary: Vocabulary, today: date) -> Register:
    """The register that a file holds; raises PackError."""
    try:
        tree = read_yaml(read_text(path), str(path))
    except OSError as error:
        raise PackError(f"cannot be read: {error.strerror}", Place(str(path), 1, 1)) from None
    except UnicodeDecodeError as error:
        raise PackError(f"not UTF-8 at byte {error.start}; save it as UTF-8", Place(str(path), 1, 1)) from None
    if not isinstance(tree, Fields):
        raise PackError("a register is written as 'claims:' with a list below it", Place(str(path), 1, 1))
    check_keys(tree, ("claims",), "a register of approved claims")
    entries = tree.fields.get("claims")
    if not isinstance(entries, Items):
        raise PackError("'claims' is a list, each entry starting with '- statement:'", tree.place)
    claims = tuple(_read_claim(entry) for entry in entries.items)
    stemmer = Stemmer(vocabulary)
    known: dict[tuple[str, ...], ApprovedClaim] = {}
    for claim, entry in zip(claims, entries.items, strict=True):
        stems = tuple(stemmer.of_text(claim.statement))
        if not stems:
            raise PackError("the statement holds no word", entry.place)
        if stems in known:
            raise PackError(f"the same statement stands at {known[stems].place}", entry.place)
        known[stems] = claim
    return Register(claims, stemmer, today)


_KEYS = ("statement", "evidence", "approver", "expires")


def _read_claim(entry: Value) -> ApprovedClaim:
    if not isinstance(entry, Fields):
        raise PackError("an approved claim is a mapping that starts with 'statement:'", entry.place)
    check_keys(entry, _KEYS, "an approved claim")
    for key in _KEYS:
        if key not in entry.fields:
            raise PackError(f"the approved claim has no '{key}'", entry.place)
    return ApprovedClaim(
        text_of(entry.fields["statement"], "statement"),
        _read_evidence(entry.fields["evidence"]),
        text_of(entry.fields["approver"], "approver"),
        _read_date(entry.fields["expires"]),
        f"{entry.place.path}:{entry.place.line}",
    )


def _read_date(value: Value) -> date:
    try:
        return date.fromisoformat(text_of(value, "expires"))
    except ValueError:
        raise PackError("expires is a day, written like 2027-06-30", value.place) from None


def _read_evidence(value: Value) -> tuple[Citation, ...]:
    items = value.items if isinstance(value, Items) else (value,)
    if not items:
        raise PackError("evidence names at least one source", value.place)
    return tuple(_read_source(item) for item in items)


def _read_source(value: Value) -> Citation:
    if not isinstance(value, Fields):
        raise PackError('evidence is written as {cite: "...", url: "https://..."}', value.place)
    check_keys(value, ("cite", "url"), "evidence")
    for key in ("cite", "url"):
        if key not in value.fields:
            raise PackError(f"the evidence has no '{key}'", value.place)
    url = value.fields["url"]
    if not (isinstance(url, Text) and re.fullmatch(r"https?://[^\s/]+\.\S+", url.value)):
        raise PackError("url is an address that a reader can open, such as https://example.org/trial", url.place)
    return Citation(text_of(value.fields["cite"], "cite"), url.value)
