"""Sentence borders and tokens."""

from __future__ import annotations

from itertools import pairwise

import pytest

from medlint.document import Block, ProseBuilder, Span
from medlint.sentences import CLAUSE, COMMA, JOINED, BlockText, Text, Tokens, break_between, split_sentences


def block_text(text: str) -> BlockText:
    builder = ProseBuilder()
    builder.verbatim(text, 0, len(text))
    block = Block("paragraph", builder.build(), Span(0, len(text)))
    return BlockText(block, 0, lambda prose: Text(prose, lambda cased: Tokens(cased, {})))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It works. It lasts.", ["It works.", "It lasts."]),
        ("Dr. Hale cures it. Ask her.", ["Dr. Hale cures it.", "Ask her."]),
        ("The No. 1 clinic. Come.", ["The No. 1 clinic.", "Come."]),
        ("Is it safe? No. It is not.", ["Is it safe?", "No.", "It is not."]),
        ("Seen by J. Smith today. Good.", ["Seen by J. Smith today.", "Good."]),
        ("We drip vitamin C. It feeds cells.", ["We drip vitamin C.", "It feeds cells."]),
        ("Up to 4.5 kg a week. Really!", ["Up to 4.5 kg a week.", "Really!"]),
        ("persistent unhappiness.To address it", ["persistent unhappiness.", "To address it"]),
        ("“Cured in a weekend!” ran the advert. It went.", ['"Cured in a weekend!" ran the advert.', "It went."]),
        ("Pain? Gone! now book", ["Pain?", "Gone!", "now book"]),
        ("Bruising, e.g. on the arm, is common.", ["Bruising, e.g. on the arm, is common."]),
        ("(Smith et al. 2020) found none.", ["(Smith et al. 2020) found none."]),
        ("Visit example.org now. Then rest.", ["Visit example.org now.", "Then rest."]),
        ("no end mark", ["no end mark"]),
        ("   ", []),
        ("", []),
    ],
)
def test_sentence_borders(text: str, sentences: list[str]) -> None:
    """Sentences end where a reader sees them end."""
    folded = block_text(text).folded.cased
    assert [folded[start:end].strip() for start, end in split_sentences(folded)] == sentences


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It's migraine-free!", ["it", "'s", "migraine", "free"]),
        ("You don't need 47% of it", ["you", "don't", "need", "47", "%", "of", "it"]),
        ("forty per cent, 9/10, #1", ["forty", "per cent", "9", "/", "10", "#", "1"]),
        ("3x more, 5mg, £1,500", ["3", "x", "more", "5", "mg", "£", "1,500"]),
        ("Alzheimer’s & co", ["alzheimer", "'s", "&", "co"]),
    ],
)
def test_tokens(text: str, words: list[str]) -> None:
    """Tokens are what phrases are written in, each at its place."""
    tokens = block_text(text).sentences[0].tokens
    assert tokens.words == words
    assert [tokens.text[start:end] for start, end in tokens.spans] == words


@pytest.mark.parametrize(
    ("between", "strength"),
    [(" ", JOINED), ("-", JOINED), (' "', JOINED), (", ", COMMA), (" (", COMMA), ("; ", CLAUSE), (": ", CLAUSE), (" - ", CLAUSE), ("—", CLAUSE), (". ", JOINED)],
)  # fmt: skip
def test_breaks(between: str, strength: int) -> None:
    """Punctuation parts tokens by how much it parts what they say."""
    assert break_between(between) == strength


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('The ad said "cures acne" twice.', True),
        ("The word ‘cures acne’ is banned.", True),
        ("It isn't so: it cures acne, it's said.", False),
        ('"Yes", she said, cures acne.', False),
    ],
)
def test_quoted(text: str, quoted: bool) -> None:
    """A claim counts as quoted only between two quotation marks."""
    tokens = block_text(text).sentences[0].tokens
    assert tokens.is_quoted(tokens.words.index("cures")) is quoted


@pytest.mark.parametrize("unit", ["no side effects, ", "no side effects; ", "no side effects ", "nosideeffects"])
def test_an_endless_sentence_is_cut_and_keeps_its_words(unit: str) -> None:
    """Pieces stand in order, none is endless, and between them only white space is lost; words are cut only at need."""
    text = (unit * 1_000).strip()
    pieces = split_sentences(text)
    assert len(pieces) > 1
    assert all(0 < end - start <= 2_000 for start, end in pieces)
    assert all(not text[end:start].strip() for (_, end), (start, _) in pairwise(pieces))
    assert "".join(text[start:end] for start, end in pieces).replace(" ", "") == text.replace(" ", "")
    assert "," not in unit or all(text[end - 1] == "," for _, end in pieces[:-1])


@pytest.mark.parametrize("asked", [(0, 1, 2, 11), (11, 2, 1, 0), (2, 0, 11, 1)])
@pytest.mark.parametrize(("word", "first"), [("one", 0), ("three", 2), ("twelve", 11), ("thirteen", 12)])
def test_looking_back_sees_each_sentence_once(asked: tuple[int, ...], word: str, first: int) -> None:
    """Whether something stands up to a sentence of a long block is told in any order, and none is looked at again."""
    block = block_text("One. Two. Three. Four. Five. Six. Seven. Eight. Nine. Ten. Eleven. Twelve.")
    seen: list[str] = []

    def occurs(tokens: Tokens) -> bool:
        seen.append(tokens.cased)
        return word in tokens.words

    assert [block.has_until(number, occurs) for number in asked] == [first <= number for number in asked]
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize(("word", "first"), [("one", 0), ("three", 2), ("four", 3), ("five", 4)])
def test_looking_back_in_a_short_block(word: str, first: int) -> None:
    """The same of the few sentences that a paragraph has."""
    block = block_text("One. Two. Three. Four.")
    found = [block.has_until(number, lambda tokens: word in tokens.words) for number in range(4)]
    assert found == [first <= number for number in range(4)]
