"""What every engine must do, whoever speaks."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.contracts.google import GoogleServer

from audioleaflet.errors import SpeechError, VoiceNotFound
from audioleaflet.script.model import Pause, Span, Spelled, Syllables, Term, Text, Utterance
from audioleaflet.speech.engine import Clip, Engine
from audioleaflet.speech.espeak import Espeak
from audioleaflet.speech.gtts import Gtts
from audioleaflet.units import Hz, Ms, WordsPerMinute

RATE = WordsPerMinute(145)
SENTENCE = "Bone metastasis is cancer that has spread to a bone."
Make = Callable[[], Engine]
Speakable = Callable[..., Utterance]


@pytest.fixture(params=["espeak", "gtts"])
def make(request: pytest.FixtureRequest, google: GoogleServer) -> Iterator[Make]:
    """Makes further engines of one kind, all alike."""
    made: list[Engine] = []

    def make() -> Engine:
        made.append(Espeak() if request.param == "espeak" else Gtts(base_url=google.url, per_second=100_000))
        return made[-1]

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def engine(make: Make) -> Engine:
    return make()


def say(engine: Engine, utterance: Utterance) -> Clip:
    return engine.speak(utterance, engine.voice("en-us"), RATE)


def outcome(engine: Engine, utterance: Utterance) -> Clip | BaseException:
    """The clip or whatever was raised; a test that fails, in place of one that never ends."""
    ends: list[Clip | BaseException] = []

    def attempt() -> None:
        try:
            ends.append(say(engine, utterance))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shall see it
            ends.append(error)

    thread = threading.Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(60)
    assert ends, "the engine hangs"
    return ends[0]


def milliseconds(clip: Clip) -> float:
    return len(clip.pcm) / 2 / clip.rate * 1000


def test_speech_is_16_bit_sound_at_a_known_rate(engine: Engine, utterance: Speakable) -> None:
    clip = say(engine, utterance(Text(text=SENTENCE), identifier="u-3"))
    assert clip.utterance_id == "u-3"
    assert clip.rate in (Hz(16000), Hz(22050), Hz(24000), Hz(44100), Hz(48000))
    assert len(clip.pcm) % 2 == 0
    samples = array("h", clip.pcm)
    assert max(samples) > 1000
    assert min(samples) < -1000
    assert 1000 < milliseconds(clip) < 10_000


def test_there_is_hardly_any_silence_around_speech(engine: Engine, utterance: Speakable) -> None:
    clip = say(engine, utterance(Text(text=SENTENCE)))
    loud = [number for number, sample in enumerate(array("h", clip.pcm)) if abs(sample) > 300]
    margin = clip.rate // 10
    assert loud[0] < margin
    assert len(clip.pcm) // 2 - loud[-1] < margin


def test_more_words_take_longer(engine: Engine, utterance: Speakable) -> None:
    short = say(engine, utterance(Text(text="Bone pain.")))
    long = say(engine, utterance(Text(text=" ".join([SENTENCE] * 4))))
    assert milliseconds(long) > 5 * milliseconds(short)


def test_voices_are_named_and_can_be_asked_for(engine: Engine) -> None:
    voices = engine.voices()
    names = [voice.name for voice in voices]
    assert "en-us" in names
    assert names == sorted(set(names))
    assert all(voice.engine == engine.name and voice.language for voice in voices)
    assert [engine.voice(name).name for name in names] == names
    assert engine.voice("en-us").language.lower() == "en-us"


@pytest.mark.parametrize("name", ["en-zz", "xx", "", "..", "en us", "en-us/../fr", "\0", "en+nosuch", "en-us" * 999])
def test_an_unknown_voice_is_an_error_with_a_next_step(engine: Engine, name: str) -> None:
    with pytest.raises(VoiceNotFound) as caught:
        engine.voice(name)
    assert caught.value.engine == engine.name
    assert caught.value.next_step


def test_the_same_request_is_the_same_bytes(make: Make, utterance: Speakable) -> None:
    spans = (Text(text=SENTENCE), Pause(length=Ms(100)), Term(text="biopsy", ipa="ˈbaɪ.ɒp.si"))
    first, second = make(), make()
    voice = first.voice("en-us")
    request = first.request(utterance(*spans), voice, RATE)
    assert request == second.request(utterance(*spans), voice, RATE)
    assert request == second.request(utterance(*spans, identifier="other"), voice, RATE)


@pytest.mark.parametrize(
    "spans",
    [
        (Text(text="Bone."),),
        (Text(text="Bone"), Pause(length=Ms(1))),
        (Pause(length=Ms(1)), Text(text="Bone")),
        (Spelled(text="Bone", groups=(("B",), ("one",)), between=Ms(1)),),
        (Spelled(text="Bone", groups=(("B",), ("one",)), between=Ms(2)),),
        (Syllables(text="Bone", ipa="ˈboʊn", respelling="bohn"),),
    ],
)
def test_other_speech_is_another_request(engine: Engine, utterance: Speakable, spans: tuple[Span, ...]) -> None:
    voice = engine.voice("en-us")
    plain = engine.request(utterance(Text(text="Bone")), voice, RATE)
    assert engine.request(utterance(*spans), voice, RATE) != plain


def test_another_voice_is_another_request(engine: Engine, utterance: Speakable) -> None:
    bone = utterance(Text(text="Bone"))
    american, french = (engine.request(bone, engine.voice(name), RATE) for name in ("en-us", "fr"))
    assert american != french


def test_a_rate_that_is_not_heard_is_no_part_of_a_request(engine: Engine, utterance: Speakable) -> None:
    bone, voice = utterance(Text(text="Bone")), engine.voice("en-us")
    rates = [engine.request(bone, voice, WordsPerMinute(rate)) for rate in (110, 180)]
    assert (rates[0] != rates[1]) == engine.capabilities.rates


def test_a_rate_is_heard_where_an_engine_has_rates(engine: Engine, utterance: Speakable) -> None:
    sentence, voice = utterance(Text(text=SENTENCE)), engine.voice("en-us")
    slow = milliseconds(engine.speak(sentence, voice, WordsPerMinute(110)))
    fast = milliseconds(engine.speak(sentence, voice, WordsPerMinute(180)))
    if engine.capabilities.rates:
        assert slow > 1.3 * fast
    else:
        assert slow == pytest.approx(fast, rel=0.1)


def test_a_repeatable_engine_says_the_same_bytes_again(make: Make, utterance: Speakable) -> None:
    spans = (Text(text=SENTENCE), Term(text="metastasis", ipa="məˈtæs.tə.sɪs"))
    first = make()
    clips = [say(engine, utterance(*spans)).pcm for engine in (first, first, make())]
    if first.capabilities.repeatable:
        assert clips[0] == clips[1] == clips[2]
    assert len(clips[0]) == pytest.approx(len(clips[2]), rel=0.2)


def test_a_term_is_said(engine: Engine, utterance: Speakable) -> None:
    before = say(engine, utterance(Text(text="This is bone "), Text(text=".")))
    term = Term(text="metastasis", ipa="məˈtæs.tə.sɪs", alias=((engine.name, "muhtastuhsis"),))
    assert milliseconds(say(engine, utterance(Text(text="This is bone "), term, Text(text=".")))) > (
        milliseconds(before) + 300
    )


def test_syllables_are_slower_than_the_term(engine: Engine, utterance: Speakable) -> None:
    ipa = "məˈtæs.tə.sɪs"
    term = say(engine, utterance(Term(text="metastasis", ipa=ipa)))
    slow = say(engine, utterance(Syllables(text="metastasis", ipa=ipa, respelling="muh-TAS-tuh-sis")))
    assert milliseconds(slow) > 1.5 * milliseconds(term)


@pytest.mark.parametrize("place", ["between", "before", "after"])
def test_a_pause_lasts_as_long_as_it_says(engine: Engine, utterance: Speakable, place: str) -> None:
    def lasting(length: int) -> float:
        words = [Text(text="Call your nurse."), Text(text="Call today.")]
        at = {"before": 0, "between": 1, "after": 2}[place]
        return milliseconds(say(engine, utterance(*words[:at], Pause(length=Ms(length)), *words[at:])))

    assert lasting(1300) - lasting(300) == pytest.approx(1000, abs=20)


def test_spelled_takes_longer_than_its_words_and_its_gaps_count(engine: Engine, utterance: Speakable) -> None:
    groups = (("eight", "zero", "zero"), ("two", "two", "seven"))

    def spelled(between: int) -> float:
        span = Spelled(text="800227", groups=groups, between=Ms(between))
        return milliseconds(say(engine, utterance(span)))

    words = milliseconds(say(engine, utterance(Text(text="eight zero zero two two seven"))))
    assert spelled(300) > words
    assert spelled(1300) - spelled(300) == pytest.approx(1000, abs=20)


@pytest.mark.parametrize("text", ["", " ", ".", "…!?", "-", "\n\t", "😀", "\u200b", "\ud800", "\0", "。", "()[]"])
def test_what_cannot_be_said_is_an_error_or_sound(engine: Engine, utterance: Speakable, text: str) -> None:
    end = outcome(engine, utterance(Text(text=text)))
    if isinstance(end, Clip):
        assert any(end.pcm)
    else:
        assert isinstance(end, SpeechError), repr(end)
        assert end.engine == engine.name
        assert end.utterance_id == "u-7"
        assert end.next_step


@pytest.mark.parametrize("text", ["", ".", "…"])
def test_nothing_is_not_taken_for_speech(engine: Engine, utterance: Speakable, text: str) -> None:
    with pytest.raises(SpeechError):
        say(engine, utterance(Text(text=text)))


def test_an_utterance_of_no_spans_is_an_error(engine: Engine, utterance: Speakable) -> None:
    with pytest.raises(SpeechError):
        say(engine, utterance())


def test_an_unsayable_end_does_not_lose_the_words(engine: Engine, utterance: Speakable) -> None:
    whole = say(engine, utterance(Text(text="Call your nurse."), Pause(length=Ms(200)), Text(text="…")))
    assert milliseconds(whole) > 800


HOSTILE = {
    "long": "bone " * 2_000,
    "long word": "a" * 100_000,
    "long mess": "!?.,;:" * 20_000,
    "control": "".join(map(chr, range(32))) + "bone",
    "nul": "bone\0; rm -rf /",
    "phonemes": "[[m@t'ast@sIs]] [[ bone ]] [[",
    "ssml": '<speak><prosody rate="1">bone</prosody><break time="9999s"/></ssml>',
    "dots": "../../../etc/passwd .. . ..",
    "surrogate": "bone \ud800\udfff bone",
    "json": '"]]],"bone\\',
    "form": "bone&f.req=%5B%5D&x=\r\n\r\n",
    "scripts": "骨 кость عظم हड्डी กระดูก 🦴 bone",
    "marks": "b" + "\u0301" * 500 + "one",
    "right to left": "\u202ebone\u202c",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_neither_crashes_nor_hangs(engine: Engine, utterance: Speakable, name: str) -> None:
    end = outcome(engine, utterance(Text(text=HOSTILE[name])))
    if isinstance(end, Clip):
        assert any(end.pcm)
    else:
        assert isinstance(end, SpeechError), repr(end)
        assert "bone" not in str(end)
    assert any(say(engine, utterance(Text(text="And then on."))).pcm)


def test_threads_do_not_mix(engine: Engine, utterance: Speakable) -> None:
    texts = [f"Sentence {number} " + "is longer " * number for number in range(8)]
    alone = [say(engine, utterance(Text(text=text), identifier=text)) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(say, engine, utterance(Text(text=text), identifier=text)) for text in texts for _ in "ab"]
        together = [job.result(timeout=60) for job in jobs]
    assert [clip.utterance_id for clip in together] == [text for text in texts for _ in "ab"]
    for number, clip in enumerate(together):
        assert len(clip.pcm) == pytest.approx(len(alone[number // 2].pcm), rel=0.02)
        if engine.capabilities.repeatable:
            assert clip.pcm == alone[number // 2].pcm


def test_closing_twice_is_fine(engine: Engine, utterance: Speakable) -> None:
    say(engine, utterance(Text(text="Bone.")))
    engine.close()
    engine.close()


def test_closing_unused_is_fine(engine: Engine) -> None:
    engine.close()


def test_versions_name_the_library(engine: Engine) -> None:
    assert any(character.isdigit() for character in engine.version)
    assert engine.capabilities.parallel >= 1
