"""The outbox as the sender sees it: rows to send now, and what became of each."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channel import Kind
from bot.clock import Clock
from bot.store import OutboxRow, Store
from bot.store.rows import Settled
from bot.telegram.outbox import Row

AT_ONCE = 60


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


class Post:
    """Hands out what may leave and records how it went, each in one transaction."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        room: Callable[[], int],
        gone: Callable[[int], Awaitable[None]],
    ) -> None:
        self._store = store
        self._clock = clock
        self._room = room
        self._gone = gone

    async def ready(self, now: datetime) -> list[Row]:
        """Claims what may leave: replies, and as many nudges as may fly at once."""
        async with self._store.transaction() as t:
            rows = await t.pending(now, AT_ONCE)
            nudges = [one for one in rows if one.kind == "nudge"][: max(0, self._room())]
            chosen = [one for one in rows if one.kind != "nudge" or one in nudges]
            claimed = set(await t.claim([one.id for one in chosen])) if chosen else set()
        return [_letter(one) for one in chosen if one.id in claimed]

    async def sent(self, row: Row, message_id: int | None, now: datetime) -> None:
        """It arrived; a screen is the one that navigation edits, anything lasting ends that."""
        async with self._store.transaction() as t:
            await t.settle(row.id, "sent", message_id, now=now)
            if row.seeker is not None and (row.screen or row.lasting):
                edited = row.payload.get("message_id") if row.method == "editMessageText" else None
                number = message_id if message_id is not None else edited
                await t.set_screen(row.seeker, number if row.screen else None)

    async def not_sent(self, row: Row, retry_at: datetime) -> None:
        """It did not leave; it may at `retry_at`."""
        async with self._store.transaction() as t:
            await t.put_back(row.id, retry_at, row.tries + 1)

    async def refused(self, row: Row, reason: str, gone: bool) -> None:
        """Telegram will not take it. `gone`: the seeker cannot be reached at all."""
        await self._settle(row, "refused", reason)
        if gone and row.seeker is not None:
            await self._gone(row.seeker)

    async def unsure(self, row: Row, reason: str) -> None:
        """It may have arrived, and is not sent again."""
        await self._settle(row, "unsure", reason)

    async def _settle(self, row: Row, state: Settled, reason: str) -> None:
        async with self._store.transaction() as t:
            await t.settle(row.id, state, reason=reason, now=self._clock.now())


def _letter(row: OutboxRow) -> Letter:
    return Letter(
        row.id, row.chat, row.kind, row.method, json.loads(row.payload), row.file or b"",
        row.file_name, row.tries, row.screen, row.lasting, row.seeker,
    )  # fmt: skip
