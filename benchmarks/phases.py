"""Tells what a run spends its time on: `python benchmarks/phases.py` lints a made-up site and prints a table.

It looks at the stack every few milliseconds of processor time (not on Windows, which has no such timer), and counts
which part of medlint is at work.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType

import corpus

INTERVAL = 0.002  # seconds
# What a function on the stack means, the innermost first; names of modules and of functions or classes in them.
PHASES = {
    ("phrases.py", "parse"): "making phrases ready",
    ("matching.py", "Compiler"): "making phrases ready",
    ("sentences.py", "Text"): "cutting texts into sentences",
    ("sentences.py", "Grid"): "cutting sentences into words",
    ("sentences.py", "Tokens"): "cutting sentences into words",
    ("prefilter.py", "Prefilter"): "telling which phrases can match",
    ("context.py", "PageContext"): "judging in context",
    ("pagefacts.py", "page_matches"): "judging in context",
    ("rulematcher.py", "Guards"): "what the rules pass over",
    ("rulematcher.py", "RuleMatcher"): "matching phrases",
    ("linter.py", "Linter"): "findings",
    ("__init__.py", "read_document"): "reading files",
    ("rulecache.py", "load_indexed"): "loading rules",
    ("cli.py", "_write_report"): "writing the report",
}


def main() -> None:
    """Prints the shares as a Markdown table."""
    parser = argparse.ArgumentParser(description="Tells what a run over a made-up site spends its time on.")
    parser.add_argument("--size", type=float, default=5, help="megabytes (default: 5)")
    parser.add_argument("--unique", action="store_true", help="no sentence twice, instead of one site's sentences")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        site = Path(scratch) / "site"
        corpus.write_tree(site, int(arguments.size * 1_000_000), "md", recurring=not arguments.unique)
        seen = profiled(site)
    samples = sum(seen.values())
    rows = (f"| {part} | {count / samples:.0%} |\n" for part, count in seen.most_common())
    sys.stdout.writelines(("| Part | share |\n", "| --- | ---: |\n", *rows))


def profiled(site: Path) -> Counter[str]:
    """How many samples of a run over the folder fell to each part."""
    from medlint.cli import main as medlint

    gc.set_threshold(200_000)  # as the command does
    seen: Counter[str] = Counter()

    def sample(_: int, frame: FrameType | None) -> None:
        seen[phase(frame)] += 1

    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    with contextlib.suppress(SystemExit):
        medlint(["check", "--no-cache", "--jobs", "1", "--exit-zero", "-o", str(site.parent / "report"), str(site)])
    signal.setitimer(signal.ITIMER_PROF, 0)
    return seen


def phase(frame: FrameType | None) -> str:
    """The part of medlint that a stack is in."""
    while frame:
        code = frame.f_code
        key = (Path(code.co_filename).name, code.co_qualname.split(".")[0])
        if key in PHASES:
            return PHASES[key]
        frame = frame.f_back
    return "the rest: imports, finding files"


if __name__ == "__main__":
    main()
