"""The page over HTTP: its files, what is new as a stream, and what somebody does on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.local.files import LARGEST_UP
from bot.local.refusal import Refusal
from bot.page.acts import Acts
from bot.page.scene import NotDone, Scene
from bot.page.view import changed, things

STATIC: Final = Path(__file__).parent / "static"
_KINDS: Final = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
#: Everything comes from here, nothing is run that is not one of our files, and nobody frames the page.
_RULES: Final = {
    "content-security-policy": "default-src 'self'; img-src 'self' blob:; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_AS_A_FILE: Final = {**_RULES, "content-security-policy": "sandbox; default-src 'none'"}
_HEARTBEAT: Final = 15.0
_TOGETHER: Final = 0.02
_MOST_ACT: Final = 64 * 1024
_STRANGER: Final = "This page can only be used at the address that was printed when it was started."

Extra = Callable[[], Awaitable[Mapping[str, Any]]]
View = Callable[[Request], Awaitable[Response]]


class Site:
    """The routes of the page. `extra` gives more things to show, besides those of the scene."""

    def __init__(self, scene: Scene, acts: Acts, extra: Extra, hosts: frozenset[str]) -> None:
        self._scene, self._acts, self._extra, self._hosts = scene, acts, extra, hosts
        self._files = frozenset(one for one in STATIC.iterdir() if one.suffix in _KINDS)
        self.routes: list[BaseRoute] = [
            Route("/", self._own(self._page), methods=["GET"]),
            Route("/static/{name}", self._own(self._file), methods=["GET"]),
            Route("/events", self._own(self._events), methods=["GET"]),
            Route("/acts", self._own(self._act), methods=["POST"]),
            Route("/files", self._own(self._take), methods=["POST"]),
            Route("/files/{number}", self._own(self._give), methods=["GET"]),
        ]

    def _own(self, view: View) -> View:
        """Only for whoever sees this page: another one in the same browser is a stranger here."""

        async def checked(request: Request) -> Response:
            if not is_own(request.headers, request.method, self._hosts):
                return Response(_STRANGER, 403, _RULES, "text/plain")
            try:
                return await view(request)
            except NotDone as error:
                return JSONResponse({"told": str(error)}, 409, _RULES)

        return checked

    async def _page(self, request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers=_RULES, media_type="text/html")

    async def _file(self, request: Request) -> Response:
        path = STATIC / request.path_params["name"]
        if path not in self._files:
            return Response("There is no such file.", 404, _RULES, "text/plain")
        return FileResponse(path, headers=_RULES, media_type=_KINDS[path.suffix])

    async def _events(self, request: Request) -> Response:
        headers = {**_RULES, "x-accel-buffering": "no"}
        return StreamingResponse(self._stream(), headers=headers, media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        """What differs from what was told before; at first everything."""
        told: dict[str, str] = {}
        begins = True
        while True:
            news = self._scene.news()
            told, differ, gone = changed(told, {**things(self._scene), **await self._extra()})
            if differ or gone or begins:
                yield _event({"begins": begins, "set": differ, "gone": gone})
            begins = False
            try:
                await asyncio.wait_for(news.wait(), _HEARTBEAT)
                await asyncio.sleep(_TOGETHER)  # what comes together is told together
            except TimeoutError:
                yield ": still here\n\n"

    async def _act(self, request: Request) -> Response:
        given = _given(await _body(request, _MOST_ACT))
        await self._acts.do(given)
        return JSONResponse({}, 200, _RULES)

    async def _take(self, request: Request) -> Response:
        """A file that a seeker sends: its bytes as they are, what it is in the address."""
        asked = request.query_params
        person = self._scene.person(_number(asked.get("seeker")))
        content, name = await _body(request, LARGEST_UP), asked.get("name") or "file"
        if not content:
            raise NotDone("This file is empty, and Telegram sends no empty files.")
        width, height = _number(asked.get("width")), _number(asked.get("height"))
        if width and height:
            person.sends_picture(name, content, width, height)
        else:
            person.sends_file(name, content, request.headers.get("content-type", ""))
        self._scene.tell()
        return JSONResponse({}, 200, _RULES)

    async def _give(self, request: Request) -> Response:
        """A file of the chat. A browser shows a picture in the page; anything else it only saves."""
        try:
            kept = self._scene.api.files.upload(request.path_params["number"])
        except Refusal:
            return Response("There is no such file.", 404, _RULES, "text/plain")
        headers = {**_AS_A_FILE, "content-disposition": f"attachment; filename*=UTF-8''{quote(kept.name)}"}
        return Response(kept.content, 200, headers, kept.mime)


def is_own(headers: Headers, method: str, hosts: frozenset[str]) -> bool:
    """Whether a request was made by this page or by somebody who typed its address.

    A foreign page can have its name point here (so the host is looked at), and can send what a
    plain form sends (so the origin is).
    """
    try:
        host = urlsplit(f"//{headers.get('host', '')}").hostname
        origin = urlsplit(headers.get("origin", "")).netloc
    except ValueError:
        return False
    if not host or host not in hosts:
        return False
    if method == "GET":
        is_link = headers.get("sec-fetch-dest") == "document"  # followed from anywhere, it reads nothing
        return is_link or headers.get("sec-fetch-site", "none") in ("none", "same-origin")
    return bool(origin) and origin == headers.get("host")


async def _body(request: Request, most: int) -> bytes:
    found = bytearray()
    async for part in request.stream():
        found += part
        if len(found) > most:
            raise NotDone(f"That is too large: Telegram takes at most {most // 1024} kilobytes here.")
    return bytes(found)


def _given(body: bytes) -> Mapping[str, Any]:
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    return given if isinstance(given, dict) else {}


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


def _event(told: object) -> str:
    return f"data: {json.dumps(told)}\n\n"
