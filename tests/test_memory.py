"""What was made for the latest keys is not made again, and what is older is let go."""

from __future__ import annotations

from medlint.memory import Memory


def test_the_latest_keys_are_made_once() -> None:
    """As many as the memory has room for, asked for again and again."""
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key.upper()

    memory = Memory(make, 3)
    for key in "abcabcabc":
        assert memory[key] == key.upper()
    assert made == ["a", "b", "c"]


def test_a_key_that_keeps_coming_is_never_made_again() -> None:
    """However many others come between."""
    made: list[str] = []

    def make(key: str) -> str:
        made.append(key)
        return key

    memory = Memory(make, 3)
    for number in range(50):
        assert memory["banner"] == "banner"
        assert memory[f"page {number}"] == f"page {number}"
    assert made.count("banner") == 1


def test_older_keys_are_forgotten() -> None:
    """It never holds more than twice its size."""

    class Value:
        alive = 0

        def __init__(self) -> None:
            Value.alive += 1

        def __del__(self) -> None:
            Value.alive -= 1

    memory = Memory(lambda key: Value(), 10)
    for number in range(1000):
        memory[str(number)]
        assert Value.alive <= 20
    assert Value.alive >= 10
