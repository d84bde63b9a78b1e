"""What `medlint rules --check` finds in a pack that loads: its order, its phrases, its regexes and its examples."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import medlint
from medlint.packcheck import check_pack, pack_in
from medlint.packcheck.reach import OWN_LISTS
from medlint.rule import Rulebook
from medlint.rulebook import load_placed

# A rule with each key on a line of its own, so that the places of problems can be counted.
RULE = {
    "code": "HYP901",
    "name": "wonder-word",
    "severity": "warning",
    "match": "miracle",
    "message": "'\"{match}\" promises a wonder.'",
    "why": "No evidence could carry it.",
    "instead": "Say what was measured.",
    "sources": "[{cite: House style}]",
    "bad": "[A miracle., Our miracle., The miracle.]",
    "good": "[A treatment., Our treatment., The treatment.]",
}


def rule(**keys: str) -> str:
    """A rule of ten lines, with some keys set otherwise or added as lines 11 and on."""
    return "- " + "\n  ".join(f"{name}: {value}" for name, value in {**RULE, **keys}.items()) + "\n"


def other(**keys: str) -> str:
    """A second rule, HYP902, on marvels."""
    mine = {
        "code": "HYP902",
        "name": "other-word",
        "match": "marvel",
        "bad": "[A marvel., Our marvel., The marvel.]",
        "good": "[A peel., Our peel., The peel.]",
    }
    return rule(**{**mine, **keys})


def lists(text: str, rules: str) -> str:
    """A pack with word lists, which begin in line 2, and rules after them."""
    indented = "".join(f"  {line}\n" for line in text.splitlines())
    return f"vocabulary:\n{indented}rules:\n{rules}"


def problems(folder: Path, text: str, name: str = "pack.yml") -> list[str]:
    """What is wrong with a pack, as `line:column: message` without the line shown."""
    file = folder / name
    file.write_text(text, "utf-8")
    found = check_pack(pack_in(*load_placed([file], bundled=False), file))
    return [str(problem).partition("\n")[0].removeprefix(f"{file}:") for problem in found]


def test_a_problem_shows_its_line(tmp_path: Path) -> None:
    """A problem stands at its place, names the rule, and shows the line as the loader's errors do."""
    file = tmp_path / "pack.yml"
    file.write_text(rule(bad="|\n    A miracle.\n    The miracle.\n    A marvel."), "utf-8")
    (problem,) = check_pack(pack_in(*load_placed([file], bundled=False), file))
    assert str(problem) == (
        f"{file}:12:5: HYP901 does not flag its bad example: A marvel.\n    12 |     A marvel.\n       |     ^"
    )


def test_only_the_pack_is_checked(tmp_path: Path) -> None:
    """Rules that a pack is used with are not its own faults."""
    mine, theirs = tmp_path / "mine.yml", tmp_path / "theirs.yml"
    mine.write_text(rule(), "utf-8")
    theirs.write_text(other(bad="[A., B., C.]"), "utf-8")
    placed = load_placed([mine, theirs], bundled=False)
    assert check_pack(pack_in(*placed, mine)) == []
    assert len(check_pack(pack_in(*placed, theirs))) == 3
    assert len(check_pack(pack_in(*placed, tmp_path))) == 3


# Codes and names -----------------------------------------------------------------------------------------------------

ORDER = {
    "codes out of order": (
        other() + rule(),
        ["11:9: HYP901 stands after HYP902; put the rules in the order of their codes"],
    ),
    "codes of several categories": (
        rule()
        + other(code="CUR901")
        + rule(code="HYP903", name="x", match="nine lives", bad="[Nine lives., Has nine lives., Nine lives here.]"),
        [],
    ),
    "a name that is taken": (
        rule() + other(name="wonder-word"),
        ["12:9: HYP902 'wonder-word' is the name of HYP901 too; reports show it, so alter it"],
    ),
    "a code that medlint may use": (
        rule(code="HYP899"),
        ["1:9: HYP899 may one day be medlint's own; yours are HYP900 and up"],
    ),
    "the first code of users": (rule(code="HYP900"), []),
}


@pytest.mark.parametrize(("text", "expected"), ORDER.values(), ids=ORDER)
def test_codes_and_names(text: str, expected: list[str], tmp_path: Path) -> None:
    """Codes rise within a category, names are taken once, and users keep to their numbers."""
    assert problems(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hype.yml", []),
        ("house.yml", []),
        ("cure.yml", ["1:9: HYP901 is a code of hype, and the file is that of cure; move the rule"]),
    ],
)
def test_a_file_named_after_a_category(name: str, expected: list[str], tmp_path: Path) -> None:
    """A file that bears the name of a category holds rules of that category only."""
    assert problems(tmp_path, rule(), name) == expected


