"""The command line: the only module that prints or exits."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import click

from medlint import __version__

if TYPE_CHECKING:
    from medlint.baseline import Baseline
    from medlint.config import Config, Selector, Settings
    from medlint.discovery import Discovery, FoundFile
    from medlint.finding import Excused, Report
    from medlint.profiles import Profiles
    from medlint.register import Register
    from medlint.reports import RenderOptions
    from medlint.rule import Rule, Rulebook

# contract: exit codes, the same in every format.
CLEAN, FINDINGS, FAILED = 0, 1, 2
INTERRUPTED = 130  # 128 and the number of the signal, as shells count

_SEVERITIES = ("error", "warning", "info")
_FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "csv")
_JURISDICTIONS = ("us", "uk", "ie", "eu", "au", "nz", "ca")
# Whether a path can be read is told by what reads it, and one that cannot does not stop the others.
_PATH = click.Path(path_type=Path, readable=False)
_FOLDER = click.Path(path_type=Path, readable=False, file_okay=False)


def run() -> NoReturn:
    """The console script: `main`, then an end without the fifth of a run that taking the rulebook apart would cost."""
    gc.set_threshold(200_000)  # a rulebook is many small objects that all live as long as the run
    code: object = CLEAN
    try:
        main()
    except SystemExit as ended:
        code = ended.code
    with suppress(OSError):  # a full disk or a closed pipe, which was told before
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else FAILED if code else CLEAN)


class _Commands(click.Group):
    """Commands that end with an exit code and a harmless message, whatever they are given and wherever they print."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
            if getattr(sys, name) is None:  # closed by the caller
                setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
        try:
            return super().main(*args, **kwargs)
        except OSError as error:  # what a command can name it has named
            with suppress(OSError):
                where = f"{error.filename}: " if error.filename else ""
                _tell(f"error: cannot go on: {where}{error.strerror or error}")
            raise SystemExit(FAILED) from None

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:  # a hook passes names of files, and one may look like a flag
            from medlint.reports.terminal import visible

            raise click.UsageError(visible(error.format_message()), error.ctx) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="medlint")
def main() -> None:
    """Finds risky health claims in marketing copy, line by line.

    Exit codes: 0 clean; 1 findings at or above --fail-on; 2 the job could not be done (bad usage, a broken rule pack,
    an unreadable file, nothing to lint). They are the same in every format.
    """


