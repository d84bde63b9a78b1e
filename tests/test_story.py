"""The whole story: an old website of 200 pages takes medlint on, step by step, with the real git and pre-commit."""

from __future__ import annotations

import importlib.util
import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from conftest import Repository

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("pre_commit") is None or shutil.which("git") is None,
    reason="needs pre-commit and git",
)

PAGES = 200
SECTIONS = ("treatments", "blog", "team", "prices")
CALM = (
    "We open at nine and close at six on weekdays.",
    "Your first visit takes half an hour, and a doctor reads your notes beforehand.",
    "Parking is behind the building, and the tram stops in front of it.",
    "Bring a list of the medicines that you take.",
    "A peel can leave redness, swelling and, rarely, a scar.",
    "Ask your own doctor whether this treatment suits you.",
    '{{< figure src="/room.jpg" alt="The waiting room" >}}',
    "No cream cures rosacea; a good one may calm it.",
)
RISKY = (
    "Our infusion cures migraine.",
    "The new laser eliminates rosacea for good.",
    "This peel is 100% safe and has no side effects.",
    "Nine out of ten patients are free of pain after one visit.",
    "Our serum is the safest on the market.",
    "Results are guaranteed, or your money back.",
)
ACCEPTED = "<!-- medlint: ignore[CUR,DOC] quoted from the regulator's ruling of 3 May -->"


def page(number: int) -> str:
    """A page of the old site; more than half of them make a claim."""
    chance = random.Random(number)
    lines = chance.sample(CALM, 4) + chance.sample(RISKY, chance.choice((0, 0, 1, 1, 2)))
    chance.shuffle(lines)
    front = f"title: Page {number}\ndescription: What to know about room {number}.\ndraft: false"
    return f"---\n{front}\n---\n\n# Page {number}\n\n" + "\n\n".join(lines) + "\n"


@pytest.fixture
def site(git_environment: dict[str, str], tmp_path: Path) -> Repository:
    """A Hugo-like website under git, with what was built from it and a folder for GitHub."""
    site = Repository(tmp_path / "site", {**git_environment, "MEDLINT_RESULTS_DIR": ""})
    for number in range(PAGES):
        file = site.path / "content" / SECTIONS[number % len(SECTIONS)] / f"page-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page(number), "utf-8")
    for name, text in (
        ("hugo.toml", 'title = "Clinic"\n'),
        ("layouts/index.html", "<main>{{ .Content }}</main>\n"),
        ("public/index.html", "<p>Our infusion cures migraine.</p>\n"),
        (".github/CODEOWNERS", "* @clinic\n"),
    ):
        (site.path / name).parent.mkdir(parents=True, exist_ok=True)
        (site.path / name).write_text(text, "utf-8")
    site.git("init", "--quiet", "-b", "main")
    return site


