"""Which files a run lints: named files as they are, folders walked in one order past what git ignores.

Nothing is opened here but ignore files, and what `why_not` must look into. What is passed over keeps its reason, for
`--show-files`.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple

from medlint.finding import Failure
from medlint.regularfiles import read_text

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class FoundFile(NamedTuple):
    """A file to lint: the absolute path to open, and the label that reports show."""

    path: Path
    label: str


class PassedOver(NamedTuple):
    """A file or folder that is not linted, and why."""

    label: str
    reason: str


class Discovery(NamedTuple):
    """What a search found, in the order in which it was named and walked."""

    files: tuple[FoundFile, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
    failures: tuple[Failure, ...] = ()
    unread: tuple[PassedOver, ...] = ()  # of what was passed over, the drafts in formats that are not read

    def without(self, excluded: Mapping[str, str]) -> Discovery:
        """The same, with some of the files passed over: label -> reason."""
        files = tuple(file for file in self.files if file.label not in excluded)
        passed_over = tuple(PassedOver(label, reason) for label, reason in excluded.items())
        return self._replace(files=files, passed_over=self.passed_over + passed_over)


def discover(
    paths: Sequence[str],
    *,
    working_directory: Path,
    known_suffix: Callable[[str], bool],
    suffixes: Sequence[str] = (),
    way_out: Callable[[str], str] = lambda suffix: "",
    why_not: Callable[[Path], str] = lambda path: "",
    exclude: Sequence[str] = (),
    exclude_from: Path | None = None,
    force_exclude: bool = False,
) -> Discovery:
    """The files to lint among the named files and under the named folders, each file once.

    A named path is taken even if git ignores it or `exclude` covers it, unless `force_exclude`; what lies in a named
    folder is subject to both. `exclude` holds patterns as in `.gitignore`, relative to `exclude_from` (by default the
    working directory). `known_suffix` is asked about lower-case suffixes with their dot; `suffixes` names the known
    ones to the user who names a file of another kind. `way_out` tells of an unknown suffix what to do with drafts that
    come in it; empty for what is no draft. `why_not` tells why a file of a known suffix, met in a folder, is none to
    lint.
    """
    search = _Search(working_directory, known_suffix, suffixes, way_out, why_not, force_exclude=force_exclude)
    search.exclude(exclude, exclude_from or working_directory)
    for path in paths:
        search.add(path)
    return search.result()


def label(path: PurePath, working_directory: PurePath) -> str:
    """The path as reports show it: relative to the working directory if inside it, with forward slashes."""
    return (path.relative_to(working_directory) if path.is_relative_to(working_directory) else path).as_posix()


def absolute(named: str, working_directory: Path) -> Path:
    """The path that a name on the command line opens."""
    path = working_directory.absolute() / named
    # `link/../page.md` need not be `page.md`, so `..` is resolved on the disk.
    return Path(os.path.realpath(path)) if ".." in path.parts else path


_DEPENDENCY_FOLDERS = frozenset({"node_modules", "venv", "__pycache__"})  # others, as .venv and .git, are hidden anyway


class _Search:
    """One run of `discover`: what it has found and seen so far."""

    def __init__(
        self,
        working_directory: Path,
        known_suffix: Callable[[str], bool],
        suffixes: Sequence[str],
        way_out: Callable[[str], str],
        why_not: Callable[[Path], str],
        *,
        force_exclude: bool,
    ) -> None:
        self._working_directory = working_directory.absolute()
        self._known_suffix = known_suffix
        self._suffixes = suffixes
        self._way_out = way_out
        self._why_not = why_not
        self._force_exclude = force_exclude
        self._exclude: _Patterns | None = None
        self._files: list[FoundFile] = []
        self._passed_over: list[PassedOver] = []
        self._unread: list[PassedOver] = []
        self._failures: list[Failure] = []
        self._taken: dict[object, str] = {}  # identity of a file or folder -> its label
        self._own_patterns: dict[Path, tuple[_Patterns, ...]] = {}  # folder -> those of its ignore files

    def exclude(self, lines: Sequence[str], folder: Path) -> None:
        """Adds the user's exclude patterns, which unlike those of an ignore file must all be valid."""
        if lines:
            spec, invalid = _compile(lines)
            self._exclude = _Patterns(folder.absolute(), "excluded", spec)
            self._failures += [Failure(line, "is not a valid exclude pattern") for line in invalid]

    def add(self, named: str) -> None:
        """Takes a named file, or what is to be linted in a named folder."""
        if not named:
            self._failures.append(Failure("", "the empty path names no file"))
            return
        path = absolute(named, self._working_directory)
        inside = path.is_relative_to(self._working_directory)
        shown = label(path if inside else PurePath(os.path.normpath(named)), self._working_directory)
        try:
            mode = path.stat().st_mode
        except (OSError, ValueError) as error:
            self._failures.append(Failure(shown, _what_failed(error, path)))
            return
        is_folder = stat.S_ISDIR(mode)
        rules, reason = _Rules((), ()), None
        if is_folder or self._force_exclude:
            rules, reason = self._rules_at(path, is_folder)
        if reason and self._force_exclude:
            self._passed_over.append(PassedOver(shown, reason))
        elif is_folder:
            self._walk(_Folder(path, shown, rules))
        elif not stat.S_ISREG(mode):
            self._failures.append(Failure(shown, "is not a regular file"))
        elif unknown := self._unknown_format(path):
            known = f"; medlint reads {', '.join(self._suffixes)}" if self._suffixes else ""
            advice = "" if self._way_out(path.suffix.lower()) else known
            self._failures.append(Failure(shown, unknown + advice))
        else:
            self._take(path, shown)

    def result(self) -> Discovery:
        """Everything found; what was passed over in one place and taken in another counts as taken."""
        taken = set(self._taken.values())
        passed_over = dict.fromkeys(each for each in self._passed_over if each.label not in taken)
        failures, unread = dict.fromkeys(self._failures), dict.fromkeys(self._unread)
        return Discovery(tuple(self._files), tuple(passed_over), tuple(failures), tuple(unread))

    def _rules_at(self, path: Path, is_folder: bool) -> tuple[_Rules, str | None]:
        """The rules for what lies in a named folder, and the reason that would keep the named path itself out."""
        rules = _Rules((self._exclude,) if self._exclude else (), ())
        reasons = []
        for folder in self._folders_above(path):
            rules, reason = rules.past(folder, True)
            rules = rules.below(self._patterns_of(folder))
            reasons.append(reason)
        rules, reason = rules.past(path, is_folder)
        return rules, next(filter(None, [*reasons, reason]), None)

    def _folders_above(self, path: Path) -> list[Path]:
        """The folders around a path whose ignore files govern it: from its repository's root down.

        Where there is no repository, from the working directory down.
        """
        folders = [path, *path.parents]
        for depth, folder in enumerate(folders, start=1):
            if os.path.lexists(folder / ".git"):
                folders = folders[:depth]
                break
        else:
            folders = [folder for folder in folders if folder.is_relative_to(self._working_directory)]
        return [folder for folder in reversed(folders) if folder != path]

    def _walk(self, root: _Folder) -> None:
        pending = [root]  # not a recursion: folders nest deeper than Python's stack
        while pending:
            pending += reversed(self._enter(pending.pop()))

    def _enter(self, folder: _Folder) -> list[_Folder]:
        """Takes the files of a folder and returns its subfolders that are to be walked."""
        try:
            if self._already_taken(folder.path, folder.label, folder.path.stat()):
                return []
            with os.scandir(folder.path) as listing:
                children = sorted(listing, key=lambda child: child.name)
        except OSError as error:
            self._failures.append(Failure(folder.label, _what_failed(error, folder.path)))
            return []
        rules = folder.rules.below(self._patterns_of(folder.path))
        subfolders = []
        for child in children:
            shown = child.name if folder.label == "." else f"{folder.label.removesuffix('/')}/{child.name}"
            is_folder = _is_folder(child)
            if reason := self._why_passed_over(child, is_folder, folder, rules):
                self._passed_over.append(PassedOver(shown, reason))
            elif not is_folder and (unread := self._unknown_format(PurePath(child.name))):
                self._passed_over.append(PassedOver(shown, unread))
                self._unread.append(PassedOver(shown, unread))
            elif is_folder:
                subfolders.append(_Folder(Path(child.path), shown, rules))
            else:
                self._take_copy(Path(child.path), shown)
        return subfolders

    def _why_passed_over(self, child: os.DirEntry[str], is_folder: bool, folder: _Folder, rules: _Rules) -> str | None:
        """Why a file or folder met on a walk is passed over; None when it is not."""
        if child.name.startswith("."):
            return "hidden"
        if is_folder and child.name in _DEPENDENCY_FOLDERS:
            return "holds dependencies"
        path = PurePath(child.name)
        is_draft = bool(self._way_out(path.suffix.lower()))  # which is told of, unless it is to be left out anyway
        if not (is_folder or is_draft) and (unknown := self._unknown_format(path)):
            return unknown
        if is_folder and child.is_symlink() and _leads_up(Path(child.path), folder.path):
            return "links to a folder above"
        return rules.reason(Path(child.path), is_folder)

    def _unknown_format(self, path: PurePath) -> str | None:
        suffix = path.suffix.lower()
        if self._known_suffix(suffix):
            return None
        advice = self._way_out(suffix)
        found = f'unknown format "{suffix}"' if suffix else "no suffix that tells its format"
        return f"{found}; {advice}" if advice else found

    def _take_copy(self, path: Path, shown: str) -> None:
        """Adds a file met on a walk, unless it is none to lint."""
        try:
            reason = self._why_not(path)
        except OSError:
            reason = ""  # taking it says what is wrong
        if reason:
            self._passed_over.append(PassedOver(shown, reason))
        else:
            self._take(path, shown)

    def _take(self, path: Path, shown: str) -> None:
        """Adds a file, unless it is there already."""
        try:
            status = path.stat()
        except OSError as error:
            if isinstance(error, FileNotFoundError) or error.errno == errno.ELOOP:
                self._passed_over.append(PassedOver(shown, _what_failed(error, path)))
            else:
                self._failures.append(Failure(shown, _what_failed(error, path)))
            return
        if not stat.S_ISREG(status.st_mode):
            self._passed_over.append(PassedOver(shown, "is not a regular file"))
        elif not self._already_taken(path, shown, status):
            self._files.append(FoundFile(path, shown))

    def _already_taken(self, path: Path, shown: str, status: os.stat_result) -> bool:
        """Whether a file or folder was met before, perhaps under another name; from now on it was."""
        # Some network file systems number no files.
        identity = (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)
        if identity in self._taken:
            if self._taken[identity] != shown:
                self._passed_over.append(PassedOver(shown, f"is {self._taken[identity]} by another name"))
            return True
        self._taken[identity] = shown
        return False

    def _patterns_of(self, folder: Path) -> tuple[_Patterns, ...]:
        """Those of the ignore files that lie in a folder, the stronger first."""
        if folder not in self._own_patterns:
            paths = (folder / ".gitignore", folder / ".git" / "info" / "exclude")
            self._own_patterns[folder] = tuple(filter(None, (self._read_patterns(path, folder) for path in paths)))
        return self._own_patterns[folder]

    def _read_patterns(self, path: Path, folder: Path) -> _Patterns | None:
        shown = label(path, self._working_directory)
        try:
            if not path.is_file():
                return None
            text = read_text(path, errors="surrogateescape")  # as file names are decoded
        except OSError as error:
            self._failures.append(Failure(shown, _what_failed(error, path)))
            return None
        return _Patterns(folder, f"ignored by {shown}", _compile(text.split("\n"))[0])


