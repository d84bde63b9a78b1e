"""Measures medlint on this machine and prints the results as Markdown tables.

    python benchmarks/run.py                    # up to 10 MB: some minutes
    python benchmarks/run.py --largest 50MB --runs 11 --output benchmarks/results.md
    python benchmarks/run.py --largest 1KB --runs 1      # only to see that it works

Nothing else should run meanwhile. Every figure is of a whole run of the command, its start included, with `--jobs 1`;
the rules are prepared and kept before the first one, as they are on every machine after the first run. Results are not.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from corpus import page

SIZES = {"1KB": 10**3, "10KB": 10**4, "100KB": 10**5, "1MB": 10**6, "5MB": 5 * 10**6, "10MB": 10**7, "50MB": 5 * 10**7}
BASELINE = (sys.executable, "-c", "import click, regex, yaml")
ALONE = ("--isolated", "--no-cache")  # no settings, and no results of an earlier run
THREE = ("--select", "CUR,STA,SAF")
CLEAN = "# Opening hours\n\n" + "We are open from nine to five. Bring your medicines to the visit.\n\n" * 3
RISKY = "# Clinic\n\nOur injections cure migraine for good. Nine in ten patients report 47% fewer headaches.\n"


class Cost(NamedTuple):
    """What a process took."""

    wall: float  # seconds
    processor: float | None  # seconds, where the system tells
    memory: float | None  # MB at most, where the system tells


def cost(command: Sequence[str], folder: Path) -> Cost:
    """What a run of the command costs; what it prints is dropped."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not hasattr(os, "wait4"):
        process.wait()
        return Cost(time.perf_counter() - start, None, None)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 10**6 if sys.platform == "darwin" else 10**3
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / unit)


def installed(name: str) -> str | None:
    """The command of that name beside this Python, or on the PATH."""
    return shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)


