"""Rule packs: what the loader takes and refuses, where errors point, which rules a run selects and how they weigh."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from medlint.finding import Severity
from medlint.rule import JURISDICTIONS, Rule, Rulebook
from medlint.rulebook import DEFAULT_EXCUSES, load_rulebook
from medlint.schema import PackError

# A rule with each key on a line of its own, so that the places of errors can be counted: `code` stands in line 1.
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
    "good": "[No miracle., It is no miracle., A treatment.]",
}


def pack(left_out: str = "", **keys: str) -> str:
    """A pack of one rule, with some keys set otherwise, left out, or added as lines 11 and on."""
    fields = {name: value for name, value in {**RULE, **keys}.items() if name != left_out}
    return "- " + "\n  ".join(f"{name}: {value}" for name, value in fields.items()) + "\n"


def lists(text: str, rule: str = pack()) -> str:
    """A pack with word lists, which begin in line 2, and a rule after them."""
    indented = "".join(f"  {line}\n" for line in text.splitlines())
    return f"vocabulary:\n{indented}rules:\n{rule}"


def load(folder: Path, text: str | bytes) -> Rulebook:
    """The rulebook of one file, without the bundled rules."""
    file = folder / "pack.yml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_rulebook([file], bundled=False)


def only_rule(folder: Path, text: str) -> Rule:
    """The one rule of a pack."""
    (rule,) = load(folder, text).rules
    return rule


# What is refused, and where ------------------------------------------------------------------------------------------

BROKEN: dict[str, tuple[str | bytes, str, str]] = {
    # keys
    "unknown key": (pack(serverity="error"), "11:3", "unknown key 'serverity' in a rule; did you mean 'severity'?"),
    "unknown key like no other": (
        pack(xyz="1"),
        "11:3",
        "unknown key 'xyz' in a rule; expected one of code, name, severity,",
    ),
    "key given twice": (pack() + "  code: HYP902\n", "11:3", "'code' stands twice; first at line 1"),
    "key that is a list": ("- [a]: b\n", "1:3", "a key must be a word"),
    "no code": (pack("code"), "1:3", "the rule has no 'code': three capitals of the category and three digits: CUR001"),
    "no name": (pack("name"), "1:3", "the rule has no 'name': kebab-case"),
    "no why": (pack("why"), "1:3", "the rule has no 'why'"),
    "no instead": (pack("instead"), "1:3", "the rule has no 'instead'"),
    "no sources": (pack("sources"), "1:3", "the rule has no 'sources'"),
    "no good lines": (pack("good"), "1:3", "the rule has no 'good'"),
    "no match": (pack("match"), "1:3", "the rule has neither 'match' nor 'regex'"),
    # code and name
    "prefix of no category": (
        pack(code="XYZ001"),
        "1:9",
        "code 'XYZ001' is not a category prefix and three digits; the prefixes are CUR, EFF,",
    ),
    "small letters in the code": (pack(code="hyp901"), "1:9", "code 'hyp901' is not a category prefix"),
    "four digits": (pack(code="HYP9001"), "1:9", "code 'HYP9001' is not"),
    "code in other digits": (pack(code="HYP٩٠١"), "1:9", "code 'HYP٩٠١' is not"),
    "code as a list": (pack(code="[HYP901]"), "1:9", "code must be a text"),
    "name with capitals": (pack(name="Wonder-Word"), "2:9", "name 'Wonder-Word' is not kebab-case"),
    "name with a space": (pack(name="wonder word"), "2:9", "name 'wonder word' is not kebab-case"),
    "empty name": (pack(name="''"), "2:9", "name must be a text"),
    "code defined twice": (pack() + pack(name="other"), "11:3", "code HYP901 is defined twice; first in {path}"),
    # phrases
    "bracket not closed": (pack(match="a (miracle"), "4:20", "phrase 'a (miracle': ')' is missing"),
    "bracket never opened": (pack(match="a miracle)"), "4:19", "phrase 'a miracle)': ')' closes nothing"),
    "brackets crossed": (pack(match="a (miracle]"), "4:20", "phrase 'a (miracle]': ']' closes nothing"),
    "empty alternative": (
        pack(match="a (miracle|)"),
        "4:21",
        "an alternative is empty; write [x] for an optional word",
    ),
    "brace not closed": (pack(match="a wonder{x"), "4:18", "'{' has no place here; a list's name stands in { }"),
    "no word that must stand": (pack(match="'[miracle] ...'"), "4:10", "the phrase holds no word that must stand"),
    "empty phrase": (pack(match="[miracle, '']"), "4:20", "the phrase holds no word that must stand"),
    "only a sign": (pack(match="wonder —"), "4:17", "phrase 'wonder —': '—' holds no word"),
    "tilde after two words": (pack(match="tooth-whiten~"), "4:10", "'tooth-whiten~': ~ stands after a single word"),
    "error in a later line of a block": (
        pack(match="|\n    miracle\n    # wonders\n    of (science  # and more"),
        "7:16",
        "phrase 'of (science': ')' is missing",
    ),
    "error in a guard": (pack(senses="[miracle play, (miracle]"), "11:34", "phrase '(miracle': ')' is missing"),
    "phrases as a mapping": (pack(match="{miracle: yes}"), "4:10", "match must be a list, one entry a line after '|'"),
    "phrases in lists in lists": (pack(match="[miracle, [wonder]]"), "4:20", "match holds texts only"),
    "negation without denial": (
        pack(match="no risk"),
        "4:10",
        "phrase 'no risk' starts with 'no', so the negation is the claim: write 'polarity: denial'",
    ),
    "negation among the words it can start with": (
        pack(match="'(zero|not a single) risk'"),
        "4:10",
        "phrase '(zero|not a single) risk' starts with 'zero', so the negation is the claim: write 'polarity: denial'",
    ),
    # word lists
    "unknown list": (
        lists("wonder: [marvel]", pack(match="'a {wunder}'")),
        "7:10",
        "phrase 'a {wunder}': no word list is called 'wunder'; did you mean 'wonder'?",
    ),
    "list name in capitals": (
        pack(match="'a {Wonder}'"),
        "4:12",
        "'{Wonder}' is no list name: write {lower-case-words}",
    ),
    "unknown form": (
        lists("amaze: {inflect: verb, entries: [dazzle]}", pack(match="'{amaze.inf} you'")),
        "7:10",
        "unknown form '.inf'; the forms are base, s, past, participle, ing",
    ),
    "form of a list without verbs": (
        lists("amaze: [dazzle]", pack(match="'{amaze.ing} you'")),
        "7:10",
        "phrase '{amaze.ing} you': list 'amaze' has no verb forms; give it 'inflect: verb'",
    ),
    "form of a list of nouns": (
        lists("amaze: {inflect: noun, entries: [dazzle]}", pack(match="'{amaze.past} you'")),
        "7:10",
        "list 'amaze' has no verb forms",
    ),
    "list that contains itself": (
        lists("wonder: ['a {wonder}']"),
        "2:12",
        "list 'wonder' contains itself: wonder > wonder",
    ),
    "lists that contain each other": (
        lists("one: ['{two}']\ntwo: ['{three}']\nthree: [x, 'a {one}']"),
        "4:14",
        "list 'one' contains itself: one > two > three > one",
    ),
    "unknown list in a list": (lists("wonder: ['{marvel}']"), "2:12", "no word list is called 'marvel'"),
    "entry that does not parse": (lists("wonder: |\n  marvel\n  (a|b"), "4:9", "phrase '(a|b': ')' is missing"),
    "entry without a word": (
        lists("wonder: |\n  marvel\n  -"),
        "4:5",
        "phrase '-': the phrase holds no word that must stand",
    ),
    "entry that is a sign": (lists("wonder: ['a _ marvel']"), "2:14", "'_' holds no word"),
    "empty entry": (lists("wonder: [marvel, '']"), "2:20", "the phrase holds no word that must stand"),
    "empty list": (lists("wonder: |\n  # nothing yet"), "2:3", "list 'wonder' is empty"),
    "bad list name": (lists("Wonder_Words: [marvel]"), "2:3", "'Wonder_Words' is no list name; use lower-case-words"),
    "list defined twice": (
        "vocabulary:\n  wonder: [a]\n  wonder: [b]\n",
        "3:3",
        "'wonder' stands twice; first at line 2",
    ),
    "unknown inflection": (
        lists("amaze: {inflect: adverb, entries: [dazzle]}"),
        "2:20",
        "inflect is 'adverb'; did you mean 'verb'?",
    ),
    "list without entries": (lists("amaze: {inflect: verb}"), "2:10", "list 'amaze' has no entries"),
    "unknown key in a list": (
        lists("amaze: {inflekt: verb, entries: [a]}"),
        "2:11",
        "unknown key 'inflekt' in list 'amaze'; did you mean 'inflect'?",
    ),
    "table line without its sign": (
        lists("spelling: |\n  tumour tumor"),
        "3:5",
        "expected 'variant = spelling used for matching'",
    ),
    "irregular verb with a form missing": (
        lists("irregular-verb: |\n  do: does did done"),
        "3:5",
        "expected 'base: third-person past participle ing'",
    ),
    # the other values
    "bad regex": (pack("match", regex="['(miracle']"), "10:10", "regex '(miracle': missing ), unterminated subpattern"),
    "unknown polarity": (pack(polarity="denied"), "11:13", "polarity is 'denied'; did you mean 'denial'?"),
    "unknown tier": (pack(tier="pedantik"), "11:9", "tier is 'pedantik'; did you mean 'pedantic'?"),
    "unknown severity": (pack(severity="fatal"), "3:13", "severity is 'fatal'; expected one of error, info, warning"),
    "severity by place without default": (
        pack(severity="{uk: error}"),
        "3:13",
        "severity by jurisdiction needs a 'default'",
    ),
    "severity in an unknown place": (
        pack(severity="{default: info, au: error, uc: error}"),
        "3:40",
        "unknown key 'uc' in severity",
    ),
    "unknown severity in a place": (
        pack(severity="{default: info, uk: warn}"),
        "3:33",
        "uk is 'warn'; did you mean 'warning'?",
    ),
    "severity as a list": (pack(severity="[error]"), "3:13", "severity must be a text"),
    "unknown jurisdiction": (
        pack(jurisdictions="[uk, mars]"),
        "11:23",
        "jurisdictions is 'mars'; expected one of au, ca, eu, ie, nz, uk, us",
    ),
    "unknown excuse": (
        pack(excused_by="{wheather: page}"),
        "11:16",
        "unknown key 'wheather' in excused_by; expected one of assertion, source, half_source, risk",
    ),
    "unknown scope": (pack(excused_by="{risk: paragraf}"), "11:22", "risk is 'paragraf'; did you mean 'paragraph'?"),
    "unknown assertion": (
        pack(softened_by="{assertion: [hedged, hedge]}"),
        "11:37",
        "assertion is 'hedge'; did you mean 'hedged'?",
    ),
    "asserted is no excuse": (pack(excused_by="{assertion: asserted}"), "11:27", "assertion is 'asserted'"),
    "conditions as a text": (
        pack(excused_by="negated"),
        "11:15",
        "excused_by is a mapping with the keys assertion, source, half_source, risk",
    ),
    "page as a text": (
        pack("match", page="risk"),
        "10:9",
        "page is a mapping with the keys claims, lacks, about, unless",
    ),
    "page without what it lacks": (pack("match", page="{claims: cure}"), "10:9", "page has no 'lacks'"),
    "unknown category of a page": (
        pack("match", page="{claims: kure, lacks: wonder}"),
        "10:18",
        "claims is 'kure'; did you mean 'cure'?",
    ),
    "unknown list of a page": (
        pack("match", page="{claims: cure, lacks: wonder}"),
        "1:3",
        "page: no word list is called 'wonder'",
    ),
    "unknown slot in the message": (
        pack(message="'{treatment} is no wonder.'"),
        "5:12",
        "the message may only name {match}, not {treatment}",
    ),
    "empty message": (pack(message="''"), "5:12", "message must be a text"),
    "two bad lines": (pack(bad="[A miracle., Our miracle.]"), "9:8", "'bad' has 2 lines; a rule needs 3"),
    "one good line": (pack(good="A treatment."), "10:9", "'good' has 1 lines; a rule needs 3"),
    "examples hidden in comments": (
        pack(good="|\n    A treatment.\n    # No miracle.\n    # Another.\n    Two."),
        "10:9",
        "'good' has 2 lines; a rule needs 3",
    ),
    "unknown citation": (pack(sources="[house-style]"), "8:13", "no citation is called 'house-style'"),
    "no citation at all": (
        pack(sources="[]"),
        "8:12",
        "sources is a list of citation ids or of {cite, url, in, checked}",
    ),
    "source without cite": (pack(sources="[{in: us}]"), "8:13", "a source without 'cite'"),
    "source as a mapping": (pack(sources="{cite: Act}"), "8:12", "sources must be a list"),
    "unknown key in a source": (
        pack(sources="[{cite: Act, ulr: x}]"),
        "8:25",
        "unknown key 'ulr' in sources; did you mean 'url'?",
    ),
    "bad URL": (pack(sources="[{cite: Act, url: 'law.example/act'}]"), "8:30", "'law.example/act' is no URL"),
    "URL of another kind": (
        pack(sources="[{cite: Act, url: 'javascript:alert(1)'}]"),
        "8:30",
        "'javascript:alert(1)' is no URL",
    ),
    "source in an unknown place": (
        pack(sources="[{cite: Act, in: mars}]"),
        "8:29",
        "in is 'mars'; expected one of au,",
    ),
    "precedent without cite": (pack(precedent="[{url: 'https://law.example'}]"), "11:15", "a source without 'cite'"),
    "checked is neither": (
        pack(sources="[{cite: Act, checked: yes}]"),
        "8:34",
        "checked is 'yes'; expected one of false, true",
    ),
    # the file as a whole
    "empty file": ("", "1:1", "holds no rules; a pack is a list of rules"),
    "only a comment": ("# to do\n", "1:1", "holds no rules; a pack is a list of rules"),
    "a text": ("miracle\n", "1:1", "a pack is a list of rules, each starting with '- code:'"),
    "one rule without its dash": (
        pack()[2:].replace("\n  ", "\n"),
        "1:1",
        "unknown key 'code' in a rule pack; expected one of rules, vocabulary",
    ),
    "rules as a mapping": (
        "rules:\n  code: HYP901\n",
        "2:3",
        "a pack is a list of rules, each starting with '- code:'",
    ),
    "word lists as a list": (
        "vocabulary: [miracle]\n",
        "1:13",
        "word lists are written as 'name: |' with one entry a line",
    ),
    "a rule that is a text": ("- miracle\n", "1:3", "a rule is a mapping that starts with 'code:'"),
    "not UTF-8": (pack(why="Tr\xe8s bien.").encode("latin-1"), "1:1", "not UTF-8 at byte "),
    "alias": (
        pack(bad="&lines [a, b, c]", good="*lines"),
        "9:8",
        "aliases (*name) are not supported here; write the value out",
    ),
    "nested too deep": (pack(why="[" * 30 + "]" * 30), "6:27", "nested too deeply"),
    "quote not closed": (pack(why="'No"), "11:1", "not YAML: found unexpected end of stream"),
    "colon in a plain text": (
        pack(why="See: this: that"),
        "6:11",
        "not YAML: mapping values are not allowed in this context",
    ),
    "tab for indentation": ("-\tcode: HYP901\n\tname: x\n", "1:2", "not YAML: found character"),
    "two documents": (pack() + "---\n" + pack(), "11:1", "not YAML: but found another document"),
    "control character": (pack(why="a\x00b"), "1:1", "not YAML: "),
}


@pytest.mark.parametrize(("text", "where", "message"), BROKEN.values(), ids=BROKEN)
def test_a_broken_pack_is_refused_at_its_place(text: str | bytes, where: str, message: str, tmp_path: Path) -> None:
    """Each mistake is named with what would be right, at the line and column where it stands."""
    path = str(tmp_path / "pack.yml")
    with pytest.raises(PackError) as refused:
        load(tmp_path, text)
    assert str(refused.value).splitlines()[0].startswith(f"{path}:{where}: ")
    assert message.replace("{path}", path) in refused.value.message


def test_the_error_shows_the_line_and_points_at_the_place(tmp_path: Path) -> None:
    """Under the message stand the line as written and a caret below the column."""
    with pytest.raises(PackError) as refused:
        load(tmp_path, pack(severity="fatal"))
    assert str(refused.value).splitlines()[1:] == [
        "     3 |   severity: fatal",
        "       |             ^",
    ]


@pytest.mark.parametrize(
    ("files", "where", "message"),
    [
        ({}, "1:1", "the folder holds no .yml or .yaml file"),
        ({"readme.txt": "x"}, "1:1", "the folder holds no .yml or .yaml file"),
        ({"a.yml": pack(), "b.yaml": pack()}, "b.yaml:1:3", "code HYP901 is defined twice; first in {folder}/a.yml"),
        (
            {"vocab/a.yml": "wonder: [x]\n", "vocab/b.yml": "wonder: [y]\n"},
            "vocab/b.yml:1:1",
            "list 'wonder' is defined twice; first in {folder}/vocab/a.yml",
        ),
        ({"vocab/a.yml": "- wonder\n", "a.yml": pack()}, "vocab/a.yml:1:1", "word lists are written as 'name: |'"),
        ({"vocab/a.yml": "", "a.yml": pack()}, "vocab/a.yml:1:1", "holds no rules"),
        (
            {"citations.yml": "- cite: Act\n", "a.yml": pack()},
            "citations.yml:1:1",
            "citations are written as 'id: {cite, url, in, checked}'",
        ),
        ({"citations.yml": "act: Act 1\n", "a.yml": pack()}, "citations.yml:1:6", "act is a citation id or a mapping"),
        (
            {"citations.yml": "act: {url: 'https://law.example'}\n", "a.yml": pack()},
            "citations.yml:1:6",
            "a source without 'cite'",
        ),
        (
            {"citations.yml": "act-one: {cite: Act 1}\n", "a.yml": pack(sources="act-on")},
            "a.yml:8:12",
            "no citation is called 'act-on'; did you mean 'act-one'?",
        ),
        ({"a.yml": pack(), "b.yml": "- [\n"}, "b.yml:2:1", "not YAML: "),
    ],
)
def test_a_broken_folder_is_refused(files: Mapping[str, str], where: str, message: str, tmp_path: Path) -> None:
    """One broken file refuses the whole folder, and the error names that file."""
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, "utf-8")
    with pytest.raises(PackError) as refused:
        load_rulebook([tmp_path], bundled=False)
    place = refused.value.place
    assert f"{place.path}:{place.line}:{place.column}".removeprefix(str(tmp_path)).lstrip("/:") == where
    assert message.replace("{folder}", str(tmp_path)) in refused.value.message


@pytest.mark.parametrize("name", ["nowhere", "nowhere.yml"])
def test_a_pack_that_is_not_there_is_refused(name: str, tmp_path: Path) -> None:
    """A path that leads nowhere is an error, not an empty pack."""
    with pytest.raises(PackError, match=re.escape(f"{tmp_path / name}:1:1: no such file or folder")):
        load_rulebook([tmp_path / name], bundled=False)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (pack(code="CUR001"), "code CUR001 is defined twice; first in "),
        (lists("condition: [wonder]"), "list 'condition' is defined twice; first in "),
    ],
)
def test_a_users_pack_cannot_redefine_what_is_bundled(text: str, message: str, tmp_path: Path) -> None:
    """A code or list of the bundled rules is taken; the error names the file that has it."""
    file = tmp_path / "own.yml"
    file.write_text(text, "utf-8")
    with pytest.raises(PackError, match=re.escape(message)):
        load_rulebook([file])


# What is taken, and as what ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "phrases"),
    [
        ("miracle", ("miracle",)),
        ("[miracle, marvel]", ("miracle", "marvel")),
        ("\n  - miracle\n  - marvel", ("miracle", "marvel")),
        ("|\n    miracle\n    marvel", ("miracle", "marvel")),
        ("|-\n    miracle", ("miracle",)),
        ("|\n    # both\n\n    miracle  # the first\n    marvel", ("miracle", "marvel")),
        ("|\n    number {#} of#its # kind", ("number {#} of#its # kind",)),
        ("['no', 'on', yes, 9:10]", ("no", "on", "yes", "9:10")),
        ("[12, 1.50, 2024-01-02, null, ~ 1]", ("12", "1.50", "2024-01-02", "null", "~ 1")),
    ],
)
def test_lines_are_taken_as_written(written: str, phrases: tuple[str, ...], tmp_path: Path) -> None:
    """A block, a list and a single text all give lines; comments go, and no scalar becomes anything but its words."""
    assert only_rule(tmp_path, pack(senses=written.replace("~ 1", "one"))).senses == tuple(
        phrase.replace("~ 1", "one") for phrase in phrases
    )


def test_scalars_stay_words(tmp_path: Path) -> None:
    """`no` in an example is no truth value, and `9:10` no number."""
    rule = only_rule(tmp_path, pack(bad="[no, 9:10, off]", why="0x1F"))
    assert (rule.bad, rule.why) == (("no", "9:10", "off"), "0x1F")


def test_a_rule_is_read_whole(tmp_path: Path) -> None:
    """Every key of an entry arrives in the rule, with what is left out at its default."""
    text = lists(
        "amaze: {inflect: verb, entries: [dazzle, astound]}\nwonder: [marvel]",
        pack(
            severity="{default: info, uk: error}",
            match="|\n    {amaze.ing} {wonder}",
            why=">\n    Two lines\n    of text.",
            sources="[{cite: Act, url: 'https://law.example/act', in: uk, checked: false}]",
            tier="pedantic",
            jurisdictions="[uk, ie]",
            excused_by="{source: sentence}",
            softened_by="{assertion: hedged, risk: page}",
            todo_bad="[Dazzle., Stun.]",
        ),
    )
    rule = only_rule(tmp_path, text)
    assert (rule.code, rule.category, rule.tier, rule.polarity) == ("HYP901", "hype", "pedantic", "asserted")
    assert rule.severity == {"default": Severity.INFO, "uk": Severity.ERROR}
    assert rule.match == ("{amaze.ing} {wonder}",)
    assert rule.why == "Two lines of text."
    assert [tuple(source) for source in rule.sources] == [("Act", "https://law.example/act", "uk", False)]
    assert rule.jurisdictions == ("uk", "ie")
    assert rule.excused_by.source == "sentence"
    assert rule.excused_by.assertion == DEFAULT_EXCUSES
    assert set(rule.softened_by.assertion) == {"hedged"}
    assert (rule.softened_by.risk, rule.softened_by.source) == ("page", None)
    assert (rule.bad[0], len(rule.good), rule.todo_bad) == ("A miracle.", 3, ("Dazzle.", "Stun."))
    assert (rule.path, rule.line, rule.column) == (str(tmp_path / "pack.yml"), 5, 3)
    assert not rule.trusted


@pytest.mark.parametrize(
    ("written", "assertion"),
    [
        ("{risk: page}", DEFAULT_EXCUSES),
        ("{assertion: hedged}", {"hedged"}),
        ("{assertion: []}", set()),
    ],
)
def test_what_excuses_an_assertion_can_be_replaced(written: str, assertion: set[str], tmp_path: Path) -> None:
    """A rule that names assertions replaces the usual excuses, even by none."""
    assert only_rule(tmp_path, pack(excused_by=written)).excused_by.assertion == assertion


@pytest.mark.parametrize("start", ["no", "not", "never", "without", "zero", "nothing"])
def test_denial_lets_a_phrase_start_with_its_negation(start: str, tmp_path: Path) -> None:
    """Under polarity `denial` the phrase's own negation is the claim."""
    assert only_rule(tmp_path, pack(match=f"{start} risk", polarity="denial")).match == (f"{start} risk",)