def _jobs(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if value != "auto" and not (
        value.isascii() and value.isdigit() and len(value) < 4 and 1 <= int(value) <= _MOST_JOBS
    ):
        raise click.BadParameter(f"'{value}' is neither 'auto' nor a number from 1 to {_MOST_JOBS}")
    return value


_MOST_JOBS = 64


class Target(NamedTuple):
    """A report that is wanted, and the file it goes to; None for standard output."""

    format_name: str
    file: Path | None = None


def _targets(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[Target, ...]:
    targets = tuple(map(_target, values)) or (Target("text"),)
    for file in (target.file for target in targets):
        if [target.file for target in targets].count(file) > 1:
            where = file or "standard output"
            raise click.BadParameter(f"two reports cannot share {where}; give each a file of its own: FORMAT=FILE")
    return targets


def _target(value: str) -> Target:
    name, equals, file = value.partition("=")
    if name not in _FORMATS:
        from medlint.schema import expected

        raise click.BadParameter(f"no format is called '{name}'; {expected(name, _FORMATS)}")
    if equals and not file:
        raise click.BadParameter(f"'{value}' names no file; write {name}=FILE")
    return Target(name, Path(file) if file else None)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(readable=False), metavar="[PATH]...")
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False),
    metavar="FOLDER",
    help="Lint a built website: pages in the order of its sitemap or links, repeated blocks reported once.",
)
@click.option(
    "--select",
    multiple=True,
    metavar="CODES",
    help="Only these rules: code prefixes (CUR, SAF0) or categories, comma-separated.",
)
@click.option(
    "--ignore", multiple=True, metavar="CODES", help="All but these rules; the longest prefix wins over --select."
)
@click.option(
    "--rules",
    "packs",
    multiple=True,
    type=_PATH,
    metavar="PATH",
    help="Add a rule pack: a file or folder.",
)
@click.option(
    "--jurisdiction",
    "jurisdictions",
    multiple=True,
    type=click.Choice(_JURISDICTIONS),
    help="Whose rules apply; repeat for several. [default: us]",
)
@click.option("--pedantic", is_flag=True, help="Also the rules that are worth a look but often innocent.")
@click.option(
    "--severity",
    type=click.Choice(_SEVERITIES),
    default="info",
    show_default=True,
    help="Show findings from this level up.",
)
@click.option("--fail-on", type=click.Choice(_SEVERITIES), help="Exit 1 from this level up.  [default: warning]")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings (never instead of 2).")
@click.option(
    "--format",
    "targets",
    multiple=True,
    metavar="FORMAT[=FILE]",
    callback=_targets,
    help=f"How to report: {', '.join(_FORMATS)}. Repeat with files for several reports.  [default: text]",
)
@click.option("-o", "--output", type=_PATH, metavar="FILE", help="Write the report to a file.")
@click.option("--statistics", is_flag=True, help="Count findings per rule, most frequent first.")
@click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Colour the report.",
)
@click.option("-q", "--quiet", is_flag=True, help="No summary line.")
@click.option("-v", "--verbose", is_flag=True, help="Show the law behind each finding too.")
@click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="Pass over matching files in folders, as in .gitignore."
)
@click.option("--force-exclude", is_flag=True, help="Apply ignore files and --exclude to named files too.")
@click.option("--stdin-filename", metavar="NAME", help="What to call standard input (-); its suffix gives the format.")
@click.option(
    "--config",
    "config_file",
    type=_PATH,
    metavar="FILE",
    help="Use this configuration instead of the nearest one above each file.",
)
@click.option("--isolated", is_flag=True, help="Use no configuration file.")
@click.option("--show-settings", is_flag=True, help="Print the settings of the first path, and stop.")
@click.option("--show-files", is_flag=True, help="List what would be linted and why a file is not, and stop.")
@click.option(
    "--show-excused", is_flag=True, help="Also list on standard error the matches that context excused, and why."
)
@click.option("--claims", type=_PATH, metavar="FILE", help="The register of approved claims (claims.yml).")
@click.option(
    "--baseline",
    type=_PATH,
    metavar="FILE",
    help="Leave out the findings that this file accepts; written by --write-baseline.",
)
@click.option(
    "--write-baseline",
    type=_PATH,
    metavar="FILE",
    help="Accept all findings of this run in FILE, and report none.",
)
@click.option(
    "--jobs",
    default="auto",
    metavar="N|auto",
    callback=_jobs,
    help="Processes that share the work.  [default: auto]",
)
@click.option(
    "--cache-dir",
    type=_FOLDER,
    metavar="FOLDER",
    envvar="MEDLINT_RESULTS_DIR",
    help="Where results are kept for the next run.  [default: .medlint_cache beside the configuration, or here]",
)
@click.option("--no-cache", is_flag=True, envvar="MEDLINT_NO_CACHE", help="Neither use nor keep results.")
@click.option("--diff", metavar="REV", help="Only findings on lines that changed since REV (REV... since the fork).")
@click.option("--staged", is_flag=True, help="Only findings on lines that are staged for commit.")
@click.option(
    "--no-suppressions", is_flag=True, help="Audit: report also what comments in the copy accept (medlint: ignore)."
)
@click.option(
    "--unused-claims", is_flag=True, help="Also list on standard error the approved claims that no file uses."
)
def check(
    paths: tuple[str, ...],
    *,
    site: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    packs: tuple[Path, ...],
    jurisdictions: tuple[str, ...],
    pedantic: bool,
    severity: str,
    fail_on: str | None,
    exit_zero: bool,
    targets: tuple[Target, ...],
    output: Path | None,
    statistics: bool,
    color: str,
    quiet: bool,
    verbose: bool,
    exclude: tuple[str, ...],
    force_exclude: bool,
    stdin_filename: str | None,
    config_file: Path | None,
    isolated: bool,
    show_settings: bool,
    show_files: bool,
    show_excused: bool,
    claims: Path | None,
    unused_claims: bool,
    diff: str | None,
    staged: bool,
    jobs: str,
    cache_dir: Path | None,
    no_cache: bool,
    no_suppressions: bool,
    baseline: Path | None,
    write_baseline: Path | None,
) -> None:
    """Lint files and folders (default: the working directory; - reads standard input)."""
    from medlint.finding import Severity
    from medlint.profiles import CommandLine, Profiles
    from medlint.reports.summary import failure_lines
    from medlint.reports.terminal import visible
    from medlint.runner import Shown, lint_files, lint_stdin, without_accepted

    if site is not None:
        if paths:
            raise click.UsageError("--site lints the one folder that it names; leave out other paths and '-'")
        paths = (site,)
    if "-" in paths and len(paths) > 1:
        raise click.UsageError("'-' (standard input) cannot be mixed with paths")
    if (diff or staged) and ("-" in paths or (diff and staged)):
        raise click.UsageError("--diff and --staged are two ways to lint files that git knows; give one of them")
    if (diff or staged) and write_baseline:
        raise click.UsageError("--write-baseline accepts all findings of the files; leave out --diff and --staged")
    if output:
        if targets != (Target(targets[0].format_name),):
            raise click.UsageError("-o goes with one --format that names no file; write --format FORMAT=FILE")
        targets = (Target(targets[0].format_name, output),)
    profiles = Profiles(
        CommandLine(
            select=_selectors(select),
            ignore=_selectors(ignore),
            jurisdictions=jurisdictions,
            pedantic=pedantic,
            rules=packs,
            claims=claims,
            suppressions=not no_suppressions,
            config=_config(config_file, isolated=isolated),
            cached=not no_cache,
        )
    )
    name = stdin_filename or "stdin.txt"
    first = _some_file(name if "-" in paths else next(iter(paths), "."))
    with _pack_errors():
        config = profiles.config(first)
    if show_settings:
        _show_settings(config, profiles.settings(first))
        return
    found = _discover(() if "-" in paths else paths or (".",), exclude, force_exclude, profiles)
    if site is not None:
        found = _in_site_order(found, site)
    if show_files:
        _show_files(found)
        return
    baseline = baseline or (config.baseline if not write_baseline else None)
    accepted = _baseline(baseline) if baseline and baseline != write_baseline else None
    shown = Shown(severity=Severity(severity), excused=show_excused)
    with _pack_errors():
        profile = profiles.profile(first)  # what is wrong with it is said even when there is nothing to lint
        if unused_claims and not profiles.registers:
            raise click.UsageError("--unused-claims needs a register: --claims FILE")
        if "-" in paths:
            report = lint_stdin(sys.stdin.buffer.read(), name, profile, shown)
        else:
            with _progress(len(found.files)) as progress:
                report = lint_files(
                    found.files,
                    profiles,
                    shown,
                    found.failures,
                    jobs=None if jobs == "auto" else int(jobs),
                    cache=None if no_cache else cache_dir or _cache_dir(config),
                    progress=progress,
                )
    # A hook names the files of a commit, and it is no mistake when all of them are excluded.
    all_excluded = force_exclude and bool(paths) and all(Path(path).is_file() for path in paths)
    if not report.files and not report.failures and not all_excluded:
        _fail(
            f"nothing to lint in {' '.join(paths) or 'this folder'}: no file of a known format; --show-files says why"
        )
    if write_baseline:
        _write_baseline(report, write_baseline)
        report = report._replace(findings=())
    elif accepted:
        report = without_accepted(report, accepted)
        _name_stale(report, baseline)
    if diff or staged:  # last: what stands on other lines is no reason to call the baseline stale
        report = _only_changed(report, found.files, diff)
    if site is not None:  # last: only what is reported at all can be reported once
        from medlint.site import as_site

        report = as_site(report, [file.label for file in found.files])
    for line in failure_lines(report):
        click.echo(line, err=True)
    for note in report.notes:
        click.echo(f"note: {visible(note)}", err=True)
    _name_unread(found)
    if any(target.format_name == "sarif" for target in targets):
        report = report._replace(rules=profiles.rules())
    for target in targets:
        options = _terminal(color, target.file)._replace(quiet=quiet, verbose=verbose, statistics=statistics)
        _write_report(report, target, options)
    if any(target.format_name == "github" for target in targets):
        _write_job_summary(report)
    if show_excused:
        for each in report.excused:
            click.echo(_excused_line(each), err=True)
    if unused_claims:
        _name_unused(profiles.registers.values(), report)
    fails_from = Severity(fail_on) if fail_on else config.fail_on or Severity.WARNING
    raise SystemExit(_exit_code(report, fails_from.rank, exit_zero=exit_zero))


