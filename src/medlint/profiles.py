"""Which linter a file gets: its configuration and the command line, put together; equal settings share a linter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from medlint.config import Config, Selector, Settings, config_for
from medlint.linter import Linter, SuppressionSettings
from medlint.readers import Names, why_not_in_folders
from medlint.regularfiles import read_text
from medlint.rule import Rulebook, selection
from medlint.rulecache import cache_folder, load_indexed, rules_key
from medlint.suppression import CATEGORY, NOTICES

if TYPE_CHECKING:
    from medlint.finding import RuleInfo
    from medlint.index import Index
    from medlint.register import Register


class UnknownSelector(Exception):
    """A code or category that names nothing; `place` is "" when the command line named it."""

    def __init__(self, message: str, place: str) -> None:
        super().__init__(f"{place}: {message}" if place else message)
        self.place = place


class CommandLine(NamedTuple):
    """What the command line says about rules, over every configuration file."""

    select: tuple[Selector, ...] = ()
    ignore: tuple[Selector, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    pedantic: bool = False
    rules: tuple[Path, ...] = ()
    claims: Path | None = None
    suppressions: bool = True
    config: Config | None = None  # in place of those found above the files
    cached: bool = False  # whether results are kept and used again

    def over(self, settings: Settings) -> Settings:
        """The settings with those of the command line laid over them; `--select` sets the files' selection aside."""
        return settings._replace(
            select=self.select or settings.select,
            ignore=(*(() if self.select else settings.ignore), *self.ignore),
            jurisdictions=self.jurisdictions or settings.jurisdictions,
            pedantic=self.pedantic or settings.pedantic,
            rules=(*settings.rules, *self.rules),
            claims=self.claims or settings.claims,
        )


class Profile(NamedTuple):
    """How a file is linted."""

    linter: Linter
    pedantic: bool
    settings: str = ""  # in words: what tells its results from those of other profiles
    names: Names = Names()  # of columns, keys and attributes that hold copy
    state: str = ""  # of what the settings name: rules and register; with another, results no longer hold


class Profiles:
    """The profiles of a run, each made when a file first needs it."""

    def __init__(self, command_line: CommandLine) -> None:
        self.command_line = command_line
        self._profiles: dict[Settings, Profile] = {}
        self._rulebooks: dict[tuple[Path, ...], tuple[Rulebook, Index]] = {}
        self.registers: dict[Path, Register] = {}

    def config(self, file: Path) -> Config:
        """The configuration of a file; raises PackError."""
        return self.command_line.config or config_for(file.parent)

    def settings(self, file: Path) -> Settings:
        """What a file is linted with; raises PackError."""
        return self.command_line.over(self.config(file).settings_for(file))

    def profile(self, file: Path) -> Profile:
        """The profile of a file; raises PackError and UnknownSelector."""
        settings = self.settings(file)
        if settings not in self._profiles:
            self._profiles[settings] = self._made(settings)
        return self._profiles[settings]

    def why_not(self, file: Path) -> str:
        """Why a file of a known format, met in a folder, holds no copy by its settings; empty when it may."""
        names, config = names_in(self.settings(file)), self.config(file)
        return why_not_in_folders(file, names, is_configured=config.holds_strings(file))

    def rules(self) -> tuple[RuleInfo, ...]:
        """All that some file of the run was linted with, in order of codes, each in its heaviest form."""
        found: dict[str, RuleInfo] = {}
        for rule in (rule for profile in self._profiles.values() for rule in _documented(profile)):
            if rule.code not in found or found[rule.code].severity.rank < rule.severity.rank:
                found[rule.code] = rule
        return tuple(found[code] for code in sorted(found))

    def _made(self, settings: Settings) -> Profile:
        # Before anything is loaded: what changes meanwhile must not be taken for the result of the new rules.
        state = self._state(settings) if self.command_line.cached else ""
        if settings.rules not in self._rulebooks:
            self._rulebooks[settings.rules] = load_indexed(settings.rules, cache_folder())
        rulebook, index = self._rulebooks[settings.rules]
        _check((*settings.select, *settings.ignore, *(name for name, _ in settings.severity)), rulebook)
        picked, dropped = [each.text for each in settings.select], [each.text for each in settings.ignore]
        selected = rulebook.selected(select=picked, ignore=dropped, jurisdictions=settings.jurisdictions)
        chosen = selection(picked, dropped)
        notices = frozenset(notice.code for notice in NOTICES if chosen(notice))
        linter = Linter(
            selected.with_severities([(name.text, level) for name, level in settings.severity]),
            jurisdictions=settings.jurisdictions,
            index=index,
            register=self._register(settings.claims, rulebook) if settings.claims else None,
            suppressions=SuppressionSettings(rulebook.has, notices) if self.command_line.suppressions else None,
        )
        if linter.register:  # a day changes results only when it ends an approval
            expired = linter.register.expired()
            state += "".join(f"\n{claim.place} {claim.expires}" for claim in expired)
        words = "\n".join((*settings.lines(), f"suppressions: {self.command_line.suppressions}"))
        return Profile(linter, settings.pedantic, words, names_in(settings), state)

    def _state(self, settings: Settings) -> str:
        try:
            register = read_text(settings.claims, "utf-8", "backslashreplace") if settings.claims else ""
        except OSError:
            register = ""  # loading it will say so
        return f"{rules_key(settings.rules, cache_folder())}\n{register}"

    def _register(self, path: Path, rulebook: Rulebook) -> Register:
        from medlint.register import load_register

        if path not in self.registers:
            self.registers[path] = load_register(path, rulebook.vocabulary, date.today())
        return self.registers[path]


def names_in(settings: Settings) -> Names:
    """Which columns, keys and attributes hold copy, by the settings of a file."""
    return Names(settings.columns, settings.keys, settings.front_matter, settings.attributes)


def _documented(profile: Profile) -> Iterator[RuleInfo]:
    from medlint.explanation import documented, documented_notice  # few reports tell of rules

    linter = profile.linter
    for rule in linter.rulebook.rules:
        if profile.pedantic or rule.code not in linter.pedantic_codes:
            yield documented(rule, linter.jurisdictions)
    for notice in NOTICES:
        if linter.suppressions and notice.code in linter.suppressions.notices:
            yield documented_notice(notice)


def _check(selectors: Iterable[Selector], rulebook: Rulebook) -> None:
    also = (CATEGORY, *(notice.code for notice in NOTICES))
    for selector in selectors:
        try:
            rulebook.check_selectors([selector.text], also=also)
        except ValueError as error:
            raise UnknownSelector(str(error), selector.place) from None
