"""Headers that say what a browser may do with an answer."""

from __future__ import annotations

import base64
import hashlib
import re

# All of a page comes from this library; nothing may be put into it, and no other site may frame it (CSP Level 3).
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src {style}; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "manifest-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
OWN_STYLE = "'self'"
# Our page for what cannot be answered needs nothing at all.
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
# A drawing or a feed that a browser shows by itself can hold script. Sound has no policy of its own: the browser's own
# player, which opens for a link to an MP3, would be bound by it.
DRAWN = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
NEVER_KEPT = "no-store"

_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_HEAD_END = b"</head>"


def page_policy(page: bytes) -> str:
    """The Content-Security-Policy of a page: its own style sheet files, and the one style that its head holds.

    A transcript is one file that must look right wherever it is saved, so its style stands in it; it is named by its
    hash, and any other stays refused.
    """
    found = _STYLE.search(page.partition(_HEAD_END)[0])
    if found is None:
        return CONTENT.format(style=OWN_STYLE)
    digest = base64.b64encode(hashlib.sha256(found[1]).digest()).decode()
    return CONTENT.format(style=f"{OWN_STYLE} 'sha256-{digest}'")