def _cache_dir(config: Config) -> Path:
    from medlint.cache import FOLDER

    return (config.path.parent if config.path else Path.cwd()) / FOLDER


@contextmanager
def _progress(files: int) -> Iterator[Callable[[int], None]]:
    """Counts along on a terminal when a run takes longer than a moment; Ctrl-C ends the run with one line."""
    started, told = time.monotonic(), 0.0

    def progress(done: int) -> None:
        nonlocal told
        now = time.monotonic()
        if now - started > _MOMENT and now - told > _TICK:
            told = now
            click.echo(f"\rlinting {done} of {files}", err=True, nl=False)

    try:
        yield progress if sys.stderr.isatty() else lambda done: None
    except KeyboardInterrupt:
        click.echo("\ninterrupted", err=True)
        raise SystemExit(INTERRUPTED) from None
    finally:
        if told:
            click.echo(f"\r{' ' * len(f'linting {files} of {files}')}\r", err=True, nl=False)


_MOMENT, _TICK = 1.0, 0.1  # seconds


def _exit_code(report: Report, fail_rank: int, *, exit_zero: bool) -> int:
    if report.failures:
        return FAILED
    failing = any(finding.severity.rank >= fail_rank for finding in report.findings)
    return FINDINGS if failing and not exit_zero else CLEAN


