"""What the house keeps for itself: notes, erasures, and how long anything stays."""

from datetime import datetime

from .part import Part
from .register import KEPT
from .rows import millis

SCRUB_OWED = "scrub_owed"


class House(Part):
    """Notes, erasure and housekeeping."""

    async def get_note(self, key: str) -> str | None:
        """A note of the house, or None."""
        rows = await self._ask("get_note", key=key)
        return str(rows[0][0]) if rows else None

    async def set_note(self, key: str, value: str) -> None:
        """Write a note of the house, or replace it. Never anything of a seeker."""
        await self._ask("set_note", key=key, value=value)

    async def drop_note(self, key: str) -> None:
        """A note that is no longer needed."""
        await self._ask("drop_note", key=key)

    async def erase(self, seeker: int, chat: int, now: datetime) -> None:
        """Everything of one seeker, in every table; that someone was erased stays.

        Updates of this chat that still wait came after that, and stay. A farewell is enqueued
        afterwards, with `seeker=None`. After the transaction, `Store.scrub_if_owed` takes the bytes
        out of the files; if the coach stops before that, the next opening does it.
        """
        await self._ask("hand_over_files", chat=chat)
        await self._ask("erase_outbox", seeker=seeker, chat=chat)
        await self._ask("blank_inbox", chat=chat, now=millis(now))
        await self._ask("erase_seeker", seeker=seeker)
        await self._ask("note_erasure", now=millis(now))
        await self.set_note(SCRUB_OWED, "yes")

    async def tidy(self, now: datetime) -> None:
        """Drop what is older than the register keeps it. What still has to be done stays."""
        await self._ask("tidy_inbox", before=millis(now - KEPT["inbox"]))
        await self._ask("tidy_outbox", before=millis(now - KEPT["outbox"]))
