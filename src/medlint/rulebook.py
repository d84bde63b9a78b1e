"""Loads rule packs: reads and validates rules; everything about a rule stands in its YAML entry.

The tables below are the one model of that entry: the loader checks against them and `json_schema` is made from them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, get_args

from medlint.finding import Citation, Severity
from medlint.packs import bundled_pack, pack_files
from medlint.phrases import PhraseError, parse, slots
from medlint.regularfiles import read_text
from medlint.rule import (
    CATEGORIES,
    JURISDICTIONS,
    Assertion,
    Conditions,
    Once,
    PageCondition,
    Polarity,
    Rule,
    Rulebook,
    Scope,
    Tier,
)
from medlint.schema import (
    Fields,
    Items,
    PackError,
    Place,
    Text,
    Value,
    check_keys,
    choice_of,
    expected,
    lines_of,
    read_yaml,
    text_of,
)
from medlint.vocabulary import Vocabulary, WordList

# Reading packs -------------------------------------------------------------------------------------------------------


class Places(NamedTuple):
    """Where everything of a rulebook stands, for those who find fault with it."""

    rules: Mapping[tuple[str, str], tuple[Place, ...]]  # (code, key) -> the place of each of its lines
    lists: Mapping[str, Place]  # word list -> its name
    entries: Mapping[str, tuple[Place, ...]]  # word list -> each of its entries


def load_rulebook(packs: Iterable[Path] = (), *, bundled: bool = True) -> Rulebook:
    """The bundled rules and those of further files or folders; raises PackError."""
    return load_placed(packs, bundled=bundled)[0]


def load_placed(packs: Iterable[Path] = (), *, bundled: bool = True) -> tuple[Rulebook, Places]:
    """The same, and where everything stands; raises PackError."""
    loader = _Loader()
    if bundled:
        loader.add_pack(bundled_pack(), trusted=True)
    for pack in packs:
        loader.add_pack(pack, trusted=False)
    return loader.rulebook(), Places(loader.rule_places, loader.list_places, loader.entry_places)


class _Loader:
    """Collects rules and word lists from files, then checks what refers to what."""

    def __init__(self) -> None:
        self.rules: dict[str, Rule] = {}
        self.lists: dict[str, WordList] = {}
        self.citations: dict[str, Citation] = {}
        self.rule_places: dict[tuple[str, str], tuple[Place, ...]] = {}
        self.list_places: dict[str, Place] = {}
        self.entry_places: dict[str, tuple[Place, ...]] = {}
        self.depths: dict[str, int] = {}  # of the word lists that are checked

    def add_pack(self, path: Path, *, trusted: bool) -> None:
        for file in pack_files(path):
            try:
                text = read_text(file)
            except OSError as error:
                raise PackError(f"cannot be read: {error.strerror}", Place(str(file), 1, 1)) from None
            except UnicodeDecodeError as error:
                raise PackError(f"not UTF-8 at byte {error.start}; save it as UTF-8", Place(str(file), 1, 1)) from None
            tree = read_yaml(text, str(file))
            if tree is None:
                raise PackError("holds no rules; a pack is a list of rules", Place(str(file), 1, 1))
            if file.stem == "citations":
                self.add_citations(tree)
            elif file.parent.name == "vocab":
                self.add_lists(tree)
            else:
                self.add_rules(tree, trusted=trusted)

    def add_citations(self, tree: Value) -> None:
        if not isinstance(tree, Fields):
            raise PackError("citations are written as 'id: {cite, url, in, checked}'", tree.place)
        for name, value in tree.fields.items():
            self.citations[name] = read_citation(value, name)

    def add_rules(self, tree: Value, *, trusted: bool) -> None:
        rules: Value = tree
        if isinstance(tree, Fields):
            check_keys(tree, ("rules", "vocabulary"), "a rule pack")
            if "vocabulary" in tree.fields:
                self.add_lists(tree.fields["vocabulary"])
            rules = tree.fields.get("rules", Items((), tree.place))
        if not isinstance(rules, Items):
            raise PackError("a pack is a list of rules, each starting with '- code:'", rules.place)
        for item in rules.items:
            self.add_rule(item, trusted=trusted)

    def add_lists(self, tree: Value) -> None:
        if not isinstance(tree, Fields):
            raise PackError("word lists are written as 'name: |' with one entry a line", tree.place)
        for name, value in tree.fields.items():
            place = tree.keys[name]
            if not _LIST_NAME.fullmatch(name):
                raise PackError(f"'{name}' is no list name; use lower-case-words", place)
            if name in self.lists:
                raise PackError(f"list '{name}' is defined twice; first in {self.lists[name].path}", place)
            inflect = ""
            if isinstance(value, Fields):
                check_keys(value, ("inflect", "entries"), f"list '{name}'")
                if "entries" not in value.fields:
                    raise PackError(f"list '{name}' has no entries", value.place)
                if "inflect" in value.fields:
                    inflect = choice_of(value.fields["inflect"], "inflect", ("verb", "noun"))
                value = value.fields["entries"]
            entries = lines_of(value, f"list '{name}'")
            if not entries:
                raise PackError(f"list '{name}' is empty", place)
            self.list_places[name] = place
            self.entry_places[name] = tuple(entry.place for entry in entries)
            self.lists[name] = WordList(name, tuple(entry.value for entry in entries), inflect, place.path)

    def add_rule(self, value: Value, *, trusted: bool) -> None:
        if not isinstance(value, Fields):
            raise PackError("a rule is a mapping that starts with 'code:'", value.place)
        rule = read_rule(value, self.citations)
        if rule.code in self.rules:
            raise PackError(f"code {rule.code} is defined twice; first in {self.rules[rule.code].path}", value.place)
        self.rules[rule.code] = rule._replace(trusted=trusted)
        self.rule_places.update({(rule.code, key): _places(each, key) for key, each in value.fields.items()})

    def rulebook(self) -> Rulebook:
        special = {name: self.lists.pop(name) for name in _TABLES if name in self.lists}
        for name in self.lists:
            self.check_list(name)
        for rule in self.rules.values():
            for key in PHRASE_KEYS:
                for phrase, place in zip(getattr(rule, key), self.rule_places.get((rule.code, key), ()), strict=True):
                    self.check_phrase(phrase, place)
            on_page = (rule.page.lacks, rule.page.about, rule.page.unless) if rule.page else ()
            for name in (*on_page, *rule.excused_by.word_lists, *rule.softened_by.word_lists):
                if name and name not in self.lists:
                    place = Place(rule.path, rule.line, rule.column)
                    raise PackError(
                        f"page: no word list is called '{name}'; {expected(name, sorted(self.lists))}", place
                    )
        vocabulary = Vocabulary(
            self.lists,
            spelling={**_PERCENT, **dict(self.pairs(special, "spelling", "="))},
            irregular_verbs={base: tuple(forms.split()) for base, forms in self.pairs(special, "irregular-verb", ":")},
            irregular_nouns=dict(self.pairs(special, "irregular-noun", ":")),
        )
        return Rulebook(tuple(self.rules[code] for code in sorted(self.rules)), vocabulary)

    def pairs(self, special: Mapping[str, WordList], name: str, separator: str) -> Iterator[tuple[str, str]]:
        """Lines `left = right` of a table among the word lists."""
        lines = special[name].entries if name in special else ()
        for line, place in zip(lines, self.entry_places.get(name, ()), strict=True):
            left, found, right = (part.strip() for part in line.partition(separator))
            if not (left and found and right) or (name == "irregular-verb" and len(right.split()) != 4):
                raise PackError(f"expected '{_TABLES[name]}'", place)
            yield left, right

    def check_list(self, name: str, inside: tuple[str, ...] = ()) -> int:
        """How deep the word lists are nested that the list names, itself included."""
        if name not in self.depths:
            entries = zip(self.lists[name].entries, self.entry_places[name], strict=True)
            chain = (*inside, name)
            depth = len(chain)
            if depth <= _DEEPEST_LISTS:
                inner = (
                    self.check_phrase(entry, place, chain) for entry, place in entries if _HAS_SYNTAX.search(entry)
                )
                depth += max(inner, default=0)
            if depth > _DEEPEST_LISTS:
                raise PackError(f"list '{name}' nests lists more than {_DEEPEST_LISTS} deep", self.list_places[name])
            self.depths[name] = depth - len(inside)
        return self.depths[name]

    def check_phrase(self, phrase: str, place: Place, inside: tuple[str, ...] = ()) -> int:
        """How deep the word lists are nested that the phrase names; `inside` are those that it is an entry of."""
        depth = 0
        try:
            node = parse(phrase)
        except PhraseError as error:
            there = replace(place, column=place.column + error.column)
            raise PackError(f"phrase '{phrase}': {error}", there) from None
        for slot in slots(node):
            if slot.name in ("#", "*", "Name"):
                continue
            if slot.name not in self.lists:
                raise PackError(f"phrase '{phrase}': no word list is called '{slot.name}'; "
                                f"{expected(slot.name, sorted(self.lists))}", place)  # fmt: skip
            if slot.form and self.lists[slot.name].inflect != "verb":
                raise PackError(f"phrase '{phrase}': list '{slot.name}' has no verb forms; "
                                "give it 'inflect: verb'", place)  # fmt: skip
            if slot.name in inside:
                raise PackError(f"list '{slot.name}' contains itself: {' > '.join((*inside, slot.name))}", place)
            depth = max(depth, self.check_list(slot.name, inside))
        return depth


_DEEPEST_LISTS = 20  # far beyond what anyone can follow, and far from the end of the stack


_PERCENT = dict.fromkeys(("percent", "per cent", "per-cent", "pct"), "%")
_LIST_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_HAS_SYNTAX = re.compile(r"[^\w\s'-]|(?<!\S)['_-]+(?!\S)|^\s*$")  # or holds no word, which parsing will say
_TABLES = {  # lists that are tables, and how a line of each is written
    "spelling": "variant = spelling used for matching",
    "irregular-verb": "base: third-person past participle ing",
    "irregular-noun": "singular: plural",
}


# One rule ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Key:
    """One key of a rule: what it takes, whether it must stand, and what it is for (shown by editors)."""

    kind: str  # text, phrases, lines, severity, conditions, citations, choice, choices
    help: str
    required: bool = False
    allowed: tuple[str, ...] = ()


PHRASE_KEYS = ("match", "senses", "unless", "along", "answers")
_LINE_KEYS = ("regex", "bad", "good", "todo_bad", "todo_good")
_SEVERITIES = tuple(severity.value for severity in Severity)
RULE_KEYS = {
    "code": _Key("text", "three capitals of the category and three digits: CUR001", required=True),
    "name": _Key("text", "kebab-case; reads well after 'allow'", required=True),
    "severity": _Key("severity", "error, warning or info; or {default: …, uk: …}", required=True, allowed=_SEVERITIES),
    "tier": _Key("choice", "pedantic: off until asked for", allowed=get_args(Tier)),
    "jurisdictions": _Key("choices", "where the rule holds; everywhere when left out", allowed=JURISDICTIONS),
    "match": _Key("phrases", "phrases that make the claim, one a line"),
    "regex": _Key("lines", "regular expressions over the folded sentence, the way out where phrases cannot say it"),
    "polarity": _Key(
        "choice", "denial: the phrase's own negation is the claim ('no side effects')", allowed=get_args(Polarity)
    ),
    "senses": _Key("phrases", "innocent uses of the same words; a match that overlaps one is dropped"),
    "unless": _Key("phrases", "phrases that drop the match wherever they stand in the sentence"),
    "along": _Key("phrases", "phrases of which one must stand in the same sentence or just before it"),
    "answers": _Key(
        "phrases", "phrases of which one must stand in a question just before: the match is the answer to it"
    ),
    "page": _Key(
        "page",
        "a rule of the whole page: {claims: categories that call for it, lacks: word list of what the page should say, "
        "about: word list of subjects it holds for, unless: word list of words that make it unneeded}",
    ),
    "excused_by": _Key("conditions", "what in the surroundings makes it no finding"),
    "softened_by": _Key("conditions", "what in the surroundings lowers it to info"),
    "once_per": _Key(
        "choice",
        "drug-and-use: reported at the first place of a page that names these drugs (lists called …-name) "
        "for these uses (lists called …-use)",
        allowed=get_args(Once),
    ),
    "message": _Key("text", "what the finding says; {match} is the claim's words", required=True),
    "why": _Key("text", "why a reader or a regulator minds", required=True),
    "instead": _Key("text", "wording that would be acceptable", required=True),
    "sources": _Key("citations", "law or guidance: ids of citations.yml, or {cite, url, in, checked}", required=True),
    "precedent": _Key("citations", "enforcement cases, written like sources"),
    "bad": _Key("lines", "lines the rule must flag, three or more", required=True),
    "good": _Key("lines", "lines it must leave alone, three or more", required=True),
    "todo_bad": _Key("lines", "lines it should flag and does not yet"),
    "todo_good": _Key("lines", "lines it should leave alone and does not yet"),
}
_CONDITION_KEYS = {
    "assertion": ("choices", tuple(each for each in get_args(Assertion) if each != "asserted")),
    "source": ("choice", get_args(Scope)),
    "half_source": ("choice", get_args(Scope)),
    "risk": ("choice", get_args(Scope)),
    "page_names": ("text", ()),
    "table_head": ("text", ()),
}
_CITATION_KEYS = ("cite", "url", "in", "checked")
_URL = re.compile(r"https?://[^\s/]+\.[^\s/]+\S*")
_CODE = re.compile(r"[A-Z]{3}[0-9]{3}")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FEWEST_EXAMPLES = 3
# A claim that is denied, asked about, supposed or quoted is none; a rule may say otherwise.
DEFAULT_EXCUSES: frozenset[Assertion] = frozenset({"negated", "question", "hypothetical", "reported"})
_START = re.compile(r"[\w'-]+|\([^(){}\[\]]+(?=\))")
_NEGATIONS = frozenset(("no", "not", "never", "without", "zero", "nothing", "nobody", "none"))


def read_rule(entry: Fields, citations: Mapping[str, Citation]) -> Rule:
    """A rule from its YAML entry; raises PackError."""
    check_keys(entry, RULE_KEYS, "a rule")
    for key, spec in RULE_KEYS.items():
        if spec.required and key not in entry.fields:
            raise PackError(f"the rule has no '{key}': {spec.help}", entry.place)
    code = text_of(entry.fields["code"], "code")
    if not _CODE.fullmatch(code) or code[:3] not in CATEGORIES:
        raise PackError(f"code '{code}' is not a category prefix and three digits; "
                        f"the prefixes are {', '.join(CATEGORIES)}", entry.fields["code"].place)  # fmt: skip
    name = text_of(entry.fields["name"], "name")
    if not _NAME.fullmatch(name):
        raise PackError(f"name '{name}' is not kebab-case", entry.fields["name"].place)
    if not {"match", "regex", "page"} & entry.fields.keys():
        raise PackError("the rule has neither 'match' nor 'regex' nor 'page'", entry.place)
    values: dict[str, Any] = {key: _READERS[RULE_KEYS[key].kind](value, key) for key, value in entry.fields.items()}
    for key in {"sources", "precedent"} & entry.fields.keys():
        values[key] = _citations(entry.fields[key], key, citations)
    phrases = values.get("match", ())
    for key in (*PHRASE_KEYS, *_LINE_KEYS):
        values[key] = tuple(line.value for line in values.get(key, ()))
    if not (values["match"] or values["regex"] or "page" in values):
        raise PackError("the rule's 'match' or 'regex' is empty", entry.place)
    for key in ("bad", "good"):
        if len(values[key]) < _FEWEST_EXAMPLES:
            raise PackError(
                f"'{key}' has {len(values[key])} lines; a rule needs {_FEWEST_EXAMPLES}", entry.fields[key].place
            )
    _check_message(values["message"], entry.fields["message"].place)
    excused = values.pop("excused_by", Conditions())
    if not _names_assertion(entry.fields.get("excused_by")):
        excused = excused._replace(assertion=DEFAULT_EXCUSES)
    rule = Rule(
        category=CATEGORIES[code[:3]],
        excused_by=excused,
        path=entry.place.path,
        line=entry.place.line,
        column=entry.place.column,
        **values,
    )
    _check_polarity(rule, phrases)
    _check_regexes(rule, entry)
    return rule


def _places(value: Value, key: str) -> tuple[Place, ...]:
    """Where each line of a key stands that holds lines, else where its value does."""
    if key in PHRASE_KEYS or key in _LINE_KEYS:
        return tuple(line.place for line in lines_of(value, key))
    return (value.place,)


def _names_assertion(value: Value | None) -> bool:
    return isinstance(value, Fields) and "assertion" in value.fields


def _check_message(message: str, place: Place) -> None:
    for slot in re.findall(r"\{([^}]*)\}", message):
        if slot != "match":
            raise PackError(f"the message may only name {{match}}, not {{{slot}}}", place)


def _check_polarity(rule: Rule, phrases: Iterable[Text]) -> None:
    """Under polarity `asserted` a negation before the claim excuses it, so a phrase cannot start with one."""
    if rule.polarity == "asserted":
        for phrase in phrases:
            if first := _leading_negation(phrase.value):
                raise PackError(f"phrase '{phrase.value}' starts with '{first}', so the negation is the claim: "
                                "write 'polarity: denial'", phrase.place)  # fmt: skip


def _leading_negation(phrase: str) -> str:
    """The negation a phrase cannot but start with, at once or in each alternative at its start; "" for none."""
    start = _START.match(phrase)
    words = [option.split()[0] for option in start[0].strip("(").split("|")] if start else [""]
    return words[0] if _NEGATIONS.issuperset(words) else ""


def _check_regexes(rule: Rule, entry: Fields) -> None:
    from re import _parser  # type: ignore[attr-defined]  # the standard library's own parse of the pattern

    for pattern in rule.regex:
        place = entry.fields["regex"].place
        try:
            re.compile(pattern)
            size = _written_out(_parser.parse(pattern))
        except (re.error, OverflowError) as error:
            raise PackError(f"regex '{pattern}': {error}", place) from None
        except RecursionError:
            raise PackError("a regex nested too deeply; write it as several", place) from None
        if size > _LONGEST_REGEX:
            raise PackError(
                f"regex '{pattern}': its repetitions come to {size:,} characters, {_LONGEST_REGEX:,} are the most; "
                "repeat less",
                place,
            )


_LONGEST_REGEX = 10_000  # a time limit holds for matching, none for compiling what {500} inside {500} comes to


def _written_out(parsed: Any) -> int:
    """How long a regex is with its least repetitions written out, as its compiler has them."""
    total = 0
    for operation, argument in parsed:
        match str(operation), argument:
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT", (least, _, inner):
                total += max(least, 1) * _written_out(inner)
            case "BRANCH", (_, branches):
                total += sum(map(_written_out, branches))
            case "SUBPATTERN", (_, _, _, inner):
                total += _written_out(inner)
            case "ATOMIC_GROUP", inner:
                total += _written_out(inner)
            case "ASSERT" | "ASSERT_NOT", (_, inner):
                total += _written_out(inner)
            case _:
                total += 1
    return total


def _severity(value: Value, key: str) -> Mapping[str, Severity]:
    if isinstance(value, Fields):
        check_keys(value, ("default", *JURISDICTIONS), "severity")
        if "default" not in value.fields:
            raise PackError("severity by jurisdiction needs a 'default'", value.place)
        return {place: Severity(choice_of(each, place, _SEVERITIES)) for place, each in value.fields.items()}
    return {"default": Severity(choice_of(value, key, _SEVERITIES))}


def _conditions(value: Value, key: str) -> Conditions:
    if not isinstance(value, Fields):
        raise PackError(f"{key} is a mapping with the keys {', '.join(_CONDITION_KEYS)}", value.place)
    check_keys(value, _CONDITION_KEYS, key)
    read: dict[str, Any] = {}
    for name, each in value.fields.items():
        kind, allowed = _CONDITION_KEYS[name]
        if kind == "text":
            read[name] = text_of(each, name)
        else:
            read[name] = (
                choice_of(each, name, allowed) if kind == "choice" else frozenset(_choices(each, name, allowed))
            )
    return Conditions(**read)


def _page(value: Value, key: str) -> PageCondition:
    if not isinstance(value, Fields):
        raise PackError(f"{key} is a mapping with the keys {', '.join(PageCondition._fields)}", value.place)
    check_keys(value, PageCondition._fields, key)
    for needed in ("claims", "lacks"):
        if needed not in value.fields:
            raise PackError(f"{key} has no '{needed}'", value.place)
    claims = _choices(value.fields["claims"], "claims", tuple(CATEGORIES.values()))
    lists = {name: text_of(each, name) for name, each in value.fields.items() if name != "claims"}
    return PageCondition(claims, **lists)


def _choices(value: Value, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(choice_of(line, key, allowed) for line in lines_of(value, key))


def _citations(value: Value, key: str, known: Mapping[str, Citation]) -> tuple[Citation, ...]:
    items = value.items if isinstance(value, Items) else lines_of(value, key)
    if not items:
        raise PackError(f"{key} is a list of citation ids or of {{cite, url, in, checked}}", value.place)
    citations = []
    for item in items:
        if isinstance(item, Text):
            if item.value not in known:
                raise PackError(
                    f"no citation is called '{item.value}'; {expected(item.value, sorted(known))}", item.place
                )
            citations.append(known[item.value])
        else:
            citations.append(read_citation(item, key))
    return tuple(citations)


def read_citation(value: Value, what: str) -> Citation:
    """A citation from its mapping {cite, url, in, checked}; raises PackError."""
    if not isinstance(value, Fields):
        raise PackError(f"{what} is a citation id or a mapping {{cite, url, in, checked}}", value.place)
    check_keys(value, _CITATION_KEYS, what)
    if "cite" not in value.fields:
        raise PackError("a source without 'cite'", value.place)
    url = text_of(value.fields["url"], "url") if "url" in value.fields else ""
    if url and not _URL.fullmatch(url):
        raise PackError(f"'{url}' is no URL", value.fields["url"].place)
    where = choice_of(value.fields["in"], "in", JURISDICTIONS) if "in" in value.fields else ""
    checked = choice_of(value.fields["checked"], "checked", ("true", "false")) if "checked" in value.fields else "true"
    return Citation(text_of(value.fields["cite"], "cite"), url, where, checked == "true")


_READERS: dict[str, Callable[[Value, str], Any]] = {
    "text": text_of,
    "phrases": lines_of,
    "lines": lines_of,
    "severity": _severity,
    "conditions": _conditions,
    "page": _page,
    "citations": lambda value, _: value,  # read with the table of citations at hand
    "choice": lambda value, key: choice_of(value, key, RULE_KEYS[key].allowed),
    "choices": lambda value, key: _choices(value, key, RULE_KEYS[key].allowed),
}


def json_schema() -> dict[str, Any]:
    """A JSON Schema of a rule pack for editors, made from the same tables as the loader's checks."""
    rule = {
        "type": "object",
        "additionalProperties": False,
        "required": [key for key, spec in RULE_KEYS.items() if spec.required],
        "anyOf": [{"required": ["match"]}, {"required": ["regex"]}, {"required": ["page"]}],
        "properties": {key: {"description": spec.help, **_schema_of(key, spec)} for key, spec in RULE_KEYS.items()},
    }
    word_list = {"anyOf": [*_lines_schema(1), {
        "type": "object", "additionalProperties": False, "required": ["entries"],
        "properties": {"inflect": {"enum": ["verb", "noun"]}, "entries": {"anyOf": _lines_schema(1)}},
    }]}  # fmt: skip
    vocabulary = {
        "type": "object",
        "propertyNames": {"pattern": f"^{_LIST_NAME.pattern}$"},
        "additionalProperties": word_list,
    }
    rules = {"type": "array", "items": {"$ref": "#/$defs/rule"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "medlint rule pack",
        "$defs": {"rule": rule},
        "anyOf": [rules, {
            "type": "object", "additionalProperties": False,
            "properties": {"rules": rules, "vocabulary": vocabulary},
        }],
    }  # fmt: skip


_TEXT_SCHEMA: dict[str, Any] = {"type": "string", "pattern": r"\S"}


def _lines_schema(fewest: int) -> list[dict[str, Any]]:
    """A `|` block with at least so many lines, or a list of at least so many texts."""
    block = r"\n\s*".join([r"\S.*"] * max(fewest, 1))
    return [{"type": "string", "pattern": block}, {"type": "array", "minItems": fewest, "items": _TEXT_SCHEMA}]


def _choices_schema(allowed: Iterable[str]) -> list[dict[str, Any]]:
    """One word, a `|` block of words, or a list of words."""
    choice, words = {"enum": list(allowed)}, "|".join(allowed)
    block = rf"^({words})(\n({words}))*\n?$"
    return [choice, {"type": "string", "pattern": block}, {"type": "array", "items": choice}]


def _schema_of(key: str, spec: _Key) -> dict[str, Any]:
    choice = {"enum": list(spec.allowed)}
    match spec.kind:
        case "text":
            patterns = {"code": f"^({'|'.join(CATEGORIES)})[0-9]{{3}}$", "name": f"^{_NAME.pattern}$"}
            return {**_TEXT_SCHEMA, **({"pattern": patterns[key]} if key in patterns else {})}
        case "severity":
            places = dict.fromkeys(("default", *JURISDICTIONS), choice)
            by_place = {"type": "object", "additionalProperties": False, "required": ["default"], "properties": places}
            return {"anyOf": [choice, by_place]}
        case "choice":
            return choice
        case "choices":
            return {"anyOf": _choices_schema(spec.allowed)}
        case "conditions":
            keys = {name: _TEXT_SCHEMA if kind == "text" else {"enum": list(allowed)} if kind == "choice" else
                    {"anyOf": _choices_schema(allowed)}
                    for name, (kind, allowed) in _CONDITION_KEYS.items()}  # fmt: skip
            return {"type": "object", "additionalProperties": False, "properties": keys}
        case "page":
            claims = {"anyOf": _choices_schema(CATEGORIES.values())}
            lists = dict.fromkeys(("lacks", "about", "unless"), _TEXT_SCHEMA)
            required = ["claims", "lacks"]
            return {
                "type": "object",
                "additionalProperties": False,
                "required": required,
                "properties": {"claims": claims, **lists},
            }
        case "citations":
            citation = {"type": "object", "additionalProperties": False, "required": ["cite"], "properties": {
                "cite": _TEXT_SCHEMA, "url": {"type": "string", "pattern": f"^{_URL.pattern}$"},
                "in": {"enum": list(JURISDICTIONS)}, "checked": {"enum": [True, False, "true", "false"]},
            }}  # fmt: skip
            either = {"anyOf": [_TEXT_SCHEMA, citation]}
            return {"anyOf": [_TEXT_SCHEMA, {"type": "array", "minItems": 1, "items": either}]}
    fewest = {"match": 1, "regex": 1, "bad": _FEWEST_EXAMPLES, "good": _FEWEST_EXAMPLES}
    return {"anyOf": _lines_schema(fewest.get(key, 0))}
