"""The outbox as the sender sees it: rows to send now, and what became of each."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channel import Kind
from bot.clock import Clock
from bot.store import OutboxRow, Recovered, Store, Transaction
from bot.store.house import SCRUB_OWED
from bot.store.mending import MENDED
from bot.store.replacing import RESTORED
from bot.store.together import Together
from bot.telegram.outbox import Room, Row

DOUBTED = "restored_doubted"


@dataclass(frozen=True)
class Letter:
    """One row of the outbox, opened."""

    id: int
    chat: int
    kind: Kind
    method: str
    payload: Mapping[str, Any]
    file: bytes
    file_name: str
    tries: int
    screen: bool
    lasting: bool
    seeker: int | None
    turn: int


class Teller(Protocol):
    """What the coach does about a seeker whom nothing reaches, and about nudges not said."""

    @property
    def busy(self) -> bool:
        """Whether many wait to be answered."""

    async def left(self, t: Transaction, number: int, turns: Sequence[int] = ()) -> None:
        """Nothing reaches this seeker; the nudges of these turns were refused."""

    async def unsay(self, t: Transaction, number: int, turns: Sequence[int]) -> None:
        """The nudges of these turns did not go out, and are owed again."""


class Post:
    """Hands out what may leave and records how it went, each in one transaction."""

    def __init__(self, store: Store, clock: Clock, coach: Teller) -> None:
        self._store = store
        self._clock = clock
        self._coach = coach
        self._newest: int | None = None
        self._together = Together(store)

    async def begin(self, flying: Collection[int] = ()) -> Recovered:
        """Decide about what was under way when the coach stopped, or its disk failed.

        `flying`: rows whose answer is still awaited by the sender that lives.
        """
        now = self._clock.now()
        async with self._store.transaction() as t:
            restored = await t.get_note(RESTORED)
            if restored is not None and restored != await t.get_note(DOUBTED):
                await t.doubt_restored(now)
                await t.set_note(DOUBTED, restored)
            self._newest = await t.newest_of_all()
            await t.drop_note(MENDED)
            return await t.recover(now, flying)

    async def was_mended(self) -> bool:
        """Whether the disk failed meanwhile, and the store was opened anew."""
        async with self._store.transaction() as t:
            return await t.get_note(MENDED) is not None

    async def ready(self, now: datetime, room: Room) -> Sequence[Row]:
        """Claims what may leave: replies first, then nudges that are still of use."""
        async with self._store.transaction() as t:
            rows = await _pending(t, "reply", now, room.replies, room, firsts_only=self._coach.busy)
            nudges = await _pending(t, "nudge", now, room.nudges, room)
            stale = await self._stale(t, nudges, now)
            fresh = [*rows, *(one for one in nudges if one.id not in stale)]
            claimed = set(await t.claim([one.id for one in fresh], now, self._newest)) if fresh else set()
            for one in nudges:
                if one.id in stale and one.seeker is not None:
                    await t.withdraw([one.id], stale[one.id], now)
                    if not await t.is_said(one.seeker, one.turn):
                        await self._coach.unsay(t, one.seeker, [one.turn])
        return [_letter(one) for one in fresh if one.id in claimed]

    async def sent(self, row: Row, message_id: int | None, now: datetime) -> None:
        """It arrived; a screen is the one that navigation edits, anything lasting ends that."""

        async def change(t: Transaction) -> None:
            if not await t.settle(row.id, "sent", message_id, now=now):
                return  # erased meanwhile: it is nobody's
            if row.seeker is None:
                if row.file:  # an export that outlived its seeker: its bytes go, too
                    await t.set_note(SCRUB_OWED, "yes")
                return
            if message_id is not None:
                self._newest = max(self._newest or 0, message_id)
                await t.saw_number(row.seeker, message_id)
            if row.screen or row.lasting:
                edited = row.payload.get("message_id") if row.method == "editMessageText" else None
                number = message_id if message_id is not None else edited
                await t.set_screen(row.seeker, number if row.screen else None)

        await self._together.write(change)

    async def not_sent(self, row: Row, retry_at: datetime) -> None:
        """It did not leave; it may at `retry_at`."""

        async def change(t: Transaction) -> None:
            await t.put_back(row.id, retry_at, row.tries + 1)

        await self._together.write(change)

    async def refused(self, row: Row, reason: str, gone: bool) -> None:
        """Telegram will not take it. `gone`: the seeker cannot be reached at all."""

        async def change(t: Transaction) -> None:
            now = self._clock.now()
            if not await t.settle(row.id, "refused", reason=reason, now=now) or not gone:
                return  # one that is not gone is told of it when they are there next
            await t.told_of([row.id])
            if row.seeker is not None:
                await self._coach.left(t, row.seeker, [row.turn] if row.kind == "nudge" else [])

        await self._together.write(change)

    async def unsure(self, row: Row, reason: str) -> None:
        """It may have arrived, and is not sent again."""

        async def change(t: Transaction) -> None:
            await t.settle(row.id, "unsure", reason=reason, now=self._clock.now())

        await self._together.write(change)

    async def _stale(self, t: Transaction, nudges: Sequence[OutboxRow], now: datetime) -> dict[int, str]:
        """Nudges that must not go out any more, and why: by their number."""
        known = await t.seekers([one.seeker for one in nudges if one.seeker is not None]) if nudges else {}
        found: dict[int, str] = {}
        for one in nudges:
            if one.not_after is not None and one.not_after <= now:
                found[one.id] = "expired"
            elif one.seeker in known and known[one.seeker].turn > one.turn:
                found[one.id] = "overtaken"
        return found


async def _pending(
    t: Transaction, kind: Kind, now: datetime, limit: int, room: Room, *, firsts_only: bool = False
) -> list[OutboxRow]:
    if limit <= 0:
        return []
    return await t.pending(kind, now, limit, room.resting, room.flying, firsts_only=firsts_only)


def _letter(row: OutboxRow) -> Letter:
    return Letter(
        row.id, row.chat, row.kind, row.method, json.loads(row.payload), row.file or b"",
        row.file_name, row.tries, row.screen, row.lasting, row.seeker, row.turn,
    )  # fmt: skip
