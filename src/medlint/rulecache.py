"""Keeps a loaded rulebook and its index between runs, as JSON in the user's cache folder, keyed by the packs' content.

A cache that is missing, stale, unreadable or unwritable costs time and nothing else; nothing read from it can run code.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from medlint import __version__
from medlint.finding import Citation, Severity
from medlint.index import Index, build_index, index_from_json, index_to_json
from medlint.rulebook import Conditions, Rule, Rulebook, bundled_pack, load_rulebook, pack_files
from medlint.schema import Place
from medlint.vocabulary import Vocabulary, WordList

_KEPT = 6  # rulebooks in the cache; the oldest go


def cache_folder() -> Path:
    """Where rulebooks are kept: `MEDLINT_CACHE_DIR`, or the platform's folder for caches."""
    if given := os.environ.get("MEDLINT_CACHE_DIR"):
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "medlint" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/medlint"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "medlint"


def load_indexed(packs: Iterable[Path], folder: Path | None) -> tuple[Rulebook, Index]:
    """The bundled rules with further packs, and their index, from the cache when it holds them; raises PackError."""
    packs = list(packs)
    if folder is None:
        return _loaded(packs)
    file = folder / f"rulebook-{_key(packs)}.json"
    try:
        return _from_json(json.loads(file.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        rulebook, index = _loaded(packs)
        _write(file, _to_json(rulebook, index))
        return rulebook, index


def _loaded(packs: list[Path]) -> tuple[Rulebook, Index]:
    rulebook = load_rulebook(packs)
    return rulebook, build_index(rulebook)


def _key(packs: list[Path]) -> str:
    """A hash of medlint's version and of every byte of the packs; raises PackError when a pack is not there."""
    digest = hashlib.blake2b(f"{__version__} {sys.version_info[:2]}".encode(), digest_size=16)
    for pack in (bundled_pack(), *packs):
        for file in pack_files(pack):
            digest.update(f"\0{file}\0".encode("utf-8", "surrogateescape"))
            try:
                digest.update(file.read_bytes())
            except OSError:
                digest.update(b"unreadable")  # loading it will say so
    for module in ("rulebook", "index", "matching", "prefilter", "phrases", "vocabulary", "rulecache"):
        status = (Path(__file__).parent / f"{module}.py").stat()  # in a checkout the code changes between versions
        digest.update(f"{status.st_mtime_ns} {status.st_size}".encode())
    return digest.hexdigest()


def _write(file: Path, values: dict[str, Any]) -> None:
    """Writes to a file of its own and renames it, so that two runs at once never see half a rulebook."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            json.dump(values, opened, ensure_ascii=False, separators=(",", ":"))
        Path(temporary).replace(file)
        for old in sorted(file.parent.glob("rulebook-*.json"), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    except OSError:
        return


def _to_json(rulebook: Rulebook, index: Index) -> dict[str, Any]:
    vocabulary = rulebook.vocabulary
    return {
        "rules": [_rule_to_json(rule) for rule in rulebook.rules],
        "lists": [[each.name, each.entries, each.inflect, each.path] for each in vocabulary.lists.values()],
        "spelling": vocabulary.spelling,
        "irregular_verbs": vocabulary.irregular_verbs,
        "irregular_nouns": vocabulary.irregular_nouns,
        "index": index_to_json(index),
    }


def _from_json(values: dict[str, Any]) -> tuple[Rulebook, Index]:
    vocabulary = Vocabulary(
        {name: WordList(name, entries, inflect, path) for name, entries, inflect, path in values["lists"]},
        values["spelling"],
        values["irregular_verbs"],
        values["irregular_nouns"],
    )
    rules = tuple(_rule_from_json(each) for each in values["rules"])
    return Rulebook(rules, vocabulary), index_from_json(values["index"])


def _rule_to_json(rule: Rule) -> dict[str, Any]:
    values = {each.name: getattr(rule, each.name) for each in fields(rule)}
    values["severity"] = {place: severity.value for place, severity in rule.severity.items()}
    for key in ("excused_by", "softened_by"):
        conditions = values[key]
        values[key] = [sorted(conditions.assertion), conditions.source, conditions.half_source, conditions.risk]
    for key in ("sources", "precedent"):
        values[key] = [[each.cite, each.url, each.jurisdiction, each.checked] for each in values[key]]
    values["place"] = [rule.place.path, rule.place.line, rule.place.column]
    return values


def _rule_from_json(values: dict[str, Any]) -> Rule:
    values["severity"] = {place: Severity(severity) for place, severity in values["severity"].items()}
    for key in ("excused_by", "softened_by"):
        assertion, *near = values[key]
        values[key] = Conditions(frozenset(assertion), *near)
    for key in ("sources", "precedent"):
        values[key] = tuple(Citation(*each) for each in values[key])
    values["place"] = Place(*values["place"])
    return Rule(**{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()})