def _rulebook(packs: Iterable[Path]) -> Rulebook:
    from medlint.rulebook import load_rulebook

    with _pack_errors():
        return load_rulebook(packs)


@contextmanager
def _pack_errors() -> Iterator[None]:
    """Ends the run with the message when a rule pack, a configuration or a register is broken."""
    try:
        yield
    except Exception as error:
        from medlint.profiles import UnknownSelector
        from medlint.schema import PackError  # a cached run never needs it

        if isinstance(error, UnknownSelector) and not error.place:
            raise click.UsageError(str(error)) from None
        if not isinstance(error, PackError | UnknownSelector):
            raise
        # The line of the file is shown below the message of a PackError, which has no other line breaks.
        _fail(*(str(error).split("\n") if isinstance(error, PackError) else (str(error),)))


def _only_changed(report: Report, files: Iterable[FoundFile], revision: str | None) -> Report:
    from medlint.changes import GitError
    from medlint.runner import only_changed

    try:
        return only_changed(report, files, revision)
    except GitError as error:
        _fail(str(error))


def _baseline(path: Path) -> Baseline:
    from medlint.baseline import BaselineError, load_baseline

    try:
        return load_baseline(path)
    except BaselineError as error:
        _fail(str(error))


def _write_baseline(report: Report, path: Path) -> None:
    from medlint.baseline import render_baseline
    from medlint.reports.summary import counted

    _write(render_baseline(report.findings), path)
    _tell(f"{counted(len(report.findings), 'finding')} accepted in {path}")


def _name_stale(report: Report, path: Path | None) -> None:
    for entry in report.stale:
        _tell(f"stale in {path}: {entry}")
    if report.stale:
        _tell(f"note: --write-baseline {path} leaves out what is stale")


def _selectors(options: Iterable[str]) -> tuple[Selector, ...]:
    from medlint.config import Selector

    return tuple(Selector(code.strip()) for option in options for code in option.split(",") if code.strip())


