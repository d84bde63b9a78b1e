"""Lints files: reads each, collects findings and failures into one report; one bad file never stops the others."""

from __future__ import annotations

import gc
import os
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from medlint.discovery import FoundFile
from medlint.finding import Failure, Finding, Report, Severity, Suppressed, in_report_order
from medlint.linter import Lint, Linter
from medlint.profiles import CommandLine, Profile, Profiles
from medlint.readers import ReadError, format_for, known_suffixes, read_document, way_out
from medlint.regexes import RegexTimeout
from medlint.regularfiles import read_bytes

if TYPE_CHECKING:
    from medlint.baseline import Baseline
    from medlint.cache import Entry, ResultCache
    from medlint.changes import Changes
    from medlint.document import Document

_Done = TypeVar("_Done")


class Shown(NamedTuple):
    """Which findings a report holds; those below are counted."""

    severity: Severity = Severity.INFO  # the least that is shown
    excused: bool = False  # also the matches that context excused


def lint_files(
    files: Sequence[FoundFile],
    profiles: Profiles,
    shown: Shown,
    failures: Iterable[Failure] = (),
    *,
    jobs: int | None = 1,
    cache: Path | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Report:
    """The report over files on disk; `failures` are those met before, while looking for the files.

    `jobs` processes share the work, None as many as are worth it; the report is the same for any number of them.
    `cache` is the folder of results that are kept from run to run. `progress` is told how many files are done.
    """
    collected = _Collected(shown, failures)
    found = [profiles.profile(file.path) for file in files]  # a broken configuration ends the run before it starts
    bench = _Bench(profiles, shown, _result_cache(cache))
    kept = {file: lint for file in files if (lint := _kept(file, bench))} if bench.cache else {}
    wanting = [file for file in files if file not in kept]
    with closing(_results(wanting, bench, _jobs_for(wanting) if jobs is None else jobs)) as new:  # Ctrl-C ends all
        for done, (file, profile) in enumerate(zip(files, found, strict=True), 1):
            linted = _Linted(kept[file]) if file in kept else next(new)
            collected.add(file.label, linted.result, profile)
            collected.notes.update(dict.fromkeys(linted.notes))
            progress(done)
    if bench.cache:
        collected.notes = dict.fromkeys((*bench.cache.notes, *collected.notes))
        bench.cache.prune()
    return collected.report()


def _jobs_for(files: Sequence[FoundFile]) -> int:
    """As many processes as there are cores, and one where starting more would take longer than the work."""
    return max(1, min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
                      len(files) // _FILES_PER_JOB))  # fmt: skip


_FILES_PER_JOB = 300  # each process makes its own rules ready as it meets their words, which takes seconds
_BATCH = 50  # files that a process is handed at once, and reads ahead; fewer where some would get none
_BATCHES_PER_JOB = 4  # so that a process with short files has more of them


class _Linted(NamedTuple):
    """What became of one file, and what went wrong with its kept result."""

    result: Lint | Failure
    notes: tuple[str, ...] = ()


def _results(files: Sequence[FoundFile], bench: _Bench, jobs: int) -> Generator[_Linted, None, None]:
    if jobs <= 1 or len(files) <= 1:
        yield from _lint_batch(files, bench)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    size = max(1, min(_BATCH, len(files) // (jobs * _BATCHES_PER_JOB)))
    batches = [files[start : start + size] for start in range(0, len(files), size)]
    command_line, folder = bench.profiles.command_line, bench.cache.folder if bench.cache else None
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_start_worker,
                             initargs=(command_line, bench.shown, folder, gc.get_threshold())) as pool:  # fmt: skip
        with _interrupts_ignored():  # by the processes that start here, from their first moment on
            linted = pool.map(_lint_in_worker, batches)
        for results in linted:
            yield from results


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Ctrl-C is for the process that hands out the work; those started meanwhile inherit the deaf ear."""
    import signal
    from threading import current_thread, main_thread

    if current_thread() is not main_thread():  # elsewhere Python lets nobody set signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Bench(NamedTuple):
    """What one process lints with."""

    profiles: Profiles
    shown: Shown
    cache: ResultCache | None


_worker: list[_Bench] = []  # of a process that helps another


def _start_worker(
    command_line: CommandLine, shown: Shown, cache: Path | None, gc_threshold: tuple[int, int, int]
) -> None:
    import signal

    gc.set_threshold(*gc_threshold)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that hands out the work
    _worker.append(_Bench(Profiles(command_line), shown, _result_cache(cache)))


def _lint_in_worker(files: Sequence[FoundFile]) -> list[_Linted]:
    return list(_lint_batch(files, _worker[0]))


def _result_cache(folder: Path | None) -> ResultCache | None:
    if folder is None:
        return None
    from medlint.cache import ResultCache

    return ResultCache(folder)


def _lint_batch(files: Iterable[FoundFile], bench: _Bench) -> Iterator[_Linted]:
    for pages in _read_ahead(files, bench):
        _prepare(pages)
        while pages:
            result = _lint_page(pages.popleft(), bench)  # and let go of it: a page may be large
            yield _Linted(result, tuple(bench.cache.notes) if bench.cache else ())


class _Page(NamedTuple):
    """A file that has been read, or why not, and what it is linted with."""

    file: FoundFile
    document: Document | Failure
    profile: Profile
    entry: Entry | None = None  # under which its result is kept


_READ_AHEAD = 500_000  # characters: the sentences of as many pages are matched together


def _read_ahead(files: Iterable[FoundFile], bench: _Bench) -> Iterator[deque[_Page]]:
    """The files, some at a time."""
    pages: deque[_Page] = deque()
    size = 0
    for file in files:
        pages.append(_read(file, bench))
        size += _size(pages[-1])
        if size >= _READ_AHEAD:
            yield pages
            pages, size = deque(), 0
    yield pages


def _size(page: _Page) -> int:
    return 0 if isinstance(page.document, Failure) else len(page.document.source.text)


def _prepare(pages: Iterable[_Page]) -> None:
    by_linter: dict[Linter, list[Document]] = {}
    for page in pages:
        if not isinstance(page.document, Failure):
            by_linter.setdefault(page.profile.linter, []).append(page.document)
    for linter, documents in by_linter.items():
        if len(documents) > 1:
            with suppress(Exception):  # whatever goes wrong goes wrong again, and is told, when the page is linted
                linter.prepare(documents)


def _kept(file: FoundFile, bench: _Bench) -> Lint | None:
    """The kept result of a file, where one holds; what keeps the file from being read is told when it is linted."""
    if bench.cache is None or format_for(file.label) is None:
        return None
    try:
        data = read_bytes(file.path)
    except OSError:
        return None
    profile = bench.profiles.profile(file.path)
    linter = profile.linter
    claims = linter.register.claims if linter.register else ()
    return bench.cache.find(_entry(file, data, profile, bench.shown), linter.rules, claims)


def _read(file: FoundFile, bench: _Bench) -> _Page:
    profile = bench.profiles.profile(file.path)
    if format_for(file.label) is None:
        return _Page(file, unknown_format(file.label), profile)
    try:
        data = read_bytes(file.path)
    except OSError as error:
        return _Page(file, Failure(file.label, f"cannot be read: {error.strerror or error}"), profile)
    # The key is of these very bytes: the file may have changed since its kept result was looked for.
    entry = _entry(file, data, profile, bench.shown) if bench.cache else None
    return _Page(file, _document(file.label, data, profile), profile, entry)


def _lint_page(page: _Page, bench: _Bench) -> Lint | Failure:
    file, document, profile, entry = page
    result = _lint(document, stable_path(file.path, file.label), profile, bench.shown)
    if bench.cache and entry and isinstance(result, Lint):
        bench.cache.keep(entry, result, profile.linter.rules)
    return result


def _entry(file: FoundFile, data: bytes, profile: Profile, shown: Shown) -> Entry:
    from medlint.cache import entry

    names = (file.label, stable_path(file.path, file.label), profile.settings, f"excused: {shown.excused}")
    return entry(names, profile.state, data)


def without_accepted(report: Report, baseline: Baseline) -> Report:
    """The report with only what the baseline does not accept, and the entries that match nothing any more."""
    from medlint.baseline import compare

    compared = compare(report.findings, baseline, report.linted)
    hidden = {**report.hidden, **({"in baseline": compared.accepted} if compared.accepted else {})}
    stale = tuple(f"{entry.path}: {entry.code} ({entry.fingerprint})" for entry in compared.stale)
    return report._replace(findings=compared.new, hidden=hidden, stale=stale)


def only_changed(report: Report, files: Iterable[FoundFile], revision: str | None) -> Report:
    """The report with only the findings on lines that changed, those of a whole page where the page was touched.

    Raises GitError where git cannot tell.
    """
    from medlint.changes import Changes, changes_since

    lines: dict[str, frozenset[int] | None] = {}
    for root in dict.fromkeys(_repository_of(file) for file in files):
        lines |= changes_since(root, revision).lines
    changes = Changes(lines)
    kept = tuple(finding for finding in report.findings if _is_changed(finding, changes))
    unchanged = len(report.findings) - len(kept)
    hidden = {**report.hidden, **({"on unchanged lines": unchanged} if unchanged else {})}
    suppressed = tuple(each for each in report.suppressed if _is_changed(each.finding, changes))
    return report._replace(findings=kept, hidden=hidden, suppressed=suppressed)


def _is_changed(finding: Finding, changes: Changes) -> bool:
    format = format_for(finding.path)
    if finding.category == _WHOLE_PAGE or (format and not format.is_text):  # git knows nothing of paragraphs
        return finding.stable_path in changes.lines
    return changes.touches(finding.stable_path, finding.start.line, finding.end.line)


def _repository_of(file: FoundFile) -> Path:
    root = _repository(file.path.parent)
    if root is None:
        from medlint.changes import GitError

        raise GitError(f"{file.label} lies in no git repository, so what changed in it is not known")
    return root


_WHOLE_PAGE = "disclosure"  # its rules report what the page as a whole lacks


def stable_path(path: Path, label: str) -> str:
    """The path relative to the repository that holds the file, so that fingerprints are the same from any folder."""
    root = _repository(path.parent)
    return path.relative_to(root).as_posix() if root else label


@cache
def _repository(folder: Path) -> Path | None:
    """The folder with `.git` around a folder."""
    return next((each for each in (folder, *folder.parents) if os.path.lexists(each / ".git")), None)


def lint_stdin(data: bytes, filename: str, profile: Profile, shown: Shown) -> Report:
    """The report over one text from standard input, read as the format of `filename`."""
    collected = _Collected(shown, ())
    collected.add(filename, _lint(_document(filename, data, profile), filename, profile, shown), profile)
    return collected.report()


def _document(label: str, data: bytes, profile: Profile) -> Document | Failure:
    format = format_for(label)
    if format is None:
        return unknown_format(label)
    return _guarded(label, lambda: read_document(label, data, format, profile.names))


def _lint(document: Document | Failure, stable_path: str, profile: Profile, shown: Shown) -> Lint | Failure:
    if isinstance(document, Failure):
        return document
    lint = profile.linter.lint
    return _guarded(document.source.path, lambda: lint(document, stable_path=stable_path, audit=shown.excused))


def _guarded(label: str, work: Callable[[], _Done]) -> _Done | Failure:
    """What the work comes to, or why it failed."""
    try:
        return work()
    except (ReadError, RegexTimeout) as error:
        return Failure(label, str(error))
    except Exception as error:  # a defect of ours must not keep the other files from being linted
        return Failure(label, f"internal error, please report it: {type(error).__name__}: {error}")


def unknown_format(label: str) -> Failure:
    """The failure of a name whose suffix no reader knows."""
    suffix = Path(label).suffix
    advice = way_out(suffix.lower()) or f"medlint reads {', '.join(known_suffixes())}"
    return Failure(label, f"unknown format ({suffix or 'no suffix'}); {advice}")


class _Collected:
    """What a run has come to so far."""

    def __init__(self, shown: Shown, failures: Iterable[Failure]) -> None:
        self._shown = shown
        self._failures = list(failures)
        self._lints: list[Lint] = []
        self._findings: list[Finding] = []
        self._suppressed: list[Suppressed] = []
        self._hidden: Counter[str] = Counter()
        self.notes: dict[str, None] = {}  # in order of appearance, each once

    def add(self, path: str, result: Lint | Failure, profile: Profile) -> None:
        """Take in the result of one file."""
        if isinstance(result, Failure):
            self._failures.append(result)
            return
        self._lints.append(result)
        self.notes.update(dict.fromkeys(f"{path}: {note}" for note in result.notes))
        self._hidden["suppressed"] += len(result.suppressed)
        self._hidden["approved"] += sum(approval.fit == "approved" for approval in result.approvals)
        self._suppressed += (each for each in result.suppressed if not self._held_back(each.finding, profile))
        for finding in result.findings:
            if held_back := self._held_back(finding, profile):
                self._hidden[held_back] += 1
            else:
                self._findings.append(finding)

    def _held_back(self, finding: Finding, profile: Profile) -> str:
        """Why the report does not hold a finding; "" when it does."""
        if finding.code in profile.linter.pedantic_codes and not profile.pedantic:
            return "pedantic hidden"
        return f"below {self._shown.severity.value}" if finding.severity.rank < self._shown.severity.rank else ""

    def report(self) -> Report:
        """Everything, in report order."""
        approvals = [each for lint in self._lints for each in lint.approvals if each.fit != "near"]
        return Report(
            findings=in_report_order(self._findings),
            failures=tuple(self._failures),
            files=len(self._lints),
            hidden={reason: count for reason, count in self._hidden.items() if count},
            excused=tuple(each for lint in self._lints for each in lint.excused),
            suppressed=tuple(self._suppressed),
            linted=frozenset(lint.stable_path for lint in self._lints),
            claims_used=frozenset(approval.claim.place for approval in approvals),
            notes=tuple(self.notes),
        )