class _Folder(NamedTuple):
    """A folder to walk, and the rules from above for what lies in it."""

    path: Path
    label: str
    rules: _Rules


class _Rules(NamedTuple):
    """What keeps files out at some place: the user's excludes, then ignore files, the innermost first."""

    excludes: tuple[_Patterns, ...]
    ignores: tuple[_Patterns, ...]

    def below(self, ignores: tuple[_Patterns, ...]) -> _Rules:
        """The rules inside a folder that has ignore files of its own."""
        return _Rules(self.excludes, ignores + self.ignores)

    def reason(self, path: Path, is_folder: bool) -> str | None:
        """Why a path is kept out; None when it is not."""
        return _covered(self.excludes, path, is_folder) or _covered(self.ignores, path, is_folder)

    def past(self, path: Path, is_folder: bool) -> tuple[_Rules, str | None]:
        """The rules that still hold inside a folder that is named in spite of them, and why it would be kept out.

        A pattern that covers a folder covers all that is in it, so its whole group is set aside.
        """
        excludes = () if _covered(self.excludes, path, is_folder) else self.excludes
        ignores = () if _covered(self.ignores, path, is_folder) else self.ignores
        return _Rules(excludes, ignores), self.reason(path, is_folder)


class _Patterns(NamedTuple):
    """The patterns of one ignore file or setting, which hold below a folder, and the reason they give."""

    folder: Path
    reason: str
    spec: GitIgnoreSpec

    def verdict(self, path: Path, is_folder: bool) -> bool | None:
        """Whether the path is kept out (True) or expressly let in (False); None when no pattern speaks of it."""
        if not path.is_relative_to(self.folder) or path == self.folder:
            return None
        return self.spec.check_file(path.relative_to(self.folder).as_posix() + "/" * is_folder).include


