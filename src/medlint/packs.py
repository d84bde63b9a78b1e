"""Where rule packs lie and which files they hold."""

from __future__ import annotations

from pathlib import Path

from medlint.regularfiles import why_unreadable


def bundled_pack() -> Path:
    """The folder of the rules that come with medlint, in an installed package as in a checkout."""
    installed = Path(__file__).parent / "_rules"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "rules"


def pack_files(path: Path) -> list[Path]:
    """The YAML files of a pack in a stable order, a folder's `vocab/` included; raises PackError when it has none."""
    if wrong := why_unreadable(path):
        raise _no_pack(path, wrong)
    if path.is_file():
        return [path]
    try:
        files = _files_of_folder(path)
    except OSError as error:
        raise _no_pack(path, f"cannot be read: {error.strerror}") from None
    if not files:
        raise _no_pack(path, "the folder holds no .yml or .yaml file")
    return files


def _files_of_folder(path: Path) -> list[Path]:
    folders = [path / "vocab", path]
    files = [
        file
        for folder in folders
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if file.suffix in (".yml", ".yaml")
    ]
    files.sort(key=lambda file: file.stem != "citations")  # rules refer to them
    return files


def _no_pack(path: Path, message: str) -> Exception:
    from medlint.schema import PackError, Place

    return PackError(message, Place(str(path), 1, 1))
