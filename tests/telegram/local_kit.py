"""What the tests of the local Telegram share: a clock that stands, a bot that calls by hand, a webhook."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import httpx

from bot.clock import StoppedClock
from bot.local.delivery import Outcome
from bot.local.server import StandIn

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PATIENCE = 10.0
Json = dict[str, Any]


class Time(StoppedClock):
    """A clock that stands, and can be told to go on by something."""

    def passes(self, **much: float) -> None:
        """So much later, as timedelta takes it."""
        self.set(self.now() + timedelta(**much))


class Bot:
    """Calls methods by hand, over one connection."""

    def __init__(self, standin: StandIn, http: httpx.AsyncClient) -> None:
        self._standin, self.http = standin, http

    def url(self, method: str, prefix: str = "") -> str:
        """The address of a method."""
        base = self._standin.base_url.removesuffix("/bot")
        return f"{base}{prefix}/bot{self._standin.token}/{method}"

    async def answer(self, method: str, **params: Any) -> Json:
        """The whole answer to a JSON request."""
        return dict((await self.http.post(self.url(method), json=params)).json())

    async def call(self, method: str, **params: Any) -> Any:
        """The result; fails where there is none."""
        answer = await self.answer(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def fault(self, method: str, **params: Any) -> str:
        """What Telegram says against a request; fails where it took it."""
        answer = await self.answer(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def numbers(self, **params: Any) -> list[int]:
        """The numbers of the updates that wait."""
        return [one["update_id"] for one in await self.call("getUpdates", **params)]


@asynccontextmanager
async def local(**options: Any) -> AsyncIterator[tuple[StandIn, Bot, Time]]:
    """A local Telegram whose clock stands, and a bot."""
    time = Time(NOON)
    async with StandIn(clock=time, **options) as standin, httpx.AsyncClient(timeout=PATIENCE) as http:
        standin.updates.hold = 0.0
        yield standin, Bot(standin, http), time


async def comes(holds: Callable[[], bool], what: str) -> None:
    """Waits for something to be so."""
    end = monotonic() + PATIENCE
    while not holds():
        assert monotonic() < end, f"never came: {what}"
        await asyncio.sleep(0.005)


@dataclass
class Hook:
    """A webhook in memory: keeps what is brought, and answers by a script, then 200."""

    script: list[Outcome] = field(default_factory=list)
    brought: list[Json] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    #: While this is cleared, whatever is brought is held.
    free: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, url: str, secret: str, update: Mapping[str, Any]) -> Outcome:
        """An update is brought."""
        self.brought.append(dict(update))
        self.secrets.append(secret)
        await self.free.wait()
        return self.script.pop(0) if self.script else Outcome(200)

    @property
    def numbers(self) -> list[int]:
        """Which updates were brought, in order."""
        return [int(one["update_id"]) for one in self.brought]


@asynccontextmanager
async def web_server(*statuses: str) -> AsyncIterator[tuple[str, list[tuple[str, Json]]]]:
    """A real webhook on the loopback: its address, and the heads and bodies that came."""
    came: list[tuple[str, Json]] = []
    answers = list(statuses)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        size = next(line for line in head.lower().split("\r\n") if line.startswith("content-length"))
        came.append((head, json.loads(await reader.readexactly(int(size.partition(":")[2])))))
        status = answers.pop(0) if answers else "200 OK"
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook?a=b", came
