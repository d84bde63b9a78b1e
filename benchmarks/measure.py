"""Runs commands in turn and tells what each took."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple, ParamSpec, TypeVar

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")
LONG = 10.0  # seconds; a run that takes longer is not repeated: chance is a small part of it


class Candidate(NamedTuple):
    """A command that is measured beside others."""

    name: str
    command: tuple[str, ...]
    folder: Path  # where it runs
    exits: frozenset[int] | None = frozenset((0, 1))  # statuses that say it did its work; None: all do
    environment: Mapping[str, str] = {}
    patience: int = 1  # how many times as long as others it may take until it is stopped


class Run(NamedTuple):
    """What one run took."""

    wall: float  # seconds
    processor: float | None  # seconds, where the system tells
    memory: float | None  # MB of its largest process at most, where the system tells
    lines: int  # that it printed
    trouble: str  # why the figures do not count; "" when they do


class Figures(NamedTuple):
    """What the runs of a command took: one of each round, from the first on."""

    name: str
    runs: tuple[Run, ...]

    @property
    def trouble(self) -> str:
        """Why the figures do not count; "" when they do."""
        return self.runs[-1].trouble

    @property
    def wall(self) -> float:
        """Seconds, the median."""
        return statistics.median(run.wall for run in self.runs)

    @property
    def spread(self) -> tuple[float, float]:
        """The least and the most seconds."""
        return min(run.wall for run in self.runs), max(run.wall for run in self.runs)

    @property
    def processor(self) -> float | None:
        """Seconds of processor time, the median."""
        return _median(run.processor for run in self.runs)

    @property
    def memory(self) -> float | None:
        """MB, the median."""
        return _median(run.memory for run in self.runs)

    @property
    def lines(self) -> int:
        """Lines printed, by the last run."""
        return self.runs[-1].lines

    def times(self, other: Figures) -> float:
        """How many times as long as another it took: the median over the pairs of runs of one round."""
        pairs = zip(self.runs, other.runs, strict=False)
        return statistics.median(mine.wall / its.wall for mine, its in pairs)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def apart(work: Callable[_Given, _Made], *given: _Given.args, **named: _Given.kwargs) -> _Made:
    """What the work comes to, done in a process of its own.

    A command is told to have taken at least the memory of the process that starts it, so that one has to stay small.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *given, **named).result()


def in_turn(candidates: Sequence[Candidate], rounds: int, limit: float) -> list[Figures]:
    """The figures of all, each run once in every round and beginning with another, as the machine's pace changes.

    What was stopped, failed or took long is not run again.
    """
    runs: dict[str, list[Run]] = {candidate.name: [] for candidate in candidates}
    for number in range(rounds):
        at = number % len(candidates)
        for candidate in (*candidates[at:], *candidates[:at]):
            done = runs[candidate.name]
            if not done or not (done[-1].trouble or done[-1].wall > LONG):
                done.append(run(candidate, limit))
    return [Figures(name, tuple(done)) for name, done in runs.items()]


def run(candidate: Candidate, limit: float) -> Run:
    """What one run takes, stopped with all it has started after `limit` seconds."""
    limit *= candidate.patience
    printed = candidate.folder / "printed.txt"  # a file, as some tools stop early when nobody reads
    stopped = threading.Event()
    with printed.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            candidate.command,
            cwd=candidate.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**os.environ, **candidate.environment},
            start_new_session=True,
        )

        def stop() -> None:
            stopped.set()
            _kill(process)

        timer = threading.Timer(limit, stop)
        timer.start()
        processor, memory = _ended(process)
        wall = time.perf_counter() - start
        timer.cancel()
    lines, last = _read(printed)
    trouble = ""
    if stopped.is_set():
        trouble = f"over {limit:g} s"
    elif process.returncode < 0 or (candidate.exits is not None and process.returncode not in candidate.exits):
        trouble = f"failed with exit status {process.returncode}: {last}".replace("|", "/")
    return Run(wall, processor, memory, lines, trouble)


def _ended(process: subprocess.Popen[bytes]) -> tuple[float | None, float | None]:
    """Waits for the end; the processor seconds and the MB that the process and those it waited for took."""
    if not hasattr(os, "wait4"):
        process.wait()
        return None, None
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return used.ru_utime + used.ru_stime, megabytes(used.ru_maxrss)


def megabytes(most_resident: int) -> float:
    """A `ru_maxrss`, whose unit differs between systems, in MB."""
    return most_resident / 10**6 if sys.platform == "darwin" else most_resident * 1024 / 10**6


def _kill(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)  # it leads a session of its own, with all its children
    else:
        process.kill()


def _read(file: Path) -> tuple[int, str]:
    """The number of lines, and the last one that says something, cut short."""
    lines, last = 0, b""
    with file.open("rb") as opened:
        for line in opened:
            lines += 1
            last = line.strip() or last
    return lines, last.decode("utf-8", "replace")[:120].strip()
