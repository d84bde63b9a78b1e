"""Keeps a loaded rulebook and its index between runs, as JSON in the user's cache folder, keyed by the packs' content.

A cache that is missing, stale, unreadable or unwritable costs time and nothing else; nothing read from it can run code.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import accumulate, pairwise
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any
from zlib import crc32

from medlint.contentkey import code_state, content_key, keep
from medlint.finding import Citation, Severity
from medlint.index import GUARDS, Index
from medlint.packs import bundled_pack
from medlint.prefilter import Requirements
from medlint.regularfiles import open_bytes
from medlint.required import Filed
from medlint.rule import Conditions, PageCondition, Rule, Rulebook
from medlint.vocabulary import Vocabulary, WordList


def cache_folder() -> Path | None:
    """Where rulebooks are kept: `MEDLINT_CACHE_DIR`, or the platform's folder for caches; None for a user without."""
    if given := os.environ.get("MEDLINT_CACHE_DIR"):
        return Path(given)
    try:
        return _platform_folder()
    except RuntimeError:  # no home: a container may run as a user whom the system does not know
        return None


def _platform_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "medlint" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/medlint"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "medlint"


def load_indexed(packs: Iterable[Path], folder: Path | None) -> tuple[Rulebook, Index]:
    """The bundled rules with further packs, and their index, from the cache when it holds them; raises PackError.

    Rules from the cache come without their examples, which linting does not need.
    """
    packs = list(packs)
    if not packs and (shipped := _shipped(folder)):
        return shipped
    if folder is None:
        return _loaded(packs)
    key = _key(packs, folder)
    file = folder / f"rulebook-{key}.json"
    kept = _read(file, key)
    if kept is None:
        kept = _loaded(packs)
        keep(file, _to_lines(*kept, key))
    return kept


SHIPPED = "rulebook.json"  # beside the rules in a wheel: so that the first run on a machine is as quick as the others


def write_shipped(file: Path) -> None:
    """Writes the bundled rules and their index for a wheel; raises PackError and OSError."""
    rulebook, index = _loaded([])
    rules = tuple(rule._replace(path=Path(rule.path).name) for rule in rulebook.rules)
    lists = {name: each._replace(path=Path(each.path).name) for name, each in rulebook.vocabulary.lists.items()}
    nowhere = rulebook._replace(rules=rules, vocabulary=rulebook.vocabulary._replace(lists=lists))
    file.write_bytes(_to_lines(nowhere, index, content_key([bundled_pack()])))


def _shipped(folder: Path | None) -> tuple[Rulebook, Index] | None:
    """The bundled rules as the wheel brought them; None in a checkout, and when somebody changed a rule since."""
    file = bundled_pack() / SHIPPED
    return _read(file, content_key([bundled_pack()], folder)) if file.is_file() else None


def rules_key(packs: Iterable[Path], folder: Path | None) -> str:
    """A checksum that changes with the rules, with Python and with medlint itself; raises PackError."""
    shipped = (bundled_pack() / SHIPPED).is_file()  # a wheel is told by its version, wherever and whenever installed
    key = f"{content_key([bundled_pack(), *packs], folder)} {sys.version}"
    return key if shipped else f"{key} {code_state()}"


def _read(file: Path, key: str) -> tuple[Rulebook, Index] | None:
    """What the file holds; None when it is not there, not whole, or of other rules."""
    try:
        with open_bytes(file) as opened:  # mapped, not read: a run looks at a small part of it
            return _from_lines(mmap(opened.fileno(), 0, access=ACCESS_READ), key)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None


def _loaded(packs: list[Path]) -> tuple[Rulebook, Index]:
    from medlint.index import build_index
    from medlint.rulebook import load_rulebook

    rulebook = load_rulebook(packs)
    return rulebook, build_index(rulebook)


def _key(packs: list[Path], folder: Path | None) -> str:
    """What changes with the packs and with medlint's own code; raises PackError when a pack is not there."""
    return f"{content_key([bundled_pack(), *packs], folder)}{code_state()}"


