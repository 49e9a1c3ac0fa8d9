from __future__ import annotations

import base64
import contextlib
import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import pytest
from gtts.lang import tts_langs
from hypothesis import given
from hypothesis import strategies as st
from tests.contracts.google import answer, encode, tones

from audioleaflet.errors import EngineUnavailable, VoiceNotFound
from audioleaflet.speech import gtts
from audioleaflet.speech.batchexecute import NoSpeechError, check_mp3, retry_after, speech_in
from audioleaflet.speech.gtts import Gtts

MP3 = encode(tones("bone", False))


def spoken_by(name: str) -> tuple[str, str]:
    """gTTS's language and the top-level domain that a voice is sent to."""
    engine = Gtts()
    return engine._speaker(engine.voice(name))


@pytest.mark.parametrize(
    ("name", "speaker"),
    [
        ("en", ("en", "com")),
        ("en-us", ("en", "com")),
        ("en-gb", ("en", "co.uk")),
        ("en-au", ("en", "com.au")),
        ("es", ("es", "com")),
        ("es-mx", ("es", "com.mx")),
        ("fr", ("fr", "com")),
        ("fr-ca", ("fr-CA", "ca")),
        ("pt-pt", ("pt-PT", "pt")),
        ("zh-tw", ("zh-TW", "com")),
        ("he", ("iw", "com")),
        ("jv", ("jw", "com")),
    ],
)
def test_a_voice_is_a_language_and_a_domain(name: str, speaker: tuple[str, str]) -> None:
    assert spoken_by(name) == speaker


def test_every_language_of_gtts_has_a_voice_and_no_other_is_named() -> None:
    sent = {spoken_by(voice.name)[0] for voice in Gtts().voices()}
    assert sent == set(tts_langs())


def test_a_voice_is_found_however_its_language_is_written() -> None:
    engine = Gtts()
    assert {engine.voice(name) for name in ("en-US", "EN-us", "en_US")} == {engine.voice("en-us")}
    assert engine.voice("en-us").language == "en-US"
    assert str(engine.voice("en-us")) == "gtts:en-us"


@pytest.mark.parametrize(("name", "near"), [("en-uk", "gtts:en-"), ("de-at", "gtts:de"), ("fr-be", "gtts:fr")])
def test_an_unknown_voice_names_a_near_one(name: str, near: str) -> None:
    with pytest.raises(VoiceNotFound, match=near):
        Gtts().voice(name)


def test_a_missing_library_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(gtts, "installed_version", missing)
    with pytest.raises(EngineUnavailable, match="pip install gTTS"):
        Gtts()


def test_making_an_engine_imports_nothing_heavy() -> None:
    program = (
        "import sys; from audioleaflet.speech.gtts import Gtts; Gtts().close(); "
        "print([name for name in ('requests', 'urllib3', 'gtts', 'numpy') if name in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_whole_frames_are_counted() -> None:
    # 24000 Hz and 64 kbit/s: 576 samples and 192 bytes a frame.
    assert check_mp3(MP3) == len(MP3) // 192


@pytest.mark.parametrize("cut", [1, 3, 4, 100, 191])
def test_a_cut_frame_is_noticed(cut: int) -> None:
    with pytest.raises(NoSpeechError) as caught:
        check_mp3(MP3[:-cut])
    assert caught.value.again


@given(st.binary(max_size=300))
def test_no_bytes_are_a_surprise(data: bytes) -> None:
    bodies = [data, b")]}'\n\n" + data, answer(data), answer(MP3)[: len(data) * 10]]
    for body in bodies:
        with contextlib.suppress(NoSpeechError):
            assert check_mp3(speech_in(body)) > 0


@given(st.recursive(st.none() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=4)))
def test_no_json_is_a_surprise(value: object) -> None:
    encoded = json.dumps(value)
    row = json.dumps([["wrb.fr", "jQ1olc", encoded]])
    for text in (encoded, row, json.dumps([["wrb.fr", "jQ1olc", value]])):
        with pytest.raises(NoSpeechError):
            speech_in(b")]}'\n\n" + text.encode())


def test_the_whole_sound_is_found_in_either_framing() -> None:
    assert speech_in(answer(MP3)) == speech_in(answer(MP3, lengths=False)) == MP3
    assert base64.b64encode(MP3) in answer(MP3)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 7 "}, 7.0),
        ({"Retry-After": "-7"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Sun, 22 Nov 2026 10:00:30 GMT", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT", "Date": "Sun, 22 Nov 2026 10:00:30 GMT"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 2026 10:00:30 -0000", "Date": "Sun, 22 Nov 2026 10:00:00 GMT"}, 30.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds


def test_a_date_far_away_is_a_long_wait() -> None:
    assert (retry_after({"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"}) or 0) > 60