def _config(path: Path | None, *, isolated: bool) -> Config | None:
    """The configuration that the command line asks for; None to look above each file."""
    from medlint.config import Config, load_config

    if isolated:
        return Config()
    if path is None:
        return None
    with _pack_errors():
        return load_config(path.absolute()) or Config()


def _some_file(named: str) -> Path:
    """A path whose settings are those of the run: the first file named, or one in the first folder."""
    path = Path.cwd() / named
    is_folder = os.path.isdir(path)  # noqa: PTH112 -- no error where nobody may look
    return path / "page" if is_folder else path


def _show_settings(config: Config, settings: Settings) -> None:
    from medlint.reports.terminal import visible

    click.echo(f"# {visible(str(config.path)) if config.path else 'no configuration file'}")
    for line in (*settings.lines(), *config.lines()):
        click.echo(visible(line))


def _name_unused(registers: Iterable[Register], report: Report) -> None:
    from medlint.reports.terminal import visible

    for register in registers:
        for claim in register.claims:
            if claim.place not in report.claims_used:
                click.echo(f'{visible(claim.place)}: not used: "{visible(claim.statement)}"', err=True)


def _discover(paths: Iterable[str], exclude: Iterable[str], force_exclude: bool, profiles: Profiles) -> Discovery:
    from medlint.discovery import discover
    from medlint.readers import format_for, known_suffixes, way_out

    named = frozenset() if force_exclude else frozenset(Path.cwd() / path for path in paths)
    with _pack_errors():
        found = discover(
            list(paths),
            working_directory=Path.cwd(),
            known_suffix=lambda suffix: format_for(f"x{suffix}") is not None,
            suffixes=known_suffixes(),
            way_out=way_out,
            why_not=profiles.why_not,
            exclude=list(exclude),
            force_exclude=force_exclude,
        )
        excluded = {
            file.label: f"excluded by {config.path}"
            for file in found.files
            if file.path not in named and (config := profiles.config(file.path)).excludes(file.path)
        }
        unread = (each for each in found.unread if not profiles.config(path := Path.cwd() / each.label).excludes(path))
        return found._replace(unread=tuple(unread)).without(excluded)


def _name_unread(found: Discovery) -> None:
    """Tells of the drafts in folders that were not linted, one line for each format."""
    labels: dict[str, list[str]] = {}
    for each in found.unread:
        labels.setdefault(each.reason, []).append(each.label)
    for reason, (first, *others) in labels.items():
        more = f" and {len(others)} more" if others else ""
        _tell(f"note: {first}{more}: not linted: {reason}")


def _in_site_order(found: Discovery, site: str) -> Discovery:
    """The files in the order in which the site shows them; what is wrong with its sitemap is told."""
    from medlint.discovery import absolute
    from medlint.siteorder import in_site_order

    files, notes = in_site_order(found.files, absolute(site, Path.cwd()), Path(site).as_posix())
    for note in notes:
        _tell(f"note: {note}")
    return found._replace(files=files)


def _show_files(found: Discovery) -> None:
    from medlint.reports.terminal import visible

    for file in found.files:
        click.echo(visible(file.label))
    for passed in found.passed_over:
        click.echo(f"{visible(passed.label)}: not linted: {visible(passed.reason)}")
    for failure in found.failures:
        _tell(f"error: {failure.path}: {failure.message}")
    raise SystemExit(FAILED if found.failures else CLEAN)


def _excused_line(excused: Excused) -> str:
    from medlint.reports.terminal import visible

    ground, place = excused.ground, excused.ground.start
    where = f"{visible(excused.path)}:{excused.start.line}:{excused.start.column}"
    words = f'"{visible(excused.text)}"'
    ground_words = f'"{visible(ground.text)}" at {place.line}:{place.column}'
    return f"{where}: {excused.code} {words} excused ({excused.reason}) by {ground_words}"


