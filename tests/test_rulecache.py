"""The cache of loaded rules: it gives back what was loaded, notices every change, and never stands in the way."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from medlint import contentkey, rulecache
from medlint import rulebook as rulebook_module
from medlint.contentkey import content_key
from medlint.index import Index
from medlint.linter import Lint, Linter
from medlint.readers import FORMATS, format_for, read_document, read_text
from medlint.rule import Rule, Rulebook
from medlint.rulecache import cache_folder, load_indexed
from medlint.schema import PackError

TEXT = next(format for format in FORMATS if format.name == "text")
SEEDS = sorted((Path(__file__).parents[1] / "seeds").iterdir())

RULES = """
- code: CUR901
  name: amazes
  severity: {default: warning, uk: error}
  match: |
    {amaze} [the|your] {wonder}
    {amaze.ing} {wonder}
  regex: ['dazzl\\w+ \\d+ %']
  senses: "{amaze} light"
  along: '{wonder}'
  excused_by: {source: sentence}
  softened_by: {assertion: hedged}
  message: '"{match}" amazes.'
  why: It does not.
  instead: Do not amaze.
  sources: [{cite: Act, url: 'https://law.example/act', in: uk, checked: false}]
  precedent: [{cite: A case}]
  bad: [It amazes the doctor., Dazzling clinics., It dazzles your nurse.]
  good: [It amazes nobody., A doctor., A clinic.]
- code: HYP901
  name: miracle
  severity: info
  match: miracle
  unless: theatre
  tier: pedantic
  jurisdictions: [us, uk]
  message: A miracle.
  why: There are none.
  instead: Say what was measured.
  sources: [{cite: House style}]
  bad: [A miracle., The miracle., Our miracle.]
  good: [A., B., C.]
"""
LISTS = """
wonder: |
  doctor
  (clinic|surgery)
  {staff}
staff:
  inflect: noun
  entries: [nurse, head nurse]
amaze:
  inflect: verb
  entries: [amaze, dazzle]
spelling: |
  dazle = dazzle
