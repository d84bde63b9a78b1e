"""The reference of a rulebook: a Markdown page per category, and one that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

from medlint.explanation import NOT_CHECKED, claim, grounds, notes, standing
from medlint.finding import Citation
from medlint.rule import CATEGORIES, Rule

INDEX = "README.md"  # what code hosts show for a folder


def reference_pages(rules: Iterable[Rule]) -> Mapping[str, str]:
    """The pages by file name: `cure.md` and so on, with a list of them in `README.md`."""
    slugs = list(CATEGORIES.values())
    ordered = sorted(rules, key=lambda rule: (slugs.index(rule.category), rule.code))
    by_category = {slug: list(group) for slug, group in groupby(ordered, key=lambda rule: rule.category)}
    pages = {f"{slug}.md": _page(slug, group) for slug, group in by_category.items()}
    return {INDEX: _index(by_category), **pages}


def _index(by_category: Mapping[str, list[Rule]]) -> str:
    prefixes = {slug: prefix for prefix, slug in CATEGORIES.items()}
    lines = [
        "# Rules",
        "",
        *_GENERATED,
        "| category | codes | rules |",
        "| --- | --- | --- |",
        *(f"| [{slug}]({slug}.md) | {prefixes[slug]} | {len(rules)} |" for slug, rules in by_category.items()),
    ]
    return "\n".join(lines) + "\n"


_GENERATED = ("<!-- Written by `medlint rules --reference` from the rules. Edit those, then run it again. -->", "")


def _page(slug: str, rules: list[Rule]) -> str:
    lines = [f"# {slug.capitalize()}", "", *_GENERATED]
    lines += (f"- [{rule.code}](#{_anchor(rule)}) {rule.name}: {standing(rule)}" for rule in rules)
    for rule in rules:
        lines += ["", f"## {_heading(rule)}", "", *_rule(rule)]
    return "\n".join(lines) + "\n"


def _heading(rule: Rule) -> str:
    return f"{rule.code} {rule.name}"


def _anchor(rule: Rule) -> str:
    """What code hosts make of the heading."""
    return _heading(rule).lower().replace(" ", "-")


def _rule(rule: Rule) -> Iterator[str]:
    yield f"**{standing(rule)}** · `{Path(rule.path).name}`"
    yield ""
    yield _escaped(claim(rule))
    yield ""
    yield _escaped(rule.why)
    yield ""
    yield f"**Instead:** {_escaped(rule.instead)}"
    yield from _section("Flagged", map(_escaped, rule.bad))
    yield from _section("Left alone", map(_escaped, rule.good))
    yield from _section("Missed so far", map(_escaped, rule.todo_bad))
    yield from _section("Flagged in error so far", map(_escaped, rule.todo_good))
    yield from _section("Excused by", map(_escaped, grounds(rule.excused_by)))
    yield from _section("Softened to info by", map(_escaped, grounds(rule.softened_by)))
    yield from _section("Notes", map(_escaped, notes(rule)))
    yield from _section("Sources", map(_citation, rule.sources))
    yield from _section("Precedent", map(_citation, rule.precedent))


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    entries = list(lines)
    if entries:
        yield from ("", f"**{title}**", "")
        yield from (f"- {entry}" for entry in entries)


def _citation(citation: Citation) -> str:
    where = f"{citation.jurisdiction}: " if citation.jurisdiction else ""
    cite = _escaped(citation.cite)
    linked = f"[{cite}](<{citation.url}>)" if citation.url else cite
    return f"{where}{linked}" + ("" if citation.checked else f" *({NOT_CHECKED})*")


_MARKS = re.compile(r"[\\`*_\[\]<>|~&#]")
_LIST_MARK = re.compile(r"^(\d*)([-+.)=])")  # at the start of a line it would open a list or a heading


def _escaped(text: str) -> str:
    """The text as Markdown that shows it unaltered."""
    return _LIST_MARK.sub(r"\1\\\2", _MARKS.sub(r"\\\g<0>", text))
