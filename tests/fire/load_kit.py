"""A local Telegram in a process of its own, so that it takes no core from the coach; and its figures."""

import asyncio
import multiprocessing
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from time import monotonic

from bot.local.api import Answer
from bot.local.people import Person
from bot.local.server import StandIn

CONTEXT = multiprocessing.get_context("spawn")
FIRST = 1001  # the number of the first chat of a local Telegram


class Racing:
    """A clock that runs `speed` times as fast, the same in every process of this machine."""

    def __init__(self, begin: datetime, speed: float = 1.0) -> None:
        self._begin, self._speed, self._zero = begin, speed, monotonic()

    def now(self) -> datetime:
        """The moment, aware."""
        return self._begin + timedelta(seconds=(monotonic() - self._zero) * self._speed)

    async def sleep(self, seconds: float) -> None:
        """As long as it seems by this clock."""
        await asyncio.sleep(seconds / self._speed)


@dataclass(frozen=True)
class Seen:
    """What Telegram saw: when each chat wrote, when each was first written to, and all that was sent."""

    wrote: dict[int, datetime]
    began: dict[int, datetime]
    sent: tuple[datetime, ...]
    too_many: int
    twice: int
    polls: int

    def waits(self, since: datetime | None = None) -> list[float]:
        """Seconds from each word, or from a moment, to the first answer; shortest first."""
        begun = {chat: since or at for chat, at in self.wrote.items()} if self.wrote else {}
        starts = begun or dict.fromkeys(self.began, since)
        return sorted((at - (starts[chat] or at)).total_seconds() for chat, at in self.began.items())

    def most_in(self, seconds: float) -> int:
        """How many messages were sent in the busiest stretch of so many seconds."""
        moments = sorted(one.timestamp() for one in self.sent)
        return max(
            (bisect_right(moments, one + seconds - 1e-9) - at for at, one in enumerate(moments)), default=0
        )


class Watching(StandIn):
    """A local Telegram that writes down when it was asked for what."""

    def __init__(self, clock: Racing) -> None:
        super().__init__(clock=clock)
        self.wrote: dict[int, datetime] = {}
        self.sent: list[tuple[int, datetime]] = []

    async def answered(self, token: str, method: str, params: object) -> Answer:
        """As ever, and the moment of each message."""
        if method == "sendMessage" and isinstance(params, dict):
            self.sent.append((int(params["chat_id"]), self.clock.now()))
        return await super().answered(token, method, params)  # type: ignore[arg-type]  # only looked at

    def seen(self) -> Seen:
        """All figures so far."""
        began: dict[int, datetime] = {}
        for chat, at in self.sent:
            began.setdefault(chat, at)
        moments, polls = tuple(at for _, at in self.sent), len(self.called("getUpdates"))
        return Seen(self.wrote, began, moments, self.flood.refusals, len(moments) - len(began), polls)


class Town:
    """The other process: `api` to speak to, people who write, and what was seen."""

    def __init__(self, line: "Connection[object, object]", api: str) -> None:
        self.api = api
        self._line = line

    def writes(self, count: int, seconds: float, words: str = "/start") -> None:
        """So many people write, evenly over so many seconds; returns at once."""
        self._line.send((count, seconds, words))

    async def began(self) -> int:
        """How many were written to so far."""
        found = await self._asked("began")
        assert isinstance(found, int)
        return found

    async def seen(self) -> Seen:
        """What was seen so far."""
        found = await self._asked("seen")
        assert isinstance(found, Seen)
        return found

    async def _asked(self, what: str) -> object:
        self._line.send(what)
        while not self._line.poll():
            await asyncio.sleep(0.01)
        return self._line.recv()


@contextmanager
def town(clock: Racing, people: int) -> Iterator[Town]:
    """A local Telegram with so many people, until the block ends."""
    ours, theirs = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_live, args=(theirs, clock, people), daemon=True)
    process.start()
    try:
        assert ours.poll(60), "the local Telegram did not start"
        yield Town(ours, str(ours.recv()))
    finally:
        process.kill()
        process.join(20)


def _live(line: "Connection[object, object]", clock: Racing, people: int) -> None:
    asyncio.run(_town(line, clock, people))


async def _town(line: "Connection[object, object]", clock: Racing, people: int) -> None:
    standin = Watching(clock)
    async with standin:
        everybody = [standin.person(f"P{number}") for number in range(people)]
        line.send(standin.base_url.removesuffix("/bot"))
        writing = set[asyncio.Task[None]]()
        while True:
            while not line.poll():
                await asyncio.sleep(0.005)
            asked = line.recv()
            if asked == "seen":
                line.send(standin.seen())
            elif asked == "began":
                line.send(len({chat for chat, _ in standin.sent}))
            elif isinstance(asked, tuple):
                count, seconds, words = asked
                writing.add(asyncio.create_task(_write(standin, everybody[:count], seconds, words)))


async def _write(standin: Watching, people: Sequence[Person], seconds: float, words: str) -> None:
    begun = monotonic()
    for number, one in enumerate(people):
        late = begun + seconds * number / len(people) - monotonic()
        if late > 0.002:
            await asyncio.sleep(late)
        one.types(words)
        standin.wrote[one.chat.id] = standin.clock.now()
