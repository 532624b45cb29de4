"""What the tests of Telegram's faults share: a fast clock, a mail room, and the whole service running."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Protocol

from bot.alarms import Alarms
from bot.bell import Bell
from bot.channel import Kind
from bot.clock import Clock
from bot.coach import Coach
from bot.local import faults
from bot.local.faults import Fault
from bot.local.people import Person, keys_of
from bot.local.server import StandIn
from bot.post import Post
from bot.service import Service
from bot.settling import Settler
from bot.store import OutboxRow, SeekerRow, Store
from bot.telegram.channel import TelegramChannel
from bot.telegram.client import Caller, make_bot, make_request
from bot.telegram.sender import Sender
from conversations.saving import FORMAT, dump
from tests.conversations.core_kit import the_coach, welcomed

__all__ = ["Fault", "Person", "StandIn", "faults", "keys_of"]
MONDAY = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
PATIENCE = 20.0
SETTLE = 15.0
NEVER = timedelta(days=30)
Json = dict[str, Any]


class FastClock:
    """A clock that runs `speed` times as fast, can jump ahead, and the sleep that fits it."""

    def __init__(self, speed: float = 60.0, begin: datetime = MONDAY) -> None:
        self.speed, self._begin, self._zero = speed, begin, monotonic()

    def now(self) -> datetime:
        """The fast time."""
        return self._begin + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        """Fast seconds since it was made, without the jumps."""
        return (monotonic() - self._zero) * self.speed

    def jump(self, time: timedelta) -> None:
        """Let so much time have passed."""
        self._begin += time

    def go(self, speed: float) -> None:
        """From now on, run so fast."""
        self._begin, self._zero, self.speed = self.now(), monotonic(), speed

    async def sleep(self, seconds: float) -> None:
        """Sleep fast seconds."""
        await asyncio.sleep(seconds / self.speed)


@dataclass(frozen=True)
class Left:
    """One request as it left: when, what, to whom, and how many were under way with it."""

    at: datetime
    method: str
    chat: int
    text: str
    flying: int


class Watched:
    """A bot, and a record of everything asked of it."""

    def __init__(self, bot: Caller, clock: Clock) -> None:
        self.left: list[Left] = []
        self._bot, self._clock = bot, clock
        self._flying: Counter[str] = Counter()

    async def call(self, method: str, payload: Json, **more: Any) -> Any:
        """As the bot's own."""
        text, chat = str(payload.get("text", "")), int(payload.get("chat_id", 0))
        kind = text.partition(" ")[0]
        self._flying[kind] += 1
        self.left.append(Left(self._clock.now(), method, chat, text, self._flying[kind]))
        try:
            return await self._bot.call(method, payload, **more)
        finally:
            self._flying[kind] -= 1

    def sends(self, chat: int = 0) -> list[Left]:
        """What was sent: to one chat, or to any."""
        return [one for one in self.left if one.method == "sendMessage" and chat in (0, one.chat)]


def keys(data: object) -> Json:
    """A keyboard of one button, which no other message has."""
    return {"inline_keyboard": [[{"text": "Go", "callback_data": f"s|o|0|{data}"}]]}


