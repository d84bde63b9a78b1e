"""Matching: the prefilter loses nothing, the order of documents does not matter, and regexes keep to their limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
import regex
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from medlint import linter, regexes, rulematcher
from medlint.document import Block, Document, ProseBuilder, Source, Span
from medlint.finding import Finding, Severity
from medlint.index import Index, build_index
from medlint.linter import Linter
from medlint.phrases import Choice, Node, Sequence, Slot, Word, parse
from medlint.readers import FORMATS, format_for, read_document, read_text
from medlint.regexes import RegexTimeout, required_literals
from medlint.rule import CATEGORIES, Conditions, Rule, Rulebook

SEEDS = sorted((Path(__file__).parents[1] / "seeds").iterdir())
TEXT = next(format for format in FORMATS if format.name == "text")


@pytest.fixture(scope="module")
def index(rulebook: Rulebook) -> Index:
    """The index of the bundled rules."""
    return build_index(rulebook)


@pytest.fixture(scope="module")
def quick(rulebook: Rulebook, index: Index) -> Linter:
    """A linter that looks closely only where the prefilter says so."""
    return Linter(rulebook, index=index)


class Pair(NamedTuple):
    """The same rules with and without the prefilter."""

    quick: Linter
    thorough: Linter

    def differ(self, document: Document) -> bool:
        """Whether the two find or excuse anything different in a document."""
        quick, thorough = self.quick.lint(document), self.thorough.lint(document)
        return quick.findings != thorough.findings or sorted(quick.excused) != sorted(thorough.excused)


@pytest.fixture(scope="module")
def bare(rulebook: Rulebook) -> Rulebook:
    """The bundled rules as they match, before anything is judged or reduced to the weightiest."""
    return rulebook._replace(rules=tuple(unguarded(rule) for rule in rulebook.rules if not rule.page))


@pytest.fixture(scope="module")
def matches(bare: Rulebook, index: Index) -> Pair:
    """All rules as they match, with and without the prefilter."""
    return pair_of(bare, index)


def pair_of(rulebook: Rulebook, index: Index) -> Pair:
    """Linters of the same rules with and without the prefilter."""
    return Pair(Linter(rulebook, index=index), Linter(rulebook, index=index, prefilter=False))


def unguarded(rule: Rule) -> Rule:
    """A rule whose every match is a finding, whatever else is said."""
    bare: dict[str, Any] = dict.fromkeys(("senses", "unless", "along", "answers"), ())
    return rule._replace(category=rule.code, excused_by=Conditions(), softened_by=Conditions(), **bare)


def documents_of_seeds() -> Iterator[Document]:
    """The sample drafts."""
    for path in SEEDS:
        format = format_for(path.name)
        assert format is not None
        yield read_document(path.name, path.read_bytes(), format)


def document(*lines: str) -> Document:
    """A document whose paragraphs are the given lines."""
    text = "\n\n".join(lines)
    blocks, start = [], 0
    for line in lines:
        prose = ProseBuilder()
        prose.verbatim(text, start, start + len(line))
        blocks.append(Block("paragraph", prose.build(), Span(start, start + len(line))))
        start += len(line) + 2
    return Document(Source("draft.txt", text), tuple(block for block in blocks if block.prose.text))


# The prefilter -------------------------------------------------------------------------------------------------------


def test_the_prefilter_loses_nothing_in_the_seeds(matches: Pair) -> None:
    """Every sample draft gives the same matches with the prefilter as without."""
    pages = list(documents_of_seeds())
    assert [page.source.path for page in pages if matches.differ(page)] == []
    assert sum(len(matches.quick.lint(page).findings) for page in pages) > 100


def test_findings_are_the_same_without_the_prefilter(rulebook: Rulebook, index: Index) -> None:
    """What is left once matches are judged and the weightiest kept is the same, too."""
    page = next(page for page in documents_of_seeds() if page.source.path == "botox-for-low-mood.md")
    assert not pair_of(rulebook, index).differ(page)


@pytest.mark.parametrize("category", CATEGORIES.values())
def test_the_prefilter_loses_nothing_in_the_examples(
    category: str, rulebook: Rulebook, bare: Rulebook, index: Index
) -> None:
    """The examples of a category give the same matches of its rules with the prefilter as without."""
    rules = [rule for rule in rulebook.rules if rule.category == category]
    codes = {rule.code for rule in rules}
    lines = chain.from_iterable((*rule.bad, *rule.good, *rule.todo_bad, *rule.todo_good) for rule in rules)
    examples = document(*dict.fromkeys(" ".join(line.split()) for line in lines))
    pair = pair_of(bare._replace(rules=tuple(rule for rule in bare.rules if rule.code in codes)), index)
    assert not pair.differ(examples)
    assert {finding.code for finding in pair.quick.lint(examples).findings} == {
        rule.code for rule in rules if not rule.page
    }


@settings(max_examples=60)
@given(random=st.randoms(use_true_random=False))
def test_the_prefilter_loses_nothing_in_random_text(random: Random, author: Author, matches: Pair) -> None:
    """Text drawn from the rules' own phrases gives the same matches with the prefilter as without."""
    text = author.copy(random)
    note(text)
    assert not matches.differ(document(text))


