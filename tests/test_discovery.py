"""Which files a run lints: trees of files as tables, each with what is found, what is passed over and why."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from medlint.discovery import Discovery, discover, label

SUFFIXES = (".md", ".html")
WAYS_OUT = {".rtf": "save it as .docx"}

posix_only = pytest.mark.skipif(os.name == "nt", reason="needs links, named pipes or POSIX file names")


def plant(root: Path, tree: dict[str, str]) -> None:
    """Writes a tree: `name/` is a folder, `-> target` a link, other text the content of a file."""
    for name, content in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        elif content.startswith("-> "):
            path.symlink_to(content.removeprefix("-> "))
        else:
            path.write_text(content)


def search(working_directory: Path, *paths: str, **options: object) -> Discovery:
    """What `discover` finds when Markdown and HTML are known."""
    return discover(
        paths,
        working_directory=working_directory,
        known_suffix=SUFFIXES.__contains__,
        suffixes=SUFFIXES,
        way_out=lambda suffix: WAYS_OUT.get(suffix, ""),
        **options,  # type: ignore[arg-type]
    )


def labels(found: Discovery) -> list[str]:
    """The labels of the files found, in order."""
    return [file.label for file in found.files]


@pytest.mark.parametrize(
    ("tree", "paths", "expected"),
    [
        pytest.param({"b.md": "", "a.md": "", "c/d.HTML": ""}, ["."], ["a.md", "b.md", "c/d.HTML"], id="sorted"),
        pytest.param(
            {"z.md": "", "a/y.md": "", "a/b/c.md": ""}, ["."], ["z.md", "a/y.md", "a/b/c.md"], id="files-first"
        ),
        pytest.param({"a.md": "", "b.md": ""}, ["b.md", "a.md"], ["b.md", "a.md"], id="order-of-naming"),
        pytest.param({"a.md": "", "b/c.md": ""}, ["b", ".", "a.md", "./b/c.md"], ["b/c.md", "a.md"], id="each-once"),
        pytest.param({"a.md": ""}, ["./a.md", "sub/../a.md"], ["a.md"], id="one-name"),
        pytest.param({"a.png": "", "b": "", ".md": "", "c.md.bak": ""}, ["."], [], id="unknown-formats"),
        pytest.param({".a/b.md": "", ".c.md": "", "d.md": ""}, ["."], ["d.md"], id="hidden"),
        pytest.param({".a/b.md": "", ".c.md": ""}, [".a", ".c.md"], [".a/b.md", ".c.md"], id="hidden-but-named"),
        pytest.param({"node_modules/x/a.md": "", "s/venv/b.md": "", "c.md": ""}, ["."], ["c.md"], id="dependencies"),
        pytest.param({"node_modules/x/a.md": ""}, ["node_modules/x"], ["node_modules/x/a.md"], id="dependency-named"),
        pytest.param({"dist/a.html": "", "build/b.html": ""}, ["."], ["build/b.html", "dist/a.html"], id="built-site"),
        pytest.param({"page.md/a.md": ""}, ["."], ["page.md/a.md"], id="folder-with-a-suffix"),
        pytest.param(
            {"one/a.md": "", "two/a.md": "", "a.md": ""}, ["two", "one"], ["two/a.md", "one/a.md"], id="roots"
        ),
        pytest.param({"empty/": ""}, ["empty"], [], id="empty"),
    ],
)
def test_walk(tmp_path: Path, tree: dict[str, str], paths: Sequence[str], expected: list[str]) -> None:
    """Named files come as named, folders in sorted order, files before subfolders, each file once."""
    plant(tmp_path, tree)
    (tmp_path / "sub").mkdir(exist_ok=True)
    found = search(tmp_path, *paths)
    assert labels(found) == expected
    assert [file.path.resolve() for file in found.files] == [(tmp_path / name).resolve() for name in expected]
    assert found.failures == ()


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        (".", ["here.md", "sub/there.md"]),
        ("../site", ["here.md", "sub/there.md"]),
        ("{root}/site", ["here.md", "sub/there.md"]),
        ("{root}/site/sub/there.md", ["sub/there.md"]),
        ("..", ["../above.md", "../site/here.md", "../site/sub/there.md"]),
        ("../above.md", ["../above.md"]),
        ("sub/../../above.md", ["../above.md"]),
        ("{root}/above.md", ["{root}/above.md"]),
    ],
)
def test_labels_are_relative_to_the_working_directory(tmp_path: Path, named: str, expected: list[str]) -> None:
    """A file inside the working directory goes by its path from there however it was named; others as named."""
    root = tmp_path.resolve()
    plant(root, {"above.md": "", "site/here.md": "", "site/sub/there.md": ""})
    found = search(root / "site", named.format(root=root))
    assert labels(found) == [each.format(root=root.as_posix()) for each in expected]
    assert all(file.path.is_absolute() and file.path.is_file() for file in found.files)


@pytest.mark.parametrize(
    ("path", "working_directory", "expected"),
    [
        (PureWindowsPath(r"C:\site\en\a.md"), PureWindowsPath(r"C:\site"), "en/a.md"),
        (PureWindowsPath(r"c:\Site\a.md"), PureWindowsPath(r"C:\site"), "a.md"),
        (PureWindowsPath(r"D:\other\a.md"), PureWindowsPath(r"C:\site"), "D:/other/a.md"),
        (PureWindowsPath(r"..\other\a.md"), PureWindowsPath(r"C:\site"), "../other/a.md"),
        (PurePosixPath("/site"), PurePosixPath("/site"), "."),
        (PurePosixPath("/site-two/a.md"), PurePosixPath("/site"), "/site-two/a.md"),
        (PurePosixPath("/site/odd\\name.md"), PurePosixPath("/site"), "odd\\name.md"),
    ],
)
def test_labels_have_forward_slashes(path: PurePath, working_directory: PurePath, expected: str) -> None:
    """A label has forward slashes on every system, and a backslash only where a file name has one."""
    assert label(path, working_directory) == expected


# Trees of a repository with ignore files, and the Markdown that git leaves in.
IGNORE_TREES = [
    pytest.param({".gitignore": "draft.md", "draft.md": "", "a/draft.md": "", "b.md": ""}, ["b.md"], id="name"),
    pytest.param({".gitignore": "/draft.md", "draft.md": "", "a/draft.md": ""}, ["a/draft.md"], id="anchored"),
    pytest.param({".gitignore": "out/\n", "out/a.md": "", "a/out/b.md": "", "a/b.md": ""}, ["a/b.md"], id="folder"),
    pytest.param({".gitignore": "page.md/", "page.md": "", "a/page.md/b.md": ""}, ["page.md"], id="folders-only"),
    pytest.param({".gitignore": "a/**/c.md", "a/c.md": "", "a/b/c.md": "", "c.md": ""}, ["c.md"], id="two-stars"),
    pytest.param({".gitignore": "*.md\n!keep.md", "x.md": "", "a/keep.md": ""}, ["a/keep.md"], id="negation"),
    pytest.param(
        {".gitignore": "*.md\n", "a.md": "", "docs/.gitignore": "!*.md\nx.md", "docs/b.md": "", "docs/x.md": ""},
        ["docs/b.md"],
        id="nested-negation",
    ),
    pytest.param(
        {".gitignore": "out/\n", "out/.gitignore": "!keep.md", "out/keep.md": "", "a.md": ""},
        ["a.md"],
        id="nothing-returns-from-an-ignored-folder",
    ),
    pytest.param(
        {".gitignore": "out/*\n!out/keep.md", "out/keep.md": "", "out/b.md": ""}, ["out/keep.md"], id="contents"
    ),
    pytest.param({".gitignore": "# a.md\n\n\\#b.md\n", "a.md": "", "#b.md": ""}, ["a.md"], id="comment"),
    pytest.param(
        {".gitignore": "a.md\r\nb.md  \r\n", "a.md": "", "b.md": "", "c.md": ""}, ["c.md"], id="windows-line-ends"
    ),
    pytest.param({".gitignore": "\ufeffa.md", "a.md": "", "b.md": ""}, ["b.md"], id="byte-order-mark"),
    pytest.param(
        {".gitignore": "broken\\\n[z-a]\n[[]a.md\nb.md", "[a.md": "", "b.md": "", "c.md": ""}, ["c.md"], id="odd"
    ),
    pytest.param(
        {".git/info/exclude": "own.md", "own.md": "", "a/own.md": "", "b.md": ""}, ["b.md"], id="info-exclude"
    ),
    pytest.param(
        {".git/info/exclude": "*.md", ".gitignore": "!in.md", "in.md": "", "out.md": ""}, ["in.md"], id="weaker-exclude"
    ),
    pytest.param(
        {".gitignore": "drafts/\n!docs/\n", "docs/drafts/a.md": "", "docs/b.md": ""},
        ["docs/b.md"],
        id="negated-folder",
        marks=pytest.mark.xfail(reason="pathspec lets in all below a negated folder; git asks about each folder anew"),
    ),
]


@pytest.mark.parametrize(("tree", "expected"), IGNORE_TREES)
def test_ignore_files(tmp_path: Path, tree: dict[str, str], expected: list[str]) -> None:
    """What git ignores is passed over, at every level and in git's order of precedence."""
    plant(tmp_path, {".git/": "", **tree})
    assert labels(search(tmp_path, ".")) == expected


