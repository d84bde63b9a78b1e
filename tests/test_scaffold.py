"""`medlint init`: what it writes for what it finds, and that it overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from medlint import __version__
from medlint.cli import main
from medlint.config import load_config


def init(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> str:
    """What the command says in a folder."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(main, ["init", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_an_empty_folder_gets_a_configuration_and_a_register(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a repository there is no hook and no CI job; what is written can be read and used."""
    assert init(tmp_path, monkeypatch) == "wrote .medlint.yml\nwrote claims.yml\n"
    config = load_config(tmp_path / ".medlint.yml")
    assert config and config.settings.claims == tmp_path / "claims.yml" and config.exclude == ()
    (tmp_path / "page.md").write_text("Open daily.\n", "utf-8")
    assert CliRunner().invoke(main, ["check"]).output == "No findings in 1 file.\n"


def test_a_repository_gets_what_fits_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy folders, built folders and the CI that is there are found."""
    for folder in (".git", ".github", "content", "public"):
        (tmp_path / folder).mkdir()
    written = init(tmp_path, monkeypatch, "--jurisdiction", "uk", "--jurisdiction", "ie")
    names = [".medlint.yml", "claims.yml", ".pre-commit-config.yaml", ".github/workflows/medlint.yml"]
    assert written == "".join(f"wrote {name}\n" for name in names)
    config = load_config(tmp_path / ".medlint.yml")
    assert config and config.exclude == ("public/",) and config.settings.jurisdictions == ("uk", "ie")
    (repository,) = yaml.safe_load((tmp_path / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    (hook,) = repository["hooks"]
    assert hook["files"] == "^(content)/"
    assert hook["additional_dependencies"] == [f"medlint-copy=={__version__}"]
    workflow = yaml.safe_load((tmp_path / ".github/workflows/medlint.yml").read_text("utf-8"))
    assert workflow["jobs"]["copy"]["steps"][-1] == {"run": "medlint check --format github content"}


def test_a_new_gitlab_job_keeps_the_report_that_it_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is offered to a GitLab pipeline is a job whose command writes the file that it collects."""
    (tmp_path / ".gitlab-ci.yml").write_text("a: b\n", "utf-8")
    (tmp_path / "page.md").write_text("Open daily.\n", "utf-8")
    _, offered = init(tmp_path, monkeypatch).split("add to it:\n")
    job = yaml.safe_load(offered)["medlint"]
    report = job["artifacts"]["reports"]["codequality"]
    assert CliRunner().invoke(main, job["script"][-1].split()[1:]).exit_code == 0
    assert (tmp_path / report).read_text("utf-8") == "[]\n"


def test_nothing_is_overwritten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that are there stay as they are, and their owner is told what to add."""
    (tmp_path / ".git").mkdir()
    kept = {".medlint.yml": "select: [CUR]\n", ".pre-commit-config.yaml": "repos: []\n", ".gitlab-ci.yml": "a: b\n"}
    for name, text in kept.items():
        (tmp_path / name).write_text(text, "utf-8")
    said = init(tmp_path, monkeypatch)
    assert {name: (tmp_path / name).read_text("utf-8") for name in kept} == kept
    assert ".medlint.yml is there already\n" in said
    assert ".pre-commit-config.yaml is there already; add to it:\n  - repo: local\n" in said
    assert ".gitlab-ci.yml is there already; add to it:\nmedlint:\n" in said
    assert init(tmp_path, monkeypatch).count("is there already") == 4
