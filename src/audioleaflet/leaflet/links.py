"""A link as it is read and shown: the words, and the address unless the words are the address."""

from __future__ import annotations

import re

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
