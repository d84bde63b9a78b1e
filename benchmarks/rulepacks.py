"""Makes of the bundled rules what the benchmarks need: more rules, and the literals that peers search for."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import corpus

LARGE_LIST = 40  # words; longer lists are the names of diseases and the like, which a peer is spared
SHORT_WORD = 4  # letters; what is shorter is "the" and "for"
_LINES = ("match", "senses", "unless", "along", "answers", "sources", "precedent", "bad", "good")  # one value per line
_PLAIN_WORD = re.compile(r"(?<![^ ])[a-z]{4,}~?(?![^ ])")


def write_more_rules(file: Path, codes: Sequence[str], count: int) -> list[str]:
    """Writes a pack with `count` further rules, copies of those with the codes, and returns its codes.

    In each phrase of a copy one word is given an alternative that no page holds, so that it shares no phrase with its
    original and yet looks at every sentence that the original looks at: a further rule costs what a bundled one costs.
    """
    entries = {entry["code"]: entry for entry in _entries() if entry.get("match")}
    usable = [code for code in codes if code in entries]
    chosen = usable[:: max(1, len(usable) // count)][:count] if count else []
    copies: list[dict[str, Any]] = []
    numbers: dict[str, int] = defaultdict(lambda: 900)  # from there on codes belong to users
    for code in chosen:
        entry = entries[code]
        new_code = f"{code[:3]}{numbers[code[:3]]}"
        numbers[code[:3]] += 1
        phrases = [*map(_altered, entry["match"])]
        copies.append({**entry, "code": new_code, "name": f"{entry['name']}-again", "match": phrases})
    file.write_text(json.dumps(copies, ensure_ascii=False), "utf-8")  # which is YAML
    return [copy["code"] for copy in copies]


def _entries() -> list[dict[str, Any]]:
    import yaml

    files = (file for file in sorted(corpus.RULES.glob("*.yml")) if file.stem != "citations")
    entries = (entry for file in files for entry in yaml.load(file.read_text("utf-8"), yaml.CBaseLoader))
    return [{key: value.splitlines() if key in _LINES and isinstance(value, str) else value
             for key, value in entry.items()} for entry in entries]  # fmt: skip


def _altered(phrase: str) -> str:
    """The phrase with an alternative to its first plain word, when it has one."""
    return _PLAIN_WORD.sub(lambda word: f"({word[0]}|zz{word[0]})", phrase, count=1)


def literals(codes: Collection[str]) -> dict[str, list[str]]:
    """By code the words of which a claim must hold one, as far as they tell anything.

    They are derived from the phrases as medlint's own prefilter does it. Left out is what would make a peer report
    every sentence: short words, long lists, and words of the corpus's own information.
    """
    from medlint.index import phrases_of  # here, as a process that only measures should stay small
    from medlint.prefilter import requirements
    from medlint.rulebook import load_rulebook

    rulebook = load_rulebook()
    required = requirements(phrases_of(rulebook), rulebook.vocabulary)
    everyday = set(corpus.everyday_words())
    words: dict[str, set[str]] = defaultdict(set)
    members: dict[str, list[str]] = defaultdict(list)  # of each set, or of a word list
    for word, holders in required.sets.items():
        for holder in holders.split():
            members[holder].append(word)
    for anchor, phrases in required.by_anchor.items():
        alternatives = [each for member in members[anchor] for each in members.get(member, [member])]
        if len(alternatives) > LARGE_LIST:
            continue
        telling = {word for word in alternatives if word.isalpha() and len(word) >= SHORT_WORD} - everyday
        for phrase in phrases.split(";"):
            code = phrase.split()[0]
            if code in codes:
                words[code] |= telling
    return {code: sorted(found) for code, found in sorted(words.items()) if found}


def write_literals(folder: Path, codes: Collection[str]) -> None:
    """Writes the literals as a word list for ripgrep, as rules for semgrep, and as a style for Vale."""
    folder.mkdir()
    found = literals(codes)
    every_word = sorted({word for words in found.values() for word in words})
    (folder / "words.txt").write_text("".join(f"{word}\n" for word in every_word), "utf-8")
    (folder / "semgrep.yml").write_text("".join(_semgrep(found)), "utf-8")
    style = folder / "styles" / "Claims"
    style.mkdir(parents=True)
    for code, words in found.items():
        (style / f"{code}.yml").write_text("".join(_vale(code, words)), "utf-8")
    (folder / "vale.ini").write_text(_VALE_SETTINGS, "utf-8")


def _semgrep(found: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """One rule of the generic mode each; as a regex, since a `pattern` per word takes four times as long."""
    yield "rules:\n"
    for code, words in found.items():
        regex = json.dumps(rf"(?i)\b(?:{'|'.join(words)})\b")
        yield f"- {{id: {code}, languages: [generic], severity: WARNING, message: {code}, pattern-regex: {regex}}}\n"


_VALE_SETTINGS = "StylesPath = styles\nMinAlertLevel = suggestion\n[*.md]\nBasedOnStyles = Claims\n"


def _vale(code: str, words: Iterable[str]) -> Iterator[str]:
    yield f"extends: existence\nmessage: '{code}: %s'\nlevel: warning\nignorecase: true\ntokens:\n"
    for word in words:
        yield f"  - {json.dumps(word)}\n"
