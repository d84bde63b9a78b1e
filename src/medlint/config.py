"""Settings of a folder, from the configuration file nearest above the linted file: `.medlint.yml`, `medlint.toml` or
`[tool.medlint]` in `pyproject.toml`.

The table below is the one model of such a file: the reader checks against it and `json_schema` is made from it. Paths
and patterns in a file are relative to the folder it lies in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from medlint.finding import Severity
from medlint.regularfiles import read_text, why_unreadable
from medlint.rule import CATEGORIES, DEFAULT_JURISDICTION, JURISDICTIONS

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

    from medlint.schema import Fields, Place, Value

FILE_NAMES = (".medlint.yml", "medlint.toml", "pyproject.toml")  # the first one in a folder counts


class Selector(NamedTuple):
    """A code, the beginning of one or a category, as a file or the command line names it."""

    text: str
    place: str = ""  # path:line:column; "" for the command line


class Settings(NamedTuple):
    """What decides which rules a file is linted with, and how they weigh."""

    select: tuple[Selector, ...] = ()  # empty: all
    ignore: tuple[Selector, ...] = ()
    severity: tuple[tuple[Selector, Severity], ...] = ()
    jurisdictions: tuple[str, ...] = (DEFAULT_JURISDICTION,)
    pedantic: bool = False
    rules: tuple[Path, ...] = ()
    claims: Path | None = None
    columns: tuple[str, ...] = ()  # names of columns that hold copy, beside the known ones
    keys: tuple[str, ...] = ()  # the same for the keys of string files
    front_matter: tuple[str, ...] = ()  # for those of pages' front matter
    attributes: tuple[str, ...] = ()  # for the attributes of tags

    def lines(self) -> Iterator[str]:
        """The settings as a configuration file would say them."""
        yield f"select: [{', '.join(each.text for each in self.select)}]"
        yield f"ignore: [{', '.join(each.text for each in self.ignore)}]"
        yield f"severity: {{{', '.join(f'{each.text}: {level.value}' for each, level in self.severity)}}}"
        yield f"jurisdictions: [{', '.join(self.jurisdictions)}]"
        yield f"pedantic: {str(self.pedantic).lower()}"
        yield f"rules: [{', '.join(map(str, self.rules))}]"
        yield f"claims: {self.claims or ''}".rstrip()
        yield f"columns: {_listed(self.columns)}"
        yield f"keys: {_listed(self.keys)}"
        yield f"front-matter: {_listed(self.front_matter)}"
        yield f"attributes: {_listed(self.attributes)}"


class PathSettings(NamedTuple):
    """Settings of some paths, laid over those of the file."""

    patterns: tuple[str, ...]  # as in .gitignore
    values: Mapping[str, Any]


class Config(NamedTuple):
    """A configuration file, read."""

    path: Path | None = None  # None: no file, the defaults
    settings: Settings = Settings()
    per_path: tuple[PathSettings, ...] = ()
    exclude: tuple[str, ...] = ()
    strings: tuple[str, ...] = ()
    baseline: Path | None = None
    fail_on: Severity | None = None

    def lines(self) -> Iterator[str]:
        """The settings of the run as a configuration file would say them."""
        yield f"exclude: [{', '.join(self.exclude)}]"
        yield f"strings: {_listed(self.strings)}"
        yield f"baseline: {self.baseline or ''}".rstrip()
        yield f"fail-on: {(self.fail_on or Severity.WARNING).value}"

    def settings_for(self, file: Path) -> Settings:
        """The settings of one file: the last of the `per-path` entries that cover it weighs most."""
        settings = self.settings
        for entry in self.per_path:
            if self._covers(entry.patterns, file):
                settings = overlaid(settings, entry.values)
        return settings

    def excludes(self, file: Path) -> bool:
        """Whether its patterns keep a file out."""
        return bool(self.exclude) and self._covers(self.exclude, file)

    def holds_strings(self, file: Path) -> bool:
        """Whether its patterns name a file of strings, such as a site's translations."""
        return bool(self.strings) and self._covers(self.strings, file)

    def _covers(self, patterns: tuple[str, ...], file: Path) -> bool:
        if self.path is None or not file.is_relative_to(self.path.parent):
            return False
        return _spec(patterns).match_file(file.relative_to(self.path.parent).as_posix())


@cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def _listed(patterns: tuple[str, ...]) -> str:
    """Patterns as YAML reads them: one that starts with "!" or "*" needs its quotes."""
    import json

    return f"[{', '.join(json.dumps(each, ensure_ascii=False) for each in patterns)}]"


def overlaid(settings: Settings, values: Mapping[str, Any]) -> Settings:
    """Settings with others over them: what lists rules or names of copy adds to what is there, the rest replaces it."""
    added = dict(values)
    for key in ("ignore", "severity", "columns", "keys", "front_matter", "attributes"):
        if key in added:
            added[key] = (*getattr(settings, key), *added[key])
    return settings._replace(**added)


# Finding and reading -------------------------------------------------------------------------------------------------


@cache
def config_for(folder: Path) -> Config:
    """The configuration that holds for files in a folder: of the nearest file at or above it; raises PackError."""
    for name in FILE_NAMES:
        path = folder / name
        if os.path.lexists(path) and (config := load_config(path)):  # one that leads nowhere is told, not passed over
            return config
    return config_for(folder.parent) if folder.parent != folder else Config()


def load_config(path: Path) -> Config | None:
    """The configuration in a file, None for a `pyproject.toml` that says nothing about medlint; raises PackError."""
    tree = _read(path)
    return None if tree is None else _Reader(path).config(tree)


def _read(path: Path) -> Fields | None:
    from medlint.schema import Fields, PackError, Place, read_yaml

    try:
        text = read_text(path)
    except OSError as error:
        raise PackError(f"cannot be read: {error.strerror}", Place(str(path), 1, 1)) from None
    except UnicodeDecodeError as error:
        raise PackError(f"not UTF-8 at byte {error.start}; save it as UTF-8", Place(str(path), 1, 1)) from None
    if path.suffix == ".toml":
        return _read_toml(text, path)
    tree = read_yaml(text, str(path))
    if tree is None:
        return Fields({}, {}, Place(str(path), 1, 1))
    if not isinstance(tree, Fields):
        raise PackError("a configuration is written as 'key: value' lines", tree.place)
    return tree


def _read_toml(text: str, path: Path) -> Fields | None:
    import tomllib

    from medlint.schema import PackError, Place

    try:
        return _toml_tree(tomllib.loads(text), text, path)
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"not TOML: {error}", Place(str(path), 1, 1)) from None
    except (RecursionError, ValueError):  # of Python's conversion of numbers
        message = "nested too deeply, or a number of thousands of digits; no setting needs either"
        raise PackError(message, Place(str(path), 1, 1)) from None


def _toml_tree(content: dict[str, Any], text: str, path: Path) -> Fields | None:
    tree = _TomlTree(text.splitlines(), str(path))
    if path.name != "pyproject.toml":
        return tree.fields(content, tree.place(""))
    tools = content.get("tool")
    own = tools.get("medlint") if isinstance(tools, dict) else None
    return None if own is None else tree.fields(own, tree.place("tool.medlint"))


class _TomlTree:
    """TOML in the form that YAML is read into. TOML's parser tells no places, so the lines of keys are looked up."""

    def __init__(self, lines: list[str], path: str) -> None:
        self._lines = lines
        self._path = path

    def fields(self, content: Any, place: Place) -> Fields:
        from medlint.schema import Fields, PackError

        if not isinstance(content, dict):
            raise PackError("expected a table", place)
        keys = {key: self.place(key) for key in content}
        return Fields({key: self.value(value, keys[key]) for key, value in content.items()}, keys, place)

    def value(self, value: Any, place: Place) -> Value:
        from medlint.schema import Items, Text

        if isinstance(value, dict):
            return self.fields(value, place)
        if isinstance(value, list):
            return Items(tuple(self.value(item, place) for item in value), place)
        return Text(str(value).lower() if isinstance(value, bool) else str(value), place)

    def place(self, key: str) -> Place:
        from medlint.schema import Place

        for number, line in enumerate(self._lines, start=1):
            if line.lstrip(" [\"'").startswith(key) and key:
                return Place(self._path, number, line.index(key) + 1, line)
        return Place(self._path, 1, 1)


