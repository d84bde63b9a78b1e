"""How other tools are run on the pages that medlint is measured with, where they are installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from measure import Candidate

# None of them calls home or looks for a newer version of itself meanwhile.
_QUIET = {"NO_UPDATE_NOTIFIER": "1", "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
_ANY_STATUS = None
_WORKS = frozenset((0, 1))


class Peer(NamedTuple):
    """A tool that reads copy, and how it is run on a page or a folder of pages, whose name is appended."""

    name: str
    command: tuple[str, ...]  # "{literals}" is the folder with the words of medlint's rules
    work: str  # what it does beside medlint
    exits: frozenset[int] | None = _WORKS
    for_html: tuple[str, ...] = ()  # arguments that HTML needs
    takes_folders: bool = True  # and reads there what medlint reads
    version: str = "--version"

    @property
    def needs_literals(self) -> bool:
        """Whether it is made to search for the words of medlint's rules."""
        return any("{literals}" in part for part in self.command)


PEERS = (
    Peer(
        "ripgrep",
        ("rg", "--no-ignore", "--ignore-case", "--word-regexp", "--line-number", "--file={literals}/words.txt"),
        "searches for the words of medlint's rules: the floor",
    ),
    Peer(
        "semgrep",
        (
            *("semgrep", "scan", "--quiet", "--metrics=off", "--disable-version-check", "--no-git-ignore"),
            *("--max-target-bytes=0", "--timeout=0", "--config={literals}/semgrep.yml"),
        ),
        "generic mode, a rule for the words of each of medlint's rules",
    ),
    Peer(
        "Vale",
        ("vale", "--no-exit", "--output=line", "--config={literals}/vale.ini"),
        "a style with the words of each of medlint's rules",
    ),
    Peer("codespell", ("codespell",), "misspelt words", exits=frozenset((0, 65))),
    Peer("proselint", ("proselint", "check"), "its own style rules", takes_folders=False, version="version"),
    Peer("alex", ("alex",), "its own words that may hurt", for_html=("--html",), takes_folders=False),
    Peer("write-good", ("write-good",), "its own style rules", exits=_ANY_STATUS, takes_folders=False),
)


class Installed(NamedTuple):
    """A peer, the program it is here, and its version."""

    peer: Peer
    program: str
    version: str

    def on(self, target: Path, literals: Path) -> Candidate:
        """Its run on a page or a folder of pages."""
        peer = self.peer
        arguments = [part.replace("{literals}", str(literals)) for part in peer.command[1:]]
        pages = [target] if target.is_file() or peer.takes_folders else sorted(target.iterdir())
        is_html = target.suffix == ".html" or target.name == "html"
        html = peer.for_html if is_html else ()
        command = (self.program, *arguments, *html, *map(str, pages))
        return Candidate(peer.name, command, target.parent, peer.exits, _QUIET)


def installed(folder: Path | None) -> list[Installed]:
    """The peers found in the folder that pip and npm installed them to, or on the PATH."""
    places = [folder / "bin", folder / "Scripts", folder / "node_modules" / ".bin"] if folder else []
    return [
        Installed(peer, program, _version((program, peer.version)))
        for peer in PEERS
        if (program := program_in(places, peer.command[0]))
    ]


def program_in(places: Sequence[Path], name: str) -> str | None:
    """The program of that name in one of the folders, beside this Python, or on the PATH."""
    found = (shutil.which(name, path=str(place.resolve())) for place in (*places, Path(sys.executable).parent))
    return next(filter(None, found), None) or shutil.which(name)


def _version(command: Sequence[str]) -> str:
    printed = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL).stdout
    number = re.search(r"\d+\.\d[\w.]*", printed)
    return number[0] if number else "?"
