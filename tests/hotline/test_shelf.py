"""The shelf: what can be heard, what is left out and why, and that a call keeps what it began with."""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
from pathlib import Path

import pytest
from tests.hotline.shelves import approval, write_edition, write_library, write_noise, write_prompts

from audioleaflet.book import manifest
from audioleaflet.errors import HotlineError
from audioleaflet.hotline import shelf as shelves
from audioleaflet.hotline.catalogue import RATES
from audioleaflet.hotline.shelf import Shelf, read
from audioleaflet.settings import Settings, packaged_content, read_settings


@pytest.fixture
def settings() -> Settings:
    return read_settings(packaged_content() / "library.yaml")


@pytest.fixture
def told() -> list[str]:
    return []


def descriptors() -> int:
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_edition_is_as_its_book_says(tmp_path: Path, settings: Settings, told: list[str]) -> None:
    write_library(tmp_path)
    catalogue = read(tmp_path, settings, told.append)
    assert told == []
    (edition,) = catalogue.editions
    assert (edition.key, edition.language, edition.number, edition.state) == ("small/en", "en-US", "1", "unapproved")
    assert [chapter.number for chapter in edition.chapters] == [0, 1, 2]
    assert [cue.id for cue in edition.chapters[1].sounds[0].cues] == ["1-c1", "1-c2", "1-c3"]
    assert edition.chapters[1].sounds[0].text == " ".join(f"Sentence c{n} of chapter 1." for n in (1, 2, 3))
    assert [sound.path for sound in edition.chapters[2].sounds] == [
        tmp_path / "small" / "en" / "phone" / rate / "02-part-2.ulaw" for rate in RATES
    ]
    (contact,) = edition.contacts
    assert (contact.chapter, contact.cue, contact.digits.text) == (1, "1-c2", "number-1.")
    assert {"title", "status", "chapter-2"} <= edition.prompts.keys()
    assert {"press-7", "digit-0", "last-digit-9", "keys"} <= catalogue.prompts["en-US"].keys()


def test_its_sound_is_that_of_its_files(tmp_path: Path, settings: Settings, told: list[str]) -> None:
    write_library(tmp_path)
    shelf = Shelf(tmp_path, settings, told.append)
    assert shelf.current() is None
    assert shelf.refresh()
    loaded = shelf.current()
    assert loaded is not None
    for edition in loaded.catalogue.editions:
        for sound in (*(s for c in edition.chapters for s in c.sounds), *loaded.catalogue.prompts["en-US"].values()):
            whole = sound.path.read_bytes()
            pcm = loaded.pcm(sound)
            assert len(pcm) == len(whole) == sound.duration_ms * 8
            assert pcm[:] == whole
            assert pcm[160:320] == whole[160:320]
            assert pcm[len(whole) - 10 : len(whole) + 150] == whole[-10:]
    with pytest.raises(ValueError, match="forwards"):
        pcm[::2]


def test_approval_and_withdrawal(tmp_path: Path, settings: Settings, told: list[str]) -> None:
    write_prompts(tmp_path)
    write_edition(tmp_path, "a/en", title="A", approved=approval(review_due="2027-01-02"))
    write_edition(tmp_path, "b/en", title="B", approved=approval(review_due="2026-01-02", state="past-due"))
    write_edition(tmp_path, "c/en", title="C", withdrawn=True)
    found = {one.key: one for one in read(tmp_path, settings, told.append).editions}
    assert (found["a/en"].state, found["a/en"].review_due) == ("approved", "2027-01-02")
    assert (found["b/en"].state, found["b/en"].review_due) == ("unapproved", "")
    assert (found["c/en"].state, len(found["c/en"].chapters)) == ("withdrawn", 1)
    assert told == []


def test_numbers_are_in_order_and_each_is_of_one_edition(tmp_path: Path, settings: Settings, told: list[str]) -> None:
    write_prompts(tmp_path)
    write_prompts(tmp_path, "en-GB")
    for slug, title, number in (("a", "Zebra", "1"), ("b", "Yak", ""), ("c", "Ant", "121"), ("d", "Bee", "1")):
        write_edition(tmp_path, f"{slug}/en", title=title, number=number)
    write_edition(tmp_path, "a/en-gb", title="Zebra", number="1", language="en-GB")
    editions = read(tmp_path, settings, told.append).editions
    assert [(one.number, one.key) for one in editions] == [
        ("1", "d/en"),
        ("1", "a/en-gb"),
        ("2", "b/en"),
        ("3", "a/en"),
        ("121", "c/en"),
    ]
    assert told == [
        "a/en: its number 1 is that of d/en too; callers enter 3 for it; give one of the two another number"
    ]


