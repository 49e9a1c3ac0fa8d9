"""Small pages for what cannot be answered: what it is, in plain words, and the next step."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from audioleaflet import phrases
from audioleaflet.publish.site.server import policy

_LANGUAGE = "en"  # of a request that names no leaflet
_NAMES = {
    HTTPStatus.NOT_FOUND: "missing",
    HTTPStatus.GONE: "gone",
    HTTPStatus.METHOD_NOT_ALLOWED: "method",
    HTTPStatus.PRECONDITION_FAILED: "gone",
    HTTPStatus.REQUEST_URI_TOO_LONG: "missing",
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: "header",
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE: "range",
    HTTPStatus.SERVICE_UNAVAILABLE: "busy",
}
_OTHER = "fault"
_DEEPEST = 10


class Pages:
    """The pages, in the wording of one language. Raises ConfigError where a wording is missing."""

    def __init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._template = environment.get_template("refusal.html")
        self._words = phrases.load_site(_LANGUAGE).server

    def response(self, target: bytes, status: HTTPStatus, headers: Mapping[str, str] | None) -> Response:
        """The page for a status. The address that was asked for is not on it, nor is anything else of the request."""
        name = _NAMES.get(status, _OTHER)
        content = self._template.render(
            language=_LANGUAGE,
            title=self._words[f"{name}_title"],
            text=self._words[name],
            home=_way_up(target),
            link=self._words["home"],
        )
        own = {"Cache-Control": policy.NEVER_KEPT, "Content-Security-Policy": policy.NOTHING}
        return Response(content, status_code=status, headers={**own, **(headers or {})}, media_type="text/html")


def _way_up(target: bytes) -> str:
    """From an address to the library's page, without knowing under which folder a proxy serves the library."""
    deep = target.count(b"/") - 1
    return "../" * deep or "./" if deep <= _DEEPEST else "/"
