"""How the local Telegram brings an update to a webhook: one POST, and what came of it."""

import asyncio
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

PATIENCE: Final = 60.0
_SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"


@dataclass(frozen=True)
class Outcome:
    """How a webhook answered: a status (0 where it could not be reached), and what it says of waiting."""

    status: int
    told: str = ""
    retry_after: int | None = None

    @property
    def taken(self) -> bool:
        """Whether the update arrived."""
        return 200 <= self.status < 300


class Post(Protocol):
    """Brings an update to an address."""

    async def __call__(self, url: str, secret: str, update: Mapping[str, Any]) -> Outcome:
        """Never raises because of the other side."""


async def post(url: str, secret: str, update: Mapping[str, Any]) -> Outcome:
    """One request over a connection of its own."""
    try:
        return await asyncio.wait_for(_exchange(url, secret, update), PATIENCE)
    except TimeoutError:
        return Outcome(0, "Read timeout expired")
    except ConnectionRefusedError:
        return Outcome(0, "Connection refused")
    except (OSError, ValueError, LookupError, asyncio.IncompleteReadError):
        return Outcome(0, "Connection closed")


async def _exchange(url: str, secret: str, update: Mapping[str, Any]) -> Outcome:
    parts = urlsplit(url)
    trust = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if trust else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=trust)
    try:
        writer.write(_request(url, secret, json.dumps(update, ensure_ascii=False).encode()))
        return _read((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
    finally:
        writer.close()


def _request(url: str, secret: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *([f"{_SECRET}: {secret}"] if secret else []),
    ]
    return "\r\n".join((*lines, "", "")).encode() + body


def _read(head: str) -> Outcome:
    first, *lines = head.split("\r\n")
    _, status, *reason = first.split(" ", 2)
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)
    }
    wait = headers.get("retry-after", "")
    told = f"Wrong response from the webhook: {status} {' '.join(reason)}".rstrip()
    return Outcome(int(status), told, int(wait) if wait.isdigit() else None)
