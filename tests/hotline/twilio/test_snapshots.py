"""Editions by name: how long they are kept, and what tells them apart."""

from __future__ import annotations

from dataclasses import replace

from tests.hotline.catalogues import catalogue, edition
from tests.hotline.twilio.exchange import Noise, Shelf

from audioleaflet.hotline.events import Span
from audioleaflet.hotline.twilio.snapshots import Snapshot, Snapshots
from audioleaflet.units import Ms


def test_the_name_is_of_what_can_be_heard_alone() -> None:
    name = Snapshot(Noise(catalogue())).name
    assert Snapshot(Noise(catalogue())).name == name
    shorter = replace(edition(), chapters=edition().chapters[:-1])
    for other in (edition(version="v2"), edition(number="2"), shorter):
        assert Snapshot(Noise(catalogue(other))).name != name


def test_every_sound_has_a_number_and_comes_back() -> None:
    shelf = catalogue(edition(), edition("two/en", number="2"))
    snapshot = Snapshot(Noise(shelf))
    sounds = [sound for one in shelf.editions for chapter in one.chapters for sound in chapter.sounds]
    sounds += [sound for one in shelf.editions for sound in one.prompts.values()]
    sounds += [contact.digits for one in shelf.editions for contact in one.contacts]
    sounds += shelf.prompts["en-US"].values()
    spans = tuple(Span(sound=sound, begin_ms=Ms(0), end_ms=sound.duration_ms) for sound in sounds)
    spans += tuple(Span(sound=sound, begin_ms=Ms(10), end_ms=Ms(20)) for sound in sounds)
    assert snapshot.spans(snapshot.stretches(spans)) == spans


def test_former_editions_are_kept_for_a_time_and_not_too_many_of_them() -> None:
    moment = [0.0]
    shelf = Shelf(Noise(catalogue()))
    snapshots = Snapshots(shelf, kept_s=100, clock=lambda: moment[0])
    names = []
    for version in range(7):
        shelf.loaded = Noise(catalogue(edition(version=f"v{version}")))
        current = snapshots.current()
        assert current is not None
        names.append(current.name)
    assert [snapshots.named(name) is not None for name in names] == [False, False, True, True, True, True, True]
    shelf.loaded = None
    assert snapshots.current() is None
    assert snapshots.named(names[-1]) is not None
    moment[0] = 100.0
    assert [snapshots.named(name) for name in names] == [None] * 7


def test_the_last_samples_of_a_sound_are_not_lost_to_rounding() -> None:
    noise = Noise(catalogue())
    sound = noise.catalogue.prompts["en-US"]["keys"]
    noise.made[sound] = bytes(8003)
    snapshot = Snapshot(noise)
    assert len(snapshot.samples(Span(sound=sound, begin_ms=Ms(0), end_ms=sound.duration_ms))) == 8003
    assert len(snapshot.samples(Span(sound=sound, begin_ms=Ms(100), end_ms=Ms(200)))) == 800
