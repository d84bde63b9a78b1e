"""Opens regular files only, and never waits: a pipe or a device in the place of a file is an error, not a hang.

What a path leads to may change between the look at it and its opening, so the opened file itself is asked. To write to
a pipe that somebody reads is fine (`-o >(sort)`), and so is a device such as `/dev/null`.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import IO

_NO_WAITING = getattr(os, "O_NONBLOCK", 0)  # Windows has no such pipes


def why_unreadable(path: Path) -> str:
    """Why a path is neither a file nor a folder to read, as far as it tells unopened; "" when it is one."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError, ValueError):  # no name holds a null byte
        return "no such file or folder"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if stat.S_ISREG(mode) or stat.S_ISDIR(mode) else _NOT_REGULAR


_NOT_REGULAR = "is not a regular file"


def read_bytes(path: Path) -> bytes:
    """The content of a regular file; raises OSError, also for everything that is none."""
    with open_bytes(path) as opened:
        return opened.read()


def open_bytes(path: Path) -> IO[bytes]:
    """A regular file to read from; raises OSError, also for everything that is none."""
    return open(path, "rb", opener=_regular)


def read_text(path: Path, encoding: str = "utf-8-sig", errors: str = "strict") -> str:
    """The text of a regular file, line ends as LF; raises OSError and UnicodeDecodeError."""
    with open(path, encoding=encoding, errors=errors, opener=_regular) as opened:
        return opened.read()


def write_text(path: Path, text: str, *, append: bool = False) -> None:
    """Writes or adds a text in UTF-8; raises OSError, also for a pipe that nobody reads."""
    with open(path, "a" if append else "w", encoding="utf-8", newline="\n", opener=_at_once) as opened:
        opened.write(text)


def _regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | _NO_WAITING)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # of a folder `open` itself says what it is
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, _NOT_REGULAR, path)


def _at_once(path: str, flags: int) -> int:
    try:
        descriptor = os.open(path, flags | _NO_WAITING, 0o666)
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "it is a pipe that nobody reads", path) from None
        raise
    if _NO_WAITING:
        os.set_blocking(descriptor, True)  # a reader may be slower than we are
    return descriptor