"""
COPY = (
    "We dazle your nurses. It may amaze the clinic! A miracle, dazzling 40 % of all doctors. "
    "Amazing surgery at the theatre, by a miracle."
)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small pack in the place of the bundled one."""
    folder = tmp_path / "bundled"
    (folder / "vocab").mkdir(parents=True)
    (folder / "rules.yml").write_text(RULES)
    (folder / "vocab" / "lists.yml").write_text(LISTS)
    for module in (contentkey, rulecache, rulebook_module):
        monkeypatch.setattr(module, "bundled_pack", lambda: folder)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache folder that does not exist yet."""
    return tmp_path / "a" / "cache"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[list[Path]]]:
    """Which packs were loaded from YAML, run by run."""
    calls: list[list[Path]] = []
    original: Callable[..., Rulebook] = rulebook_module.load_rulebook

    def counted(packs: list[Path]) -> Rulebook:
        calls.append(packs)
        return original(packs)

    monkeypatch.setattr(rulebook_module, "load_rulebook", counted)
    yield calls


def findings(rulebook: Rulebook, index: Index, text: str = COPY) -> Lint:
    """What the rules say of a text."""
    return Linter(rulebook, index=index).lint(read_text("draft.txt", text, TEXT))


def plain(value: Any) -> Any:
    """A value with every sequence as a tuple, so that what was read from JSON compares with what was loaded."""
    if isinstance(value, str) or not hasattr(value, "__iter__"):
        return value
    if isinstance(value, frozenset):
        return value
    if hasattr(value, "items"):
        return {key: plain(each) for key, each in value.items()}
    return tuple(map(plain, value))


def without_examples(rule: Rule) -> dict[str, Any]:
    """What linting needs of a rule."""
    return {
        name: plain(value)
        for name, value in rule._asdict().items()
        if name not in ("bad", "good", "todo_bad", "todo_good")
    }


def assert_same(kept: tuple[Rulebook, Index], loaded: tuple[Rulebook, Index]) -> None:
    """Fails where a rulebook or index from the cache differs from the loaded one."""
    (kept_book, kept_index), (book, index) = kept, loaded
    assert [without_examples(rule) for rule in kept_book.rules] == [without_examples(rule) for rule in book.rules]
    assert plain(kept_book.vocabulary.lists) == plain(book.vocabulary.lists)
    for name in ("spelling", "irregular_verbs", "irregular_nouns"):
        assert plain(getattr(kept_book.vocabulary, name)) == plain(getattr(book.vocabulary, name))
    assert {slot: plain(kept_index.filed_lists[slot]) for slot in index.filed_lists} == plain(index.filed_lists)
    assert {key: plain(kept_index.filed_guards[key]) for key in index.filed_guards} == plain(index.filed_guards)
    assert plain(kept_index.requirements) == plain(index.requirements)


# It gives back what was loaded ---------------------------------------------------------------------------------------


def test_a_small_pack_comes_back_whole(pack: Path, cache: Path, loads: list[list[Path]]) -> None:
    """The second run reads no YAML and has the same rules, lists and index."""
    loaded = load_indexed([], cache)
    kept = load_indexed([], cache)
    assert loads == [[]]
    assert_same(kept, loaded)
    expected = findings(*loaded)
    assert [finding.text for finding in expected.findings] == [
        "dazle your nurses",
        "amaze the clinic",
        "miracle",
        "dazzling 40 %",
        "Amazing surgery",
    ]
    assert findings(*kept) == expected


def test_the_bundled_rules_come_back_whole(cache: Path) -> None:
    """The bundled rules and their index from the cache equal the loaded ones, and find the same in seeds."""
    loaded, kept = load_indexed([], cache), load_indexed([], cache)
    assert_same(kept, loaded)
    fresh, cached = (Linter(rulebook, index=index) for rulebook, index in (loaded, kept))
    for seed in SEEDS[::3]:
        format = format_for(seed.name)
        assert format is not None
        document = read_document(seed.name, seed.read_bytes(), format)
        assert cached.lint(document) == fresh.lint(document)


def test_without_a_folder_nothing_is_kept(pack: Path, cache: Path, loads: list[list[Path]]) -> None:
    """A run without a cache loads each time and writes nothing."""
    load_indexed([], None)
    load_indexed([], None)
    assert (len(loads), cache.exists()) == (2, False)


# It notices changes --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("rules.yml", lambda text: text.replace("match: miracle", "match: nurses")),
        ("rules.yml", lambda text: text.replace("It does not.", "It does noT.")),
        ("vocab/lists.yml", lambda text: text.replace("nurse", "nurze")),
        ("more.yml", lambda _: RULES[: RULES.index("- code: HYP901")].replace("CUR901", "CUR902")),
        ("vocab/more.yml", lambda _: "other: [word]\n"),
    ],
)
def test_a_changed_pack_is_loaded_anew(
    name: str, change: Callable[[str], str], pack: Path, cache: Path, loads: list[list[Path]]
) -> None:
    """A rule, text or list that was changed or added is seen at once."""
    load_indexed([], cache)
    file = pack / name
    status = pack.stat()
    file.write_text(change(file.read_text() if file.exists() else ""))
    os.utime(file, (status.st_atime, status.st_mtime))
    changed = load_indexed([], cache)
    assert len(loads) == 2
    assert_same(changed, load_indexed([], None))


def test_an_untouched_pack_is_not_loaded_again(pack: Path, cache: Path, loads: list[list[Path]]) -> None:
    """Only content counts: a new time stamp or a file that is no rule file changes nothing."""
    load_indexed([], cache)
    os.utime(pack / "rules.yml", (1, 1))
    (pack / "notes.txt").write_text("to do")
    load_indexed([], cache)
    assert len(loads) == 1


@pytest.fixture
def settled(pack: Path) -> Path:
    """The small pack, as if it had been written long ago."""
    for file in (*pack.glob("*.yml"), *pack.glob("vocab/*.yml")):
        os.utime(file, (1, 1))
    return pack


def test_the_checksum_of_untouched_files_is_remembered(
    settled: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second look reads none of the files."""
    first = content_key([settled], cache)
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda file: pytest.fail(f"{file} is read"))
    assert content_key([settled], cache) == first


