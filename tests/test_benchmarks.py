"""The benchmarks run; how fast they are is no matter of tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from itertools import pairwise
from pathlib import Path

import pytest

RULES_HEAD = "| Rules | s | processor s | times the line above |"
BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
PACKAGE = Path(__file__).parents[1] / "src" / "medlint"


def test_the_smallest_size_gives_every_table(tmp_path: Path) -> None:
    """The script measures start-up, trees, growth with text and with rules, as Markdown tables and a chart."""
    output = tmp_path / "results.md"
    options = ("--largest", "1KB", "--runs", "1", "--output", str(output))
    subprocess.run([sys.executable, str(BENCHMARKS / "run.py"), *options], check=True, timeout=300)
    lines = output.read_text("utf-8").splitlines()
    heads = [above.split(" |")[0] for above, line in pairwise(lines) if line.startswith("| ---")]
    assert heads == [
        "| Start, with a page of 3 KB",
        "| A tree of 0.001 MB",
        "| Page",
        "| Seconds for a Markdown page of",
        "| Rules",
    ]
    assert [line.split()[1] for line in lines[lines.index(RULES_HEAD) + 2 :][:4]] == ["50", "100", "200", "400"]
    assert not [line for line in lines if line.startswith("|") and "medlint" in line and "failed" in line]
    drawn = ElementTree.parse(tmp_path / "results.svg")
    assert len(drawn.findall(".//{*}polyline")) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no timer of processor time")
def test_the_phases_of_a_run_are_told() -> None:
    """The parts that every run has are among those that took time, and all that is looked for on the stack exists."""
    command = (sys.executable, str(BENCHMARKS / "phases.py"), "--size", "0.2")
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    assert printed.startswith("| Part | share |")
    assert "| matching phrases |" in printed
    code = "import phases; print(*(f'{module}:{name}' for module, name in phases.PHASES))"
    listed = subprocess.run((sys.executable, "-c", code), cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    for each in listed.stdout.split():
        module, name = each.split(":")
        sources = [file.read_text("utf-8") for file in PACKAGE.rglob(module)]
        assert any(re.search(rf"^(?:def|class) {name}\b", source, re.MULTILINE) for source in sources), each


def test_figures_are_medians_over_pairs(tmp_path: Path) -> None:
    """One command is compared with another round by round; one that fails says so."""
    code = (
        "import sys; from pathlib import Path; from measure import Candidate, Figures, Run, in_turn;"
        "runs = lambda *walls: Figures('', tuple(Run(wall, None, None, 0, '') for wall in walls));"
        "print(runs(4, 6, 50).times(runs(2, 3, 5)), runs(1, 9, 2).wall);"
        "commands = [Candidate(str(status), (sys.executable, '-c', f'print(5); exit({status})'), Path())"
        " for status in (1, 3)];"
        "print([(each.lines, each.trouble) for each in in_turn(commands, 2, 60)])"
    )
    environment = {**os.environ, "PYTHONPATH": str(BENCHMARKS)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["2.0 2", "[(1, ''), (1, 'failed with exit status 3: 5')]"]


def test_the_corpus_is_the_same_for_the_same_seed() -> None:
    """Pages can be made again from their seed, differ between seeds, and hold claims."""
    code = (
        "from corpus import claims, page; one = page(50_000, 'md', seed=3); known = claims();"
        "print(one == page(50_000, 'md', seed=3), one == page(50_000, 'md', seed=4),"
        "any(claim in one for claim in known))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "True"]
