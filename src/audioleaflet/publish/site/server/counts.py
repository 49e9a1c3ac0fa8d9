"""What the server tells of its work: totals, never who asked for what.

That someone reads a page about cancer is health data. So nothing here holds an address, a user agent, a referrer or a
path, and the totals are of the whole library, not of a leaflet.
"""

from __future__ import annotations

from collections import Counter

from audioleaflet.log import Log as Log
from audioleaflet.log import fault

KINDS = ("pages", "audio", "downloads", "feeds", "assets", "unchanged", "redirects", "4xx", "5xx", "bytes")


class Counts:
    """Totals since the last line about them."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._totals: Counter[str] = Counter()
        self._told: set[str] = set()

    def answered(self, status: int, media_type: str, sent: int) -> None:
        """Count one answer by its status and media type, with the ``sent`` bytes of its body."""
        self._totals[_kind(status, media_type)] += 1
        self._totals["bytes"] += sent

    def failed(self, error: BaseException) -> None:
        """Tell of a fault of ours by its class and its place in our code; once for each until the next totals."""
        told = fault(error)
        if told not in self._told:
            self._told.add(told)
            self._log.tell("fault", {"message": told})

    def flush(self) -> None:
        """Tell the totals, if there are any, and begin again."""
        if self._totals:
            self._log.tell("counts", {kind: self._totals[kind] for kind in KINDS})
        self._totals.clear()
        self._told.clear()


def _kind(status: int, media_type: str) -> str:
    if status >= 300:
        return "unchanged" if status == 304 else {3: "redirects", 4: "4xx"}.get(status // 100, "5xx")
    if media_type.startswith("audio/"):
        return "audio"
    if media_type.startswith("text/html"):
        return "pages"
    if media_type.startswith("application/rss+xml"):
        return "feeds"
    is_asset = media_type.startswith(("text/css", "text/javascript", "image/"))
    return "assets" if is_asset else "downloads"
