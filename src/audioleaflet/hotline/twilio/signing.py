"""Which requests come from Twilio, and which addresses come from us.

Both rest on the account's auth token, which nobody else has. Our own keys are made from it and are of no use for
anything else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import SplitResult, urlsplit

TOKEN: Final = "TWILIO_AUTH_TOKEN"  # noqa: S105 (the name of the environment variable)
_TAG_BYTES: Final = 16  # 128 bits: RFC 2104, 5, allows half of the hash
_PORTS: Final = {"https": 443, "http": 80}

Parameters = Sequence[tuple[str, str]]


class ForgedError(Exception):
    """Not what we sealed, or not for this call."""


def request_signature(token: str, url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The X-Twilio-Signature of a POST: HMAC-SHA1 over the whole URL and every parameter, sorted, in base64.

    As in Twilio's "Validating requests"; a parameter that comes twice with one value counts once.
    """
    signed = url + "".join(name + value for name, value in sorted(set(parameters)))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def is_from_twilio(token: str, url: str, parameters: Parameters, signature: str) -> bool:
    """Whether ``signature`` is that of a request to ``url``, which is made from our settings, never from the request.

    Twilio signs some addresses with their port and some without it, so both forms hold.
    """
    given = signature.encode("utf-8", "surrogateescape")
    results = [
        hmac.compare_digest(request_signature(token, form, parameters).encode(), given) for form in _port_forms(url)
    ]
    return any(results)


def _port_forms(url: str) -> tuple[str, ...]:
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return url, _at(parts, host), _at(parts, f"{host}:{parts.port or _PORTS[parts.scheme]}")


def _at(parts: SplitResult, place: str) -> str:
    return parts._replace(netloc=place).geturl()


class Seal:
    """Writes bytes so that nobody else can: HMAC-SHA256 (RFC 2104) with a key of its own ``purpose``.

    ``context`` is what the bytes are bound to without naming it, such as a call.
    """

    def __init__(self, token: str, purpose: str) -> None:
        self._key = hmac.digest(token.encode(), b"audioleaflet hotline\0" + purpose.encode(), "sha256")

    def seal(self, content: bytes, context: str = "") -> str:
        """``content`` and its tag, for a part of an address: base64url without padding (RFC 4648, 5)."""
        return base64.urlsafe_b64encode(content + self._tag(content, context)).rstrip(b"=").decode()

    def open(self, sealed: str, context: str = "") -> bytes:
        """What was sealed for ``context``. Raises ForgedError."""
        try:
            whole = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError) as error:
            raise ForgedError from error
        content, tag = whole[:-_TAG_BYTES], whole[-_TAG_BYTES:]
        if not hmac.compare_digest(self._tag(content, context), tag):
            raise ForgedError
        # Some other spellings of the last character mean the same bytes; an address has one.
        if not hmac.compare_digest(self.seal(content, context).encode(), sealed.encode("utf-8", "surrogateescape")):
            raise ForgedError
        return content

    def _tag(self, content: bytes, context: str) -> bytes:
        bound = hashlib.sha256(context.encode("utf-8", "surrogateescape")).digest() + content
        return hmac.digest(self._key, bound, "sha256")[:_TAG_BYTES]
