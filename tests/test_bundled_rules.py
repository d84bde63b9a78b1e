"""The rules that come with medlint: they pass their own check, and stand where and as they are looked for."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest

from medlint.packcheck import Problem, check_pack, pack_in
from medlint.packs import bundled_pack
from medlint.rule import CATEGORIES, Rule, Rulebook
from medlint.rulebook import load_placed

FILES = [path for path in sorted(bundled_pack().glob("*.yml")) if path.stem != "citations"]
# Read from the text, so that a pack that does not load fails tests instead of hiding them.
CODES = list(chain.from_iterable(re.findall(r"^- code: (\S+)", path.read_text("utf-8"), re.M) for path in FILES))


@pytest.fixture(scope="module")
def problems() -> list[Problem]:
    """What `medlint rules --check` has to say about the bundled rules."""
    return check_pack(pack_in(*load_placed(), bundled_pack()))


@pytest.mark.parametrize("code", sorted(set(CODES)))
def test_a_rule_is_in_order(code: str, problems: list[Problem]) -> None:
    """Its examples hold, its phrases can match, and no other rule of its category does its work."""
    assert [str(problem) for problem in problems if problem.code == code] == []


def test_the_word_lists_are_in_order(problems: list[Problem]) -> None:
    """Every list is used, and every entry can match."""
    assert [str(problem) for problem in problems if not problem.code] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_holds_one_category_in_order(path: Path) -> None:
    """A file is named after its category and holds that category's rules, their codes rising from 001 without a gap."""
    codes = re.findall(r"^- code: (\S+)", path.read_text("utf-8"), re.M)
    prefixes = {slug: prefix for prefix, slug in CATEGORIES.items()}
    assert codes == [f"{prefixes[path.stem]}{number:03}" for number in range(1, len(codes) + 1)]


def test_every_rule_is_loaded(rulebook: Rulebook) -> None:
    """What stands in the files is what runs."""
    assert [rule.code for rule in rulebook.rules] == sorted(CODES)


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