def _terminal(color: str, output: Path | None) -> RenderOptions:
    """Width and colour: the flag decides, then NO_COLOR, then FORCE_COLOR, then whether a terminal reads along."""
    from medlint.reports import RenderOptions

    on_terminal = output is None and sys.stdout.isatty()
    colored = color == "always"
    if color == "auto":
        colored = not os.environ.get("NO_COLOR") and (bool(os.environ.get("FORCE_COLOR")) or on_terminal)
    width = 80
    if on_terminal:
        import shutil  # brings three compression libraries along

        width = shutil.get_terminal_size().columns
    return RenderOptions(color=colored, hyperlinks=colored and on_terminal, width=width)


def _write_report(report: Report, target: Target, options: RenderOptions) -> None:
    from medlint.reports import FOR_PEOPLE, render

    text = render(report, target.format_name, options)
    if target.file:
        _write(text, target.file)
        return
    _print(text, for_people=target.format_name in FOR_PEOPLE)


def _print(text: str, *, for_people: bool) -> None:
    """Prints what a terminal's encoding may lack, spelled out rather than a crash; machines are given UTF-8."""
    encoding = (for_people and sys.stdout.encoding) or "utf-8"
    sys.stdout.buffer.write(text.encode(encoding, "backslashreplace"))
    sys.stdout.buffer.flush()


def _write_job_summary(report: Report) -> None:
    """Adds to the page of the job, where GitHub names a file for that; a run without it has still done its job."""
    from medlint.regularfiles import write_text
    from medlint.reports.github import job_summary

    if not (file := os.environ.get("GITHUB_STEP_SUMMARY")):
        return
    try:
        write_text(Path(file), job_summary(report), append=True)
    except OSError as error:
        _tell(f"note: no job summary: {file}: cannot be written: {error.strerror}")


def _write(text: str, output: Path) -> None:
    from medlint.regularfiles import write_text

    try:
        write_text(output, text)
    except OSError as error:
        _fail(f"{output}: cannot be written: {error.strerror}")


def _fail(message: str, *more_lines: str) -> NoReturn:
    _tell(f"error: {message}")
    for line in more_lines:
        _tell(line)
    raise SystemExit(FAILED)


def _tell(line: str) -> None:
    """Says a line on standard error, whatever names and texts stand in it."""
    from medlint.reports.terminal import visible

    click.echo(visible(line), err=True)