@pytest.mark.skipif(os.name != "posix", reason="elsewhere no time is kept that a program cannot set")
def test_a_change_that_hides_is_seen(settled: Path, cache: Path) -> None:
    """A file of the same size and with its old time stamp has another checksum all the same."""
    first = content_key([settled], cache)
    rules = settled / "rules.yml"
    rules.write_text(rules.read_text().replace("It does not.", "It does noT."))
    os.utime(rules, (1, 1))
    assert content_key([settled], cache) == content_key([settled]) != first


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda pack: (pack / "more.yml").write_text("[]"), id="a new file"),
        pytest.param(lambda pack: (pack / "vocab" / "lists.yml").unlink(), id="a file less"),
        pytest.param(lambda pack: (pack / "rules.yml").write_text(RULES + "# more"), id="a longer file"),
        pytest.param(lambda pack: (pack / "rules.yml").rename(pack / "other.yml"), id="another name"),
    ],
)
def test_a_change_of_settled_files_is_seen(change: Callable[[Path], object], settled: Path, cache: Path) -> None:
    """What was remembered of a pack does not hold for another state of it."""
    first = content_key([settled], cache)
    change(settled)
    assert content_key([settled], cache) == content_key([settled]) != first


def test_nothing_is_remembered_of_files_just_written(pack: Path, cache: Path) -> None:
    """A second change could fall into the same tick of the clock."""
    content_key([pack], cache)
    assert not cache.exists()


@pytest.mark.parametrize("damage", [b"", b"\n", b"\xff\xfe", b"0.0.0 1:2:3\nabc"])
def test_a_damaged_memory_of_checksums_is_replaced(damage: bytes, settled: Path, cache: Path) -> None:
    """Whatever stands there, the checksum is that of the content, and the next run finds it mended."""
    expected = content_key([settled], cache)
    (memory,) = cache.iterdir()
    whole = memory.read_bytes()
    memory.write_bytes(damage)
    assert content_key([settled], cache) == expected
    assert memory.read_bytes() == whole


def test_a_users_pack_has_an_entry_of_its_own(pack: Path, cache: Path, tmp_path: Path, loads: list[list[Path]]) -> None:
    """Runs with and without a pack of one's own do not mix, and the pack's rules stay untrusted."""
    own = tmp_path / "own.yml"
    own.write_text(RULES[RULES.index("- code: HYP901") :].replace("HYP901", "HYP902"))
    first = [[rule.code for rule in load_indexed(packs, cache)[0].rules] for packs in ([], [own], [], [own])]
    assert first == [["CUR901", "HYP901"], ["CUR901", "HYP901", "HYP902"]] * 2
    assert len(loads) == 2
    assert [rule.trusted for rule in load_indexed([own], cache)[0].rules] == [True, True, False]


def test_a_broken_pack_is_an_error_every_time(pack: Path, cache: Path, tmp_path: Path) -> None:
    """What is refused once is not kept, and refused again."""
    own = tmp_path / "own.yml"
    own.write_text("- code: HYP902\n")
    for _ in range(2):
        with pytest.raises(PackError, match="the rule has no 'name'"):
            load_indexed([own], cache)
    with pytest.raises(PackError, match="no such file or folder"):
        load_indexed([tmp_path / "nowhere.yml"], cache)


def test_only_the_newest_are_kept(pack: Path, cache: Path) -> None:
    """The cache does not grow with every edit of a pack."""
    for number in range(9):
        (pack / "vocab" / "more.yml").write_text(f"other: [word{number}]\n")
        load_indexed([], cache)
    assert len(list(cache.iterdir())) == 6


