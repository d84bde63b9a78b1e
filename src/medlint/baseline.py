"""The findings that were there on the first day: a file that accepts each of them as often as it stood then.

It holds fingerprints, codes and paths, one line each so that versions merge, and no word of the copy.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from medlint.finding import Finding
from medlint.regularfiles import read_text

VERSION = 1


class BaselineError(Exception):
    """A baseline file that cannot be used, and what to do about it."""


class Accepted(NamedTuple):
    """Findings of one rule on one sentence of one page."""

    path: str  # relative to the repository
    code: str
    fingerprint: str  # without its count


class Baseline(NamedTuple):
    """How often each finding is accepted."""

    counts: Counter[Accepted]


class Comparison(NamedTuple):
    """Findings against a baseline."""

    new: tuple[Finding, ...]
    accepted: int
    stale: tuple[Accepted, ...]  # accepted once, found no more


def accepted_form(finding: Finding) -> Accepted:
    """What a baseline keeps of a finding."""
    return Accepted(finding.stable_path, finding.code, finding.fingerprint.partition(":")[0])


def compare(findings: Iterable[Finding], baseline: Baseline, linted: frozenset[str]) -> Comparison:
    """The findings beyond what the baseline accepts; `linted` are the stable paths of the run's files.

    An entry of a file that this run did not lint is not called stale.
    """
    left = Counter(baseline.counts)
    new: list[Finding] = []
    accepted = 0
    for finding in findings:
        form = accepted_form(finding)
        if left[form] > 0:
            left[form] -= 1
            accepted += 1
        else:
            new.append(finding)
    stale = sorted(form for form, count in left.items() if count > 0 and form.path in linted)
    return Comparison(tuple(new), accepted, tuple(stale))


def render_baseline(findings: Iterable[Finding]) -> str:
    """The text of a baseline file that accepts the findings."""
    counts = Counter(accepted_form(finding) for finding in findings)
    lines = [json.dumps({**form._asdict(), "count": counts[form]}, ensure_ascii=False) for form in sorted(counts)]
    entries = "".join(f"\n    {line}," for line in lines).rstrip(",")
    closing = "\n  ]" if lines else "]"
    return f'{{\n  "version": {VERSION},\n  "findings": [{entries}{closing}\n}}\n'


def load_baseline(path: Path) -> Baseline:
    """The baseline that a file holds; raises BaselineError."""
    try:
        content = json.loads(read_text(path))
    except FileNotFoundError:
        raise BaselineError(f"{path}: no such baseline; write one with --write-baseline {path}") from None
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise BaselineError(
            f"{path}: is no JSON ({error}); restore it, or write it anew with --write-baseline"
        ) from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise BaselineError(f'{path}: is no baseline of this version; expected an object with "version": {VERSION}')
    entries = content.get("findings")
    if not isinstance(entries, list):
        raise BaselineError(f'{path}: has no list "findings"')
    counts: Counter[Accepted] = Counter()
    for number, entry in enumerate(entries, start=1):
        form, count = _read_entry(entry, f"{path}: finding {number}")
        counts[form] += count
    return Baseline(counts)


def _read_entry(entry: object, where: str) -> tuple[Accepted, int]:
    keys = (*Accepted._fields, "count")
    if not isinstance(entry, dict) or set(entry) != set(keys):
        raise BaselineError(f"{where}: expected the keys {', '.join(keys)}")
    texts = [entry[key] for key in Accepted._fields]
    count = entry["count"]
    if not all(isinstance(text, str) for text in texts):
        raise BaselineError(f"{where}: {', '.join(Accepted._fields)} are texts")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise BaselineError(f"{where}: count is a number from 1, not {count!r}")
    return Accepted(*texts), count
