"""A new edition while the old one is being read: every answer is wholly of one edition."""

from __future__ import annotations

import http.client
import threading
import time
from hashlib import sha256

from tests.publish.site.server.conftest import SOUND, Shelf, Site, files_of

PATH = f"/bones/en/{SOUND}"
INNER = f"/bones/en/chapters/{SOUND[:-4]}-01-what.mp3"
SEEDS = (1, 2, 3)
INNERS = [(200, files_of(seed)[INNER.removeprefix("/bones/en/")]) for seed in SEEDS]
SOUNDS = {seed: files_of(seed)[SOUND] for seed in SEEDS}
VERSIONS = {seed: sha256(sound).hexdigest()[:12] for seed, sound in SOUNDS.items()}
TAGS = {f'"{sha256(sound).hexdigest()[:32]}"': sound for sound in SOUNDS.values()}


def test_no_answer_mixes_two_editions(site: Site, shelf: Shelf) -> None:
    """50 readers, while the edition is exchanged again and again."""
    ended = threading.Event()
    faults: list[str] = []
    seen: set[str] = set()

    def read(number: int) -> None:
        first = number * 9_000
        while not ended.is_set():
            reply = site.get(PATH, range=f"bytes={first}-")
            tag = reply.headers["ETag"]
            seen.add(tag)
            if reply.status != 206 or reply.body != TAGS[tag][first:]:
                faults.append(f"{number}: {reply.status}")
            reply = site.get(INNER)
            if (reply.status, reply.body) not in INNERS:
                faults.append(f"{number}: {reply.status} for a chapter")
            seed = SEEDS[number % 3]
            reply = site.get(f"{PATH}?v={VERSIONS[seed]}", range="bytes=0-99")
            if reply.status != 410 and (reply.status, reply.body) != (206, SOUNDS[seed][:100]):
                faults.append(f"{number}: {reply.status} for a version")

    readers = [threading.Thread(target=read, args=(number,)) for number in range(50)]
    for reader in readers:
        reader.start()
    end = time.monotonic() + 20
    turn = 0
    while turn < 60 or (len(seen) < len(SEEDS) and time.monotonic() < end):
        shelf.publish(files_of(SEEDS[turn % 3]))
        turn += 1
    ended.set()
    for reader in readers:
        reader.join()
    assert faults == []
    assert seen == set(TAGS)


def test_a_download_that_began_before_ends_with_the_same_edition(site: Site, shelf: Shelf) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    size = 20_000_000
    old, new = files_of(4, size), files_of(5, size)
    shelf.publish(old)
    connection.request("GET", PATH)
    response = connection.getresponse()
    begin = response.read(1000)
    shelf.publish(new)
    assert begin + response.read() == old[SOUND]
    connection.close()
    assert site.get(PATH).body == new[SOUND]


def test_a_page_of_the_old_edition_gets_no_sound_of_the_new_one(site: Site, shelf: Shelf) -> None:
    version = VERSIONS[1]
    assert site.get(f"{PATH}?v={version}").status == 200
    tag = site.get(PATH).headers["ETag"]
    shelf.publish(files_of(2))
    reply = site.get(f"{PATH}?v={version}", range="bytes=100-")
    assert (reply.status, reply.headers["Cache-Control"]) == (410, "no-store")
    assert b"This leaflet has been updated" in reply.body
    reply = site.get(PATH, range="bytes=100-", if_range=tag)  # a player that goes on with the old one's tag
    assert (reply.status, reply.body) == (200, SOUNDS[2])
