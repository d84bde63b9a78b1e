"""Writes made-up clinic pages of any size, the same for the same seed: information, with a claim here and there."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

RULES = Path(__file__).parents[1] / "rules"
WORDS_PER_CLAIM = 150
SENTENCES_OF_A_SITE = 1_200  # what one clinic has written and puts together anew on its pages
PAGE_OF_A_TREE = 10_000  # bytes
_AROUND = {"md": ("", ""), "html": ("<!doctype html>\n<title>Our clinic</title>\n<body>\n", "</body>\n")}

_PLAIN = (
    "The {place} is open from {hour} to {hour} on {day}s.",
    "Please bring your {thing} and a list of your medicines to the {visit}.",
    "Your {person} will ask about {topic} before the {visit} starts.",
    "Parking is {where} the {place}, and the {thing} desk is on floor {number}.",
    "We send a letter to your {person} within {number} days of the {visit}.",
    "If you need to change your {visit}, call us {number} hours before it.",
    "A {visit} takes about {number} minutes, and a {person} is in the room with you.",
    "Some people feel tired after a {visit}; ask the {person} what to expect.",
    "The {person} explains {topic} and answers your questions about {topic}.",
    "Children under {number} come with a parent or another adult to the {place}.",
    "Our {place} has {number} rooms, a lift and a toilet for wheelchair users.",
    "Not everyone is suited to a {visit}, so the {person} may send you back to your family doctor.",
    "You can read about {topic} in the leaflet that lies {where} the {place}.",
    "Prices for a {visit} are listed at the {thing} desk and on the page about {topic}.",
    "On {day} the {person} holds a talk on {topic} in room {number}.",
)
_WORDS = {
    "place": "clinic|surgery|practice|health centre|day unit|reception|waiting room|branch in the high street",
    "hour": "eight|nine|half past nine|ten|noon|four|five|six",
    "day": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday",
    "thing": "appointment card|insurance card|passport|front|booking|information|referral letter|consent form",
    "visit": "visit|first visit|check-up|consultation|follow-up|review|blood test|eye test|hearing test|session",
    "person": "nurse|doctor|pharmacist|physiotherapist|dietitian|receptionist|surgeon|midwife|assistant",
    "topic": "sleep|diet|allergies|operations|exercise|blood pressure|smoking|travel|vaccines|headaches|skin care",
    "where": "behind|next to|opposite|in front of|two streets from|across the yard from",
    "number": "|".join(map(str, range(2, 90))),
}


def claims() -> list[str]:
    """The lines that the bundled rules say they flag."""
    import yaml  # here, as a process that only measures should stay small

    files = sorted(RULES.glob("*.yml"))
    packs = [yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) for file in files if file.stem != "citations"]
    return [line for pack in packs for rule in pack for line in _lines(rule.get("bad", ()))]


def everyday_words() -> Iterator[str]:
    """The words of the information around the claims."""
    for text in (*_PLAIN, *_WORDS.values()):
        yield from re.findall(r"[a-z]+", re.sub(r"\{.*?\}", " ", text.lower()))


def _lines(value: str | list[str]) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else map(str, value)
    return [line.strip() for line in lines if line.strip()]


def paragraphs(seed: int, *, recurring: bool) -> Iterator[str]:
    """Endless paragraphs of two to six sentences; `recurring`: of one site's sentences, else hardly any twice."""
    chance = random.Random(seed)
    known = claims()
    pool = [_sentence(chance) for _ in range(SENTENCES_OF_A_SITE)] if recurring else []
    words = 0
    while True:
        sentences = [chance.choice(pool) if pool else _sentence(chance) for _ in range(chance.randint(2, 6))]
        words += sum(sentence.count(" ") + 1 for sentence in sentences)
        if words >= WORDS_PER_CLAIM:
            words -= WORDS_PER_CLAIM
            sentences.insert(1, chance.choice(known))
        yield " ".join(sentences)


def _sentence(chance: random.Random) -> str:
    words = _Words(chance)
    return chance.choice(_PLAIN).format_map(words)


class _Words(dict[str, str]):
    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    def __missing__(self, kind: str) -> str:
        return self._chance.choice(_WORDS[kind].split("|"))


def page(size: int, format: str, *, seed: int = 1, recurring: bool = True) -> str:
    """A page of about `size` bytes in "md" or "html", with headings, lists and emphasis."""
    return "".join(_page(_blocks(format, seed, recurring=recurring), size, format))


def write_page(file: Path, size: int, *, seed: int = 1, recurring: bool = True) -> None:
    """Writes such a page, in the format that the file's suffix names."""
    format = file.suffix[1:]
    _write(file, _page(_blocks(format, seed, recurring=recurring), size, format))


def write_tree(folder: Path, size: int, format: str, *, seed: int = 1, recurring: bool = True) -> None:
    """Writes a folder of pages of 10 KB, `size` bytes in all; `recurring`: they share the sentences of one site."""
    folder.mkdir(parents=True)
    blocks = _blocks(format, seed, recurring=recurring)
    for number in range(max(1, size // PAGE_OF_A_TREE)):
        _write(folder / f"{number:04}.{format}", _page(blocks, min(size, PAGE_OF_A_TREE), format))


def _write(file: Path, texts: Iterable[str]) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as opened:
        opened.writelines(texts)


def _page(blocks: Iterator[str], size: int, format: str) -> Iterator[str]:
    """The next blocks, as many as make up the size, with what stands around them."""
    before, after = _AROUND[format]
    yield before
    written = 0
    while written < size:
        block = next(blocks)
        written += len(block) + 2
        yield f"{block}\n\n" if written < size else f"{block}\n"
    yield after


def _blocks(format: str, seed: int, *, recurring: bool) -> Iterator[str]:
    chance = random.Random(seed)
    for text in paragraphs(seed, recurring=recurring):
        yield _block(text, format, chance)


def _block(text: str, format: str, chance: random.Random) -> str:
    first, _, rest = text.partition(" ")
    kind = chance.random()
    if format == "md":
        if kind < 0.1:
            return f"## {text.partition('.')[0]}\n\n{text}"
        return f"- {text}" if kind < 0.3 else f"**{first}** {rest}" if kind < 0.4 else text
    if kind < 0.1:
        return f"<h2>{text.partition('.')[0]}</h2>\n<p>{text}</p>"
    if kind < 0.3:
        return f"<ul><li>{text}</li></ul>"
    return f"<p><strong>{first}</strong> {rest}</p>" if kind < 0.4 else f"<p>{text}</p>"