class Bench:
    """The commands, the folder with their input, and how often each is run."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        self.medlint = installed("medlint") or sys.exit("medlint is not installed in this Python's environment")

    def check(self, *arguments: str) -> Cost:
        """The cheapest of several runs of `medlint check`: the others were disturbed."""
        command = (self.medlint, "check", *ALONE, "--jobs", "1", "--format", "concise", *arguments)
        return min(cost(command, self.folder) for _ in range(min(self.runs, 3)))

    def file(self, size: int, format: str = "md", *, recurring: bool = True) -> str:
        """The name of a page of that size."""
        name = f"{size}-{'site' if recurring else 'unique'}.{format}"
        if not (self.folder / name).exists():
            (self.folder / name).write_text(page(size, format, recurring=recurring), "utf-8")
        return name


def start_up(bench: Bench) -> Iterator[str]:
    """Small files, each run beside one of the bare imports."""
    for name, text in (("clean.md", CLEAN), ("claims.md", RISKY)):
        (bench.folder / name).write_text(text, "utf-8")
    commands = {
        "`python -c 'import click, regex, yaml'`": BASELINE,
        "`medlint --version`": (bench.medlint, "--version"),
        "a small file without findings": (bench.medlint, "check", *ALONE, "clean.md"),
        "the same with `--select CUR,STA,SAF`": (bench.medlint, "check", *ALONE, *THREE, "clean.md"),
        "a small file with findings": (bench.medlint, "check", *ALONE, "claims.md"),
        "that with `--select CUR,STA,SAF`": (bench.medlint, "check", *ALONE, *THREE, "claims.md"),
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(bench.runs):
        for name, command in commands.items():
            taken[name].append(cost(command, bench.folder).wall)
    least, *_ = (statistics.median(times) for times in taken.values())
    yield "| Start | median ms | times the imports |\n| --- | ---: | ---: |"
    for name, times in taken.items():
        median = statistics.median(times)
        yield f"| {name} | {median * 1000:.0f} | {median / least:.2f} |"


def throughput(bench: Bench, largest: int) -> Iterator[str]:
    """Pages of all sizes."""
    yield "| Page | rules | s | processor s | MB/s | memory MB |\n| --- | --- | ---: | ---: | ---: | ---: |"
    for name, size in SIZES.items():
        if size > largest:
            continue
        kinds = [("Markdown", "md", True), ("HTML", "html", True)]
        if size <= 10**6:
            kinds.append(("Markdown, no sentence twice", "md", False))
        for kind, format, recurring in kinds:
            file = bench.file(size, format, recurring=recurring)
            for rules, selected in (("CUR, STA, SAF", THREE), ("all", ())):
                used = bench.check(*selected, file)
                yield _row(f"{name} {kind}", rules, used, size)


def rule_growth(bench: Bench, largest: int) -> Iterator[str]:
    """One page under more and more rules."""
    listing = (bench.medlint, "rules", "--format", "json", "--jurisdiction", "us")
    listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    codes = sorted(set(re.findall(r'"code": "([A-Z]{3}\d{3})"', listed)))
    size = min(largest, 10**6)
    yield "| Rules | s | processor s |\n| --- | ---: | ---: |"
    for count in (50, 100, 200, len(codes)):
        chosen = codes[:: max(1, len(codes) // count)][:count]  # of all categories
        used = bench.check("--select", ",".join(chosen), bench.file(size))
        yield f"| {len(chosen)} | {used.wall:.2f} | {_figure(used.processor)} |"


PEERS: dict[str, Callable[[str], tuple[str, ...]]] = {
    "proselint": lambda file: ("proselint", "check", file),
    "codespell": lambda file: ("codespell", file),
    "rg": lambda file: ("rg", "-c", "-i", "cure|guarantee|side effects|miracle|proven", file),
    "vale": lambda file: ("vale", "--no-exit", "--config", "vale.ini", file),
}


def peers(bench: Bench, largest: int) -> Iterator[str]:
    """Other tools on the same page: they look for other things, so this shows the order of size only."""
    size = min(largest, 10**6)
    file = bench.file(size)
    (bench.folder / "vale.ini").write_text("MinAlertLevel = suggestion\n[*.md]\nBasedOnStyles = Vale\n", "utf-8")
    yield "| Tool | s | MB/s |\n| --- | ---: | ---: |"
    for name, command in PEERS.items():
        found = installed(name)
        if not found:
            yield f"| {name} | not installed | |"
            continue
        _, *arguments = command(file)
        used = min(cost((found, *arguments), bench.folder) for _ in range(min(bench.runs, 3)))
        yield f"| {name} | {used.wall:.2f} | {size / used.wall / 1e6:.2f} |"


def _row(page_name: str, rules: str, used: Cost, size: int) -> str:
    figures = (_figure(used.wall), _figure(used.processor), _figure(size / used.wall / 1e6), _figure(used.memory, 0))
    return f"| {page_name} | {rules} | {' | '.join(figures)} |"


def _figure(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def machine() -> str:
    """The kind of machine, without its name."""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def report(bench: Bench, largest: int) -> Iterator[str]:
    """The results, line by line."""
    bench.check(bench.file(1_000))  # prepares the rules
    yield f"Measured on {datetime.date.today().isoformat()}: {machine()}.\n"
    yield from start_up(bench)
    yield ""
    yield from throughput(bench, largest)
    yield ""
    yield from rule_growth(bench, largest)
    yield ""
    yield from peers(bench, largest)


def main() -> None:
    """Run everything and print it, or write it to a file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--largest", choices=SIZES, default="10MB", help="the largest page (default: 10MB)")
    parser.add_argument("--runs", type=int, default=11, help="of each start-up command (default: 11)")
    parser.add_argument("--output", type=Path, help="a file for the results (default: standard output)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = []
        for line in report(Bench(Path(folder), options.runs), SIZES[options.largest]):
            lines.append(line + "\n")
            if not options.output:
                sys.stdout.write(lines[-1])
                sys.stdout.flush()
    if options.output:
        options.output.write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
