"""A loop that is blocked while nudges come due, and who was still said theirs afterwards."""

import asyncio
import time as stopwatch
from datetime import UTC, datetime

from bot.bell import Bell
from conversations import Seeker
from tests.fire.time_kit import Clockwork, clockwork, owing

SEEN = datetime(2027, 3, 1, 18, tzinfo=UTC)  # Monday noon in Chicago
MORNING = datetime(2027, 3, 3, 16, tzinfo=UTC)  # Wednesday at ten in Chicago, the chosen moment


async def kept(work: Clockwork, seekers: dict[int, Seeker]) -> None:
    """All of them, saved with what is owed to them."""
    for number, seeker in seekers.items():
        await work.keep(number, seeker)


async def said_after_a_block(count: int, every: float, block: float) -> list[int]:
    """The chats in which a nudge was said that came due in a block, one for each seeker, in order.

    `every`: seconds from ring to ring. `block`: seconds for which nothing else goes on.
    """
    async with clockwork(SEEN) as work:
        await kept(work, dict.fromkeys(range(1, count + 1), owing("America/Chicago", SEEN, [2])))
        work.clock.set(MORNING)
        bell = Bell()

        async def ring() -> None:
            while await work.coach.ring():
                pass

        bell.every(every, ring)
        bell.start()
        stopwatch.sleep(block)
        chats = await _until_said(work, count)
        bell.stop()
    return sorted(chats)


async def _until_said(work: Clockwork, count: int) -> list[int]:
    chats: list[int] = []
    end = stopwatch.monotonic() + 60
    while len(chats) < count and stopwatch.monotonic() < end:
        await asyncio.sleep(0.05)
        chats += [one.chat for one in await work.said()]
    return chats