# Phrases -------------------------------------------------------------------------------------------------------------

NEVER = "mend that alternative or delete it"
REACH = {
    # what the tokenizer never produces
    "a word that is read as a sign": (
        rule(match="[miracle, 'ten per cent off']"),
        [f"4:20: HYP901 phrase 'ten per cent off' can never match 'ten per cent off', which is read as 'ten % off'; {NEVER}"],
    ),
    "a slash between words": (
        rule(match="[miracle, before / after]"),
        [f"4:20: HYP901 phrase 'before / after' can never match 'before/after', which is read as 'before after'; {NEVER}"],
    ),
    "one alternative of several": (
        rule(match="(a|our|the|zero per cent) miracle"),
        [
            "4:10: HYP901 phrase '(a|our|the|zero per cent) miracle' can never match 'zero per cent miracle', "
            f"which is read as 'zero % miracle'; {NEVER}"
        ],
    ),
    "one optional word": (
        rule(match="'miracle [at last|nine per cent]'"),
        [
            "4:10: HYP901 phrase 'miracle [at last|nine per cent]' can never match 'miracle nine per cent', "
            f"which is read as 'miracle nine %'; {NEVER}"
        ],
    ),
    "words after the end of a clause": (
        rule(match="[miracle, chance $ grab it]"),
        [f"4:20: HYP901 phrase 'chance $ grab it' can never match 'chance — grab it', which is read as 'chance grab it'; {NEVER}"],
    ),
    "a guard": (
        rule(senses="miracle per cent"),
        [
            "11:11: HYP901 phrase 'miracle per cent' can never match 'miracle per cent', "
            f"which is read as 'miracle %'; {NEVER}"
        ],
    ),
    "signs and edges in every place": (
        rule(match="|\n    miracle\n    {#} / 10\n    / 10 stars\n    score ... /\n    # 1 miracle\n    100 %\n    the patient 's miracle\n"
             "    ^ miracle ^\n    miracle (now|$)\n    it don't , miracle : yes\n    colour ...2 {Name} {*} MS\n    per-cent"),
        [],
    ),
    # what the rule itself passes over
    "a phrase that is a sense too": (
        rule(match="[miracle, the miracle worker]", senses="miracle worker"),
        [
            "4:20: HYP901 phrase 'the miracle worker' finds nothing: "
            "the rule's senses or unless pass over 'the miracle worker' and the like; mend them or it"
        ],
    ),
    "a phrase with a sense for a part of it": (rule(match="miracle [worker]", senses="miracle worker"), []),
    "a sense that a gap keeps away": (rule(match="[miracle, a ...2 wonder]", senses="a wonder"), []),
    "a phrase with a word that drops it": (
        rule(match="[miracle, theatre miracle]", unless="theatre"),
        [
            "4:20: HYP901 phrase 'theatre miracle' finds nothing: "
            "the rule's senses or unless pass over 'theatre miracle' and the like; mend them or it"
        ],
    ),
    # what every sentence is searched for
    "no word that must stand": (
        rule(match="[miracle, '{Name} {*}']", good="[peels here., peels there., peels.]"),
        ["4:20: HYP901 phrase '{Name} {*}' holds no word that must stand, so that every sentence is searched for it; add one"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), REACH.values(), ids=REACH)
def test_phrases_can_match(text: str, expected: list[str], tmp_path: Path) -> None:
    """A phrase, or an alternative of one, that nothing can match is named with what was tried."""
    assert problems(tmp_path, text) == expected


USED = "[miracle, 'a {wonder} for you']"
LISTS = {
    "an unused list": (
        lists("wonder: [marvel]", rule()),
        ["2:3: list 'wonder' is used by no rule; delete it, or name it in a phrase"],
    ),
    "a list that only an unused one uses": (
        lists("wonder: ['{prodigy} show']\nprodigy: [child star]", rule()),
        [
            "2:3: list 'wonder' is used by no rule; delete it, or name it in a phrase",
            "3:3: list 'prodigy' is used by no rule; delete it, or name it in a phrase",
        ],
    ),
    "a list in a phrase": (lists("wonder: [marvel]", rule(match=USED)), []),
    "a list in a list": (lists("wonder: ['{prodigy} show']\nprodigy: [child star]", rule(match=USED)), []),
    "a list in a guard": (lists("wonder: [marvel]", rule(unless="'{wonder}'")), []),
    "a list that excuses": (lists("wonder: [marvel]", rule(excused_by="{page_names: wonder}")), []),
    "a list of a page rule": (
        lists("wonder: [marvel]", rule() + other(code="DOC901", bad="[Miracle., A miracle., Our miracle.]")
              .replace("match: marvel", "page: {claims: [hype], lacks: wonder}")),
        [],
    ),
    "an entry that nothing can match": (
        lists("wonder: [marvel, 'nine per cent']", rule(match=USED)),
        [f"2:20: entry 'nine per cent' of list 'wonder' can never match 'nine per cent', which is read as 'nine %'; {NEVER}"],
    ),
    "verbs in every form": (
        lists("amaze: {inflect: verb, entries: [dazzle, (wow|blow) away, '{Name} shine']}",
              rule(match="[miracle, '{amaze.ing} you', '{amaze} all']")),
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LISTS.values(), ids=LISTS)
def test_word_lists(text: str, expected: list[str], tmp_path: Path) -> None:
    """A list that no rule comes to, and an entry that nothing can match, are named at their place."""
    assert problems(tmp_path, text) == expected


def test_the_lists_that_medlint_looks_up_itself(rulebook: Rulebook) -> None:
    """The names kept for them are those of bundled lists, and stand in the code."""
    sources = "assertion", "context", "citations"
    trees = [ast.parse((Path(medlint.__file__).parent / f"{name}.py").read_text("utf-8")) for name in sources]
    written = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert set(rulebook.vocabulary.lists) >= OWN_LISTS
    assert written >= OWN_LISTS


# Regexes -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    [
        "miracle (a|a)+$",
        "miracle (a|aa)+$",
        r"miracle (?:[a-z]+|\d+|\w+)*!",
        r"miracle (?=(a|a)+$)",
        r"miracle (x|(a|a)*)$",
    ],
)
def test_a_slow_regex(pattern: str, tmp_path: Path) -> None:
    """A regex that can backtrack without bound is named before a page brings it to a stop."""
    (problem,) = problems(tmp_path, rule(regex=f"['{pattern}']"))
    assert problem.startswith(f"11:11: HYP901 regex '{pattern}' is slow: over 1 s on 'miracle ")


