"""The bot as a client of the Bot API: raw answers, long time-outs, a replaceable request layer."""

import os
from collections.abc import Mapping
from typing import Any, Final, Protocol

from telegram import Bot, InputFile
from telegram.request import BaseRequest

from bot.telegram.request import AioRequest, Observer, Patience

BASE_URL: Final = "https://api.telegram.org/bot"
# A short time-out makes doubt: the message was taken, but we no longer wait to hear of it.
PATIENCE: Final = 30.0
CONNECT: Final = 10.0
POOL_SIZE: Final = 32
# PTB warns at every 429 until the time to wait may come as a timedelta, its type in PTB 23.
os.environ.setdefault("PTB_TIMEDELTA", "1")


class Caller(Protocol):
    """What whoever sends needs of the bot: `Client`, or a stand-in for it."""

    async def call(
        self, method: str, payload: dict[str, Any], *, file: bytes = b"", file_name: str = ""
    ) -> Any:
        """The raw result of a Bot API method."""


class Client(Bot):
    """PTB's Bot with one more way in: any method, raw payload in, raw result out."""

    __slots__ = ()

    async def call(
        self,
        method: str,
        payload: Mapping[str, Any] | None = None,
        *,
        file: bytes = b"",
        file_name: str = "",
        read_timeout: float | None = None,
    ) -> Any:
        """The `result` of a Bot API method; `file` travels as `document`, time-outs in seconds.

        Raises what PTB raises (telegram.error), and whatever an unreadable answer leads to.
        """
        data = dict(payload or {})
        if file_name:
            data["document"] = InputFile(file, filename=file_name)
        if read_timeout is None:
            return await self._post(method, data)
        return await self._post(method, data, read_timeout=read_timeout)

    async def close_connections(self) -> None:
        """Closes both request layers, whether or not `initialize` was called."""
        for request in self._request:
            await request.shutdown()

    def __repr__(self) -> str:
        """Without the token, which PTB's own would show."""
        return "Client(token hidden)"

    __str__ = __repr__


def make_bot(
    token: str,
    base_url: str = BASE_URL,
    request: BaseRequest | None = None,
    polling: BaseRequest | None = None,
    on_date: Observer | None = None,
) -> Client:
    """The client; `base_url` ends in `/bot`, and may be that of a stand-in.

    `request` and `polling` replace the layers for sending and for getUpdates; both must be
    usable before `initialize`, as AioRequest is. `on_date` hears Telegram's clock at every answer.
    """
    return Client(
        token,
        base_url=base_url,
        request=request or make_request(POOL_SIZE, on_date=on_date),
        get_updates_request=polling or make_request(2, on_date=on_date),
    )


def make_request(pool_size: int, patience: float = PATIENCE, on_date: Observer | None = None) -> AioRequest:
    """The usual request layer; seconds."""
    waits = Patience(CONNECT, CONNECT, write=patience, media_write=patience, read=patience)
    return AioRequest(pool_size, waits, on_date)
