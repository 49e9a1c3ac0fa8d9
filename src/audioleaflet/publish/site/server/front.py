"""Around the application: headers that every answer has, totals, and an end to every fault."""

from __future__ import annotations

from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from audioleaflet.publish.site.server import policy
from audioleaflet.publish.site.server.addresses import origin_form
from audioleaflet.publish.site.server.counts import Counts

_HEALTH = "/healthz"  # asked every few seconds by a machine: not counted
_COMMON = [(name.lower().encode(), value.encode()) for name, value in policy.COMMON.items()]
_CLOSE = (b"connection", b"close")


class Front:
    """The outermost application."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self._app = app
        self._counts = counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raw_path = origin_form(scope["raw_path"])
        # The router compares names that are still encoded; addresses.py decodes them, once.
        scope = {**scope, "raw_path": raw_path, "path": raw_path.decode("latin-1")}
        passing = _Passing(send, closing=_has_body(scope))
        try:
            await self._app(scope, receive, passing.send)
        except Exception as error:
            self._counts.failed(error)
            if not passing.complete:
                passing.status = HTTPStatus.INTERNAL_SERVER_ERROR
                raise  # uvicorn closes the connection, so that the answer is seen to be cut short
        finally:
            if scope["path"] != _HEALTH:
                self._counts.answered(passing.status, passing.media_type, passing.sent)


class _Passing:
    """One answer on its way out. ``closing``: nothing more is read from this connection."""

    def __init__(self, send: Send, *, closing: bool) -> None:
        self._send = send
        self._closing = closing
        self.status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.media_type = ""
        self.sent = 0
        self.complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [*message.get("headers", []), *_COMMON]
            if self._closing and _CLOSE not in headers:
                headers.append(_CLOSE)
            self.status = message["status"]
            self.media_type = next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")
            message = {**message, "headers": headers}
        elif message["type"] == "http.response.body":
            self.sent += len(message.get("body", b""))
            self.complete = not message.get("more_body", False)
        await self._send(message)


def _has_body(scope: Scope) -> bool:
    """A body is never read. The connection ends with the answer, or a slow body would hold it for ever."""
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 ") != b"")
        for name, value in scope["headers"]
    )
