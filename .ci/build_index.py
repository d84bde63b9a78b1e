"""Build hook: puts the rules, ready for use, into a wheel, so that the first run on a machine need not prepare them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface[Any]):
    """Runs the checkout's own code over its own rules."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the file; an editable install has none, because its rules change."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from medlint.rulecache import SHIPPED, write_shipped

        file = Path(tempfile.mkdtemp()) / SHIPPED
        write_shipped(file)
        build_data["force_include"][str(file)] = f"medlint/_rules/{SHIPPED}"
