"""medlint: a linter for health-marketing copy.

    from medlint import lint_path, lint_text, load_rules

`medlint.library` tells what they take and give. They are imported when they are asked for, so that the command line
starts without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medlint.library import Failure, Finding, Report, Rules, RulesError, Severity, lint_path, lint_text, load_rules

__version__ = "0.1.0"
__all__ = [
    "Failure",
    "Finding",
    "Report",
    "Rules",
    "RulesError",
    "Severity",
    "__version__",
    "lint_path",
    "lint_text",
    "load_rules",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from medlint import library

    return getattr(library, name)
