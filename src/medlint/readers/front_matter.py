"""Reads the front matter of a page, YAML, TOML or JSON: its title and description are copy, the rest is settings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from medlint.document import Block, BlockKind, ProseBuilder, Source, Span
from medlint.readers import ReadError
from medlint.readers.escapes import read_escaped
from medlint.readers.json_strings import members
from medlint.readers.page import FrontMatter

if TYPE_CHECKING:
    import yaml

_COPY_KEYS: dict[str, BlockKind] = {
    "title": "title",
    "headline": "title",
    "meta_title": "title",
    "og_title": "title",
    "seo_title": "title",
    "twitter_title": "title",
    "description": "description",
    "excerpt": "description",
    "lead": "description",
    "subtitle": "description",
    "summary": "description",
    "tagline": "description",
    "meta_description": "description",
    "og_description": "description",
    "seo_description": "description",
    "twitter_description": "description",
}
_COPY_SECTIONS = frozenset(("meta", "og", "open_graph", "opengraph", "seo", "twitter"))
_SIZE_LIMIT = 65_536
_DEPTH_LIMIT = 32  # the YAML parser slows down steeply with depth


def read_front_matter(source: Source) -> FrontMatter:
    """The front matter of a page, empty when there is none; raises ReadError when it is malformed or too large."""
    found = _fenced(source) or _bare_json(source)
    if not found:
        return FrontMatter()
    if found.end - found.start > _SIZE_LIMIT:
        size = found.end - found.start
        raise ReadError(
            f"front matter of {size:,} characters, {_SIZE_LIMIT:,} are the most; is its closing line in place?"
        )
    try:
        texts, scalars = _LANGUAGES[found.language](source.text, found.start, found.end)
    except _Malformed as error:
        line = source.position(found.start + error.offset).line
        raise ReadError(
            f"malformed {found.language} front matter at line {line}: {error.problem}; correct it or quote the value"
        ) from None
    blocks = (_block(text) for text in texts)
    return FrontMatter(found.after, tuple(block for block in blocks if block), scalars)


class _Place(NamedTuple):
    """Where front matter stands, without its fences, and where the page goes on."""

    language: str
    start: int
    end: int
    after: int


class _Text(NamedTuple):
    """A string: the keys that lead to it, where it stands with its key, and its words."""

    path: tuple[str, ...]
    span: Span
    prose: ProseBuilder


class _Malformed(Exception):
    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.offset = offset


def _block(text: _Text) -> Block | None:
    """The block of a text that readers of the page or of search results see."""
    *sections, key = (re.sub(r"[-_ ]|(?<=[a-z])(?=[A-Z])", "_", part).lower() for part in text.path)
    kind = _COPY_KEYS.get(key)
    if kind is None or not (not sections or (len(sections) == 1 and sections[0] in _COPY_SECTIONS)):
        return None
    return Block(kind, text.prose.build(), text.span)


_FENCE = re.compile(r"(---|\+\+\+|;;;)[ \t]*+(?:\r\n|\r|\n)")
_LANGUAGE_OF_FENCE = {"---": "YAML", "+++": "TOML", ";;;": "JSON"}
# What front matter starts with; a thematic break is followed by an empty line or by a sentence.
_FIRST_LINE = {
    "YAML": re.compile(r"""(?:[ \t]*+\#[^\r\n]*+\s*+)*+(?:["']?[\w.-]++["']?[ \t]*:(?!\S)|\{|---(?!\S))"""),
    "TOML": re.compile(r"""(?:\s*+\#[^\r\n]*+)*+\s*+(?:["']?[\w.-]++["']?[ \t]*=|\[|\+\+\+(?!\S))"""),
    "JSON": re.compile(r"\s*+\{"),
}