@posix_only
@pytest.mark.skipif(shutil.which("git") is None, reason="compares with git")
@pytest.mark.parametrize(("tree", "expected"), [pytest.param(*case.values, id=case.id) for case in IGNORE_TREES])
def test_ignore_tables_agree_with_git(tmp_path: Path, tree: dict[str, str], expected: list[str]) -> None:
    """The expectations above are git's own."""
    environment = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    git = ["git", "-C", str(tmp_path)]
    subprocess.run([*git, "init", "-q"], env=environment, check=True)
    plant(tmp_path, tree)
    listing = subprocess.run(
        [*git, "ls-files", "-oz", "--exclude-standard"], env=environment, check=True, capture_output=True
    )
    assert sorted(name for name in listing.stdout.decode().split("\0") if name.endswith(".md")) == sorted(expected)


REPOSITORY = {
    ".git/": "",
    ".gitignore": "dist/\n*.draft.md",
    "dist/.gitignore": "private.md",
    "dist/page.md": "",
    "dist/sub/page.md": "",
    "dist/private.md": "",
    "docs/page.md": "",
    "docs/page.draft.md": "",
    "docs/en/.gitignore": "old.md",
    "docs/en/old.md": "",
    "docs/en/deep/old.md": "",
    "docs/en/deep/new.md": "",
}


