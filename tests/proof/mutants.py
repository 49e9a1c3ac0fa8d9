"""Editions whose sound is not what their script says: what a verification must notice."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from audioleaflet import pipeline
from audioleaflet.book import manifest, telephone
from audioleaflet.book.model import Book, Chapter, Cue, Prompt
from audioleaflet.script import stored
from audioleaflet.sound import ffmpeg, mp3
from audioleaflet.sound import telephone as telephone_sound
from audioleaflet.sound.g711 import ULAW_SILENCE
from audioleaflet.units import Hz

DOSES = Path(__file__).parent / "doses.txt"
PCM = NDArray[np.int16]
Told = TypeVar("Told", Chapter, Prompt)
_MARK = re.compile(r"\{([^|}]*)\|([^}]*)\}")
_SECTION = 12
_LIBRARY = """\
title: Test library
publisher: Test Trust
voices:
  {language}: ["{voice}"]
"""
_LEAFLET = """\
identifier: urn:uuid:4f3c2c1e-52a4-4a53-9d57-0f6b8f2d1a10
title: Doses and warnings
language: {language}
version: "1.0"
publisher: Test Trust
licence: CC-BY-4.0
sections:
"""


def sentences(wrong: int = -1, path: Path = DOSES) -> list[str]:
    """The sentences as written; with ``wrong``, each has its mark of that number, counted from 0, as it is not."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [_said(line, wrong) for line in lines]


def _said(line: str, wrong: int) -> str:
    numbers = iter(range(len(line)))
    text = _MARK.sub(lambda mark: mark[2] if next(numbers) == wrong else mark[1], line)
    return text[:1].upper() + text[1:]


def build(
    texts: Sequence[str],
    folder: Path,
    *,
    cache: Path,
    voice: str = "espeak:en-us",
    formats: tuple[str, ...] = ("mp3",),
) -> Path:
    """The edition of a leaflet of ``texts``, a paragraph each, a dozen a section."""
    language = "en-GB" if "gb" in voice else "en-US"
    leaflet = folder / "content" / "doses" / "en.yaml"
    leaflet.parent.mkdir(parents=True, exist_ok=True)
    (leaflet.parent.parent / "library.yaml").write_text(_LIBRARY.format(language=language, voice=voice))
    parts = [_LEAFLET.format(language=language)]
    for first in range(0, len(texts), _SECTION):
        parts.append(f"  - id: part-{first}\n    title: Part of the leaflet\n    text: |\n")
        parts += [f"      {text}\n\n" for text in texts[first : first + _SECTION]]
    leaflet.write_text("".join(parts), encoding="utf-8")
    return pipeline.build(leaflet, output=folder / "audio", cache=cache, formats=formats).folder


def disguise(sound: Path, script: Path) -> set[str]:
    """Give the edition ``sound`` the script and texts of ``script``; answer the ids of cues that say something else."""
    said = _different(sound, script)
    book, texts = manifest.load(sound), _shown(script)
    shutil.copyfile(script / stored.FILE, sound / stored.FILE)
    changes = {"chapters": tuple(_told(one, texts) for one in book.chapters)} | _telephone(book, manifest.load(script))
    manifest.save(book.model_copy(update=changes), sound)
    return said


def connect(edition: Path, sound: Path) -> set[str]:
    """Give ``edition`` the telephone sound of ``sound`` as its own; answer the ids of cues that say something else."""
    said, book = _different(sound, edition), manifest.load(edition)
    changes = _telephone(manifest.load(sound), book)
    shutil.rmtree(edition / telephone.FOLDER)
    shutil.copytree(sound / telephone.FOLDER, edition / telephone.FOLDER)
    manifest.save(book.model_copy(update=changes), edition)
    return said


def _different(sound: Path, script: Path) -> set[str]:
    said, written = ({one.id: one.spoken for one in stored.load(at).utterances()} for at in (sound, script))
    return {name for name, spoken in said.items() if spoken != written[name]}


def _shown(script: Path) -> dict[str, str]:
    return {one.id: one.shown for one in stored.load(script).utterances()}


