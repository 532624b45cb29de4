"""Turns from the inbox: several updates in one transaction, each seeker's in order.

One that fails changes nothing and is tried again; the third time it is set aside, and said so.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from bot import turn
from bot.channel import Heard, Stage
from bot.clock import Clock
from bot.desk import Desk, Tools, breath
from bot.failpoints import passing
from bot.faults import where
from bot.outgoing import to_rows
from bot.store import InboxRow, NotSaved, Store, StoreError, Transaction
from conversations.effects import Say, Text

LOG = logging.getLogger(__name__)
MOST_TRIES = 3
AT_ONCE = 50


class Turns:
    """Takes what waits in the inbox through its turns.

    `past`: what went wrong for everybody. `resting`: no new transaction is begun. `busy`: more
    wait than one transaction takes.
    """

    def __init__(self, tools: Tools, store: Store, clock: Clock) -> None:
        self.past = turn.Past()
        self.resting = False
        self.busy = False
        self._tools = tools
        self._store = store
        self._clock = clock
        self._alone = 0

    async def work(self) -> int:
        """Take every stored update through its turn, in order; how many tries there were."""
        done = 0
        while not self.resting and (tried := await self._some()):
            done += tried
        return done

    async def waiting(self) -> list[dict[str, Any]]:
        """The first updates that wait for their turn, as they were received."""
        async with self._store.transaction() as t:
            return [json.loads(row.body) for row in await t.waiting_updates(AT_ONCE)]

    async def _some(self) -> int:
        """One transaction's worth of turns; how many updates were tried."""
        failed = list[InboxRow]()
        at_once = 1 if self._alone else AT_ONCE
        rows = list[InboxRow]()
        try:
            async with self._store.transaction() as t:
                rows = await t.waiting_updates(at_once)
                self.busy = len(rows) == AT_ONCE
                desk = await self._turns(t, rows, failed)
                passing("turn.handled")
        except Exception as error:
            if len(rows) < 1 or (isinstance(error, StoreError) and not _by_its_words(error)):
                raise
            LOG.error("%s turns failed together: %s", len(rows), where(error))
            # One of them spoils the rest: each is tried by itself.
            self._alone, failed = max(self._alone, len(rows)), rows if at_once == 1 else []
        else:
            passing("turn.done")
            if desk.changes.erased:
                passing("erase.done")
        self._alone = max(0, self._alone - 1) if at_once == 1 else self._alone
        for row in failed:
            await self._failed(row)
        return len(rows)

    async def _turns(self, t: Transaction, rows: Sequence[InboxRow], failed: list[InboxRow]) -> Desk:
        """Do the turns of these updates; those that fail are told by `failed`."""
        desk, done = Desk(self._tools, self._clock.now()), list[int]()
        heard = [self._tools.channel.read(json.loads(row.body)) for row in rows]
        await desk.lay_out(t, [one.seeker for one in heard if one and not one.elsewhere])
        lame = set[int]()
        for row, one in zip(rows, heard, strict=True):
            # What came after a turn that failed waits for it: a seeker's words keep their order.
            if row.chat in lame:
                continue
            await breath()
            try:
                erased = self._turn(desk, one)
            except Exception as error:
                # Only the kind of fault is logged: the words are the seeker's.
                LOG.error("update %s failed: %s", row.id, where(error))
                lame.add(row.chat)
                failed.append(row)
                continue
            done.append(row.id)
            if erased:
                break  # what else waits of this seeker is a new beginning
        await t.updates_done(done, desk.now)
        await desk.write(t)
        return desk

    def _turn(self, desk: Desk, heard: Heard | None) -> bool:
        if heard and heard.elsewhere:
            turn.elsewhere(desk, heard)
        elif heard and heard.event is not None:
            return turn.answer(desk, heard, self.past)
        return False

    async def _failed(self, row: InboxRow) -> None:
        """Count the failure; the third time set the update aside, and then say so if that can be."""
        now = self._clock.now()
        async with self._store.transaction() as t:
            if await t.update_failed(row.id) < MOST_TRIES:
                return
            await t.update_aside(row.id, now)
        heard = self._tools.channel.read(json.loads(row.body))
        if heard is None:
            return
        # In English: what is saved of the seeker may be the very thing that cannot be read.
        stage = Stage(heard.chat, "en", None, heard.press)
        said = self._tools.channel.show((Say((Text("troubles.not_saved"),)),), stage)
        async with self._store.transaction() as t:
            await t.enqueue(to_rows(said, heard.chat, None, 0), now)


def _by_its_words(error: StoreError) -> bool:
    """Whether a row was refused for what is in it, and not for the state of the disk."""
    return isinstance(error, NotSaved) and any(
        name in str(error) for name in ("CONSTRAINT", "TOOBIG", "MISMATCH")
    )
