"""The store gives back what was put into it or nothing, whatever became of its folder."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bbws_readiness.cache import store as store_module
from bbws_readiness.cache.bundle import MAX_BYTES, SMALL, Bundle
from bbws_readiness.cache.store import BLOCK, ENTRY_BYTES, Store

KEY = "0" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "readiness"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def filled(folder: Path) -> Path:
    """The file of the one entry of a new store in the folder."""
    store = Store(folder)
    store.put("kind", KEY, b"what was made")
    store.close()
    return folder / f"kind-{KEY}"


def test_an_entry_comes_back_to_a_later_run(folder: Path) -> None:
    file = filled(folder)
    assert Store(folder).get("kind", KEY) == b"what was made"
    assert Store(folder).get("other", KEY) is None
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert names(folder) == [".swept", file.name]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-1])


def grown(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"!")


def changed(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(bytes(data))


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def of_another_name(file: Path) -> None:
    other = file.with_name(f"kind-{'1' * 64}")
    store = Store(file.parent)
    store.put("kind", "1" * 64, b"something else")
    store.close()
    other.rename(file)


def linked(file: Path) -> None:
    file.rename(file.with_name("elsewhere"))
    file.symlink_to("elsewhere")


def a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def too_large(file: Path) -> None:
    with file.open("ab") as opened:
        opened.truncate(ENTRY_BYTES + 1024)


@pytest.mark.parametrize(
    "harm",
    [cut, grown, changed, emptied, of_another_name, linked, a_pipe, a_folder, too_large],
    ids=lambda one: one.__name__,
)
def test_a_damaged_entry_is_missing(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(filled(folder))
    assert Store(folder).get("kind", KEY) is None


def readable_by_others(folder: Path) -> None:
    folder.chmod(0o755)


def a_link(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to("elsewhere")


def a_file(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))
    folder.write_bytes(b"")


def of_somebody_else(folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    os.chown(folder, 12345, -1)


@pytest.mark.parametrize("harm", [readable_by_others, a_link, a_file, of_somebody_else], ids=lambda one: one.__name__)
def test_a_folder_that_is_not_the_users_alone_is_left_alone(folder: Path, harm: Callable[[Path], None]) -> None:
    filled(folder)
    harm(folder)
    before = sorted(path.name for path in folder.parent.rglob("*"))
    store = Store(folder)
    assert store.get("kind", KEY) is None
    store.put("kind", "1" * 64, b"new")
    assert not store.is_open
    assert sorted(path.name for path in folder.parent.rglob("*")) == before


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"")
    store = Store(tmp_path / "cache" / "readiness")
    store.put("kind", KEY, b"new")
    assert store.get("kind", KEY) is None
    assert not store.is_open


def test_a_full_disk_leaves_no_part_of_an_entry(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(folder)
    store = Store(folder)
    real = os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) < 2:
            raise OSError(28, "no space")
        return real(handle, bytes(data[:-1]))

    monkeypatch.setattr(store_module.os, "write", full)
    store.put("kind", "1" * 64, b"new")
    assert names(folder) == [".swept", f"kind-{KEY}"]


def test_nothing_too_large_is_kept(folder: Path) -> None:
    store = Store(folder)
    store.put("kind", KEY, b"x" * (ENTRY_BYTES + 1))
    assert not folder.exists()


def test_the_oldest_entries_and_stale_parts_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = filled(folder)
    monkeypatch.setattr(store_module, "KEPT_ENTRIES", 4)
    monkeypatch.setattr(store_module, "SWEEP_BLOCKS", 0)
    for age in range(1, 6):
        (folder / f"kind-{age}").write_bytes(b"")
        os.utime(folder / f"kind-{age}", ns=(0, file.stat().st_mtime_ns - age * 10**9))
    (folder / ".new-1-killed").write_bytes(b"")
    os.utime(folder / ".new-1-killed", (0, 0))
    (folder / ".new-2-of-a-run-now").write_bytes(b"")
    store = Store(folder)
    store.put("kind", "1" * 64, b"new")
    assert names(folder) == sorted([".new-2-of-a-run-now", ".swept", file.name, f"kind-{'1' * 64}", "kind-1"])


def test_many_runs_together_stay_within_the_bounds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them writes too little to sweep for its own sake."""
    monkeypatch.setattr(store_module, "KEPT_BYTES", 6 * BLOCK)
    monkeypatch.setattr(store_module, "SWEEP_BLOCKS", 4)
    sizes = []
    for number in range(40):
        Store(folder).put("kind", str(number), b"x" * (BLOCK - 100))
        sizes.append(sum(path.stat().st_size for path in folder.iterdir()))
    assert 8 * BLOCK < max(sizes) <= 10 * BLOCK
    assert (folder / "kind-39").exists()