@dataclass
class MailRoom:
    """A store with an outbox, its sender and settler, and the seekers they write to."""

    standin: StandIn
    clock: FastClock
    store: Store
    bot: Watched
    post: Post
    sender: Sender
    settler: Settler
    alarms: Alarms
    people: list[Person] = field(default_factory=list)
    written: list[tuple[int, str]] = field(default_factory=list)
    #: Whether what is in doubt is asked after.
    asks: asyncio.Event = field(default_factory=asyncio.Event)

    async def people_come(self, count: int) -> list[Person]:
        """New seekers, each of whom has written something."""
        came = [self.standin.person(f"Kim {number}") for number in range(count)]
        body = dump(welcomed().seeker)
        rows = [
            SeekerRow(one.chat.id, one.chat.id, 1, FORMAT, body, self.clock.now(), None,
                      one.types("hello")["message"]["message_id"])
            for one in came
        ]  # fmt: skip
        async with self.store.transaction() as t:
            await t.save_seekers(rows)
        self.people += came
        return came

    def letter(
        self, person: Person, kind: Kind = "reply", keyboard: Mapping[str, Any] | None = None, **more: Any
    ) -> OutboxRow:
        """A message for a person, with a text and a keyboard that no other has."""
        text = f"{kind} {len(self.written)}"
        self.written.append((person.chat.id, text))
        payload = {"chat_id": person.chat.id, "text": text}
        markup = keys(len(self.written)) if keyboard is None else keyboard
        whole = json.dumps({**payload, "reply_markup": markup} if markup else payload)
        return OutboxRow(person.chat.id, "sendMessage", whole, kind=kind,
                         seeker=person.chat.id, turn=1, **more)  # fmt: skip

    async def write(self, person: Person, kind: str = "reply", **more: Any) -> None:
        """A message for a person waits from now on."""
        await self.put(self.letter(person, kind, **more))

    async def put(self, *rows: OutboxRow) -> list[int]:
        """Requests wait from now on."""
        async with self.store.transaction() as t:
            ids = await t.enqueue(rows, self.clock.now())
        self.sender.wake()
        return ids

    async def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """What the store says."""
        async with self.store.transaction():
            return await self.store._driver.rows(sql)

    async def states(self) -> Counter[str]:
        """How many messages are in each state."""
        return Counter(dict(await self.ask("SELECT state, count(*) FROM outbox GROUP BY state")))

    async def most_tries(self) -> int:
        """The attempts of the message that took the most."""
        return int((await self.ask("SELECT coalesce(max(tries), 0) + 1 FROM outbox"))[0][0])

    def copies(self) -> Counter[int]:
        """How many messages arrived so many times."""
        there = Counter((one.chat.id, text) for one in self.people for text in one.received())
        return Counter(there[one] for one in self.written)

    async def until(self, *states: str, within: float = PATIENCE) -> None:
        """Wait until every message is in one of these states."""
        end = monotonic() + within
        while left := set(await self.states()) - set(states):
            assert monotonic() < end, f"still {left}: {await self.states()}"
            await asyncio.sleep(0.02)

    async def settling(self) -> None:
        """Ask after what is in doubt, as the bell does."""
        while True:
            await self.clock.sleep(SETTLE)
            await self.asks.wait()
            if await self.settler.settle():
                self.sender.wake()


class Way(Caller, Protocol):
    """Something that requests have to pass on their way to the bot."""

    bot: Caller | None


@asynccontextmanager
async def mailing(
    standin: StandIn, clock: FastClock, patience: float = 5.0, way: "Way | None" = None
) -> AsyncIterator[MailRoom]:
    """A mail room at work until the block ends; its requests go by `way`."""
    script, words = the_coach()
    store = await Store.open(":memory:")
    coach = Coach(script, words, store, TelegramChannel(words), clock)
    client = make_bot(standin.token, standin.base_url, make_request(16, patience), make_request(2))
    if way is not None:
        way.bot = client
    watched, post = Watched(way or client, clock), Post(store, clock, coach)
    alarms = Alarms(clock.now)
    sender = Sender(watched, post, clock.now, clock.sleep, alarms=alarms)
    settler = Settler(store, watched, clock, clock.sleep)
    room = MailRoom(standin, clock, store, watched, post, sender, settler, alarms)
    room.asks.set()
    tasks = [asyncio.create_task(sender.run()), asyncio.create_task(room.settling())]
    try:
        yield room
        assert not any(one.done() for one in tasks), [one for one in tasks if one.done()]
    finally:
        sender.stop()
        tasks[1].cancel()
        await asyncio.wait(tasks, timeout=PATIENCE)
        await client.close_connections()
        await store.close()


@asynccontextmanager
async def running(
    standin: StandIn, path: Path, bell: Bell | None = None, *, settles: bool = True
) -> AsyncIterator[Service]:
    """The whole coach, speaking to the local Telegram until the block ends, by the same clock."""
    store, stop, bell = await Store.open(path), asyncio.Event(), bell or Bell()
    api = standin.base_url.removesuffix("/bot")
    service = Service(standin.token, api, *the_coach(), store, standin.clock, settles=settles)
    task = asyncio.create_task(service.run(bell, stop))
    try:
        yield service
    finally:
        stop.set()
        assert await asyncio.wait_for(task, PATIENCE) == 0
        bell.stop()
        await store.close()


async def comes(holds: Callable[[], bool], what: str, within: float = PATIENCE) -> float:
    """Wait for something to be so; how many seconds it took. What it is called is the failure."""
    begun = monotonic()
    while not holds():
        assert monotonic() - begun < within, f"never came: {what}"
        await asyncio.sleep(0.01)
    return monotonic() - begun
