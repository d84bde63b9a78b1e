"""What a rule is, and the rulebook that holds all rules of a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from medlint.finding import Citation, Severity
from medlint.vocabulary import Vocabulary

# contract: prefixes and slugs are never renamed or reused.
CATEGORIES = {
    "CUR": "cure",
    "EFF": "efficacy",
    "GUA": "guarantee",
    "SAF": "safety",
    "STA": "statistic",
    "EVI": "evidence",
    "CMP": "comparative",
    "HYP": "hype",
    "SPD": "speed",
    "TES": "testimonial",
    "REG": "regulatory",
    "NAT": "natural",
    "WGT": "weight-loss",
    "VUL": "vulnerability",
    "OFR": "offer",
    "CRE": "credentials",
    "DIS": "discouragement",
    "DOC": "disclosure",
}
JURISDICTIONS = ("us", "uk", "ie", "eu", "au", "nz", "ca")
DEFAULT_JURISDICTION = "us"

Assertion = Literal["asserted", "negated", "hedged", "hypothetical", "question", "reported"]
Polarity = Literal["asserted", "denial"]
Scope = Literal["sentence", "paragraph", "page"]
Tier = Literal["default", "pedantic"]
Once = Literal["drug-and-use"]
SourceStrength = Literal["full", "half"]


class Conditions(NamedTuple):
    """What in a match's surroundings counts, to excuse or to soften it."""

    assertion: frozenset[Assertion] = frozenset()
    source: Scope | None = None  # how near a source that a reader can follow must stand
    half_source: Scope | None = None  # the same for a named body without year or link
    risk: Scope | None = None  # how near a concrete harm must be named
    page_names: str | None = None  # word list: an entry of it anywhere on the page
    table_head: str | None = None  # word list: an entry of it heads the column or the row of the match's cell

    @property
    def word_lists(self) -> tuple[str, ...]:
        """The word lists that it looks for."""
        return tuple(name for name in (self.page_names, self.table_head) if name)


class PageCondition(NamedTuple):
    """Makes a rule one of the whole page: findings of some categories call for words that the page lacks."""

    claims: tuple[str, ...]  # categories; a finding of one of them calls for the words
    lacks: str  # word list: the page names none of its entries
    about: str = ""  # word list: only pages that are about one of its entries are meant
    unless: str = ""  # word list: pages that name one of its entries owe nothing


class Rule(NamedTuple):
    """One entry of a rule pack."""

    code: str
    name: str
    category: str
    severity: Mapping[str, Severity]  # by jurisdiction; "default" for the rest
    match: Sequence[str]
    message: str
    why: str
    instead: str
    sources: Sequence[Citation]
    regex: tuple[str, ...] = ()
    polarity: Polarity = "asserted"
    senses: Sequence[str] = ()  # innocent phrases: a match that overlaps one is dropped
    unless: Sequence[str] = ()  # phrases anywhere in the sentence that drop the match
    along: Sequence[str] = ()  # phrases of which one must stand in the sentence too, or just before it
    answers: Sequence[str] = ()  # phrases of which one must stand in a question just before
    excused_by: Conditions = Conditions()
    softened_by: Conditions = Conditions()
    once_per: Once | None = None  # what a page's later matches may share with an earlier one and add nothing by it
    page: PageCondition | None = None
    precedent: Sequence[Citation] = ()
    jurisdictions: tuple[str, ...] = ()  # where it holds; empty: everywhere
    tier: Tier = "default"
    bad: Sequence[str] = ()
    good: Sequence[str] = ()
    todo_bad: Sequence[str] = ()
    todo_good: Sequence[str] = ()
    path: str = ""  # the pack it stands in
    line: int = 1
    column: int = 1
    trusted: bool = True  # False for users' packs, whose regexes run under a time limit

    def severity_in(self, jurisdictions: Iterable[str]) -> tuple[Severity, str]:
        """The strictest severity over the jurisdictions, and the one that made it so ("" when it is the default)."""
        default = self.severity["default"]
        chosen, place = max(
            ((self.severity.get(each, default), each if each in self.severity else "") for each in jurisdictions),
            key=lambda choice: choice[0].rank,
            default=(default, ""),
        )
        return chosen, place


class Rulebook(NamedTuple):
    """The rules of a run in order of their codes, and the word lists they draw on."""

    rules: tuple[Rule, ...]
    vocabulary: Vocabulary = Vocabulary()

    @property
    def codes(self) -> frozenset[str]:
        """All codes."""
        return frozenset(rule.code for rule in self.rules)

    def rule(self, code: str) -> Rule:
        """The rule with this code; raises KeyError."""
        return next((rule for rule in self.rules if rule.code == code), None) or _missing(code)

    def selected(
        self, *, select: Iterable[str] = (), ignore: Iterable[str] = (), jurisdictions: Iterable[str]
    ) -> Rulebook:
        """The rules that hold in one of the jurisdictions and that the selectors name: the longest selector wins."""
        places = set(jurisdictions)
        chosen = selection(select, ignore)
        kept = (rule for rule in self.rules if not rule.jurisdictions or places & set(rule.jurisdictions))
        return self._replace(rules=tuple(rule for rule in kept if chosen(rule)))

    def with_severities(self, severities: Sequence[tuple[str, Severity]]) -> Rulebook:
        """The rules with other severities, each from the selector that names it most exactly, the last among equals."""
        if not severities:
            return self

        def reweighed(rule: Rule) -> Rule:
            fits = [(_fit(selector, rule), place, level) for place, (selector, level) in enumerate(severities)]
            exactness, _, level = max(fits, key=lambda fit: fit[:2])
            return rule._replace(severity={"default": level}) if exactness else rule

        return self._replace(rules=tuple(map(reweighed, self.rules)))

    def has(self, selector: str) -> bool:
        """Whether a rule falls under a code, the beginning of one or a category."""
        return any(rule.code.startswith(selector) or rule.category == selector for rule in self.rules)

    def check_selectors(self, selectors: Iterable[str], also: Iterable[str] = ()) -> None:
        """Raises ValueError for a selector that names no rule and no category, with the nearest one.

        `also` are further codes and categories, of findings that are not about claims.
        """
        known = sorted({*CATEGORIES, *CATEGORIES.values(), *self.codes, *also})
        for selector in selectors:
            if selector not in known and not any(name.startswith(selector) for name in known if name.isupper()):
                from medlint.schema import expected

                raise ValueError(f"no rule or category is called '{selector}'; {expected(selector, known)}")


def _missing(code: str) -> Rule:
    raise KeyError(code)


class Selectable(Protocol):
    """What selectors choose among."""

    @property
    def code(self) -> str:
        """Such as CUR001."""
        ...

    @property
    def category(self) -> str:
        """Such as cure."""
        ...


def selection(select: Iterable[str], ignore: Iterable[str]) -> Callable[[Selectable], bool]:
    """Decides whether a rule is on: explicit beats implicit, then the longest prefix wins, then `ignore`."""
    picked, dropped = list(select), list(ignore)

    def chosen(rule: Selectable) -> bool:
        longest_picked = max((_fit(selector, rule) for selector in picked), default=0)
        longest_dropped = max((_fit(selector, rule) for selector in dropped), default=0)
        if not longest_picked and picked:
            return False
        return longest_picked > longest_dropped or not longest_dropped

    return chosen


def _fit(selector: str, rule: Selectable) -> int:
    """How exactly a selector names a rule: the length of the prefix, a slug counting as its prefix; 0 for not."""
    if selector == rule.category:
        return 3
    return len(selector) if rule.code.startswith(selector) else 0