def test_what_counts_the_writes_is_no_way_out_of_the_folder(folder: Path) -> None:
    filled(folder)
    (folder / ".swept").unlink()
    (folder / ".swept").symlink_to("../elsewhere")
    store = Store(folder)
    store.put("kind", "1" * 64, b"new")
    assert not store.is_open
    assert not (folder.parent / "elsewhere").exists()


def test_runs_at_the_same_time_never_see_half_an_entry(folder: Path) -> None:
    texts = [bytes([65 + number]) * 50_000 for number in range(4)]
    seen: set[bytes | None] = set()

    def run(text: bytes) -> None:
        store = Store(folder)
        for _ in range(30):
            store.put("kind", KEY, text)
            seen.add(Store(folder).get("kind", KEY))

    threads = [threading.Thread(target=run, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen <= set(texts)
    assert names(folder) == [".swept", f"kind-{KEY}"]


def entries(bundle: Bundle) -> Iterator[bytes | None]:
    return (bundle.get("kind", key) for key in "abc")


def test_a_bundle_is_one_file_that_keeps_what_was_used(folder: Path) -> None:
    first = Bundle(Store(folder), "project")
    for key, size in (("a", 1), ("b", SMALL), ("c", SMALL + 1)):
        first.put("kind", key, b"x" * size)
    assert [len(found or b"") for found in entries(first)] == [1, SMALL, SMALL + 1]
    first.close()
    assert names(folder) == [".swept", "kind-c", "project-project"]
    assert [len(found or b"") for found in entries(Bundle(Store(folder), "project"))] == [1, SMALL, SMALL + 1]
    assert [found is None for found in entries(Bundle(Store(folder), "another"))] == [True, True, False]


def test_a_full_bundle_drops_what_this_run_did_not_use(folder: Path) -> None:
    bundle = Bundle(Store(folder), "project")
    number = MAX_BYTES // SMALL
    for key in range(number - 1):
        bundle.put("kind", str(key), b"x" * SMALL)
    bundle.close()
    bundle = Bundle(Store(folder), "project")
    assert bundle.get("kind", "5")
    bundle.put("kind", "new", b"y" * SMALL)
    bundle.put("kind", "newer", b"y" * SMALL)
    bundle.close()
    after = Bundle(Store(folder), "project")
    assert all(after.get("kind", key) for key in ("5", "new", "newer"))
    assert sum(after.get("kind", str(key)) is not None for key in range(number)) < number - 1


def test_what_was_dropped_is_given_to_nobody(folder: Path) -> None:
    first = Bundle(Store(folder), "project")
    for key, size in (("a", 1), ("b", SMALL + 1), ("c", SMALL + 2)):
        first.put("kind", key, b"x" * size)
    first.close()
    second = Bundle(Store(folder), "project")
    assert second.get("kind", "b")
    second.put("kind", "d", b"y")
    second.drop()
    after = Bundle(Store(folder), "project")
    assert [after.get("kind", key) or b"" for key in "abd"] == [b""] * 3
    assert after.get("kind", "c"), "which the run has not asked for"


def test_a_bundle_of_another_form_is_none(folder: Path) -> None:
    Store(folder).put("project", "project", b"\xc1")
    assert list(entries(Bundle(Store(folder), "project"))) == [None] * 3
