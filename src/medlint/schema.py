"""Reads YAML written by people: string-only scalars, every value with its place, errors that show the line.

YAML's own guesses are switched off: `no` is a word and `9:10` is not 550. Aliases are refused, so a few lines cannot
expand without bound.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any


class PackError(Exception):
    """What is wrong in a file that a person wrote, at `path:line:col`, with the line shown."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(message)
        self.message = message
        self.place = place

    def __str__(self) -> str:
        return located(self.message, self.place)


@dataclass(frozen=True, slots=True)
class Place:
    """A line and column (from 1) of a file, and the text of that line."""

    path: str
    line: int
    column: int
    text: str = ""


def located(message: str, place: Place) -> str:
    """The message after its `path:line:col`, with the line shown."""
    start = max(0, place.column - 1 - _AROUND)  # a minified file is one line of a megabyte
    before = _one_line(place.text[start : place.column - 1]).replace("\t", " ")
    after = _one_line(place.text[place.column - 1 : place.column - 1 + _AROUND]).replace("\t", " ")
    shown = f"\n  {place.line:>4} | {before}{after}\n       | {' ' * len(before)}^" if place.text else ""
    return f"{_one_line(place.path)}:{place.line}:{place.column}: {_one_line(message)}{shown}"


_AROUND = 120  # characters of the line shown on either side


def _one_line(text: str) -> str:
    """The text with its line breaks spelled out, so that a key or a file name cannot pass for a line of ours."""
    return text.replace("\r", "\\r").replace("\n", "\\n")


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar."""

    value: str
    place: Place


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Value, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping; keys are strings and stand once."""

    fields: dict[str, Value]
    keys: dict[str, Place]
    place: Place


@dataclass(frozen=True, slots=True)
class Block:
    """A `|` block: each line is an item; blank lines and `# comments` are left out."""

    lines: tuple[Text, ...]
    value: str
    place: Place


Value = Text | Items | Fields | Block


def read_yaml(text: str, path: str) -> Value | None:
    """The tree of a YAML file, None when it is empty; raises PackError."""
    import yaml

    lines = text.splitlines()
    try:
        node = yaml.compose(text, Loader=_loader())
    except _TooDeep as error:
        raise PackError("nested too deeply", _Tree(path, lines).place(error.mark)) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        shown = lines[line] if line < len(lines) else ""
        raise PackError(
            f"not YAML: {error.problem or error.context}", Place(path, line + 1, column + 1, shown)
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        raise PackError(f"not YAML: {error}", Place(path, 1, 1)) from None
    return None if node is None else _Tree(path, lines).value(node)


class _TooDeep(Exception):
    def __init__(self, mark: Any) -> None:
        super().__init__()
        self.mark = mark


_DEEPEST = 22


@cache
def _loader() -> Any:
    """PyYAML's safe loader, which stops before depth exhausts the stack: the C one would take the process with it."""
    import yaml

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        depth = 0

        def descend_resolver(self, parent: Any, _index: Any) -> None:
            self.depth += 1
            if self.depth > _DEEPEST:
                raise _TooDeep(parent.start_mark)

        def ascend_resolver(self) -> None:
            self.depth -= 1

    return Loader


class _Tree:
    """Converts composed YAML nodes, checking that keys are unique strings and nothing is an alias."""

    def __init__(self, path: str, lines: Sequence[str]) -> None:
        self.path = path
        self.lines = lines
        self.seen: set[int] = set()

    def value(self, node: Any) -> Value:
        place = self.place(node.start_mark)
        if id(node) in self.seen:
            raise PackError("aliases (*name) are not supported here; write the value out", place)
        self.seen.add(id(node))
        match node.id:
            case "scalar" if node.style == "|":
                return Block(tuple(self.block_lines(node)), node.value, place)
            case "scalar":
                return Text(node.value, place)
            case "sequence":
                return Items(tuple(self.value(item) for item in node.value), place)
        return self.mapping(node, place)

    def mapping(self, node: Any, place: Place) -> Fields:
        fields: dict[str, Value] = {}
        keys: dict[str, Place] = {}
        for key_node, value_node in node.value:
            where = self.place(key_node.start_mark)
            if key_node.id != "scalar":
                raise PackError("a key must be a word", where)
            key = key_node.value
            if key in fields:
                raise PackError(f"'{key}' stands twice; first at line {keys[key].line}", where)
            keys[key] = where
            fields[key] = self.value(value_node)
        return Fields(fields, keys, place)

    def block_lines(self, node: Any) -> Iterator[Text]:
        for number, line in enumerate(node.value.split("\n"), start=node.start_mark.line + 1):
            entry = without_comment(line)
            if entry:
                shown = self.lines[number] if number < len(self.lines) else ""
                yield Text(entry, Place(self.path, number + 1, max(shown.find(entry), 0) + 1, shown))

    def place(self, mark: Any) -> Place:
        text = self.lines[mark.line] if mark.line < len(self.lines) else ""
        return Place(self.path, mark.line + 1, mark.column + 1, text)


def without_comment(line: str) -> str:
    """A block line without its comment: `# …` on a line of its own or after two spaces."""
    if "#" not in line:
        return line.strip()
    entry = "" if line.lstrip().startswith("# ") or line.strip() == "#" else line
    return entry.partition("  # ")[0].strip()


def lines_of(value: Value, what: str) -> tuple[Text, ...]:
    """The entries of a list that is written as a `|` block, a YAML list or a single text; raises PackError."""
    match value:
        case Block(lines=lines):
            return lines
        case Text():
            return (value,)
        case Items(items=items):
            texts = []
            for item in items:
                if isinstance(item, Block):
                    item = Text(item.value.rstrip("\n"), item.place)
                if not isinstance(item, Text):
                    raise PackError(f"{what} holds texts only", item.place)
                texts.append(item)
            return tuple(texts)
    raise PackError(f"{what} must be a list, one entry a line after '|'", value.place)


def text_of(value: Value, what: str) -> str:
    """A text, its line breaks as spaces; raises PackError."""
    match value:
        case Text(value=text) if text.strip():
            return " ".join(text.split())
        case Block(value=text) if text.strip():
            return " ".join(text.split())
    raise PackError(f"{what} must be a text", value.place)


def choice_of(value: Value, what: str, allowed: Iterable[str]) -> str:
    """One of the allowed words; raises PackError with the nearest one."""
    text = text_of(value, what)
    if text not in (known := sorted(allowed)):
        raise PackError(f"{what} is '{text}'; {expected(text, known)}", value.place)
    return text


def check_keys(fields: Fields, allowed: Iterable[str], what: str) -> None:
    """Refuses a key that is not allowed, naming the nearest; raises PackError."""
    known = list(allowed)
    for key, place in fields.keys.items():
        if key not in known:
            raise PackError(f"unknown key '{key}' in {what}; {expected(key, known)}", place)


def expected(given: str, allowed: Sequence[str]) -> str:
    """What to write instead: the nearest allowed word, or all of them."""
    nearest = difflib.get_close_matches(given, allowed, n=1)
    return f"did you mean '{nearest[0]}'?" if nearest else f"expected one of {', '.join(allowed)}"
