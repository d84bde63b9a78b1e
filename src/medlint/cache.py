"""Keeps what was found in each file, so that a run over an unchanged site reads instead of lints.

One entry per file and settings, in a folder beside the copy (`.medlint_cache`). An entry names the content, the rules
and the settings that it holds for; one that does not fit is written anew, so a site's entries stay as many as its
files, and those that no run has used for a month are deleted. Behind their first line entries are JSON, and nothing
read from them can run code. One that is missing, damaged or cannot be written costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple, get_args

from medlint.contentkey import write_whole
from medlint.document import Position
from medlint.finding import Citation, Excused, Finding, Related, Severity, Suppressed
from medlint.linter import Lint
from medlint.register import Approval, ApprovedClaim, Fit
from medlint.regularfiles import read_bytes
from medlint.rule import Rule

FOLDER = ".medlint_cache"
_DAY = 24 * 3600  # seconds
_LONGEST_UNUSED = 30 * _DAY  # entries that no run has used for so long may be of files that are gone
_OWN = re.compile(r"[0-9a-f]{32}\.(json|[a-z0-9_]+\.tmp)")  # other files in the folder are not ours to delete
_SIGNS = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n# Results of medlint; may be deleted at any time.\n",
}


class Entry(NamedTuple):
    """Where a result is kept, and what it must be the result of."""

    name: str
    holds_for: str


def entry(file: Iterable[str], state: str, data: bytes) -> Entry:
    """The entry of a file: `file` tells its result from those of others, `state` and content whether it still holds."""
    return Entry(_digest(*(each.encode("utf-8", "surrogatepass") for each in file)), _digest(state.encode(), data))


def _digest(*parts: bytes) -> str:
    digest = blake2b(digest_size=16)
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


class ResultCache:
    """The kept results in a folder, which is made when the first one is kept; `notes` tell what went wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.notes: list[str] = []
        self._broken = False  # nothing can be kept here
        self._made = False

    def find(self, wanted: Entry, rules: Mapping[str, Rule], claims: Iterable[ApprovedClaim]) -> Lint | None:
        """The kept result; None where there is none that holds."""
        file = self._file(wanted)
        try:
            head, _, lines = read_bytes(file).partition(b"\n")
        except OSError:
            return None
        if head == _head(wanted, lines):
            try:
                lint = _lint_from(json.loads(lines), rules, claims)
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                pass  # whole, but not of our making
            else:
                self._used(file)
                return lint
        elif head.endswith(_digest(lines).encode()):
            return None  # of other content, rules or settings
        self._note(f"{file}: damaged, so its file was linted again")
        return None

    def keep(self, wanted: Entry, lint: Lint, rules: Mapping[str, Rule]) -> None:
        """Keeps a result."""
        if self._broken:
            return
        lines = json.dumps(_lint_to(lint, rules), separators=(",", ":")).encode("utf-8", "surrogatepass")
        try:
            self._make_folder()
            write_whole(self._file(wanted), _head(wanted, lines) + b"\n" + lines)
        except OSError as error:
            self._broken = True
            self._note(f"no results are kept: {self.folder}: cannot be written: {error.strerror or error}")

    def prune(self) -> None:
        """Deletes the entries that no run has used for a month, those of files that are gone among them."""
        oldest = time.time() - _LONGEST_UNUSED
        with suppress(OSError):  # another run was quicker, or the folder is gone: nothing to tell
            for each in self.folder.iterdir():
                if _OWN.fullmatch(each.name) and each.stat().st_mtime < oldest:
                    each.unlink(missing_ok=True)

    def _used(self, file: Path) -> None:
        """Keeps an entry from being pruned; once a day is enough."""
        with suppress(OSError):
            if file.stat().st_mtime < time.time() - _DAY:
                os.utime(file)

    def _file(self, wanted: Entry) -> Path:
        return self.folder / f"{wanted.name}.json"

    def _make_folder(self) -> None:
        if self._made:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        # A folder in which something else lies belongs to somebody else; it is not for us to hide it from git.
        if all(name in _SIGNS or _OWN.fullmatch(name) for name in (each.name for each in self.folder.iterdir())):
            for name, text in _SIGNS.items():
                # A link that somebody put here is not followed, wherever it leads.
                with suppress(FileExistsError), (self.folder / name).open("x", encoding="utf-8", newline="\n") as sign:
                    sign.write(text)
        self._made = True

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _head(wanted: Entry, lines: bytes) -> bytes:
    """The first line of an entry: what it holds for, and what the lines after it must come to."""
    return f"{wanted.holds_for} {_digest(lines)}".encode()