@pytest.mark.parametrize(
    "pattern",
    [
        r"miracles?\b",
        r"(?<!\w)miracle(?: \w+){0,3} cure",
        r"\d{1,3}(?:[.,]\d+)? ?%",
        r"[★⭐]{3}[^\w★]{0,9}\w",
        r"miracle.*cure",
        r"miracle (?:red|blue|green)*!",
        r"(a)\1 miracle (?P<word>\w+) (?P=word)",
        r"miracle\s+\w+\s*$",
        r"miracle (a+)+$",  # the engine sees through these
        r"miracle (\w+\s?)+!",
        r"miracle ([^★]+)*#",
    ],
)
def test_a_quick_regex(pattern: str, tmp_path: Path) -> None:
    """An honest regex passes."""
    assert problems(tmp_path, rule(regex=f"['{pattern}']")) == []


def test_a_regex_that_only_an_example_slows_down(tmp_path: Path) -> None:
    """A regex that runs over its time at an example is a problem, not a crash."""
    (problem,) = problems(tmp_path, rule(regex="['(x)?(?(1)b|(a|a)+$)']", todo_bad=f"['{'a' * 60}!']"))
    assert problem.startswith("1:9: HYP901 was stopped at its examples: the regex of rule HYP901 ran longer than 1 s")


# Examples ------------------------------------------------------------------------------------------------------------

