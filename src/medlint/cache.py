"""Keeps what was found in each file, so that a run over an unchanged site reads instead of lints.

One entry per file and settings, in a folder beside the copy (`.medlint_cache`). An entry names the content, the rules
and the settings that it holds for; one that does not fit is written anew, so a site's entries stay as many as its
files. Behind their first line entries are JSON, and nothing read from them can run code. One that is missing, damaged
or cannot be written costs time and nothing else.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from medlint.document import Position
from medlint.finding import Citation, Excused, Finding, Related, Severity, Suppressed
from medlint.linter import Lint
from medlint.register import Approval, ApprovedClaim
from medlint.rule import Rule

FOLDER = ".medlint_cache"
_LONGEST_UNUSED = 30 * 24 * 3600  # seconds; entries not written for so long may be of files that are gone
_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# A cache folder of medlint; it may be deleted at any time.\n"


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
            head, _, lines = file.read_bytes().partition(b"\n")
        except OSError:
            return None
        if head == _head(wanted, lines):
            try:
                return _lint_from(json.loads(lines), rules, claims)
            except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
                pass  # whole, but not of our making
        elif head.endswith(_digest(lines).encode()):
            return None  # of other content, rules or settings
        self._note(f"{file}: damaged, so its file was linted again")
        return None

    def keep(self, wanted: Entry, lint: Lint, rules: Mapping[str, Rule]) -> None:
        """Keeps a result: written beside its place and renamed, so that runs at once never see half of one."""
        if self._broken:
            return
        lines = json.dumps(_lint_to(lint, rules), separators=(",", ":")).encode("utf-8", "surrogatepass")
        file = self._file(wanted)
        draft = file.with_name(f"{wanted.name}.{os.getpid()}.tmp")
        try:
            self._make_folder()
            draft.write_bytes(_head(wanted, lines) + b"\n" + lines)
            draft.replace(file)
        except OSError as error:
            self._broken = True
            self._note(f"no results are kept: {self.folder}: cannot be written: {error.strerror or error}")
            if self._made:
                draft.unlink(missing_ok=True)

    def prune(self) -> None:
        """Deletes the entries that were not written for a month, those of files that are gone among them."""
        oldest = time.time() - _LONGEST_UNUSED
        try:
            for each in os.scandir(self.folder):
                if each.name.endswith((".json", ".tmp")) and each.stat().st_mtime < oldest:
                    Path(each).unlink()
        except OSError:
            return  # another run was quicker, or the folder is gone: nothing to tell

    def _file(self, wanted: Entry) -> Path:
        return self.folder / f"{wanted.name}.json"

    def _make_folder(self) -> None:
        if self._made:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, text in ((".gitignore", "*\n"), ("CACHEDIR.TAG", _TAG)):
            if not (self.folder / name).exists():
                (self.folder / name).write_text(text, encoding="utf-8", newline="\n")
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
    }


def _lint_from(kept: dict[str, Any], rules: Mapping[str, Rule], claims: Iterable[ApprovedClaim]) -> Lint:
    by_place = {claim.place: claim for claim in claims}
    return Lint(
        tuple(_finding_from(each, rules) for each in kept["findings"]),
        kept["stable_path"],
        tuple(
            Excused(path, Position(*start), code, text, reason, _related_from(ground))
            for path, start, code, text, reason, ground in kept["excused"]
        ),
        tuple(Suppressed(_finding_from(finding, rules), reason) for finding, reason in kept["suppressed"]),
        tuple(Approval(fit, by_place[place]) for fit, place in kept["approvals"]),
    )


def _finding_to(finding: Finding, rules: Mapping[str, Rule]) -> dict[str, Any]:
    shared = _shared(rules.get(finding.code))
    values = {name: value for name, value in finding._asdict().items() if shared.get(name, ...) != value}
    return values | {"severity": finding.severity.value}


def _finding_from(values: dict[str, Any], rules: Mapping[str, Rule]) -> Finding:
    values = _shared(rules.get(values["code"])) | values
    values["start"], values["end"] = Position(*values["start"]), Position(*values["end"])
    values["severity"] = Severity(values["severity"])
    values["sources"] = tuple(Citation(*each) for each in values["sources"])
    values["related"] = tuple(map(_related_from, values["related"])) if "related" in values else ()
    return Finding(**values)


def _related_from(values: list[Any]) -> Related:
    start, end, message, text = values
    return Related(Position(*start), Position(*end), message, text)