@pytest.mark.parametrize(
    ("working_directory", "paths", "force", "expected"),
    [
        pytest.param(".", ["."], False, ["docs/page.md", "docs/en/deep/new.md"], id="root"),
        pytest.param("docs", ["."], False, ["page.md", "en/deep/new.md"], id="patterns-from-above"),
        pytest.param("docs/en/deep", ["."], False, ["new.md"], id="from-two-levels-above"),
        pytest.param("docs", ["en/deep"], False, ["en/deep/new.md"], id="from-beside"),
        pytest.param("docs", ["en/deep/old.md"], False, ["en/deep/old.md"], id="named-file"),
        pytest.param("docs", ["en/deep/old.md", "page.md"], True, ["page.md"], id="named-file-forced"),
        pytest.param(".", ["dist"], False, ["dist/page.md", "dist/sub/page.md"], id="named-folder"),
        pytest.param(".", ["dist/sub"], False, ["dist/sub/page.md"], id="named-below-an-ignored-folder"),
        pytest.param("dist", ["."], False, ["page.md", "sub/page.md"], id="inside-an-ignored-folder"),
        pytest.param(".", ["dist", "dist/page.md", "docs"], True, ["docs/page.md", "docs/en/deep/new.md"], id="forced"),
    ],
)
def test_ignored_but_named(
    tmp_path: Path, working_directory: str, paths: list[str], force: bool, expected: list[str]
) -> None:
    """Ignore files hold from the repository's root down, but not against a path that is named, unless forced."""
    plant(tmp_path, REPOSITORY)
    found = search(tmp_path / working_directory, *paths, force_exclude=force)
    assert labels(found) == expected
    assert found.failures == ()