def test_free_numbers_never_have_a_0() -> None:
    numbers = shelves._numbers()
    first = [next(numbers) for _ in range(12)]
    assert first == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "11", "12", "13"]


def damage_missing(edition: Path) -> None:
    (edition / "phone" / "slow" / "01-part-1.ulaw").unlink()


def damage_cut(edition: Path) -> None:
    path = edition / "phone" / "normal" / "01-part-1.ulaw"
    path.write_bytes(path.read_bytes()[:-160])


def damage_one_bit(edition: Path) -> None:
    path = edition / "phone" / "prompts" / "number-1.ulaw"
    whole = bytearray(path.read_bytes())
    whole[77] ^= 1
    path.write_bytes(whole)


def damage_book(edition: Path) -> None:
    (edition / "book.json").write_text("{", encoding="utf-8")


def change_book(edition: Path, old: str, new: str) -> None:
    path = edition / "book.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def edit_book(edition: Path, **changes: object) -> None:
    path = edition / "book.json"
    book = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**book, **changes}), encoding="utf-8")


def renditions_of(edition: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((edition / "book.json").read_text(encoding="utf-8"))["renditions"]
    return found


def drop_a_chapter_at_one_rate(edition: Path) -> None:
    slow, *others = renditions_of(edition)
    assert isinstance(slow["chapters"], list)
    edit_book(edition, renditions=[{**slow, "chapters": slow["chapters"][:-1]}, *others])


def drop_a_rate(edition: Path) -> None:
    edit_book(edition, renditions=renditions_of(edition)[1:])


def drop_the_prompts(edition: Path) -> None:
    edit_book(edition, prompts=[])


@pytest.mark.parametrize(
    ("damage", "why"),
    [
        (damage_missing, "phone/slow/01-part-1.ulaw cannot be read: No such file or directory"),
        (damage_cut, "phone/normal/01-part-1.ulaw is not as it was made"),
        (damage_one_bit, "phone/prompts/number-1.ulaw is not as it was made"),
        (damage_book, "is not a book of the format"),
        (drop_a_chapter_at_one_rate, "it has more chapters at one rate than at another"),
        (drop_a_rate, "it has telephone sound at the rates normal, fast, not slow, normal, fast"),
        (drop_the_prompts, "it has no prompt title, status, choice, chapter-0, chapter-1, …"),
        (lambda e: change_book(e, '"id": "1-c2"', '"id": "1-cX"'), "gives a number of no sentence"),
        (lambda e: change_book(e, '"codec": "ulaw"', '"codec": "alaw"'), "is alaw at 8000 Hz, not ulaw at 8000 Hz"),
        (lambda e: edit_book(e, language="not a tag"), "language: Value error, 'not a tag' is not a language tag"),
        (lambda e: change_book(e, '"path": "phone/fast/00', '"path": "fast/00'), "is not listed among its files"),
    ],
)
def test_a_damaged_edition_is_told_and_left_out(
    tmp_path: Path, settings: Settings, told: list[str], damage: object, why: str
) -> None:
    write_library(tmp_path)
    write_edition(tmp_path, "whole/en", title="Whole")
    assert callable(damage)
    damage(tmp_path / "small" / "en")
    catalogue = read(tmp_path, settings, told.append)
    assert [one.key for one in catalogue.editions] == ["whole/en"]
    assert len(told) == 1
    assert told[0].startswith("small/en: ")
    assert why in told[0]
    assert "audioleaflet build --force --formats phone" in told[0]


def test_a_sound_whose_length_the_book_has_wrong_is_left_out(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    edition = tmp_path / "small" / "en"
    slow, *others = renditions_of(edition)
    assert isinstance(slow["chapters"], list)
    slow["chapters"][1]["cues"][2]["end_ms"] -= 1
    edit_book(edition, renditions=[slow, *others])
    with pytest.raises(HotlineError):
        read(tmp_path, settings, told.append)
    assert "phone/slow/01-part-1.ulaw is not as long as the edition says" in told[0]


def test_an_edition_without_the_prompts_of_its_language_is_left_out(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    write_edition(tmp_path, "british/en-gb", language="en-GB")
    assert [one.key for one in read(tmp_path, settings, told.append).editions] == ["small/en"]
    assert told[0].startswith("british/en-gb: the line has no prompts in en-GB")


def test_prompts_that_lack_one_are_left_out(tmp_path: Path, settings: Settings, told: list[str]) -> None:
    write_edition(tmp_path)
    write_prompts(tmp_path, without=("press-7",))
    with pytest.raises(HotlineError, match="no edition that can be heard"):
        read(tmp_path, settings, told.append)
    assert told[0].startswith("phone/en-US: it has no prompt press-7; callers cannot hear it")


def test_what_has_no_telephone_sound_is_left_out_and_that_is_told(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    write_edition(tmp_path, "silent/en", rates=())
    shutil.copytree(tmp_path / "small" / "en", tmp_path / "small" / ".en.building")
    write_edition(tmp_path, "mute/en", rates=())
    assert [one.key for one in read(tmp_path, settings, told.append).editions] == ["small/en"]
    (fault,) = told
    assert fault.startswith("made without telephone sound, so callers cannot hear them: mute/en, silent/en; run ")


@pytest.mark.parametrize(
    ("folder", "step"), [("missing", "there is no folder"), (".", "run 'audioleaflet build --formats phone'")]
)
def test_nothing_to_hear_is_an_error_that_says_what_to_do(
    tmp_path: Path, settings: Settings, folder: str, step: str
) -> None:
    with pytest.raises(HotlineError, match=step):
        read(tmp_path / folder, settings, print)


def test_a_line_does_not_begin_with_another_emergency_number_than_the_settings_name(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    path = tmp_path / "phone" / "en-US" / "prompts.json"
    prompts = path.read_text(encoding="utf-8")
    assert settings.hotline.emergency_for("en-US") == "911"
    said_and_refused = (
        ("Call 911.", False),
        ("Call 112.", True),
        ("Call 9110.", True),
        ("Call 1911.", True),
        ("Call your emergency number.", True),
    )
    for said, refused in said_and_refused:
        path.write_text(prompts.replace('"Call 911."', f'"{said}"'), encoding="utf-8")
        shelf = Shelf(tmp_path, settings, told.append)
        for begin in (shelf.open, lambda: read(tmp_path, settings, told.append)):
            if refused:
                with pytest.raises(HotlineError, match=r"to call .* names 911 for en-US.* 'audioleaflet build --form"):
                    begin()
            else:
                begin()
    assert told == []


def test_the_numbers_that_stand_for_a_language_are_those_of_languages_that_are_there(
    tmp_path: Path, told: list[str]
) -> None:
    library = tmp_path / "library.yaml"
    library.write_text(
        "title: L\npublisher: P\nvoices: {en: [espeak:en-us]}\n"
        "hotline: {dialled: {+1 212 555 0100: en-us, '201': en-US, '200': es}}\n",
        encoding="utf-8",
    )
    write_library(tmp_path)
    dialled = read(tmp_path, read_settings(library), told.append).dialled
    assert dialled == dict.fromkeys(("+12125550100", "12125550100", "201", "+201"), "en-US")
    (fault,) = told
    assert fault.startswith("'hotline.dialled' has numbers for es, and no leaflet that callers can hear is in it; ")


def test_a_new_edition_is_picked_up_and_a_call_keeps_its_own(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    write_edition(tmp_path, "other/en", title="Other")
    shelf = Shelf(tmp_path, settings, told.append)
    assert shelf.refresh(0.0)
    before = shelf.current()
    assert before is not None
    sound = before.catalogue.editions[0].chapters[1].sounds[1]
    old = sound.path.read_bytes()
    assert not shelf.refresh(10.0)
    assert shelf.current() is before

    made = tmp_path / "small" / ".made"
    write_edition(tmp_path / "new", "small/en", script="1" * 64)
    (tmp_path / "small" / "en").rename(made)
    (tmp_path / "new" / "small" / "en").rename(tmp_path / "small" / "en")
    shutil.rmtree(made)
    assert not shelf.refresh(11.9), "it looks at most every 2 s"
    assert shelf.refresh(12.1)
    after = shelf.current()
    assert after is not None
    new = after.catalogue.editions[0].chapters[1].sounds[1]
    assert after.catalogue.editions[0].version == "1" * 64
    assert (sound.path, old) == (new.path, before.pcm(sound)[:])
    assert after.pcm(new)[:] == new.path.read_bytes() != old
    other = after.catalogue.editions[1].chapters[1].sounds[1]
    assert after.pcm(other) is before.pcm(other), "what has not changed is not read again"


def test_files_are_closed_with_the_last_call_that_holds_them(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    shelf = Shelf(tmp_path, settings, told.append)
    shelf.refresh(0.0)
    calls = [shelf.current()]
    held = descriptors()
    for made in range(1, 6):
        write_edition(tmp_path / f"{made}", "small/en", script=f"{made}" * 64)
        shutil.rmtree(tmp_path / "small" / "en")
        (tmp_path / f"{made}" / "small" / "en").rename(tmp_path / "small" / "en")
        assert shelf.refresh(made * 10.0)
        calls.append(shelf.current())
    an_edition = descriptors() - held
    assert an_edition > 0, "calls keep the editions that they began with"
    calls.clear()
    assert descriptors() == held


def test_a_file_that_is_cut_short_under_a_call_becomes_silence(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    shelf = Shelf(tmp_path, settings, told.append)
    shelf.refresh()
    loaded = shelf.current()
    assert loaded is not None
    sound = loaded.catalogue.editions[0].chapters[0].sounds[0]
    whole = sound.path.read_bytes()
    os.truncate(sound.path, 100)
    assert loaded.pcm(sound)[:] == whole[:100] + b"\xff" * (len(whole) - 100)


def test_what_was_damaged_is_tried_again_and_told_once(tmp_path: Path, settings: Settings, told: list[str]) -> None:
    write_library(tmp_path)
    path = tmp_path / "small" / "en" / "phone" / "slow" / "00-part-0.ulaw"
    whole = path.read_bytes()
    path.unlink()
    shelf = Shelf(tmp_path, settings, told.append)
    assert not shelf.refresh(0.0)
    assert not shelf.refresh(11.0)
    assert len(told) == 1
    path.write_bytes(whole)
    assert not shelf.refresh(20.0)
    assert shelf.refresh(22.0)
    assert shelf.current() is not None


def test_an_edition_that_is_taken_away_is_not_offered_any_more(
    tmp_path: Path, settings: Settings, told: list[str]
) -> None:
    write_library(tmp_path)
    shelf = Shelf(tmp_path, settings, told.append)
    shelf.refresh(0.0)
    shutil.rmtree(tmp_path / "small")
    assert shelf.refresh(10.0)
    assert shelf.current() is None
    assert len(told) == 1
    assert "no edition that can be heard by telephone; new calls are refused as long as that is so; run " in told[0]
    shutil.rmtree(tmp_path)
    assert not shelf.refresh(20.0)
    write_library(tmp_path)
    assert shelf.refresh(30.0)
    assert told[1:] == ["there is something to hear again; new calls are taken"]


def test_a_folder_that_cannot_be_read_does_not_end_the_line(
    tmp_path: Path, settings: Settings, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(tmp_path)
    shelf = Shelf(tmp_path, settings, told.append)

    def unreadable(_: Path) -> None:
        raise PermissionError(13, "Permission denied", "book.json")

    monkeypatch.setattr(manifest, "heal", unreadable)
    assert not shelf.refresh()
    assert told


def test_too_few_files_are_told_as_what_they_are(
    tmp_path: Path, settings: Settings, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_library(tmp_path)
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = (descriptors() + 20, limits[1])
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, few)
        assert read(tmp_path, settings, told.append).editions, "it takes as many as it may"
        resource.setrlimit(resource.RLIMIT_NOFILE, few)
        monkeypatch.setattr(shelves, "_allow_many_files", lambda: None)
        with pytest.raises(HotlineError):
            read(tmp_path, settings, told.append)
        assert "Too many open files; callers cannot hear it; let this program hold more files open" in told[0]
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def test_the_noise_of_these_tests_differs(tmp_path: Path) -> None:
    write_noise(tmp_path / "a", 20, "a")
    write_noise(tmp_path / "b", 20, "b")
    assert (tmp_path / "a").read_bytes() != (tmp_path / "b").read_bytes()
