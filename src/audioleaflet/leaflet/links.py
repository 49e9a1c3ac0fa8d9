"""A link as it is read and shown: the words, and the address unless the words are the address.

A link whose address is ``say:`` and a reading is none: it settles how its words are said (see annotation.py).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from audioleaflet.leaflet.annotation import SCHEME, annotated
from audioleaflet.leaflet.ipa import parse_ipa
from audioleaflet.leaflet.respelling import parse_respelling

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.I)


def shown_link(words: str, address: str) -> str:
    """``words (www.cancer.org)`` for a link to ``https://www.cancer.org/``, or the address alone.

    Raises ValueError for what is neither a web address (http, https) nor a mail address (mailto).
    """
    shown = _shown_address(address)
    words = words.strip()
    if not words or _bare(words) == _bare(shown):
        return shown
    return f"{words} ({shown})"


def is_reading(address: str) -> bool:
    """Whether an address is a reading, ``say:WOOND``."""
    return address[: len(SCHEME)].lower() == SCHEME


def settled_words(words: str, address: str) -> str:
    """``words`` annotated with the reading of an address: a respelling, or IPA between slashes.

    Raises ValueError, which tells what is missing or which part of the reading cannot be said.
    """
    written = unquote(address[len(SCHEME) :]).strip()
    if not words.strip():
        raise ValueError("a 'say:' mark has no word to say")
    if not written:
        raise ValueError(f"the 'say:' mark of '{_line(words)}' has no reading")
    bare = len(written) > 1 and written[0] == written[-1] == "/"
    try:
        ipa = parse_ipa(written[1:-1]) if bare else parse_respelling(written)
    except ValueError as error:
        raise ValueError(f"'{written}' cannot be said: {error}") from error
    said, shown = len(ipa.split()), len(re.split(r"[\s/-]+", words.strip()))
    if said > shown:
        raise ValueError(f"'{written}' has {said} words, '{_line(words)}' has {shown}; join syllables with hyphens")
    return annotated(words, ipa)


def _line(words: str) -> str:
    return " ".join(words.split())


def _shown_address(address: str) -> str:
    scheme = _SCHEME.match(address)
    kind = scheme.group().lower() if scheme else ""
    rest = address[len(kind) :]
    if kind in ("http:", "https:") and rest.startswith("//") and rest.strip("/"):
        return rest[2:].rstrip("/")
    if kind == "mailto:" and "@" in rest:
        return rest.split("?")[0]
    raise ValueError(f"the link leads to '{address}'" if address else "the link leads nowhere")


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://|mailto:)?(?:www\.)?", "", address.strip().casefold()).rstrip("/")
