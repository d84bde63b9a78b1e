"""The rules that come with medlint: their examples hold, and they stand where and as they are looked for."""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from itertools import chain
from pathlib import Path

import pytest

from medlint import packcheck
from medlint.index import build_index
from medlint.linter import Linter
from medlint.packcheck import check_pack
from medlint.packs import bundled_pack
from medlint.rule import CATEGORIES, Rule, Rulebook

FILES = [path for path in sorted(bundled_pack().glob("*.yml")) if path.stem != "citations"]
# Read from the text, so that a pack that does not load fails tests instead of hiding them.
CODES = list(chain.from_iterable(re.findall(r"^- code: (\S+)", path.read_text("utf-8"), re.M) for path in FILES))


@pytest.fixture(scope="module")
def problems(rulebook: Rulebook) -> list[str]:
    """What is wrong with the examples of all rules."""
    with pytest.MonkeyPatch.context() as patch:  # the word lists are filed once, not once for each rule
        patch.setattr(packcheck, "Linter", partial(Linter, index=build_index(rulebook)))
        return check_pack(rulebook.rules, rulebook)


@pytest.mark.parametrize("code", sorted(set(CODES)))
def test_the_examples_of_a_rule_hold(code: str, rulebook: Rulebook, problems: list[str]) -> None:
    """The rule flags its bad lines and leaves its good lines alone; known weaknesses are still weak."""
    rule = rulebook.rule(code)
    mine = f"{rule.path}:{rule.line}:{rule.column}: {code} "
    assert [problem for problem in problems if problem.startswith(mine)] == []


def test_a_problem_is_told_with_its_place(rulebook: Rulebook) -> None:
    """An example that does not hold is reported with the rule's place, its code and the line."""
    rule = rulebook.rule("CUR001")
    bad, good = "We open at nine.", rule.bad[0]
    broken = rule._replace(bad=(bad,), good=(good,), todo_bad=(good,), todo_good=(bad,))
    where = f"{rule.path}:{rule.line}:{rule.column}: CUR001"
    assert check_pack([broken], rulebook) == [
        f"{where} does not flag its bad example: {bad}",
        f"{where} flags its good example: {good}",
        f"{where} now flags a todo_bad example (move it to bad): {good}",
        f"{where} no longer flags a todo_good example (move it to good): {bad}",
    ]


def test_a_wrong_polarity_is_named(rulebook: Rulebook) -> None:
    """Where an example would come out right under the other polarity, the problem says so."""
    asserted, denied = rulebook.rule("CUR001"), rulebook.rule("SAF003")
    excused = denied._replace(polarity="asserted", good=(), todo_good=(), todo_bad=())
    flagged = asserted._replace(polarity="denial", good=("It has no cure for hives.",), todo_good=(), todo_bad=())
    too_strict, too_lax = check_pack([excused], rulebook), check_pack([flagged], rulebook)
    assert too_strict
    assert all(each.endswith("if the negation is the claim, write 'polarity: denial')") for each in too_strict)
    assert too_lax == [
        f"{asserted.path}:{asserted.line}:{asserted.column}: CUR001 flags its good example: It has no cure for hives. "
        "(a negation would excuse it without 'polarity: denial')"
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_one_category_in_order(path: Path) -> None:
    """A file is named after its category and holds that category's rules, their codes rising from 001 without a gap."""
    codes = re.findall(r"^- code: (\S+)", path.read_text("utf-8"), re.M)
    prefixes = {slug: prefix for prefix, slug in CATEGORIES.items()}
    assert codes == [f"{prefixes[path.stem]}{number:03}" for number in range(1, len(codes) + 1)]


def test_every_rule_is_loaded(rulebook: Rulebook) -> None:
    """What stands in the files is what runs."""
    assert [rule.code for rule in rulebook.rules] == sorted(CODES)


def test_names_are_unique(rulebook: Rulebook) -> None:
    """No two rules share a name, which reports show beside the code."""
    assert [name for name, count in Counter(rule.name for rule in rulebook.rules).items() if count > 1] == []


def test_examples_are_not_repeated(rulebook: Rulebook) -> None:
    """Within a rule each example is a case of its own, and no line is both bad and good."""
    for rule in rulebook.rules:
        lines = [*rule.bad, *rule.good, *rule.todo_bad, *rule.todo_good]
        assert [line for line, count in Counter(lines).items() if count > 1] == [], rule.code


def test_cure_statistic_and_safety_are_covered_in_depth(rulebook: Rulebook) -> None:
    """The three families that are worked out in full have at least 25 rules together, each with some."""
    counts = Counter(rule.category for rule in rulebook.rules)
    assert counts["cure"] + counts["statistic"] + counts["safety"] >= 25
    assert min(counts["cure"], counts["statistic"], counts["safety"]) >= 5


@pytest.mark.parametrize(("file", "fewest"), [("conditions", 250), ("treatments", 200), ("harms", 150)])
def test_vocabularies_are_large(file: str, fewest: int, rulebook: Rulebook) -> None:
    """The shared word lists hold enough distinct entries for what clinics write."""
    lists = [each for each in rulebook.vocabulary.lists.values() if Path(each.path).stem == file]
    entries = set(chain.from_iterable(each.entries for each in lists))
    assert len([entry for entry in entries if "{" not in entry]) >= fewest


def test_every_rule_has_sources(rulebook: Rulebook) -> None:
    """Each rule cites law or guidance, nearly all with an address to read it at."""
    without_address = {"REG036"}  # Canadian law and letters that are cited by name alone
    assert [rule.code for rule in rulebook.rules if not any(source.cite for source in rule.sources)] == []
    assert {rule.code for rule in rulebook.rules if not any(source.url for source in rule.sources)} <= without_address


@pytest.mark.parametrize("field", ["message", "why", "instead"])
def test_texts_are_sentences(field: str, rulebook: Rulebook) -> None:
    """What a finding says begins with a capital or the quoted claim and ends with a full stop."""

    def is_sentence(rule: Rule) -> bool:
        text = getattr(rule, field)
        return bool(re.match(r"\w*[A-Z\"{“]", text)) and text.endswith(".")

    assert [rule.code for rule in rulebook.rules if not is_sentence(rule)] == []
