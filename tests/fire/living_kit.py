"""The whole service beside a local Telegram on one clock: seekers who are owed nudges, zones that change."""

import asyncio
import json
import sqlite3
import struct
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from bot.bell import Bell
from bot.clock import Clock, WallClock
from bot.local.server import StandIn
from bot.planning import planned
from bot.service import Service
from bot.store import OutboxRow, SeekerRow, Store
from bot.store.rows import OutboxKind
from conversations import Seeker
from conversations.saving import FORMAT, dump, load
from tests.conversations.core_kit import the_coach

PATIENCE = 12.0
#: Asks whether anything is still to be sent, or known to have been.
WAITING = "SELECT 1 FROM outbox WHERE state IN ('pending', 'sending')"
SEEN = datetime(2027, 3, 1, 18, tzinfo=UTC)  # Monday noon in Chicago
MORNING = datetime(2027, 3, 3, 16, 0, 30, tzinfo=UTC)  # Wednesday, half a minute past ten in Chicago


class Silent(Bell):
    """Rings only where the test does."""

    def start(self) -> None:
        """Never."""


def clock_at(moment: datetime) -> WallClock:
    """A clock that goes on from this moment."""
    clock = WallClock()
    clock.set(moment)
    return clock


@dataclass
class Life:
    """A running service, and what its store holds."""

    service: Service
    store: Store
    path: Path
    task: "asyncio.Task[int]"

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What is in the file now."""
        return ask(self.path, sql, *values)

    async def speaks(self) -> None:
        """Wait until it takes updates in, and has looked for what waited."""
        service = self.service
        # Whoever waits for work has done all there was: a look still under way could end well too late.
        waiters = "_waiters"
        await comes(
            lambda: service._begun and not service._work.is_set() and bool(getattr(service._work, waiters)),
            "the coach speaks",
        )

    def turning(self) -> "set[asyncio.Task[Any]]":
        """The task that takes updates through their turns."""
        return {one for one in asyncio.all_tasks() if "_turns" in repr(one.get_coro())}

    async def seeker(self, number: int) -> Seeker:
        """A seeker as saved."""
        async with self.store.transaction() as t:
            row = await t.seeker(number)
        assert row is not None
        return load(row.body)


def ask(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a question to the file is answered, over a connection of its own."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=10)) as file:
        return file.execute(sql, values).fetchall()


@asynccontextmanager
async def living(
    standin: StandIn, path: Path, clock: Clock, bell: Bell | None = None, backups: Path | None = None
) -> AsyncIterator[Life]:
    """The service, until the block ends; it must have ended well."""
    store, stop, bell = await Store.open(path), asyncio.Event(), bell or Silent()
    api = standin.base_url.removesuffix("/bot")
    service = Service(standin.token, api, *the_coach(), store, clock, backups)
    task = asyncio.create_task(service.run(bell, stop))
    try:
        yield Life(service, store, path, task)
    finally:
        stop.set()
        await asyncio.wait((task,), timeout=PATIENCE)
        bell.stop()
        await store.close()
    assert task.result() == 0


async def comes(holds: Callable[[], bool], what: str, within: float = PATIENCE) -> float:
    """Wait for something to be so; how many seconds it took."""
    begun = monotonic()
    while not holds():
        assert monotonic() - begun < within, f"never came: {what}"
        await asyncio.sleep(0.01)
    return monotonic() - begun


async def keep(path: Path, seekers: Mapping[int, Seeker], now: datetime) -> None:
    """Seekers in a store that nobody has open, each with what is owed to them."""
    store = await Store.open(path)
    script = the_coach()[0]
    async with store.transaction() as t:
        await t.save_seekers([
            SeekerRow(number, number, one.turn, FORMAT, dump(one), one.last_seen)
            for number, one in seekers.items()
        ])  # fmt: skip
        await t.replace_plans({number: planned(script, one, now) for number, one in seekers.items()})
    await store.close()


def texts(standin: StandIn, chat: int) -> list[str]:
    """What was sent to one chat, in order, and taken."""
    calls = [one for one in standin.called("sendMessage") if one.status == 200]
    return [str(one.params["text"]) for one in calls if int(one.params["chat_id"]) == chat]


def write_zone(file: Path, before: timedelta, changes: Sequence[tuple[datetime, timedelta]]) -> None:
    """A zone with these clock changes and no others, as a file of the tz database."""
    moments = [int(moment.timestamp()) for moment, _ in changes]
    offsets = [int(one.total_seconds()) for one in (before, *(offset for _, offset in changes))]
    empty = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, 0, 1, 1) + bytes(7)
    head = b"TZif2" + bytes(15) + struct.pack(">6l", 0, 0, 0, len(moments), len(offsets), 1)
    body = struct.pack(f">{len(moments)}q", *moments) + bytes(range(1, len(moments) + 1))
    kinds = b"".join(struct.pack(">lbb", offset, 0, 0) for offset in offsets)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(empty + head + body + kinds + b"\0" + b"\n\n")


def row(chat: int, text: str = "A word", kind: OutboxKind = "reply") -> OutboxRow:
    """A request to a seeker, with a button to find it by."""
    keys = {"inline_keyboard": [[{"text": "Done", "callback_data": "nudges.weekly|done|0|1"}]]}
    payload = json.dumps({"chat_id": chat, "text": text, "reply_markup": keys})
    return OutboxRow(chat, "sendMessage", payload, kind=kind, seeker=chat)
