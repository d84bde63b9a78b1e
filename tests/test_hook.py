"""The pre-commit hook: the real pre-commit runs it from a clone of this repository on a scratch repository."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from medlint.readers import format_for, known_suffixes

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pre_commit") is None or shutil.which("git") is None,
    reason="needs pre-commit and git",
)

RISKY = "# Migraine\n\nOur infusion cures migraine.\n"
CLEAN = "# Migraine\n\nNo infusion cures migraine.\n"


class Repository(NamedTuple):
    """A git repository whose commands know nothing of the tester's own settings."""

    path: Path
    environment: dict[str, str]

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """What a command prints in the repository, both streams together."""
        return subprocess.run(
            [str(part) for part in command], cwd=self.path, env=self.environment, text=True, encoding="utf-8",
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip

    def git(self, *arguments: str | Path) -> str:
        """What git prints; it must succeed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def commit(self, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Writes and stages files, even those that git ignores, and tries to commit them."""
        for name, text in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
            self.git("add", "--force", name)
        return self.run("git", "commit", "--quiet", "-m", "Copy")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment with git and pre-commit settings of its own."""
    folder = tmp_path_factory.mktemp("settings")
    config = folder / "gitconfig"
    config.write_text("[user]\nname = Writer\nemail = writer@example.org\n[safe]\ndirectory = *\n")
    others = ("GIT_", "PRE_COMMIT", "PYTHONPATH")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(others)},
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "PRE_COMMIT_HOME": str(folder / "pre-commit"),
        "MEDLINT_CACHE_DIR": str(folder / "cache"),
    }


@pytest.fixture(scope="module")
def medlint(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A clone of this repository, brought up to the files of the working tree."""
    clone = Repository(tmp_path_factory.mktemp("clone") / "medlint", settings)
    here = Repository(ROOT, settings)
    if (ROOT / ".git").exists():
        here.git("clone", "--quiet", "--no-hardlinks", ROOT, clone.path)
        listed = here.git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
        files = [ROOT / name for name in listed if name]
    else:  # a source distribution
        here.git("init", "--quiet", clone.path)
        files = [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", "__pycache__"} & set(path.parts)]
    for file in files:
        copy = clone.path / file.relative_to(ROOT)
        copy.unlink(missing_ok=True)
        if file.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy)
    clone.git("add", "--all")
    clone.git("commit", "--quiet", "--allow-empty", "-m", "The working tree")
    return clone


@pytest.fixture
def site(medlint: Repository, settings: dict[str, str], tmp_path: Path) -> Repository:
    """A scratch repository with the hook installed, set up as the README says."""
    scratch = Repository(tmp_path / "site", settings)
    scratch.path.mkdir()
    scratch.git("init", "--quiet")
    snippet = re.search(r"```yaml\n(repos:\n.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert snippet
    config = yaml.safe_load(snippet[1])
    config["repos"][0].update(repo=str(medlint.path), rev=medlint.git("rev-parse", "HEAD").strip())
    (scratch.path / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    scratch.git("add", ".pre-commit-config.yaml")
    done = scratch.run(sys.executable, "-m", "pre_commit", "install")
    assert done.returncode == 0, done.stdout
    return scratch


def test_the_hook_stops_a_risky_page_and_lets_a_clean_one_pass(site: Repository) -> None:
    """A commit of a risky page fails and says where and why; once the claim is gone, the same commit passes."""
    stopped = site.commit({"content/migraine.md": RISKY})
    assert stopped.returncode == 1, stopped.stdout
    assert "content/migraine.md:3:14" in stopped.stdout
    assert "CUR001" in stopped.stdout

    passed = site.commit({"content/migraine.md": CLEAN})
    assert passed.returncode == 0, passed.stdout
    assert "content/migraine.md" in site.git("ls-files")


def test_the_hook_looks_at_copy_only(site: Repository) -> None:
    """Files of other kinds never reach medlint, which would refuse them."""
    passed = site.commit(
        {"LICENSE": RISKY, "styles.css": RISKY, "notes.txt.bak": RISKY, "contact.txt": "Open from nine."}
    )
    assert passed.returncode == 0, passed.stdout


def test_a_commit_of_excluded_pages_only_passes(site: Repository) -> None:
    """Pages that the hook's arguments exclude do not stop a commit, even when it holds nothing else."""
    config = site.path / ".pre-commit-config.yaml"
    content = yaml.safe_load(config.read_text("utf-8"))
    content["repos"][0]["hooks"][0]["args"] = ["--exclude", "drafts/"]
    config.write_text(yaml.safe_dump(content), "utf-8")
    site.git("add", config.name)

    passed = site.commit({"drafts/migraine.md": RISKY})
    assert passed.returncode == 0, passed.stdout


def test_the_manifest_is_one_pre_commit_accepts(medlint: Repository) -> None:
    """Pre-commit finds nothing to say against the hook's definition."""
    done = medlint.run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("suffix", known_suffixes())
def test_a_hook_passes_every_format_that_pre_commit_can_tell(suffix: str, tmp_path: Path) -> None:
    """Each suffix medlint reads reaches one hook, but for a few that pre-commit has no name for."""
    from identify.identify import tags_from_path

    format = format_for(f"page{suffix}")
    assert format
    page = tmp_path / f"page{suffix}"
    page.write_bytes(b"Calm skin." if format.is_text else b"PK\x03\x04\x00\xff")
    tags = tags_from_path(str(page))
    reached = [
        hook["id"]
        for hook in yaml.safe_load(MANIFEST.read_text("utf-8"))
        if tags & set(hook.get("types_or", tags)) and set(hook.get("types", ())) <= tags
        if re.search(hook["files"], f"content/{page.name}")
    ]
    kind = "medlint" if format.is_text else "medlint-documents"
    assert reached == ([] if suffix in (".text", ".mdown", ".mkd") else [kind])


def test_the_hook_for_documents_reads_word_and_pdf(site: Repository) -> None:
    """A commit of risky drafts fails and says where, with all that the formats need installed."""
    config = site.path / ".pre-commit-config.yaml"
    content = yaml.safe_load(config.read_text("utf-8"))
    content["repos"][0]["hooks"][0]["id"] = "medlint-documents"
    config.write_text(yaml.safe_dump(content), "utf-8")
    site.git("add", config.name)
    for name in ("libreoffice-claims.docx", "libreoffice-claims.pdf"):
        shutil.copy(ROOT / "tests" / "samples" / name, site.path / name)
        site.git("add", name)

    stopped = site.run("git", "commit", "--quiet", "-m", "Drafts")
    assert stopped.returncode == 1, stopped.stdout
    assert "libreoffice-claims.docx:2:14 (paragraph 2)" in stopped.stdout
    assert "(page 1, line 2)" in stopped.stdout
