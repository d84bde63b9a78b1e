"""The documents hold what they say: commands are run, outputs compared, examples loaded, the JSON Schema generated.

After an intended change, `MEDLINT_UPDATE_GOLDEN=1 pytest tests/test_docs.py` writes outputs and schema anew; read the
difference before it is committed.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema import Draft202012Validator

from medlint import __version__, config
from medlint.finding import Severity
from medlint.linter import Linter
from medlint.readers import FORMATS, known_suffixes, read_text
from medlint.rule import Rule, Rulebook
from medlint.rulebook import json_schema, load_rulebook
from medlint.schema import PackError

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
DOCUMENTS = (README, CONTRIBUTING)
UPDATE = bool(os.environ.get("MEDLINT_UPDATE_GOLDEN"))


class Fence(NamedTuple):
    """A fenced block of a document."""

    language: str
    text: str
    start: int  # of its text, in the document


def fences(document: Path, language: str) -> list[Fence]:
    """The fenced blocks of a document in one language."""
    text = document.read_text("utf-8")
    found = re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [Fence(each[1], each[2], each.start(2)) for each in found if each[1] == language]


def pack_of_the_readme() -> str:
    """The rule pack that the README shows."""
    return yaml_of_the_readme("rules:")


def yaml_of_the_readme(first_words: str) -> str:
    """The example file of the README that starts with these words."""
    return next(each.text for each in fences(README, "yaml") if each.text.startswith(first_words))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the documents suppose it: the checkout's rules and seeds, a clinic's content, the README's pack."""
    desk = tmp_path_factory.mktemp("desk")
    shutil.copytree(ROOT / "seeds", desk / "seeds")
    shutil.copytree(ROOT / "tests" / "samples" / "site", desk / "public")
    (desk / "rules").symlink_to(ROOT / "rules", target_is_directory=True)
    for suffix in (".docx", ".pdf"):
        shutil.copy(ROOT / "tests" / "samples" / f"libreoffice-claims{suffix}", desk / f"draft{suffix}")
    (desk / "content").mkdir()
    (desk / "content" / "contact.md").write_text("# Contact\n\nWe are open from nine to six.\n", "utf-8")
    (desk / "house-rules.yml").write_text(pack_of_the_readme(), "utf-8")
    (desk / "claims.yml").write_text(yaml_of_the_readme("claims:"), "utf-8")
    return desk


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a shell makes of a command, with the medlint under test on its path and an 80-column screen."""
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "COLUMNS": "80",
        "PYTHONIOENCODING": "utf-8",
    }
    return subprocess.run(
        command, shell=True, cwd=folder, env=environment, text=True, encoding="utf-8", check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


# Commands ------------------------------------------------------------------------------------------------------------


class Step(NamedTuple):
    """A command of a console block and the output shown below it."""

    command: str
    output: str


def steps(console: str) -> list[Step]:
    """The commands of a console block, each with its output."""
    found = re.finditer(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", console, re.MULTILINE)
    return [Step(each[1], each[2]) for each in found]


def sessions() -> list[Any]:
    """Every console block of the documents."""
    return [
        pytest.param(document, fence, id=f"{document.name}-{number}")
        for document in DOCUMENTS
        for number, fence in enumerate(fences(document, "console"), start=1)
    ]


@pytest.mark.parametrize(("document", "session"), sessions())
def test_console_blocks_show_what_the_commands_print(document: Path, session: Fence, desk: Path) -> None:
    """Each `$` line of a console block, run in order, prints what stands below it."""
    printed = [Step(step.command, run(step.command, desk).stdout) for step in steps(session.text)]
    assert not [step for step in printed if re.search(r"^error: ", step.output, re.MULTILINE)]
    if UPDATE:
        shown = "".join(f"$ {command}\n{output}" for command, output in printed)
        document.write_text(document.read_text("utf-8").replace(session.text, shown, 1), "utf-8")
        return
    for old, new in zip(steps(session.text), printed, strict=True):
        lines = difflib.unified_diff(old.output.splitlines(), new.output.splitlines(), "shown", "printed", lineterm="")
        assert old == new, "\n".join(lines)


def mentioned_commands() -> Iterator[tuple[str, str]]:
    """Every other medlint command: in shell blocks, in CI configurations and in running text."""
    for document in DOCUMENTS:
        text = document.read_text("utf-8")
        found = [command for fence in fences(document, "sh") for command in fence.text.splitlines()]
        found += re.findall(r"^ *- (?:run: )?(medlint .*)$", text, re.MULTILINE)
        found += re.findall(r"`(medlint [^`\n]+)`", text)
        for command in dict.fromkeys(found):
            if command.startswith("medlint "):
                yield document.name, command


@pytest.mark.parametrize(("document", "command"), list(mentioned_commands()))
def test_commands_in_passing_work(document: str, command: str, desk: Path) -> None:
    """A command that a document mentions runs; `check` may have findings, and `explain` alone wants a code."""
    if command in ("medlint explain", "medlint rules --check"):
        command += " CUR001" if command.endswith("explain") else " house-rules.yml"
    done = run(command, desk)
    assert done.returncode in (0, 1), done.stdout


def test_the_readme_sets_up_with_pip_alone() -> None:
    """The README's first two commands are one line each and need nothing but Python's venv and pip."""
    first, second = (fence.text.splitlines() for fence in fences(README, "sh")[:2])
    fresh = "python3 -m venv .venv && .venv/bin/pip install --quiet"
    assert first == [f"{fresh} . && .venv/bin/medlint check seeds/"]
    assert second == [f"{fresh} --editable '.[dev]' && .venv/bin/python -m pytest"]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", ".pre-commit-hooks.yaml", ".ci/run"])
def test_nothing_installs_the_bare_name(name: str) -> None:
    """No command installs `medlint` from an index, where that name is someone else's."""
    installed = re.findall(r"pip3? install ((?:-\S+ )*)([\w.,'\"\[\]/-]+)", (ROOT / name).read_text("utf-8"))
    assert {name for _, name in installed} <= {".", "'.[dev]'", "medlint-copy", '"medlint-copy[pdf,rst]"'}


