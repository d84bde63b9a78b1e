"""Lints files: reads each, collects findings and failures into one report; one bad file never stops the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from medlint.baseline import Baseline, compare
from medlint.discovery import FoundFile
from medlint.finding import Excused, Failure, Finding, Report, Severity, Suppressed, in_report_order
from medlint.linter import Lint, Linter
from medlint.readers import ReadError, format_for, known_suffixes, read_document
from medlint.regexes import RegexTimeout


@dataclass(frozen=True)
class Shown:
    """Which findings a report holds; the rest are counted by the reason they are held back."""

    pedantic: bool = False
    severity: Severity = Severity.INFO  # the least that is shown
    excused: bool = False  # also the matches that context excused


def lint_files(files: Iterable[FoundFile], linter: Linter, shown: Shown, failures: Iterable[Failure] = ()) -> Report:
    """The report over files on disk; `failures` are those met before, while looking for the files."""
    return _collect((_lint_file(file, linter, shown) for file in files), linter, shown, failures)


def without_accepted(report: Report, baseline: Baseline) -> Report:
    """The report with only what the baseline does not accept, and the entries that match nothing any more."""
    compared = compare(report.findings, baseline, report.linted)
    hidden = report.hidden | ({"in baseline": compared.accepted} if compared.accepted else {})
    stale = tuple(f"{entry.path}: {entry.code} ({entry.fingerprint})" for entry in compared.stale)
    return replace(report, findings=compared.new, hidden=hidden, stale=stale)


def stable_path(path: Path, label: str) -> str:
    """The path relative to the repository that holds the file, so that fingerprints are the same from any folder."""
    root = _repository(path.parent)
    return path.relative_to(root).as_posix() if root else label


@cache
def _repository(folder: Path) -> Path | None:
    """The folder with `.git` around a folder."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def lint_stdin(data: bytes, filename: str, linter: Linter, shown: Shown) -> Report:
    """The report over one text from standard input, read as the format of `filename`."""
    return _collect([_lint_bytes(filename, filename, lambda: data, linter, shown)], linter, shown, ())


def _lint_file(file: FoundFile, linter: Linter, shown: Shown) -> Lint | Failure:
    return _lint_bytes(file.label, stable_path(file.path, file.label), file.path.read_bytes, linter, shown)


def _lint_bytes(label: str, stable: str, read: Callable[[], bytes], linter: Linter, shown: Shown) -> Lint | Failure:
    format = format_for(label)
    if format is None:
        return unknown_format(label)
    try:
        return linter.lint(read_document(label, read(), format), stable_path=stable, audit=shown.excused)
    except OSError as error:
        return Failure(label, f"cannot be read: {error.strerror or error}")
    except (ReadError, RegexTimeout) as error:
        return Failure(label, str(error))
    except Exception as error:  # a defect of ours must not keep the other files from being linted
        return Failure(label, f"internal error, please report it: {type(error).__name__}: {error}")


def unknown_format(label: str) -> Failure:
    """The failure of a name whose suffix no reader knows."""
    suffix = Path(label).suffix or "no suffix"
    return Failure(label, f"unknown format ({suffix}); medlint reads {', '.join(known_suffixes())}")


def _collect(results: Iterable[Lint | Failure], linter: Linter, shown: Shown, failures: Iterable[Failure]) -> Report:
    findings: list[Finding] = []
    failed = list(failures)
    files = 0
    excused: list[Excused] = []
    hidden: Counter[str] = Counter()
    suppressed: list[Suppressed] = []
    used: set[str] = set()
    linted: set[str] = set()
    tiers = {rule.code: rule.tier for rule in linter.rulebook.rules}
    for result in results:
        if isinstance(result, Failure):
            failed.append(result)
            continue
        files += 1
        linted.add(result.stable_path)
        excused.extend(result.excused)
        suppressed.extend(result.suppressed)
        used.update(approval.claim.place for approval in result.approvals if approval.fit != "near")
        hidden["suppressed"] += len(result.suppressed)
        hidden["approved"] += sum(approval.fit == "approved" for approval in result.approvals)
        for finding in result.findings:
            if tiers.get(finding.code) == "pedantic" and not shown.pedantic:
                hidden["pedantic hidden"] += 1
            elif finding.severity.rank < shown.severity.rank:
                hidden[f"below {shown.severity.value}"] += 1
            else:
                findings.append(finding)
    held_back = {reason: count for reason, count in hidden.items() if count}
    return Report(
        findings=in_report_order(findings),
        failures=tuple(failed),
        files=files,
        hidden=held_back,
        excused=tuple(excused),
        suppressed=tuple(suppressed),
        linted=frozenset(linted),
        claims_used=frozenset(used),
    )
