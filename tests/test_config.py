"""Configuration files: where they are found, what they say, what the command line says over them, how they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from medlint.cli import main
from medlint.config import json_schema, load_config
from medlint.schema import PackError

PAGE = "Our drip cures gout and is perfectly safe.\n"  # CUR001, SAF001 and, on the whole page, DOC


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write({"site/blog/page.md": PAGE, "site/page.md": PAGE})


def write(files: dict[str, str]) -> None:
    """Files below the working directory."""
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, "utf-8")


def check(*arguments: str) -> Result:
    """A concise run."""
    return CliRunner().invoke(main, ["check", "--format", "concise", *arguments])


def codes(result: Result) -> dict[str, set[str]]:
    """The codes found in each file, those of the whole page left out."""
    assert result.exit_code in (0, 1), result.output
    found: dict[str, set[str]] = {}
    for line in result.stdout.splitlines():
        if ": " in line and ".md:" in line:
            code = line.split(": ")[1].split()[0]
            if not code.startswith("DOC"):
                found.setdefault(line.split(":")[0], set()).add(code)
    return found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".medlint.yml", "select: [CUR]\n"),
        (".medlint.yml", "select: CUR\n"),
        (".medlint.yml", "select: |\n  CUR\n"),
        (".medlint.yml", "ignore: [SAF, DOC]\n"),
        (".medlint.yml", "select: [cure]\n"),
        ("medlint.toml", 'select = ["CUR"]\n'),
        ("pyproject.toml", '[project]\nname = "site"\n[tool.medlint]\nignore = ["safety"]\n'),
    ],
)
def test_a_configuration_selects_rules(name: str, text: str) -> None:
    """The three kinds of file say the same."""
    write({f"site/{name}": text})
    assert codes(check("site/page.md")) == {"site/page.md": {"CUR001"}}
    assert codes(check("site/page.md", "--isolated"))["site/page.md"] > {"CUR001"}


def test_the_nearest_file_above_the_linted_one_counts() -> None:
    """Not one in the working directory, and one for each file."""
    write({
        ".medlint.yml": "select: [STA]\n",
        "site/.medlint.yml": "select: [CUR]\n",
        "site/blog/medlint.toml": 'select = ["SAF"]\n',
    })  # fmt: skip
    found = codes(check("site"))
    assert found["site/page.md"] == {"CUR001"}
    assert all(code.startswith("SAF") for code in found["site/blog/page.md"])
    assert codes(check("site", "--config", ".medlint.yml")) == {}


def test_a_pyproject_without_medlint_is_passed_over() -> None:
    """The search goes on upwards."""
    write({"site/pyproject.toml": "[tool.other]\n", ".medlint.yml": "select: [CUR]\n"})
    assert codes(check("site/page.md")) == {"site/page.md": {"CUR001"}}


def test_the_first_kind_of_file_in_a_folder_counts() -> None:
    """`.medlint.yml`, then `medlint.toml`, then `pyproject.toml`."""
    write({"site/.medlint.yml": "select: [CUR]\n", "site/medlint.toml": 'select = ["SAF"]\n'})
    assert codes(check("site/page.md")) == {"site/page.md": {"CUR001"}}


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), {"CUR001"}),
        (("--select", "SAF001"), {"SAF001"}),
        (("--ignore", "cure"), set()),
        (("--select", "SAF001,CUR"), {"SAF001", "CUR001"}),
    ],
)
def test_the_command_line_weighs_more(options: tuple[str, ...], found: set[str]) -> None:
    """`--select` sets the file's selection aside, `--ignore` adds to it."""
    write({"site/.medlint.yml": "select: [CUR, SAF]\nignore: [SAF]\n"})
    assert codes(check("site/page.md", *options)).get("site/page.md", set()) == found


def test_severities_can_be_changed() -> None:
    """By code, beginning or category; the most exact selector wins, and the run fails by the new weight."""
    write({"site/.medlint.yml": "select: [SAF]\nseverity: {SAF: warning, SAF001: info}\n"})
    result = CliRunner().invoke(main, ["check", "site/page.md"])
    assert result.stdout.startswith("info[SAF001]")
    assert result.exit_code == 0


def test_fail_on_is_a_setting() -> None:
    """The command line weighs more."""
    write({"site/.medlint.yml": "select: [CUR]\nseverity: {CUR: warning}\nfail-on: error\n"})
    assert check("site/page.md").exit_code == 0
    assert check("site/page.md", "--fail-on", "warning").exit_code == 1


