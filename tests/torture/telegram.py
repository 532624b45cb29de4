"""The faults of Telegram at their full figures: hundreds of sends, thousands of updates."""

import asyncio
import sys
import time as stopwatch
from collections.abc import Awaitable
from datetime import timedelta

from bot.store import Store
from tests.fire.fire_kit import FastClock
from tests.fire.generated import updates
from tests.fire.sending import (
    ANSWERS,
    Sent,
    refused_connections,
    timed_out,
    unreachable,
    with_lost_answers,
    with_no_way,
)
from tests.fire.test_fire_updates import Office, many_times
from tests.torture.result import Result

COUNT = 500
OUTAGE = timedelta(minutes=8)


def _of_sends(number: str, what: str, work: Awaitable[Sent], most_tries: int = 10**6) -> Result:
    begun = stopwatch.perf_counter()
    sent = asyncio.run(_awaited(work))
    ok = sent.all_once and sent.tries <= most_tries
    figure = f"{sent.settled} of {sent.count} known to be sent, at most {sent.tries} tries of one"
    seconds = stopwatch.perf_counter() - begun
    return Result(number, what, sent.count, sent.lost, sent.doubled, figure, ok, seconds)


async def _awaited(work: Awaitable[Sent]) -> Sent:
    return await work


def time_outs() -> Result:
    """T01: Telegram takes each of 500 messages, and never answers."""
    return _of_sends("T01", "time-outs after the message was taken", timed_out(COUNT, within=300))


def no_way_out() -> Result:
    """T02: 500 messages, and no name, connection, handshake or free connection for a while."""
    work = with_no_way(COUNT, OUTAGE, within=300)
    return _of_sends("T02", "requests that do not leave", work, most_tries=10)


def no_connection() -> Result:
    """T02: 500 messages while connections are refused."""
    work = refused_connections(COUNT, OUTAGE, within=300)
    return _of_sends("T02", "connections refused", work, most_tries=10)


def lost_answers() -> Result:
    """T03: every answer that tells nothing, with and without the message having been taken."""
    work = with_lost_answers(COUNT, list(ANSWERS.values()), within=300)
    return _of_sends("T03", "answers that tell nothing", work)


def a_day_away() -> Result:
    """T15: 500 messages wait while Telegram is out of reach for a day."""
    begun = stopwatch.perf_counter()
    found = asyncio.run(unreachable(COUNT, within=300))
    figure = (f"{found.a_second:.1f} a second on return, {found.most_a_second} at most, "
              f"memory {found.grown / 1e6:+.1f} MB, {found.sent.tries} tries of one")  # fmt: skip
    ok = (
        found.sent.all_once
        and found.a_second <= 25.5
        and found.most_a_second <= 30
        and abs(found.grown) <= 20e6
    )
    return Result("T15", "a day out of reach", COUNT, found.sent.lost, found.sent.doubled, figure, ok,
                  stopwatch.perf_counter() - begun)  # fmt: skip


def repeated_updates(count: int = 10_000) -> Result:
    """T06: 10,000 updates, each one to five times."""
    begun = stopwatch.perf_counter()

    async def work() -> int:
        store = await Store.open(":memory:")
        effects = await many_times(Office(store, FastClock(speed=1.0)), count)
        await store.close()
        return effects

    effects = asyncio.run(work())
    lost, again = max(0, count - effects), max(0, effects - count)
    return Result("T06", "updates that come up to five times", count, lost, again, f"{effects} effects",
                  effects == count, stopwatch.perf_counter() - begun)  # fmt: skip


def strange_updates(count: int = 20_000) -> Result:
    """T13: updates of every kind, made from a library's models of the Bot API."""
    begun = stopwatch.perf_counter()

    async def work() -> dict[str, int]:
        store = await Store.open(":memory:")
        office = Office(store, FastClock(speed=1.0))
        given = list(updates(count, seed=11))
        for at in range(0, count, 100):
            await office.take(*given[at : at + 100])
        found = dict(await office.ask("SELECT state, count(*) FROM inbox GROUP BY state"))
        await store.close()
        return found

    states = asyncio.run(work())
    ok = states == {"done": count}
    return Result("T13", "updates of every kind", count, count - states.get("done", 0), 0, str(states), ok,
                  stopwatch.perf_counter() - begun)  # fmt: skip


ALL = (time_outs, no_way_out, no_connection, lost_answers, a_day_away, repeated_updates, strange_updates)

if __name__ == "__main__":
    results = [one() for one in ALL]
    for result in results:
        print(result)
    sys.exit(not all(one.ok for one in results))
