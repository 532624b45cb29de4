"""The coach: what comes in is kept, what is due is said, and what the sender learns is heeded.

Whatever comes in is stored before anything is done with it. Turns are done several at a time; one
transaction then marks their updates done, saves the seekers, replaces their nudges and fills the
outbox: all of it happens, or none.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot import turn
from bot.channel import Channel
from bot.clock import Clock
from bot.desk import Desk, Tools, breath
from bot.doubt import is_settling
from bot.failpoints import passing
from bot.faults import where
from bot.store import InboxRow, Store, Transaction
from bot.turns import AT_ONCE, Turns
from bot.words import Words
from conversations import Script, Seeker
from conversations.saving import load

LOG = logging.getLogger(__name__)
FAULT_REST = timedelta(hours=1)
DOUBT_REST = timedelta(minutes=2)
MOVED = timedelta(minutes=30)


class Coach:
    """The coach over one store and one channel; each seeker's turns in order."""

    def __init__(self, script: Script, words: Words, store: Store, channel: Channel, clock: Clock) -> None:
        self.script = script
        self.words = words
        self.store = store
        self.channel = channel
        self.clock = clock
        self._tools = Tools(script, words, channel)
        self.turns = Turns(self._tools, store, clock)

    async def keep(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Store raw updates and commit; only then may they be confirmed to whoever sent them."""
        now = self.clock.now()
        rows = []
        for update in updates:
            heard = self.channel.read(update)
            tap = heard.press.query if heard and heard.press else None
            told, chat = update, heard.chat if heard else 0
            # No words without an owner, whose erasure would take them along: what concerns nobody
            # is kept by its number only, what was said in a group by the number of the group.
            if heard is None:
                told = {"update_id": update["update_id"], "kind": "none"}
            elif heard.elsewhere:
                told = {"update_id": update["update_id"], "elsewhere": chat}
            rows.append(InboxRow(int(update["update_id"]), tap, chat, json.dumps(told), now))
        async with self.store.transaction() as t:
            await t.keep_updates(rows)
        passing("intake.stored")

    async def work(self) -> int:
        """Take every stored update through its turn, in order; how many tries there were."""
        return await self.turns.work()

    @property
    def busy(self) -> bool:
        """Whether many wait to be answered."""
        return self.turns.busy

    async def ring(self) -> int:
        """Say every nudge that is due, one message for each seeker; how many were looked at."""
        desk, failed = self._desk(), list[int]()
        async with self.store.transaction() as t:
            due = await t.due_nudges(desk.now, AT_ONCE)
            if not due:
                return 0
            passing("bell.found")
            await desk.lay_out(t, due)
            for number in due:
                await breath()
                if is_settling(desk, number):
                    soon = desk.now + DOUBT_REST
                    moved = [replace(one, due=max(one.due, soon)) for one in desk.plans[number]]
                    await t.replace_plans({number: moved})
                    continue
                try:
                    turn.nudge(desk, number, self.turns.past)
                except Exception as error:  # one seeker that cannot be read silences nobody else
                    LOG.error("a nudge failed: %s", where(error))
                    failed.append(number)
            await self._rest(t, failed, desk)
            await desk.write(t)
            passing("bell.rung")
        passing("bell.planned")
        return len(due)

    async def load(self, number: int) -> Seeker | None:
        """The seeker with this number as saved, or None."""
        async with self.store.transaction() as t:
            row = await t.seeker(number)
        return load(row.body) if row else None

    async def left(self, t: Transaction, number: int, turns: Sequence[int] = ()) -> None:
        """The seeker cannot be reached any more: nothing is tried, and everything is kept.

        `turns`: those whose nudges were just refused.
        """
        desk = self._desk()
        await desk.lay_out(t, [number])
        if number in desk.rows:
            gone = await t.cancel_all(number, "gone", desk.now)
            nudges = {one.turn for one in gone if one.kind == "nudge"}
            with _alone():
                turn.leave(desk, number, sorted({*turns, *nudges}))
            await desk.write(t)

    async def unsay(self, t: Transaction, number: int, turns: Sequence[int]) -> None:
        """Nudges of these turns did not go out, and no longer shall: they are owed again."""
        desk = self._desk()
        await desk.lay_out(t, [number])
        if number in desk.rows:
            with _alone():
                turn.unsay(desk, number, turns)
            await desk.write(t)

    async def reckon_anew(self) -> int:
        """Clocks change on other days than known before: all plans anew; who was moved."""
        last, moved = -(2**63), 0
        while True:
            desk = self._desk()
            async with self.store.transaction() as t:
                numbers = await t.nudged_after(last, AT_ONCE)
                if not numbers:
                    return moved
                await desk.lay_out(t, numbers)
                for one in numbers:
                    await breath()
                    with _alone():
                        moved += turn.reckon(desk, one, MOVED)
                await desk.write(t)
            last = numbers[-1]

    def _desk(self) -> Desk:
        return Desk(self._tools, self.clock.now())

    async def _rest(self, t: Transaction, failed: Sequence[int], desk: Desk) -> None:
        """Whose nudge failed is left alone for an hour, or the bell would find them every time."""
        if failed:
            soonest = desk.now + FAULT_REST
            plans = {
                one: [replace(row, due=max(row.due, soonest)) for row in desk.plans[one]] for one in failed
            }
            await t.replace_plans(plans)


@contextmanager
def _alone() -> Iterator[None]:
    """One seeker that cannot be read stops nobody else: they stay as they are."""
    try:
        yield
    except Exception as error:
        LOG.error("a seeker cannot be read: %s", where(error))
