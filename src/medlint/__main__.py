"""`python -m medlint` is the command `medlint`."""

from __future__ import annotations

from medlint.cli import run

if __name__ == "__main__":
    run()
