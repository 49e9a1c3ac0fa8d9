"""What a verification measures with no recogniser, on editions of tones."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.editions import Library, speak
from tests.proof import mutants

from audioleaflet import pipeline
from audioleaflet.book import manifest
from audioleaflet.book.model import Book, Rendition
from audioleaflet.errors import ConfigError, PublishError
from audioleaflet.proof.verify import verify
from audioleaflet.proof.verify.model import Report
from audioleaflet.proof.verify.timeline import moves, read
from audioleaflet.script import stored
from audioleaflet.units import Hz


@pytest.fixture
def edition(tones: Library) -> Library:
    """A small edition of tones, said to be in a language that has no recogniser."""
    speak(tones)
    save(tones, language="fr")
    return tones


def save(library: Library, **changes: object) -> None:
    """Change facts of the book."""
    manifest.save(manifest.load(library.edition).model_copy(update=changes), library.edition)


def listened(library: Library) -> tuple[Report, set[tuple[str, str]]]:
    report = verify(library.edition)
    return report, {(finding.code, finding.cue) for finding in report.findings}


def ids(library: Library, chapter: int) -> list[str]:
    return [cue.id for cue in manifest.load(library.edition).chapters[chapter].cues]


def test_an_edition_as_it_was_built(edition: Library) -> None:
    report, found = listened(edition)
    assert found == set()
    assert not report.failed
    assert {cue.state for cue in report.cues} == {"not listened to"}
    assert report.notes == ("there is no recogniser for fr: words were not listened to, only measured",)
    assert report.as_data()["cues"][0]["recall"] is None


def test_a_cue_that_is_silent(edition: Library) -> None:
    name = ids(edition, 1)[3]
    mutants.silenced(edition.edition, {name})
    report, found = listened(edition)
    assert found == {("silent", name)}
    assert report.failed_cues() == (name,)


def test_a_cue_that_was_cut_out(edition: Library) -> None:
    chapter = manifest.load(edition.edition).chapters[1]
    gone, after = chapter.cues[3], chapter.cues[4]
    mutants.cut(edition.edition, {gone.id})
    report, found = listened(edition)
    assert ("duration", "") in found
    (moved,) = (finding for finding in report.findings if finding.code == "moved")
    length = gone.end_ms - gone.begin_ms
    assert moved.begin_ms == after.begin_ms
    late = moves(read(edition.edition, chapter))
    assert late[:4] == (0, 0, 0, 0)
    assert late[4:] == pytest.approx([-length] * (len(chapter.cues) - 4), abs=60)


def test_a_cue_that_ends_before_its_end(edition: Library) -> None:
    name = ids(edition, 1)[3]
    cue = manifest.load(edition.edition).cues()[name]

    def shorten(number: int, pcm: mutants.PCM, rate: Hz) -> mutants.PCM:
        if number != 1:
            return pcm
        changed = pcm.copy()
        end = mutants.span(cue, rate).stop
        changed[end - rate * 120 // 1000 : end] = 0
        return changed

    mutants.change_sound(edition.edition, shorten)
    assert listened(edition)[1] == {("cut-off", name)}


def test_sound_in_a_pause(edition: Library) -> None:
    cues = manifest.load(edition.edition).chapters[1].cues

    def hum(number: int, pcm: mutants.PCM, rate: Hz) -> mutants.PCM:
        if number != 1:
            return pcm
        changed = pcm.copy()
        begin = (cues[3].speech_end_ms + 100) * rate // 1000
        length = rate // 10
        changed[begin : begin + length] = (5000 * np.sin(np.arange(length) / 5)).astype(np.int16)
        return changed

    mutants.change_sound(edition.edition, hum)
    assert listened(edition)[1] == {("pause", cues[3].id)}


def test_a_cue_that_is_too_soft(edition: Library) -> None:
    name = ids(edition, 1)[3]
    cue = manifest.load(edition.edition).cues()[name]

    def soften(number: int, pcm: mutants.PCM, rate: Hz) -> mutants.PCM:
        if number != 1:
            return pcm
        changed = pcm.copy()
        changed[mutants.span(cue, rate)] //= 4
        return changed

    mutants.change_sound(edition.edition, soften)
    assert listened(edition)[1] == {("loudness", name)}


def test_clipped_sound(edition: Library) -> None:
    chapter = manifest.load(edition.edition).chapters[1]
    sound = read(edition.edition, chapter)
    assert sound.full_scale == 0
    loud = (sound.pcm.astype(np.int32) * 40).clip(-32768, 32767).astype("<i2")
    (edition.edition / "chapters" / "loud.sln16").write_bytes(loud.tobytes())
    heard = read(edition.edition, chapter.model_copy(update={"audio": "chapters/loud.sln16"}))
    assert heard.full_scale > 1000


def test_a_pause_that_is_missing(edition: Library) -> None:
    book = manifest.load(edition.edition)
    chapter = book.chapters[1]
    cues = list(chapter.cues)
    cues[3] = cues[3].model_copy(update={"speech_end_ms": cues[4].speech_begin_ms - 50})
    chapters = (book.chapters[0], chapter.model_copy(update={"cues": tuple(cues)}), *book.chapters[2:])
    save(edition, chapters=chapters)
    assert ("pause", cues[3].id) in listened(edition)[1]


@pytest.mark.parametrize("code", ["text", "kind"])
def test_a_cue_that_differs_from_the_script(edition: Library, code: str) -> None:
    book = manifest.load(edition.edition)
    changed = {"text": "Other words."} if code == "text" else {"kind": "urgent"}
    cues = [cue.model_copy(update=changed if number == 3 else {}) for number, cue in enumerate(book.chapters[1].cues)]
    save(edition, chapters=_with_cues(book, tuple(cues)))
    report, found = listened(edition)
    assert found == {("script", cues[3].id)}
    assert code in report.findings[0].message


def test_a_cue_that_the_book_has_not(edition: Library) -> None:
    book = manifest.load(edition.edition)
    gone = book.chapters[1].cues[-1].id
    save(edition, chapters=_with_cues(book, book.chapters[1].cues[:-1]))
    assert ("script", gone) in listened(edition)[1]


def test_cues_in_another_order(edition: Library) -> None:
    book = manifest.load(edition.edition)
    cues = list(book.chapters[1].cues)
    names = [cue.id for cue in cues]
    names[3], names[4] = names[4], names[3]
    mixed = tuple(cue.model_copy(update={"id": name}) for cue, name in zip(cues, names, strict=True))
    save(edition, chapters=_with_cues(book, mixed))
    assert ("script", "") in listened(edition)[1]


def _with_cues(book: Book, cues: tuple[object, ...]) -> tuple[object, ...]:
    return (book.chapters[0], book.chapters[1].model_copy(update={"cues": cues}), *book.chapters[2:])


def test_a_file_that_was_changed_and_one_that_is_gone(edition: Library) -> None:
    (edition.edition / "transcript.txt").write_text("Other words.", encoding="utf-8")
    (edition.edition / "cover.png").unlink()
    report, found = listened(edition)
    assert found == {("file", "")}
    messages = [finding.message for finding in report.findings]
    assert any("transcript.txt was changed" in message for message in messages)
    assert any("cover.png cannot be read" in message for message in messages)


def test_a_chapter_that_is_no_sound(edition: Library) -> None:
    book = manifest.load(edition.edition)
    (edition.edition / book.chapters[1].audio).write_bytes(b"no sound")
    save(edition)
    report, found = listened(edition)
    assert found == {("decode", "")}
    assert report.failed
    lost = {cue.id for cue in book.chapters[1].cues}
    assert {cue.id for cue in report.cues if cue.state == "missing"} == lost
    assert [cue.id for cue in report.cues] == [cue.id for chapter in book.chapters for cue in chapter.cues]
    assert json.loads(json.dumps(report.as_data(), allow_nan=False))["totals"]["missing"] == len(lost)


def test_every_line_of_the_leaflet(edition: Library) -> None:
    leaflet = pipeline.prepare(edition.leaflet).leaflet
    assert verify(edition.edition, leaflet=leaflet).findings == ()
    edition.write("A sentence that nobody said.", voices="tones:low")
    leaflet = pipeline.prepare(edition.leaflet).leaflet
    (finding,) = verify(edition.edition, leaflet=leaflet).findings
    assert "A sentence that nobody said." in finding.message


def test_a_rendition_is_measured_as_the_chapters_are(edition: Library) -> None:
    book = manifest.load(edition.edition)
    chapters = []
    for chapter in book.chapters:
        path = chapter.audio.replace(".mp3", ".sln16")
        (edition.edition / path).write_bytes(read(edition.edition, chapter).pcm.astype("<i2").tobytes())
        chapters.append(chapter.model_copy(update={"audio": path}))
    slow = {"name": "slow", "rate_wpm": 120, "codec": "sln16", "sample_rate": 16000, "chapters": chapters}
    save(edition, renditions=(Rendition.model_validate(slow),))
    report = verify(edition.edition, rendition="slow")
    assert report.rendition == "slow"
    assert report.findings == ()
    with pytest.raises(ConfigError, match=r"no rendition 'fast'; it has chapters, slow$"):
        verify(edition.edition, rendition="fast")


def test_an_edition_without_its_script(edition: Library) -> None:
    (edition.edition / stored.FILE).unlink()
    with pytest.raises(PublishError, match="no script"):
        verify(edition.edition)
