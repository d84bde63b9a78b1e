"""In which order a visitor comes to the pages of a built site: as its sitemap lists them, or as its links lead to them.

A sitemap that cannot be used leaves the links to tell the order, and what is wrong with it is told; no finding hangs on
it. Nothing outside the site's folder is looked at.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from medlint.discovery import FoundFile
from medlint.regularfiles import read_bytes
from medlint.sitemap import Entry, Sitemap, SitemapError, read_sitemap, shown


class SiteOrder(NamedTuple):
    """The pages in order, and what was wrong with what tells it."""

    files: tuple[FoundFile, ...]
    notes: tuple[str, ...] = ()


def in_site_order(files: Sequence[FoundFile], root: Path, label: str) -> SiteOrder:
    """The files of the site in the folder `root`, which reports call `label`: those that the order names come first.

    The order is that of the sitemap; without one, of the links from the first page on, the nearest first. The others
    follow by path.
    """
    pages = _Pages(files, root)
    listing = _Listing(pages, label)
    first, notes = listing.pages(), listing.notes
    if not first and (front := pages.find("")):
        first = _linked(pages, front)
    if files and not first:
        notes.append(f"{label}: has no sitemap to go by and no index.html; pages are in the order of their paths")
    others = sorted(files, key=lambda file: file.path)
    return SiteOrder(tuple(dict.fromkeys((*first, *others))), tuple(notes))


class _Pages:
    """The files of a site by the address under which a server shows them."""

    def __init__(self, files: Sequence[FoundFile], root: Path) -> None:
        self.root = root
        self._by_name = {self.name(file): file for file in files}

    def name(self, file: FoundFile) -> str:
        """The path of a file below the folder of the site."""
        return file.path.relative_to(self.root).as_posix()

    def find(self, path: str) -> FoundFile | None:
        """The page that is shown for the path of an address, below the folder of the site."""
        return next((self._by_name[name] for name in _names(path) if name in self._by_name), None)

    def is_file(self, path: str) -> bool:
        """Whether a file is there for the path of an address, be it one to lint or not."""
        return any(map(self.is_there, _names(path)))

    def is_there(self, name: str) -> bool:
        """Whether the folder holds a file of that name."""
        return os.path.isfile(self.root / name)  # noqa: PTH113 - no name makes this one fail

    def base(self, paths: Sequence[str]) -> str:
        """The part that the paths of addresses have before those of the folder: a site need not be a server's root."""
        shortest = min(paths, key=len, default="")
        folders = [folder for folder in shortest.split("/") if folder][:_DEEPEST_BASE]
        bases = ["/".join(("", *folders[:depth])) for depth in range(len(folders) + 1)]
        return max(bases, key=lambda base: self._fit(base, paths))

    def _fit(self, base: str, paths: Sequence[str]) -> int:
        """How many more of the paths lead to a page when seen from the base than do not lie below it at all."""
        below = list(_below(base, paths))
        return sum(self.find(path) is not None for path in below) - (len(paths) - len(below))


_DEEPEST_BASE = 4


def _below(base: str, paths: Iterable[str]) -> Iterator[str]:
    """The paths that lie below the base, seen from there."""
    return (path.removeprefix(base) for path in paths if f"{path}/".startswith(f"{base}/"))


def _names(path: str) -> Iterator[str]:
    """The names of files that servers show for a path."""
    name = posixpath.normpath(f"/{path}").strip("/")  # leads nowhere outside
    if name and not path.endswith("/"):
        yield name
        yield f"{name}.html"
    for index in ("index.html", "index.htm", "index.xhtml"):
        yield f"{name}/{index}".removeprefix("/")


# The sitemap ---------------------------------------------------------------------------------------------------------

_SITEMAPS = ("sitemap.xml", "sitemap-index.xml", "sitemap_index.xml", "wp-sitemap.xml")
_LEFT_TO_LINKS = "links tell the order of the pages instead"
_MOST_NOTES = 5  # of one kind; the others are counted


class _Listed(NamedTuple):
    """An entry and the name of the sitemap that it stands in."""

    sitemap: str
    entry: Entry