def test_jurisdictions_are_a_setting() -> None:
    """They decide which rules there are."""
    write({"site/.medlint.yml": "jurisdictions: [uk, au]\n"})
    shown = CliRunner().invoke(main, ["check", "site", "--show-settings"]).stdout
    assert "jurisdictions: [uk, au]" in shown
    assert "jurisdictions: [us]" in CliRunner().invoke(main, ["check", "site", "--isolated", "--show-settings"]).stdout


def test_settings_per_path() -> None:
    """Patterns as in .gitignore, relative to the file's folder; what they ignore adds up."""
    write({
        "site/.medlint.yml": "select: [CUR, SAF]\nper-path:\n  - paths: [blog/]\n    ignore: [CUR]\n"
        "  - {paths: '*.md', ignore: [SAF]}\n"
    })  # fmt: skip
    assert codes(check("site")) == {"site/page.md": {"CUR001"}}
    assert codes(check("site/blog/page.md")) == {}


def test_names_of_copy_in_pages_are_settings() -> None:
    """Keys of front matter and attributes of tags are copy or not as the settings say, those of a path after the others."""
    front_matter = "---\nhero:\n  line: It cures gout.\ndescription: It cures gout.\n---\n"
    write({
        "web/.medlint.yml": 'select: [CUR001]\nfront-matter: ["hero.*"]\nattributes: "data-*"\n'
        'per-path: [{paths: blog/, front-matter: ["!description"], attributes: ["!data-id"]}]\n',
        "web/page.md": front_matter + '<p data-title="It cures gout.">Hello.</p>\n',
        "web/page.html": "<p data-id='It cures gout.' title=a>Hello.</p>\n",
        "web/blog/page.mdx": front_matter + "<Hero data-title='It cures gout.' data-id='It cures gout.' />\n",
    })  # fmt: skip
    assert [line.split(" ")[0] for line in check("web").stdout.splitlines() if "CUR001" in line] == [
        "web/blog/page.mdx:3:12:",
        "web/blog/page.mdx:6:22:",
        "web/page.html:1:16:",
        "web/page.md:3:12:",
        "web/page.md:4:17:",
        "web/page.md:6:19:",
    ]
    shown = check("web/blog/page.mdx", "--show-settings").stdout
    assert 'front-matter: ["hero.*", "!description"]\nattributes: ["data-*", "!data-id"]\n' in shown


def test_excluded_files_are_passed_over_unless_they_are_named() -> None:
    """And `--show-files` says which file keeps them out."""
    write({"site/.medlint.yml": "select: [CUR]\nexclude: [blog/]\n"})
    assert set(codes(check("site"))) == {"site/page.md"}
    assert set(codes(check("site/blog/page.md"))) == {"site/blog/page.md"}
    assert check("site/blog/page.md", "--force-exclude").exit_code == 0
    shown = CliRunner().invoke(main, ["check", "site", "--show-files"]).stdout
    assert f"site/blog/page.md: not linted: excluded by {Path('site/.medlint.yml').absolute()}" in shown


def test_packs_registers_and_baselines_lie_beside_the_file() -> None:
    """Their paths are relative to it, from any working directory."""
    rule = (
        "- {code: HYP901, name: own, severity: warning, match: wellness oasis, message: m, why: w, instead: i,\n"
        "   sources: [{cite: c}], bad: [A wellness oasis., Our wellness oasis., The wellness oasis.],\n"
        "   good: [An oasis., Wellness., A spa.]}\n"
    )
    claim = "claims:\n- {statement: Our drip cures gout., approver: a, expires: 2099-01-01,\n"
    claim += "   evidence: {cite: c, url: 'https://example.org/c'}}\n"
    write({
        "site/.medlint.yml": "select: [CUR, HYP901]\nrules: house.yml\nclaims: claims.yml\nbaseline: known.json\n",
        "site/house.yml": rule,
        "site/claims.yml": claim,
        "site/known.json": '{"version": 1, "findings": []}\n',
        "site/other.md": "A wellness oasis.\n\nOur drip cures gout.\n",
    })  # fmt: skip
    result = check("site/other.md")
    assert codes(result) == {"site/other.md": {"HYP901"}}
    assert "1 approved" in result.stdout
    assert check("site", "--write-baseline", "site/known.json").exit_code == 0
    assert codes(check("site")) == {}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (".medlint.yml", "selct: [CUR]\n", ":1:1: unknown key 'selct' in the configuration; did you mean 'select'?"),
        (".medlint.yml", "select: [CUR0O1]\n", ":1:10: no rule or category is called 'CUR0O1'; did you mean"),
        (".medlint.yml", "severity: {CURE: info}\n", ":1:12: no rule or category is called 'CURE'"),
        (".medlint.yml", "severity: {CUR: eror}\n", "severity of CUR is 'eror'; did you mean 'error'?"),
        (".medlint.yml", "severity: info\n", "severity maps codes to severities"),
        (".medlint.yml", "jurisdictions: [uk, usa]\n", "jurisdictions is 'usa'; did you mean 'us'?"),
        (".medlint.yml", "jurisdictions: []\n", "jurisdictions is empty"),
        (".medlint.yml", "pedantic: maybe\n", "pedantic is 'maybe'"),
        (".medlint.yml", "rules: [none.yml]\n", ":1:9: rules: no such file or folder: "),
        (".medlint.yml", "claims: none.yml\n", "claims: no such file or folder: "),
        (".medlint.yml", "fail-on: never\n", "fail-on is 'never'"),
        (".medlint.yml", "front-matter: [hero, '!']\n", ":1:22: front-matter: '!' names nothing"),
        (".medlint.yml", "atributes: [data-title]\n", "did you mean 'attributes'?"),
        (".medlint.yml", "attributes: {data-title: true}\n", "attributes"),
        (".medlint.yml", "per-path: {paths: a}\n", "per-path is a list"),
        (".medlint.yml", "per-path:\n  - ignore: [CUR]\n", "names 'paths'"),
        (".medlint.yml", "per-path:\n  - {paths: a, exclude: b}\n", "unknown key 'exclude' in per-path"),
        (".medlint.yml", "- select\n", "a configuration is written as 'key: value' lines"),
        (".medlint.yml", "select: [\n", "not YAML"),
        ("medlint.toml", "select = [\n", "not TOML"),
        ("medlint.toml", '# settings\nselct = "CUR"\n', ":2:1: unknown key 'selct'"),
        ("pyproject.toml", '[tool.medlint]\nignore = ["XYZ"]\n', ":2:1: no rule or category is called 'XYZ'"),
        ("pyproject.toml", "[tool]\nmedlint = 3\n", "expected a table"),
    ],
)
def test_a_broken_configuration_ends_the_run(name: str, text: str, message: str) -> None:
    """With the file, the line, what was found and what was expected; nothing is linted on half a configuration."""
    write({f"site/{name}": text})
    result = check("site/page.md")
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.startswith(f"error: {Path('site').absolute() / name}:")
    assert message in result.stderr
    assert check("site/page.md", "--isolated").exit_code == 1


def test_a_named_configuration_must_be_there() -> None:
    """It is not searched for."""
    result = check("site/page.md", "--config", "none.yml")
    assert result.exit_code == 2 and "none.yml:1:1: cannot be read" in result.stderr


def test_standard_input_has_the_settings_of_its_name() -> None:
    """The name says where it would lie."""
    write({"site/.medlint.yml": "select: [SAF]\n"})
    arguments = ["check", "-", "--format", "concise", "--stdin-filename"]
    inside = CliRunner().invoke(main, [*arguments, "site/new.md"], input=PAGE)
    assert "CUR001" not in inside.stdout and "SAF" in inside.stdout
    assert "CUR001" in CliRunner().invoke(main, [*arguments, "new.md"], input=PAGE).stdout


@pytest.mark.parametrize(
    ("text", "valid"),
    [
        ("select: [CUR]\nignore: HYP\nseverity: {CUR: info}\njurisdictions: [uk]\npedantic: true\n", True),
        ("exclude: [a]\nbaseline: known.json\nfail-on: error\nper-path: [{paths: a, ignore: [CUR]}]\n", True),
        ("front-matter: ['hero.*']\nattributes: data-title\nper-path: [{paths: a, attributes: ['!title']}]\n", True),
        ("attributes: {data-title: true}\n", False),
        ("selct: [CUR]\n", False),
        ("jurisdictions: [usa]\n", False),
        ("jurisdictions: []\n", False),
        ("fail-on: never\n", False),
        ("per-path: [{ignore: [CUR]}]\n", False),
        ("per-path: [{paths: a, exclude: b}]\n", False),
        ("severity: {CUR: eror}\n", False),
    ],
)
def test_the_json_schema_agrees_with_the_reader(text: str, valid: bool) -> None:
    """What an editor underlines is what the reader refuses."""
    write({".medlint.yml": text})
    assert Draft202012Validator(json_schema()).is_valid(yaml.safe_load(text)) == valid
    try:
        load_config(Path(".medlint.yml").absolute())
    except PackError:
        assert not valid
    else:
        assert valid
