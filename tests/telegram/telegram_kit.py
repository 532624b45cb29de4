"""What the Telegram tests share: words that are keys, an outbox in memory, a fast clock."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from bot.channel import Kind, Outgoing
from bot.local.server import StandIn
from bot.telegram.client import Client, make_bot, make_request
from bot.telegram.html import Markup
from bot.telegram.outbox import Room
from bot.telegram.sender import Sender
from conversations.effects import Day, Fitting, Listing, Stack, Text, Value, When

SPEED = 20.0
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class KeyWords:
    """Words that are their keys, followed by their values."""

    def say(self, value: Value, language: str, markup: Markup) -> str:
        """The key of a text, and its values after it."""
        match value:
            case Text(key=key, values=values):
                told = [self.say(one, language, markup) for one in values.values()]
                return " ".join((markup.escape(key), *told))
            case When(at=at):
                return markup.moment(at, f"{at:%H:%M}")
            case Day(on=on):
                return markup.escape(on.isoformat())
            case Stack(items=items) | Listing(items=items):
                return "\n".join(self.say(item, language, markup) for item in items)
            case Fitting(choices=choices):
                return self.say(choices[0], language, markup)
            case _:
                return markup.escape(str(value))


class FastTime:
    """A clock that runs 20 times as fast, and the sleep that fits it."""

    def __init__(self) -> None:
        self._began = monotonic()

    def now(self) -> datetime:
        """The fast time."""
        return NOON + timedelta(seconds=(monotonic() - self._began) * SPEED)

    async def sleep(self, seconds: float) -> None:
        """Sleeps fast seconds."""
        await asyncio.sleep(seconds / SPEED)


@dataclass
class MemoryRow:
    """One request in the outbox in memory, with what became of it."""

    id: int
    chat: int
    method: str
    payload: Mapping[str, Any]
    kind: Kind = "reply"
    file: bytes = b""
    file_name: str = ""
    screen: bool = False
    lasting: bool = False
    tries: int = 0
    seeker: int | None = None
    turn: int = 0
    state: str = "pending"
    message: int | None = None
    reason: str = ""
    gone: bool = False
    retry_at: datetime = NOON


@dataclass
class MemoryOutbox:
    """An outbox as the store keeps one, without a store."""

    rows: list[MemoryRow] = field(default_factory=list)
    back: list[tuple[int, datetime]] = field(default_factory=list)
    most_claimed: int = 0

    def add(self, chat: int, *requests: Outgoing) -> list[MemoryRow]:
        """Puts requests in."""
        made = [
            MemoryRow(
                len(self.rows) + number, chat, one.method, one.payload, one.kind, one.file,
                one.file_name, one.screen, one.lasting,
            )
            for number, one in enumerate(requests)
        ]  # fmt: skip
        self.rows.extend(made)
        return made

    @property
    def open(self) -> list[MemoryRow]:
        """What is not settled yet."""
        return [row for row in self.rows if row.state in ("pending", "claimed")]

    async def ready(self, now: datetime, room: Room) -> list[MemoryRow]:
        """Per chat the oldest open row, if it is free, its time has come, and there is room."""
        heads: dict[int, MemoryRow] = {}
        for row in self.open:
            heads.setdefault(row.chat, row)
        free = [row for row in heads.values() if row.state == "pending" and row.retry_at <= now]
        free = [row for row in free if row.chat not in room.resting]
        replies = [row for row in free if row.kind == "reply"][: room.replies]
        free = [*replies, *[row for row in free if row.kind == "nudge"][: room.nudges]]
        for row in free:
            row.state = "claimed"
        return free

    async def sent(self, row: MemoryRow, message_id: int | None, now: datetime) -> None:
        """It arrived."""
        row.state, row.message = "sent", message_id

    async def not_sent(self, row: MemoryRow, retry_at: datetime) -> None:
        """Again later."""
        self.back.append((row.id, retry_at))
        row.state, row.retry_at, row.tries = "pending", retry_at, row.tries + 1

    async def refused(self, row: MemoryRow, reason: str, gone: bool) -> None:
        """Never."""
        row.state, row.reason, row.gone = "refused", reason, gone

    async def unsure(self, row: MemoryRow, reason: str) -> None:
        """Perhaps."""
        row.state, row.reason = "unsure", reason


def said(text: str, chat: int, **more: Any) -> Outgoing:
    """A message to send."""
    payload = {"chat_id": chat, "text": text, "parse_mode": "HTML"}
    return Outgoing("sendMessage", payload, **more)


@asynccontextmanager
async def a_bot(standin: StandIn, patience: float = 5.0) -> AsyncIterator[Client]:
    """The real client, talking to the stand-in."""
    request, polling = make_request(16, patience), make_request(2, patience)
    bot = make_bot(standin.token, standin.base_url, request, polling)
    try:
        yield bot
    finally:
        await bot.close_connections()


async def deliver(standin: StandIn, outbox: MemoryOutbox, patience: float = 5.0, within: float = 5.0) -> None:
    """Runs the sender until everything in the outbox is settled."""
    time = standin.clock if isinstance(standin.clock, FastTime) else FastTime()
    async with a_bot(standin, patience) as bot:
        sender = Sender(bot, outbox, time.now, time.sleep, chance=lambda: 0.0)  # type: ignore[arg-type]
        run = asyncio.create_task(sender.run())
        end = monotonic() + within
        while outbox.open and not run.done() and monotonic() < end:
            await asyncio.sleep(0.01)
        sender.stop()
        await run


def states(rows: Sequence[MemoryRow]) -> list[str]:
    """What became of rows."""
    return [row.state for row in rows]