def _fenced(source: Source) -> _Place | None:
    text = source.text
    opening = _FENCE.match(text)
    if not opening:
        return None
    fence = opening[1]
    language = _LANGUAGE_OF_FENCE[fence]
    if not _FIRST_LINE[language].match(text, opening.end()):
        return None
    fences = f"(?:{re.escape(fence)}|\\.\\.\\.)" if language == "YAML" else re.escape(fence)
    closing = re.compile(rf"(?<![^\r\n]){fences}[ \t]*+(?:\r\n|\r|\n|\Z)").search(text, opening.end())
    if not closing:
        raise ReadError(f"front matter starts at line 1 and never ends; add a line {fence} after its last key")
    return _Place(language, opening.end(), closing.start(), closing.end())


def _bare_json(source: Source) -> _Place | None:
    if not re.match(r'\{\s*+"', source.text):
        return None
    try:
        _, end = json.JSONDecoder().raw_decode(source.text[: _SIZE_LIMIT + 1])
    except (json.JSONDecodeError, RecursionError):
        end = min(len(source.text), _SIZE_LIMIT)  # reading it as front matter tells what is wrong
    return _Place("JSON", 0, end, end)


def _read_yaml(text: str, start: int, end: int) -> tuple[list[_Text], dict[str, str]]:
    texts: list[_Text] = []
    scalars: dict[str, str] = {}
    for path, key_start, value in _yaml_values(text[start:end]):
        if len(path) == 1:
            scalars[path[0]] = value.text
        prose = ProseBuilder()
        _read_yaml_scalar(prose, text, start + value.start, start + value.end)
        # An alias says what stands at its anchor, be that before the key.
        texts.append(_Text(path, Span(start + min(key_start, value.start), start + value.end), prose))
    return texts, scalars


class _Scalar(NamedTuple):
    text: str
    start: int
    end: int


class _Container(NamedTuple):
    is_mapping: bool
    key: str = ""  # the key whose value comes next
    key_start: int = -1  # negative: a key comes next


def _yaml_values(body: str) -> Iterator[tuple[tuple[str, ...], int, _Scalar]]:
    """Every scalar value in a mapping: the keys that lead to it, where its own key starts, and the scalar.

    Events leave aliases alone, so that a few lines cannot stand for a billion values.
    """
    import yaml  # only where there is front matter

    containers: list[_Container] = []
    anchored: dict[str, _Scalar] = {}
    for event in _yaml_events(body):
        scalar: _Scalar | None = None
        place = event.start_mark.index if event.start_mark else 0
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            containers.append(_Container(isinstance(event, yaml.MappingStartEvent)))
            if len(containers) > _DEPTH_LIMIT:
                raise _Malformed(f"nested more than {_DEPTH_LIMIT} levels deep", place)
            continue
        if isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            containers.pop()
        elif isinstance(event, yaml.ScalarEvent):
            scalar = _Scalar(event.value, place, event.end_mark.index if event.end_mark else place)
            if event.anchor:
                anchored[event.anchor] = scalar
        elif isinstance(event, yaml.AliasEvent):
            scalar = anchored.get(event.anchor or "")
        else:
            continue
        if containers and containers[-1].is_mapping:
            if containers[-1].key_start < 0:
                containers[-1] = _Container(True, scalar.text if scalar else "", place)
            else:
                if scalar:
                    yield tuple(each.key for each in containers), containers[-1].key_start, scalar
                containers[-1] = _Container(True)


