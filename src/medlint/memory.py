"""Keeps what was made for the latest keys, so that what comes again is not made again, and forgets what is older."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Memory(Generic[_Value]):
    """The values of the latest keys: of at least `size` of them, and of no more than twice as many."""

    def __init__(self, make: Callable[[str], _Value], size: int) -> None:
        """`make` gives the value of a key that is not known."""
        self._make = make
        self._size = size
        self._young: dict[str, _Value] = {}
        self._old: dict[str, _Value] = {}  # the young ones of before; what is asked for becomes young again

    def __getitem__(self, key: str) -> _Value:
        known = self._young.get(key)
        if known is None:
            known = self._old.pop(key, None)
            if known is None:
                known = self._make(key)
            if len(self._young) >= self._size:
                self._old, self._young = self._young, {}
            self._young[key] = known
        return known
