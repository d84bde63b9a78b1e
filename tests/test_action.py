"""The GitHub action: its definition, and its shell steps, run as GitHub runs them on a scratch repository."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from jsonschema.validators import validator_for

from medlint import __version__

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
BASH = shutil.which("bash")
RISKY = "# Migraine\n\nOur infusion cures migraine.\n"
CLEAN = "# Migraine\n\nNo infusion cures migraine.\n"

needs_bash = pytest.mark.skipif(BASH is None, reason="needs bash")


class Done(NamedTuple):
    """What a step left behind."""

    returncode: int
    log: str
    outputs: dict[str, str]
    summary: str


class Runner:
    """As much of GitHub's runner as a composite action needs: contexts, environment, files for outputs and summary."""

    def __init__(self, folder: Path, action_path: Path) -> None:
        self._folder = folder
        self.contexts = {
            "steps.python.outputs.python-path": sys.executable,
            "runner.temp": str(folder / "temp"),
            "github.action_path": str(action_path),
        }
        (folder / "temp").mkdir(parents=True)

    def run(self, step: Mapping[str, Any], workspace: Path, inputs: Mapping[str, str]) -> Done:
        """Runs a shell step with bash, the way `shell: bash` is defined."""
        assert step["shell"] == "bash" and BASH
        script, outputs, summary = (self._folder / name for name in ("step.sh", "outputs", "summary"))
        script.write_text(step["run"], "utf-8")
        outputs.write_text("")
        summary.write_text("")
        defaults = {name: each["default"] for name, each in ACTION["inputs"].items()}
        contexts = {f"inputs.{name}": value for name, value in {**defaults, **inputs}.items()} | self.contexts
        others = ("GITHUB_", "PYTHONPATH", "PYTHONHOME")
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(others)},
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(summary),
            "MEDLINT_CACHE_DIR": str(self._folder / "cache"),
            **{name: filled_in(value, contexts) for name, value in step["env"].items()},
        }
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)], cwd=workspace, env=environment,
            text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        set_outputs = dict(line.split("=", 1) for line in outputs.read_text("utf-8").splitlines())
        if "id" in step:
            self.contexts |= {f"steps.{step['id']}.outputs.{name}": value for name, value in set_outputs.items()}
        return Done(done.returncode, done.stdout, set_outputs, summary.read_text("utf-8"))


def filled_in(text: str, contexts: Mapping[str, str]) -> str:
    """A value with its expressions put in; one that names what does not exist is a KeyError."""
    return re.sub(r"\$\{\{ *(.*?) *\}\}", lambda expression: contexts[expression[1]], text)


def shell_steps() -> Iterator[dict[str, Any]]:
    """The steps with commands."""
    return (step for step in ACTION["runs"]["steps"] if "run" in step)


INSTALL, LINT = shell_steps()


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    """A runner on which the action's own checkout has been installed."""
    folder = tmp_path_factory.mktemp("runner")
    runner = Runner(folder, ROOT)
    done = runner.run(INSTALL, folder, {})
    assert done.returncode == 0, done.log
    assert Path(done.outputs["medlint"]).is_relative_to(folder / "temp")
    return runner


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A checked-out repository with a risky and a clean page."""
    for name, text in (("content/risky.md", RISKY), ("content/clean page.md", CLEAN), ("notes/risky.md", RISKY)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    return tmp_path


Lint = Callable[..., Done]


@pytest.fixture
def lint(runner: Runner, site: Path) -> Lint:
    """Runs the linting step on the site."""
    return lambda **inputs: runner.run(LINT, site, inputs)


@needs_bash
@pytest.mark.parametrize(
    ("inputs", "code", "risky"),
    [
        ({}, 1, ["content/risky.md", "notes/risky.md"]),
        ({"paths": "content"}, 1, ["content/risky.md"]),
        ({"paths": "content/clean page.md"}, 0, []),
        ({"paths": "content/clean page.md\n\nnotes\n"}, 1, ["notes/risky.md"]),
        ({"paths": ""}, 1, ["content/risky.md", "notes/risky.md"]),
        ({"args": "--exclude notes/ --exclude c*/risky.*"}, 0, []),
        ({"args": "--exit-zero", "paths": "notes"}, 0, ["notes/risky.md"]),
        ({"args": "--fail-on\n  error"}, 1, ["content/risky.md", "notes/risky.md"]),
    ],
)
def test_the_step_fails_where_there_are_findings(
    inputs: dict[str, str], code: int, risky: list[str], lint: Lint
) -> None:
    """Each risky page among the paths is annotated, and the step ends with medlint's exit code."""
    done = lint(**inputs)
    assert done.returncode == code, done.log
    assert re.findall(r"^::error file=(.*?),line=3,endLine=3,col=14,.*CUR001", done.log, re.MULTILINE) == risky
    assert done.summary.startswith("## medlint\n")
    assert done.summary.count("CUR001") == len(risky)


@needs_bash
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"paths": "nowhere"}, "::error file=nowhere,"),
        ({"paths": "--version"}, "::error file=--version,"),
        ({"paths": '$(touch owned); "`touch owned`"'}, "::error file=$(touch owned); "),
        ({"args": "$(touch owned) ;touch owned"}, "::error file=$(touch,"),
        ({"args": "--no-such-flag"}, "No such option"),
    ],
)
def test_a_wrong_input_is_an_error_and_no_command(inputs: dict[str, str], message: str, lint: Lint, site: Path) -> None:
    """What cannot be linted fails the step with 2; the words of an input are never run."""
    done = lint(**inputs)
    assert (done.returncode, message in done.log) == (2, True), done.log
    assert not (site / "owned").exists()


@needs_bash
def test_sarif_is_written_on_request(lint: Lint, site: Path) -> None:
    """The SARIF report holds the same findings as the annotations, and is there although the step fails."""
    assert lint(sarif="out/../medlint report.sarif", paths="content").returncode == 2  # no such folder
    done = lint(sarif="medlint report.sarif", paths="content")
    assert done.returncode == 1, done.log
    log = json.loads((site / "medlint report.sarif").read_text("utf-8"))
    uris = {
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in log["runs"][0]["results"]
    }
    assert uris == {"content/risky.md"}


@needs_bash
def test_only_changed_lines_when_asked(lint: Lint, site: Path) -> None:
    """`--diff`, as a pull request would use it, reaches medlint."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for command in (["add", "."], [*who, "commit", "--quiet", "-m", "Copy"]):
        subprocess.run(["git", *command], cwd=site, check=True)
    assert lint(args="--diff HEAD").returncode == 0
    (site / "content" / "clean page.md").write_text(RISKY, "utf-8")
    done = lint(args="--diff HEAD")
    assert (done.returncode, re.findall("file=(.*?),line=3,.*CUR001", done.log)) == (1, ["content/clean page.md"])


@needs_bash
def test_a_version_comes_from_the_index_under_our_own_name(tmp_path: Path) -> None:
    """With `version` the release of medlint-copy is installed, never the bare name; a pip that records says so."""
    runner = Runner(tmp_path / "runner", ROOT)
    recording = tmp_path / "python"
    recording.write_text(
        f'#!{BASH}\nmkdir -p "$3/bin"\nprintf \'#!{BASH}\\necho "$@"\\n\' > "$3/bin/python"\nchmod +x "$3/bin/python"\n'
    )
    recording.chmod(0o755)
    runner.contexts["steps.python.outputs.python-path"] = str(recording)
    installed = {
        version: runner.run(INSTALL, tmp_path, {"version": version}).log.split()[-1] for version in ("", "1.2")
    }
    assert installed == {"": f"{ROOT}[pdf,rst]", "1.2": "medlint-copy[pdf,rst]==1.2"}


def test_the_definition_is_one_that_github_accepts(published_schema: Callable[[str], Any]) -> None:
    """The published schema of actions has nothing to say against ours."""
    schema = published_schema("github-action.json")
    assert [error.message for error in validator_for(schema)(schema).iter_errors(ACTION)] == []


def test_no_expression_stands_in_a_script() -> None:
    """Inputs reach the scripts through the environment; every one that is declared is used."""
    assert not [step for step in shell_steps() if "${{" in step["run"]]
    used = {
        name for step in shell_steps() for value in step["env"].values() for name in re.findall(r"inputs\.(\w+)", value)
    }
    assert used == set(ACTION["inputs"])


def test_the_readme_uses_the_action_as_it_is(published_schema: Callable[[str], Any]) -> None:
    """The workflow that the README shows names this version, gives inputs that exist, and is a valid workflow."""
    (text,) = re.findall(r"^```yaml\n(name: copy\n.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
    workflow = yaml.load(text, Loader=yaml.BaseLoader)  # "on" is a key, not True
    schema = published_schema("github-workflow.json")
    assert [error.message for error in validator_for(schema)(schema).iter_errors(workflow)] == []
    steps = workflow["jobs"]["medlint"]["steps"]
    (ours,) = [step for step in steps if "medlint@" in step.get("uses", "")]
    assert ours["uses"].endswith(f"/medlint@v{__version__}")
    assert set(ours["with"]) <= set(ACTION["inputs"])
    uploads = [step["with"]["sarif_file"] for step in steps if "upload-sarif" in step.get("uses", "")]
    assert uploads == [ours["with"]["sarif"]]