def test_a_folder_brings_word_lists_and_citations(tmp_path: Path) -> None:
    """In a folder, `vocab/` holds lists and `citations.yml` the sources that rules name; other files are let be."""
    (tmp_path / "vocab").mkdir()
    (tmp_path / "vocab" / "words.yaml").write_text("wonder: |\n  marvel\n  prodigy\n")
    (tmp_path / "vocab" / "notes.md").write_text("not YAML: at: all")
    (tmp_path / "citations.yml").write_text("act: {cite: Act 1, in: us}\n")
    (tmp_path / "a.yml").write_text(pack(match="'a {wonder}'", sources="|\n    act"))
    (tmp_path / "z.yaml").write_text(pack(code="CUR901", precedent="[act, {cite: Another}]"))
    rulebook = load_rulebook([tmp_path], bundled=False)
    assert [rule.code for rule in rulebook.rules] == ["CUR901", "HYP901"]
    assert [source.cite for source in rulebook.rule("HYP901").sources] == ["Act 1"]
    assert [case.cite for case in rulebook.rule("CUR901").precedent] == ["Act 1", "Another"]
    assert rulebook.vocabulary.lists["wonder"].entries == ("marvel", "prodigy")


def test_a_users_pack_may_use_bundled_lists_and_citations(rulebook: Rulebook, tmp_path: Path) -> None:
    """A pack of one's own joins the bundled rules and draws on their lists and citations; its rules are untrusted."""
    file = tmp_path / "own.yml"
    file.write_text(pack(match="'miracle for {condition}'", sources="[ftc-act-12]"), "utf-8")
    both = load_rulebook([file])
    assert both.codes == rulebook.codes | {"HYP901"}
    assert [rule.code for rule in both.rules if not rule.trusted] == ["HYP901"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (pack() + pack(code="CUR902"), ["CUR902", "HYP901"]),
        ("rules:\n" + pack(), ["HYP901"]),
        (lists("wonder: [marvel]"), ["HYP901"]),
        ("rules: []\n", []),
        ("vocabulary:\n  wonder: [marvel]\n", []),
        ("\ufeff" + pack(), ["HYP901"]),
        (pack().replace("\n", "\r\n"), ["HYP901"]),
        ("---\n" + pack() + "...\n", ["HYP901"]),
    ],
)
def test_shapes_of_a_pack(text: str, codes: list[str], tmp_path: Path) -> None:
    """A pack is a list of rules, or a mapping with rules and word lists; marks and line ends do not matter."""
    assert [rule.code for rule in load(tmp_path, text).rules] == codes