def _telephone(sound: Book, script: Book) -> dict[str, object]:
    """The telephone sound of one book with the texts of another."""
    shown = {cue.id: cue.text for chapter in script.chapters for cue in chapter.cues}
    prompts = {one.name: one for one in script.prompts}
    asked = {cue.id: cue.text for one in prompts.values() for cue in one.cues}
    return {
        "renditions": tuple(
            one.model_copy(update={"chapters": tuple(_told(chapter, shown) for chapter in one.chapters)})
            for one in sound.renditions
        ),
        "prompts": tuple(
            _told(one, asked).model_copy(update={"text": prompts[one.name].text}) for one in sound.prompts
        ),
    }


def _told(sound: Told, shown: Mapping[str, str]) -> Told:
    """A chapter or a prompt whose cues say that they say something else."""
    return sound.model_copy(
        update={"cues": tuple(cue.model_copy(update={"text": shown[cue.id]}) for cue in sound.cues)}
    )


def change_sound(edition: Path, change: Callable[[int, PCM, Hz], PCM]) -> None:
    """Encode chapters anew after ``change`` (number, PCM, rate); one that comes back as it was is left alone."""
    book = manifest.load(edition)
    rate = Hz(book.sample_rate)
    for chapter in book.chapters:
        path = edition / chapter.audio
        pcm = np.frombuffer(ffmpeg.decode(path.read_bytes(), rate=rate), "<i2")[mp3.CODEC_DELAY :]
        changed = change(chapter.number, pcm, rate)
        if changed is not pcm:
            whole = np.pad(changed, (0, mp3.CODEC_DELAY + mp3.pad(len(changed) + mp3.CODEC_DELAY, rate)))
            path.unlink()  # it may be a hard link of another edition's
            path.write_bytes(mp3.encode(whole.tobytes(), rate))
    manifest.save(book, edition)


def copy(edition: Path, to: Path) -> Book:
    """Another edition with the same files."""
    shutil.copytree(edition, to)
    return manifest.load(to)


def span(cue: Cue, rate: Hz) -> slice:
    """The samples of a cue's words."""
    return slice(cue.speech_begin_ms * rate // 1000, cue.speech_end_ms * rate // 1000)


def silenced(edition: Path, names: set[str]) -> None:
    """Silence some cues."""
    cues = _cues(edition)

    def change(number: int, pcm: PCM, rate: Hz) -> PCM:
        mine = [cue for name, (chapter, cue) in cues.items() if name in names and chapter == number]
        changed = pcm.copy() if mine else pcm
        for cue in mine:
            changed[span(cue, rate)] = 0
        return changed

    change_sound(edition, change)


def muted(edition: Path, names: set[str]) -> None:
    """Silence some cues of every rendition of a telephone."""
    book = manifest.load(edition)
    for chapter in (chapter for one in book.renditions for chapter in one.chapters):
        path = edition / chapter.audio
        sound = bytearray(path.read_bytes())
        for cue in chapter.cues:
            if cue.id in names:
                place = span(cue, telephone_sound.RATE)
                sound[place] = bytes([ULAW_SILENCE]) * (place.stop - place.start)
        path.unlink()  # it may be a hard link of another edition's
        path.write_bytes(sound)
    manifest.save(book, edition)


def cut(edition: Path, names: set[str]) -> None:
    """Take some cues out, one a chapter at most, so that what comes after is early."""
    cues = _cues(edition)

    def change(number: int, pcm: PCM, rate: Hz) -> PCM:
        for name in names:
            chapter, cue = cues[name]
            if chapter == number:
                return np.delete(pcm, np.s_[cue.begin_ms * rate // 1000 : cue.end_ms * rate // 1000])
        return pcm

    change_sound(edition, change)


def swapped(edition: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Exchange the sound of pairs of cues of one chapter, each at the other's beginning, what is too long cut off."""
    cues = _cues(edition)

    def change(number: int, pcm: PCM, rate: Hz) -> PCM:
        mine = [pair for pair in pairs if cues[pair[0]][0] == number]
        changed = pcm.copy() if mine else pcm
        for one, other in mine:
            for target, source in ((one, other), (other, one)):
                place, sound = span(cues[target][1], rate), pcm[span(cues[source][1], rate)]
                length = place.stop - place.start
                changed[place] = np.pad(sound[:length], (0, max(0, length - len(sound))))
        return changed

    change_sound(edition, change)


def _cues(edition: Path) -> dict[str, tuple[int, Cue]]:
    return {cue.id: (chapter.number, cue) for chapter in manifest.load(edition).chapters for cue in chapter.cues}