def _yaml_events(body: str) -> Iterator[yaml.Event]:
    import yaml

    try:
        yield from yaml.parse(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.reader.ReaderError as error:
        raise _Malformed(error.reason, error.position) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _Malformed(error.problem or str(error), mark.index if mark else 0) from None


_YAML_QUOTE = re.compile("''")
_YAML_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*+")
_YAML_BLOCK_HEADER = re.compile(r"[|>][^\r\n]*(?:\r\n|\r|\n)?")


def _read_yaml_scalar(prose: ProseBuilder, text: str, start: int, end: int) -> None:
    properties = _YAML_PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    if text.startswith('"', start):
        read_escaped(prose, text, start + 1, end - 1)
    elif text.startswith("'", start):
        position = start + 1
        for quote in _YAML_QUOTE.finditer(text, position, end - 1):
            prose.verbatim(text, position, quote.start())
            prose.replacement("'", *quote.span())
            position = quote.end()
        prose.verbatim(text, position, end - 1)
    else:
        header = _YAML_BLOCK_HEADER.match(text, start, end)
        prose.verbatim(text, header.end() if header else start, end)


def _read_json(text: str, start: int, end: int) -> tuple[list[_Text], dict[str, str]]:
    try:
        values = json.loads(text[start:end])
    except json.JSONDecodeError as error:
        raise _Malformed(error.msg, error.pos) from None
    except RecursionError:
        raise _Malformed("nested too deep", 0) from None
    texts = []
    for member in members(text, start, end):
        prose = ProseBuilder()
        read_escaped(prose, text, *member.value)
        texts.append(_Text((*member.owner_path, member.key), Span(member.key_start, member.value.end + 1), prose))
    return texts, _scalars(values)


_TOML_TOKEN = re.compile(
    r"""(?P<comment> \#[^\r\n]*+ )
      | (?P<table> (?<![^\r\n]) [ \t]*+ \[{1,2} (?P<name> [^\[\]\r\n]++ ) \]{1,2} [ \t]*+ (?= [\#\r\n] | \Z ) )
      | (?P<key> (?: [\w-]++ | "[^"\r\n]*+" | '[^'\r\n]*+' ) (?: \s*+ \. \s*+ (?: [\w-]++ | "[^"\r\n]*+" ) )*+ ) \s*+ =
      | \"{3} (?P<escaped_lines> (?: [^"\\]++ | \\. | "{1,2} (?! ") )*+ ) \"{3}
      | '{3} (?P<verbatim_lines> .*? ) '{3}
      | " (?P<escaped> (?: [^"\\]++ | \\. )*+ ) "
      | ' (?P<verbatim> [^']*+ ) '
      | [^\s"'\#]""",
    re.VERBOSE | re.DOTALL,
)


def _read_toml(text: str, start: int, end: int) -> tuple[list[_Text], dict[str, str]]:
    import tomllib

    body = text[start:end]
    try:
        values = tomllib.loads(body.replace("\r\n", "\n").replace("\r", "\n"))
    except tomllib.TOMLDecodeError as error:
        problem, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        raise _Malformed(problem, Source("", body).line_starts[int(line[1]) - 1] if line else len(body)) from None
    except RecursionError:
        raise _Malformed("nested too deep", 0) from None
    texts: list[_Text] = []
    table: tuple[str, ...] = ()
    outer: list[tuple[str, ...]] = []  # the paths of the open arrays and inline tables
    path: tuple[str, ...] = ()  # of the value that comes next
    key_start = start
    for token in _TOML_TOKEN.finditer(text, start, end):
        match token.lastgroup:
            case "comment":
                continue
            case "table" if not outer:
                table, path = _toml_keys(token["name"]), ()
            case "key":
                path, key_start = (*(outer[-1] if outer else table), *_toml_keys(token["key"])), token.start()
                continue
            case "escaped" | "escaped_lines" | "verbatim" | "verbatim_lines" if path:
                prose = ProseBuilder()
                read = read_escaped if token.lastgroup.startswith("escaped") else ProseBuilder.verbatim
                read(prose, text, *token.span(token.lastgroup))
                texts.append(_Text(path, Span(key_start, token.end()), prose))
            case _:
                if token.group() in "[{":
                    outer.append(path)
                elif token.group() in "]}" and outer:
                    outer.pop()
        path = ()
    return texts, _scalars(values)


def _toml_keys(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(r"""[\w-]++|"[^"]*+"|'[^']*+'""", dotted))


def _scalars(values: Any) -> dict[str, str]:
    """The top-level scalars of a TOML or JSON object as the file writes them, more or less."""
    scalars = {}
    for key, value in values.items() if isinstance(values, dict) else ():
        if isinstance(value, bool):
            scalars[key] = str(value).lower()
        elif value is not None and not isinstance(value, (dict, list)):
            scalars[key] = str(value)
    return scalars


_LANGUAGES = {"YAML": _read_yaml, "TOML": _read_toml, "JSON": _read_json}