def _covered(patterns: Iterable[_Patterns], path: Path, is_folder: bool) -> str | None:
    for each in patterns:
        verdict = each.verdict(path, is_folder)
        if verdict is not None:
            return each.reason if verdict else None
    return None


def _compile(lines: Iterable[str]) -> tuple[GitIgnoreSpec, list[str]]:
    """The patterns that git would understand, and the lines it would not."""
    from pathspec import GitIgnoreSpec  # slow to import, and most runs on a few named files need none

    valid: list[str] = []
    invalid: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # `[[]` in a pattern is no mistake
        for line in lines:
            try:
                GitIgnoreSpec.from_lines([line])
            except (ValueError, re.error):
                invalid.append(line)
            else:
                valid.append(line)
        return GitIgnoreSpec.from_lines(valid), invalid


def _is_folder(child: os.DirEntry[str]) -> bool:
    try:
        return child.is_dir()
    except OSError:  # a link that leads to itself
        return False


def _leads_up(link: Path, folder: Path) -> bool:
    return PurePath(os.path.realpath(folder)).is_relative_to(os.path.realpath(link))


def _what_failed(error: OSError | ValueError, path: Path) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "links to nothing" if os.path.lexists(path) else "no such file or folder"
    return f"cannot be read: {error.strerror if isinstance(error, OSError) else error}"