@pytest.mark.parametrize(
    "text",
    [
        "Nine out of ten patients",
        "9 of 10 patients were cured",
        "47per cent",
        "47 PER-CENT less pain",
        "47％ less pain",
        "It doesn't just help: it cures.",
        "It’s a cure",
        "cure’s",
        "CURES",
        "ＣＵＲＥＳ depression",
        "cu\u00adres depression",
        "c\u200bures depression",
        "cures\u00a0depression",
        "cures—depression",
        "cures/depression",
        "cures_depression",
        "(cures) “depression”",
        "tumor",
        "tumour-free",
        "tumours",
        "side-effects: none",
        "no side\u2011effects",
        "100%safe",
        "100 % safe",
        "100% safe",
        "#1 clinic",
        "24/7",
        "",
        " ",
        "…",
        "🎉",
        "'s",
        "n't",
        "can't fail",
        "won't hurt",
        "Don’t worry: it can’t hurt!",
        "ﬁx",
        "naïve façade",
        "café cures migraine",
    ],
)
def test_the_prefilter_loses_nothing_to_typography(text: str, matches: Pair) -> None:
    """Apostrophes, percent signs, dashes, odd spaces and letters: the same matches with the prefilter as without."""
    sentences = document(f"The laser: {text} of your migraine, {text}.", text) if text.strip() else document(text)
    assert not matches.differ(sentences)


