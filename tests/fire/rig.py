"""The real coach over a store on disk, played step by step, with every commit counted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from bot.clock import StoppedClock
from bot.coach import Coach
from bot.post import Post
from bot.store import Store
from bot.telegram.channel import TelegramChannel
from bot.telegram.outbox import Room
from bot.words import Words
from conversations import Script

FILE = "coach.db"
PLENTY = Room(replies=50, nudges=4)
CHICAGO = ZoneInfo("America/Chicago")
START = datetime(2026, 11, 23, 10, 0, tzinfo=CHICAGO)


@dataclass(frozen=True)
class Step:
    """One thing that reaches the coach at a moment.

    `update`: kept and worked on. `ring`: the bell rings. `send`: all that waits is recorded as sent.
    """

    kind: Literal["update", "ring", "send"]
    at: datetime
    update: Mapping[str, Any] = field(default_factory=dict)


def nothing() -> None:
    """Nobody counts."""


class Counted(Store):
    """The store; `acknowledged` is called each time it has said that something is saved."""

    acknowledged: Callable[[], None] = staticmethod(nothing)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Any]:
        """As the store's own."""
        async with super().transaction() as inside:
            yield inside
        self.acknowledged()


class Rig:
    """A coach with its store and a clock that stands still."""

    def __init__(self, store: Counted, script: Script, words: Words, clock: StoppedClock) -> None:
        self.store, self.clock = store, clock
        self.coach = Coach(script, words, store, TelegramChannel(words, "coach_bot"), clock)

    @classmethod
    async def open(
        cls, folder: Path, built: tuple[Script, Words], acknowledged: Callable[[], None] = nothing
    ) -> Self:
        """Over the store in this folder; opening it is acknowledged too."""
        store = await Counted.open(folder / FILE)
        store.acknowledged = acknowledged
        acknowledged()
        return cls(store, *built, StoppedClock(START))

    async def play(self, step: Step) -> None:
        """Let one step happen."""
        self.clock.set(step.at)
        if step.kind == "update":
            await self.coach.keep([step.update])
            await self.coach.work()
            await self.store.scrub_if_owed()  # as the bell does
        elif step.kind == "ring":
            await self.coach.ring()
        else:
            await send_all(self.coach)

    async def recover(self, step: Step) -> None:
        """What a start does, and then all that waited: turns, and sending."""
        self.clock.set(step.at)
        await Post(self.store, self.clock, self.coach).begin()
        await self.coach.work()
        await send_all(self.coach)

    async def close(self) -> None:
        """Close the store."""
        await self.store.close()


async def send_all(coach: Coach) -> None:
    """Everything that waits leaves, and arrives under a number that follows from its row."""
    post, now = Post(coach.store, coach.clock, coach), coach.clock.now()
    while rows := await post.ready(now, PLENTY):
        for row in rows:
            number = 100 + row.id if row.method.startswith("send") else None
            await post.sent(row, number, now)


def run(work: Any) -> Any:
    """A coroutine to its end, in a loop of its own."""
    return asyncio.run(work)
