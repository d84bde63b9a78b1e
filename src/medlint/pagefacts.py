"""What a page as a whole owes its reader: the rules that look at what it says anywhere, not at one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from medlint.context import Match, PageContext, Verdict
from medlint.rule import PageCondition, Rule


def page_matches(rules: Iterable[Rule], page: PageContext, stands: Iterable[tuple[Match, Verdict]]) -> Iterator[Match]:
    """What rules of the whole page find, each once, at the claim that calls for the words the page lacks.

    Only a claim of the page's own calls for words, but a footer that says them has said them.
    """
    calling = (match for match, verdict in stands if not (verdict.softened or match.in_chrome))
    claims = sorted(calling, key=lambda match: match.place)
    for rule in rules:
        if rule.page and (claim := _claim_that_calls(rule.page, page, claims)):
            yield claim._replace(rule=rule)


def _claim_that_calls(condition: PageCondition, page: PageContext, claims: Sequence[Match]) -> Match | None:
    """The claim because of which the page owes the words; none on a page that says them or makes no such claim."""
    calling = [match for match in claims if match.rule.category in condition.claims]
    if not calling or page.names(condition.lacks) or (condition.unless and page.names(condition.unless)):
        return None
    if not condition.about:
        return calling[0]
    beside = (match for match in calling if page.names_in(match.sentence.block_text, condition.about))
    return next(beside, calling[0] if page.is_about(condition.about) else None)
