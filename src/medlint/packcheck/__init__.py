"""Checks a rule pack beyond what loading it says: its order, its phrases, its regexes and its examples."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from medlint.index import build_index
from medlint.linter import Linter
from medlint.packcheck.examples import example_problems
from medlint.packcheck.order import order_problems
from medlint.packcheck.patterns import pattern_problems
from medlint.packcheck.problem import Pack, Problem
from medlint.packcheck.reach import reach_problems
from medlint.rule import Rulebook
from medlint.rulebook import Places

__all__ = ["Pack", "Problem", "check_pack", "pack_in"]


def pack_in(rulebook: Rulebook, places: Places, folder: Path) -> Pack:
    """The rules and word lists of a rulebook that stand in a file or folder."""
    folder = folder.resolve()

    def is_in(path: str) -> bool:
        return Path(path).resolve().is_relative_to(folder)

    return Pack(
        rulebook,
        places,
        tuple(rule for rule in rulebook.rules if is_in(rule.path)),
        tuple(each for each in rulebook.vocabulary.lists.values() if is_in(each.path)),
    )


def check_pack(pack: Pack) -> list[Problem]:
    """What is wrong with a pack, in the order of its files and lines."""
    slow = list(pattern_problems(pack))
    problems = [*order_problems(pack), *slow]
    problems += _matching_problems(pack.without(problem.code for problem in slow))
    return sorted(problems, key=lambda each: (each.place.path, each.place.line, each.place.column))


def _matching_problems(pack: Pack) -> Iterable[Problem]:
    """What shows when the pack is put to use; one index and one linter serve all checks."""
    linter = Linter(pack.rulebook, index=build_index(pack.rulebook))
    yield from reach_problems(pack, linter)
    yield from example_problems(pack, linter)
