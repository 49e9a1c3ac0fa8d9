"""Addresses of folders on the web."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from audioleaflet.document import fault

# RFC 3986 without user, query and fragment, its host a name, an IPv4 address or a bracketed IPv6 address.
_WEB_FOLDER = re.compile(
    r"(https?://(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?"
    r"(?:/(?:[a-z0-9\-._~!$&'()*+,;=:@/]|%[0-9a-f]{2})*)?)",
    re.IGNORECASE | re.ASCII,
)


def _base_url(address: str) -> str:
    found = _WEB_FOLDER.fullmatch(address.strip())
    if found is None:
        raise fault(
            "URL", f"'{address}' is not the address of a web folder", "write it as https://library.example/audio/"
        )
    return f"{found[1].rstrip('/')}/"


BaseUrl = Annotated[str, AfterValidator(_base_url)]
