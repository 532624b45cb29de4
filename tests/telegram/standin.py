"""A Bot API on the loopback for tests: real HTTP, its own world, faults on order."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from tests.telegram.standin_faults import Fault, Faults
from tests.telegram.standin_limits import Refusal
from tests.telegram.standin_methods import Chat, Methods
from tests.telegram.standin_people import Person
from tests.telegram.standin_updates import Updates

Json = dict[str, Any]
TOKEN = "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr"
_STRUCTURED = ("reply_markup", "link_preview_options", "commands", "allowed_updates")


@dataclass(frozen=True)
class Call:
    """One request as it came in, and the status it was answered with (0: connection dropped)."""

    method: str
    params: Json
    status: int


class StandIn:
    """The server. `async with StandIn() as standin:` listens on a free port.

    It can be closed and opened again where it was, to play an outage.
    """

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.methods = Methods()
        self.updates = Updates()
        self.faults = Faults()
        self.calls: list[Call] = []
        self._port = 0
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """What the client takes as `base_url`."""
        return f"http://127.0.0.1:{self._port}/bot"

    def person(self, name: str = "Alice", language: str = "en") -> Person:
        """A new seeker, whom the bot may write to."""
        chat = Chat(1001 + len(self.methods.chats), name)
        self.methods.chats[chat.id] = chat
        return Person(self, chat, language)

    def called(self, method: str) -> list[Call]:
        """The calls of one method, in order."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def open(self) -> None:
        """Starts to listen, on the port it had before if it had one."""
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def close(self) -> None:
        """Stops listening: from now on connections are refused."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> "StandIn":
        await self.open()
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method, params = request.match_info["method"], await _params(request)
        fault = self.faults.take(method) or Fault(acts=True)
        status, body = await self._answer(request, method, params) if fault.acts else (0, "")
        if fault.seconds:
            await asyncio.sleep(fault.seconds)
        if fault.body is not None:
            status, body = fault.status, fault.body
        self.calls.append(Call(method, params, 0 if fault.drops else status))
        if fault.drops and request.transport is not None:
            request.transport.abort()
        text = body if isinstance(body, str) else json.dumps(body)
        return web.Response(status=status or 500, text=text, content_type="application/json")

    async def _answer(self, request: web.Request, method: str, params: Json) -> tuple[int, str | Json]:
        try:
            if request.match_info["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            return 200, {"ok": True, "result": await self._act(method, params)}
        except Refusal as refusal:
            error = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            return refusal.code, error

    async def _act(self, method: str, params: Json) -> Any:
        if method.lower() == "getupdates":
            return await self.updates.get(params)
        act = self.methods.find(method)
        if act is None:
            raise Refusal(404, "Not Found")
        return act(params)


async def _params(request: web.Request) -> Json:
    if request.content_type == "application/json":
        found = await request.json()
        return dict(found)
    params: Json = {**request.query}
    for name, value in (await request.post()).items():
        params[name] = _file(value) if isinstance(value, FileField) else value
    for name in _STRUCTURED:
        if isinstance(params.get(name), str):
            params[name] = json.loads(params[name])
    return params


def _file(field: FileField) -> Json:
    content = field.file.read()
    return {"file_name": field.filename, "file_size": len(content), "content": content.decode()}
