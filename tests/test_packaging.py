"""The distribution: what the built wheel holds, and that an installed medlint finds its rules and lints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SEED = ROOT / "seeds" / "laser-and-lift.md"
PYTHON = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
COMMAND = "Scripts/medlint.exe" if sys.platform == "win32" else "bin/medlint"


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a command prints, in an environment that does not know this checkout."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(
        [str(part) for part in command], cwd=folder, env=environment, text=True, encoding="utf-8",
        capture_output=True, check=False,
    )  # fmt: skip


def environment_with(folder: Path, *wanted: str | Path) -> Path:
    """A fresh virtual environment in which pip has installed what is wanted."""
    environment = folder / "venv"
    for command in (
        (sys.executable, "-m", "venv", environment),
        (environment / PYTHON, "-m", "pip", "install", "--quiet", *wanted),
    ):
        done = run(*command, folder=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return environment


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source distribution, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--outdir", folder, ROOT, folder=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def wheel(distributions: Path) -> Path:
    """The built wheel."""
    return next(distributions.glob("*.whl"))


def test_the_wheel_holds_the_package_and_all_rules_and_nothing_else(wheel: Path) -> None:
    """Every module and every rule file of the checkout is in the wheel, and the rules ready for use; no seeds or tests."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    source, rules = ROOT / "src", ROOT / "rules"
    modules = {path.relative_to(source).as_posix() for path in [*source.rglob("*.py"), source / "medlint" / "py.typed"]}
    packs = {f"medlint/_rules/{path.relative_to(rules).as_posix()}" for path in rules.rglob("*.yml")}

    assert packed == modules | packs | {"medlint/_rules/rulebook.json"}
    assert "medlint/_rules/vocab/conditions.yml" in packed


def test_the_wheel_tells_nothing_about_the_machine_that_built_it(wheel: Path) -> None:
    """The rules ready for use name their files without folders."""
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read("medlint/_rules/rulebook.json").decode("utf-8")
    assert str(ROOT) not in text and '"path":"cure.yml"' in text


def test_the_distribution_is_called_medlint_copy(wheel: Path) -> None:
    """The wheel does not go by the name that is taken on the package index."""
    assert wheel.name.startswith("medlint_copy-")


def test_the_source_distribution_can_be_tested(distributions: Path) -> None:
    """The source distribution holds what its tests read."""
    with tarfile.open(next(distributions.glob("*.tar.gz"))) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    read = {
        "action.yml",
        "README.md",
        "CONTRIBUTING.md",
        "docs/rule-pack.schema.json",
        f"seeds/{SEED.name}",
        "rules/cure.yml",
    }
    assert read <= packed


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `medlint` command of a fresh environment that holds nothing but the wheel and what it asks for."""
    return environment_with(tmp_path_factory.mktemp("installed"), wheel) / COMMAND


def test_the_installed_wheel_lints_a_seed(installed: Path, tmp_path: Path) -> None:
    """Away from the checkout, the installed command finds the claim that the seed makes."""
    done = run(installed, "check", "--select", "CUR003", "--format", "json", SEED, folder=tmp_path)
    report = json.loads(done.stdout)

    assert done.returncode == 1, done.stderr
    assert [(each["code"], each["text"]) for each in report["findings"]] == [("CUR003", "eliminates rosacea")]


def test_the_installed_wheel_checks_its_rules(installed: Path, tmp_path: Path) -> None:
    """The installed command lists the rules of the checkout, and finds the bundled pack where it was installed."""
    here = run(sys.executable, "-c", "from medlint.cli import main; main(['rules'])", folder=ROOT / "src")
    there = run(installed, "rules", folder=tmp_path)

    assert there.stdout.splitlines() == here.stdout.splitlines()
    assert "CUR001" in there.stdout


def test_an_editable_install_reads_the_rules_of_the_checkout(tmp_path: Path) -> None:
    """After `pip install --editable`, an edit in `rules/` counts at once: no copy of it is installed."""
    environment = environment_with(tmp_path, "--editable", ROOT)
    question = "from medlint.packs import bundled_pack; print(bundled_pack())"
    where = run(environment / PYTHON, "-c", question, folder=tmp_path)
    linted = run(environment / COMMAND, "check", "--select", "CUR003", SEED, folder=tmp_path)

    assert Path(where.stdout.strip()) == ROOT / "rules"
    assert linted.returncode == 1, linted.stderr
    assert not list(environment.rglob("_rules"))
