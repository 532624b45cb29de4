"""The inbox: every update as it was received, until its turn is done."""

import json
from collections.abc import Sequence
from datetime import datetime

from .driver import Row
from .part import Part
from .rows import InboxRow, millis, moment


class Inbox(Part):
    """Updates in the order they came, each kept once."""

    async def keep_updates(self, rows: Sequence[InboxRow]) -> None:
        """Keep raw updates; one that is known, or whose press of a button is, changes nothing."""
        await self._ask_each("keep_update", [self._kept(row) for row in rows])

    async def waiting_updates(self, limit: int) -> list[InboxRow]:
        """Updates that wait for a turn, in the order of their numbers."""
        return [self._update(row) for row in await self._ask("waiting_updates", limit=limit)]

    async def updates_done(self, ids: Sequence[int], now: datetime) -> None:
        """Their turns are done."""
        await self._ask("updates_done", ids=json.dumps(list(ids)), now=millis(now))

    async def update_failed(self, id: int) -> int:
        """Count a try that went wrong; answers how many there were (0: no such update)."""
        rows = await self._ask("update_failed", id=id)
        return int(rows[0][0]) if rows else 0

    async def update_aside(self, id: int, now: datetime) -> None:
        """Set it aside: it cannot be handled, and those behind it shall be."""
        await self._ask("update_aside", id=id, now=millis(now))

    def _kept(self, row: InboxRow) -> dict[str, object]:
        sealed = self._seal.seal("inbox", "body", row.chat, row.update_id, row.body.encode())
        values = {"update_id": row.update_id, "tap": row.tap, "chat": row.chat, "body": sealed}
        return {**values, "received": millis(row.received)}

    def _update(self, row: Row) -> InboxRow:
        id, update_id, tap, chat, sealed, received, tries = row
        body = self._seal.open("inbox", "body", chat, update_id, sealed).decode()
        return InboxRow(update_id, tap, chat, body, moment(received), id, tries)
