"""The pre-commit hook: the real pre-commit runs it from a clone of this repository on a scratch repository."""

from __future__ import annotations

import importlib.util
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from conftest import Repository
from medlint.readers import format_for, known_suffixes

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / ".pre-commit-hooks.yaml"

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pre_commit") is None or shutil.which("git") is None,
    reason="needs pre-commit and git",
)

RISKY = "# Migraine\n\nOur infusion cures migraine.\n"
CLEAN = "# Migraine\n\nNo infusion cures migraine.\n"


@pytest.fixture
def site(medlint_clone: Repository, git_environment: dict[str, str], tmp_path: Path) -> Repository:
    """A scratch repository with the hook installed, set up as the README says."""
    scratch = Repository(tmp_path / "site", git_environment)
    scratch.path.mkdir()
    scratch.git("init", "--quiet")
    snippet = re.search(r"```yaml\n(repos:\n.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert snippet
    config = yaml.safe_load(snippet[1])
    config["repos"][0].update(repo=str(medlint_clone.path), rev=medlint_clone.git("rev-parse", "HEAD").strip())
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


def test_no_name_passes_for_a_flag(site: Repository) -> None:
    """A page that is called like a flag is linted like any other, and nothing is written where it says."""
    stopped = site.commit({"-oreport.md": RISKY, "--exit-zero.md": CLEAN})
    assert stopped.returncode == 1, stopped.stdout
    assert "-oreport.md:3:14" in stopped.stdout
    assert not (site.path / "report.md").exists()


def test_the_manifest_is_one_pre_commit_accepts(medlint_clone: Repository) -> None:
    """Pre-commit finds nothing to say against the hook's definition."""
    done = medlint_clone.run(sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
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
    if suffix in (".csv", ".tsv", ".po", ".eml", ".wxr"):
        kind = "medlint-sheets"
    # Most of the last four are settings, which a user names who keeps copy in them.
    untold = (".text", ".mdown", ".mkd", ".json", ".yml", ".yaml", ".properties", ".xml")
    # A pre-commit that is older than its names for these refuses a hook that says them.
    unnamed = (
        *(".qmd", ".astro", ".liquid", ".jinja", ".jinja2", ".j2", ".njk", ".nunjucks", ".twig", ".hbs"),
        *(".handlebars", ".mustache", ".erb", ".ejs", ".php"),
    )
    assert reached == ([] if suffix in (*untold, *unnamed) else [kind])


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
