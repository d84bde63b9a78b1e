"""Tells by the name of a column or a key, and by its look, whether a value is copy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def _word_list(words: str) -> frozenset[str]:
    return frozenset(words.split())


_COPY_WORDS = _word_list(
    """
    abstract alt answer benefit benefits bio biography blurb body bullet bullets button callout callouts caption content
    copy cta description desc disclaimer excerpt faq greeting heading headline hint intro introduction label lead
    message metadesc metadescription metatitle msg notice offer paragraph placeholder preheader promise promo promotion
    question quote review sitelink slogan snippet strapline subheading subheadline subject subtitle summary tagline
    teaser testimonial text title tooltip tweet usp
    """
)
# What may stand beside them in the head of a column.
_COLUMN_WORDS = _word_list(
    """
    action ad ads advert banner call card carousel carrousel email facebook fb final first google hero html image
    instagram item landing line link linkedin long mail main meta mobile og page part post preview primary product push
    second seo service short sms social tag third to twitter video web website
    """
)
# A name that ends in one of these is about the copy, not the copy itself.
_OTHER_WORDS = _word_list(
    """
    align alignment category class classname code color colour count date enabled file filename font format group hash
    height href icon id ids image img index key kind language layout length level link links locale max min model
    number order page path performance pixel policy position price ref role score size slug sort src state status style
    target template time timestamp type uid unit uri url urls uuid variant version visible weight width
    """
)
# Languages and forms of a plural, which are keys below the name of a text.
_VARIANT = re.compile(
    r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?|default|zero|one|two|few|many|other|value|html|raw|rendered|\d+|"
)

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_WORD = re.compile(r"[^\W\d_]+")


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", name))]


def is_copy_name(name: str) -> bool:
    """Whether a column or key of that name holds copy: "Headline 1", "meta_description", "heroTitle"."""
    words = _words(name)
    return not _COPY_WORDS.isdisjoint(words) and not _is_setting(words)


def chosen(patterns: Iterable[str], *names: str) -> bool | None:
    """What the last of the patterns says that fits one of the names: copy or not; None when none fits."""
    verdict = None
    for pattern in patterns:
        fits = _pattern(pattern.removeprefix("!")).fullmatch
        if any(map(fits, names)):
            verdict = not pattern.startswith("!")
    return verdict


@lru_cache
def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, written.strip().split("*"))), re.IGNORECASE | re.DOTALL)


def is_copy_column(name: str, patterns: Iterable[str]) -> bool:
    """Whether a column holds copy: by the patterns, or else by its name."""
    verdict = chosen(patterns, name)
    return is_copy_name(name) if verdict is None else verdict


def _is_setting(words: list[str]) -> bool:
    return not _OTHER_WORDS.isdisjoint((*words[-1:], "".join(words[-2:])))  # also "fileName"


def is_column_head(cell: str) -> bool:
    """Whether a cell can be nothing but the name of a column of copy, so that its row is the head of a sheet."""
    words = _words(cell)
    return len(cell) <= _LONGEST_HEAD and is_copy_name(cell) and _COPY_WORDS.union(_COLUMN_WORDS).issuperset(words)


_LONGEST_HEAD = 40  # characters

# What only ads and mailings have; "Title" and "Description" head the columns of any table.
_AD_COLUMN = re.compile(
    r"""\b(?: (?:sub)?headlines? | callouts? | site\ ?links? | (?:sub)?title\ part | pre-?headers? | primary\ text
            | ad\ (?:body|copy|description|text|title) | (?:link|line|page)\ descriptions? | subject\ lines?
            | description\ (?:lines?\ )?\d+ | snippets? | tag\ ?lines? )\b""",
    re.VERBOSE,
)


def is_ad_column(cell: str) -> bool:
    """Whether a cell names a column that only sheets of ads and mailings have."""
    return is_column_head(cell) and _AD_COLUMN.search(" ".join(re.split(r"[\W_]+", cell.lower()))) is not None


def is_copy(path: tuple[str, ...], value: str, patterns: Iterable[str] = ()) -> bool:
    """Whether the string that these keys lead to is copy: by the patterns, its key, or having three words or more."""
    verdict = chosen(patterns, ".".join(path), path[-1]) if path else None
    if verdict is not None:
        return verdict
    if path and _is_copy_path(path):
        return True
    return not (path and _is_setting(_words(path[-1]))) and _SEVERAL_WORDS.search(value) is not None


def _is_copy_path(path: tuple[str, ...]) -> bool:
    """Whether a key or, as in `{"title": {"en": ...}}`, one above it is a name for copy."""
    *above, key = path
    return is_copy_name(key) or (bool(above) and bool(_VARIANT.fullmatch(key)) and _is_copy_path(tuple(above)))


_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)
# An address, a path, an identifier, a name that programs use, a placeholder.
_NO_WORD = re.compile(
    r"""(?: [a-z][a-z\d+.-]*:// | mailto: | tel: | www\. | [./\#~@{%$] ).*
      | [^@]+ @ [^@]+ \. \w+
      | \w* [_\\] .*
      | [\w-]+ (?: \. [\w-]+ )+
      | [a-f\d-]{16,}""",
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_NAME = 300  # characters


def holds_words(text: str) -> bool:
    """Whether a value says something: not a number, an address, an identifier."""
    words = text.split(None, 1)
    if len(words) == 1 and len(words[0]) <= _LONGEST_NAME and _NO_WORD.fullmatch(words[0]):
        return False
    return _LETTERS.search(text) is not None


def is_sentence(text: str) -> bool:
    """Whether a value is a sentence rather than a name."""
    return _SENTENCE.search(text) is not None


_SENTENCE = re.compile(r"(?:[^\W\d_]+\W+){5}[^\W\d_]+")
_SEVERAL_WORDS = re.compile(r"[^\W\d_]{2,}\W+[^\W\d_]+\W+[^\W\d_]+")
