"""The benchmarks run; how fast they are is no matter of tests."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_the_smallest_size_gives_every_table(tmp_path: Path) -> None:
    """The script measures start-up, pages, rules and other tools, and writes them as Markdown tables."""
    output = tmp_path / "results.md"
    options = ("--largest", "1KB", "--runs", "1", "--output", str(output))
    subprocess.run([sys.executable, str(BENCHMARKS / "run.py"), *options], check=True, timeout=300)
    lines = output.read_text("utf-8").splitlines()
    heads = [above.split(" |")[0] for above, line in pairwise(lines) if line.startswith("| ---")]
    assert heads == ["| Start", "| Page", "| Rules", "| Tool"]
    assert sum(line.startswith("| 1KB ") for line in lines) == 6


def test_the_corpus_is_the_same_for_the_same_seed() -> None:
    """Pages can be made again from their seed, differ between seeds, and hold claims."""
    code = (
        "from corpus import claims, page; one = page(50_000, 'md', seed=3); known = claims();"
        "print(one == page(50_000, 'md', seed=3), one == page(50_000, 'md', seed=4),"
        "any(claim in one for claim in known))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=BENCHMARKS, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False", "True"]
