"""What `medlint init` writes for a repository: a commented configuration, a register, a hook and a CI job."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from medlint import __version__


class Draft(NamedTuple):
    """A file to write; where there is one already, its owner is told what to add to it."""

    path: Path
    text: str
    addition: str = ""  # what an existing file lacks; "" when it needs nothing


# Where site builders keep copy, and where they put what they build from it.
_COPY_FOLDERS = ("content", "_posts", "_pages", "posts", "pages", "src/content", "src/pages", "docs", "copy")
_BUILT_FOLDERS = ("public", "_site", "dist", "build", "site", "out", ".next")


def drafts(folder: Path, jurisdictions: Sequence[str]) -> Iterator[Draft]:
    """The files for what lies in a folder."""
    copy = [name for name in _COPY_FOLDERS if (folder / name).is_dir()] or ["."]
    built = [name for name in _BUILT_FOLDERS if (folder / name).is_dir() and name not in copy]
    yield Draft(folder / ".medlint.yml", _configuration(jurisdictions, built))
    yield Draft(folder / "claims.yml", _REGISTER)
    if (folder / ".git").exists():
        hook = _hook(copy)
        yield Draft(folder / ".pre-commit-config.yaml", f"repos:\n{hook}", hook)
    if (folder / ".github").is_dir():
        yield Draft(folder / ".github" / "workflows" / "medlint.yml", _workflow(copy))
    if (folder / ".gitlab-ci.yml").is_file():
        yield Draft(folder / ".gitlab-ci.yml", "", _gitlab(copy))


def _configuration(jurisdictions: Sequence[str], built: Sequence[str]) -> str:
    excluded = "".join(f"\n  - {name}/" for name in built)
    return f"""\
# Settings of medlint, for this folder and all below it. `medlint check --show-settings` prints what holds.
# Results are kept beside this file in .medlint_cache, which ignores itself: .gitignore needs no line for it.

# Whose rules apply: us, uk, ie, eu, au, nz, ca. With several, the strictest severity wins.
jurisdictions: [{", ".join(jurisdictions)}]

# Codes (CUR001), beginnings of codes (CUR) or categories (cure); `medlint rules` lists them.
# ignore: [HYP]

# Other weights: error, warning, info. A run fails from `fail-on` up.
# severity: {{HYP: info}}
# fail-on: warning

# Also the rules that are worth a look but often innocent.
# pedantic: true

# Claims with evidence, an owner and an end date; their words are accepted.
claims: claims.yml

# Files to pass over, as in .gitignore.
exclude:{excluded or " []"}

# Columns of ad sheets and keys of string files that hold copy ("!name": that do not), beside the known ones; string
# files (JSON, YAML, properties) that are read in folders.
# columns: [Hook]
# keys: ["hero.*"]
# strings: [locales/]

# The same for keys of the front matter of pages, and for attributes of their tags.
# front-matter: ["hero.*"]
# attributes: [data-title]

# Settings of some paths, laid over those above.
# per-path:
#   - paths: [blog/]
#     ignore: [TES]

# An old site's findings, accepted with: medlint check --write-baseline medlint-baseline.json
# baseline: medlint-baseline.json
"""


_REGISTER = """\
# The register of approved claims: each with evidence, the role that answers for it, and the last day on which it holds.
claims: []
# - statement: In a trial with 312 adults, seven in ten had fewer migraine days after six months.
#   evidence:
#     - {cite: "Trial report, Table 2", url: "https://example.org/trial"}
#   approver: medical director
#   expires: 2027-06-30
"""


def _hook(copy: Sequence[str]) -> str:
    files = "" if copy == ["."] else f"\n        files: ^({'|'.join(copy)})/"
    return f"""\
  - repo: local
    hooks:
      - id: medlint
        name: medlint
        language: python
        additional_dependencies: [medlint-copy=={__version__}]
        entry: medlint check --force-exclude
        types_or: [markdown, html, plain-text]{files}
"""


def _workflow(copy: Sequence[str]) -> str:
    return f"""\
name: medlint
on: [push, pull_request]
permissions:
  contents: read
jobs:
  copy:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.13"
      - run: python -m pip install medlint-copy=={__version__}
      - run: medlint check --format github {" ".join(copy)}
"""


def _gitlab(copy: Sequence[str]) -> str:
    return f"""\
medlint:
  image: python:3.13-slim
  script:
    - python -m pip install medlint-copy=={__version__}
    - medlint check --format text --format gitlab=medlint.json {" ".join(copy)}
  artifacts:
    when: always
    reports:
      codequality: medlint.json
"""
