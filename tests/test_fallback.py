"""One voice narrates a whole book: what happens when it cannot."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.contracts.google import CAPTCHA, GoogleServer, Status
from tests.contracts.online import quick
from tests.editions import Library, Tones, choir, speak, stamps, tree, whole

from audioleaflet.errors import (
    ConfigError,
    EngineUnavailable,
    SpeechError,
    VoiceNotFound,
)
from audioleaflet.speech.engine import Engine
from audioleaflet.speech.voices import engine_of


def test_a_voice_that_fails_half_way_gives_the_whole_book_to_the_next(library: Library) -> None:
    library.write(voices="first:low, second:low")
    told: list[str] = []
    first, second = Tones("first", fails_at=12), Tones("second")
    built = library.build(formats=("mp3",), told=told, engines=choir(first, second))
    assert (built.book.voice.engine, built.book.voice.name) == ("second", "low")
    assert ["first:low cannot narrate this book" in message for message in told] == [True]
    assert "second:low" in told[0]
    alone = Library(library.folder / "alone")
    alone.write(voices="second:low")
    alone.build(formats=("mp3",), engines=choir(Tones("second")))
    assert tree(built.folder) == tree(alone.edition), "something of the first voice is in the book"
    assert first.closed == second.closed == 1


def test_a_voice_that_was_named_has_no_other(library: Library) -> None:
    library.write(voices="second:low")
    speak(library, Tones("second"))
    before = stamps(library.edition)
    second = Tones("second")
    with pytest.raises(SpeechError, match="first lost its voice; try another voice"):
        library.build(voice="first:low", engines=choir(Tones("first", fails_at=3), second))
    assert second.spoken == []
    assert stamps(library.edition) == before
    assert library.left_over() == []


def test_an_engine_that_has_gone_gives_the_book_to_the_next_voice(library: Library) -> None:
    library.write(voices="first:low, second:low")
    speak(library, Tones("first"))

    def engines(name: str) -> Engine:
        if name == "first":
            raise EngineUnavailable("first is not installed", engine="first")
        return Tones("second")

    told: list[str] = []
    built = library.build(formats=("mp3", "transcript"), told=told, engines=engines)
    assert built.book.voice.engine == "second"
    assert "first is not installed" in told[0]


def test_the_first_voice_is_tried_again_by_the_next_build(library: Library) -> None:
    library.write(voices="first:low, second:low")
    library.build(formats=("mp3",), engines=choir(Tones("first", fails_at=3), Tones("second")))
    built = library.build(formats=("mp3",), engines=choir(Tones("first"), Tones("second")))
    assert built.changed
    assert built.book.voice.engine == "first"


def test_a_voice_of_another_language_is_refused(library: Library) -> None:
    library.write(voices="tones:low")
    engine = Tones(language="fr-FR")
    with pytest.raises(
        ConfigError, match="tones:low speaks fr, the leaflet is written in en; try 'audioleaflet voices'"
    ):
        library.build(engines=choir(engine))
    assert engine.spoken == []
    assert library.left_over() == []


@pytest.mark.parametrize("voice", ["espeak:en-zz", "nosuch:en", "espeak", ""])
def test_an_unknown_voice_says_where_to_look(library: Library, voice: str) -> None:
    with pytest.raises(VoiceNotFound, match="audioleaflet voices") as caught:
        library.build(voice=voice or ":")
    assert caught.value.exit_code == 3
    assert library.left_over() == []


# The online voice, against a server on this machine


def online(google: GoogleServer) -> Callable[[str], Engine]:
    return lambda name: quick(google)[0] if name == "gtts" else engine_of(name)


def test_a_whole_book_by_the_online_voice(library: Library) -> None:
    told: list[str] = []
    with GoogleServer() as google:
        library.write(voices="gtts:en-us, espeak:en-us")
        built = library.build(told=told, engines=online(google))
        asked = len(google.requests)
        assert not library.build(engines=online(google)).changed
        assert len(google.requests) == asked
    assert (built.book.voice.engine, built.book.voice.name, built.book.sample_rate) == ("gtts", "en-us", 24000)
    assert ["sent to Google" in message for message in told] == [True]
    book = whole(library.edition)
    assert "Bone is a living thing." in " ".join(google.texts)
    assert book.loudness_lufs == pytest.approx(-19, abs=1)


def test_a_server_that_goes_half_way_gives_the_whole_book_to_the_next_voice(library: Library) -> None:
    told: list[str] = []
    with GoogleServer() as google:
        google.gone_after(8)
        library.write(voices="gtts:en-us, espeak:en-us")
        built = library.build(told=told, engines=online(google))
        assert len(google.requests) > 8
    assert built.book.voice.engine == "espeak"
    assert any("gtts:en-us cannot narrate this book" in message and "espeak:en-us" in message for message in told)
    alone = Library(library.folder / "alone")
    alone.write()
    assert tree(alone.build().folder) == tree(library.edition)


@pytest.mark.parametrize("fault", ["gone", "captcha", "429"])
def test_with_the_online_voice_alone_the_error_says_what_to_do(library: Library, fault: str) -> None:
    library.build(formats=("mp3",))
    before = stamps(library.edition)
    with GoogleServer() as google:
        if fault == "gone":
            google.gone_after(8)
        else:
            google.default = CAPTCHA if fault == "captcha" else Status(429)
        with pytest.raises(SpeechError) as caught:
            library.build(voice="gtts:en-us", formats=("mp3",), engines=online(google))
        assert caught.value.next_step
        assert "\n" not in str(caught.value)
        assert stamps(library.edition) == before
        assert library.left_over() == []


def test_what_the_online_voice_has_said_is_not_asked_for_again(library: Library) -> None:
    with GoogleServer() as google:
        google.gone_after(8)
        with pytest.raises(SpeechError):
            library.build(voice="gtts:en-us", formats=("mp3",), engines=online(google))
        said = set(google.texts[:6])
        google.requests.clear()
        google.gone_after(1000)
        library.build(voice="gtts:en-us", formats=("mp3",), engines=online(google))
        assert not said & set(google.texts)
        assert len(google.texts) > 8
        assert whole(library.edition).voice.engine == "gtts"
