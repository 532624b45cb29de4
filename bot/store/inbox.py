"""The inbox: every update as it was received, until its turn is done."""

from datetime import datetime

from .driver import Row
from .part import Part
from .rows import InboxRow, millis, moment


class Inbox(Part):
    """Updates in the order they came, each kept once."""

    async def keep_update(self, update_id: int, tap: str | None, chat: int, body: str, now: datetime) -> bool:
        """Keep a raw update; False if this update, or this press of a button, is known."""
        sealed = self._seal.seal("inbox", "body", chat, update_id, body.encode())
        values = {"update_id": update_id, "tap": tap, "chat": chat, "body": sealed}
        return bool(await self._ask("keep_update", received=millis(now), **values))

    async def waiting_updates(self, limit: int) -> list[InboxRow]:
        """Updates that wait for a turn, oldest first."""
        return [self._update(row) for row in await self._ask("waiting_updates", limit=limit)]

    async def chats_waiting(self) -> list[int]:
        """Chats with an update that waits, the longest waiting first."""
        return [row[0] for row in await self._ask("chats_waiting")]

    async def next_update(self, chat: int) -> InboxRow | None:
        """The oldest update of this chat that waits."""
        rows = await self._ask("next_update", chat=chat)
        return self._update(rows[0]) if rows else None

    async def update_done(self, id: int, now: datetime) -> None:
        """Its turn is done."""
        await self._ask("update_done", id=id, now=millis(now))

    async def update_failed(self, id: int) -> int:
        """Count a try that went wrong; answers how many there were (0: no such update)."""
        rows = await self._ask("update_failed", id=id)
        return int(rows[0][0]) if rows else 0

    async def update_aside(self, id: int, now: datetime) -> None:
        """Set it aside: it cannot be handled, and those behind it shall be."""
        await self._ask("update_aside", id=id, now=millis(now))

    def _update(self, row: Row) -> InboxRow:
        id, update_id, tap, chat, sealed, received, tries = row
        body = self._seal.open("inbox", "body", chat, update_id, sealed).decode()
        return InboxRow(id, update_id, tap, chat, body, moment(received), tries)
