"""Reads the front matter of a page, YAML, TOML or JSON: its title and description are copy, the rest is settings."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from medlint.document import Block, BlockKind, ProseBuilder, Source, Span
from medlint.readers import ReadError
from medlint.readers.escapes import read_escaped
from medlint.readers.json_strings import members
from medlint.readers.page import FrontMatter
from medlint.readers.yaml_strings import Malformed, read_scalar, yaml_values

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
_LONG_NUMBER = "a number of thousands of digits"  # which Python refuses to convert


def read_front_matter(source: Source, patterns: tuple[str, ...] = ()) -> FrontMatter:
    """The front matter of a page, empty when there is none; raises ReadError when it is malformed or too large.

    The patterns name keys that are copy or not, beside those that are known.
    """
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
    except Malformed as error:
        line = source.position(found.start + error.offset).line
        raise ReadError(
            f"malformed {found.language} front matter at line {line}: {error.problem}; correct it or quote the value"
        ) from None
    blocks = (_block(text, patterns) for text in texts)
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


def _block(text: _Text, patterns: tuple[str, ...]) -> Block | None:
    """The block of a text that readers of the page or of search results see."""
    verdict = _verdict(tuple(filter(None, text.path)), patterns)
    if verdict is False:
        return None
    *sections, key = (re.sub(r"[-_ ]|(?<=[a-z])(?=[A-Z])", "_", part).lower() for part in text.path)
    kind = _COPY_KEYS.get(key)
    is_known = kind is not None and (not sections or (len(sections) == 1 and sections[0] in _COPY_SECTIONS))
    return Block(kind or "paragraph", text.prose.build(), text.span) if is_known or verdict else None


def _verdict(path: tuple[str, ...], patterns: tuple[str, ...]) -> bool | None:
    if not (path and patterns):
        return None
    from medlint.readers.names import chosen  # few configurations name any

    return chosen(patterns, ".".join(path), path[-1])


_FENCE = re.compile(r"(---|\+\+\+|;;;)(?:(?<=---)(json|toml|yaml|js|javascript))?[ \t]*+(?:\r\n|\r|\n)")
_LANGUAGE_OF_FENCE = {
    **{"---": "YAML", "+++": "TOML", ";;;": "JSON"},
    **{"yaml": "YAML", "toml": "TOML", "json": "JSON", "js": "JavaScript", "javascript": "JavaScript"},  # of Eleventy
}
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
    fence, language = opening[1], _LANGUAGE_OF_FENCE[opening[2] or opening[1]]
    if not opening[2] and not _FIRST_LINE[language].match(text, opening.end()):
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
    except (ValueError, RecursionError):
        end = min(len(source.text), _SIZE_LIMIT)  # reading it as front matter tells what is wrong
    return _Place("JSON", 0, end, end)


def _read_yaml(text: str, start: int, end: int) -> tuple[list[_Text], dict[str, str]]:
    texts: list[_Text] = []
    scalars: dict[str, str] = {}
    for path, key_start, value in yaml_values(text[start:end]):
        if len(path) == 1:
            scalars[path[0]] = value.text
        prose = ProseBuilder()
        read_scalar(prose, text, start + value.start, start + value.end)
        # An alias says what stands at its anchor, be that before the key.
        texts.append(_Text(path, Span(start + min(key_start, value.start), start + value.end), prose))
    return texts, scalars


def _read_json(text: str, start: int, end: int) -> tuple[list[_Text], dict[str, str]]:
    try:
        values = json.loads(text[start:end])
    except json.JSONDecodeError as error:
        raise Malformed(error.msg, error.pos) from None
    except RecursionError:
        raise Malformed("nested too deep", 0) from None
    except ValueError:
        raise Malformed(_LONG_NUMBER, 0) from None
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
        scalars = _scalars(tomllib.loads(body.replace("\r\n", "\n").replace("\r", "\n")))
    except tomllib.TOMLDecodeError as error:
        problem, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        raise Malformed(problem, Source("", body).line_starts[int(line[1]) - 1] if line else len(body)) from None
    except RecursionError:
        raise Malformed("nested too deep", 0) from None
    except ValueError:
        raise Malformed(_LONG_NUMBER, 0) from None
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
            case "escaped" | "escaped_lines" | "verbatim" | "verbatim_lines" if path or outer:
                prose = ProseBuilder()
                read = read_escaped if token.lastgroup.startswith("escaped") else ProseBuilder.verbatim
                read(prose, text, *token.span(token.lastgroup))
                texts.append(_Text(path or outer[-1], Span(key_start, token.end()), prose))
            case _:
                if token.group() in "[{":
                    outer.append(path)
                elif token.group() in "]}" and outer:
                    outer.pop()
        path = ()
    return texts, scalars


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


def _read_javascript(text: str, start: int, end: int) -> tuple[list[_Text], dict[str, str]]:
    """Nothing: which of its strings a page shows only a program can tell."""
    return [], {}


_LANGUAGES = {"JavaScript": _read_javascript, "YAML": _read_yaml, "TOML": _read_toml, "JSON": _read_json}