class Author:
    """Puts copy together from phrases of the rules and words of their lists, in any case and typography."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.vocabulary = rulebook.vocabulary
        self.phrases = [parse(phrase) for rule in rulebook.rules for phrase in rule.match]
        self.words = sorted({word for phrase in self.phrases for word in plain_words(phrase)})

    def copy(self, random: Random) -> str:
        """A few claims and loose words, in one sentence or several."""
        return "".join(self.part(random) + random.choice(BETWEEN) for _ in range(random.randint(1, 10)))

    def part(self, random: Random) -> str:
        """A claim, a word of some claim, or a word that changes how claims are judged."""
        kind = random.choice(("claim", "claim", "word", "cue"))
        if kind == "claim":
            text = self.wording(random.choice(self.phrases), random)
        else:
            text = random.choice(self.words if kind == "word" else CUES)
        return random.choice((str, str, str.upper, str.title, typeset))(text)

    def wording(self, node: Node, random: Random) -> str:
        """A text that the phrase could match."""
        match node:
            case Word(text=text, inflected=inflected):
                return random.choice(sorted(self.vocabulary.verb_forms(text))) if inflected else text
            case Slot(name="#"):
                return random.choice(("3", "47", "1,000", "2.5"))
            case Slot(name="*" | "Name"):
                return random.choice(("Botox", "Harley", "clinic", "London"))
            case Slot(name=name, form=form):
                at = random.randrange(len(self.vocabulary.lists[name].entries))
                return self.wording(self.vocabulary.entry(name, at, form), random)
            case Choice(options=options, optional=optional):
                return "" if optional and random.random() < 0.5 else self.wording(random.choice(options), random)
            case Sequence(parts=parts):
                return " ".join(filter(None, (self.wording(part, random) for part in parts)))
        return random.choice(("", "really", "the very", ","))  # a gap, a comma, an edge


CUES = ("not", "no", "never", "may", "and", "your", "It's", "don't", "100", "47", "3.5", "bruising", "is it")
BETWEEN = [" "] * 8 + [", ", ": ", " - ", "—", ". ", "? ", "; ", "\u00a0", "-", "/", " (", ") ", "% ", " “", "” ", "'"]


@pytest.fixture(scope="module")
def author(rulebook: Rulebook) -> Author:
    """An author who knows all bundled rules."""
    return Author(rulebook)


def typeset(text: str) -> str:
    """The text with curly apostrophes, no-break hyphens and spaces, and a soft hyphen."""
    return text.replace("'", "’").replace("-", "\u2011").replace(" ", "\u00a0", 1) + "\u00ad"


def plain_words(node: Node) -> Iterator[str]:
    """The words that stand in a phrase as such."""
    match node:
        case Word():
            yield node.text
        case Sequence(parts=nodes) | Choice(options=nodes):
            for each in nodes:
                yield from plain_words(each)


# One document does not change another --------------------------------------------------------------------------------


def test_findings_do_not_depend_on_what_was_linted_before(rulebook: Rulebook, index: Index) -> None:
    """A document gives the same findings alone, after others, and a second time, whichever came first."""
    pages = list(documents_of_seeds())[:4]
    alone = [Linter(rulebook, index=index).lint(page) for page in pages]
    linter = Linter(rulebook, index=index)
    assert [linter.lint(page) for page in pages] == alone
    assert [linter.lint(page) for page in reversed(pages)] == alone[::-1]


def test_a_repeated_line_is_judged_where_it_stands(rulebook: Rulebook, index: Index) -> None:
    """The same words are judged anew in each place: what excuses them on one page does not excuse them on the next."""
    claim = "Dysport is a relatively safe way to relax the forehead."
    bare, with_risk = document(claim), document(f"{claim} Bruising, headache and a drooping eyelid are common.")
    linter = Linter(rulebook, index=index)
    first = [finding.category for finding in linter.lint(bare).findings]
    assert "safety" in first
    assert "safety" not in [finding.category for finding in linter.lint(with_risk).findings]
    assert [finding.category for finding in linter.lint(bare).findings] == first


def test_an_index_changes_nothing(rulebook: Rulebook, quick: Linter) -> None:
    """A linter that works everything out as it goes finds what one with an index finds."""
    page = next(documents_of_seeds())
    assert Linter(rulebook).lint(page).findings == quick.lint(page).findings


def test_rules_do_not_change_each_other(rulebook: Rulebook, index: Index, quick: Linter) -> None:
    """A rule that runs alone finds all that it finds among the others."""
    for page in list(documents_of_seeds())[::3]:
        findings = quick.lint(page).findings
        for code in {finding.code for finding in findings if not rulebook.rule(finding.code).page}:
            alone = Linter(rulebook._replace(rules=(rulebook.rule(code),)), index=index)
            assert {finding for finding in findings if finding.code == code} <= set(alone.lint(page).findings)


# Many pages at once, and large ones part by part -----------------------------------------------------------------------


@pytest.fixture
def forgetful(rulebook: Rulebook, index: Index, monkeypatch: pytest.MonkeyPatch) -> Linter:
    """A linter to which every page is a large one: it remembers a few sentences and judges a few lines at a time."""
    for limit, value in (("_REMEMBERED", 5), ("_BATCH", 300), ("_GRIDS", 2)):
        monkeypatch.setattr(rulematcher, limit, value)
    monkeypatch.setattr(linter, "_AT_ONCE", 500)
    return Linter(rulebook, index=index)


def test_a_large_page_is_judged_like_a_small_one(quick: Linter, forgetful: Linter) -> None:
    """What stands at its other end counts too: risks, disclosures, headings, and what the page says elsewhere."""
    for page in documents_of_seeds():
        assert forgetful.lint(page) == quick.lint(page)


def test_what_a_large_page_says_at_its_end_counts_at_its_start(forgetful: Linter) -> None:
    """The only harm of the page, far from the claim; the same page without it finds more."""
    claim = "Our laser is a safe treatment for acne scars."
    filler = [f"We are open until {hour} on weekdays, and the front door has a ramp." for hour in range(60)]
    harm = "It may cause burns and lasting changes of skin colour."
    softened = [
        each.severity for each in forgetful.lint(document(claim, *filler, harm)).findings if "safe" in each.text
    ]
    plain = [each.severity for each in forgetful.lint(document(claim, *filler)).findings if "safe" in each.text]
    assert softened == [Severity.INFO]
    assert plain != softened


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(random=st.randoms(use_true_random=False))
def test_random_pages_are_judged_alike_in_parts(
    random: Random, author: Author, quick: Linter, forgetful: Linter
) -> None:
    """Text drawn from the rules' own phrases, with sentences that come again."""
    lines = [author.copy(random) for _ in range(4)]
    page = document(*(random.choice(lines) for _ in range(8)))
    assert forgetful.lint(page) == quick.lint(page)