# Which rules run -----------------------------------------------------------------------------------------------------


def rule(code: str, category: str, **keys: object) -> Rule:
    """A rule of which only code, category and the given keys matter."""
    values: dict[str, object] = {
        "severity": {"default": Severity.WARNING},
        "match": (),
        "message": "",
        "why": "",
        "instead": "",
        "sources": (),
        **keys,
    }
    return Rule(code=code, name="x", category=category, **values)  # type: ignore[arg-type]


SMALL = Rulebook(
    (rule("CUR001", "cure"), rule("CUR012", "cure"), rule("SAF001", "safety"), rule("STA001", "statistic"))
)
ALL = "CUR001 CUR012 SAF001 STA001"


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        ("", "", ALL),
        ("CUR", "", "CUR001 CUR012"),
        ("cure", "", "CUR001 CUR012"),
        ("CUR001", "", "CUR001"),
        ("CUR01", "", "CUR012"),
        ("S", "", "SAF001 STA001"),
        ("SAF statistic", "", "SAF001 STA001"),
        ("", "CUR", "SAF001 STA001"),
        ("", "cure safety", "STA001"),
        ("", "CUR001", "CUR012 SAF001 STA001"),
        ("CUR", "CUR001", "CUR012"),
        ("cure", "CUR001", "CUR012"),
        ("CUR001", "CUR", "CUR001"),
        ("CUR001", "cure", "CUR001"),
        ("CUR SAF", "CUR0", "SAF001"),
        ("CUR012 SAF", "CUR0", "CUR012 SAF001"),
        ("CUR", "CUR", ""),
        ("CUR", "cure", ""),
        ("cure", "CUR", ""),
        ("CUR001", "CUR001", ""),
        ("CUR", "C", "CUR001 CUR012"),
        ("SAF", "CUR", "SAF001"),
        ("DOC", "", ""),
        ("S CUR001", "SA CUR", "CUR001 STA001"),
    ],
)
def test_selection(select: str, ignore: str, codes: str) -> None:
    """What is selected runs alone; the longer selector wins, a slug counts as its prefix, a tie is ignored."""
    chosen = SMALL.selected(select=select.split(), ignore=ignore.split(), jurisdictions=["us"])
    assert " ".join(rule.code for rule in chosen.rules) == codes


