"""In which order a visitor comes to the pages of a built site: as its sitemap lists them, or as its links lead to them.

A sitemap is somebody else's file: a document type, and so every entity, is refused, nothing that it names is fetched,
and one that cannot be used leaves the links to tell the order.
"""

from __future__ import annotations

import os
import posixpath
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import unquote, urljoin, urlsplit
from xml.parsers import expat

from medlint.discovery import FoundFile
from medlint.readers.markup import attributes, tokens, value_text


class SiteOrder(NamedTuple):
    """The pages in order, and what was wrong with the sitemap."""

    files: tuple[FoundFile, ...]
    notes: tuple[str, ...] = ()


def in_site_order(files: Sequence[FoundFile], root: Path, label: str) -> SiteOrder:
    """The files of the site in the folder `root`, which reports call `label`: those that the order names come first.

    The order is that of the sitemap; without one, of the links from the first page on, the nearest first. The others
    follow by path.
    """
    pages = _Pages(files, root)
    sitemap = _Sitemap(pages, label)
    first = sitemap.pages() or _linked(pages)
    others = sorted(files, key=lambda file: file.path)
    return SiteOrder(tuple(dict.fromkeys((*first, *others))), tuple(sitemap.notes))


class _Pages:
    """The files of a site by the address under which a server shows them."""

    def __init__(self, files: Sequence[FoundFile], root: Path) -> None:
        self.root = root
        self._by_name = {file.path.relative_to(root).as_posix(): file for file in files}

    def name(self, file: FoundFile) -> str:
        """The path of a file below the folder of the site."""
        return file.path.relative_to(self.root).as_posix()

    def find(self, path: str) -> FoundFile | None:
        """The page that is shown for the path of an address, below the folder of the site."""
        return next((self._by_name[name] for name in _names(path) if name in self._by_name), None)

    def is_file(self, path: str) -> bool:
        """Whether a file is there for an address, be it one to lint or not."""
        return any(map(self.is_there, _names(path)))

    def is_there(self, name: str) -> bool:
        """Whether the folder holds a file of that name."""
        return os.path.isfile(self.root / name)  # noqa: PTH113 - no name makes this one fail

    def base(self, paths: Sequence[str]) -> str:
        """The part that the paths of addresses have before those of the folder: a site need not be a server's root."""
        shortest = min(paths, key=len, default="")
        folders = [folder for folder in shortest.split("/") if folder][:_DEEPEST_BASE]
        bases = ["/".join(("", *folders[:depth])) for depth in range(len(folders) + 1)]
        return max(bases, key=lambda base: sum(self.find(path) is not None for path in _below(base, paths)))


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


def _path_of(address: str) -> str:
    """The path of an address, as the names of files are written; raises ValueError."""
    return unquote(urlsplit(address.strip()).path)


# The sitemap ---------------------------------------------------------------------------------------------------------

_SITEMAPS = ("sitemap.xml", "sitemap-index.xml", "sitemap_index.xml", "wp-sitemap.xml")
_MOST_BYTES, _MOST_ENTRIES = 52_428_800, 50_000  # of one sitemap, as its protocol has it
_SHOWN, _LONGEST_SHOWN = 5, 100  # addresses in a note, characters of each


class _Unusable(Exception):
    """A sitemap that tells no order, and why."""


class _Sitemap:
    """The sitemap of a site; `notes` tell what of it could not be used."""

    def __init__(self, pages: _Pages, label: str) -> None:
        self._pages = pages
        self._label = label.removesuffix("/")
        self.notes: list[str] = []

    def pages(self) -> list[FoundFile]:
        """The pages that it lists; none where it lists none or there is none."""
        there = self._pages.is_there
        name = next(filter(there, _SITEMAPS), None)
        if name is None:
            if packed := next((f"{name}.gz" for name in _SITEMAPS if there(f"{name}.gz")), None):
                self._note(packed, f"is compressed, which is not read; {_INSTEAD}")
            return []
        try:
            return self._found(name, list(dict.fromkeys(self._listed(name))))
        except _Unusable as error:
            self._note(name, f"{error}; {_INSTEAD}")
            return []

    def _listed(self, name: str) -> Iterator[str]:
        """The addresses of pages in a sitemap, or in the sitemaps of an index."""
        content = _read(self._pages.root / name)
        self._tell_of_more(name, content)
        if not content.is_index:
            yield from content.addresses
            return
        for address in content.addresses:
            child = self._child(address)
            if child is None:
                self._note(name, f"names a sitemap that is not there: {_shown(address)}")
            elif child.endswith(".gz"):
                self._note(child, "is compressed, which is not read; unpack it and name it without .gz in its index")
            else:
                yield from self._listed_in(child)

    def _listed_in(self, child: str) -> Iterator[str]:
        try:
            content = _read(self._pages.root / child)
        except _Unusable as error:
            self._note(child, f"{error}; what it lists is not known")
            return
        self._tell_of_more(child, content)
        if content.is_index:
            self._note(child, "is an index that an index names, which is not read")
        else:
            yield from content.addresses

    def _child(self, address: str) -> str | None:
        """The name of the file of a sitemap that an index names, wherever on a server the site is."""
        try:
            parts = posixpath.normpath(f"/{_path_of(address)}").strip("/").split("/")
        except ValueError:
            return None
        names = ("/".join(parts[start:]) for start in range(len(parts)))
        return next(filter(self._pages.is_there, names), None)

    def _found(self, name: str, addresses: list[str]) -> list[FoundFile]:
        """The pages that addresses lead to; those that lead nowhere are told."""
        paths: dict[str, str] = {}  # address -> its path
        for address in addresses:
            try:
                paths[address] = _path_of(address)
            except ValueError:
                paths[address] = "\0"  # no file's name
        if not paths:
            raise _Unusable("lists no page")
        base = self._pages.base(list(paths.values()))
        found: list[FoundFile] = []
        missing: list[str] = []
        for address, path in paths.items():
            below = next(_below(base, (path,)), path)
            if page := self._pages.find(below):
                found.append(page)
            elif not self._pages.is_file(below):
                missing.append(address)
        if not found:
            raise _Unusable(f"none of its {len(paths)} entries leads to a page in this folder")
        if missing:
            shown = ", ".join(map(_shown, missing[:_SHOWN]))
            more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
            entries = "1 entry leads" if len(missing) == 1 else f"{len(missing)} entries lead"
            self._note(name, f"{entries} to no file in this folder: {shown}{more}")
        return found

    def _tell_of_more(self, name: str, content: _Content) -> None:
        if content.has_more:
            self._note(name, f"lists more than {_MOST_ENTRIES} entries; those after them are in no order")

    def _note(self, name: str, text: str) -> None:
        self.notes.append(f"{name if self._label == '.' else f'{self._label}/{name}'}: {text}")


