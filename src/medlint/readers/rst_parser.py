"""Parses reStructuredText with docutils, and tells where in the file each word of the tree stands.

docutils knows lines but no columns. It hands each text that may hold inline markup to one method, with its first line,
and what it makes of the text keeps what it was made from. So each text is looked up in its own lines, and each element
in its text, both in order. Directives and roles are read without docutils' own: those of Sphinx and of site
generators keep their words, and none can include a file, run a program, or change how the next file is read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from types import SimpleNamespace
from typing import Any, NamedTuple, cast

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.parsers.rst import Parser, states
from docutils.utils import escape2null, new_document

from medlint.document import Comment, ProseBuilder, Span


class Passage:
    """A text that was read for inline markup, escapes as NUL, and where each of its lines stands in the file."""

    def __init__(self, text: str, offsets: list[int], whole: Span) -> None:
        """`offsets` has the place of each line; none when the text was not found in `whole`, where it stands."""
        self.text = text
        self._offsets = offsets
        self._whole = whole
        self._starts = [0, *(end.end() for end in re.finditer("\n", text))]

    def span(self, start: int, end: int) -> Span:
        """Where in the file characters `start` to `end` of the text stand; the range is not empty."""
        return Span(self._offset(start), self._offset(end - 1) + 1) if self._offsets else self._whole

    def write(self, prose: ProseBuilder, source: str, start: int, end: int) -> None:
        """Append characters `start` to `end` of the text, without what escapes them."""
        for piece in _PIECES.finditer(self.text, start, end):
            words = piece[0]
            if words[0] == "\0":
                continue
            span = self.span(*piece.span())
            if words == "\n":
                prose.space(*span)
            elif self._offsets:
                prose.verbatim(source, *span)
            else:
                for part in re.split("( +)", words):
                    prose.replacement(part, *span)

    def _offset(self, index: int) -> int:
        line = bisect_right(self._starts, index) - 1
        return self._offsets[line] + index - self._starts[line]


_PIECES = re.compile(r"\0[ \n]?|\n|[^\0\n]+")


class Place(NamedTuple):
    """Where an element stands in its passage."""

    passage: Passage
    start: int
    end: int


class Parsed:
    """A parsed text: the tree, the comments in it, and the places of the texts in the tree."""

    def __init__(self, text: str) -> None:
        """The text has no line ends but LF, and no tabs."""
        self.comments: list[Comment] = []
        self._lines = text.split("\n")
        self._starts = [0, *(end.end() for end in re.finditer("\n", text))]
        self._taken: defaultdict[int, list[Span]] = defaultdict(list)  # which columns of a line belong to a text
        self._places: dict[int, tuple[nodes.Node, Place]] = {}  # by identity; an element that is kept keeps its own
        settings = get_default_settings(Parser())
        settings.report_level = settings.halt_level = 10  # what is wrong with the markup is for other tools to say
        settings.file_insertion_enabled = settings.raw_enabled = False
        self.tree = new_document("", settings)
        machine = states.RSTStateMachine(_STATES, "Body")
        machine.run([line.rstrip() for line in self._lines], self.tree, inliner=_Inliner(self))

    def place(self, node: nodes.Node) -> Place | None:
        """Where a text or a substitution stands; None for what was not read from the file."""
        _, place = self._places.get(id(node), (None, None))
        return place

    def keep(self, node: nodes.Node, place: Place) -> None:
        """Remember where an element stands."""
        self._places[id(node)] = node, place

    def place_nodes(self, text: str, line: int, found: list[nodes.Node], *, is_cell: bool = False) -> None:
        """Remember where the elements stand that a text was made into, which starts in a line; a cell may end in it."""
        words = text.split("\n")
        # Where tables and overlined titles are broken, docutils is a few lines off.
        near = (0, *(by * sign for by in range(1, len(words) + 3) for sign in (1, -1)))
        offsets = next(filter(None, (self._offsets(line - 1 + by, words, is_cell) for by in near)), [])
        passage = Passage(escape2null(text), offsets, self.lines_span(line, line))
        position = 0
        for node in found:
            written = str(node) if isinstance(node, nodes.Text) else escape2null(getattr(node, "rawsource", ""))
            start = passage.text.find(written, position)
            if written and start >= 0:
                position = start + len(written)
                self._place(node, Place(passage, start, position))

    def _place(self, node: nodes.Node, place: Place) -> None:
        """Remember where an element stands, and where in it its words do."""
        self.keep(node, place)
        passage, position, end = place
        if not isinstance(node, nodes.problematic) and (opening := _OPENING.match(passage.text, position, end)):
            position = opening.end()
        for child in node.children:
            if not isinstance(child, nodes.Text):
                self._place(child, place)
            elif (start := passage.text.find(child, position, end)) >= 0:
                position = start + len(child)
                self.keep(child, Place(passage, start, position))

    def _offsets(self, first: int, words: list[str], is_cell: bool) -> list[int]:
        """Where each line of a text stands if it starts in that line of the file; none when it does not."""
        if not 0 <= first <= len(self._lines) - len(words):
            return []
        found: list[tuple[int, Span]] = []
        for number, line in enumerate(words, first):
            span = self._free_span(number, line.strip(), is_cell)
            if span is None:
                return []
            found.append((number, span))
        for number, span in found:
            self._taken[number].append(span)
        indents = (len(line) - len(line.lstrip()) for line in words)
        return [
            self._starts[number] + span.start - indent for (number, span), indent in zip(found, indents, strict=True)
        ]

    def _free_span(self, number: int, words: str, is_cell: bool) -> Span | None:
        """Where words stand by themselves in a line, and no other text stands."""
        line = self._lines[number].rstrip()
        places = _occurrences(words, line) if is_cell else chain(_at_end(words, line), _occurrences(words, line))
        for start in places:
            end = start + len(words)
            is_apart = (start == 0 or line[start - 1] in _BESIDE) and line[end : end + 1] in ("", *_BESIDE)
            if is_apart and not any(start < taken.end and taken.start < end for taken in self._taken[number]):
                return Span(start, end)
        return None

    def lines_span(self, first: int, last: int) -> Span:
        """Where the lines of these numbers stand, without the indentation of the first."""
        first = min(max(first, 1), len(self._lines))
        last = min(max(last, first), len(self._lines))
        line = self._lines[first - 1]
        start = self._starts[first - 1] + len(line) - len(line.lstrip())
        return Span(start, max(start, self._starts[last - 1] + len(self._lines[last - 1].rstrip())))


def placed_lines(parsed: Parsed, text: str, line: int) -> Iterator[nodes.paragraph]:
    """Each line with words in it of a text near a line of the file, as a paragraph."""
    whole = nodes.Text(escape2null(text))
    parsed.place_nodes(text, line, [whole])
    if not (place := parsed.place(whole)):
        return
    for words in re.finditer(r"(?m)^.*\w.*$", whole):
        line_of_text = nodes.Text(words[0])
        parsed.keep(line_of_text, Place(place.passage, *words.span()))
        yield nodes.paragraph("", "", line_of_text)


_OPENING = re.compile(r":[^`]*`|_?`")  # of a role, a phrase, a target, before its words
_BESIDE = (" ", "|", ":", "[", "]")  # what may stand beside a text in its line


def _at_end(words: str, line: str) -> Iterator[int]:
    """Where the words start if the line ends in them, or in a colon that announces a block behind them."""
    for tail in ("", "::", " ::", ":"):
        if line.endswith(words + tail):
            yield len(line) - len(tail) - len(words)


def _occurrences(words: str, line: str) -> Iterator[int]:
    start = line.find(words)
    while start >= 0:
        yield start
        start = line.find(words, start + 1)


class _Inliner(states.Inliner):
    """Reads the inline markup of a text."""

    def __init__(self, parsed: Parsed) -> None:
        super().__init__()
        self.parsed = parsed

    def parse(
        self, text: str, lineno: int, memo: SimpleNamespace, parent: nodes.Element
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if len(text) <= _LONGEST_TEXT:
            found, _ = super().parse(text, lineno, memo, parent)
        else:
            found = [nodes.Text(escape2null(text))]
        self.parsed.place_nodes(text, lineno, found, is_cell=isinstance(parent, nodes.entry))
        return found, []

    def interpreted(
        self, rawsource: str, text: str, role: str, lineno: int
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name = role.lower() if role else ""
        titled = _TITLED.match(text)
        node: nodes.Element
        if name in _RAISED:
            node = nodes.superscript(rawsource, text)
        elif titled and name not in _LITERAL:
            node = nodes.inline(rawsource, titled[1])
        elif name in _LITERAL or name in _REFERENCES or ":" in name:
            node = nodes.literal(rawsource, text)
        else:
            node = nodes.inline(rawsource, text)
        return [node], []


# docutils builds its patterns from what stands in the class itself, and does not look in the one it is derived from.
for _name, _part in vars(states.Inliner).items():
    if isinstance(_part, str) and not _name.startswith("__"):
        setattr(_Inliner, _name, _part)

# docutils takes quadratic time for a text full of marks; nobody writes a paragraph as long as that.
_LONGEST_TEXT = 20_000
_TITLED = re.compile(r"(.+?)\s*(?<!\0)<[^<>]*>$", re.DOTALL)  # `words <where they lead>`
_RAISED = frozenset(("sup", "superscript"))
_LITERAL = frozenset(
    ("code", "math", "raw", "literal", "samp", "kbd", "file", "command", "program", "option", "envvar")
)
_REFERENCES = frozenset(
    ("doc", "ref", "numref", "any", "download", "eq", "keyword", "token")
)  # the words are elsewhere


class _State(states.RSTState):
    """What every state of the parser does in our way, whether it is docutils' for bodies of text or for lists."""

    state_machine: Any
    nested_sm_cache: list[Any] = []  # noqa: RUF012 - that of docutils holds machines of its own

    def __init__(self, state_machine: Any, debug: bool = False) -> None:
        super().__init__(state_machine, debug)
        self.nested_sm_kwargs = {"state_classes": _STATES, "initial_state": "Body"}

    @property
    def _parsed(self) -> Parsed:
        return cast(_Inliner, self.inliner).parsed

    def term(self, lines: list[str], lineno: int) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """A term with its classifiers, which docutils would take apart."""
        words, _ = self.inline_text(lines[0], lineno)
        return [nodes.term(lines[0], "", *words)], []

    def comment(self, match: re.Match[str]) -> tuple[list[nodes.Node], bool]:
        first = self.state_machine.abs_line_number()
        found: list[nodes.Node]
        found, blank_finish = super().comment(match)  # type: ignore[misc]
        text = found[0].astext() if found else ""
        if text:
            span = self._parsed.lines_span(first, first + text.count("\n"))
            self._parsed.comments.append(Comment(span, text))
        return found, blank_finish

    def directive(self, match: re.Match[str], **_: object) -> tuple[list[nodes.Node], bool]:
        """What a directive shows: its arguments and its content, unless they are for a program, and a few options."""
        name = match[1].lower()
        block, _indent, offset, blank_finish = self.state_machine.get_first_known_indented(match.end(), strip_top=0)
        if block and not block[0].strip():
            block.trim_start()
            offset += 1
        head = next((number for number, line in enumerate(block) if not line.strip()), len(block))
        options = next((number for number, line in enumerate(block[:head]) if _OPTION.match(line)), head)
        if name == "replace":
            first = next((number for number, line in enumerate(block) if line.strip()), 0)
            words, _messages = self.inline_text("\n".join(block[first:]), offset + first + 1)
            return words, blank_finish
        shown = nodes.container()
        is_copy = name not in _NOT_COPY
        is_said = name in _SPOKEN or " " in " ".join(block[:options]).strip()
        if is_copy and is_said and name not in _ADDRESSED:
            self.nested_parse(block[:options], offset, shown)
        shown += self._options(name, block[options:head], offset + options)
        if name in _LINES:
            for number, line in enumerate(block[head:], offset + head + 1):
                if found := _LINES[name].match(line.strip()):
                    words, _messages = self.inline_text(found[1], number)
                    shown += nodes.paragraph(line, "", *words)
        elif is_copy:
            self.nested_parse(block[head:], offset + head, shown)
        if name == "list-table":
            shown.children = list(_with_rows(shown.children))
        if isinstance(self, states.SubstitutionDef):  # in which only what stands inside a line is allowed
            return [each for each in shown.children if isinstance(each, nodes.Inline)], blank_finish
        return [shown], blank_finish

    def _options(self, directive: str, block: Any, offset: int) -> list[nodes.Node]:
        """The options that people see, each as an element that holds its words and is called by its kind."""
        found: list[nodes.Node] = []
        number = 0
        while number < len(block):
            first, option = number, _OPTION.match(block[number])
            number += 1
            while number < len(block) and not _OPTION.match(block[number]):
                number += 1
            key = option[1].lower().split()[0].replace("\\", "") if option else ""
            kind = (_META if directive == "meta" else _SHOWN_OPTIONS).get(key.removeprefix("property="))
            if option and kind:
                text = "\n".join((option[2], *(line.strip() for line in block[first + 1 : number]))).strip()
                words: list[nodes.Node] = [nodes.Text(escape2null(text))]
                self._parsed.place_nodes(text, offset + first + 1, words)
                found.append(nodes.inline(text, "", *words, kind=kind))
        return found


