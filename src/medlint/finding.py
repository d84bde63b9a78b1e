"""Findings and the report that holds them: frozen, self-contained, in one order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import NamedTuple

from medlint.document import Position


class Severity(Enum):
    """How much a finding weighs: an error blocks, a warning wants a reason, an info is worth a look."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """3 for error, 2 for warning, 1 for info."""
        return {"error": 3, "warning": 2, "info": 1}[self.value]


class Citation(NamedTuple):
    """The law, guidance or enforcement case behind a rule."""

    cite: str
    url: str = ""
    jurisdiction: str = ""
    checked: bool = True  # False: from general knowledge, not read at its source


class Related(NamedTuple):
    """A place that bears on a finding, such as the risk that softened it."""

    start: Position
    end: Position
    message: str
    text: str


class Finding(NamedTuple):
    """One risky claim, with all that a reader needs to judge it."""

    path: str  # relative to the working directory, forward slashes
    start: Position
    end: Position  # exclusive
    code: str
    name: str
    category: str  # slug of the taxonomy
    severity: Severity
    message: str
    text: str  # the claim as the page shows it
    why: str
    instead: str
    sources: tuple[Citation, ...]
    context: str  # the block's prose, for the frame
    context_start: int  # where `text` stands in `context`
    fingerprint: str = ""
    stable_path: str = ""  # the path in the fingerprint: relative to the repository, the same from any folder
    related: tuple[Related, ...] = ()
    place: str = ""  # what a person calls it ("page 3, line 4") where it is no mere line
    utf8_columns: tuple[int, int] | None = None  # of start and end, from 1 in bytes of UTF-8, as some programs count
    also_on: tuple[str, ...] = ()  # the other pages of a site that say the same in the same block

    @property
    def sort_key(self) -> tuple[str, Position, Position, str]:
        """Path, place, code: the order of every report."""
        return (self.path, self.start, self.end, self.code)

    @property
    def last_line(self) -> int:
        """The last line that holds a part of the claim; an end in column 1 is that of the line before."""
        return self.end.line - (self.end.column == 1 and self.end.line > self.start.line)


class Excused(NamedTuple):
    """A match that its context excused: what a reviewer sees who asks why something was not reported."""

    path: str
    start: Position
    code: str
    text: str
    reason: str
    ground: Related


class Suppressed(NamedTuple):
    """A finding that a comment in the copy accepts, and the reason it gives."""

    finding: Finding
    reason: str


class RuleInfo(NamedTuple):
    """What reports tell of a rule, whether or not it found anything."""

    code: str
    name: str
    category: str
    severity: Severity
    summary: str  # what it flags, in one sentence
    why: str
    instead: str
    help: str  # all of it, told in full
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    excused_by: tuple[str, ...] = ()
    sources: tuple[Citation, ...] = ()


class Failure(NamedTuple):
    """A file or setting that could not be used; it makes the run exit 2."""

    path: str
    message: str


class Counts(NamedTuple):
    """Findings of each severity."""

    errors: int = 0
    warnings: int = 0
    infos: int = 0

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self)


class PageSummary(NamedTuple):
    """What one page of a site has: its findings, and how many more it repeats that an earlier page has."""

    path: str
    counts: Counts
    repeated: int = 0


class SiteSummary(NamedTuple):
    """Where the findings of a site stand and what they are about; the most frequent first."""

    pages: tuple[PageSummary, ...] = ()  # those that have or repeat findings
    categories: tuple[tuple[str, Counts], ...] = ()


class Report(NamedTuple):
    """Everything one run found: what reports print and exit codes are decided by."""

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    files: int = 0  # files that were linted
    hidden: Mapping[str, int] = {}  # reason ("suppressed", "pedantic hidden") -> findings held back
    excused: tuple[Excused, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    linted: frozenset[str] = frozenset()  # stable paths of the files
    stale: tuple[str, ...] = ()  # entries of the baseline that match nothing any more
    claims_used: frozenset[str] = frozenset()  # entries of the register that the copy uses, path:line
    notes: tuple[str, ...] = ()  # what went wrong and changes no finding
    rules: tuple[RuleInfo, ...] = ()  # what was looked for, in order of codes; only for formats that ask for it
    site: SiteSummary | None = None  # where the run was over a built site as a whole


def counts_of(findings: Iterable[Finding]) -> Counts:
    """How many of the findings have each severity."""
    severities = Counter(finding.severity for finding in findings)
    return Counts(severities[Severity.ERROR], severities[Severity.WARNING], severities[Severity.INFO])


def in_report_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the one order that every report uses."""
    return tuple(sorted(findings, key=lambda finding: finding.sort_key))


def fingerprint(code: str, path: str, sentence: str, occurrence: int) -> str:
    """A key that survives moved and re-wrapped text: code, path and normalised sentence, hashed, and a count.

    `occurrence` counts from 1 the findings of one page that share the other parts.
    """
    import hashlib  # only runs that find something need it

    normalised = " ".join(sentence.casefold().split())
    digest = hashlib.blake2b("\0".join((code, path, normalised)).encode("utf-8", "surrogatepass"), digest_size=10)
    return f"{digest.hexdigest()}:{occurrence}"
