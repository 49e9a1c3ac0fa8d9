"""The editions that calls began with, under a name that an address can carry.

A call keeps the editions that it began with, though we keep nothing of the call: a snapshot is named by a hash of what
it holds, and those that are no longer served stay for as long as a call may last. The name does not change when this
program starts again, nor differs between two of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from audioleaflet.hotline.catalogue import Catalogue, Sound
from audioleaflet.hotline.events import Span
from audioleaflet.hotline.twilio.segments import SAMPLES_A_MS, Spans
from audioleaflet.hotline.twilio.tickets import Stretch
from audioleaflet.units import Ms

_MOST: Final = 4  # older ones at once: each holds the files of what has changed since open
_NAME_BYTES: Final = 8


class Samples(Protocol):
    """The µ-law samples of a sound: bytes, or what is read like them."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> bytes: ...


class Loaded(Protocol):
    """Editions whose sound can be read, whatever becomes of their files."""

    @property
    def catalogue(self) -> Catalogue:
        """What can be heard."""

    def pcm(self, sound: Sound, /) -> Samples:
        """The samples of one of its sounds."""


class Shelf(Protocol):
    """Where the editions of this moment are. None: there is nothing to be heard."""

    def current(self) -> Loaded | None:
        """The editions of this moment; the same object until they change."""


class Snapshot:
    """Editions, with a number for each of their sounds."""

    def __init__(self, loaded: Loaded) -> None:
        self._loaded = loaded
        self.catalogue = loaded.catalogue
        self._sounds = tuple(dict.fromkeys(_sounds(loaded.catalogue)))
        self._numbers = {sound: number for number, sound in enumerate(self._sounds)}
        self.name = _name(loaded.catalogue, self._sounds)

    def stretches(self, spans: Sequence[Span]) -> tuple[Stretch, ...]:
        """Spans by the numbers of their sounds."""
        return tuple(self._stretch(span) for span in spans)

    def spans(self, stretches: Sequence[Stretch]) -> Spans:
        """What ``stretches`` made of spans, again."""
        return tuple(self._span(stretch) for stretch in stretches)

    def samples(self, span: Span) -> bytes:
        """The µ-law samples of a span."""
        samples = self._loaded.pcm(span.sound)
        # Milliseconds are rounded; the last ones of a sound are all that there is.
        end = len(samples) if span.end_ms == span.sound.duration_ms else span.end_ms * SAMPLES_A_MS
        return samples[span.begin_ms * SAMPLES_A_MS : end]

    def _stretch(self, span: Span) -> Stretch:
        number = self._numbers[span.sound]
        if span.begin_ms == 0 and span.end_ms == span.sound.duration_ms:
            return Stretch(sound=number)
        return Stretch(sound=number, begin_ms=span.begin_ms, end_ms=span.end_ms)

    def _span(self, stretch: Stretch) -> Span:
        sound = self._sounds[stretch.sound]
        end_ms = Ms(stretch.end_ms) if stretch.end_ms else sound.duration_ms
        return Span(sound=sound, begin_ms=Ms(stretch.begin_ms), end_ms=end_ms)


class Snapshots:
    """The editions of this moment, and those before them for ``kept_s`` seconds by ``clock``."""

    def __init__(self, shelf: Shelf, *, kept_s: float, clock: Callable[[], float]) -> None:
        self._shelf = shelf
        self._kept_s = kept_s
        self._clock = clock
        self._loaded: Loaded | None = None
        self._current: Snapshot | None = None
        self._former: dict[bytes, tuple[float, Snapshot]] = {}

    def current(self) -> Snapshot | None:
        """The editions that a call begins with now. None: there is nothing to be heard."""
        loaded = self._shelf.current()
        if loaded is not self._loaded:
            if self._current is not None:
                self._former.pop(self._current.name, None)
                self._former[self._current.name] = (self._clock() + self._kept_s, self._current)
            self._loaded, self._current = loaded, Snapshot(loaded) if loaded is not None else None
        self._forget()
        return self._current

    def named(self, name: bytes) -> Snapshot | None:
        """The editions of that name, if they are there."""
        current = self.current()
        if current is not None and current.name == name:
            return current
        return self._former[name][1] if name in self._former else None

    def _forget(self) -> None:
        over = [name for name, (until, _) in self._former.items() if until <= self._clock()]
        for name in (*over, *list(self._former)[:-_MOST]):
            self._former.pop(name, None)


def _sounds(catalogue: Catalogue) -> Iterator[Sound]:
    for language in sorted(catalogue.prompts):
        yield from _in_order(catalogue.prompts[language])
    for edition in catalogue.editions:
        for chapter in edition.chapters:
            yield from chapter.sounds
        yield from _in_order(edition.prompts)
        yield from (contact.digits for contact in edition.contacts)


def _in_order(prompts: Mapping[str, Sound]) -> Iterator[Sound]:
    return (prompts[name] for name in sorted(prompts))


def _name(catalogue: Catalogue, sounds: Sequence[Sound]) -> bytes:
    facts = [
        [[edition.key, edition.version, edition.language, edition.number] for edition in catalogue.editions],
        [
            [str(sound.path), sound.text, sound.duration_ms, [(cue.id, cue.end_ms) for cue in sound.cues]]
            for sound in sounds
        ],
    ]
    return hashlib.sha256(json.dumps(facts).encode()).digest()[:_NAME_BYTES]
