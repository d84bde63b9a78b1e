"""Tells states of rule packs apart by a checksum of their content, which is remembered as long as no file is touched.

To read every rule of every pack takes longer than a small page takes to lint. So the checksum is kept in the user's
cache folder beside the sizes and times of the files that it was made from, and made anew when one of those differs. A
file that was written just before is read all the same: a second change could fall into the same tick of the clock.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from zlib import adler32, crc32

from medlint import __version__
from medlint.packs import bundled_pack, pack_files
from medlint.regularfiles import read_bytes, read_text

_SETTLED = 2_000_000_000  # nanoseconds; the coarsest clock of a file system in use


def content_key(packs: Iterable[Path], folder: Path | None = None) -> str:
    """A checksum of the version and of every byte of the packs, remembered in the folder; raises PackError."""
    named = [(_name(file, pack), file) for pack in packs for file in pack_files(pack)]
    if folder is None:
        return _key(named)
    stamp = _stamp([file for _, file in named])
    place = "\n".join(str(file) for _, file in named).encode("utf-8", "surrogateescape")
    memory = folder / f"key-{crc32(place):08x}.txt"
    if known := _recalled(memory, stamp):
        return known
    key = _key(named)
    if stamp:
        keep(memory, f"{stamp}\n{key}".encode())
    return key


def code_state() -> str:
    """What changes with medlint's own code, in a checkout where that is worked on."""
    times = (f"{entry.name}:{entry.stat().st_mtime_ns}" for entry in _modules(str(Path(__file__).parent)))
    return f"{crc32(' '.join(sorted(times)).encode()):08x}"


def _modules(folder: str) -> Iterator[os.DirEntry[str]]:
    for entry in os.scandir(folder):
        if entry.name.endswith(".py"):
            yield entry
        elif entry.name.isidentifier() and entry.is_dir():
            yield from _modules(entry.path)


def keep(file: Path, data: bytes) -> None:
    """Writes a file of the cache, of which the newest of a kind stay; one that cannot be written is done without."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, data)
        kind = f"{file.name.partition('-')[0]}-*"
        for old in sorted(file.parent.glob(kind), key=lambda each: each.stat().st_mtime)[:-_KEPT]:
            old.unlink()
    except OSError:
        return


_KEPT = 6


def write_whole(file: Path, data: bytes) -> None:
    """Writes beside the place and renames, so that two runs at once never see half of a file; raises OSError."""
    import tempfile  # a run that finds all it needs kept does without

    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f"{file.stem}.", suffix=".tmp")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
        Path(draft).replace(file)
    except BaseException:  # Ctrl-C too leaves no draft behind
        with suppress(OSError):
            Path(draft).unlink()
        raise


def _name(file: Path, pack: Path) -> str:
    return file.name if pack == bundled_pack() else str(file)


def _stamp(files: Sequence[Path]) -> str:
    """Size and times of each file; "" where they do not tell its state, as for one that was written just now."""
    try:
        states = [file.stat() for file in files]
    except OSError:
        return ""
    if max(state.st_mtime_ns for state in states) > time.time_ns() - _SETTLED:
        return ""
    # The time of the last change of the entry too: an editor can set the other one back, but not this one.
    seen = (f"{state.st_size}:{state.st_mtime_ns}:{state.st_ctime_ns}" for state in states)
    return " ".join((__version__, *seen))


def _recalled(memory: Path, stamp: str) -> str:
    """The checksum that was kept with the same stamp; "" when there is none."""
    if not stamp:
        return ""
    try:
        known, _, key = read_text(memory, "ascii").partition("\n")
    except (OSError, ValueError):
        return ""
    return key if known == stamp else ""


def _key(named: Iterable[tuple[str, Path]]) -> str:
    seen = [__version__.encode()]
    for name, file in named:
        seen.append(name.encode("utf-8", "surrogateescape"))
        try:
            seen.append(read_bytes(file))
        except OSError:
            seen.append(b"unreadable")  # loading it will say so
    content = b"\0".join(seen)
    return f"{crc32(content):08x}{adler32(content):08x}{len(content):x}"  # no cryptography: hashlib costs start-up
