"""medlint from within a program, such as a content system or a notebook.

Nothing is printed, nothing ends the process, and nothing is written but rules kept ready in the user's cache folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from os import PathLike
from pathlib import Path

from medlint.config import Config, Selector, config_for
from medlint.discovery import FoundFile, discover
from medlint.finding import Failure, Finding, Report, Severity
from medlint.profiles import CommandLine, Profiles, UnknownSelector
from medlint.readers import format_for, known_suffixes, way_out
from medlint.rule import DEFAULT_JURISDICTION, JURISDICTIONS
from medlint.runner import Shown, lint_files, lint_stdin
from medlint.schema import PackError

__all__ = ["Failure", "Finding", "Report", "Rules", "RulesError", "Severity", "lint_path", "lint_text", "load_rules"]


class RulesError(ValueError):
    """A rule pack, a register or a configuration that cannot be used, or a code that names no rule; says why."""


class Rules:
    """Rules ready for use, however many texts are linted with them; made by `load_rules`."""

    def __init__(self, profiles: Profiles) -> None:
        self._profiles = profiles
        with _rules_errors():
            self._profile = profiles.profile(_ANYWHERE)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the rules, in order."""
        pedantic = frozenset() if self._profile.pedantic else self._profile.linter.pedantic_codes
        return tuple(sorted(self._profile.linter.rules.keys() - pedantic))


def load_rules(
    *packs: str | PathLike[str],
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    jurisdictions: Iterable[str] = (DEFAULT_JURISDICTION,),
    pedantic: bool = False,
    claims: str | PathLike[str] | None = None,
) -> Rules:
    """The bundled rules with further packs, as the flags of `medlint check` choose them; raises RulesError.

    `select` and `ignore` hold codes, beginnings of codes and categories; `claims` is the register of approved claims.
    """
    places = _texts(jurisdictions)
    if unknown := [place for place in places if place not in JURISDICTIONS]:
        raise RulesError(f"no jurisdiction is called '{unknown[0]}'; expected one of {', '.join(JURISDICTIONS)}")
    return Rules(
        Profiles(
            CommandLine(
                select=tuple(map(Selector, _texts(select))),
                ignore=tuple(map(Selector, _texts(ignore))),
                jurisdictions=places,
                pedantic=pedantic,
                rules=tuple(map(Path, packs)),
                claims=None if claims is None else Path(claims),
                config=Config(),
            )
        )
    )


def lint_text(text: str, *, filename: str = "text.md", rules: Rules | None = None) -> Report:
    """The report over one text; the suffix of `filename` gives its format, by default Markdown.

    Without `rules` the bundled ones are used, and no configuration file. Raises ValueError for a name whose format
    medlint does not read as text.
    """
    format = format_for(filename)
    if format is None or not format.is_text:
        advice = way_out(Path(filename).suffix.lower()) or f"expected one of {', '.join(known_suffixes())}"
        raise ValueError(f"{filename}: not a text that medlint reads; {advice}")
    profile = (rules or _bundled())._profile
    return lint_stdin(text.encode("utf-8", "surrogatepass"), filename, profile, Shown())


def lint_path(path: str | PathLike[str], *, rules: Rules | None = None) -> Report:
    """The report over a file, or over a folder with the files that `medlint check` would lint there.

    Without `rules` the configuration files above each file count, as on the command line; with them none does. What
    cannot be read is in `failures`; a configuration that cannot be used raises RulesError.
    """
    config_for.cache_clear()  # a program may live longer than what a configuration says
    profiles = rules._profiles if rules else Profiles(CommandLine())
    with _rules_errors():
        found = discover(
            [str(Path(path))],
            working_directory=Path.cwd(),
            known_suffix=lambda suffix: format_for(f"x{suffix}") is not None,
            suffixes=known_suffixes(),
            way_out=way_out,
            why_not=profiles.why_not,
        )
        files = [file for file in found.files if _is_wanted(file, Path(path), profiles)]
        return lint_files(files, profiles, Shown(), found.failures)


def _is_wanted(file: FoundFile, named: Path, profiles: Profiles) -> bool:
    return file.path == Path.cwd() / named or not profiles.config(file.path).excludes(file.path)


@cache
def _bundled() -> Rules:
    return load_rules()


@contextmanager
def _rules_errors() -> Iterator[None]:
    try:
        yield
    except (PackError, UnknownSelector) as error:
        raise RulesError(str(error)) from error


def _texts(values: Iterable[str]) -> tuple[str, ...]:
    """The texts; one alone is meant as one, not as its letters."""
    return (values,) if isinstance(values, str) else tuple(values)


_ANYWHERE = Path("text")  # rules that were loaded hold for every path
