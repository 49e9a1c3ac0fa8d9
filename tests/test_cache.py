from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.editions import environment

from audioleaflet.cache import Cache, key_of
from audioleaflet.errors import StorageError

LONG_AGO = 1_000_000_000.0


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def path_of(cache: Cache, key: str) -> Path:
    return cache.folder / key


def got(cache: Cache, key: str) -> bytes | None:
    content = cache.get(key)
    return None if content is None else bytes(content)


def all_files(cache: Cache) -> list[Path]:
    return [path for path in cache.folder.rglob("*") if path.is_file()]


def test_what_was_put_is_got(cache: Cache) -> None:
    key = key_of(b"request")
    assert cache.get(key) is None
    for content in (b"", b"clip", b"clip" * 100_000):
        cache.put(key, content)
        assert got(cache, key) == content
        assert len(all_files(cache)) == 1
    cache.put(key, b"cl", b"", b"ip")
    assert got(cache, key) == b"clip"


@given(st.lists(st.binary(max_size=8), max_size=4), st.lists(st.binary(max_size=8), max_size=4))
def test_two_requests_share_a_key_only_when_they_are_the_same(one: list[bytes], other: list[bytes]) -> None:
    assert (key_of(*one) == key_of(*other)) == (one == other)


@pytest.mark.parametrize("damage", ["flip", "cut", "longer", "empty", "no hash"])
def test_a_damaged_entry_is_gone_and_can_be_made_again(cache: Cache, damage: str) -> None:
    key = key_of(b"request")
    cache.put(key, b"clip" * 100)
    path = path_of(cache, key)
    data = path.read_bytes()
    flipped = data[:200] + bytes([data[200] ^ 1]) + data[201:]
    damaged = {"flip": flipped, "cut": data[:-1], "longer": data + b"\0", "empty": b"", "no hash": data[:31]}
    path.write_bytes(damaged[damage])
    assert cache.get(key) is None
    assert not path.exists()
    cache.put(key, b"clip" * 100)
    assert got(cache, key) == b"clip" * 100


@pytest.mark.parametrize("place", [0, 40, 70, 82])
def test_a_damaged_head_is_gone(cache: Cache, place: int) -> None:
    key = key_of(b"request")
    cache.put(key, b"clip" * 100, head=b"head")
    path = path_of(cache, key)
    data = path.read_bytes()
    assert bytes(cache.head(key) or b"") == b"head"
    assert got(cache, key) == b"clip" * 100
    path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
    assert cache.head(key) is None
    assert not path.exists()


def test_a_head_is_read_without_its_body_but_not_without_its_end(cache: Cache) -> None:
    key = key_of(b"request")
    cache.put(key, b"clip" * 100, head=b"head")
    path = path_of(cache, key)
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"?")
    assert bytes(cache.head(key) or b"") == b"head"
    path.write_bytes(data[:-1])
    assert cache.head(key) is None


def test_a_long_head_is_read_whole(cache: Cache) -> None:
    key = key_of(b"request")
    cache.put(key, b"clip", head=b"head" * 50_000)
    assert bytes(cache.head(key) or b"") == b"head" * 50_000
    assert got(cache, key) == b"clip"


