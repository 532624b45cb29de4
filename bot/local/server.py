"""The local Telegram on the loopback: the Bot API over HTTP, and what is served beside it."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.clock import Clock, WallClock
from bot.local.api import TOKEN, Answer, Api, Call
from bot.local.fields import fields_of
from bot.local.flood import Limits

__all__ = ["TOKEN", "Call", "StandIn"]
HOST: Final = "127.0.0.1"
IDLE: Final = 3600
_VERBS: Final = ["GET", "POST"]
_LOOK: Final = 0.02


class _Protocol(H11Protocol):
    """Lets a request break its own connection off."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        self.app_state = {**self.app_state, "transport": transport}
        super().connection_made(transport)


class StandIn(Api):
    """The server. `async with StandIn() as standin:` listens, on a free port unless told another.

    Raises OSError where it cannot listen there.
    It can be closed and opened again where it was, to play an outage. At the end of the block it
    raises AssertionError with what was asked against the rules, unless that was expected.
    """

    def __init__(
        self, token: str = TOKEN, *, clock: Clock | None = None, limits: Limits | None = None,
        host: str = HOST, port: int = 0,
    ) -> None:  # fmt: skip
        super().__init__(clock or WallClock(), token, limits)
        self._host, self._port, self._beside = host, port, list[BaseRoute]()
        self._server: uvicorn.Server | None = None
        self._faults: list[Exception] = []
        self._away: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """Where it listens."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def base_url(self) -> str:
        """What the client takes as `base_url`."""
        return f"{self.address}/bot"

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    def serve_beside(self, routes: Sequence[BaseRoute]) -> None:
        """Serves these beside the Bot API, from the next `open` on."""
        self._beside += routes

    async def open(self) -> None:
        """Starts to listen, on the port it had before if it had one."""
        routes = [
            Route("/bot{token}/{method}", self._called, methods=_VERBS),
            Route("/file/bot{token}/{path:path}", self._fetched, methods=["GET"]),
            *self._beside,
        ]
        config = uvicorn.Config(
            Starlette(routes=routes), http=_Protocol, ws="none", lifespan="off", log_config=None,
            log_level="critical", access_log=False, date_header=False, server_header=False,
            # A kept connection that closes at the moment of a request would be doubt of our own making.
            timeout_keep_alive=IDLE,
        )  # fmt: skip
        config.load()
        server = uvicorn.Server(config)
        server.lifespan = config.lifespan_class(config)
        # Not `serve`: it would take the signals of the process, and close at leisure.
        await server.startup(sockets=[self._listening()])
        self._server = server
        self.webhooks.start()

    async def close(self) -> None:
        """Stops listening and cuts every connection: from now on connections are refused."""
        server, self._server = self._server, None
        await self.webhooks.stop()
        if server is None:
            return
        for one in server.servers:
            one.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        tasks = list(server.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def away(self, time: timedelta = timedelta(days=1)) -> None:
        """Refuses connections until its clock has gone on by this much."""
        until = self.clock.now() + time
        await self.close()
        self._away = asyncio.create_task(self._return(until))

    async def _return(self, until: datetime) -> None:
        while self.clock.now() < until:
            await asyncio.sleep(_LOOK)
        await self.open()

    async def __aenter__(self) -> "StandIn":
        await self.open()
        return self

    async def __aexit__(self, kind: object, *error: object) -> None:
        if self._away is not None:
            self._away.cancel()
        await self.close()
        if kind is None and self._faults:
            raise self._faults[0]
        if kind is None and self.broken_rules:
            raise AssertionError("asked against the rules of the Bot API: " + "; ".join(self.broken_rules))

    def _listening(self) -> socket.socket:
        # With its protocol named, asyncio sends each answer at once, without Nagle's delay.
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((self._host, self._port))
        except OSError:
            listening.close()
            raise
        self._port = listening.getsockname()[1]
        return listening

    async def _called(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        try:
            return await self._given(request, await self.answered(token, method, await fields_of(request)))
        except ClientDisconnect:  # whoever asked is gone: killed, or cancelled
            raise
        except Exception as error:
            self._faults.append(error)
            raise

    async def _fetched(self, request: Request) -> Response:
        token, path = request.path_params["token"], request.path_params["path"]
        return await self._given(request, self.fetched(token, path))

    async def _given(self, request: Request, answer: Answer) -> Response:
        if answer.seconds:
            await asyncio.sleep(answer.seconds)
        if answer.drops:
            request.state.transport.abort()
        if answer.drops or answer.silent:
            await _gone(request)
        return Response(answer.body, answer.status or 500, {**answer.headers, "date": self.date()})


async def _gone(request: Request) -> None:
    """Waits until the connection is no more."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