_INSTEAD = "pages are in the order of links instead"


def _shown(address: str) -> str:
    return address if len(address) <= _LONGEST_SHOWN else f"{address[:_LONGEST_SHOWN]}…"


class _Content:
    """What a sitemap holds, collected from its tags."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.is_index = False
        self.has_more = False
        self._open: list[str] = []
        self._text: list[str] = []

    def start(self, name: str, _values: object) -> None:
        """An element begins."""
        name = name.rpartition(" ")[2]
        if not self._open:
            if name not in ("urlset", "sitemapindex"):
                raise _Unusable(f"is no sitemap: it begins with <{_shown(name)}>, not <urlset> or <sitemapindex>")
            self.is_index = name == "sitemapindex"
        self._open.append(name)
        self._text = []

    def end(self, _name: str) -> None:
        """An element ends; `loc` is also what images and videos of a page are called by."""
        if self._open[-2:] in (["url", "loc"], ["sitemap", "loc"]) and (address := "".join(self._text).strip()):
            if len(self.addresses) < _MOST_ENTRIES:
                self.addresses.append(address)
            else:
                self.has_more = True
        self._open.pop()
        self._text = []

    def text(self, text: str) -> None:
        """Text stands here."""
        if self._open[-1] == "loc":
            self._text.append(text)

    def refuse(self, *_: object) -> NoReturn:
        """A document type is declared."""
        raise _Unusable("declares a document type, as no sitemap does, so it is not read")


def _read(file: Path) -> _Content:
    """What a sitemap holds; raises _Unusable."""
    try:
        size = file.stat().st_size
        if size > _MOST_BYTES:
            raise _Unusable(f"is too large for a sitemap: {size} bytes, more than {_MOST_BYTES}")
        data = file.read_bytes()
    except OSError as error:
        raise _Unusable(f"cannot be read: {error.strerror or error}") from None
    content = _Content()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = content.refuse
    parser.StartElementHandler = content.start
    parser.EndElementHandler = content.end
    parser.CharacterDataHandler = content.text
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        if isinstance(error, IndexError | KeyError):  # a defect of ours, and no unknown encoding
            raise
        raise _Unusable(f"is broken: {error}") from None
    return content


# The links -----------------------------------------------------------------------------------------------------------


def _linked(pages: _Pages) -> list[FoundFile]:
    """The pages that the first page leads to, those that are fewest clicks away first."""
    first = pages.find("")
    if first is None:
        return []
    rooted = [link for link in _links(first) if link.startswith("/") and not link.startswith("//")]
    base = pages.base([path for link in rooted if (path := _target(link, "/")) is not None])
    reached = {first: None}
    pending = deque([first])
    while pending:
        file = pending.popleft()
        targets = (_target(link, f"{base}/{pages.name(file)}") for link in _links(file))
        for path in _below(base, filter(None, targets)):
            page = pages.find(path)
            if page and page not in reached:
                reached[page] = None
                pending.append(page)
    return list(reached)


def _links(file: FoundFile) -> Iterator[str]:
    """The addresses that the links of a page hold."""
    if file.path.suffix.lower() not in _WITH_LINKS:
        return
    try:
        text = file.path.read_bytes().decode("utf-8", "replace")
    except OSError:  # linting it says what is wrong
        return
    for token in tokens(text, 0, len(text)):
        if token.kind == "start" and token.name == "a":
            value = attributes(text, token.inner_start, token.inner_end, _HREF).get("href")
            if value:
                yield value_text(text, value)


def _target(link: str, here: str) -> str | None:
    """The path that a link leads to, whatever the server: an absolute address may be the site's own."""
    try:
        target = urlsplit(urljoin(here, link))
    except ValueError:
        return None
    return unquote(target.path) if target.scheme in ("", "http", "https") else None


_WITH_LINKS = (".html", ".htm", ".xhtml")
_HREF = frozenset(("href",))
