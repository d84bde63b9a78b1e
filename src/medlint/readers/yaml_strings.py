"""Finds the string values of a YAML text with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from medlint.document import Writer
from medlint.readers.escapes import read_escaped

if TYPE_CHECKING:
    import yaml


class Malformed(Exception):
    """A text that its parser does not take: what it says, and the offset of the place."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset


_DEPTH_LIMIT = 32  # the YAML parser slows down steeply with depth


class Scalar(NamedTuple):
    """A value as YAML reads it, and where it stands, quotes and block header included."""

    text: str
    start: int
    end: int


class _Container(NamedTuple):
    is_mapping: bool
    key: str = ""  # the key whose value comes next
    key_start: int = -1  # negative: a key comes next


def yaml_values(body: str) -> Iterator[tuple[tuple[str, ...], int, Scalar]]:
    """Every scalar value: the keys that lead to it ("" for a list), where its own key starts, and the scalar.

    Events leave aliases alone, so that a few lines cannot stand for a billion values.
    """
    import yaml  # only where there is YAML

    containers: list[_Container] = []
    anchored: dict[str, Scalar] = {}
    for event in _events(body):
        scalar: Scalar | None = None
        place = event.start_mark.index if event.start_mark else 0
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            containers.append(_Container(isinstance(event, yaml.MappingStartEvent)))
            if len(containers) > _DEPTH_LIMIT:
                raise Malformed(f"nested more than {_DEPTH_LIMIT} levels deep", place)
            continue
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            containers.pop()
        elif isinstance(event, yaml.ScalarEvent):
            scalar = Scalar(event.value, place, event.end_mark.index if event.end_mark else place)
            if event.anchor:
                anchored[event.anchor] = scalar
        elif isinstance(event, yaml.AliasEvent):
            scalar = anchored.get(event.anchor or "")
        else:
            continue
        if scalar and not (containers and containers[-1].is_mapping):
            yield tuple(each.key for each in containers), place, scalar
        elif containers and containers[-1].is_mapping:
            if containers[-1].key_start < 0:
                containers[-1] = _Container(True, scalar.text if scalar else "", place)
            else:
                if scalar:
                    yield tuple(each.key for each in containers), containers[-1].key_start, scalar
                containers[-1] = _Container(True)


def _events(body: str) -> Iterator[yaml.Event]:
    import yaml

    try:
        yield from yaml.parse(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        raise Malformed(error.reason, error.position) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Malformed(error.problem or str(error), mark.index if mark else 0) from None


_QUOTE = re.compile("''")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*+")
_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n)?")


def read_scalar(prose: Writer, text: str, start: int, end: int) -> None:
    """Append the words of a scalar to the prose, its quotes and escapes read."""
    properties = _PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    if text.startswith('"', start):
        read_escaped(prose, text, start + 1, end - 1)
    elif text.startswith("'", start):
        position = start + 1
        for quote in _QUOTE.finditer(text, position, end - 1):
            prose.verbatim(text, position, quote.start())
            prose.replacement("'", *quote.span())
            position = quote.end()
        prose.verbatim(text, position, end - 1)
    else:
        header = _BLOCK_HEADER.match(text, start, end)
        prose.verbatim(text, header.end() if header else start, end)
