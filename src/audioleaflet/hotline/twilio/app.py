"""The line as an ASGI application: Twilio's POSTs, the sound that it fetches, and ``/healthz``.

Nothing of a request but its signature decides whether it is answered, and nothing of it is kept or told: neither the
numbers, nor the name of the call, nor the keys.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Lifespan

from audioleaflet.hotline.twilio import media, signing, twiml
from audioleaflet.hotline.twilio.answer import MEDIA, STEP
from audioleaflet.hotline.twilio.line import Line
from audioleaflet.hotline.twilio.replays import Replays
from audioleaflet.hotline.twilio.signing import ForgedError

CALL: Final = "call"
HEALTH: Final = "/healthz"
LARGEST_BODY: Final = 16 * 1024  # bytes; Twilio's are about 1 kB
_BODY_S: Final = 5
_MOST_PARAMETERS: Final = 200
_FORM: Final = "application/x-www-form-urlencoded"
_OVER: Final = ("completed", "busy", "failed", "no-answer", "canceled")
_NEVER_KEPT: Final = {"Cache-Control": "no-store"}
_LONGEST_NAME: Final = 256  # characters of a call's name, a number or a status

Failed = Callable[[BaseException], None]


def application(
    line: Line, *, token: str, public_url: str, failed: Failed, lifespan: Lifespan[Starlette] | None = None
) -> Starlette:
    """The application. ``public_url`` ends with a slash; ``failed`` is told of faults of ours."""
    twilio = _Twilio(line, token, public_url)
    prefix = urlsplit(public_url).path.rstrip("/")
    routes: list[Route] = []
    for folder in dict.fromkeys((prefix, "")):  # a proxy may or may not take the folder away
        routes += [
            Route(f"{folder}/{CALL}", twilio.call, methods=["POST"]),
            Route(f"{folder}/{STEP}", twilio.step, methods=["POST"]),
            Route(f"{folder}/{MEDIA}/{{name}}", twilio.media, methods=["GET"]),
            Route(f"{folder}{HEALTH}", twilio.health, methods=["GET"]),
        ]

    def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = {**_NEVER_KEPT, **(error.headers or {})}
        return PlainTextResponse(f"{HTTPStatus(error.status_code).phrase}\n", error.status_code, headers)

    def at_fault(_request: Request, error: Exception) -> Response:
        failed(error)
        return PlainTextResponse("Internal Server Error\n", HTTPStatus.INTERNAL_SERVER_ERROR, _NEVER_KEPT)

    handlers: dict[Any, Any] = {HTTPException: refused, Exception: at_fault}
    app = Starlette(routes=routes, exception_handlers=handlers, lifespan=lifespan)
    app.router.redirect_slashes = False  # it would redirect to whatever host the request named
    return app


class _Twilio:
    def __init__(self, line: Line, token: str, public_url: str) -> None:
        self._line = line
        self._token = token
        self._public_url = public_url
        self._replays = Replays()

    async def call(self, request: Request) -> Response:
        form = await self._form(request, CALL)
        call = _one(form, "CallSid")
        dialled = _one(form, "To")
        return await self._answer(lambda: self._line.begin(call, dialled), CALL, call)

    async def step(self, request: Request) -> Response:
        form = await self._form(request, STEP)
        call, digits, status = (_one(form, name) for name in ("CallSid", "Digits", "DialCallStatus"))
        states = request.query_params.getlist("state")
        if len(states) != 1:
            raise HTTPException(HTTPStatus.FORBIDDEN)
        if _one(form, "CallStatus") in _OVER:  # the caller hung up in a Gather, which is posted like a missing key
            return Response(twiml.hang_up(), headers=_NEVER_KEPT, media_type=twiml.MEDIA_TYPE)
        sealed = states[0]
        return await self._answer(
            lambda: self._line.go_on(call, sealed, digits, status), STEP, call, sealed, digits, status
        )

    async def media(self, request: Request) -> Response:
        try:
            samples, left_s = self._line.piece(request.path_params["name"])
        except ForgedError as error:
            raise HTTPException(HTTPStatus.FORBIDDEN) from error
        content = media.wav(samples)
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"Cache-Control": f"private, max-age={left_s}", "ETag": tag, "Accept-Ranges": "bytes"}
        known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
        if tag in known or "*" in known:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        asked = request.headers.get("range", "") if request.method == "GET" else ""
        if request.headers.get("if-range", tag) != tag:
            asked = ""
        return _ranged(content, asked, headers)

    async def health(self, _request: Request) -> Response:
        if self._line.can_be_called():
            return JSONResponse({"status": "ok"}, headers=_NEVER_KEPT)
        state = {"status": "there is no edition that can be heard by telephone"}
        return JSONResponse(state, HTTPStatus.SERVICE_UNAVAILABLE, headers=_NEVER_KEPT)

    async def _form(self, request: Request, endpoint: str) -> dict[str, list[str]]:
        """The parameters of a POST that Twilio has signed. Raises HTTPException."""
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        body = await _body(request)
        try:
            parameters = parse_qsl(
                body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS
            )
            query = request.scope["query_string"].decode("ascii")
        except ValueError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST) from error
        url = f"{self._public_url}{endpoint}" + (f"?{query}" if query else "")
        signatures = request.headers.getlist("x-twilio-signature")
        if len(signatures) != 1 or not signing.is_from_twilio(self._token, url, parameters, signatures[0]):
            raise HTTPException(HTTPStatus.FORBIDDEN)
        form: dict[str, list[str]] = {}
        for name, value in parameters:
            form.setdefault(name, []).append(value)
        if not _one(form, "CallSid"):
            raise HTTPException(HTTPStatus.BAD_REQUEST)
        return form

    async def _answer(self, make: Callable[[], Coroutine[None, None, bytes]], *asked: str) -> Response:
        try:
            content = await self._replays.once(asked, make)
        except ForgedError as error:
            raise HTTPException(HTTPStatus.FORBIDDEN) from error
        return Response(content, headers=_NEVER_KEPT, media_type=twiml.MEDIA_TYPE)


def _one(form: dict[str, list[str]], name: str) -> str:
    """The value of a parameter, empty where it is missing. Raises HTTPException: it comes twice, or is too long."""
    values = form.get(name, [""])
    if len(values) > 1 or len(values[0]) > _LONGEST_NAME:
        raise HTTPException(HTTPStatus.BAD_REQUEST)
    return values[0]


async def _body(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_S):
            async for part in request.stream():
                body += part
                if len(body) > LARGEST_BODY:
                    raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers={"Connection": "close"})
    except TimeoutError as error:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, headers={"Connection": "close"}) from error
    except ClientDisconnect as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    return bytes(body)


def _ranged(content: bytes, asked: str, headers: dict[str, str]) -> Response:
    try:
        span = media.byte_range(asked, len(content))
    except ValueError:
        beyond = {**headers, "Content-Range": f"bytes */{len(content)}"}
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=beyond)
    if span is None:
        return Response(content, headers=headers, media_type=media.MEDIA_TYPE)
    first, last = span
    part = {**headers, "Content-Range": f"bytes {first}-{last}/{len(content)}"}
    return Response(content[first : last + 1], HTTPStatus.PARTIAL_CONTENT, part, media_type=media.MEDIA_TYPE)