def test_no_entry_is_ever_half_there(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(b"request")
    seen: list[bytes | None] = []
    real = Path.replace

    def look_first(path: Path, target: Path) -> Path:
        seen.append(got(cache, key))
        return real(path, target)

    monkeypatch.setattr(Path, "replace", look_first)
    cache.put(key, b"clip")
    assert seen == [None]


# Pruning


def aged(cache: Cache, name: str, *, size: int = 1000, used: float) -> str:
    """An entry that an earlier process used last at ``used``, in seconds since 1970."""
    key = key_of(name.encode())
    cache.put(key, bytes(size - 80))  # two hashes of 32 bytes and two sizes of 8
    os.utime(path_of(cache, key), (used, used))
    return key


def test_pruning_drops_the_least_recently_used_until_the_rest_fits(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit_bytes=3000)
    keys = [aged(cache, str(number), used=LONG_AGO + number * 60) for number in (3, 0, 4, 1, 2)]
    cache.prune()
    assert [cache.get(key) is not None for key in keys] == [True, False, True, False, True]
    assert sum(path.stat().st_size for path in all_files(cache)) <= 3000


def test_what_fits_stays(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit_bytes=3000)
    keys = [aged(cache, str(number), used=LONG_AGO) for number in range(3)]
    cache.prune()
    assert all(cache.get(key) is not None for key in keys)


def test_being_read_is_being_used(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    writer = Cache(folder)
    first, second = (aged(writer, name, used=LONG_AGO + n) for n, name in enumerate(("first", "second")))
    Cache(folder).get(first)
    later = Cache(folder, limit_bytes=1000)
    later._since = time.time() + 60  # another process, a minute later
    later.prune()
    assert later.get(first) is not None
    assert later.get(second) is None


def test_what_this_process_used_stays_however_small_the_bound(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit_bytes=1)
    old, got, put = aged(cache, "old", used=LONG_AGO), aged(cache, "got", used=LONG_AGO), key_of(b"put")
    assert cache.get(got) is not None
    cache.put(put, b"clip")
    cache.prune()
    assert cache.get(old) is None
    assert cache.get(got) is not None
    assert cache.get(put) is not None


def test_stale_temporary_files_go_and_fresh_ones_stay(cache: Cache) -> None:
    key = aged(cache, "entry", used=LONG_AGO)
    stale, fresh = (path_of(cache, key).with_name(f"{key}.{name}.part") for name in ("1.0", "2.0"))
    for path in (stale, fresh):
        path.write_bytes(b"half")
    os.utime(stale, (LONG_AGO, LONG_AGO))
    cache.prune()
    assert not stale.exists()
    assert fresh.exists()
    assert cache.get(key) is not None


def test_what_another_process_is_writing_is_never_pruned_for_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", limit_bytes=1)
    key = aged(cache, "entry", used=LONG_AGO)
    writing = path_of(cache, key).with_name(f"{key}.1.0.part")
    writing.write_bytes(b"half")
    os.utime(writing, (time.time() - 60, time.time() - 60))
    cache.prune()
    assert writing.exists()
    assert cache.get(key) is None


def test_pruning_nothing_is_fine(cache: Cache) -> None:
    cache.prune()
    assert not cache.folder.exists()


# Several at once


def test_threads_share_it(cache: Cache) -> None:
    def work(seed: int) -> None:
        for number in range(60):
            name = str((number * (seed + 1)) % 7)
            content = name.encode() * 2000
            assert got(cache, key_of(name.encode())) in (None, content)
            cache.put(key_of(name.encode()), content)
            assert got(cache, key_of(name.encode())) == content

    with ThreadPoolExecutor(8) as pool:
        for job in [pool.submit(work, seed) for seed in range(8)]:
            job.result()
    assert len(all_files(cache)) == 7


def test_processes_share_it(cache: Cache) -> None:
    script = """
import sys
from pathlib import Path
from audioleaflet.cache import Cache, key_of
cache = Cache(Path(sys.argv[1]), limit_bytes=20_000)
for number in range(150):
    name = str(number % 9)
    content = name.encode() * 5000
    assert cache.get(key_of(name.encode())) in (None, content)
    cache.put(key_of(name.encode()), content)
    cache.prune()
"""
    command = [sys.executable, "-c", script, str(cache.folder)]
    running = [subprocess.Popen(command, env=environment()) for _ in range(3)]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    assert not [path for path in all_files(cache) if path.suffix == ".part"]


def test_an_entry_that_another_process_pruned_is_none(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(b"request")
    cache.put(key, b"clip")
    other = threading.Thread(target=path_of(cache, key).unlink)
    other.start()
    other.join()
    assert cache.get(key) is None


# The disk


def refuse(code: int) -> object:
    def call(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    return call


@pytest.mark.parametrize("where", ["open", "replace"])
def test_a_full_disk_is_said_with_the_next_step(cache: Cache, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    cache.put(key_of(b"before"), b"clip")
    monkeypatch.setattr(Path, where, refuse(errno.ENOSPC))
    with pytest.raises(StorageError, match=r"cannot use the cache in .*: No space left.*; free some space.*--cache"):
        cache.put(key_of(b"request"), b"clip")
    monkeypatch.undo()
    assert len(all_files(cache)) == 1


def test_a_cache_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "cache").touch()
    cache = Cache(tmp_path / "cache")
    with pytest.raises(StorageError, match="cannot use the cache"):
        cache.put(key_of(b"request"), b"clip")
    with pytest.raises(StorageError, match="cannot use the cache"):
        cache.get(key_of(b"request"))


def test_a_cache_that_only_reads_still_serves(cache: Cache, monkeypatch: pytest.MonkeyPatch) -> None:
    key = key_of(b"request")
    cache.put(key, b"clip")
    monkeypatch.setattr(os, "utime", refuse(errno.EROFS))
    assert got(cache, key) == b"clip"
