"""Build hook: makes the rules ready for use when medlint is installed, so that the first run need not prepare them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexHook(BuildHookInterface[Any]):
    """Runs the checkout's own code over its own rules."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the file to a wheel; an editable install, whose rules change, fills the user's cache as a run would."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from medlint.rulecache import SHIPPED, cache_folder, load_indexed, write_shipped

        if version == "editable":
            load_indexed((), cache_folder())
            return
        file = Path(tempfile.mkdtemp()) / SHIPPED
        write_shipped(file)
        build_data["force_include"][str(file)] = f"medlint/_rules/{SHIPPED}"