# As JSON -------------------------------------------------------------------------------------------------------------

_OF_RULE = ("name", "category", "why", "instead", "sources")  # what most findings share with their rule


def _shared(rule: Rule | None) -> dict[str, Any]:
    if rule is None:
        return {}
    values = {name: getattr(rule, name) for name in _OF_RULE}
    return values | {"sources": (*rule.sources, *rule.precedent)}


def _lint_to(lint: Lint, rules: Mapping[str, Rule]) -> dict[str, Any]:
    return {
        "stable_path": lint.stable_path,
        "findings": [_finding_to(finding, rules) for finding in lint.findings],
        "excused": lint.excused,
        "suppressed": [[_finding_to(each.finding, rules), each.reason] for each in lint.suppressed],
        "approvals": [[each.fit, each.claim.place] for each in lint.approvals],
        "notes": lint.notes,
    }


def _lint_from(kept: dict[str, Any], rules: Mapping[str, Rule], claims: Iterable[ApprovedClaim]) -> Lint:
    by_place = {claim.place: claim for claim in claims}
    return Lint(
        tuple(_finding_from(each, rules) for each in kept["findings"]),
        _text(kept["stable_path"]),
        tuple(
            Excused(_text(path), _position(start), _text(code), _text(text), _text(reason), _related_from(ground))
            for path, start, code, text, reason, ground in kept["excused"]
        ),
        tuple(Suppressed(_finding_from(finding, rules), _text(reason)) for finding, reason in kept["suppressed"]),
        tuple(Approval(_FITS[fit], by_place[place]) for fit, place in kept["approvals"]),
        tuple(map(_text, kept["notes"])),
    )


def _finding_to(finding: Finding, rules: Mapping[str, Rule]) -> dict[str, Any]:
    shared = _shared(rules.get(finding.code))
    values = {name: value for name, value in finding._asdict().items() if shared.get(name, ...) != value}
    return values | {"severity": finding.severity.value}


def _finding_from(values: dict[str, Any], rules: Mapping[str, Rule]) -> Finding:
    values = _shared(rules.get(values["code"])) | values
    for name in _TEXTS_OF_FINDING:
        _text(values[name])
    values["start"], values["end"] = _position(values["start"]), _position(values["end"])
    values["severity"] = Severity(values["severity"])
    values["context_start"] = _number(values["context_start"])
    values["also_on"] = tuple(map(_text, values["also_on"]))
    first, last = values["utf8_columns"] or (None, None)
    values["utf8_columns"] = None if first is None else (_number(first), _number(last))
    values["sources"] = tuple(map(_citation_from, values["sources"]))
    values["related"] = tuple(map(_related_from, values["related"]))
    return Finding(**values)


def _citation_from(values: Iterable[Any]) -> Citation:
    cite, url, jurisdiction, checked = values
    return Citation(_text(cite), _text(url), _text(jurisdiction), checked is True)


def _related_from(values: Iterable[Any]) -> Related:
    start, end, message, text = values
    return Related(_position(start), _position(end), _text(message), _text(text))


# What is read must have the types that reports rely on: an entry with a fitting checksum can still be somebody's own.
_OTHERS_OF_FINDING = ("start", "end", "severity", "sources", "context_start", "related", "utf8_columns", "also_on")
_TEXTS_OF_FINDING = tuple(name for name in Finding._fields if name not in _OTHERS_OF_FINDING)
_FITS = {fit: fit for fit in get_args(Fit)}


def _position(values: Iterable[Any]) -> Position:
    line, column = values
    return Position(_number(line), _number(column))


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _text(value: object) -> str:
    if type(value) is not str:
        raise TypeError
    return value
