r"""The phrase language that rules and word lists are written in, parsed into nodes.

word        a word, in any case and typography; a hyphen in it matches a hyphen or a space
WORD        two or more capitals: matches only in capitals ("MS", "ED")
word~       the word in all its verb forms (cure, cures, cured, curing)
(a|b c)     one of these
[a|b]       one of these, or nothing
{list}      an entry of a word list; {list.ing} only in that verb form (base, s, past, participle, ing)
...         a gap of up to five words inside one sentence; ...2 of up to two
, :         a comma, or any break of the sentence (colon, dash, semicolon), may stand here
^ $         the start, the end of the sentence or of a clause after a colon, dash or semicolon; \$ is the dollar sign
{#}         a number in digits; {Name} a capitalised word; {*} any one word
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from medlint.folding import fold


class Word(NamedTuple):
    """One token; upper-case text matches only capitals."""

    text: str
    inflected: bool = False


class Slot(NamedTuple):
    """An entry of a word list, perhaps in one verb form only."""

    name: str
    form: str = ""


class Gap(NamedTuple):
    """Up to `most` words of the same sentence."""

    most: int


class Comma(NamedTuple):
    """A place where a comma may stand, or (`any_break`) a colon, dash or semicolon too."""

    any_break: bool = False


class Edge(NamedTuple):
    """The start or the end of the sentence."""

    at_end: bool


class Choice(NamedTuple):
    """One of several; with `optional`, or none of them."""

    options: tuple[Sequence, ...]
    optional: bool = False


class Sequence(NamedTuple):
    """One part after the other."""

    parts: tuple[Node, ...]


Node: TypeAlias = Word | Slot | Gap | Comma | Edge | Choice | Sequence

NUMBER = "#"  # stands for any token of digits, where words are looked up
GAP_WORDS = 5
VERB_FORMS = ("base", "s", "past", "participle", "ing")
# One token of prose and of phrases alike. Contractions keep "n't" whole and split the rest off ("it | 's");
# a slash or a # counts only at digits (9/10, #1); "per cent" is one token however it is spaced.
TOKEN = re.compile(
    r"per[ -]?cent(?!\w)"
    r"|[^\W\d_]+(?:(?<=[^\W\d_]n)'t(?!\w))?"
    r"|\d+(?:[.,]\d+)*"
    r"|'(?:s|ll|re|ve|d|m)(?!\w)"
    r"|%|[£$€&]|#(?=\d)|(?<=\d)/(?=\d)"
)


def slots(node: Node) -> Iterator[Slot]:
    """The word lists a phrase refers to."""
    match node:
        case Slot():
            yield node
        case Sequence(parts=nodes) | Choice(options=nodes):
            for each in nodes:
                yield from slots(each)


class PhraseError(ValueError):
    """A phrase that does not parse; `column` counts from 0 within the phrase."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(message)
        self.column = column


@lru_cache(maxsize=1 << 16)
def parse(phrase: str) -> Sequence:
    """The nodes of a phrase; raises PhraseError."""
    if _PLAIN.fullmatch(phrase):  # most entries of word lists are plain words
        return _plain(phrase)
    return _Parser(phrase).parse()


@lru_cache(maxsize=1 << 15)
def _plain(words: str) -> Sequence:
    return Sequence(tuple(map(_word, words.split())))


@lru_cache(maxsize=1 << 14)
def _plain_choice(written: str) -> Choice:
    return Choice(tuple(map(_plain, written[1:-1].split("|"))), optional=written[0] == "[")


@lru_cache(maxsize=1 << 14)
def _word(text: str) -> Word:
    return Word(text)


_PLAIN = re.compile(r"[a-z]+(?: [a-z]+)*")
_LEXEME = re.compile(
    r"(?P<letters>[a-z]+(?![^\s()\[\]|{},^]))"  # nearly all of them, and most choices are of such words
    r"|(?P<plain>\([a-z]+(?:[ |][a-z]+)*\)|\[[a-z]+(?:[ |][a-z]+)*\])|\.\.\.(?P<most>\d*)|\{(?P<slot>[^{}]*)\}"
    r"|(?P<mark>[()\[\]|,^$]|(?<!\S):(?!\S))|(?P<word>[^\s()\[\]|{},^]+)|(?P<bad>\S)"
)
_SLOT_NAME = re.compile(r"(?P<name>[a-z][a-z0-9-]*|#|\*|Name)(?:\.(?P<form>[a-z]+))?")


_WIDEST = 100  # words in a gap; sentences are shorter
_DEEPEST = 30  # far beyond what anyone can read, and far from the end of the stack