class _Listing:
    """What the sitemap of a site lists; `notes` tell what of it could not be used."""

    def __init__(self, pages: _Pages, label: str) -> None:
        self._pages = pages
        self._label = label.removesuffix("/")
        self.notes: list[str] = []

    def pages(self) -> list[FoundFile]:
        """The pages in its order; none where it cannot be used or there is none."""
        there = self._pages.is_there
        name = next(filter(there, _SITEMAPS), None)
        if name is None:
            if packed := next((name for name in _SITEMAPS if there(f"{name}.gz")), None):
                self._note(f"{packed}.gz", 0, f"is compressed, which is not read; unpack it; {_LEFT_TO_LINKS}")
            return []
        try:
            return self._found(name, self._listed(name))
        except SitemapError as error:
            self._note(name, error.line, f"{error}; {_LEFT_TO_LINKS}")
            return []

    def _listed(self, name: str) -> list[_Listed]:
        """The entries for pages in a sitemap, or in the sitemaps of an index, each address once."""
        content = self._read(name)
        listed = [_Listed(name, entry) for entry in content.entries]
        if content.is_index:
            listed = [each for child in self._children(listed) for each in self._listed_in(child)]
        first: dict[str, _Listed] = {}
        for each in listed:
            first.setdefault(each.entry.address, each)
        return list(first.values())

    def _children(self, listed: Iterable[_Listed]) -> list[str]:
        """The names of the sitemaps that the entries of an index lead to."""
        children: dict[str, None] = {}
        missing: list[_Listed] = []
        for each in listed:
            if child := self._child(each.entry.address):
                children[child] = None
            else:
                missing.append(each)
        self._tell_of(missing, "leads to no sitemap in this folder, so what that one lists is not known")
        return list(children)

    def _child(self, address: str) -> str | None:
        """The name of the file of a sitemap that an index names, wherever on a server the site is."""
        parts = posixpath.normpath(f"/{_path_of(address) or ''}").strip("/").split("/")
        names = ("/".join(parts[start:]) for start in range(len(parts)))
        return next(filter(self._pages.is_there, names), None)

    def _listed_in(self, child: str) -> Iterator[_Listed]:
        if child.endswith(".gz"):
            self._note(child, 0, "is compressed, which is not read; unpack it and name it without .gz in its index")
            return
        try:
            content = self._read(child)
            if content.is_index:
                raise SitemapError("is an index inside an index, which is not read")
        except SitemapError as error:
            self._note(child, error.line, f"{error}; what it lists is not known")
        else:
            yield from (_Listed(child, entry) for entry in content.entries)

    def _found(self, name: str, listed: list[_Listed]) -> list[FoundFile]:
        """The pages that entries lead to; those that lead nowhere are told."""
        paths = {each: path for each in listed if (path := _path_of(each.entry.address)) is not None}
        base = self._pages.base(list(paths.values()))
        found: list[FoundFile] = []
        missing: list[_Listed] = []
        for each in listed:
            below = next(_below(base, (paths[each],)), None) if each in paths else None
            page = self._pages.find(below) if below is not None else None
            if page:
                found.append(page)
            elif below is None or not self._pages.is_file(below):
                missing.append(each)
        if not found:
            if not listed:
                raise SitemapError("lists no page")
            _, (address, line) = listed[0]
            raise SitemapError(f'no entry leads to a page in this folder; the first is "{shown(address)}"', line)
        self._tell_of(missing, "leads to no file in this folder, so that page is not linted")
        return found

    def _read(self, name: str) -> Sitemap:
        content = read_sitemap(self._pages.root / name)
        if content.first_unread:
            self._note(name, content.first_unread, f"is beyond the {len(content.entries)} entries that are read")
        return content

    def _tell_of(self, missing: Sequence[_Listed], what: str) -> None:
        for each in missing[:_MOST_NOTES]:
            self._note(each.sitemap, each.entry.line, f'"{shown(each.entry.address)}" {what}')
        if len(missing) > _MOST_NOTES:
            self._note(missing[0].sitemap, 0, f"the same holds for {len(missing) - _MOST_NOTES} more entries")

    def _note(self, name: str, line: int, text: str) -> None:
        path = name if self._label == "." else f"{self._label}/{name}"
        self.notes.append(f"{path}:{line}: {text}" if line else f"{path}: {text}")


def _path_of(address: str) -> str | None:
    """The path of an address, as the names of files are written; None where it has no form that is known."""
    try:
        return unquote(urlsplit(address).path)
    except ValueError:
        return None


# The links -----------------------------------------------------------------------------------------------------------


def _linked(pages: _Pages, first: FoundFile) -> list[FoundFile]:
    """The pages that the first page leads to, those that are fewest clicks away first."""
    rooted = [link for link in _links(first) if link.startswith("/") and not link.startswith("//")]
    base = pages.base([path for link in rooted if (path := _target(link, "/"))])
    reached = {first: None}
    pending = deque([first])
    followed = {""}  # most links are those of a menu that stands on every page
    while pending:
        file = pending.popleft()
        folder = posixpath.dirname(f"{base}/{pages.name(file)}")
        for link in _links(file):
            target = _target(link, folder)
            if target in followed:
                continue
            followed.add(target)
            page = next(map(pages.find, _below(base, (target,))), None)
            if page and page not in reached:
                reached[page] = None
                pending.append(page)
    return list(reached)


def _links(file: FoundFile) -> Iterator[str]:
    """The addresses that the links of a page hold; those in its comments and scripts too, as only order hangs on it."""
    if file.path.suffix.lower() not in _WITH_LINKS:
        return
    try:
        text = read_bytes(file.path).decode("utf-8", "replace")
    except OSError:  # linting it says what is wrong
        return
    for link in _LINK.finditer(text):
        yield unescape(link[link.lastindex or 0]).strip()


_WITH_LINKS = (".html", ".htm", ".xhtml")
_LINK = re.compile(
    r"""<a \s (?: [^<>]*? \s )? href \s* = \s* (?: "([^"]*)" | '([^']*)' | ([^\s"'>]+) )""", re.IGNORECASE | re.VERBOSE
)


def _target(link: str, folder: str) -> str:
    """The path that a link in a page of the folder leads to, whatever the server; "" where it leads to no other page.

    An absolute address may be the site's own. Python's `urljoin` would take ten times as long as all the rest.
    """
    if _WEB_ADDRESS.match(link):
        path = _path_of(link) or "/"
    else:
        path = _QUERY.split(link, maxsplit=1)[0]
        if not path or _SCHEME.match(link):
            return ""
        path = posixpath.join(folder, unquote(path))
    return posixpath.normpath(path) + "/" * path.endswith("/")


_WEB_ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_QUERY = re.compile("[?#]")
