"""Twilio's own library signs our requests and reads our answers."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree
from tests.hotline.caller import rules
from tests.hotline.catalogues import catalogue, edition
from tests.hotline.twilio.exchange import PUBLIC, SID, TOKEN, Noise, Phone, World, world
from tests.peers.conftest import require

from audioleaflet.hotline.twilio.signing import is_from_twilio, request_signature

pytestmark = pytest.mark.peer


def twilio(name: str) -> ModuleType:
    """A module of PyPI's ``twilio``. Without it the test is skipped with its reason; where CI is set, it fails."""
    try:
        return importlib.import_module(f"twilio.{name}")
    except ModuleNotFoundError:
        reason = "PyPI's twilio is not installed (pip install --no-deps twilio)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)


def sign(url: str, parameters: Mapping[str, str]) -> str:
    validator = twilio("request_validator").RequestValidator(TOKEN)
    return str(validator.compute_signature(url, dict(parameters)))


def line(*, person: bool = False) -> World:
    return world(
        loaded=Noise(catalogue(edition(chapters=12))),
        by=rules(person=person),
        operator="+12125550123" if person else "",
    )


def test_a_whole_call_signed_by_twilio() -> None:
    phone = Phone(line(person=True), sign=sign)
    phone.listens_until("normal/01")
    assert phone.presses("6")[0] == "normal/02"
    assert phone.presses("#") == ["which-chapter"]
    assert phone.presses("5#")[:2] == ["last-digit-5", "normal/05"]
    phone.presses("0")
    while phone.verb == "Gather":
        phone.goes_on()
    phone.is_connected("no-answer")
    assert phone.hears()[0] == "no-answer"


@pytest.mark.parametrize(
    "parameters",
    [
        {"CallSid": SID},
        {"CallSid": SID, "Digits": "", "To": "+1 212", "City": "São Paulo", "Name": "Ann & Bob = 100%"},
        {"Digits": "#", "digits": "*", "CallSid": SID, "AA": "", "A": "A"},
    ],
)
@pytest.mark.parametrize(
    "url", [f"{PUBLIC}call", "https://calls.example:8443/step?state=aB-_9", "https://calls.example/step?a=b&c=%20d"]
)
def test_both_sign_alike_and_believe_each_other(url: str, parameters: dict[str, str]) -> None:
    validator = twilio("request_validator").RequestValidator(TOKEN)
    ours = request_signature(TOKEN, url, list(parameters.items()))
    assert validator.validate(url, parameters, ours)
    theirs = validator.compute_signature(url, parameters)
    assert is_from_twilio(TOKEN, url, list(parameters.items()), theirs)
    assert not validator.validate(url, {**parameters, "More": "1"}, ours)


def test_a_parameter_that_comes_twice_is_signed_alike() -> None:
    class Twice(dict[str, list[str]]):
        def getall(self, name: str) -> list[str]:
            return self[name]

    validator = twilio("request_validator").RequestValidator(TOKEN)
    theirs = validator.compute_signature(f"{PUBLIC}call", Twice(A=["2", "1", "2"], CallSid=[SID]))
    ours = request_signature(TOKEN, f"{PUBLIC}call", [("A", "2"), ("CallSid", SID), ("A", "1"), ("A", "2")])
    assert ours == theirs


def test_every_verb_and_attribute_is_one_that_twilio_knows() -> None:
    """Made again by Twilio's own classes, which take no unknown verb or attribute, each answer is the same."""
    voice = twilio("twiml.voice_response")
    place = line(person=True)
    phone = Phone(place, sign=sign)
    answers = [place.posts(*phone.last, signed=sign(*phone.last)).body]
    phone.presses("0")
    while phone.verb == "Gather":
        answers.append(place.posts(*phone.last, signed=sign(*phone.last)).body)
        phone.goes_on()
    answers.append(place.posts(*phone.last, signed=sign(*phone.last)).body)
    phone.is_connected("completed")
    answers.append(place.posts(*phone.last, signed=sign(*phone.last)).body)
    verbs = set()
    for answer in answers:
        (verb,) = etree.fromstring(answer)
        verbs.add(verb.tag)
        again = voice.VoiceResponse()
        named = {name: str(value) for name, value in verb.attrib.items()}
        if verb.tag == "Gather":
            inner = again.gather(
                action=named["action"], action_on_empty_result=True, finish_on_key="", input=named["input"],
                method=named["method"], num_digits=int(named["numDigits"]), timeout=int(named["timeout"]),
            )  # fmt: skip
            if len(verb):
                inner.play(verb[0].text)
        elif verb.tag == "Dial":
            inner = again.dial(action=named["action"], method=named["method"], timeout=int(named["timeout"]))
            inner.number(verb[0].text)
        else:
            again.hangup()
        theirs = etree.fromstring(again.to_xml().encode())
        assert etree.tostring(theirs, method="c14n") == etree.tostring(etree.fromstring(answer), method="c14n")
    assert verbs == {"Gather", "Dial", "Hangup"}


def test_a_piece_is_sound_to_ffmpeg(tmp_path: Path) -> None:
    ffprobe = require("ffprobe")
    place = line()
    phone = Phone(place, sign=sign)
    file = tmp_path / "piece.wav"
    file.write_bytes(place.asks("GET", phone.addresses[-1]).body)
    shown = "stream=codec_name,sample_rate,channels,duration"
    told = subprocess.run(
        [ffprobe, "-v", "error", "-show_entries", shown, "-of", "json", str(file)],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert told.stderr == ""
    (stream,) = json.loads(told.stdout)["streams"]
    assert (stream["codec_name"], stream["sample_rate"], stream["channels"]) == ("pcm_mulaw", "8000", 1)
    assert float(stream["duration"]) == phone.lengths[0] / 1000
