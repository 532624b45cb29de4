"""Settles what may or may not have arrived: Telegram is asked, and nothing is sent again blindly.

A message under way when the coach stopped, or when an answer did not come, may have arrived. In a
private chat messages are numbered one after the other, so it can only lie between the last number
known before it left and the next one of ours known after it. Where its own keyboard, or its words, are
found, it arrived; where none of the numbers is it, asked twice, it did not, and goes out once more.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.desk import GIVEN_UP
from bot.failpoints import passing
from bot.faults import where
from bot.store import OutboxRow, Store, StoreError, Transaction
from bot.telegram.client import Caller
from bot.telegram.pacing import BURST, PER_CHAT
from bot.telegram.probing import Found, probe

LOG = logging.getLogger(__name__)
AT_ONCE = 20
CHATS_AT_ONCE = 4
REST = {"nudge": timedelta(seconds=60), "reply": timedelta(seconds=5)}
BEYOND = 4
NEAR = 12
MOST = 24
TWICE = 2


@dataclass(frozen=True)
class Search:
    """Where a message may lie; `whole`: nowhere else. `sent` is what was asked for."""

    numbers: Sequence[int] = ()
    whole: bool = False
    sent: Mapping[str, Any] = field(default_factory=dict)


class Settler:
    """Goes through the rows nobody is sure of, oldest first."""

    def __init__(
        self, store: Store, bot: Caller, clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._store = store
        self._bot = bot
        self._clock = clock
        self._sleep = sleep

    async def settle(self) -> int:
        """Ask after what has been in doubt for a while; how many rows were settled."""
        now, chats = self._clock.now(), dict[int, list[OutboxRow]]()
        async with self._store.transaction() as t:
            for row in await t.to_settle(now - REST["reply"], AT_ONCE):
                if _rested(row, now):
                    chats.setdefault(row.chat, []).append(row)
        room = asyncio.Semaphore(CHATS_AT_ONCE)
        return sum(await asyncio.gather(*(self._chat(rows, room) for rows in chats.values())))

    async def _chat(self, rows: Sequence[OutboxRow], room: asyncio.Semaphore) -> int:
        """One after the other within a chat, a few chats side by side."""
        async with room:
            return sum([await self._safely(row) for row in rows])

    async def _safely(self, row: OutboxRow) -> bool:
        """One that cannot be settled rests, and does not hold up those behind it."""
        try:
            return await self._one(row)
        except Exception as error:
            LOG.error("outbox row %s could not be settled: %s", row.id, where(error))
        with contextlib.suppress(StoreError):  # then it comes again at the next ring
            await self._postpone(row)
        return False

    async def _one(self, row: OutboxRow) -> bool:
        asked: set[int] = set()
        while True:
            if len(asked) >= BURST:
                await self._sleep(PER_CHAT.total_seconds())
            # Anew each time: what leaves meanwhile takes the next number, and must not be probed.
            async with self._store.transaction() as t:
                search = None if await t.under_way(row.chat) else await _where(t, row)
            if search is None:
                return await self._postpone(row)
            number = next((one for one in search.numbers if one not in asked), None)
            if number is None:
                return await self._in_vain(row) if search.whole else await self._give_up(row)
            found = await probe(self._bot, row.chat, number, search.sent)
            passing("settling.asked")
            if found == "not_found":
                asked.add(number)
            else:
                return await self._judged(row, number, found)

    async def _judged(self, row: OutboxRow, number: int, found: Found) -> bool:
        if found == "found":
            return await self._arrived(row, number)
        return await self._postpone(row) if found == "unclear" else await self._give_up(row)

    async def _arrived(self, row: OutboxRow, number: int) -> bool:
        async with self._store.transaction() as t:
            await t.settle(row.id, "sent", number, "found", now=self._clock.now())
            if row.seeker is not None:
                await t.saw_number(row.seeker, number)
                if row.screen and not await t.is_overtaken(row):
                    await t.set_screen(row.seeker, number)
        return True

    async def _in_vain(self, row: OutboxRow) -> bool:
        """Not there. Telegram is wrong about that now and then, so it is asked twice."""
        now = self._clock.now()
        async with self._store.transaction() as t:
            await t.seen_in_vain(row.id, now)
            if row.probes + 1 != TWICE:
                return False
            # A newer screen stands for an older one; words without buttons are said all the same.
            if row.screen and "reply_markup" in json.loads(row.payload) and await t.is_overtaken(row):
                await t.withdraw([row.id], "overtaken", now)
            else:
                await t.put_back(row.id, now, row.tries + 1)
        LOG.info("outbox row %s did not arrive", row.id)
        return True

    async def _postpone(self, row: OutboxRow) -> bool:
        async with self._store.transaction() as t:
            await t.postponed(row.id, self._clock.now())
        return False

    async def _give_up(self, row: OutboxRow) -> bool:
        """It stays unsure for good; the seeker is told when they are there next."""
        async with self._store.transaction() as t:
            await t.given_up(row.id, self._clock.now())
        return False


def _rested(row: OutboxRow, now: datetime) -> bool:
    return row.settled is None or row.settled <= now - REST[row.kind]


async def _mistakable(t: Transaction, row: OutboxRow) -> bool:
    """Whether another one in doubt may have one of its numbers, or it is in doubt no more.

    Asking for another message's keyboard or words would put ours in their place.
    """
    doubtful = [one for one in await t.open_of([row.chat]) if one.state in ("sending", "unsure")]
    for one in doubtful:
        if one.id != row.id and (one.probes < GIVEN_UP or not await t.are_parted(one, row)):
            return True
    return all(one.id != row.id for one in doubtful)


async def _where(t: Transaction, row: OutboxRow) -> Search:
    """The numbers a message may have. None where it could be taken for another one in doubt."""
    if row.method != "sendMessage" or row.seeker is None or row.after_chat is None:
        return Search()
    sent = json.loads(row.payload)
    if "inline_keyboard" not in (sent.get("reply_markup") or {"inline_keyboard": ()}):
        return Search()  # a keyboard of the phone cannot be asked for
    if await _mistakable(t, row):
        return Search()
    recorded = await t.recorded_numbers(row, row.after_chat)
    start = max([row.after_chat, *(number for number, side in recorded if side < 0)])
    above = min((number for number, side in recorded if side > 0), default=None)
    # What the seeker wrote is no end: it may have come before ours, and be read only later.
    newest = (await t.seekers([row.seeker]))[row.seeker].newest or 0
    numbers = [*_between(start, max(start, newest) + 1 + BEYOND, above)][:NEAR]
    # Whether Telegram counts in each chat or over all chats of a bot is not promised: both hold.
    after, whole = row.after_all, True
    if after is not None and after > start:
        over_all = _between(after, await t.next_number(row, after), above)
        whole = len(over_all) <= MOST
        numbers += over_all[:MOST]
    return Search(sorted(set(numbers) - {number for number, _ in recorded}), whole, sent)


def _between(after: int, following: int | None, above: int | None) -> range:
    """The numbers after one known and before the next, or a few where none is known."""
    end = after + 1 + BEYOND if following is None else following
    return range(after + 1, end if above is None else min(end, above))