def test_pages_that_are_prepared_together_are_linted_as_each_alone(rulebook: Rulebook, index: Index) -> None:
    """Mail and other files with parts among them."""
    pages = list(documents_of_seeds())
    together = Linter(rulebook, index=index)
    together.prepare(pages)
    assert [together.lint(page) for page in pages] == [Linter(rulebook, index=index).lint(page) for page in pages]


# Regexes -------------------------------------------------------------------------------------------------------------


def rule_with(*patterns: str) -> Rule:
    """A rule of a user's pack that matches by regexes."""
    place: dict[str, Any] = {"path": "own.yml", "line": 7, "trusted": False}
    severity = {"default": Severity.WARNING}
    return Rule("HYP901", "x", "hype", severity, (), "x", "x", "x", (), regex=patterns, **place)


def matched(text: str, *patterns: str) -> list[str]:
    """What a rule with these regexes reports in a text."""
    findings: Iterable[Finding] = (
        Linter(Rulebook((rule_with(*patterns),))).lint(read_text("a.txt", text, TEXT)).findings
    )
    return [finding.text for finding in findings]


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        ("miracle", "miracle"),
        ("Miracle", "miracle"),
        ("miracles?", "miracle"),
        ("miracles*", "miracle"),
        ("miracles+", "miracle"),
        ("a{3}bc", "bc"),
        ("(ab){2}", "ab"),
        (r"\bmiracle\b", "miracle"),
        (r"^miracle (cure|drug)$", "miracle "),
        (r"\d+ times", " times"),
        (r"\$\d", "$"),
        ("(miracle) cure", "miracle"),
        ("(?P<what>miracle) cure", "miracle"),
        ("(?:miracle) cure", "miracle cure"),
        ("miracle|wonder", "miracle|wonder"),
        ("(miracle|wonder)", "miracle|wonder"),
        ("(miracle|wonder) x", "miracle|wonder"),
        ("(miracle|.*)", ""),
        ("(miracle|(?i:wonder))", ""),
        ("a(bc|d)efg", "efg"),
        ("[★🌟]\\d", "★|🌟"),
        ("[^★]\\d", ""),
        ("[★a-z]\\d", ""),
        ("[ßx]\\d", ""),
        ("[mM]iracle", "iracle"),
        ("m.racle", "racle"),
        ("(miracle)?", ""),
        ("(miracle)* cure", " cure"),
        ("(?!miracle) cure", " cure"),
        ("(?<!miracle) cure", " cure"),
        ("(?=miracle)m", "m"),
        ("(?i)miracle", "miracle"),
        ("(?i:miracle) x", " x"),
        ("(?x) mir acle # cure", "miracle"),
        ("[^m]iracle", "iracle"),
        ("naïveté", "vet"),
        (".*", ""),
        ("", ""),
        ("a(b(cde)f)g", "cde"),
        ("(miracle", ""),
    ],
)
def test_required_literals(pattern: str, literal: str) -> None:
    """Texts of which every match holds one are read off the regex; where none is certain there is none."""
    assert "|".join(required_literals(pattern)) == literal


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("miracle cures?", "A Miracle Cure.", ["Miracle Cure"]),
        ("irac", "A miracle.", ["miracle"]),
        (r"^a \w+", "A miracle. Or a wonder.", ["A miracle"]),
        (r"^a \w+", "A wonder. A miracle.", ["A wonder", "A miracle"]),
        (r"it's a \w+", "It’s a wonder.", ["It’s a wonder"]),
        (r"\d+ ?%", "up to 47\u00a0% less", ["47\u00a0%"]),
        ("x*", "A miracle.", []),
        (r"[.]", "A miracle.", []),
        ("miracle|a miracle", "A miracle.", ["A miracle"]),
        ("miracle", "A mir\u00adacle.", ["mir\u00adacle"]),
    ],
)
def test_a_regex_is_matched_on_the_folded_sentence(pattern: str, text: str, found: list[str]) -> None:
    """Regexes see lower-case letters and plain quotes, and report whole words as the page has them."""
    assert matched(text, pattern) == found


