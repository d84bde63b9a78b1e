"""The phrase language: what parses, what is refused, what matches."""

from __future__ import annotations

import pytest

from medlint.matching import Compiler
from medlint.phrases import PhraseError, parse
from medlint.sentences import Text, Tokens
from medlint.vocabulary import Vocabulary, WordList, regular_plural, regular_verb_forms

VOCABULARY = Vocabulary(
    {
        "illness": WordList("illness", ("migraine", "torn (knee|hip)", "back pain", "MS"), inflect="noun"),
        "ending": WordList("ending", ("cure", "get rid of", "(beat|zap)"), inflect="verb"),
        "thing": WordList("thing", ("[your] {illness}",)),
    },
    spelling={"tumour": "tumor", "percent": "%", "per cent": "%"},
    irregular_verbs={"get": ("gets", "got", "got/gotten", "getting"), "beat": ("beats", "beat", "beaten", "beating")},
)


def matches(phrase: str, text: str) -> list[str]:
    """The words a phrase matches in the first sentence of a text."""
    (tokens,) = Text(text, lambda cased: Tokens(cased, VOCABULARY.spelling)).sentences[:1]
    found = Compiler(VOCABULARY).phrases((phrase,)).find_all(tokens.grid)
    return [tokens.text[slice(*tokens.span(first, after))] for first, after in found]


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("cure", "The cure. Secure.", ["cure"]),
        ("cure", "Secure and cured", []),
        ("cure~", "We cured it, curing all", ["cured", "curing"]),
        ("(cure|end of) {illness}", "the end of migraines", ["end of migraines"]),
        ("[a|the] cure", "a cure and the cure, cure", ["a cure", "the cure", "cure"]),
        ("cure ... {illness}", "cure even the very worst migraine", ["cure even the very worst migraine"]),
        ("cure ...1 {illness}", "cure even the very worst migraine", []),
        ("cure ... {illness}", "a cure; my migraine", []),
        ("cure ... {illness}", "a cure, my migraine", ["cure, my migraine"]),
        ("cure {illness}", "a cure, migraine", []),
        ("cure , {illness}", "a cure, migraine", ["cure, migraine"]),
        ("cure : {illness}", "the cure: migraine", ["cure: migraine"]),
        ("{ending} {thing}", "we got rid of your torn hips", ["got rid of your torn hips"]),
        ("{ending.ing} {thing}", "zapping migraine or zap migraine", ["zapping migraine"]),
        ("{ending.participle} {illness}", "beaten back pain", ["beaten back pain"]),
        ("{illness}", "MS or ms, Ms Hale", ["ms"]),
        ("^ cure", "Cure it. cure", ["cure"]),
        ("^ cure", "Now: cure it", ["cure"]),
        ("^ cure", "the cure", []),
        ("free $", "pain free", ["free"]),
        ("free $", "free pain", []),
        ("{#} %", "by 47 per cent", ["47 per cent"]),
        ("{#} %", "by 47percent", ["47percent"]),
        ("{#} / {#}", "9/10 agree", ["9/10"]),
        ("\\$ {#}", "for $40 now", ["$40"]),
        ("{Name} cure", "the Hale cure", ["hale cure"]),
        ("{*} free", "pain-free life", ["pain-free"]),
        ("migraine-free", "migraine free", ["migraine free"]),
        ("(migraine|pain)-free", "pain-free", ["pain-free"]),
        ("tumour", "a tumor shrinks", ["tumor"]),
        ("pain free", 'pain "free"', ['pain "free']),
    ],
)
def test_match(phrase: str, text: str, found: list[str]) -> None:
    """A phrase matches whole words, within its breaks, and the longest way."""
    assert matches(phrase, text) == found


@pytest.mark.parametrize(
    ("phrase", "complaint", "column"),
    [
        ("(a|b", "')' is missing", 4),
        ("a)", "')' closes nothing", 1),
        ("[a|]", "an alternative is empty", 3),
        ("(a|,) b", "can match nothing", 4),
        ("{Cure}", "is no list name", 0),
        ("{cure.past-tense}", "is no list name", 0),
        ("{cure.perfect}", "unknown form '.perfect'", 0),
        ("...", "no word that must stand", 0),
        ("[maybe] ,", "no word that must stand", 0),
        ("cure {", "has no place here", 5),
        ("get-rid~", "~ stands after a single word", 0),
        ("cure ?", "holds no word", 5),
        ("a ...101 b", "a gap of more than 100 words", 2),
        ("a ..." + "9" * 5000 + " b", "a gap of more than 100 words", 2),
        ("(a|" * 32 + "b" + ")" * 32, "nested more than 30 levels deep", 90),
    ],
)
def test_refused(phrase: str, complaint: str, column: int) -> None:
    """A phrase that cannot mean anything is refused, at the column where it goes wrong."""
    with pytest.raises(PhraseError) as error:
        parse(phrase)
    assert complaint in str(error.value)
    assert error.value.column == column


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("cure", {"cure", "cures", "cured", "curing"}),
        ("banish", {"banish", "banishes", "banished", "banishing"}),
        ("defy", {"defy", "defies", "defied", "defying"}),
        ("free", {"free", "frees", "freed", "freeing"}),
        ("zap", {"zap", "zaps", "zapped", "zapping"}),
        ("relieve", {"relieve", "relieves", "relieved", "relieving"}),
        ("destroy", {"destroy", "destroys", "destroyed", "destroying"}),
    ],
)
def test_regular_verbs(base: str, forms: set[str]) -> None:
    """Regular verbs take their English endings."""
    assert set().union(*regular_verb_forms(base).values()) == forms


def test_regular_plurals() -> None:
    """Regular nouns take their English plural."""
    assert [regular_plural(noun) for noun in ("allergy", "abscess", "scar", "itch", "day")] == [
        "allergies",
        "abscesses",
        "scars",
        "itches",
        "days",
    ]