# It never stands in the way ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: b"\n", id="an empty line"),
        pytest.param(lambda data: b"\x00" * len(data), id="zeros"),
        pytest.param(lambda data: b"\xff" + data, id="not UTF-8"),
        pytest.param(lambda data: data[: data.index(b"\n")], id="first line only"),
        pytest.param(lambda data: data[: len(data) // 4], id="a quarter"),
        pytest.param(lambda data: data[:-1], id="last byte missing"),
        pytest.param(lambda data: data[: data.index(b"\n") + 1], id="all lines but the first missing"),
        pytest.param(lambda data: data[: data.index(b"\n") // 2], id="half of the first line"),
        pytest.param(lambda data: data[:-30] + b"\xff" + data[-29:], id="a byte changed in a later line"),
        pytest.param(lambda data: b"null\n", id="null"),
        pytest.param(lambda data: b"[]\n", id="a list"),
        pytest.param(lambda data: b'"text"\n', id="a text"),
        pytest.param(lambda data: b"{}\n", id="an empty object"),
        pytest.param(lambda data: json.dumps({"version": 2, "rules": []}).encode() + b"\n", id="another tool's JSON"),
        pytest.param(lambda data: b"[" * 200_000 + b"\n", id="nested without end"),
        pytest.param(lambda data: data.replace(b'"severity":', b'"weight":'), id="another version's keys"),
    ],
)
def test_a_damaged_cache_is_replaced(
    damage: Callable[[bytes], bytes], pack: Path, cache: Path, loads: list[list[Path]]
) -> None:
    """Whatever stands in the cache, the findings are the same, there is no error, and the next run finds it mended."""
    expected = findings(*load_indexed([], cache))
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert findings(*load_indexed([], cache)) == expected
    assert file.read_bytes() == whole
    assert findings(*load_indexed([], cache)) == expected
    assert len(loads) == 2


def test_a_folder_in_the_place_of_the_file(pack: Path, cache: Path) -> None:
    """Something that cannot be replaced costs time only."""
    expected = findings(*load_indexed([], cache))
    (file,) = cache.iterdir()
    file.unlink()
    file.mkdir()
    assert findings(*load_indexed([], cache)) == expected


def test_a_file_in_the_place_of_the_folder(pack: Path, cache: Path) -> None:
    """A cache folder that cannot be made costs time only."""
    cache.parent.write_text("")
    assert findings(*load_indexed([], cache)) == findings(*load_indexed([], None))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for this user")
def test_a_read_only_folder(pack: Path, cache: Path) -> None:
    """A folder that may not be written to costs time only."""
    cache.mkdir(parents=True)
    cache.chmod(0o500)
    assert findings(*load_indexed([], cache)) == findings(*load_indexed([], None))
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("call", ["os.fdopen", "pathlib.Path.replace", "pathlib.Path.mkdir", "tempfile.mkstemp"])
@pytest.mark.parametrize("number", [errno.EROFS, errno.ENOSPC, errno.EACCES])
def test_a_failing_disk(call: str, number: int, pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full or read-only disk costs time only."""
    expected = findings(*load_indexed([], None))

    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(call, fail)
    assert findings(*load_indexed([], cache)) == expected


def test_a_failed_write_leaves_nothing_behind(pack: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half-written files do not pile up in the cache."""

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("pathlib.Path.replace", fail)
    load_indexed([], cache)
    assert list(cache.iterdir()) == []


def test_two_writers(pack: Path, cache: Path) -> None:
    """Runs that write at the same time leave one whole file, and each has the right rules."""
    expected = findings(*load_indexed([], None))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: findings(*load_indexed([], cache)), range(24)))
    assert results == [expected] * 24
    (file,) = cache.iterdir()
    assert file.suffix == ".json"
    assert findings(*load_indexed([], cache)) == expected


# Where it lies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {"HOME": "/home/w"}, "/home/w/.cache/medlint"),
        ("linux", {"HOME": "/home/w", "XDG_CACHE_HOME": "/var/c"}, "/var/c/medlint"),
        ("linux", {"HOME": "/home/w", "XDG_CACHE_HOME": ""}, "/home/w/.cache/medlint"),
        ("darwin", {"HOME": "/Users/w", "XDG_CACHE_HOME": "/var/c"}, "/Users/w/Library/Caches/medlint"),
        ("win32", {"LOCALAPPDATA": "/Users/w/Local"}, "/Users/w/Local/medlint/Cache"),
        ("linux", {"MEDLINT_CACHE_DIR": "/tmp/x", "XDG_CACHE_HOME": "/var/c"}, "/tmp/x"),
    ],
)
def test_cache_folder(platform: str, variables: dict[str, str], folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cache lies where the platform keeps caches, unless the environment names another folder."""
    for name in ("MEDLINT_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.platform", platform)
    assert cache_folder() == Path(folder)


@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_a_user_without_a_home_has_no_cache(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container may run as a user whom the system does not know, and that is no error."""

    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("MEDLINT_CACHE_DIR", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("pathlib.Path.home", no_home)
    monkeypatch.setattr("sys.platform", platform)
    assert cache_folder() is None