# The model -----------------------------------------------------------------------------------------------------------


class Key(NamedTuple):
    """A key of the file: how its value is read, what it means, and its JSON Schema."""

    read: Callable[[_Reader, Value, str], Any]
    meaning: str
    schema: Mapping[str, Any]


class _Reader:
    """Reads the values of one file; raises PackError at the place of what is wrong."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def config(self, tree: Fields) -> Config:
        from medlint.schema import check_keys

        check_keys(tree, KEYS, "the configuration")
        values = self._values(tree.fields)
        own = {name: values.pop(name) for name in _OF_THE_RUN if name in values}
        return Config(path=self._path, settings=overlaid(Settings(), values), **own)

    def _values(self, fields: Mapping[str, Value]) -> dict[str, Any]:
        return {key.replace("-", "_"): KEYS[key].read(self, value, key) for key, value in fields.items()}

    def texts(self, value: Value, what: str) -> tuple[str, ...]:
        from medlint.schema import lines_of

        return tuple(text.value for text in lines_of(value, what))

    def names(self, value: Value, what: str) -> tuple[str, ...]:
        from medlint.schema import PackError, lines_of

        for text in lines_of(value, what):
            if not text.value.removeprefix("!").strip():
                raise PackError(f"{what}: {text.value!r} names nothing; write a name or a pattern of one", text.place)
        return self.texts(value, what)

    def selectors(self, value: Value, what: str) -> tuple[Selector, ...]:
        from medlint.schema import lines_of

        return tuple(
            Selector(name.strip(), _shown(text.place))
            for text in lines_of(value, what)
            for name in text.value.split(",")
            if name.strip()
        )

    def severities(self, value: Value, what: str) -> tuple[tuple[Selector, Severity], ...]:
        from medlint.schema import Fields, PackError, choice_of

        if not isinstance(value, Fields):
            raise PackError(f"{what} maps codes to severities, such as 'HYP: info'", value.place)
        return tuple(
            (Selector(name, _shown(value.keys[name])), Severity(choice_of(level, f"{what} of {name}", _SEVERITIES)))
            for name, level in value.fields.items()
        )

    def jurisdictions(self, value: Value, what: str) -> tuple[str, ...]:
        from medlint.schema import PackError, choice_of, lines_of

        places = tuple(choice_of(text, what, JURISDICTIONS) for text in lines_of(value, what))
        if not places:
            raise PackError(f"{what} is empty; name one of {', '.join(JURISDICTIONS)}", value.place)
        return places

    def flag(self, value: Value, what: str) -> bool:
        from medlint.schema import choice_of

        return choice_of(value, what, ("true", "false")) == "true"

    def path(self, value: Value, what: str) -> Path:
        from medlint.schema import PackError

        path = self.new_path(value, what)
        if wrong := why_unreadable(path):
            raise PackError(f"{what}: {wrong}: {path}", value.place)
        return path

    def new_path(self, value: Value, what: str) -> Path:
        from medlint.schema import text_of

        return self._path.parent / text_of(value, what)

    def paths(self, value: Value, what: str) -> tuple[Path, ...]:
        from medlint.schema import lines_of

        return tuple(self.path(text, what) for text in lines_of(value, what))

    def severity(self, value: Value, what: str) -> Severity:
        from medlint.schema import choice_of

        return Severity(choice_of(value, what, _SEVERITIES))

    def per_path(self, value: Value, what: str) -> tuple[PathSettings, ...]:
        from medlint.schema import Items, PackError

        if not isinstance(value, Items):
            raise PackError(f"{what} is a list, each entry with 'paths' and the settings for them", value.place)
        return tuple(self._path_settings(item) for item in value.items)

    def _path_settings(self, value: Value) -> PathSettings:
        from medlint.schema import Fields, PackError, check_keys

        if not isinstance(value, Fields) or "paths" not in value.fields:
            raise PackError("an entry of per-path names 'paths' and the settings for them", value.place)
        check_keys(value, ("paths", *_PER_PATH), "per-path")
        patterns = self.texts(value.fields["paths"], "paths")
        return PathSettings(patterns, self._values({key: each for key, each in value.fields.items() if key != "paths"}))


def _shown(place: Place) -> str:
    return f"{place.path}:{place.line}:{place.column}"


_SEVERITIES = tuple(severity.value for severity in Severity)
_LEVEL = {"enum": list(_SEVERITIES)}
_TEXTS = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
_PATH = {"type": "string", "minLength": 1}
_SELECTOR = f"codes (CUR001), beginnings of codes ({', '.join(CATEGORIES)}) or categories"

# Of `Config`, not of the settings of a file.
_OF_THE_RUN = ("exclude", "strings", "baseline", "fail_on", "per_path")
_PER_PATH = (
    *("select", "ignore", "severity", "jurisdictions", "pedantic", "claims"),
    *("columns", "keys", "front-matter", "attributes"),
)

KEYS: dict[str, Key] = {
    "select": Key(_Reader.selectors, f"Only these rules: {_SELECTOR}.", _TEXTS),
    "ignore": Key(_Reader.selectors, "All but these rules; the longest of the selectors wins.", _TEXTS),
    "severity": Key(
        _Reader.severities,
        "Other severities, by code, beginning of a code or category.",
        {"type": "object", "additionalProperties": _LEVEL},
    ),
    "jurisdictions": Key(
        _Reader.jurisdictions,
        f"Whose rules apply; by default {DEFAULT_JURISDICTION}.",
        {
            "anyOf": [
                {"enum": list(JURISDICTIONS)},
                {"type": "array", "items": {"enum": list(JURISDICTIONS)}, "minItems": 1},
            ]
        },
    ),
    "pedantic": Key(
        _Reader.flag,
        "Also the rules that are worth a look but often innocent.",
        {"enum": [True, False, "true", "false"]},
    ),
    "rules": Key(_Reader.paths, "Further rule packs: files or folders.", _TEXTS),
    "claims": Key(_Reader.path, "The register of approved claims.", _PATH),
    "columns": Key(
        _Reader.names,
        'Columns of CSV and TSV sheets that hold copy ("Hook", "Ad *") or do not ("!Body"), beside those that medlint '
        "knows; the last that fits decides.",
        _TEXTS,
    ),
    "keys": Key(
        _Reader.names,
        'Keys of JSON, YAML and properties files that hold copy ("cta", "hero.*") or do not ("!seo.*"), beside those '
        "that medlint knows; the last that fits decides.",
        _TEXTS,
    ),
    "front-matter": Key(
        _Reader.names,
        'Keys of the front matter of pages that hold copy ("hero.*") or do not ("!summary"), beside those that medlint '
        "knows; the last that fits decides.",
        _TEXTS,
    ),
    "attributes": Key(
        _Reader.names,
        'Attributes of tags in HTML, Markdown and MDX that hold copy ("data-title", "data-*-text") or do not '
        '("!placeholder"), beside those that medlint knows; the last that fits decides.',
        _TEXTS,
    ),
    "strings": Key(
        _Reader.texts,
        "JSON, YAML and properties files that hold copy, as in .gitignore; others are read only when they are named.",
        _TEXTS,
    ),
    "exclude": Key(_Reader.texts, "Files to pass over, as in .gitignore.", _TEXTS),
    "baseline": Key(_Reader.new_path, "The findings that are accepted, written by --write-baseline.", _PATH),
    "fail-on": Key(_Reader.severity, "The severity from which a run fails; by default warning.", _LEVEL),
    "per-path": Key(_Reader.per_path, "Settings of some paths, laid over the others; the last weighs most.", {}),
}


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration file, for editors."""
    properties = {name: {"description": key.meaning, **key.schema} for name, key in KEYS.items()}
    own = {name: properties[name] for name in _PER_PATH}
    properties["per-path"] |= {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {"paths": {"description": "Patterns as in .gitignore.", **_TEXTS}, **own},
            "required": ["paths"],
            "additionalProperties": False,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "medlint configuration",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }
