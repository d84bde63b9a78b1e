"""The architecture: which module may import which, and that only the command line prints or exits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "medlint"

# From the ground up; a module imports from lower floors only, never from its own.
FLOORS = (
    ("document", "folding", "memory", "regularfiles", "schema"),
    ("finding", "phrases", "packs", "scaffold"),
    (
        "contentkey",
        "vocabulary",
        "sentences",
        "readers",
        "suppression",
        "baseline",
        "changes",
        "discovery",
        "reports",
        "sitemap",
        "site",
    ),
    ("rule", "required", "layout", "siteorder"),
    ("matching",),
    ("rulebook", "config", "prefilter", "regexes", "citations", "assertion", "explanation"),
    ("index", "context", "register", "reference", "rulelist"),
    ("pagefacts", "repeats"),
    ("rulematcher", "rulecache"),
    ("linter",),
    ("cache", "packcheck", "profiles"),
    ("runner",),
    ("library",),
    ("cli",),
    ("__main__",),
)
# What touches files or prints stands beside the pipeline: only those who run it may look.
OUTDOORS = (
    "baseline",
    "cache",
    "changes",
    "contentkey",
    "readers",
    "discovery",
    "reports",
    "rulecache",
    "sitemap",
    "siteorder",
)
RUNNERS = ("packcheck", "profiles", "runner", "library", "cli")

STREAMS = {"exit", "stdin", "stdout", "stderr"}
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
MODULES = sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    """The module or subpackage of medlint that a file belongs to; "" for the package itself."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py").replace("__init__", "")


def imported_rooms(source: str, package: str = "medlint") -> Iterator[str]:
    """The rooms of medlint that a source imports anywhere, also inside functions and for type checking only."""
    for node in ast.walk(ast.parse(source)):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            origin = node.module or ""
            if node.level:
                parents = package.split(".")
                origin = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [origin])])
            names = [f"{origin}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "medlint" and len(parts) > 1 and parts[1] != "__version__":
                yield parts[1]


def outlets(source: str) -> Iterator[str]:
    """Everything in a source that touches a standard stream or ends the process."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=("print" | "exit" | "quit" | "input" | "breakpoint" | "SystemExit") as name):
                yield name
            case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name in STREAMS:
                yield f"sys.{name}"
            case ast.Attribute(value=ast.Name(id="os"), attr=("_exit" | "abort") as name):
                yield f"os.{name}"
            case ast.Import(names=names) if any(alias.name.split(".")[0] == "click" for alias in names):
                yield "click"
            case ast.ImportFrom(module="click"):
                yield "click"
            case ast.ImportFrom(module="sys", names=names) if STREAMS & {alias.name for alias in names}:
                yield "sys"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    """Every module imports from lower floors only; a new module must be given its floor."""
    room = room_of(path)
    package = ".".join(["medlint", *path.relative_to(PACKAGE).parts[:-1]])
    imported = {each for each in imported_rooms(path.read_text("utf-8"), package) if each != room}
    if not room:
        assert imported == {"library"}, "the package itself holds the library's names, and imports it when asked"
        return
    assert room in FLOOR_OF, f"{room} has no floor"
    assert sorted(each for each in imported if FLOOR_OF[each] >= FLOOR_OF[room]) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_pipeline_sees_neither_files_nor_reports(path: Path) -> None:
    """Readers, file search, reports and cache are used by those who run the pipeline, never inside it."""
    room = room_of(path)
    imported = {each for each in imported_rooms(path.read_text("utf-8")) if each != room}
    assert room in (*RUNNERS, *OUTDOORS) or not imported & set(OUTDOORS)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_command_line_prints_or_exits(path: Path) -> None:
    """No module but cli.py prints, writes to a standard stream or ends the process."""
    found = set(outlets(path.read_text("utf-8")))
    assert (found == set()) or path.name == "cli.py"


def test_every_floor_names_modules_that_exist() -> None:
    """The map holds no room that is gone."""
    assert set(FLOOR_OF) == {room_of(path) for path in MODULES} - {""}


@pytest.mark.parametrize(
    ("source", "rooms"),
    [
        ("from medlint.finding import Finding", {"finding"}),
        ("from medlint.reports.text import render", {"reports"}),
        ("from medlint import linter, rule", {"linter", "rule"}),
        ("import medlint.cli", {"cli"}),
        ("import os, medlint.context as c", {"context"}),
        ("from .markup import tokens", {"readers"}),
        ("from ..linter import Linter", {"linter"}),
        ("from .. import runner", {"runner"}),
        ("def later():\n    from medlint.runner import lint_files", {"runner"}),
        ("if TYPE_CHECKING:\n    from medlint.index import Index", {"index"}),
        ("from medlint import __version__", set()),
        ("import medlint", set()),
        ("import json\nfrom pathlib import Path", set()),
    ],
)
def test_no_form_of_import_is_missed(source: str, rooms: set[str]) -> None:
    """Imports are seen in every form Python has for them."""
    assert set(imported_rooms(source, "medlint.readers")) == rooms


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("print('x')", {"print"}),
        ("import sys\nsys.exit(1)", {"sys.exit"}),
        ("raise SystemExit(2)", {"SystemExit"}),
        ("from sys import exit as leave", {"sys"}),
        ("sys.stderr.write('x')", {"sys.stderr"}),
        ("import click\nclick.echo('x')", {"click"}),
        ("from click import echo", {"click"}),
        ("os._exit(1)", {"os._exit"}),
        ("fingerprint('x')", set()),
        ("if sys.platform == 'win32': pass", set()),
    ],
)
def test_no_way_to_print_or_exit_is_missed(source: str, found: set[str]) -> None:
    """Printing and exiting are seen in every usual form, and nothing else is taken for them."""
    assert set(outlets(source)) == found
