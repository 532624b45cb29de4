"""A loopback server that answers by a script, byte for byte, and keeps what it read."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

OK = b'{"ok": true, "result": true}'
Act = Callable[["Server", asyncio.StreamWriter], Awaitable[bool]]


class Server:
    """A loopback server that keeps what it read, and answers by a script of acts."""

    def __init__(self, *acts: Act) -> None:
        self.acts, self.heads, self.bodies = list(acts), [], []  # type: list[Act], list[str], list[bytes]
        self.port, self.connections = 0, 0

    @property
    def base(self) -> str:
        """The base address for the client."""
        return f"http://127.0.0.1:{self.port}/bot"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: requests, one after another, until an act ends it."""
        self.connections += 1
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lengths = [line for line in head.lower().split("\r\n") if line.startswith("content-length")]
        body = await reader.readexactly(int(lengths[0].split(":")[1])) if lengths else b""
        self.heads.append(head)
        self.bodies.append(body)
        return await (self.acts.pop(0) if self.acts else answers())(self, writer)


def answers(body: bytes = OK, status: str = "200 OK", length: int | None = None, **headers: str) -> Act:
    """Answer, and keep the connection (or claim a length that never comes, and close it)."""

    async def act(server: Server, writer: asyncio.StreamWriter) -> bool:
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        size = len(body) if length is None else length
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{more}\r\n".encode() + body)
        await writer.drain()
        return length is None

    return act


def says(raw: bytes) -> Act:
    """Write these bytes, and close."""

    async def act(server: Server, writer: asyncio.StreamWriter) -> bool:
        writer.write(raw)
        await writer.drain()
        return False

    return act


async def hangs_up(server: Server, writer: asyncio.StreamWriter) -> bool:
    """Close without an answer."""
    return False


async def resets(server: Server, writer: asyncio.StreamWriter) -> bool:
    """Break the connection off without an answer."""
    writer.transport.abort()
    return False


async def is_silent(server: Server, writer: asyncio.StreamWriter) -> bool:
    """Never answer."""
    await asyncio.sleep(60)
    return False


async def trickles(server: Server, writer: asyncio.StreamWriter) -> bool:
    """Answer a byte at a time, for ever: no single wait is long."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while True:
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.05)


@asynccontextmanager
async def serving(*acts: Act) -> AsyncIterator[Server]:
    """A server on a free port of this machine."""
    server = Server(*acts)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