def medlint(site: Repository, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A run of medlint in the site."""
    return site.run(sys.executable, "-c", "from medlint.cli import run; run()", *arguments)


def check(site: Repository, *arguments: str) -> tuple[int, list[str]]:
    """The exit code of a run, and its lines."""
    done = medlint(site, "check", "content", "--format", "concise", *arguments)
    return done.returncode, done.stdout.splitlines()


def install_hook(site: Repository, medlint_clone: Repository) -> None:
    """The hook as `medlint init` wrote it, but for the index that does not have this version yet."""
    config = site.path / ".pre-commit-config.yaml"
    content = yaml.safe_load(config.read_text("utf-8"))
    content["repos"][0]["hooks"][0]["additional_dependencies"] = [str(medlint_clone.path)]
    config.write_text(yaml.safe_dump(content), "utf-8")
    done = site.run(sys.executable, "-m", "pre_commit", "install")
    assert done.returncode == 0, done.stdout


def results(file: Path) -> list[tuple[str, bool]]:
    """Code and whether it is suppressed, of each result in a SARIF file."""
    (one,) = json.loads(file.read_text("utf-8"))["runs"]
    return [(each["ruleId"], bool(each["suppressions"])) for each in one["results"]]


def test_an_old_site_takes_medlint_on(site: Repository, medlint_clone: Repository) -> None:
    """From init to a pruned baseline: what is old stays accepted, what is new is stopped, what is mended is forgotten."""
    # Settings for what lies here: copy in content/, public/ is built from it.
    done = medlint(site, "init", "--jurisdiction", "uk")
    assert done.returncode == 0, done.stdout
    config = site.path / ".medlint.yml"
    for written in (".medlint.yml", "claims.yml", ".pre-commit-config.yaml", ".github/workflows/medlint.yml"):
        assert f"wrote {written}" in done.stdout and (site.path / written).is_file()
    assert "public/" in config.read_text("utf-8")

    # The first day.
    code, lines = check(site)
    assert code == 1 and len(lines) > PAGES and f"of {PAGES} files." in lines[-1]
    assert all(line.startswith("content/") for line in lines[:-1])

    # The second run reads what the first one found, and says the same.
    entries = {file: file.stat().st_mtime_ns for file in (site.path / ".medlint_cache").glob("*.json")}
    assert len(entries) == PAGES
    assert check(site) == (code, lines)
    assert {file: file.stat().st_mtime_ns for file in (site.path / ".medlint_cache").glob("*.json")} == entries

    # What is there is accepted; from now on only what is new counts.
    baseline = site.path / "medlint-baseline.json"
    code, said = check(site, "--write-baseline", baseline.name)
    assert (code, said[0]) == (0, f"{len(lines) - 1} findings accepted in {baseline.name}")
    assert "migraine" not in baseline.read_text("utf-8")
    config.write_text(config.read_text("utf-8").replace("# baseline:", "baseline:"), "utf-8")
    code, said = check(site)
    assert code == 0 and said == [f"No findings in {PAGES} files; {len(lines) - 1} in baseline."]

    # The site is committed under the hook, baseline and all; the cache hides itself from git.
    install_hook(site, medlint_clone)
    site.git("add", ".")
    first = site.run("git", "commit", "--quiet", "-m", "Take medlint on")
    assert first.returncode == 0, first.stdout
    assert ".medlint_cache" not in site.git("ls-files") and "content/blog/page-1.md" in site.git("ls-files")

    # A clean page passes, a risky one is stopped until somebody says why it may stand.
    new = "content/blog/new.md"
    assert site.commit({"content/blog/clean.md": "# News\n\nWe open at eight from May.\n"}).returncode == 0
    stopped = site.commit({new: "# News\n\nOur drip cures gout.\n"})
    assert stopped.returncode == 1 and f"{new}:3:10" in stopped.stdout and "CUR001" in stopped.stdout
    reasonless = site.commit({new: "# News\n\n<!-- medlint: ignore[CUR,DOC] -->\n\nOur drip cures gout.\n"})
    assert reasonless.returncode == 1 and "SUP003" in reasonless.stdout
    passed = site.commit({new: f"# News\n\n{ACCEPTED}\n\nOur drip cures gout.\n"})
    assert passed.returncode == 0, passed.stdout

    # Somebody goes round the hook, also on an old page; CI finds both, in two reports of one run.
    old = site.path / "content" / "treatments" / "page-0.md"
    late = "content/prices/late.md"
    for file in (old, site.path / late):
        with file.open("a", encoding="utf-8") as opened:
            opened.write("\nOur lotion cures eczema.\n")
    site.git("add", ".")
    site.git("commit", "--quiet", "--no-verify", "-m", "In a hurry")
    summary = site.path.parent / "summary.md"
    ci = Repository(site.path, {**site.environment, "GITHUB_STEP_SUMMARY": str(summary)})
    sarif = site.path.parent / "medlint.sarif"
    done = medlint(ci, "check", "content", "--format", "github", "--format", f"sarif={sarif}")
    assert done.returncode == 1, done.stdout
    assert f"::error file={late},line=2,endLine=2,col=12,endColumn=24,title=CUR001" in done.stdout
    assert "::error file=content/treatments/page-0.md,line=" in done.stdout
    assert late in summary.read_text("utf-8")
    found = results(sarif)
    assert found.count(("CUR001", False)) == 2 and ("CUR001", True) in found

    # A pull request is asked only about its own lines, with or without the baseline.
    code, lines = check(site, "--diff", "HEAD~1")
    assert code == 1 and sum(": CUR001 " in line for line in lines) == 2, lines
    assert {line.split(":")[0] for line in lines[:-1]} <= {late, "content/treatments/page-0.md"}
    assert check(site, "--diff", "HEAD")[0] == 0

    # An old page is mended: what the baseline held for it is named as stale, then dropped, and nothing else changes.
    site.git("reset", "--quiet", "--hard", "HEAD~1")
    before = json.loads(baseline.read_text("utf-8"))["findings"]
    mended = before[0]["path"]
    (site.path / mended).write_text("# Mended\n\nWe open at nine.\n", "utf-8")
    code, lines = check(site)
    stale = [line for line in lines if line.startswith(f"stale in {baseline}: {mended}: ")]
    assert code == 0 and len(stale) == sum(entry["path"] == mended for entry in before)
    assert check(site, "--write-baseline", baseline.name)[0] == 0
    after = json.loads(baseline.read_text("utf-8"))["findings"]
    assert after == [entry for entry in before if entry["path"] != mended]
    assert check(site)[0] == 0
    site.git("add", ".")
    last = site.run("git", "commit", "--quiet", "-m", "Mend a page")
    assert last.returncode == 0, last.stdout
