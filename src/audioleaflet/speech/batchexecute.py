"""Google Translate's speech answers on the wire, without I/O: what is speech in them, and what is not.

The service is unofficial. Its answer is JSON behind the guard ``)]}'``, in one of two framings: a single
array, or arrays that are each led by their length. Both hold a row ``["wrb.fr", "jQ1olc", sound, …]`` whose
``sound`` is itself JSON, an array of one MP3 in base64, or null where Google will not say the text. Status
200 also brings captcha pages and answers with no sound in them, so nothing is taken for speech unchecked.
"""

from __future__ import annotations

import base64
import binascii
import email.utils
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from audioleaflet.errors import SoundError, SpeechError, SynthesisFailed

PATH = "/_/TranslateWebserverUi/data/batchexecute"
RPC = "jQ1olc"
ELSEWHERE = "or use the offline voice: --voice espeak:en-us"
LATER = f"try again later, {ELSEWHERE}"

_GUARD = ")]}'"


class NoSpeechError(Exception):
    """One try that brought no speech.

    ``kind``: the error it becomes. ``retryable``: the same request may succeed later. ``again``: it is worth
    another try now, after ``wait`` seconds if the server named a time.
    """

    def __init__(
        self,
        what: str,
        next_step: str = LATER,
        *,
        kind: type[SpeechError] = SynthesisFailed,
        retryable: bool = True,
        again: bool = False,
        wait: float | None = None,
    ) -> None:
        super().__init__(what)
        self.next_step = next_step
        self.kind = kind
        self.retryable = retryable
        self.again = again
        self.wait = wait

    def as_error(self, utterance_id: str) -> SpeechError:
        """This refusal as the error that callers see."""
        return self.kind(
            f"gtts: {self}",
            engine="gtts",
            utterance_id=utterance_id,
            retryable=self.retryable,
            next_step=self.next_step,
        )


def speech_in(body: bytes) -> bytes:
    """The whole MP3 in an answer's body. Raises NoSpeechError, which says what was there instead."""
    if not body.strip():
        raise NoSpeechError("Google's answer was empty")
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise NoSpeechError("Google's answer is not in the form of its speech service") from error
    if text.lstrip()[:1] == "<":
        raise NoSpeechError(
            "Google sent a web page (probably a captcha) in place of speech", f"wait an hour and {LATER}"
        )
    if not text.startswith(_GUARD):
        raise NoSpeechError("Google's answer is not in the form of its speech service")
    mp3 = _sound(_payload(text[len(_GUARD) :]))
    check_mp3(mp3)
    return mp3


def _payload(text: str) -> object:
    """What the speech service's row holds, as its own JSON says it."""
    try:
        for value in _values(text):
            for row in value if isinstance(value, list) else ():
                if isinstance(row, list) and row[:2] == ["wrb.fr", RPC] and len(row) > 2:
                    if row[2] is None:
                        step = "check that the words can be said in this language"
                        raise NoSpeechError("Google would not say this text", f"{step}, {ELSEWHERE}", retryable=False)
                    return json.loads(row[2]) if isinstance(row[2], str) else None
    except (json.JSONDecodeError, RecursionError) as error:
        raise NoSpeechError("Google's answer was cut off or damaged", again=True) from error
    raise NoSpeechError("Google's answer has no speech in it")


def _values(text: str) -> Iterator[object]:
    """The JSON values that follow each other in ``text``: arrays, and in one framing their lengths."""
    decoder, at = json.JSONDecoder(), _skip_space(text, 0)
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        at = _skip_space(text, at)
        yield value


def _skip_space(text: str, at: int) -> int:
    while text[at : at + 1].isspace():
        at += 1
    return at


def _sound(payload: object) -> bytes:
    encoded = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(encoded, str) or not encoded:
        raise NoSpeechError("Google's answer has no speech in it")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoSpeechError("the sound in Google's answer is damaged (not base64)", again=True) from error


def check_mp3(data: bytes) -> int:
    """The number of MPEG audio frames (Layer III) that ``data`` is made of, with no byte left over.

    Tags before (ID3v2) and after (ID3v1) are allowed. Raises NoSpeechError for anything else.
    """
    from audioleaflet.sound.mp3 import frames

    end = len(data) - 128 if data[-128:-125] == b"TAG" else len(data)
    count = 0
    try:
        for _ in frames(data[_after_id3(data) : end]):
            count += 1
    except SoundError as error:
        # A first frame and then none is MP3 that was damaged on its way: worth another try.
        raise NoSpeechError(f"the sound in Google's answer is not whole MP3 ({error})", again=count > 0) from error
    if not count:
        raise NoSpeechError("the sound in Google's answer is empty")
    return count


def _after_id3(data: bytes) -> int:
    """Where an ID3v2 tag ends, 0 if there is none (ID3v2.3, 3.1: a size of four times 7 bits)."""
    if data[:3] != b"ID3" or len(data) < 10:
        return 0
    size = 0
    for byte in data[6:10]:
        size = size << 7 | byte & 0x7F
    return 10 + size


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that an answer asks to wait, None if it does not say (RFC 9110, 10.2.3: seconds or a date)."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    until = _date(value)
    if until is None:
        return None
    now = _date(headers.get("Date", "")) or datetime.now(UTC)  # the server's own clock, where it tells it
    return max(0.0, (until - now).total_seconds())


def _date(value: str) -> datetime | None:
    try:
        when = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