@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        ("CUR999", "did you mean 'CUR"),
        ("XYZ", "expected one of CMP, CRE, "),
        ("safty", "did you mean 'safety'?"),
        ("Cure", "did you mean 'cure'?"),
        ("cur", "did you mean 'cure'?"),
        ("CUR0011", "did you mean 'CUR001'?"),
    ],
)
def test_an_unknown_selector_is_refused(selector: str, nearest: str) -> None:
    """A selector that names nothing is an error with the nearest name, not a run without rules."""
    with pytest.raises(ValueError, match=re.escape(f"no rule or category is called '{selector}'; {nearest}")):
        SMALL.check_selectors(["CUR", "cure", selector])


@pytest.mark.parametrize("selector", ["C", "CUR", "CUR0", "CUR012", "cure", "weight-loss", "DOC", "disclosure"])
def test_known_selectors(selector: str) -> None:
    """Codes, their prefixes and category slugs are selectors, even of a category that has no rule yet."""
    SMALL.check_selectors([selector])


@pytest.mark.parametrize(
    ("jurisdictions", "codes"),
    [
        (["us"], "SAF001"),
        (["uk"], "CUR001 SAF001"),
        (["ie"], "CUR001 CUR012 SAF001"),
        (["us", "uk"], "CUR001 SAF001"),
        (["nz", "ca"], "SAF001"),
    ],
)
def test_rules_hold_where_they_say(jurisdictions: list[str], codes: str) -> None:
    """A rule with jurisdictions runs only when one of them is asked for; one without runs everywhere."""
    rulebook = Rulebook(
        (
            rule("CUR001", "cure", jurisdictions=("uk", "ie")),
            rule("CUR012", "cure", jurisdictions=("ie",)),
            rule("SAF001", "safety"),
        )
    )
    assert " ".join(each.code for each in rulebook.selected(jurisdictions=jurisdictions).rules) == codes