def _to_lines(rulebook: Rulebook, index: Index, key: str) -> bytes:
    """A first line of JSON with all that every run needs, then lines that are read when they are used."""
    vocabulary = rulebook.vocabulary
    texts = {key: _filed_to_text(filed) for key, filed in index.filed_lists.items()}
    texts |= {key: _filed_to_text(filed) for key, filed in index.filed_guards.items()}
    texts |= {("sets", shelf): _table_to_text(words) for shelf, words in _shelved(index.requirements.sets).items()}
    texts["words", "anchored"] = _table_to_text(index.requirements.by_anchor)
    texts["words", "by rule"] = _table_to_text(index.requirements.by_rule)
    texts["words", "spelling"] = _table_to_text(vocabulary.spelling)
    texts["words", "lists"] = _table_to_text(
        {each.name: f"{each.inflect} {each.path}" for each in vocabulary.lists.values()}
    )
    values: dict[tuple[str, str], Any] = {("list", each.name): list(each.entries) for each in vocabulary.lists.values()}
    values |= {
        (f"rule {rule.code}", key): _plain(getattr(rule, key))
        for rule in rulebook.rules
        for key in _LAZY
        if getattr(rule, key)
    }
    lines = [text.encode() for text in texts.values()] + [_dumped(value) for value in values.values()]
    head = {
        "key": key,
        "rules": [_rule_to_json(rule) for rule in rulebook.rules],
        "irregular_verbs": vocabulary.irregular_verbs,
        "irregular_nouns": vocabulary.irregular_nouns,
        "literals": index.literals,
        "always": index.requirements.always,
        "lines": _BETWEEN.join("/".join(key) for key in (*texts, *values)),
        "lengths": [len(line) + 1 for line in lines],
        "checksum": crc32(rest := b"\n".join(lines)),
    }
    return _dumped(head) + b"\n" + rest


def _dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _from_lines(data: mmap, key: str) -> tuple[Rulebook, Index]:
    head_end = data.find(b"\n")
    head = json.loads(data[:head_end])
    if head["key"] != key:
        raise ValueError("of other rules")
    if crc32(memoryview(data)[head_end + 1 :]) != head["checksum"]:
        raise ValueError("the lines after the first are damaged")
    starts = accumulate(head["lengths"], initial=head_end + 1)
    lines = _Lines(data, dict(zip(head["lines"].split(_BETWEEN), pairwise(starts), strict=True)))
    vocabulary = Vocabulary(
        _LazyLists(lines, _table_from_text(lines.text("words", "lists"))),
        _table_from_text(lines.text("words", "spelling")),
        head["irregular_verbs"],
        head["irregular_nouns"],
    )
    required = Requirements(
        head["always"],
        _table_from_text(lines.text("words", "anchored")),
        _Shelves(lines),
        _table_from_text(lines.text("words", "by rule")),
    )
    rules = tuple(_rule_from_json(each, lines) for each in head["rules"])
    filed = _FiledLines(lines)
    return Rulebook(rules, vocabulary), Index(filed, filed, required, head["literals"])


# Large tables are texts of their own making: to parse them as JSON would take a good part of a short run.
_BETWEEN = "\n"


def _table_to_text(table: Mapping[str, str]) -> str:
    return f"{_BETWEEN.join(table)}\t{_BETWEEN.join(table.values())}"


def _table_from_text(text: str) -> dict[str, str]:
    keys, values = text.split("\t")
    return dict(zip(keys.split(_BETWEEN), values.split(_BETWEEN), strict=True)) if keys else {}


def _filed_to_text(filed: Filed) -> str:
    return f"{filed.open}\t{_table_to_text(filed.by_word)}"


def _filed_from_text(text: str) -> Filed:
    unfiled, table = text.split("\t", 1)
    return Filed(_table_from_text(table), unfiled)


class _Lines(Mapping[tuple[str, str], Any]):
    """The lines after the first, each parsed when it is first asked for."""

    def __init__(self, data: mmap, places: dict[str, tuple[int, int]]) -> None:
        """`places` are by both parts of the key, "name/kind"."""
        self._data = data
        self._places = places
        self._parsed: dict[tuple[str, str], Any] = {}

    def __getitem__(self, key: tuple[str, str]) -> Any:
        if key not in self._parsed:
            start, end = self._places["/".join(key)]
            self._parsed[key] = json.loads(self._data[start : end - 1])
        return self._parsed[key]

    def text(self, name: str, kind: str) -> str:
        """The line as it stands."""
        start, end = self._places[f"{name}/{kind}"]
        return self._data[start : end - 1].decode()

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and "/".join(key) in self._places

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, kind) for name, _, kind in (place.partition("/") for place in self._places))

    def __len__(self) -> int:
        return len(self._places)