SAME = "[A marvel., Our marvel., The marvel.]"
EXAMPLES = {
    "bad line that passes": (
        rule(bad="[A miracle., Our marvel., The miracle.]"),
        ["9:21: HYP901 does not flag its bad example: Our marvel."],
    ),
    "bad line that another rule flags": (
        rule(bad="[A miracle., Our marvel., The miracle.]") + other(),
        ["9:21: HYP901 does not flag its bad example (HYP902 does): Our marvel."],
    ),
    "good line that is flagged": (
        rule(good="[A., B., One miracle.]"),
        ["10:18: HYP901 flags its good example: One miracle."],
    ),
    "good line that another rule flags": (
        rule(good="[A., B., One marvel.]") + other(),
        ["10:18: HYP901 calls this good, and HYP902 flags it; mend HYP902 or note the line in its todo_good: One marvel."],
    ),
    "good line that another rule is known to flag": (
        rule(good="[A., B., One marvel.]") + other(todo_good="[One marvel.]"),
        [],
    ),
    "good line that a rule of another category flags": (rule(good="[A., B., One marvel.]") + other(code="CUR902"), []),
    "good line that a pedantic rule flags": (rule(good="[A., B., One marvel.]") + other(tier="pedantic"), []),
    "good line that is flagged elsewhere": (rule(good="[A., B., One marvel.]") + other(jurisdictions="uk"), []),
    "weaknesses that are mended": (
        rule(todo_bad="[One miracle.]", todo_good="[One treatment.]"),
        [
            "11:14: HYP901 now flags a todo_bad example (move it to bad): One miracle.",
            "12:15: HYP901 no longer flags a todo_good example (move it to good): One treatment.",
        ],
    ),
    "a line that stands twice": (
        rule(bad="[A miracle., Our miracle., A miracle.]"),
        ["9:35: HYP901 has this example already, under 'bad': A miracle."],
    ),
    "a line that is bad and good": (
        rule(good="[A., B., A miracle.]"),
        [
            "10:18: HYP901 has this example already, under 'bad': A miracle.",
            "10:18: HYP901 flags its good example: A miracle.",
        ],
    ),
}  # fmt: skip
OVERLAPS = (
    "the words of each of its bad examples are flagged without it; "
    "merge the rules, or add a bad example that only this one flags"
)
OVERLAP = {
    "the same words": (
        rule() + other(match="[marvel, miracle]", bad="[A miracle., Our marvel., The marvel.]"),
        [f"1:9: HYP901 overlaps HYP902: {OVERLAPS}"],
    ),
    "a part of the words": (
        rule() + other(match="[marvel, a miracle, our miracle, the miracle]"),
        [f"1:9: HYP901 overlaps HYP902: {OVERLAPS}"],
    ),
    "more of the words": (rule() + other(match="[marvel, mira]", bad=SAME), []),
    "each other": (
        rule() + other(match="miracle", bad="[A miracle here., Our miracle here., The miracle here.]"),
        [f"1:9: HYP901 overlaps HYP902: {OVERLAPS}", f"11:9: HYP902 overlaps HYP901: {OVERLAPS}"],
    ),
    "one example of its own": (rule(match="[miracle, wonder]", bad="[A miracle., Our miracle., A wonder.]")
        + other(match="[marvel, miracle]"), []),
    "two rules together": (
        rule(match="[miracle, wonder]", bad="[A miracle., Our miracle., A wonder.]")
        + other(match="[marvel, miracle]")
        + other(code="HYP903", name="third", match="[magic, wonder]", bad="[Magic., More magic., All magic.]"),
        [f"1:9: HYP901 overlaps HYP902, HYP903: {OVERLAPS}"],
    ),
    "a rule that weighs more": (rule(severity="error") + other(match="[marvel, miracle]"), []),
    "a rule that weighs more in one place": (
        rule(severity="{default: warning, uk: error}") + other(match="[marvel, miracle]"), []),
    "a rule that holds in fewer places": (rule() + other(match="[marvel, miracle]", jurisdictions="[us, uk]"), []),
    "a rule that holds wherever this one does": (
        rule(jurisdictions="uk") + other(match="[marvel, miracle]", jurisdictions="[us, uk]"),
        [f"1:9: HYP901 overlaps HYP902: {OVERLAPS}"],
    ),
    "a pedantic rule": (rule() + other(match="[marvel, miracle]", tier="pedantic"), []),
    "a rule of another category": (rule() + other(code="CUR902", match="[marvel, miracle]"), []),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_examples_hold(text: str, expected: list[str], tmp_path: Path) -> None:
    """Bad lines are flagged by their rule, good ones by no rule of the category that runs with it."""
    assert problems(tmp_path, text) == expected


@pytest.mark.parametrize(("text", "expected"), OVERLAP.values(), ids=OVERLAP)
def test_rules_do_not_overlap(text: str, expected: list[str], tmp_path: Path) -> None:
    """A rule has a bad example whose words no other rule of its category flags wherever it holds, at its weight."""
    assert problems(tmp_path, text) == expected