def test_the_gitlab_snippet_installs_lints_and_keeps_its_reports(desk: Path) -> None:
    """The GitLab job installs the distribution before it lints, and collects the files that its command writes."""
    job = yaml.safe_load(yaml_of_the_readme("medlint:"))["medlint"]
    install, lint = job["script"]
    assert install == f"python -m pip install medlint-copy=={__version__}"
    assert run(lint, desk).returncode == 0
    for format_name, file in (("gitlab", "codequality"), ("junit", "junit")):
        name = job["artifacts"]["reports"][file]
        assert f"--format {format_name}={name}" in lint and (desk / name).is_file()


def test_the_pre_commit_snippet_names_this_version() -> None:
    """The README's hook configuration points at the tag of this version."""
    snippet = next(each.text for each in fences(README, "yaml") if each.text.startswith("repos:"))
    assert [repository["rev"] for repository in yaml.safe_load(snippet)["repos"]] == [f"v{__version__}"]


# The README's words --------------------------------------------------------------------------------------------------


def test_every_flag_in_the_documents_exists(desk: Path) -> None:
    """No document speaks of a flag that no command has."""
    known = set(
        re.findall(r"--[a-z-]+", "".join(run(f"medlint {each} --help", desk).stdout for each in ("check", "rules")))
    )
    for document in DOCUMENTS:
        prose = re.sub(r"^```.*?^```$", "", document.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
        named = {flag for span in re.findall(r"`([^`]+)`", prose) for flag in re.findall(r"(?<!\S)--[a-z-]+", span)}
        assert named <= known, document.name


def phrase_table() -> list[tuple[str, str, str]]:
    """The rows of the README's table of phrases: phrase, what it finds, what it passes over."""
    rows = re.findall(r"^\| `((?:\\\||[^`])+)` *\| ([^|]+?) *\| ([^|]+?) *\|", README.read_text("utf-8"), re.MULTILINE)
    return [(phrase.replace(r"\|", "|"), found, passed) for phrase, found, passed in rows if " " in phrase]


@pytest.mark.parametrize(("phrase", "found", "passed"), phrase_table(), ids=lambda text: text)
def test_phrases_match_as_the_readme_says(phrase: str, found: str, passed: str, rulebook: Rulebook) -> None:
    """Each row of the table of phrases finds what it says and passes over what it says."""
    rule = Rule("HYP999", "row", "hype", {"default": Severity.INFO}, (phrase,), "{match}", "Why.", "Instead.", ())
    linter = Linter(rulebook._replace(rules=(rule,)))
    text = next(each for each in FORMATS if each.name == "text")

    assert linter.lint(read_text("row.txt", found, text)).findings
    assert not linter.lint(read_text("row.txt", passed, text)).findings


def test_the_phrase_table_is_read() -> None:
    """The table of phrases holds the rows that the test above runs."""
    assert len(phrase_table()) == 8


def test_the_readme_names_every_key_of_the_json_format(desk: Path) -> None:
    """The JSON keys that the README lists are those of a report, no more and no fewer."""
    command = "medlint check --format json --statistics --select CUR003 draft.docx"
    report = json.loads(run(command, desk).stdout)
    item = README.read_text("utf-8").split("\n- `json`")[1].split("\n\n")[0]
    listed = set(re.findall(r"`(\w+)`", item))
    assert listed == set(report) | set(report["findings"][0])


def test_the_readme_names_every_dependency_and_no_other() -> None:
    """The table of dependencies is that of pyproject.toml."""
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["pdf"], *extras["rst"]]
    section = README.read_text("utf-8").split("## What it is built on")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([\w-]+)` +\| (\S+) +\| \w", section, re.MULTILINE)
    assert ["".join(row) for row in rows] == wanted


def test_every_dependency_has_a_last_version() -> None:
    """A release of another project that breaks this one reaches nobody unasked."""
    import tomllib

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = settings["project"]["optional-dependencies"].values()
    wanted = [*settings["build-system"]["requires"], *settings["project"]["dependencies"], *chain(*extras)]
    unbounded = [each for each in wanted if not re.search(r"<\d|==", each) and not each.startswith("medlint-copy[")]
    assert len(wanted) > 15 and unbounded == []


def test_the_table_of_formats_names_every_suffix_and_its_extra() -> None:
    """The rows hold the suffixes that medlint reads, each once, and an extra where the error would name one."""
    section = README.read_text("utf-8").split("## What it reads")[1].split("\n\n")[1]
    rows = [row.split("|")[2:4] for row in section.splitlines()[2:]]
    needs = {suffix: extra.strip(" `") for suffixes, extra in rows for suffix in re.findall(r"`([^`]+)`", suffixes)}
    assert sorted(needs) == sorted(known_suffixes())
    assert {suffix: extra for suffix, extra in needs.items() if extra} == {
        ".rst": "medlint-copy[rst]",
        ".pdf": "medlint-copy[pdf]",
    }


# The JSON Schemas --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "schema"),
    [("rule-pack.schema.json", json_schema), ("configuration.schema.json", config.json_schema)],
)
def test_the_schema_file_is_the_generated_one(file: str, schema: Callable[[], dict[str, Any]]) -> None:
    """The schemas in docs/ are what the readers' own tables generate."""
    kept = ROOT / "docs" / file
    generated = json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
    if UPDATE:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(generated, "utf-8")
    Draft202012Validator.check_schema(schema())
    assert kept.read_text("utf-8") == generated


RULE = {
    "code": "HYP901",
    "name": "miracle",
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
    """A pack of one rule, with some keys set otherwise or left out."""
    fields = {name: value for name, value in {**RULE, **keys}.items() if name != left_out}
    return "- " + "\n  ".join(f"{name}: {value}" for name, value in fields.items()) + "\n"


def page_pack(page: str) -> str:
    """A pack of one rule of the whole page, and a word list."""
    return f"rules:\n{pack(left_out='match', page=page)}vocabulary:\n  wonder: [miracle]\n"


ACCEPTED = {
    "one rule": pack(),
    "lines in a block": pack(match="|\n    miracle\n    wonder of (science|nature)"),
    "lines in a list": pack(match="[miracle, wonder]"),
    "severity by place": pack(severity="{default: info, uk: error, au: warning}"),
    "pedantic": pack(tier="pedantic"),
    "one jurisdiction": pack(jurisdictions="uk"),
    "several jurisdictions": pack(jurisdictions="[uk, ie, eu]"),
    "denial": pack(match="no risk", polarity="denial"),
    "regex instead of phrases": pack(left_out="match", regex="miracles?"),
    "excuses": pack(excused_by="{assertion: [negated, question], source: paragraph}"),
    "jurisdictions in a block": pack(jurisdictions="|\n    uk\n    ie"),
    "one excuse": pack(excused_by="{assertion: negated}"),
    "softened": pack(softened_by="{half_source: sentence, risk: page}"),
    "guards": pack(senses="miracle play", unless="theatre", along="[miracle, we]", answers="[why, how]"),
    "a full source": pack(sources="[{cite: Act, url: 'https://law.example/act', in: us, checked: true}]"),
    "an unchecked source": pack(sources="[{cite: Act, checked: false}]"),
    "precedent": pack(precedent="[{cite: A case}]"),
    "known weaknesses": pack(todo_bad="[Wondrous.]", todo_good="[Miracle Street.]"),
    "a rule of the whole page": page_pack("{claims: [cure, safety], lacks: wonder}"),
    "rules and word lists": "rules:\n- "
    + pack(match="a {wonder}")[2:]
    + "vocabulary:\n  wonder: [miracle, marvel]\n  to-do: {inflect: verb, entries: [dazzle, amaze]}\n",
    "word lists only": "vocabulary:\n  wonder: |\n    miracle\n    marvel\n",
    "no rules": "rules: []\n",
}
REFUSED = {
    "no code": pack(left_out="code"),
    "no name": pack(left_out="name"),
    "no severity": pack(left_out="severity"),
    "no message": pack(left_out="message"),
    "no why": pack(left_out="why"),
    "no instead": pack(left_out="instead"),
    "no sources": pack(left_out="sources"),
    "no bad": pack(left_out="bad"),
    "no good": pack(left_out="good"),
    "neither phrases nor regex": pack(left_out="match"),
    "unknown key": pack(serverity="error"),
    "code of no category": pack(code="XYZ001"),
    "code in small letters": pack(code="hyp901"),
    "code too short": pack(code="HYP1"),
    "code too long": pack(code="HYP9001"),
    "name not kebab-case": pack(name="Miracle_Word"),
    "name with spaces": pack(name="a miracle"),
    "empty name": pack(name="''"),
    "unknown severity": pack(severity="fatal"),
    "severity without default": pack(severity="{uk: error}"),
    "severity in an unknown place": pack(severity="{default: info, mars: error}"),
    "severity as a list": pack(severity="[error]"),
    "unknown tier": pack(tier="sometimes"),
    "unknown jurisdiction": pack(jurisdictions="[uk, mars]"),
    "unknown polarity": pack(polarity="positive"),
    "unknown condition": pack(excused_by="{weather: page}"),
    "unknown scope": pack(excused_by="{risk: book}"),
    "unknown assertion": pack(softened_by="{assertion: shouted}"),
    "asserted is no excuse": pack(excused_by="{assertion: asserted}"),
    "condition as text": pack(excused_by="negated"),
    "no phrase": pack(match="[]"),
    "empty phrase": pack(match="''"),
    "phrases left blank": pack(match=""),
    "no regex": pack(left_out="match", regex="[]"),
    "too few examples": pack(bad="[A miracle., The miracle.]"),
    "too few examples in a block": pack(good="|\n    No miracle.\n    A treatment."),
    "phrases as a mapping": pack(match="{miracle: yes}"),
    "phrases in lists in lists": pack(match="[[miracle]]"),
    "message as a list": pack(message="[a, b]"),
    "empty message": pack(message="''"),
    "source without cite": pack(sources="[{url: 'https://law.example/act'}]"),
    "source with an unknown key": pack(sources="[{cite: Act, link: 'https://law.example/act'}]"),
    "source in an unknown place": pack(sources="[{cite: Act, in: mars}]"),
    "source with no web address": pack(sources="[{cite: Act, url: law.example}]"),
    "source with half a web address": pack(sources="[{cite: Act, url: 'https://law'}]"),
    "source checked maybe": pack(sources="[{cite: Act, checked: maybe}]"),
    "source with an empty cite": pack(sources="[{cite: ''}]"),
    "no source": pack(sources="[]"),
    "empty precedent": pack(precedent="[]"),
    "sources as a mapping": pack(sources="{cite: Act}"),
    "page rule that lacks nothing": page_pack("{claims: cure}"),
    "page rule without claims": page_pack("{lacks: wonder}"),
    "page rule of an unknown category": page_pack("{claims: curing, lacks: wonder}"),
    "page rule with an unknown key": page_pack("{claims: cure, lacks: wonder, near: wonder}"),
    "page rule as text": page_pack("wonder"),
    "a text": "miracle\n",
    "a mapping of rules": "HYP901:\n  name: miracle\n",
    "rules as a mapping": "rules:\n  code: HYP901\n",
    "a rule as text": "- miracle\n",
    "blank message": pack(message="'  '"),
    "word list with a capital": "vocabulary:\n  Wonder: [miracle]\n",
    "empty word list": "vocabulary:\n  wonder: []\n",
    "unknown inflection": "vocabulary:\n  wonder: {inflect: adverb, entries: [miracle]}\n",
    "word list without entries": "vocabulary:\n  wonder: {inflect: noun}\n",
    "word list with an unknown key": "vocabulary:\n  wonder: {entries: [miracle], plural: yes}\n",
    "word list of lists": "vocabulary:\n  wonder: [[miracle]]\n",
}
# What a schema cannot see: how a phrase reads, and what refers to what.
REFUSED_BY_THE_LOADER_ALONE = {
    "unknown word list": pack(match="'{wonder}'"),
    "unknown word list of a page rule": page_pack("{claims: cure, lacks: marvel}"),
    "phrase that does not parse": pack(match="(miracle"),
    "regex that does not parse": pack(regex="['(miracle']"),
    "negation without denial": pack(match="no risk"),
    "unknown citation": pack(sources="[house-style]"),
    "code defined twice": pack() + pack(),
    "message with an unknown slot": pack(message="'{treatment} is no miracle'"),
    "phrases that are all comments": pack(match="|\n    # miracle"),
    "word list that contains itself": "vocabulary:\n  wonder: ['{marvel}']\n  marvel: ['{wonder}']\n",
}


def schema_accepts(text: str) -> bool:
    """Whether an editor that reads scalars as the loader does would find the pack in order."""
    return bool(Draft202012Validator(json_schema()).is_valid(yaml.load(text, Loader=yaml.BaseLoader)))


def loader_accepts(text: str, folder: Path) -> bool:
    """Whether the loader takes the pack."""
    file = folder / "pack.yml"
    file.write_text(text, "utf-8")
    try:
        load_rulebook([file], bundled=False)
    except PackError as error:
        assert not error.message.startswith("not YAML"), "the pack must be broken as a pack"
        return False
    return True


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED)
def test_schema_and_loader_accept(text: str, tmp_path: Path) -> None:
    """A sound pack passes the loader, and the schema shows an editor no error in it."""
    assert (schema_accepts(text), loader_accepts(text, tmp_path)) == (True, True)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_schema_and_loader_refuse(text: str, tmp_path: Path) -> None:
    """A broken pack is refused by the loader, and the schema shows it in an editor before."""
    assert (schema_accepts(text), loader_accepts(text, tmp_path)) == (False, False)


@pytest.mark.parametrize("text", REFUSED_BY_THE_LOADER_ALONE.values(), ids=REFUSED_BY_THE_LOADER_ALONE)
def test_the_loader_refuses_more(text: str, tmp_path: Path) -> None:
    """What no schema can express, the loader refuses."""
    assert (schema_accepts(text), loader_accepts(text, tmp_path)) == (True, False)


@pytest.mark.parametrize(
    "path",
    [path for path in sorted((ROOT / "rules").glob("*.yml")) if path.stem != "citations"],
    ids=lambda path: path.stem,
)
def test_the_schema_accepts_the_bundled_rules(path: Path) -> None:
    """No bundled rule shows an error in an editor."""
    errors = Draft202012Validator(json_schema()).iter_errors(yaml.safe_load(path.read_text("utf-8")))
    assert [f"{list(error.absolute_path)}: {error.message[:200]}" for error in errors] == []
