"""Comments in the copy that accept findings, each with a reason; those that do nothing are findings themselves.

    <!-- medlint: ignore[CUR001, SAF] reason -->        the block it stands in, or else the next one
    <!-- medlint: ignore-file[offer] reason -->         the whole page

The same words stand in the comments of MDX, Astro, reStructuredText and template languages, and, where a page has no
comments, under the key `medlint` of its front matter; `ignore` means the title and description there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from medlint.document import Block, Document, Span
from medlint.finding import Finding, Severity, Suppressed, fingerprint, in_report_order

CATEGORY = "suppression"  # of the findings about suppressions; beside the categories of claims


class Notice(NamedTuple):
    """A kind of finding about suppressions."""

    code: str
    name: str
    message: str
    why: str
    instead: str
    category: str = CATEGORY


UNUSED = Notice(
    "SUP001",
    "unused-suppression",
    "'{selector}' suppresses nothing here.",
    "A suppression that is no longer needed hides the next claim that happens to fall under it.",
    "Remove the code, or the comment if it was the only one.",
)
UNKNOWN = Notice(
    "SUP002",
    "unknown-code-in-suppression",
    "no rule or category is called '{selector}'.",
    "A suppression of a rule that does not exist accepts nothing, and its author believes that it does.",
    "Name a code (CUR001), the beginning of one (CUR) or a category (cure); `medlint rules` lists them.",
)
NO_REASON = Notice(
    "SUP003",
    "suppression-without-reason",
    "the suppression gives no reason, so it is not followed.",
    "Who reads the page next year must be able to tell why somebody accepted the claim.",
    "Write the reason behind the codes: medlint: ignore[CUR001] quoted from the regulator's warning",
)
MALFORMED = Notice(
    "SUP004",
    "malformed-suppression",
    "the comment speaks to medlint, but not in its words.",
    "A suppression that is not understood accepts nothing, and its author believes that it does.",
    "Write medlint: ignore[CODES] reason, or medlint: ignore-file[CODES] reason.",
)
NOTICES = (UNUSED, UNKNOWN, NO_REASON, MALFORMED)
NOTICE_CODES = frozenset(notice.code for notice in NOTICES)


class Suppression(NamedTuple):
    """One comment: what it accepts, where, and why."""

    selectors: tuple[str, ...]  # codes, their beginnings, categories; empty when the comment is malformed
    reason: str
    text: str
    place: Span  # of the comment in the source
    covers: tuple[Span, ...]  # of the source


class Outcome(NamedTuple):
    """What suppressions leave of the findings of a page."""

    findings: tuple[Finding, ...]  # those that stand, and those about suppressions
    suppressed: tuple[Suppressed, ...] = ()


def apply_suppressions(
    document: Document,
    findings: Iterable[Finding],
    *,
    is_known: Callable[[str], bool],
    is_active: Callable[[str], bool],
    stable_path: str = "",
    notices: frozenset[str] = NOTICE_CODES,
) -> Outcome:
    """The findings that stand, those suppressed, and notices about suppressions that do not do what they say.

    `is_known` tells whether any rule falls under a selector, `is_active` whether one of this run does: only then can
    a suppression be called unused. `notices` are the codes of the notices that are wanted.
    """
    found = tuple(suppressions(document))
    if not found:
        return Outcome(tuple(findings))
    stands: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[tuple[Span, str]] = set()
    for finding in findings:
        by = next(((each, name) for each in found if (name := _accepts(document, each, finding))), None)
        if by is None:
            stands.append(finding)
        else:
            suppressed.append(Suppressed(finding, by[0].reason))
            used.add((by[0].place, by[1]))
    for suppression in found:
        for notice, selector in _problems(suppression, is_known):
            if notice.code in notices:
                stands.append(_finding(document, suppression, notice, selector, stable_path))
        for selector in suppression.selectors if suppression.reason else ():
            if UNUSED.code in notices and is_active(selector) and (suppression.place, selector) not in used:
                stands.append(_finding(document, suppression, UNUSED, selector, stable_path))
    return Outcome(in_report_order(stands), tuple(suppressed))


def suppressions(document: Document) -> Iterator[Suppression]:
    """The suppressions of a page in the order in which they stand."""
    if front_matter := document.front_matter.get("medlint"):
        start = max(document.source.text.find("medlint"), 0)
        in_front = [block.span for block in document.blocks if block.kind in ("title", "description")]
        yield _read(f"medlint: {front_matter}", Span(start, start + len("medlint")), tuple(in_front))
    for comment in document.comments:
        if _ADDRESSED.match(comment.text):
            yield _read(comment.text, comment.span, tuple(_covered(document.blocks, comment.span)))


_ADDRESSED = re.compile(r"\s*medlint\s*:", re.IGNORECASE)
_WRITTEN = re.compile(
    r"\s*medlint\s*:\s*(?P<verb>ignore|ignore-file)\s*\[(?P<codes>[^\]]*)\](?P<reason>.*)", re.S | re.I
)
_EVERYWHERE = (Span(0, 1 << 62),)


def _read(text: str, place: Span, block: tuple[Span, ...]) -> Suppression:
    written = _WRITTEN.fullmatch(text)
    selectors = tuple(code.strip() for code in written["codes"].split(",") if code.strip()) if written else ()
    if not written or not selectors:
        return Suppression((), "", text, place, ())
    covers = _EVERYWHERE if written["verb"].lower() == "ignore-file" else block
    return Suppression(selectors, " ".join(written["reason"].split()).lstrip(":—–- "), text, place, covers)


def _covered(blocks: Iterable[Block], comment: Span) -> Iterator[Span]:
    """The innermost block around a comment, or else the next one, with the texts inside it, such as an alt."""
    around = [block.span for block in blocks if block.span.start <= comment.start and comment.end <= block.span.end]
    if around:
        yield min(around, key=lambda span: span.end - span.start)
        return
    following = next((block.span for block in blocks if block.span.start >= comment.end), None)
    if following:
        yield following


def _accepts(document: Document, suppression: Suppression, finding: Finding) -> str:
    """The selector by which a suppression accepts a finding, "" when it does not."""
    if not suppression.reason:
        return ""
    if not any(
        document.source.position(span.start) <= finding.start < document.source.position(span.end)
        for span in suppression.covers
    ):
        return ""
    fitting = (each for each in suppression.selectors if each == finding.category or finding.code.startswith(each))
    return next(fitting, "")


def _problems(suppression: Suppression, is_known: Callable[[str], bool]) -> Iterator[tuple[Notice, str]]:
    if not suppression.selectors:
        yield MALFORMED, ""
        return
    if not suppression.reason:
        yield NO_REASON, ""
    yield from ((UNKNOWN, selector) for selector in suppression.selectors if not is_known(selector))


def _finding(document: Document, suppression: Suppression, notice: Notice, selector: str, stable_path: str) -> Finding:
    source, text = document.source, " ".join(suppression.text.split())
    stable_path = stable_path or source.path
    return Finding(
        path=source.path,
        start=source.position(suppression.place.start),
        end=source.position(suppression.place.end),
        code=notice.code,
        name=notice.name,
        category=CATEGORY,
        severity=Severity.WARNING,
        message=notice.message.replace("{selector}", selector),
        text=text,
        why=notice.why,
        instead=notice.instead,
        sources=(),
        context=text,
        context_start=0,
        fingerprint=fingerprint(notice.code, stable_path, f"{selector} {text}", 1),
        stable_path=stable_path,
        place=source.place(suppression.place.start),
        utf8_columns=(source.utf8_column(suppression.place.start), source.utf8_column(suppression.place.end)),
    )
