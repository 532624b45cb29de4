"""One turn: what was heard becomes a seeker changed, nudges planned and words to send, at once.

Whatever comes in is stored before anything is done with it, and one transaction then marks it
done, saves the seeker, replaces the nudges and fills the outbox: all of it happens, or none.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.channel import Channel, Heard, Press, Stage
from bot.clock import Clock
from bot.faults import where
from bot.files import files_of
from bot.outgoing import to_row
from bot.planning import planned
from bot.store import InboxRow, SeekerRow, Store, Transaction
from bot.typed import understood
from bot.words import Words
from conversations import Script, Seeker, advance
from conversations.counts import counts
from conversations.effects import Effect, Erase, Say, Text
from conversations.events import CameBack, Left, NudgesDue, Started
from conversations.saving import FORMAT, dump, load

LOG = logging.getLogger(__name__)
MOST_TRIES = 3
AT_ONCE = 50
FAULT_REST = timedelta(hours=1)


class Coach:
    """The coach over one store and one channel: one turn at a time, each seeker's in order."""

    def __init__(self, script: Script, words: Words, store: Store, channel: Channel, clock: Clock) -> None:
        self.script = script
        self.words = words
        self.store = store
        self.channel = channel
        self.clock = clock

    async def keep(self, updates: Sequence[Mapping[str, Any]]) -> None:
        """Store raw updates and commit; only then may they be confirmed to whoever sent them."""
        now = self.clock.now()
        async with self.store.transaction() as t:
            for update in updates:
                heard = self.channel.read(update)
                tap = heard.press.query if heard and heard.press else None
                chat = heard.chat if heard else 0
                # What concerns nobody is kept by its number only: no words without an owner.
                told = update if heard else {"update_id": update["update_id"], "kind": "none"}
                await t.keep_update(int(update["update_id"]), tap, chat, json.dumps(told), now)

    async def work(self) -> int:
        """Take every stored update through its turn, in order; how many there were."""
        done = 0
        while True:
            async with self.store.transaction() as t:
                rows = await t.waiting_updates(AT_ONCE)
            if not rows:
                return done
            failed = set[int]()
            for row in rows:
                # What came after a turn that failed waits for it: a seeker's words keep their order.
                if row.chat not in failed and not await self._try(row):
                    failed.add(row.chat)
            done += len(rows)

    async def ring(self) -> int:
        """Say every nudge that is due, one message for each seeker; how many were looked at."""
        now = self.clock.now()
        async with self.store.transaction() as t:
            due = await t.due_nudges(now, AT_ONCE)
        for seeker in due:
            try:
                await self._nudge(seeker, now)
            except Exception as error:  # one seeker that cannot be read silences nobody else
                LOG.error("a nudge failed: %s", where(error))
                await self._later(seeker, now)
        return len(due)

    async def _later(self, number: int, now: datetime) -> None:
        async with self.store.transaction() as t:
            rows = await t.nudges_of(number)
            soonest = now + FAULT_REST
            moved = [replace(one, due=max(one.due, soonest)) for one in rows]
            await t.replace_nudges(number, moved)

    async def load(self, number: int) -> Seeker | None:
        """The seeker with this number as saved, or None."""
        async with self.store.transaction() as t:
            row = await t.seeker(number)
        return load(row.body) if row else None

    async def left(self, number: int) -> None:
        """The seeker cannot be reached any more: the coach falls silent and keeps everything."""
        now = self.clock.now()
        async with self.store.transaction() as t:
            saved = await t.seeker(number)
            if saved:
                changed, _ = advance(self.script, load(saved.body), Left(), now)
                await self._save(t, saved, changed, now)

    async def _try(self, row: InboxRow) -> bool:
        """Whether the turn succeeded; one that fails changes nothing, and is set aside in the end."""
        try:
            async with self.store.transaction() as t:
                erased = await self._turn(t, row)
        except Exception as error:
            # Only the kind of fault is logged: the words are the seeker's.
            LOG.error("update %s failed: %s", row.id, where(error))
            await self._failed(row)
            return False
        if erased:  # not a byte of theirs may stay in the file
            await self.store.scrub()
        return True

    async def _turn(self, t: Transaction, row: InboxRow) -> bool:
        """One update, whole; whether its seeker erased everything."""
        erased = False
        now = self.clock.now()
        heard = self.channel.read(json.loads(row.body))
        if heard and heard.elsewhere:
            # Nothing is saved of whoever writes in a group; the line there is in English.
            lines = self.channel.elsewhere(heard, "en")
            await t.enqueue([to_row(one, heard.chat, None, 0) for one in lines], now)
        elif heard and heard.event is not None:
            erased = await self._answer(t, heard, now)
        await t.update_done(row.id, now)
        return erased

    async def _answer(self, t: Transaction, heard: Heard, now: datetime) -> bool:
        saved = await t.seeker(heard.seeker)
        if saved is None and isinstance(heard.event, (Left, CameBack)):
            return False  # nothing is known of them, and nothing begins by leaving
        seeker = load(saved.body) if saved else Seeker()
        event = heard.event if saved or isinstance(heard.event, Started) else Started()
        assert event is not None
        event = understood(self.script, self.words, seeker, event, now)
        changed, effects = advance(self.script, seeker, event, now)
        # Whoever acts has overtaken what was about to be said unasked.
        await t.cancel_nudges(heard.seeker)
        at = saved or SeekerRow(heard.seeker, heard.chat, 0, FORMAT, "")
        await self._write(t, at, changed, effects, heard.press, now)
        return any(isinstance(one, Erase) for one in effects)

    async def _nudge(self, number: int, now: datetime) -> None:
        async with self.store.transaction() as t:
            saved = await t.seeker(number)
            rows = await t.nudges_of(number)
            if saved is None:
                return
            due = tuple((r.rule, r.person) for r in rows if r.due <= now and r.turn == saved.turn)
            seeker = load(saved.body)
            changed, effects = advance(self.script, seeker, NudgesDue(due), now)
            await self._write(t, saved, changed, effects, None, now)

    async def _write(
        self, t: Transaction, at: SeekerRow, seeker: Seeker, effects: Sequence[Effect],
        press: Press | None, now: datetime,
    ) -> None:  # fmt: skip
        erased = any(isinstance(one, Erase) for one in effects)
        if erased:
            await t.erase(at.id, at.chat, now)
        else:
            await self._save(t, at, seeker, now)
        files = files_of(effects, seeker, self.words, now)
        stage = Stage(at.chat, seeker.language, at.screen, press, files)
        said = self.channel.show(effects, stage)
        owner = None if erased else at.id
        await t.enqueue([to_row(one, at.chat, owner, seeker.turn) for one in said], now)

    async def _save(self, t: Transaction, at: SeekerRow, seeker: Seeker, now: datetime) -> None:
        body = dump(seeker)
        row = SeekerRow(at.id, at.chat, seeker.turn, FORMAT, body, seeker.last_seen or now)
        await t.save_seeker(row)
        await t.replace_nudges(at.id, planned(self.script, seeker, now))
        told = counts(seeker)
        await t.save_counts(at.id, told.asked, told.answered, told.met, told.named)

    async def _failed(self, row: InboxRow) -> None:
        """Count the failure; the third time set the update aside, and then say so if that can be."""
        now = self.clock.now()
        async with self.store.transaction() as t:
            if await t.update_failed(row.id) < MOST_TRIES:
                return
            await t.update_aside(row.id, now)
        heard = self.channel.read(json.loads(row.body))
        if heard is None:
            return
        # In English: what is saved of the seeker may be the very thing that cannot be read.
        stage = Stage(heard.chat, "en", None, heard.press)
        said = self.channel.show((Say((Text("unclear.not_saved"),)),), stage)
        async with self.store.transaction() as t:
            await t.enqueue([to_row(one, heard.chat, None, 0) for one in said], now)