# How they weigh ------------------------------------------------------------------------------------------------------

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


@pytest.mark.parametrize(
    ("severities", "jurisdictions", "severity", "because"),
    [
        ({"default": WARNING}, ["us"], WARNING, ""),
        ({"default": WARNING}, ["us", "uk", "au"], WARNING, ""),
        ({"default": WARNING, "au": ERROR}, ["us"], WARNING, ""),
        ({"default": WARNING, "au": ERROR}, ["au"], ERROR, "au"),
        ({"default": WARNING, "au": ERROR}, ["us", "au"], ERROR, "au"),
        ({"default": WARNING, "au": ERROR}, ["au", "us"], ERROR, "au"),
        ({"default": INFO, "uk": WARNING, "au": ERROR}, ["uk", "au", "us"], ERROR, "au"),
        ({"default": INFO, "uk": WARNING, "au": ERROR}, ["uk"], WARNING, "uk"),
        ({"default": ERROR, "uk": INFO}, ["uk"], INFO, "uk"),
        ({"default": ERROR, "uk": INFO}, ["uk", "us"], ERROR, ""),
        ({"default": ERROR, "uk": INFO, "ie": WARNING}, ["uk", "ie"], WARNING, "ie"),
        ({"default": ERROR, "uk": INFO, "ie": INFO}, ["uk", "ie"], INFO, "uk"),
    ],
)
def test_severity_by_jurisdiction(
    severities: dict[str, Severity], jurisdictions: list[str], severity: Severity, because: str
) -> None:
    """Over several jurisdictions the strictest severity counts, and the place that sets it is told."""
    assert rule("CUR001", "cure", severity=severities).severity_in(jurisdictions) == (severity, because)


def test_a_rule_is_found_by_its_code() -> None:
    """A code gives its rule, an unknown code a KeyError."""
    assert SMALL.rule("CUR012").code == "CUR012"
    with pytest.raises(KeyError):
        SMALL.rule("CUR999")


def test_jurisdictions_of_bundled_rules_are_known(rulebook: Rulebook) -> None:
    """Every severity of a bundled rule stands under `default` or a jurisdiction that can be asked for."""
    places = {place for each in rulebook.rules for place in each.severity}
    assert places <= {"default", *JURISDICTIONS}