@main.command()
@click.option(
    "--check",
    "pack",
    type=_PATH,
    metavar="PACK",
    help="Check a rule pack: its order, phrases, regexes and examples.",
)
@click.option(
    "--rules",
    "packs",
    multiple=True,
    type=_PATH,
    metavar="PATH",
    help="Add a rule pack: a file or folder.",
)
@click.option(
    "--select",
    "--category",
    multiple=True,
    metavar="CODES",
    help="Only these rules: code prefixes (CUR, SAF0) or categories, comma-separated.",
)
@click.option(
    "--ignore", multiple=True, metavar="CODES", help="All but these rules; the longest prefix wins over --select."
)
@click.option(
    "--jurisdiction",
    "jurisdictions",
    multiple=True,
    type=click.Choice(_JURISDICTIONS),
    help="Only the rules that hold there, with their severity there; repeat for several.  [default: all]",
)
@click.option("--tier", type=click.Choice(("default", "pedantic")), help="Only the rules of this tier.")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to list.",
)
@click.option(
    "--reference",
    type=_FOLDER,
    metavar="FOLDER",
    help="Write a Markdown page per category to a folder.",
)
def rules(
    pack: Path | None,
    *,
    packs: tuple[Path, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    jurisdictions: tuple[str, ...],
    tier: str | None,
    format_name: str,
    reference: Path | None,
) -> None:
    """List the rules, write their reference pages, or check a rule pack."""
    filters = (*select, *ignore, *jurisdictions, tier)
    if pack is not None:
        if any(filters) or reference or format_name != "text":
            raise click.UsageError("--check looks at a whole pack; beside it only --rules is of use")
        _check_pack(pack, packs)
    # A list has no examples, so the rules in the cache will do.
    plain = format_name == "text" and reference is None
    rulebook = _cached_rulebook(packs) if plain else _rulebook(packs)
    picked, dropped = ([each.text for each in _selectors(option)] for option in (select, ignore))
    try:
        rulebook.check_selectors([*picked, *dropped])
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    selected = rulebook.selected(select=picked, ignore=dropped, jurisdictions=jurisdictions or _JURISDICTIONS)
    chosen = [rule for rule in selected.rules if tier in (None, rule.tier)]
    if reference is not None:
        _write_reference(chosen, reference)
        return
    from medlint.rulelist import rule_lines, rules_as_json

    if format_name == "json":
        _print(rules_as_json(chosen), for_people=False)
    else:
        _print(rule_lines(chosen, jurisdictions), for_people=True)


def _check_pack(pack: Path, packs: Iterable[Path]) -> NoReturn:
    from medlint.packcheck import check_pack, pack_in
    from medlint.reports.summary import counted
    from medlint.rulebook import load_placed

    with _pack_errors():
        rulebook, places = load_placed(() if _is_bundled(pack) else [*packs, pack])
    checked = pack_in(rulebook, places, pack)
    problems = check_pack(checked)
    summary = f"{counted(len(checked.rules), 'rule')}, {counted(len(problems), 'problem')}"
    _print("".join(f"{line}\n" for line in (*problems, summary)), for_people=True)
    raise SystemExit(FINDINGS if problems else CLEAN)


def _write_reference(chosen: Iterable[Rule], folder: Path) -> None:
    from medlint.reference import reference_pages

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _fail(f"{folder}: cannot be written: {error.strerror}")
    for name, page in reference_pages(chosen).items():
        _write(page, folder / name)


def _cached_rulebook(packs: Iterable[Path]) -> Rulebook:
    from medlint.rulecache import cache_folder, load_indexed

    with _pack_errors():
        return load_indexed(packs, cache_folder())[0]


def _is_bundled(pack: Path) -> bool:
    from medlint.packs import bundled_pack

    real = Path(os.path.realpath(pack))  # of a link to itself too, where `resolve` would raise
    return real.is_relative_to(bundled_pack().resolve())


@main.command()
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@click.option(
    "--rules",
    "packs",
    multiple=True,
    type=_PATH,
    metavar="PATH",
    help="Add a rule pack: a file or folder.",
)
def explain(codes: tuple[str, ...], packs: tuple[Path, ...]) -> None:
    """Show all of a rule: what it flags and why, wording that passes, the law behind it."""
    from medlint.schema import expected

    rulebook = _rulebook(packs)
    for code in codes:
        if code.upper() not in rulebook.codes:
            raise click.UsageError(f"no rule is called '{code}'; {expected(code.upper(), sorted(rulebook.codes))}")
    _print("\n\n".join(_explanation(rulebook.rule(code.upper())) for code in codes) + "\n", for_people=True)


def _explanation(rule: Rule) -> str:
    from medlint.explanation import explanation, workings

    return f"{explanation(rule)}\n{workings(rule)}"


@main.command()
@click.option(
    "--jurisdiction",
    "jurisdictions",
    multiple=True,
    type=click.Choice(_JURISDICTIONS),
    default=("us",),
    help="Whose rules apply; repeat for several. [default: us]",
)
def init(jurisdictions: tuple[str, ...]) -> None:
    """Write a configuration, a register of claims, a hook and a CI job for this folder; nothing is overwritten."""
    from medlint.scaffold import drafts

    for draft in drafts(Path.cwd(), jurisdictions):
        name = draft.path.relative_to(Path.cwd()).as_posix()
        try:
            draft.path.parent.mkdir(parents=True, exist_ok=True)
            with draft.path.open("x", encoding="utf-8", newline="\n") as opened:
                opened.write(draft.text)
        except FileExistsError:
            click.echo(f"{name} is there already" + (f"; add to it:\n{draft.addition}" if draft.addition else ""))
        except OSError as error:
            _fail(f"{name}: cannot be written: {error.strerror}")
        else:
            click.echo(f"wrote {name}")
