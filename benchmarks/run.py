"""Measures medlint beside its peers on this machine and prints Markdown tables.

    python benchmarks/run.py                                    # up to 10 MB: some minutes
    python benchmarks/run.py --peers peers --largest 50MB --output benchmarks/results.md
    python benchmarks/run.py --largest 1KB --runs 1             # only to see that it works

Nothing else should run meanwhile. Every figure is of a whole run of a command, its start included. In each round all
commands of a table run once, so that they meet the same moods of the machine; figures are medians over the rounds. The
rules are prepared and kept before the first round, as they are on every machine after the first run; results are not.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))
from chart import Chart, svg
from corpus import write_page, write_tree
from measure import Candidate, Figures, apart, in_turn, run
from peers import Installed, installed, program_in
from rulepacks import write_literals, write_more_rules

MB = 10**6
SIZES = {"1KB": 10**3, "10KB": 10**4, "100KB": 10**5, "1MB": MB, "5MB": 5 * MB, "10MB": 10 * MB, "50MB": 50 * MB}
LARGEST_FOR_PEERS = 10 * MB
PAGE = 3_000
TREE = 5 * MB
RULES = (50, 100, 200, 400)
BASELINE = (sys.executable, "-c", "import click, regex")
ALONE = ("--isolated", "--format", "concise")  # no settings; one line per finding, as peers print
UNCACHED = (*ALONE, "--no-cache")


class Bench:
    """The commands, the folder with their input, and how they are measured."""

    def __init__(self, folder: Path, options: argparse.Namespace) -> None:
        self.folder = folder
        self.rounds: int = options.runs
        self.limit: float = options.limit
        self.largest = SIZES[options.largest]
        self.program = program_in((), "medlint") or sys.exit("medlint is not installed in this Python's environment")
        self.peers = installed(options.peers)
        self.literals = folder / "literals"
        self.codes = self._codes()
        if any(each.peer.needs_literals for each in self.peers):
            apart(write_literals, self.literals, self.codes)

    def medlint(self, name: str, *arguments: str | Path) -> Candidate:
        """A run of `medlint check`; it is waited for, as all is measured against it."""
        return Candidate(name, (self.program, "check", *map(str, arguments)), self.folder, patience=10)

    def beside(self, target: Path) -> list[Candidate]:
        """The runs of all peers on a page or a folder."""
        return [peer.on(target, self.literals) for peer in self.peers]

    def measured(self, *candidates: Candidate) -> list[Figures]:
        """The figures of each."""
        return in_turn(candidates, self.rounds, self.limit)

    def page(self, size: int, format: str) -> Path:
        """A page of that size."""
        file = self.folder / f"{size}.{format}"
        if not file.exists():
            apart(write_page, file, size)
        return file

    def tree(self, format: str, *, recurring: bool = True) -> Path:
        """A folder of pages, 5 MB in all, or as much as the largest page has."""
        folder = self.folder / ("site" if recurring else "unique") / format
        if not folder.exists():
            apart(write_tree, folder, min(TREE, self.largest), format, recurring=recurring)
        return folder

    def _codes(self) -> list[str]:
        listing = (self.program, "rules", "--format", "json", "--jurisdiction", "us")
        listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
        return sorted(rule["code"] for rule in json.loads(listed)["rules"] if rule["tier"] == "default")


def start_up(bench: Bench) -> Iterator[str]:
    """One short page."""
    page = bench.page(PAGE, "md")
    imports, *others = bench.measured(
        Candidate("`python -c 'import click, regex'`", BASELINE, bench.folder),
        Candidate("`medlint --version`", (bench.program, "--version"), bench.folder),
        bench.medlint("medlint", *UNCACHED, page),
        bench.medlint("medlint, `--select CUR,STA,SAF`", *UNCACHED, "--select", "CUR,STA,SAF", page),
        *bench.beside(page),
    )
    yield "| Start, with a page of 3 KB | median ms | least to most ms | times the imports | processor ms |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for each in (imports, *others):
        if each.trouble:
            yield f"| {each.name} | {each.trouble} | | | |"
            continue
        least, most = each.spread
        processor = each.processor * 1000 if each.processor is not None else None
        yield (
            f"| {each.name} | {each.wall * 1000:.0f} | {least * 1000:.0f} to {most * 1000:.0f} "
            f"| {each.times(imports):.2f} | {_figure(processor, 0)} |"
        )


class Tree(NamedTuple):
    """A folder of pages, and what its rows are called."""

    name: str
    folder: Path
    has_peers: bool = True


def trees(bench: Bench) -> Iterator[str]:
    """Folders of pages."""
    yield (
        f"| A tree of {min(TREE, bench.largest) / MB:g} MB | Tool | s | least to most s | processor s | MB/s "
        "| memory MB | lines printed | times medlint |"
    )
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for tree in (
        Tree("Markdown", bench.tree("md")),
        Tree("HTML", bench.tree("html")),
        Tree("Markdown, no sentence twice", bench.tree("md", recurring=False), has_peers=False),
    ):
        yield from _tree(bench, tree)


def _tree(bench: Bench, tree: Tree) -> Iterator[str]:
    cache = bench.folder / f"cache-{tree.name}"
    cached = bench.medlint("medlint, cached rerun", *ALONE, "--cache-dir", cache, tree.folder)
    run(cached, bench.limit)
    one_core, *others = bench.measured(
        bench.medlint("medlint, one core", *UNCACHED, "--jobs", "1", tree.folder),
        bench.medlint("medlint, all cores", *UNCACHED, tree.folder),
        cached,
        *(bench.beside(tree.folder) if tree.has_peers else ()),
    )
    size = sum(file.stat().st_size for file in tree.folder.iterdir())
    for each in (one_core, *others):
        if each.trouble:
            yield f"| {tree.name} | {each.name} | {each.trouble} | | | | | | |"
            continue
        least, most = each.spread
        yield (
            f"| {tree.name} | {each.name} | {each.wall:.2f} | {least:.2f} to {most:.2f} | {_figure(each.processor)} "
            f"| {size / each.wall / MB:.2f} | {_figure(each.memory, 0)} | {each.lines} | {each.times(one_core):.2f} |"
        )


class Growth(NamedTuple):
    """Figures by size of the page."""

    of_medlint: dict[str, dict[str, Figures]]  # format -> size -> figures
    of_peers: dict[str, dict[str, Figures]]  # name -> size -> figures


def growth_with_text(bench: Bench) -> Growth:
    """One page of every size; a tool that was stopped or failed on one size is spared the larger ones."""
    growth = Growth({"Markdown": {}, "HTML": {}}, {each.peer.name: {} for each in bench.peers})
    spared: set[str] = set()
    for size, length in SIZES.items():
        if length > bench.largest:
            break
        page = bench.page(length, "md")
        peers = [each for each in bench.beside(page) if length <= LARGEST_FOR_PEERS and each.name not in spared]
        markdown, html, *others = bench.measured(
            bench.medlint("Markdown", *UNCACHED, page),
            bench.medlint("HTML", *UNCACHED, bench.page(length, "html")),
            *peers,
        )
        growth.of_medlint["Markdown"][size], growth.of_medlint["HTML"][size] = markdown, html
        for each in others:
            growth.of_peers[each.name][size] = each
            if each.trouble:
                spared.add(each.name)
    return growth


def text_tables(growth: Growth) -> Iterator[str]:
    """What medlint takes for a page of each size, and how long its peers take."""
    yield "| Page | medlint: s | processor s | MB/s | memory MB | memory, times its size |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: |"
    for format, by_size in growth.of_medlint.items():
        for size, each in by_size.items():
            if each.trouble:
                yield f"| {size} {format} | {each.trouble} | | | | |"
                continue
            megabytes = SIZES[size] / MB
            times = each.memory / megabytes if each.memory and megabytes >= 1 else None
            yield (
                f"| {size} {format} | {each.wall:.2f} | {_figure(each.processor)} | {megabytes / each.wall:.2f} "
                f"| {_figure(each.memory, 0)} | {_figure(times, 1)} |"
            )
    sizes = [size for size in growth.of_medlint["Markdown"] if SIZES[size] <= LARGEST_FOR_PEERS]
    yield f"\n| Seconds for a Markdown page of | {' | '.join(sizes)} |\n| --- |{' ---: |' * len(sizes)}"
    for name, by_size in {"medlint": growth.of_medlint["Markdown"], **growth.of_peers}.items():
        cells = (_seconds(by_size[size]) if size in by_size else "not run" for size in sizes)
        yield f"| {name} | {' | '.join(cells)} |"


def growth_with_rules(bench: Bench) -> dict[int, Figures]:
    """The Markdown tree under more and more rules; those that the bundled ones lack are made of them."""
    more = bench.folder / "more.yml"
    codes = [*bench.codes, *apart(write_more_rules, more, bench.codes, max(0, max(RULES) - len(bench.codes)))]
    runs = {}
    for count in RULES:
        chosen = [codes[number * len(codes) // count] for number in range(count)]  # of all categories
        selected = ("--rules", more, "--select", ",".join(chosen))
        runs[count] = bench.medlint(f"{count}", *UNCACHED, "--jobs", "1", *selected, bench.tree("md"))
        run(runs[count], bench.limit)  # prepares the rules
    return dict(zip(RULES, bench.measured(*runs.values()), strict=True))


def rule_table(growth: dict[int, Figures]) -> Iterator[str]:
    """What doubling the rules costs."""
    yield "| Rules | s | processor s | times the line above |\n| --- | ---: | ---: | ---: |"
    before: Figures | None = None
    for count, each in growth.items():
        if each.trouble:
            yield f"| {count} | {each.trouble} | | |"
            continue
        times = _figure(each.times(before)) if before else ""
        yield f"| {count} | {each.wall:.2f} | {_figure(each.processor)} | {times} |"
        before = each


def charts(text: Growth, rules: dict[int, Figures]) -> list[Chart]:
    """How the time grows."""
    lines = {
        name: [(SIZES[size] / MB, each.wall) for size, each in by_size.items() if not each.trouble]
        for name, by_size in {"medlint": text.of_medlint["Markdown"], **text.of_peers}.items()
    }
    by_rules = {"medlint": [(count, each.wall) for count, each in rules.items() if not each.trouble]}
    return [
        Chart("One Markdown page", "MB of text", "seconds", lines),
        Chart("A tree of Markdown pages", "rules", "seconds", by_rules),
    ]


def _seconds(figures: Figures) -> str:
    return figures.trouble or f"{figures.wall:.2f}"


def _figure(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def machine() -> str:
    """The kind of machine, without its name, and how busy it was."""
    busy = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}{busy}"


def head(bench: Bench, peers: Sequence[Installed]) -> Iterator[str]:
    """When and where, and who took part."""
    today = datetime.date.today().isoformat()
    yield f"Measured on {today}: {machine()}. Rounds: {bench.rounds}. Rules: {len(bench.codes)}."
    if peers:
        yield ""
        yield from (f"- {each.peer.name} {each.version}: {each.peer.work}" for each in peers)


def main() -> None:
    """Run everything and print each table when it is measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--largest", choices=SIZES, default="10MB", help="the largest page (default: 10MB)")
    parser.add_argument("--runs", type=int, default=5, help="rounds of each table (default: 5)")
    parser.add_argument("--limit", type=float, default=120, help="seconds until a peer is stopped (default: 120)")
    parser.add_argument("--peers", type=Path, help="the folder that pip and npm installed peers to")
    parser.add_argument("--output", type=Path, help="a file for the tables too, with a chart beside it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), options)
        run(bench.medlint("", *UNCACHED, bench.page(PAGE, "md")), bench.limit)  # prepares the rules
        report = [_printed(head(bench, bench.peers)), _printed(start_up(bench)), _printed(trees(bench))]
        text = growth_with_text(bench)
        report.append(_printed(text_tables(text)))
        rules = growth_with_rules(bench)
        report.append(_printed(rule_table(rules)))
    if options.output:
        picture = options.output.with_suffix(".svg")
        report.append(f"![How the time grows]({picture.name})\n")
        options.output.write_text("\n".join(report), "utf-8")
        picture.write_text(svg(charts(text, rules)), "utf-8")


def _printed(lines: Iterable[str]) -> str:
    """The lines, printed when each of them is known."""
    done = []
    for line in chain(lines, ("",)):
        done.append(f"{line}\n")
        sys.stdout.write(done[-1])
        sys.stdout.flush()
    return "".join(done[:-1])


if __name__ == "__main__":
    main()
