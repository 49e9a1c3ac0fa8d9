"""Why a request is not answered with a file, as an HTTP status (RFC 9110, section 15)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus


class Refusal(Exception):
    """Not a fault of ours: the answer is a page that tells the next step. ``headers`` go with it."""

    def __init__(self, status: HTTPStatus, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.headers = dict(headers or {})


def missing() -> Refusal:
    """Nothing is at that address; what is hidden there, or leads out of the folder, is not told apart from it."""
    return Refusal(HTTPStatus.NOT_FOUND)
