"""The way to Google Translate's speech service: one short text posted, one checked MP3 back.

Over one session of our own: TLS verified, every wait bounded, no redirect followed, no cookie kept, a few
requests a second at most. No text that was spoken is logged or put into an error.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from audioleaflet.errors import ConfigError, EngineUnavailable, SpeechError
from audioleaflet.speech.batchexecute import ELSEWHERE, LATER, PATH, NoSpeechError, retry_after, speech_in

if TYPE_CHECKING:
    import requests

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MAX_ANSWER_BYTES = 4_000_000  # 100 characters of speech are about 80 kB of base64
LONGEST_WAIT = 60.0  # seconds; asked to wait longer than this, we stop and say so
FIRST_WAIT = 1.0  # seconds before the second try; doubled before each one after it


class Client:
    """Posts texts to Google: slowly, patiently, and never for ever. Safe in threads.

    ``per_second`` bounds how many requests start in a second, over all threads. ``tries`` bounds the requests
    for one text. ``timeouts`` are the seconds to connect and to wait for each piece of an answer; a whole
    answer may take twice the latter. ``base_url`` takes the place of ``https://translate.google.<tld>`` and
    may only name this machine.
    ``clock`` tells monotonic seconds; without ``sleep`` a wait ends early when the client is closed.
    Raises ConfigError for another host, no try, or no requests a second.
    """

    def __init__(
        self,
        *,
        base_url: str,
        per_second: float,
        tries: int,
        timeouts: tuple[float, float],
        clock: Callable[[], float],
        sleep: Callable[[float], object] | None,
    ) -> None:
        if base_url and urlsplit(base_url).hostname not in LOOPBACK:
            raise ConfigError(
                f"the address {base_url!r} is not on this machine",
                next_step="leave it out: text for the online voice goes to Google, or to a test server here",
            )
        if per_second <= 0 or tries < 1:
            raise ConfigError(
                "the online voice needs a rate above 0 requests a second and at least one try",
                next_step="leave both out for 2 requests a second and 5 tries",
            )
        self._base_url = base_url.rstrip("/")
        self._interval = 1 / per_second
        self._tries = tries
        self._timeouts = timeouts
        self._clock = clock
        self._closed = threading.Event()
        self._sleep = sleep or self._closed.wait
        self._lock = threading.Lock()
        self._next_start = float("-inf")
        self._session: requests.Session | None = None

    def address(self, tld: str) -> str:
        """The scheme and host that texts for this top-level domain are sent to."""
        return self._base_url or f"https://translate.google.{tld}"

    def fetch(self, body: str, *, tld: str, headers: dict[str, str], utterance_id: str) -> bytes:
        """The MP3 for one prepared request body.

        Raises EngineUnavailable (no network, no trusted certificate, closed), SynthesisFailed (the answer is
        not speech) and SpeechError (Google refuses for now: 403, 429, 5xx).
        """
        for number in range(1, self._tries + 1):
            self._take_turn(utterance_id)
            try:
                return self._post(body, self.address(tld), headers)
            except NoSpeechError as nothing:
                wait = _wait_after(number, nothing.wait)
                if number == self._tries or not nothing.again or wait > LONGEST_WAIT:
                    raise nothing.as_error(utterance_id) from nothing.__cause__
            self._hold_off(wait)
        raise AssertionError("the last try returns or raises")

    def close(self) -> None:
        """Wake the threads that wait, and give back connections."""
        self._closed.set()
        with self._lock:
            if self._session is not None:
                self._session.close()
            self._session = None

    def _post(self, body: str, address: str, headers: dict[str, str]) -> bytes:
        from requests import exceptions

        try:
            with self._open().post(
                address + PATH,
                data=body,
                headers=headers,
                timeout=self._timeouts,
                allow_redirects=False,
                stream=True,
            ) as response:
                if response.status_code != 200:
                    raise _no_speech_by_status(response)
                return speech_in(self._read(response))
        except exceptions.RequestException as error:
            raise _no_speech_by_network(error, urlsplit(address).hostname or "") from error

    def _read(self, response: requests.Response) -> bytes:
        """The whole body. Raises NoSpeechError when it has no end; requests raises when it breaks off."""
        deadline = self._clock() + 2 * self._timeouts[1]
        pieces, size = [], 0
        for piece in response.iter_content(4096):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_ANSWER_BYTES:
                raise NoSpeechError("Google's answer is far too long for speech")
            if self._clock() > deadline:
                raise NoSpeechError("Google's answer did not end in time", again=True)
        return b"".join(pieces)

    def _open(self) -> requests.Session:
        import requests

        with self._lock:
            if self._session is None:
                self._session = requests.Session()
                self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
                # A proxy named in the environment is honoured for Google, but has no way to our own loopback.
                self._session.trust_env = not self._base_url
            return self._session

    def _take_turn(self, utterance_id: str) -> None:
        """Wait until a request may start: whoever wakes first has the turn, the others wait for the next."""
        while not self._closed.is_set():
            with self._lock:
                now = self._clock()
                if now >= self._next_start:
                    self._next_start = now + self._interval
                    return
                wait = self._next_start - now
            self._sleep(wait)
        raise EngineUnavailable(
            "gtts: the online voice has been closed",
            engine="gtts",
            utterance_id=utterance_id,
            retryable=True,
            next_step="build again: what is done is kept",
        )

    def _hold_off(self, wait: float) -> None:
        """Let no thread start a request for ``wait`` seconds: Google counts all of them together."""
        with self._lock:
            self._next_start = max(self._next_start, self._clock() + wait)


def _wait_after(number: int, asked: float | None) -> float:
    """Seconds before the next try: what the server asked and a little, else doubling, half at random."""
    if asked is not None:
        return asked + random.uniform(0, 0.5)  # noqa: S311 - spreads requests, guards nothing
    longest = FIRST_WAIT * 2 ** (number - 1)
    return random.uniform(longest / 2, longest)  # noqa: S311


def _no_speech_by_status(response: requests.Response) -> NoSpeechError:
    status, wait = response.status_code, retry_after(response.headers)
    if 300 <= status < 400:
        what = "Google sent the request elsewhere, as it does to ask for a captcha or for consent"
        return NoSpeechError(f"{what} (HTTP {status})", f"wait an hour and {LATER}")
    if status in (403, 429) or status >= 500:
        what = "has a fault" if status >= 500 else "refuses requests from this network for now"
        asked = f" and asks to wait {wait:.0f} seconds" if wait else ""
        step = f"wait and build again (what is done is kept), {ELSEWHERE}"
        return NoSpeechError(f"Google {what} (HTTP {status}){asked}", step, kind=SpeechError, again=True, wait=wait)
    step = f"choose another accent of this voice ('audioleaflet voices' lists them), {ELSEWHERE}"
    return NoSpeechError(f"Google does not accept the request (HTTP {status})", step, retryable=False)


def _no_speech_by_network(error: requests.exceptions.RequestException, host: str) -> NoSpeechError:
    from requests import exceptions

    if isinstance(error, exceptions.ChunkedEncodingError | exceptions.ContentDecodingError):
        return NoSpeechError("Google's answer was cut off", again=True)
    if isinstance(error, exceptions.SSLError):
        step = "check this computer's date, and name your network's own certificates in REQUESTS_CA_BUNDLE"
        what = f"the certificate of {host} could not be verified"
        return NoSpeechError(what, f"{step}, {ELSEWHERE}", kind=EngineUnavailable)
    what = f"{host} did not answer in time" if isinstance(error, exceptions.Timeout) else f"{host} cannot be reached"
    step = f"check the network connection and try again, {ELSEWHERE}"
    return NoSpeechError(what, step, kind=EngineUnavailable, again=True)
