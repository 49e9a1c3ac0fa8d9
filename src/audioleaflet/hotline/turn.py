"""One step of a call being made: the facts it needs, and the ways in which it can end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from audioleaflet.hotline.catalogue import Catalogue, Chapter, Cue, Edition, Sound
from audioleaflet.hotline.events import Action, Count, Key, Mode, Play, Rules, Span, State, Wait
from audioleaflet.units import Ms

_SEEK = Ms(10_000)
# A # that ends a number or a code opens nothing while that is read back, and once for so long after it: some press it
# slowly, and some where it was not asked for.
_HASH_LATE = Ms(2_000)
_WARNING_S = 60  # the warning comes so long before the end


class Turn:
    """A state on its way to the next: methods change ``state`` and collect ``actions``."""

    def __init__(self, catalogue: Catalogue, rules: Rules, state: State, now: datetime) -> None:
        self.catalogue = catalogue
        self.rules = rules
        self.state = state
        self.now = now
        self.actions: list[Action] = []

    # Facts

    @property
    def edition(self) -> Edition:
        """The leaflet of this call. There must be one."""
        found = self.catalogue.edition(self.state.edition)
        assert found is not None, "Call.step lets nobody get here without a leaflet"
        return found

    @property
    def chapter(self) -> Chapter:
        """The chapter that is read."""
        return self.edition.chapter(self.state.chapter) or self.edition.chapters[0]

    @property
    def sound(self) -> Sound:
        """The sound of the chapter at the caller's rate."""
        return self.chapter.sounds[self.state.rate]

    @property
    def cue(self) -> Cue:
        """The sentence at which reading is, or goes on."""
        cues = self.sound.cues
        return next((cue for cue in cues if cue.id == self.state.cue), cues[0])

    def editions(self) -> tuple[Edition, ...]:
        """The leaflets in the caller's language."""
        return tuple(one for one in self.catalogue.editions if one.language == self.state.language)

    def readable(self) -> tuple[Chapter, ...]:
        """The chapters that are read one after the other: all but the introduction, unless it is all there is."""
        chapters = self.edition.chapters
        return tuple(chapter for chapter in chapters if chapter.number > 0) or chapters

    def neighbour(self, step: int) -> Chapter | None:
        """The chapter before (-1) or after (1) the one that is read. None before the first and after the last."""
        numbers = [chapter.number for chapter in self.readable()]
        wanted = self.state.chapter + step
        return self.edition.chapter(wanted) if wanted in numbers else None

    def prompt(self, name: str, language: str = "") -> Sound:
        """A prompt of the library, in the caller's language if none is named."""
        return self.catalogue.prompts[language or self.state.language][name]

    def own(self, *names: str) -> list[Sound]:
        """Prompts of the leaflet, those of ``names`` that it has."""
        return [self.edition.prompts[name] for name in names if name in self.edition.prompts]

    def digits(self, digits: str) -> list[Sound]:
        """Digits read out, the last with the voice going down."""
        return [self.prompt(f"digit-{digit}") for digit in digits[:-1]] + [self.prompt(f"last-digit-{digits[-1]}")]

    # What changes

    def emergency(self) -> tuple[str, ...]:
        """What to do in an emergency, in the caller's language: once in a call for each that is spoken in it."""
        if self.speaks():
            return ()
        self.set(warned=f"{self.state.warned} {self.state.language}")
        return ("emergency",)

    def speaks(self) -> bool:
        """Whether the caller's language is known: it was chosen or dialled, or is the only one."""
        return self.state.language in self.state.warned.split()

    def set(self, **changes: Any) -> None:
        """Change fields of the state."""
        self.state = replace(self.state, **changes)

    def entered(self, told: int) -> None:
        """What was entered is answered by ``told`` ms of prompts, of what was just begun: a # may still end it."""
        self.set(hash_ms=told + _HASH_LATE)

    def is_late_hash(self, key: Key, heard_ms: Ms) -> bool:
        """Whether a key is the late end of what was entered. After that is read back, one is."""
        if key != "#" or heard_ms > self.state.hash_ms or not self.state.hash_ms:
            return False
        if heard_ms >= self.state.hash_ms - _HASH_LATE:
            self.set(hash_ms=0)
        return True

    def count_key(self, key: Key) -> None:
        """A key that commands. Digits of a code or a number never come here."""
        self.actions.append(Count(what="key", label=key))

    def heard(self, heard_ms: Ms) -> Ms:
        """Note the sentence that sounds after ``heard_ms`` of what is played, and answer the place in its chapter."""
        position = Ms(self.state.from_ms + max(0, heard_ms - self.state.lead_ms))
        cues = self.sound.cues
        self.set(cue=next((cue.id for cue in reversed(cues) if cue.begin_ms <= position), cues[0].id))
        return position

    # How a step ends

    def play(self, mode: Mode, *sounds: str | Sound | Span) -> None:
        """Play prompts, by name or as they are, in ``mode``."""
        self.set(mode=mode, hash_ms=0)
        self.actions.append(Play(spans=tuple(self._whole(sound) for sound in sounds)))

    def wait(self, mode: Mode, seconds: float) -> None:
        """Wait in ``mode``."""
        self.set(mode=mode, hash_ms=0)
        self.actions.append(Wait(ms=Ms(round(seconds * 1000))))

    def read(self, *lead: str | Sound, chapter: int | None = None, cue: str | None = None) -> None:
        """Read on after some prompts: at a chapter's start, at a cue, or where reading is.

        A passage ends early where the caller has to be asked whether the call goes on.
        """
        if chapter is not None:
            self.set(chapter=chapter, cue="")
        if cue is not None:
            self.set(cue=cue)
        began_anew = chapter is not None and cue is None
        spans = [self._whole(sound) for sound in lead]
        lead_ms = sum(span.end_ms - span.begin_ms for span in spans)
        begin = Ms(0) if self.cue is self.sound.cues[0] else self.cue.begin_ms
        end = self._end(begin, lead_ms)
        self.set(mode="reading", cue=self.cue.id, lead_ms=lead_ms, from_ms=begin, until_ms=end, rounds=0)
        self.set(digits="", hash_ms=0)
        if began_anew:
            self.actions.append(Count(what="chapter-begun", label=self.label()))
        self.actions.append(Play(spans=(*spans, Span(sound=self.sound, begin_ms=begin, end_ms=end))))

    def label(self) -> str:
        """The chapter that is read, as it is counted."""
        return f"{self.state.edition}/{self.state.chapter:02}"

    def seek(self, position: Ms, step: int) -> str | None:
        """The id of the sentence to go to from ``position``: 10 s back (-1) or on (1). None: past the chapter's end."""
        cues = self.sound.cues
        if step < 0:
            return next((cue.id for cue in reversed(cues) if cue.begin_ms <= position - _SEEK), cues[0].id)
        return next((cue.id for cue in cues if cue.begin_ms >= position + _SEEK), None)

    def _end(self, begin: Ms, lead_ms: int) -> Ms:
        left_ms = (self.state.limit - _WARNING_S - self.now.timestamp()) * 1000 - lead_ms
        return next(
            (cue.end_ms for cue in self.sound.cues if cue.end_ms > begin and cue.end_ms >= begin + left_ms),
            self.sound.duration_ms,
        )

    def _whole(self, sound: str | Sound | Span) -> Span:
        if isinstance(sound, Span):
            return sound
        known = self.prompt(sound) if isinstance(sound, str) else sound
        return Span(sound=known, begin_ms=Ms(0), end_ms=known.duration_ms)
