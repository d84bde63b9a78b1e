"""Where rule packs lie and which files they hold."""

from __future__ import annotations

from pathlib import Path


def bundled_pack() -> Path:
    """The folder of the rules that come with medlint, in an installed package as in a checkout."""
    installed = Path(__file__).parent / "_rules"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "rules"


def pack_files(path: Path) -> list[Path]:
    """The YAML files of a pack in a stable order, a folder's `vocab/` included; raises PackError when it has none."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise _no_pack(path, "is not a regular file" if path.exists() else "no such file or folder")
    folders = [path / "vocab", path]
    files = [
        file
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.suffix in (".yml", ".yaml")
    ]
    files.sort(key=lambda file: file.stem != "citations")  # rules refer to them
    if not files:
        raise _no_pack(path, "the folder holds no .yml or .yaml file")
    for file in files:
        if file.exists() and not file.is_file():  # a pipe or a device would never end
            raise _no_pack(file, "is not a regular file")
    return files


def _no_pack(path: Path, message: str) -> Exception:
    from medlint.schema import PackError, Place

    return PackError(message, Place(str(path), 1, 1))