def test_ignore_files_without_a_repository(tmp_path: Path) -> None:
    """Outside a repository the ignore files from the working directory down hold, and none above it."""
    plant(tmp_path, {".gitignore": "a.md", "w/.gitignore": "b.md", "w/s/a.md": "", "w/s/b.md": "", "w/s/c.md": ""})
    assert labels(search(tmp_path / "w", "s")) == ["s/a.md", "s/c.md"]


def test_two_repositories_keep_their_own_patterns(tmp_path: Path) -> None:
    """The ignore file of one named root says nothing about another."""
    plant(tmp_path, {"one/.git/": "", "one/.gitignore": "a.md", "one/a.md": "", "one/b.md": ""})
    plant(tmp_path, {"two/.git/": "", "two/.gitignore": "b.md", "two/a.md": "", "two/b.md": ""})
    assert labels(search(tmp_path, "one", "two")) == ["one/b.md", "two/a.md"]


EXCLUDE_TREE = {"a.md": "", "legal/a.md": "", "legal/b.draft.md": "", "en/legal/c.md": "", "en/d.draft.md": ""}


@pytest.mark.parametrize(
    ("exclude", "paths", "options", "expected"),
    [
        pytest.param(["legal"], ["."], {}, ["a.md", "en/d.draft.md"], id="name"),
        pytest.param(["/legal/"], ["."], {}, ["a.md", "en/d.draft.md", "en/legal/c.md"], id="anchored"),
        pytest.param(
            ["*.draft.md", "!d.*"], ["."], {}, ["a.md", "en/d.draft.md", "en/legal/c.md", "legal/a.md"], id="not"
        ),
        pytest.param(["legal"], ["legal"], {}, ["legal/a.md", "legal/b.draft.md"], id="named-folder"),
        pytest.param(["legal"], ["legal/a.md"], {}, ["legal/a.md"], id="named-file"),
        pytest.param(["legal"], ["legal/a.md", "legal", "a.md"], {"force_exclude": True}, ["a.md"], id="forced"),
    ],
)
def test_exclude(
    tmp_path: Path, exclude: list[str], paths: list[str], options: dict[str, object], expected: list[str]
) -> None:
    """Excluded files are passed over unless they or their folder are named; even then if forced."""
    plant(tmp_path, EXCLUDE_TREE)
    assert labels(search(tmp_path, *paths, exclude=exclude, **options)) == expected


def test_exclude_is_stronger_than_a_negated_ignore(tmp_path: Path) -> None:
    """What the user excludes no ignore file lets in again."""
    plant(tmp_path, {".git/": "", ".gitignore": "!a.md", "a.md": "", "b.md": ""})
    assert labels(search(tmp_path, ".", exclude=["a.md"])) == ["b.md"]


def test_exclude_from_another_folder(tmp_path: Path) -> None:
    """Exclude patterns mean the same from every working directory when their own folder is given."""
    plant(tmp_path, EXCLUDE_TREE)
    found = search(tmp_path / "en", ".", exclude=["/en/legal"], exclude_from=tmp_path)
    assert labels(found) == ["d.draft.md"]


