"""The online voice against a server that speaks Google's protocol, and misbehaves as networks do."""

from __future__ import annotations

import email.utils
from collections.abc import Callable

import gtts.tts
import pytest
from tests.contracts import google as behaviours
from tests.contracts.google import Behaviour, Body, GoogleServer, Redirect, Status
from tests.contracts.online import RATE, SECRET, quick, say

from audioleaflet.errors import SpeechError, SynthesisFailed
from audioleaflet.script.model import Pause, Spelled, Syllables, Term, Text, Utterance
from audioleaflet.units import Ms

Speakable = Callable[..., Utterance]

# What is sent


def test_a_request_is_googles_own(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    say(engine, utterance(Text(text="Bone “pain” & more: 50 %?")), "fr-ca")
    [request] = google.requests
    assert (request.text, request.lang, request.slow) == ("Bone “pain” & more: 50 %?", "fr-CA", False)
    assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert "cookie" not in request.headers


def test_no_cookie_is_given_back(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    for _ in range(2):
        say(engine, utterance(Text(text="Bone.")))
    assert [("cookie" in request.headers) for request in google.requests] == [False, False]


def test_text_between_pauses_is_one_request(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    term = Term(text="metastasis", ipa="məˈtæs.tə.sɪs", alias=(("espeak", "no"), ("gtts", "muh tastasis")))
    say(
        engine,
        utterance(Text(text="Bone "), term, Text(text=" is cancer."), Pause(length=Ms(9)), Text(text="Yes.")),
    )
    assert google.texts == ["Bone muh tastasis is cancer.", "Yes."]


def test_a_term_without_an_alias_is_its_spelling(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    say(engine, utterance(Term(text="biopsy", ipa="ˈbaɪ.ɒp.si", alias=(("espeak", "no"),))))
    assert google.texts == ["biopsy"]


def test_syllables_are_lower_case_with_commas_and_slow(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    slow = Syllables(text="bone metastasis", ipa="x", respelling="bohn muh-TAS-tuh-sis")
    say(engine, utterance(Text(text="Slowly:"), slow))
    assert [(request.text, request.slow) for request in google.requests] == [
        ("Slowly:", False),
        ("bohn muh, tas, tuh, sis", True),
    ]


def test_groups_of_digits_are_words_with_our_silence(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    groups = (("eight", "zero"), ("two", "seven"), ("five",))
    say(
        engine,
        utterance(Text(text="Call"), Spelled(text="80-27-5", groups=groups, between=Ms(250)), Text(text="now.")),
    )
    assert google.texts == ["Call eight zero,", "two seven,", "five now."]


def test_accent_and_speed_are_part_of_a_request(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    spelled = utterance(Text(text="bone"))
    slow = utterance(Syllables(text="bone", ipa="x", respelling="bone"))
    requests = {
        engine.request(spelled, engine.voice("en-us"), RATE),
        engine.request(spelled, engine.voice("en-gb"), RATE),
        engine.request(slow, engine.voice("en-us"), RATE),
    }
    assert len(requests) == 3


def test_control_characters_are_not_sent(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    say(engine, utterance(Text(text="Bone\0\x1b\x85 and\u00a0\ud800\n pain.")))
    assert google.texts == ["Bone and pain."]


def test_a_long_sentence_is_cut_at_punctuation_and_keeps_it(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    text = (
        "If you have new pain, tell your nurse, who can help you, and who may give you medicine! "
        "Some people, not all, wake at night; if you do, say so to your doctor, "
        "or to your nurse, soon, please."
    )
    clip = say(engine, utterance(Text(text=text)))
    assert " ".join(google.texts) == text
    assert all(len(piece) <= 100 and piece[-1] in ",;!." for piece in google.texts)
    assert len(google.texts) == 3
    parts = [say(engine, utterance(Text(text=piece))).pcm for piece in google.texts[:3]]
    assert clip.pcm == b"".join(parts)


def test_a_long_stretch_without_punctuation_loses_no_word(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    text = " ".join(f"word{number}" for number in range(60))
    say(engine, utterance(Text(text=text + ".")))
    assert " ".join(google.texts) == text + "."


def test_an_utterance_beyond_all_measure_is_refused_unsent(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    with pytest.raises(SynthesisFailed, match="too long") as caught:
        say(engine, utterance(Text(text="bone " * 401)))
    assert not caught.value.retryable
    assert not google.requests


def test_gtts_itself_gets_speech_from_this_server(google: GoogleServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gtts.tts, "_translate_url", lambda tld, path: f"{google.url}/{path}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    pieces = list(gtts.tts.gTTS("Bone pain.", lang="en", lang_check=False).stream())
    assert pieces == [behaviours.encode(behaviours.tones("Bone pain.", False))]


# What is answered


@pytest.mark.parametrize("behaviour", [behaviours.SPEECH, behaviours.ONE_ARRAY], ids=["lengths", "one array"])
def test_both_framings_are_understood(google: GoogleServer, utterance: Speakable, behaviour: Behaviour) -> None:
    engine, _ = quick(google)
    google.script(behaviour)
    framed = say(engine, utterance(Text(text="Bone pain.")))
    assert framed.pcm == say(engine, utterance(Text(text="Bone pain."))).pcm


def test_silence_around_an_answer_is_trimmed_to_a_margin(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    seconds = len(say(engine, utterance(Text(text="bone"))).pcm) / 2 / 24000
    # Four letters of 60 ms and two margins of 40 ms; the server adds 400 ms, the encoder 50.
    assert seconds == pytest.approx(0.24 + 0.08, abs=0.015)


def test_tags_around_the_mp3_are_no_fault(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google)
    google.script(behaviours.Sound(lambda mp3: b"ID3\3\0\0\0\0\0\x0a" + bytes(10) + mp3 + b"TAG" + bytes(125)))
    assert say(engine, utterance(Text(text="bone"))).pcm == say(engine, utterance(Text(text="bone"))).pcm


NOT_SPEECH: dict[str, tuple[Behaviour, str]] = {
    "cut off": (behaviours.CUT_OFF, "cut off"),
    "cut off unseen": (behaviours.CUT_OFF_UNSEEN, "cut off"),
    "refused": (behaviours.REFUSED, "would not say"),
    "not base64": (behaviours.NOT_BASE64, "not base64"),
    "captcha": (behaviours.CAPTCHA, "captcha"),
    "redirect": (Redirect("https://www.google.com/sorry/index"), "captcha"),
    "no sound": (behaviours.EMPTY_AUDIO, "no speech"),
    "not MP3": (behaviours.NOT_MP3, "not whole MP3"),
    "cut off MP3": (behaviours.CUT_OFF_MP3, "cut off"),
    "first frames only": (behaviours.SHORT_MP3, "too short"),
    "silence": (behaviours.SILENT_MP3, "silent"),
    "frames of noise": (behaviours.Sound(lambda mp3: (mp3[:4] + b"\xff" * 188) * 40), "Google"),
    "nothing": (Body(b""), "empty"),
    "white space": (Body(b" \n"), "empty"),
    "not UTF-8": (Body(b"\xff\xfe\xfd"), "not in the form"),
    "other JSON": (Body(b'{"error": 3}'), "not in the form"),
    "guard only": (Body(b")]}'\n\n"), "no speech"),
    "another service": (Body(b')]}\'\n\n[["wrb.fr","MkEWBc","[]"]]'), "no speech"),
    "number for sound": (Body(b')]}\'\n\n[["wrb.fr","jQ1olc","[7]"]]'), "no speech"),
    "object for sound": (Body(b')]}\'\n\n[["wrb.fr","jQ1olc",{}]]'), "no speech"),
    "broken sound": (Body(b')]}\'\n\n[["wrb.fr","jQ1olc","[\\"abc"]]'), "damaged"),
    "deep": (Body(b")]}'\n\n" + b"[" * 100_000), "damaged"),
    "a million numbers": (Body(b")]}'\n\n" + b"1 " * 1_000_000), "no speech"),
    "endless": (Body(b")]}'\n\n" + b"1 " * 2_500_000), "too long"),
}


@pytest.mark.parametrize("name", NOT_SPEECH)
def test_what_is_not_speech_is_refused_by_name(google: GoogleServer, utterance: Speakable, name: str) -> None:
    engine, _ = quick(google)
    behaviour, words = NOT_SPEECH[name]
    google.script(behaviour)
    with pytest.raises(SynthesisFailed, match=words) as caught:
        say(engine, utterance(Text(text=SECRET), identifier="u-9"))
    assert caught.value.utterance_id == "u-9"
    assert caught.value.engine == "gtts"
    assert "espeak:en-us" in caught.value.next_step
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_refusal_for_now_is_retryable_and_advises(google: GoogleServer, utterance: Speakable, status: int) -> None:
    engine, fake = quick(google, tries=3)
    google.default = Status(status)
    with pytest.raises(SpeechError, match=f"HTTP {status}") as caught:
        say(engine, utterance(Text(text=SECRET)))
    assert type(caught.value) is SpeechError
    assert caught.value.retryable
    assert "wait" in caught.value.next_step
    assert "--voice espeak:en-us" in caught.value.next_step
    assert len(google.requests) == 3
    assert 0.5 + 1 <= sum(fake.slept) <= 1 + 2


def test_a_request_that_google_does_not_take_is_not_repeated(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google, tries=5)
    google.default = Status(404)
    with pytest.raises(SynthesisFailed, match="HTTP 404") as caught:
        say(engine, utterance(Text(text="Bone.")))
    assert not caught.value.retryable
    assert len(google.requests) == 1


@pytest.mark.parametrize("name", ["captcha", "refused", "redirect", "no sound"])
def test_an_answer_that_will_not_change_is_not_asked_for_again(
    google: GoogleServer, utterance: Speakable, name: str
) -> None:
    engine, _ = quick(google, tries=5)
    google.default = NOT_SPEECH[name][0]
    with pytest.raises(SynthesisFailed):
        say(engine, utterance(Text(text="Bone.")))
    assert len(google.requests) == 1


PASSING: dict[str, Behaviour] = {
    "429": Status(429),
    "503": Status(503),
    "403": Status(403),
    "reset": behaviours.RESET,
    "cut off": behaviours.CUT_OFF,
    "cut off unseen": behaviours.CUT_OFF_UNSEEN,
    "cut off MP3": behaviours.CUT_OFF_MP3,
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_tried_again(google: GoogleServer, utterance: Speakable, name: str) -> None:
    engine, fake = quick(google, tries=4)
    right = say(engine, utterance(Text(text="Bone pain.")))
    google.script(*[PASSING[name]] * 3)
    assert say(engine, utterance(Text(text="Bone pain."))).pcm == right.pcm
    assert google.texts == ["Bone pain."] * 5
    assert 0.5 + 1 + 2 <= sum(fake.slept) <= 1 + 2 + 4.1


def test_retry_after_seconds_are_waited(google: GoogleServer, utterance: Speakable) -> None:
    engine, fake = quick(google, tries=2)
    google.script(Status(429, retry_after="20"))
    say(engine, utterance(Text(text="Bone.")))
    assert 20 <= sum(fake.slept) <= 20.5


def test_a_retry_after_date_counts_from_the_servers_clock(google: GoogleServer, utterance: Speakable) -> None:
    engine, fake = quick(google, tries=2)
    dates = [email.utils.formatdate(1_000_000_000 + later, usegmt=True) for later in (0, 20)]
    google.script(Status(503, retry_after=dates[1], date=dates[0]))
    say(engine, utterance(Text(text="Bone.")))
    assert 20 <= sum(fake.slept) <= 20.5


def test_too_long_a_retry_after_is_told_not_waited(google: GoogleServer, utterance: Speakable) -> None:
    engine, fake = quick(google, tries=5)
    google.script(Status(429, retry_after="3600"))
    with pytest.raises(SpeechError, match="asks to wait 3600 seconds"):
        say(engine, utterance(Text(text="Bone.")))
    assert sum(fake.slept) == 0
    assert len(google.requests) == 1


@pytest.mark.parametrize("value", ["soon", "-5", "1e9", "²", "Mon, 99 Foo 2026"])
def test_a_retry_after_that_says_nothing_is_no_error(google: GoogleServer, utterance: Speakable, value: str) -> None:
    engine, fake = quick(google, tries=2)
    google.script(Status(429, retry_after=value))
    say(engine, utterance(Text(text="Bone.")))
    assert 0.5 <= sum(fake.slept) <= 1


def test_tries_are_counted_for_each_text(google: GoogleServer, utterance: Speakable) -> None:
    engine, _ = quick(google, tries=2)
    google.script(Status(429), behaviours.SPEECH, Status(429), behaviours.SPEECH)
    say(engine, utterance(Text(text="One."), Pause(length=Ms(1)), Text(text="Two.")))
    assert google.texts == ["One.", "One.", "Two.", "Two."]
