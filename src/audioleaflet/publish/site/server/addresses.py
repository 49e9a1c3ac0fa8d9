"""The address that was asked for, as names inside the library folder: decoded once, and strictly (RFC 3986)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote_to_bytes

from audioleaflet.publish.site.server.refusals import Refusal, missing

LONGEST = 2048  # bytes of an address with its query; ours are below 200
_DEEPEST = 8
_LONGEST_NAME = 255  # bytes: what file systems allow
_BAD_PERCENT = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_ABSOLUTE = re.compile(rb"https?://[^/?#]*", re.IGNORECASE)
# Ways up, ways out on other systems, control characters; a leading dot is looked for apart.
_FORBIDDEN = re.compile(r"[/\\\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Names below the library folder, outermost first. ``folder``: it ended with a slash.

    ``version``: the value of ``?v=``, the beginning of the SHA-256 that the file must have; None where there was none.
    """

    names: tuple[str, ...]
    folder: bool
    version: str | None


def origin_form(target: bytes) -> bytes:
    """A request's target without a scheme and a host, which a proxy may send (RFC 9112, section 3.2.2)."""
    return target if target.startswith(b"/") else _ABSOLUTE.sub(b"", target, count=1)


def parse(target: bytes, query: bytes) -> Address:
    """The address in a request's target.

    Raises Refusal: 414 for what is too long, 404 for every name that no file of ours can have (a way up, a hidden file,
    a separator or NUL in disguise, bytes that are not UTF-8).
    """
    if len(target) + len(query) > LONGEST:
        raise Refusal(HTTPStatus.REQUEST_URI_TOO_LONG, {"Connection": "close"})
    if not target.startswith(b"/"):
        raise missing()
    *inner, last = target[1:].split(b"/")
    names = tuple(_name(part) for part in (*inner, *([last] if last else [])))
    if len(names) > _DEEPEST:
        raise missing()
    return Address(names=names, folder=not last, version=_version(query))


def _name(part: bytes) -> str:
    if _BAD_PERCENT.search(part):
        raise missing()
    decoded = unquote_to_bytes(part)
    try:
        name = decoded.decode("utf-8")  # refuses overlong forms (RFC 3629, section 3)
    except UnicodeDecodeError as error:
        raise missing() from error
    if not name or name.startswith(".") or _FORBIDDEN.search(name) or len(decoded) > _LONGEST_NAME:
        raise missing()
    return name


def _version(query: bytes) -> str | None:
    try:
        fields = parse_qsl(query.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except ValueError as error:
        raise missing() from error
    given = [value for name, value in fields if name == "v"]
    return "/".join(given) if given else None  # two of them are no hash, and so match nothing
