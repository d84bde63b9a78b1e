"""Feeds medlint damaged copy for a bounded time and reports what breaks: `python fuzz/run.py --seconds 360`.

Starts from the drafts in `seeds/` and the files in `tests/samples/`. With atheris (`pip install atheris`; it has wheels
for Linux and some versions of Python only, so it is no dependency) coverage guides which damage is damaged further;
without it, or with `--random`, each input is damaged anew, and `--seed` repeats them.

An input fails when the linter raises anything but a named error, when a finding spans nothing or other words than it
reports, or when it takes longer than `--slow` seconds. What fails is kept in the folder that `--keep` names, and the
exit code is 1. An input that takes longer than twenty times that ends the run where it hangs: guided, it is kept as
`timeout-...`, its first byte telling the suffix; at random, the same seed leads to it again.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import os
import random
import re
import sys
import time
import traceback
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import nullcontext, suppress
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

try:
    import atheris  # type: ignore[import-not-found]
except ImportError:
    atheris = None

IS_GUIDED = atheris is not None and "--random" not in sys.argv
# What is to be guided by must be watched from its import on.
with atheris.instrument_imports(["medlint", "pypdf"]) if IS_GUIDED else nullcontext():
    from medlint.document import Document, Position
    from medlint.finding import Finding
    from medlint.linter import Linter
    from medlint.readers import FORMATS, ReadError, format_for, known_suffixes, read_document
    from medlint.rulebook import load_rulebook

    for name in (*(format.reader_module for format in FORMATS), "pypdf"):
        import_module(name)

ROOT = Path(__file__).parents[1]
MOST_BYTES = 20_000
LOOSE = [suffix for format in FORMATS if format.name in ("text", "markdown", "html") for suffix in format.suffixes]
BINARY = [suffix for format in FORMATS if not format.is_text for suffix in format.suffixes]  # broken when cut
PIECES = [
    piece.encode("utf-8", "surrogatepass")
    for piece in (
        *"<>&'\"`*_[](){}|#-=~\\:;!?%@^$,\n\r\t\0 ", "\r\n\r\n", "---\n", "+++\n", "{%", "%}", "{{", "}}", "<!--",
        "-->", "<script>", "</p>", "<td>", "]]>", "[^1]", "](", "![", "```", "&#x110000;", "&nbsp;", "\ufeff", "\u202e",
        "`x`_", "|x|", "::\n\n  ", ".. note:: ", "===\n",
        "\u200b", "\u0301", "\u2028", "\ud800", "İ", "ß", "ﬁ", "𝐜𝐮𝐫𝐞", "😀", "cures cancer", "100% safe",
        "no side effects", "not ", "<!-- medlint: ignore[CUR001] x -->", "title: ", "&a", "*a", "!!python/object:os",
        "<![CDATA[", "<!DOCTYPE", "<!ENTITY", "=?utf-8?b?", "\n--", "Content-Type: ", "msgid \"", "\\u00", '{"a":',
        "<w:p>",
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

    def make_ready(self, inputs: Iterable[tuple[str, bytes]]) -> None:
        """Lints what is whole, so that getting rules ready, which happens once, makes no input slow."""
        for suffix, data in inputs:
            with suppress(ReadError):
                self._lint(suffix, data)

    def _lint(self, suffix: str, data: bytes) -> None:
        document, found, took = self._timed(suffix, data)
        self.findings += len(found)
        if took > self._slow:  # unless this is the first time that these rules are needed
            took = self._timed(suffix, data)[2]
        if took > self._slow:
            raise Broken(f"took {took:.1f} s")
        for finding in found:
            assert_in_place(finding, document, is_plain=suffix in (".txt", ".text"))

    def _timed(self, suffix: str, data: bytes) -> tuple[Document, tuple[Finding, ...], float]:
        format = format_for(f"x{suffix}")
        assert format
        faulthandler.dump_traceback_later(20 * self._slow, exit=True)
        started = time.process_time()  # a busy machine is no fault of the input
        try:
            document = read_document(f"x{suffix}", data, format)
            found = self._linter.lint(document).findings
        finally:
            faulthandler.cancel_dump_traceback_later()
        return document, found, time.process_time() - started


def assert_in_place(finding: Finding, document: Document, *, is_plain: bool) -> None:
    """Raises Broken where a finding lies outside its source or reports other words than stand there."""
    source = document.source
    ends = source.position(len(source.text))
    if not Position(1, 1) <= finding.start < finding.end <= ends:
        raise Broken(f"{finding.code} spans nothing: {finding.start} to {finding.end} of {ends}")
    if not finding.context.startswith(finding.text, finding.context_start):
        raise Broken(f"{finding.code} reports {finding.text!r}, which its paragraph does not hold there")
    start, end = (source.line_starts[at.line - 1] + at.column - 1 for at in (finding.start, finding.end))
    words = source.text[start:end]
    if is_plain and re.sub("[ \t\n\r\f\v]+", " ", words) != finding.text:
        raise Broken(f"{finding.code} reports {finding.text!r}, and there stands {words!r}")


def corpus() -> list[tuple[str, bytes]]:
    """The drafts and samples to start from, with their suffixes."""
    files = [path for folder in ("seeds", "tests/samples") for path in sorted((ROOT / folder).rglob("*"))]
    found = [(path.suffix, path.read_bytes()) for path in files if path.suffix in known_suffixes()]
    return [(suffix, data if suffix in BINARY else data[:MOST_BYTES]) for suffix, data in found]


def mutations(seed: int) -> Iterator[tuple[str, bytes]]:
    """Endless damaged copies of the corpus; one in ten under a suffix that is not its own."""
    chance = random.Random(seed)
    start = corpus()
    while True:
        suffix, data = chance.choice(start)
        if chance.random() < 0.1:
            suffix = chance.choice(known_suffixes())
        yield suffix, mutated(suffix, bytearray(data), start, chance)


def mutated(suffix: str, data: bytearray, others: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """A damaged copy: bytes changed, pieces put in, cut out, doubled or taken from another file."""
    if data[:2] == b"PK" and chance.random() < 0.8:  # most damage to the archive itself ends at its checksums
        return repacked(bytes(data), others, chance)
    if not data:
        return chance.choice(PIECES)
    part = data
    if suffix in LOOSE and chance.random() < 0.7:  # for speed, and for what stands close together
        at = chance.randrange(len(data))
        part = data[at : at + chance.choice((200, 1000, len(data)))]
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
    damaged = bytes(part[: max(len(data), 2 * MOST_BYTES)])
    if suffix in BINARY or chance.random() < 0.1:
        return damaged
    return damaged.decode("utf-8", "ignore").replace("\0", "").encode()  # what is no text is refused at the door


def repacked(data: bytes, others: list[tuple[str, bytes]], chance: random.Random) -> bytes:
    """An archive with one of its files damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # what was damaged before may fail in any way
        return data[: chance.randrange(len(data) + 1)]
    if files:
        name = chance.choice(list(files))
        files[name] = mutated(".xml", bytearray(files[name]), others, chance)
    done = io.BytesIO()
    with zipfile.ZipFile(done, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return done.getvalue()


def main() -> None:
    """Runs for the time asked for and ends with figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seconds", type=float, default=360)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--slow", type=float, default=5, help="seconds for one input of up to 40 KB")
    options.add_argument("--keep", type=Path, default=Path("fuzz-broken"))
    options.add_argument("--random", action="store_true", help="without atheris, even where it is installed")
    chosen = options.parse_args()
    target = Target(chosen.slow, chosen.keep)
    target.make_ready(corpus())
    ends = time.monotonic() + chosen.seconds
    if IS_GUIDED:
        run_guided(target, ends, chosen)
    for suffix, data in mutations(chosen.seed):
        target.try_on(suffix, data)
        if time.monotonic() > ends:
            finish(target, "random mutation")


def run_guided(target: Target, ends: float, chosen: argparse.Namespace) -> None:
    """Tries what coverage leads to; never returns."""
    suffixes, start = known_suffixes(), corpus()

    def one(data: bytes) -> None:
        if time.monotonic() > ends:
            finish(target, "guided by coverage")
        if data:
            target.try_on(suffixes[data[0] % len(suffixes)], data[1:])

    def damaged(data: bytes, most: int, seed: int) -> bytes:
        """Our own damage, or the fuzzer's, which knows the texts that the code compares with."""
        chance = random.Random(seed)
        if chance.random() < 0.3:
            return bytes(atheris.Mutate(data, most))
        suffix = suffixes[data[0] % len(suffixes)] if data else ".txt"
        return data[:1] + mutated(suffix, bytearray(data[1:]), start, chance)[: most - 1]

    folder = TemporaryDirectory(prefix="medlint-fuzz-")  # it goes with the process only where that ends by itself
    for number, (suffix, data) in enumerate(start):
        Path(folder.name, str(number)).write_bytes(bytes([suffixes.index(suffix)]) + data)
    chosen.keep.mkdir(parents=True, exist_ok=True)
    settings = {
        "max_len": max(2 * MOST_BYTES, *(len(data) + 1 for _, data in start)),
        "seed": chosen.seed + 1,  # 0 would be a seed by chance
        "timeout": int(20 * chosen.slow),
        "rss_limit_mb": 0,  # what the linter remembers of sentences is bounded, but not so low
        "artifact_prefix": f"{chosen.keep}/",
    }
    flags = [f"-{name}={value}" for name, value in settings.items()]
    atheris.Setup([sys.argv[0], *flags, folder.name], one, custom_mutator=damaged)
    atheris.Fuzz()


def finish(target: Target, how: str) -> None:
    """Says what came of it and ends the run."""
    sys.stdout.write(
        f"{how}: {target.tried} inputs tried, {target.refused} refused with a reason, {target.findings} findings, "
        f"{target.broken} broken\n"
    )
    sys.stdout.flush()
    os._exit(bool(target.broken))  # an exception would count as a crash of the input


if __name__ == "__main__":
    main()
