"""The default voice says what the lexicon says, and the same bytes each time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audioleaflet.errors import Origin, SynthesisFailed, VoiceNotFound
from audioleaflet.leaflet.ipa import without_dots
from audioleaflet.leaflet.lexicon import read_lexicon
from audioleaflet.script.lexicon import Lexicon, Reading
from audioleaflet.script.model import Pause, Spelled, Syllables, Term, Text, Utterance
from audioleaflet.speech.engine import Voice
from audioleaflet.speech.espeak import Espeak
from audioleaflet.units import Ms, WordsPerMinute

LEXICON = Path("content/lexicon/en.yaml")
RATE = WordsPerMinute(145)

# What an American voice makes of a sound in its place without making it another one: a schwa that an r colours, an r
# that links to a vowel, an n before k and g. A flap (ɾ) stands for t and d.
ALLOPHONES = {"ɚɹ": "ɚ", "əɹ": "ɚ", "ŋk": "nk", "ŋɡ": "nɡ"}
VOWEL = "[iɪeɛæaɑɒɔoʊuʌɜəɚ]"


@pytest.fixture(scope="module")
def espeak() -> Iterator[Espeak]:
    engine = Espeak()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def voice(espeak: Espeak) -> Voice:
    return espeak.voice("en-us")


def utterance(*spoken: Text | Term | Syllables | Pause | Spelled) -> Utterance:
    return Utterance(
        id="c01-001",
        kind="sentence",
        role="text",
        shown="",
        spoken=tuple(spoken),
        pause_after=Ms(0),
        origin=Origin(path=Path("leaflet.yaml"), line=1),
    )


def sounds(ipa: str) -> str:
    """IPA with its stress marks moved to right before the vowel, allophones taken together."""
    ipa = re.sub(f"([ˈˌ])([^ ˈˌ]*?)(?={VOWEL})", r"\2\1", ipa.replace(" ", ""))
    for narrow, wide in ALLOPHONES.items():
        ipa = re.sub("([ˈˌ]?)".join(narrow), r"\1" + wide if len(wide) == 2 else wide + r"\1", ipa)
    return ipa


def same(expected: str, heard: str) -> bool:
    """Whether two words sound the same, stress included; a flap is a t or a d."""
    pairs = zip(sounds(expected), sounds(heard), strict=False)
    return len(sounds(expected)) == len(sounds(heard)) and all(
        one == other or (other == "ɾ" and one in "td") for one, other in pairs
    )


def readings() -> list[Reading]:
    return list(Lexicon(read_lexicon(LEXICON)))


def test_every_term_and_form_of_the_lexicon_is_said_so_in_running_text(espeak: Espeak, voice: Voice) -> None:
    wrong = []
    for reading in readings():
        term = Term(text=reading.spelling, ipa=reading.ipa)
        said = espeak.phonemes(utterance(Text(text="This is "), term, Text(text=" in bone.")), voice)
        expected = without_dots(reading.ipa)
        heard = re.fullmatch(r"ðɪs ɪz (.+) ɪn ˈboʊn", said)
        if heard is None or not same(expected, heard[1]):
            wrong.append((reading.spelling, expected, said))
    assert wrong == []


def test_the_comparison_of_sounds_tells_words_apart() -> None:
    assert same("ˈjuːtəɹəs", "ˈjuːɾɚɹəs")
    assert same("ɪnˈkɑːntənəns", "ɪŋˈkɑːntənəns")
    assert not same("məˈtæstəsɪs", "ˌmɛɾəˈstɑːsiz")
    assert not same("ˈtuːmɚ", "tuːˈmɚ")
    assert not same("dɛθ", "ˈdɛθ")
    assert not same("ˈlɪmf", "ˈlɪmfs")
    assert not same("ˈbædɚ", "ˈbætɚ")


def test_a_sentence_is_the_same_bytes_whatever_was_said_before_it(espeak: Espeak, voice: Voice) -> None:
    sentences = [utterance(Text(text=f"Sentence number {number} is about bone.")) for number in range(12)]
    alone = [Espeak() for _ in sentences]
    first = [engine.speak(one, voice, RATE).pcm for engine, one in zip(alone, sentences, strict=True)]
    for engine in alone:
        engine.close()
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: espeak.speak(one, voice, RATE).pcm, reversed(sentences)))
    assert together[::-1] == first
    assert len(set(first)) == len(first)


def test_a_slow_word_keeps_its_sounds_and_its_stress(espeak: Espeak, voice: Voice) -> None:
    ipa = "məˈtæs.tə.sɪs"
    slow = utterance(Syllables(text="metastasis", ipa=ipa, respelling="muh-TAS-tuh-sis"))
    word = utterance(Term(text="metastasis", ipa=ipa))
    assert same(without_dots(ipa), espeak.phonemes(slow, voice).replace("_", "").replace(":", ""))
    assert len(espeak.speak(slow, voice, RATE).pcm) > 1.8 * len(espeak.speak(word, voice, RATE).pcm)


def test_about_145_words_a_minute(espeak: Espeak, voice: Voice) -> None:
    text = "Cancer cells can break away and spread through the blood to another part of the body. "
    clip = espeak.speak(utterance(Text(text=text * 6)), voice, RATE)
    minutes = len(clip.pcm) / 2 / clip.rate / 60
    assert 135 < len(text.split()) * 6 / minutes < 160


def test_phonemes_that_the_text_itself_holds_are_read_as_text(espeak: Espeak, voice: Voice) -> None:
    assert "ˈɛks" in espeak.phonemes(utterance(Text(text="Press [[x]] now.")), voice)


@pytest.mark.parametrize("before", [*'( “‘"/+&†~‹•-–—[*', "a ", "word", "word, "])
def test_a_term_is_said_whatever_stands_before_it(espeak: Espeak, voice: Voice, before: str) -> None:
    term = Term(text="metastasis", ipa="məˈtæs.tə.sɪs")
    said = espeak.phonemes(utterance(Text(text=f"Read {before}"), term, Text(text=" today.")), voice)
    assert "məˈtæstəsɪs" in said
    assert said.startswith("ˈɹ")


def test_a_british_voice_takes_the_same_lexicon(espeak: Espeak) -> None:
    british = espeak.voice("en-gb-x-rp")
    assert espeak.phonemes(utterance(Term(text="tumour", ipa="ˈtuː.mɚ")), british) == "ˈtuːmɐ"


@pytest.mark.parametrize("name", ["en-zz", "en-us+nosuch", "", "../en-us", "en-us+../en"])
def test_a_voice_that_is_not_there_is_told(espeak: Espeak, name: str) -> None:
    with pytest.raises(VoiceNotFound, match="audioleaflet voices"):
        espeak.voice(name)


def test_every_voice_that_is_listed_loads(espeak: Espeak) -> None:
    voices = espeak.voices()
    assert {"en-us", "en-gb-x-rp", "fr"} <= {voice.name for voice in voices}
    for voice in voices:
        if voice.language.startswith("en"):
            assert espeak.speak(utterance(Text(text="Bone.")), espeak.voice(voice.name), RATE).pcm


def test_a_variant_is_another_voice(espeak: Espeak, voice: Voice) -> None:
    one = utterance(Text(text="Bone."))
    assert espeak.speak(one, espeak.voice("en-us+f3"), RATE).pcm != espeak.speak(one, voice, RATE).pcm


def test_silence_is_never_taken_for_speech(espeak: Espeak, voice: Voice) -> None:
    with pytest.raises(SynthesisFailed, match="c01-001"):
        espeak.speak(utterance(Text(text=" ")), voice, RATE)


def test_every_request_names_what_it_would_sound_like(espeak: Espeak, voice: Voice) -> None:
    one, other = (utterance(Text(text=text)) for text in ("Bone.", "Bones."))
    asked = [
        espeak.request(one, voice, RATE),
        espeak.request(other, voice, RATE),
        espeak.request(one, espeak.voice("en"), RATE),
        espeak.request(one, voice, WordsPerMinute(120)),
    ]
    assert len(set(asked)) == 4
    assert espeak.request(one, voice, RATE) == asked[0]