class _LazyItems(Sequence[Any]):
    """A list of a rule or of the vocabulary that is read from its line when somebody looks at it."""

    def __init__(self, lines: _Lines, key: tuple[str, str]) -> None:
        self._lines = lines
        self._key = key

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __len__(self) -> int:
        return len(self._items)

    @cached_property
    def _items(self) -> tuple[Any, ...]:
        items = self._lines[self._key]
        return tuple(Citation(*item) if isinstance(item, list) else item for item in items)


class _FiledLines(Mapping[tuple[str, str], Filed]):
    """What is filed under slots, and under rules with the kinds of their guards; read when it is asked for."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines

    def __getitem__(self, key: tuple[str, str]) -> Filed:
        return _filed_from_text(self._lines.text(*key))

    def __contains__(self, key: object) -> bool:
        return key in self._lines

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


class _LazyLists(Mapping[str, WordList]):
    """The word lists by name; `written` are how they inflect and where they stand."""

    def __init__(self, lines: _Lines, written: Mapping[str, str]) -> None:
        self._lines = lines
        self._written = written
        self._lists: dict[str, WordList] = {}

    def __getitem__(self, name: str) -> WordList:
        if name not in self._lists:
            inflect, _, path = self._written[name].partition(" ")
            self._lists[name] = WordList(name, _LazyItems(self._lines, ("list", name)), inflect, path)
        return self._lists[name]

    def __contains__(self, name: object) -> bool:
        return name in self._written

    def __iter__(self) -> Iterator[str]:
        return iter(self._written)

    def __len__(self) -> int:
        return len(self._written)


_SHELF = 2  # letters


def _shelved(table: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The table in parts by the first letters of its words."""
    shelves: dict[str, dict[str, str]] = {}
    for word, value in table.items():
        shelves.setdefault(word[:_SHELF], {})[word] = value
    return shelves


class _Shelves(Mapping[str, str]):
    """A table of which only the parts are read that hold the words of a page."""

    def __init__(self, lines: _Lines) -> None:
        self._lines = lines
        self._shelves: dict[str, dict[str, str]] = {}

    def __getitem__(self, word: str) -> str:
        return self._shelf(word[:_SHELF])[word]

    def __iter__(self) -> Iterator[str]:
        return (word for name, shelf in self._lines if name == "sets" for word in self._shelf(shelf))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _shelf(self, letters: str) -> dict[str, str]:
        if letters not in self._shelves:
            key = ("sets", letters)
            self._shelves[letters] = _table_from_text(self._lines.text(*key)) if key in self._lines else {}
        return self._shelves[letters]


_EXAMPLES = ("bad", "good", "todo_bad", "todo_good")
_LAZY = ("match", *GUARDS, "sources", "precedent")


def _plain(items: Iterable[Any]) -> list[Any]:
    """Texts as they are, citations as lists."""
    return [list(item) if isinstance(item, Citation) else item for item in items]


def _rule_to_json(rule: Rule) -> dict[str, Any]:
    """What the rule says itself; what it has by default is left out."""
    written = {name: getattr(rule, name) for name in Rule._fields if name not in (*_EXAMPLES, *_LAZY)}
    values = {name: value for name, value in written.items() if value != Rule._field_defaults.get(name, ...)}
    values["severity"] = {place: severity.value for place, severity in rule.severity.items()}
    for key in ("excused_by", "softened_by"):
        if key in values:
            values[key] = [" ".join(sorted(values[key].assertion)), *values[key][1:]]
    return values


_SEVERITIES = {severity.value: severity for severity in Severity}


@cache
def _conditions(assertion: str, *near: Any) -> Conditions:
    """What many rules share, made once."""
    return Conditions(frozenset(assertion.split()), *near)  # type: ignore[arg-type]  # as they were written


def _rule_from_json(values: dict[str, Any], lines: _Lines) -> Rule:
    values["severity"] = {place: _SEVERITIES[severity] for place, severity in values["severity"].items()}
    for key in ("excused_by", "softened_by"):
        if key in values:
            values[key] = _conditions(*values[key])
    for key in ("jurisdictions", "regex"):
        if key in values:
            values[key] = tuple(values[key])
    if "page" in values:
        claims, *lists = values["page"]
        values["page"] = PageCondition(tuple(claims), *lists)
    name = f"rule {values['code']}"
    lazy: dict[str, Any] = {key: _LazyItems(lines, (name, key)) if (name, key) in lines else () for key in _LAZY}
    return Rule(**values, **lazy)
