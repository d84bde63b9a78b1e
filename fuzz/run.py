"""Feeds medlint damaged copy for a bounded time and reports what breaks: `python fuzz/run.py --seconds 360`.

Starts from the drafts in `seeds/` and the files in `tests/samples/`. With atheris (`pip install atheris`) the mutations
are guided by coverage; without it they are random, and `--seed` repeats them. An input fails when the linter raises
anything but a named error, when a finding spans nothing, or when it takes longer than `--slow`
seconds. What fails is kept in the folder that `--keep` names, and the exit code is 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from medlint.linter import Linter
from medlint.readers import ReadError, format_for, known_suffixes, read_document
from medlint.rulebook import load_rulebook

ROOT = Path(__file__).parents[1]
MOST_BYTES = 20_000
PIECES = [
    piece.encode("utf-8", "surrogatepass")
    for piece in (
        *"<>&'\"`*_[](){}|#-=~\\:;!?%@^$\n\r\t\0 ", "\r\n\r\n", "---\n", "+++\n", "{%", "%}", "{{", "}}", "<!--", "-->",
        "<script>", "</p>", "<td>", "]]>", "[^1]", "](", "![", "```", "&#x110000;", "&nbsp;", "\ufeff", "\u202e",
        "`x`_", "|x|", "::\n\n  ", ".. note:: ", "===\n",
        "\u200b", "\u0301", "\u2028", "\ud800", "İ", "ß", "ﬁ", "𝐜𝐮𝐫𝐞", "😀", "cures cancer", "100% safe",
        "no side effects", "not ", "<!-- medlint: ignore[CUR001] x -->", "title: ", "&a", "*a", "!!python/object:os",
    )
]  # fmt: skip


class Broken(Exception):
    """An input that medlint does not live up to."""


class Target:
    """medlint with all its rules, and what has been tried on it."""

    def __init__(self, slow: float, keep: Path) -> None:
        self._linter = Linter(load_rulebook().selected(jurisdictions=("us",)))
        self._slow = slow
        self._keep = keep
        self.tried = self.refused = self.findings = self.broken = 0

    def try_on(self, suffix: str, data: bytes) -> None:
        """Lints the data as a file of a suffix; keeps it if that breaks."""
        self.tried += 1
        try:
            self._lint(suffix, data)
        except ReadError:
            self.refused += 1
        except Exception:
            self.broken += 1
            self._keep.mkdir(parents=True, exist_ok=True)
            path = self._keep / f"{blake2b(data, digest_size=6).hexdigest()}{suffix}"
            path.write_bytes(data)
            sys.stdout.write(f"{path}\n{traceback.format_exc(limit=-3)}\n")

    def _lint(self, suffix: str, data: bytes) -> None:
        format = format_for(f"x{suffix}")
        assert format
        started = time.perf_counter()
        document = read_document(f"x{suffix}", data, format)
        found = self._linter.lint(document).findings
        took = time.perf_counter() - started
        self.findings += len(found)
        if took > self._slow:
            raise Broken(f"took {took:.1f} s")
        for finding in found:
            if not (1 <= finding.start.line <= finding.end.line and finding.start < finding.end):
                raise Broken(f"{finding.code} spans nothing: {finding.start} to {finding.end}")


def corpus() -> list[tuple[str, bytes]]:
    """The drafts and samples to start from, with their suffixes."""
    files = [path for folder in ("seeds", "tests/samples") for path in sorted((ROOT / folder).rglob("*"))]
    return [(path.suffix, path.read_bytes()[:MOST_BYTES]) for path in files if path.suffix in known_suffixes()]


def mutations(seed: int) -> Iterator[tuple[str, bytes]]:
    """Endless damaged copies of the corpus; one in ten under a suffix that is not its own."""
    chance = random.Random(seed)
    start = corpus()
    while True:
        suffix, data = chance.choice(start)
        if chance.random() < 0.1:
            suffix = chance.choice(known_suffixes())
        yield suffix, mutated(bytearray(data), start, chance)


def mutated(data: bytearray, others: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """A damaged copy: bytes changed, pieces put in, cut out, doubled or taken from another file."""
    at = chance.randrange(len(data))  # most mutations look at one part, for speed and for what stands close together
    part = data[at : at + chance.choice((200, 1000, len(data)))]
    if chance.random() < 0.3 or data[:2] == b"PK" or data[:4] == b"%PDF":
        part = data
    for _ in range(chance.choice((1, 2, 4, 8, 16))):
        at, end = sorted(chance.randrange(len(part) + 1) for _ in range(2))
        match chance.randrange(6):
            case 0 if at < len(part):
                part[at] = chance.randrange(256)
            case 1:
                part[at:at] = chance.choice(PIECES)
            case 2:
                part[at:at] = chance.choice(PIECES) * chance.choice((10, 100, 1000))
            case 3:
                del part[at : min(end, at + 50)]
            case 4:
                part[at:at] = part[at : min(end, at + 200)] * chance.choice((1, 3, 20))
            case _:
                other = chance.choice(others)[1]
                start = chance.randrange(len(other))
                part[at:at] = other[start : start + 100]
    return bytes(part[: 2 * MOST_BYTES])


def main() -> None:
    """Runs for the time asked for and ends with figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=360)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--slow", type=float, default=5, help="seconds for one input of up to 40 KB")
    options.add_argument("--keep", type=Path, default=Path("fuzz-broken"))
    chosen = options.parse_args()
    target = Target(chosen.slow, chosen.keep)
    ends = time.monotonic() + chosen.seconds
    try:
        import atheris  # type: ignore[import-not-found]
    except ImportError:
        for suffix, data in mutations(chosen.seed):
            target.try_on(suffix, data)
            if time.monotonic() > ends:
                break
        finish(target, "random mutation")
    suffixes = known_suffixes()

    def one(data: bytes) -> None:
        if time.monotonic() > ends:
            finish(target, "guided by coverage")
        if data:
            target.try_on(suffixes[data[0] % len(suffixes)], data[1:])

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_len={MOST_BYTES}"], one)
    atheris.Fuzz()


def finish(target: Target, how: str) -> None:
    """Says what came of it and ends the run."""
    sys.stdout.write(
        f"{how}: {target.tried} inputs tried, {target.refused} refused with a reason, {target.findings} findings, "
        f"{target.broken} broken\n"
    )
    raise SystemExit(bool(target.broken))


if __name__ == "__main__":
    main()