def test_an_invalid_exclude_is_a_failure(tmp_path: Path) -> None:
    """A pattern that nothing could match is reported, and the others hold."""
    plant(tmp_path, EXCLUDE_TREE)
    found = search(tmp_path, ".", exclude=["legal", "en\\"])
    assert [(each.path, each.message) for each in found.failures] == [("en\\", "is not a valid exclude pattern")]
    assert labels(found) == ["a.md", "en/d.draft.md"]


def test_reasons(tmp_path: Path) -> None:
    """Whatever is passed over says why."""
    plant(tmp_path, {".git/": "", ".gitignore": "out", "out/a.md": "", "legal/a.md": "", "node_modules/a.md": ""})
    plant(tmp_path, {"photo.PNG": "", "README": "", "en/.gitignore": "/x.md", "en/x.md": ""})
    assert dict(search(tmp_path, ".", exclude=["legal"]).passed_over) == {
        ".git": "hidden",
        ".gitignore": "hidden",
        "README": "no suffix that tells its format",
        "en/.gitignore": "hidden",
        "en/x.md": "ignored by en/.gitignore",
        "legal": "excluded",
        "node_modules": "holds dependencies",
        "out": "ignored by .gitignore",
        "photo.PNG": 'unknown format ".png"',
    }


def test_what_is_taken_is_not_passed_over(tmp_path: Path) -> None:
    """A folder that one root passes over and another names is not listed as passed over."""
    plant(tmp_path, {".git/": "", ".gitignore": "out", "out/a.md": "", "b.md": ""})
    found = search(tmp_path, ".", "out")
    assert labels(found) == ["b.md", "out/a.md"]
    assert "out" not in dict(found.passed_over)


@posix_only
def test_links(tmp_path: Path) -> None:
    """Links to files and folders are followed once; loops, repetitions and dead links are passed over with a reason."""
    plant(tmp_path / "elsewhere", {"far/f.md": ""})
    plant(
        tmp_path / "site",
        {
            "a.md": "",
            "b.md": "-> a.md",
            "dead.md": "-> gone.md",
            "self.md": "-> self.md",
            "en/page.md": "",
            "en/up": "-> ..",
            "en/top": "-> ../..",
            "far": "-> ../elsewhere/far",
            "same": "-> en",
        },
    )
    found = search(tmp_path / "site", ".")
    assert labels(found) == ["a.md", "en/page.md", "far/f.md"]
    assert found.failures == ()
    reasons = dict(found.passed_over)
    assert reasons.pop("self.md").startswith("cannot be read: ")
    assert reasons == {
        "b.md": "is a.md by another name",
        "dead.md": "links to nothing",
        "en/top": "links to a folder above",
        "en/up": "links to a folder above",
        "same": "is en by another name",
    }


@posix_only
def test_dots_after_a_link_lead_where_the_system_says(tmp_path: Path) -> None:
    """`link/../page.md` is the page beside the link's target."""
    plant(tmp_path, {"site/page.md": "near", "other/page.md": "far", "other/in/": "", "site/link": "-> ../other/in"})
    found = search(tmp_path / "site", "link/../page.md")
    assert [file.path.read_text() for file in found.files] == ["far"]


