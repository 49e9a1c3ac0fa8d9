"""From clips to an edition: chapter files, the whole book as MP3 and M4B, and the ``Book`` that describes them."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from audioleaflet.book.layout import ChapterLayout, lay_out
from audioleaflet.book.model import Approval, Book, Chapter, Node, Part, Source, Term, Urgent, Voice, Withdrawn
from audioleaflet.book.sounding import Soundings, gain_of, loudness_of
from audioleaflet.cache import Cache, key_of, version_of
from audioleaflet.leaflet.annotation import plain
from audioleaflet.leaflet.model import Leaflet
from audioleaflet.phrases import Phrases
from audioleaflet.script.model import Node as ScriptNode
from audioleaflet.script.model import Script
from audioleaflet.settings import Settings
from audioleaflet.sound.id3 import Mark, Tags, write_tags
from audioleaflet.sound.m4b import Length, M4bWriter
from audioleaflet.speech.narrator import Narration, Progress
from audioleaflet.units import Hz, Ms, samples_to_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a book says of itself besides its sound: ``name`` is how its files begin, hashes are of text and recipe.

    ``status`` is in words what ``approval`` and ``withdrawn`` say.
    """

    leaflet: Leaflet
    phrases: Phrases
    settings: Settings
    name: str
    modified: str
    approval: Approval | None
    withdrawn: Withdrawn | None
    status: str
    script_sha256: str
    wording_sha256: str
    recipe_sha256: str


def assemble(
    facts: Facts,
    script: Script,
    narration: Narration,
    folder: Path,
    *,
    formats: Collection[str],
    cache: Cache,
    jobs: int,
    progress: Progress,
) -> Book:
    """Write the chapters and the book of one narrated script into ``folder``, and describe them.

    The book's MP3 is its chapters' frames, each encoded once. ``files`` of the answer is still empty.
    Raises SoundError, StorageError and OSError.
    """
    (folder / "chapters").mkdir(exist_ok=True)
    layouts = [lay_out(chapter, narration.takes) for chapter in script.chapters]
    chapters = _chapters(facts, layouts)
    stretches = [stretch for layout in layouts for stretch in layout.stretches]
    gain_db = gain_of(stretches, cache)
    cover = cover_of(facts.leaflet, cache)
    tags = _Tags(facts, cover, chapters)
    head = write_tags(b"", tags.of_book())
    (folder / "cover.png").write_bytes(cover)
    energies = []
    peak = -math.inf
    with ExitStack() as stack:
        # All that this thread loads is loaded by now: stopped inside an import, it would keep a lock from the others.
        m4b = stack.enter_context(_m4b(folder, facts, layouts, tags)) if "m4b" in formats else None
        soundings = stack.enter_context(
            Soundings(stretches, gain_db=gain_db, cache=cache, jobs=jobs, with_pcm=m4b is not None)
        )
        book_mp3 = stack.enter_context((folder / f"{facts.name}.mp3").open("wb"))
        book_mp3.write(head)
        sounding = soundings.each(m4b.write if m4b else None)
        for chapter, layout in zip(chapters, layouts, strict=True):
            sounds = [next(sounding) for _ in layout.stretches]
            frames = b"".join(sound.frames for sound in sounds)
            (folder / chapter.audio).write_bytes(write_tags(frames, tags.of_chapter(chapter)))
            book_mp3.write(frames)
            energies += [sound.energies for sound in sounds]
            peak = max(peak, *(sound.true_peak_dbtp for sound in sounds))
            progress(chapter.number + 1, len(chapters))
    return _book(facts, script, narration, chapters, loudness_of(energies), peak, layouts)


def cover_of(leaflet: Leaflet, cache: Cache) -> bytes:
    """The cover of a leaflet as a PNG, drawn once. Raises StorageError."""
    key = key_of(b"cover/1", version_of("Pillow").encode(), leaflet.title.encode(), leaflet.publisher.encode())
    known = cache.get(key)
    if known is not None:
        return bytes(known)
    from audioleaflet.book.cover import draw_cover

    cover = draw_cover(leaflet.title, leaflet.publisher)
    cache.put(key, cover)
    return cover


def _chapters(facts: Facts, layouts: Sequence[ChapterLayout]) -> tuple[Chapter, ...]:
    chapters = []
    before = 0
    for layout in layouts:
        start = samples_to_ms(before, layout.rate)
        before += layout.samples
        chapter = layout.chapter
        chapters.append(
            Chapter(
                number=chapter.number,
                id=chapter.id,
                title=chapter.title,
                audio=f"chapters/{facts.name}-{chapter.number:02}-{chapter.id}.mp3",
                start_ms=start,
                duration_ms=samples_to_ms(layout.samples, layout.rate),
                cues=layout.cues(),
            )
        )
    return tuple(chapters)