def _with_rows(found: list[nodes.Node]) -> Iterator[nodes.Node]:
    """The elements with each list of lists as the rows of a table, which is what a list-table makes of it."""
    for each in found:
        if not isinstance(each, nodes.bullet_list):
            yield each
            continue
        for cells in (part for row in each.children for part in row.children):
            if isinstance(cells, nodes.bullet_list):
                yield nodes.row("", *(nodes.entry("", *cell.children) for cell in cells.children))
            else:
                yield cells


_OPTION = re.compile(r":((?:[^:\\\s]|\\.)(?:[^:\\]|\\.|:(?!\s|$))*):(?:\s+|$)(.*)")
_SHOWN_OPTIONS = {"alt": "alt", "caption": "caption"}
_META = {
    "title": "title",
    "description": "description",
    "og:title": "title",
    "og:description": "description",
    "twitter:title": "title",
    "twitter:description": "description",
}
_SPOKEN = {  # their argument is copy even if it is one word, which elsewhere is a name
    *("admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "rubric", "sidebar"),
    *("table", "list-table", "csv-table", "tip", "title", "topic", "warning"),
}
_ADDRESSED = frozenset(("image", "figure", "thumbnail", "toctree"))  # their argument is no copy, what follows it is
_LINES = {"toctree": _TITLED, "csv-table": re.compile("(.+)")}  # their content is no markup, but each line may be copy
_NOT_COPY = {  # for a program, or made by one
    *("code", "code-block", "sourcecode", "highlight", "literalinclude", "include", "raw", "math"),
    *("parsed-literal", "class", "role", "default-role", "sectnum", "section-numbering", "target-"),
    *("notes", "date", "unicode", "doctest", "testcode", "testsetup", "testoutput", "productionlist"),
    *("graphviz", "digraph", "graph", "mermaid", "uml", "plantuml", "index", "module", "currentmodule"),
    *("tabularcolumns", "bibliography", "youtube", "vimeo", "soundcloud", "listing", "gallery"),
    *("chart", "post-list", "gist", "slides", "contents"),
}

# docutils looks for explicit markup in a list of functions, which leaves no room for the method of a subclass.
_EXPLICIT = SimpleNamespace(
    patterns=states.Body.explicit.patterns,
    constructs=[
        (_State.directive if method is states.Body.directive else method, pattern)
        for method, pattern in states.Body.explicit.constructs
    ],
)
_STATES = tuple(type(state.__name__, (_State, state), {"explicit": _EXPLICIT}) for state in states.state_classes)
