"""Which lines of a repository changed since a revision, as git tells it."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple


class GitError(Exception):
    """Why git cannot tell what changed, and what to do about it."""


class Changes(NamedTuple):
    """The changed lines of each touched file, by its path relative to the repository; None for all lines."""

    lines: Mapping[str, frozenset[int] | None]

    def touches(self, path: str, first: int, last: int) -> bool:
        """Whether any of the lines from `first` to `last` of a file changed."""
        if path not in self.lines:
            return False
        changed = self.lines[path]
        return changed is None or any(line in changed for line in range(first, last + 1))


def changes_since(root: Path, revision: str | None) -> Changes:
    """What changed in a repository since a revision, or, for None, what is staged; raises GitError.

    `A...` means since the working tree parted from A, as in `git diff --merge-base A`. Untracked files changed as a
    whole, except when only staged changes count.
    """
    if revision is None:
        compared = ["--cached"]
    elif revision.endswith("..."):
        compared = ["--merge-base", _known(root, revision.removesuffix("..."))]
    else:
        compared = [_known(root, revision)]
    patch = _git(root, "diff", "--unified=0", "--find-renames", *_PLAIN, *compared, "--")
    lines: dict[str, frozenset[int] | None] = dict(_changed(patch))
    counts = _git(root, "diff", "--numstat", "--no-renames", "-z", *_PLAIN, *compared, "--")
    lines |= dict.fromkeys(_binaries(counts))
    if revision is not None:
        untracked = _git(root, "ls-files", "--others", "--exclude-standard", "-z")
        lines |= dict.fromkeys(name for name in untracked.split("\0") if name)
    return Changes(lines)


# Whatever the user's own settings say: no colour, no outside programs.
_PLAIN = (
    "--no-color",
    "--no-ext-diff",
    "--no-textconv",
    "--no-relative",
    "--src-prefix=a/",
    "--dst-prefix=b/",
    "--ignore-submodules",
)
_HUNK = re.compile(r"@@ -\S+ \+(?P<start>\d+)(?:,(?P<count>\d+))? @@")


def _changed(patch: str) -> Iterator[tuple[str, frozenset[int]]]:
    path = ""
    lines: set[int] = set()
    for line in patch.split("\n"):
        if line.startswith("diff --git "):
            if path:
                yield path, frozenset(lines)
            path, lines = "", set()
        elif line.startswith("+++ ") and not lines:
            path = _path(line.removeprefix("+++ ").rstrip("\t"))
        elif hunk := _HUNK.match(line):
            count = int(hunk["count"] or "1")
            lines.update(range(int(hunk["start"]), int(hunk["start"]) + count))
    if path:
        yield path, frozenset(lines)


def _binaries(counts: str) -> Iterator[str]:
    """The files whose lines git cannot count."""
    for entry in counts.split("\0"):
        if entry.startswith("-\t-\t"):
            yield entry.removeprefix("-\t-\t")


def _path(written: str) -> str:
    """The name in a patch, which git quotes as C does when it holds unusual characters; "" for a deleted file."""
    if written.startswith('"'):
        octal = re.sub(r"\\([0-7]{3})", lambda digits: chr(int(digits[1], 8)), written[1:-1])
        named = re.sub(r"\\([abtnvfr\"\\])", lambda escape: _ESCAPES[escape[1]], octal)
        written = named.encode("latin-1").decode("utf-8", "surrogateescape")
    return "" if written == "/dev/null" else written.removeprefix("b/")


_ESCAPES = {"a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", '"': '"', "\\": "\\"}


def _known(root: Path, revision: str) -> str:
    """The commit that a revision names; raises GitError when git does not know it."""
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    except GitError:
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
        advice = (
            "this clone is shallow: fetch the revision too (git fetch origin REVISION, or fetch-depth: 0 in CI)"
            if shallow
            else "name a branch, a tag or a commit of this repository"
        )
        raise GitError(f"git knows no revision '{revision}' in {root}; {advice}") from None


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.quotePath=true", *arguments]
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, check=False)
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror}; what changed is known to git alone") from None
    if done.returncode != 0:
        said = " ".join(done.stderr.decode("utf-8", "replace").split()) or f"exit code {done.returncode}"
        raise GitError(f"git {arguments[0]} failed in {root}: {said}")
    return done.stdout.decode("utf-8", "surrogateescape")