class _Parser:
    """Recursive descent over the lexemes of one phrase."""

    def __init__(self, phrase: str) -> None:
        self.phrase = phrase
        self.lexemes = _LEXEME.finditer(phrase)
        self.closer: re.Match[str] | None = None  # what ended the sequence that was read last
        self.depth = 0

    def parse(self) -> Sequence:
        sequence = self._sequence(closers="")
        if _is_wordless(sequence):
            raise PhraseError("the phrase holds no word that must stand", 0)
        return sequence

    def _sequence(self, closers: str) -> Sequence:
        parts: list[Node] = []
        for lexeme in self.lexemes:
            kind, written = lexeme.lastgroup, lexeme[0]
            if kind == "letters":
                parts.append(_word(written))
            elif kind == "plain":
                parts.append(_plain_choice(written))
            elif kind != "mark":
                parts.extend(self._simple(lexeme))
            elif written in "([":
                parts.append(self._choice(lexeme, closer=")" if written == "(" else "]"))
            elif written in ")]|":
                if written not in closers:
                    raise PhraseError(f"'{written}' closes nothing", lexeme.start())
                self.closer = lexeme
                return Sequence(tuple(parts))
            else:
                parts.extend(self._simple(lexeme))
        if closers:
            raise PhraseError(f"'{closers[0]}' is missing", len(self.phrase))
        return Sequence(tuple(parts))

    def _choice(self, opener: re.Match[str], closer: str) -> Choice | Gap | Comma:
        options = []
        self.depth += 1
        if self.depth > _DEEPEST:
            raise PhraseError(f"nested more than {_DEEPEST} levels deep", opener.start())
        while True:
            options.append(self._sequence(closers=closer + "|"))
            end = self.closer
            assert end
            if not options[-1].parts:
                raise PhraseError("an alternative is empty; write [x] for an optional word", end.start())
            if closer == ")" and _is_wordless(options[-1]) and not _edges_only(options[-1]):
                raise PhraseError("an alternative can match nothing; write [,] or [...] outside the ( )", end.start())
            if end[0] == closer:
                self.depth -= 1
                match options:
                    case [Sequence(parts=((Gap() | Comma()) as part,))]:
                        return part  # "[...2]" and "[,]" may be nothing anyway
                return Choice(tuple(options), optional=closer == "]")

    def _simple(self, lexeme: re.Match[str]) -> list[Node]:
        if lexeme["slot"] is not None:
            return [self._slot(lexeme)]
        match lexeme["mark"]:
            case "," | ":" as pause:
                return [Comma(any_break=pause == ":")]
            case "^" | "$" as edge:
                return [Edge(at_end=edge == "$")]
        if lexeme["word"] == "$":
            return [Edge(at_end=True)]
        if lexeme["word"]:
            return list(self._words(lexeme))
        if lexeme["bad"]:
            raise PhraseError(f"'{lexeme.group()}' has no place here; a list's name stands in {{ }}", lexeme.start())
        most = lexeme["most"] or str(GAP_WORDS)
        if len(most) > len(str(_WIDEST)) or int(most) > _WIDEST:  # thousands of digits would be refused as a number
            raise PhraseError(
                f"a gap of more than {_WIDEST} words; leave out the number for {GAP_WORDS}", lexeme.start()
            )
        return [Gap(int(most))]

    def _slot(self, lexeme: re.Match[str]) -> Slot:
        name = _SLOT_NAME.fullmatch(lexeme["slot"].strip())
        if not name:
            raise PhraseError(f"'{lexeme.group()}' is no list name: write {{lower-case-words}}", lexeme.start())
        form = name["form"] or ""
        if form and form not in VERB_FORMS:
            raise PhraseError(f"unknown form '.{form}'; the forms are {', '.join(VERB_FORMS)}", lexeme.start())
        return Slot(name["name"], form)

    def _words(self, lexeme: re.Match[str]) -> tuple[Word, ...]:
        written = lexeme["word"].replace("\\$", "$")
        if not written.strip("-"):
            return ()  # "(long|short)-(term|lasting)": a hyphen is a space
        tokens = [written] if written in ("/", "#", "$") else TOKEN.findall(fold(written.removesuffix("~")).cased)
        if not tokens:
            raise PhraseError(f"'{written}' holds no word", lexeme.start())
        inflected = written.endswith("~")
        if inflected and len(tokens) > 1:
            raise PhraseError(f"'{written}': ~ stands after a single word", lexeme.start())
        return tuple(
            Word(token if len(token) > 1 and token.isupper() else token.lower(), inflected) for token in tokens
        )


def _is_wordless(sequence: Sequence) -> bool:
    """Whether a sequence can match without a single word."""
    return all(isinstance(part, _WORDLESS) or (isinstance(part, Choice) and part.optional) for part in sequence.parts)


_WORDLESS = (Gap, Comma, Edge)


def _edges_only(sequence: Sequence) -> bool:
    return all(isinstance(part, Edge) for part in sequence.parts)