def cover_description(title: str, publisher: str) -> str:
    """What the cover says, for those who do not see it: title and publisher, in the book's own language."""
    return " – ".join(words for words in (title.strip(), publisher.strip()) if words)


class _Tags:
    """What the files say of themselves, to players."""

    def __init__(self, facts: Facts, cover: bytes, chapters: Sequence[Chapter]) -> None:
        self._facts = facts
        self._cover = cover
        self._chapters = chapters

    def of_chapter(self, chapter: Chapter) -> Tags:
        text = "\n".join(cue.text for cue in chapter.cues if cue.printed)
        return self._tags(
            f"{chapter.number:02} {chapter.title}", track=f"{chapter.number + 1}/{len(self._chapters)}", text=text
        )

    def of_book(self) -> Tags:
        ends = [chapter.start_ms for chapter in self._chapters[1:]]
        last = self._chapters[-1]
        ends.append(last.start_ms + last.duration_ms)
        marks = tuple(
            Mark(title=f"{chapter.number:02} {chapter.title}", begin_ms=Ms(chapter.start_ms), end_ms=Ms(end))
            for chapter, end in zip(self._chapters, ends, strict=True)
        )
        return self._tags(self._facts.leaflet.title, marks=marks)

    def _tags(self, title: str, *, track: str = "", text: str = "", marks: tuple[Mark, ...] = ()) -> Tags:
        leaflet = self._facts.leaflet
        return Tags(
            title=title,
            language=leaflet.language,
            album=leaflet.title,
            artist=leaflet.publisher,
            album_artist=leaflet.publisher,
            track=track,
            year=leaflet.date[:4],
            comment=self._facts.status,
            copyright=f"{leaflet.date[:4]} {leaflet.publisher}, {leaflet.licence}" if leaflet.date else "",
            publisher=leaflet.publisher,
            grouping=self._facts.settings.title,
            text=text,
            cover=self._cover,
            cover_text=cover_description(leaflet.title, leaflet.publisher),
            marks=marks,
        )


def _m4b(folder: Path, facts: Facts, layouts: Sequence[ChapterLayout], tags: _Tags) -> M4bWriter:
    lengths = [
        Length(title=f"{layout.chapter.number:02} {layout.chapter.title}", samples=layout.samples) for layout in layouts
    ]
    return M4bWriter(folder / f"{facts.name}.m4b", rate=layouts[0].rate, lengths=lengths, tags=tags.of_book())


def _book(
    facts: Facts,
    script: Script,
    narration: Narration,
    chapters: tuple[Chapter, ...],
    loudness_lufs: float,
    true_peak_dbtp: float,
    layouts: Sequence[ChapterLayout],
) -> Book:
    leaflet, voice = facts.leaflet, narration.voice
    rate = Hz(layouts[0].rate)
    return Book(
        identifier=leaflet.identifier,
        slug=leaflet.slug,
        language=leaflet.language,
        dir=facts.phrases.dir,
        title=leaflet.title,
        version=leaflet.version,
        publisher=leaflet.publisher,
        licence=leaflet.licence,
        sources=tuple(
            Source(title=source.title, publisher=source.publisher, date=source.date, url=source.url)
            for source in leaflet.sources
        ),
        contact=leaflet.contact,
        notice=plain(leaflet.notice.text) if leaflet.notice else "",
        urgent=Urgent(after=leaflet.urgent_after, text=plain(leaflet.urgent.text)) if leaflet.urgent else None,
        approval=facts.approval,
        withdrawn=facts.withdrawn,
        status=facts.status,
        modified=facts.modified,
        cover="cover.png",
        voice=Voice(engine=voice.engine, name=voice.name, version=narration.version, rate_wpm=narration.rate_wpm),
        script_sha256=facts.script_sha256,
        wording_sha256=facts.wording_sha256,
        recipe_sha256=facts.recipe_sha256,
        sample_rate=rate,
        duration_ms=samples_to_ms(sum(layout.samples for layout in layouts), rate),
        loudness_lufs=round(loudness_lufs, 2),
        true_peak_dbtp=round(true_peak_dbtp, 2),
        structure=tuple(
            Part(chapter=chapter.number, nodes=tuple(map(_node, chapter.structure))) for chapter in script.chapters
        ),
        terms=tuple(
            Term(
                term=term.term,
                ipa=term.ipa,
                respelling=term.respelling,
                meaning=term.meaning,
                cues=term.utterances,
            )
            for term in script.terms
        ),
        chapters=chapters,
        renditions=(),
        hotline=leaflet.hotline,
        files=(),
    )


def _node(node: ScriptNode) -> Node:
    return Node(
        kind=node.kind,
        cue=node.utterance,
        level=node.level,
        ordered=node.ordered,
        children=tuple(map(_node, node.children)),
    )
