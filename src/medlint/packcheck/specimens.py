"""Writes texts that a phrase ought to match, one for each of its alternatives."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple, TypeAlias

from medlint.phrases import Choice, Edge, Gap, Node, Sequence, Slot, Word
from medlint.vocabulary import Vocabulary


class Specimen(NamedTuple):
    """A text, and how many of its words stand only to set a clause off before and after the phrase's own."""

    text: str
    before: int
    after: int


_Piece: TypeAlias = Word | Slot | Gap | Edge
_Form: TypeAlias = tuple[_Piece, ...]
_Texts: TypeAlias = tuple[str | Gap | Edge, ...]
_BUILT_IN = {"#": "7", "*": "word", "Name": "Okafor"}
_FILLERS = ("", "7", "word")  # what a gap holds
_MOST_TRIES = 25  # entries of a word list that stand in for all of it


class Specimens:
    """Texts for phrases over one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._slot_texts: dict[tuple[Slot, int], _Texts] = {}

    def of(self, phrase: Node) -> Iterator[Iterator[Specimen]]:
        """For each alternative of a phrase, texts that take it, with ever other words of its lists and in its gaps."""
        for form in _forms(phrase):
            varied = any(isinstance(piece, Slot) and piece.name not in _BUILT_IN for piece in form)
            fillers = _FILLERS if any(isinstance(piece, Gap) for piece in form) else _FILLERS[:1]
            numbers = range(_MOST_TRIES if varied else 1)
            yield (_specimen(self._texts(form, number), filler) for filler in fillers for number in numbers)

    def _texts(self, form: _Form, number: int) -> _Texts:
        texts: list[str | Gap | Edge] = []
        for piece in form:
            match piece:
                case Word():
                    texts.append(piece.text)
                case Edge() | Gap():
                    texts.append(piece)
                case Slot(name=name) if name in _BUILT_IN:
                    texts.append(_BUILT_IN[name])
                case Slot():
                    texts.extend(self._of_slot(piece, number))
        return tuple(texts)

    def _of_slot(self, slot: Slot, number: int) -> _Texts:
        if (slot, number) not in self._slot_texts:
            count = len(self._vocabulary.lists[slot.name].entries)
            entry = self._vocabulary.entry(slot.name, number * max(1, count // _MOST_TRIES) % count, slot.form)
            forms = list(islice(_forms(entry), _MOST_TRIES))
            self._slot_texts[slot, number] = self._texts(forms[number % len(forms)], number)
        return self._slot_texts[slot, number]


def _forms(node: Node) -> Iterator[_Form]:
    """The shortest form of a node first, then one for each further alternative."""
    match node:
        case Word() | Slot() | Gap() | Edge():
            yield (node,)
        case Choice(options=options, optional=optional):
            if optional:
                yield ()
            for option in options:
                yield from _forms(option)
        case Sequence(parts=parts):
            forms = [list(_forms(part)) for part in parts]
            shortest = [each[0] for each in forms]
            yield _flat(shortest)
            for place, others in enumerate(forms):
                for other in others[1:]:
                    yield _flat([*shortest[:place], other, *shortest[place + 1 :]])
        case _:  # a comma may be nothing
            yield ()


def _flat(forms: list[_Form]) -> _Form:
    return tuple(piece for form in forms for piece in form)


def _specimen(pieces: _Texts, filler: str) -> Specimen:
    """The pieces as a sentence writes them: 9/10, #1, and an edge inside the sentence as a dash."""
    kept: list[str | Edge] = []
    for piece in pieces:
        kept.extend([filler] * piece.most * bool(filler) if isinstance(piece, Gap) else [piece])
    while kept and kept[0] == Edge(at_end=False):
        del kept[0]
    while kept and kept[-1] == Edge(at_end=True):
        del kept[-1]
    before = _beyond(kept[0]) if kept else ""
    after = _beyond(kept[-1]) if kept else ""
    sentence = " ".join("—" if isinstance(piece, Edge) else piece for piece in (before, *kept, after)).strip()
    return Specimen(sentence.replace(" / ", "/").replace("# ", "#").replace(" '", "'"), bool(before), bool(after))


def _beyond(piece: str | Edge) -> str:
    """What must stand beside the outermost piece: a clause before or after an edge, a digit beside a slash."""
    return "word" if isinstance(piece, Edge) else "7" if piece in ("/", "#") else ""