@posix_only
def test_names_that_are_no_text(tmp_path: Path) -> None:
    """File names that are not UTF-8, or hold line ends, are found like any other."""
    names = [b"\xff.md", b"a\nb.md", b"c\\d.md"]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).touch()  # noqa: PTH118
    assert sorted(map(os.fsencode, labels(search(tmp_path, ".")))) == sorted(names)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("gone.md", "no such file or folder"),
        ("a.md/b.md", "no such file or folder"),
        ("nul\0.md", "cannot be read: embedded null byte"),
        ("photo.PNG", 'unknown format ".png"; medlint reads .md, .html'),
        ("README", "no suffix that tells its format; medlint reads .md, .html"),
        ("page.RTF", 'unknown format ".rtf"; save it as .docx'),
        ("", "the empty path names no file"),
        pytest.param("dead.md", "links to nothing", marks=posix_only),
        pytest.param("pipe.md", "is not a regular file", marks=posix_only),
        pytest.param("/dev/null", "is not a regular file", marks=posix_only),
    ],
)
def test_named_paths_that_cannot_be_linted(tmp_path: Path, named: str, message: str) -> None:
    """A named path that is missing, odd or of unknown format fails, and the other paths are still searched."""
    plant(tmp_path, {"a.md": "", "photo.PNG": "", "README": "", "page.RTF": ""})
    if os.name != "nt":
        plant(tmp_path, {"dead.md": "-> gone"})
        os.mkfifo(tmp_path / "pipe.md")
    found = search(tmp_path, named, "a.md")
    assert [(each.path, each.message) for each in found.failures] == [(named, message)]
    assert labels(found) == ["a.md"]


def test_drafts_that_nobody_reads_are_told_unless_they_are_left_out_anyway(tmp_path: Path) -> None:
    """A draft in a format that is not read is no photo that may go unmentioned; hidden or ignored, it is no draft."""
    tree = {"a.md": "", "b.rtf": "", "c.png": "", "in/d.RTF": "", ".e.rtf": "", "out/f.rtf": "", "g.rtf": ""}
    plant(tmp_path, {**tree, ".gitignore": "g.rtf\n"})
    found = search(tmp_path, ".", exclude=["out/"])
    reason = 'unknown format ".rtf"; save it as .docx'
    assert found.unread == (("b.rtf", reason), ("in/d.RTF", reason))
    reasons = dict(found.passed_over)
    assert (reasons["b.rtf"], reasons["c.png"]) == (reason, 'unknown format ".png"')
    assert (reasons["g.rtf"], reasons[".e.rtf"], reasons["out"]) == ("ignored by .gitignore", "hidden", "excluded")
    assert found.failures == ()


@posix_only
def test_a_pipe_on_the_way_is_passed_over(tmp_path: Path) -> None:
    """A named pipe in a folder, which would never end, is not taken for a page; nor for an ignore file."""
    plant(tmp_path, {".git/": "", "a.md": ""})
    os.mkfifo(tmp_path / "pipe.md")
    os.mkfifo(tmp_path / ".gitignore")
    found = search(tmp_path, ".")
    assert labels(found) == ["a.md"]
    assert dict(found.passed_over)["pipe.md"] == "is not a regular file"


def test_an_unreadable_folder_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be listed fails, and its neighbours are still walked."""
    plant(tmp_path, {"a/x.md": "", "locked/y.md": "", "z/z.md": ""})
    scandir = os.scandir

    def refuse_locked(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse_locked)
    found = search(tmp_path, ".")
    assert [(each.path, each.message) for each in found.failures] == [("locked", "cannot be read: Permission denied")]
    assert labels(found) == ["a/x.md", "z/z.md"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such long paths")
def test_deep_folders_do_not_exhaust_the_stack(tmp_path: Path) -> None:
    """A tree deeper than Python's call stack is walked to its end."""
    deepest = tmp_path.joinpath(*["d"] * 1200)
    folder = tmp_path
    while folder != deepest:
        folder /= "d"
        folder.mkdir()
    page = deepest / "a.md"
    page.touch()
    try:
        assert [file.path for file in search(tmp_path, ".").files] == [page]
    finally:  # pytest's own removal of old folders would exhaust the stack
        page.unlink()
        for folder in (deepest, *deepest.parents[:1199]):
            folder.rmdir()


def test_the_same_failure_is_reported_once(tmp_path: Path) -> None:
    """A missing path named twice fails once."""
    assert len(search(tmp_path, "gone.md", "gone.md").failures) == 1