def test_overlapping_regexes_of_a_rule_report_once() -> None:
    """Where two patterns of a rule match the same words, the longest match is the finding."""
    assert matched("A real miracle cure.", "miracle", "real miracle", "miracle cure for") == ["real miracle"]


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|aa)+$", r"(\w+\s?)+$", r"(.*)*x"])
def test_a_catastrophic_regex_is_a_named_error(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that would run for ages is stopped, and the error says which rule to mend and where it stands."""
    monkeypatch.setattr(regexes, "TIME_LIMIT", 0.005)
    with pytest.raises(RegexTimeout) as stopped:
        matched("x: " + "a" * 1000 + " b" * 480 + "! y:", pattern)
    assert str(stopped.value) == (
        f"the regex of rule HYP901 ran longer than 0.005 s on one sentence and was stopped: {pattern} (own.yml:7); "
        "rewrite it without nested repetition"
    )


def test_regexes_that_are_slow_in_sum_are_a_named_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many sentences that each stay within their limit do not add up to hours, and the slowest rule is named."""
    monkeypatch.setattr(regexes, "FILE_LIMIT", 0.05)
    monkeypatch.setattr(regexes, "_PER_CHARACTER", 0)
    slow, quick = "(a|aa)+$", "miracle"
    with pytest.raises(RegexTimeout) as stopped:
        matched("".join(f"{'a' * 24}! b{number}. " for number in range(20_000)), quick, slow)
    assert re.fullmatch(
        r"the regexes of users' rules ran longer than 0\.05 s on one file and were stopped; that of rule HYP901 alone "
        r"took \S+ s: \(a\|aa\)\+\$ \(own\.yml:7\); rewrite it without nested repetition",
        str(stopped.value),
    )


def test_each_file_has_its_own_time(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> None:
    """What one file has used up is no fault of the next."""
    monkeypatch.setattr(regexes, "FILE_LIMIT", 0.05)
    monkeypatch.setattr(regexes, "_PER_CHARACTER", 0)
    time_left = regexes.TimeLeft()
    regex_rule = regexes.RegexRule(rulebook.rules[0], "x", time_left)
    for _ in range(3):
        time_left.start_file(1000)
        time_left.spend(regex_rule, 0.04)
    with pytest.raises(RegexTimeout):
        time_left.spend(regex_rule, 0.02)


def test_a_regex_is_not_tried_where_its_literal_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catastrophic pattern costs nothing on copy that cannot match it."""
    monkeypatch.setattr(regexes, "TIME_LIMIT", 0.05)
    assert matched("a" * 4000 + " b" * 2000 + "!", r"wonder (a+)+$", r"(\w+\s?)+: miracle") == []


KNOWN_SLOW: set[str] = set()  # rules whose regexes take time that grows faster than the text, or without bound


def test_bundled_regexes_do_not_run_away(rulebook: Rulebook) -> None:
    """Bundled regexes, which run without a limit, stay far within that of users' on text that is hard to reject."""
    units = ["a", " ", "1", "-", '"', "★", "a ", "1 ", "1,", "a.", "1% ", "★ ", "the patient ", "“we” "]
    slow = set()
    for code, pattern in ((rule.code, pattern) for rule in rulebook.rules for pattern in rule.regex):
        compiled = regex.compile(pattern, regex.IGNORECASE)
        try:
            for unit in units:
                list(compiled.finditer(unit * (30_000 // len(unit)), timeout=1))
        except TimeoutError:
            slow.add(code)
    assert slow == KNOWN_SLOW


# Hostile sentences ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "safe " * 500,
        "no side effects, " * 300,
        "cures " * 500 + "depression " * 500,
        "9 out of 10 " * 500,
        "(" * 5000 + "cure" + ")" * 5000,
        "a" * 3000,
        "not " * 3000 + "a cure",
        "\u0301" * 5000 + "cure",
    ],
    ids=["safe", "denials", "verbs then nouns", "numbers", "brackets", "one word", "negations", "combining marks"],
)
def test_one_endless_sentence_is_linted(text: str, quick: Linter) -> None:
    """A sentence of the same words again and again, which backtracking would choke on, is linted like any other."""
    assert quick.lint(document(text)).findings is not None


def test_sentence_of_a_rulebook_without_rules() -> None:
    """Without rules there are no findings."""
    assert Linter(Rulebook(())).lint(document("Botox cures depression.")).findings == ()
