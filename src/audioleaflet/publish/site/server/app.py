"""The web library as an ASGI application: GET and HEAD of the files that a build made, and ``/healthz``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from audioleaflet.publish.site.server import policy
from audioleaflet.publish.site.server.addresses import Address, parse
from audioleaflet.publish.site.server.answers import Answer, Kept, answer
from audioleaflet.publish.site.server.counts import Counts
from audioleaflet.publish.site.server.files import Files, MovedToFolder, Opened
from audioleaflet.publish.site.server.front import Front
from audioleaflet.publish.site.server.pages import Pages
from audioleaflet.publish.site.server.refusals import Refusal
from audioleaflet.web.guard import LARGEST_HEADER

CHUNK = 64 * 1024  # bytes in memory for each answer that is being sent
_METHODS = ("GET", "HEAD")


def application(files: Files, counts: Counts, *, every: float) -> ASGIApp:
    """The application. ``every``: seconds between two lines of totals."""
    pages = Pages()

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: _fault(counts, context))
        task = asyncio.create_task(_flushing(counts, every))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            counts.flush()

    def refused(request: Request, error: Exception) -> Response:
        if isinstance(error, Refusal):
            return pages.response(request.scope["raw_path"], error.status, error.headers)
        if isinstance(error, HTTPException):
            return pages.response(request.scope["raw_path"], HTTPStatus(error.status_code), error.headers)
        return pages.response(request.scope["raw_path"], HTTPStatus.INTERNAL_SERVER_ERROR, {"Connection": "close"})

    async def health(_request: Request) -> Response:
        try:
            state: dict[str, str | int] = {"status": "ok", "editions": await asyncio.to_thread(files.editions)}
            status = HTTPStatus.OK
        except OSError:
            state, status = {"status": "the library folder cannot be read"}, HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(state, status_code=status, headers={"Cache-Control": policy.NEVER_KEPT})

    app = Starlette(
        routes=[Route("/healthz", health), Route("/{path:path}", Library(files))],
        exception_handlers={Refusal: refused, HTTPException: refused, Exception: refused},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False  # it would redirect to whatever host the request named
    return Front(app, counts)


def _fault(counts: Counts, context: Mapping[str, Any]) -> None:
    error = context.get("exception")  # the rest of the context may hold a client's address
    counts.failed(error if isinstance(error, BaseException) else RuntimeError())


async def _flushing(counts: Counts, every: float) -> None:
    while True:
        await asyncio.sleep(every)
        counts.flush()


class Library:
    """Answers with files. Every look at the disk is made in a thread, so that a slow one holds up nobody else."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._kept = Kept()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises Refusal."""
        if scope["method"] not in _METHODS:
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": ", ".join(_METHODS)})
        if scope["state"].get("crowded"):
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "10", "Connection": "close"})
        if sum(len(name) + len(value) + 4 for name, value in scope["headers"]) > LARGEST_HEADER:
            raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, {"Connection": "close"})
        address = parse(scope["raw_path"], scope["query_string"])
        try:
            opened = await asyncio.to_thread(self._files.open, address)
        except MovedToFolder:
            await _to_folder(address, scope["query_string"])(scope, receive, send)
            return
        try:
            head = scope["method"] == "HEAD"
            made = await asyncio.to_thread(answer, opened, _asked(scope), self._kept)
            await _send(made, opened, head=head, receive=receive, send=send)
        finally:
            opened.close()


def _asked(scope: Scope) -> Mapping[str, str]:
    """A request's headers; those that came twice are one list (RFC 9110, 5.3). A range is for GET alone (14.2)."""
    asked: dict[str, str] = {}
    for name, value in Headers(scope=scope).items():
        asked[name] = f"{asked[name]}, {value}" if name in asked else value
    if scope["method"] == "HEAD":
        asked.pop("range", None)
    return asked


async def _send(made: Answer, opened: Opened, *, head: bool, receive: Receive, send: Send) -> None:
    at, end = made.span.first, made.span.last + 1
    content = made.content
    if content is None and not head:
        content = await _read(
            opened, at, end
        )  # before the first header: what cannot be read is a 500, not half an answer
        at += len(content)
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in made.headers.items()]
    await send({"type": "http.response.start", "status": made.status.value, "headers": headers})
    more = made.content is None and not head and at < end
    await send({"type": "http.response.body", "body": b"" if head else content or b"", "more_body": more})
    if not more:
        return
    gone = asyncio.create_task(_disconnected(receive))
    try:
        while at < end and not gone.done():
            content = await _read(opened, at, end)
            at += len(content)
            await send({"type": "http.response.body", "body": content, "more_body": at < end})
    finally:
        gone.cancel()


async def _read(opened: Opened, at: int, end: int) -> bytes:
    wanted = min(CHUNK, end - at)
    content = await asyncio.to_thread(opened.read, at, wanted) if wanted else b""
    if len(content) != wanted:
        raise EOFError("the file became shorter while it was sent")
    return content


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _to_folder(address: Address, query: bytes) -> Response:
    """To the same address with a slash. Relative, so it holds behind a proxy that serves the library in a folder."""
    place = f"./{quote(address.names[-1], safe='')}/" + (f"?{query.decode('latin-1')}" if query else "")
    headers = {"Location": place, "Cache-Control": policy.ASK_AGAIN, "Content-Security-Policy": policy.NOTHING}
    return Response(status_code=HTTPStatus.MOVED_PERMANENTLY, headers=headers)
