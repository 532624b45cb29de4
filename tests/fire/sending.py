"""Hundreds of sends under one fault each, and what became of all of them: quick and long alike."""

import asyncio
import gc
import tracemalloc
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram.error import NetworkError, TimedOut

from bot.telegram.client import Caller
from tests.fire.fire_kit import FastClock, Fault, MailRoom, StandIn, faults, mailing


@dataclass(frozen=True)
class Sent:
    """How many messages there were, arrived never, arrived again, are known to be sent; the tries."""

    count: int
    lost: int
    doubled: int
    settled: int
    tries: int

    @property
    def all_once(self) -> bool:
        """Whether each arrived once, and is known to have."""
        return (self.lost, self.doubled, self.settled) == (0, 0, self.count)


#: Lost answers as T03 lists them, each with and without the message having been taken.
ANSWERS: dict[str, Fault] = {
    f"{name}, {'taken' if acts else 'not taken'}": Fault(status, body, acts=acts, drops=status == 0)
    for acts in (True, False)
    for name, status, body in (
        ("502 as HTML", 502, "<html>Bad Gateway</html>"),
        ("503", 503, '{"ok": false, "error_code": 503, "description": "Service Unavailable"}'),
        ("504", 504, "Gateway Timeout"),
        ("500, restart", 500, '{"ok": false, "description": "Internal Server Error: restart"}'),
        ("HTML under 200", 200, "<html>Sign in to the airport</html>"),
        ("empty 200", 200, ""),
        ("ok:false without a code", 200, '{"ok": false}'),
        ("a connection lost", 0, None),
    )
}


async def outcome(room: MailRoom, count: int, within: float) -> Sent:
    """Wait until everything is known to be sent, and count."""
    await room.until("sent", within=within)
    copies, states = room.copies(), await room.states()
    again = sum(times * (number - 1) for number, times in copies.items() if number > 1)
    return Sent(count, copies[0], again, states["sent"], await room.most_tries())


async def write_to_each(room: MailRoom, count: int) -> None:
    """A message to each of so many seekers: every other one a nudge."""
    for number, person in enumerate(await room.people_come(count)):
        await room.write(person, "nudge" if number % 2 else "reply")


async def with_lost_answers(
    count: int, wrong: Sequence[Fault], patience: float = 5.0, within: float = 30.0, speed: float = 120.0
) -> Sent:
    """So many messages, to each of which these answers are given, one after the other, in turn."""
    clock = FastClock(speed)
    async with StandIn(clock=clock) as standin, mailing(standin, clock, patience) as room:
        for number in range(count):
            standin.faults.next("sendMessage", wrong[number % len(wrong)])
        room.asks.clear()  # or what is sent again would take the fault of another
        await write_to_each(room, count)
        await room.until("sent", "unsure", within=within)
        doubted = (await room.states())["unsure"]
        assert doubted > count // 2, f"only {doubted} of {count} answers were lost"
        room.asks.set()
        return await outcome(room, count, within)


async def timed_out(count: int, within: float = 30.0) -> Sent:
    """T01: Telegram takes each message, and its answer does not come in time."""
    return await with_lost_answers(count, [faults.black_hole(acts=True)], patience=0.1, within=within)


async def blind(count: int, copies: int = 3) -> Counter[int]:
    """The bad variant of T01: whoever hears no answer sends again. How often each message came."""
    clock = FastClock()
    async with StandIn(clock=clock) as standin, mailing(standin, clock, 0.1) as room:
        standin.faults.next("sendMessage", faults.black_hole(acts=True), count * (copies - 1))
        people = await room.people_come(count)
        room.written = [(one.chat.id, "hello") for one in people]
        await asyncio.gather(*(_insists(room.bot, one.chat.id, copies) for one in people))
        return room.copies()


async def _insists(bot: Caller, chat: int, most: int) -> None:
    for _ in range(most):
        try:
            await bot.call("sendMessage", {"chat_id": chat, "text": "hello"})
        except TimedOut:
            continue
        return


class NoWay:
    """A bot whose requests do not leave until some moment, for these reasons in turn."""

    def __init__(self, clock: FastClock, until: timedelta, *reasons: str) -> None:
        self.bot: Caller | None = None
        self.failures = 0
        self._clock, self._until, self._reasons = clock, clock.now() + until, reasons

    async def call(self, method: str, payload: dict[str, Any], **more: Any) -> Any:
        """As the bot's own, once the way is free."""
        assert self.bot is not None
        if self._clock.now() >= self._until:
            return await self.bot.call(method, payload, **more)
        name = self._reasons[self.failures % len(self._reasons)]
        self.failures += 1
        failure = TimedOut(name) if "Timeout" in name else NetworkError(name)
        raise failure from type(name, (Exception,), {})()


#: Why a request does not leave; tests/telegram/test_telegram_request.py shows each on the wire.
NO_WAY = (
    "ClientConnectorError", "ConnectionTimeoutError", "ClientConnectorDNSError", "ClientConnectorSSLError",
)  # fmt: skip


async def with_no_way(count: int, time: timedelta, within: float = 30.0) -> Sent:
    """T02: so many messages, none of which leaves for a while."""
    clock = FastClock(speed=240)
    way = NoWay(clock, time, *NO_WAY)
    async with StandIn(clock=clock) as standin, mailing(standin, clock, way=way) as room:
        await write_to_each(room, count)
        found = await outcome(room, count, within)
    assert way.failures >= 10, way.failures
    return found


async def refused_connections(count: int, time: timedelta, within: float = 30.0) -> Sent:
    """T02: so many messages while Telegram refuses connections, for a while."""
    clock = FastClock(speed=240)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(count)
        await standin.close()
        for number, person in enumerate(people):
            await room.write(person, "nudge" if number % 2 else "reply")
        await clock.sleep(time.total_seconds())
        assert await room.most_tries() > 1, "nothing was tried meanwhile"
        await standin.open()
        return await outcome(room, count, within)


@dataclass(frozen=True)
class Returned:
    """What became of all that waited; nudges a second after it, at most in any; bytes grown meanwhile."""

    sent: Sent
    a_second: float
    most_a_second: int
    grown: int


async def unreachable(count: int, hours: int = 24, within: float = 60.0) -> Returned:
    """T15: so many nudges, one to each seeker, while nothing reaches Telegram for a day."""
    clock = FastClock(speed=600)
    async with StandIn(clock=clock) as standin, mailing(standin, clock) as room:
        people = await room.people_come(count)
        await standin.close()
        await room.put(*(room.letter(one, "nudge") for one in people))
        await clock.sleep(60)
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(hours):
            await clock.sleep(60)
            clock.jump(timedelta(minutes=59))
        gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
        tracemalloc.stop()
        assert await room.most_tries() > 1, "nothing was tried meanwhile"
        clock.go(5.0)
        await standin.open()
        # What was tried in vain a moment ago would rest five minutes, a real one at this speed.
        clock.jump(timedelta(minutes=6))
        room.bot.left.clear()
        sent = await outcome(room, count, within)
        moments = [one.at for one in room.bot.sends()]
        pace = (len(moments) - 1) / (moments[-1] - moments[0]).total_seconds()
        return Returned(sent, pace, _most_a_second(moments), grown)


def _most_a_second(moments: Sequence[datetime]) -> int:
    """The most of them within any second."""
    return max(sum(at <= one < at + timedelta(seconds=1) for one in moments) for at in moments)
